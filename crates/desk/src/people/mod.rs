//! People: the register and its export, finding one by a document, and the pages of the files beside.
//!
//! Numbers are masked on every page; a document is looked up by POST, so that it stands in no address and no log.

mod forms;
mod import;
mod merges;
mod person;

use kernel::{Code, DocumentKind, id::OrgId};
use registry::{
    orgs,
    people::{self, Filter as Asked, Person, Standing, TitleLevel},
    taxonomy::{self, Vocabulary},
};
use rules::permits::{self, Act};
use ui::{Action, Cell, Choice, Column, Details, Field, Filter, Form, Html, Row, State, Table};
use web::{Caller, Fields, Gate, Listing, Reply, Routes, columns, redirect, reform};

use crate::orgs::choices;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .list("/desk/people", Gate::Act(Act::ListPeople), "人员名册", list)
        .get(
            "/desk/people/find",
            Gate::Act(Act::ViewPerson),
            "按证件号码查找人员",
            ask,
        )
        .post(
            "/desk/people/find",
            Gate::Act(Act::ViewPerson),
            "按证件号码查找人员",
            find,
        )
        .and(import::routes())
        .and(merges::routes())
        .and(forms::routes())
        .and(person::routes())
}

/// The state of a record as a label.
fn standing(person: &Person) -> State {
    match person.standing {
        Standing::Verified { .. } => State::Verified,
        Standing::Unverified => State::Unverified,
    }
}

fn levels() -> Vec<Choice> {
    people::title_levels()
        .iter()
        .map(|level| Choice::new(level.code(), level.name()))
        .collect()
}

fn asked(listing: &Listing) -> Asked {
    Asked {
        words: listing.words(),
        title_level: listing.choice("level"),
        title_series: listing.text("series"),
        district: listing.text("district"),
        field: listing.text("field"),
        org: listing.number("org").map(OrgId::new),
        standing: listing.text("standing"),
        front_line: listing.get("front_line") == Some("1"),
    }
}

/// A row of the register with the employer's name beside it.
struct Line {
    person: Person,
    org: String,
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let names = taxonomy::names(&mut caller.ctx().db.read().await?).await?;
    let asked = asked(&listing);
    let complete = listing.is_export() && listing.get("numbers") == Some("complete");
    if listing.is_export() {
        people::note_export(caller.ctx(), &asked, complete).await?;
    }
    let mut table = Table::new("人员名册", columns(heads()))
        .filter(Filter::search("姓名，从姓开始"))
        .filter(Filter::select("level", "职称级别", levels()))
        .filter(Filter::select(
            "series",
            "职称系列",
            choices(&names, Vocabulary::TitleSeries),
        ))
        .filter(Filter::select(
            "field",
            "专业领域",
            choices(&names, Vocabulary::FocusField),
        ))
        .filter(Filter::select(
            "district",
            "所在区",
            choices(&names, Vocabulary::District),
        ))
        .filter(Filter::select(
            "standing",
            "核验",
            [Choice::new("verified", "已核验"), Choice::new("unverified", "未核验")],
        ))
        .filter(Filter::select("front_line", "基层一线", [Choice::new("1", "是")]))
        .sorted_by(if asked.words.is_some() { "name" } else { "-created" })
        .when_empty("没有符合条件的人员。", None);
    let actor = &caller.ctx().actor;
    if permits::has(actor, Act::UnmaskPerson) && permits::has(actor, Act::ExportPeople) {
        let href = listing
            .address()
            .first_page()
            .at("/desk/people/export.xlsx")
            .with("numbers", "complete")
            .to_string();
        table = table.tool(Action::download("导出含完整证件号码（将留痕）", &href));
    }
    let row = |line: &Line| row(line, &names, complete);
    web::list(
        &caller,
        &listing,
        page(&caller).await?,
        table,
        async |window| lines(&caller, &asked, &window).await,
        row,
    )
    .await
}

async fn page(caller: &Caller) -> kernel::Result<ui::Page> {
    let actor = &caller.ctx().actor;
    let mut page = caller
        .page("人员名册")
        .other(Action::link("按证件号码查找", "/desk/people/find"));
    if permits::has(actor, Act::CreatePerson) {
        page = page.action(Action::link("登记人员", "/desk/people/new"));
    }
    if permits::has(actor, Act::ImportRoster) {
        page = page.other(Action::link("批量导入", "/desk/people/import"));
    }
    if permits::has(actor, Act::VerifyPerson) {
        let waiting = people::unverified(caller.ctx()).await?;
        if waiting > 0 {
            page = page.lead(&format!("有 {waiting} 人自行注册后等待核验。"));
        }
    }
    Ok(page)
}

fn heads() -> [Column; 8] {
    [
        Column::main("name", "姓名").sortable(),
        Column::tight("document", "证件号码"),
        Column::new("org", "工作单位"),
        Column::new("title", "职称"),
        Column::tight("level", "级别").sortable(),
        Column::new("post", "岗位").hide_on_phone(),
        Column::tight("district", "所在区").sortable().hide_on_phone(),
        Column::tight("standing", "核验").sortable(),
    ]
}

async fn lines(caller: &Caller, asked: &Asked, window: &registry::Window) -> kernel::Result<registry::Listed<Line>> {
    let listed = people::list(caller.ctx(), asked, window).await?;
    let mut tx = caller.ctx().db.read().await?;
    let employers = orgs::names(&mut tx, listed.rows.iter().filter_map(|person| person.org)).await?;
    Ok(listed.map(|person| {
        let org = person
            .org
            .and_then(|org| employers.get(&org.get()).cloned())
            .unwrap_or_default();
        Line { person, org }
    }))
}

fn row(line: &Line, names: &taxonomy::Names, complete: bool) -> Row {
    let person = &line.person;
    let number = if complete {
        Cell::text(person.document.number())
    } else {
        Cell::masked(person.document.masked())
    };
    let title = if person.title_name.is_empty() {
        names.of_opt(Vocabulary::TitleSeries, person.title_series.as_deref())
    } else {
        person.title_name.clone()
    };
    Row::new([
        Cell::link(person.name.as_str(), format!("/desk/people/{}", person.id)),
        number,
        Cell::text(line.org.as_str()),
        Cell::text(title),
        Cell::text(person.title_level.map_or("", TitleLevel::name)),
        Cell::text(person.post.as_str()),
        Cell::text(names.of_opt(Vocabulary::District, person.district.as_deref())),
        standing(person).into(),
    ])
}

/// The kinds of documents as choices.
fn document_kinds() -> Vec<Choice> {
    DocumentKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), kind.name()))
        .collect()
}

fn find_form(caller: &Caller) -> Form {
    Form::post("/desk/people/find", caller.csrf())
        .field(
            Field::select("document_kind", "证件类型", document_kinds())
                .value("resident")
                .required(),
        )
        .field(
            Field::identity("document_no", "身份证件号码")
                .hint("请输入完整号码；号码不会出现在地址和日志中。")
                .autocomplete("off")
                .required(),
        )
        .submit("查找")
        .cancel("/desk/people")
        .unguarded()
}

fn find_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("按证件号码查找")
        .crumb("人员名册", "/desk/people")
        .failed(form.failed());
    let why = Details::new(
        "为什么要完整号码",
        Html::paragraphs(["证件号码属于个人信息，平台只回答“有没有这个人”，不提供按部分号码搜索。"]),
    );
    web::page(page, Html::of(form).and(&why))
}

async fn ask(caller: Caller) -> Reply {
    find_page(&caller, &find_form(&caller))
}

async fn find(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let mut reader = fields.reader();
        let kind = reader.choice::<DocumentKind>("document_kind", "证件类型");
        let number = reader.text("document_no", "身份证件号码", 1..=40);
        reader.finish()?;
        match people::find(caller.ctx(), kind.unwrap_or(DocumentKind::Resident), &number).await {
            Err(kernel::Error::NotFound) => Err(kernel::Error::wrong(
                "document_no",
                "person.unknown",
                "在您可见的范围内没有这个证件号码的人员。",
            )),
            other => other,
        }
    }
    .await;
    match result {
        Ok(person) => redirect(&format!("/desk/people/{}", person.id)),
        Err(error) => reform(error, |errors| {
            find_page(&caller, &find_form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}
