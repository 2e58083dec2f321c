//! Quantities that must never be mixed up or rounded by accident: 学时, money, learned time.

use std::{fmt, iter::Sum, ops::Add, ops::Neg, ops::Sub};

use serde::{Deserialize, Serialize};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);
        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// The stored integer, in the unit named at the type.
            #[must_use]
            pub const fn get(self) -> i64 { self.0 }
            /// Whether this is less than nothing.
            #[must_use]
            pub const fn is_negative(self) -> bool { self.0 < 0 }
            /// The larger of nothing and this.
            #[must_use]
            pub fn or_zero(self) -> Self { Self(self.0.max(0)) }
        }
        impl Add for $name { type Output = Self; fn add(self, other: Self) -> Self { Self(self.0 + other.0) } }
        impl Sub for $name { type Output = Self; fn sub(self, other: Self) -> Self { Self(self.0 - other.0) } }
        impl Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
        impl Sum for $name { fn sum<I: Iterator<Item = Self>>(items: I) -> Self { items.fold(Self(0), Add::add) } }
    };
}

quantity! {
    /// 学时 in hundredths: `Hours::hundredths(150)` is 1.5 学时. Fractions occur (152.5), floats never.
    Hours
}
quantity! {
    /// Money in 分.
    Money
}
quantity! {
    /// Learned or taught time in seconds.
    Seconds
}

/// One 学时 is 45 taught minutes.
pub const SECONDS_PER_HOUR_UNIT: i64 = 45 * 60;

impl Hours {
    /// From hundredths of a 学时.
    #[must_use]
    pub const fn hundredths(value: i64) -> Self {
        Self(value)
    }

    /// From whole 学时.
    #[must_use]
    pub const fn whole(value: i64) -> Self {
        Self(value * 100)
    }

    /// Taught time ÷ 45 minutes, rounded down to hundredths.
    #[must_use]
    pub const fn from_taught(time: Seconds) -> Self {
        Self(time.0 * 100 / SECONDS_PER_HOUR_UNIT)
    }

    /// Reads `12`, `12.5`, `0.75`; at most two decimals, no sign.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        decimal_hundredths(text).map(Self)
    }
}

/// As people write it: no trailing zeros (`72`, `7.5`, `0.25`).
impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, v) = if self.0 < 0 { ("-", -self.0) } else { ("", self.0) };
        match (v / 100, v % 100) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, part) if part % 10 == 0 => write!(f, "{sign}{whole}.{}", part / 10),
            (whole, part) => write!(f, "{sign}{whole}.{part:02}"),
        }
    }
}

impl Money {
    /// From 分.
    #[must_use]
    pub const fn fen(value: i64) -> Self {
        Self(value)
    }

    /// Reads yuan with at most two decimals, no sign.
    #[must_use]
    pub fn parse_yuan(text: &str) -> Option<Self> {
        decimal_hundredths(text).map(Self)
    }
}

/// Yuan with two decimals.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, v) = if self.0 < 0 { ("-", -self.0) } else { ("", self.0) };
        write!(f, "{sign}{}.{:02}", v / 100, v % 100)
    }
}

impl Seconds {
    /// From seconds.
    #[must_use]
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// From minutes.
    #[must_use]
    pub const fn minutes(value: i64) -> Self {
        Self(value * 60)
    }
}

fn decimal_hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 2 || !digits(whole) || !digits(part) || text.ends_with('.')
    {
        return None;
    }
    let part = match part.len() {
        0 => 0,
        1 => part.parse::<i64>().ok()? * 10,
        _ => part.parse().ok()?,
    };
    Some(whole.parse::<i64>().ok()? * 100 + part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_and_write_as_people_do() {
        for (text, value) in [("72", 7200), ("7.5", 750), ("0.25", 25), ("152.50", 15250)] {
            assert_eq!(Hours::parse(text), Some(Hours::hundredths(value)));
        }
        for text in ["", ".5", "1.", "-1", "1.234", "1e3", "９", "99999999999999"] {
            assert_eq!(Hours::parse(text), None, "{text}");
        }
        assert_eq!(Hours::hundredths(15250).to_string(), "152.5");
        assert_eq!(Hours::hundredths(-725).to_string(), "-7.25");
    }

    #[test]
    fn taught_time_is_rounded_down() {
        assert_eq!(Hours::from_taught(Seconds::minutes(45)), Hours::whole(1));
        assert_eq!(Hours::from_taught(Seconds::minutes(100)), Hours::hundredths(222));
        assert_eq!(Hours::from_taught(Seconds::new(26)), Hours::ZERO);
    }
}
