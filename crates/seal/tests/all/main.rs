//! The tests of the crate as its users see it, in one binary: what is printed, and what is refused.
//! Deliberately absent: how documents look; `cargo run -p seal --example samples` prints them for people.
#![allow(
    clippy::unwrap_used,
    reason = "the whole binary is a test; its fixtures may fail loudly too"
)]

mod documents;
mod forgery;
mod samples;
