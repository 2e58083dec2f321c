//! The crate seen from outside: real files written by other hands, read, refused, answered and read again.
#![allow(clippy::unwrap_used)]

mod errors;
mod files;
mod forms;
mod hostile;
mod reading;
mod round_trip;
mod scale;
