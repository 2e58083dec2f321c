//! The periods of disputes, set by the municipal lead.

use learning::credits::disputes;
use rules::credits::disputes::Terms;
use rules::permits::Act;
use ui::{Alert, Field, Form, Html, Tone};
use web::{Caller, Fields, Gate, Reply, Routes, redirect_saying, reform};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::SetParameters);
    Routes::new()
        .get("/desk/disputes/terms", gate, "学时异议的期限", show)
        .post("/desk/disputes/terms", gate, "保存学时异议的期限", save)
}

fn form(caller: &Caller, terms: &Terms) -> Form {
    let form = Form::post("/desk/disputes/terms", caller.csrf());
    let fields = terms.named().into_iter();
    fields
        .fold(form, |form, (name, label, days)| {
            let field = Field::number(name, label, "个工作日")
                .range(1, 60)
                .value(days.to_string());
            form.field(field.required())
        })
        .submit("保存")
        .cancel("/desk/disputes")
}

fn form_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("学时异议的期限")
        .crumb("学时异议", "/desk/disputes")
        .lead("改动之后开始计算的期限按新数字执行，已经开始的不变。")
        .failed(form.failed());
    let note = Alert::new(Tone::Warn, "示例（待市人社局确认）").text(
        "没有找到本市规定。默认答复 5 个、决定 15 个工作日，合计约等于北京、河南继续教育规定中投诉 30 日内处理的期限。",
    );
    web::page(page, Html::of(&note).and(form))
}

async fn show(caller: Caller) -> Reply {
    let terms = disputes::terms(caller.ctx()).await?;
    form_page(&caller, &form(&caller, &terms))
}

async fn save(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let number = |name: &str| fields.get(name).parse::<u32>().unwrap_or(u32::MAX);
        let terms = Terms::try_new(number("answer"), number("decision"), number("appeal"), number("review"))?;
        disputes::set_terms(caller.ctx(), terms).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, "/desk/disputes", "已保存。"),
        Err(error) => reform(error, |errors| {
            form_page(
                &caller,
                &form(&caller, &Terms::DEFAULT).fill(fields.pairs()).errors(errors),
            )
        }),
    }
}
