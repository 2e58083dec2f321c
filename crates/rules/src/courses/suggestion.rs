//! The shortest list of classes that closes a gap: which open classes a person should take, and no more than needed.
//!
//! of all choices of at most six classes that do not overlap, the one that leaves least missing, then with the
//! fewest classes, then the fewest far away, then the one that is over first. Taking the largest class first (greedy) is
//! not minimal: 40 + 30 closes 70 where 60 + 8 + 8 needs three. So every choice among a bounded set of candidates is
//! tried, fifteen at most: the ten with most hours in 专业科目, filled up with those that have most in any subject. Within
//! that set the list is the shortest there is; a better one could only need a class that gives fewer hours than those.
//! Deliberately absent: who may enrol and which time is taken; the caller offers only what fits the person.

use kernel::{Hours, Time, id::ClassId};

use crate::credits::Subject;

/// Classes in one list at most.
const MOST: usize = 6;
/// Candidates in 专业科目.
const PROFESSIONAL: usize = 10;
/// Candidates in all.
const CANDIDATES: usize = 15;

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// Hours in all.
    pub total: Hours,
    /// Of them in 专业科目.
    pub professional: Hours,
}

impl Gap {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_closed(self) -> bool {
        self.total == Hours::ZERO && self.professional == Hours::ZERO
    }

    /// What is missing after so many hours of a subject.
    #[must_use]
    pub fn after(self, subject: Subject, hours: Hours) -> Self {
        let professional = match subject {
            Subject::Professional => (self.professional - hours).or_zero(),
            Subject::Public => self.professional,
        };
        Self {
            total: (self.total - hours).or_zero().max(professional),
            professional,
        }
    }
}

/// An open class that the person may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub class: ClassId,
    /// What it fills.
    pub subject: Subject,
    /// What it gives.
    pub hours: Hours,
    /// Whether one must travel to another district.
    pub far: bool,
    /// When its last session ends.
    pub ends_at: Time,
    /// From when until when each session takes.
    pub sessions: Vec<(Time, Time)>,
}

impl Offer {
    fn overlaps(&self, other: &Self) -> bool {
        self.sessions
            .iter()
            .any(|(from, until)| other.sessions.iter().any(|(start, end)| from < end && start < until))
    }
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The classes, the first to be over first.
    pub classes: Vec<ClassId>,
    /// What is still missing after them.
    pub left: Gap,
}

/// What a choice is judged by; the least is the best.
type Merit = (Hours, Hours, usize, usize, Time, Hours);

/// The shortest list that closes the gap, or the one that leaves least of it.
#[must_use]
pub fn suggest(gap: Gap, offers: &[Offer]) -> Suggestion {
    let candidates = candidates(offers);
    let mut best: Option<(Merit, Vec<usize>)> = None;
    let mut chosen = Vec::with_capacity(MOST);
    search(gap, &candidates, 0, (&mut chosen, &mut best));
    let picked = best.map(|(_, picked)| picked).unwrap_or_default();
    let mut classes: Vec<&Offer> = picked.iter().map(|at| candidates[*at]).collect();
    classes.sort_by_key(|offer| (offer.ends_at, offer.class));
    let left = classes
        .iter()
        .fold(gap, |left, offer| left.after(offer.subject, offer.hours));
    Suggestion {
        classes: classes.iter().map(|offer| offer.class).collect(),
        left,
    }
}

fn candidates(offers: &[Offer]) -> Vec<&Offer> {
    let mut sorted: Vec<&Offer> = offers.iter().filter(|offer| offer.hours > Hours::ZERO).collect();
    sorted.sort_by_key(|offer| (std::cmp::Reverse(offer.hours), offer.far, offer.ends_at, offer.class));
    let mut kept: Vec<&Offer> = sorted
        .iter()
        .filter(|offer| offer.subject == Subject::Professional)
        .take(PROFESSIONAL)
        .copied()
        .collect();
    let rest = sorted
        .iter()
        .filter(|offer| !kept.iter().any(|one| one.class == offer.class))
        .take(CANDIDATES - kept.len())
        .copied();
    let rest: Vec<&Offer> = rest.collect();
    kept.extend(rest);
    // Most hours first: then what the next ones can give at best is what the following ones give.
    kept.sort_by_key(|offer| (std::cmp::Reverse(offer.hours), offer.far, offer.ends_at, offer.class));
    kept
}

fn search(
    gap: Gap,
    candidates: &[&Offer],
    from: usize,
    (chosen, best): (&mut Vec<usize>, &mut Option<(Merit, Vec<usize>)>),
) {
    let merit = merit(gap, candidates, chosen);
    if !chosen.is_empty() && best.as_ref().is_none_or(|(known, _)| merit < *known) {
        *best = Some((merit, chosen.clone()));
    }
    let closed = merit.0 == Hours::ZERO && merit.1 == Hours::ZERO;
    // A list longer than one that closes the gap cannot be better.
    let longest = match best {
        Some((known, _)) if known.0 == Hours::ZERO && known.1 == Hours::ZERO => known.2,
        _ => MOST,
    };
    if closed || chosen.len() >= longest {
        return;
    }
    let at_best: Hours = candidates[from..]
        .iter()
        .take(longest - chosen.len())
        .map(|offer| offer.hours)
        .sum();
    if best
        .as_ref()
        .is_some_and(|(known, _)| (merit.0 - at_best).or_zero() > known.0)
    {
        return;
    }
    for at in from..candidates.len() {
        if chosen.iter().any(|one| candidates[*one].overlaps(candidates[at])) {
            continue;
        }
        chosen.push(at);
        search(gap, candidates, at + 1, (&mut *chosen, &mut *best));
        chosen.pop();
    }
}

fn merit(gap: Gap, candidates: &[&Offer], chosen: &[usize]) -> Merit {
    let offers = || chosen.iter().map(|at| candidates[*at]);
    let left = offers().fold(gap, |left, offer| left.after(offer.subject, offer.hours));
    let far = offers().filter(|offer| offer.far).count();
    let over = offers().map(|offer| offer.ends_at).max().unwrap_or_default();
    let given = offers().map(|offer| offer.hours).sum();
    (left.total, left.professional, chosen.len(), far, over, given)
}

#[cfg(test)]
mod tests {
    use kernel::{Id, date};
    use proptest::prelude::*;

    use super::*;

    fn offer(id: i64, subject: Subject, hours: i64, day: u32) -> Offer {
        let at = |hour| Time::local(date(2026, 5, day), hour, 0);
        Offer {
            class: Id::new(id),
            subject,
            hours: Hours::whole(hours),
            far: false,
            ends_at: at(16),
            sessions: vec![(at(9), at(16))],
        }
    }

    fn gap(total: i64, professional: i64) -> Gap {
        Gap {
            total: Hours::whole(total),
            professional: Hours::whole(professional),
        }
    }

    fn ids(suggestion: &Suggestion) -> Vec<i64> {
        suggestion.classes.iter().map(|id| id.get()).collect()
    }

    use Subject::{Professional, Public};

    /// the largest first would take three.
    #[test]
    fn r67_fewest_classes_beat_the_largest_first() {
        let offers = [
            offer(1, Public, 60, 1),
            offer(2, Professional, 40, 2),
            offer(3, Professional, 30, 3),
            offer(4, Professional, 8, 4),
            offer(5, Professional, 8, 5),
        ];
        let found = suggest(gap(70, 70), &offers);
        assert_eq!((ids(&found), found.left), (vec![2, 3], gap(0, 0)));
    }

    #[test]
    fn the_subject_counts_and_the_near_and_early_are_preferred() {
        let far = Offer {
            far: true,
            ..offer(1, Professional, 10, 1)
        };
        let offers = [
            far,
            offer(2, Professional, 10, 9),
            offer(3, Professional, 10, 8),
            offer(4, Public, 50, 2),
        ];
        assert_eq!(ids(&suggest(gap(10, 10), &offers)), [3]);
        assert_eq!(ids(&suggest(gap(10, 0), &offers)), [4]);
        assert_eq!(suggest(gap(60, 20), &offers).left, gap(0, 0));
    }

    #[test]
    fn overlapping_classes_are_not_taken_together() {
        let offers = [
            offer(1, Professional, 10, 1),
            offer(2, Professional, 10, 1),
            offer(3, Professional, 5, 2),
        ];
        let found = suggest(gap(20, 20), &offers);
        assert_eq!((ids(&found), found.left), (vec![1, 3], gap(5, 5)));
        assert_eq!(suggest(gap(20, 20), &[]).left, gap(20, 20));
    }

    fn any_offers() -> impl Strategy<Value = Vec<Offer>> {
        let one = (any::<bool>(), 1_i64..40, 1_u32..12, any::<bool>());
        prop::collection::vec(one, 0..9).prop_map(|rows| {
            let offers = rows
                .into_iter()
                .enumerate()
                .map(|(at, (professional, hours, day, far))| Offer {
                    far,
                    ..offer(
                        i64::try_from(at).unwrap(),
                        if professional { Professional } else { Public },
                        hours,
                        day,
                    )
                });
            offers.collect()
        })
    }

    proptest! {
        /// R-67 against every subset, without the bounds and without the cuts of the search.
        #[test]
        fn r67_no_other_choice_leaves_less_or_needs_fewer(offers in any_offers(), total in 1_i64..90, professional in 0_i64..60) {
            let wanted = gap(total.max(professional), professional);
            let found = suggest(wanted, &offers);
            for mask in 1_u32..(1 << offers.len()) {
                let chosen: Vec<&Offer> = offers.iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0).map(|(_, o)| o).collect();
                let clash = chosen.iter().enumerate().any(|(at, one)| chosen[at + 1..].iter().any(|other| one.overlaps(other)));
                if clash || chosen.len() > MOST {
                    continue;
                }
                let left = chosen.iter().fold(wanted, |left, o| left.after(o.subject, o.hours));
                prop_assert!((found.left, found.classes.len()) <= (left, chosen.len()), "{found:?} but {chosen:?}");
            }
        }
    }
}
