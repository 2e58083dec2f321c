//! Roster import: a list of people from a workbook or a CSV text, tried out first and then taken as a whole.
//!
//! ```text
//! begin ─► waiting ──check (dry run)──► checked ──confirm──► committing ──commit (one transaction)──► done
//! ```
//! - Nothing is half-imported: a file with one faulty row is not confirmed, and the writing is one transaction.
//! - The same file twice changes nothing: what would be written is compared with what is there.
//! - Memory does not grow with the file: rows come in chunks, faults go to a temporary file, the error workbook is
//!   written as a stream. What is kept per row is the digest of its document, to find duplicates.
//! - No query per row: documents and employers are looked up and written a chunk at a time.
//! - Somebody employed elsewhere comes over: the old employment ends the day before, and the dry run says how many.
//! - An empty optional cell leaves what is known as it is. Imported people have no account and no password.
//!
//! `columns.rs` is the template, `reading.rs` judges a row (`people/uploaded` reads the file in chunks and holds what uploaded lists have in
//! common), `pass.rs` decides a chunk, `steps.rs` is
//! the dry run and the writing. Deliberately absent: deleting people who are not in the file.

mod columns;
mod pass;
mod reading;
mod steps;

use std::{path::Path, sync::Arc};

use db::{
    Event,
    jobs::{Handlers, JobCtx},
};
use kernel::{
    Error, Id, Place, Result, Role, Time,
    id::{AccountId, FileId, JobId, OrgId},
};
pub use rules::people::roster::ImportState;
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store::imports as store;
use super::uploaded::{self, life};
pub use super::uploaded::{Sample, Watcher};
use crate::{Ctx, CtxSource, Listed, Subject, Window, files, orgs, taxonomy};

/// Marker of imports.
#[derive(Debug, Clone, Copy)]
pub enum ImportRow {}
/// The id of an import.
pub type ImportId = Id<ImportRow>;

const CHECK: &str = "people.roster_check";
const COMMIT: &str = "people.roster_commit";

/// What came of a pass over the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows below the heading that say something.
    pub total: i64,
    /// People who are not in the register yet.
    pub new: i64,
    /// People of whom something changes.
    pub changed: i64,
    /// People of whom nothing changes.
    pub same: i64,
    /// People who come over from another employer.
    pub moved: i64,
    /// Rows with at least one fault.
    pub faulty: i64,
}

/// An import.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The employer of all rows; none when each row names its own.
    pub org: Option<OrgId>,
    /// The district that imports.
    pub district: Option<String>,
    /// The employer's department.
    pub department: Option<String>,
    /// The uploaded file.
    pub file: FileId,
    /// What it was called.
    pub file_name: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// Where it stands.
    pub state: ImportState,
    /// The job that works on it or did.
    pub job: Option<JobId>,
    /// What came of the last pass.
    pub counts: Counts,
    /// The error workbook.
    pub error_file: Option<FileId>,
    /// Why nothing was written.
    pub problem: String,
    /// The first faults.
    pub samples: Vec<Sample>,
    /// Who uploaded, as the trail writes it.
    pub actor: String,
    /// Whose order it is.
    pub requested_by: Option<AccountId>,
    /// When it was uploaded.
    pub created_at: Time,
    /// When it was over.
    pub finished_at: Option<Time>,
    /// Grows with every step.
    pub version: i64,
}

impl Import {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            org: self.org,
            district: self.district.clone(),
            department: self.department.clone(),
            ..Place::default()
        }
    }
}

/// A roster was taken.
#[derive(Debug, Serialize, Deserialize)]
pub struct RosterImported {
    /// The import.
    pub import: ImportId,
    /// The employer of all rows, if it is one.
    pub org: Option<OrgId>,
}

impl Event for RosterImported {
    const KIND: &'static str = "people.roster_imported";
}

/// Takes a file in for checking and starts the dry run as a job. `org` is the employer of all rows; an employer's
/// own staff always imports for its own, and without one each row names its employer.
///
/// # Errors
/// Wrong at `file` when it is no roster; Forbidden, NotFound.
pub async fn start(ctx: &Ctx, org: impl Into<Option<OrgId>>, file_name: &str, path: &Path) -> Result<ImportId> {
    let id = begin(ctx, org.into(), file_name, path).await?;
    let mut tx = ctx.db.write().await?;
    enqueue(ctx, &mut tx, (CHECK, id)).await?;
    tx.commit().await?;
    Ok(id)
}

/// As [`start`], without a job: the caller runs [`check`] itself (the command line).
///
/// # Errors
/// As [`start`].
pub async fn begin(ctx: &Ctx, org: Option<OrgId>, file_name: &str, path: &Path) -> Result<ImportId> {
    let place = place_of(ctx, org).await?;
    ctx.may(Act::ImportRoster, &place)?;
    let (bytes, xlsx) = taken(ctx, path).await?;
    let mut tx = ctx.db.write().await?;
    let id = tx.mint();
    let (file, digest) = life::keep(ctx, &mut tx, (file_name, place.clone()), (bytes, xlsx)).await?;
    let import = Import {
        id,
        org: place.org,
        district: place.district.clone(),
        department: place.department.clone(),
        file,
        file_name: file_name.to_owned(),
        digest,
        state: ImportState::Waiting,
        job: None,
        counts: Counts::default(),
        error_file: None,
        problem: String::new(),
        samples: Vec::new(),
        actor: ctx.actor.label.clone(),
        requested_by: ctx.actor.account,
        created_at: ctx.now(),
        finished_at: None,
        version: 1,
    };
    store::insert(&mut tx, &import).await?;
    let told = json!({ "file": import.file_name, "sha256": import.digest });
    ctx.audit(&mut tx, "begin_roster_import", subject(&import), json!(null), told)
        .await?;
    tx.commit().await?;
    Ok(id)
}

async fn place_of(ctx: &Ctx, org: Option<OrgId>) -> Result<Place> {
    let own = (ctx.actor.role == Role::Employer).then(|| ctx.actor.org()).flatten();
    let Some(id) = own.or(org) else {
        return Ok(Place {
            district: ctx.actor.own.district.clone(),
            ..Place::default()
        });
    };
    let mut tx = ctx.db.read().await?;
    let org = orgs::load(&mut tx, id).await?;
    Ok(Place {
        provider: None,
        ..org.place()
    })
}

/// Judges the file by its content before anything is kept, and reads it.
async fn taken(ctx: &Ctx, path: &Path) -> Result<(Vec<u8>, bool)> {
    let mut tx = ctx.db.read().await?;
    let expected = columns::columns(&*taxonomy::names(&mut tx).await?);
    drop(tx);
    uploaded::taken(path, expected).await
}

async fn enqueue(ctx: &Ctx, tx: &mut db::Tx, (kind, import): (&'static str, ImportId)) -> Result<()> {
    let job = life::order(ctx, tx, (kind, format!("roster:{import}")), import).await?;
    store::set_job(tx, import, job).await
}

/// The jobs of this module.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    let (checking, committing) = (Arc::clone(source), Arc::clone(source));
    Handlers::new()
        .on(CHECK, move |job: JobCtx| {
            let source = Arc::clone(&checking);
            async move {
                let (ctx, import) = context(&job, &source)?;
                let counts = check(&ctx, import, Watcher::Job(&job)).await?;
                serde_json::to_value(counts).map_err(Error::broken)
            }
        })
        .on(COMMIT, move |job: JobCtx| {
            let source = Arc::clone(&committing);
            async move {
                let (ctx, import) = context(&job, &source)?;
                let counts = commit(&ctx, import, Watcher::Job(&job)).await?;
                serde_json::to_value(counts).map_err(Error::broken)
            }
        })
}

fn context(job: &JobCtx, source: &CtxSource) -> Result<(Ctx, ImportId)> {
    let (actor, import) = life::ordered(job)?;
    Ok((source("roster").acting_as(actor), import))
}

/// The dry run: reads the whole file, compares, and writes only what came of it.
///
/// # Errors
/// Wrong when the file cannot be read; the import fails then and says why.
pub async fn check(ctx: &Ctx, id: ImportId, watcher: Watcher<'_>) -> Result<Counts> {
    steps::check(ctx, id, watcher).await
}

/// The writing, in one transaction.
///
/// # Errors
/// Refused when the register changed since the dry run so that a row is faulty now; nothing is written then.
pub async fn commit(ctx: &Ctx, id: ImportId, watcher: Watcher<'_>) -> Result<Counts> {
    steps::commit(ctx, id, watcher).await
}

/// Confirms a checked import; the writing is a job.
///
/// # Errors
/// Refused when it is not checked or has faulty rows; NotFound.
pub async fn confirm(ctx: &Ctx, id: ImportId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    mark_confirmed(ctx, &mut tx, id).await?;
    enqueue(ctx, &mut tx, (COMMIT, id)).await?;
    tx.commit().await
}

/// As [`confirm`], without a job: the caller runs [`commit`] itself (the command line).
///
/// # Errors
/// As [`confirm`].
pub async fn confirm_here(ctx: &Ctx, id: ImportId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    mark_confirmed(ctx, &mut tx, id).await?;
    tx.commit().await
}

async fn mark_confirmed(ctx: &Ctx, tx: &mut db::Tx, id: ImportId) -> Result<()> {
    let import = store::load(tx, id).await?;
    ctx.may(Act::ImportRoster, &import.place())?;
    let next = import.state.confirm(import.counts.faulty, import.counts.total)?;
    store::move_on(tx, (id, import.state, next), ("", None)).await?;
    ctx.audit(
        tx,
        "confirm_roster_import",
        subject(&import),
        json!(null),
        json!({ "counts": import.counts }),
    )
    .await
}

/// Gives an import up before it is written.
///
/// # Errors
/// Refused when it is over or being written; NotFound.
pub async fn cancel(ctx: &Ctx, id: ImportId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let import = store::load(&mut tx, id).await?;
    ctx.may(Act::ImportRoster, &import.place())?;
    let next = import.state.cancel()?;
    store::move_on(&mut tx, (id, import.state, next), ("", Some(ctx.now()))).await?;
    life::stop(ctx, &mut tx, import.job).await?;
    ctx.audit(
        &mut tx,
        "cancel_roster_import",
        subject(&import),
        json!(null),
        json!(null),
    )
    .await?;
    tx.commit().await
}

/// One import for its page, with how far its job is.
///
/// # Errors
/// `NotFound` when it is out of sight.
pub async fn view(ctx: &Ctx, id: ImportId) -> Result<(Import, Option<db::jobs::Status>)> {
    let mut tx = ctx.db.read().await?;
    let import = store::load(&mut tx, id).await?;
    ctx.may(Act::ImportRoster, &import.place())?;
    let job = match import.job {
        Some(job) => Some(db::jobs::load(&mut tx, job).await?),
        None => None,
    };
    Ok((import, job))
}

/// The imports in sight, the latest first.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, window: &Window) -> Result<Listed<Import>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ImportRoster), window).await
}

/// The error workbook of an import. It holds the uploaded rows with their complete numbers, which whoever gets it
/// uploaded or may import here; the reading is noted all the same (R-18).
///
/// # Errors
/// `NotFound` when there is none, when it was swept, or when it is out of sight.
pub async fn error_book(ctx: &Ctx, id: ImportId) -> Result<files::File> {
    let mut tx = ctx.db.write().await?;
    let import = store::load(&mut tx, id).await?;
    ctx.may(Act::ImportRoster, &import.place())?;
    let file = files::load(&mut tx, import.error_file.ok_or(Error::NotFound)?).await?;
    ctx.audit(
        &mut tx,
        "download_roster_errors",
        subject(&import),
        json!(null),
        json!({ "sha256": file.sha256 }),
    )
    .await?;
    tx.commit().await?;
    Ok(file)
}

/// The template as an .xlsx workbook: drop-downs, notes, an explanation with samples.
///
/// # Errors
/// Storage failures.
pub async fn template(ctx: &Ctx) -> Result<Vec<u8>> {
    let mut tx = ctx.db.read().await?;
    let names = taxonomy::names(&mut tx).await?;
    drop(tx);
    sheet::template("人员名册", &columns::columns(&names), &columns::NOTES).map_err(Error::broken)
}

fn subject(import: &Import) -> Subject {
    Subject::new("roster_import", import.id.get(), import.place())
}
