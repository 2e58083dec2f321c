//! SQL of roster imports.

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Code, Result, Scope, Time, id::FileId, id::JobId};

use super::super::roster::{Counts, Import, ImportId, ImportState, Sample};
use crate::{Listed, Orders, Window};

const COLUMNS: &str = "i.id, i.org, i.district, i.department, i.file, i.file_name, i.digest, i.state, i.job,
    i.rows_total, i.rows_new, i.rows_changed, i.rows_same, i.rows_moved, i.rows_faulty, i.error_file, i.problem,
    i.samples, i.actor, i.requested_by, i.created_at, i.finished_at, i.version";

const ORDERS: Orders = Orders {
    columns: &[("created", "i.id"), ("name", "i.file_name")],
    key: "i.id",
};

impl FromRow for Import {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            org: row.get(1)?,
            district: row.get(2)?,
            department: row.get(3)?,
            file: row.get(4)?,
            file_name: row.get(5)?,
            digest: row.get(6)?,
            state: row.code(7)?,
            job: row.get(8)?,
            counts: Counts {
                total: row.get(9)?,
                new: row.get(10)?,
                changed: row.get(11)?,
                same: row.get(12)?,
                moved: row.get(13)?,
                faulty: row.get(14)?,
            },
            error_file: row.get(15)?,
            problem: row.get(16)?,
            samples: row.json::<Vec<Sample>>(17)?,
            actor: row.get(18)?,
            requested_by: row.get(19)?,
            created_at: row.get(20)?,
            finished_at: row.get(21)?,
            version: row.get(22)?,
        })
    }
}

pub(in crate::people) async fn load(tx: &mut Tx, id: ImportId) -> Result<Import> {
    Query::new(&format!("select {COLUMNS} from roster_imports i where 1 = 1"))
        .and("i.id = {}", id)
        .one(tx)
        .await
}

pub(in crate::people) async fn list(tx: &mut Tx, scope: &Scope, window: &Window) -> Result<Listed<Import>> {
    let select = format!(
        "select {COLUMNS}{} from roster_imports i where 1 = 1",
        window.tail(&ORDERS)
    );
    window.fetch(tx, Query::new(&select).scope(scope, "i"), &ORDERS).await
}

pub(in crate::people) async fn insert(tx: &mut Tx, import: &Import) -> Result<()> {
    let sql = "insert into roster_imports (id, org, district, department, file, file_name, digest, state, actor,
        requested_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let args = args![
        import.id,
        import.org,
        import.district.clone(),
        import.department.clone(),
        import.file,
        &import.file_name,
        &import.digest,
        code(import.state),
        &import.actor,
        import.requested_by,
        import.created_at,
    ];
    tx.exec(sql, args).await.map(drop)
}

/// Writes the result of a pass over the file.
pub(in crate::people) async fn save_counts(
    tx: &mut Tx,
    id: ImportId,
    (counts, error_file): (&Counts, Option<FileId>),
    samples: &[Sample],
) -> Result<()> {
    let sql = "update roster_imports set rows_total = $2, rows_new = $3, rows_changed = $4, rows_same = $5,
        rows_moved = $6, rows_faulty = $7, error_file = $8, samples = $9 where id = $1";
    let samples = serde_json::to_value(samples).map_err(kernel::Error::broken)?;
    let args = args![
        id,
        counts.total,
        counts.new,
        counts.changed,
        counts.same,
        counts.moved,
        counts.faulty,
        error_file,
        samples,
    ];
    tx.exec_one(sql, args).await
}

/// Moves an import on, if it still stands where the caller saw it.
pub(in crate::people) async fn move_on(
    tx: &mut Tx,
    (id, from, to): (ImportId, ImportState, ImportState),
    (problem, at): (&str, Option<Time>),
) -> Result<()> {
    let sql = "update roster_imports set state = $3, problem = $4, finished_at = $5, version = version + 1
        where id = $1 and state = $2";
    tx.exec_one(sql, args![id, from.code(), to.code(), problem, at]).await
}

pub(in crate::people) async fn set_job(tx: &mut Tx, id: ImportId, job: JobId) -> Result<()> {
    tx.exec_one(
        "update roster_imports set job = $2 where id = $1",
        args![id, Value::from(job)],
    )
    .await
}
