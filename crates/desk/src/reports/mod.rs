//! Figures on the desk: the statistics of article 25, and who has reached the year.

mod compliance;
mod pace;
mod standings;
mod statistics;

use web::Routes;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    statistics::routes()
        .and(standings::routes())
        .and(compliance::routes())
        .and(pace::routes())
}
