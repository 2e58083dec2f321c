//! The Merkle tree of RFC 6962 over tiles: appending, roots and proofs.
//!
//! A node is named by its level (0: leaves) and its number within the level; it stands for leaves `number << level` up to
//! `(number + 1) << level`. Only whole subtrees have nodes of their own, and those are in tiles; the nodes at the right
//! edge are made by hashing along the way, as RFC 6962 splits a range: at the largest power of two below its length.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Hash, TilePath, WIDTH, node_hash};

/// The hashes of tiles by level and number, 32 bytes each.
pub type TileSet = BTreeMap<(u8, u64), Vec<u8>>;

/// Where tiles come from.
pub trait Tiles {
    /// What a failed look brings.
    type Error: From<Missing>;

    /// The first `width` hashes of a tile, 32 bytes each. More may be given than was asked for.
    ///
    /// # Errors
    /// When it is not there, or not read.
    fn tile(&mut self, level: u8, number: u64, width: u16) -> Result<Vec<u8>, Self::Error>;
}

/// A tile that should be there is not, or is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("tile {0} is missing or incomplete")]
pub struct Missing(pub TilePath);

/// The tiles a proof needs, read once each.
struct Reading<'t, T: Tiles> {
    tiles: &'t mut T,
    size: u64,
    read: BTreeMap<(u8, u64), Vec<u8>>,
}

impl<'t, T: Tiles> Reading<'t, T> {
    fn new(tiles: &'t mut T, size: u64) -> Self {
        Self {
            tiles,
            size,
            read: BTreeMap::new(),
        }
    }

    /// The hash of the whole subtree `number` of height `level`.
    fn node(&mut self, level: u32, number: u64) -> Result<Hash, T::Error> {
        // Eight levels are in one tile: the hashes of its lowest, and those above by hashing.
        let tile_level = u8::try_from(level / 8).unwrap_or(u8::MAX);
        let above = level % 8;
        let first = number << above;
        let (tile, start) = (first / WIDTH, first % WIDTH);
        let hashes = self.hashes(tile_level, tile)?;
        let needed = 1_usize << above;
        let from = usize::try_from(start).unwrap_or(usize::MAX).saturating_mul(32);
        let Some(bytes) = hashes.get(from..from.saturating_add(needed * 32)) else {
            return Err(Missing(TilePath::tile(tile_level, tile, 256)).into());
        };
        Ok(whole(bytes))
    }

    fn hashes(&mut self, level: u8, number: u64) -> Result<&[u8], T::Error> {
        let key = (level, number);
        if !self.read.contains_key(&key) {
            let width = width_at(self.size, level, number);
            let bytes = self.tiles.tile(level, number, width)?;
            let wanted = usize::from(width) * 32;
            if bytes.len() < wanted || width == 0 {
                return Err(Missing(TilePath::tile(level, number, width.max(1))).into());
            }
            self.read.insert(key, bytes);
        }
        Ok(self.read.get(&key).map_or(&[], Vec::as_slice))
    }

    /// The Merkle tree hash of the leaves from `from` to before `to`; `from` is a multiple of a power of two that is not
    /// less than `to - from`, as it always is in RFC 6962's recursion.
    fn range(&mut self, from: u64, to: u64) -> Result<Hash, T::Error> {
        let count = to - from;
        if count.is_power_of_two() {
            let level = count.trailing_zeros();
            return self.node(level, from >> level);
        }
        let split = from + largest_power_below(count);
        let (left, right) = (self.range(from, split)?, self.range(split, to)?);
        Ok(node_hash(&left, &right))
    }
}

/// The root of a whole subtree, from the hashes of its lowest level in the tile.
fn whole(bytes: &[u8]) -> Hash {
    let mut layer: Vec<Hash> = bytes.as_chunks::<32>().0.to_vec();
    while layer.len() > 1 {
        layer = layer
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[left, right]| node_hash(left, right))
            .collect();
    }
    layer.first().copied().unwrap_or_default()
}

/// How wide the tile is in a tree of `size` leaves; 0 when it does not exist.
fn width_at(size: u64, level: u8, number: u64) -> u16 {
    let nodes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
    let left = nodes.saturating_sub(number.saturating_mul(WIDTH));
    u16::try_from(left.min(WIDTH)).unwrap_or(256)
}

/// The largest power of two that is less than `count`, which is at least 2.
pub(crate) fn largest_power_below(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

/// The root of the tree without leaves: `SHA-256("")`.
#[must_use]
pub fn empty_root() -> Hash {
    use sha2::Digest as _;
    sha2::Sha256::digest([]).into()
}

/// The root of the first `size` leaves.
///
/// # Errors
/// Of the tiles.
pub fn root<T: Tiles>(tiles: &mut T, size: u64) -> Result<Hash, T::Error> {
    if size == 0 {
        return Ok(empty_root());
    }
    Reading::new(tiles, size).range(0, size)
}

/// The proof that leaf `index` is in the tree of `size` leaves, from the leaf upwards.
///
/// # Errors
/// Of the tiles; [`Missing`] when the tree has no such leaf.
pub fn inclusion<T: Tiles>(tiles: &mut T, index: u64, size: u64) -> Result<Vec<Hash>, T::Error> {
    if index >= size {
        return Err(Missing(TilePath::tile(0, index / WIDTH, 256)).into());
    }
    let mut reading = Reading::new(tiles, size);
    let (mut from, mut to) = (0, size);
    let mut path = Vec::new();
    while to - from > 1 {
        let split = from + largest_power_below(to - from);
        if index < split {
            path.push(reading.range(split, to)?);
            to = split;
        } else {
            path.push(reading.range(from, split)?);
            from = split;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `size` leaves begins with that of `earlier` leaves.
///
/// # Errors
/// Of the tiles; [`Missing`] when `earlier` is greater than `size`.
pub fn consistency<T: Tiles>(tiles: &mut T, earlier: u64, size: u64) -> Result<Vec<Hash>, T::Error> {
    if earlier > size {
        return Err(Missing(TilePath::tile(0, earlier / WIDTH, 256)).into());
    }
    if earlier == 0 || earlier == size {
        return Ok(Vec::new());
    }
    let mut reading = Reading::new(tiles, size);
    let (mut from, mut to) = (0, size);
    let mut path = Vec::new();
    // RFC 6962, 2.1.2: go down to where the earlier tree ends; the first step down to a whole subtree that is the earlier
    // tree itself needs no hash, its root is known.
    let mut whole_so_far = true;
    while earlier != to {
        let split = from + largest_power_below(to - from);
        if earlier <= split {
            path.push(reading.range(split, to)?);
            to = split;
        } else {
            path.push(reading.range(from, split)?);
            from = split;
            whole_so_far = false;
        }
    }
    if !whole_so_far {
        path.push(reading.range(from, to)?);
    }
    path.reverse();
    Ok(path)
}

/// Appends leaf hashes to a tree of `size` leaves. Returns the tiles that changed, as they are now, in the order of level
/// and number: the partial ones at the right edge are read, longer ones are returned.
///
/// # Errors
/// Of the tiles.
pub fn append<T: Tiles>(tiles: &mut T, size: u64, leaves: &[Hash]) -> Result<TileSet, T::Error> {
    let mut changed = BTreeMap::new();
    let mut hashes: Vec<Hash> = leaves.to_vec();
    let mut level: u8 = 0;
    while !hashes.is_empty() {
        let nodes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
        let (mut number, held) = (nodes / WIDTH, u16::try_from(nodes % WIDTH).unwrap_or(0));
        let mut bytes = if held == 0 {
            Vec::new()
        } else {
            let mut bytes = tiles.tile(level, number, held)?;
            if bytes.len() < usize::from(held) * 32 {
                return Err(Missing(TilePath::tile(level, number, held)).into());
            }
            bytes.truncate(usize::from(held) * 32);
            bytes
        };
        let mut above = Vec::new();
        for hash in &hashes {
            bytes.extend(hash);
            if bytes.len() == 256 * 32 {
                above.push(whole(&bytes));
                changed.insert((level, number), std::mem::take(&mut bytes));
                number += 1;
            }
        }
        if !bytes.is_empty() {
            changed.insert((level, number), bytes);
        }
        hashes = above;
        level += 1;
    }
    Ok(changed)
}

/// The tiles that a root or a proof of a tree of `size` leaves reads: those at the right edge, and those above each of
/// the leaves in `indexes`. For whoever can only read them beforehand, from a database for instance. A consistency proof
/// from `earlier` leaves needs leaf `earlier - 1`.
#[must_use]
pub fn needed(size: u64, indexes: &[u64]) -> BTreeSet<TilePath> {
    let mut paths = BTreeSet::new();
    for level in 0..8_u8 {
        let nodes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
        if nodes == 0 {
            break;
        }
        let edge = (!nodes.is_multiple_of(WIDTH)).then_some(nodes / WIDTH);
        let above = indexes.iter().filter(|index| **index < size);
        let above = above.map(|index| index >> (u32::from(level) * 8) >> 8);
        for number in above.chain(edge) {
            let width = width_at(size, level, number);
            if width > 0 {
                paths.insert(TilePath::tile(level, number, width));
            }
        }
    }
    paths
}

/// Tiles read beforehand.
#[derive(Debug, Clone, Default)]
pub struct Read(pub TileSet);

impl Tiles for Read {
    type Error = Missing;

    fn tile(&mut self, level: u8, number: u64, width: u16) -> Result<Vec<u8>, Missing> {
        let missing = Missing(TilePath::tile(level, number, width));
        self.0.get(&(level, number)).cloned().ok_or(missing)
    }
}
