//! What-if: a draft edition against all people and years, counted without touching the ledger.
//!
//! ```text
//! start ─► waiting ──job: chunk after chunk──► done ──drill-down: recomputed──► the people who would change
//!              └──cancel──► cancelled
//! ```
//! Compared is, for each person and each of the last years, whether the year and the period for a title are reached: by the
//! editions in force, and with the draft in their place. A draft of requirements changes what is demanded; a draft of
//! recognition rules changes the hours of the classes that were posted and of the claims that were recognised (R-76).
//! R-36: nothing of it is written to the ledger.
//! Memory does not grow with the city: people come in chunks in the order of their ids, beside them their balances in the
//! same order; kept are counters by year, district, department, level and employer. Nothing per person is stored: a
//! drill-down computes the chunk again and shows those who change.
//! `count.rs` counts. Deliberately absent: a forecast of what people will do, and claims that are not decided yet.

mod count;

use chrono::Datelike;
use db::jobs::{Handlers, Job, JobCtx, Status};
use kernel::{AccountId, Error, Id, JobId, PersonId, Place, Result, Time};
use learning::credits::editions::{self, EditionId};
use registry::{Ctx, CtxSource, Subject as Thing};
use rules::credits::editions::EditionKind;
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::store::what_if as store;
pub use super::store::what_if::{Cell, Narrowed};
pub use count::{Change, Counted, Counts, Plan, YearCount};

/// Marker of runs.
#[derive(Debug, Clone, Copy)]
pub enum WhatIfRow {}
/// The id of a run.
pub type WhatIfId = Id<WhatIfRow>;

const COUNT: &str = "reports.what_if";
/// How many years are looked at, this one among them.
const YEARS: i32 = 5;
/// People shown at once in a drill-down.
const SHOWN: usize = 50;
/// People looked at for one page of a drill-down.
const LOOKED: u64 = 60_000;

kernel::codes! {
    /// Where a run stands.
    pub enum RunState {
        Waiting = "waiting" "测算中",
        Done = "done" "已完成",
        Cancelled = "cancelled" "已取消",
    }
}

kernel::codes! {
    /// By what the changes are counted.
    pub enum Dimension {
        District = "district" "区",
        Department = "department" "行业主管部门",
        Level = "level" "职称级别",
        Employer = "employer" "用人单位",
    }
}

/// A run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id.
    pub id: WhatIfId,
    /// The draft.
    pub edition: EditionId,
    /// The version of the draft that was counted.
    pub edition_version: i64,
    /// The code of the edition in force that it was compared with.
    pub compared_with: String,
    /// Where it stands.
    pub state: RunState,
    /// The job that counts.
    pub job: Option<JobId>,
    /// People looked at.
    pub people: i64,
    /// People of whom something changes.
    pub changed: i64,
    /// Counters by year.
    pub years: Vec<YearCount>,
    /// Whose order it is.
    pub requested_by: Option<AccountId>,
    /// As the trail writes it.
    pub actor: String,
    /// When it was ordered.
    pub created_at: Time,
    /// When it was over.
    pub finished_at: Option<Time>,
}

/// The handlers of this module.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    let source = std::sync::Arc::clone(source);
    Handlers::new().on(COUNT, move |job: JobCtx| {
        let ctx = source("what_if");
        async move { run(&ctx, &job).await }
    })
}

#[derive(Serialize, Deserialize)]
struct Order {
    run: WhatIfId,
}

/// Orders a run over everybody.
///
/// # Errors
/// Forbidden; NotFound; Wrong with the faults of the draft.
pub async fn start(ctx: &Ctx, edition: EditionId) -> Result<WhatIfId> {
    ctx.may(Act::CountWhatIf, &Place::default())?;
    let mut tx = ctx.db.write().await?;
    let draft = editions::find(&mut tx, edition).await?;
    let faults = draft.document.faults();
    if !faults.is_empty() {
        return Err(Error::Wrong(faults));
    }
    let compared_with = match draft.document.kind() {
        EditionKind::Recognition => editions::recognition(&mut tx, ctx.today()).await?.code.clone(),
        EditionKind::Requirement => editions::requirement(&mut tx, ctx.today().year(), ctx.today())
            .await?
            .code
            .clone(),
    };
    let id: WhatIfId = tx.mint();
    let job = Job {
        kind: COUNT,
        key: format!("run:{id}"),
        body: json!(Order { run: id }),
        run_at: ctx.now(),
        requested_by: ctx.actor.account,
    };
    let job = db::jobs::enqueue(&mut tx, job).await?;
    let run = Run {
        id,
        edition,
        edition_version: draft.version,
        compared_with,
        state: RunState::Waiting,
        job: Some(job),
        people: 0,
        changed: 0,
        years: Vec::new(),
        requested_by: ctx.actor.account,
        actor: ctx.actor.label.clone(),
        created_at: ctx.now(),
        finished_at: None,
    };
    store::insert(&mut tx, &run).await?;
    let told = json!({ "edition": draft.document.code(), "run": id });
    let thing = Thing::new("edition", edition.get(), Place::default());
    ctx.audit(&mut tx, "count_what_if", thing, Json::Null, told).await?;
    tx.commit().await?;
    Ok(id)
}

async fn run(ctx: &Ctx, job: &JobCtx) -> Result<Json> {
    let Order { run } = job.parse()?;
    let mut tx = ctx.db.read().await?;
    let ordered = store::load(&mut tx, run).await?;
    if ordered.state != RunState::Waiting {
        return Ok(json!({ "run": run }));
    }
    let plan = plan(ctx, &mut tx, ordered.edition).await?;
    drop(tx);
    let counts = count::everybody(&ctx.db, plan, Some(job)).await?;
    let mut tx = ctx.db.batch().await?;
    store::finish(&mut tx, run, &counts, ctx.now()).await?;
    tx.commit().await?;
    Ok(json!({ "people": counts.total.people, "changed": counts.total.changed }))
}

/// What is compared: the editions in force for each year, and the draft.
///
/// # Errors
/// NotFound; storage failures.
pub async fn plan(ctx: &Ctx, tx: &mut db::Tx, edition: EditionId) -> Result<Plan> {
    let draft = editions::find(tx, edition).await?;
    let this_year = ctx.today().year();
    let demanded = editions::requirements(tx, this_year - YEARS + 1..=this_year, ctx.today()).await?;
    Ok(Plan::new(this_year, demanded, draft.document))
}

/// Counts everybody at once, without a run: for programs that measure and tests that compare.
///
/// # Errors
/// Storage failures.
pub async fn count(ctx: &Ctx, edition: EditionId) -> Result<Counts> {
    let mut tx = ctx.db.read().await?;
    let plan = plan(ctx, &mut tx, edition).await?;
    drop(tx);
    count::everybody(&ctx.db, plan, None).await
}

/// A run with how far its job is.
///
/// # Errors
/// NotFound; Forbidden.
pub async fn view(ctx: &Ctx, id: WhatIfId) -> Result<(Run, Option<Status>)> {
    ctx.may(Act::CountWhatIf, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    let run = store::load(&mut tx, id).await?;
    let status = match run.job {
        Some(job) => match db::jobs::load(&mut tx, job).await {
            Ok(status) => Some(status),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    Ok((run, status))
}

/// The runs of an edition, newest first.
///
/// # Errors
/// Forbidden; storage failures.
pub async fn of_edition(ctx: &Ctx, edition: EditionId) -> Result<Vec<Run>> {
    ctx.may(Act::CountWhatIf, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    store::of_edition(&mut tx, edition).await
}

/// Stops a run.
///
/// # Errors
/// NotFound, Forbidden, `what_if.over`.
pub async fn cancel(ctx: &Ctx, id: WhatIfId) -> Result<()> {
    ctx.may(Act::CountWhatIf, &Place::default())?;
    let mut tx = ctx.db.write().await?;
    let run = store::load(&mut tx, id).await?;
    if run.state != RunState::Waiting {
        return Err(Error::refused("what_if.over", "测算已经结束，不需要取消。"));
    }
    store::cancel(&mut tx, id, ctx.now()).await?;
    if let Some(job) = run.job {
        match db::jobs::cancel(&mut tx, job, ctx.now()).await {
            Ok(()) | Err(Error::Stale | Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let thing = Thing::new("edition", run.edition.get(), Place::default());
    ctx.audit(&mut tx, "cancel_what_if", thing, Json::Null, json!({ "run": id }))
        .await?;
    tx.commit().await
}

/// The counters of a run by one dimension, most changed first; of employers the first hundred.
///
/// # Errors
/// Forbidden; storage failures.
pub async fn cells(ctx: &Ctx, run: WhatIfId, dimension: Dimension) -> Result<Vec<Cell>> {
    ctx.may(Act::CountWhatIf, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    store::cells(&mut tx, run, dimension).await
}

/// Somebody who would change, for a list.
#[derive(Debug, Clone)]
pub struct Changing {
    /// Who.
    pub person: PersonId,
    /// The masked name.
    pub name: String,
    /// In which years, and how.
    pub changes: Vec<Change>,
}

/// A page of a drill-down.
#[derive(Debug, Clone)]
pub struct Found {
    /// Those who would change.
    pub people: Vec<Changing>,
    /// Where to go on; none when everybody was looked at.
    pub next: Option<PersonId>,
    /// How many were looked at for this page.
    pub looked: u64,
}

/// The people of a group who would change, computed again from `after` on.
///
/// # Errors
/// Forbidden; NotFound; storage failures.
pub async fn people(ctx: &Ctx, run: WhatIfId, narrowed: &Narrowed, after: Option<PersonId>) -> Result<Found> {
    ctx.may(Act::CountWhatIf, &Place::default())?;
    let scope = ctx.scope(Act::CountWhatIf);
    let mut tx = ctx.db.read().await?;
    let run = store::load(&mut tx, run).await?;
    let plan = plan(ctx, &mut tx, run.edition).await?;
    let (mut found, mut looked, mut cursor) = (Vec::new(), 0, after);
    loop {
        let chunk = store::people(&scope, &mut tx, narrowed, cursor).await?;
        let Some(last) = chunk.last().map(|person| person.id) else {
            return Ok(Found {
                people: found,
                next: None,
                looked,
            });
        };
        looked += chunk.len() as u64;
        let judged = count::judged(&mut tx, &plan, &chunk, narrowed.is_everybody()).await?;
        for (person, changes) in chunk.iter().zip(judged) {
            if !changes.is_empty() {
                found.push(Changing {
                    person: person.id,
                    name: kernel::mask::name(&person.name),
                    changes,
                });
            }
            if found.len() == SHOWN {
                return Ok(Found {
                    people: found,
                    next: Some(person.id),
                    looked,
                });
            }
        }
        cursor = Some(last);
        if looked >= LOOKED {
            return Ok(Found {
                people: found,
                next: cursor,
                looked,
            });
        }
    }
}
