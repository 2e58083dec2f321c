//! Reviewing declarations: who may review what, how reviews are given, what they come to.
//!
//! ```text
//! round:  preparing ──assign──► drafted ──send──► reviewing ──close──► closed
//!             ▲                    │ assign again, change by hand
//! review: drafted ──send──► sent ──accept──► accepted ──sign──► signed
//!                             └──── recuse ─────┴──► recused, and somebody else is assigned
//! ```
//! `settings` is what a call says of its review, `fit` how well an expert suits a declaration, `priority` the points that a
//! host brings, `state` the states. Who must not review what stands in [`crate::experts::conflict`], what marks come to in
//! [`crate::scorecards`]. Deliberately absent: what follows from a ranking; the call decides.

pub mod fit;
pub mod priority;
pub mod settings;
pub mod state;

use sha2::{Digest, Sha256};

pub use priority::Priority;
pub use settings::{MixRule, Settings};
pub use state::{Review, ReviewCode, RoundCode};

/// The seed of a round: the first 63 bits of SHA-256 of the numbers of what is reviewed, ascending, each ended by a line
/// feed. Nobody chooses it, and whoever has the list computes the same (R-111).
#[must_use]
pub fn seed(numbers: &[String]) -> u64 {
    let mut sorted: Vec<&String> = numbers.iter().collect();
    sorted.sort();
    let mut hash = Sha256::new();
    for number in sorted {
        hash.update(number.as_bytes());
        hash.update(b"\n");
    }
    let digest = hash.finalize();
    let first = digest
        .iter()
        .take(8)
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    first >> 1
}

#[cfg(test)]
mod tests {
    #[test]
    fn r111_a_seed_is_computed_with_other_tools_from_the_list() {
        // printf 'SB2026-000000\nSB2026-000001\nSB2026-000002\n' | sha256sum begins with 5e04e940cb3d7d2d
        let list = ["SB2026-000002", "SB2026-000000", "SB2026-000001"].map(str::to_owned);
        assert_eq!(super::seed(&list), 0x5e04_e940_cb3d_7d2d >> 1);
    }
}
