//! The ranking comes in, a plan is proposed from it, taken back, or put under public notice.
//!
//! the plan takes the first of the ranking. The seam to whoever reviews is [`take_ranking`]: inside their transaction, a ranking of
//! exactly the declarations that are reviewed.

use std::fmt::Write as _;

use db::Tx;
use kernel::{Code as _, Error, Result, id::CallId, id::DeclarationId};
use registry::taxonomy::{self, deadlines};
use registry::{Ctx, files};
use rules::calls::ranking::{self, Ranked};
use rules::calls::{CallDeed, CallState, DeclarationDeed, DeclarationState, Period};
use rules::taxonomy::Vocabulary;
use serde_json::json;

use super::store::call::{self as call_store, Call};
use super::store::declaration::{self as store, Declaration};
use super::{CALL, moving, of_authority, subject};

/// Takes the ranking of a call in review; a later one replaces it until a plan is proposed.
///
/// # Errors
/// `call.state`, `ranking.incomplete`, `ranking.order`, Stale.
pub async fn take_ranking(ctx: &Ctx, tx: &mut Tx, id: CallId, ranked: Vec<Ranked>) -> Result<()> {
    let call = call_store::lock(tx, id).await?;
    call.state.after(CallDeed::Propose)?;
    let mut reviewed = store::of_call(tx, id, &[DeclarationState::Reviewing]).await?;
    let ids: Vec<DeclarationId> = reviewed.iter().map(|one| one.id).collect();
    let ranked = ranking::checked(ranked, &ids)?;
    for one in &mut reviewed {
        let Some(found) = ranked.iter().find(|ranked| ranked.declaration == one.id) else {
            continue;
        };
        one.rank = Some(found.place);
        one.score = Some(found.score);
        one.note.clone_from(&found.note);
        store::save(tx, one, one.version).await?;
    }
    let after = json!({ "counts": ranked.len() });
    ctx.audit(tx, "take_ranking", subject(&call), json!(null), after).await
}

/// Records the scores of a review that was held outside of the platform: declaration, score in hundredths, remark.
///
/// # Errors
/// NotFound, Forbidden, as [`take_ranking`].
pub async fn record_scores(ctx: &Ctx, id: CallId, scores: Vec<(DeclarationId, i64, String)>) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    of_authority(ctx, &mut tx, id).await?;
    take_ranking(ctx, &mut tx, id, ranking::by_score(scores)).await?;
    tx.commit().await
}

/// Proposes the plan: the first of the ranking, as many as the call has places.
///
/// # Errors
/// NotFound, Forbidden, `call.state`, `ranking.none`, `ranking.tie`, Stale.
pub async fn propose(ctx: &Ctx, id: CallId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut call = of_authority(ctx, &mut tx, id).await?;
    call.state = call.state.after(CallDeed::Propose)?;
    let mut reviewed = store::of_call(&mut tx, id, &[DeclarationState::Reviewing]).await?;
    let ranked: Option<Vec<Ranked>> = reviewed
        .iter()
        .map(|one| {
            Some(Ranked {
                declaration: one.id,
                place: one.rank?,
                score: one.score?,
                note: String::new(),
            })
        })
        .collect();
    let ranked = ranked
        .filter(|ranked| !ranked.is_empty())
        .ok_or_else(|| Error::refused_by("R-92", "ranking.none", "还没有评审结果，请先登记每一件申报的得分。"))?;
    let chosen = ranking::select(&ranked, call.places)?;
    for one in reviewed.iter_mut().filter(|one| chosen.contains(&one.id)) {
        moving::step(ctx, &mut tx, (&call, one), (DeclarationDeed::Propose, "")).await?;
    }
    call.state_at = ctx.now();
    call_store::save(&mut tx, &call, version).await?;
    let (was, is) = (
        json!({ "state": CallState::Reviewing }),
        json!({ "state": call.state, "counts": chosen.len() }),
    );
    ctx.audit(&mut tx, "propose_plan", subject(&call), was, is).await?;
    tx.commit().await
}

/// Takes a proposed plan back, to be proposed anew.
///
/// # Errors
/// NotFound, Forbidden, `call.state`, Stale.
pub async fn take_back(ctx: &Ctx, id: CallId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut call = of_authority(ctx, &mut tx, id).await?;
    call.state = call.state.after(CallDeed::TakeBack)?;
    for mut one in store::of_call(&mut tx, id, &[DeclarationState::Proposed]).await? {
        moving::step(ctx, &mut tx, (&call, &mut one), (DeclarationDeed::TakeBack, "")).await?;
    }
    call.state_at = ctx.now();
    call_store::save(&mut tx, &call, version).await?;
    let (was, is) = (json!({ "state": CallState::Proposed }), json!({ "state": call.state }));
    ctx.audit(&mut tx, "take_back_plan", subject(&call), was, is).await?;
    tx.commit().await
}

/// Puts the proposed plan under public notice; whoever was reviewed and is not in it is told.
///
/// # Errors
/// NotFound, Forbidden, `call.state`, `call.nothing`, Stale.
pub async fn give_notice(ctx: &Ctx, id: CallId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut call = of_authority(ctx, &mut tx, id).await?;
    call.state = call.state.after(CallDeed::GiveNotice)?;
    let mut proposed = store::of_call(&mut tx, id, &[DeclarationState::Proposed]).await?;
    if proposed.is_empty() {
        return Err(Error::refused(
            "call.nothing",
            "拟定计划里没有项目，请退回重新拟定或终止征集。",
        ));
    }
    for mut one in store::of_call(&mut tx, id, &[DeclarationState::Reviewing]).await? {
        let note = format!(
            "评审排名第 {} 名，计划数 {} 个。",
            one.rank.unwrap_or_default(),
            call.places
        );
        moving::step(ctx, &mut tx, (&call, &mut one), (DeclarationDeed::LeaveOut, &note)).await?;
    }
    for one in &mut proposed {
        moving::step(ctx, &mut tx, (&call, one), (DeclarationDeed::GiveNotice, "")).await?;
    }
    let days = call.template.days(Period::Notice);
    let name = (CALL, id.get(), Period::Notice.code());
    deadlines::set(ctx, &mut tx, name, ctx.today(), days).await?;
    call.notice_at = Some(ctx.now());
    call.notice_text = text(ctx, &mut tx, &call, &proposed).await?;
    call.notice_digest = files::digest(call.notice_text.as_bytes());
    call.extension = 0;
    call.state_at = ctx.now();
    call_store::save(&mut tx, &call, version).await?;
    let (was, is) = (
        json!({ "state": CallState::Proposed }),
        json!({ "state": call.state, "digest": call.notice_digest, "counts": proposed.len() }),
    );
    ctx.audit(&mut tx, "give_notice", subject(&call), was, is).await?;
    tx.commit().await
}

/// What is under notice, as plain text: its digest is what the evidence of visibility speaks of.
async fn text(ctx: &Ctx, tx: &mut Tx, call: &Call, proposed: &[Declaration]) -> Result<String> {
    let names = taxonomy::names(tx).await?;
    let mut text = format!(
        "{} {} 年度项目计划（拟）公示\n征集：{} {}\n组织单位：{}\n公示开始：{}\n公示期：{} 个工作日\n",
        call.template.kind,
        call.year,
        call.number.as_deref().unwrap_or_default(),
        call.title,
        call.authority,
        ctx.now(),
        call.template.days(Period::Notice),
    );
    for (number, one) in (1..).zip(proposed) {
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "{number}\t{}\t{}\t{}\t{}",
            one.number.as_deref().unwrap_or_default(),
            one.content.title,
            names.of_opt(Vocabulary::FocusField, one.content.field.as_deref()),
            one.host_name,
        );
    }
    Ok(text)
}
