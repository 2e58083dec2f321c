//! How dates, hours, money and numbers are written in Chinese on every page.
//! Hours come in hundredths and money in 分, as everywhere in the house; no floats.
//! Deliberately absent: parsing, time zones (callers bring local Shanghai time) and the clock.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};

/// `2026年3月5日`.
pub fn date(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// `2026年3月5日–9日`, `2026年3月5日–4月2日` or both in full, with an en dash; one day stays one day.
pub fn date_range(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        date(first)
    } else if first.year() != last.year() {
        format!("{}–{}", date(first), date(last))
    } else if first.month() != last.month() {
        format!("{}–{}月{}日", date(first), last.month(), last.day())
    } else {
        format!("{}–{}日", date(first), last.day())
    }
}

/// `2026年3月5日 星期四`, the line that says what today is.
pub fn date_with_weekday(day: NaiveDate) -> String {
    format!("{} {}", date(day), weekday(day))
}

/// `星期四`.
pub fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}

/// `2026年3月5日 09:05` of a local time.
pub fn moment(at: NaiveDateTime) -> String {
    format!("{} {:02}:{:02}", date(at.date()), at.hour(), at.minute())
}

/// `1,234,567`.
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Large counts in 万 with at most one decimal (cut, never rounded up to a target not reached):
/// `9,999`, `1.2 万`, `350 万`.
pub fn wan(n: i64) -> String {
    if n.abs() < 10_000 {
        return number(n);
    }
    let tenths = n / 1_000;
    match tenths.abs() % 10 {
        0 => format!("{} 万", number(tenths / 10)),
        rest => format!("{}.{rest} 万", number(tenths / 10)),
    }
}

/// The same with its unit: `350 万人次`, `9,999 人次`.
pub fn wan_of(n: i64, unit: &str) -> String {
    let space = if n.abs() < 10_000 { " " } else { "" };
    format!("{}{space}{unit}", wan(n))
}

/// Hours from hundredths with no more decimals than needed: `72`, `1.5`, `0.25`.
pub fn hours(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "−" } else { "" };
    let whole = i64::try_from(hundredths.unsigned_abs() / 100).unwrap_or(i64::MAX);
    match hundredths.unsigned_abs() % 100 {
        0 => format!("{sign}{}", number(whole)),
        rest if rest % 10 == 0 => format!("{sign}{}.{}", number(whole), rest / 10),
        rest => format!("{sign}{}.{rest:02}", number(whole)),
    }
}

/// `72 学时`.
pub fn hours_with_unit(hundredths: i64) -> String {
    format!("{} 学时", hours(hundredths))
}

/// Money from 分: `1,234.50 元`.
pub fn money(fen: i64) -> String {
    format!("{} 元", money_plain(fen))
}

/// Money from 分 without its unit, for columns whose head names it: `1,234.50`.
pub fn money_plain(fen: i64) -> String {
    let sign = if fen < 0 { "−" } else { "" };
    let yuan = i64::try_from(fen.unsigned_abs() / 100).unwrap_or(i64::MAX);
    format!("{sign}{}.{:02}", number(yuan), fen.unsigned_abs() % 100)
}

/// A share in whole percent, cut: `79%`; `—` where there is no whole.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "—".to_owned();
    }
    format!("{}%", i128::from(part) * 100 / i128::from(whole))
}

/// A length of time as one says it: `45 秒`, `2 分 10 秒`, `1 小时 5 分`.
pub fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} 秒"),
        60..3_600 if seconds.is_multiple_of(60) => format!("{} 分", seconds / 60),
        60..3_600 => format!("{} 分 {} 秒", seconds / 60, seconds % 60),
        _ => format!("{} 小时 {} 分", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// The size of a file: `820 B`, `12 KB`, `3.4 MB`.
pub fn file_size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real day")
    }

    #[test]
    fn dates_and_ranges() {
        assert_eq!(date(day(2026, 3, 5)), "2026年3月5日");
        assert_eq!(date_with_weekday(day(2026, 3, 5)), "2026年3月5日 星期四");
        assert_eq!(date_range(day(2026, 3, 5), day(2026, 3, 5)), "2026年3月5日");
        assert_eq!(date_range(day(2026, 3, 5), day(2026, 3, 9)), "2026年3月5日–9日");
        assert_eq!(date_range(day(2026, 3, 5), day(2026, 4, 2)), "2026年3月5日–4月2日");
        assert_eq!(
            date_range(day(2026, 12, 5), day(2027, 1, 2)),
            "2026年12月5日–2027年1月2日"
        );
        let at = day(2026, 3, 5).and_hms_opt(9, 5, 59).expect("a real time");
        assert_eq!(moment(at), "2026年3月5日 09:05");
    }

    #[test]
    fn numbers_are_grouped_and_cut() {
        assert_eq!(number(0), "0");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(number(-1_000), "−1,000");
        assert_eq!(wan(9_999), "9,999");
        assert_eq!(wan(3_500_000), "350 万");
        assert_eq!(wan(3_499_999), "349.9 万");
        assert_eq!(wan(12_345_678), "1,234.5 万");
        assert_eq!(wan_of(3_500_000, "人次"), "350 万人次");
        assert_eq!(wan_of(9_999, "人次"), "9,999 人次");
        assert_eq!(percent(2_999, 3_000), "99%");
        assert_eq!(percent(1, 0), "—");
    }

    #[test]
    fn hours_and_money_have_the_decimals_they_need() {
        assert_eq!(hours(7_200), "72");
        assert_eq!(hours(150), "1.5");
        assert_eq!(hours(25), "0.25");
        assert_eq!(hours(5), "0.05");
        assert_eq!(hours(-150), "−1.5");
        assert_eq!(hours_with_unit(9_000), "90 学时");
        assert_eq!(money(123_450), "1,234.50 元");
        assert_eq!(money_plain(-5), "−0.05");
        assert_eq!(money_plain(i64::MIN), "−92,233,720,368,547,758.08");
    }

    #[test]
    fn lengths_and_sizes() {
        assert_eq!(duration(45), "45 秒");
        assert_eq!(duration(120), "2 分");
        assert_eq!(duration(130), "2 分 10 秒");
        assert_eq!(duration(3_900), "1 小时 5 分");
        assert_eq!(file_size(820), "820 B");
        assert_eq!(file_size(3_565_158), "3.3 MB");
    }
}
