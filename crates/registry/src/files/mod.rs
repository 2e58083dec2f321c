//! files: what the platform keeps for people: uploads, error workbooks, attachments.
//!
//! The content stands in the database, so that a backup and a transaction hold it too. Whoever keeps a file says
//! where it stands and what it is; the name that a browser sent is only shown, never a path and never trusted
//! for the content type. A file with a day to be deleted disappears with the daily sweep.
//! Deliberately absent: who may read a file. The module that owns the thing the file belongs to asks `may` and
//! then calls [`load`].

mod store;

use db::{Tx, jobs::Handlers};
use kernel::{Date, Place, Result, id::FileId};
use sha2::{Digest, Sha256};

use crate::{Ctx, CtxSource};

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// The name a person gave it; shown, never used as a path.
    pub name: String,
    /// What we found it to be.
    pub content_type: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// Where it stands.
    pub place: Place,
    /// The day after which the sweep removes it; none keeps it.
    pub delete_after: Option<Date>,
}

/// A kept file.
#[derive(Debug, Clone)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// The name a person gave it.
    pub name: String,
    /// What it is.
    pub content_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of the content in hexadecimal.
    pub sha256: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// Where it stands.
    pub place: Place,
}

/// The name of an .xlsx workbook's type.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The name of a CSV text's type.
pub const CSV: &str = "text/csv; charset=utf-8";

/// SHA-256 in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Keeps a file in the caller's transaction.
///
/// # Errors
/// Storage failures.
pub async fn keep(ctx: &Ctx, tx: &mut Tx, file: NewFile) -> Result<FileId> {
    let id = tx.mint();
    let sha256 = digest(&file.bytes);
    store::insert(tx, id, (file, sha256), (&ctx.actor.label, ctx.now())).await?;
    Ok(id)
}

/// Loads a file with its content; the caller has asked whether its reader may.
///
/// # Errors
/// `NotFound`; storage failures.
pub async fn load(tx: &mut Tx, id: FileId) -> Result<File> {
    store::load(tx, id).await
}

/// Removes a file that nothing refers to any more.
///
/// # Errors
/// Storage failures.
pub async fn remove(tx: &mut Tx, id: FileId) -> Result<()> {
    store::remove(tx, id).await
}

/// Removes every file whose day has passed; returns how many.
///
/// # Errors
/// Storage failures.
pub async fn sweep(ctx: &Ctx) -> Result<u64> {
    let mut tx = ctx.db.write().await?;
    let gone = store::sweep(&mut tx, kernel::Time::start_of(ctx.today())).await?;
    tx.commit().await?;
    Ok(gone)
}

/// The daily sweep.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    const SWEEP: &str = "files.sweep";
    let source = CtxSource::clone(source);
    Handlers::new()
        .on(SWEEP, move |_| {
            let source = CtxSource::clone(&source);
            async move {
                let gone = sweep(&source("files")).await?;
                Ok(serde_json::json!({ "removed": gone }))
            }
        })
        .daily(SWEEP, 3, 10)
}
