//! `class_sessions`.

use db::{FromRow, Row, Tx, Value, args};
use kernel::{Result, id::ClassId, id::SessionId};
use rules::courses::SessionPlan;

/// A session as stored.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The class.
    pub class: ClassId,
    /// From 1, in the order of time.
    pub position: i64,
    /// Time, place, teacher.
    pub plan: SessionPlan,
}

const COLUMNS: &str = "s.id, s.class, s.position, s.title, s.starts_at, s.ends_at, s.break_seconds, s.place, s.url,
    s.teacher, s.teacher_title";

impl FromRow for Session {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            class: row.get(1)?,
            position: row.get(2)?,
            plan: SessionPlan {
                title: row.get(3)?,
                starts_at: row.get(4)?,
                ends_at: row.get(5)?,
                pause: row.get(6)?,
                place: row.get(7)?,
                url: row.get(8)?,
                teacher: row.get(9)?,
                teacher_title: row.get(10)?,
            },
        })
    }
}

pub(in crate::courses) async fn of_class(tx: &mut Tx, class: ClassId) -> Result<Vec<Session>> {
    tx.all(
        &format!("select {COLUMNS} from class_sessions s where s.class = $1 order by s.position"),
        args![class],
    )
    .await
}

pub(in crate::courses) async fn load(tx: &mut Tx, id: SessionId) -> Result<Session> {
    tx.one(
        &format!("select {COLUMNS} from class_sessions s where s.id = $1"),
        args![id],
    )
    .await
}

/// Replaces the sessions of a draft, in the order of time.
pub(in crate::courses) async fn replace(tx: &mut Tx, class: ClassId, sessions: &[SessionPlan]) -> Result<()> {
    let mut sorted: Vec<&SessionPlan> = sessions.iter().collect();
    sorted.sort_by_key(|session| (session.starts_at, session.ends_at));
    tx.exec("delete from class_sessions where class = $1", args![class])
        .await?;
    let mut rows: Vec<[Value; 11]> = Vec::new();
    for (position, plan) in (1_i64..).zip(sorted) {
        rows.push([
            tx.mint::<()>().into(),
            class.into(),
            position.into(),
            plan.title.trim().into(),
            plan.starts_at.into(),
            plan.ends_at.into(),
            plan.pause.into(),
            plan.place.trim().into(),
            plan.url.trim().into(),
            plan.teacher.trim().into(),
            plan.teacher_title.trim().into(),
        ]);
    }
    let sql = "insert into class_sessions (id, class, position, title, starts_at, ends_at, break_seconds, place, url,
        teacher, teacher_title) values {}";
    tx.insert_all(sql, rows).await.map(drop)
}

/// Changes when and where a session takes place and who teaches it; its number stays.
pub(in crate::courses) async fn adjust(tx: &mut Tx, session: &Session) -> Result<()> {
    let plan = &session.plan;
    tx.exec_one(
        "update class_sessions set place = $2, url = $3, teacher = $4, teacher_title = $5, starts_at = $6, ends_at = $7,
         break_seconds = $8 where id = $1",
        args![
            session.id,
            plan.place.trim(),
            plan.url.trim(),
            plan.teacher.trim(),
            plan.teacher_title.trim(),
            plan.starts_at,
            plan.ends_at,
            plan.pause
        ],
    )
    .await
}
