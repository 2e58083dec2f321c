//! How a sentence says a day or an instant: `2026年3月5日`, `2026年3月5日 09:05`, both in Shanghai.
//! Pages have more forms (`ui::format`); files, addresses and JSON keep the ISO form of the types themselves.

use chrono::{Datelike as _, Timelike as _};
use kernel::{Date, Time};

/// `2026年3月5日`.
#[must_use]
pub fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2026年3月5日 09:05`.
#[must_use]
pub fn moment(at: Time) -> String {
    let civil = at.civil();
    format!("{} {:02}:{:02}", day(civil.date()), civil.hour(), civil.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_days_and_instants_in_chinese() {
        assert_eq!(day(kernel::date(2026, 3, 5)), "2026年3月5日");
        assert_eq!(
            moment(Time::local(kernel::date(2026, 3, 5), 9, 5)),
            "2026年3月5日 09:05"
        );
    }
}
