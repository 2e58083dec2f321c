//! Points of priority that a host brings: a base by its level while its term lasts, a leading enterprise.
//!
//! priority is a criterion of its own, shown beside the score and never mixed into it; of several only the highest
//! counts. How many points each brings is said by the call; none unless it says so.

use kernel::Date;
use serde::{Deserialize, Serialize};

use crate::orgs::BaseLevel;
use crate::scorecards::Points;

/// How many points each kind of host brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priority {
    /// 国家级继续教育基地.
    pub national: Points,
    /// 市级继续教育基地.
    pub municipal: Points,
    /// 龙头企业.
    pub leading: Points,
}

/// What is known of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Host {
    /// The level of the base it is.
    pub base: Option<BaseLevel>,
    /// The last day of its term as a base; none without end.
    pub base_until: Option<Date>,
    /// 龙头企业.
    pub leading: bool,
}

impl Priority {
    /// No host is preferred.
    pub const NONE: Self = Self {
        national: Points::ZERO,
        municipal: Points::ZERO,
        leading: Points::ZERO,
    };

    /// What a host brings on a day, and for what.
    #[must_use]
    pub fn of(&self, host: Host, on: Date) -> (Points, String) {
        let base = host.base.filter(|_| host.base_until.is_none_or(|until| on <= until));
        let by_base = base.map(|level| match level {
            BaseLevel::National => (self.national, level.name()),
            BaseLevel::Municipal => (self.municipal, level.name()),
        });
        let by_rank = host.leading.then_some((self.leading, "龙头企业"));
        let best = by_base.into_iter().chain(by_rank).max_by_key(|(points, _)| *points);
        match best {
            Some((points, why)) if points > Points::ZERO => (points, format!("{why}，加 {points} 分")),
            _ => (Points::ZERO, String::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    #[test]
    fn r112_a_base_brings_its_points_while_its_term_lasts_and_only_the_highest_counts() {
        let priority = Priority {
            national: Points::whole(3),
            municipal: Points::whole(2),
            leading: Points::whole(1),
        };
        let until = date(2026, 6, 30);
        let host = |base, leading| Host {
            base,
            base_until: Some(until),
            leading,
        };
        let points = |host, on| priority.of(host, on).0;
        assert_eq!(points(host(Some(BaseLevel::National), true), until), Points::whole(3));
        assert_eq!(points(host(Some(BaseLevel::Municipal), false), until), Points::whole(2));
        assert_eq!(
            points(host(Some(BaseLevel::National), true), date(2026, 7, 1)),
            Points::whole(1)
        );
        assert_eq!(points(host(None, false), until), Points::ZERO);
        assert_eq!(Priority::NONE.of(host(Some(BaseLevel::National), true), until).1, "");
        assert!(priority.of(host(None, true), until).1.contains("龙头企业"));
    }
}
