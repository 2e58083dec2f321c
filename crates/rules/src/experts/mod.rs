//! experts: who reviews for the programme, from the invitation to the end of the term.
//!
//! ```text
//! invited ──accept──► active ──suspend──► suspended ──resume──► active
//!    │                   └──────────end──────────┴──► ended ──invite──► invited
//!    └──decline──► declined ──invite──► invited
//! ```
//! R-100: nobody is an expert by somebody else's word: one is invited and accepts oneself. R-101: membership has a term,
//! and who is suspended, away or past the term is given no new review. `conflict.rs` says whom an expert must not review.
//! Deliberately absent: which reviews somebody gets (`calls/review`), and fees.

pub mod conflict;

use std::ops::RangeInclusive;

use kernel::{Date, Error, FieldError, Result};

kernel::codes! {
    /// The stored code of an expert's standing.
    pub enum StandingCode {
        /// Asked, has not answered.
        Invited = "invited" "待答复",
        /// In the pool.
        Active = "active" "在库",
        /// Said no.
        Declined = "declined" "已谢绝",
        /// In the pool, but given nothing for the time being.
        Suspended = "suspended" "暂停",
        /// No longer in the pool.
        Ended = "ended" "已退出",
    }
}

kernel::codes! {
    /// Where an expert's experience comes from: the disjoint groups of a mixed panel.
    pub enum Background {
        /// Universities and research institutes.
        Academic = "academic" "高校与科研院所",
        /// Enterprises and those who practise the profession.
        Practice = "practice" "企业与行业一线",
        /// Administration of training and of people.
        Management = "management" "培训与人事管理",
        /// Finance and auditing.
        Finance = "finance" "财务与审计",
    }
}

kernel::codes! {
    /// A tie that an expert declares, beside what the register of employers knows.
    pub enum TieKind {
        /// Worked there before.
        FormerEmployer = "former_employer" "曾任职单位",
        /// Published or patented together.
        CoAuthor = "co_author" "合作著者",
        /// Taught, advised or did a project there.
        Cooperation = "cooperation" "合作单位",
        /// Asks not to review them, for whatever reason.
        Recusal = "recusal" "申请回避",
    }
}

kernel::codes! {
    /// One step of an expert's story.
    pub enum Step {
        /// Invited.
        Invited = "invited" "邀请入库",
        /// Accepted.
        Accepted = "accepted" "接受邀请",
        /// Declined.
        Declined = "declined" "谢绝邀请",
        /// Suspended.
        Suspended = "suspended" "暂停",
        /// Resumed.
        Resumed = "resumed" "恢复",
        /// Ended.
        Ended = "ended" "退出专家库",
    }
}

kernel::codes! {
    /// A kind of deed in the merit record.
    pub enum MeritKind {
        /// Reviews signed in a round.
        Reviewing = "reviewing" "评审",
        /// Teaching in the programme.
        Teaching = "teaching" "授课",
        /// Advice and other work for the programme.
        Advising = "advising" "咨询",
    }
}

/// First and last day of a membership, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

/// Most days of a term: five years and a leap day or two. No text fixes it; to be confirmed by 市人社局.
const LONGEST_TERM: i64 = 5 * 366;

impl Term {
    /// A term that begins on `from`.
    ///
    /// # Errors
    /// Wrong at `term_until`.
    pub fn try_new(from: Date, until: Date) -> Result<Self> {
        if until < from {
            return Err(Error::wrong(
                "term_until",
                "expert.term",
                "任期的最后一天不能早于第一天。",
            ));
        }
        if (until - from).num_days() > LONGEST_TERM {
            return Err(Error::wrong(
                "term_until",
                "expert.term",
                "任期最长五年，期满可以再次邀请。",
            ));
        }
        Ok(Self { from, until })
    }

    /// Whether the day lies in the term.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// What an expert can take on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Availability {
    /// Most reviews in one round.
    pub capacity: u32,
    /// First and last day on which no review is given.
    pub away: Option<(Date, Date)>,
}

/// Reviews that one person may be asked for in one round.
pub const CAPACITY: RangeInclusive<u32> = 1..=100;

impl Availability {
    /// What somebody says of their time.
    ///
    /// # Errors
    /// Wrong at `capacity`, `away_from`, `away_until`.
    pub fn try_new(capacity: u32, away: (Option<Date>, Option<Date>)) -> Result<Self> {
        let mut faults = Vec::new();
        if !CAPACITY.contains(&capacity) {
            faults.push(FieldError::new(
                "capacity",
                "expert.capacity",
                "每次评审最多承担 1 到 100 件，请填写整数。",
            ));
        }
        let away = match away {
            (None, None) => None,
            (Some(from), Some(until)) if from <= until => Some((from, until)),
            (Some(_), Some(_)) => {
                faults.push(FieldError::new(
                    "away_until",
                    "expert.away",
                    "不便评审的最后一天不能早于第一天。",
                ));
                None
            }
            (from, _) => {
                let field = if from.is_some() { "away_until" } else { "away_from" };
                faults.push(FieldError::new(
                    field,
                    "expert.away",
                    "不便评审的起止日期请都填写，或都不填。",
                ));
                None
            }
        };
        if faults.is_empty() {
            Ok(Self { capacity, away })
        } else {
            Err(Error::Wrong(faults))
        }
    }

    /// Whether somebody with this availability takes reviews on the day.
    #[must_use]
    pub fn is_there(&self, day: Date) -> bool {
        self.away.is_none_or(|(from, until)| day < from || day > until)
    }
}

/// Where an expert stands, with the facts known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Asked, has not answered.
    Invited,
    /// In the pool.
    Active,
    /// Said no.
    Declined { reason: String },
    /// Given nothing for the time being.
    Suspended { reason: String },
    /// Out of the pool.
    Ended { reason: String },
}

fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    if (2..=200).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(Error::wrong("reason", "expert.reason", "请用 2 到 200 个字写明理由。"))
    }
}

fn not_now(sentence: &'static str) -> Error {
    Error::refused_by("R-100", "expert.state", sentence)
}

impl Standing {
    /// The stored code.
    #[must_use]
    pub const fn code(&self) -> StandingCode {
        match self {
            Self::Invited => StandingCode::Invited,
            Self::Active => StandingCode::Active,
            Self::Declined { .. } => StandingCode::Declined,
            Self::Suspended { .. } => StandingCode::Suspended,
            Self::Ended { .. } => StandingCode::Ended,
        }
    }

    /// The stored reason; empty where there is none.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Invited | Self::Active => "",
            Self::Declined { reason } | Self::Suspended { reason } | Self::Ended { reason } => reason,
        }
    }

    /// From the stored code and reason.
    #[must_use]
    pub fn stored(code: StandingCode, reason: String) -> Self {
        match code {
            StandingCode::Invited => Self::Invited,
            StandingCode::Active => Self::Active,
            StandingCode::Declined => Self::Declined { reason },
            StandingCode::Suspended => Self::Suspended { reason },
            StandingCode::Ended => Self::Ended { reason },
        }
    }

    /// Invites again somebody who declined or left.
    ///
    /// # Errors
    /// `expert.state`.
    pub fn invite(self) -> Result<Self> {
        match self {
            Self::Declined { .. } | Self::Ended { .. } => Ok(Self::Invited),
            Self::Invited => Err(not_now("已经邀请过，正在等本人答复。")),
            Self::Active | Self::Suspended { .. } => Err(not_now("此人已在专家库中，不需要再邀请。")),
        }
    }

    /// The invited person accepts.
    ///
    /// # Errors
    /// `expert.state`.
    pub fn accept(self) -> Result<Self> {
        match self {
            Self::Invited => Ok(Self::Active),
            _ => Err(not_now("没有待答复的邀请。")),
        }
    }

    /// The invited person declines.
    ///
    /// # Errors
    /// Wrong at `reason`; `expert.state`.
    pub fn decline(self, why: &str) -> Result<Self> {
        match self {
            Self::Invited => Ok(Self::Declined { reason: reason(why)? }),
            _ => Err(not_now("没有待答复的邀请。")),
        }
    }

    /// Gives nothing more for the time being.
    ///
    /// # Errors
    /// Wrong at `reason`; `expert.state`.
    pub fn suspend(self, why: &str) -> Result<Self> {
        match self {
            Self::Active => Ok(Self::Suspended { reason: reason(why)? }),
            _ => Err(not_now("只有在库的专家可以暂停。")),
        }
    }

    /// Takes the suspension back.
    ///
    /// # Errors
    /// `expert.state`.
    pub fn resume(self) -> Result<Self> {
        match self {
            Self::Suspended { .. } => Ok(Self::Active),
            _ => Err(not_now("该专家没有被暂停，不需要恢复。")),
        }
    }

    /// Ends the membership.
    ///
    /// # Errors
    /// Wrong at `reason`; `expert.state`.
    pub fn end(self, why: &str) -> Result<Self> {
        match self {
            Self::Invited | Self::Active | Self::Suspended { .. } => Ok(Self::Ended { reason: reason(why)? }),
            Self::Declined { .. } | Self::Ended { .. } => Err(not_now("此人已不在专家库中。")),
        }
    }

    /// Whether reviews may be given on the day (R-101).
    ///
    /// # Errors
    /// `expert.unavailable` with what stands in the way.
    pub fn admits(&self, term: Term, availability: &Availability, day: Date) -> Result<()> {
        let sentence = match self {
            Self::Active if !term.holds(day) => "不在任期内",
            Self::Active if !availability.is_there(day) => "本人已说明这段时间不便评审",
            Self::Active => return Ok(()),
            Self::Invited => "尚未接受邀请",
            Self::Suspended { .. } => "已暂停",
            Self::Declined { .. } | Self::Ended { .. } => "不在专家库中",
        };
        Err(Error::refused_by("R-101", "expert.unavailable", sentence))
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Code, date};

    use super::*;

    fn all() -> Vec<Standing> {
        StandingCode::ALL
            .iter()
            .map(|code| Standing::stored(*code, "理由充分".into()))
            .collect()
    }

    /// What each deed leads to from each state, in the order of the codes; a dash where it is refused.
    fn led(deed: impl Fn(Standing) -> Result<Standing>) -> Vec<&'static str> {
        let code = |next: Result<Standing>| next.map_or("-", |next| next.code().code());
        all().into_iter().map(|standing| code(deed(standing))).collect()
    }

    #[test]
    fn r100_one_is_invited_and_accepts_oneself_and_there_is_no_other_way_in() {
        assert_eq!(led(Standing::accept), ["active", "-", "-", "-", "-"]);
        assert_eq!(led(Standing::invite), ["-", "-", "invited", "-", "invited"]);
        assert_eq!(led(|s| s.decline("时间不够")), ["declined", "-", "-", "-", "-"]);
        assert_eq!(led(|s| s.suspend("投诉核查")), ["-", "suspended", "-", "-", "-"]);
        assert_eq!(led(Standing::resume), ["-", "-", "-", "active", "-"]);
        assert_eq!(led(|s| s.end("本人申请")), ["ended", "ended", "-", "ended", "-"]);
    }

    #[test]
    fn a_reason_is_a_reason() {
        for empty in ["", " ", "a"] {
            assert!(matches!(Standing::Active.suspend(empty), Err(Error::Wrong(_))));
            assert!(matches!(Standing::Invited.decline(empty), Err(Error::Wrong(_))));
            assert!(matches!(Standing::Active.end(empty), Err(Error::Wrong(_))));
        }
    }

    #[test]
    fn r101_reviews_are_given_within_the_term_to_whoever_is_there() {
        let term = Term::try_new(date(2026, 1, 1), date(2028, 12, 31)).expect("a term");
        let there = Availability::try_new(5, (None, None)).expect("availability");
        let away = Availability::try_new(5, (Some(date(2026, 3, 1)), Some(date(2026, 3, 10)))).expect("availability");
        let day = date(2026, 3, 10);
        assert!(Standing::Active.admits(term, &there, day).is_ok());
        assert!(Standing::Active.admits(term, &away, day).is_err());
        assert!(Standing::Active.admits(term, &away, date(2026, 3, 11)).is_ok());
        for out in [date(2025, 12, 31), date(2029, 1, 1)] {
            assert!(Standing::Active.admits(term, &there, out).is_err());
        }
        for standing in all().into_iter().filter(|s| *s != Standing::Active) {
            assert!(standing.admits(term, &there, day).is_err(), "{standing:?}");
        }
    }

    #[test]
    fn terms_and_absences_end_after_they_begin() {
        assert!(Term::try_new(date(2026, 1, 2), date(2026, 1, 1)).is_err());
        assert!(Term::try_new(date(2026, 1, 1), date(2031, 1, 1)).is_ok());
        assert!(Term::try_new(date(2026, 1, 1), date(2031, 2, 1)).is_err());
        assert!(Availability::try_new(0, (None, None)).is_err());
        assert!(Availability::try_new(101, (None, None)).is_err());
        assert!(Availability::try_new(9, (Some(date(2026, 1, 2)), Some(date(2026, 1, 1)))).is_err());
        assert!(Availability::try_new(9, (Some(date(2026, 1, 2)), None)).is_err());
        assert!(Availability::try_new(9, (None, Some(date(2026, 1, 2)))).is_err());
    }
}
