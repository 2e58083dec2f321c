//! One round: where it stands, the matrix of its reviews, assigning, sending, closing.

use db::jobs::JobState;
use oversight::calls::review::{self, RoundRow, Standing, View};
use rules::calls::review::{Review, ReviewCode, RoundCode};
use rules::permits::Act;
use rules::taxonomy::deadline_sentence;
use ui::{
    Action, Alert, Cell, Column, Details, Figure, Figures, Html, JobProgress, Page, Row, SectionHead, State, Table,
    TableModel, Tone, format,
};
use web::{Caller, Fields, Gate, Key, Reply, Routes, html, redirect_saying};

use super::shown;
use crate::orgs::version;

pub(super) fn routes() -> Routes {
    let (seeing, running) = (Gate::Act(Act::ListRounds), Gate::Act(Act::RunRound));
    Routes::new()
        .get("/desk/review-rounds/{id}", seeing, "一次专家评审", show)
        .get("/desk/review-rounds/{id}/progress", seeing, "评审分配进度", progress)
        .post("/desk/review-rounds/{id}/assign", running, "分配评审人", assign)
        .post("/desk/review-rounds/{id}/send", running, "下发评审", send)
        .post("/desk/review-rounds/{id}/close", running, "结束评审", close)
}

async fn show(caller: Caller, Key(id): Key<RoundRow>) -> Reply {
    let view = review::view(caller.ctx(), id).await?;
    let round = &view.whole.round;
    let standings = review::standings(&view.whole);
    let page = caller
        .page(&round.title)
        .lead(&lead(&view, &standings))
        .crumb("专家评审", "/desk/review-rounds");
    let page = deeds(&caller, page, &view);
    let mut body = Html::default();
    if is_running(&view) {
        body = body.and(&job(&caller, &view));
    } else if let Some(outcome) = &round.outcome {
        body = body.and(&shown::outcome(outcome, round.seed));
    }
    body = body
        .and(&figures(&view, &standings))
        .and(&SectionHead::new("评审矩阵").more("回避情况", &format!("{}/bars", shown::at(id))))
        .and(&matrix(&view, &standings))
        .and(&loads(&view))
        .and(&Details::new(
            "本次评审的规则",
            Html::of(&shown::settings(&round.settings)),
        ));
    web::page(page, body)
}

/// Whether the assigning job is under way.
fn is_running(view: &View) -> bool {
    view.job
        .as_ref()
        .is_some_and(|job| matches!(job.state, JobState::Waiting | JobState::Running))
}

fn lead(view: &View, standings: &[Standing]) -> String {
    let signed: usize = standings.iter().map(|one| one.signed).sum();
    let waiting: usize = standings.iter().map(|one| one.waiting).sum();
    match view.whole.round.state {
        RoundCode::Preparing => format!("{} 项申报等待分配评审人。", standings.len()),
        RoundCode::Drafted => "已分配，还没有告诉专家；核对后下发。".to_owned(),
        RoundCode::Reviewing => {
            let by = view.due.map(deadline_sentence).unwrap_or_default();
            format!("已签署 {signed} 件，等待 {waiting} 件，期限 {by}。")
        }
        RoundCode::Closed => format!("评审已结束，{} 项申报排出名次。", view.ranking.len()),
    }
}

fn deeds(caller: &Caller, mut page: Page, view: &View) -> Page {
    let round = &view.whole.round;
    if round.state == RoundCode::Closed {
        return page.action(Action::link("查看名次", &format!("{}/ranking", shown::at(round.id))));
    }
    if caller.ctx().may(Act::RunRound, &round.place).is_err() || is_running(view) {
        return page;
    }
    let post = |label: &str, deed: &str| {
        Action::post(label, &format!("{}/{deed}", shown::at(round.id)), caller.csrf())
            .field("version", &round.version.to_string())
    };
    let drafted = view.whole.reviews.iter().any(|one| one.review == Review::Drafted);
    let standings = review::standings(&view.whole);
    let wanted = round.settings.reviews as usize;
    let short = standings.iter().any(|one| one.signed + one.waiting < wanted);
    match round.state {
        RoundCode::Preparing => page = page.action(post("分配评审人", "assign")),
        RoundCode::Drafted => page = page.action(post("下发", "send")).other(post("重新分配", "assign")),
        RoundCode::Reviewing if drafted => page = page.action(post("下发补派的评审", "send")),
        RoundCode::Reviewing if short => page = page.action(post("补派评审人", "assign")),
        _ => page = page.action(post("结束评审并排序", "close")),
    }
    page
}

fn figures(view: &View, standings: &[Standing]) -> Figures {
    let count =
        |of: fn(&Standing) -> usize| -> i64 { i64::try_from(standings.iter().map(of).sum::<usize>()).unwrap_or(0) };
    let discuss = standings
        .iter()
        .filter(|one| one.judgement.as_ref().is_some_and(|judged| judged.discuss) && one.minutes.is_empty());
    let discuss = i64::try_from(discuss.count()).unwrap_or(0);
    Figures::new([
        Figure::new(
            "申报",
            format::number(i64::try_from(standings.len()).unwrap_or(0)),
            "项",
        ),
        Figure::new(
            "参加专家",
            format::number(i64::try_from(view.whole.seats.len()).unwrap_or(0)),
            "位",
        ),
        Figure::new("已签署", format::number(count(|one| one.signed)), "件").tone(Tone::Good),
        Figure::new("等待", format::number(count(|one| one.waiting)), "件"),
        Figure::new("待讨论", format::number(discuss), "项").tone(if discuss > 0 { Tone::Warn } else { Tone::Neutral }),
    ])
}

/// One row a declaration, its reviewers with what they gave.
fn matrix(view: &View, standings: &[Standing]) -> Table {
    let heads = [
        Column::main("item", "申报"),
        Column::new("reviews", "评审人和评分"),
        Column::number("score", "得分"),
        Column::number("spread", "分歧"),
        Column::tight("state", "状态"),
    ];
    let rows: Vec<Row> = standings.iter().map(|one| row(view, one)).collect();
    Table::new("评审矩阵", TableModel::new(heads, rows))
        .id("matrix")
        .when_empty("没有申报。", None)
}

fn row(view: &View, standing: &Standing) -> Row {
    let item = &standing.item;
    let own = view.whole.reviews.iter().filter(|one| one.item == item.id);
    let words: Vec<String> = own
        .map(|one| {
            let name = view.whole.name_of(one.expert);
            match &one.review {
                Review::Signed { points } => format!("{name} {points}"),
                Review::Recused { .. } => format!("{name}（回避）"),
                other => format!("{name}（{}）", other.code().name()),
            }
        })
        .collect();
    let judged = standing.judgement.as_ref();
    let torn = judged.is_some_and(|judged| judged.discuss);
    let state = match (standing.waiting, torn, standing.minutes.is_empty()) {
        _ if standing.signed + standing.waiting == 0 => State::AwaitingAssignment.into(),
        (0, true, true) => Cell::badge(Tone::Warn, "待讨论"),
        (0, ..) => State::Signed.into(),
        _ if view.whole.round.state == RoundCode::Drafted => State::AwaitingSending.into(),
        _ => State::InReview.into(),
    };
    Row::new([
        Cell::stack(
            item.title.as_str(),
            format!("/desk/review-items/{}", item.id),
            format!("{} · {}", item.number, item.host_name),
        ),
        Cell::text(words.join("，")),
        judged.map_or(Cell::Empty, |judged| Cell::text(judged.score.to_string())),
        judged.map_or(Cell::Empty, |judged| Cell::text(judged.spread.to_string())),
        state,
    ])
}

/// How much each expert has.
fn loads(view: &View) -> Html {
    let loads = view.whole.loads();
    let heads = [
        Column::main("name", "专家"),
        Column::tight("background", "类别"),
        Column::new("load", "承担"),
        Column::number("signed", "已签署"),
    ];
    let rows = view.whole.seats.iter().filter_map(|seat| {
        let load = *loads.get(&seat.expert)?;
        let signed = view
            .whole
            .reviews
            .iter()
            .filter(|one| one.expert == seat.expert && one.review.code() == ReviewCode::Signed);
        Some(Row::new([
            Cell::link(seat.name.as_str(), format!("/desk/experts/{}", seat.expert)),
            Cell::text(seat.background.name()),
            Cell::Share {
                part: i64::from(load),
                whole: i64::from(seat.capacity),
            },
            Cell::Number(i64::try_from(signed.count()).unwrap_or(0)),
        ]))
    });
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        return Html::default();
    }
    let table = Table::new("专家承担的件数", TableModel::new(heads, rows)).id("loads");
    Html::of(&SectionHead::new("专家")).and(&table)
}

fn job(caller: &Caller, view: &View) -> JobProgress {
    let round = &view.whole.round;
    let status = view.job.as_ref();
    let started = status.and_then(|job| job.started_at);
    let elapsed = started.map_or(0, |at| u64::try_from(caller.ctx().now().seconds_since(at)).unwrap_or(0));
    let (done, total) = status.map_or((0, 0), |job| (job.done, job.total));
    let dead = status.is_some_and(|job| job.state == JobState::Dead);
    JobProgress {
        title: "分配评审人".into(),
        state: match (dead, started) {
            (true, _) => State::Broken,
            (false, Some(_)) => State::Running,
            (false, None) => State::Queued,
        },
        done,
        total,
        elapsed_seconds: elapsed,
        left_seconds: None,
        address: format!("{}/progress", shown::at(round.id)),
        page: shown::at(round.id),
        cancel: None,
        result: None,
        message: if dead {
            "分配没有完成，请重新分配或联系系统运维人员。".into()
        } else {
            String::new()
        },
    }
}

async fn progress(caller: Caller, Key(id): Key<RoundRow>) -> Reply {
    let view = review::view(caller.ctx(), id).await?;
    let mut piece = job(&caller, &view);
    if !is_running(&view) {
        piece.state = State::Done;
        piece.result = Some(Action::link("查看分配结果", &shown::at(id)).primary());
    }
    html(&piece)
}

async fn assign(caller: Caller, Key(id): Key<RoundRow>, fields: Fields) -> Reply {
    review::order_assignment(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(&caller, &shown::at(id), "正在分配，可以离开本页，稍后回来查看。")
}

async fn send(caller: Caller, Key(id): Key<RoundRow>, fields: Fields) -> Reply {
    match review::send(caller.ctx(), id, version(&fields)?).await {
        Ok(()) => redirect_saying(&caller, &shown::at(id), "已下发，专家收到待办。"),
        Err(error) => refused(&caller, id, error, "没有下发").await,
    }
}

async fn close(caller: Caller, Key(id): Key<RoundRow>, fields: Fields) -> Reply {
    match review::close(caller.ctx(), id, version(&fields)?).await {
        Ok(()) => redirect_saying(&caller, &format!("{}/ranking", shown::at(id)), "评审已结束，名次如下。"),
        Err(error) => refused(&caller, id, error, "没有结束").await,
    }
}

/// The page again, with why a rule says no at its top.
async fn refused(caller: &Caller, id: review::RoundId, error: kernel::Error, title: &str) -> Reply {
    let kernel::Error::Refused { sentence, .. } = &error else {
        return Err(error.into());
    };
    let note = Html::of(&Alert::new(Tone::Bad, title).text(sentence));
    let view = review::view(caller.ctx(), id).await?;
    let standings = review::standings(&view.whole);
    let page = caller
        .page(&view.whole.round.title)
        .lead(&lead(&view, &standings))
        .crumb("专家评审", "/desk/review-rounds");
    let page = deeds(caller, page, &view);
    web::reform(error, |_| {
        web::page(
            page,
            note.and(&figures(&view, &standings)).and(&matrix(&view, &standings)),
        )
    })
}
