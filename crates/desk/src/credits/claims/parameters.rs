//! The figures of the claims' procedure, set by the municipal lead.

use learning::credits::claims;
use rules::credits::claims::Parameters;
use rules::permits::Act;
use ui::{Alert, Field, Form, Html, Tone};
use web::{Caller, Fields, Gate, Reply, Routes, redirect_saying, reform};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::SetParameters);
    Routes::new()
        .get("/desk/claims/parameters", gate, "申报办理期限", show)
        .post("/desk/claims/parameters", gate, "保存申报办理期限", save)
}

fn form(caller: &Caller) -> Form {
    let days = |name: &str, label: &str, hint: &str| {
        Field::number(name, label, "个工作日")
            .hint(hint)
            .range(1, 90)
            .required()
    };
    Form::post("/desk/claims/parameters", caller.csrf())
        .field(days(
            "confirm_workdays",
            "单位确认期限",
            "单位逾期未确认的，自动转认定部门。",
        ))
        .field(days("recognise_workdays", "认定期限", "逾期只提醒，不自动作出决定。"))
        .field(days("correct_workdays", "补正期限", "逾期只提醒，以后仍可补正。"))
        .field(
            Field::number("sample_percent", "抽查比例", "%")
                .hint("已认定申报中抽查的比例，不足一件的按一件。")
                .range(1, 100)
                .required(),
        )
        .submit("保存")
        .cancel("/desk/claims")
}

fn form_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("申报办理期限和抽查比例")
        .lead("改动以后开始的期限和抽查按新数字执行。")
        .crumb("学时申报", "/desk/claims")
        .failed(form.failed());
    let note = Alert::new(Tone::Warn, "平台规则，不是法规规定")
        .text("没有找到本市的明文规定，请牵头部门确认后使用；每次改动都有审计记录。");
    web::page(page, Html::of(&note).and(form))
}

async fn show(caller: Caller) -> Reply {
    let figures = claims::parameters(caller.ctx()).await?;
    let typed = [
        ("confirm_workdays", figures.confirm_workdays.to_string()),
        ("recognise_workdays", figures.recognise_workdays.to_string()),
        ("correct_workdays", figures.correct_workdays.to_string()),
        ("sample_percent", figures.sample_percent.to_string()),
    ];
    form_page(&caller, &form(&caller).fill(&typed))
}

async fn save(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let number = |name: &str| fields.get(name).parse::<u32>().unwrap_or(u32::MAX);
        let figures = Parameters::try_new(
            number("confirm_workdays"),
            number("recognise_workdays"),
            number("correct_workdays"),
            number("sample_percent"),
        )?;
        claims::set_parameters(caller.ctx(), figures).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, "/desk/claims/parameters", "已保存。"),
        Err(error) => reform(error, |errors| {
            form_page(&caller, &form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}
