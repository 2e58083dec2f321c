//! The integration tests: features through HTTP over a real database, on both engines, in one binary.

mod coverage;
mod house;
mod journey;
