//! Calls for projects on the desk: kinds of call, calls, topics, declarations, the formal check, the plan, ceilings of fees.
//!
//! `overview` lists and shows them, `drafting` writes one, `progress` moves one on, `scores` takes a ranking, `objections` answers, `review` has experts review,
//! `templates` and `fees` keep what is data, `topics` and `declarations` hold what comes in.

mod declarations;
mod drafting;
mod fees;
mod objections;
mod overview;
mod progress;
mod review;
mod scores;
mod shown;
mod templates;
mod topics;

use web::Routes;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(overview::routes())
        .and(drafting::routes())
        .and(progress::routes())
        .and(scores::routes())
        .and(objections::routes())
        .and(templates::routes())
        .and(fees::routes())
        .and(topics::routes())
        .and(declarations::routes())
        .and(review::routes())
}
