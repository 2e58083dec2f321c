//! The posting of hours that were recorded before the platform, taken over as they stood.

use kernel::{Date, Hours, PersonId, Place};

use super::{ActivityForm, Cause, Posting, Subject};

/// One row of an older record.
#[derive(Debug, Clone)]
pub struct HistoryFacts {
    /// Source and number of the row, unique: the same row twice posts nothing twice.
    pub key: String,
    /// The name of the activity.
    pub title: String,
    /// 公需 or 专业.
    pub subject: Subject,
    /// Which of the five forms.
    pub form: ActivityForm,
    /// Hours as recorded.
    pub hours: Hours,
    /// The day they were earned.
    pub earned_on: Date,
}

/// The posting of one row.
#[must_use]
pub fn for_history(facts: HistoryFacts, person: PersonId, place: Place) -> Posting {
    Posting {
        person,
        year: chrono::Datelike::year(&facts.earned_on),
        subject: facts.subject,
        form: facts.form,
        hours: facts.hours,
        basis: format!("按原系统登记的 {} 学时转入", facts.hours),
        cause: Cause::History(facts.key),
        attempt: 1,
        title: facts.title,
        rule: "R-10".into(),
        edition: "2022".into(),
        earned_on: facts.earned_on,
        reverses: None,
        reason: None,
        place,
    }
}
