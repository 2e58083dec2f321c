//! The SQL of claims, a file per table.

pub(super) mod claim;
pub(super) mod draw;
pub(super) mod evidence;
pub(super) mod parameters;
pub(super) mod share;
pub(super) mod step;
