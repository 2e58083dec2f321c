//! Objections against a plan under notice, for the body whose call it is: who, what, and the answer.

use kernel::{Error, id::CallRow, id::ObjectionRow, mask};
use oversight::calls::{self, CallView, KeptObjection};
use rules::permits::Act;
use ui::{Action, Alert, Cell, Choice, Empty, Field, Form, Html, SectionHead, Summary, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform};

use super::shown;

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::EditCall);
    Routes::new()
        .get("/desk/calls/{id}/objections", gate, "公示异议", list)
        .post("/desk/objections/{id}/answer", gate, "答复公示异议", answer)
        .post("/desk/objections/{id}/contact", gate, "查看异议提出人", reveal)
}

fn form(caller: &Caller, one: &KeptObjection) -> Form {
    let mut choices = vec![Choice::new("dismissed", "异议不成立")];
    choices.push(Choice::new("upheld", "异议成立").hint(if one.declaration.is_some() {
        "该项目移出计划，申报单位会收到消息。"
    } else {
        "针对整个计划的异议，请在答复中写明处理办法。"
    }));
    Form::post(&format!("/desk/objections/{}/answer", one.id), caller.csrf())
        .field(Field::hidden("version", &one.version.to_string()))
        .field(Field::hidden("call", &one.call.to_string()))
        .field(Field::radios("finding", "结论", choices).required())
        .field(
            Field::textarea("reason", "答复")
                .hint("4 到 300 个字，会在公示页面公开，请不要写出提出人。")
                .max(300)
                .required(),
        )
        .submit("答复")
}

fn page(caller: &Caller, view: &CallView, failed: Option<(kernel::id::ObjectionId, Form)>) -> Reply {
    let call = &view.call;
    let open = view.objections.iter().filter(|one| one.answered_at.is_none()).count();
    let page = caller
        .page("公示异议")
        .lead(&format!(
            "《{}》共 {} 件异议，{open} 件待答复。",
            call.title,
            view.objections.len()
        ))
        .crumb("项目征集", "/desk/calls")
        .failed(failed.is_some());
    let mut body = Html::of(
        &Alert::new(Tone::Neutral, "保密").text("提出人的姓名和联系方式只供核实和答复，不公开、不转给申报单位。"),
    );
    if view.objections.is_empty() {
        body = body.and(&Empty::new("没有异议", "公示期间收到的异议会列在这里。"));
    }
    for (number, one) in (1..).zip(&view.objections) {
        let about = one
            .declaration
            .and_then(|id| view.ranked.iter().find(|ranked| ranked.id == id))
            .map_or("整个计划".to_owned(), |ranked| ranked.content.title.clone());
        let mut facts = Summary::new()
            .fact("状态", shown::objection(one.state))
            .fact("针对", Cell::text(about))
            .fact("提出时间", Cell::Moment(one.at.civil()))
            .fact("提出人", Cell::masked(mask::name(&one.objection.name)))
            .fact("联系方式", Cell::masked(mask::document(&one.objection.contact)))
            .action(Action::post(
                "查看",
                &format!("/desk/objections/{}/contact", one.id),
                caller.csrf(),
            ))
            .fact("内容", Cell::text(one.objection.text.as_str()));
        if one.answered_at.is_some() {
            facts = facts.fact("答复", Cell::text(one.answer.as_str()));
        }
        body = body.and(&SectionHead::new(&format!("异议 {number}"))).and(&facts);
        if one.answered_at.is_none() {
            match failed.as_ref().filter(|(id, _)| *id == one.id) {
                Some((_, form)) => body = body.and(form),
                None => body = body.and(&form(caller, one)),
            }
        }
    }
    web::page(page, body)
}

async fn list(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    let view = calls::view_call(caller.ctx(), id).await?;
    if !view.moves {
        return Err(Error::NotFound.into());
    }
    page(&caller, &view, None)
}

async fn answer(caller: Caller, Key(id): Key<ObjectionRow>, fields: Fields) -> Reply {
    let result = async {
        let upheld = match fields.get("finding") {
            "upheld" => true,
            "dismissed" => false,
            _ => return Err(Error::wrong("finding", "objection.finding", "请选择结论。")),
        };
        let version = shown::version(&fields)?;
        calls::answer_objection(caller.ctx(), id, version, (upheld, fields.get("reason"))).await
    }
    .await;
    match result {
        Ok(call) => redirect_saying(
            &caller,
            &format!("/desk/calls/{call}/objections"),
            "已答复，公示页面已更新。",
        ),
        Err(error) => {
            let call = fields.get("call").parse().map_err(|_| Error::NotFound)?;
            let view = calls::view_call(caller.ctx(), call).await?;
            let one = view.objections.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
            reform(error, |errors| {
                let form = form(&caller, one).fill(fields.pairs()).errors(errors);
                page(&caller, &view, Some((id, form)))
            })
        }
    }
}

async fn reveal(caller: Caller, Key(id): Key<ObjectionRow>) -> Reply {
    let one = calls::reveal_objector(caller.ctx(), id).await?;
    let facts = Summary::new()
        .fact("提出人", Cell::text(one.objection.name.as_str()))
        .fact("联系方式", Cell::text(one.objection.contact.as_str()))
        .fact("内容", Cell::text(one.objection.text.as_str()));
    let page = caller
        .page("异议提出人")
        .lead("这次查看已记入审计记录。只用于核实和答复。")
        .crumb("公示异议", &format!("/desk/calls/{}/objections", one.call));
    web::page(page, Html::of(&facts))
}
