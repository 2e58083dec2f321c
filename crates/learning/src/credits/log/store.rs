//! The SQL of the log: queue, bundles, tiles, head.
//!
//! Ids stand eight bytes each, commitments thirty-two, most significant byte first, in bundles of 256. A bundle keeps the
//! smallest id in it (`low`) and the greatest id in it and all before it (`high`, which never falls), so that the bundle
//! of an entry is found by two numbers and the map from entry to index takes no row of its own.

use std::collections::BTreeSet;

use db::{FromRow, Row, Tx, Value, args};
use kernel::{EntryId, Error, Result, Time};
use tlog::{Hash, TilePath, TileSet, WIDTH, leaf_hash};

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

/// Whether anything waits.
pub(super) async fn is_waiting(tx: &mut Tx) -> Result<bool> {
    Ok(tx
        .first::<i64>("select id from log_queue limit 1", &[])
        .await?
        .is_some())
}

/// What waits together.
pub(super) struct Queued {
    pub(super) id: i64,
    pub(super) entries: Vec<EntryId>,
    /// None: to be computed from the rows.
    pub(super) commitments: Option<Vec<Hash>>,
}

impl FromRow for Queued {
    fn from_row(row: &Row) -> Result<Self> {
        let commitments: Option<Vec<u8>> = row.get(2)?;
        Ok(Self {
            id: row.get(0)?,
            entries: ids(&row.get::<Vec<u8>>(1)?),
            commitments: commitments.map(|bytes| hashes(&bytes)),
        })
    }
}

/// All that waits, first come first.
pub(super) async fn queue(tx: &mut Tx) -> Result<Vec<Queued>> {
    tx.all("select id, entries, commitments from log_queue order by id", &[])
        .await
}

/// Takes rows off the queue, first come first, until they hold `most` entries, and at least one row.
pub(super) async fn take(tx: &mut Tx, most: usize) -> Result<Vec<Queued>> {
    let sizes: Vec<(i64, i64)> = tx
        .all(
            "select id, cast(length(entries) as bigint) / 8 from log_queue order by id limit 512",
            &[],
        )
        .await?;
    let mut upto = None;
    let mut held = 0;
    for (id, size) in sizes {
        if upto.is_some() && held + size > i64::try_from(most).unwrap_or(i64::MAX) {
            break;
        }
        held += size;
        upto = Some(id);
    }
    let Some(upto) = upto else { return Ok(Vec::new()) };
    let sql = "delete from log_queue where id <= $1 returning id, entries, commitments";
    let mut taken: Vec<Queued> = tx.all(sql, args![upto]).await?;
    taken.sort_by_key(|row| row.id);
    Ok(taken)
}

/// How far the log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Leaves.
    pub size: u64,
    /// Their root.
    pub root: Hash,
    /// The signed checkpoint; empty before the first.
    pub note: String,
    /// When it was signed.
    pub signed_at: Time,
}

impl FromRow for Head {
    fn from_row(row: &Row) -> Result<Self> {
        let root: Vec<u8> = row.get(1)?;
        Ok(Self {
            size: u64::try_from(row.get::<i64>(0)?).map_err(Error::broken)?,
            root: root
                .try_into()
                .map_err(|_| Error::broken("the root of the log is no hash"))?,
            note: row.get(2)?,
            signed_at: row.get(3)?,
        })
    }
}

pub(super) async fn head(tx: &mut Tx) -> Result<Head> {
    tx.one("select size, root, note, signed_at from log_head where id = 1", &[])
        .await
}

/// Whoever holds this lock is the sequencer until the end of its transaction.
pub(super) async fn lock_head(tx: &mut Tx) -> Result<Head> {
    tx.lock_row("log_head", 1).await?;
    head(tx).await
}

pub(super) async fn save_head(tx: &mut Tx, head: &Head) -> Result<()> {
    let size = i64::try_from(head.size).map_err(Error::broken)?;
    tx.exec_one(
        "update log_head set size = $1, root = $2, note = $3, signed_at = $4 where id = 1",
        args![size, head.root, head.note.as_str(), head.signed_at],
    )
    .await
}

/// 256 leaves, or fewer at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bundle {
    pub(super) number: u64,
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) entries: Vec<u8>,
    pub(super) commitments: Vec<u8>,
}

impl FromRow for Bundle {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            number: u64::try_from(row.get::<i64>(0)?).map_err(Error::broken)?,
            low: row.get(1)?,
            high: row.get(2)?,
            entries: row.get(3)?,
            commitments: row.get(4)?,
        })
    }
}

impl Bundle {
    /// The level-0 tile beside it.
    pub(super) fn leaf_hashes(&self) -> Vec<u8> {
        self.commitments.chunks(32).flat_map(leaf_hash).collect()
    }

    /// Each entry with its index and commitment.
    pub(super) fn leaves(&self) -> impl Iterator<Item = (u64, EntryId, &[u8])> {
        let first = self.number * WIDTH;
        let commitments = self.commitments.chunks(32);
        let each = ids(&self.entries).into_iter().zip(commitments);
        (first..)
            .zip(each)
            .map(|(index, (id, commitment))| (index, id, commitment))
    }
}

const BUNDLE: &str = "select number, low, high, entries, commitments from log_bundles";

pub(super) async fn bundle(tx: &mut Tx, number: u64) -> Result<Option<Bundle>> {
    tx.first(&format!("{BUNDLE} where number = $1"), args![int(number)?])
        .await
}

/// Bundles from a number on, in order.
pub(super) async fn bundles_from(tx: &mut Tx, number: u64, most: u32) -> Result<Vec<Bundle>> {
    let sql = format!("{BUNDLE} where number >= $1 order by number limit {most}");
    tx.all(&sql, args![int(number)?]).await
}

/// The bundles of a run of numbers.
pub(super) async fn bundles_between(tx: &mut Tx, first: u64, last: u64) -> Result<Vec<Bundle>> {
    let sql = format!("{BUNDLE} where number >= $1 and number <= $2 order by number");
    tx.all(&sql, args![int(first)?, int(last)?]).await
}

/// Which ids a bundle may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) number: u64,
    pub(super) low: i64,
    pub(super) high: i64,
}

impl FromRow for Span {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            number: u64::try_from(row.get::<i64>(0)?).map_err(Error::broken)?,
            low: row.get(1)?,
            high: row.get(2)?,
        })
    }
}

/// Those of all bundles, from the index alone where the engine keeps the number in it.
pub(super) async fn spans(tx: &mut Tx) -> Result<Vec<Span>> {
    tx.all("select number, low, high from log_bundles order by high, low", &[])
        .await
}

pub(super) async fn save_bundles(tx: &mut Tx, bundles: Vec<Bundle>) -> Result<()> {
    let mut rows: Vec<[Value; 5]> = Vec::with_capacity(bundles.len());
    for bundle in bundles {
        rows.push([
            int(bundle.number)?.into(),
            bundle.low.into(),
            bundle.high.into(),
            bundle.entries.into(),
            bundle.commitments.into(),
        ]);
    }
    let sql = "insert into log_bundles (number, low, high, entries, commitments) values {}
        on conflict (number) do update set low = excluded.low, high = excluded.high, entries = excluded.entries,
        commitments = excluded.commitments";
    tx.insert_all(sql, rows).await?;
    Ok(())
}

pub(super) async fn save_tiles(tx: &mut Tx, tiles: &TileSet) -> Result<()> {
    let mut rows: Vec<[Value; 3]> = Vec::new();
    for ((level, number), hashes) in tiles {
        if *level > 0 {
            rows.push([i64::from(*level).into(), int(*number)?.into(), hashes.clone().into()]);
        }
    }
    let sql = "insert into log_tiles (level, number, hashes) values {}
        on conflict (level, number) do update set hashes = excluded.hashes";
    tx.insert_all(sql, rows).await?;
    Ok(())
}

/// The hashes of a tile as far as they are there.
pub(super) async fn tile(tx: &mut Tx, level: u8, number: u64) -> Result<Option<Vec<u8>>> {
    if level == 0 {
        return Ok(bundle(tx, number).await?.map(|bundle| bundle.leaf_hashes()));
    }
    let sql = "select hashes from log_tiles where level = $1 and number = $2";
    tx.first(sql, args![i64::from(level), int(number)?]).await
}

/// Reads tiles beforehand; those that are not there are left out.
pub(super) async fn read(tx: &mut Tx, paths: BTreeSet<TilePath>) -> Result<tlog::Read> {
    let mut read = tlog::Read::default();
    read_more(tx, paths, &mut read).await?;
    Ok(read)
}

/// Reads those that were not read before.
pub(super) async fn read_more(tx: &mut Tx, paths: BTreeSet<TilePath>, read: &mut tlog::Read) -> Result<()> {
    for path in paths {
        let Some(level) = path.level.filter(|level| !read.0.contains_key(&(*level, path.number))) else {
            continue;
        };
        if let Some(hashes) = tile(tx, level, path.number).await? {
            read.0.insert((level, path.number), hashes);
        }
    }
    Ok(())
}

/// Where an entry stands in the log: its index, and the bundle that holds it. None while it waits.
pub(super) async fn position(tx: &mut Tx, entry: EntryId) -> Result<Option<(u64, Bundle)>> {
    // The first that may hold it nearly always does. Only an entry whose transaction took long, or one that waits, is
    // looked for in all others that may.
    for limit in ["limit 1", "limit 1000000 offset 1"] {
        let sql =
            format!("select number from log_bundles where high >= $1 and low <= $1 order by high, low, number {limit}");
        let numbers: Vec<i64> = tx.all(&sql, args![entry]).await?;
        for number in numbers {
            let Some(bundle) = bundle(tx, number.cast_unsigned()).await? else {
                continue;
            };
            let found = bundle.leaves().find(|(_, id, _)| *id == entry);
            if let Some(index) = found.map(|(index, _, _)| index) {
                return Ok(Some((index, bundle)));
            }
        }
    }
    Ok(None)
}

pub(super) fn ids(bytes: &[u8]) -> Vec<EntryId> {
    let numbers = bytes.as_chunks::<8>().0.iter();
    numbers
        .map(|number| EntryId::new(i64::from_be_bytes(*number)))
        .collect()
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks::<32>().0.to_vec()
}

pub(super) fn int(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(Error::broken)
}
