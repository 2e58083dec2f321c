//! Pages of identity: signing in and out, activation, one's own account, staff, tokens, the audit trail.
//!
//! One file per noun, as in `registry::identity`. A secret (activation code, token) stands on the page that answers
//! its POST and nowhere else: no redirect, no flash, no cookie carries it.

mod audit;
mod bounds;
mod own_account;
mod signing_in;
mod staff;
mod staff_end;
mod tokens;

use web::Routes;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(signing_in::routes())
        .and(own_account::routes())
        .and(staff::routes())
        .and(staff_end::routes())
        .and(tokens::routes())
        .and(audit::routes())
}
