//! The pool of experts: the authorities' list and its deeds (`list`, `inviting`, `case`), the expert's own page (`own`).
//! Deliberately absent: reviews; they have pages of their own.

mod case;
mod inviting;
mod list;
mod own;
mod shown;

use web::Routes;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(list::routes())
        .and(inviting::routes())
        .and(case::routes())
        .and(own::routes())
}
