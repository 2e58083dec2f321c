//! Use cases of ranks 2 and 3: learning and its worth.
//!
//! Recipe for the next contributor: as in `registry` (see its header), a folder per module with `mod.rs` for what others
//! may call, `store` for the SQL of its own tables, and `rules::<same name>` for what the regulation says.
//! Ranks, lowest first: rank 2 `attendance` (one timeline per person), `credits` (the ledger of hours); rank 3
//! `courses`. A module calls public functions of lower ranks inside the same transaction; upward it tells.

pub mod attendance;
pub mod courses;
pub mod credits;
