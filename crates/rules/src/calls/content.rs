//! What a declaration says: title, field, answers to the template's questions, and, for a training, audience, schedule, teachers, budget.
//!
//! A draft may be incomplete; [`Content::faults`] tells at which fields something is missing before it is handed in.
//! Deliberately absent: whether it is good; the formal check and the experts judge.

use std::collections::BTreeMap;

use kernel::{Code, Date, FieldError, Hours, Money};
use serde::{Deserialize, Serialize};

use super::template::{FieldKind, Template};
use crate::credits::iso_date;

/// Most teachers of a declaration.
pub const MOST_TEACHERS: usize = 12;
/// Most people of a training: 高水平、小规模 is judged by experts; beyond this it is none.
pub const MOST_PEOPLE: u32 = 500;

kernel::codes! {
    /// The rank of a teacher, as the ceilings of lecture fees have it.
    pub enum TeacherRank {
        /// 院士、全国知名专家.
        National = "national" "院士、全国知名专家",
        /// 正高级.
        Senior = "senior" "正高级",
        /// 副高级.
        Associate = "associate" "副高级",
        /// Anybody else.
        Other = "other" "其他",
    }
}

kernel::codes! {
    /// The kinds of cost of a training, teachers apart.
    pub enum Cost {
        /// 住宿费.
        Lodging = "lodging" "住宿费",
        /// 伙食费.
        Board = "board" "伙食费",
        /// 场地费.
        Rooms = "rooms" "场地费",
        /// 资料费.
        Material = "material" "资料费",
        /// 交通费.
        Transport = "transport" "交通费",
        /// 其他.
        Other = "other" "其他（现场教学、设备租赁等）",
    }
}

/// A teacher of the training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teacher {
    /// Name.
    pub name: String,
    /// Where the teacher works.
    pub employer: String,
    /// Rank.
    pub rank: TeacherRank,
    /// On how many half days.
    pub half_days: u32,
    /// How many 学时 in all.
    pub hours: Hours,
    /// Fee for a 学时, after tax.
    pub fee: Money,
}

impl Teacher {
    /// What the lectures cost.
    #[must_use]
    pub const fn cost(&self) -> Money {
        Money::fen(self.fee.get() * self.hours.get() / 100)
    }
}

/// What a declaration says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Title of the project.
    pub title: String,
    /// Code of the focus field.
    pub field: Option<String>,
    /// Answers by the key of the question.
    pub answers: BTreeMap<String, String>,
    /// Whom it is for.
    pub audience: String,
    /// How many people.
    pub people: Option<u32>,
    /// How many of them from the front line.
    pub front_line: Option<u32>,
    /// From when …
    #[serde(with = "iso_date::optional")]
    pub from: Option<Date>,
    /// … to when.
    #[serde(with = "iso_date::optional")]
    pub until: Option<Date>,
    /// On how many days people are taught.
    pub days: Option<u32>,
    /// Where.
    pub venue: String,
    /// Who teaches.
    pub teachers: Vec<Teacher>,
    /// What it costs, teachers apart, by the code of the kind.
    pub costs: BTreeMap<String, Money>,
    /// Who answers questions about the declaration.
    pub contact: String,
    /// By which telephone.
    pub phone: String,
}

impl Content {
    /// What it costs, teachers apart.
    #[must_use]
    pub fn training_cost(&self) -> Money {
        self.costs.values().copied().sum()
    }

    /// What the teachers cost.
    #[must_use]
    pub fn lecture_cost(&self) -> Money {
        self.teachers.iter().map(Teacher::cost).sum()
    }

    /// The whole budget.
    #[must_use]
    pub fn budget(&self) -> Money {
        self.training_cost() + self.lecture_cost()
    }

    /// What is missing or wrong before it can be handed in.
    #[must_use]
    pub fn faults(&self, template: &Template) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut missing = |field: String, sentence: String| {
            faults.push(FieldError::new(field, "declaration.missing", sentence));
        };
        if !(4..=80).contains(&self.title.chars().count()) {
            missing("title".into(), "项目名称应为 4 到 80 个字。".into());
        }
        if self.field.is_none() {
            missing("field".into(), "请选择聚焦领域。".into());
        }
        if self.contact.is_empty() {
            missing("contact".into(), "请填写联系人。".into());
        }
        if self.phone.is_empty() {
            missing("phone".into(), "请填写联系电话。".into());
        }
        for field in &template.fields {
            let answer = self.answers.get(&field.key).map_or("", String::as_str);
            let label = &field.label;
            if answer.is_empty() {
                if field.required {
                    missing(field.key.clone(), format!("请填写“{label}”。"));
                }
                continue;
            }
            let most = field.most;
            match field.kind {
                FieldKind::Number if answer.parse::<u32>().is_ok_and(|number| number <= most) => {}
                FieldKind::Number => missing(field.key.clone(), format!("“{label}”请填写 0 到 {most} 之间的整数。")),
                FieldKind::Text | FieldKind::Long => {
                    let count = answer.chars().count();
                    if count > most as usize {
                        missing(
                            field.key.clone(),
                            format!("“{label}”最多 {most} 个字，现在是 {count} 个。"),
                        );
                    }
                }
            }
        }
        if template.training {
            faults.extend(self.training_faults());
        }
        faults
    }

    fn training_faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut missing = |field: &'static str, sentence: &str| {
            faults.push(FieldError::new(field, "declaration.missing", sentence));
        };
        if self.audience.is_empty() {
            missing("audience", "请填写培训对象。");
        }
        if !self.people.is_some_and(|people| (1..=MOST_PEOPLE).contains(&people)) {
            missing("people", "请填写培训人数，1 到 500 人。");
        }
        if self.front_line.unwrap_or(0) > self.people.unwrap_or(0) {
            missing("front_line", "基层一线人数不能超过培训人数。");
        }
        match (self.from, self.until) {
            (Some(from), Some(until)) if from > until => missing("until", "结束日期不能早于开始日期。"),
            (Some(_), Some(_)) => {}
            (None, _) => missing("from", "请填写计划开始日期。"),
            (_, None) => missing("until", "请填写计划结束日期。"),
        }
        if let (Some(days), Some(from), Some(until)) = (self.days, self.from, self.until)
            && from <= until
            && i64::from(days) > (until - from).num_days() + 1
        {
            missing("days", "培训天数不能超过起止日期之间的天数。");
        }
        if !self.days.is_some_and(|days| (1..=180).contains(&days)) {
            missing("days", "请填写培训天数，1 到 180 天。");
        }
        if self.venue.is_empty() {
            missing("venue", "请填写培训地点。");
        }
        if self.teachers.is_empty() {
            missing("teacher0_name", "请至少填写一位师资。");
        }
        if self.training_cost() == Money::ZERO {
            missing(
                Cost::ALL.first().map_or("", |cost| cost.code()),
                "请填写经费预算，没有的项目填 0。",
            );
        }
        faults
    }
}

#[cfg(test)]
pub(super) mod tests {
    use kernel::date;

    use super::super::template::shipped;
    use super::*;

    pub(in crate::calls) fn whole() -> Content {
        let answers = ["f1", "f2", "f3"].map(|key| (key.to_owned(), "说明".to_owned()));
        Content {
            title: "集成电路先进封装技术".into(),
            field: Some("integrated_circuits".into()),
            answers: answers.into(),
            audience: "中级以上职称的工程技术人员".into(),
            people: Some(60),
            front_line: Some(20),
            from: Some(date(2026, 9, 7)),
            until: Some(date(2026, 9, 11)),
            days: Some(5),
            venue: "上海".into(),
            teachers: vec![Teacher {
                name: "测试教师".into(),
                employer: "测试大学".into(),
                rank: TeacherRank::Senior,
                half_days: 2,
                hours: Hours::whole(8),
                fee: Money::fen(100_000),
            }],
            costs: [("lodging".to_owned(), Money::fen(5_000_000))].into(),
            contact: "测试联系人".into(),
            phone: "021-00000000".into(),
        }
    }

    #[test]
    fn a_whole_declaration_has_no_faults_and_an_empty_one_names_each() {
        let template = shipped().remove(0);
        assert_eq!(whole().faults(&template), []);
        assert_eq!(whole().budget(), Money::fen(5_800_000));
        let faults = Content::default().faults(&template);
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        let expected = [
            "title",
            "field",
            "contact",
            "phone",
            "f1",
            "f2",
            "f3",
            "audience",
            "people",
            "from",
            "days",
            "venue",
            "teacher0_name",
            "lodging",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn what_cannot_be_is_told() {
        let template = shipped().remove(0);
        let changed = |change: fn(&mut Content)| {
            let mut content = whole();
            change(&mut content);
            let faults = content.faults(&template);
            assert_eq!(faults.len(), 1, "{faults:?}");
            faults[0].field.clone().into_owned()
        };
        assert_eq!(changed(|c| c.until = Some(date(2026, 9, 1))), "until");
        assert_eq!(changed(|c| c.days = Some(9)), "days");
        assert_eq!(changed(|c| c.front_line = Some(61)), "front_line");
        assert_eq!(
            changed(|c| c.answers.insert("f1".into(), "字".repeat(1_001)).map_or((), drop)),
            "f1"
        );
    }
}
