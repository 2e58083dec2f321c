//! When reminders of missing hours go out, and what they say.
//!
//! On each of some days before the end of the year whoever misses something is told once; a day that passed while nothing
//! ran is made up for by the next run, but only the latest one: nobody gets two reminders at once.
//! Deliberately absent: mail and text messages; a reminder is a message of the platform.

use chrono::Datelike;
use kernel::{Date, Error, Hours, Result, date};

use super::requirement::{Shortfall, What};

/// Days before the end of the year, where the lead has set no others.
pub const DAYS: [u32; 4] = [90, 60, 30, 7];
/// The most days that can be set.
const MOST: usize = 8;

/// Days from `today` until the end of its year.
#[must_use]
pub fn days_left(today: Date) -> u32 {
    let end = date(today.year(), 12, 31);
    u32::try_from(end.signed_duration_since(today).num_days()).unwrap_or_default()
}

/// Which of the days is due: the one nearest to the end that has been reached. None before the first.
#[must_use]
pub fn due(days: &[u32], today: Date) -> Option<u32> {
    let left = days_left(today);
    days.iter().copied().filter(|day| left <= *day).min()
}

/// Reads the days as typed: numbers from 1 to 300, apart, the most distant first.
///
/// # Errors
/// Wrong at `days`.
pub fn read_days(text: &str) -> Result<Vec<u32>> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、'));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let mut days: Vec<u32> = parts
        .iter()
        .filter_map(|part| part.parse().ok())
        .filter(|day| (1..=300).contains(day))
        .collect();
    if days.is_empty() || days.len() != parts.len() || days.len() > MOST {
        return Err(Error::wrong(
            "days",
            "reminder.days",
            "请填写 1 到 8 个 1 至 300 的整数，用顿号分开，例如 90、60、30、7。",
        ));
    }
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.dedup();
    Ok(days)
}

/// What a person is told; none when nothing is missing.
#[must_use]
pub fn to_person(year: i32, left: u32, missing: &Shortfall) -> Option<(String, String)> {
    let total = missing.in_all();
    if total == Hours::ZERO {
        return None;
    }
    let title = format!("{year} 年度还差 {total} 学时，距年底 {left} 天");
    let parts: Vec<String> = [What::Professional, What::Public, What::Compulsory]
        .into_iter()
        .filter(|what| missing.of(*what) > Hours::ZERO)
        .map(|what| format!("{}至少 {} 学时", what.name(), missing.of(what)))
        .collect();
    let what = if parts.is_empty() {
        "科目不限".to_owned()
    } else {
        format!("其中{}", parts.join("、"))
    };
    let body = format!(
        "您 {year} 年度还差 {total} 学时，{what}。年度学时页面列出了适合您、正在报名的班次。不想再收到提醒，可在消息页面关闭。"
    );
    Some((title, body))
}

/// What an employer is told about all its people.
#[must_use]
pub fn to_employer(year: i32, left: u32, (people, missing, behind): (i64, i64, i64)) -> (String, String) {
    let title = format!("本单位 {missing} 人 {year} 年度尚未达标，距年底 {left} 天");
    let body = format!(
        "本单位在册 {people} 人，{missing} 人 {year} 年度学时尚未达标，其中 {behind} 人有年底不达标的风险。请在达标情况中查看名单并组织报名。"
    );
    (title, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ninety, sixty, thirty and seven days before the year ends; what passed unseen is made up for once.
    #[test]
    fn r66_reminders_are_due_on_their_days_and_the_latest_is_made_up_for() {
        assert_eq!(due(&DAYS, date(2026, 10, 1)), None);
        assert_eq!(due(&DAYS, date(2026, 10, 2)), Some(90));
        assert_eq!(due(&DAYS, date(2026, 10, 31)), Some(90));
        assert_eq!(due(&DAYS, date(2026, 11, 1)), Some(60));
        assert_eq!(due(&DAYS, date(2026, 12, 1)), Some(30));
        assert_eq!(due(&DAYS, date(2026, 12, 24)), Some(7));
        assert_eq!(due(&DAYS, date(2026, 12, 31)), Some(7));
        assert_eq!(due(&[], date(2026, 12, 31)), None);
    }

    #[test]
    fn days_are_read_as_people_type_them() {
        assert_eq!(read_days("30、7，90 60").expect("days"), [90, 60, 30, 7]);
        assert_eq!(read_days("7 7").expect("days"), [7]);
        for wrong in ["", "0", "301", "七", "30、x", "1 2 3 4 5 6 7 8 9"] {
            assert!(read_days(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn r66_who_has_reached_it_is_told_nothing() {
        assert_eq!(to_person(2026, 7, &Shortfall::default()), None);
        let mut missing = Shortfall {
            total: Hours::whole(12),
            professional: Hours::whole(5),
            ..Shortfall::default()
        };
        let (title, body) = to_person(2026, 7, &missing).expect("a reminder");
        assert_eq!(title, "2026 年度还差 12 学时，距年底 7 天");
        assert!(body.contains("12 学时，其中专业科目至少 5 学时。"));
        missing.compulsory = Hours::whole(9);
        let (title, body) = to_person(2026, 7, &missing).expect("a reminder");
        assert_eq!(title, "2026 年度还差 14 学时，距年底 7 天");
        assert!(body.contains("专业科目至少 5 学时、公需科目必修至少 9 学时。"));
        let (title, _) = to_employer(2026, 30, (11, 4, 2));
        assert_eq!(title, "本单位 4 人 2026 年度尚未达标，距年底 30 天");
    }
}
