//! The states of a round and of a review.
//!
//! ```text
//! round:  preparing ──assign──► drafted ──send──► reviewing ──close──► closed
//! review: drafted ──send──► sent ──accept──► accepted ──sign──► signed
//!                             └──── recuse ─────┴──► recused
//! ```
//! R-114: whoever is in a conflict neither accepts nor signs, however they came by the review. R-115: a signed review is
//! final; it is neither changed nor taken back, by nobody. R-116: a round closes when every declaration has the reviews
//! that the call demands, signed, and what the panel had to discuss has its minutes.

use kernel::{Error, Result};

use crate::experts::conflict::Conflict;
use crate::scorecards::Points;

kernel::codes! {
    /// The stored code of a round's state.
    pub enum RoundCode {
        /// Nobody is assigned.
        Preparing = "preparing" "待分配",
        /// Assigned, not told to anybody.
        Drafted = "drafted" "已分配，待下发",
        /// Experts review.
        Reviewing = "reviewing" "评审中",
        /// Over, with its ranking.
        Closed = "closed" "已结束",
    }
}

kernel::codes! {
    /// The stored code of a review's state.
    pub enum ReviewCode {
        /// Assigned, not told.
        Drafted = "drafted" "待下发",
        /// Told, not answered.
        Sent = "sent" "待接受",
        /// Being reviewed.
        Accepted = "accepted" "评审中",
        /// Given back: a conflict or no time.
        Recused = "recused" "已回避",
        /// Final.
        Signed = "signed" "已签署",
    }
}

/// A review with the facts known in its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Review {
    /// Assigned, not told.
    Drafted,
    /// Told, not answered.
    Sent,
    /// Being reviewed.
    Accepted,
    /// Given back.
    Recused { reason: String },
    /// Final.
    Signed { points: Points },
}

impl RoundCode {
    /// Whether reviewers may be assigned, anew or in the place of those who gave back.
    ///
    /// # Errors
    /// `round.state`.
    pub fn assign(self) -> Result<Self> {
        match self {
            Self::Preparing | Self::Drafted => Ok(Self::Drafted),
            Self::Reviewing => Ok(Self::Reviewing),
            Self::Closed => Err(over()),
        }
    }

    /// Tells the reviewers.
    ///
    /// # Errors
    /// `round.state`.
    pub fn send(self) -> Result<Self> {
        match self {
            Self::Drafted | Self::Reviewing => Ok(Self::Reviewing),
            Self::Preparing => Err(Error::refused_by(
                "R-116",
                "round.state",
                "还没有分配评审人，请先分配。",
            )),
            Self::Closed => Err(over()),
        }
    }

    /// Closes the round (R-116). `short` are the declarations without enough signed reviews, `silent` those that had to
    /// be discussed and have no minutes, by their numbers.
    ///
    /// # Errors
    /// `round.state`, `round.unsigned`, `round.undiscussed`.
    pub fn close(self, short: &[String], silent: &[String]) -> Result<Self> {
        let named = |numbers: &[String]| {
            let first: Vec<&str> = numbers.iter().take(5).map(String::as_str).collect();
            format!(
                "{} 项（{}{}）",
                numbers.len(),
                first.join("、"),
                if numbers.len() > 5 { " 等" } else { "" }
            )
        };
        match self {
            Self::Closed => Err(over()),
            Self::Preparing | Self::Drafted => Err(Error::refused_by("R-116", "round.state", "评审还没有开始。")),
            Self::Reviewing if !short.is_empty() => Err(Error::refused_by(
                "R-116",
                "round.unsigned",
                format!("{}的评审还没有签齐，请催办或补派后再结束。", named(short)),
            )),
            Self::Reviewing if !silent.is_empty() => Err(Error::refused_by(
                "R-109",
                "round.undiscussed",
                format!("{}的评分分歧超过限度，请先组织讨论并登记纪要。", named(silent)),
            )),
            Self::Reviewing => Ok(Self::Closed),
        }
    }
}

fn over() -> Error {
    Error::refused_by("R-115", "round.closed", "评审已经结束，结果不能再改。")
}

impl Review {
    /// The stored code.
    #[must_use]
    pub const fn code(&self) -> ReviewCode {
        match self {
            Self::Drafted => ReviewCode::Drafted,
            Self::Sent => ReviewCode::Sent,
            Self::Accepted => ReviewCode::Accepted,
            Self::Recused { .. } => ReviewCode::Recused,
            Self::Signed { .. } => ReviewCode::Signed,
        }
    }

    /// Tells the reviewer.
    #[must_use]
    pub fn send(self) -> Self {
        match self {
            Self::Drafted => Self::Sent,
            other => other,
        }
    }

    /// The reviewer takes it on.
    ///
    /// # Errors
    /// `review.conflict`, `review.state`.
    pub fn accept(self, conflicts: &[Conflict]) -> Result<Self> {
        apart(conflicts)?;
        match self {
            Self::Sent => Ok(Self::Accepted),
            other => Err(other.not_now()),
        }
    }

    /// Whether marks may be written.
    ///
    /// # Errors
    /// `review.state`.
    pub fn write(&self) -> Result<()> {
        match self {
            Self::Accepted => Ok(()),
            other => Err(other.not_now()),
        }
    }

    /// The reviewer gives it back, with a reason.
    ///
    /// # Errors
    /// Wrong at `reason`; `review.state`.
    pub fn recuse(self, reason: &str) -> Result<Self> {
        let reason = reason.trim();
        match self {
            Self::Sent | Self::Accepted if (2..=200).contains(&reason.chars().count()) => Ok(Self::Recused {
                reason: reason.to_owned(),
            }),
            Self::Sent | Self::Accepted => Err(Error::wrong(
                "reason",
                "review.reason",
                "请用 2 到 200 个字写明回避或退回的理由。",
            )),
            other => Err(other.not_now()),
        }
    }

    /// The reviewer signs; nothing changes it afterwards (R-115).
    ///
    /// # Errors
    /// `review.conflict`, `review.state`.
    pub fn sign(self, points: Points, conflicts: &[Conflict]) -> Result<Self> {
        apart(conflicts)?;
        match self {
            Self::Accepted => Ok(Self::Signed { points }),
            other => Err(other.not_now()),
        }
    }

    fn not_now(&self) -> Error {
        match self {
            Self::Signed { .. } => Error::refused_by("R-115", "review.signed", "评审已经签署，不能再改。"),
            Self::Recused { .. } => Error::refused("review.state", "这件评审已经退回。"),
            Self::Accepted => Error::refused("review.state", "这件评审已经接受，请打分后签署。"),
            Self::Sent => Error::refused("review.state", "请先接受这件评审。"),
            Self::Drafted => Error::NotFound,
        }
    }
}

/// R-114: refuses whoever is in a conflict.
fn apart(conflicts: &[Conflict]) -> Result<()> {
    match conflicts.first() {
        None => Ok(()),
        Some(conflict) => Err(Error::refused_by(
            "R-114",
            "review.conflict",
            format!("您不能评审这项申报：{}。请选择回避。", conflict.detail),
        )),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Code;

    use super::*;
    use crate::experts::conflict::Ground;

    fn all() -> [Review; 5] {
        let points = Points::whole(80);
        let reason = "同事".to_owned();
        [
            Review::Drafted,
            Review::Sent,
            Review::Accepted,
            Review::Recused { reason },
            Review::Signed { points },
        ]
    }

    fn led(deed: impl Fn(Review) -> Result<Review>) -> Vec<&'static str> {
        let code = |next: Result<Review>| next.map_or("-", |next| next.code().code());
        all().into_iter().map(|review| code(deed(review))).collect()
    }

    #[test]
    fn r115_what_is_signed_stays_signed() {
        assert_eq!(led(|r| r.accept(&[])), ["-", "accepted", "-", "-", "-"]);
        assert_eq!(led(|r| r.recuse("本单位项目")), ["-", "recused", "recused", "-", "-"]);
        assert_eq!(led(|r| r.sign(Points::FULL, &[])), ["-", "-", "signed", "-", "-"]);
        assert_eq!(led(|r| Ok(r.send())), ["sent", "sent", "accepted", "recused", "signed"]);
        let writable: Vec<bool> = all().iter().map(|review| review.write().is_ok()).collect();
        assert_eq!(writable, [false, false, true, false, false]);
    }

    #[test]
    fn r114_whoever_is_in_a_conflict_neither_accepts_nor_signs() {
        let conflict = Conflict {
            ground: Ground::Employer,
            detail: "现任职于承办单位“测试大学”".into(),
        };
        let told = Review::Sent.accept(std::slice::from_ref(&conflict));
        assert!(matches!(
            told,
            Err(Error::Refused {
                code: "review.conflict",
                ..
            })
        ));
        assert!(Review::Accepted.sign(Points::FULL, &[conflict]).is_err());
        assert!(Review::Sent.recuse("").is_err());
    }

    #[test]
    fn r116_a_round_closes_when_everything_is_signed_and_discussed() {
        let numbers = ["A".to_owned()];
        assert_eq!(RoundCode::Reviewing.close(&[], &[]).ok(), Some(RoundCode::Closed));
        assert!(RoundCode::Reviewing.close(&numbers, &[]).is_err());
        assert!(RoundCode::Reviewing.close(&[], &numbers).is_err());
        for state in [RoundCode::Preparing, RoundCode::Drafted, RoundCode::Closed] {
            assert!(state.close(&[], &[]).is_err(), "{state:?}");
        }
        assert!(RoundCode::Closed.assign().is_err() && RoundCode::Closed.send().is_err());
        assert!(RoundCode::Preparing.send().is_err());
        assert_eq!(RoundCode::Reviewing.assign().ok(), Some(RoundCode::Reviewing));
    }
}
