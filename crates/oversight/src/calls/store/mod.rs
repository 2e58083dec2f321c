//! The tables of the calls: one file for each thing.

pub(super) mod call;
pub(super) mod declaration;
pub(super) mod fee;
pub(super) mod notice;
pub(super) mod part;
pub(super) mod template;
pub(super) mod topic;

use db::{Tx, args};
use kernel::Result;

/// The next number of a kind in a year.
pub(super) async fn next(tx: &mut Tx, name: &str, year: i32) -> Result<i64> {
    let sql = "insert into call_counters (name, year, next) values ($1, $2, 2)
        on conflict (name, year) do update set next = call_counters.next + 1 returning next - 1";
    tx.one(sql, args![name, year]).await
}
