//! JSON for other systems: `/api/v1`. A handler reads the request, calls the use case that the pages call, and writes JSON.
//!
//! Recipe for an endpoint: a file per noun; a struct for what is sent and one for what is answered (`Deserialize`,
//! `Serialize`, `ToSchema`); a handler with `#[utoipa::path]`; its line in `routes()` with `Gate::Token` or
//! `Gate::Public`; its name in the list of `description.rs`. The test there compares the routes with the description,
//! so neither can be forgotten, and `docs/openapi.json` with what is served.
//!
//! ```ignore
//! #[utoipa::path(get, path = "/api/v1/rosters/{id}", tag = "人员名册", summary = "查询导入进度", …)]
//! async fn show(token: Token<RosterScope>, key: Key<ImportRow>) -> Reply {
//!     let (import, job) = roster::view(token.ctx(), key.0).await?;
//!     Ok(answer(StatusCode::OK, &RosterImport::new(import, job)))
//! }
//! ```
//! Conventions, for every endpoint:
//! - Bearer tokens only; a session cookie means nothing here. The token's scope says which endpoints, its account's
//!   role and bounds say which rows, by the same permission table as for people.
//! - Failures are problems of RFC 9457 with a stable `code` (`web::Failure`, rendered there).
//! - Ids are strings, hours and money decimal strings, dates ISO, times RFC 3339 at +08:00, vocabularies by code.
//! - Lists are paged by key: `limit`, `after`, `next` in the body and in the header `Link`. An unknown parameter or
//!   member is refused, because a mistyped filter that filters nothing is worse than an error.
//! - Writes take an `Idempotency-Key` (`once.rs`).
//! - No number of a document stands in an address: addresses are logged by others.
//!
//! The doc comments of wire types are the published description, and therefore Chinese.
//! Deliberately absent: rules, SQL, a second set of permissions; CORS (systems are no browsers).

mod body;
mod catalogue;
mod class_rosters;
mod completions;
mod description;
mod events;
mod filed_classes;
mod limit;
mod once;
mod query;
mod reply;
mod rosters;
mod statements;
mod title_checks;
mod token;
mod verify;
mod vocabulary;

use web::Routes;

pub use description::document;

/// Every endpoint.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(description::routes())
        .and(verify::routes())
        .and(catalogue::routes())
        .and(statements::routes())
        .and(title_checks::routes())
        .and(rosters::routes())
        .and(completions::routes())
        .and(filed_classes::routes())
        .and(class_rosters::routes())
}
