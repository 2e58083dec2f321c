//! SQL of courses, a file per table: nobody else reads or writes them (scope columns excepted).
//! Deliberately absent: decisions.

pub(super) mod catalogue;
pub(super) mod change;
pub(super) mod class;
pub(super) mod course;
pub(super) mod enrolment;
pub(super) mod filed;
pub(super) mod late;
pub(super) mod lists;
pub(super) mod parameters;
pub(super) mod reports;
pub(super) mod session;
pub(super) mod suggestion;
