//! `credits_balances`: the sums of entries by person, year and subject, a cache that is proved against them.

use std::collections::{BTreeMap, HashMap};

use db::{Coded, FromRow, Query, Row, Tx, Value, args, code};
use kernel::{EntryId, Hours, PersonId, Result};
use rules::credits::recognition::Part;
use rules::credits::requirement::Years;
use rules::credits::{Posting, Subject, part_of};

/// People named in one statement.
const CHUNK: usize = 500;

/// Adds the new entries to the balances, in the order of the keys, so that two postings never wait for each other
/// crosswise.
pub(in crate::credits) async fn add_to_balances(tx: &mut Tx, posted: &[(EntryId, &Posting)]) -> Result<()> {
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

/// Balances of some years: year, subject, hours, activities.
pub(in crate::credits) async fn by_year(
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

pub(in crate::credits) async fn years(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<i32>> {
    let query = Query::new("select distinct b.year from credits_balances b where 1 = 1")
        .and_in("b.person", people.iter().map(|id| (*id).into()))
        .push(" order by b.year desc");
    let years: Vec<i64> = query.fetch(tx).await?;
    Ok(years.into_iter().filter_map(|year| i32::try_from(year).ok()).collect())
}

/// The first of as many years up to `year` as demands look back.
fn first_before(year: i32) -> i32 {
    year + 1 - i32::try_from(Years::SPAN).unwrap_or(1)
}

/// Hours by year of these records together, for as many years up to `year` as demands look back.
pub(in crate::credits) async fn sums(tx: &mut Tx, people: &[PersonId], year: i32) -> Result<Years> {
    let first = first_before(year);
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

/// The same of many people, each by itself. A record that was merged into one of them counts with it: `survivors` tells
/// whose hours those of such a record are. Nobody without hours is among them.
pub(in crate::credits) async fn sums_of(
    tx: &mut Tx,
    records: &[PersonId],
    survivors: &HashMap<PersonId, PersonId>,
    year: i32,
) -> Result<HashMap<PersonId, Years>> {
    let first = first_before(year);
    let mut sums: HashMap<PersonId, Years> = HashMap::with_capacity(records.len());
    for some in records.chunks(CHUNK) {
        let query =
            Query::new("select b.person, b.year, b.subject, b.hours, b.compulsory from credits_balances b where 1 = 1")
                .and_in("b.person", some.iter().map(|id| (*id).into()))
                .and("b.year >= {}", first)
                .and("b.year <= {}", year);
        let rows: Vec<(PersonId, i32, Coded<Subject>, Hours, Hours)> = query.fetch(tx).await?;
        for (record, year, subject, hours, compulsory) in rows {
            let person = survivors.get(&record).copied().unwrap_or(record);
            let years = sums.entry(person).or_insert_with(|| Years::from(first));
            years.add(year, subject.0, hours, compulsory);
        }
    }
    Ok(sums)
}

pub(in crate::credits) async fn balance(tx: &mut Tx, person: PersonId, year: i32, subject: Subject) -> Result<Hours> {
    let sql = "select hours from credits_balances where person = $1 and year = $2 and subject = $3";
    Ok(tx
        .first(sql, args![person, year, code(subject)])
        .await?
        .unwrap_or_default())
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

pub(in crate::credits) async fn mismatches(tx: &mut Tx, limit: u32) -> Result<Vec<Mismatch>> {
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

/// A balance as an audit reads it.
pub(in crate::credits) struct Kept {
    pub(in crate::credits) person: i64,
    pub(in crate::credits) year: i64,
    pub(in crate::credits) subject: String,
    pub(in crate::credits) hours: i64,
    pub(in crate::credits) activities: i64,
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

pub(in crate::credits) async fn each_balance(tx: &mut Tx, take: impl FnMut(Kept) -> Result<()> + Send) -> Result<()> {
    let sql = "select person, year, subject, hours, activities from credits_balances";
    tx.each(sql, &[], take).await.map(drop)
}

/// The name of a subject's code, or the code itself when it is none.
pub(in crate::credits) fn subject_name(code: &str) -> &str {
    <Subject as kernel::Code>::from_code(code).map_or(code, |subject| subject.name())
}
