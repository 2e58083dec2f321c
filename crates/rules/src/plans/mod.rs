//! The target of the programme: 350 万人次 from 2022 to 2030 (沪人社专〔2022〕372号, 二、目标任务; mission G7).
//!
//! a 人次 is one person in one completed activity, counted when its entry stands unreversed in the ledger of
//! hours. The document gives no split by year; an even split is shown as a reference line only, marked as such.

/// 人次 to be completed by the end of [`LAST_YEAR`].
pub const TARGET: i64 = 3_500_000;
/// First year of the programme.
pub const FIRST_YEAR: i32 = 2022;
/// Last year of the programme.
pub const LAST_YEAR: i32 = 2030;

/// The definition, as every figure states it.
pub const DEFINITION: &str = "一人完成一项活动计一人次：以学时台账中未被冲正的入账记录为准；同一人完成多项活动分别计次。去重人数按人计，不重复。";

/// The even split: 人次 that would be complete by the end of `year`; a reference line, not a target of the document.
#[must_use]
pub fn even_split(year: i32) -> i64 {
    let years = i64::from((year - FIRST_YEAR + 1).clamp(0, LAST_YEAR - FIRST_YEAR + 1));
    TARGET * years / i64::from(LAST_YEAR - FIRST_YEAR + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_even_split_ends_at_the_target() {
        assert_eq!(super::even_split(2021), 0);
        assert_eq!(super::even_split(2030), super::TARGET);
        assert_eq!(super::even_split(2031), super::TARGET);
    }
}
