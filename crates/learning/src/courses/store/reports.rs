//! `class_reports`.

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Result, Scope, Time, id::ClassId, id::FileId, id::JobId};
use registry::people::uploaded::Sample;
use registry::{Listed, Orders, Window};
use rules::courses::reporting::ReportState;

use super::super::reporting::{ClassReport, Counts, ReportFilter, ReportId};

const COLUMNS: &str =
    "r.id, r.kind, r.class, r.file, r.file_name, r.digest, r.state, r.job, r.rows_total, r.rows_right,
    r.rows_same, r.rows_faulty, r.rows_written, r.error_file, r.problem, r.samples, r.actor, r.requested_by, r.provider,
    r.district, r.department, r.created_at, r.finished_at, k.title, coalesce(k.number, ''), k.provider_name";
const FROM: &str = "class_reports r join classes k on k.id = r.class";

const ORDERS: Orders = Orders {
    columns: &[("created", "r.id"), ("class", "k.title")],
    key: "r.id",
};

impl FromRow for ClassReport {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.code(1)?,
            class: row.get(2)?,
            file: row.get(3)?,
            file_name: row.get(4)?,
            digest: row.get(5)?,
            state: row.code(6)?,
            job: row.get(7)?,
            counts: Counts {
                total: row.get(8)?,
                right: row.get(9)?,
                same: row.get(10)?,
                faulty: row.get(11)?,
                written: row.get(12)?,
            },
            error_file: row.get(13)?,
            problem: row.get(14)?,
            samples: row.json::<Vec<Sample>>(15)?,
            actor: row.get(16)?,
            requested_by: row.get(17)?,
            provider: row.get(18)?,
            district: row.get(19)?,
            department: row.get(20)?,
            created_at: row.get(21)?,
            finished_at: row.get(22)?,
            title: row.get(23)?,
            number: row.get(24)?,
            provider_name: row.get(25)?,
        })
    }
}

pub(in crate::courses) async fn load(tx: &mut Tx, id: ReportId) -> Result<ClassReport> {
    tx.one(&format!("select {COLUMNS} from {FROM} where r.id = $1"), args![id])
        .await
}

pub(in crate::courses) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ReportFilter,
    window: &Window,
) -> Result<Listed<ClassReport>> {
    let select = format!("select {COLUMNS}{} from {FROM} where 1 = 1", window.tail(&ORDERS));
    let query = Query::new(&select)
        .scope(scope, "r")
        .and_opt("r.kind = {}", filter.kind.map(code))
        .and_opt("r.state = {}", filter.state.map(code))
        .and_opt("r.class = {}", filter.class);
    window.fetch(tx, query, &ORDERS).await
}

pub(in crate::courses) async fn insert(tx: &mut Tx, report: &ClassReport) -> Result<()> {
    let sql =
        "insert into class_reports (id, kind, class, file, file_name, digest, state, actor, requested_by, provider,
        district, department, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let args = args![
        report.id,
        code(report.kind),
        report.class,
        report.file,
        &report.file_name,
        &report.digest,
        code(report.state),
        &report.actor,
        report.requested_by,
        report.provider,
        report.district.as_deref(),
        report.department.as_deref(),
        report.created_at,
    ];
    tx.exec(sql, args).await.map(drop)
}

/// Writes what a pass over the file came to; rows written are counted by [`wrote`].
pub(in crate::courses) async fn save_counts(
    tx: &mut Tx,
    id: ReportId,
    (counts, error_file): (&Counts, Option<FileId>),
    samples: &[Sample],
) -> Result<()> {
    let samples = serde_json::to_value(samples).map_err(kernel::Error::broken)?;
    tx.exec_one(
        "update class_reports set rows_total = $2, rows_right = $3, rows_same = $4, rows_faulty = $5, error_file = $6,
         samples = $7 where id = $1",
        args![
            id,
            counts.total,
            counts.right,
            counts.same,
            counts.faulty,
            error_file,
            samples
        ],
    )
    .await
}

/// Counts the rows of one slice, in the slice's own transaction.
pub(in crate::courses) async fn wrote(tx: &mut Tx, id: ReportId, rows: i64) -> Result<()> {
    tx.exec_one(
        "update class_reports set rows_written = rows_written + $2 where id = $1",
        args![id, rows],
    )
    .await
}

/// Moves a report on, if it still stands where the caller saw it.
pub(in crate::courses) async fn move_on(
    tx: &mut Tx,
    (id, from, to): (ReportId, ReportState, ReportState),
    (problem, at): (&str, Option<Time>),
) -> Result<()> {
    let sql = "update class_reports set state = $3, problem = $4, finished_at = $5, version = version + 1
        where id = $1 and state = $2";
    tx.exec_one(sql, args![id, code(from), code(to), problem, at]).await
}

pub(in crate::courses) async fn set_job(tx: &mut Tx, id: ReportId, job: JobId) -> Result<()> {
    tx.exec_one(
        "update class_reports set job = $2 where id = $1",
        args![id, Value::from(job)],
    )
    .await
}

/// Whether a report of this class is being written now.
pub(in crate::courses) async fn is_writing(tx: &mut Tx, class: ClassId) -> Result<bool> {
    let sql = "select 1 from class_reports where class = $1 and state = 'committing'";
    Ok(tx.first::<i64>(sql, args![class]).await?.is_some())
}
