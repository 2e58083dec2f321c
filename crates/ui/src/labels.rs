//! The one vocabulary of states: word, shape, colour and what it means.
//! State is never colour alone: each tone has its shape, and the word always stands beside it.
//! The same word for the same thing everywhere; a new state is a new row here, never a word in a page.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::html::Html;

/// The colour family of a state, alert or figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to say: slate.
    #[default]
    Neutral,
    /// Under way: ink blue.
    Active,
    /// Done, good: jade.
    Good,
    /// At risk, someone must act: amber.
    Warn,
    /// Refused, overdue, not genuine: vermilion.
    Bad,
}

impl Tone {
    /// Must be announced at once.
    pub fn is_bad(self) -> bool {
        self == Self::Bad
    }

    /// The suffix of its CSS classes.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Active => "active",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// The shape that stands before the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// ○ not begun.
    Ring,
    /// ◐ under way.
    Half,
    /// ● done.
    Disc,
    /// ✓ confirmed by someone.
    Tick,
    /// ↩ given back.
    Return,
    /// ! needs a person.
    Alert,
    /// ⊘ no longer in force.
    Barred,
    /// × no.
    Cross,
    /// Waiting for a turn.
    Clock,
}

impl Shape {
    /// Drawn in 12 units, so that it looks the same in every font.
    fn svg(self) -> &'static str {
        match self {
            Self::Ring => "<circle cx=\"6\" cy=\"6\" r=\"4.2\" class=\"s\"/>",
            Self::Half => {
                "<circle cx=\"6\" cy=\"6\" r=\"4.2\" class=\"s\"/><path d=\"M6 1.8a4.2 4.2 0 0 0 0 8.4z\" class=\"f\"/>"
            }
            Self::Disc => "<circle cx=\"6\" cy=\"6\" r=\"5\" class=\"f\"/>",
            Self::Tick => {
                "<circle cx=\"6\" cy=\"6\" r=\"5.5\" class=\"f\"/><path d=\"M3.5 6.2 5.3 8l3.2-3.7\" class=\"k\"/>"
            }
            Self::Return => "<path d=\"M4.2 1.8 1.5 4.5l2.7 2.7M1.8 4.5h5.4a2.9 2.9 0 0 1 0 5.8H4.5\" class=\"s\"/>",
            Self::Alert => {
                "<circle cx=\"6\" cy=\"6\" r=\"5.5\" class=\"f\"/><path d=\"M6 3v3.6M6 8.6v.2\" class=\"k\"/>"
            }
            Self::Barred => {
                "<circle cx=\"6\" cy=\"6\" r=\"4.6\" class=\"s\"/><path d=\"M2.8 9.2 9.2 2.8\" class=\"s\"/>"
            }
            Self::Cross => "<path d=\"M2.5 2.5l7 7M9.5 2.5l-7 7\" class=\"s\"/>",
            Self::Clock => {
                "<circle cx=\"6\" cy=\"6\" r=\"4.6\" class=\"s\"/><path d=\"M6 3.4V6l1.9 1.3\" class=\"s\"/>"
            }
        }
    }
}

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident $word:literal $shape:ident $tone:ident;)+) => {
        /// A state that a person can see.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum State { $($(#[$doc])* $name,)+ }

        impl State {
            /// Every state, for the style guide and for tests.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            pub fn shape(self) -> Shape {
                match self { $(Self::$name => Shape::$shape,)+ }
            }

            /// The shape alone, for places where the word stands in large type beside it.
            pub fn mark(self) -> Html {
                Html::proven(format!(
                    "<svg class=\"shape\" viewBox=\"0 0 12 12\" aria-hidden=\"true\">{}</svg>",
                    self.shape().svg()
                ))
            }

            pub fn tone(self) -> Tone {
                match self { $(Self::$name => Tone::$tone,)+ }
            }
        }
    };
}

states! {
    // --- the common course of a case
    NotStarted "未开始" Ring Neutral;
    InProgress "进行中" Half Active;
    Done "已完成" Disc Good;
    Returned "退回" Return Warn;
    Overdue "逾期" Alert Bad;
    Revoked "已撤销" Barred Neutral;
    Draft "草稿" Ring Neutral;
    Submitted "已提交" Half Active;
    AwaitingReview "待审核" Clock Warn;
    Approved "已通过" Tick Good;
    Rejected "未通过" Cross Bad;
    Cancelled "已取消" Barred Neutral;
    Ended "已结束" Disc Neutral;
    // --- classes and enrolment
    Published "已发布" Half Active;
    EnrolmentOpen "报名中" Half Active;
    EnrolmentClosed "报名截止" Clock Neutral;
    Full "名额已满" Alert Warn;
    Teaching "开班中" Half Active;
    AwaitingResult "待录入结果" Clock Warn;
    Completed "已结业" Disc Good;
    Enrolled "已报名" Half Active;
    Waiting "候补" Clock Warn;
    Withdrawn "已退出" Barred Neutral;
    Present "出勤" Tick Good;
    Absent "缺勤" Cross Bad;
    OnLeave "请假" Ring Warn;
    Passed "合格" Tick Good;
    Failed "不合格" Cross Bad;
    // --- hours
    Met "已达标" Disc Good;
    AtRisk "有风险" Alert Warn;
    NotMet "未达标" Alert Bad;
    Posted "已记入" Tick Good;
    Reversed "已冲正" Return Neutral;
    YearOpen "未关账" Half Active;
    YearClosed "已关账" Disc Neutral;
    YearReopened "已重新开账" Return Warn;
    CorrectedLater "关账后更正" Return Warn;
    AwaitingEmployer "待单位确认" Clock Warn;
    AwaitingRecognition "待认定" Clock Warn;
    Recognised "已认定" Tick Good;
    NotRecognised "不予认定" Cross Bad;
    TakenBack "已撤回" Barred Neutral;
    Voided "已作废" Return Neutral;
    Suffices "符合" Tick Good;
    FallsShort "不符合" Cross Bad;
    NeedsLook "需人工核对" Alert Warn;
    // --- disputes
    AwaitingAnswer "待答复" Clock Warn;
    AwaitingDecision "待决定" Clock Warn;
    UnderReview "复核中" Half Active;
    Upheld "支持" Tick Good;
    PartlyUpheld "部分支持" Half Active;
    NotUpheld "不支持" Cross Bad;
    Settled "已补记" Tick Good;
    // --- calls for projects
    CallOpen "征集中" Half Active;
    InCheck "审查中" Half Active;
    InReview "评审中" Half Active;
    PlanProposed "拟定计划" Clock Active;
    UnderNotice "公示中" Half Active;
    AwaitingApproval "待批复" Clock Warn;
    PlanPublished "已公布计划" Disc Good;
    CalledOff "已终止" Barred Neutral;
    AwaitingRecommendation "待推荐" Clock Warn;
    AwaitingCheck "待形式审查" Clock Warn;
    InProposedPlan "拟入选" Half Active;
    InPlan "已批准" Tick Good;
    PutOff "已延期" Clock Neutral;
    NotRecommended "未获推荐" Cross Bad;
    FormallyFailed "形式审查未通过" Cross Bad;
    NotSelected "未入选" Cross Neutral;
    NotApproved "不予批准" Cross Bad;
    Adopted "已采纳" Tick Good;
    NotAdopted "未采纳" Cross Neutral;
    ObjectionUpheld "异议成立" Alert Warn;
    ObjectionDismissed "异议不成立" Disc Neutral;
    // --- people, organisations and accounts
    Verified "已核验" Tick Good;
    Unverified "未核验" Ring Warn;
    AwaitingActivation "待激活" Clock Warn;
    Active "正常" Disc Good;
    Locked "已锁定" Alert Bad;
    Suspended "已停用" Barred Neutral;
    Merged "已合并" Return Neutral;
    Expired "已到期" Barred Warn;
    // --- reviews
    AwaitingAssignment "待分配" Ring Neutral;
    AwaitingSending "待下发" Clock Warn;
    AwaitingAcceptance "待接受" Clock Warn;
    Signed "已签署" Tick Good;
    Recused "已回避" Return Neutral;
    // --- experts
    InPool "在库" Disc Good;
    Declined "已谢绝" Cross Neutral;
    Paused "暂停" Barred Warn;
    LeftPool "已退出专家库" Barred Neutral;
    // --- documents
    Genuine "真实有效" Tick Good;
    NotGenuine "不属实" Cross Bad;
    CannotTell "无法判断" Alert Warn;
    Scheduled "待生效" Clock Active;
    InForce "现行有效" Disc Good;
    Superseded "已被替代" Return Neutral;
    // --- long work
    Queued "排队中" Clock Neutral;
    Running "处理中" Half Active;
    Broken "处理失败" Alert Bad;
    Delivered "已送达" Tick Good;
    Retrying "重试中" Clock Warn;
    GivenUp "已放弃" Cross Bad;
    // --- the programme
    Live "已上线" Disc Good;
    PartlyLive "部分上线" Half Active;
    NotLive "尚未上线" Ring Neutral;
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<span class=\"state state-{}\">{}{}</span>",
            self.tone().class(),
            self.mark(),
            self.label()
        )
    }
}

impl HtmlSafe for State {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_word_means_one_thing() {
        let words: BTreeSet<_> = State::ALL.iter().map(|s| s.label()).collect();
        assert_eq!(words.len(), State::ALL.len());
    }

    #[test]
    fn good_and_bad_differ_in_shape_and_not_in_colour_alone() {
        let shapes = |tone| State::ALL.iter().filter(move |s| s.tone() == tone).map(|s| s.shape());
        for good in shapes(Tone::Good) {
            assert!(shapes(Tone::Bad).all(|bad| bad != good), "{good:?} is good and bad");
        }
    }
}
