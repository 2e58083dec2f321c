//! Trees, roots and proofs from tiles against RFC 6962 written down word for word, and against its published vectors.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use tlog::{
    Hash, Missing, TilePath, Tiles, append, consistency, empty_root, inclusion, leaf_hash, needed, node_hash, root,
    verify_consistency, verify_inclusion,
};

#[derive(Default, Clone)]
struct Memory(BTreeMap<(u8, u64), Vec<u8>>);

impl Tiles for Memory {
    type Error = Missing;
    fn tile(&mut self, level: u8, number: u64, width: u16) -> Result<Vec<u8>, Missing> {
        let missing = Missing(TilePath::tile(level, number, width));
        self.0.get(&(level, number)).cloned().ok_or(missing)
    }
}

/// MTH of RFC 6962, section 2.1.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [one] => *one,
        more => {
            let split = split(more.len());
            node_hash(&mth(&more[..split]), &mth(&more[split..]))
        }
    }
}

/// PATH of RFC 6962, section 2.1.1.
fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let split = split(leaves.len());
    let (left, right) = leaves.split_at(split);
    let (mut inner, other) = if index < split {
        (path(index, left), mth(right))
    } else {
        (path(index - split, right), mth(left))
    };
    inner.push(other);
    inner
}

/// SUBPROOF of RFC 6962, section 2.1.2.
fn subproof(earlier: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if earlier == leaves.len() {
        return if known { Vec::new() } else { vec![mth(leaves)] };
    }
    let split = split(leaves.len());
    let (left, right) = leaves.split_at(split);
    let (mut inner, other) = if earlier <= split {
        (subproof(earlier, left, known), mth(right))
    } else {
        (subproof(earlier - split, right, false), mth(left))
    };
    inner.push(other);
    inner
}

fn split(length: usize) -> usize {
    let mut power = 1;
    while power * 2 < length {
        power *= 2;
    }
    power
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count as u64).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// A tree grown in steps of these sizes.
fn grown(steps: &[usize]) -> (Memory, Vec<Hash>) {
    let all = leaves(steps.iter().sum());
    let (mut tiles, mut size) = (Memory::default(), 0_usize);
    for step in steps {
        let changed = append(&mut tiles, size as u64, &all[size..size + step]).unwrap();
        tiles.0.extend(changed);
        size += step;
    }
    (tiles, all)
}

#[test]
fn the_published_roots_of_rfc_6962_trees() {
    // The test leaves of the Certificate Transparency reference implementation and their roots for sizes 1 to 8.
    let inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let unhex = |text: &str| -> Vec<u8> {
        (0..text.len() / 2)
            .map(|n| u8::from_str_radix(&text[n * 2..n * 2 + 2], 16).unwrap())
            .collect()
    };
    let hashes: Vec<Hash> = inputs.iter().map(|input| leaf_hash(&unhex(input))).collect();
    let mut tiles = Memory::default();
    assert_eq!(
        root(&mut tiles, 0).unwrap().to_vec(),
        unhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    );
    for size in 0..inputs.len() {
        let changed = append(&mut tiles, size as u64, &hashes[size..=size]).unwrap();
        tiles.0.extend(changed);
        assert_eq!(root(&mut tiles, size as u64 + 1).unwrap().to_vec(), unhex(roots[size]));
    }
}

#[test]
fn every_proof_of_every_small_tree_is_that_of_the_definition_and_holds() {
    let (mut tiles, all) = grown(&[1; 40]);
    for size in 1..=all.len() {
        let whole = root(&mut tiles, size as u64).unwrap();
        assert_eq!(whole, mth(&all[..size]));
        for index in 0..size {
            let proof = inclusion(&mut tiles, index as u64, size as u64).unwrap();
            assert_eq!(proof, path(index, &all[..size]));
            verify_inclusion(&proof, index as u64, size as u64, &all[index], &whole).unwrap();
        }
        for earlier in 1..=size {
            let proof = consistency(&mut tiles, earlier as u64, size as u64).unwrap();
            assert_eq!(proof, subproof(earlier, &all[..size], true));
            verify_consistency(&proof, (earlier as u64, &mth(&all[..earlier])), (size as u64, &whole)).unwrap();
        }
    }
}

#[test]
fn a_tree_of_seventy_thousand_leaves_has_the_tiles_that_the_specification_counts() {
    let (tiles, _) = grown(&[30_000, 1, 255, 39_744]);
    let count = |level: u8, bytes: usize| {
        tiles
            .0
            .iter()
            .filter(|(key, tile)| key.0 == level && tile.len() == bytes)
            .count()
    };
    assert_eq!((count(0, 8192), count(0, 112 * 32)), (273, 1));
    assert_eq!((count(1, 8192), count(1, 17 * 32)), (1, 1));
    assert_eq!((count(2, 32), tiles.0.len()), (1, 277));
}

/// Only the tiles that `needed` names.
fn few(tiles: &Memory, size: u64, indexes: &[u64]) -> tlog::Read {
    let keys = needed(size, indexes)
        .into_iter()
        .map(|path| (path.level.unwrap(), path.number));
    tlog::Read(keys.map(|key| (key, tiles.0[&key].clone())).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn however_it_grew_a_tree_is_the_same_and_its_proofs_hold(
        steps in proptest::collection::vec(0_usize..700, 1..6),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let (mut tiles, all) = grown(&steps);
        let size = all.len();
        let whole = root(&mut tiles, size as u64).unwrap();
        prop_assert_eq!(whole, mth(&all));
        if size == 0 {
            return Ok(());
        }
        for pick in picks {
            let index = pick.index(size);
            let proof = inclusion(&mut few(&tiles, size as u64, &[index as u64]), index as u64, size as u64).unwrap();
            verify_inclusion(&proof, index as u64, size as u64, &all[index], &whole).unwrap();
            // Nothing else holds: another leaf, another place, another size, a bit of the proof.
            let other = all[(index + 1) % size];
            prop_assert!(size == 1 || verify_inclusion(&proof, index as u64, size as u64, &other, &whole).is_err());
            prop_assert!(verify_inclusion(&proof, index as u64 + 1, size as u64, &all[index], &whole).is_err());
            for step in 0..proof.len() {
                let mut bent = proof.clone();
                bent[step][7] ^= 4;
                prop_assert!(verify_inclusion(&bent, index as u64, size as u64, &all[index], &whole).is_err());
                let short = &proof[..step];
                prop_assert!(verify_inclusion(short, index as u64, size as u64, &all[index], &whole).is_err());
            }
            let earlier = index + 1;
            let old = root(&mut few(&tiles, earlier as u64, &[]), earlier as u64).unwrap();
            prop_assert_eq!(old, mth(&all[..earlier]));
            let mut read = few(&tiles, size as u64, &[index as u64]);
            let proof = consistency(&mut read, earlier as u64, size as u64).unwrap();
            verify_consistency(&proof, (earlier as u64, &old), (size as u64, &whole)).unwrap();
            let mut forged = old;
            forged[0] ^= 1;
            prop_assert!(verify_consistency(&proof, (earlier as u64, &forged), (size as u64, &whole)).is_err());
            prop_assert!(earlier == size || verify_consistency(&proof, (earlier as u64, &old), (size as u64, &forged)).is_err());
        }
    }
}
