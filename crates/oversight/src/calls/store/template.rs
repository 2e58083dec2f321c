//! `call_templates`: the kinds of call that the lead keeps.

use db::{FromRow, Row, Tx, args};
use kernel::{Error, Result, Time, id::CallTemplateId};
use rules::calls::Template;

/// A kept kind of call.
#[derive(Debug, Clone)]
pub struct KeptTemplate {
    /// Its id.
    pub id: CallTemplateId,
    /// What it says.
    pub template: Template,
    /// When it was changed last.
    pub changed_at: Time,
    /// Grows with every change.
    pub version: i64,
}

impl FromRow for KeptTemplate {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            template: row.json(1)?,
            changed_at: row.get(2)?,
            version: row.get(3)?,
        })
    }
}

const SELECT: &str = "select t.id, t.document, t.changed_at, t.version from call_templates t";

pub(in crate::calls) async fn load(tx: &mut Tx, id: CallTemplateId) -> Result<KeptTemplate> {
    tx.one(&format!("{SELECT} where t.id = $1"), args![id]).await
}

pub(in crate::calls) async fn all(tx: &mut Tx) -> Result<Vec<KeptTemplate>> {
    tx.all(&format!("{SELECT} order by t.id"), args![]).await
}

/// Keeps a new kind; false when one of this name is there.
pub(in crate::calls) async fn insert(
    tx: &mut Tx,
    template: &Template,
    at: Time,
    by: &str,
) -> Result<Option<CallTemplateId>> {
    let id = tx.mint();
    let document = serde_json::to_string(template).map_err(Error::broken)?;
    let sql = "insert into call_templates (id, kind, document, changed_at, changed_by) values ($1, $2, $3, $4, $5)
        on conflict (kind) do nothing";
    let new = tx
        .exec_new(sql, args![id, template.kind.as_str(), document, at, by])
        .await?;
    Ok(new.then_some(id))
}

pub(in crate::calls) async fn save(tx: &mut Tx, kept: &KeptTemplate, seen: i64, by: &str) -> Result<()> {
    let document = serde_json::to_string(&kept.template).map_err(Error::broken)?;
    let sql =
        "update call_templates set kind = $3, document = $4, changed_at = $5, changed_by = $6, version = version + 1
        where id = $1 and version = $2";
    let kind = kept.template.kind.as_str();
    tx.exec_one(sql, args![kept.id, seen, kind, document, kept.changed_at, by])
        .await
}
