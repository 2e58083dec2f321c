//! The life of a topic (选题) that a department or district proposes for a call.

use kernel::{Error, Result};

use super::{Party, Period, Row, row, workflow};

kernel::codes! {
    /// Where a topic stands.
    pub enum TopicState {
        /// Proposed, waits for the body whose call it is.
        Proposed = "proposed" "待审核",
        /// Back with its proposer.
        Returned = "returned" "退回修改",
        /// Adopted: hosts may declare for it.
        Adopted = "adopted" "已采纳",
        /// Over: not adopted.
        Declined = "declined" "未采纳",
        /// Over: taken back.
        Withdrawn = "withdrawn" "已撤回",
    }
}

kernel::codes! {
    /// What may be done to a topic.
    pub enum TopicDeed {
        /// Adopt.
        Adopt = "adopt" "采纳选题",
        /// Give back to be mended.
        Return = "return" "退回选题",
        /// Propose again.
        Propose = "propose" "重新提交选题",
        /// Do not adopt.
        Decline = "decline" "不采纳选题",
        /// Take back.
        Withdraw = "withdraw" "撤回选题",
    }
}

workflow! {
    /// Every move of a topic.
    TOPIC, next_topic, TopicState, TopicDeed;
    Proposed + Adopt => Adopted, by Authority, tells Recommender;
    Proposed + Return => Returned, by Authority, then Correct, tells Recommender;
    Proposed + Decline => Declined, by Authority, tells Recommender;
    Proposed + Withdraw => Withdrawn, by Recommender;
    Returned + Propose => Proposed, by Recommender, tells Authority;
    Returned + Withdraw => Withdrawn, by Recommender;
    Adopted + Withdraw => Withdrawn, by Recommender, tells Authority;
}

impl TopicState {
    /// What its proposer is told while it stands there.
    #[must_use]
    pub const fn sees(self) -> &'static str {
        match self {
            Self::Proposed => "等待组织单位审核。",
            Self::Returned => "已退回，请按意见修改后重新提交。",
            Self::Adopted => "已采纳并公开，承办单位可以申报。",
            Self::Declined => "没有采纳。",
            Self::Withdrawn => "已撤回。",
        }
    }

    /// Whether nothing more can happen.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Declined | Self::Withdrawn)
    }

    /// The next state.
    ///
    /// # Errors
    /// `call.state` with the sentence that says where it stands.
    pub fn after(self, deed: TopicDeed) -> Result<Self> {
        row(TOPIC, self, deed).map(|row| row.to).ok_or_else(|| {
            Error::refused_by(
                "R-80",
                "call.state",
                format!(
                    "状态是“{}”的选题不能“{}”，请刷新页面看最新状态。",
                    self.name(),
                    deed.name()
                ),
            )
        })
    }
}
