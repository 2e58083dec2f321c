//! taxonomy: the controlled vocabularies by name, and how a deadline is said.
//!
//! A deadline counted in working days is exact only while every year it touches has a calendar. Where a year's
//! holiday arrangement was not imported it is a lower bound and is said as one: 不早于 D（YYYY 年放假安排未导入）.
//! A lower bound never ends anybody's right (`kernel::Deadline::has_passed`).
//! Rules: R-11.
//! Deliberately absent: the terms themselves (`registry::taxonomy` loads them from `data/reference`).

use kernel::Deadline;

use crate::said;

kernel::codes! {
    /// 词表, a controlled vocabulary.
    pub enum Vocabulary {
        /// The policy's focus fields, each below its group.
        FocusField = "focus_field" "聚焦领域",
        /// The groups of the focus fields.
        FocusGroup = "focus_group" "领域分组",
        /// 重点区域.
        KeyArea = "key_area" "重点区域",
        /// The seven digital industries.
        DigitalIndustry = "digital_industry" "数字经济重点产业",
        /// The ten scenarios of digital application.
        Scenario = "scenario" "数字化应用场景",
        /// The five directions of public subjects.
        Direction = "direction" "公需科目方向",
        /// The four topics made popular in public subjects.
        Topic = "topic" "公需科目普及主题",
        /// The nine industries of professional subjects.
        ProfessionalField = "professional_field" "专业科目行业",
        /// The departments that the policy names.
        Department = "department" "行业主管部门",
        /// The sixteen districts.
        District = "district" "区",
        /// Towns and streets, each below its district.
        Town = "town" "街道和镇",
        /// Sections of GB/T 4754.
        Industry = "industry" "国民经济行业",
        /// 职称系列.
        TitleSeries = "title_series" "职称系列",
        /// The five levels of titles.
        TitleLevel = "title_level" "职称级别",
        /// Titles by series and level.
        TitleName = "title_name" "职称名称",
        /// Occupations of digital engineering.
        Occupation = "occupation" "数字技术工程职业",
        /// Kinds of demand packages of the bases.
        PackageKind = "package_kind" "基地需求包类型",
    }
}

/// The deadline as people read it: `2026年3月19日`, or `不早于 2027年1月4日（2027 年放假安排未导入）`.
#[must_use]
pub fn deadline_sentence(deadline: Deadline) -> String {
    match deadline {
        Deadline::On(date) => said::day(date),
        Deadline::NotBefore { date, missing } => format!("不早于 {}（{missing} 年放假安排未导入）", said::day(date)),
    }
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    /// what is not known is not said as if it were.
    #[test]
    fn a_deadline_in_an_unknown_year_is_said_as_a_lower_bound() {
        assert_eq!(deadline_sentence(Deadline::On(date(2026, 3, 19))), "2026年3月19日");
        let open = Deadline::NotBefore {
            date: date(2027, 1, 4),
            missing: 2027,
        };
        assert_eq!(deadline_sentence(open), "不早于 2027年1月4日（2027 年放假安排未导入）");
        assert!(!open.has_passed(date(2099, 1, 1)));
    }
}
