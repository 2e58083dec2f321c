//! The few figures of a desk's home page: small statements over one body's or one person's own rows.

use db::{FromRow, Query, Row, Tx};
use kernel::{PersonId, Result, Scope, Time};

use super::super::desk::{NextSession, ProviderFigures};

/// A provider's classes by where they stand.
pub(in crate::reports) async fn count_classes(tx: &mut Tx, scope: &Scope, now: Time) -> Result<ProviderFigures> {
    let sum = |condition: &str| format!("coalesce(cast(sum(case when {condition} then 1 else 0 end) as bigint), 0)");
    let sql = format!(
        "select {}, {}, {}, {}, {}, {} from classes k where 1 = 1",
        sum("k.state = 'draft'"),
        sum("k.state = 'published' and k.enrol_from <= {} and k.enrol_until > {}"),
        sum("k.state = 'published' and k.starts_at <= {} and k.ends_at > {}"),
        sum("k.state = 'published' and k.ends_at <= {}"),
        sum("k.state = 'completed'"),
        "coalesce(cast(sum(case when k.state = 'published' then k.waiting else 0 end) as bigint), 0)",
    );
    let (drafts, open, teaching, awaiting, completed, waiting) =
        Query::with(&sql, [now.into()]).scope(scope, "k").one(tx).await?;
    Ok(ProviderFigures {
        drafts,
        open,
        teaching,
        awaiting,
        completed,
        waiting,
    })
}

impl FromRow for NextSession {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            class: row.get(0)?,
            class_title: row.get(1)?,
            title: row.get(2)?,
            starts_at: row.get(3)?,
            place: row.get(4)?,
        })
    }
}

/// The next session of a person's classes.
pub(in crate::reports) async fn next_session(
    tx: &mut Tx,
    people: &[PersonId],
    now: Time,
) -> Result<Option<NextSession>> {
    Query::new(
        "select k.id, k.title, s.title, s.starts_at, case when s.place = '' then k.place else s.place end
         from enrolments e join classes k on k.id = e.class join class_sessions s on s.class = k.id
         where e.state = 'enrolled' and k.state = 'published'",
    )
    .and_in("e.person", people.iter().map(|id| (*id).into()))
    .and("s.ends_at > {}", now)
    .push(" order by s.starts_at, s.id limit 1")
    .first(tx)
    .await
}

/// The deeds written into the audit trail since `from`, the most frequent first.
pub(in crate::reports) async fn count_deeds(tx: &mut Tx, scope: &Scope, from: Time) -> Result<Vec<(String, i64)>> {
    Query::new("select a.act, count(*) from audit a where 1 = 1")
        .scope(scope, "a")
        .and("a.at >= {}", from)
        .push(" group by a.act order by 2 desc, 1 limit 12")
        .fetch(tx)
        .await
}
