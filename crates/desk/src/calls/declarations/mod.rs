//! Declarations: the list, beginning and writing one, attachments, handing in, one declaration with its story, what each party does to it,
//! the formal check.

mod case;
mod content;
mod deeds;
mod files;
mod formal;
mod handing_in;
mod list;
mod writing;

use kernel::{Error, id::DeclarationId};
use oversight::calls::{self, DeclarationView};
use ui::Steps;
use web::{Caller, Routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .and(list::routes())
        .and(case::routes())
        .and(writing::routes())
        .and(files::routes())
        .and(handing_in::routes())
        .and(deeds::routes())
        .and(formal::routes())
}

fn at(id: DeclarationId, part: &str) -> String {
    format!("/desk/declarations/{id}/{part}")
}

/// The steps of writing a declaration, those before the current one as ways back.
fn steps(id: DeclarationId, current: usize) -> Steps {
    const PARTS: [(&str, &str); 3] = [("填写申报书", "content"), ("上传附件", "files"), ("核对提交", "check")];
    let titles = std::iter::once("选择选题").chain(PARTS.iter().map(|(title, _)| *title));
    let mut steps = Steps::new(current + 1, titles);
    for (step, (_, part)) in steps.steps.iter_mut().skip(1).zip(PARTS).take(current) {
        step.href = at(id, part);
    }
    steps
}

/// The declaration as its host may write on it.
async fn own(caller: &Caller, id: DeclarationId) -> kernel::Result<DeclarationView> {
    let view = calls::view_declaration(caller.ctx(), id).await?;
    if view.own { Ok(view) } else { Err(Error::NotFound) }
}
