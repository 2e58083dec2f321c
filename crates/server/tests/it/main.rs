//! The integration tests: features through HTTP over a real database, on both engines, in one binary.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod api;
mod calls;
mod changes;
mod check_in;
mod checkpoint;
mod claims;
mod closing;
mod commands;
mod courses;
mod coverage;
mod demo;
mod desk_home;
mod disputes;
mod editions;
mod enrolment;
mod experts;
mod house;
mod identity;
mod journey;
mod log;
mod neighbours;
mod orgs;
mod people;
mod portal;
mod reminders;
mod reporting;
mod reports;
mod reviews;
mod roll_sheet;
mod roster;
mod rush;
mod standings;
mod survey;
mod taxonomy;
mod title_checks;
mod webhooks;
