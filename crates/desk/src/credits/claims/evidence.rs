//! The evidence of a claim: uploading one file after another, taking one off, reading one.

use kernel::{Error, id::ClaimRow, id::EvidenceRow};
use learning::credits::claims::{self, View};
use rules::credits::claims::evidence::{ACCEPT, EvidenceKind, MOST_FILES};
use rules::credits::recognition::Rule;
use rules::permits::Act;
use ui::{Action, Actions, Alert, Cell, Column, Field, Form, Html, Row, Table, TableModel, Tone, format};
use web::{Caller, Gate, Key, Reply, Routes, Upload, download, redirect, redirect_saying, reform};

use super::{shown, writing};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::MakeClaim);
    Routes::new()
        .get("/desk/my/claims/{id}/evidence", gate, "佐证材料", show)
        .post("/desk/my/claims/{id}/evidence", gate, "上传佐证材料", attach)
        .post("/desk/evidence/{id}/remove", gate, "移除佐证材料", remove)
        .get("/desk/evidence/{id}", Gate::Act(Act::ListClaims), "查看佐证材料", open)
}

/// The files of a claim, with what may be done to each.
pub(super) fn table(view: &View, deeds: impl Fn(kernel::id::EvidenceId) -> Vec<Action>) -> Table {
    let heads = [
        Column::main("name", "文件"),
        Column::tight("kind", "类型"),
        Column::tight("size", "大小"),
        Column::tight("added", "上传时间"),
        Column::actions(),
    ];
    let rows = view.evidence.iter().map(|piece| {
        let kind = EvidenceKind::of_content_type(&piece.content_type).map_or("文件", EvidenceKind::name);
        Row::new([
            Cell::link(piece.name.as_str(), format!("/desk/evidence/{}", piece.id)),
            Cell::text(kind),
            Cell::text(format::file_size(u64::try_from(piece.size).unwrap_or(0))),
            Cell::Moment(piece.added_at.civil()),
            Cell::Actions(deeds(piece.id)),
        ])
    });
    Table::new("佐证材料", TableModel::new(heads, rows))
        .id("evidence")
        .when_empty("还没有上传佐证材料。", None)
}

fn form(caller: &Caller, view: &View) -> Form {
    Form::post(&shown::at(view.claim.id, "evidence"), caller.csrf())
        .field(
            Field::file("file", "佐证材料", ACCEPT)
                .hint("PDF、JPEG 或 PNG，每个不超过 10 MB，最多 10 个；一次上传一个。"),
        )
        .submit("上传")
        .unguarded()
}

/// The rule of the claim, which says what evidence it needs; none while no rule is in force on its day.
async fn rule(caller: &Caller, view: &View) -> Option<Rule> {
    claims::asks(caller.ctx(), &view.claim).await.ok()?.1
}

fn section(caller: &Caller, view: &View, rule: Option<&Rule>, form: &Form) -> Reply {
    let id = view.claim.id;
    let have = view.evidence.len();
    let lead = match have {
        0 => "请至少上传一个文件，证明您填写的事实。".to_owned(),
        have => format!("已上传 {have} 个文件，最多 {MOST_FILES} 个。"),
    };
    let page = caller
        .page("上传佐证")
        .lead(&lead)
        .crumb("学时申报", "/desk/my/claims")
        .failed(form.failed());
    let remove = |piece: kernel::id::EvidenceId| {
        vec![Action::post(
            "移除",
            &format!("/desk/evidence/{piece}/remove"),
            caller.csrf(),
        )]
    };
    let mut body = Html::of(&shown::steps(id, 1));
    if let Some(rule) = rule {
        let words = format!("“{}”需要：{}。", rule.name, rule.evidence.join("、"));
        body = body.and(&Alert::new(Tone::Active, "需要哪些材料").text(&words));
    }
    let mut next = Action::link("下一步：核对提交", &shown::at(id, "check")).primary();
    if have == 0 {
        next = next.missing("请先上传至少一个文件");
    }
    let back = Action::link("上一步：填写事实", &shown::at(id, "facts"));
    body = body
        .and(&table(view, remove))
        .and(form)
        .and(&Actions::new([next, back]));
    web::page(page, body)
}

async fn show(caller: Caller, Key(id): Key<ClaimRow>) -> Reply {
    let view = writing::own(&caller, id).await?;
    if view.claim.state.edit().is_err() {
        return redirect(&format!("/desk/claims/{id}"));
    }
    let rule = rule(&caller, &view).await;
    section(&caller, &view, rule.as_ref(), &form(&caller, &view))
}

async fn attach(caller: Caller, Key(id): Key<ClaimRow>, mut upload: Upload) -> Reply {
    let result = async {
        let file = upload
            .take("file")
            .ok_or_else(|| Error::wrong("file", "file.missing", "请选择一个文件。"))?;
        claims::attach(caller.ctx(), id, &file.name, file.bytes()?).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &shown::at(id, "evidence"), "文件已上传。"),
        Err(error) => {
            let view = writing::own(&caller, id).await?;
            let rule = rule(&caller, &view).await;
            reform(error, |errors| {
                section(&caller, &view, rule.as_ref(), &form(&caller, &view).errors(errors))
            })
        }
    }
}

async fn remove(caller: Caller, Key(id): Key<EvidenceRow>) -> Reply {
    let claim = claims::detach(caller.ctx(), id).await?;
    redirect_saying(&caller, &shown::at(claim, "evidence"), "文件已移除。")
}

async fn open(caller: Caller, Key(id): Key<EvidenceRow>) -> Reply {
    let file = claims::open_evidence(caller.ctx(), id).await?;
    let kind = EvidenceKind::of_content_type(&file.content_type).ok_or(Error::NotFound)?;
    download(&file.name, kind.content_type(), file.bytes)
}
