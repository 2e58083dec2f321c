//! The competitions of the programme. Here for now: how declarations are reviewed.

mod review;

use web::Routes;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    review::routes()
}
