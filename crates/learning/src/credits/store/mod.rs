//! The SQL of the ledger. `credits_entries` is only ever inserted into; triggers refuse anything else.
//!
//! `entry.rs` posts and loads entries, `balance.rs` keeps their sums, `year.rs` reads a person's years, `listed.rs` lists
//! within a scope, `committed.rs` reads what the public log commits to.

mod balance;
mod committed;
mod entry;
mod listed;
mod year;

pub use balance::Mismatch;
pub(super) use balance::{
    add_to_balances, balance, by_year, each_balance, mismatches, subject_name, sums, sums_of, years,
};
pub(super) use committed::{Recomputed, commitments, opening, recomputed};
pub use entry::{PostedEntry, ROW, salted};
pub(super) use entry::{attempts, exists, insert, is_reversed, load, posted, posted_by, standing, standing_of};
pub use listed::{EntryFilter, EntryLine};
pub(super) use listed::{list, places};
pub(super) use year::{earned, year};
