//! A moment to the second in UTC, written `2026-03-05T08:00:00Z`: the one form in which a record or key set holds time.
//! Because the form is fixed, its order as text is its order in time, and a record has one spelling only.
//! Deliberately absent: the clock and other time zones.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use serde::{Deserialize, Deserializer, Serialize};

const FORM: &str = "%Y-%m-%dT%H:%M:%SZ";

/// A moment, UTC, whole seconds, years 0001 to 9999.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UtcSecond(String);

/// The text or number is no moment of the years 0001 to 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("时间应写成 2026-03-05T08:00:00Z 的形式")]
pub struct NotASecond;

impl UtcSecond {
    /// Earlier than anything that was ever issued.
    pub fn earliest() -> Self {
        Self("0001-01-01T00:00:00Z".to_owned())
    }

    /// From microseconds since 1970, the form in which databases keep time; fractions of a second are cut off.
    pub fn from_unix_micros(micros: i64) -> Result<Self, NotASecond> {
        let moment = DateTime::from_timestamp(micros.div_euclid(1_000_000), 0).ok_or(NotASecond)?;
        if !(1..=9999).contains(&moment.year()) {
            return Err(NotASecond);
        }
        Ok(Self(moment.format(FORM).to_string()))
    }

    /// From its text. Only the canonical spelling is accepted.
    pub fn parse(text: &str) -> Result<Self, NotASecond> {
        let moment = NaiveDateTime::parse_from_str(text, FORM).map_err(|_| NotASecond)?;
        if (1..=9999).contains(&moment.year()) && moment.format(FORM).to_string() == text {
            return Ok(Self(text.to_owned()));
        }
        Err(NotASecond)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Year, month, day, hour, minute, second, for the metadata of a PDF.
    pub(crate) fn parts(&self) -> (i32, u8, u8, u8, u8, u8) {
        let moment = NaiveDateTime::parse_from_str(&self.0, FORM).expect("every way to make one has checked the form");
        let small = |number: u32| u8::try_from(number).expect("months, days and clock parts are below 256");
        (
            moment.year(),
            small(moment.month()),
            small(moment.day()),
            small(moment.hour()),
            small(moment.minute()),
            small(moment.second()),
        )
    }
}

impl fmt::Display for UtcSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for UtcSecond {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_has_one_spelling() {
        let made = UtcSecond::from_unix_micros(1_772_697_600_999_999).unwrap();
        assert_eq!(made.as_str(), "2026-03-05T08:00:00Z");
        assert_eq!(UtcSecond::parse("2026-03-05T08:00:00Z"), Ok(made));
        for other in [
            "2026-3-5T08:00:00Z",
            "2026-03-05 08:00:00Z",
            "2026-03-05T08:00:00",
            "2026-02-30T08:00:00Z",
            "",
        ] {
            assert_eq!(UtcSecond::parse(other), Err(NotASecond), "{other}");
        }
        assert!(UtcSecond::from_unix_micros(i64::MAX).is_err());
        assert!(UtcSecond::earliest() < UtcSecond::from_unix_micros(0).unwrap());
    }
}
