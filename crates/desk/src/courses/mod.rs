//! Courses and classes as providers make them and as authorities look at them.
//!
//! `course` (courses and versions), `classes` (the list and the hub of one class), `plan` (a draft in short sections),
//! `rolls` and `results` (who was there, who passed, completion), `parameters` (the platform's figures), `shown` (what
//! several of these say in the same words). Deliberately absent: enrolment (`enrolments`) and the public pages.

mod classes;
mod course;
mod parameters;
mod plan;
mod results;
mod rolls;
pub(crate) mod shown;

use web::Routes;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    course::routes()
        .and(classes::routes())
        .and(plan::routes())
        .and(rolls::routes())
        .and(results::routes())
        .and(parameters::routes())
}
