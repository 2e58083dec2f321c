//! What a panel's reviews come to: the score of each thing judged, how far the reviewers lie apart, who stands out.
//!
//! the mean; or the mean without the highest and the lowest where at least five reviewed; or the mean of marks
//! normalised by reviewer, as the call says. Normalised means: each reviewer's marks are moved to the mean of all and
//! stretched to the usual spread, both measured by mean absolute deviation, so that strict and lenient reviewers weigh
//! the same. A reviewer of fewer than three things is left as they are, because one or two marks say nothing about
//! strictness. R-109: a mark further from the median than the call admits stands out, and where marks lie further apart
//! than that the panel discusses before anything is ranked. Deliberately absent: leaving an outlier out by machine.

use std::collections::BTreeMap;

use super::{Points, rounded};

kernel::codes! {
    /// How reviews become a score.
    pub enum Method {
        /// The mean.
        Mean = "mean" "平均分",
        /// The mean without the highest and the lowest.
        Trimmed = "trimmed" "去掉最高分和最低分后平均",
        /// The mean of marks normalised by reviewer.
        Normalised = "normalised" "按评审人宽严校正后平均",
    }
}

/// Fewest reviews of which the highest and the lowest may be left out.
pub const TRIMMED_FROM: usize = 5;
/// Fewest things that a reviewer must have judged to be normalised.
pub const NORMALISED_FROM: usize = 3;

/// One review's points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Who.
    pub reviewer: i64,
    /// Of what.
    pub item: i64,
    /// How many.
    pub points: Points,
}

/// One review as it entered the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Who.
    pub reviewer: i64,
    /// As given.
    pub given: Points,
    /// As counted.
    pub counted: Points,
    /// Left out as highest or lowest.
    pub dropped: bool,
    /// Further from the median than the call admits.
    pub outlier: bool,
}

/// What became of one thing judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The score.
    pub score: Points,
    /// The reviews, in the order of the reviewers.
    pub reviews: Vec<Counted>,
    /// The highest less the lowest, as given.
    pub spread: Points,
    /// The middle, as given.
    pub median: Points,
    /// Whether the panel has to discuss it.
    pub discuss: bool,
}

/// What all reviews come to, by thing judged. `apart` is how far marks may lie apart.
#[must_use]
pub fn aggregate(given: &[Given], method: Method, apart: Points) -> BTreeMap<i64, Judgement> {
    let counted = match method {
        Method::Mean | Method::Trimmed => given.iter().map(|one| one.points).collect(),
        Method::Normalised => normalised(given),
    };
    let mut by_item: BTreeMap<i64, Vec<Counted>> = BTreeMap::new();
    for (one, counted) in given.iter().zip(counted) {
        by_item.entry(one.item).or_default().push(Counted {
            reviewer: one.reviewer,
            given: one.points,
            counted,
            dropped: false,
            outlier: false,
        });
    }
    by_item
        .into_iter()
        .map(|(item, reviews)| (item, judged(reviews, method, apart)))
        .collect()
}

fn judged(mut reviews: Vec<Counted>, method: Method, apart: Points) -> Judgement {
    reviews.sort_by_key(|one| one.reviewer);
    let mut sorted: Vec<Points> = reviews.iter().map(|one| one.given).collect();
    sorted.sort_unstable();
    let median = median(&sorted);
    let spread = match (sorted.first(), sorted.last()) {
        (Some(lowest), Some(highest)) => *highest - *lowest,
        _ => Points::ZERO,
    };
    for one in &mut reviews {
        one.outlier = (one.given.get() - median.get()).abs() > apart.get();
    }
    if method == Method::Trimmed && reviews.len() >= TRIMMED_FROM {
        let by_points = |at: &usize| (reviews[*at].counted, reviews[*at].reviewer);
        let lowest = (0..reviews.len()).min_by_key(by_points);
        let highest = (0..reviews.len()).max_by_key(by_points);
        for at in [lowest, highest].into_iter().flatten() {
            reviews[at].dropped = true;
        }
    }
    let kept: Vec<Points> = reviews
        .iter()
        .filter(|one| !one.dropped)
        .map(|one| one.counted)
        .collect();
    Judgement {
        score: mean(&kept),
        spread,
        median,
        discuss: spread > apart,
        reviews,
    }
}

fn mean(points: &[Points]) -> Points {
    if points.is_empty() {
        return Points::ZERO;
    }
    let sum: i128 = points.iter().map(|one| i128::from(one.get())).sum();
    Points::hundredths(rounded(sum, points.len() as i128))
}

fn median(sorted: &[Points]) -> Points {
    match sorted.len() {
        0 => Points::ZERO,
        len if len % 2 == 1 => sorted[len / 2],
        len => mean(&sorted[len / 2 - 1..=len / 2]),
    }
}

/// A reviewer's marks as far as strictness goes; points times `count`, so that everything is whole.
#[derive(Default)]
struct Habit {
    count: i128,
    sum: i128,
    /// Σ |count × points − sum|
    apart: i128,
}

/// Parts of a hundredth in which the usual spread is kept.
const FINE: i128 = 1_000_000;

fn normalised(given: &[Given]) -> Vec<Points> {
    let mut habits: BTreeMap<i64, Habit> = BTreeMap::new();
    for one in given {
        let habit = habits.entry(one.reviewer).or_default();
        habit.count += 1;
        habit.sum += i128::from(one.points.get());
    }
    for one in given {
        if let Some(habit) = habits.get_mut(&one.reviewer) {
            habit.apart += (habit.count * i128::from(one.points.get()) - habit.sum).abs();
        }
    }
    let typical = |habit: &&Habit| habit.count >= NORMALISED_FROM as i128;
    let (mut count, mut sum, mut spread) = (0, 0, 0);
    for habit in habits.values().filter(typical) {
        count += habit.count;
        sum += habit.sum;
        spread += habit.apart * FINE / habit.count;
    }
    let move_of = |one: &Given| -> Points {
        let Some(habit) = habits.get(&one.reviewer).filter(typical) else {
            return one.points;
        };
        let from_own_mean = habit.count * i128::from(one.points.get()) - habit.sum;
        // mean + (x − own mean) ÷ own spread × usual spread, over one denominator
        let stretched = if habit.apart == 0 {
            0
        } else {
            from_own_mean * habit.count * spread / habit.apart
        };
        let moved = rounded(sum * FINE + stretched, count * FINE);
        Points::hundredths(moved.clamp(0, Points::FULL.get()))
    };
    given.iter().map(move_of).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn given(all: &[(i64, i64, i64)]) -> Vec<Given> {
        all.iter()
            .map(|(reviewer, item, whole)| Given {
                reviewer: *reviewer,
                item: *item,
                points: Points::whole(*whole),
            })
            .collect()
    }

    fn of_one(whole: &[i64], method: Method) -> Judgement {
        let all: Vec<(i64, i64, i64)> = (1..)
            .zip(whole)
            .map(|(reviewer, points)| (reviewer, 1, *points))
            .collect();
        aggregate(&given(&all), method, Points::whole(15))
            .remove(&1)
            .expect("the item")
    }

    #[test]
    fn r108_the_highest_and_the_lowest_go_where_at_least_five_reviewed() {
        assert_eq!(of_one(&[60, 80, 82, 84, 99], Method::Trimmed).score, Points::whole(82));
        assert_eq!(of_one(&[60, 80, 82, 84], Method::Trimmed).score.to_string(), "76.5");
        assert_eq!(of_one(&[60, 80, 82, 84, 99], Method::Mean).score, Points::whole(81));
        let alike = of_one(&[80, 80, 80, 80, 80], Method::Trimmed);
        assert_eq!(alike.reviews.iter().filter(|one| one.dropped).count(), 2);
    }

    #[test]
    fn r109_marks_far_apart_are_shown_and_discussed_but_counted() {
        let torn = of_one(&[60, 80, 82], Method::Mean);
        assert!(torn.discuss && torn.reviews[0].outlier && !torn.reviews[1].outlier);
        assert_eq!(
            (torn.spread, torn.median, torn.score),
            (Points::whole(22), Points::whole(80), Points::whole(74))
        );
        assert!(!of_one(&[70, 80, 85], Method::Mean).discuss);
    }

    #[test]
    fn r108_strict_and_lenient_weigh_the_same_once_normalised() {
        // The second is twenty points stricter and twice as wide; the order of both is the same.
        let all = given(&[(1, 1, 80), (1, 2, 85), (1, 3, 90), (2, 1, 55), (2, 2, 65), (2, 3, 75)]);
        let judged = aggregate(&all, Method::Normalised, Points::whole(50));
        for item in 1..=3 {
            let reviews = &judged[&item].reviews;
            assert_eq!(reviews[0].counted, reviews[1].counted, "item {item}");
        }
        let few = given(&[(1, 1, 80), (1, 2, 85), (1, 3, 90), (2, 1, 40), (2, 2, 45)]);
        let judged = aggregate(&few, Method::Normalised, Points::whole(50));
        assert_eq!(
            judged[&1].reviews[1].counted,
            Points::whole(40),
            "two marks say nothing"
        );
    }

    fn full_panel() -> impl Strategy<Value = Vec<Vec<i64>>> {
        prop::collection::vec(prop::collection::vec(4_000_i64..6_000, 4..6), 3..6).prop_map(|rows| {
            let shortest = rows.iter().map(Vec::len).min().unwrap_or(0);
            rows.into_iter().map(|row| row[..shortest].to_vec()).collect()
        })
    }

    fn of_rows(rows: &[Vec<i64>]) -> Vec<Given> {
        let row = |(reviewer, row): (i64, &Vec<i64>)| -> Vec<Given> {
            (1..)
                .zip(row)
                .map(|(item, points)| Given {
                    reviewer,
                    item,
                    points: Points::hundredths(*points),
                })
                .collect()
        };
        (1..).zip(rows).flat_map(row).collect()
    }

    proptest! {
        #[test]
        fn a_score_lies_between_the_lowest_and_the_highest(rows in full_panel(), trimmed in any::<bool>()) {
            let method = if trimmed { Method::Trimmed } else { Method::Mean };
            for judgement in aggregate(&of_rows(&rows), method, Points::whole(15)).values() {
                let lowest = judgement.reviews.iter().map(|one| one.given).min().expect("some");
                let highest = judgement.reviews.iter().map(|one| one.given).max().expect("some");
                prop_assert!(lowest <= judgement.score && judgement.score <= highest);
                prop_assert_eq!(highest - lowest, judgement.spread);
            }
        }

        #[test]
        fn the_order_in_which_reviews_arrive_does_not_matter(rows in full_panel(), turn in 0_usize..20) {
            let all = of_rows(&rows);
            let mut turned = all.clone();
            turned.rotate_left(turn % all.len());
            for method in [Method::Mean, Method::Trimmed, Method::Normalised] {
                prop_assert_eq!(aggregate(&all, method, Points::whole(15)), aggregate(&turned, method, Points::whole(15)));
            }
        }

        #[test]
        fn being_stricter_on_everything_changes_nobodys_place(rows in full_panel(), less in 0_i64..2_000) {
            let mut stricter = rows.clone();
            stricter[0].iter_mut().for_each(|points| *points -= less);
            let score = |rows: &[Vec<i64>]| -> Vec<i64> {
                let judged = aggregate(&of_rows(rows), Method::Normalised, Points::whole(15));
                judged.values().map(|judgement| judgement.score.get()).collect()
            };
            let (before, after) = (score(&rows), score(&stricter));
            // Everybody moves by the same, up to rounding.
            let moved: Vec<i64> = before.iter().zip(&after).map(|(one, other)| one - other).collect();
            let (least, most) = (moved.iter().min().expect("some"), moved.iter().max().expect("some"));
            prop_assert!(most - least <= 2, "{moved:?}");
        }

        #[test]
        fn normalising_keeps_each_reviewers_own_order(rows in full_panel()) {
            let all = of_rows(&rows);
            let moved = normalised(&all);
            for (one, at) in all.iter().zip(&moved) {
                for (other, there) in all.iter().zip(&moved) {
                    if one.reviewer == other.reviewer && one.points <= other.points {
                        prop_assert!(at <= there);
                    }
                }
            }
        }
    }
}
