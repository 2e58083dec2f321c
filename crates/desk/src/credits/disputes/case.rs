//! A case as each of its parties sees it: what is contested, where it stands, who acts next and by when.

use kernel::{id::DisputeRow, id::FileRow};
use learning::credits::disputes::{self, Dispute, DisputeView, Step};
use rules::credits::disputes::{Contested, DisputeCode, DisputeState};
use rules::permits::{self, Act};
use rules::taxonomy::deadline_sentence;
use ui::{
    Action, Alert, Cell, Column, Html, Page, Row, Summary, Table, TableModel, Timeline, TimelineEvent, Tone, format,
};
use web::{Caller, Gate, Key, Reply, Routes};

use super::{address, claim, outcome, state, subject_words};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::ListDisputes);
    Routes::new()
        .get("/desk/disputes/{id}", gate, "学时异议详情", show)
        .get("/desk/disputes/files/{id}", gate, "下载异议证明材料", file)
}

async fn show(caller: Caller, Key(id): Key<DisputeRow>) -> Reply {
    let view = disputes::view(caller.ctx(), id).await?;
    let case = &view.line.case;
    let page = caller
        .page(&format!("{}：{}", case.contested.kind().name(), case.title))
        .crumb("学时异议", "/desk/disputes")
        .lead(&answer(&view));
    let page = act(&caller, page, case);
    let body = Html::of(&facts(&view)).and(&story(&view)).and(&files(&view));
    web::page(page, body.and(&rights(case)))
}

/// Where it stands, in one sentence.
fn answer(view: &DisputeView) -> String {
    let case = &view.line.case;
    let by = view.line.due.map(deadline_sentence).unwrap_or_default();
    match &case.state {
        DisputeState::Opened => format!("等待{}答复，期限 {by}。", provider(view)),
        DisputeState::Answered { answer } => {
            format!(
                "施教机构{}；由{}在 {by} 前决定。",
                answer.stance.name(),
                case.body.name()
            )
        }
        DisputeState::Unanswered { .. } => format!("由{}在 {by} 前决定。", case.body.name()),
        DisputeState::Decided { verdict } => {
            format!(
                "{}决定：{}。本人可以在 {by} 前申请复核一次。",
                case.body.name(),
                verdict.outcome.name()
            )
        }
        DisputeState::Appealed { .. } => format!("正在复核，市级牵头部门在 {by} 前决定。"),
        DisputeState::Final { verdict, appealed, .. } => {
            let end = if *appealed { "复核后生效" } else { "已经生效" };
            format!("决定：{}，{end}。", verdict.outcome.name())
        }
        DisputeState::Settled { .. } => "学时已按正常途径更正，异议办结。".to_owned(),
        DisputeState::Withdrawn { .. } => "本人已撤回。".to_owned(),
    }
}

fn provider(view: &DisputeView) -> &str {
    if view.line.provider.is_empty() {
        "施教机构"
    } else {
        &view.line.provider
    }
}

/// What the reader can do now.
fn act(caller: &Caller, page: Page, case: &Dispute) -> Page {
    let actor = &caller.ctx().actor;
    let may = |act| permits::may(actor, act, &case.place).is_ok();
    let (code, at) = (case.state.code(), address(case));
    let take_back =
        || Action::post("撤回", &format!("{at}/withdraw"), caller.csrf()).field("version", &case.version.to_string());
    let own = may(Act::OpenDispute);
    match code {
        DisputeCode::Opened if may(Act::AnswerDispute) => page.action(Action::link("答复", &format!("{at}/answer"))),
        DisputeCode::Answered | DisputeCode::Unanswered
            if may(Act::DecideDispute) && actor.role == case.body.role() =>
        {
            page.action(Action::link("作出决定", &format!("{at}/decide")))
        }
        DisputeCode::Appealed if may(Act::ReviewDispute) => {
            page.action(Action::link("作出复核决定", &format!("{at}/decide")))
        }
        DisputeCode::Decided if own => page.action(Action::link("申请复核", &format!("{at}/appeal"))),
        DisputeCode::Opened | DisputeCode::Answered | DisputeCode::Unanswered | DisputeCode::Appealed if own => {
            page.other(take_back())
        }
        _ => page,
    }
}

fn facts(view: &DisputeView) -> Summary {
    let case = &view.line.case;
    let mut facts = Summary::new()
        .title("异议")
        .fact("编号", Cell::text(case.number.as_str()))
        .fact("状态", state(&case.state))
        .fact("姓名", Cell::masked(view.line.name.as_str()))
        .fact("类别", Cell::text(case.contested.kind().name()))
        .fact("主张", Cell::text(claim(&case.contested)));
    if let Some(entry) = &view.entry {
        let recorded = format!(
            "{} 学时，{}，{} 取得",
            entry.hours,
            subject_words(entry.subject, entry.part),
            format::date(entry.earned_on)
        );
        facts = facts.fact("原来记的是", Cell::text(recorded)).why(&entry.basis);
    }
    if let Contested::Missing { enrolment: Some(_), .. } = &case.contested {
        facts = facts
            .fact("班次", Cell::text(case.title.as_str()))
            .why("本人在平台上报过名；施教机构确认漏办的，直接办理结业，学时自动记入，异议随之办结。");
    }
    facts = facts.fact("理由", Cell::text(case.words.as_str()));
    if !view.line.provider.is_empty() {
        facts = facts.fact("施教机构", Cell::text(view.line.provider.as_str()));
    }
    facts
        .fact("决定部门", Cell::text(case.body.name()))
        .why("施教机构属于行业主管部门的，由该部门决定；否则由工作单位所在区决定（规则 R-50）。经办过这笔学时或答复过的人不参与决定（R-52）。")
}

fn story(view: &DisputeView) -> Timeline {
    let case = &view.line.case;
    let mut events: Vec<TimelineEvent> = view.steps.iter().map(|step| event(step, view)).collect();
    if let Some(due) = view.line.due {
        let (what, who) = match case.state.code() {
            DisputeCode::Opened => ("施教机构答复", provider(view)),
            DisputeCode::Decided => ("本人可以申请复核，不申请的决定生效", "本人"),
            DisputeCode::Appealed => ("复核决定", "市级牵头部门"),
            _ => ("作出决定", case.body.name()),
        };
        events.push(TimelineEvent::next(
            what,
            &format!("{} 前", deadline_sentence(due)),
            who,
        ));
    }
    if let Some(verdict) = case.state.verdict()
        && let Some(last) = events.iter_mut().rev().find(|event| !event.ahead)
        && last.title.contains("决定")
    {
        *last = last.clone().state(outcome(verdict.outcome));
    }
    Timeline::new(events)
}

fn event(step: &Step, view: &DisputeView) -> TimelineEvent {
    let who = match step.role {
        kernel::Role::Provider => provider(view).to_owned(),
        kernel::Role::Learner => "本人".to_owned(),
        kernel::Role::System => "平台".to_owned(),
        role => role.name().to_owned(),
    };
    TimelineEvent::done(step.kind.name(), &format::moment(step.at.civil()), &who).note(&step.words)
}

fn files(view: &DisputeView) -> Table {
    let heads = [
        Column::main("name", "文件"),
        Column::tight("role", "提交方"),
        Column::tight("at", "提交时间"),
    ];
    let rows = view.files.iter().map(|file| {
        let who = if file.role == kernel::Role::Learner {
            "本人"
        } else {
            file.role.name()
        };
        Row::new([
            Cell::link(file.name.as_str(), format!("/desk/disputes/files/{}", file.file)),
            Cell::text(who),
            Cell::Moment(file.at.civil()),
        ])
    });
    Table::new("证明材料", TableModel::new(heads, rows.collect::<Vec<_>>()))
        .id("files")
        .when_empty("没有证明材料。", None)
}

fn rights(case: &Dispute) -> Alert {
    let text = match case.state.code() {
        DisputeCode::Final => "如有新的证据，可以对现在的学时另行提出异议。",
        _ => "决定支持本人的，原来的记录以冲正方式更正，不会被删除；依据它出具的证书自动撤销或更新。",
    };
    Alert::new(Tone::Active, "怎样更正").text(text)
}

async fn file(caller: Caller, Key(id): Key<FileRow>) -> Reply {
    let file = disputes::evidence(caller.ctx(), id).await?;
    let kind = match file.content_type.as_str() {
        "image/png" => "image/png",
        "image/jpeg" => "image/jpeg",
        _ => "application/pdf",
    };
    web::download(&file.name, kind, file.bytes)
}
