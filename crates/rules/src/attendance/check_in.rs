//! 扫码签到: when a session's check-in is open, which code counts, and what a check-in becomes.
//!
//! ```text
//! closed ─ opened by the provider ─► open ─ closed by the provider, or the session ends ─► closed
//! code on the screen ─ seen by a browser within its time ─► ticket of five minutes ─ confirmed by the person ─► mark
//! ```
//! R-120: the code on the screen changes every fifteen seconds and counts with the one before it, so that a picture of it
//! sent to somebody who is not there is worth nothing. R-121: check-in is open from some minutes before the session until
//! its end; up to some minutes after its beginning one is there in time, afterwards late. R-122: a mark made by hand stands,
//! and one browser checks in one person per session.
//! Deliberately absent: places and faces; whoever wants certainty calls the roll. How a code is made (`learning`).

use kernel::{Error, Result, Time};

use super::Mark;
use crate::said;

/// Seconds for which one code stands on the screen.
pub const CODE_SECONDS: i64 = 15;
/// Seconds for which a browser that has seen the code may confirm: long enough to sign in on a telephone.
pub const TICKET_SECONDS: i64 = 300;

/// Minutes around the beginning of a session. No text fixes them: defaults of the platform, low confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes {
    /// Before the beginning: from then on one may check in.
    pub lead: u32,
    /// After the beginning: until then one is not late.
    pub grace: u32,
}

impl Minutes {
    /// What holds until the municipal lead says otherwise.
    pub const DEFAULT: Self = Self { lead: 30, grace: 10 };
}

/// The number of the code that stands on the screen at a moment.
#[must_use]
pub const fn step(at: Time) -> i64 {
    at.micros().div_euclid(CODE_SECONDS * 1_000_000)
}

/// When the code of a moment gives way to the next.
#[must_use]
pub const fn changes_at(at: Time) -> Time {
    Time::from_micros((step(at) + 1) * CODE_SECONDS * 1_000_000)
}

/// The codes that count at a moment: the one on the screen, and the one before it for whoever just scanned it (R-120).
#[must_use]
pub const fn counted(at: Time) -> [i64; 2] {
    [step(at), step(at) - 1]
}

/// Whether a ticket still counts.
///
/// # Errors
/// `check_in.stale`.
pub fn fresh(seen: Time, now: Time) -> Result<()> {
    if (0..=TICKET_SECONDS).contains(&now.seconds_since(seen)) {
        return Ok(());
    }
    Err(stale())
}

/// The refusal of a code or ticket that counts no more (R-120).
#[must_use]
pub fn stale() -> Error {
    let sentence = "签到码已经更换，请重新扫描屏幕上的二维码，或输入屏幕上现在的签到码。";
    Error::refused_by("R-120", "check_in.stale", sentence)
}

/// A session as far as checking in is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When the session begins.
    pub starts_at: Time,
    /// When it ends.
    pub ends_at: Time,
    /// The figures in force.
    pub minutes: Minutes,
}

impl Window {
    /// From when on one may check in.
    #[must_use]
    pub fn opens_at(&self) -> Time {
        self.starts_at.plus_seconds(-60 * i64::from(self.minutes.lead))
    }

    /// The provider may open the check-in: any time of the day until the session ends.
    ///
    /// # Errors
    /// `check_in.over`.
    pub fn open(&self, now: Time) -> Result<()> {
        if now < self.ends_at {
            return Ok(());
        }
        let sentence = "本课次已经结束，不能再开放签到，请改用点名登记。";
        Err(Error::refused_by("R-121", "check_in.over", sentence))
    }

    /// The mark of somebody who checks in now (R-121).
    ///
    /// # Errors
    /// `check_in.early`, `check_in.over`.
    pub fn mark(&self, now: Time) -> Result<Mark> {
        if now < self.opens_at() {
            let sentence = format!("{} 起可以签到。", said::moment(self.opens_at()));
            return Err(Error::refused_by("R-121", "check_in.early", sentence));
        }
        if now >= self.ends_at {
            let sentence = "本课次已经结束，不能再签到；确实到课的，请联系施教机构登记。";
            return Err(Error::refused_by("R-121", "check_in.over", sentence));
        }
        let in_time = self.starts_at.plus_seconds(60 * i64::from(self.minutes.grace));
        Ok(if now <= in_time { Mark::Present } else { Mark::Late })
    }
}

/// What is known when a person checks in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The person's mark of this session, if there is one.
    pub mark: Option<Mark>,
    /// Whether this browser has checked in somebody else to this session.
    pub browser_used: bool,
}

/// What a check-in does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// This mark is written.
    Marked(Mark),
    /// It was there already, by an earlier check-in or by hand, and stays.
    Already(Mark),
}

/// Decides a check-in (R-121, R-122).
///
/// # Errors
/// `check_in.early`, `check_in.over`; `check_in.by_hand` when the provider has marked the person as away;
/// `check_in.browser` when this browser has checked in somebody else.
pub fn check_in(window: &Window, known: Known, now: Time) -> Result<Answer> {
    let mark = window.mark(now)?;
    match known.mark {
        Some(there) if there.attended() => return Ok(Answer::Already(there)),
        Some(away) => {
            let sentence = format!(
                "施教机构已为您登记“{}”，不能自己改为签到；与事实不符的，请当场联系老师更正。",
                away.name()
            );
            return Err(Error::refused_by("R-122", "check_in.by_hand", sentence));
        }
        None => {}
    }
    if known.browser_used {
        let sentence = "这部手机（浏览器）已经为本课次的另一位学员签到。请用本人的手机，或请老师点名登记。";
        return Err(Error::refused_by("R-122", "check_in.browser", sentence));
    }
    Ok(Answer::Marked(mark))
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    fn at(hour: u32, minute: u32) -> Time {
        Time::local(date(2026, 3, 23), hour, minute)
    }

    fn window() -> Window {
        Window {
            starts_at: at(9, 0),
            ends_at: at(12, 0),
            minutes: Minutes::DEFAULT,
        }
    }

    fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        match result {
            Err(Error::Refused { code, .. }) => code,
            other => panic!("{other:?}"),
        }
    }

    const NOBODY: Known = Known {
        mark: None,
        browser_used: false,
    };

    #[test]
    fn r120_a_code_counts_while_it_stands_and_once_more() {
        let scanned = at(9, 0);
        for (later, counts) in [(0, true), (14, true), (15, true), (29, true), (30, false), (-1, false)] {
            let now = scanned.plus_seconds(later);
            assert_eq!(counted(now).contains(&step(scanned)), counts, "{later} s later");
        }
        assert_eq!(changes_at(scanned.plus_seconds(7)), scanned.plus_seconds(15));
        assert!(fresh(scanned, scanned.plus_seconds(TICKET_SECONDS)).is_ok());
        assert_eq!(
            code(fresh(scanned, scanned.plus_seconds(TICKET_SECONDS + 1))),
            "check_in.stale"
        );
        assert_eq!(code(fresh(scanned, scanned.plus_seconds(-1))), "check_in.stale");
    }

    #[test]
    fn r121_in_time_late_early_over() {
        assert_eq!(code(window().mark(at(8, 29))), "check_in.early");
        assert_eq!(window().mark(at(8, 30)).ok(), Some(Mark::Present));
        assert_eq!(window().mark(at(9, 10)).ok(), Some(Mark::Present));
        assert_eq!(window().mark(at(9, 11)).ok(), Some(Mark::Late));
        assert_eq!(window().mark(at(11, 59)).ok(), Some(Mark::Late));
        assert_eq!(code(window().mark(at(12, 0))), "check_in.over");
    }

    #[test]
    fn r122_what_was_marked_by_hand_stands_and_a_browser_serves_one_person() {
        let decide = |known| check_in(&window(), known, at(9, 5));
        assert_eq!(decide(NOBODY).ok(), Some(Answer::Marked(Mark::Present)));
        for mark in [Mark::Present, Mark::Late] {
            let known = Known {
                mark: Some(mark),
                browser_used: true,
            };
            assert_eq!(decide(known).ok(), Some(Answer::Already(mark)));
        }
        for mark in [Mark::Leave, Mark::Absent] {
            assert_eq!(
                code(decide(Known {
                    mark: Some(mark),
                    ..NOBODY
                })),
                "check_in.by_hand"
            );
        }
        assert_eq!(
            code(decide(Known {
                browser_used: true,
                ..NOBODY
            })),
            "check_in.browser"
        );
    }
}
