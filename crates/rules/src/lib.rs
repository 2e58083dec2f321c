//! What the regulation says: pure functions, state machines and tables. No I/O, no clock, no randomness.
//!
//! Recipe for the next contributor. The module has the same address as its use cases (`courses/class.rs`
//! here, `learning/src/courses/` there). A state is an enum whose variants carry the facts known in it; a
//! transition consumes `self` and returns the next state or a [`kernel::Error::Refused`] with a stable code
//! and the sentence for the user. Every rule taken from a regulation names its row `R-n` of `docs/rules.md`
//! in the header of its file and in the name or comment of a test.

pub mod permits;

pub mod attendance;
pub mod calls;
pub mod courses;
pub mod credentials;
pub mod credits;
pub mod experts;
pub mod identity;
pub mod notices;
pub mod orgs;
pub mod people;
pub mod plans;
pub mod reports;
pub mod said;
pub mod scorecards;
pub mod taxonomy;
pub mod trail;
pub mod webhooks;
