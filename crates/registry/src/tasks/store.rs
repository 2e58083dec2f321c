//! The SQL of tasks.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{Date, Deadline, Place, Result, Role, Scope, Time, id::TaskId};

use super::NewTask;
use crate::{Listed, Orders, Window};

/// What a list of tasks is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// One kind's.
    pub kind: Option<String>,
}

/// An open task.
#[derive(Debug, Clone)]
pub struct Task {
    /// The task.
    pub id: TaskId,
    /// Stable kind.
    pub kind: String,
    /// What is to be done.
    pub title: String,
    /// Where to do it.
    pub href: String,
    /// Why it was asked.
    pub cause: String,
    /// By when: exact, or a lower bound when a calendar is missing.
    pub due: Option<Deadline>,
    /// Since when.
    pub created_at: Time,
}

impl FromRow for Task {
    fn from_row(row: &Row) -> Result<Self> {
        let day: Option<Date> = row.get(5)?;
        let missing: Option<i32> = row.get(6)?;
        let due = day.map(|date| match missing {
            Some(missing) => Deadline::NotBefore { date, missing },
            None => Deadline::On(date),
        });
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            title: row.get(2)?,
            href: row.get(3)?,
            cause: row.get(4)?,
            due,
            created_at: row.get(7)?,
        })
    }
}

pub(super) async fn insert(tx: &mut Tx, task: &NewTask, at: Time) -> Result<()> {
    let (day, missing) = match task.due {
        None => (None, None),
        Some(Deadline::On(date)) => (Some(date), None),
        Some(Deadline::NotBefore { date, missing }) => (Some(date), Some(missing)),
    };
    let place = &task.place;
    tx.exec(
        "insert into tasks (id, kind, title, href, role, person, org, provider, district, department, cause, due_day, due_missing, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (cause) do nothing",
        args![
            tx.mint::<kernel::id::TaskRow>(), task.kind, task.title.as_str(), task.href.as_str(), code(task.role), place.person, place.org,
            place.provider, place.district.clone(), place.department.clone(), task.cause.as_str(), day, missing, at
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn finish(tx: &mut Tx, cause: &str, by: &str, at: Time) -> Result<()> {
    tx.exec(
        "update tasks set done_at = $1, done_by = $2 where cause = $3 and done_at is null",
        args![at, by, cause],
    )
    .await?;
    Ok(())
}

/// A task that is still open, with where it stands.
pub(super) async fn load(tx: &mut Tx, id: TaskId) -> Result<(Task, Place)> {
    struct Placed(Task, Place);
    impl FromRow for Placed {
        fn from_row(row: &Row) -> Result<Self> {
            let place = Place {
                person: row.get(8)?,
                org: row.get(9)?,
                provider: row.get(10)?,
                district: row.get(11)?,
                department: row.get(12)?,
            };
            Ok(Self(Task::from_row(row)?, place))
        }
    }
    let Placed(task, place) = tx
        .one(
            "select id, kind, title, href, cause, due_day, due_missing, created_at, person, org, provider, district, department
             from tasks where id = $1 and done_at is null",
            args![id],
        )
        .await?;
    Ok((task, place))
}

const ORDERS: Orders = Orders {
    columns: &[
        ("due", "coalesce(t.due_day, '9999-12-31')"),
        ("created", "t.created_at"),
        ("title", "t.title"),
    ],
    key: "t.id",
};

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    role: Role,
    filter: &TaskFilter,
    window: &Window,
) -> Result<Listed<Task>> {
    let select = format!(
        "select t.id, t.kind, t.title, t.href, t.cause, t.due_day, t.due_missing, t.created_at{} from tasks t where t.done_at is null",
        window.tail(&ORDERS)
    );
    let query = Query::new(&select)
        .scope(scope, "t")
        .and("t.role = {}", code(role))
        .and_opt("t.kind = {}", filter.kind.clone());
    window.fetch(tx, query, &ORDERS).await
}

pub(super) async fn counts(tx: &mut Tx, scope: &Scope, role: Role) -> Result<Vec<(String, i64, Option<Date>)>> {
    Query::new("select t.kind, count(*), min(t.due_day) from tasks t where t.done_at is null")
        .scope(scope, "t")
        .and("t.role = {}", code(role))
        .push(" group by t.kind order by t.kind")
        .fetch(tx)
        .await
}
