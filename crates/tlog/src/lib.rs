//! A transparency log in tiles: RFC 6962 Merkle trees, C2SP tlog-tiles, checkpoints and signed notes. A leaf crate: it
//! knows no ledger, no database, no HTTP, and could be published on its own.
//!
//! ```text
//! leaves ─ append ─► tiles ─ root ─► Checkpoint ─ sign ─► note
//!            │         └── inclusion, consistency ─► proof ─ verify_… ─► against two roots, no tiles needed
//!            └ 256 hashes wide, paths and bundles as c2sp.org/tlog-tiles says
//! ```
//! The recipe for a log: keep what [`Tiles`] asks for (level-0 tiles may be computed from the entries); for each batch of
//! leaves, [`append`] gives the tiles that changed; [`root`] of the new size goes into a [`Checkpoint`], which
//! [`sign`] turns into the text to publish. For a verifier: [`open`] the note with a key, then [`verify_inclusion`] or
//! [`verify_consistency`].
//!
//! SM2/SM3: a log may sign with a second algorithm in a line of type 0xff (see [`key`]); verifiers that do not know the
//! key ignore the line, as the note format demands. Deliberately absent: keys that sign, witnesses' cosignatures, pruning.

pub mod checkpoint;
pub mod key;
pub mod note;
mod proof;
mod tile;
mod tree;

pub use checkpoint::{Checkpoint, NotACheckpoint};
pub use key::{Algorithm, NoteKey, PublicKey};
pub use note::{Note, NoteError, NoteSigner, bears, open, sign};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use tile::{TilePath, WIDTH, bundle, entries_path, read_bundle};
pub use tree::{Missing, Read, TileSet, Tiles, append, consistency, empty_root, inclusion, needed, root};

use sha2::{Digest, Sha256};

/// A SHA-256 digest: a node of the tree.
pub type Hash = [u8; 32];

/// The hash of a leaf: `SHA-256(0x00 ‖ entry)`.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(entry);
    hasher.finalize().into()
}

/// The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}
