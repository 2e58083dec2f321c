//! The dice of the demonstration: the same numbers on every machine and every day.
//!
//! A die is named by what it decides and for whom, so that the past of person 17 does not change when another person
//! is added or another thing is decided. Deliberately absent: clock, operating system, any crate of randomness.

/// The one seed: 沪人社专〔2022〕372号.
const SEED: u64 = 2022_0372;

/// A sequence of numbers (SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice that decide `what` for number `whom`.
    pub(super) fn of(what: &str, whom: u64) -> Self {
        let named = what.bytes().fold(SEED, |sum, byte| mix(sum ^ u64::from(byte)));
        Self(mix(named ^ whom.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `many`, which is at least 1.
    pub(super) fn below(&mut self, many: usize) -> usize {
        let many = u64::try_from(many.max(1)).unwrap_or(1);
        usize::try_from(self.next() % many).unwrap_or(0)
    }

    /// A number from `low` up to `high`, both possible.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let many = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(many)).unwrap_or(0)
    }

    /// Whether something happens that happens so often in a hundred.
    pub(super) fn percent(&mut self, often: usize) -> bool {
        self.below(100) < often
    }

    /// One of several; there is at least one.
    pub(super) fn pick<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        &several[self.below(several.len())]
    }
}

const fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These numbers are written down: if they change, every demonstration changes.
    #[test]
    fn the_same_question_gets_the_same_answer_for_ever() {
        let mut dice = Dice::of("person", 17);
        let first: Vec<usize> = (0..4).map(|_| dice.below(1_000)).collect();
        let again: Vec<usize> = {
            let mut dice = Dice::of("person", 17);
            (0..4).map(|_| dice.below(1_000)).collect()
        };
        assert_eq!(first, again);
        assert_ne!(first, [Dice::of("person", 18).below(1_000); 4]);
        assert_eq!(Dice::of("pinned", 1).next(), PINNED);
    }

    const PINNED: u64 = 0xa062_0939_a272_d7ac;

    #[test]
    fn every_face_comes_up_about_as_often() {
        let mut faces = [0_usize; 6];
        let mut dice = Dice::of("faces", 1);
        (0..60_000).for_each(|_| faces[dice.below(6)] += 1);
        assert!(faces.iter().all(|times| (9_500..10_500).contains(times)), "{faces:?}");
        assert!((0..1_000).all(|_| (3..=5).contains(&dice.between(3, 5))));
    }
}
