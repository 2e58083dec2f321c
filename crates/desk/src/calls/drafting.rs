//! Writing a call: its kind, its year, its window, its words; calling one off.

use kernel::{Error, Time, id::CallRow, id::CallTemplateId};
use oversight::calls::{self, Call, Draft, KeptTemplate};
use rules::permits::Act;
use ui::{Alert, Choice, Field, Form, Html, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect, redirect_saying, reform, reform_reading};

use super::shown;

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::EditCall);
    Routes::new()
        .get("/desk/calls/new", gate, "起草征集", new)
        .post("/desk/calls/new", gate, "保存征集草稿", create)
        .get("/desk/calls/{id}/edit", gate, "修改征集草稿", edit)
        .post("/desk/calls/{id}/edit", gate, "保存征集修改", save)
        .get("/desk/calls/{id}/cancel", gate, "终止征集", ask_cancel)
        .post("/desk/calls/{id}/cancel", gate, "确认终止征集", cancel)
}

fn form(caller: &Caller, kinds: &[KeptTemplate], action: &str, back: &str) -> Form {
    let kinds = kinds.iter().map(|kept| {
        let hint = if kept.template.topics {
            "先征集选题，再申报。"
        } else {
            "直接申报。"
        };
        Choice::new(&kept.id.to_string(), &kept.template.kind).hint(hint)
    });
    Form::post(action, caller.csrf())
        .section("征集什么")
        .field(
            Field::radios("template", "项目种类", kinds)
                .hint("步骤、表单、附件和期限按项目种类；没有合适的，请先新建项目种类。")
                .required(),
        )
        .field(Field::text("title", "标题").max(80).required())
        .field(
            Field::textarea("body", "通知正文")
                .hint("用空行分段。写明重点领域、要求和联系方式。")
                .rows(10)
                .required(),
        )
        .field(Field::number("year", "计划年度", "年").range(2022, 2035).required())
        .field(Field::number("places", "计划数", "个").range(1, 500).required())
        .section("时间")
        .field(Field::moment("opens_at", "开始时间").required())
        .field(Field::moment("topics_until", "选题截止时间").hint("不征集选题的种类不填。"))
        .field(Field::moment("closes_at", "申报截止时间").required())
        .submit("保存草稿")
        .cancel(back)
}

fn form_page(caller: &Caller, title: &str, form: &Form) -> Reply {
    let page = caller
        .page(title)
        .lead("保存后核对，再发布；发布后种类、标题和时间不能修改。")
        .crumb("项目征集", "/desk/calls")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

fn read(fields: &Fields) -> kernel::Result<Draft> {
    let mut read = fields.reader();
    let template: Option<CallTemplateId> = read.id("template", "项目种类");
    let title = read.text("title", "标题", 4..=80);
    let body = read.text("body", "通知正文", 10..=20_000);
    let year = read.number("year", "计划年度", 2022..=2035);
    let places = read.number("places", "计划数", 1..=500);
    let opens_at = read.moment("opens_at", "开始时间");
    let topics_until = if fields.get("topics_until").is_empty() {
        None
    } else {
        read.moment("topics_until", "选题截止时间")
    };
    let closes_at = read.moment("closes_at", "申报截止时间");
    read.finish()?;
    let whole = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
    Ok(Draft {
        template: template.ok_or(Error::NotFound)?,
        year: year.and_then(|year| i32::try_from(year).ok()).unwrap_or_default(),
        title,
        body,
        places: whole(places),
        opens_at: opens_at.unwrap_or_default(),
        topics_until,
        closes_at: closes_at.unwrap_or_default(),
    })
}

async fn new(caller: Caller) -> Reply {
    let kinds = calls::templates(caller.ctx()).await?;
    let year = chrono::Datelike::year(&caller.ctx().today()).to_string();
    let form = form(&caller, &kinds, "/desk/calls/new", "/desk/calls").fill(&[("year", year.as_str())]);
    form_page(&caller, "起草征集", &form)
}

async fn create(caller: Caller, fields: Fields) -> Reply {
    let result = async { calls::draft(caller.ctx(), &read(&fields)?).await }.await;
    match result {
        Ok(id) => redirect_saying(&caller, &format!("/desk/calls/{id}"), "草稿已保存，尚未发布。"),
        Err(error) => {
            let kinds = calls::templates(caller.ctx()).await?;
            reform(error, |errors| {
                let form = form(&caller, &kinds, "/desk/calls/new", "/desk/calls");
                form_page(&caller, "起草征集", &form.fill(fields.pairs()).errors(errors))
            })
        }
    }
}

/// A moment as its field holds it.
fn local(at: Time) -> String {
    at.civil().format("%Y-%m-%dT%H:%M").to_string()
}

fn edit_form(caller: &Caller, kinds: &[KeptTemplate], call: &Call) -> Form {
    let kind = kinds
        .iter()
        .find(|kept| kept.template.kind == call.template.kind)
        .map(|kept| kept.id.to_string())
        .unwrap_or_default();
    let typed = [
        ("template", kind),
        ("title", call.title.clone()),
        ("body", call.body.clone()),
        ("year", call.year.to_string()),
        ("places", call.places.to_string()),
        ("opens_at", local(call.opens_at)),
        ("topics_until", call.topics_until.map(local).unwrap_or_default()),
        ("closes_at", local(call.closes_at)),
    ];
    let back = format!("/desk/calls/{}", call.id);
    form(caller, kinds, &format!("{back}/edit"), &back)
        .field(Field::hidden("version", &call.version.to_string()))
        .fill(&typed)
}

async fn edit(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    let view = calls::view_call(caller.ctx(), id).await?;
    if view.call.number.is_some() || !view.moves {
        return redirect(&format!("/desk/calls/{id}"));
    }
    let kinds = calls::templates(caller.ctx()).await?;
    form_page(&caller, "修改征集草稿", &edit_form(&caller, &kinds, &view.call))
}

async fn save(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    let result = async { calls::edit(caller.ctx(), id, shown::version(&fields)?, &read(&fields)?).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/calls/{id}"), "草稿已保存，尚未发布。"),
        Err(error) => {
            let view = calls::view_call(caller.ctx(), id).await?;
            let kinds = calls::templates(caller.ctx()).await?;
            reform(error, |errors| {
                let form = edit_form(&caller, &kinds, &view.call);
                form_page(&caller, "修改征集草稿", &form.fill(fields.pairs()).errors(errors))
            })
        }
    }
}

fn cancel_form(caller: &Caller, call: &Call) -> Form {
    Form::post(&format!("/desk/calls/{}/cancel", call.id), caller.csrf())
        .field(Field::hidden("version", &call.version.to_string()))
        .field(
            Field::textarea("reason", "终止的原因")
                .hint("4 到 300 个字，申报单位和公众可以看到。")
                .max(300)
                .required(),
        )
        .submit_danger("确认终止")
        .cancel(&format!("/desk/calls/{}", call.id))
}

async fn cancel_page(
    caller: &Caller,
    id: kernel::id::CallId,
    errors: Vec<(String, String)>,
    fields: Option<&Fields>,
) -> Reply {
    let view = calls::view_call(caller.ctx(), id).await?;
    let form = cancel_form(caller, &view.call);
    let form = fields
        .map_or(form.clone(), |fields| form.fill(fields.pairs()))
        .errors(errors);
    let page = caller
        .page("终止征集")
        .lead(&format!("《{}》", view.call.title))
        .crumb("项目征集", "/desk/calls")
        .failed(form.failed());
    let note = Alert::new(Tone::Warn, "终止后不能恢复").text("还在办理的申报全部取消，申报单位会收到消息和原因。");
    web::page(page, Html::of(&note).and(&form))
}

async fn ask_cancel(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    cancel_page(&caller, id, Vec::new(), None).await
}

async fn cancel(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    let result = async { calls::cancel(caller.ctx(), id, shown::version(&fields)?, fields.get("reason")).await }.await;
    match result {
        Ok(()) => redirect_saying(
            &caller,
            &format!("/desk/calls/{id}"),
            "征集已终止，申报单位会收到消息。",
        ),
        Err(error) => reform_reading(error, |errors| cancel_page(&caller, id, errors, Some(&fields))).await,
    }
}
