//! Entries as they are posted and as they stand: the only statements that write `credits_entries`, all of them inserts.

use std::collections::HashSet;

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Date, EnrolmentId, EntryId, Hours, PersonId, Place, Result, Time};
use rules::credits::recognition::Part;
use rules::credits::{ActivityForm, Cause, Posting, Subject, part_of};

use super::super::log::leaf::{COLUMNS, Canonical, Commitment, Salts, WIDTH, Waiting};

/// Enrolments asked for in one statement.
const CHUNK: usize = 500;
/// Columns written: what is committed to, and the salt.
pub const ROW: usize = WIDTH + 1;

/// Inserts what is new, with what the log will hold of it. Returns the new entries, each with its posting.
pub(in crate::credits) async fn insert<'p>(
    tx: &mut Tx,
    postings: &'p [Posting],
    at: Time,
    by: &str,
) -> Result<(Vec<(EntryId, &'p Posting)>, Waiting)> {
    let mut salts = Salts::default();
    let mut rows = Vec::with_capacity(postings.len());
    let mut made = Vec::with_capacity(postings.len());
    for posting in postings {
        let id: EntryId = tx.mint();
        let (row, commitment) = salted(id, posting, (at, by), &mut salts)?;
        rows.push(row);
        made.push((id, posting, commitment));
    }
    let sql = format!(
        "insert into credits_entries ({}, salt) values {{}} on conflict (cause, attempt) do nothing",
        COLUMNS.join(", ")
    );
    let new: HashSet<i64> = tx.insert_new(&sql, rows).await?.into_iter().collect();
    let mut waiting = Waiting::default();
    let mut posted = Vec::with_capacity(new.len());
    for (id, posting, commitment) in made {
        if new.contains(&id.get()) {
            waiting.push(id, &commitment);
            posted.push((id, posting));
        }
    }
    Ok((posted, waiting))
}

/// The row of an entry, salt last, and the commitment to it.
pub fn salted(
    id: EntryId,
    posting: &Posting,
    (at, by): (Time, &str),
    salts: &mut Salts,
) -> Result<([Value; ROW], Commitment)> {
    let salt = salts.draw()?;
    let mut row = entry(id, posting, at, by);
    let commitment = Canonical::of_values(&row[..WIDTH]).commitment(&salt);
    row[WIDTH] = salt.into();
    Ok((row, commitment))
}

fn entry(id: EntryId, posting: &Posting, at: Time, by: &str) -> [Value; ROW] {
    [
        id.into(),
        posting.person.into(),
        posting.year.into(),
        code(posting.subject),
        code(posting.form),
        posting.hours.into(),
        posting.cause.text().into(),
        posting.attempt.into(),
        posting.title.as_str().into(),
        posting.rule.as_ref().into(),
        posting.edition.as_ref().into(),
        posting.basis.as_str().into(),
        posting.earned_on.into(),
        at.into(),
        by.into(),
        posting.reverses.into(),
        posting.reason.clone().into(),
        posting.place.org.into(),
        posting.place.provider.into(),
        posting.place.district.clone().into(),
        posting.place.department.clone().into(),
        Value::Null,
    ]
}

struct Stored(Posting);

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self> {
        let cause: String = row.get(5)?;
        Ok(Self(Posting {
            person: row.get(0)?,
            year: row.get(1)?,
            subject: row.code(2)?,
            form: row.code(3)?,
            hours: row.get(4)?,
            cause: Cause::Stored(cause),
            attempt: row.get(6)?,
            title: row.get(7)?,
            rule: row.get::<String>(8)?.into(),
            edition: row.get::<String>(9)?.into(),
            basis: row.get(10)?,
            earned_on: row.get(11)?,
            reverses: row.get(12)?,
            reason: row.get(13)?,
            place: Place {
                person: Some(row.get(0)?),
                org: row.get(14)?,
                provider: row.get(15)?,
                district: row.get(16)?,
                department: row.get(17)?,
            },
        }))
    }
}

/// The entry as it was posted; of its cause only the text is kept.
pub(in crate::credits) async fn load(tx: &mut Tx, id: EntryId) -> Result<Posting> {
    let Stored(posting) = tx
        .one(
            "select person, year, subject, form, hours, cause, attempt, title, rule, edition, basis, earned_on, reverses,
                reason, org, provider, district, department from credits_entries where id = $1",
            args![id],
        )
        .await?;
    Ok(posting)
}

pub(in crate::credits) async fn is_reversed(tx: &mut Tx, id: EntryId) -> Result<bool> {
    Ok(tx
        .first::<i64>("select 1 from credits_entries where reverses = $1", args![id])
        .await?
        .is_some())
}

/// The account that posted an entry.
pub(in crate::credits) async fn posted_by(tx: &mut Tx, id: EntryId) -> Result<String> {
    tx.one("select posted_by from credits_entries where id = $1", args![id])
        .await
}

/// The latest attempt of a cause, 0 when it was never posted, and the entry of it that stands.
pub(in crate::credits) async fn attempts(tx: &mut Tx, cause: &str) -> Result<(i64, Option<EntryId>)> {
    let rows: Vec<(i64, EntryId, i64)> = tx
        .all(
            "select e.attempt, e.id, (select count(*) from credits_entries r where r.reverses = e.id)
             from credits_entries e where e.cause = $1 order by e.attempt",
            args![cause],
        )
        .await?;
    let latest = rows.last().map_or(0, |(attempt, ..)| *attempt);
    let standing = rows.iter().rev().find(|(_, _, reversals)| *reversals == 0);
    Ok((latest, standing.map(|(_, id, _)| *id)))
}

/// An entry with what a document made from it needs.
#[derive(Debug, Clone)]
pub struct PostedEntry {
    /// Whose.
    pub person: PersonId,
    /// For which year.
    pub year: i32,
    /// Subject.
    pub subject: Subject,
    /// 必修 or 选修, of 公需科目.
    pub part: Part,
    /// Form.
    pub form: ActivityForm,
    /// Hours.
    pub hours: Hours,
    /// Activity.
    pub title: String,
    /// How the figure came about.
    pub basis: String,
    /// When earned.
    pub earned_on: Date,
    /// The entry it takes back.
    pub reverses: Option<EntryId>,
    /// Whether another entry takes it back.
    pub reversed: bool,
    /// Where it stood on that day.
    pub place: Place,
}

pub(in crate::credits) async fn posted(tx: &mut Tx, id: EntryId) -> Result<PostedEntry> {
    let entry = load(tx, id).await?;
    Ok(PostedEntry {
        person: entry.person,
        year: entry.year,
        subject: entry.subject,
        part: part_of(&entry.rule),
        form: entry.form,
        hours: entry.hours,
        title: entry.title,
        basis: entry.basis,
        earned_on: entry.earned_on,
        reverses: entry.reverses,
        reversed: is_reversed(tx, id).await?,
        place: entry.place,
    })
}

pub(in crate::credits) async fn standing_of(tx: &mut Tx, enrolments: &[EnrolmentId]) -> Result<Vec<EntryId>> {
    let mut standing = Vec::with_capacity(enrolments.len());
    for chunk in enrolments.chunks(CHUNK) {
        let causes = chunk.iter().map(|id| Cause::Enrolment(*id).text().into());
        let query = Query::new("select e.id from credits_entries e where e.reverses is null")
            .and_in("e.cause", causes)
            .and_plain("not exists (select 1 from credits_entries r where r.reverses = e.id)")
            .push(" order by e.id");
        standing.extend(query.fetch::<EntryId>(tx).await?);
    }
    Ok(standing)
}

pub(in crate::credits) async fn exists(tx: &mut Tx, id: EntryId) -> Result<bool> {
    let found = tx
        .first::<i64>("select 1 from credits_entries where id = $1", args![id])
        .await?;
    Ok(found.is_some())
}

pub(in crate::credits) async fn standing(tx: &mut Tx, entries: &[EntryId]) -> Result<Vec<EntryId>> {
    let mut standing = Vec::with_capacity(entries.len());
    for chunk in entries.chunks(CHUNK) {
        let query = Query::new("select e.id from credits_entries e where e.reverses is null")
            .and_in("e.id", chunk.iter().map(|id| (*id).into()))
            .and_plain("not exists (select 1 from credits_entries r where r.reverses = e.id)")
            .push(" order by e.id");
        standing.extend(query.fetch::<EntryId>(tx).await?);
    }
    Ok(standing)
}
