//! `claim_steps`: the story of a claim, only ever added to.

use db::{FromRow, Row, Tx, args, code};
use kernel::{Result, Role, Time, id::ClaimId};
use rules::credits::claims::Step;

/// One step of the story.
#[derive(Debug, Clone)]
pub struct Told {
    /// When.
    pub at: Time,
    /// What happened.
    pub step: Step,
    /// In which role somebody acted.
    pub role: Role,
    /// What was said with it.
    pub note: String,
}

impl FromRow for Told {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            at: row.get(0)?,
            step: row.code(1)?,
            role: row.code(2)?,
            note: row.get(3)?,
        })
    }
}

pub(in crate::credits::claims) async fn add(tx: &mut Tx, claim: ClaimId, told: &Told, actor: &str) -> Result<()> {
    tx.exec(
        "insert into claim_steps (id, claim, at, step, role, actor, note) values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            tx.mint::<()>(),
            claim,
            told.at,
            code(told.step),
            code(told.role),
            actor,
            told.note.as_str()
        ],
    )
    .await
    .map(drop)
}

pub(in crate::credits::claims) async fn of(tx: &mut Tx, claim: ClaimId) -> Result<Vec<Told>> {
    tx.all(
        "select at, step, role, note from claim_steps where claim = $1 order by id",
        args![claim],
    )
    .await
}
