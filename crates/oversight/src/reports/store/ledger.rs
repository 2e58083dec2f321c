//! Sums over the whole ledger of hours: few statements, each one pass over the entries, for the background only.
//!
//! A reversal carries the year, subject and place of the entry it takes back (`rules::credits::reverse`), so counting an
//! entry as one and its reversal as minus one leaves exactly the entries that stand.

use db::{FromRow, Row, Tx, args};
use kernel::Result;

use super::super::figures::{Cell, Content};

const COUNT: &str = "cast(sum(case when c.reverses is null then 1 else -1 end) as bigint)";

/// The newest entry, 0 for an empty ledger: while it stays the same, the sums stay the same.
pub(in crate::reports) async fn newest(tx: &mut Tx) -> Result<i64> {
    tx.one("select coalesce(max(c.id), 0) from credits_entries c", &[])
        .await
}

/// Whether the ledger has more than `limit` entries.
pub(in crate::reports) async fn is_larger_than(tx: &mut Tx, limit: i64) -> Result<bool> {
    let counted: i64 = tx
        .one(
            "select count(*) from (select 1 as one from credits_entries limit $1) counted",
            args![limit + 1],
        )
        .await?;
    Ok(counted > limit)
}

/// 人次 and hours by year, month, district, department, subject and form.
pub(in crate::reports) async fn cells(tx: &mut Tx) -> Result<Vec<Cell>> {
    let sql = format!(
        "select c.year, substr(c.earned_on, 1, 7), coalesce(c.district, ''), coalesce(c.department, ''), c.subject, c.form,
            {COUNT}, cast(sum(c.hours) as bigint)
         from credits_entries c group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6"
    );
    tx.all(&sql, &[]).await
}

/// What one person did in one year at one place.
pub(in crate::reports) struct PersonYear {
    pub person: i64,
    pub year: i32,
    pub district: String,
    pub department: String,
    pub org: i64,
    pub level: String,
    pub activities: i64,
    pub hours: i64,
}

impl FromRow for PersonYear {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            person: row.get(0)?,
            year: row.get(1)?,
            district: row.get(2)?,
            department: row.get(3)?,
            org: row.get(4)?,
            level: row.get(5)?,
            activities: row.get(6)?,
            hours: row.get(7)?,
        })
    }
}

/// Every person's years, a person's rows one after another; merged records are one person.
pub(in crate::reports) async fn each_person_year(
    tx: &mut Tx,
    take: impl FnMut(PersonYear) -> Result<()> + Send,
) -> Result<()> {
    let sql = format!(
        "select coalesce(p.merged_into, c.person), c.year, coalesce(c.district, ''), coalesce(c.department, ''),
            coalesce(c.org, 0), coalesce(s.title_level, ''), {COUNT}, cast(sum(c.hours) as bigint)
         from credits_entries c join people p on p.id = c.person join people s on s.id = coalesce(p.merged_into, p.id)
         group by 1, 2, 3, 4, 5, 6 order by 1, 2"
    );
    tx.each(&sql, &[], take).await.map(drop)
}

/// By the class that caused the entries: field, key area, delivery, money. Entries older than the platform have none.
pub(in crate::reports) async fn content(tx: &mut Tx) -> Result<Vec<Content>> {
    let sql = "select c.year, coalesce(c.district, ''), coalesce(c.department, ''), coalesce(k.field, ''),
            coalesce(k.key_area, ''), k.delivery, k.fee_source, count(*), cast(sum(c.hours) as bigint), cast(sum(k.fee) as bigint)
         from credits_entries c
         join enrolments e on e.id = cast(substr(c.cause, 11) as bigint)
         join classes k on k.id = e.class
         where c.cause like 'enrolment:%' and c.reverses is null
           and not exists (select 1 from credits_entries r where r.reverses = c.id)
         group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7";
    tx.all(sql, &[]).await
}
