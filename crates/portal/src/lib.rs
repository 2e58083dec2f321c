//! Public pages: what a citizen sees without signing in. The recipe stands in the header of `desk`.

use web::Routes;

pub mod register;
pub mod verify;

/// Every public page.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().and(register::routes()).and(verify::routes())
}
