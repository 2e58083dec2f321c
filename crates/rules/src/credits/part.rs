//! 必修 and 选修: which part of 公需科目 the hours of an entry belong to.
//!
//! The part is a property of the rule that gave the hours, and the rule stands in the entry already; so it is read from
//! the rule instead of a second column that could contradict it. R-39: the class of a course that is 必修 posts under
//! R-39 instead of R-7; rules of an edition that give compulsory hours have a code that ends in 必修.

use super::recognition::Part;

/// The rule under which the class of a compulsory course posts.
pub const COMPULSORY_CLASS: &str = "R-39";

/// How the codes of an edition's rules for compulsory hours end.
pub const COMPULSORY_ENDING: &str = "必修";

/// The part to which the hours given by a rule belong.
#[must_use]
pub fn part_of(rule: &str) -> Part {
    if rule == COMPULSORY_CLASS || rule.ends_with(COMPULSORY_ENDING) {
        Part::Compulsory
    } else {
        Part::Elective
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r39_the_rule_tells_the_part() {
        assert_eq!(part_of("R-39"), Part::Compulsory);
        assert_eq!(part_of("宿迁-公需必修"), Part::Compulsory);
        assert_eq!(part_of("R-7"), Part::Elective);
        assert_eq!(part_of("会计-考试"), Part::Elective);
    }
}
