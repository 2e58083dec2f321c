//! Providers report the people of a class: who will come, who passed; by file, tried out first, or through the API.
//!
//! ```text
//! start ─► waiting ──check (dry run)──► checked ──confirm──► committing ──commit (slices)──► done
//! ```
//! - Confirmed, the right rows are written and the wrong ones come back in the workbook. A roster is written in one
//!   transaction (it is as small as a class). Completions are written in slices of [`uploaded::CHUNK`] rows, each a
//!   transaction of its own: on SQLite nobody else waits longer than one slice takes. A person's row (result, time,
//!   hours) is in one slice, so nothing is half-posted; a slice is keyed by class and person, so that a writing that was
//!   interrupted just runs again, and the same file twice changes nothing (R-57).
//! - A row that says something else than what was recorded is refused: a correction is a reversal.
//! - Nobody is entered by a report (R-58); a document of a merged record stands for its survivor.
//! - Within the reporting window only, or an exception (R-55, R-56).
//!
//! `direct.rs` is the API's report of results in one call, `listed.rs` its roster, `filed.rs` the classes that ran elsewhere, `late.rs` the exceptions,
//! `pass.rs` decides a chunk, `steps.rs` is the dry run and the writing, `columns.rs` the template.
//! Two records of one document cannot exist (`people`), so a row never has several; homonyms do not matter, because
//! nobody is found by name. Deliberately absent: changing what was reported before.

mod columns;
mod direct;
pub mod filed;
pub mod late;
mod listed;
mod pass;
mod steps;
mod writing;

use std::{path::Path, sync::Arc};

use db::{
    Tx,
    jobs::{Handlers, JobCtx},
};
use kernel::{
    Deadline, Error, Id, OrgId, Place, Result, Time,
    id::{AccountId, ClassId, FileId, JobId},
};
use registry::people::uploaded::{self, Sample, Watcher, life};
use registry::taxonomy::deadlines;
use registry::{Ctx, CtxSource, Subject, Window, files};
use rules::courses::ClassState;
use rules::courses::reporting as decide;
use rules::permits::Act;
use serde::Serialize;
use serde_json::json;

use super::store::class::{self as class_store, Class};
use super::store::{filed as filed_store, late as late_store, reports as store};

pub use direct::{Report, ReportLine, Reported, report};
pub use listed::{Listed, RosterLine, RosterReport, enrol_roster, try_roster};
pub use rules::courses::reporting::{ReportKind, ReportState};

/// Marker of reports.
#[derive(Debug, Clone, Copy)]
pub enum ReportRow {}
/// The id of a report.
pub type ReportId = Id<ReportRow>;

/// The name of the deadline at which the window of a class closes.
pub(super) const WINDOW: &str = "reporting";
const CHECK: &str = "courses.report_check";
const COMMIT: &str = "courses.report_commit";

/// What came of a pass over the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows below the heading that say something.
    pub total: i64,
    /// Rows that will be written.
    pub right: i64,
    /// Rows that were reported before, the same.
    pub same: i64,
    /// Rows with at least one fault.
    pub faulty: i64,
    /// Rows that have been written.
    pub written: i64,
}

/// A report by file.
#[derive(Debug, Clone)]
pub struct ClassReport {
    /// Its id.
    pub id: ReportId,
    /// What it says.
    pub kind: ReportKind,
    /// Of which class.
    pub class: ClassId,
    /// Title of the class.
    pub title: String,
    /// Number of the class.
    pub number: String,
    /// The uploaded file.
    pub file: FileId,
    /// What it was called.
    pub file_name: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// Where it stands.
    pub state: ReportState,
    /// The job that works on it or did.
    pub job: Option<JobId>,
    /// What came of the last pass.
    pub counts: Counts,
    /// The error workbook.
    pub error_file: Option<FileId>,
    /// Why it failed, or what is still to be done after it.
    pub problem: String,
    /// The first faults.
    pub samples: Vec<Sample>,
    /// Who uploaded, as the trail writes it.
    pub actor: String,
    /// Whose order it is.
    pub requested_by: Option<AccountId>,
    /// Who runs the class.
    pub provider: OrgId,
    /// The provider's name.
    pub provider_name: String,
    /// The provider's district.
    pub district: Option<String>,
    /// The provider's department.
    pub department: Option<String>,
    /// When it was uploaded.
    pub created_at: Time,
    /// When it was over.
    pub finished_at: Option<Time>,
}

impl ClassReport {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            provider: Some(self.provider),
            district: self.district.clone(),
            department: self.department.clone(),
            ..Place::default()
        }
    }

    fn subject(&self) -> Subject {
        Subject::new("class_report", self.id.get(), self.place())
    }
}

/// What a list of reports asks for.
#[derive(Debug, Clone, Default)]
pub struct ReportFilter {
    /// Rosters or completions.
    pub kind: Option<ReportKind>,
    /// State.
    pub state: Option<ReportState>,
    /// One class.
    pub class: Option<ClassId>,
}

/// Until when a class may be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportingWindow {
    /// The end of the window (R-55); none for a class of before the rule.
    pub closes: Option<Deadline>,
    /// The last day of the latest exception (R-56).
    pub reopened: Option<kernel::Date>,
    /// Whether a request for an exception waits.
    pub pending: bool,
}

impl ReportingWindow {
    /// Whether the class may be reported on this day.
    #[must_use]
    pub fn is_open(&self, today: kernel::Date) -> bool {
        decide::admits(self.closes, self.reopened, today).is_ok()
    }
}

/// The window of a class, for whoever sees its reports.
///
/// # Errors
/// Storage failures.
pub async fn window(ctx: &Ctx, class: ClassId) -> Result<ReportingWindow> {
    let mut tx = ctx.db.read().await?;
    window_in(&mut tx, class).await
}

async fn window_in(tx: &mut Tx, class: ClassId) -> Result<ReportingWindow> {
    Ok(ReportingWindow {
        closes: deadlines::find(tx, "class", class.get(), WINDOW).await?,
        reopened: late_store::reopened(tx, class).await?,
        pending: late_store::is_pending(tx, class).await?,
    })
}

/// Whether the class may be reported today.
///
/// # Errors
/// `report.window` by R-55 or R-56.
pub(super) async fn admit(ctx: &Ctx, tx: &mut Tx, class: ClassId) -> Result<()> {
    let window = window_in(tx, class).await?;
    decide::admits(window.closes, window.reopened, ctx.today())
}

/// Sets the window of a class that ends on `last_day`.
pub(super) async fn open_window(
    ctx: &Ctx,
    tx: &mut Tx,
    (class, last_day): (ClassId, kernel::Date),
    workdays: u32,
) -> Result<()> {
    deadlines::set(ctx, tx, ("class", class.get(), WINDOW), last_day, workdays)
        .await
        .map(drop)
}

/// Whether a report of this kind may begin now.
async fn admit_kind(ctx: &Ctx, tx: &mut Tx, class: &Class, kind: ReportKind) -> Result<()> {
    if kind == ReportKind::Roster {
        if filed_store::own_number(tx, class.id).await?.is_some() {
            let sentence = "平台外班次不需要报名单，请直接报送结业结果。";
            return Err(Error::refused("report.filed", sentence));
        }
        return super::enrol::admits_roster(ctx, class);
    }
    if !matches!(class.state, ClassState::Completed { .. }) {
        let last = class.ends_at.unwrap_or_default().plus_seconds(-1).date();
        class.state.record(Time::start_of(last), ctx.now())?;
    }
    admit(ctx, tx, class.id).await
}

/// Takes a file in for checking and starts the dry run as a job.
///
/// # Errors
/// Wrong at `file` when it is no such list; `report.window`, `class.early`, `class.not_published`, `enrolment.closed`;
/// Forbidden, NotFound.
pub async fn start(ctx: &Ctx, (kind, class): (ReportKind, ClassId), file_name: &str, path: &Path) -> Result<ReportId> {
    let mut tx = ctx.db.read().await?;
    let class = class_store::load(&mut tx, class).await?;
    ctx.may(Act::ReportClass, &class.place())?;
    admit_kind(ctx, &mut tx, &class, kind).await?;
    drop(tx);
    let (bytes, xlsx) = uploaded::taken(path, columns::columns(kind)).await?;
    let mut tx = ctx.db.write().await?;
    let id = tx.mint();
    let (file, digest) = life::keep(ctx, &mut tx, (file_name, class.place()), (bytes, xlsx)).await?;
    let report = ClassReport {
        id,
        kind,
        class: class.id,
        title: class.plan.title.clone(),
        number: class.number.clone().unwrap_or_default(),
        file,
        file_name: file_name.to_owned(),
        digest,
        state: ReportState::Waiting,
        job: None,
        counts: Counts::default(),
        error_file: None,
        problem: String::new(),
        samples: Vec::new(),
        actor: ctx.actor.label.clone(),
        requested_by: ctx.actor.account,
        provider: class.provider,
        provider_name: class.provider_name.clone(),
        district: class.district.clone(),
        department: class.department.clone(),
        created_at: ctx.now(),
        finished_at: None,
    };
    store::insert(&mut tx, &report).await?;
    let told = json!({ "kind": kind, "class": class.id, "file": report.file_name, "sha256": report.digest });
    ctx.audit(&mut tx, "begin_class_report", report.subject(), json!(null), told)
        .await?;
    enqueue(ctx, &mut tx, (CHECK, id)).await?;
    tx.commit().await?;
    Ok(id)
}

async fn enqueue(ctx: &Ctx, tx: &mut Tx, (kind, report): (&'static str, ReportId)) -> Result<()> {
    let job = life::order(ctx, tx, (kind, format!("class_report:{report}")), report).await?;
    store::set_job(tx, report, job).await
}

/// The jobs of reports.
pub(super) fn handlers(source: &CtxSource) -> Handlers {
    let (checking, committing) = (Arc::clone(source), Arc::clone(source));
    Handlers::new()
        .on(CHECK, move |job: JobCtx| {
            let source = Arc::clone(&checking);
            async move {
                let (ctx, report) = context(&job, &source)?;
                let counts = steps::check(&ctx, report, Watcher::Job(&job)).await?;
                serde_json::to_value(counts).map_err(Error::broken)
            }
        })
        .on(COMMIT, move |job: JobCtx| {
            let source = Arc::clone(&committing);
            async move {
                let (ctx, report) = context(&job, &source)?;
                let counts = steps::commit(&ctx, report, Watcher::Job(&job)).await?;
                serde_json::to_value(counts).map_err(Error::broken)
            }
        })
}

fn context(job: &JobCtx, source: &CtxSource) -> Result<(Ctx, ReportId)> {
    let (actor, report) = life::ordered(job)?;
    Ok((source("reporting").acting_as(actor), report))
}

/// Confirms a checked report; the writing is a job.
///
/// # Errors
/// `report.nothing`, `report.state`, `report.busy`, `report.window`; NotFound.
pub async fn confirm(ctx: &Ctx, id: ReportId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let report = store::load(&mut tx, id).await?;
    ctx.may(Act::ReportClass, &report.place())?;
    let next = report.state.confirm(report.counts.right)?;
    let class = class_store::lock(&mut tx, report.class).await?;
    admit_kind(ctx, &mut tx, &class, report.kind).await?;
    if store::is_writing(&mut tx, report.class).await? {
        let sentence = "这个班次的另一份报送正在写入，请等它完成后再确认。";
        return Err(Error::refused("report.busy", sentence));
    }
    store::move_on(&mut tx, (id, report.state, next), ("", None)).await?;
    let told = json!({ "counts": report.counts });
    ctx.audit(&mut tx, "confirm_class_report", report.subject(), json!(null), told)
        .await?;
    enqueue(ctx, &mut tx, (COMMIT, id)).await?;
    tx.commit().await
}

/// Writes a confirmed report in this task instead of a job, for commands and measurements; a job that finds it written
/// does nothing.
///
/// # Errors
/// As the job: what ends a report is told by it too.
pub async fn commit_here(ctx: &Ctx, id: ReportId) -> Result<Counts> {
    steps::commit(ctx, id, Watcher::Nobody).await
}

/// Gives a report up before it is written.
///
/// # Errors
/// `report.committing`, `report.state`; NotFound.
pub async fn cancel(ctx: &Ctx, id: ReportId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let report = store::load(&mut tx, id).await?;
    ctx.may(Act::ReportClass, &report.place())?;
    let next = report.state.cancel()?;
    store::move_on(&mut tx, (id, report.state, next), ("", Some(ctx.now()))).await?;
    life::stop(ctx, &mut tx, report.job).await?;
    ctx.audit(
        &mut tx,
        "cancel_class_report",
        report.subject(),
        json!(null),
        json!(null),
    )
    .await?;
    tx.commit().await
}

/// One report for its page, with how far its job is.
///
/// # Errors
/// `NotFound` when it is out of sight.
pub async fn view(ctx: &Ctx, id: ReportId) -> Result<(ClassReport, Option<db::jobs::Status>)> {
    let mut tx = ctx.db.read().await?;
    let report = store::load(&mut tx, id).await?;
    ctx.may(Act::ListReports, &report.place())?;
    let job = match report.job {
        Some(job) => Some(db::jobs::load(&mut tx, job).await?),
        None => None,
    };
    Ok((report, job))
}

/// The reports in sight, the latest first.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &ReportFilter, window: &Window) -> Result<registry::Listed<ClassReport>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListReports), filter, window).await
}

/// The error workbook of a report. It holds the uploaded rows with their complete numbers, so it is for the provider
/// alone, and the reading is noted (R-18).
///
/// # Errors
/// `NotFound` when there is none, when it was swept, or when it is out of sight.
pub async fn error_book(ctx: &Ctx, id: ReportId) -> Result<files::File> {
    let mut tx = ctx.db.write().await?;
    let report = store::load(&mut tx, id).await?;
    ctx.may(Act::ReportClass, &report.place())?;
    let file = files::load(&mut tx, report.error_file.ok_or(Error::NotFound)?).await?;
    let told = json!({ "sha256": file.sha256 });
    ctx.audit(&mut tx, "download_report_errors", report.subject(), json!(null), told)
        .await?;
    tx.commit().await?;
    Ok(file)
}

/// The template as an .xlsx workbook: drop-downs, notes, an explanation with samples.
///
/// # Errors
/// When it cannot be written.
pub fn template(kind: ReportKind) -> Result<Vec<u8>> {
    sheet::template(kind.name(), &columns::columns(kind), columns::notes(kind)).map_err(Error::broken)
}
