//! A kind of call as data: which steps it has, what its form asks, which files it wants, who may declare, how long the periods are,
//! who approves, by which criteria it is reviewed.
//!
//! R-91: a call takes its template along when it is drafted and keeps it once it is published; a new kind of call is a new
//! template, made on the screen. Fields, files and criteria are written one a line, parts divided by `｜` or `|`:
//!
//! ```text
//! 培训目标与需求分析｜长文｜必填｜800｜说明行业需求和解决的实际问题
//! ```
//! R-82: the public notice is never shorter than five working days, whatever the template says.
//! Deliberately absent: code for a single kind of call.

mod lines;
mod shipped;

use kernel::{Error, FieldError, Result, Role};
use serde::{Deserialize, Serialize};

use super::fees::TrainingClass;

pub use lines::{read_criteria, read_fields, read_files, write_criteria, write_fields, write_files};
pub use shipped::shipped;

/// R-82: the least number of working days of a public notice.
pub const LEAST_NOTICE: u32 = 5;

kernel::codes! {
    /// Whose call it is, and so who checks and approves.
    pub enum Level {
        /// The municipal lead's.
        Municipal = "municipal" "市级",
        /// An industry department's.
        Industry = "industry" "行业级",
        /// A district's.
        District = "district" "区级",
    }
}

impl Level {
    /// The role of the body whose call it is.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Municipal => Role::Lead,
            Self::Industry => Role::Department,
            Self::District => Role::District,
        }
    }

    /// The level at which a role makes calls.
    #[must_use]
    pub const fn of(role: Role) -> Option<Self> {
        match role {
            Role::Lead => Some(Self::Municipal),
            Role::Department => Some(Self::Industry),
            Role::District => Some(Self::District),
            _ => None,
        }
    }
}

kernel::codes! {
    /// Which organisations may declare (R-87).
    pub enum Declarant {
        /// A base whose term has not ended.
        Base = "base" "国家级、市级继续教育基地",
        /// A leading enterprise.
        LeadingEnterprise = "leading_enterprise" "龙头企事业单位",
        /// Any provider of training.
        Provider = "provider" "施教机构",
        /// Any employer.
        Employer = "employer" "用人单位",
        /// An association.
        Association = "association" "行业协会、学会",
        /// A university or a research institute.
        Academy = "academy" "高等院校、科研院所",
    }
}

kernel::codes! {
    /// A body that approves (R-90).
    pub enum Approver {
        /// The body whose call it is.
        Authority = "authority" "组织单位",
        /// Finance.
        Finance = "finance" "财务",
        /// The municipal lead, for calls of others.
        Lead = "lead" "市级牵头部门",
    }
}

impl Approver {
    /// The role that acts for it in a call of this level.
    #[must_use]
    pub const fn role(self, level: Level) -> Role {
        match self {
            Self::Authority => level.role(),
            Self::Finance => Role::Finance,
            Self::Lead => Role::Lead,
        }
    }
}

kernel::codes! {
    /// A period in working days.
    pub enum Period {
        /// For the recommending body.
        Recommend = "recommend" "推荐期限",
        /// For the host to mend what was given back.
        Correct = "correct" "修改期限",
        /// For the formal check.
        Check = "check" "形式审查期限",
        /// Of the public notice.
        Notice = "notice" "公示期",
        /// For answering an objection.
        Answer = "answer" "异议答复期限",
        /// For the approvals.
        Approve = "approve" "批复期限",
    }
}

kernel::codes! {
    /// How a field of the form is answered.
    pub enum FieldKind {
        /// One line.
        Text = "text" "短文",
        /// Paragraphs.
        Long = "long" "长文",
        /// A whole number.
        Number = "number" "数字",
    }
}

/// One question of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// `f1`, `f2` …: its place when the template was written.
    pub key: String,
    /// What is asked.
    pub label: String,
    /// How it is answered.
    pub kind: FieldKind,
    /// Whether it must be answered.
    pub required: bool,
    /// Most characters of an answer; the largest number for a number.
    pub most: u32,
    /// What is expected.
    pub hint: String,
}

/// One attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedFile {
    /// What it is.
    pub label: String,
    /// Whether it must be there.
    pub required: bool,
}

/// One criterion of the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// What is judged.
    pub name: String,
    /// Of a hundred.
    pub weight: u32,
}

/// The periods, working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Periods {
    /// For the recommending body.
    pub recommend: u32,
    /// For the host to mend.
    pub correct: u32,
    /// For the formal check.
    pub check: u32,
    /// Of the public notice.
    pub notice: u32,
    /// For answering an objection.
    pub answer: u32,
    /// For the approvals.
    pub approve: u32,
}

/// A kind of call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// What kind of project: 高级研修项目.
    pub kind: String,
    /// Whether departments and districts propose topics first.
    pub topics: bool,
    /// Whether a department or district recommends.
    pub recommendation: bool,
    /// Whether experts see no names.
    pub blind: bool,
    /// Whether a declaration states people, days, teachers and a budget.
    pub training: bool,
    /// Who may declare; one of them suffices.
    pub declarants: Vec<Declarant>,
    /// Who approves, all of them.
    pub approvers: Vec<Approver>,
    /// The class of the training by which its budget is held to the ceilings.
    pub class: TrainingClass,
    /// Per cent from which two titles are told as alike.
    pub alike_percent: u32,
    /// The periods.
    pub periods: Periods,
    /// What the form asks beside the title, the field and the training.
    pub fields: Vec<FormField>,
    /// Attachments.
    pub files: Vec<WantedFile>,
    /// Criteria of the review.
    pub criteria: Vec<Criterion>,
}

impl Template {
    /// How many working days a period has.
    #[must_use]
    pub const fn days(&self, period: Period) -> u32 {
        match period {
            Period::Recommend => self.periods.recommend,
            Period::Correct => self.periods.correct,
            Period::Check => self.periods.check,
            Period::Notice => self.periods.notice,
            Period::Answer => self.periods.answer,
            Period::Approve => self.periods.approve,
        }
    }

    /// Checks the template as a whole.
    ///
    /// # Errors
    /// Wrong, at each field.
    pub fn checked(self) -> Result<Self> {
        let mut faults = Vec::new();
        let mut note = |field: &'static str, sentence: String| {
            faults.push(FieldError::new(field, "template.field", sentence));
        };
        if !(2..=40).contains(&self.kind.chars().count()) {
            note("kind", "请用 2 到 40 个字写明项目种类，例如：高级研修项目。".into());
        }
        if self.declarants.is_empty() {
            note("declarants", "请至少选择一类可以申报的单位。".into());
        }
        if self.approvers.is_empty() {
            note("approvers", "请至少选择一个批复单位。".into());
        }
        for period in <Period as kernel::Code>::ALL {
            let days = self.days(*period);
            let least = if *period == Period::Notice { LEAST_NOTICE } else { 1 };
            if !(least..=60).contains(&days) {
                note(
                    kernel::Code::code(*period),
                    format!("{}应在 {least} 到 60 个工作日之间。", period.name()),
                );
            }
        }
        if !(30..=100).contains(&self.alike_percent) {
            note("alike_percent", "题目相似的提示线应在 30% 到 100% 之间。".into());
        }
        if self.fields.len() > 30 {
            note("fields", "表单最多 30 个问题，请合并。".into());
        }
        if self.files.len() > 10 {
            note("files", "附件最多 10 种，请合并。".into());
        }
        let weights: u32 = self.criteria.iter().map(|criterion| criterion.weight).sum();
        if weights != 100 {
            note("criteria", format!("评审指标的权重合计应为 100，现在是 {weights}。"));
        }
        if faults.is_empty() {
            Ok(self)
        } else {
            Err(Error::Wrong(faults))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r91_the_shipped_templates_are_sound_and_of_different_kinds() {
        let all = shipped();
        assert!(all.len() >= 3);
        for template in &all {
            assert!(template.clone().checked().is_ok(), "{}", template.kind);
        }
        let kinds: std::collections::BTreeSet<_> = all.iter().map(|template| &template.kind).collect();
        assert_eq!(kinds.len(), all.len());
    }

    #[test]
    fn r82_a_template_cannot_shorten_the_public_notice() {
        let mut template = shipped().remove(0);
        template.periods.notice = LEAST_NOTICE - 1;
        let Err(Error::Wrong(faults)) = template.checked() else {
            panic!("must be refused")
        };
        assert_eq!(faults[0].field, "notice");
    }

    #[test]
    fn every_fault_of_a_template_is_told_at_its_field() {
        let template = Template {
            kind: "班".into(),
            declarants: Vec::new(),
            approvers: Vec::new(),
            alike_percent: 5,
            criteria: Vec::new(),
            ..shipped().remove(0)
        };
        let Err(Error::Wrong(faults)) = template.checked() else {
            panic!("must be refused")
        };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["kind", "declarants", "approvers", "alike_percent", "criteria"]);
    }
}
