//! The figures of the reference line 有风险, set by the municipal lead.

use oversight::reports;
use rules::permits::Act;
use rules::reports::Pace;
use ui::{Alert, Field, Form, Html, Tone};
use web::{Caller, Fields, Gate, Reply, Routes, redirect_saying, reform};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::SetParameters);
    Routes::new()
        .get("/desk/standings/pace", gate, "有风险的提醒线", show)
        .post("/desk/standings/pace", gate, "保存有风险的提醒线", save)
}

fn form(caller: &Caller) -> Form {
    Form::post("/desk/standings/pace", caller.csrf())
        .field(
            Field::number("first_month", "从几月起提醒", "月")
                .hint("这个月以前多数班次还没有开班，不按进度提醒。")
                .range(1, 12)
                .required(),
        )
        .field(
            Field::number("last_days", "年末按全部要求提醒", "天")
                .hint("一年的最后这些天里，没有达标的都算有风险。")
                .range(1, 180)
                .required(),
        )
        .submit("保存")
        .cancel("/desk/standings")
}

fn form_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("有风险的提醒线")
        .lead("决定进行中的年度里谁算有风险；达标与否只看学时要求，不受影响。")
        .crumb("达标概览", "/desk/standings")
        .failed(form.failed());
    let note = Alert::new(Tone::Warn, "平台规则，不是法规规定")
        .text("没有规定要求按进度提醒，两个数字请牵头部门确认后使用；每次改动都有审计记录。");
    web::page(page, Html::of(&note).and(form))
}

async fn show(caller: Caller) -> Reply {
    let pace = reports::pace(caller.ctx()).await?;
    let typed = [
        ("first_month", pace.first_month.to_string()),
        ("last_days", pace.last_days.to_string()),
    ];
    form_page(&caller, &form(&caller).fill(&typed))
}

async fn save(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let number = |name: &str| fields.get(name).parse::<u32>().unwrap_or(u32::MAX);
        let pace = Pace::try_new(number("first_month"), number("last_days"))?;
        reports::set_pace(caller.ctx(), pace).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(
            &caller,
            "/desk/standings",
            "已保存。名单立即按新的提醒线显示，汇总数字几分钟内更新。",
        ),
        Err(error) => reform(error, |errors| {
            form_page(&caller, &form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}
