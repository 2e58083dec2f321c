//! Who may enrol: title level, field, district, department. Refusals name every reason, not the first.
//! An empty list admits everybody; what is not known of a person does not meet a list that asks for it, and
//! the reason says that it is not on record.
//! Deliberately absent: prior courses, age, and the standing of the person's identity (an unverified person
//! may enrol; `people` says what verification is for).

use serde::{Deserialize, Serialize};

/// The conditions of a class: lists of codes of the vocabularies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Eligibility {
    /// Title levels (`senior`, `associate`, `intermediate`, `assistant`, `technician`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title_levels: Vec<String>,
    /// Focus fields of the person's work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Districts of the person's employer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<String>,
    /// Industry departments of the person's employer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<String>,
}

/// What the conditions look at in a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidate {
    /// Code of the title level.
    pub title_level: Option<String>,
    /// Code of the field.
    pub field: Option<String>,
    /// Code of the district.
    pub district: Option<String>,
    /// Code of the department.
    pub department: Option<String>,
    /// Front-line staff.
    pub front_line: bool,
}

/// Which condition is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Title level.
    TitleLevel,
    /// Field.
    Field,
    /// District.
    District,
    /// Department.
    Department,
}

impl Condition {
    /// Stable code of the refusal.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TitleLevel => "eligibility.title_level",
            Self::Field => "eligibility.field",
            Self::District => "eligibility.district",
            Self::Department => "eligibility.department",
        }
    }

    /// What it looks at, in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TitleLevel => "职称层级",
            Self::Field => "重点领域",
            Self::District => "所在区",
            Self::Department => "行业主管部门",
        }
    }
}

/// One reason why a person may not enrol. Codes become words where the vocabularies are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The condition that is not met.
    pub condition: Condition,
    /// The codes that would meet it.
    pub wanted: Vec<String>,
    /// The code the person has, if known.
    pub has: Option<String>,
}

impl Reason {
    /// The sentence, with `name` turning a code of the condition's vocabulary into its term.
    #[must_use]
    pub fn sentence(&self, name: impl Fn(Condition, &str) -> String) -> String {
        let wanted: Vec<String> = self.wanted.iter().map(|code| name(self.condition, code)).collect();
        let what = self.condition.name();
        match &self.has {
            Some(code) => format!("{what}限{}，登记为{}", wanted.join("、"), name(self.condition, code)),
            None => format!("{what}限{}，人员信息中未登记", wanted.join("、")),
        }
    }
}

impl Eligibility {
    /// Whether there is any condition.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.lists().iter().all(|(_, codes)| codes.is_empty())
    }

    /// The conditions and what meets them, in the order they are explained.
    #[must_use]
    pub fn lists(&self) -> [(Condition, &[String]); 4] {
        [
            (Condition::TitleLevel, &self.title_levels),
            (Condition::Field, &self.fields),
            (Condition::District, &self.districts),
            (Condition::Department, &self.departments),
        ]
    }

    /// Every reason why this person may not enrol; none when it may.
    #[must_use]
    pub fn reasons(&self, candidate: &Candidate) -> Vec<Reason> {
        let has = |condition| match condition {
            Condition::TitleLevel => &candidate.title_level,
            Condition::Field => &candidate.field,
            Condition::District => &candidate.district,
            Condition::Department => &candidate.department,
        };
        let unmet = self.lists().into_iter().filter(|(condition, codes)| {
            let met = has(*condition).as_ref().is_some_and(|code| codes.contains(code));
            !codes.is_empty() && !met
        });
        unmet
            .map(|(condition, codes)| Reason {
                condition,
                wanted: codes.to_vec(),
                has: has(condition).clone(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class() -> Eligibility {
        Eligibility {
            title_levels: vec!["senior".into(), "associate".into()],
            districts: vec!["310104".into()],
            ..Eligibility::default()
        }
    }

    #[test]
    fn no_condition_admits_everybody() {
        assert!(Eligibility::default().is_open());
        assert_eq!(Eligibility::default().reasons(&Candidate::default()), []);
    }

    #[test]
    fn every_reason_is_told_not_the_first() {
        let person = Candidate {
            title_level: Some("assistant".into()),
            ..Candidate::default()
        };
        let reasons = class().reasons(&person);
        let words: Vec<String> = reasons
            .iter()
            .map(|r| r.sentence(|_, code| format!("<{code}>")))
            .collect();
        assert_eq!(
            words,
            [
                "职称层级限<senior>、<associate>，登记为<assistant>",
                "所在区限<310104>，人员信息中未登记"
            ]
        );
    }

    #[test]
    fn meeting_all_conditions_leaves_no_reason() {
        let person = Candidate {
            title_level: Some("senior".into()),
            district: Some("310104".into()),
            ..Candidate::default()
        };
        assert_eq!(class().reasons(&person), []);
    }
}
