//! Changes by hand: one reviewer of a declaration for another, before it is sent, checked against the same constraints as
//! the solver's answer; and taking a review back from whoever does not answer.

use std::collections::BTreeMap;

use kernel::{Error, ExpertId, Place, Result};
use registry::notices::{self, NewMessage};
use registry::{Ctx, tasks};
use rules::calls::review::{Review, ReviewCode};
use serde_json::json;

use super::lists::Whole;
use super::{Given, ItemId, RoundId, assigning, problem, round, store, told};

/// Puts an expert in the place of another; everything that must hold is checked with what is declared now.
///
/// # Errors
/// NotFound, Forbidden, `round.state`; `round.broken` with what would not hold; Stale.
pub async fn exchange(
    ctx: &Ctx,
    (id, version): (RoundId, i64),
    item: ItemId,
    (out, into): (ExpertId, ExpertId),
) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let round = round::run_by(ctx, &mut tx, id).await?;
    let state = round.state.assign()?;
    let mut whole = Whole::load(&mut tx, round).await?;
    whole.bars = assigning::bars(ctx, &mut tx, &whole).await?;
    let leaving = whole
        .reviews
        .iter()
        .find(|one| one.item == item && one.expert == out && one.review.code() != ReviewCode::Recused);
    let leaving = leaving.cloned().ok_or(Error::Stale)?;
    let draft = problem::draft(&whole, &whole.bars)?;
    let mut pairs = draft.standing(&whole);
    pairs.retain(|pair| Some(*pair) != draft.pair(item, out));
    pairs.push(draft.pair(item, into).ok_or(Error::NotFound)?);
    let broken = assign::check(&draft.problem, &pairs);
    if !broken.is_empty() {
        let said = told::violations(&whole, &draft, &broken);
        return Err(Error::refused_by("R-114", "round.broken", said.join("")));
    }
    store::review::remove(&mut tx, leaving.id).await?;
    let seat = whole
        .seats
        .iter()
        .find(|seat| seat.expert == into)
        .ok_or(Error::NotFound)?;
    let fit = whole
        .item(item)
        .map(|item| problem::fit_of(item, seat))
        .ok_or(Error::NotFound)?;
    let fresh = Given {
        id: tx.mint(),
        round: id,
        item,
        expert: into,
        person: seat.person,
        review: Review::Drafted,
        state_at: ctx.now(),
        by_hand: true,
        fit,
        marks: BTreeMap::new(),
        comment: String::new(),
        version: 1,
    };
    store::review::insert_all(&mut tx, &whole.round.place, std::slice::from_ref(&fresh)).await?;
    store::round::save_state(&mut tx, (id, version), (state, ctx.now())).await?;
    let change = (
        json!({ "removed": out.to_string() }),
        json!({ "what": item.to_string(), "result": into.to_string() }),
    );
    ctx.audit(
        &mut tx,
        "exchange_reviewer",
        round::subject(&whole.round),
        change.0,
        change.1,
    )
    .await?;
    tx.commit().await
}

/// Takes a review back that was sent and not signed, from somebody who does not answer; another assignment finds somebody
/// else, and never the same.
///
/// # Errors
/// NotFound, Forbidden, `round.closed`; Wrong at `reason`; `review.signed`; Stale.
pub async fn take_back(ctx: &Ctx, id: RoundId, item: ItemId, (from, reason): (ExpertId, &str)) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let round = round::run_by(ctx, &mut tx, id).await?;
    round.state.assign()?;
    let reviews = store::review::of(&mut tx, id).await?;
    let mut one = reviews
        .into_iter()
        .find(|one| one.item == item && one.expert == from)
        .ok_or(Error::NotFound)?;
    let before = one.review.code();
    one.review = match one.review.recuse(reason)? {
        Review::Recused { reason } => Review::Recused {
            reason: format!("组织单位收回：{reason}"),
        },
        other => other,
    };
    one.state_at = ctx.now();
    let seen = one.version;
    store::review::save(&mut tx, &one, seen).await?;
    tasks::done(ctx, &mut tx, &round::give_cause(&one)).await?;
    let message = NewMessage {
        role: None,
        place: Place {
            person: Some(one.person),
            ..Place::default()
        },
        title: "一件评审已收回".to_owned(),
        body: format!(
            "“{}”中的一件评审已由组织单位收回，不用再办理。理由：{}",
            round.title,
            reason.trim()
        ),
        href: format!("/desk/my/reviews/{}", one.id),
        cause: format!("review.taken_back:{}", one.id),
    };
    notices::send(ctx, &mut tx, &message).await?;
    let (was, is) = (
        json!({ "state": before }),
        json!({ "state": one.review.code(), "what": item.to_string() }),
    );
    ctx.audit_because(
        &mut tx,
        "take_back_review",
        round::subject(&round),
        (was, is),
        Some(reason.trim()),
    )
    .await?;
    tx.commit().await
}
