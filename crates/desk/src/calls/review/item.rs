//! One thing reviewed, for the body that runs the round: its reviews, exchanging a reviewer, the panel's minutes.

use kernel::{Error, ExpertId};
use oversight::calls::review::{self, Given, ItemId, ItemRow, Minutes, Standing, View};
use rules::calls::review::{Review, RoundCode};
use rules::permits::Act;
use rules::scorecards::Points;
use ui::{
    Alert, Cell, Choice, Column, Field, Form, Html, Row, SectionHead, Summary, Table, TableModel, Timeline,
    TimelineEvent, Tone, format,
};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform_reading};

use super::shown;
use crate::orgs::version;

pub(super) fn routes() -> Routes {
    let running = Gate::Act(Act::RunRound);
    Routes::new()
        .get(
            "/desk/review-items/{id}",
            Gate::Act(Act::ListRounds),
            "一项申报的评审",
            show,
        )
        .post("/desk/review-items/{id}/exchange", running, "更换评审人", exchange)
        .post("/desk/review-items/{id}/take-back", running, "收回评审", take_back)
        .post("/desk/review-items/{id}/minutes", running, "登记讨论纪要", minutes)
}

/// The round with the place of the item in it.
async fn load(caller: &Caller, id: ItemId) -> kernel::Result<(View, Standing)> {
    let round = review::round_of(caller.ctx(), id).await?;
    let view = review::view(caller.ctx(), round).await?;
    let standing = review::standings(&view.whole).into_iter().find(|one| one.item.id == id);
    standing.map(|standing| (view, standing)).ok_or(Error::NotFound)
}

async fn show(caller: Caller, Key(id): Key<ItemRow>) -> Reply {
    let (view, standing) = load(&caller, id).await?;
    page(&caller, (&view, &standing), None)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Exchange,
    TakeBack,
    Minutes,
}

fn page(caller: &Caller, (view, standing): (&View, &Standing), refused: Option<(Part, Form)>) -> Reply {
    let (round, item) = (&view.whole.round, &standing.item);
    let lead = match &standing.judgement {
        None => "还没有签署的评审。".to_owned(),
        Some(judged) => format!(
            "已签署 {} 件，得分 {}，最高与最低相差 {} 分。",
            standing.signed, judged.score, judged.spread
        ),
    };
    let page = caller
        .page(&item.title)
        .lead(&lead)
        .crumb("专家评审", "/desk/review-rounds")
        .crumb(&round.title, &shown::at(round.id))
        .failed(refused.is_some());
    let mut facts = Summary::new()
        .fact("编号", Cell::text(item.number.as_str()))
        .fact("承办单位", Cell::text(item.host_name.as_str()));
    if item.priority > Points::ZERO {
        facts = facts.fact("优先条件", Cell::text(item.priority_why.as_str()));
    }
    if let Some(agreed) = standing.agreed() {
        facts = facts.fact("讨论商定", Cell::text(format!("{agreed} 分")));
    }
    let mut body = Html::default();
    if standing.judgement.as_ref().is_some_and(|judged| judged.discuss) && standing.minutes.is_empty() {
        let note = Alert::new(Tone::Warn, "评分分歧超过限度")
            .text("签齐后请组织评审组讨论，并在下方登记纪要；可以维持得分，也可以商定一个分数。");
        body = body.and(&note);
    }
    body = body
        .and(&facts)
        .and(&reviews(view, standing))
        .and(&comments(view, standing))
        .and(&discussed(standing));
    if caller.ctx().may(Act::RunRound, &round.place).is_ok() && round.state != RoundCode::Closed {
        let mut refused = refused;
        for part in [Part::Exchange, Part::TakeBack, Part::Minutes] {
            let form = match refused.take_if(|(other, _)| *other == part) {
                Some((_, form)) => Some(form),
                None => form_of(caller, (view, standing), part),
            };
            if let Some(form) = form {
                body = body.and(&form);
            }
        }
    }
    web::page(page, body)
}

fn own<'a>(view: &'a View, standing: &Standing) -> impl Iterator<Item = &'a Given> {
    let id = standing.item.id;
    view.whole.reviews.iter().filter(move |one| one.item == id)
}

fn reviews(view: &View, standing: &Standing) -> Table {
    let heads = [
        Column::main("name", "评审人"),
        Column::number("fit", "匹配度"),
        Column::tight("state", "状态"),
        Column::number("given", "评分"),
        Column::number("counted", "计入"),
        Column::new("note", "说明"),
    ];
    let rows = own(view, standing).map(|one| {
        let judged = standing.judgement.as_ref();
        let counted = judged.and_then(|judged| judged.reviews.iter().find(|other| other.reviewer == one.expert.get()));
        let note = match (&one.review, counted) {
            (Review::Recused { reason }, _) => format!("回避：{reason}"),
            (_, Some(counted)) if counted.outlier => "与中位数相差超过限度".to_owned(),
            (_, Some(counted)) if counted.dropped => "最高分或最低分，不计入".to_owned(),
            _ if one.by_hand => "手工指定".to_owned(),
            _ => String::new(),
        };
        Row::new([
            Cell::link(view.whole.name_of(one.expert), format!("/desk/experts/{}", one.expert)),
            Cell::Number(one.fit),
            shown::review_state(one.review.code()).into(),
            counted.map_or(Cell::Empty, |counted| Cell::text(counted.given.to_string())),
            match counted {
                Some(counted) if !counted.dropped => Cell::text(counted.counted.to_string()),
                _ => Cell::Empty,
            },
            Cell::text(note),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("评审", TableModel::new(heads, rows))
        .id("reviews")
        .when_empty("还没有分配评审人。", None)
}

/// Marks and words of the signed reviews; a review under way is nobody's business.
fn comments(view: &View, standing: &Standing) -> Html {
    let leaves = view.whole.round.settings.scorecard.leaves();
    let mut body = Html::default();
    for one in own(view, standing).filter(|one| matches!(one.review, Review::Signed { .. })) {
        let marks: Vec<String> = leaves
            .iter()
            .map(|leaf| {
                let mark = one.marks.get(&leaf.criterion.code).copied().unwrap_or(0);
                format!("{} {mark}/{}", leaf.criterion.name, leaf.most)
            })
            .collect();
        let title = format!("{}的意见", view.whole.name_of(one.expert));
        let text = Html::paragraphs([marks.join("，").as_str(), one.comment.as_str()]);
        body = body.and(&Alert::new(Tone::Neutral, &title).body(text));
    }
    body
}

fn discussed(standing: &Standing) -> Html {
    if standing.minutes.is_empty() {
        return Html::default();
    }
    let events = standing.minutes.iter().map(|minutes| {
        let agreed = minutes
            .agreed
            .map_or_else(|| "维持评审得分".to_owned(), |points| format!("商定 {points} 分"));
        TimelineEvent::done(&agreed, &format::moment(minutes.at.civil()), &minutes.present).note(&minutes.body)
    });
    Html::of(&SectionHead::new("讨论纪要")).and(&Timeline::new(events))
}

fn form_of(caller: &Caller, (view, standing): (&View, &Standing), part: Part) -> Option<Form> {
    match part {
        Part::Exchange => exchange_form(caller, (view, standing)),
        Part::TakeBack => take_back_form(caller, (view, standing)),
        Part::Minutes => (standing.waiting == 0 && standing.signed > 0).then(|| minutes_form(caller, standing)),
    }
}

fn exchange_form(caller: &Caller, (view, standing): (&View, &Standing)) -> Option<Form> {
    let drafted: Vec<Choice> = own(view, standing)
        .filter(|one| one.review == Review::Drafted)
        .map(|one| Choice::new(&one.expert.to_string(), view.whole.name_of(one.expert)))
        .collect();
    if drafted.is_empty() {
        return None;
    }
    let loads = view.whole.loads();
    let others = view.whole.seats.iter().map(|seat| {
        let load = loads.get(&seat.expert).copied().unwrap_or(0);
        let label = format!(
            "{}（{}，{load}/{} 件）",
            seat.name,
            seat.background.name(),
            seat.capacity
        );
        Choice::new(&seat.expert.to_string(), &label)
    });
    let form = Form::post(
        &format!("/desk/review-items/{}/exchange", standing.item.id),
        caller.csrf(),
    )
    .section_with_hint(
        "更换评审人",
        "下发前可以更换，与自动分配遵守同样的约束：回避、件数、专家构成。",
    )
    .field(Field::hidden("version", &view.whole.round.version.to_string()))
    .field(Field::select("out", "换下", drafted).required())
    .field(Field::select("into", "换上", others).required())
    .submit("更换");
    Some(form)
}

fn take_back_form(caller: &Caller, (view, standing): (&View, &Standing)) -> Option<Form> {
    let open: Vec<Choice> = own(view, standing)
        .filter(|one| matches!(one.review, Review::Sent | Review::Accepted))
        .map(|one| Choice::new(&one.expert.to_string(), view.whole.name_of(one.expert)))
        .collect();
    if open.is_empty() {
        return None;
    }
    let form = Form::post(
        &format!("/desk/review-items/{}/take-back", standing.item.id),
        caller.csrf(),
    )
    .section_with_hint(
        "收回评审",
        "评审人逾期不办或者不能再评审的，收回后另派他人；已签署的不能收回。",
    )
    .field(Field::select("from", "评审人", open).required())
    .field(Field::text("reason", "理由").max(200).required())
    .submit_danger("收回");
    Some(form)
}

fn minutes_form(caller: &Caller, standing: &Standing) -> Form {
    Form::post(
        &format!("/desk/review-items/{}/minutes", standing.item.id),
        caller.csrf(),
    )
    .section_with_hint(
        "登记讨论纪要",
        "登记后不能修改；再次登记的，以最后一次为准，各次都保留。",
    )
    .field(Field::text("present", "参加人员").max(200).required())
    .field(Field::textarea("body", "讨论情况和结论").max(2_000).required())
    .field(Field::decimal("agreed", "商定分数", "分").hint("维持评审得分的不填。"))
    .submit("登记")
}

async fn again(caller: &Caller, id: ItemId, (part, fields): (Part, &Fields), error: Error) -> Reply {
    let (view, standing) = load(caller, id).await?;
    // A rule's no stands at the field that caused it.
    let error = match error {
        Error::Refused { code, sentence, .. } if part == Part::Exchange => Error::wrong("into", code, sentence),
        other => other,
    };
    let form = match form_of(caller, (&view, &standing), part) {
        Some(form) => form.fill(fields.pairs()),
        None => return Err(error.into()),
    };
    reform_reading(error, async |errors| {
        page(caller, (&view, &standing), Some((part, form.errors(errors))))
    })
    .await
}

async fn exchange(caller: Caller, Key(id): Key<ItemRow>, fields: Fields) -> Reply {
    let result = async {
        let mut reader = fields.reader();
        let out = reader.id("out", "要换下的专家");
        let into = reader.id("into", "要换上的专家");
        reader.finish()?;
        let (out, into): (ExpertId, ExpertId) = (out.ok_or(Error::Stale)?, into.ok_or(Error::Stale)?);
        let round = review::round_of(caller.ctx(), id).await?;
        review::exchange(caller.ctx(), (round, version(&fields)?), id, (out, into)).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/review-items/{id}"), "已更换，符合全部约束。"),
        Err(error) => again(&caller, id, (Part::Exchange, &fields), error).await,
    }
}

async fn take_back(caller: Caller, Key(id): Key<ItemRow>, fields: Fields) -> Reply {
    let result = async {
        let mut reader = fields.reader();
        let from = reader.id("from", "评审人");
        reader.finish()?;
        let from: ExpertId = from.ok_or(Error::Stale)?;
        let round = review::round_of(caller.ctx(), id).await?;
        review::take_back(caller.ctx(), round, id, (from, fields.get("reason"))).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(
            &caller,
            &format!("/desk/review-items/{id}"),
            "已收回，请在评审页面补派评审人。",
        ),
        Err(error) => again(&caller, id, (Part::TakeBack, &fields), error).await,
    }
}

async fn minutes(caller: Caller, Key(id): Key<ItemRow>, fields: Fields) -> Reply {
    let result = async {
        let agreed = match fields.get("agreed") {
            "" => None,
            text => Some(Points::parse(text).ok_or_else(|| {
                Error::wrong("agreed", "minutes.agreed", "商定分数应在 0 到 100 之间，最多两位小数。")
            })?),
        };
        let said = Minutes {
            item: id,
            at: caller.ctx().now(),
            present: fields.get("present").to_owned(),
            body: fields.get("body").to_owned(),
            agreed,
        };
        let round = review::round_of(caller.ctx(), id).await?;
        review::add_minutes(caller.ctx(), round, said).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/review-items/{id}"), "纪要已登记。"),
        Err(error) => again(&caller, id, (Part::Minutes, &fields), error).await,
    }
}
