//! The figures of one rule in a form, its source beside them; a rule copied or taken out.

use learning::credits::editions::{self, Edition, EditionRow};
use rules::credits::editions::Figure;
use rules::permits::Act;
use ui::{Action, Actions, Choice, Field, Form, Html};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, redirect_saying, reform};

use super::edition::{address, version};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::DraftEdition);
    Routes::new()
        .get("/desk/editions/{id}/figures", gate, "修改规则", ask)
        .post("/desk/editions/{id}/figures", gate, "保存规则", save)
        .post("/desk/editions/{id}/copy-rule", gate, "复制规则", copy)
        .post("/desk/editions/{id}/remove-rule", gate, "取消规则", remove)
}

fn field(figure: &Figure) -> Field {
    let field = if figure.choices.is_empty() {
        Field::text(&figure.path, &figure.label)
    } else {
        let choices = figure.choices.iter().map(|(code, name)| Choice::new(code, name));
        Field::select(&figure.path, &figure.label, choices).required()
    };
    let field = if figure.of_source || figure.path == "name" {
        field
    } else {
        field.required()
    };
    field.value(figure.typed.as_str())
}

fn form(caller: &Caller, edition: &Edition, owner: &str) -> Form {
    let figures: Vec<Figure> = edition
        .document
        .figures()
        .into_iter()
        .filter(|one| one.owner == owner)
        .collect();
    let mut form = Form::post(&format!("{}/figures", address(edition)), caller.csrf())
        .field(Field::hidden("version", &edition.version.to_string()))
        .field(Field::hidden("rule", owner))
        .section_with_hint("数值", "学时可以有两位小数。");
    for figure in figures.iter().filter(|one| !one.of_source) {
        form = form.field(field(figure));
    }
    form = form.section_with_hint("依据", "每个数值都要写明出自哪里、有多可信；没有公开文件的写明待确认。");
    for figure in figures.iter().filter(|one| one.of_source) {
        form = form.field(field(figure));
    }
    form.submit("保存").cancel(&address(edition))
}

fn copy_form(caller: &Caller, edition: &Edition, owner: &str) -> Form {
    Form::post(&format!("{}/copy-rule", address(edition)), caller.csrf())
        .field(Field::hidden("version", &edition.version.to_string()))
        .field(Field::hidden("rule", owner))
        .section_with_hint("复制为新的一项", "以本项为样子新增一项，再改名称和数值。")
        .field(Field::text("code", "新的代码").max(40).required())
        .submit("复制")
        .unguarded()
}

fn form_page(caller: &Caller, edition: &Edition, owner: &str, (form, copy): (&Form, &Form)) -> Reply {
    let entries = edition.document.entries();
    let entry = entries
        .iter()
        .find(|one| one.code == owner)
        .ok_or(kernel::Error::NotFound)?;
    let page = caller
        .page(&format!("修改“{}”", entry.name))
        .lead(&format!("{}。", entry.words.join("；")))
        .crumb("学时规则版本", "/desk/editions")
        .crumb(edition.document.name(), &address(edition))
        .failed(form.failed() || copy.failed());
    let page = match edition.document.measure(owner) {
        Some(_) => page.action(Action::link("换一种计算方式", &super::measure::address(edition, owner))),
        None => page,
    };
    let version = edition.version.to_string();
    let mut body = Html::of(form);
    if owner != "class" {
        let remove = Action::post(
            "取消这一项",
            &format!("{}/remove-rule", address(edition)),
            caller.csrf(),
        )
        .field("version", &version)
        .field("rule", owner)
        .danger();
        body = body.and(copy).and(&Actions::new([remove]));
    }
    web::page(page, body)
}

async fn ask(caller: Caller, Key(id): Key<EditionRow>, listing: Listing) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    edition.state.edit()?;
    let owner = listing.get("rule").unwrap_or_default().to_owned();
    let forms = (form(&caller, &edition, &owner), copy_form(&caller, &edition, &owner));
    form_page(&caller, &edition, &owner, (&forms.0, &forms.1))
}

async fn save(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    let owner = fields.get("rule").to_owned();
    let typed = |path: &str| {
        let given = fields.pairs().iter().any(|(name, _)| name == path);
        given.then(|| fields.get(path).to_owned())
    };
    let result = async { editions::edit(caller.ctx(), id, version(&fields)?, &owner, &typed).await };
    match result.await {
        Ok(()) => redirect_saying(&caller, &address(&edition), "已保存。"),
        Err(error) => reform(error, |errors| {
            let form = form(&caller, &edition, &owner).fill(fields.pairs()).errors(errors);
            form_page(
                &caller,
                &edition,
                &owner,
                (&form, &copy_form(&caller, &edition, &owner)),
            )
        }),
    }
}

async fn copy(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    let (owner, code) = (fields.get("rule").to_owned(), fields.get("code").trim().to_owned());
    let result = async { editions::copy(caller.ctx(), id, version(&fields)?, &owner, &code).await };
    match result.await {
        Ok(()) => {
            let path = format!("{}/figures?rule={}", address(&edition), web::url_encode(&code));
            redirect_saying(&caller, &path, "已复制，请修改名称、数值和依据。")
        }
        Err(error) => reform(error, |errors| {
            let copy = copy_form(&caller, &edition, &owner).fill(fields.pairs()).errors(errors);
            form_page(&caller, &edition, &owner, (&form(&caller, &edition, &owner), &copy))
        }),
    }
}

async fn remove(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    editions::remove(caller.ctx(), id, version(&fields)?, fields.get("rule")).await?;
    redirect_saying(&caller, &format!("/desk/editions/{id}"), "已取消这一项。")
}
