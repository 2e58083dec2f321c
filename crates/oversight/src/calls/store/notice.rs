//! `call_objections` and `call_observations`.

use db::{FromRow, Row, Tx, args, code};
use kernel::{Result, Time, id::CallId, id::DeclarationId, id::ObjectionId};
use rules::calls::notice::{Objection, ObjectionState};
use rules::calls::visibility::Observation;

/// An objection as it is kept.
#[derive(Debug, Clone)]
pub struct KeptObjection {
    /// Its id.
    pub id: ObjectionId,
    /// Against which call's plan.
    pub call: CallId,
    /// Against which project; none for the plan as a whole.
    pub declaration: Option<DeclarationId>,
    /// Who, how to reach them, what.
    pub objection: Objection,
    /// Where it stands.
    pub state: ObjectionState,
    /// The answer.
    pub answer: String,
    /// When it came.
    pub at: Time,
    /// When it was answered.
    pub answered_at: Option<Time>,
    /// Grows with every change.
    pub version: i64,
}

const OBJECTION: &str =
    "select id, call, declaration, name, contact, body, state, answer, at, answered_at, version from call_objections";

impl FromRow for KeptObjection {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            call: row.get(1)?,
            declaration: row.get(2)?,
            objection: Objection {
                name: row.get(3)?,
                contact: row.get(4)?,
                text: row.get(5)?,
            },
            state: row.code(6)?,
            answer: row.get(7)?,
            at: row.get(8)?,
            answered_at: row.get(9)?,
            version: row.get(10)?,
        })
    }
}

pub(in crate::calls) async fn objection(tx: &mut Tx, id: ObjectionId) -> Result<KeptObjection> {
    tx.one(&format!("{OBJECTION} where id = $1"), args![id]).await
}

/// The objections against a call's plan, oldest first.
// unscoped: the parent call was loaded within its sight.
pub(in crate::calls) async fn objections(tx: &mut Tx, call: CallId) -> Result<Vec<KeptObjection>> {
    tx.all(&format!("{OBJECTION} where call = $1 order by id"), args![call])
        .await
}

pub(in crate::calls) async fn object(tx: &mut Tx, kept: &KeptObjection) -> Result<()> {
    tx.exec(
        "insert into call_objections (id, call, declaration, name, contact, body, state, at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            kept.id,
            kept.call,
            kept.declaration,
            kept.objection.name.as_str(),
            kept.objection.contact.as_str(),
            kept.objection.text.as_str(),
            code(kept.state),
            kept.at
        ],
    )
    .await
    .map(drop)
}

pub(in crate::calls) async fn answer(tx: &mut Tx, kept: &KeptObjection, seen: i64, by: &str) -> Result<()> {
    tx.exec_one(
        "update call_objections set state = $3, answer = $4, answered_at = $5, answered_by = $6, version = version + 1
         where id = $1 and version = $2",
        args![
            kept.id,
            seen,
            code(kept.state),
            kept.answer.as_str(),
            kept.answered_at,
            by
        ],
    )
    .await
}

/// How many objections of a call wait for their answer.
// unscoped: the platform asks whether a notice may end.
pub(in crate::calls) async fn open(tx: &mut Tx, call: CallId) -> Result<i64> {
    tx.one(
        "select count(*) from call_objections where call = $1 and state = 'open'",
        args![call],
    )
    .await
}

/// What was seen of a notice once.
#[derive(Debug, Clone)]
pub struct Seen {
    /// When, whether it was the notice, and by which run of the program.
    pub observation: Observation,
    /// HTTP status; 0 when nothing answered.
    pub status: u32,
    /// SHA-256 of what came.
    pub sha256: String,
    /// What is to be said of it.
    pub note: String,
}

impl FromRow for Seen {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            observation: Observation {
                at: row.get(0)?,
                good: row.get(1)?,
                run: row.get(2)?,
            },
            status: row.get(3)?,
            sha256: row.get(4)?,
            note: row.get(5)?,
        })
    }
}

pub(in crate::calls) async fn observe(tx: &mut Tx, call: CallId, seen: &Seen) -> Result<()> {
    tx.exec(
        "insert into call_observations (id, call, at, status, sha256, good, note, run) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            tx.mint::<()>(),
            call,
            seen.observation.at,
            seen.status,
            seen.sha256.as_str(),
            seen.observation.good,
            seen.note.as_str(),
            seen.observation.run
        ],
    )
    .await
    .map(drop)
}

/// The whole series of a call, oldest first.
// unscoped: the evidence of a public notice is public.
pub(in crate::calls) async fn series(tx: &mut Tx, call: CallId) -> Result<Vec<Seen>> {
    tx.all(
        "select at, good, run, status, sha256, note from call_observations where call = $1 order by at, id",
        args![call],
    )
    .await
}
