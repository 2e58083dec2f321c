//! The life of a declaration (申报书), from its draft to its place in the annual plan and what happens to it there.

use kernel::{Error, Result};

use super::{Party, Period, Row, row, workflow};

kernel::codes! {
    /// Where a declaration stands.
    pub enum DeclarationState {
        /// Being written.
        Draft = "draft" "草稿",
        /// Waits for the recommending body.
        Submitted = "submitted" "待推荐",
        /// Back with the host, who is told what to mend.
        Returned = "returned" "退回修改",
        /// Waits for the formal check.
        Checking = "checking" "待形式审查",
        /// With the experts, or waiting for the ranking.
        Reviewing = "reviewing" "评审中",
        /// In the proposed plan.
        Proposed = "proposed" "拟入选",
        /// Under public notice.
        Noticed = "noticed" "公示中",
        /// Waits for the approvals.
        Approving = "approving" "待批复",
        /// In the annual plan.
        Approved = "approved" "已批准",
        /// In the plan, put off.
        Deferred = "deferred" "已延期",
        /// Over: the recommending body did not recommend.
        NotRecommended = "not_recommended" "未获推荐",
        /// Over: did not pass the formal check.
        Failed = "failed" "形式审查未通过",
        /// Over: not in the plan.
        NotSelected = "not_selected" "未入选",
        /// Over: not approved.
        Rejected = "rejected" "不予批准",
        /// Over: the host took it back.
        Withdrawn = "withdrawn" "已撤回",
        /// Over: the project or the whole call was called off.
        Cancelled = "cancelled" "已取消",
    }
}

kernel::codes! {
    /// What may be done to a declaration.
    pub enum DeclarationDeed {
        /// Hand in, to the recommending body.
        Submit = "submit" "提交申报",
        /// Hand in where the call has no recommendation.
        SubmitDirectly = "submit_directly" "提交申报（无需推荐）",
        /// Recommend.
        Recommend = "recommend" "推荐",
        /// Give back to be mended.
        Return = "return" "退回修改",
        /// Do not recommend.
        Decline = "decline" "不予推荐",
        /// Pass the formal check.
        Pass = "pass" "形式审查通过",
        /// Fail the formal check.
        Fail = "fail" "形式审查不通过",
        /// Take into the proposed plan.
        Propose = "propose" "列入拟定计划",
        /// Take the proposed plan back.
        TakeBack = "take_back" "退回重新拟定",
        /// Leave out of the proposed plan.
        LeaveOut = "leave_out" "未列入拟定计划",
        /// Put under public notice.
        GiveNotice = "give_notice" "开始公示",
        /// Take out because of an objection that was upheld.
        Exclude = "exclude" "异议成立，移出计划",
        /// The notice has run its time.
        EndNotice = "end_notice" "公示期满",
        /// Approve, once every body has.
        Approve = "approve" "批准",
        /// Do not approve.
        Reject = "reject" "不予批准",
        /// Put off.
        Defer = "defer" "延期实施",
        /// Go on after having been put off.
        Resume = "resume" "恢复实施",
        /// Give the project to another host.
        ReplaceHost = "replace_host" "变更承办单位",
        /// Take back.
        Withdraw = "withdraw" "撤回",
        /// Call off.
        Cancel = "cancel" "取消",
    }
}

workflow! {
    /// Every move of a declaration.
    DECLARATION, next_declaration, DeclarationState, DeclarationDeed;
    Draft + Submit => Submitted, by Host, then Recommend, tells Recommender;
    Draft + SubmitDirectly => Checking, by Host, then Check, tells Authority;
    Draft + Withdraw => Withdrawn, by Host;
    Submitted + Recommend => Checking, by Recommender, then Check, tells Host Authority;
    Submitted + Return => Returned, by Recommender, then Correct, tells Host;
    Submitted + Decline => NotRecommended, by Recommender, tells Host;
    Submitted + Withdraw => Withdrawn, by Host, tells Recommender;
    Returned + Submit => Submitted, by Host, then Recommend, tells Recommender;
    Returned + SubmitDirectly => Checking, by Host, then Check, tells Authority;
    Returned + Withdraw => Withdrawn, by Host;
    Checking + Pass => Reviewing, by Authority, tells Host;
    Checking + Return => Returned, by Authority, then Correct, tells Host;
    Checking + Fail => Failed, by Authority, tells Host;
    Checking + Withdraw => Withdrawn, by Host, tells Authority;
    Reviewing + Propose => Proposed, by Authority;
    Reviewing + LeaveOut => NotSelected, by Authority, tells Host;
    Reviewing + Withdraw => Withdrawn, by Host, tells Authority;
    Proposed + GiveNotice => Noticed, by Authority, then Notice, tells Host;
    Proposed + TakeBack => Reviewing, by Authority;
    Proposed + Withdraw => Withdrawn, by Host, tells Authority;
    Noticed + EndNotice => Approving, by Platform, then Approve, tells Approver;
    Noticed + Exclude => NotSelected, by Authority, tells Host;
    Noticed + Withdraw => Withdrawn, by Host, tells Authority;
    Approving + Approve => Approved, by Approver, tells Host;
    Approving + Reject => Rejected, by Approver, tells Host;
    Approving + Withdraw => Withdrawn, by Host, tells Authority;
    Approved + Defer => Deferred, by Authority, tells Host;
    Approved + ReplaceHost => Approved, by Authority, tells Host;
    Approved + Cancel => Cancelled, by Authority, tells Host;
    Approved + Withdraw => Withdrawn, by Host, tells Authority;
    Deferred + Resume => Approved, by Authority, tells Host;
    Deferred + ReplaceHost => Deferred, by Authority, tells Host;
    Deferred + Cancel => Cancelled, by Authority, tells Host;
    Submitted + Cancel => Cancelled, by Authority, tells Host;
    Returned + Cancel => Cancelled, by Authority, tells Host;
    Checking + Cancel => Cancelled, by Authority, tells Host;
    Reviewing + Cancel => Cancelled, by Authority, tells Host;
    Proposed + Cancel => Cancelled, by Authority, tells Host;
    Noticed + Cancel => Cancelled, by Authority, tells Host;
    Approving + Cancel => Cancelled, by Authority, tells Host;
}

impl DeclarationState {
    /// What the applicant is told while it stands there.
    #[must_use]
    pub const fn sees(self) -> &'static str {
        match self {
            Self::Draft => "还没有提交，请在截止时间前填写并提交。",
            Self::Submitted => "已提交，等待推荐单位审核。",
            Self::Returned => "已退回，请按意见修改后重新提交。",
            Self::Checking => "等待组织单位形式审查。",
            Self::Reviewing => "形式审查已通过，正在评审。",
            Self::Proposed => "已列入拟定计划，等待公示。",
            Self::Noticed => "正在公示，公众可以提出异议。",
            Self::Approving => "公示期满，等待批复。",
            Self::Approved => "已批准，列入年度项目计划。",
            Self::Deferred => "已批准，延期实施。",
            Self::NotRecommended => "推荐单位没有推荐。",
            Self::Failed => "没有通过形式审查。",
            Self::NotSelected => "没有入选。",
            Self::Rejected => "没有获得批准。",
            Self::Withdrawn => "申报单位已撤回。",
            Self::Cancelled => "已取消。",
        }
    }

    /// Whether nothing more can happen.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(
            self,
            Self::NotRecommended
                | Self::Failed
                | Self::NotSelected
                | Self::Rejected
                | Self::Withdrawn
                | Self::Cancelled
        )
    }

    /// Whether the host may write on it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }

    /// Whether it has a place in the published plan.
    #[must_use]
    pub const fn is_planned(self) -> bool {
        matches!(self, Self::Approved | Self::Deferred)
    }

    /// The row of a deed.
    ///
    /// # Errors
    /// `call.state` with the sentence that says where it stands.
    pub fn row(self, deed: DeclarationDeed) -> Result<&'static Row<Self, DeclarationDeed>> {
        row(DECLARATION, self, deed).ok_or_else(|| {
            Error::refused_by(
                "R-80",
                "call.state",
                format!(
                    "状态是“{}”的申报不能“{}”，请刷新页面看最新状态。",
                    self.name(),
                    deed.name()
                ),
            )
        })
    }

    /// The next state.
    ///
    /// # Errors
    /// As [`Self::row`].
    pub fn after(self, deed: DeclarationDeed) -> Result<Self> {
        self.row(deed).map(|row| row.to)
    }

    /// What a party may do now, in the order of the table.
    pub fn open_to(self, party: Party) -> impl Iterator<Item = DeclarationDeed> {
        DECLARATION
            .iter()
            .filter(move |row| row.from == self && row.by == party)
            .map(|row| row.deed)
    }
}
