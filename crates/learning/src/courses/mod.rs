//! courses: courses and their versions, classes with their sessions, enrolment, roll calls, results, completion.
//!
//! A file per deed: `course` (courses and versions), `class` (draft, edit, publish, cancel), `change` (after it was
//! published), `enrol` (a person or an employer's list takes seats), `withdraw` (seats come back and the queue moves up),
//! `rolls`, `check_in`, `roll_sheet`, `results`, `completion` (hours are posted), `reporting` (providers report all of that at once,
//! also of classes that ran elsewhere), `catalogue` (what the public finds), `suggest` (what closes a gap), `lists` (what
//! the desks list), `survey` (what participants say about it), `parameters`, `jobs` (what happens later or because of it).
//! States and rules stand in [`rules::courses`]. Rules
//! through `credits`.
//!
//! Whoever changes anything about a class's people locks the class row first (`store::class::lock`), after the
//! timelines of the people if both are needed: one order of locks, so nothing waits in a circle.
//! Deliberately absent: payment, examinations, self-paced study.

mod catalogue;
mod change;
mod check_in;
mod class;
mod completion;
mod contest;
mod counts;
mod course;
mod enrol;
mod jobs;
mod lists;
mod outside;
mod parameters;
pub mod reporting;
mod results;
mod roll_sheet;
mod rolls;
mod store;
mod suggest;
mod survey;
mod withdraw;

use db::Event;
use kernel::{PersonId, id::ClassChangeId, id::ClassId};
use serde::{Deserialize, Serialize};

pub use catalogue::{CataloguePage, CatalogueQuery, ClassCard, Order, search};
pub use change::{Adjustment, adjust};
pub use check_in::{
    CheckedIn, Look, Screen, Ticket, before_check_in, check_in, check_in_screen, close_check_in, look, open_check_in,
    open_check_ins,
};
pub use class::{ClassView, cancel, draft, edit, missing, plan_sessions, public, publish, view};
pub use completion::{Completed, Readiness, complete, completed_enrolments, readiness};
pub use contest::{Contestable, contest, contestable};
pub use course::{CourseView, add_version, create, edit_course, end_course, set_part, view_course};
pub use enrol::{Answer, Answered, MOST_AT_ONCE, check_self, documents, enrol_self, enrol_staff};
pub use jobs::handlers;
pub use lists::{
    ClassFilter, ClassLine, CourseFilter, CourseLine, EnrolmentFilter, EnrolmentLine, classes, courses, enrolment,
    enrolments, mine, note_enrolments_export, note_export,
};
pub use parameters::{parameters, set_parameters};
pub use reporting::{Report, ReportLine, Reported, report};
pub use results::{NewResult, ResultLine, ResultSheet, record as record_results, sheet as result_sheet};
pub use roll_sheet::{
    RollCheck, RollSample, check_roll_sheet, import_roll_sheet, roll_sheet, roll_sheet_errors, roll_sheet_of_session,
};
pub use rolls::{Roll, RollLine, RollMark, record as record_roll, roll};
pub use store::change::ClassChange;
pub use store::class::Class;
pub use store::course::{Course, CourseVersion};
pub use store::enrolment::Enrolment;
pub use store::session::Session;
pub use suggest::{Advised, ToDo, suggest};
pub use survey::{Questionnaire, SurveyResult, answer_survey, questionnaire, survey_result};
pub use withdraw::{release_reserved, withdraw};

/// A class was published.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClassPublished {
    /// Which.
    pub class: ClassId,
}

impl Event for ClassPublished {
    const KIND: &'static str = "class_published";
}

/// A published class was changed: people with a place are told.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClassChanged {
    /// Which.
    pub class: ClassId,
    /// The note of what changed and why.
    pub change: ClassChangeId,
}

impl Event for ClassChanged {
    const KIND: &'static str = "class_changed";
}

/// A class was cancelled; its enrolments are over.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClassCancelled {
    /// Which.
    pub class: ClassId,
}

impl Event for ClassCancelled {
    const KIND: &'static str = "class_cancelled";
}

/// A class was completed: results are final and hours are posted.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClassCompleted {
    /// Which.
    pub class: ClassId,
}

impl Event for ClassCompleted {
    const KIND: &'static str = "class_completed";
}

kernel::codes! {
    /// What happened to one person's enrolment.
    pub enum Change {
        /// Got a seat.
        Enrolled = "enrolled" "报名成功",
        /// Got a place in the queue.
        Waiting = "waiting" "进入候补",
        /// Moved up from the queue to a seat.
        Promoted = "promoted" "候补转为正式名额",
        /// Left.
        Withdrawn = "withdrawn" "退出报名",
    }
}

/// Enrolments of a class changed.
#[derive(Debug, Serialize, Deserialize)]
pub struct EnrolmentChanged {
    /// Which class.
    pub class: ClassId,
    /// Whose, and how.
    pub changes: Vec<(PersonId, Change)>,
    /// Whether somebody else than the person did it: the person is told then.
    pub by_other: bool,
}

impl Event for EnrolmentChanged {
    const KIND: &'static str = "enrolment_changed";
}
