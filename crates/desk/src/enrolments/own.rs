//! A person's own classes: to come, waiting, past; and the button of the public page of a class.

use kernel::{Role, id::ClassRow};
use learning::courses::{self, Answer, EnrolmentLine};
use rules::courses::EnrolmentState;
use rules::permits::Act;
use ui::{Action, Alert, Cell, Column, Html, Row, Table, TableModel, Tone, format};
use web::{Caller, Gate, Key, Reply, Routes, redirect_saying};

use crate::courses::shown;

/// Days after its end for which a class is shown as one to answer about.
const ASKED_DAYS: i64 = 30;

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/my/classes", Gate::Act(Act::EnrolSelf), "我的班次", mine)
        .post("/classes/{id}/enrol", Gate::Act(Act::EnrolSelf), "本人报名", enrol)
}

async fn enrol(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let (_, answer) = courses::enrol_self(caller.ctx(), id).await?;
    let said = match answer {
        Answer::Waiting { ahead } => format!("名额已满，您在候补第 {ahead} 位；有名额时按顺序递补，会通知您。"),
        _ => "报名成功。请按时参加；不能参加请在报名截止前退出。".to_owned(),
    };
    redirect_saying(&caller, "/desk/my/classes", &said)
}

async fn mine(caller: Caller) -> Reply {
    if caller.ctx().actor.person().is_none() {
        let note = Alert::new(Tone::Neutral, "当前角色没有本人的班次").text("请切换到“专业技术人员”角色后查看。");
        return web::page(caller.page("我的班次"), Html::of(&note));
    }
    let lines = courses::mine(caller.ctx()).await?;
    let (mut coming, mut waiting, mut past) = (Vec::new(), Vec::new(), Vec::new());
    for line in &lines {
        match &line.enrolment.state {
            EnrolmentState::Enrolled { .. } => coming.push(line),
            EnrolmentState::Waiting => waiting.push(line),
            _ => past.push(line),
        }
    }
    coming.sort_by_key(|line| line.starts_at);
    let page = caller
        .page("我的班次")
        .lead(&lead(&coming, &waiting, &caller))
        .action(Action::link("查找班次", "/catalogue?open=1"));
    let mut body = Html::default();
    for (session, title, position) in courses::open_check_ins(caller.ctx()).await? {
        let sentence = format!("“{title}”第 {position} 课次正在签到");
        let note = Alert::new(Tone::Active, &sentence)
            .text("扫描教室屏幕上的二维码，或打开后输入屏幕上的签到码。")
            .action(Action::link("去签到", &format!("/check-in/{session}")));
        body = body.and(&note);
    }
    let none = Some(Action::link("查找正在报名的班次", "/catalogue?open=1"));
    body = body.and(&table(&caller, "coming", "要上的课", &coming).when_empty("目前没有要上的课。", none));
    if !waiting.is_empty() {
        body = body.and(&table(&caller, "waiting", "候补中", &waiting));
    }
    if !past.is_empty() {
        body = body.and(&table(&caller, "past", "以往的班次", &past));
    }
    web::page(page, body)
}

fn lead(coming: &[&EnrolmentLine], waiting: &[&EnrolmentLine], caller: &Caller) -> String {
    let now = caller.ctx().now();
    let next = coming.iter().find(|line| line.ends_at > now);
    let first = match next {
        Some(line) if line.starts_at > now => {
            format!(
                "下一次课：{}，“{}”。",
                format::moment(line.starts_at.civil()),
                line.title
            )
        }
        Some(line) => format!("正在上课：“{}”。", line.title),
        None => "目前没有要上的课。".to_owned(),
    };
    if waiting.is_empty() {
        first
    } else {
        format!("{first}另有 {} 个班次候补中。", waiting.len())
    }
}

/// Whether the person can be asked about the class by now; whether it still can, its page says.
fn waits_for_answer(line: &EnrolmentLine, now: kernel::Time) -> bool {
    let sat = matches!(
        line.enrolment.state,
        EnrolmentState::Enrolled { .. } | EnrolmentState::Completed { .. } | EnrolmentState::Failed { .. }
    );
    sat && line.ends_at <= now && now.seconds_since(line.ends_at) < ASKED_DAYS * 86_400
}

fn table(caller: &Caller, id: &str, caption: &str, lines: &[&EnrolmentLine]) -> Table {
    let heads = [
        Column::main("title", caption),
        Column::tight("days", "上课日期"),
        Column::new("place", "地点"),
        Column::number("hours", "申报学时"),
        Column::tight("state", "状态"),
        Column::tight("actions", "操作"),
    ];
    let now = caller.ctx().now();
    let rows = lines.iter().map(|line| {
        let days = Cell::DateRange(line.starts_at.date(), line.ends_at.plus_seconds(-1).date());
        let place = if line.place.is_empty() {
            "线上"
        } else {
            line.place.as_str()
        };
        let mut deeds: Vec<Action> = super::leave(line, Role::Learner, now).into_iter().collect();
        if waits_for_answer(line, now) {
            deeds.push(Action::link(
                "评价",
                &format!("/desk/my/surveys/{}", line.enrolment.class),
            ));
        }
        let state = match &line.enrolment.state {
            EnrolmentState::Failed { reason, .. } => Cell::text(format!("未结业：{reason}")),
            state => shown::enrolment_state(state).into(),
        };
        Row::new([
            Cell::stack(
                line.title.as_str(),
                format!("/classes/{}", line.enrolment.class),
                line.provider_name.as_str(),
            ),
            days,
            Cell::text(place),
            Cell::Hours(line.hours.get()),
            state,
            Cell::Actions(deeds),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new(caption, TableModel::new(heads, rows)).id(id)
}
