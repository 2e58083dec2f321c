//! Opening the round of a call: how many reviews, how they become a score, who is preferred. Criteria and blindness are the call's.

use kernel::{Code, id::CallId, id::CallRow};
use oversight::calls::{self, review};
use rules::calls::review::{MixRule, Priority, Settings};
use rules::experts::Background;
use rules::permits::Act;
use rules::scorecards::ranking::Tie;
use rules::scorecards::{Points, panel::Method};
use ui::{Field, Form, Html, Summary};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect, redirect_saying, reform_reading};

use super::shown;

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::RunRound);
    Routes::new()
        .get("/desk/calls/{id}/review-round", gate, "组织专家评审", show)
        .post("/desk/calls/{id}/review-round", gate, "开始专家评审", open)
}

fn form(caller: &Caller, id: CallId) -> Form {
    let mut form = Form::post(&format!("/desk/calls/{id}/review-round"), caller.csrf())
        .section("评审")
        .field(
            Field::number("reviews", "每项申报的评审人数", "位")
                .range(1, 15)
                .required(),
        )
        .field(
            Field::number("workdays", "评审期限", "个工作日")
                .range(1, 60)
                .required(),
        )
        .field(
            Field::radios("method", "计分方法", shown::choices(Method::name))
                .hint("去掉最高分和最低分须有 5 位以上评审人，否则按平均分。")
                .required(),
        )
        .field(
            Field::decimal("apart", "评分分歧限度", "分")
                .hint("最高分与最低分相差超过限度的，须讨论并登记纪要。")
                .required(),
        )
        .field(
            Field::number("former_years", "曾任职单位回避", "年")
                .hint("离开不满这些年的，不评审原单位的申报。")
                .range(0, 10)
                .required(),
        )
        .field(
            Field::checkboxes("ties", "同分时依次看", shown::choices(Tie::name)).hint("按列出的顺序；都不选的并列。"),
        )
        .section_with_hint(
            "优先条件",
            "单独加分，不计入评审得分；同时符合的只取最高一项。不加分的填 0。",
        )
        .field(Field::decimal("national", "国家级基地", "分").required())
        .field(Field::decimal("municipal", "市级基地", "分").required())
        .field(Field::decimal("leading", "龙头企业", "分").required())
        .section_with_hint("专家构成", "每项申报的评审人中各类专家的人数；没有要求的不填。");
    for background in Background::ALL {
        let (code, name) = (background.code(), background.name());
        form = form
            .field(Field::number(&format!("min_{code}"), &format!("{name}：至少"), "位").range(0, 15))
            .field(Field::number(&format!("max_{code}"), &format!("{name}：至多"), "位").range(0, 15));
    }
    form.submit("开始专家评审").cancel(&format!("/desk/calls/{id}"))
}

fn proposed() -> Vec<(String, String)> {
    let settings = Settings::proposed();
    let mut pairs: Vec<(String, String)> = [
        ("reviews", settings.reviews.to_string()),
        ("workdays", settings.workdays.to_string()),
        ("method", settings.method.code().to_owned()),
        ("apart", settings.apart.to_string()),
        ("former_years", settings.former_years.to_string()),
        ("national", "0".to_owned()),
        ("municipal", "0".to_owned()),
        ("leading", "0".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    pairs.extend(
        settings
            .ties
            .iter()
            .map(|tie| ("ties".to_owned(), tie.code().to_owned())),
    );
    pairs
}

async fn page(caller: &Caller, id: CallId, form: &Form) -> Reply {
    let view = calls::view_call(caller.ctx(), id).await?;
    let template = &view.call.template;
    let criteria: Vec<String> = template
        .criteria
        .iter()
        .map(|one| format!("{} {}%", one.name, one.weight))
        .collect();
    let facts = Summary::new()
        .fact("评分表", ui::Cell::text(criteria.join("，")))
        .fact("盲评", ui::Cell::text(if template.blind { "是" } else { "否" }));
    let page = caller
        .page("组织专家评审")
        .lead(&format!(
            "《{}》通过形式审查的申报进入专家评审；评分表和是否盲评由征集确定。",
            view.call.title
        ))
        .crumb("项目征集", "/desk/calls")
        .crumb(&view.call.title, &format!("/desk/calls/{id}"))
        .failed(form.failed());
    web::page(page, Html::of(&facts).and(form))
}

async fn show(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    calls::view_call(caller.ctx(), id).await?;
    let known = review::find_of_call(&mut caller.ctx().db.read().await?, id).await?;
    match known {
        Some(round) => redirect(&shown::at(round)),
        None => page(&caller, id, &form(&caller, id).fill(&proposed())).await,
    }
}

fn read(fields: &Fields) -> kernel::Result<review::Choice> {
    let mut reader = fields.reader();
    let reviews = reader.number("reviews", "评审人数", 1..=15);
    let workdays = reader.number("workdays", "评审期限", 1..=60);
    let method = reader.choice::<Method>("method", "计分方法");
    let former_years = reader.number("former_years", "回避年限", 0..=10);
    let mut points = |field: &'static str| -> Points {
        let read = Points::parse(fields.get(field));
        if read.is_none() {
            reader.error(field, "field.points", "请填写 0 到 100 之间的分数，最多两位小数。");
        }
        read.unwrap_or_default()
    };
    let apart = points("apart");
    let priority = Priority {
        national: points("national"),
        municipal: points("municipal"),
        leading: points("leading"),
    };
    reader.finish()?;
    let whole = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
    let reviews = whole(reviews);
    let mix = Background::ALL.iter().filter_map(|background| {
        let typed = |end: &str| fields.get(&format!("{end}_{}", background.code())).parse::<u32>().ok();
        let (min, max) = (typed("min"), typed("max"));
        (min.is_some() || max.is_some()).then(|| MixRule {
            background: *background,
            min: min.unwrap_or(0),
            max: max.unwrap_or(reviews),
        })
    });
    Ok(review::Choice {
        reviews,
        method: method.unwrap_or(Method::Mean),
        apart,
        former_years: whole(former_years),
        workdays: whole(workdays),
        mix: mix.collect(),
        priority,
        ties: fields.all("ties").into_iter().filter_map(Tie::from_code).collect(),
    })
}

async fn open(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    let result = async { review::open_of_call(caller.ctx(), id, read(&fields)?).await }.await;
    match result {
        Ok(round) => redirect_saying(&caller, &shown::at(round), "专家评审已开始，请分配评审人。"),
        Err(error) => {
            calls::view_call(caller.ctx(), id).await?;
            let form = form(&caller, id).fill(fields.pairs());
            reform_reading(error, async |errors| page(&caller, id, &form.errors(errors)).await).await
        }
    }
}
