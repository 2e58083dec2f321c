//! The entries of a person's years, as statements and title checks look at them.

use std::collections::HashSet;

use db::{Coded, FromRow, Query, Row, Tx};
use kernel::{EntryId, Hours, PersonId, Result};
use rules::credits::title_check::Earned;
use rules::credits::{Line, Subject};

struct YearLine(Line);

impl FromRow for YearLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self(Line {
            id: row.get(0)?,
            subject: row.code(1)?,
            form: row.code(2)?,
            hours: row.get(3)?,
            title: row.get(4)?,
            rule: row.get(5)?,
            basis: row.get(6)?,
            earned_on: row.get(7)?,
            posted_at: row.get(8)?,
            reverses: row.get(9)?,
            reversed: false,
        }))
    }
}

/// Every entry of these records in a year, oldest first. A reversal is of the same person and year as its entry, so
/// the year's own rows tell which are reversed.
pub(in crate::credits) async fn year(tx: &mut Tx, people: &[PersonId], year: i32) -> Result<Vec<Line>> {
    let query = Query::new(
        "select e.id, e.subject, e.form, e.hours, e.title, e.rule, e.basis, e.earned_on, e.posted_at, e.reverses
         from credits_entries e where 1 = 1",
    )
    .and_in("e.person", people.iter().map(|id| (*id).into()))
    .and("e.year = {}", year)
    .push(" order by e.earned_on, e.id");
    let mut lines: Vec<Line> = query
        .fetch::<YearLine>(tx)
        .await?
        .into_iter()
        .map(|YearLine(line)| line)
        .collect();
    let taken: HashSet<EntryId> = lines.iter().filter_map(|line| line.reverses).collect();
    for line in &mut lines {
        line.reversed = taken.contains(&line.id);
    }
    Ok(lines)
}

/// Entries of some years as title checks look at them.
pub(in crate::credits) async fn earned(tx: &mut Tx, records: &[PersonId], from: i32, to: i32) -> Result<Vec<Earned>> {
    let query = Query::new("select e.id, e.year, e.subject, e.hours, e.rule from credits_entries e where 1 = 1")
        .and_in("e.person", records.iter().map(|id| (*id).into()))
        .and("e.year >= {}", from)
        .and("e.year <= {}", to)
        .push(" order by e.year, e.id");
    let rows: Vec<(EntryId, i32, Coded<Subject>, Hours, String)> = query.fetch(tx).await?;
    let earned = rows.into_iter().map(|(id, year, subject, hours, rule)| Earned {
        id,
        year,
        subject: subject.0,
        hours,
        compulsory: Earned::compulsory_by(&rule),
    });
    Ok(earned.collect())
}
