//! `claim_evidence`.

use db::{FromRow, Row, Tx, args};
use kernel::{Result, Time, id::ClaimId, id::EvidenceId, id::FileId};

/// A file handed in.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The piece of evidence.
    pub id: EvidenceId,
    /// Of which claim.
    pub claim: ClaimId,
    /// The kept file.
    pub file: FileId,
    /// The name that the person gave it.
    pub name: String,
    /// What it was found to be.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of its content.
    pub sha256: String,
    /// When it was added.
    pub added_at: Time,
}

const COLUMNS: &str = "id, claim, file, name, content_type, size, sha256, added_at";

impl FromRow for Evidence {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            claim: row.get(1)?,
            file: row.get(2)?,
            name: row.get(3)?,
            content_type: row.get(4)?,
            size: row.get(5)?,
            sha256: row.get(6)?,
            added_at: row.get(7)?,
        })
    }
}

pub(in crate::credits::claims) async fn of(tx: &mut Tx, claim: ClaimId) -> Result<Vec<Evidence>> {
    tx.all(
        &format!("select {COLUMNS} from claim_evidence where claim = $1 order by id"),
        args![claim],
    )
    .await
}

pub(in crate::credits::claims) async fn load(tx: &mut Tx, id: EvidenceId) -> Result<Evidence> {
    tx.one(
        &format!("select {COLUMNS} from claim_evidence where id = $1"),
        args![id],
    )
    .await
}

pub(in crate::credits::claims) async fn insert(tx: &mut Tx, piece: &Evidence) -> Result<()> {
    tx.exec(
        "insert into claim_evidence (id, claim, file, name, content_type, size, sha256, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            piece.id,
            piece.claim,
            piece.file,
            piece.name.as_str(),
            piece.content_type.as_str(),
            piece.size,
            piece.sha256.as_str(),
            piece.added_at
        ],
    )
    .await
    .map(drop)
}

pub(in crate::credits::claims) async fn remove(tx: &mut Tx, id: EvidenceId) -> Result<()> {
    tx.exec_one("delete from claim_evidence where id = $1", args![id]).await
}
