//! Checking one's declaration with what the machine finds, handing it in, the receipt.

use kernel::{Error, id::DeclarationRow};
use oversight::calls::{self, DeclarationView};
use rules::permits::Act;
use rules::taxonomy::deadline_sentence;
use ui::{Action, Alert, Field, Form, Html, Receipt, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect};

use super::super::shown;
use super::{at, case, files, formal, own, steps};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::MakeDeclaration);
    Routes::new()
        .get("/desk/declarations/{id}/check", gate, "核对申报书", check)
        .post("/desk/declarations/{id}/check", gate, "提交申报书", submit)
        .get("/desk/declarations/{id}/receipt", gate, "申报书回执", receipt)
}

fn form(caller: &Caller, view: &DeclarationView) -> Form {
    let id = view.declaration.id;
    Form::post(&at(id, "check"), caller.csrf())
        .field(Field::hidden("version", &view.declaration.version.to_string()))
        .field(
            Field::tick("truthful", "申报内容和附件真实，没有重复申报财政资金")
                .hint("不属实的，取消资格并记录。")
                .required(),
        )
        .submit("提交申报")
        .cancel(&at(id, "files"))
        .unguarded()
}

async fn page(caller: &Caller, view: &DeclarationView, form: &Form) -> Reply {
    let page = caller
        .page("核对提交")
        .lead("请核对以下内容；自动检查发现的问题请先改好，否则可能不能通过形式审查。")
        .crumb("项目申报", "/desk/declarations")
        .failed(form.failed());
    let names = shown::names(caller).await?;
    let body = Html::of(&steps(view.declaration.id, 2))
        .and(&formal::found(&view.found))
        .and(&case::content(&view.declaration.content, view, &names))
        .and(&files::table(view, |_| Vec::new()))
        .and(form);
    web::page(page, body)
}

async fn check(caller: Caller, Key(id): Key<DeclarationRow>) -> Reply {
    let view = own(&caller, id).await?;
    if !view.declaration.state.is_open() {
        return redirect(&format!("/desk/declarations/{id}"));
    }
    page(&caller, &view, &form(&caller, &view)).await
}

async fn submit(caller: Caller, Key(id): Key<DeclarationRow>, fields: Fields) -> Reply {
    let result = async {
        if fields.get("truthful").is_empty() {
            return Err(Error::wrong(
                "truthful",
                "declaration.truthful",
                "请确认内容真实后再提交。",
            ));
        }
        calls::submit(caller.ctx(), id, shown::version(&fields)?).await
    }
    .await;
    match result {
        Ok(()) => redirect(&at(id, "receipt")),
        Err(error) => {
            let view = own(&caller, id).await?;
            web::reform_reading(error, |errors| async {
                let form = form(&caller, &view).errors(errors);
                page(&caller, &view, &form).await
            })
            .await
        }
    }
}

async fn receipt(caller: Caller, Key(id): Key<DeclarationRow>) -> Reply {
    let view = own(&caller, id).await?;
    let one = &view.declaration;
    let Some(number) = one.number.as_deref() else {
        return redirect(&at(id, "content"));
    };
    let by = view.due.map(deadline_sentence).unwrap_or_default();
    let mut receipt = Receipt::new("申报已提交", number).number_label("申报编号");
    if view.call.template.recommendation {
        receipt = receipt
            .next(&format!("{by}前，由{}审核推荐。", one.recommender.name()))
            .next(&format!("推荐后，由{}形式审查。", view.call.authority));
    } else {
        receipt = receipt.next(&format!("{by}前，由{}形式审查。", view.call.authority));
    }
    let receipt = receipt
        .next("需要修改或有结果时，会发消息给您，也会出现在待办里。")
        .action(Action::link("查看这件申报", &format!("/desk/declarations/{id}")));
    let page = caller.page("申报回执").crumb("项目申报", "/desk/declarations");
    let note = Alert::new(Tone::Neutral, "可以撤回").text("批准以前可以撤回申报；要修改内容的，请联系推荐单位退回。");
    web::page(page, Html::of(&receipt).and(&note))
}
