//! The words every other crate speaks: ids, quantities, time, identifiers, actors and errors.
//!
//! Recipe for the next contributor: a type belongs here when two crates that do not know each other
//! must agree on it, and when it can be understood without knowing the programme's regulations.
//! Everything here is plain data: no I/O, no async, no clock, no randomness, no sentence shown to a user
//! (names of things in Chinese belong to the catalogue in `ui`, decisions to `rules`).

pub mod actor;
pub mod calendar;
pub mod clock;
pub mod code;
pub mod credit_code;
pub mod error;
pub mod id;
pub mod identity_document;
pub mod mask;
pub mod quantity;
pub mod scope;

pub use actor::{Actor, Role};
pub use calendar::{Calendar, Deadline};
pub use clock::{Clock, Time};
pub use code::Code;
pub use credit_code::CreditCode;
pub use error::{Error, FieldError, Result};
pub use id::{
    AccountId, ClassId, CourseId, CourseVersionId, CredentialId, EnrolmentId, EntryId, EventId, ExpertId, FileId,
    GrantId, Id, JobId, NoticeId, OrgId, PersonId, SessionId, TaskId, TitleCheckId, TokenId, YearId,
};
pub use identity_document::{DocumentKind, IdentityDocument};
pub use quantity::{Hours, Money, Seconds};
pub use scope::{Place, Scope};

/// A civil date in Shanghai, without time of day.
pub type Date = chrono::NaiveDate;

/// Makes a date from literals; for constants and tests.
///
/// # Panics
/// When the parts are no date, which a constant can only be by a typing mistake.
#[must_use]
pub fn date(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).expect("a literal date exists")
}
