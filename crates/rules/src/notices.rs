//! A public notice and its states.
//!
//! ```text
//! Draft ──publish──► Published ──end──► Ended
//!   └── edit (only here: what was published is never changed, it is ended and published anew)
//! ```
//! Deliberately absent: public notice periods with objections (公示), which belong to the calls.

use kernel::{Error, Result, Time};

kernel::codes! {
    /// 公告类别.
    pub enum NoticeKind {
        /// Arrangements and rules.
        Announcement = "announcement" "通知",
        /// The yearly plan of the programme.
        Plan = "plan" "年度计划",
        /// Enrolment of trainees (招收学员通知).
        Enrolment = "enrolment" "招收学员通知",
        /// Results.
        Result = "result" "结果公布",
    }
}

/// Where a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeState {
    /// Being written.
    Draft,
    /// Public since then.
    Published {
        /// Since when.
        at: Time,
    },
    /// Taken down then; its page says so.
    Ended {
        /// When it was published.
        published: Time,
        /// When it was taken down.
        at: Time,
    },
}

impl NoticeState {
    /// The code stored beside the times.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published { .. } => "published",
            Self::Ended { .. } => "ended",
        }
    }

    /// Goes public.
    ///
    /// # Errors
    /// `notice.not_draft` when it is or was public.
    pub fn publish(self, at: Time) -> Result<Self> {
        match self {
            Self::Draft => Ok(Self::Published { at }),
            _ => Err(Error::refused(
                "notice.not_draft",
                "只有草稿可以发布。已发布的公告如需更正，请先撤下，再发布新的公告。",
            )),
        }
    }

    /// Is taken down.
    ///
    /// # Errors
    /// `notice.not_published` when it is not public.
    pub fn end(self, at: Time) -> Result<Self> {
        match self {
            Self::Published { at: published } => Ok(Self::Ended { published, at }),
            _ => Err(Error::refused("notice.not_published", "只有已发布的公告可以撤下。")),
        }
    }

    /// Whether its words may still be changed.
    ///
    /// # Errors
    /// `notice.not_draft` when it is or was public.
    pub fn edit(self) -> Result<Self> {
        match self {
            Self::Draft => Ok(self),
            _ => Err(Error::refused(
                "notice.not_draft",
                "已发布的公告不能修改。如需更正，请撤下后另行发布。",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_drafts_change_and_only_published_notices_end() {
        let at = Time::from_micros(1);
        let published = NoticeState::Draft.publish(at).expect("a draft goes public");
        assert!(NoticeState::Draft.edit().is_ok() && NoticeState::Draft.end(at).is_err());
        assert!(published.edit().is_err() && published.publish(at).is_err());
        let ended = published.end(at).expect("a public notice ends");
        assert!(ended.edit().is_err() && ended.publish(at).is_err() && ended.end(at).is_err());
    }
}
