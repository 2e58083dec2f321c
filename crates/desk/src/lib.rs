//! Pages behind the sign-in.
//!
//! Recipe for the next contributor: a module has the address of its use cases; it exposes `routes()`, and each handler
//! parses, calls one use case and renders (see the header of `web`). `notices.rs` is the pattern to copy: a list, a form
//! for new and edit, a detail page with its deeds.

use web::Routes;

pub mod calls;
pub mod courses;
pub mod credentials;
pub mod credits;
pub mod enrolments;
pub mod experts;
pub mod help;
pub mod home;
pub mod identity;
pub mod notices;
pub mod operation;
pub mod orgs;
pub mod people;
pub mod reports;
pub mod taxonomy;
pub mod webhooks;

/// Every page of the desk.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(home::routes())
        .and(reports::routes())
        .and(operation::routes())
        .and(experts::routes())
        .and(help::routes())
        .and(calls::routes())
        .and(courses::routes())
        .and(enrolments::routes())
        .and(credentials::routes())
        .and(credits::routes())
        .and(identity::routes())
        .and(notices::routes())
        .and(orgs::routes())
        .and(people::routes())
        .and(taxonomy::routes())
        .and(webhooks::routes())
}
