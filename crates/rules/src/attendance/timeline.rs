//! Reserved time and its clashes: R-12, sessions of one person never overlap.
//! Deliberately absent: I/O; the use case loads the person's spans under a lock and asks here.

use kernel::{Error, Time, id::ClassId, id::SessionId};

use crate::said;

/// One session on a person's timeline, half open: `[starts_at, ends_at)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The class it belongs to.
    pub class: ClassId,
    /// The session.
    pub session: SessionId,
    /// What a refusal calls it: class and session in words.
    pub title: String,
    /// First instant.
    pub starts_at: Time,
    /// First instant after it.
    pub ends_at: Time,
}

impl Span {
    /// Whether the two have an instant in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

/// Why a span cannot be reserved: what stands there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The span that was wanted.
    pub wanted: Span,
    /// The span that is there.
    pub taken: Span,
}

impl Clash {
    /// The sentence that names the other class and its time.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (from, until) = (said::moment(self.taken.starts_at), self.taken.ends_at.civil());
        format!(
            "与已报的“{}”时间冲突（{from} 至 {}）",
            self.taken.title,
            until.format("%H:%M")
        )
    }

    /// The refusal by R-12.
    #[must_use]
    pub fn refused(&self) -> Error {
        let sentence = format!("{}。请先退出其中一个班次，或另选时间。", self.sentence());
        Error::refused_by("R-12", "enrolment.overlap", sentence)
    }
}

/// The first clash of the wanted spans with what is taken, earliest first; spans of the same class are not
/// compared with each other ([`within`] does that when the class is planned).
#[must_use]
pub fn clash(taken: &[Span], wanted: &[Span]) -> Option<Clash> {
    let pairs = wanted.iter().flat_map(|w| taken.iter().map(move |t| (w, t)));
    pairs
        .filter(|(w, t)| w.class != t.class && w.overlaps(t))
        .min_by_key(|(w, t)| (w.starts_at, t.starts_at))
        .map(|(w, t)| Clash {
            wanted: w.clone(),
            taken: t.clone(),
        })
}

/// The first two positions of one list that overlap each other.
#[must_use]
pub fn within(spans: &[(Time, Time)]) -> Option<(usize, usize)> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|i| spans[*i]);
    order
        .windows(2)
        .find(|w| spans[w[1]].0 < spans[w[0]].1)
        .map(|w| (w[0].min(w[1]), w[0].max(w[1])))
}

#[cfg(test)]
mod tests {
    use kernel::{Id, date};

    use super::*;

    fn span(class: i64, session: i64, from: u32, until: u32) -> Span {
        let day = date(2026, 3, 5);
        Span {
            class: Id::new(class),
            session: Id::new(session),
            title: format!("班次{class}"),
            starts_at: Time::local(day, from, 0),
            ends_at: Time::local(day, until, 0),
        }
    }

    ///
    #[test]
    fn r_12_an_overlap_is_named_and_a_touching_end_is_none() {
        let taken = [span(1, 1, 9, 12), span(1, 2, 13, 16)];
        assert_eq!(clash(&taken, &[span(2, 9, 12, 13)]), None);
        let found = clash(&taken, &[span(2, 9, 15, 17), span(2, 8, 11, 13)]).expect("both overlap");
        assert_eq!((found.wanted.session, found.taken.session), (Id::new(8), Id::new(1)));
        assert!(found.sentence().contains("班次1") && found.sentence().contains("09:00 至 12:00"));
    }

    #[test]
    fn a_class_does_not_clash_with_itself() {
        assert_eq!(clash(&[span(1, 1, 9, 12)], &[span(1, 1, 9, 12)]), None);
    }

    #[test]
    fn two_sessions_of_one_plan_are_found_in_any_order() {
        let at = |h| Time::local(date(2026, 3, 5), h, 0);
        assert_eq!(within(&[(at(13), at(16)), (at(9), at(12))]), None);
        assert_eq!(
            within(&[(at(13), at(16)), (at(9), at(12)), (at(15), at(17))]),
            Some((0, 2))
        );
    }
}
