//! Courses and classes as providers make them and as authorities look at them.
//!
//! `course` (courses and versions), `classes` (the list), `hub` (one class), `change` (what changes it after publishing), `plan` (a draft in short sections),
//! `rolls`, `check_ins`, `roll_sheets` and `results` (who was there, who passed, completion), `reports` (what providers report),
//! `surveys` (what participants say), `parameters` (the platform's figures), `shown` (what
//! several of these say in the same words). Deliberately absent: enrolment (`enrolments`) and the public pages.

mod change;
mod check_ins;
mod classes;
mod course;
mod hub;
mod parameters;
mod plan;
mod reports;
mod results;
mod roll_sheets;
mod rolls;
pub(crate) mod shown;
mod surveys;

use web::Routes;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    course::routes()
        .and(classes::routes())
        .and(plan::routes())
        .and(rolls::routes())
        .and(check_ins::routes())
        .and(roll_sheets::routes())
        .and(results::routes())
        .and(reports::routes())
        .and(surveys::routes())
        .and(parameters::routes())
}
