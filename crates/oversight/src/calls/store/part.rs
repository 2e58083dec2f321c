//! What hangs on a declaration: its story, the versions that were handed in, its attachments, its formal check.

use db::{FromRow, Row, Tx, Value, args, code};
use kernel::{Error, Result, Role, Time, id::AttachmentId, id::DeclarationId, id::FileId};
use rules::calls::check::{Finding, Item, Judged, Verdict};
use rules::calls::{Content, DeclarationDeed};

/// One step of the story.
#[derive(Debug, Clone)]
pub struct Told {
    /// When.
    pub at: Time,
    /// What was done.
    pub deed: DeclarationDeed,
    /// In which role somebody acted.
    pub role: Role,
    /// What was said with it.
    pub note: String,
}

impl FromRow for Told {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            at: row.get(0)?,
            deed: row.code(1)?,
            role: row.code(2)?,
            note: row.get(3)?,
        })
    }
}

pub(in crate::calls) async fn tell(tx: &mut Tx, id: DeclarationId, told: &Told, actor: &str) -> Result<()> {
    tx.exec(
        "insert into declaration_steps (id, declaration, at, deed, role, actor, note) values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            tx.mint::<()>(),
            id,
            told.at,
            code(told.deed),
            code(told.role),
            actor,
            told.note.as_str()
        ],
    )
    .await
    .map(drop)
}

pub(in crate::calls) async fn story(tx: &mut Tx, id: DeclarationId) -> Result<Vec<Told>> {
    tx.all(
        "select at, deed, role, note from declaration_steps where declaration = $1 order by id",
        args![id],
    )
    .await
}

/// What was handed in once.
#[derive(Debug, Clone)]
pub struct HandedIn {
    /// The how-manieth time.
    pub round: i64,
    /// When.
    pub at: Time,
    /// What was said.
    pub content: Content,
}

impl FromRow for HandedIn {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            round: row.get(0)?,
            at: row.get(1)?,
            content: row.json(2)?,
        })
    }
}

pub(in crate::calls) async fn keep_version(tx: &mut Tx, id: DeclarationId, handed: &HandedIn, by: &str) -> Result<()> {
    let content = serde_json::to_string(&handed.content).map_err(Error::broken)?;
    tx.exec(
        "insert into declaration_versions (declaration, round, content, handed_in_at, handed_in_by) values ($1, $2, $3, $4, $5)",
        args![id, handed.round, content, handed.at, by],
    )
    .await
    .map(drop)
}

pub(in crate::calls) async fn versions(tx: &mut Tx, id: DeclarationId) -> Result<Vec<HandedIn>> {
    tx.all(
        "select round, handed_in_at, content from declaration_versions where declaration = $1 order by round",
        args![id],
    )
    .await
}

/// An attachment.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Of which declaration.
    pub declaration: DeclarationId,
    /// Which of the wanted ones it is.
    pub label: String,
    /// The kept file.
    pub file: FileId,
    /// The name it was given.
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

const ATTACHMENT: &str =
    "select id, declaration, label, file, name, content_type, size, sha256, added_at from declaration_files";

impl FromRow for Attachment {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            declaration: row.get(1)?,
            label: row.get(2)?,
            file: row.get(3)?,
            name: row.get(4)?,
            content_type: row.get(5)?,
            size: row.get(6)?,
            sha256: row.get(7)?,
            added_at: row.get(8)?,
        })
    }
}

pub(in crate::calls) async fn attachments(tx: &mut Tx, id: DeclarationId) -> Result<Vec<Attachment>> {
    tx.all(&format!("{ATTACHMENT} where declaration = $1 order by id"), args![id])
        .await
}

pub(in crate::calls) async fn attachment(tx: &mut Tx, id: AttachmentId) -> Result<Attachment> {
    tx.one(&format!("{ATTACHMENT} where id = $1"), args![id]).await
}

pub(in crate::calls) async fn attach(tx: &mut Tx, one: &Attachment) -> Result<()> {
    tx.exec(
        "insert into declaration_files (id, declaration, label, file, name, content_type, size, sha256, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            one.id,
            one.declaration,
            one.label.as_str(),
            one.file,
            one.name.as_str(),
            one.content_type.as_str(),
            one.size,
            one.sha256.as_str(),
            one.added_at
        ],
    )
    .await
    .map(drop)
}

pub(in crate::calls) async fn detach(tx: &mut Tx, id: AttachmentId) -> Result<()> {
    tx.exec_one("delete from declaration_files where id = $1", args![id])
        .await
}

/// One item of a formal check that was made.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Which.
    pub item: Item,
    /// What the machine found.
    pub found: Verdict,
    /// Why.
    pub found_reason: String,
    /// What a person decided.
    pub decided: Verdict,
    /// Why.
    pub decided_reason: String,
}

impl FromRow for Checked {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            item: row.code(0)?,
            found: row.code(1)?,
            found_reason: row.get(2)?,
            decided: row.code(3)?,
            decided_reason: row.get(4)?,
        })
    }
}

pub(in crate::calls) async fn keep_check(
    tx: &mut Tx,
    (id, round): (DeclarationId, i64),
    (found, judged): (&[Finding], &[Judged]),
    (by, at): (&str, Time),
) -> Result<()> {
    let rows: Vec<[Value; 9]> = found
        .iter()
        .filter_map(|finding| {
            let decided = judged.iter().find(|one| one.item == finding.item)?;
            Some([
                id.into(),
                round.into(),
                code(finding.item),
                code(finding.verdict),
                finding.reason.as_str().into(),
                code(decided.verdict),
                decided.reason.trim().into(),
                by.into(),
                at.into(),
            ])
        })
        .collect();
    let sql = "insert into declaration_checks (declaration, round, item, found, found_reason, decided, decided_reason, decided_by,
        decided_at) values {}";
    tx.insert_all(sql, rows).await.map(drop)
}

/// The formal check of the last round that has one.
pub(in crate::calls) async fn checked(tx: &mut Tx, id: DeclarationId) -> Result<Vec<Checked>> {
    tx.all(
        "select item, found, found_reason, decided, decided_reason from declaration_checks where declaration = $1
            and round = (select max(round) from declaration_checks where declaration = $1)",
        args![id],
    )
    .await
}
