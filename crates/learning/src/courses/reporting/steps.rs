//! The two steps of a report: the dry run, which writes only what came of it, and the writing. Both read the stored file
//! from the beginning, so that nothing has to be kept between them, and a writing that was interrupted finds its earlier
//! slices as rows that were reported before. What they have in common with other uploaded lists is `uploaded::life`.

use db::Tx;
use kernel::{Error, Place, Result, Time};
use registry::people::uploaded::life::{self, Found, List};
use registry::people::uploaded::{Faults, Judge, Uploaded, Watcher, raw};
use registry::{Ctx, Subject, files};
use rules::courses::ClassState;
use rules::courses::reporting::{Person as Told, ReportKind, ReportState, judge, title};
use rules::people::roster::RowFault;
use serde_json::json;
use std::sync::Arc;

use super::super::completion::complete_in;
use super::super::store::{class as class_store, reports as store};
use super::pass::{Pass, Purpose, Target};
use super::{ClassReport, Counts, ReportId, columns, writing};

type Verdict = std::result::Result<Told, Vec<RowFault>>;

async fn open(ctx: &Ctx, report: &ClassReport) -> Result<(Uploaded, Judge<Verdict>, Target)> {
    let mut tx = ctx.db.read().await?;
    let file = files::load(&mut tx, report.file).await?;
    let class = class_store::load(&mut tx, report.class).await?;
    let target = Target::load(ctx, &mut tx, (report.kind, class)).await?;
    drop(tx);
    let frame = target.frame(ctx);
    let judge: Judge<Verdict> = Arc::new(move |mapping, row| judge(|key| raw(mapping, row, key, &[]), &frame));
    let reading = Uploaded::open(file, columns::columns(report.kind)).await?;
    Ok((reading, judge, target))
}

pub(super) async fn check(ctx: &Ctx, id: ReportId, watcher: Watcher<'_>) -> Result<Counts> {
    let report = store::load(&mut ctx.db.read().await?, id).await?;
    // A second run after a vanished worker, or one that was cancelled meanwhile.
    if report.state != ReportState::Waiting {
        return Ok(report.counts);
    }
    match dry_run(ctx, &report, watcher).await {
        Ok(counts) => Ok(counts),
        Err(error) => Err(life::failed(ctx, &report, error).await?),
    }
}

async fn dry_run(ctx: &Ctx, report: &ClassReport, watcher: Watcher<'_>) -> Result<Counts> {
    let (mut reading, judge, target) = open(ctx, report).await?;
    let mut pass = Pass::new(&target, Purpose::Trying);
    let found = life::try_out(ctx, (&mut reading, &judge), (title, watcher), &mut pass).await?;
    let mut tx = ctx.db.write().await?;
    let kept = life::keep_book(ctx, &mut tx, report, found.book).await?;
    store::save_counts(&mut tx, report.id, (&pass.counts, kept), &found.samples).await?;
    let step = (report.id, ReportState::Waiting, ReportState::Checked);
    store::move_on(&mut tx, step, ("", None)).await?;
    tx.commit().await?;
    watcher.tell(reading.rows, reading.rows).await?;
    Ok(pass.counts)
}

impl List for ClassReport {
    fn file_name(&self) -> &str {
        &self.file_name
    }

    fn place(&self) -> Place {
        self.place()
    }

    async fn fail(&self, tx: &mut Tx, why: &str, at: Time) -> Result<()> {
        let step = (self.id, self.state, ReportState::Failed);
        store::move_on(tx, step, (why, Some(at))).await
    }
}

pub(super) async fn commit(ctx: &Ctx, id: ReportId, watcher: Watcher<'_>) -> Result<Counts> {
    let report = store::load(&mut ctx.db.read().await?, id).await?;
    if report.state != ReportState::Committing {
        return Ok(report.counts);
    }
    match write_all(ctx, &report, watcher).await {
        Ok(counts) => Ok(counts),
        Err(error) => Err(life::failed(ctx, &report, error).await?),
    }
}

async fn write_all(ctx: &Ctx, report: &ClassReport, watcher: Watcher<'_>) -> Result<Counts> {
    let (mut reading, judge, target) = open(ctx, report).await?;
    let mut pass = Pass::new(&target, Purpose::Writing);
    let mut faults = Faults::new()?;
    let (mut done, mut written, mut waiting) = (0, report.counts.written, 0);
    let mut all = Vec::new();
    loop {
        // Read outside of the transaction: while it runs, nobody else writes on SQLite.
        let chunk = reading.chunk(&judge).await?;
        let last = chunk.is_empty();
        done += chunk.len() as u64;
        if report.kind == ReportKind::Roster && !last {
            all.extend(chunk);
            continue;
        }
        let slice = if report.kind == ReportKind::Roster {
            std::mem::take(&mut all)
        } else {
            chunk
        };
        if !slice.is_empty() {
            let mut tx = ctx.db.batch().await?;
            let decided = pass.decide(&mut tx, slice).await?;
            for (row, found) in &decided.faults {
                reading.note(&mut faults, *row, found, title)?;
            }
            let wrote = writing::write(ctx, &mut tx, (&target, report), &decided.right).await?;
            waiting += wrote.waiting;
            written += wrote.rows;
            tx.commit().await?;
        }
        if last {
            break;
        }
        watcher
            .tell(done.min(reading.rows.saturating_sub(1)), reading.rows)
            .await?;
    }
    let counts = Counts { written, ..pass.counts };
    let problem = match report.kind {
        ReportKind::Roster if waiting > 0 => format!("名额已满，其中 {waiting} 人进入候补，有空额时按顺序递补。"),
        ReportKind::Roster => String::new(),
        ReportKind::Completions => close(ctx, &target).await?,
    };
    let found = Found::of(&reading, faults).await?;
    finish(ctx, (report, &counts), (&problem, found)).await?;
    watcher.tell(reading.rows, reading.rows).await?;
    Ok(counts)
}

/// Completes the class if nothing is missing; otherwise says what is. A filed class is completed by its first report.
async fn close(ctx: &Ctx, target: &Target) -> Result<String> {
    let mut tx = ctx.db.batch().await?;
    if target.filed {
        writing::complete_filed(ctx, &mut tx, target).await?;
        tx.commit().await?;
        return Ok(String::new());
    }
    let class = class_store::load(&mut tx, target.class.id).await?;
    if matches!(class.state, ClassState::Completed { .. }) {
        return Ok(String::new());
    }
    match complete_in(ctx, &mut tx, class.id).await {
        Ok(_) => {
            tx.commit().await?;
            super::super::counts::forget();
            Ok(String::new())
        }
        Err(Error::Refused { sentence, .. }) => Ok(format!("结果已记录，班次还没有结业：{sentence}")),
        Err(error) => Err(error),
    }
}

async fn finish(ctx: &Ctx, (report, counts): (&ClassReport, &Counts), (problem, found): (&str, Found)) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let kept = life::keep_book(ctx, &mut tx, report, found.book).await?;
    store::save_counts(&mut tx, report.id, (counts, kept), &found.samples).await?;
    let step = (report.id, ReportState::Committing, ReportState::Done);
    store::move_on(&mut tx, step, (problem, Some(ctx.now()))).await?;
    let thing = Subject::new("class_report", report.id.get(), report.place());
    let told = json!({ "file": report.file_name, "sha256": report.digest, "counts": counts });
    ctx.audit(&mut tx, "finish_class_report", thing, json!(null), told)
        .await?;
    tx.commit().await
}
