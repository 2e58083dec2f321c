//! Writing a declaration: saved while it is typed, whole or not.

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use kernel::{Error, id::DeclarationRow};
use oversight::calls::{self, DeclarationView};
use rules::permits::Act;
use ui::{Alert, Form, Html, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect, redirect_saying, reform};

use super::super::shown;
use super::{at, content, own, steps};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::MakeDeclaration);
    Routes::new()
        .get("/desk/declarations/{id}/content", gate, "填写申报书", show)
        .post("/desk/declarations/{id}/content", gate, "保存申报书", save)
        .post("/desk/declarations/{id}/autosave", gate, "自动保存申报书", autosave)
}

fn page(caller: &Caller, view: &DeclarationView, form: &Form) -> Reply {
    let one = &view.declaration;
    let page = caller
        .page("填写申报书")
        .lead(&format!(
            "《{}》，{} 截止。填写时自动保存。",
            view.call.title, view.call.closes_at
        ))
        .crumb("项目申报", "/desk/declarations")
        .failed(form.failed());
    let mut body = Html::of(&steps(one.id, 0));
    if !one.reason.is_empty() && one.state.is_open() {
        body = body.and(&Alert::new(Tone::Warn, "退回意见").text(&one.reason));
    }
    web::page(page, body.and(form))
}

async fn show(caller: Caller, Key(id): Key<DeclarationRow>, listing: web::Listing) -> Reply {
    let view = own(&caller, id).await?;
    if !view.declaration.state.is_open() {
        return redirect(&format!("/desk/declarations/{id}"));
    }
    let names = shown::names(&caller).await?;
    let kept = &view.declaration.content;
    let more = listing
        .number("more")
        .and_then(|more| usize::try_from(more).ok())
        .unwrap_or(0);
    let form = content::form(&caller, &view, &names, content::rows(kept, more)).fill(&content::pairs(kept));
    page(&caller, &view, &form)
}

async fn save(caller: Caller, Key(id): Key<DeclarationRow>, fields: Fields) -> Reply {
    let view = own(&caller, id).await?;
    let (typed, faults) = content::read(&fields, &view.call.template);
    let rows = content::rows(&typed, 0);
    let result = async {
        if faults.is_empty() {
            calls::save(caller.ctx(), id, shown::version(&fields)?, typed).await
        } else {
            Err(Error::Wrong(faults))
        }
    }
    .await;
    match result {
        Ok(()) if fields.get("then") == "teacher" => redirect_saying(
            &caller,
            &format!("{}?more=2", at(id, "content")),
            "已保存，师资已增加两行。",
        ),
        Ok(()) => redirect(&at(id, "files")),
        Err(error) => {
            let names = shown::names(&caller).await?;
            reform(error, |errors| {
                let form = content::form(&caller, &view, &names, rows)
                    .fill(fields.pairs())
                    .errors(errors);
                page(&caller, &view, &form)
            })
        }
    }
}

async fn autosave(caller: Caller, Key(id): Key<DeclarationRow>, fields: Fields) -> Reply {
    let view = own(&caller, id).await?;
    let (typed, _) = content::read(&fields, &view.call.template);
    calls::save(caller.ctx(), id, shown::version(&fields)?, typed).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
