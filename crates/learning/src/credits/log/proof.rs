//! Proofs that entries are in the log, and what strangers fetch of it.
//!
//! A proof carries what is needed to check it without the platform: what opens the leaf and nothing hidden (`leaf.rs`), the
//! hashes up to the root, the signed checkpoint. R-22: a document states entries with their proofs.
//! A checkpoint counts when its Ed25519 line holds; its SM2 line must hold too where it is there and its key is known, but
//! cannot stand alone: the younger implementation adds to the trust in a checkpoint and never replaces it.
//! Deliberately absent: signatures of documents (`seal`), HTTP (`portal`).

use db::Tx;
use kernel::{EntryId, Error, Hours, Result};
use tlog::{
    Algorithm, Checkpoint, Hash, NoteKey, PublicKey, TilePath, consistency, inclusion, leaf_hash, needed, root,
    verify_inclusion,
};

use super::leaf::{Opening, commitment, shown_integer};
use super::store::{self, Head};
use crate::credits::store as ledger;

/// That an entry is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its index.
    pub index: u64,
    /// The half of the salt that opens the commitment.
    pub salt: Vec<u8>,
    /// The digest of the hidden columns, then the shown ones.
    pub entry: Vec<u8>,
    /// From the leaf up to the root.
    pub path: Vec<Hash>,
}

/// Entries that stand under one checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The signed checkpoint.
    pub checkpoint: String,
    /// In the order asked for.
    pub leaves: Vec<Leaf>,
}

/// Proves entries under the present checkpoint; none when one of them has no index yet.
///
/// # Errors
/// NotFound when there is no such entry; storage failures.
pub async fn prove(tx: &mut Tx, entries: &[EntryId]) -> Result<Option<Proven>> {
    let head = store::head(tx).await?;
    let mut leaves = Vec::with_capacity(entries.len());
    // Shared by all: the right edge, and what neighbours have in common.
    let mut tiles = tlog::Read::default();
    for entry in entries {
        let Some((index, bundle)) = store::position(tx, *entry).await? else {
            return Ok(None);
        };
        if index >= head.size {
            return Ok(None);
        }
        let Opening { salt, entry } = ledger::opening(tx, *entry).await?;
        tiles.0.insert((0, bundle.number), bundle.leaf_hashes());
        store::read_more(tx, needed(head.size, &[index]), &mut tiles).await?;
        leaves.push(Leaf {
            index,
            salt: salt.to_vec(),
            entry,
            path: inclusion(&mut tiles, index, head.size).map_err(Error::broken)?,
        });
    }
    Ok(Some(Proven {
        checkpoint: head.note,
        leaves,
    }))
}

/// What a checked proof says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// How it is signed.
    pub signed_by: Vec<Algorithm>,
    /// The indexes.
    pub indexes: Vec<u64>,
    /// The hours of the entries, added up.
    pub hours: Hours,
}

/// Checks a proof with keys that are trusted, without any database.
///
/// # Errors
/// The sentence that says what does not hold.
pub fn check(proven: &Proven, keys: &[PublicKey]) -> std::result::Result<Checked, String> {
    let Opened { checkpoint, signed_by } = open_checkpoint(&proven.checkpoint, keys)?;
    let mut hours = 0_i64;
    for leaf in &proven.leaves {
        let number = leaf.index;
        let hash = leaf_hash(&commitment(&leaf.salt, &leaf.entry));
        verify_inclusion(&leaf.path, number, checkpoint.size, &hash, &checkpoint.root)
            .map_err(|_| format!("第 {number} 号学时记录不在检查点所证明的账本中"))?;
        hours += shown_integer(&leaf.entry, "hours").ok_or_else(|| format!("第 {number} 号学时记录的内容不完整"))?;
    }
    Ok(Checked {
        checkpoint,
        signed_by,
        indexes: proven.leaves.iter().map(|leaf| leaf.index).collect(),
        hours: Hours::hundredths(hours),
    })
}

/// A checkpoint that can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// By which of the known algorithms it is signed; Ed25519 is among them.
    pub signed_by: Vec<Algorithm>,
}

/// Opens a checkpoint with keys that are trusted, under whatever origin it names.
///
/// # Errors
/// The sentence that says what does not hold.
pub fn open_checkpoint(note: &str, keys: &[PublicKey]) -> std::result::Result<Opened, String> {
    let origin = note.split('\n').next().unwrap_or_default();
    let known: Vec<NoteKey> = keys.iter().filter_map(|key| NoteKey::new(origin, *key).ok()).collect();
    let opened = tlog::open(note, &known).map_err(|error| match error {
        tlog::NoteError::Malformed | tlog::NoteError::Key => "检查点的格式不对".to_owned(),
        tlog::NoteError::NoKnownKey => "检查点不是由所给的公钥签署".to_owned(),
        tlog::NoteError::Signature => "检查点的签名无效".to_owned(),
    })?;
    let mut signed_by: Vec<Algorithm> = opened.signed_by.into_iter().map(|(_, how)| how).collect();
    signed_by.sort_unstable();
    signed_by.dedup();
    if !signed_by.contains(&Algorithm::Ed25519) {
        return Err("检查点没有由所给公钥作出的 Ed25519 签名".to_owned());
    }
    let checkpoint = Checkpoint::parse(&opened.text).map_err(|_| "检查点的格式不对".to_owned())?;
    Ok(Opened { checkpoint, signed_by })
}

/// How a checkpoint is signed, in the words of a sentence: `Ed25519 和 SM2`.
#[must_use]
pub fn signatures(signed_by: &[Algorithm]) -> String {
    let names = signed_by.iter().map(|how| match how {
        Algorithm::Ed25519 => "Ed25519",
        Algorithm::Sm2 => "SM2（SM3）",
    });
    names.collect::<Vec<_>>().join(" 和 ")
}

/// How far the log has come.
///
/// # Errors
/// Storage failures.
pub async fn head(tx: &mut Tx) -> Result<Head> {
    store::head(tx).await
}

/// The root of the first `size` leaves, from the tiles as they are; none when the log is shorter.
///
/// # Errors
/// Storage failures, tiles that are missing.
pub async fn root_at(tx: &mut Tx, size: u64) -> Result<Option<Hash>> {
    if size > store::head(tx).await?.size {
        return Ok(None);
    }
    let mut tiles = store::read(tx, needed(size, &[])).await?;
    root(&mut tiles, size).map(Some).map_err(Error::broken)
}

/// The proof that the present log begins with its first `earlier` leaves.
///
/// # Errors
/// Storage failures, tiles that are missing.
pub async fn consistent_with(tx: &mut Tx, earlier: u64) -> Result<Vec<Hash>> {
    let size = store::head(tx).await?.size;
    let mut tiles = store::read(tx, needed(size, &[earlier.saturating_sub(1)])).await?;
    consistency(&mut tiles, earlier, size).map_err(Error::broken)
}

/// The bytes of a tile or a bundle of entries as strangers fetch them; none when it is not, or not yet, there.
///
/// # Errors
/// Storage failures.
pub async fn tile(tx: &mut Tx, path: TilePath) -> Result<Option<Vec<u8>>> {
    let width = usize::from(path.width);
    let hashes = match path.level {
        Some(level) => store::tile(tx, level, path.number).await?,
        None => store::bundle(tx, path.number).await?.map(|bundle| bundle.commitments),
    };
    let Some(hashes) = hashes.as_ref().and_then(|hashes| hashes.get(..width * 32)) else {
        return Ok(None);
    };
    Ok(match path.level {
        Some(_) => Some(hashes.to_vec()),
        None => tlog::bundle(hashes.chunks(32)),
    })
}
