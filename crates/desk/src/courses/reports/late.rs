//! Late reports: the provider asks with a reason, a supervising body decides with a reason.

use kernel::{Error, id::ClassRow};
use learning::courses;
use learning::courses::reporting;
use learning::courses::reporting::late::{self, LateCode, LateFilter, LateReport, LateRow, LateState};
use rules::courses::reporting::LONGEST_REOPENING;
use rules::permits::{self, Act};
use ui::{
    Action, Actions, Cell, Column, Field, Filter, Form, Html, Row, State, Summary, Table, Timeline, TimelineEvent,
};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

use super::super::shown;
use super::window_words;

pub(super) fn routes() -> Routes {
    let (see, ask, decide) = (
        Gate::Act(Act::ListReports),
        Gate::Act(Act::RequestLateReport),
        Gate::Act(Act::DecideLateReport),
    );
    Routes::new()
        .list("/desk/late-reports", see, "逾期报送", list)
        .get("/desk/classes/{id}/late", ask, "申请逾期报送", new)
        .post("/desk/classes/{id}/late", ask, "提交逾期报送申请", request)
        .get("/desk/late-reports/{id}", see, "逾期报送申请", show)
        .post("/desk/late-reports/{id}/grant", decide, "同意逾期报送", grant)
        .post("/desk/late-reports/{id}/refuse", decide, "不同意逾期报送", refuse)
}

const fn state(state: LateCode) -> State {
    match state {
        LateCode::Requested => State::AwaitingReview,
        LateCode::Granted => State::Approved,
        LateCode::Refused => State::Rejected,
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let page = caller
        .page("逾期报送")
        .lead(if permits::has(&ctx.actor, Act::DecideLateReport) {
            "报送期限过后，施教机构说明理由申请补报；同意时写明理由和截止日期。"
        } else {
            "报送期限过后，在班次页面申请补报；同意后在批准的日期前报送。"
        });
    let table = Table::new(
        "逾期报送申请",
        columns([
            Column::main("class", "班次"),
            Column::tight("state", "状态"),
            Column::tight("until", "补报截止"),
            Column::new("reason", "理由").hide_on_phone(),
            Column::new("provider", "施教机构").sortable(),
            Column::tight("requested", "申请时间").sortable(),
        ]),
    )
    .filter(Filter::select("state", "状态", shown::choices(LateCode::name)))
    .sorted_by("-requested")
    .when_empty("没有逾期报送申请。", None);
    let filter = LateFilter {
        state: listing.choice("state"),
        class: listing.number("class").map(kernel::ClassId::new),
    };
    let row = |late: &LateReport| {
        let until = match &late.state {
            LateState::Granted { until, .. } => Some(*until),
            _ => None,
        };
        Row::new([
            Cell::stack(
                late.title.as_str(),
                format!("/desk/late-reports/{}", late.id),
                late.number.as_str(),
            ),
            state(late.state.code()).into(),
            Cell::date(until),
            Cell::text(late.reason.as_str()),
            Cell::text(late.provider_name.as_str()),
            Cell::Moment(late.requested_at.civil()),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| late::list(ctx, &filter, &window).await,
        row,
    )
    .await
}

fn form(caller: &Caller, class: kernel::ClassId) -> Form {
    Form::post(&format!("/desk/classes/{class}/late"), caller.csrf())
        .field(
            Field::textarea("reason", "没有按期报送的理由")
                .hint("主管部门据此决定；写明发生了什么、需要补报多少人。")
                .rows(4)
                .max(500)
                .required(),
        )
        .submit("提交申请")
        .cancel(&format!("/desk/classes/{class}"))
}

async fn form_page(caller: &Caller, class: kernel::ClassId, form: &Form) -> Reply {
    let view = courses::view(caller.ctx(), class).await?;
    let window = reporting::window(caller.ctx(), class).await?;
    let page = caller
        .page("申请逾期报送")
        .crumb("班次", "/desk/classes")
        .crumb(&view.class.plan.title, &format!("/desk/classes/{class}"))
        .lead(&format!("报送期限：{}。", window_words(&window, caller.ctx().today())))
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn new(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    form_page(&caller, id, &form(&caller, id)).await
}

async fn request(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    match late::request(caller.ctx(), id, fields.get("reason")).await {
        Ok(late) => redirect_saying(
            &caller,
            &format!("/desk/late-reports/{late}"),
            "已提交，主管部门会收到待办；有了决定会发消息给您。",
        ),
        Err(error @ Error::Wrong(_)) => {
            let mut shown = form(&caller, id).fill(fields.pairs());
            if let Error::Wrong(faults) = &error {
                let pairs = faults
                    .iter()
                    .map(|fault| (fault.field.to_string(), fault.sentence.to_string()));
                shown = shown.errors(pairs);
            }
            let page = form_page(&caller, id, &shown).await;
            reform(error, |_| page)
        }
        Err(error) => Err(error.into()),
    }
}

async fn show(caller: Caller, Key(id): Key<LateRow>) -> Reply {
    shown_with(&caller, id, None).await
}

async fn shown_with(caller: &Caller, id: late::LateId, typed: Option<(&Fields, Vec<(String, String)>)>) -> Reply {
    let ctx = caller.ctx();
    let late = late::view(ctx, id).await?;
    let window = reporting::window(ctx, late.class).await?;
    let lead = match &late.state {
        LateState::Requested => "等待主管部门决定。".to_owned(),
        LateState::Granted { until, .. } => format!("已同意，{until} 前可以补报。"),
        LateState::Refused { .. } => "没有同意，报送期限维持截止。".to_owned(),
    };
    let may_decide =
        late.state == LateState::Requested && permits::may(&ctx.actor, Act::DecideLateReport, &late.place()).is_ok();
    let failed = typed.is_some();
    let page = caller
        .page(&format!("逾期报送：{}", late.title))
        .crumb("逾期报送", "/desk/late-reports")
        .lead(&lead)
        .failed(failed);
    let facts = Summary::new()
        .title("申请")
        .fact(
            "班次",
            Cell::stack(
                late.title.as_str(),
                format!("/desk/classes/{}", late.class),
                late.number.as_str(),
            ),
        )
        .fact("施教机构", Cell::text(late.provider_name.as_str()))
        .fact("报送期限", Cell::text(window_words(&window, ctx.today())))
        .fact("理由", Cell::text(late.reason.as_str()));
    let mut body = Html::of(&story(&late)).and(&facts);
    if may_decide {
        let mut form = decision(caller, id);
        if let Some((fields, errors)) = typed {
            form = form.fill(fields.pairs()).errors(errors);
        }
        body = body.and(&form);
    } else if matches!(late.state, LateState::Granted { .. })
        && permits::may(&ctx.actor, Act::ReportClass, &late.place()).is_ok()
    {
        let address = format!("/desk/reports/new?kind=completions&class={}", late.class);
        body = body.and(&Actions::new([Action::link("现在报送", &address).primary()]));
    }
    web::page(page, body)
}

/// One form with two answers; the second button sends `answer=refuse` to the same address.
fn decision(caller: &Caller, id: late::LateId) -> Form {
    Form::post(&format!("/desk/late-reports/{id}/grant"), caller.csrf())
        .section("决定")
        .field(
            Field::date("until", "补报截止日期").hint(&format!("同意时填写，从今天起不超过 {LONGEST_REOPENING} 天。")),
        )
        .field(
            Field::textarea("reason", "决定的理由")
                .hint("申请的机构会看到。")
                .rows(3)
                .max(500)
                .required(),
        )
        .submit("同意补报")
        .also("不同意", "answer", "refuse")
}

fn story(late: &LateReport) -> Timeline {
    let asked = TimelineEvent::done("提出申请", &shown::moment(late.requested_at), &late.requested_by);
    let answer = match &late.state {
        LateState::Requested => TimelineEvent::next("主管部门决定", "", "所在区人社部门、行业主管部门或市级牵头部门"),
        LateState::Granted { until, by, at, reason } => {
            TimelineEvent::done(&format!("同意补报至 {until}"), &shown::moment(*at), by).note(reason)
        }
        LateState::Refused { by, at, reason } => TimelineEvent::done("不同意", &shown::moment(*at), by).note(reason),
    };
    Timeline::new([asked, answer])
}

async fn grant(caller: Caller, Key(id): Key<LateRow>, fields: Fields) -> Reply {
    if fields.get("answer") == "refuse" {
        return refuse(caller, Key(id), fields).await;
    }
    let result = async {
        let mut reader = fields.reader();
        let until = reader.date("until", "补报截止日期");
        reader.finish()?;
        late::grant(caller.ctx(), id, until.unwrap_or_default(), fields.get("reason")).await
    }
    .await;
    answered(&caller, id, &fields, (result, "已同意，施教机构会收到消息。")).await
}

async fn refuse(caller: Caller, Key(id): Key<LateRow>, fields: Fields) -> Reply {
    let result = late::refuse(caller.ctx(), id, fields.get("reason")).await;
    answered(&caller, id, &fields, (result, "已回复不同意，施教机构会收到消息。")).await
}

async fn answered(
    caller: &Caller,
    id: late::LateId,
    fields: &Fields,
    (result, said): (kernel::Result<()>, &str),
) -> Reply {
    match result {
        Ok(()) => redirect_saying(caller, &format!("/desk/late-reports/{id}"), said),
        Err(Error::Wrong(faults)) => {
            let errors = faults
                .iter()
                .map(|fault| (fault.field.to_string(), fault.sentence.to_string()))
                .collect();
            let page = shown_with(caller, id, Some((fields, errors))).await;
            reform(Error::Wrong(faults), |_| page)
        }
        Err(error) => Err(error.into()),
    }
}
