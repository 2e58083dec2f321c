//! Conflicts of interest between an expert and what is to be reviewed, each with its reason; computed before anything is
//! assigned.
//!
//! nobody reviews what they are named in, or what their present employer hosts. R-103: nor what an employer hosts
//! whom they left within some years (three unless the call says otherwise). R-104: nor with whom they published or
//! cooperated, as host or as somebody named. R-105: a declared recusal is honoured, whatever its reason. R-106: the same
//! name without anything else in common is a suspicion, not a fact: it bars like a conflict until somebody lifts it.
//! Deliberately absent: relatives, whom no register here knows; experts declare them as recusals.

use chrono::Months;
use kernel::{Date, OrgId, PersonId};

use super::TieKind;

kernel::codes! {
    /// Why an expert must not review something.
    pub enum Ground {
        /// Is named in it.
        Named = "named" "本人列名",
        /// Works for the host.
        Employer = "employer" "现任职单位",
        /// Worked for the host until lately.
        FormerEmployer = "former_employer" "曾任职单位",
        /// Published with somebody named, or with the host.
        CoAuthor = "co_author" "合作著者",
        /// Cooperates with the host or with somebody named.
        Cooperation = "cooperation" "合作关系",
        /// Declared not to review them.
        Recusal = "recusal" "本人申请回避",
        /// Has the same name as somebody named.
        SameName = "same_name" "姓名相同，需核对",
    }
}

impl Ground {
    /// Whether somebody may lift it after a look, with a reason.
    #[must_use]
    pub const fn may_be_lifted(self) -> bool {
        matches!(self, Self::SameName)
    }
}

/// A stay with an employer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The employer, where it is registered.
    pub org: Option<OrgId>,
    /// Its name.
    pub name: String,
    /// The last day; none while it lasts.
    pub until: Option<Date>,
}

/// A tie that the expert declared and that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// What kind.
    pub kind: TieKind,
    /// The organisation, where it is registered.
    pub org: Option<OrgId>,
    /// The person, where registered.
    pub person: Option<PersonId>,
    /// The name of the organisation or person.
    pub name: String,
    /// When it ended; none while it lasts.
    pub until: Option<Date>,
}

/// An expert as far as conflicts go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Employers, present and past.
    pub stays: Vec<Stay>,
    /// Declared ties.
    pub ties: Vec<Tie>,
}

/// Somebody named in what is reviewed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Named {
    /// As what: 授课教师, 项目负责人.
    pub part: String,
    /// Who, where registered.
    pub person: Option<PersonId>,
    /// The name.
    pub name: String,
    /// The employer's name as stated.
    pub org_name: String,
}

/// What is reviewed as far as conflicts go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The host, where it is registered.
    pub host: Option<OrgId>,
    /// Its name.
    pub host_name: String,
    /// Everybody named.
    pub named: Vec<Named>,
}

/// A reason why an expert must not review something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Why.
    pub ground: Ground,
    /// The sentence that says it.
    pub detail: String,
}

/// Names as they are compared: without spaces, brackets and dots, in whatever width they were typed.
fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !"()（）·•.,，、-—".contains(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

fn same(one: &str, other: &str) -> bool {
    let one = folded(one);
    !one.is_empty() && one == folded(other)
}

/// Two organisations are the same by their register entries, and by their names where one has none.
fn same_org(one: (Option<OrgId>, &str), other: (Option<OrgId>, &str)) -> bool {
    match (one.0, other.0) {
        (Some(one), Some(other)) => one == other,
        _ => same(one.1, other.1),
    }
}

/// Whether a last day lies within `years` before `on`.
fn lately(until: Option<Date>, on: Date, years: u32) -> bool {
    until.is_none_or(|until| {
        until
            .checked_add_months(Months::new(years * 12))
            .is_none_or(|free| free >= on)
    })
}

/// All reasons why the expert must not review the thing on this day, the gravest first; nothing where there is none.
#[must_use]
pub fn conflicts(reviewer: &Reviewer, party: &Party, (on, years): (Date, u32)) -> Vec<Conflict> {
    let mut found = Vec::new();
    of_names(reviewer, party, &mut found);
    of_stays(reviewer, party, (on, years), &mut found);
    of_ties(reviewer, party, (on, years), &mut found);
    found.sort_by_key(|conflict| conflict.ground);
    found.dedup();
    found
}

fn of_names(reviewer: &Reviewer, party: &Party, found: &mut Vec<Conflict>) {
    for named in &party.named {
        let note = |ground, detail| Conflict { ground, detail };
        let part = &named.part;
        if named.person == Some(reviewer.person) {
            found.push(note(Ground::Named, format!("本人是申报材料中的{part}")));
        } else if same(&named.name, &reviewer.name) && named.person.is_none() {
            let colleague = |stay: &Stay| stay.until.is_none() && same(&stay.name, &named.org_name);
            if reviewer.stays.iter().any(colleague) {
                found.push(note(Ground::Named, format!("与{part}姓名、工作单位都相同，视为本人")));
            } else {
                found.push(note(Ground::SameName, format!("与{part}同名，未能确认是否为同一人")));
            }
        }
    }
}

fn of_stays(reviewer: &Reviewer, party: &Party, (on, years): (Date, u32), found: &mut Vec<Conflict>) {
    let host = (party.host, party.host_name.as_str());
    for stay in &reviewer.stays {
        if !same_org((stay.org, &stay.name), host) {
            continue;
        }
        match stay.until.filter(|until| *until < on) {
            None => found.push(Conflict {
                ground: Ground::Employer,
                detail: format!("现任职于承办单位“{}”", party.host_name),
            }),
            Some(until) if lately(Some(until), on, years) => found.push(Conflict {
                ground: Ground::FormerEmployer,
                detail: format!("{until} 前任职于承办单位“{}”，不满 {years} 年", party.host_name),
            }),
            Some(_) => {}
        }
    }
}

fn of_ties(reviewer: &Reviewer, party: &Party, (on, years): (Date, u32), found: &mut Vec<Conflict>) {
    for tie in &reviewer.ties {
        let whom = touched(tie, party);
        let Some(whom) = whom else { continue };
        let ground = match tie.kind {
            TieKind::FormerEmployer => Ground::FormerEmployer,
            TieKind::CoAuthor => Ground::CoAuthor,
            TieKind::Cooperation => Ground::Cooperation,
            TieKind::Recusal => Ground::Recusal,
        };
        // A recusal holds as long as it is declared; the others fade.
        if ground == Ground::Recusal || lately(tie.until, on, years) {
            found.push(Conflict {
                ground,
                detail: format!("本人登记：{}“{whom}”", tie.kind.name()),
            });
        }
    }
}

/// The host or the person named whom a tie is about.
fn touched(tie: &Tie, party: &Party) -> Option<String> {
    let person = |named: &&Named| match (tie.person, named.person) {
        (Some(one), Some(other)) => one == other,
        _ => tie.org.is_none() && same(&tie.name, &named.name),
    };
    if tie.person.is_none() && same_org((tie.org, &tie.name), (party.host, &party.host_name)) {
        return Some(party.host_name.clone());
    }
    party.named.iter().find(person).map(|named| named.name.clone())
}

#[cfg(test)]
mod tests {
    use kernel::{Id, date};
    use proptest::prelude::*;

    use super::*;

    const ON: Date = match Date::from_ymd_opt(2026, 6, 1) {
        Some(day) => day,
        None => panic!("a literal date exists"),
    };

    fn reviewer() -> Reviewer {
        Reviewer {
            person: Id::new(1),
            name: "陈示甲".into(),
            stays: Vec::new(),
            ties: Vec::new(),
        }
    }

    fn party() -> Party {
        Party {
            host: Some(Id::new(7)),
            host_name: "测试大学".into(),
            named: vec![Named {
                part: "授课教师".into(),
                person: Some(Id::new(2)),
                name: "林示乙".into(),
                org_name: "测试学院".into(),
            }],
        }
    }

    fn stay(org: Option<i64>, name: &str, until: Option<Date>) -> Stay {
        Stay {
            org: org.map(Id::new),
            name: name.into(),
            until,
        }
    }

    fn tie(kind: TieKind, org: Option<i64>, name: &str, until: Option<Date>) -> Tie {
        Tie {
            kind,
            org: org.map(Id::new),
            person: None,
            name: name.into(),
            until,
        }
    }

    fn grounds(reviewer: &Reviewer, party: &Party) -> Vec<Ground> {
        conflicts(reviewer, party, (ON, 3))
            .iter()
            .map(|conflict| conflict.ground)
            .collect()
    }

    fn with_stay(stay: Stay) -> Reviewer {
        Reviewer {
            stays: vec![stay],
            ..reviewer()
        }
    }

    fn with_tie(tie: Tie) -> Reviewer {
        Reviewer {
            ties: vec![tie],
            ..reviewer()
        }
    }

    #[test]
    fn a_stranger_reviews() {
        assert_eq!(grounds(&reviewer(), &party()), []);
        let elsewhere = with_stay(stay(Some(8), "测试大学", None));
        assert_eq!(
            grounds(&elsewhere, &party()),
            [],
            "two registered bodies of one name are two"
        );
    }

    #[test]
    fn r102_nobody_reviews_what_they_are_named_in_or_their_employer_hosts() {
        let mut named = party();
        named.named[0].person = Some(Id::new(1));
        assert_eq!(grounds(&reviewer(), &named), [Ground::Named]);
        assert_eq!(
            grounds(&with_stay(stay(Some(7), "旧名", None)), &party()),
            [Ground::Employer]
        );
        let by_name = with_stay(stay(None, "测试 大学", None));
        assert_eq!(grounds(&by_name, &party()), [Ground::Employer]);
    }

    #[test]
    fn r103_a_former_employer_bars_for_three_years_and_not_a_day_longer() {
        let left = |day| with_stay(stay(Some(7), "测试大学", Some(day)));
        assert_eq!(grounds(&left(date(2023, 6, 1)), &party()), [Ground::FormerEmployer]);
        assert_eq!(grounds(&left(date(2023, 5, 31)), &party()), []);
        assert_eq!(grounds(&left(ON), &party()), [Ground::Employer], "the last day counts");
        let declared = with_tie(tie(TieKind::FormerEmployer, None, "测试大学", Some(date(2024, 1, 1))));
        assert_eq!(grounds(&declared, &party()), [Ground::FormerEmployer]);
    }

    #[test]
    fn r104_co_authors_and_partners_bar_as_host_and_as_somebody_named() {
        for (kind, ground) in [
            (TieKind::CoAuthor, Ground::CoAuthor),
            (TieKind::Cooperation, Ground::Cooperation),
        ] {
            assert_eq!(grounds(&with_tie(tie(kind, Some(7), "", None)), &party()), [ground]);
            assert_eq!(grounds(&with_tie(tie(kind, None, "林示乙", None)), &party()), [ground]);
            let old = with_tie(tie(kind, None, "林示乙", Some(date(2020, 1, 1))));
            assert_eq!(grounds(&old, &party()), []);
        }
    }

    #[test]
    fn r105_a_recusal_holds_however_old_it_is() {
        let old = with_tie(tie(TieKind::Recusal, Some(7), "测试大学", Some(date(2001, 1, 1))));
        assert_eq!(grounds(&old, &party()), [Ground::Recusal]);
    }

    #[test]
    fn r106_the_same_name_alone_is_a_suspicion_and_may_be_lifted() {
        let mut named = party();
        named.named[0].person = None;
        named.named[0].name = "陈 示甲".into();
        assert_eq!(grounds(&reviewer(), &named), [Ground::SameName]);
        let colleague = with_stay(stay(None, "测试学院", None));
        assert_eq!(grounds(&colleague, &named), [Ground::Named]);
        named.named[0].person = Some(Id::new(9));
        assert_eq!(
            grounds(&reviewer(), &named),
            [],
            "a registered namesake is somebody else"
        );
        let lifted: Vec<Ground> = <Ground as kernel::Code>::ALL
            .iter()
            .copied()
            .filter(|ground| ground.may_be_lifted())
            .collect();
        assert_eq!(lifted, [Ground::SameName]);
    }

    proptest! {
        #[test]
        fn every_conflict_has_a_sentence_and_more_years_never_free_anybody(left in 0_i64..4_000, years in 0_u32..10) {
            let day = ON - chrono::TimeDelta::days(left);
            let expert = with_stay(stay(Some(7), "测试大学", Some(day)));
            let shorter = conflicts(&expert, &party(), (ON, years));
            let longer = conflicts(&expert, &party(), (ON, years + 1));
            prop_assert!(shorter.iter().all(|conflict| !conflict.detail.is_empty()));
            prop_assert!(longer.len() >= shorter.len());
        }
    }
}
