//! The SQL of what-if runs: what was ordered, and what a run counted.

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Error, Result, Time};
use learning::credits::editions::EditionId;

use super::super::super::what_if::{Counts, Dimension, Run, RunState, WhatIfId};

/// Employers listed of a run.
const LISTED: i64 = 100;

const RUN: &str =
    "select w.id, w.edition, w.edition_version, w.compared_with, w.state, w.job, w.people, w.changed, w.result,
    w.requested_by, w.actor, w.created_at, w.finished_at from what_if_runs w where 1 = 1";

impl FromRow for Run {
    fn from_row(row: &Row) -> Result<Self> {
        let years: String = row.get(8)?;
        let years = if years == "{}" {
            Vec::new()
        } else {
            serde_json::from_str(&years).map_err(Error::broken)?
        };
        Ok(Self {
            id: row.get(0)?,
            edition: row.get(1)?,
            edition_version: row.get(2)?,
            compared_with: row.get(3)?,
            state: row.code(4)?,
            job: row.get(5)?,
            people: row.get(6)?,
            changed: row.get(7)?,
            years,
            requested_by: row.get(9)?,
            actor: row.get(10)?,
            created_at: row.get(11)?,
            finished_at: row.get(12)?,
        })
    }
}

pub(in crate::reports) async fn insert(tx: &mut Tx, run: &Run) -> Result<()> {
    tx.exec(
        "insert into what_if_runs (id, edition, edition_version, compared_with, state, job, requested_by, actor, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            run.id,
            run.edition,
            run.edition_version,
            run.compared_with.as_str(),
            code(run.state),
            run.job,
            run.requested_by,
            run.actor.as_str(),
            run.created_at
        ],
    )
    .await?;
    Ok(())
}

pub(in crate::reports) async fn load(tx: &mut Tx, id: WhatIfId) -> Result<Run> {
    Query::new(RUN).and("w.id = {}", id).one(tx).await
}

// unscoped: runs stand at no place; the use case asks for the act of the lead.
pub(in crate::reports) async fn of_edition(tx: &mut Tx, edition: EditionId) -> Result<Vec<Run>> {
    Query::new(RUN)
        .and("w.edition = {}", edition)
        .push(" order by w.id desc limit 20")
        .fetch(tx)
        .await
}

pub(in crate::reports) async fn cancel(tx: &mut Tx, id: WhatIfId, at: Time) -> Result<()> {
    let sql = "update what_if_runs set state = 'cancelled', finished_at = $2 where id = $1 and state = 'waiting'";
    tx.exec_one(sql, args![id, at]).await
}

/// Writes what was counted, once: a second run of the job finds it done, a cancelled one stays cancelled.
pub(in crate::reports) async fn finish(tx: &mut Tx, id: WhatIfId, counts: &Counts, at: Time) -> Result<()> {
    let years = serde_json::to_string(&counts.years).map_err(Error::broken)?;
    let sql = "update what_if_runs set state = $2, people = $3, changed = $4, result = $5, finished_at = $6
        where id = $1 and state = 'waiting'";
    let (people, changed) = (counts.total.people, counts.total.changed);
    tx.exec_one(sql, args![id, code(RunState::Done), people, changed, years, at])
        .await?;
    let groups = counts
        .groups
        .iter()
        .map(|((dimension, code), counted)| (*dimension, code.clone(), counted));
    let employers = counts.employers.iter().map(|(org, counted)| {
        let code = org.map(|org| org.to_string()).unwrap_or_default();
        (Dimension::Employer, code, counted)
    });
    let rows = groups.chain(employers).map(|(dimension, name, counted)| -> [Value; 9] {
        [
            id.into(),
            code(dimension),
            name.into(),
            counted.people.into(),
            counted.gained.into(),
            counted.lost.into(),
            counted.title_gained.into(),
            counted.title_lost.into(),
            counted.changed.into(),
        ]
    });
    tx.insert_all(
        "insert into what_if_cells (run, dimension, code, people, gained, lost, title_gained, title_lost, changed)
         values {}",
        rows,
    )
    .await?;
    Ok(())
}

/// The counters of one group.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Code of the group, or the number of the employer; empty for people without one.
    pub code: String,
    /// Name of the employer, where it is one.
    pub employer: Option<String>,
    /// People in it.
    pub people: i64,
    /// Of whom something changes.
    pub changed: i64,
    /// Who would reach the year.
    pub gained: i64,
    /// Who would not any more.
    pub lost: i64,
    /// Who would reach the period for a title.
    pub title_gained: i64,
    /// Who would not any more.
    pub title_lost: i64,
}

impl FromRow for Cell {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            code: row.get(0)?,
            employer: row.get(1)?,
            people: row.get(2)?,
            changed: row.get(3)?,
            gained: row.get(4)?,
            lost: row.get(5)?,
            title_gained: row.get(6)?,
            title_lost: row.get(7)?,
        })
    }
}

// unscoped: counters of groups, shown to whoever has the act of the lead.
pub(in crate::reports) async fn cells(tx: &mut Tx, run: WhatIfId, dimension: Dimension) -> Result<Vec<Cell>> {
    let sql = "select c.code, o.name, c.people, c.changed, c.gained, c.lost, c.title_gained, c.title_lost
        from what_if_cells c
        left join orgs o on o.id = case when c.dimension = 'employer' and c.code <> '' then cast(c.code as bigint) end
        where c.run = $1 and c.dimension = $2 order by c.changed desc, c.people desc, c.code limit $3";
    tx.all(sql, args![run, code(dimension), LISTED]).await
}
