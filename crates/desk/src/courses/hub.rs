//! The hub of one class: where it stands, what is next, its sessions, its facts.

use kernel::id::ClassRow;
use learning::courses::{self, ClassView, Readiness, reporting};
use registry::taxonomy::{Vocabulary, deadline_sentence};
use rules::courses::{ClassState, Phase};
use rules::permits::{self, Act};
use ui::{
    Action, Alert, Cell, Column, Figure, Figures, Html, Page, Row, Summary, Table, TableModel, Timeline, TimelineEvent,
    Tone,
};
use web::{Caller, Key, Reply};

use super::reports::window_words;
use super::shown;

pub(super) async fn show(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let ctx = caller.ctx();
    let view = courses::view(ctx, id).await?;
    let ready = courses::readiness(ctx, &view).await?;
    let missing = match view.class.state {
        ClassState::Draft if may(&caller, Act::EditClass, &view) => courses::missing(ctx, id).await?.len(),
        _ => 0,
    };
    let phase = view.class.phase(ctx.now());
    let page = caller
        .page(&view.class.plan.title)
        .crumb("班次", "/desk/classes")
        .lead(&lead(&view, &ready, phase, missing));
    let page = deeds(page, &caller, &view, (&ready, phase, missing));
    let mut body = Html::of(&figures(&view, phase));
    if let ClassState::Cancelled { reason, .. } = &view.class.state {
        body = body.and(&Alert::new(Tone::Bad, "班次已取消").text(reason));
    }
    if let Some(alert) = late(&caller, &view).await? {
        body = body.and(&alert);
    }
    let body = body
        .and(&story(&view, &ready, phase))
        .and(&sessions(&caller, &view))
        .and(&facts(&caller, &view, &ready).await?);
    web::page(page, body)
}

/// The window has closed and something is still to be reported: what to do.
async fn late(caller: &Caller, view: &ClassView) -> kernel::Result<Option<Alert>> {
    let ctx = caller.ctx();
    let class = &view.class;
    if !matches!(class.state, ClassState::Published { .. }) || !may(caller, Act::RequestLateReport, view) {
        return Ok(None);
    }
    let window = reporting::window(ctx, class.id).await?;
    if window.is_open(ctx.today()) {
        return Ok(None);
    }
    let alert = Alert::new(Tone::Warn, "报送期限已过，现在不能办理结业或报送结果");
    Ok(Some(if window.pending {
        alert.text("逾期报送申请正在审批，有了决定会发消息给您。")
    } else {
        let ask = Action::link("申请逾期报送", &format!("/desk/classes/{}/late", class.id));
        alert
            .text("确有理由的，可以申请；经主管部门同意后在批准的日期前报送。")
            .action(ask)
    }))
}

fn may(caller: &Caller, act: Act, view: &ClassView) -> bool {
    permits::may(&caller.ctx().actor, act, &view.class.place()).is_ok()
}

/// The answer first: where the class stands and what is next.
fn lead(view: &ClassView, ready: &Readiness, phase: Phase, missing: usize) -> String {
    let class = &view.class;
    let (taken, capacity, waiting) = (class.taken(), class.plan.capacity, class.seats.waiting);
    let until = class.plan.enrol_until.map(shown::moment).unwrap_or_default();
    let due = ready.due.map(deadline_sentence).unwrap_or_default();
    match phase {
        Phase::Draft if missing > 0 => format!("草稿，公众还看不到；还有 {missing} 处没有填好。"),
        Phase::Draft => "草稿，公众还看不到；都填好了，可以发布。".into(),
        Phase::Announced => {
            format!(
                "已发布，{} 开始报名。",
                class.plan.enrol_from.map(shown::moment).unwrap_or_default()
            )
        }
        Phase::EnrolmentOpen => format!("报名中：已报 {taken} / {capacity} 人，候补 {waiting} 人，{until} 截止。"),
        Phase::EnrolmentClosed => {
            format!(
                "报名已截止：{taken} 人，{} 开班。",
                class.starts_at.map(shown::moment).unwrap_or_default()
            )
        }
        Phase::Teaching => format!("正在上课：{taken} 人，每个课次当天起可以点名。"),
        Phase::AwaitingResult if ready.missing.is_empty() => format!("课程已结束，可以办理结业，期限 {due}。"),
        Phase::AwaitingResult => format!("课程已结束，{}；请在 {due} 前办理结业。", ready.missing.join("，")),
        Phase::Completed => format!("已结业：{taken} 人参加，学时已记入。"),
        Phase::Cancelled => "已取消，报名全部结束。".into(),
    }
}

fn deeds(page: Page, caller: &Caller, view: &ClassView, (ready, phase, missing): (&Readiness, Phase, usize)) -> Page {
    let id = view.class.id;
    let to = |label: &str, path: &str| Action::link(label, &format!("/desk/classes/{id}/{path}"));
    let mut page = page;
    if may(caller, Act::EditClass, view) {
        page = match phase {
            Phase::Draft if missing > 0 => page.action(to("继续填写", "basics")).other(to("检查", "check")),
            Phase::Draft => page.action(to("检查并发布", "check")),
            Phase::Teaching | Phase::AwaitingResult => {
                let complete = to("办理结业", "complete");
                let complete = if ready.missing.is_empty() {
                    complete
                } else {
                    complete.missing(&ready.missing.join("；"))
                };
                page.action(complete)
                    .other(to("录入结果", "results"))
                    .other(to("用点名表登记考勤", "roll"))
            }
            _ => page,
        };
        if matches!(view.class.state, ClassState::Published { .. }) {
            page = page.other(to("变更时间、地点和教师", "adjust"));
            if view.class.seats.reserved > 0 {
                let label = format!("释放 {} 个基层一线名额", view.class.seats.reserved);
                page = page.other(Action::post(
                    &label,
                    &format!("/desk/classes/{id}/release"),
                    caller.csrf(),
                ));
            }
        }
    }
    if may(caller, Act::ReportClass, view) {
        let kind = match phase {
            Phase::Announced | Phase::EnrolmentOpen | Phase::EnrolmentClosed => Some(("报送名单", "roster")),
            Phase::Teaching | Phase::AwaitingResult | Phase::Completed => Some(("报送结果", "completions")),
            Phase::Draft | Phase::Cancelled => None,
        };
        if let Some((label, kind)) = kind {
            let address = format!("/desk/reports/new?kind={kind}&class={id}");
            page = page.other(Action::link(label, &address));
        }
    }
    if view.class.state.published_at().is_some() {
        page = page
            .other(Action::link("学员名单", &format!("/desk/enrolments?class={id}")))
            .other(Action::link("满意度测评", &format!("/desk/classes/{id}/survey")))
            .other(Action::link("公开页面", &format!("/classes/{id}")));
    }
    let over = matches!(phase, Phase::Completed | Phase::Cancelled);
    if !over && may(caller, Act::CancelClass, view) {
        page = page.other(to("取消班次", "cancel").danger());
    }
    page
}

fn figures(view: &ClassView, phase: Phase) -> Figures {
    let class = &view.class;
    let mut shown = vec![
        Figure::new("已报名", class.taken().to_string(), "人").note(&format!("共 {} 个名额", class.plan.capacity)),
        Figure::new("候补", class.seats.waiting.to_string(), "人"),
        Figure::new("申报学时", class.plan.declared_hours.to_string(), "学时"),
    ];
    if !matches!(phase, Phase::Draft | Phase::Cancelled | Phase::Completed) {
        let note = format!("其中基层一线 {} 个", class.seats.reserved);
        shown.insert(
            1,
            Figure::new("剩余名额", class.seats.free().to_string(), "个").note(&note),
        );
    }
    Figures::new(shown)
}

/// Who acted, what is next, by when.
fn story(view: &ClassView, ready: &Readiness, phase: Phase) -> Timeline {
    let class = &view.class;
    let mut events = vec![TimelineEvent::done(
        "建立草稿",
        &shown::moment(class.created_at),
        &class.provider_name,
    )];
    if let Some(at) = class.state.published_at() {
        events.push(TimelineEvent::done("发布", &shown::moment(at), &class.provider_name));
    }
    let ahead = |phases: &[Phase]| phases.contains(&phase);
    let mut next = |title: &str, when: Option<kernel::Time>, who: &str, still: bool| {
        if let Some(at) = when {
            let when = shown::moment(at);
            events.push(if still {
                TimelineEvent::next(title, &when, who)
            } else {
                TimelineEvent::done(title, &when, who)
            });
        }
    };
    if class.state.published_at().is_some() && phase != Phase::Cancelled {
        let before = [Phase::Announced, Phase::EnrolmentOpen];
        next("报名截止", class.plan.enrol_until, "学员、用人单位", ahead(&before));
        next(
            "开班",
            class.starts_at,
            &class.provider_name,
            ahead(&before) || ahead(&[Phase::EnrolmentClosed]),
        );
        let teaching = ahead(&before) || ahead(&[Phase::EnrolmentClosed, Phase::Teaching]);
        next("最后一个课次结束", class.ends_at, &class.provider_name, teaching);
    }
    match &class.state {
        ClassState::Completed { at, .. } => {
            events.push(TimelineEvent::done(
                "办理结业，记入学时",
                &shown::moment(*at),
                &class.provider_name,
            ));
        }
        ClassState::Cancelled { at, .. } => {
            events.push(TimelineEvent::done("取消", &shown::moment(*at), &class.provider_name));
        }
        ClassState::Published { .. } => {
            let by = ready
                .due
                .map(|due| format!("{}前", deadline_sentence(due)))
                .unwrap_or_default();
            events.push(TimelineEvent::next("录入结果并办理结业", &by, &class.provider_name));
        }
        ClassState::Draft => events.push(TimelineEvent::next("填好后发布", "", &class.provider_name)),
    }
    Timeline::new(events)
}

fn sessions(caller: &Caller, view: &ClassView) -> Table {
    let public = view.class.state.published_at().is_some();
    let today = caller.ctx().today();
    let mut heads = vec![
        Column::tight("position", "课次"),
        Column::main("title", "内容"),
        Column::tight("time", "时间"),
        Column::new("place", "地点"),
        Column::new("teacher", "教师"),
        Column::number("taught", "授课分钟"),
    ];
    if public {
        heads.push(Column::tight("actions", "点名"));
    }
    let rows = view.sessions.iter().map(|session| {
        let plan = &session.plan;
        let place = if plan.place.is_empty() {
            "线上"
        } else {
            plan.place.as_str()
        };
        let time = format!(
            "{}–{}",
            shown::moment(plan.starts_at),
            plan.ends_at.civil().format("%H:%M")
        );
        let mut cells = vec![
            Cell::Number(session.position),
            Cell::text(plan.title.as_str()),
            Cell::text(time),
            Cell::text(place),
            Cell::stack(plan.teacher.as_str(), "", plan.teacher_title.as_str()),
            Cell::Number(plan.taught().get() / 60),
        ];
        if public {
            let roll = Action::link("点名", &format!("/desk/sessions/{}/roll", session.id)).quiet();
            let early = today < plan.starts_at.date();
            let roll = if early {
                roll.missing("上课当天起可以点名")
            } else {
                roll
            };
            let sheet = Action::link("签到表", &format!("/desk/sessions/{}/sheet", session.id)).quiet();
            cells.push(Cell::Actions(vec![roll, sheet]));
        }
        Row::new(cells)
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("课次", TableModel::new(heads, rows))
        .id("sessions")
        .when_empty("还没有安排课次。", None)
}

async fn facts(caller: &Caller, view: &ClassView, ready: &Readiness) -> kernel::Result<Summary> {
    let names = shown::names(caller.ctx()).await?;
    let (class, plan) = (&view.class, &view.class.plan);
    let ctx = caller.ctx();
    let own = reporting::filed::own_number(ctx, class.id).await?;
    let window = reporting::window(ctx, class.id).await?;
    let list = |vocabulary, codes: &[String]| -> String {
        let names: Vec<String> = codes.iter().map(|code| names.of(vocabulary, code)).collect();
        if names.is_empty() {
            "不限".into()
        } else {
            names.join("、")
        }
    };
    let allowed = &plan.eligibility;
    Ok(Summary::new()
        .title("班次信息")
        .fact("编号", Cell::text(class.number.as_deref().unwrap_or("发布时编号")))
        .why(&own.map_or_else(String::new, |own| format!("平台外班次，本机构编号 {own}。")))
        .fact("报送期限", Cell::text(window_words(&window, ctx.today())))
        .fact(
            "课程",
            Cell::link(view.course_title.as_str(), format!("/desk/courses/{}", class.course)),
        )
        .fact("科目", Cell::text(class.subject.name()))
        .fact("继续教育形式", Cell::text(class.form.name()))
        .fact("授课方式", Cell::text(plan.delivery.name()))
        .fact("计入学时", Cell::Hours(ready.hours.get()))
        .why(&ready.basis)
        .fact("收费", Cell::Money(plan.fee.get()))
        .why(plan.fee_source.name())
        .fact("联系", Cell::text(plan.contact.as_str()))
        .fact(
            "职称层级",
            Cell::text(list(Vocabulary::TitleLevel, &allowed.title_levels)),
        )
        .fact("重点领域", Cell::text(list(Vocabulary::FocusField, &allowed.fields)))
        .fact("所在区", Cell::text(list(Vocabulary::District, &allowed.districts)))
        .fact(
            "行业主管部门",
            Cell::text(list(Vocabulary::Department, &allowed.departments)),
        )
        .fact("说明", Cell::text(plan.summary.as_str())))
}
