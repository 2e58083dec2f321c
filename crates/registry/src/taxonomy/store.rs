//! SQL of the vocabularies, the calendar and the deadlines.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{Date, Deadline, Result, Scope, Time, calendar::DayKind};

use super::{Filter, Term, Vocabulary, calendar::Day, deadlines::Counted};
use crate::{Listed, Orders, Window};

const COLUMNS: &str = "t.vocabulary, t.code, t.name, t.parent, t.position, t.note, t.source, t.confidence, t.ended_at";

impl FromRow for Term {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            vocabulary: row.code(0)?,
            code: row.get(1)?,
            name: row.get(2)?,
            parent: row.get(3)?,
            position: row.get(4)?,
            note: row.get(5)?,
            source: row.get(6)?,
            confidence: row.get(7)?,
            ended: row.get::<Option<i64>>(8)?.is_some(),
        })
    }
}

pub(super) async fn terms(tx: &mut Tx, vocabulary: Option<Vocabulary>) -> Result<Vec<Term>> {
    Query::new(&format!("select {COLUMNS} from terms t where 1 = 1"))
        .and_opt("t.vocabulary = {}", vocabulary.map(code))
        .push(" order by t.vocabulary, t.position")
        .fetch(tx)
        .await
}

/// Terms have no id of their own: their place in the whole orders and pages them.
pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    (window, orders): (&Window, &Orders),
) -> Result<Listed<Term>> {
    let numbered = "(select row_number() over (order by vocabulary, position) as place, x.* from terms x) t";
    let select = format!(
        "select {COLUMNS}{} from {numbered} where t.ended_at is null",
        window.tail(orders)
    );
    let words = filter.words.as_deref().map(|words| format!("%{}%", escaped(words)));
    let query = Query::new(&select)
        .scope(scope, "t")
        .and_opt("t.vocabulary = {}", filter.vocabulary.map(code))
        .and_opt("(t.name like {} escape '!' or t.code like {} escape '!')", words);
    window.fetch(tx, query, orders).await
}

/// What `like … escape '!'` takes literally.
pub(crate) fn escaped(words: &str) -> String {
    words.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

pub(super) async fn save(tx: &mut Tx, terms: &[&Term]) -> Result<()> {
    let rows: Vec<_> = terms
        .iter()
        .map(|term| {
            [
                code(term.vocabulary),
                (&term.code).into(),
                (&term.name).into(),
                term.parent.clone().into(),
                term.position.into(),
                (&term.note).into(),
                (&term.source).into(),
                (&term.confidence).into(),
            ]
        })
        .collect();
    let sql = "insert into terms (vocabulary, code, name, parent, position, note, source, confidence) values {}
        on conflict (vocabulary, code) do update set name = excluded.name, parent = excluded.parent,
        position = excluded.position, note = excluded.note, source = excluded.source,
        confidence = excluded.confidence, ended_at = null";
    tx.insert_all(sql, rows).await.map(drop)
}

pub(super) async fn end(tx: &mut Tx, terms: &[&Term], at: Time) -> Result<()> {
    for term in terms {
        let sql = "update terms set ended_at = $3 where vocabulary = $1 and code = $2";
        tx.exec(sql, args![code(term.vocabulary), &term.code, at]).await?;
    }
    Ok(())
}

fn kind_code(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Holiday => "holiday",
        DayKind::Workday => "workday",
    }
}

impl FromRow for Day {
    fn from_row(row: &Row) -> Result<Self> {
        let kind: String = row.get(1)?;
        let kind = super::calendar::kind_of(&kind).ok_or_else(|| kernel::Error::broken("a day of no kind"))?;
        Ok(Self {
            date: row.get(0)?,
            kind,
            name: row.get(2)?,
            notice: row.get(3)?,
            source: row.get(4)?,
        })
    }
}

pub(super) async fn days(tx: &mut Tx, year: Option<i32>) -> Result<Vec<Day>> {
    Query::new("select day, kind, name, notice, source from calendar_days d where 1 = 1")
        .and_opt("d.year = {}", year)
        .push(" order by d.day")
        .fetch(tx)
        .await
}

pub(super) async fn replace_year(tx: &mut Tx, year: i32, days: &[Day]) -> Result<()> {
    tx.exec("delete from calendar_days where year = $1", args![year])
        .await?;
    let rows: Vec<_> = days
        .iter()
        .map(|day| {
            [
                day.date.into(),
                year.into(),
                kind_code(day.kind).into(),
                (&day.name).into(),
                (&day.notice).into(),
                (&day.source).into(),
            ]
        })
        .collect();
    tx.insert_all(
        "insert into calendar_days (day, year, kind, name, notice, source) values {}",
        rows,
    )
    .await
    .map(drop)
}

impl FromRow for Counted {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            subject_kind: row.get(1)?,
            subject: row.get(2)?,
            name: row.get(3)?,
            from: row.get(4)?,
            workdays: row.get(5)?,
            deadline: deadline(row.get(6)?, row.get(7)?),
        })
    }
}

fn deadline(date: Date, missing: Option<i32>) -> Deadline {
    missing.map_or(Deadline::On(date), |missing| Deadline::NotBefore { date, missing })
}

pub(super) fn missing(deadline: Deadline) -> Option<i32> {
    match deadline {
        Deadline::On(_) => None,
        Deadline::NotBefore { missing, .. } => Some(missing),
    }
}

const COUNTED: &str = "select d.id, d.subject_kind, d.subject, d.name, d.from_day, d.workdays, d.due_day, d.missing_year from deadlines d";

pub(super) async fn find_deadline(tx: &mut Tx, (kind, subject, name): (&str, i64, &str)) -> Result<Option<Counted>> {
    let sql = format!("{COUNTED} where d.subject_kind = $1 and d.subject = $2 and d.name = $3");
    tx.first(&sql, args![kind, subject, name]).await
}

/// Deadlines of a kind of thing; things without one are not among them.
pub(super) async fn deadlines_of(tx: &mut Tx, kind: &str, subjects: &[i64]) -> Result<Vec<Counted>> {
    let mut found = Vec::new();
    for some in subjects.chunks(500) {
        let query = Query::new(&format!("{COUNTED} where 1 = 1"))
            .and("d.subject_kind = {}", kind)
            .and_in("d.subject", some.iter().map(|id| (*id).into()));
        found.extend(query.fetch::<Counted>(tx).await?);
    }
    Ok(found)
}

/// Keeps to the rows whose deadline of this kind has passed: `subject` and `name` are expressions over the row. A lower
/// bound never passes.
pub(super) fn overdue(query: Query, kind: &str, (subject, name): (&str, &str), today: Date) -> Query {
    let condition = format!(
        "exists (select 1 from deadlines d where d.subject_kind = {{}} and d.subject = {subject} and d.name = {name}
            and d.missing_year is null and d.due_day < {{}})"
    );
    query.and_all(&condition, [kind.into(), today.into()])
}

pub(super) async fn save_deadline(tx: &mut Tx, counted: &Counted, at: Time) -> Result<()> {
    let sql =
        "insert into deadlines (id, subject_kind, subject, name, from_day, workdays, due_day, missing_year, set_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (subject_kind, subject, name) do update set
        from_day = excluded.from_day, workdays = excluded.workdays, due_day = excluded.due_day,
        missing_year = excluded.missing_year, set_at = excluded.set_at";
    let args = args![
        counted.id,
        &counted.subject_kind,
        counted.subject,
        &counted.name,
        counted.from,
        counted.workdays,
        counted.deadline.date(),
        missing(counted.deadline),
        at,
    ];
    tx.exec(sql, args).await.map(drop)
}

/// Deadlines whose counting touched a year from `first` to `last`, after `after`, at most 500.
pub(super) async fn touching(tx: &mut Tx, (first, last): (i32, i32), after: i64) -> Result<Vec<Counted>> {
    let sql = format!("{COUNTED} where d.due_day >= $1 and d.from_day <= $2 and d.id > $3 order by d.id limit 500");
    tx.all(
        &sql,
        args![format!("{first:04}-01-01"), format!("{last:04}-12-31"), after],
    )
    .await
}

/// How many deadlines wait for a year's calendar.
pub(super) async fn waiting(tx: &mut Tx) -> Result<Vec<(i32, i64)>> {
    let sql = "select missing_year, count(*) from deadlines where missing_year is not null
        group by missing_year order by missing_year";
    tx.all(sql, &[]).await
}

/// One change of a deadline, with why.
pub(super) struct Change<'a> {
    pub(super) counted: &'a Counted,
    pub(super) after: Deadline,
    pub(super) at: Time,
    pub(super) actor: &'a str,
    pub(super) reason: &'a str,
}

pub(super) async fn move_deadline(tx: &mut Tx, change: Change<'_>) -> Result<()> {
    let Change {
        counted,
        after,
        at,
        actor,
        reason,
    } = change;
    let sql = "update deadlines set due_day = $2, missing_year = $3 where id = $1";
    tx.exec_one(sql, args![counted.id, after.date(), missing(after)])
        .await?;
    let sql = "insert into deadline_changes (id, deadline, before_day, before_missing, after_day, after_missing,
        at, actor, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let id = tx.mint::<()>();
    let args = args![
        id,
        counted.id,
        counted.deadline.date(),
        missing(counted.deadline),
        after.date(),
        missing(after),
        at,
        actor,
        reason,
    ];
    tx.exec(sql, args).await.map(drop)
}

impl FromRow for super::deadlines::Changed {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            subject_kind: row.get(0)?,
            subject: row.get(1)?,
            name: row.get(2)?,
            before: deadline(row.get(3)?, row.get(4)?),
            after: deadline(row.get(5)?, row.get(6)?),
            at: row.get(7)?,
            actor: row.get(8)?,
            reason: row.get(9)?,
        })
    }
}

pub(super) async fn changes(tx: &mut Tx, limit: u32) -> Result<Vec<super::deadlines::Changed>> {
    let sql = "select d.subject_kind, d.subject, d.name, c.before_day, c.before_missing, c.after_day, c.after_missing,
        c.at, c.actor, c.reason from deadline_changes c join deadlines d on d.id = c.deadline
        order by c.id desc limit $1";
    tx.all(sql, args![limit]).await
}
