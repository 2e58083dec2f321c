//! `class_changes`: only added to.

use db::{FromRow, Row, Tx, args};
use kernel::{Error, Result, Time, id::ClassChangeId, id::ClassId};
use rules::courses::change::Difference;

/// A change of a published class as stored.
#[derive(Debug, Clone)]
pub struct ClassChange {
    /// Its id.
    pub id: ClassChangeId,
    /// The class.
    pub class: ClassId,
    /// When.
    pub at: Time,
    /// Why, as everybody with a place was told.
    pub reason: String,
    /// What.
    pub differences: Vec<Difference>,
}

impl FromRow for ClassChange {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            class: row.get(1)?,
            at: row.get(2)?,
            reason: row.get(3)?,
            differences: row.json(4)?,
        })
    }
}

const COLUMNS: &str = "c.id, c.class, c.at, c.reason, c.differences";

pub(in crate::courses) async fn insert(tx: &mut Tx, change: &ClassChange, by: &str) -> Result<()> {
    let differences = serde_json::to_value(&change.differences).map_err(Error::broken)?;
    tx.exec_one(
        "insert into class_changes (id, class, at, changed_by, reason, differences) values ($1, $2, $3, $4, $5, $6)",
        args![
            change.id,
            change.class,
            change.at,
            by,
            change.reason.as_str(),
            differences
        ],
    )
    .await
}

pub(in crate::courses) async fn load(tx: &mut Tx, id: ClassChangeId) -> Result<ClassChange> {
    let sql = format!("select {COLUMNS} from class_changes c where c.id = $1");
    tx.one(&sql, args![id]).await
}

/// The latest changes of a class, newest first.
pub(in crate::courses) async fn of_class(tx: &mut Tx, class: ClassId) -> Result<Vec<ClassChange>> {
    let sql = format!("select {COLUMNS} from class_changes c where c.class = $1 order by c.id desc limit 20");
    tx.all(&sql, args![class]).await
}
