//! Employer history: one row per stay with an employer, never rewritten once it has ended.
//!
//! ```text
//! begin ──► running ──end / change of employer──► ended
//! ```
//! A change of post within one employer is written on the running row; the history is of employers.

use db::{FromRow, Row, Tx, args};
use kernel::{Date, Result, id::OrgId, id::PersonId};

use super::store;

/// One stay with an employer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employment {
    /// The employer.
    pub org: OrgId,
    /// The post, the last one of the stay.
    pub post: String,
    /// First day.
    pub from: Date,
    /// Last day; none while it runs.
    pub until: Option<Date>,
}

impl FromRow for Employment {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            org: row.get(0)?,
            post: row.get(1)?,
            from: row.get(2)?,
            until: row.get(3)?,
        })
    }
}

/// The stays of all records of one person, the latest first.
pub(super) async fn list(tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<Employment>> {
    db::Query::new("select e.org, e.post, e.from_day, e.until_day from employments e where 1 = 1")
        .and_in("e.person", ids.iter().map(|id| (*id).into()))
        .push(" order by e.from_day desc, e.id desc")
        .fetch(tx)
        .await
}

/// The stays of many records, each with whose it is, the latest of each first.
pub(super) async fn list_many(tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<(PersonId, Employment)>> {
    let mut all = Vec::new();
    for some in ids.chunks(500) {
        let found: Vec<(PersonId, OrgId, String, Date, Option<Date>)> =
            db::Query::new("select e.person, e.org, e.post, e.from_day, e.until_day from employments e where 1 = 1")
                .and_in("e.person", some.iter().map(|id| (*id).into()))
                .push(" order by e.person, e.from_day desc, e.id desc")
                .fetch(tx)
                .await?;
        all.extend(
            found
                .into_iter()
                .map(|(person, org, post, from, until)| (person, Employment { org, post, from, until })),
        );
    }
    Ok(all)
}

/// Begins a stay.
pub(super) async fn begin(tx: &mut Tx, (person, org): (PersonId, OrgId), post: &str, from: Date) -> Result<()> {
    let id = tx.mint::<()>();
    let sql = "insert into employments (id, person, org, post, from_day) values ($1, $2, $3, $4, $5)";
    tx.exec(sql, args![id, person, org, post, from]).await.map(drop)
}

/// Ends the running stay on `until`, or on its first day if that is later.
pub(super) async fn end(tx: &mut Tx, person: PersonId, until: Date) -> Result<()> {
    let sql = "update employments set until_day = case when from_day > $2 then from_day else $2 end
        where person = $1 and until_day is null";
    tx.exec(sql, args![person, until]).await.map(drop)
}

/// Makes the running stay one with `org`: the same one with its new post, or the old one ended and a new begun.
pub(super) async fn change(
    tx: &mut Tx,
    person: PersonId,
    org: Option<OrgId>,
    (post, from): (&str, Date),
) -> Result<()> {
    let running: Option<OrgId> = tx
        .first(
            "select org from employments where person = $1 and until_day is null",
            args![person],
        )
        .await?;
    if running.is_some() && running == org {
        let sql = "update employments set post = $2 where person = $1 and until_day is null";
        return tx.exec(sql, args![person, post]).await.map(drop);
    }
    end(tx, person, from.pred_opt().unwrap_or(from)).await?;
    match org {
        Some(org) => begin(tx, (person, org), post, from).await,
        None => Ok(()),
    }
}

/// What the import does for many people at once: ends running stays with other employers and begins new ones.
pub(super) async fn change_many(tx: &mut Tx, moves: &[Move]) -> Result<()> {
    for some in moves.chunks(400) {
        let people: Vec<_> = some.iter().map(|one| one.person).collect();
        store::end_employments(tx, &people, some).await?;
        let rows: Vec<_> = some
            .iter()
            .map(|one| {
                let id = tx.mint::<()>();
                [
                    id.into(),
                    one.person.into(),
                    one.org.into(),
                    one.post.as_str().into(),
                    one.from.into(),
                ]
            })
            .collect();
        tx.insert_all(
            "insert into employments (id, person, org, post, from_day) values {}",
            rows,
        )
        .await?;
    }
    Ok(())
}

/// One person who begins with an employer.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) person: PersonId,
    pub(super) org: OrgId,
    pub(super) post: String,
    pub(super) from: Date,
    /// Whether a stay elsewhere may be running.
    pub(super) known: bool,
}
