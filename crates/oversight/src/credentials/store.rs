//! The SQL of documents.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{CredentialId, Error, FileId, Hours, PersonId, Place, Result, Scope, Time};
use registry::{Listed, Orders, Window};
use rules::credentials::{CredentialState, DocumentKind, DocumentNumber};
use serde::{Deserialize, Serialize};

/// A document.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The document.
    pub id: CredentialId,
    /// Its number as printed.
    pub number: String,
    /// Certificate or statement.
    pub kind: DocumentKind,
    /// Whose.
    pub person: PersonId,
    /// The masked name, as strangers see it.
    pub holder_masked: String,
    /// The activity, or the year of a statement.
    pub subject_line: String,
    /// Hours it states.
    pub hours: Hours,
    /// The year they count for.
    pub year: i32,
    /// What it was made from.
    pub cause: String,
    /// What the QR code vouches for.
    pub printed: Printed,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The file.
    pub file: FileId,
    /// When it was issued.
    pub issued_at: Time,
    /// What has become of it.
    pub state: CredentialState,
    /// Where it stands.
    pub place: Place,
    /// Changes with every save.
    pub version: i64,
}

/// The texts printed on a document that its QR code vouches for, and the digest of what it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// The full name.
    pub holder: String,
    /// The hours.
    pub hours: String,
    /// Tells whether anything has changed since: ids and hours of the entries.
    pub made_from: String,
}

const COLUMNS: &str = "c.id, c.number, c.kind, c.person, c.holder_masked, c.subject_line, c.hours, c.year, c.cause, c.record,
    c.sha256, c.file, c.issued_at, c.revoked_at, c.revoke_reason, c.superseded_by, c.org, c.provider, c.district, c.department, c.version";

impl FromRow for Credential {
    fn from_row(row: &Row) -> Result<Self> {
        let (revoked, reason, superseded): (Option<Time>, Option<String>, Option<String>) =
            (row.get(13)?, row.get(14)?, row.get(15)?);
        let state = match (revoked, superseded) {
            (Some(at), _) => CredentialState::Revoked {
                at,
                reason: reason.unwrap_or_default(),
            },
            (None, Some(by)) => CredentialState::Superseded { by },
            (None, None) => CredentialState::Valid,
        };
        let person: PersonId = row.get(3)?;
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            kind: row.code(2)?,
            person,
            holder_masked: row.get(4)?,
            subject_line: row.get(5)?,
            hours: row.get(6)?,
            year: row.get(7)?,
            cause: row.get(8)?,
            printed: row.json(9)?,
            sha256: row.get(10)?,
            file: row.get(11)?,
            issued_at: row.get(12)?,
            state,
            place: Place {
                person: Some(person),
                org: row.get(16)?,
                provider: row.get(17)?,
                district: row.get(18)?,
                department: row.get(19)?,
            },
            version: row.get(20)?,
        })
    }
}

/// The next running number of a kind in a year; taken inside the transaction that uses it, so there are no gaps.
pub(super) async fn next_serial(tx: &mut Tx, kind: DocumentKind, year: i32) -> Result<i64> {
    tx.one(
        "insert into credential_numbers (kind, year, last) values ($1, $2, 1)
         on conflict (kind, year) do update set last = credential_numbers.last + 1 returning last",
        args![code(kind), year],
    )
    .await
}

/// Keeps a new document.
pub(super) async fn insert(tx: &mut Tx, document: &Credential, key_id: &str, by: &str) -> Result<()> {
    let record = serde_json::to_string(&document.printed).map_err(Error::broken)?;
    let place = &document.place;
    tx.exec(
        "insert into credentials (id, number, kind, person, holder_masked, subject_line, hours, year, cause, record, key_id,
            sha256, file, issued_at, issued_by, org, provider, district, department)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        args![
            document.id,
            document.number.as_str(),
            code(document.kind),
            document.person,
            document.holder_masked.as_str(),
            document.subject_line.as_str(),
            document.hours,
            document.year,
            document.cause.as_str(),
            record,
            key_id,
            document.sha256.as_str(),
            document.file,
            document.issued_at,
            by,
            place.org,
            place.provider,
            place.district.clone(),
            place.department.clone()
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn load(tx: &mut Tx, id: CredentialId) -> Result<Credential> {
    tx.one(
        &format!("select {COLUMNS} from credentials c where c.id = $1"),
        args![id],
    )
    .await
}

pub(super) async fn find_number(tx: &mut Tx, number: &DocumentNumber) -> Result<Option<Credential>> {
    tx.first(
        &format!("select {COLUMNS} from credentials c where c.number = $1"),
        args![number.as_str()],
    )
    .await
}

/// The document of a cause that stands.
pub(super) async fn find_valid(tx: &mut Tx, cause: &str) -> Result<Option<Credential>> {
    let sql = format!(
        "select {COLUMNS} from credentials c where c.cause = $1 and c.revoked_at is null and c.superseded_by is null"
    );
    tx.first(&sql, args![cause]).await
}

pub(super) async fn save_state(
    tx: &mut Tx,
    id: CredentialId,
    version: i64,
    state: &CredentialState,
    by: &str,
) -> Result<()> {
    let (revoked, reason, superseded) = match state {
        CredentialState::Valid => (None, None, None),
        CredentialState::Revoked { at, reason } => (Some(*at), Some(reason.as_str()), None),
        CredentialState::Superseded { by } => (None, None, Some(by.as_str())),
    };
    tx.exec_one(
        "update credentials set revoked_at = $1, revoke_reason = $2, superseded_by = $3, revoked_by = $4, version = version + 1
         where id = $5 and version = $6",
        args![revoked, reason, superseded, by, id, version],
    )
    .await
}

/// What a list of documents is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct CredentialFilter {
    /// One person's.
    pub person: Option<PersonId>,
    /// One kind.
    pub kind: Option<DocumentKind>,
    /// One year.
    pub year: Option<i64>,
    /// One number.
    pub number: Option<String>,
}

const ORDERS: Orders = Orders {
    columns: &[
        ("issued", "c.id"),
        ("number", "c.number"),
        ("year", "c.year"),
        ("hours", "c.hours"),
    ],
    key: "c.id",
};
/// Orders that no index serves.
const UNINDEXED: &[&str] = &["year", "hours"];

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &CredentialFilter,
    window: &Window,
) -> Result<Listed<Credential>> {
    let select = format!(
        "select {COLUMNS}{} from credentials c where 1 = 1",
        window.tail(&ORDERS)
    );
    let query = Query::new(&select)
        .scope(scope, "c")
        .and_opt("c.person = {}", filter.person)
        .and_opt("c.kind = {}", filter.kind.map(code))
        .and_opt("c.year = {}", filter.year)
        .and_opt("c.number = {}", filter.number.clone());
    window.fetch_ordered(tx, query, &ORDERS, UNINDEXED).await
}

/// Notes that somebody verified a number; who it was is not asked.
pub(super) async fn note_verification(tx: &mut Tx, number: &str, (way, verdict): (&str, &str), at: Time) -> Result<()> {
    tx.exec(
        "insert into verifications (id, number, way, verdict, at) values ($1, $2, $3, $4, $5)",
        args![tx.mint::<()>(), number, way, verdict, at],
    )
    .await?;
    Ok(())
}

/// When this database last recorded anything of documents.
pub(super) async fn last_change(tx: &mut Tx) -> Result<Option<Time>> {
    tx.one(
        "select max(at) from (select max(issued_at) as at from credentials union all select max(revoked_at) from credentials
            union all select max(at) from verifications) times",
        &[],
    )
    .await
}
