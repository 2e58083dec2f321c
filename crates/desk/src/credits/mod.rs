//! The pages of the hour ledger: a person's year, the list of entries, the claims.

use web::Routes;

pub mod claims;
pub mod disputes;
pub mod editions;
pub mod entries;
pub mod statement;
pub mod years;

/// Every page about hours.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(statement::routes())
        .and(entries::routes())
        .and(years::routes())
        .and(claims::routes())
        .and(disputes::routes())
        .and(editions::routes())
}
