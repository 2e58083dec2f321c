//! Ceilings of what a training may cost: the fixed sum per person and day, and the fee of a lecture.
//!
//! the budget of a training, teachers apart, stays below the fixed sum of its class times people times days; what is beyond
//! thirty days counts with a share. R-85: a lecture is paid per 学时 at most by the rank of its teacher, after tax, for at most
//! four 学时 in half a day. 财行〔2016〕540号; the figures stand in an editable table with source and confidence, since
//! the rates of Shanghai's own 培训费管理办法 were not found.
//! Deliberately absent: paying anything.

use kernel::{Error, Hours, Money, Result};
use serde::{Deserialize, Serialize};

use super::content::TeacherRank;

kernel::codes! {
    /// The class of a training (财行〔2016〕540号).
    pub enum TrainingClass {
        /// For leaders of provincial and ministerial rank.
        First = "first" "一类",
        /// For those of bureau rank.
        Second = "second" "二类",
        /// For everybody else.
        Third = "third" "三类",
    }
}

kernel::codes! {
    /// One figure of the table.
    pub enum FeeItem {
        /// Fixed sum, first class.
        FirstClass = "first_class" "综合定额 一类",
        /// Fixed sum, second class.
        SecondClass = "second_class" "综合定额 二类",
        /// Fixed sum, third class.
        ThirdClass = "third_class" "综合定额 三类",
        /// Per cent of the fixed sum beyond thirty days.
        LongShare = "long_share" "超过 30 天部分按定额比例",
        /// A lecture, associate senior.
        AssociateLecture = "associate_lecture" "讲课费上限 副高级",
        /// A lecture, full senior.
        SeniorLecture = "senior_lecture" "讲课费上限 正高级",
        /// A lecture, academicians and experts known throughout the country.
        NationalLecture = "national_lecture" "讲课费上限 院士、全国知名专家",
        /// Most 学时 of a lecture in half a day.
        HalfDayHours = "half_day_hours" "半天最多计学时",
    }
}

impl FeeItem {
    /// The unit in which its figure is written.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::FirstClass | Self::SecondClass | Self::ThirdClass => "元/人天",
            Self::LongShare => "%",
            Self::AssociateLecture | Self::SeniorLecture | Self::NationalLecture => "元/学时",
            Self::HalfDayHours => "学时",
        }
    }

    /// How the reference data calls it.
    #[must_use]
    pub const fn reference(self) -> &'static str {
        match self {
            Self::FirstClass => "综合定额 一类(省部级)",
            Self::SecondClass => "综合定额 二类(司局级)",
            Self::ThirdClass => "综合定额 三类(处级及以下)",
            Self::LongShare => "超过30天部分按定额比例",
            Self::AssociateLecture => "讲课费上限 副高级(税后)",
            Self::SeniorLecture => "讲课费上限 正高级(税后)",
            Self::NationalLecture => "讲课费 院士/全国知名专家(税后,一般不超过)",
            Self::HalfDayHours => "半天最多计学时",
        }
    }
}

kernel::codes! {
    /// How sure the platform is of a figure.
    pub enum Confidence {
        /// The text was read.
        High = "high" "已核对原文",
        /// From knowledge of the document.
        Medium = "medium" "待核对原文",
        /// Doubtful.
        Low = "low" "待主管部门确认",
    }
}

/// A figure with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// Which one.
    pub item: FeeItem,
    /// In its unit, whole.
    pub value: u32,
    /// By which document.
    pub basis: String,
    /// How sure.
    pub confidence: Confidence,
}

impl Standard {
    /// A figure as somebody sets it.
    ///
    /// # Errors
    /// Wrong at `value` or `basis`.
    pub fn checked(self) -> Result<Self> {
        let most = match self.item {
            FeeItem::LongShare => 100,
            FeeItem::HalfDayHours => 12,
            _ => 100_000,
        };
        if !(1..=most).contains(&self.value) {
            return Err(Error::wrong(
                "value",
                "fee.value",
                format!("{}应在 1 到 {most} {}之间。", self.item.name(), self.item.unit()),
            ));
        }
        if !(4..=200).contains(&self.basis.trim().chars().count()) {
            return Err(Error::wrong(
                "basis",
                "fee.basis",
                "请写明依据的文件名称和文号，4 到 200 个字。",
            ));
        }
        Ok(self)
    }
}

/// The figures in force.
#[derive(Debug, Clone, Default)]
pub struct Fees(Vec<Standard>);

impl Fees {
    /// Of these figures; one that is absent sets no ceiling.
    #[must_use]
    pub fn new(standards: Vec<Standard>) -> Self {
        Self(standards)
    }

    /// One figure.
    #[must_use]
    pub fn of(&self, item: FeeItem) -> Option<&Standard> {
        self.0.iter().find(|standard| standard.item == item)
    }

    fn value(&self, item: FeeItem) -> Option<i64> {
        self.of(item).map(|standard| i64::from(standard.value))
    }

    /// the most that a training of this class may cost, teachers apart; none without a figure.
    #[must_use]
    pub fn training_ceiling(&self, class: TrainingClass, people: u32, days: u32) -> Option<Money> {
        let item = match class {
            TrainingClass::First => FeeItem::FirstClass,
            TrainingClass::Second => FeeItem::SecondClass,
            TrainingClass::Third => FeeItem::ThirdClass,
        };
        let per_day = self.value(item)? * 100;
        let share = self.value(FeeItem::LongShare).unwrap_or(100);
        let (full, long) = (i64::from(days.min(30)), i64::from(days.saturating_sub(30)));
        Some(Money::fen(
            i64::from(people) * (per_day * full + per_day * share / 100 * long),
        ))
    }

    /// the most that a 学时 of a lecture may cost; none without a figure or for a rank that no text names.
    #[must_use]
    pub fn lecture_ceiling(&self, rank: TeacherRank) -> Option<Money> {
        let item = match rank {
            TeacherRank::National => FeeItem::NationalLecture,
            TeacherRank::Senior => FeeItem::SeniorLecture,
            TeacherRank::Associate | TeacherRank::Other => FeeItem::AssociateLecture,
        };
        self.value(item).map(|yuan| Money::fen(yuan * 100))
    }

    /// the most 学时 that a teacher can be paid for in so many half days.
    #[must_use]
    pub fn paid_hours(&self, half_days: u32) -> Option<Hours> {
        self.value(FeeItem::HalfDayHours)
            .map(|hours| Hours::whole(hours * i64::from(half_days)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fees() -> Fees {
        let figures = [
            (FeeItem::SecondClass, 650),
            (FeeItem::LongShare, 70),
            (FeeItem::AssociateLecture, 500),
            (FeeItem::SeniorLecture, 1_000),
            (FeeItem::NationalLecture, 1_500),
            (FeeItem::HalfDayHours, 4),
        ];
        Fees::new(
            figures
                .into_iter()
                .map(|(item, value)| Standard {
                    item,
                    value,
                    basis: "财行〔2016〕540号".into(),
                    confidence: Confidence::High,
                })
                .collect(),
        )
    }

    #[test]
    fn r84_the_fixed_sum_counts_people_and_days_and_less_beyond_thirty() {
        let fees = fees();
        let ceiling = |people, days| {
            fees.training_ceiling(TrainingClass::Second, people, days)
                .map(Money::get)
        };
        assert_eq!(ceiling(60, 5), Some(60 * 5 * 65_000));
        assert_eq!(ceiling(1, 40), Some(30 * 65_000 + 10 * 45_500));
        assert_eq!(fees.training_ceiling(TrainingClass::First, 60, 5), None);
    }

    #[test]
    fn r85_a_lecture_is_paid_by_rank_and_at_most_four_hours_in_half_a_day() {
        let fees = fees();
        assert_eq!(fees.lecture_ceiling(TeacherRank::Senior), Some(Money::fen(100_000)));
        assert_eq!(fees.lecture_ceiling(TeacherRank::Other), Some(Money::fen(50_000)));
        assert_eq!(fees.paid_hours(3), Some(Hours::whole(12)));
        assert_eq!(Fees::default().lecture_ceiling(TeacherRank::Senior), None);
    }

    #[test]
    fn a_figure_needs_its_document() {
        let standard = fees().of(FeeItem::SecondClass).unwrap().clone();
        assert!(standard.clone().checked().is_ok());
        assert!(
            Standard {
                basis: "？".into(),
                ..standard.clone()
            }
            .checked()
            .is_err()
        );
        assert!(Standard { value: 0, ..standard }.checked().is_err());
    }
}
