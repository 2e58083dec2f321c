//! The formal check: what the machine finds, what the body whose call it is decides, and the passage to the review.

use db::Tx;
use kernel::{Error, Result, id::CallId, id::DeclarationId};
use registry::taxonomy::deadlines;
use registry::{Ctx, orgs};
use rules::calls::check::{self, Alike, Facts, Finding, Judged, Verdict};
use rules::calls::{CallDeed, CallState, DeclarationDeed, DeclarationState, Period, similarity};
use serde_json::json;

use super::store::call::{self as call_store, Call};
use super::store::declaration::{self as store, Declaration};
use super::store::part;
use super::{DECLARATION, declaring, fees, is_authority, moving, of_authority, subject};

/// Most alike titles that are told.
const MOST_ALIKE: usize = 5;

/// What the machine finds, as things stand.
pub(super) async fn found(ctx: &Ctx, tx: &mut Tx, call: &Call, one: &Declaration) -> Result<Vec<Finding>> {
    let org = orgs::load(tx, one.host).await?;
    let files: Vec<String> = part::attachments(tx, one.id)
        .await?
        .into_iter()
        .map(|piece| piece.label)
        .collect();
    let mut alike: Vec<Alike> = store::titles(tx, one.id)
        .await?
        .into_iter()
        .map(|other| Alike {
            percent: similarity::percent(&one.content.title, &other.title),
            number: other.number,
            title: other.title,
        })
        .filter(|other| other.percent >= call.template.alike_percent)
        .collect();
    alike.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| a.number.cmp(&b.number)));
    alike.truncate(MOST_ALIKE);
    let fees = fees::fees(tx).await?;
    Ok(check::examine(&Facts {
        content: &one.content,
        template: &call.template,
        // While it is written, it is asked whether it would be in time now.
        submitted_at: one.submitted_at.or_else(|| one.state.is_open().then(|| ctx.now())),
        closes_at: call.closes_at,
        host: &declaring::host(&org, ctx.today()),
        files: &files,
        fees: &fees,
        alike: &alike,
    }))
}

/// What the machine finds, for the host before handing in and for whoever checks.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn examine(ctx: &Ctx, id: DeclarationId) -> Result<Vec<Finding>> {
    let mut tx = ctx.db.read().await?;
    let one = store::load(&mut tx, id).await?;
    super::lists::in_sight(ctx, &one)?;
    let call = call_store::load(&mut tx, one.call).await?;
    found(ctx, &mut tx, &call, &one).await
}

/// Concludes the formal check, item by item. Returns whether it passed.
///
/// # Errors
/// NotFound, Forbidden, `call.own`, `call.turn`, `call.state`; wrong at the items that are not decided or explained; Stale.
pub async fn decide_check(ctx: &Ctx, id: DeclarationId, version: i64, judged: &[Judged]) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = moving::lock(&mut tx, id).await?;
    super::lists::in_sight(ctx, &one)?;
    is_authority(ctx, &call)?;
    moving::stand_back(ctx, &mut tx, one.host).await?;
    one.state.row(DeclarationDeed::Pass)?;
    let found = found(ctx, &mut tx, &call, &one).await?;
    let passed = check::conclude(&found, judged)?;
    part::keep_check(
        &mut tx,
        (id, one.round),
        (&found, judged),
        (&ctx.actor.label, ctx.now()),
    )
    .await?;
    let (deed, note) = if passed {
        (DeclarationDeed::Pass, String::new())
    } else {
        (DeclarationDeed::Fail, failures(&found, judged))
    };
    moving::step_from(ctx, &mut tx, (&call, &mut one, version), (deed, &note)).await?;
    tx.commit().await?;
    Ok(passed)
}

/// Why it failed: each failed item with what was said.
fn failures(found: &[Finding], judged: &[Judged]) -> String {
    let said = judged.iter().filter(|one| one.verdict == Verdict::Fail).map(|one| {
        let machine = found
            .iter()
            .find(|finding| finding.item == one.item)
            .map_or("", |finding| finding.reason.as_str());
        let why = if one.reason.trim().is_empty() {
            machine
        } else {
            one.reason.trim()
        };
        format!("{}：{why}", one.item.name())
    });
    said.collect::<Vec<_>>().join("；")
}

/// Passes a call on to the review, once nothing waits for the recommending bodies or the formal check. What was given back and not
/// mended in time is over.
///
/// # Errors
/// NotFound, Forbidden, `call.state`, `call.unchecked`, `call.nothing`, Stale.
pub async fn begin_review(ctx: &Ctx, id: CallId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut call = of_authority(ctx, &mut tx, id).await?;
    call.state = call.state.after(CallDeed::BeginReview)?;
    let waiting = [DeclarationState::Submitted, DeclarationState::Checking];
    let left = store::of_call(&mut tx, id, &waiting).await?;
    if let Some(first) = left.first() {
        return Err(Error::refused_by(
            "R-80",
            "call.unchecked",
            format!(
                "还有 {} 件申报没有完成推荐或形式审查，例如 {}，请先办理。",
                left.len(),
                first.number.as_deref().unwrap_or_default()
            ),
        ));
    }
    for mut one in store::of_call(&mut tx, id, &[DeclarationState::Returned]).await? {
        let due = deadlines::find(&mut tx, DECLARATION, one.id.get(), kernel::Code::code(Period::Correct)).await?;
        if !due.is_some_and(|due| due.has_passed(ctx.today())) {
            return Err(Error::refused_by(
                "R-83",
                "call.unchecked",
                format!(
                    "{} 已退回修改，修改期限还没有到，请等待期满。",
                    one.number.as_deref().unwrap_or_default()
                ),
            ));
        }
        let note = "逾期没有修改提交。";
        moving::step(ctx, &mut tx, (&call, &mut one), (DeclarationDeed::Cancel, note)).await?;
    }
    let reviewed = store::of_call(&mut tx, id, &[DeclarationState::Reviewing]).await?;
    if reviewed.is_empty() {
        return Err(Error::refused(
            "call.nothing",
            "没有通过形式审查的申报，不能转入评审，请终止这次征集。",
        ));
    }
    call.state_at = ctx.now();
    call_store::save(&mut tx, &call, version).await?;
    let (was, is) = (
        json!({ "state": CallState::Closed }),
        json!({ "state": call.state, "counts": reviewed.len() }),
    );
    ctx.audit(&mut tx, "begin_review", subject(&call), was, is).await?;
    tx.commit().await
}
