//! Places by points: a total, ties by the rules of the call in their order, a draw anybody can repeat.
//!
//! the total is the panel's score, or what the panel agreed on after a discussion, plus the points of priority that
//! the call gives; each part is shown. Equal totals are decided by the tie rules in the order of the call; what they leave
//! equal shares a place. R-111: a draw takes the lowest SHA-256 of `seed LF number`, so that whoever has the published
//! seed computes the same. Deliberately absent: who is admitted; that is a decision and not arithmetic.

use std::cmp::{Ordering, Reverse};

use sha2::{Digest, Sha256};

use super::Points;

kernel::codes! {
    /// What decides between equal totals.
    pub enum Tie {
        /// More points of priority.
        Priority = "priority" "优先条件加分高者在前",
        /// A higher median of the reviews.
        Median = "median" "评分中位数高者在前",
        /// A higher lowest review.
        Lowest = "lowest" "最低一份评分高者在前",
        /// Reviewers who agree more.
        Spread = "spread" "评分分歧小者在前",
        /// The published seed.
        Draw = "draw" "按公布的种子抽签",
    }
}

/// What is ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What.
    pub item: i64,
    /// Its number, by which a draw knows it.
    pub number: String,
    /// The panel's score.
    pub score: Points,
    /// What the panel agreed on instead.
    pub agreed: Option<Points>,
    /// Points of priority.
    pub priority: Points,
    /// The middle of the reviews.
    pub median: Points,
    /// The lowest of the reviews.
    pub lowest: Points,
    /// The highest less the lowest.
    pub spread: Points,
}

impl Entry {
    /// What it is ranked by.
    #[must_use]
    pub fn total(&self) -> Points {
        self.agreed.unwrap_or(self.score) + self.priority
    }
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// What.
    pub item: i64,
    /// From 1; whoever shares one has the same, and the next is left out.
    pub place: u32,
    /// What it is ranked by.
    pub total: Points,
    /// What decided against the one before, where the totals are equal; none where a place is shared.
    pub by: Option<Tie>,
    /// Whether somebody has the same place.
    pub shared: bool,
}

/// The ticket of a number in the draw of a seed, in hexadecimal.
#[must_use]
pub fn ticket(seed: &str, number: &str) -> String {
    let digest = Sha256::digest(format!("{seed}\n{number}").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn compare(one: &Entry, other: &Entry, tie: Tie, seed: &str) -> Ordering {
    match tie {
        Tie::Priority => other.priority.cmp(&one.priority),
        Tie::Median => other.median.cmp(&one.median),
        Tie::Lowest => other.lowest.cmp(&one.lowest),
        Tie::Spread => one.spread.cmp(&other.spread),
        Tie::Draw => ticket(seed, &one.number).cmp(&ticket(seed, &other.number)),
    }
}

/// Everybody's place, the best first.
#[must_use]
pub fn rank(entries: &[Entry], ties: &[Tie], seed: &str) -> Vec<Placed> {
    let decided = |one: &Entry, other: &Entry| -> (Ordering, Option<Tie>) {
        let by_total = Reverse(one.total()).cmp(&Reverse(other.total()));
        if by_total != Ordering::Equal {
            return (by_total, None);
        }
        let first = ties
            .iter()
            .map(|tie| (compare(one, other, *tie, seed), Some(*tie)))
            .find(|(order, _)| *order != Ordering::Equal);
        first.unwrap_or((Ordering::Equal, None))
    };
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    // Sharers stand in the order of their numbers, so that a list looks the same every time.
    sorted.sort_by(|one, other| decided(one, other).0.then_with(|| one.number.cmp(&other.number)));
    let mut placed: Vec<Placed> = Vec::with_capacity(sorted.len());
    for (at, entry) in sorted.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| decided(sorted[before], entry));
        let shared = matches!(before, Some((Ordering::Equal, _)));
        let place = match placed.last_mut() {
            Some(last) if shared => {
                last.shared = true;
                last.place
            }
            _ => u32::try_from(at + 1).unwrap_or(u32::MAX),
        };
        placed.push(Placed {
            item: entry.item,
            place,
            total: entry.total(),
            by: before.and_then(|(_, tie)| tie),
            shared,
        });
    }
    placed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(item: i64, score: i64) -> Entry {
        Entry {
            item,
            number: format!("SB2026-{item:03}"),
            score: Points::whole(score),
            agreed: None,
            priority: Points::ZERO,
            median: Points::whole(score),
            lowest: Points::whole(score),
            spread: Points::ZERO,
        }
    }

    fn places(entries: &[Entry], ties: &[Tie]) -> Vec<(i64, u32, Option<Tie>)> {
        let placed = rank(entries, ties, "3387.61");
        placed.iter().map(|one| (one.item, one.place, one.by)).collect()
    }

    #[test]
    fn r110_priority_is_added_in_the_open_and_the_panels_word_replaces_the_mean() {
        let mut host = entry(1, 80);
        host.priority = Points::whole(3);
        let mut agreed = entry(2, 90);
        agreed.agreed = Some(Points::whole(70));
        assert_eq!(
            places(&[agreed, host, entry(3, 82)], &[]),
            [(1, 1, None), (3, 2, None), (2, 3, None)]
        );
    }

    #[test]
    fn r110_equal_totals_are_decided_in_the_order_of_the_call_or_shared() {
        let mut kinder = entry(2, 80);
        kinder.lowest = Points::whole(75);
        let all = [kinder, entry(1, 80), entry(3, 80), entry(4, 79)];
        assert_eq!(
            places(&all, &[Tie::Lowest]),
            [(1, 1, None), (3, 1, None), (2, 3, Some(Tie::Lowest)), (4, 4, None)]
        );
        let shared: Vec<bool> = rank(&all, &[Tie::Lowest], "").iter().map(|one| one.shared).collect();
        assert_eq!(shared, [true, true, false, false]);
    }

    #[test]
    fn r111_a_draw_is_repeated_with_other_tools() {
        // printf '3387.61\nSB2026-001' | sha256sum
        assert_eq!(
            ticket("3387.61", "SB2026-001"),
            "4f178b660970a382ea6a32b655edc67a4d7c4bb25ad251c8a4ddc9b4c54b1ba3"
        );
        let all = [entry(1, 80), entry(2, 80), entry(3, 80)];
        let drawn = places(&all, &[Tie::Draw]);
        let mut numbers = vec!["SB2026-001", "SB2026-002", "SB2026-003"];
        numbers.sort_by_key(|number| ticket("3387.61", number));
        let want: Vec<String> = drawn.iter().map(|(item, ..)| format!("SB2026-{item:03}")).collect();
        assert_eq!(want, numbers);
        assert_eq!(drawn.iter().map(|(_, place, _)| *place).collect::<Vec<_>>(), [1, 2, 3]);
    }

    fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
        let one = (0_i64..6, 0_i64..3, 0_i64..4, 0_i64..4, prop::option::of(0_i64..6));
        prop::collection::vec(one, 1..20).prop_map(|rows| {
            (1..)
                .zip(rows)
                .map(|(item, (score, priority, median, lowest, agreed))| Entry {
                    priority: Points::whole(priority),
                    median: Points::whole(median),
                    lowest: Points::whole(lowest),
                    agreed: agreed.map(Points::whole),
                    ..entry(item, score)
                })
                .collect()
        })
    }

    fn any_ties() -> impl Strategy<Value = Vec<Tie>> {
        prop::sample::subsequence(<Tie as kernel::Code>::ALL.to_vec(), 0..=5)
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter_and_everybody_has_a_place(all in any_entries(), ties in any_ties(), turn in 0_usize..20) {
            let placed = rank(&all, &ties, "seed");
            let mut turned = all.clone();
            turned.rotate_left(turn % all.len());
            prop_assert_eq!(&placed, &rank(&turned, &ties, "seed"));
            prop_assert_eq!(placed.len(), all.len());
            prop_assert!(placed.windows(2).all(|two| two[0].total >= two[1].total && two[0].place <= two[1].place));
            if ties.contains(&Tie::Draw) {
                prop_assert!(placed.iter().all(|one| !one.shared));
            }
        }

        #[test]
        fn more_points_never_mean_a_worse_place(all in any_entries(), ties in any_ties(), at in 0_usize..20) {
            let at = at % all.len();
            let place = |entries: &[Entry]| {
                let placed = rank(entries, &ties, "seed");
                placed.iter().find(|one| one.item == entries[at].item).map(|one| one.place).expect("placed")
            };
            let before = place(&all);
            let mut better = all.clone();
            better[at].priority = better[at].priority + Points::whole(1);
            prop_assert!(place(&better) <= before);
        }
    }
}
