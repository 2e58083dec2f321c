//! The posting of a completed class.
//!
//! one 学时 is 45 taught minutes, rounded down to hundredths. R-7: a class posts its taught time in hours or
//! the hours declared for it, whichever is less. Both figures stand in the edition of the recognition rules that is in
//! force on the day on which the class ended. R-39: the class of a compulsory course posts under a rule of its own.

use kernel::{Date, Hours, PersonId, Place, Seconds, id::EnrolmentId};

use super::recognition::{ClassMethod, ClassRule, Edition, Part};
use super::{ActivityForm, COMPULSORY_CLASS, Cause, Posting, Subject};

/// What a class is, as far as its hours go.
#[derive(Debug, Clone)]
pub struct ClassFacts {
    /// Its title, as the person will read it.
    pub title: String,
    /// 公需 or 专业.
    pub subject: Subject,
    /// Which of the five forms.
    pub form: ActivityForm,
    /// Whether its course is compulsory.
    pub part: Part,
    /// Time taught, breaks left out.
    pub taught: Seconds,
    /// Hours declared when it was published.
    pub declared: Hours,
    /// The day it ended.
    pub ended_on: Date,
}

/// The hours a class gives by an edition's rule, and how the figure came about.
///
/// # Examples
/// By 45 minutes and the lesser: taught 8 × 45 minutes and declared 8: 8. Taught 100 minutes, declared 8: 2.22.
#[must_use]
pub fn class_hours(rule: &ClassRule, taught: Seconds, declared: Hours) -> (Hours, String) {
    let by_time = rule.by_time(taught);
    let counted = format!(
        "授课 {} 分钟 ÷ {} = {by_time} 学时",
        taught.get() / 60,
        rule.minutes_per_hour
    );
    match rule.method {
        ClassMethod::Taught => (by_time, format!("{counted}，按授课时间计")),
        ClassMethod::Declared => (declared, format!("按申报的 {declared} 学时计（{counted}）")),
        ClassMethod::Lesser if by_time <= declared => (
            by_time,
            format!("{counted}，不超过申报的 {declared} 学时，按授课时间计"),
        ),
        ClassMethod::Lesser => (declared, format!("{counted}，超过申报的 {declared} 学时，按申报学时计")),
    }
}

/// The posting of one person's completed enrolment, by the edition in force on the day on which the class ended.
#[must_use]
pub fn for_class(
    edition: &Edition,
    facts: &ClassFacts,
    person: PersonId,
    enrolment: EnrolmentId,
    place: Place,
) -> Posting {
    let (hours, basis) = class_hours(&edition.class, facts.taught, facts.declared);
    let rule = match facts.part {
        Part::Compulsory => COMPULSORY_CLASS,
        Part::Elective => "R-7",
    };
    Posting {
        person,
        year: chrono::Datelike::year(&facts.ended_on),
        subject: facts.subject,
        form: facts.form,
        hours,
        cause: Cause::Enrolment(enrolment),
        attempt: 1,
        title: facts.title.clone(),
        rule: rule.into(),
        edition: edition.code.clone().into(),
        basis,
        earned_on: facts.ended_on,
        reverses: None,
        reason: None,
        place,
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Id, date};

    use super::*;
    use crate::credits::recognition::shipped;

    #[test]
    fn r6_r7_a_class_posts_the_lesser_of_taught_and_declared() {
        let rule = shipped().class;
        let hours = |minutes, declared| class_hours(&rule, Seconds::minutes(minutes), Hours::whole(declared)).0;
        assert_eq!(hours(360, 8), Hours::whole(8));
        assert_eq!(hours(361, 8), Hours::whole(8));
        assert_eq!(hours(100, 8), Hours::hundredths(222));
        assert_eq!(hours(0, 8), Hours::ZERO);
        assert!(
            class_hours(&rule, Seconds::minutes(400), Hours::whole(8))
                .1
                .contains("按申报学时计")
        );
    }

    #[test]
    fn an_edition_says_how_many_minutes_and_which_figure() {
        let of = |method, minutes_per_hour| ClassRule {
            method,
            minutes_per_hour,
            ..shipped().class
        };
        let hours = |rule: &ClassRule| class_hours(rule, Seconds::minutes(400), Hours::whole(8)).0;
        assert_eq!(hours(&of(ClassMethod::Taught, 45)), Hours::hundredths(888));
        assert_eq!(hours(&of(ClassMethod::Declared, 45)), Hours::whole(8));
        assert_eq!(hours(&of(ClassMethod::Lesser, 60)), Hours::hundredths(666));
    }

    #[test]
    fn r39_a_compulsory_course_posts_under_its_own_rule() {
        let facts = ClassFacts {
            title: "数据治理".into(),
            subject: Subject::Public,
            form: ActivityForm::Class,
            part: Part::Compulsory,
            taught: Seconds::minutes(90),
            declared: Hours::whole(2),
            ended_on: date(2026, 3, 5),
        };
        let posting = for_class(&shipped(), &facts, Id::new(1), Id::new(2), Place::default());
        assert_eq!(
            (posting.rule.as_ref(), posting.edition.as_ref()),
            ("R-39", "recognition-2022")
        );
        let other = ClassFacts {
            part: Part::Elective,
            ..facts
        };
        assert_eq!(
            for_class(&shipped(), &other, Id::new(1), Id::new(2), Place::default()).rule,
            "R-7"
        );
    }
}
