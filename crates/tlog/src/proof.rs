//! Checking proofs without tiles: RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the same proofs as RFC 6962).

use crate::{Hash, empty_root, node_hash};

/// A proof that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The numbers make no sense together: an index outside the tree, a tree smaller than its beginning.
    #[error("index and tree sizes do not fit together")]
    Sizes,
    /// Too few or too many hashes.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// Whether `leaf` is leaf `index` of the tree with this root.
///
/// # Errors
/// Why it is not shown.
pub fn verify_inclusion(proof: &[Hash], index: u64, size: u64, leaf: &Hash, root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Sizes);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for step in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(step, &hash);
            while node % 2 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Whether the tree of `size` leaves with root `root` begins with the tree of `earlier` leaves with root `earlier_root`.
///
/// # Errors
/// Why it is not shown.
pub fn verify_consistency(
    proof: &[Hash],
    (earlier, earlier_root): (u64, &Hash),
    (size, root): (u64, &Hash),
) -> Result<(), ProofError> {
    if earlier > size {
        return Err(ProofError::Sizes);
    }
    if earlier == size || earlier == 0 {
        let empty = empty_root();
        let known = if earlier == size { root } else { &empty };
        return match (proof.is_empty(), earlier_root == known) {
            (false, _) => Err(ProofError::Length),
            (true, true) => Ok(()),
            (true, false) => Err(ProofError::Root),
        };
    }
    let mut steps = proof.iter();
    let first = if earlier.is_power_of_two() {
        *earlier_root
    } else {
        *steps.next().ok_or(ProofError::Length)?
    };
    let (mut node, mut last) = (earlier - 1, size - 1);
    while node % 2 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (first, first);
    for step in steps {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node % 2 == 1 || node == last {
            old = node_hash(step, &old);
            new = node_hash(step, &new);
            while node % 2 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, step);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if old == *earlier_root && new == *root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}
