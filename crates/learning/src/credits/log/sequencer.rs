//! Gives committed entries their indexes and signs the checkpoint over them: one round, one transaction.
//!
//! ```text
//! lock head ─► take the queue ─► bundles ─► tiles ─► root ─► sign ─► save head ─► commit ─► witness
//! ```
//! Whoever locks the one row of `log_head` is the sequencer of that moment: on PostgreSQL servers take turns, on SQLite
//! the one writer of the file is the lock, across processes too. A process that dies inside a round has done nothing;
//! after the commit all of it is done. So there is no leader to elect and none to lose.
//! R-21: an entry that is committed stands under a signed checkpoint two seconds later while a server runs.
//! Deliberately absent: where the checkpoint is copied to (`witness.rs`).

use std::sync::Arc;
use std::time::Duration;

use db::{Db, Tx};
use kernel::{Clock, EntryId, Error, Result};
use tlog::{Checkpoint, Hash, NoteSigner, WIDTH, append, leaf_hash, needed, root};

use super::store::{self, Bundle, Head, Queued};
use super::witness::Witness;
use crate::credits::store as ledger;

/// Entries of one round: some tens of milliseconds of the writer.
const MOST: usize = 8_192;
/// How often the queue is looked at.
const PACE: Duration = Duration::from_millis(400);

/// Sequences the log of one installation.
#[derive(Clone)]
pub struct Sequencer {
    db: Db,
    clock: Clock,
    signers: Vec<Arc<dyn NoteSigner>>,
    witness: Option<Witness>,
}

impl Sequencer {
    /// With the keys that sign, a line each, under one name: the origin of the log.
    #[must_use]
    pub fn new(db: Db, clock: Clock, signers: Vec<Arc<dyn NoteSigner>>) -> Self {
        Self {
            db,
            clock,
            signers,
            witness: None,
        }
    }

    /// Copies each checkpoint to a folder as well.
    #[must_use]
    pub fn witnessed(self, witness: Option<Witness>) -> Self {
        Self { witness, ..self }
    }

    /// Sequences all that waits; returns how many entries got their index.
    ///
    /// # Errors
    /// Storage failures; the round that failed is not done, those before it are.
    pub async fn catch_up(&self) -> Result<u64> {
        let mut total = 0;
        loop {
            let done = self.round().await?;
            total += done;
            if done == 0 {
                return Ok(total);
            }
        }
    }

    /// One round: a few thousand entries. Signs again when another key or origin is in force.
    ///
    /// # Errors
    /// Storage failures, a signer that does not sign; nothing is done then.
    pub async fn round(&self) -> Result<u64> {
        let mut tx = self.db.read().await?;
        let idle = !store::is_waiting(&mut tx).await? && self.has_signed(&store::head(&mut tx).await?);
        drop(tx);
        if idle {
            return Ok(0);
        }
        let mut tx = self.db.write().await?;
        let head = store::lock_head(&mut tx).await?;
        let taken = store::take(&mut tx, MOST).await?;
        let leaves = leaves(&mut tx, taken).await?;
        if leaves.is_empty() && self.has_signed(&head) {
            return Ok(0);
        }
        let next = self.grow(&mut tx, &head, &leaves).await?;
        store::save_head(&mut tx, &next).await?;
        tx.commit().await?;
        self.tell_witness(&next);
        Ok(leaves.len() as u64)
    }

    /// Runs until it is told to stop, and once more then.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        self.copy_present().await;
        loop {
            let pause = match self.round().await {
                Ok(0) => PACE,
                Ok(_) => PACE / 4,
                Err(error) => {
                    tracing::error!(%error, "a round of the log failed");
                    PACE * 10
                }
            };
            tokio::select! {
                () = &mut stop => break,
                () = tokio::time::sleep(pause) => {}
            }
        }
        if let Err(error) = self.catch_up().await {
            tracing::warn!(%error, "the last round of the log failed; the next start makes up for it");
        }
    }

    fn origin(&self) -> &str {
        self.signers.first().map_or("", |signer| signer.name())
    }

    fn has_signed(&self, head: &Head) -> bool {
        let ours = head.note.starts_with(&format!("{}\n", self.origin()));
        ours && self.signers.iter().all(|signer| tlog::bears(&head.note, &**signer))
    }

    /// Appends leaves: bundles, tiles, and the head with its signature.
    async fn grow(&self, tx: &mut Tx, head: &Head, leaves: &[(EntryId, Hash)]) -> Result<Head> {
        let size = head.size + leaves.len() as u64;
        let mut tiles = store::read(tx, needed(head.size, &[])).await?;
        let hashes: Vec<Hash> = leaves.iter().map(|(_, commitment)| leaf_hash(commitment)).collect();
        let changed = append(&mut tiles, head.size, &hashes).map_err(Error::broken)?;
        let last = last_bundle(tx, head.size).await?;
        store::save_bundles(tx, bundled(last, head.size, leaves)).await?;
        store::save_tiles(tx, &changed).await?;
        tiles.0.extend(changed);
        let root = root(&mut tiles, size).map_err(Error::broken)?;
        let checkpoint = Checkpoint {
            origin: self.origin().to_owned(),
            size,
            root,
        };
        let signers: Vec<&dyn NoteSigner> = self.signers.iter().map(|signer| &**signer).collect();
        let note = tlog::sign(&checkpoint.text(), &signers);
        Ok(Head {
            size,
            root,
            note: note.ok_or_else(|| Error::broken("the key of the log does not sign"))?,
            signed_at: self.clock.now(),
        })
    }

    fn tell_witness(&self, head: &Head) {
        if let Some(witness) = &self.witness
            && let Err(error) = witness.keep(head.size, &head.note)
        {
            tracing::error!(%error, "the checkpoint could not be copied to ZHIXIN_WITNESS_DIR");
        }
    }

    /// A process that died between commit and copy left the last checkpoint uncopied.
    async fn copy_present(&self) {
        let Ok(mut tx) = self.db.read().await else { return };
        if let Ok(head) = store::head(&mut tx).await
            && !head.note.is_empty()
        {
            self.tell_witness(&head);
        }
    }
}

async fn last_bundle(tx: &mut Tx, size: u64) -> Result<Option<Bundle>> {
    match size.checked_sub(1) {
        Some(last) => store::bundle(tx, last / WIDTH).await,
        None => Ok(None),
    }
}

/// Each new leaf with its commitment; those from before the log are computed from their rows.
async fn leaves(tx: &mut Tx, taken: Vec<Queued>) -> Result<Vec<(EntryId, Hash)>> {
    let mut leaves = Vec::new();
    for row in taken {
        let commitments = match row.commitments {
            Some(commitments) => commitments,
            None => ledger::commitments(tx, &row.entries).await?,
        };
        if commitments.len() != row.entries.len() {
            return Err(Error::broken(format!("row {} of the log's queue is torn", row.id)));
        }
        leaves.extend(row.entries.into_iter().zip(commitments));
    }
    Ok(leaves)
}

/// The bundles that change: the last one if it is not full, and new ones.
fn bundled(last: Option<Bundle>, size: u64, leaves: &[(EntryId, Hash)]) -> Vec<Bundle> {
    let mut high = last.as_ref().map_or(i64::MIN, |bundle| bundle.high);
    let mut open = last.filter(|_| !size.is_multiple_of(WIDTH));
    let mut done = Vec::with_capacity(leaves.len() / 256 + 2);
    for (index, (entry, commitment)) in (size..).zip(leaves) {
        let bundle = open.get_or_insert_with(|| Bundle {
            number: index / WIDTH,
            low: i64::MAX,
            ..Bundle::default()
        });
        high = high.max(entry.get());
        bundle.low = bundle.low.min(entry.get());
        bundle.high = high;
        bundle.entries.extend(entry.get().to_be_bytes());
        bundle.commitments.extend(commitment);
        if (index + 1).is_multiple_of(WIDTH) {
            done.extend(open.take());
        }
    }
    done.extend(open);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(id: i64) -> (EntryId, Hash) {
        (EntryId::new(id), [id.to_be_bytes()[7]; 32])
    }

    #[test]
    fn a_partial_bundle_grows_and_the_greatest_id_never_falls() {
        let first: Vec<_> = (1000..1300).map(leaf).collect();
        let done = bundled(None, 0, &first);
        assert_eq!(
            done.iter().map(|b| (b.number, b.entries.len() / 8)).collect::<Vec<_>>(),
            [(0, 256), (1, 44)]
        );
        let done = bundled(done.last().cloned(), 300, &[leaf(5), leaf(6)]);
        assert_eq!((done[0].number, done[0].entries.len() / 8), (1, 46));
        assert_eq!((done[0].low, done[0].high), (5, 1299));
        assert_eq!(
            done[0].leaves().last().map(|(index, id, _)| (index, id.get())),
            Some((301, 6))
        );
        let full: Vec<_> = (0..212).map(leaf).collect();
        assert_eq!(bundled(None, 300, &full)[0].number, 1);
        let done = bundled(Some(done[0].clone()), 302, &full[..210]);
        assert_eq!((done.len(), done[0].entries.len() / 8), (1, 256));
        let next = bundled(done.last().cloned(), 512, &[leaf(1)]);
        assert_eq!((next[0].number, next[0].low, next[0].high), (2, 1, 1299));
    }
}
