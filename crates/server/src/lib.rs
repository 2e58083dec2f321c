//! The binary `zhixin`: configuration, wiring, command line. No logic of its own.
//!
//! `http.rs` wraps the routes of `portal`, `desk` and `api` in what every request passes; `jobs.rs` names who reacts to
//! what; `visit.rs` opens a public page like anybody else; `commands/` holds one file per command. It is a library too, so that the integration tests (`tests/it`) drive
//! the very router that serves.

pub mod commands;
pub mod config;
pub mod demo;
pub mod http;
pub mod jobs;
mod limits;
mod memory;
mod probes;
pub mod visit;

use web::Routes;

/// Every route of the platform, with what it does and who passes.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(portal::routes())
        .and(desk::routes())
        .and(api::routes())
}
