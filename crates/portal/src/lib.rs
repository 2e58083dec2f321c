//! Public pages: what a citizen sees without signing in. The recipe stands in the header of `desk`.

use web::Routes;

pub mod calls;
pub mod catalogue;
pub mod class;
pub mod draws;
pub mod feed;
pub mod help;
pub mod home;
pub mod log;
pub mod notices;
pub mod plan;
pub mod providers;
pub mod register;
pub mod rules;
mod shown;
pub mod sitemap;
pub mod terms;
pub mod verify;

/// Every public page.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(home::routes())
        .and(calls::routes())
        .and(catalogue::routes())
        .and(class::routes())
        .and(draws::routes())
        .and(notices::routes())
        .and(providers::routes())
        .and(plan::routes())
        .and(help::routes())
        .and(feed::routes())
        .and(terms::routes())
        .and(sitemap::routes())
        .and(log::routes())
        .and(register::routes())
        .and(rules::routes())
        .and(verify::routes())
}
