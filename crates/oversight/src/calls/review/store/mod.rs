//! The tables of reviewing, a file per noun.

pub(super) mod bar;
pub(super) mod item;
pub(super) mod minutes;
pub(super) mod place;
pub(super) mod review;
pub(super) mod round;
pub(super) mod seat;
