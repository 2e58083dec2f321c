//! The posting of a completed class.
//!
//! one 学时 is 45 taught minutes, rounded down to hundredths. R-7: a class posts its taught time in hours or
//! the hours declared for it, whichever is less.

use kernel::{Date, Hours, PersonId, Place, Seconds, id::EnrolmentId};

use super::{ActivityForm, Cause, Posting, Subject};

/// The edition of in force since the platform began.
pub const EDITION: &str = "2022";

/// What a class is, as far as its hours go.
#[derive(Debug, Clone)]
pub struct ClassFacts {
    /// Its title, as the person will read it.
    pub title: String,
    /// 公需 or 专业.
    pub subject: Subject,
    /// Which of the five forms.
    pub form: ActivityForm,
    /// Time taught, breaks left out.
    pub taught: Seconds,
    /// Hours declared when it was published.
    pub declared: Hours,
    /// The day it ended.
    pub ended_on: Date,
}

/// The hours a class gives, and how the figure came about.
///
/// # Examples
/// Taught 8 × 45 minutes and declared 8: 8. Taught 100 minutes, declared 8: 2.22.
#[must_use]
pub fn class_hours(taught: Seconds, declared: Hours) -> (Hours, String) {
    let by_time = Hours::from_taught(taught);
    let minutes = taught.get() / 60;
    if by_time <= declared {
        (
            by_time,
            format!("授课 {minutes} 分钟 ÷ 45 = {by_time} 学时，不超过申报的 {declared} 学时，按授课时间计"),
        )
    } else {
        (
            declared,
            format!("授课 {minutes} 分钟 ÷ 45 = {by_time} 学时，超过申报的 {declared} 学时，按申报学时计"),
        )
    }
}

/// The posting of one person's completed enrolment.
#[must_use]
pub fn for_class(facts: &ClassFacts, person: PersonId, enrolment: EnrolmentId, place: Place) -> Posting {
    let (hours, basis) = class_hours(facts.taught, facts.declared);
    Posting {
        person,
        year: chrono::Datelike::year(&facts.ended_on),
        subject: facts.subject,
        form: facts.form,
        hours,
        cause: Cause::Enrolment(enrolment),
        attempt: 1,
        title: facts.title.clone(),
        rule: "R-7".into(),
        edition: EDITION.into(),
        basis,
        earned_on: facts.ended_on,
        reverses: None,
        reason: None,
        place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r6_r7_a_class_posts_the_lesser_of_taught_and_declared() {
        let hours = |minutes, declared| class_hours(Seconds::minutes(minutes), Hours::whole(declared)).0;
        assert_eq!(hours(360, 8), Hours::whole(8));
        assert_eq!(hours(361, 8), Hours::whole(8));
        assert_eq!(hours(100, 8), Hours::hundredths(222));
        assert_eq!(hours(0, 8), Hours::ZERO);
        assert!(
            class_hours(Seconds::minutes(400), Hours::whole(8))
                .1
                .contains("按申报学时计")
        );
    }
}
