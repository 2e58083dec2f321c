//! The SQL of the log.

use db::{Tx, args};
use kernel::Result;

use super::leaf::Waiting;

/// Puts entries in the queue, in the transaction that posts them.
pub(super) async fn enqueue(tx: &mut Tx, waiting: &Waiting) -> Result<()> {
    let id: kernel::Id<Waiting> = tx.mint();
    tx.exec(
        "insert into log_queue (id, entries, commitments) values ($1, $2, $3)",
        args![id, waiting.entries.clone(), waiting.commitments.clone()],
    )
    .await?;
    Ok(())
}
