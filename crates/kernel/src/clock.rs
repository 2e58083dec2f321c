//! Instants and the one door through which the present comes in.

use std::{fmt, sync::Arc, sync::atomic::AtomicI64, sync::atomic::Ordering};

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::Date;

/// Shanghai keeps UTC+8 all year since 1992; records of the programme start in 2022.
const SHANGHAI_SECONDS: i32 = 8 * 3600;
const MICROS: i64 = 1_000_000;

/// An instant: microseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(i64);

impl Time {
    /// From microseconds since 1970 in UTC.
    #[must_use]
    pub const fn from_micros(value: i64) -> Self {
        Self(value)
    }

    /// Microseconds since 1970 in UTC.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Midnight in Shanghai at the start of `date`.
    #[must_use]
    pub fn start_of(date: Date) -> Self {
        Self::local(date, 0, 0)
    }

    /// A time of day in Shanghai; an hour or minute out of range counts on (24:00 is the next midnight).
    #[must_use]
    pub fn local(date: Date, hour: u32, minute: u32) -> Self {
        let midnight = date
            .and_hms_opt(0, 0, 0)
            .expect("midnight exists")
            .and_utc()
            .timestamp();
        let seconds = midnight + i64::from(hour) * 3600 + i64::from(minute) * 60 - i64::from(SHANGHAI_SECONDS);
        Self(seconds * MICROS)
    }

    /// The civil date in Shanghai.
    #[must_use]
    pub fn date(self) -> Date {
        self.civil().date()
    }

    /// Date and time of day in Shanghai.
    #[must_use]
    pub fn civil(self) -> NaiveDateTime {
        let utc = DateTime::from_timestamp_micros(self.0).unwrap_or_default();
        let shanghai = FixedOffset::east_opt(SHANGHAI_SECONDS).expect("eight hours is an offset");
        utc.with_timezone(&shanghai).naive_local()
    }

    /// Reads `2026-03-05T09:00` or `2026-03-05 09:00`, a time of day in Shanghai, as form fields give it.
    #[must_use]
    pub fn parse_local(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, time) = text.split_once(['T', ' '])?;
        let mut parts = time.split(':');
        let hour = parts.next()?.parse().ok().filter(|h| *h < 24)?;
        let minute = parts.next()?.parse().ok().filter(|m| *m < 60)?;
        Some(Self::local(date.parse().ok()?, hour, minute))
    }

    /// This instant moved by whole seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * MICROS)
    }

    /// This instant moved by whole days of 24 hours.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days * 86_400)
    }

    /// Whole seconds from `earlier` to here, negative if it is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / MICROS
    }

    /// RFC 3339 with the offset of Shanghai, for JSON and feeds.
    #[must_use]
    pub fn rfc3339(self) -> String {
        format!("{}+08:00", self.civil().format("%Y-%m-%dT%H:%M:%S"))
    }
}

/// `2026-03-05 09:00` in Shanghai.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.civil().format("%Y-%m-%d %H:%M"))
    }
}

/// Where the present comes from: the system in production, a hand in tests.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that a test sets and moves (microseconds).
    Moved(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `time` until it is moved.
    #[must_use]
    pub fn at(time: Time) -> Self {
        Self::Moved(Arc::new(AtomicI64::new(time.micros())))
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> Time {
        match self {
            Self::System => Time(system_micros()),
            Self::Moved(at) => Time(at.load(Ordering::SeqCst)),
        }
    }

    /// Today in Shanghai.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// Sets a moved clock; the system's clock stays as it is.
    pub fn set(&self, time: Time) {
        if let Self::Moved(at) = self {
            at.store(time.micros(), Ordering::SeqCst);
        }
    }

    /// Moves a moved clock on.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Moved(at) = self {
            at.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the one door through which the present comes in"
)]
fn system_micros() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date;

    #[test]
    fn a_day_starts_at_midnight_in_shanghai() {
        let start = Time::start_of(date(2026, 3, 5));
        assert_eq!(start.rfc3339(), "2026-03-05T00:00:00+08:00");
        assert_eq!(start.plus_seconds(-1).date(), date(2026, 3, 4));
        assert_eq!(
            Time::parse_local("2026-03-05T09:30"),
            Some(Time::local(date(2026, 3, 5), 9, 30))
        );
        assert_eq!(Time::parse_local("2026-03-05T25:30"), None);
    }
}
