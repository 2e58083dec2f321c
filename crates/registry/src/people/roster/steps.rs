//! The two steps of an import: the dry run, which writes only what came of it, and the writing, which is one
//! transaction. Both read the stored file from the beginning, so that nothing has to be kept between them; what they have
//! in common with other uploaded lists is `uploaded::life`.

use db::{Audit, Tx};
use kernel::{Error, Place, Result, Time};
use rules::people::roster::title;
use serde_json::json;

use super::{
    Counts, Import, ImportId, ImportState, RosterImported, Watcher, columns,
    pass::{Decided, Pass},
    reading::{Terms, Verdict},
    store, subject,
};
use crate::{
    Ctx, files, orgs,
    people::{
        Person, employments, move_account, registration, store as people,
        uploaded::{
            Judge, Uploaded,
            life::{self, List},
        },
    },
    tasks, taxonomy,
};

async fn open(ctx: &Ctx, import: &Import) -> Result<(Uploaded, Judge<Verdict>, Option<orgs::Org>)> {
    let mut tx = ctx.db.read().await?;
    let names = taxonomy::names(&mut tx).await?;
    let file = files::load(&mut tx, import.file).await?;
    let fixed = match import.org {
        Some(org) => Some(orgs::load(&mut tx, org).await?),
        None => None,
    };
    drop(tx);
    let judge = Terms::new(ctx, &names).judge();
    let reading = Uploaded::open(file, columns::columns(&names)).await?;
    Ok((reading, judge, fixed))
}

pub(super) async fn check(ctx: &Ctx, id: ImportId, watcher: Watcher<'_>) -> Result<Counts> {
    let import = store::load(&mut ctx.db.read().await?, id).await?;
    // A second run after a vanished worker, or one that was cancelled meanwhile.
    if import.state != ImportState::Waiting {
        return Ok(import.counts);
    }
    match dry_run(ctx, &import, watcher).await {
        Ok(counts) => Ok(counts),
        Err(error) => Err(life::failed(ctx, &import, error).await?),
    }
}

async fn dry_run(ctx: &Ctx, import: &Import, watcher: Watcher<'_>) -> Result<Counts> {
    let (mut reading, judge, fixed) = open(ctx, import).await?;
    let mut pass = Pass::new(ctx, fixed);
    let found = life::try_out(ctx, (&mut reading, &judge), (title, watcher), &mut pass).await?;
    let mut tx = ctx.db.write().await?;
    let kept = life::keep_book(ctx, &mut tx, import, found.book).await?;
    store::save_counts(&mut tx, import.id, (&pass.counts, kept), &found.samples).await?;
    let step = (import.id, ImportState::Waiting, ImportState::Checked);
    store::move_on(&mut tx, step, ("", None)).await?;
    tx.commit().await?;
    watcher.tell(reading.rows, reading.rows).await?;
    Ok(pass.counts)
}

impl List for Import {
    fn file_name(&self) -> &str {
        &self.file_name
    }

    fn place(&self) -> Place {
        self.place()
    }

    async fn fail(&self, tx: &mut Tx, why: &str, at: Time) -> Result<()> {
        let step = (self.id, self.state, ImportState::Failed);
        store::move_on(tx, step, (why, Some(at))).await
    }
}

pub(super) async fn commit(ctx: &Ctx, id: ImportId, watcher: Watcher<'_>) -> Result<Counts> {
    let import = store::load(&mut ctx.db.read().await?, id).await?;
    if import.state != ImportState::Committing {
        return Ok(import.counts);
    }
    match write_all(ctx, &import, watcher).await {
        Ok(counts) => Ok(counts),
        Err(error) => Err(life::failed(ctx, &import, error).await?),
    }
}

async fn write_all(ctx: &Ctx, import: &Import, watcher: Watcher<'_>) -> Result<Counts> {
    let (mut reading, judge, fixed) = open(ctx, import).await?;
    // Told before the batch begins: while it runs, nobody else writes on SQLite, not even the progress.
    watcher.tell(0, reading.rows).await?;
    let mut pass = Pass::new(ctx, fixed);
    let mut tx = ctx.db.batch().await?;
    loop {
        let chunk = reading.chunk(&judge).await?;
        if chunk.is_empty() {
            break;
        }
        let decided = pass.decide(&mut tx, chunk).await?;
        if let Some((row, faults)) = decided.faults.first() {
            return Err(changed_meanwhile(
                *row,
                faults.first().map_or("", |fault| fault.sentence.as_str()),
            ));
        }
        write(ctx, &mut tx, decided).await?;
    }
    store::save_counts(&mut tx, import.id, (&pass.counts, None), &[]).await?;
    let step = (import.id, ImportState::Committing, ImportState::Done);
    store::move_on(&mut tx, step, ("", Some(ctx.now()))).await?;
    let told = json!({ "file": import.file_name, "sha256": import.digest, "counts": pass.counts });
    ctx.audit(&mut tx, "import_roster", subject(import), json!(null), told)
        .await?;
    tx.tell(
        &RosterImported {
            import: import.id,
            org: import.org,
        },
        ctx.now(),
    )
    .await?;
    tx.commit().await?;
    watcher.tell(reading.rows, reading.rows).await?;
    Ok(pass.counts)
}

fn changed_meanwhile(row: u32, sentence: &str) -> Error {
    let sentence = format!("检查之后名册有了变化，没有导入任何一行：第 {row} 行 {sentence}。请重新上传检查。");
    Error::refused("roster.changed", sentence)
}

/// What a change of one person asks of others: the account follows to the new employer, and nobody is asked any
/// more to confirm a record that the employer has just answered for.
async fn follow_up(ctx: &Ctx, tx: &mut Tx, before: &Person, after: &Person) -> Result<()> {
    if before.org != after.org {
        move_account(tx, after).await?;
    }
    if !before.standing.is_verified() {
        tasks::done(ctx, tx, &registration::cause(after.id)).await?;
    }
    Ok(())
}

async fn write(ctx: &Ctx, tx: &mut Tx, decided: Decided) -> Result<()> {
    people::upsert_many(tx, &decided.people).await?;
    employments::change_many(tx, &decided.moves).await?;
    // New people stand in the import's own row of the trail, by the digest of the file; changes one by one.
    for (before, after) in &decided.before {
        follow_up(ctx, tx, before, after).await?;
        tx.audit(Audit {
            at: ctx.now(),
            actor: &ctx.actor,
            act: "import_person",
            subject_kind: "person",
            subject_id: after.id.get(),
            place: after.place(),
            before: before.audited(),
            after: after.audited(),
            reason: None,
        })
        .await?;
    }
    Ok(())
}
