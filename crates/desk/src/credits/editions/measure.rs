//! Another kind of measure for a rule of a draft: the kinds as tabs, the fields of the chosen one.

use kernel::Code;
use learning::credits::editions::{self, Edition, EditionRow};
use rules::credits::editions::{Ask, MeasureKind};
use rules::permits::Act;
use ui::{Choice, Field, Form, Html, Tabs};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, redirect_saying, reform};

use super::edition::{self, version};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::DraftEdition);
    Routes::new()
        .get("/desk/editions/{id}/measure", gate, "换计算方式", ask)
        .post("/desk/editions/{id}/measure", gate, "保存计算方式", save)
}

/// Where a rule gets another measure.
pub(super) fn address(edition: &Edition, owner: &str) -> String {
    format!("{}/measure?rule={}", edition::address(edition), web::url_encode(owner))
}

fn field(ask: &Ask) -> Field {
    let field = if !ask.choices.is_empty() {
        let choices = ask.choices.iter().map(|(code, name)| Choice::new(code, name));
        Field::select(ask.name, ask.label, choices)
    } else if ask.lines {
        Field::textarea(ask.name, ask.label)
    } else {
        Field::text(ask.name, ask.label)
    };
    let field = if ask.hint.is_empty() {
        field
    } else {
        field.hint(ask.hint)
    };
    let field = if ask.optional { field } else { field.required() };
    field.value(ask.typed.as_str())
}

fn form(caller: &Caller, edition: &Edition, (owner, kind): (&str, MeasureKind)) -> kernel::Result<Form> {
    let now = edition.document.measure(owner).ok_or(kernel::Error::NotFound)?;
    let form = Form::post(&format!("{}/measure", edition::address(edition)), caller.csrf())
        .field(Field::hidden("version", &edition.version.to_string()))
        .field(Field::hidden("rule", owner))
        .field(Field::hidden("by", kind.code()));
    let asks = kind.asks(now);
    let form = asks.iter().fold(form, |form, ask| form.field(field(ask)));
    Ok(form.submit("保存计算方式").cancel(&edition::address(edition)))
}

fn form_page(caller: &Caller, edition: &Edition, (owner, kind): (&str, MeasureKind), form: &Form) -> Reply {
    let entries = edition.document.entries();
    let entry = entries.iter().find(|one| one.code == owner);
    let entry = entry.ok_or(kernel::Error::NotFound)?;
    let now = edition.document.measure(owner).ok_or(kernel::Error::NotFound)?;
    let page = caller
        .page(&format!("“{}”怎样计算", entry.name))
        .lead(&format!(
            "现在是：{}。上限、科目和依据不变，保存后请核对。",
            now.in_words()
        ))
        .crumb("学时规则版本", "/desk/editions")
        .crumb(edition.document.name(), &edition::address(edition))
        .failed(form.failed());
    let tabs = MeasureKind::ALL.iter().fold(Tabs::new("计算方式"), |tabs, each| {
        let href = format!("{}&by={}", address(edition, owner), each.code());
        tabs.tab(each.name(), &href, *each == kind)
    });
    web::page(page, Html::of(&tabs).and(form))
}

async fn ask(caller: Caller, Key(id): Key<EditionRow>, listing: Listing) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    edition.state.edit()?;
    let owner = listing.get("rule").unwrap_or_default().to_owned();
    let now = edition.document.measure(&owner).ok_or(kernel::Error::NotFound)?;
    let kind = listing.choice("by").unwrap_or_else(|| MeasureKind::of(now));
    let form = form(&caller, &edition, (&owner, kind))?;
    form_page(&caller, &edition, (&owner, kind), &form)
}

async fn save(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    let owner = fields.get("rule").to_owned();
    let kind = MeasureKind::from_code(fields.get("by")).ok_or(kernel::Error::NotFound)?;
    let typed = |field: &str| fields.get(field).to_owned();
    let result = async { editions::set_measure(caller.ctx(), id, version(&fields)?, (&owner, kind), &typed).await };
    match result.await {
        Ok(()) => {
            let path = format!(
                "{}/figures?rule={}",
                edition::address(&edition),
                web::url_encode(&owner)
            );
            redirect_saying(&caller, &path, "已保存，请核对数值和依据。")
        }
        Err(error) => {
            let shown = form(&caller, &edition, (&owner, kind))?;
            reform(error, |errors| {
                let form = shown.fill(fields.pairs()).errors(errors);
                form_page(&caller, &edition, (&owner, kind), &form)
            })
        }
    }
}
