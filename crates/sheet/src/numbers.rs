//! From the binary number that a workbook stores to what its reader saw: plain decimals, dates, padded codes.
//! Deliberately absent: thousands separators, currencies and percent signs, which are dress and not value.

use chrono::{Days, NaiveDate, NaiveTime};

use crate::cell::Cell;
use crate::styles::Kind;

/// From here on a number has more digits than Excel keeps.
const LOSSY: f64 = 1e15;
/// 9999-12-31, the last day that Excel knows.
const LAST_DAY: f64 = 2_958_466.0;

/// The cell for the raw text of a numeric `v` element.
pub(crate) fn cell(raw: &str, kind: Kind, epoch_1904: bool) -> Cell {
    let raw = raw.trim();
    let Some(value) = raw.parse::<f64>().ok().filter(|v| v.is_finite()) else {
        return Cell::from_text(raw);
    };
    match kind {
        Kind::Date | Kind::Time => dated(value, kind, epoch_1904).unwrap_or_else(|| plain(raw, value)),
        Kind::Padded(width) => match plain(raw, value) {
            Cell::Number(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                Cell::Number(format!("{digits:0>width$}", width = usize::from(width)))
            }
            other => other,
        },
        Kind::Plain => plain(raw, value),
    }
}

fn plain(raw: &str, value: f64) -> Cell {
    if value.abs() >= LOSSY {
        let digits = raw.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit());
        return Cell::LossyNumber(match value.abs() {
            _ if digits => raw.to_string(),
            v if v < 1e21 => format!("{value:.0}"),
            _ => raw.to_string(),
        });
    }
    Cell::Number(decimal(value))
}

/// Fifteen significant digits without an exponent and without trailing zeros: 0.30000000000000004 is 0.3.
fn decimal(value: f64) -> String {
    let scientific = format!("{value:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_string();
    }
    let point = exponent + 1;
    if point <= 0 {
        let zeros = "0".repeat(point.unsigned_abs() as usize);
        return format!("{sign}0.{zeros}{digits}");
    }
    let point = point as usize;
    if digits.len() <= point {
        return format!("{sign}{digits}{}", "0".repeat(point - digits.len()));
    }
    format!("{sign}{}.{}", &digits[..point], &digits[point..])
}

/// A day count as a date. Excel believes in 29 February 1900, so the days before it are counted from another origin.
fn dated(value: f64, kind: Kind, epoch_1904: bool) -> Option<Cell> {
    if !(0.0..LAST_DAY).contains(&value) {
        return None;
    }
    let mut day = value.floor() as u64;
    let mut second = ((value - value.floor()) * 86_400.0).round() as u32;
    if second == 86_400 {
        day += 1;
        second = 0;
    }
    let time = NaiveTime::from_num_seconds_from_midnight_opt(second, 0)?;
    if kind == Kind::Time && day == 0 {
        return Some(Cell::Text(time.format("%H:%M:%S").to_string()));
    }
    let origin = match (epoch_1904, day) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        (false, 0 | 60) => return None,
        (false, 1..=59) => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        (false, _) => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    let date = origin.checked_add_days(Days::new(day))?;
    Some(Cell::Date(if second == 0 {
        date.format("%Y-%m-%d").to_string()
    } else {
        date.and_time(time).format("%Y-%m-%dT%H:%M:%S").to_string()
    }))
}

/// The cell of type `d`: a date written as text, as some programs do instead of counting days.
pub(crate) fn iso(text: &str) -> Cell {
    let text = text.trim().trim_end_matches('Z');
    let date = text
        .get(..10)
        .and_then(|d| NaiveDate::parse_from_str(d, "%Y-%m-%d").ok());
    let time = text
        .get(11..19)
        .and_then(|t| NaiveTime::parse_from_str(t, "%H:%M:%S").ok());
    match (date, time) {
        (Some(d), Some(t)) if t != NaiveTime::MIN => Cell::Date(d.and_time(t).format("%Y-%m-%dT%H:%M:%S").to_string()),
        (Some(d), _) => Cell::Date(d.format("%Y-%m-%d").to_string()),
        (None, _) => Cell::from_text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_noise() {
        for (raw, seen) in [
            ("0.30000000000000004", "0.3"),
            ("1E-3", "0.001"),
            ("12.5", "12.5"),
            ("-0.05", "-0.05"),
            ("13800138000", "13800138000"),
            ("999999999999999", "999999999999999"),
            ("1.2E3", "1200"),
            ("-0", "0"),
        ] {
            assert_eq!(cell(raw, Kind::Plain, false), Cell::Number(seen.into()), "{raw}");
        }
    }

    #[test]
    fn long_numbers_are_flagged() {
        for raw in ["310101199001011230", "3.1010119900101123E+17", "1000000000000000"] {
            assert!(cell(raw, Kind::Plain, false).is_lossy(), "{raw}");
        }
        assert_eq!(
            cell("3.1010119900101123E+17", Kind::Plain, false).text(),
            "310101199001011200",
            "the binary number nearest to what was typed"
        );
    }

    #[test]
    fn days_become_dates() {
        let date = |raw, old| cell(raw, Kind::Date, old).text().to_string();
        assert_eq!(date("45352", false), "2024-03-01");
        assert_eq!(date("1", false), "1900-01-01");
        assert_eq!(date("59", false), "1900-02-28");
        assert_eq!(date("61", false), "1900-03-01");
        assert_eq!(date("60", false), "60", "a day that never was stays a number");
        assert_eq!(date("43890", true), "2024-03-01");
        assert_eq!(date("45352.395833333336", false), "2024-03-01T09:30:00");
        assert_eq!(date("45351.999999999", false), "2024-03-01");
        assert_eq!(date("2958465", false), "9999-12-31");
        assert_eq!(date("-1", false), "-1");
        assert_eq!(cell("0.5", Kind::Time, false), Cell::Text("12:00:00".into()));
    }

    #[test]
    fn codes_keep_their_zeros() {
        assert_eq!(cell("1234", Kind::Padded(6), false), Cell::Number("001234".into()));
    }

    #[test]
    fn dates_as_text() {
        assert_eq!(iso("2024-03-01T00:00:00Z"), Cell::Date("2024-03-01".into()));
        assert_eq!(iso("2024-03-01T09:30:00.000"), Cell::Date("2024-03-01T09:30:00".into()));
    }
}
