//! The life of an uploaded list, whatever it says: kept, tried out as a job, confirmed, written as a job, over.
//!
//! ```text
//! start ─► waiting ──job: dry run──► checked ──confirm──► committing ──job: writing──► done
//!              └──────────── what trying again would not change ────────────┴──► failed      cancel ─► cancelled
//! ```
//! Here stands what a roster of employees (`people/roster`) and a provider's report of a class (`learning`'s
//! `courses/reporting`) have in common: keeping the file, the job that acts as whoever ordered it, the dry run over all
//! chunks, the workbook of faults, the end by a failure. Deliberately absent: the states and what confirms them (`rules`),
//! the tables, what a row must say, and how rows are written: at once, or in slices.

use db::Tx;
use db::jobs::{Job, JobCtx};
use kernel::{
    Actor, Error, Id, OrgId, Place, Result, Role, Time,
    id::{AccountId, FileId, JobId},
};
use rules::people::roster::RowFault;
use serde::{Deserialize, Serialize};

use super::{Faults, Judge, Sample, Title, Uploaded, Watcher};
use crate::{Ctx, files};

/// How many days an uploaded file and its error workbook are kept.
const KEPT_DAYS: u64 = 30;

/// Keeps an uploaded file with what [`super::taken`] read of it; returns the file and the digest of its bytes.
///
/// # Errors
/// Storage failures.
pub async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    (name, place): (&str, Place),
    (bytes, xlsx): (Vec<u8>, bool),
) -> Result<(FileId, String)> {
    let digest = files::digest(&bytes);
    let content_type = if xlsx { files::XLSX } else { files::CSV };
    let file = new_file(ctx, (name.to_owned(), place), (content_type, bytes));
    Ok((files::keep(ctx, tx, file).await?, digest))
}

/// A list in its life: an import of a roster, a report of a class.
pub trait List: Sync {
    /// What the file was called.
    fn file_name(&self) -> &str;

    /// Where it stands.
    fn place(&self) -> Place;

    /// Writes that it failed and why, if it still stands where it was seen; Stale otherwise.
    fn fail(&self, tx: &mut Tx, why: &str, at: Time) -> impl Future<Output = Result<()>> + Send;
}

/// What decides the chunks of a list, one after the other.
pub trait Decide<T>: Send {
    /// The faults of a chunk, by row.
    fn faults(
        &mut self,
        tx: &mut Tx,
        chunk: Vec<(u32, T)>,
    ) -> impl Future<Output = Result<Vec<(u32, Vec<RowFault>)>>> + Send;
}

/// Keeps the workbook of faults beside the list it is about.
///
/// # Errors
/// Storage failures.
pub async fn keep_book(ctx: &Ctx, tx: &mut Tx, list: &impl List, book: Option<Vec<u8>>) -> Result<Option<FileId>> {
    let Some(bytes) = book else { return Ok(None) };
    let name = list.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let file = new_file(
        ctx,
        (format!("{stem}-错误清单.xlsx"), list.place()),
        (files::XLSX, bytes),
    );
    files::keep(ctx, tx, file).await.map(Some)
}

fn new_file(ctx: &Ctx, (name, place): (String, Place), (content_type, bytes): (&str, Vec<u8>)) -> files::NewFile {
    files::NewFile {
        name,
        content_type: content_type.to_owned(),
        bytes,
        place,
        delete_after: ctx.today().checked_add_days(chrono::Days::new(KEPT_DAYS)),
    }
}

/// What a job needs to know: the list, and who acts.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
struct Order<L> {
    list: Id<L>,
    role: Role,
    label: String,
    account: Option<AccountId>,
    org: Option<OrgId>,
    provider: Option<OrgId>,
    district: Option<String>,
    department: Option<String>,
    admin: bool,
}

/// Orders a step of a list as a job; `key` names the list among all.
///
/// # Errors
/// Storage failures.
pub async fn order<L>(ctx: &Ctx, tx: &mut Tx, (kind, key): (&'static str, String), list: Id<L>) -> Result<JobId> {
    let own = &ctx.actor.own;
    let order = Order {
        list,
        role: ctx.actor.role,
        label: ctx.actor.label.clone(),
        account: ctx.actor.account,
        org: own.org,
        provider: own.provider,
        district: own.district.clone(),
        department: own.department.clone(),
        admin: ctx.actor.admin,
    };
    let job = Job {
        kind,
        key,
        body: serde_json::to_value(order).map_err(Error::broken)?,
        run_at: ctx.now(),
        requested_by: ctx.actor.account,
    };
    db::jobs::enqueue(tx, job).await
}

/// Which list a job is about, and who acts: whoever ordered it, so that the trail names a person.
///
/// # Errors
/// Broken when the job is no such order.
pub fn ordered<L>(job: &JobCtx) -> Result<(Actor, Id<L>)> {
    let order: Order<L> = job.parse()?;
    let actor = Actor {
        account: order.account,
        role: order.role,
        own: Place {
            person: None,
            org: order.org,
            provider: order.provider,
            district: order.district,
            department: order.department,
        },
        admin: order.admin,
        label: order.label,
        request: format!("job:{}", job.id),
    };
    Ok((actor, order.list))
}

/// Stops the job of a list that was given up; it may be over already, what counts is that the list says so.
///
/// # Errors
/// Storage failures.
pub async fn stop(ctx: &Ctx, tx: &mut Tx, job: Option<JobId>) -> Result<()> {
    let Some(job) = job else { return Ok(()) };
    match db::jobs::cancel(tx, job, ctx.now()).await {
        Ok(()) | Err(Error::Stale | Error::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What a pass found wrong.
#[derive(Debug, Default)]
pub struct Found {
    /// The first faults, for the page.
    pub samples: Vec<Sample>,
    /// The workbook with all of them; none when nothing is wrong.
    pub book: Option<Vec<u8>>,
}

impl Found {
    /// What was noted, as page and workbook show it.
    ///
    /// # Errors
    /// When the workbook cannot be written.
    pub async fn of(reading: &Uploaded, faults: Faults) -> Result<Self> {
        let samples = faults.samples().to_vec();
        let book = match faults.rows() {
            0 => None,
            _ => Some(reading.error_book(faults).await?),
        };
        Ok(Self { samples, book })
    }
}

/// The dry run: every chunk is decided on a reader of its own, and nothing is written.
///
/// # Errors
/// Wrong at `file` when it cannot be read; `job.cancelled`; storage failures.
pub async fn try_out<T: Send + 'static>(
    ctx: &Ctx,
    (reading, judge): (&mut Uploaded, &Judge<T>),
    (title, watcher): (Title, Watcher<'_>),
    pass: &mut impl Decide<T>,
) -> Result<Found> {
    let mut faults = Faults::new()?;
    let mut done = 0;
    loop {
        let chunk = reading.chunk(judge).await?;
        if chunk.is_empty() {
            return Found::of(reading, faults).await;
        }
        done += chunk.len() as u64;
        let mut tx = ctx.db.read().await?;
        let found = pass.faults(&mut tx, chunk).await?;
        drop(tx);
        for (row, found) in &found {
            reading.note(&mut faults, *row, found, title)?;
        }
        watcher
            .tell(done.min(reading.rows.saturating_sub(1)), reading.rows)
            .await?;
    }
}

/// Ends a list by what trying again would not change; everything else is left to the job, which tries again. Returns the
/// error for the job.
///
/// # Errors
/// Storage failures.
pub async fn failed(ctx: &Ctx, list: &impl List, error: Error) -> Result<Error> {
    let Some(sentence) = lasting(&error) else {
        return Ok(error);
    };
    let mut tx = ctx.db.write().await?;
    match list.fail(&mut tx, &sentence, ctx.now()).await {
        Ok(()) => tx.commit().await?,
        // Somebody cancelled it a moment ago; that stands.
        Err(Error::Stale) => {}
        Err(other) => return Err(other),
    }
    Ok(error)
}

/// What to tell about an error that would come again.
fn lasting(error: &Error) -> Option<String> {
    match error {
        Error::Wrong(fields) => {
            let sentences: Vec<&str> = fields.iter().map(|field| field.sentence.as_str()).collect();
            Some(sentences.join("；"))
        }
        Error::Refused { sentence, code, .. } if *code != "job.cancelled" => Some(sentence.clone()),
        Error::NotFound => Some("上传的文件已过保存期限，请重新上传。".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_come_again_ends_a_list() {
        assert_eq!(
            lasting(&Error::wrong("file", "x", "不是名册。")).as_deref(),
            Some("不是名册。")
        );
        assert!(lasting(&Error::NotFound).is_some_and(|words| words.contains("重新上传")));
        assert_eq!(lasting(&Error::refused("job.cancelled", "已取消。")), None);
        assert_eq!(lasting(&Error::broken("no connection")), None);
    }
}
