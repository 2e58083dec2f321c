//! What reviews come to, thing by thing, and the minutes of the panel that discussed them.

use kernel::{Error, FieldError, Result, Time};
use registry::Ctx;
use rules::calls::review::{Review, ReviewCode, RoundCode};
use rules::scorecards::Points;
use rules::scorecards::panel::{self, Judgement};
use rules::scorecards::ranking::Entry;
use serde_json::{Value as Json, json};

use super::lists::Whole;
use super::{Item, ItemId, RoundId, round, store};

/// What a panel said about one thing.
#[derive(Debug, Clone)]
pub struct Minutes {
    /// About what.
    pub item: ItemId,
    /// When.
    pub at: Time,
    /// Who was there.
    pub present: String,
    /// What was said and decided.
    pub body: String,
    /// What the panel agreed on instead of the score.
    pub agreed: Option<Points>,
}

/// Where one thing stands in its round.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What.
    pub item: Item,
    /// Reviews that are signed.
    pub signed: usize,
    /// Reviews that wait for their reviewers.
    pub waiting: usize,
    /// Reviews given back.
    pub recused: usize,
    /// What the signed reviews come to; none while there are none.
    pub judgement: Option<Judgement>,
    /// What the panel said, oldest first.
    pub minutes: Vec<Minutes>,
}

impl Standing {
    /// What the panel agreed on last.
    #[must_use]
    pub fn agreed(&self) -> Option<Points> {
        self.minutes.last().and_then(|minutes| minutes.agreed)
    }

    /// As it is ranked; none while nothing is signed.
    #[must_use]
    pub fn entry(&self) -> Option<Entry> {
        let judged = self.judgement.as_ref()?;
        let lowest = judged.reviews.iter().map(|one| one.given).min();
        Some(Entry {
            item: self.item.id.get(),
            number: self.item.number.clone(),
            score: judged.score,
            agreed: self.agreed(),
            priority: self.item.priority,
            median: judged.median,
            lowest: lowest.unwrap_or_default(),
            spread: judged.spread,
        })
    }
}

/// Where everything stands in a round, by number.
#[must_use]
pub fn standings(whole: &Whole) -> Vec<Standing> {
    standings_of(whole)
}

pub(super) fn standings_of(whole: &Whole) -> Vec<Standing> {
    let given: Vec<panel::Given> = whole
        .reviews
        .iter()
        .filter_map(|one| match one.review {
            Review::Signed { points } => Some(panel::Given {
                reviewer: one.expert.get(),
                item: one.item.get(),
                points,
            }),
            _ => None,
        })
        .collect();
    let mut judged = panel::aggregate(&given, whole.round.settings.method, whole.round.settings.apart);
    let standing = |item: &Item| {
        let own = || whole.reviews.iter().filter(|one| one.item == item.id);
        let count = |states: &[ReviewCode]| own().filter(|one| states.contains(&one.review.code())).count();
        let minutes = whole.minutes.iter().filter(|minutes| minutes.item == item.id);
        Standing {
            signed: count(&[ReviewCode::Signed]),
            waiting: count(&[ReviewCode::Drafted, ReviewCode::Sent, ReviewCode::Accepted]),
            recused: count(&[ReviewCode::Recused]),
            judgement: judged.remove(&item.id.get()),
            minutes: minutes.cloned().collect(),
            item: item.clone(),
        }
    };
    whole.items.iter().map(standing).collect()
}

/// Adds the minutes of a discussion; the last ones of a thing decide. Only while the round is reviewing and all reviews
/// of the thing are signed, so that nobody signs with the panel's word in the ear.
///
/// # Errors
/// NotFound, Forbidden; Wrong at fields; `round.closed`, `minutes.early`.
pub async fn add_minutes(ctx: &Ctx, id: RoundId, minutes: Minutes) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let round = round::run_by(ctx, &mut tx, id).await?;
    tx.lock_row("review_rounds", id.get()).await?;
    let round = store::round::load(&mut tx, round.id).await?;
    let whole = Whole::load(&mut tx, round).await?;
    if whole.item(minutes.item).is_none() {
        return Err(Error::NotFound);
    }
    if whole.round.state == RoundCode::Closed {
        return Err(Error::refused_by(
            "R-115",
            "round.closed",
            "评审已经结束，结果不能再改。",
        ));
    }
    let standings = standings_of(&whole);
    let standing = standings.iter().find(|one| one.item.id == minutes.item);
    if standing.is_none_or(|one| one.waiting > 0 || one.signed == 0) {
        return Err(Error::refused_by(
            "R-109",
            "minutes.early",
            "这项申报的评审还没有全部签署，签齐后再组织讨论。",
        ));
    }
    let minutes = checked(minutes)?;
    store::minutes::insert(&mut tx, (id, minutes.item), &minutes, (ctx.now(), &ctx.actor.label)).await?;
    let after = json!({ "what": minutes.item.to_string(), "result": minutes.agreed.map(|points| points.to_string()) });
    ctx.audit(&mut tx, "add_minutes", round::subject(&whole.round), Json::Null, after)
        .await?;
    tx.commit().await
}

fn checked(minutes: Minutes) -> Result<Minutes> {
    let mut faults = Vec::new();
    let (present, body) = (minutes.present.trim().to_owned(), minutes.body.trim().to_owned());
    if !(2..=200).contains(&present.chars().count()) {
        faults.push(FieldError::new(
            "present",
            "minutes.present",
            "请写明参加讨论的人员，2 到 200 个字。",
        ));
    }
    if !(10..=2_000).contains(&body.chars().count()) {
        faults.push(FieldError::new(
            "body",
            "minutes.body",
            "请写明讨论了什么、怎样决定，10 到 2000 个字。",
        ));
    }
    if faults.is_empty() {
        Ok(Minutes {
            present,
            body,
            ..minutes
        })
    } else {
        Err(Error::Wrong(faults))
    }
}
