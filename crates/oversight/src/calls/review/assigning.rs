//! Assigning: whoever runs the round orders it, a job does it, optimally and with a proof that is checked without the solver.
//!
//! ```text
//! order ─► seats as the pool is now ─job─► conflicts of every pair ─► solver ─► drafted reviews | why there are none
//! ```
//! What was sent stands, and whoever gave a review back is not asked again for it. A round that somebody changed meanwhile
//! keeps that change: the job then writes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use assign::Outcome as Solved;
use db::Tx;
use db::jobs::{Handlers, Job, JobCtx};
use kernel::{Error, ExpertId, Result};
use registry::experts::{self, Available};
use registry::{Ctx, CtxSource};
use rules::calls::review::{Review, RoundCode};
use rules::experts::conflict::{Reviewer, conflicts};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::lists::Whole;
use super::problem::{self, Draft};
use super::{Bar, Given, Outcome, Round, RoundId, Seat, round, store, told};

const ASSIGN: &str = "calls.assign_reviewers";
/// Steps that the progress shows.
const STEPS: u64 = 4;

#[derive(Serialize, Deserialize)]
struct Order {
    round: RoundId,
    /// The version of the round after the order.
    version: i64,
}

/// The handlers of this module.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    let source = Arc::clone(source);
    Handlers::new().on(ASSIGN, move |job: JobCtx| {
        let ctx = source("reviews");
        async move { run(&ctx, &job).await }
    })
}

/// Orders an assignment from the experts whom the actor sees in the pool today.
///
/// # Errors
/// NotFound, Forbidden, `round.state`, `round.nobody` when the pool is empty, Stale.
pub async fn order_assignment(ctx: &Ctx, id: RoundId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (round, seats) = seated(ctx, &mut tx, id).await?;
    let job = Job {
        kind: ASSIGN,
        key: format!("round:{id}:{version}"),
        body: json!(Order {
            round: id,
            version: version + 1
        }),
        run_at: ctx.now(),
        requested_by: ctx.actor.account,
    };
    let job = db::jobs::enqueue(&mut tx, job).await?;
    store::round::save_job(&mut tx, (id, version), job).await?;
    let after = json!({ "counts": seats });
    ctx.audit(&mut tx, "assign_reviewers", round::subject(&round), Json::Null, after)
        .await?;
    tx.commit().await
}

/// Assigns at once, without a job: for demonstrations and for programs that measure.
///
/// # Errors
/// As [`order_assignment`].
pub async fn assign_at_once(ctx: &Ctx, id: RoundId) -> Result<Outcome> {
    let mut tx = ctx.db.write().await?;
    let (round, _) = seated(ctx, &mut tx, id).await?;
    tx.commit().await?;
    let came = perform(ctx, (id, round.version), None).await?;
    came.map(|(outcome, _)| outcome).ok_or(Error::Stale)
}

/// Seats the experts whom the actor sees in the pool today; gives the round and how many there are.
async fn seated(ctx: &Ctx, tx: &mut Tx, id: RoundId) -> Result<(Round, usize)> {
    let round = round::run_by(ctx, tx, id).await?;
    round.state.assign()?;
    let available = experts::available(ctx, tx, ctx.today()).await?;
    if available.is_empty() {
        return Err(Error::refused_by(
            "R-101",
            "round.nobody",
            "专家库中目前没有可以分配的专家，请先邀请专家入库。",
        ));
    }
    let seats: Vec<Seat> = available.into_iter().map(seat).collect();
    store::seat::replace(tx, id, &seats).await?;
    Ok((round, seats.len()))
}

fn seat(available: Available) -> Seat {
    let expert = available.expert;
    Seat {
        expert: expert.id,
        person: expert.person,
        name: expert.name,
        background: expert.profile.background,
        fields: expert.profile.fields,
        specialty: expert.profile.specialty,
        level: expert.title_level,
        capacity: expert.profile.availability.capacity,
    }
}

/// The bars of a round as they are now: what was lifted stays lifted.
pub(super) async fn bars(ctx: &Ctx, tx: &mut Tx, whole: &Whole) -> Result<Vec<Bar>> {
    let ids: Vec<ExpertId> = whole.seats.iter().map(|seat| seat.expert).collect();
    let reviewers = experts::reviewers(tx, &ids).await?;
    Ok(computed(ctx, whole, &reviewers))
}

fn computed(ctx: &Ctx, whole: &Whole, reviewers: &BTreeMap<ExpertId, Reviewer>) -> Vec<Bar> {
    let years = whole.round.settings.former_years;
    let lifted = |bar: &&Bar| bar.lifted.is_some();
    let kept: BTreeMap<_, &Bar> = whole
        .bars
        .iter()
        .filter(lifted)
        .map(|bar| ((bar.item, bar.expert, bar.ground), bar))
        .collect();
    let mut bars = Vec::new();
    for item in &whole.items {
        let party = item.party();
        for (expert, reviewer) in reviewers {
            let mut seen = Vec::new();
            for conflict in conflicts(reviewer, &party, (ctx.today(), years)) {
                // One row a ground: two teachers of the same name are one suspicion.
                if seen.contains(&conflict.ground) {
                    continue;
                }
                seen.push(conflict.ground);
                let known = kept.get(&(item.id, *expert, conflict.ground));
                bars.push(Bar {
                    id: known.map_or(0, |bar| bar.id),
                    item: item.id,
                    expert: *expert,
                    ground: conflict.ground,
                    detail: conflict.detail,
                    lifted: known.and_then(|bar| bar.lifted.clone()),
                });
            }
        }
    }
    bars
}

async fn run(ctx: &Ctx, job: &JobCtx) -> Result<Json> {
    let Order { round, version } = job.parse()?;
    match perform(ctx, (round, version), Some(job)).await? {
        Some((_, assigned)) => Ok(json!({ "assigned": assigned })),
        None => Ok(json!({ "superseded": true })),
    }
}

/// Does it, telling the job how far it is; none when somebody changed the round meanwhile.
async fn perform(
    ctx: &Ctx,
    (round, version): (RoundId, i64),
    job: Option<&JobCtx>,
) -> Result<Option<(Outcome, usize)>> {
    let step = async |done| match job {
        Some(job) => job.progress(done, STEPS).await,
        None => Ok(()),
    };
    let mut tx = ctx.db.snapshot().await?;
    let ordered = store::round::load(&mut tx, round).await?;
    if ordered.version != version || ordered.state == RoundCode::Closed {
        return Ok(None);
    }
    let mut whole = Whole::load(&mut tx, ordered).await?;
    let ids: Vec<ExpertId> = whole.seats.iter().map(|seat| seat.expert).collect();
    let reviewers = experts::reviewers(&mut tx, &ids).await?;
    drop(tx);
    step(1).await?;
    let found = {
        let (ctx, whole) = (ctx.clone(), whole.clone());
        tokio::task::spawn_blocking(move || computed(&ctx, &whole, &reviewers))
            .await
            .map_err(Error::broken)?
    };
    step(2).await?;
    whole.bars.clone_from(&found);
    let (whole, came) = tokio::task::spawn_blocking(move || {
        let came = solve(&whole);
        (whole, came)
    })
    .await
    .map_err(Error::broken)?;
    let (outcome, pairs) = came?;
    step(3).await?;
    let mut tx = ctx.db.batch().await?;
    store::bar::replace(&mut tx, round, &found).await?;
    let (moved, state) = match &outcome {
        Outcome::Assigned { .. } => (write(ctx, &mut tx, &whole, &pairs).await?, whole.round.state.assign()?),
        _ => (0, whole.round.state),
    };
    store::round::save_outcome(&mut tx, (round, version), (&outcome, state, ctx.now())).await?;
    tx.commit().await?;
    step(STEPS).await?;
    Ok(Some((outcome, moved)))
}

/// The best assignment beside what stands, its proof checked; or why there is none.
fn solve(whole: &Whole) -> Result<(Outcome, Vec<assign::Pair>)> {
    let draft = problem::keeping_hands(whole, &whole.bars)?;
    let flawed = |flaw| Error::broken(format!("the problem of a round: {flaw}"));
    Ok(match assign::solve(&draft.problem).map_err(flawed)? {
        Solved::Assigned(answer) => {
            let proven = assign::verify(&draft.problem, &answer).is_ok();
            (told::assigned(&answer, proven), answer.pairs)
        }
        Solved::Short(shortage) => (told::short(whole, &draft, &shortage), Vec::new()),
        Solved::Contradicted(broken) => (
            Outcome::Contradicted(told::violations(whole, &draft, &broken)),
            Vec::new(),
        ),
    })
}

/// Writes what was assigned in the place of what was drafted before; gives how many are new.
async fn write(ctx: &Ctx, tx: &mut Tx, whole: &Whole, pairs: &[assign::Pair]) -> Result<usize> {
    let draft = problem::keeping_hands(whole, &whole.bars)?;
    let id = whole.round.id;
    store::review::remove_drafted(tx, id).await?;
    let fresh: Vec<Given> = pairs
        .iter()
        .filter_map(|pair| drafted(ctx, tx, (whole, &draft), *pair))
        .collect();
    store::review::insert_all(tx, &whole.round.place, &fresh).await?;
    Ok(fresh.len())
}

fn drafted(ctx: &Ctx, tx: &Tx, (whole, draft): (&Whole, &Draft), pair: assign::Pair) -> Option<Given> {
    let (item, expert) = (draft.item(pair.0), draft.expert(pair.1));
    let known = whole
        .reviews
        .iter()
        .find(|one| one.item == item && one.expert == expert);
    if known.is_some_and(problem::is_sent) {
        return None;
    }
    let seat = whole.seats.iter().find(|seat| seat.expert == expert)?;
    Some(Given {
        id: tx.mint(),
        round: whole.round.id,
        item,
        expert,
        person: seat.person,
        review: Review::Drafted,
        state_at: ctx.now(),
        by_hand: known.is_some_and(|one| one.by_hand),
        fit: problem::fit_of(whole.item(item)?, seat),
        marks: BTreeMap::new(),
        comment: String::new(),
        version: 1,
    })
}
