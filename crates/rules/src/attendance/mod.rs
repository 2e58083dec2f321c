//! attendance: one timeline of reserved time per person, and what the marks of a roll call are worth.
//!
//! A person's timeline holds half-open spans `[starts_at, ends_at)`: a session that ends at noon and one that
//! begins at noon do not overlap. Rules: R-12 (nobody is in two sessions at once), R-120 to R-122 (`check_in`).
//! Deliberately absent: travel time between places, and learned time of self-paced study (its intervals will
//! stand on the same timeline).

pub mod check_in;
mod mark;
pub mod roll_sheet;
mod timeline;

pub use mark::{AttendanceShare, Mark};
pub use timeline::{Clash, Span, clash, within};
