//! The SQL of the ledger. `credits_entries` is only ever inserted into; triggers refuse anything else.

use std::collections::{BTreeMap, HashMap, HashSet};

use db::{Coded, FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Date, EnrolmentId, EntryId, Error, Hours, PersonId, Place, Result, Scope, Time};
use registry::{Listed, Orders, Window};
use rules::credits::recognition::Part;
use rules::credits::requirement::Years;
use rules::credits::title_check::Earned;
use rules::credits::{ActivityForm, Cause, Line, Posting, Subject, part_of};

use super::log::leaf::{COLUMNS, Canonical, Commitment, SALT, Salts, WIDTH, Waiting};

/// Enrolments asked for in one statement.
const CHUNK: usize = 500;
/// Columns written: what is committed to, and the salt.
pub const ROW: usize = WIDTH + 1;

/// Inserts what is new, with what the log will hold of it. Returns the new entries, each with its posting.
pub(super) async fn insert<'p>(
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

/// Adds the new entries to the balances, in the order of the keys, so that two postings never wait for each other
/// crosswise.
pub(super) async fn add_to_balances(tx: &mut Tx, posted: &[(EntryId, &Posting)]) -> Result<()> {
    let mut sums: BTreeMap<(i64, i32, &'static str), (i64, i64, i64)> = BTreeMap::new();
    for (_, posting) in posted {
        let sum = sums
            .entry((posting.person.get(), posting.year, kernel::Code::code(posting.subject)))
            .or_default();
        sum.0 += posting.hours.get();
        sum.1 += if posting.reverses.is_some() { -1 } else { 1 };
        if part_of(&posting.rule) == Part::Compulsory {
            sum.2 += posting.hours.get();
        }
    }
    let rows = sums.into_iter().map(
        |((person, year, subject), (hours, activities, compulsory))| -> [Value; 6] {
            [
                person.into(),
                year.into(),
                subject.into(),
                hours.into(),
                activities.into(),
                compulsory.into(),
            ]
        },
    );
    tx.insert_all(
        "insert into credits_balances (person, year, subject, hours, activities, compulsory) values {}
         on conflict (person, year, subject) do update set
         hours = credits_balances.hours + excluded.hours, activities = credits_balances.activities + excluded.activities,
         compulsory = credits_balances.compulsory + excluded.compulsory",
        rows,
    )
    .await?;
    Ok(())
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
pub(super) async fn load(tx: &mut Tx, id: EntryId) -> Result<Posting> {
    let Stored(posting) = tx
        .one(
            "select person, year, subject, form, hours, cause, attempt, title, rule, edition, basis, earned_on, reverses,
                reason, org, provider, district, department from credits_entries where id = $1",
            args![id],
        )
        .await?;
    Ok(posting)
}

pub(super) async fn is_reversed(tx: &mut Tx, id: EntryId) -> Result<bool> {
    Ok(tx
        .first::<i64>("select 1 from credits_entries where reverses = $1", args![id])
        .await?
        .is_some())
}

/// The account that posted an entry.
pub(super) async fn posted_by(tx: &mut Tx, id: EntryId) -> Result<String> {
    tx.one("select posted_by from credits_entries where id = $1", args![id])
        .await
}

/// The latest attempt of a cause, 0 when it was never posted, and the entry of it that stands.
pub(super) async fn attempts(tx: &mut Tx, cause: &str) -> Result<(i64, Option<EntryId>)> {
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

struct YearLine(Line);

impl FromRow for YearLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self(Line {
            id: row.get(0)?,
            subject: row.code(1)?,
            form: row.code(2)?,
            hours: row.get(3)?,
            title: row.get(4)?,
            rule: row.get(5)?,
            basis: row.get(6)?,
            earned_on: row.get(7)?,
            posted_at: row.get(8)?,
            reverses: row.get(9)?,
            reversed: false,
        }))
    }
}

/// Every entry of these records in a year, oldest first. A reversal is of the same person and year as its entry, so
/// the year's own rows tell which are reversed.
pub(super) async fn year(tx: &mut Tx, people: &[PersonId], year: i32) -> Result<Vec<Line>> {
    let query = Query::new(
        "select e.id, e.subject, e.form, e.hours, e.title, e.rule, e.basis, e.earned_on, e.posted_at, e.reverses
         from credits_entries e where 1 = 1",
    )
    .and_in("e.person", people.iter().map(|id| (*id).into()))
    .and("e.year = {}", year)
    .push(" order by e.earned_on, e.id");
    let mut lines: Vec<Line> = query
        .fetch::<YearLine>(tx)
        .await?
        .into_iter()
        .map(|YearLine(line)| line)
        .collect();
    let taken: HashSet<EntryId> = lines.iter().filter_map(|line| line.reverses).collect();
    for line in &mut lines {
        line.reversed = taken.contains(&line.id);
    }
    Ok(lines)
}

/// Entries of some years as title checks look at them.
pub(super) async fn earned(tx: &mut Tx, records: &[PersonId], from: i32, to: i32) -> Result<Vec<Earned>> {
    let query = Query::new("select e.id, e.year, e.subject, e.hours, e.rule from credits_entries e where 1 = 1")
        .and_in("e.person", records.iter().map(|id| (*id).into()))
        .and("e.year >= {}", from)
        .and("e.year <= {}", to)
        .push(" order by e.year, e.id");
    let rows: Vec<(EntryId, i32, db::Coded<Subject>, Hours, String)> = query.fetch(tx).await?;
    let earned = rows.into_iter().map(|(id, year, subject, hours, rule)| Earned {
        id,
        year,
        subject: subject.0,
        hours,
        compulsory: Earned::compulsory_by(&rule),
    });
    Ok(earned.collect())
}

/// Balances of some years: year, subject, hours, activities.
pub(super) async fn by_year(
    tx: &mut Tx,
    records: &[PersonId],
    (from, to): (i32, i32),
) -> Result<Vec<(i32, Subject, Hours, i64)>> {
    let query = Query::new("select b.year, b.subject, b.hours, b.activities from credits_balances b where 1 = 1")
        .and_in("b.person", records.iter().map(|id| (*id).into()))
        .and("b.year >= {}", from)
        .and("b.year <= {}", to);
    let rows: Vec<(i32, db::Coded<Subject>, Hours, i64)> = query.fetch(tx).await?;
    let rows = rows
        .into_iter()
        .map(|(year, subject, hours, activities)| (year, subject.0, hours, activities));
    Ok(rows.collect())
}

pub(super) async fn years(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<i32>> {
    let query = Query::new("select distinct b.year from credits_balances b where 1 = 1")
        .and_in("b.person", people.iter().map(|id| (*id).into()))
        .push(" order by b.year desc");
    let years: Vec<i64> = query.fetch(tx).await?;
    Ok(years.into_iter().filter_map(|year| i32::try_from(year).ok()).collect())
}

/// Hours by year of these records, for as many years up to `year` as demands look back.
pub(super) async fn sums(tx: &mut Tx, people: &[PersonId], year: i32) -> Result<Years> {
    let first = year + 1 - i32::try_from(Years::SPAN).unwrap_or(1);
    let query = Query::new("select b.year, b.subject, b.hours, b.compulsory from credits_balances b where 1 = 1")
        .and_in("b.person", people.iter().map(|id| (*id).into()))
        .and("b.year >= {}", first)
        .and("b.year <= {}", year);
    let rows: Vec<(i64, Coded<Subject>, Hours, Hours)> = query.fetch(tx).await?;
    let mut years = Years::from(first);
    for (year, subject, hours, compulsory) in rows {
        years.add(i32::try_from(year).unwrap_or_default(), subject.0, hours, compulsory);
    }
    Ok(years)
}

pub(super) async fn balance(tx: &mut Tx, person: PersonId, year: i32, subject: Subject) -> Result<Hours> {
    let sql = "select hours from credits_balances where person = $1 and year = $2 and subject = $3";
    Ok(tx
        .first(sql, args![person, year, code(subject)])
        .await?
        .unwrap_or_default())
}

/// What a list of entries is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// One person's.
    pub person: Option<PersonId>,
    /// One year's.
    pub year: Option<i64>,
    /// One subject's.
    pub subject: Option<Subject>,
    /// One form's.
    pub form: Option<ActivityForm>,
}

/// One entry in a list.
#[derive(Debug, Clone)]
pub struct EntryLine {
    /// The entry.
    pub id: EntryId,
    /// Whose.
    pub person: PersonId,
    /// For which year.
    pub year: i32,
    /// Subject.
    pub subject: Subject,
    /// Form.
    pub form: ActivityForm,
    /// Hours.
    pub hours: Hours,
    /// Activity.
    pub title: String,
    /// Rule.
    pub rule: String,
    /// How the figure came about.
    pub basis: String,
    /// When earned.
    pub earned_on: Date,
    /// When posted.
    pub posted_at: Time,
    /// The entry it takes back.
    pub reverses: Option<EntryId>,
}

impl FromRow for EntryLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            person: row.get(1)?,
            year: row.get(2)?,
            subject: row.code(3)?,
            form: row.code(4)?,
            hours: row.get(5)?,
            title: row.get(6)?,
            rule: row.get(7)?,
            basis: row.get(8)?,
            earned_on: row.get(9)?,
            posted_at: row.get(10)?,
            reverses: row.get(11)?,
        })
    }
}

const ORDERS: Orders = Orders {
    columns: &[
        ("posted", "e.id"),
        ("earned", "e.earned_on"),
        ("hours", "e.hours"),
        ("year", "e.year"),
    ],
    key: "e.id",
};
/// Orders that no index serves.
const UNINDEXED: &[&str] = &["earned", "hours", "year"];

/// Entries in a scope.
pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &EntryFilter,
    window: &Window,
) -> Result<Listed<EntryLine>> {
    let select = format!(
        "select e.id, e.person, e.year, e.subject, e.form, e.hours, e.title, e.rule, e.basis, e.earned_on, e.posted_at,
            e.reverses{} from credits_entries e where 1 = 1",
        window.tail(&ORDERS)
    );
    let query = Query::new(&select)
        .scope(scope, "e")
        .and_opt("e.person = {}", filter.person)
        .and_opt("e.year = {}", filter.year)
        .and_opt("e.subject = {}", filter.subject.map(code))
        .and_opt("e.form = {}", filter.form.map(code));
    window.fetch_ordered(tx, query, &ORDERS, UNINDEXED).await
}

/// A balance that is not the sum of its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Whose.
    pub person: PersonId,
    /// Which year.
    pub year: i32,
    /// Which subject.
    pub subject: String,
    /// What the entries add up to.
    pub entries: Hours,
    /// What the balance says.
    pub balance: Hours,
}

impl FromRow for Mismatch {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            person: row.get(0)?,
            year: row.get(1)?,
            subject: row.get(2)?,
            entries: row.get(3)?,
            balance: row.get(4)?,
        })
    }
}

pub(super) async fn mismatches(tx: &mut Tx, limit: u32) -> Result<Vec<Mismatch>> {
    tx.all(
        // The compulsory part is read from the rule of the entry, as `rules::credits::part_of` does.
        "select person, year, subject, cast(sum(entries) as bigint), cast(sum(balance) as bigint) from (
            select person, year, subject, hours as entries, 0 as balance,
                case when rule = 'R-39' or rule like '%必修' then hours else 0 end as part from credits_entries
            union all select person, year, subject, 0, hours, -compulsory from credits_balances) both_sides
         group by person, year, subject having sum(entries) <> sum(balance) or sum(part) <> 0
         order by person, year, subject limit $1",
        args![limit],
    )
    .await
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

pub(super) async fn posted(tx: &mut Tx, id: EntryId) -> Result<PostedEntry> {
    let entry = load(tx, id).await?;
    Ok(PostedEntry {
        person: entry.person,
        year: entry.year,
        subject: entry.subject,
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

pub(super) async fn standing_of(tx: &mut Tx, enrolments: &[EnrolmentId]) -> Result<Vec<EntryId>> {
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

/// The commitments to these entries, in their order, computed from the rows as they are.
pub(super) async fn commitments(tx: &mut Tx, entries: &[EntryId]) -> Result<Vec<Commitment>> {
    let mut found = HashMap::with_capacity(entries.len());
    for chunk in entries.chunks(CHUNK) {
        let query = Query::new(&recomputing("where 1 = 1")).and_in("e.id", chunk.iter().map(|id| (*id).into()));
        for row in query.fetch::<Recomputed>(tx).await? {
            found.insert(row.id, row.commitment());
        }
    }
    entries
        .iter()
        .map(|id| {
            found
                .get(id)
                .copied()
                .ok_or_else(|| Error::broken(format!("entry {id} is gone")))
        })
        .collect()
}

/// Salt and canonical bytes of an entry: what a proof shows.
pub(super) async fn committed(tx: &mut Tx, id: EntryId) -> Result<(Vec<u8>, Vec<u8>)> {
    struct Shown(Vec<u8>, Vec<u8>);
    impl FromRow for Shown {
        fn from_row(row: &Row) -> Result<Self> {
            Ok(Self(row.get(WIDTH)?, canonical(row)?.bytes().to_vec()))
        }
    }
    let Shown(salt, bytes) = tx.one(&recomputing("where e.id = $1"), args![id]).await?;
    Ok((salt, bytes))
}

/// A row as an audit reads it.
pub(super) struct Recomputed {
    pub(super) id: EntryId,
    canonical: Canonical,
    salt: Vec<u8>,
    pub(super) cause: String,
    pub(super) person: i64,
    pub(super) year: i64,
    pub(super) subject: String,
    pub(super) hours: i64,
    pub(super) reverses: bool,
}

impl Recomputed {
    /// The commitment to the row as it is.
    pub(super) fn commitment(&self) -> Commitment {
        self.canonical.commitment(&self.salt)
    }

    /// Whether its commitment tells nothing to whoever guesses.
    pub(super) fn is_salted(&self) -> bool {
        self.salt.len() == SALT
    }
}

fn canonical(row: &Row) -> Result<Canonical> {
    // Asked for once, so that the columns can be walked through without being collected.
    row.column(WIDTH)?;
    Ok(Canonical::of_columns(
        (0..WIDTH).map(|place| row.column(place).unwrap_or(db::Column::Null)),
    ))
}

impl FromRow for Recomputed {
    fn from_row(row: &Row) -> Result<Self> {
        let salt = match row.column(WIDTH)? {
            db::Column::Blob(salt) => salt.to_vec(),
            _ => Vec::new(),
        };
        Ok(Self {
            canonical: canonical(row)?,
            salt,
            id: row.get(0)?,
            person: row.get(1)?,
            year: row.get(2)?,
            subject: row.get(3)?,
            hours: row.get(5)?,
            cause: row.get(6)?,
            reverses: row.get::<Option<i64>>(15)?.is_some(),
        })
    }
}

fn recomputing(tail: &str) -> String {
    format!(
        "select e.{}, e.salt from credits_entries e {tail}",
        COLUMNS.join(", e.")
    )
}

/// Rows after an id, in the order of the ids.
pub(super) async fn recomputed(tx: &mut Tx, after: Option<i64>, most: u32) -> Result<Vec<Recomputed>> {
    let from = after.map_or(i64::MIN, |after| after.saturating_add(1));
    tx.all(
        &recomputing(&format!("where e.id >= $1 order by e.id limit {most}")),
        args![from],
    )
    .await
}

pub(super) async fn exists(tx: &mut Tx, id: EntryId) -> Result<bool> {
    let found = tx
        .first::<i64>("select 1 from credits_entries where id = $1", args![id])
        .await?;
    Ok(found.is_some())
}

/// A balance as an audit reads it.
pub(super) struct Kept {
    pub(super) person: i64,
    pub(super) year: i64,
    pub(super) subject: String,
    pub(super) hours: i64,
    pub(super) activities: i64,
}

impl FromRow for Kept {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            person: row.get(0)?,
            year: row.get(1)?,
            subject: row.get(2)?,
            hours: row.get(3)?,
            activities: row.get(4)?,
        })
    }
}

pub(super) async fn each_balance(tx: &mut Tx, take: impl FnMut(Kept) -> Result<()> + Send) -> Result<()> {
    let sql = "select person, year, subject, hours, activities from credits_balances";
    tx.each(sql, &[], take).await.map(drop)
}

/// The name of a subject's code, or the code itself when it is none.
pub(super) fn subject_name(code: &str) -> &str {
    <Subject as kernel::Code>::from_code(code).map_or(code, |subject| subject.name())
}

pub(super) async fn standing(tx: &mut Tx, entries: &[EntryId]) -> Result<Vec<EntryId>> {
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
