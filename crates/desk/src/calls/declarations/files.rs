//! The attachments of a declaration: uploading one after another, taking one off, reading one.

use kernel::{Error, id::AttachmentId, id::AttachmentRow, id::DeclarationRow};
use oversight::calls::{self, DeclarationView};
use rules::credits::claims::evidence::{ACCEPT, EvidenceKind};
use rules::permits::Act;
use ui::{Action, Actions, Cell, Choice, Column, Field, Form, Html, Row, Table, TableModel, format};
use web::{Caller, Gate, Key, Reply, Routes, Upload, download, redirect, redirect_saying, reform};

use super::{at, own, steps};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::MakeDeclaration);
    Routes::new()
        .get("/desk/declarations/{id}/files", gate, "申报附件", show)
        .post("/desk/declarations/{id}/files", gate, "上传申报附件", attach)
        .post("/desk/attachments/{id}/remove", gate, "移除申报附件", remove)
        .get(
            "/desk/attachments/{id}",
            Gate::Act(Act::ListDeclarations),
            "查看申报附件",
            open,
        )
}

/// The attachments, with what may be done to each.
pub(super) fn table(view: &DeclarationView, deeds: impl Fn(AttachmentId) -> Vec<Action>) -> Table {
    let heads = [
        Column::tight("label", "附件"),
        Column::main("name", "文件"),
        Column::tight("size", "大小"),
        Column::tight("added", "上传时间"),
        Column::actions(),
    ];
    let rows = view.attachments.iter().map(|piece| {
        Row::new([
            Cell::text(piece.label.as_str()),
            Cell::link(piece.name.as_str(), format!("/desk/attachments/{}", piece.id)),
            Cell::text(format::file_size(u64::try_from(piece.size).unwrap_or(0))),
            Cell::Moment(piece.added_at.civil()),
            Cell::Actions(deeds(piece.id)),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("申报附件", TableModel::new(heads, rows))
        .id("attachments")
        .when_empty("没有附件。", None)
}

fn form(caller: &Caller, view: &DeclarationView) -> Form {
    let labels = view.call.template.files.iter().map(|wanted| {
        let need = if wanted.required { "必交" } else { "选交" };
        Choice::new(&wanted.label, &format!("{}（{need}）", wanted.label))
    });
    Form::post(&at(view.declaration.id, "files"), caller.csrf())
        .field(Field::select("label", "哪一种附件", labels).required())
        .field(Field::file("file", "文件", ACCEPT).hint("PDF、JPEG 或 PNG，每个不超过 10 MB；一次上传一个。"))
        .submit("上传")
        .unguarded()
}

fn page(caller: &Caller, view: &DeclarationView, form: &Form) -> Reply {
    let id = view.declaration.id;
    let lacking: Vec<&str> = view
        .call
        .template
        .files
        .iter()
        .filter(|wanted| wanted.required && !view.attachments.iter().any(|piece| piece.label == wanted.label))
        .map(|wanted| wanted.label.as_str())
        .collect();
    let lead = if lacking.is_empty() {
        "必交附件已齐全。".to_owned()
    } else {
        format!("还缺：{}。", lacking.join("、"))
    };
    let page = caller
        .page("上传附件")
        .lead(&lead)
        .crumb("项目申报", "/desk/declarations")
        .failed(form.failed());
    let remove = |piece: AttachmentId| {
        vec![Action::post(
            "移除",
            &format!("/desk/attachments/{piece}/remove"),
            caller.csrf(),
        )]
    };
    let next = Action::link("下一步：核对提交", &at(id, "check")).primary();
    let back = Action::link("上一步：填写申报书", &at(id, "content"));
    let body = Html::of(&steps(id, 1))
        .and(&table(view, remove))
        .and(form)
        .and(&Actions::new([next, back]));
    web::page(page, body)
}

async fn show(caller: Caller, Key(id): Key<DeclarationRow>) -> Reply {
    let view = own(&caller, id).await?;
    if !view.declaration.state.is_open() {
        return redirect(&format!("/desk/declarations/{id}"));
    }
    page(&caller, &view, &form(&caller, &view))
}

async fn attach(caller: Caller, Key(id): Key<DeclarationRow>, mut upload: Upload) -> Reply {
    let label = upload.fields().get("label").to_owned();
    let result = async {
        let file = upload
            .take("file")
            .ok_or_else(|| Error::wrong("file", "file.missing", "请选择一个文件。"))?;
        calls::attach(caller.ctx(), id, (&label, &file.name), file.bytes()?).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &at(id, "files"), "文件已上传。"),
        Err(error) => {
            let view = own(&caller, id).await?;
            reform(error, |errors| {
                let form = form(&caller, &view).fill(&[("label", label.as_str())]).errors(errors);
                page(&caller, &view, &form)
            })
        }
    }
}

async fn remove(caller: Caller, Key(id): Key<AttachmentRow>) -> Reply {
    let declaration = calls::detach(caller.ctx(), id).await?;
    redirect_saying(&caller, &at(declaration, "files"), "文件已移除。")
}

async fn open(caller: Caller, Key(id): Key<AttachmentRow>) -> Reply {
    let file = calls::open_attachment(caller.ctx(), id).await?;
    let kind = EvidenceKind::of_content_type(&file.content_type).ok_or(Error::NotFound)?;
    download(&file.name, kind.content_type(), file.bytes)
}
