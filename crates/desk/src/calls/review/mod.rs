//! Reviewing: the rounds (`rounds`, `round`, `item`, `bars`, `ranking`) for the body that runs them, one's own reviews (`own`,
//! `sheet`) for the expert.
//! `opening` begins the round of a call.

mod bars;
mod item;
mod opening;
mod own;
mod ranking;
mod round;
mod rounds;
mod sheet;
mod shown;

use web::Routes;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(opening::routes())
        .and(rounds::routes())
        .and(round::routes())
        .and(bars::routes())
        .and(ranking::routes())
        .and(item::routes())
        .and(own::routes())
        .and(sheet::routes())
}
