//! The platform's figures for classes: shown with their confidence, set by the municipal lead.

use learning::courses;
use rules::attendance::check_in::Minutes;
use rules::courses::Parameters;
use rules::permits::Act;
use ui::{Alert, Field, Form, Html, Tone};
use web::{Caller, Fields, Gate, Reply, Routes, redirect_saying, reform};

/// The pages.
pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::SetParameters);
    Routes::new()
        .get("/desk/parameters", gate, "平台参数", show)
        .post("/desk/parameters", gate, "保存平台参数", save)
}

fn form(caller: &Caller) -> Form {
    Form::post("/desk/parameters", caller.csrf())
        .section_with_hint(
            "最低出勤比例",
            "出勤时长达到授课时长的这个比例，考核合格才能结业。可信度低：没有找到本市规定，请确认后设定。",
        )
        .field(
            Field::number("attendance_numerator", "分子", "")
                .range(0, 100)
                .required(),
        )
        .field(
            Field::number("attendance_denominator", "分母", "")
                .range(1, 100)
                .required(),
        )
        .section_with_hint(
            "录入结果期限",
            "从班次最后一天的次日起算的工作日。可信度中：外省高研班通常为 10 或 15 个工作日。",
        )
        .field(
            Field::number("result_workdays", "期限", "个工作日")
                .range(1, 90)
                .required(),
        )
        .section_with_hint(
            "报送期限",
            "从班次最后一天的次日起算的工作日；过期后只有经主管部门同意的逾期报送才能入账。平台规则，待市人社局确认。",
        )
        .field(
            Field::number("report_workdays", "期限", "个工作日")
                .range(1, 180)
                .required(),
        )
        .section_with_hint(
            "满意度评价期限",
            "从班次最后一天的次日起算的工作日；期限内学员可以匿名评价一次。可信度低：外省随结项材料一并报送。",
        )
        .field(
            Field::number("survey_workdays", "期限", "个工作日")
                .range(1, 90)
                .required(),
        )
        .section_with_hint(
            "扫码签到",
            "课次开始前多久可以签到，开始后多久以内不算迟到。可信度低：没有找到本市规定，请确认后设定。",
        )
        .field(
            Field::number("check_in_lead", "提前签到", "分钟")
                .range(0, 180)
                .required(),
        )
        .field(
            Field::number("check_in_grace", "迟到宽限", "分钟")
                .range(0, 60)
                .required(),
        )
        .submit("保存")
}

fn form_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("平台参数")
        .lead("没有明文规定的数字在这里设定；改动之后发布和结业的班次按新数字执行。")
        .failed(form.failed());
    let note = Alert::new(Tone::Warn, "这些数字不是法规规定")
        .text("默认值只是平台的起点，请牵头部门确认后使用；每次改动都有审计记录。");
    web::page(page, Html::of(&note).and(form))
}

async fn show(caller: Caller) -> Reply {
    let figures = courses::parameters(caller.ctx()).await?;
    let typed = [
        ("attendance_numerator", figures.attendance.numerator.to_string()),
        ("attendance_denominator", figures.attendance.denominator.to_string()),
        ("result_workdays", figures.result_workdays.to_string()),
        ("report_workdays", figures.report_workdays.to_string()),
        ("survey_workdays", figures.survey_workdays.to_string()),
        ("check_in_lead", figures.check_in.lead.to_string()),
        ("check_in_grace", figures.check_in.grace.to_string()),
    ];
    form_page(&caller, &form(&caller).fill(&typed))
}

async fn save(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let number = |name: &str| fields.get(name).parse::<u32>().unwrap_or(u32::MAX);
        let (numerator, denominator) = (number("attendance_numerator"), number("attendance_denominator"));
        let figures = Parameters::try_new(
            (numerator, denominator),
            (
                number("result_workdays"),
                number("report_workdays"),
                number("survey_workdays"),
            ),
            Minutes {
                lead: number("check_in_lead"),
                grace: number("check_in_grace"),
            },
        )?;
        courses::set_parameters(caller.ctx(), figures).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, "/desk/parameters", "已保存。"),
        Err(error) => reform(error, |errors| {
            form_page(&caller, &form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}
