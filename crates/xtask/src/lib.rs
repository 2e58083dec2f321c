//! The tidy checks that keep the house in order, and the generators of what is written by machine.
//!
//! Recipe for the next contributor: a check is a function from a [`Tree`] (the tracked text files, in memory) to
//! [`Finding`]s, in a file of its own under `checks/`, with unit tests that show it a small tree which breaks the rule
//! and one which keeps it; then one line in `tests/tidy.rs`. A finding says where, what, and what to do.
//! Deliberately without heavy dependencies and without any crate of ours: tidy must run while ours do not compile.

pub mod checks;
pub mod notices;
pub mod register;
pub mod source;
pub mod tree;

pub use tree::{Finding, Tree};
