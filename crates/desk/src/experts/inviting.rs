//! Inviting: find a professional on file by the document, then say what the invitation is for.

use chrono::{Datelike, Months};
use kernel::{Code, Date, DocumentKind, Error, PersonId};
use registry::experts::{self, Background, Profile};
use registry::people::{self, Person};
use registry::taxonomy;
use rules::permits::Act;
use ui::{Cell, Choice, Field, Form, Html, Summary};
use web::{Caller, Fields, Gate, Listing, Reply, Routes, redirect, redirect_saying, reform};

use super::shown;

/// Years of a term that the form proposes; no text fixes it.
const TERM_YEARS: u32 = 3;

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::KeepExperts);
    Routes::new()
        .get("/desk/experts/new", gate, "邀请专家", new)
        .post("/desk/experts/find", gate, "查找要邀请的人员", find)
        .post("/desk/experts/new", gate, "发出专家库邀请", invite)
}

fn find_form(caller: &Caller) -> Form {
    let kinds = DocumentKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), kind.name()));
    Form::post("/desk/experts/find", caller.csrf())
        .field(Field::select("document_kind", "证件类型", kinds).required())
        .field(
            Field::text("document_no", "证件号码")
                .hint("专家应已在人员名册中，任职经历和职称从名册取得。")
                .max(40)
                .required(),
        )
        .submit("查找")
        .cancel("/desk/experts")
}

fn find_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("邀请专家")
        .lead("先按证件号码找到本人，再填写邀请内容。本人接受后才入库。")
        .crumb("专家库", "/desk/experts")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn find(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let mut reader = fields.reader();
        let kind = reader.choice::<DocumentKind>("document_kind", "证件类型");
        let number = reader.text("document_no", "证件号码", 4..=40);
        reader.finish()?;
        let found = people::find(caller.ctx(), kind.unwrap_or(DocumentKind::Resident), &number).await;
        found.map_err(|error| match error {
            Error::NotFound => Error::wrong(
                "document_no",
                "person.unknown",
                "您的范围内没有这位人员，请核对号码；本人可以先自行注册，由单位或区核验。",
            ),
            other => other,
        })
    }
    .await;
    match result {
        Ok(person) => redirect(&format!("/desk/experts/new?person={}", person.id)),
        Err(error) => reform(error, |errors| {
            find_page(&caller, &find_form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}

/// The same day some years on; the 28th of February for a leap day.
fn years_on(day: Date, years: u32) -> Date {
    day.checked_add_months(Months::new(years * 12)).unwrap_or(day)
}

async fn invite_form(caller: &Caller, person: &Person) -> kernel::Result<Form> {
    let ctx = caller.ctx();
    let names = taxonomy::names(&mut ctx.db.read().await?).await?;
    let form = Form::post("/desk/experts/new", caller.csrf())
        .field(Field::hidden("person", &person.id.to_string()))
        .field(
            Field::radios("background", "专家类别", shown::choices(Background::name))
                .hint("混合评审组按类别配比，每人只属一类。")
                .required(),
        );
    let today = ctx.today();
    let until = years_on(today, TERM_YEARS).with_day(today.day()).unwrap_or(today);
    Ok(shown::profile_fields(form, &names)
        .field(
            Field::date("term_until", "任期至")
                .hint("从今天起，最长五年。")
                .value(until.to_string())
                .required(),
        )
        .submit("发出邀请")
        .cancel("/desk/experts")
        .fill(&[("capacity", "10".to_owned())]))
}

async fn invite_page(caller: &Caller, person: &Person, form: &Form) -> Reply {
    let employer = people::employer_name(&mut caller.ctx().db.read().await?, person)
        .await?
        .unwrap_or_default();
    let facts = Summary::new()
        .fact("姓名", Cell::text(person.name.as_str()))
        .fact("证件号码", Cell::masked(person.document.masked()))
        .fact("工作单位", Cell::text(employer))
        .fact("职称", Cell::text(person.title_name.as_str()));
    let page = caller
        .page("邀请专家")
        .lead("本人会收到待办和消息，接受后入库。")
        .crumb("专家库", "/desk/experts")
        .failed(form.failed());
    web::page(page, Html::of(&facts).and(form))
}

async fn new(caller: Caller, listing: Listing) -> Reply {
    let Some(id) = listing.number("person") else {
        return find_page(&caller, &find_form(&caller));
    };
    let (person, _) = people::view(caller.ctx(), PersonId::new(id)).await?;
    let form = invite_form(&caller, &person).await?;
    let own: Vec<(&str, String)> = person.field.iter().map(|field| ("fields", field.clone())).collect();
    let form = if own.is_empty() { form } else { form.fill(&own) };
    invite_page(&caller, &person, &form).await
}

/// The profile with its background and the end of the term, as typed by the authority.
pub(super) fn read(fields: &Fields) -> kernel::Result<(Profile, Date)> {
    let mut faults = Vec::new();
    let typed = match shown::read_profile(fields) {
        Ok(typed) => Some(typed),
        Err(Error::Wrong(more)) => {
            faults.extend(more);
            None
        }
        Err(other) => return Err(other),
    };
    let mut reader = fields.reader();
    let background = reader.choice::<Background>("background", "专家类别");
    let until = reader.date("term_until", "任期的最后一天");
    match reader.finish() {
        Ok(()) => {}
        Err(Error::Wrong(more)) => faults.extend(more),
        Err(other) => return Err(other),
    }
    match (typed, background, until) {
        (Some(typed), Some(background), Some(until)) if faults.is_empty() => Ok((
            Profile {
                background,
                specialty: typed.specialty,
                fields: typed.fields,
                availability: typed.availability,
            },
            until,
        )),
        _ => Err(Error::Wrong(faults)),
    }
}

async fn invite(caller: Caller, fields: Fields) -> Reply {
    let Ok(id) = fields.get("person").parse::<PersonId>() else {
        return redirect("/desk/experts/new");
    };
    let result = async {
        let (profile, until) = read(&fields)?;
        experts::invite(caller.ctx(), id, profile, until).await
    }
    .await;
    match result {
        Ok(expert) => redirect_saying(&caller, &format!("/desk/experts/{expert}"), "邀请已发出，等本人答复。"),
        Err(error) => {
            let (person, _) = people::view(caller.ctx(), id).await?;
            let form = invite_form(&caller, &person).await?.fill(fields.pairs());
            web::reform_reading(error, async |errors| {
                invite_page(&caller, &person, &form.errors(errors)).await
            })
            .await
        }
    }
}
