//! The life of a call (征集通知): published, closed, checked, reviewed, proposed, under notice, approved, published as a plan.

use kernel::{Error, Result};

use super::{Party, Period, Row, row, workflow};

kernel::codes! {
    /// Where a call stands.
    pub enum CallState {
        /// Being drafted.
        Draft = "draft" "草稿",
        /// Published: topics and declarations come in during its window.
        Open = "open" "征集中",
        /// The window has closed: recommendation and formal check.
        Closed = "closed" "审查中",
        /// The experts review, or the ranking is awaited.
        Reviewing = "reviewing" "评审中",
        /// A plan is proposed.
        Proposed = "proposed" "拟定计划",
        /// Under public notice.
        Noticed = "noticed" "公示中",
        /// Waits for the approvals.
        Approving = "approving" "待批复",
        /// The annual plan is published.
        Published = "published" "已公布计划",
        /// Called off.
        Cancelled = "cancelled" "已终止",
    }
}

kernel::codes! {
    /// What may be done to a call.
    pub enum CallDeed {
        /// Publish the call.
        Publish = "publish" "发布征集通知",
        /// The window has closed.
        Close = "close" "征集截止",
        /// Every declaration is checked; the review begins.
        BeginReview = "begin_review" "转入评审",
        /// Propose a plan from the ranking.
        Propose = "propose" "拟定计划",
        /// Put the plan under public notice.
        GiveNotice = "give_notice" "开始公示",
        /// The notice has run its time and no objection is open.
        EndNotice = "end_notice" "公示期满",
        /// Approve, one of several bodies.
        Consent = "consent" "批准（等待其他部门）",
        /// Approve, the last of the bodies: the plan is published.
        Approve = "approve" "批准并公布年度计划",
        /// Take the plan back to be proposed anew.
        TakeBack = "take_back" "退回重新拟定",
        /// Call off.
        Cancel = "cancel" "终止征集",
    }
}

workflow! {
    /// Every move of a call.
    CALL, next_call, CallState, CallDeed;
    Draft + Publish => Open, by Authority, tells Recommender;
    Draft + Cancel => Cancelled, by Authority;
    Open + Close => Closed, by Platform, then Check, tells Authority;
    Open + Cancel => Cancelled, by Authority, tells Host;
    Closed + BeginReview => Reviewing, by Authority;
    Closed + Cancel => Cancelled, by Authority, tells Host;
    Reviewing + Propose => Proposed, by Authority;
    Reviewing + Cancel => Cancelled, by Authority, tells Host;
    Proposed + GiveNotice => Noticed, by Authority, then Notice, tells Host;
    Proposed + TakeBack => Reviewing, by Authority;
    Proposed + Cancel => Cancelled, by Authority, tells Host;
    Noticed + EndNotice => Approving, by Platform, then Approve, tells Approver;
    Noticed + Cancel => Cancelled, by Authority, tells Host;
    Approving + Consent => Approving, by Approver;
    Approving + Approve => Published, by Approver, tells Host;
    Approving + Cancel => Cancelled, by Authority, tells Host;
}

impl CallState {
    /// What the public is told while it stands there.
    #[must_use]
    pub const fn sees(self) -> &'static str {
        match self {
            Self::Draft => "尚未发布。",
            Self::Open => "正在征集，请在截止时间前提交。",
            Self::Closed => "征集已截止，正在推荐和形式审查。",
            Self::Reviewing => "正在评审。",
            Self::Proposed => "已拟定计划，等待公示。",
            Self::Noticed => "拟定计划正在公示，可以提出异议。",
            Self::Approving => "公示期满，等待批复。",
            Self::Published => "年度项目计划已公布。",
            Self::Cancelled => "这次征集已终止。",
        }
    }

    /// Whether nothing more can happen to the call itself.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Published | Self::Cancelled)
    }

    /// The next state.
    ///
    /// # Errors
    /// `call.state` with the sentence that says where it stands.
    pub fn after(self, deed: CallDeed) -> Result<Self> {
        row(CALL, self, deed).map(|row| row.to).ok_or_else(|| {
            Error::refused_by(
                "R-80",
                "call.state",
                format!(
                    "状态是“{}”的征集不能“{}”，请刷新页面看最新状态。",
                    self.name(),
                    deed.name()
                ),
            )
        })
    }
}
