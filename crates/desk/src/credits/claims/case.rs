//! One claim as all its parties see it: where it stands, whose turn it is and until when, the story, the evidence.

use kernel::{Role, id::ClaimRow, mask};
use learning::credits::claims::{self, Twin, View};
use rules::credits::claims::{ClaimCode, ClaimState, Confirmation};
use rules::permits::{self, Act};
use rules::taxonomy::deadline_sentence;
use ui::{
    Action, Alert, Cell, Column, Details, Html, Row, SectionHead, Table, TableModel, Timeline, TimelineEvent, Tone,
    format,
};
use web::{Caller, Gate, Key, Reply, Routes};

use super::{evidence, handing_in, shown};

pub(super) fn routes() -> Routes {
    Routes::new().get("/desk/claims/{id}", Gate::Act(Act::ListClaims), "学时申报详情", show)
}

async fn show(caller: Caller, Key(id): Key<ClaimRow>) -> Reply {
    let view = claims::view(caller.ctx(), id).await?;
    let claim = &view.claim;
    let number = claim.number.as_deref().unwrap_or("草稿");
    let crumb = if view.own { "/desk/my/claims" } else { "/desk/claims" };
    let mut page = caller
        .page(&format!("学时申报 {number}"))
        .lead(&lead(&caller, &view))
        .crumb("学时申报", crumb);
    for (place, action) in deeds(&caller, &view).into_iter().enumerate() {
        page = if place == 0 {
            page.action(action)
        } else {
            page.other(action)
        };
    }
    let mut facts = handing_in::facts(claim).fact("状态", shown::state(claim.state.code()));
    if !view.own {
        facts = facts
            .fact("申报人", Cell::masked(mask::name(&claim.name)))
            .fact("工作单位", Cell::text(claim.org_name.as_str()));
    }
    facts = facts.fact("认定部门", Cell::text(claim.competent.name()));
    if let Some(how) = claim
        .confirmed_how
        .filter(|_| claim.state.code() != ClaimCode::Submitted)
    {
        facts = facts.fact("单位意见", Cell::text(how.name()));
    }
    let mut body = Html::default();
    for note in notes(&view) {
        body = body.and(&note);
    }
    if !view.twins.is_empty() {
        body = body.and(&twins(&view.twins));
    }
    body = body
        .and(&facts)
        .and(&counted(&view))
        .and(&evidence::table(&view, |_| Vec::new()))
        .and(&SectionHead::new("办理经过"))
        .and(&story(&view));
    web::page(page, body)
}

/// Where it stands, from the reader's point of view.
fn lead(caller: &Caller, view: &View) -> String {
    let claim = &view.claim;
    let by = view.due.map(deadline_sentence).unwrap_or_default();
    let role = caller.ctx().actor.role;
    match &claim.state {
        ClaimState::Draft => "这件申报还没有提交。".to_owned(),
        ClaimState::Recognised { .. } => format!("已认定 {} 学时，已记入年度学时。", claim.hours),
        ClaimState::Refused { reason } => format!("不予认定，理由：{reason}"),
        ClaimState::Voided { reason } => format!("已作废，学时已冲正，理由：{reason}"),
        ClaimState::Withdrawn => "本人已撤回。".to_owned(),
        ClaimState::Returned { reason } => format!("退回补正：{reason} 请在 {by} 前补正；逾期不影响以后补正。"),
        open => match open.turn(claim.competent) {
            Some(turn) if turn == role => format!("等您办理，期限 {by}。"),
            Some(turn) => format!("等待{}办理，期限 {by}。", turn.name()),
            None => String::new(),
        },
    }
}

/// What the reader can do now, the most likely first.
fn deeds(caller: &Caller, view: &View) -> Vec<Action> {
    let claim = &view.claim;
    let id = claim.id;
    let ctx = caller.ctx();
    if view.own {
        let mut deeds = Vec::new();
        if claim.state.edit().is_ok() {
            deeds.push(Action::link("补正并重新提交", &shown::at(id, "facts")));
        }
        if claim.state.clone().withdraw().is_ok() {
            deeds.push(Action::link("撤回", &shown::at(id, "withdraw")).danger());
        }
        return deeds;
    }
    let mine = permits::may(&ctx.actor, Act::DecideClaim, &claim.place).is_ok()
        && claim.state.awaits(claim.competent, ctx.actor.role).is_ok();
    if !mine {
        return Vec::new();
    }
    let (label, deed) = match claim.state.code() {
        ClaimCode::Submitted => ("确认属实", "confirm"),
        _ => ("认定并记入学时", "recognise"),
    };
    let go = Action::post(label, &format!("/desk/claims/{id}/{deed}"), caller.csrf())
        .field("version", &claim.version.to_string());
    vec![
        go,
        Action::link("退回补正", &format!("/desk/claims/{id}/return")),
        Action::link("不予认定", &format!("/desk/claims/{id}/refuse")).danger(),
    ]
}

fn notes(view: &View) -> Vec<Alert> {
    let mut notes = Vec::new();
    let claim = &view.claim;
    if claim.confirmed_how == Some(Confirmation::Lapsed) && claim.state.code() == ClaimCode::Confirmed && !view.own {
        notes.push(
            Alert::new(Tone::Warn, "用人单位没有在期限内确认").text("请特别核对材料；必要时退回补正，请本人联系单位。"),
        );
    }
    notes
}

fn counted(view: &View) -> Html {
    let claim = &view.claim;
    let over = matches!(claim.state.code(), ClaimCode::Recognised | ClaimCode::Voided);
    if !over {
        return shown::estimate(claim);
    }
    let why = Details::new("为什么", Html::paragraphs(claim.steps.iter().map(String::as_str)));
    let title = format!("认定 {} 学时", claim.hours);
    let edition = format!("依据：{}。", claim.edition);
    let note = Alert::new(Tone::Good, &title).body(Html::paragraphs([edition.as_str()]).and(&why));
    Html::of(&note)
}

/// Other claims about the same achievement or with the same file, for whoever decides.
fn twins(twins: &[Twin]) -> Html {
    let heads = [
        Column::tight("number", "申报编号"),
        Column::main("why", "相同之处"),
        Column::tight("whose", "申报人"),
        Column::tight("rank", "排名"),
        Column::tight("state", "状态"),
    ];
    let rows = twins.iter().map(|twin| {
        Row::new([
            match twin.id {
                Some(id) => Cell::link(twin.number.as_str(), format!("/desk/claims/{id}")),
                None => Cell::text(twin.number.as_str()),
            },
            Cell::text(if twin.same_achievement {
                "同一成果"
            } else {
                "同一份文件"
            }),
            Cell::text(if twin.own { "同一人" } else { "另一人" }),
            twin.rank
                .map_or(Cell::Empty, |rank| Cell::text(format!("第 {rank} 名"))),
            shown::state(twin.state).into(),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let note = Alert::new(Tone::Warn, "有相同的申报，请核对")
        .text("合作成果按各人排名分别申报；同一人同一成果只认定一次，取最高。");
    let table = Table::new("相同的申报", TableModel::new(heads, rows)).id("twins");
    Html::of(&note).and(&table)
}

fn story(view: &View) -> Timeline {
    let mut events: Vec<TimelineEvent> = view
        .story
        .iter()
        .map(|told| {
            let who = if told.role == Role::Learner {
                "申报人"
            } else {
                told.role.name()
            };
            let event = TimelineEvent::done(told.step.name(), &format::moment(told.at.civil()), who);
            if told.note.is_empty() {
                event
            } else {
                event.note(&told.note)
            }
        })
        .collect();
    let claim = &view.claim;
    if let (Some(turn), Some(due)) = (claim.state.turn(claim.competent), view.due) {
        let deed = match claim.state.code() {
            ClaimCode::Submitted => "单位确认",
            ClaimCode::Returned => "补正后重新提交",
            _ => "认定",
        };
        let who = if turn == Role::Learner {
            "申报人"
        } else {
            turn.name()
        };
        events.push(TimelineEvent::next(deed, &format!("{}前", deadline_sentence(due)), who));
    }
    Timeline::new(events)
}
