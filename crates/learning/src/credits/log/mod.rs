//! The public log over the ledger: what was posted once can be changed, dropped or reordered by nobody without a trace.
//!
//! # Doctrine
//!
//! ```text
//! post ──(same transaction)──► queue ──(sequencer, some rounds a second)──► index, tiles, signed checkpoint ──► witness
//! ```
//! 1. A posting computes the commitments of its entries ([`leaf`]) and writes **one** row of the queue in the caller's
//!    transaction, whatever its size: an entry exists if and only if it waits for its index or has one. A posting never
//!    waits for the log.
//! 2. Indexes are given after the commit, by whoever locks the one row of `log_head` ([`sequencer`]): bundles, tiles, head
//!    and the removal from the queue are one transaction. A crash between rounds leaves the queue as it was; a crash in a
//!    round leaves nothing of it. Two servers take turns; two processes on one SQLite file do by its one writer.
//! 3. What is under a checkpoint only grows: triggers refuse anything else on both engines, a backup holds ledger and log
//!    of the same moment, and the audit ([`audit`]) recomputes all of it from the rows.
//! 4. What nobody inside can see from inside is the restore of an old backup. Only a checkpoint kept elsewhere shows it
//!    ([`witness`], mirrors, every certificate): the audit says so in plain words when it is given none.
//!
//! Per entry the log keeps 40 bytes (id and commitment, 256 to a row) and the row 16 (salt): 1.7 GB for 30,000,000
//! entries. Tiles of level 0 are computed from the commitments; the index of an entry is found by two numbers of its
//! bundle (`store.rs`). Rules: R-20 to R-24, R-73. Deliberately absent: HTTP and files (`portal`, `server`), the tree (`tlog`).

pub mod audit;
pub mod leaf;
mod proof;
pub mod sequencer;
mod store;
pub mod witness;

use db::Tx;
use kernel::Result;

pub use proof::{
    Checked, Leaf, Opened, Proven, check, consistent_with, head, open_checkpoint, prove, root_at, signatures, tile,
};
pub use sequencer::Sequencer;
pub use store::Head;

use leaf::Waiting;

/// The origin of the log of an installation: its public address without the scheme, and `/log`.
#[must_use]
pub fn origin(public_url: &str) -> String {
    let address = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    format!("{}/log", address.trim_end_matches('/'))
}

/// Puts entries in the queue, in the transaction that posts them.
///
/// # Errors
/// Storage failures.
pub(super) async fn enqueue(tx: &mut Tx, waiting: &Waiting) -> Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    store::enqueue(tx, waiting).await
}
