//! The public page of a class: what it is, when, for whom, how many hours and why, and the way to enrol.
//! Ended and cancelled classes keep their page and say plainly what became of them. Streams' addresses are not public.

use kernel::{Role, id::ClassRow};
use learning::courses::{self, Class, ClassView, Session};
use registry::taxonomy::{Names, Vocabulary};
use rules::courses::change::Difference;
use rules::courses::eligibility::Condition;
use rules::courses::{ClassState, EnrolmentState, Phase};
use rules::credits::class_hours;
use rules::permits::{self, Act};
use rules::taxonomy::deadline_sentence;
use ui::{
    Action, Alert, Cell, Column, Details, Html, Row, SectionHead, Summary, Table, TableModel, Tags, Tone, format,
};
use web::{Caller, Gate, Key, Reply, Routes};

use crate::shown;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/classes/{id}", Gate::Public, "班次公开页面", show)
}

async fn show(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let ctx = caller.ctx();
    let view = courses::public(ctx, id).await?;
    let names = shown::names(ctx).await?;
    let class = &view.class;
    let phase = class.phase(ctx.now());
    let mut page = caller
        .page(&class.plan.title)
        .crumb("班次目录", "/catalogue")
        .lead(&lead(class, phase))
        .description(&class.plan.summary);
    let (action, notes) = enrolment(&caller, &view, phase).await?;
    if let Some(action) = action {
        page = page.action(action);
    }
    if permits::may(&ctx.actor, Act::EditClass, &class.place()).is_ok() {
        page = page.other(Action::link("管理这个班次", &format!("/desk/classes/{id}")));
    }
    let body = notes
        .and(&changes(&view))
        .and(&facts(&view, &names, phase))
        .and(&SectionHead::new("课程安排"))
        .and(&sessions(&view))
        .and(&SectionHead::new("学什么"))
        .and(&Html::paragraphs(
            view.course_summary.lines().filter(|line| !line.trim().is_empty()),
        ));
    let syllabus = Html::paragraphs(view.version.syllabus.lines().filter(|line| !line.trim().is_empty()));
    let body = if syllabus.is_empty() {
        body
    } else {
        body.and(&Details::new("课程大纲", syllabus))
    };
    web::portal_page(page, body)
}

fn lead(class: &Class, phase: Phase) -> String {
    let free = class.seats.free();
    let until = class.plan.enrol_until.map(shown::day).unwrap_or_default();
    match phase {
        Phase::Announced => {
            let from = class
                .plan
                .enrol_from
                .map(|at| format::moment(at.civil()))
                .unwrap_or_default();
            format!("{from} 开始报名。")
        }
        Phase::EnrolmentOpen if free > 0 => format!("正在报名，还有 {free} 个名额，{until}截止。"),
        Phase::EnrolmentOpen => format!(
            "名额已满，可以登记候补，{until}截止，现有 {} 人候补。",
            class.seats.waiting
        ),
        Phase::EnrolmentClosed => "报名已截止，尚未开班。".to_owned(),
        Phase::Teaching => "正在授课，报名已截止。".to_owned(),
        Phase::AwaitingResult => "课程已结束，施教机构正在登记结果。".to_owned(),
        Phase::Completed => "已结业，学时已记入。".to_owned(),
        Phase::Cancelled => "已取消，不再举办。".to_owned(),
        Phase::Draft => String::new(),
    }
}

/// 已变更: what was changed since publishing, newest first, with its reason; nothing when nothing was.
fn changes(view: &ClassView) -> Html {
    if view.changes.is_empty() {
        return Html::default();
    }
    let lines = view.changes.iter().map(|change| {
        let said: Vec<String> = change.differences.iter().map(Difference::sentence).collect();
        let reason = change.reason.trim_end_matches('。');
        format!(
            "{}：{}。原因：{reason}。",
            format::date(change.at.date()),
            said.join("；")
        )
    });
    let lines: Vec<String> = lines.collect();
    let note = Alert::new(Tone::Warn, "已变更").body(Html::paragraphs(lines.iter().map(String::as_str)));
    Html::of(&note)
}

/// The way to enrol for whoever looks, and what there is to say first.
async fn enrolment(caller: &Caller, view: &ClassView, phase: Phase) -> kernel::Result<(Option<Action>, Html)> {
    let id = view.class.id;
    if let ClassState::Cancelled { reason, .. } = &view.class.state {
        return Ok((
            None,
            Html::of(
                &Alert::new(Tone::Bad, "本班次已取消")
                    .text(&format!("原因：{reason}"))
                    .action(Action::link("查找其他班次", "/catalogue?open=1")),
            ),
        ));
    }
    if let Some(own) = own(view) {
        return Ok((Some(Action::link("查看我的班次", "/desk/my/classes")), Html::of(&own)));
    }
    let open = phase == Phase::EnrolmentOpen;
    let full = view.class.seats.free() <= 0;
    let why_not = match phase {
        Phase::Announced => "报名还没有开始",
        _ => "报名已截止",
    };
    let Some(signed) = caller.signed_in() else {
        let action = Action::link("登录后报名", &format!("/login?next=/classes/{id}"));
        return Ok((
            Some(if open { action } else { action.missing(why_not) }),
            Html::default(),
        ));
    };
    match signed.actor.role {
        Role::Learner if open => {
            let reasons = courses::check_self(caller.ctx(), id).await?;
            let label = if full { "登记候补" } else { "报名" };
            let action = Action::post(label, &format!("/classes/{id}/enrol"), caller.csrf());
            if reasons.is_empty() {
                return Ok((Some(action), Html::default()));
            }
            let note = Alert::new(Tone::Warn, "您目前不能报名这个班次")
                .body(Html::paragraphs(reasons.iter().map(String::as_str)));
            Ok((Some(action.missing("不符合报名条件，原因见下")), Html::of(&note)))
        }
        Role::Learner => Ok((
            Some(Action::link("报名", "/catalogue").missing(why_not)),
            Html::default(),
        )),
        Role::Employer if open => Ok((
            Some(Action::link("组织本单位人员报名", &format!("/desk/enrol/{id}"))),
            Html::default(),
        )),
        _ => Ok((None, Html::default())),
    }
}

/// What became of the looker's own enrolment, if there is one that stands.
fn own(view: &ClassView) -> Option<Alert> {
    let own = view.own.as_ref()?;
    let (tone, title, text) = match &own.state {
        EnrolmentState::Enrolled { .. } => (
            Tone::Good,
            "您已报名",
            "请按时参加；不能参加请在报名截止前退出。".to_owned(),
        ),
        EnrolmentState::Waiting => (
            Tone::Warn,
            "您在候补名单中",
            format!("前面还有 {} 人。有名额空出时按顺序递补并通知您。", view.ahead),
        ),
        EnrolmentState::Completed { .. } => (Tone::Good, "您已结业", "学时已记入您的年度学时。".to_owned()),
        EnrolmentState::Failed { reason, .. } => (Tone::Neutral, "您没有结业", reason.clone()),
        EnrolmentState::Absent { .. } => (Tone::Neutral, "您没有参加", "没有出勤记录，不计学时。".to_owned()),
        EnrolmentState::Withdrawn { .. } | EnrolmentState::Cancelled { .. } => return None,
    };
    Some(Alert::new(tone, title).text(&text))
}

fn facts(view: &ClassView, names: &Names, phase: Phase) -> Html {
    let (class, plan) = (&view.class, &view.class.plan);
    let (hours, basis) = class_hours(&view.rule, class.taught, plan.declared_hours);
    let mut facts = Summary::new()
        .fact("状态", shown::phase_state(phase, class.seats.free()))
        .fact("班次编号", Cell::text(class.number.clone().unwrap_or_default()))
        .fact("施教机构", Cell::text(class.provider_name.as_str()))
        .fact(
            "科目和形式",
            Cell::text(format!("{} · {}", class.subject.name(), class.form.name())),
        )
        .fact("结业可得学时", hours)
        .why(&format!(
            "{basis}（规则 R-6、R-7）。学时计入 {} 年度，当年有效。",
            plan.year
        ))
        .fact("授课方式", Cell::text(plan.delivery.name()));
    if let (Some(from), Some(until)) = (class.starts_at, class.ends_at) {
        facts = facts.fact("上课时间", Cell::DateRange(from.date(), until.plus_seconds(-1).date()));
    }
    if !plan.place.is_empty() {
        let district = names.of_opt(Vocabulary::District, class.district.as_deref());
        facts = facts.fact("地点", Cell::text(shown::whereabouts(&district, &plan.place)));
    }
    if let (Some(from), Some(until)) = (plan.enrol_from, plan.enrol_until) {
        let words = format!("{} 至 {}", format::moment(from.civil()), format::moment(until.civil()));
        facts = facts.fact("报名时间", Cell::text(words));
    }
    facts = facts.fact("名额", Cell::text(seats(class, phase)));
    if plan.reserved > 0 {
        facts = facts.why(&format!(
            "其中 {} 个名额为基层一线人员预留，报名截止前未用完的按候补顺序放开。",
            plan.reserved
        ));
    }
    facts = facts.part("报名条件", eligibility(class, names));
    facts = facts
        .fact("收费", Cell::text(shown::fee(plan.fee)))
        .why(&format!("经费来源：{}。", plan.fee_source.name()));
    if let Some(due) = view
        .results_due
        .filter(|_| matches!(phase, Phase::Teaching | Phase::AwaitingResult))
    {
        facts = facts.fact("结果登记期限", Cell::text(deadline_sentence(due)));
    }
    facts = facts.fact("联系", Cell::text(plan.contact.as_str()));
    let tags: Vec<String> = [
        names.of_opt(Vocabulary::FocusField, class.field.as_deref()),
        names.of_opt(Vocabulary::KeyArea, plan.key_area.as_deref()),
    ]
    .into_iter()
    .filter(|name| !name.is_empty())
    .collect();
    let summary = Html::paragraphs(plan.summary.lines().filter(|line| !line.trim().is_empty()));
    summary.and(&Tags::new(tags)).and(&facts)
}

fn seats(class: &Class, phase: Phase) -> String {
    let (all, free, waiting) = (class.plan.capacity, class.seats.free(), class.seats.waiting);
    match phase {
        Phase::EnrolmentOpen if waiting > 0 => format!("共 {all} 个，剩余 {free} 个，候补 {waiting} 人"),
        Phase::EnrolmentOpen => format!("共 {all} 个，剩余 {free} 个"),
        _ => format!("共 {all} 个"),
    }
}

/// The conditions in words.
fn eligibility(class: &Class, names: &Names) -> Html {
    let lists = class.plan.eligibility.lists();
    let lines: Vec<String> = lists
        .iter()
        .filter(|(_, codes)| !codes.is_empty())
        .map(|(condition, codes)| {
            let vocabulary = match condition {
                Condition::TitleLevel => Vocabulary::TitleLevel,
                Condition::Field => Vocabulary::FocusField,
                Condition::District => Vocabulary::District,
                Condition::Department => Vocabulary::Department,
            };
            let terms: Vec<String> = codes.iter().map(|code| names.of(vocabulary, code)).collect();
            format!("{}：{}", condition.name(), terms.join("、"))
        })
        .collect();
    if lines.is_empty() {
        Html::text("专业技术人员均可报名")
    } else {
        Html::paragraphs(lines.iter().map(String::as_str))
    }
}

fn sessions(view: &ClassView) -> Table {
    let heads = [
        Column::tight("at", "时间"),
        Column::main("title", "内容"),
        Column::new("teacher", "讲师"),
        Column::new("place", "地点"),
        Column::number("minutes", "授课").unit("分钟"),
    ];
    // In the order of time, which a change may have made another than that of their numbers.
    let mut sessions: Vec<&Session> = view.sessions.iter().collect();
    sessions.sort_by_key(|session| session.plan.starts_at);
    let rows = sessions.into_iter().map(|session| {
        let plan = &session.plan;
        let end = plan.ends_at.civil().format("%H:%M");
        let place = match (plan.place.is_empty(), view.class.plan.delivery.has_place()) {
            (false, _) => plan.place.clone(),
            (true, true) => view.class.plan.place.clone(),
            (true, false) => "线上，报名后可见".to_owned(),
        };
        Row::new([
            Cell::text(format!("{}–{end}", format::moment(plan.starts_at.civil()))),
            Cell::text(plan.title.as_str()),
            Cell::stack(plan.teacher.as_str(), "", plan.teacher_title.as_str()),
            Cell::text(place),
            Cell::Number(plan.taught().get() / 60),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("课程安排", TableModel::new(heads, rows))
        .id("sessions")
        .when_empty("课程安排还没有公布。", None)
}
