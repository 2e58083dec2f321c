//! Certificates and statements: the holder's own, those of a scope, download, revocation.

mod title_checks;

use kernel::{CredentialId, PersonId, id::CredentialRow};
use oversight::credentials::{self, Credential, CredentialFilter};
use rules::credentials::{CredentialState, DocumentKind};
use rules::permits::{self, Act};
use ui::{Action, Alert, Cell, Choice, Column, Field, Filter, Form, Html, Row, State, Summary, Table, Tone};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, download, redirect, redirect_saying, reform};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    let seen = Gate::Act(Act::ListCredentials);
    Routes::new()
        .list("/desk/my/certificates", seen, "本人的证书和证明", mine)
        .list("/desk/credentials", seen, "证书和证明", list)
        .post(
            "/desk/credentials/statement",
            Gate::Act(Act::IssueStatement),
            "出具年度学时证明",
            issue,
        )
        .get("/desk/credentials/{id}", seen, "证书", show)
        .get(
            "/desk/credentials/{id}/file",
            Gate::Act(Act::DownloadCredential),
            "下载证书文件",
            file,
        )
        .get(
            "/desk/credentials/{id}/revoke",
            Gate::Act(Act::RevokeCredential),
            "撤销证书",
            ask_revocation,
        )
        .post(
            "/desk/credentials/{id}/revoke",
            Gate::Act(Act::RevokeCredential),
            "保存证书撤销",
            revoke,
        )
        .and(title_checks::routes())
}

fn kinds() -> Vec<Choice> {
    <DocumentKind as kernel::Code>::ALL
        .iter()
        .map(|kind| Choice::new(kernel::Code::code(*kind), kind.name()))
        .collect()
}

fn state(state: &CredentialState) -> State {
    match state {
        CredentialState::Valid => State::Genuine,
        CredentialState::Revoked { .. } => State::Revoked,
        CredentialState::Superseded { .. } => State::Superseded,
    }
}

async fn mine(caller: Caller, listing: Listing) -> Reply {
    let page = caller
        .page("我的证书")
        .lead("班次结业后自动生成证书；年度学时证明在“年度学时”页面出具。")
        .action(Action::link("查看年度学时", "/desk/my/statement"));
    let filter = CredentialFilter {
        person: caller.ctx().actor.person(),
        ..filter(&listing)
    };
    answer(
        &caller,
        &listing,
        page,
        filter,
        "还没有证书。完成一个班次后，证书会出现在这里。",
    )
    .await
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let page = caller
        .page("证书和证明")
        .lead("本平台签发的编号文书。任何人都可以凭编号、二维码或文件公开核验。");
    let filter = filter(&listing);
    answer(&caller, &listing, page, filter, "没有符合条件的证书。").await
}

fn filter(listing: &Listing) -> CredentialFilter {
    CredentialFilter {
        person: listing.number("person").map(PersonId::new),
        kind: listing.choice("kind"),
        year: listing.number("year"),
        number: listing.words(),
    }
}

async fn answer(caller: &Caller, listing: &Listing, page: ui::Page, filter: CredentialFilter, empty: &str) -> Reply {
    let ctx = caller.ctx();
    let years = (2022..=chrono::Datelike::year(&ctx.today()))
        .rev()
        .map(|year| Choice::new(&year.to_string(), &format!("{year} 年")));
    let table = Table::new(
        "证书和证明",
        columns([
            Column::tight("number", "编号").sortable(),
            Column::tight("kind", "类别"),
            Column::tight("holder", "姓名"),
            Column::main("line", "事项"),
            Column::number("hours", "学时").sortable(),
            Column::tight("issued", "签发时间").sortable(),
            Column::tight("state", "状态"),
            Column::tight("actions", "操作"),
        ]),
    )
    .filter(Filter::search("完整编号"))
    .filter(Filter::select("kind", "类别", kinds()))
    .filter(Filter::select("year", "学时年度", years))
    .sorted_by("-issued")
    .when_empty(empty, None);
    let may_download = permits::has(&ctx.actor, Act::DownloadCredential);
    web::list(
        caller,
        listing,
        page,
        table,
        async |window| credentials::list(ctx, &filter, &window).await,
        |each| row(each, may_download),
    )
    .await
}

fn row(credential: &Credential, may_download: bool) -> Row {
    let actions = if may_download {
        vec![Action::download("下载 PDF", &format!("/desk/credentials/{}/file", credential.id)).quiet()]
    } else {
        vec![]
    };
    Row::new([
        Cell::link(
            credential.number.as_str(),
            format!("/desk/credentials/{}", credential.id),
        ),
        Cell::text(credential.kind.name()),
        Cell::masked(credential.holder_masked.as_str()),
        Cell::text(credential.subject_line.as_str()),
        Cell::Hours(credential.hours.get()),
        Cell::Moment(credential.issued_at.civil()),
        state(&credential.state).into(),
        Cell::Actions(actions),
    ])
}

async fn issue(caller: Caller, fields: Fields) -> Reply {
    let mut read = fields.reader();
    let person = read.id("person", "人员");
    let year = read.number("year", "年度", 2000..=2100);
    read.finish()?;
    let (Some(person), Some(year)) = (person, year) else {
        return Err(kernel::Error::NotFound.into());
    };
    let id = credentials::issue_statement(
        caller.ctx(),
        &caller.app().press,
        person,
        i32::try_from(year).unwrap_or_default(),
    )
    .await?;
    redirect_saying(&caller, &format!("/desk/credentials/{id}"), "年度学时证明已出具。")
}

async fn show(caller: Caller, Key(id): Key<CredentialRow>) -> Reply {
    let credential = credentials::view(caller.ctx(), id).await?;
    let actor = &caller.ctx().actor;
    let mut page = caller
        .page(credential.kind.name())
        .crumb("证书和证明", "/desk/credentials")
        .lead(&lead(&credential));
    if permits::may(actor, Act::DownloadCredential, &credential.place).is_ok() {
        page = page.action(Action::download("下载 PDF", &format!("/desk/credentials/{id}/file")));
    }
    if permits::may(actor, Act::RevokeCredential, &credential.place).is_ok()
        && credential.state == CredentialState::Valid
    {
        page = page.other(Action::link("撤销", &format!("/desk/credentials/{id}/revoke")).danger());
    }
    page = page.other(Action::link("公开核验页", &format!("/verify?n={}", credential.number)));
    let facts = Summary::new()
        .fact("编号", Cell::text(credential.number.as_str()))
        .fact("状态", state(&credential.state))
        .fact("姓名", holder(&caller, &credential))
        .fact("事项", Cell::text(credential.subject_line.as_str()))
        .fact("学时", Cell::Hours(credential.hours.get()))
        .fact("学时年度", Cell::text(format!("{} 年", credential.year)))
        .fact("签发时间", Cell::Moment(credential.issued_at.civil()))
        .fact("文件摘要（SHA-256）", Cell::text(credential.sha256.as_str()));
    let note = Alert::new(Tone::Active, "怎样核验")
        .text("扫描 PDF 上的二维码，或在核验页面输入编号、拖入 PDF 文件。文件改动一个字节即不能通过核验。");
    web::page(page, Html::of(&facts).and(&note))
}

/// The holder sees the own name in full; masks are for others.
fn holder(caller: &Caller, credential: &Credential) -> Cell {
    let person = caller.ctx().actor.person();
    match caller
        .signed_in()
        .filter(|_| person.is_some() && person == credential.place.person)
    {
        Some(own) => Cell::text(own.display_name.as_str()),
        None => Cell::masked(credential.holder_masked.as_str()),
    }
}

fn lead(credential: &Credential) -> String {
    match &credential.state {
        CredentialState::Valid => "真实有效。".to_owned(),
        CredentialState::Revoked { at, reason } => format!("已于 {at} 撤销，原因：{reason}"),
        CredentialState::Superseded { by } => format!("已被新的证明 {by} 替代。"),
    }
}

async fn file(caller: Caller, Key(id): Key<CredentialRow>) -> Reply {
    let (name, bytes) = credentials::download(caller.ctx(), id).await?;
    download(&name, "application/pdf", bytes)
}

fn revocation_form(caller: &Caller, id: CredentialId, version: i64) -> Form {
    Form::post(&format!("/desk/credentials/{id}/revoke"), caller.csrf())
        .field(Field::hidden("version", &version.to_string()))
        .field(
            Field::textarea("reason", "撤销原因")
                .hint("4 到 200 个字，核验页面会向公众显示。")
                .rows(3)
                .required(),
        )
        .submit_danger("确认撤销")
        .cancel(&format!("/desk/credentials/{id}"))
}

fn revocation_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("撤销证书")
        .crumb("证书和证明", "/desk/credentials")
        .failed(form.failed());
    web::page(
        page.lead("撤销后，核验页面会立即显示“已撤销”和原因，不能恢复。"),
        Html::of(form),
    )
}

async fn ask_revocation(caller: Caller, Key(id): Key<CredentialRow>) -> Reply {
    let credential = credentials::view(caller.ctx(), id).await?;
    caller.ctx().may(Act::RevokeCredential, &credential.place)?;
    if credential.state != CredentialState::Valid {
        return redirect(&format!("/desk/credentials/{id}"));
    }
    revocation_page(&caller, &revocation_form(&caller, id, credential.version))
}

async fn revoke(caller: Caller, Key(id): Key<CredentialRow>, fields: Fields) -> Reply {
    let version = fields.get("version").parse().map_err(|_| kernel::Error::Stale)?;
    match credentials::revoke(caller.ctx(), id, version, fields.get("reason")).await {
        Ok(()) => redirect_saying(&caller, &format!("/desk/credentials/{id}"), "已撤销。"),
        Err(error) => reform(error, |errors| {
            revocation_page(
                &caller,
                &revocation_form(&caller, id, version)
                    .fill(fields.pairs())
                    .errors(errors),
            )
        }),
    }
}
