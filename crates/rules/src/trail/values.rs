//! What a stored code in a before or after is called: `draft` as the `state` of a class is 草稿.
//!
//! A code means something only together with the kind of thing and the member it stands in. The words are those of the
//! closed vocabularies themselves, so that a new value has its word at once; states whose variants carry facts are
//! spelled here. A code that no row knows is shown as it is, for the trail hides nothing.
//! Deliberately absent: codes of reference data (fields, districts, title series), whose names stand in the taxonomy.

use kernel::{Code, DocumentKind, Hours, Money, Role, Time};

use crate::attendance::Mark;
use crate::calls::notice::ObjectionState;
use crate::calls::review::{ReviewCode, RoundCode};
use crate::calls::{CallState, DeclarationState, TopicState};
use crate::courses::enrolment::EnrolmentCode;
use crate::courses::reporting::{LateCode, ReportKind, ReportState};
use crate::courses::{CourseStatus, Delivery, FeeSource, Outcome, class::StateCode};
use crate::credits::claims::{ClaimCode, ClaimKind, sampling::DrawCode, sampling::Finding};
use crate::credits::disputes::{self, Body, DisputeCode, DisputeKind};
use crate::credits::editions::EditionKind;
use crate::credits::recognition::Part;
use crate::credits::title_check::{Purpose, Verdict};
use crate::credits::{ActivityForm, Subject};
use crate::experts::{Background, MeritKind, StandingCode, TieKind};
use crate::identity::TokenScope;
use crate::notices::NoticeKind;
use crate::orgs::{OrgKind, OrgStatus};
use crate::people::{PostKind, TitleLevel};
use crate::said;
use crate::webhooks::{EventKind, endpoint::Silenced};

type Speak = fn(&str) -> Option<&'static str>;

/// The word of a code in the vocabulary that is named.
macro_rules! of {
    ($vocabulary:ty) => {
        |code| <$vocabulary>::from_code(code).map(<$vocabulary>::name)
    };
}

/// Members that mean something else in each kind of thing.
const OF_A_THING: &[(&str, &str, Speak)] = &[
    ("account", "status", account),
    ("call", "state", of!(CallState)),
    ("claim", "kind", of!(ClaimKind)),
    ("claim", "state", of!(ClaimCode)),
    ("class", "changes", change),
    ("class", "state", of!(StateCode)),
    ("class_report", "kind", of!(ReportKind)),
    ("class_report", "state", of!(ReportState)),
    ("course", "status", of!(CourseStatus)),
    ("credential", "state", document),
    ("declaration", "state", of!(DeclarationState)),
    ("dispute", "kind", of!(DisputeKind)),
    ("dispute", "outcome", of!(disputes::Outcome)),
    ("dispute", "state", of!(DisputeCode)),
    ("draw", "finding", of!(Finding)),
    ("draw", "state", of!(DrawCode)),
    ("edition", "kind", of!(EditionKind)),
    ("edition", "state", edition),
    ("enrolment", "changes", change),
    ("enrolment", "state", of!(EnrolmentCode)),
    ("enrolments", "state", of!(EnrolmentCode)),
    ("expert", "background", of!(Background)),
    ("expert", "kind", of_an_expert),
    ("expert", "state", of!(StandingCode)),
    ("job", "state", job),
    ("late_report", "state", of!(LateCode)),
    ("notice", "kind", of!(NoticeKind)),
    ("notice", "state", notice),
    ("objection", "state", of!(ObjectionState)),
    ("org", "kind", of!(OrgKind)),
    ("org", "status", of!(OrgStatus)),
    ("review_round", "state", reviewing),
    ("session", "", of!(Mark)),
    ("title_check", "purpose", of!(Purpose)),
    ("title_check", "state", document),
    ("title_check", "verdict", of!(Verdict)),
    ("topic", "state", of!(TopicState)),
    ("webhook", "kinds", of!(EventKind)),
    ("webhook", "state", webhook),
    ("webhook", "why", of!(Silenced)),
    ("year", "state", year),
];

/// Members that mean the same everywhere.
const ANYWHERE: &[(&str, Speak)] = &[
    ("body", of!(Body)),
    ("delivery", of!(Delivery)),
    ("document_kind", of!(DocumentKind)),
    ("fee_source", of!(FeeSource)),
    ("form", of!(ActivityForm)),
    ("level", of!(TitleLevel)),
    ("mark", of!(Mark)),
    ("outcome", of!(Outcome)),
    ("part", of!(Part)),
    ("post_kind", of!(PostKind)),
    ("role", of!(Role)),
    ("scopes", of!(TokenScope)),
    ("shown", shown),
    ("standing", standing),
    ("subject", of!(Subject)),
    ("title_level", of!(TitleLevel)),
];

/// What `code` is called as the `member` of a thing of this kind; the code itself where there is no word.
#[must_use]
pub fn value<'a>(kind: &str, member: &str, code: &'a str) -> &'a str {
    let own = OF_A_THING.iter().find(|row| (row.0, row.1) == (kind, member));
    let speak = own
        .map(|row| row.2)
        .or_else(|| ANYWHERE.iter().find(|row| row.0 == member).map(|row| row.1));
    speak.and_then(|speak| speak(code)).unwrap_or(code)
}

/// A number as a person reads it: hours and money are stored in hundredths, moments in microseconds.
#[must_use]
pub fn quantity(member: &str, number: i64) -> String {
    match member {
        "hours" | "declared_hours" => format!("{} 学时", Hours::hundredths(number)),
        "fee" => format!("{} 元", Money::fen(number)),
        "enrol_from" | "enrol_until" | "expires_at" => said::moment(Time::from_micros(number)),
        _ => number.to_string(),
    }
}

/// What became of a place in a class.
fn change(code: &str) -> Option<&'static str> {
    Some(match code {
        "enrolled" => "报名成功",
        "waiting" => "进入候补",
        "promoted" => "候补转正式",
        "withdrawn" => "退出报名",
        _ => return None,
    })
}

fn account(code: &str) -> Option<&'static str> {
    Some(match code {
        "invited" => "待激活",
        "active" => "正常",
        "ended" => "已终止",
        _ => return None,
    })
}

fn document(code: &str) -> Option<&'static str> {
    Some(match code {
        "valid" => "有效",
        "revoked" => "已撤销",
        "superseded" => "已被替代",
        _ => return None,
    })
}

fn edition(code: &str) -> Option<&'static str> {
    Some(match code {
        "draft" => "草稿",
        "proposed" => "待批准",
        "approved" => "已批准",
        "discarded" => "已作废",
        _ => return None,
    })
}

fn job(code: &str) -> Option<&'static str> {
    Some(match code {
        "waiting" => "排队中",
        "running" => "处理中",
        "done" => "已完成",
        "dead" => "处理失败",
        "cancelled" => "已取消",
        _ => return None,
    })
}

fn webhook(code: &str) -> Option<&'static str> {
    Some(match code {
        "on" => "正在使用",
        "off" => "已停用",
        _ => return None,
    })
}

/// A tie that was declared, or a deed that was recorded.
fn of_an_expert(code: &str) -> Option<&'static str> {
    TieKind::from_code(code)
        .map(TieKind::name)
        .or_else(|| MeritKind::from_code(code).map(MeritKind::name))
}

/// The state of a round, or of one of its reviews.
fn reviewing(code: &str) -> Option<&'static str> {
    RoundCode::from_code(code)
        .map(RoundCode::name)
        .or_else(|| ReviewCode::from_code(code).map(ReviewCode::name))
}

fn notice(code: &str) -> Option<&'static str> {
    Some(match code {
        "draft" => "草稿",
        "published" => "已发布",
        "ended" => "已结束",
        _ => return None,
    })
}

fn shown(code: &str) -> Option<&'static str> {
    Some(match code {
        "document" => "证件号码",
        "phone" => "电话",
        _ => return None,
    })
}

fn standing(code: &str) -> Option<&'static str> {
    Some(match code {
        "unverified" => "未核验",
        "verified" => "已核验",
        _ => return None,
    })
}

fn year(code: &str) -> Option<&'static str> {
    Some(match code {
        "open" => "未关账",
        "closed" => "已关账",
        "reopened" => "已重新开账",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_spoken_by_the_kind_of_thing_and_the_member_it_stands_in() {
        assert_eq!(value("class", "state", "draft"), "草稿");
        assert_eq!(value("edition", "state", "draft"), "草稿");
        assert_eq!(value("account", "status", "active"), "正常");
        assert_eq!(value("course", "status", "active"), "在用");
        assert_eq!(value("person", "title_level", "associate"), "副高级");
        assert_eq!(value("token", "scopes", "verify"), "核验证书");
        assert_eq!(
            value("class", "title", "draft"),
            "draft",
            "a text that looks like a code stays a text"
        );
        assert_eq!(value("class", "state", "unheard_of"), "unheard_of");
    }

    #[test]
    fn a_number_is_read_in_its_unit() {
        assert_eq!(quantity("hours", 1_250), "12.5 学时");
        assert_eq!(quantity("passed", 12), "12");
        let nine = Time::local(kernel::date(2026, 3, 5), 9, 0);
        assert_eq!(quantity("enrol_from", nine.micros()), "2026年3月5日 09:00");
    }

    #[test]
    fn no_member_of_a_thing_stands_twice() {
        let mut own: Vec<_> = OF_A_THING.iter().map(|row| (row.0, row.1)).collect();
        own.dedup();
        assert_eq!(own.len(), OF_A_THING.len());
        assert!(own.is_sorted());
        assert!(ANYWHERE.is_sorted_by_key(|row| row.0));
    }
}
