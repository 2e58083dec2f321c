//! The public log over the ledger: what was posted once can be changed, dropped or reordered by nobody without a trace.
//!
//! # Doctrine
//!
//! ```text
//! post ──(same transaction)──► queue ──(one sequencer, a round a second)──► index, tiles, signed checkpoint
//! ```
//! 1. A posting computes the commitments of its entries ([`leaf`]) and writes **one** row of the queue in the caller's
//!    transaction: an entry exists if and only if it waits for its index or has one.
//! 2. Indexes are given after the commit, by whoever locks the one row of `log_head`: never inside a use case, which
//!    would make all postings of a city wait for each other.
//!
//! Deliberately absent: HTTP and files (`portal`, `server`), and the tree itself (`tlog`).

pub mod leaf;
mod store;

use db::Tx;
use kernel::Result;

use leaf::Waiting;

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
