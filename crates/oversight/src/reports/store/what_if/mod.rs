//! The SQL of what-if: people and their balances in the order of ids; `claims.rs` their recognised claims, `runs.rs` what a
//! run counted.

mod claims;
mod runs;

use db::{Coded, FromRow, Query, Row, Tx, Value};
use kernel::{Code, Hours, OrgId, PersonId, Result, Scope, Seconds};
use rules::credits::recognition::Part;
use rules::credits::requirement::Traits;
use rules::credits::{Subject, part_of};

pub(in crate::reports) use claims::each_recognition;
pub use runs::Cell;
pub(in crate::reports) use runs::{cancel, cells, finish, insert, load, of_edition};

/// People of one chunk.
const CHUNK: i64 = 4_000;
/// People of one chunk when it is narrowed: their balances are looked up one by one.
const FEW: i64 = 400;

/// One person of a chunk. Records merged into it are counted with it.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// Who.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// What the editions look at.
    pub traits: Traits,
    /// The employer.
    pub org: Option<OrgId>,
    /// Code of the district.
    pub district: Option<String>,
    /// Code of the department.
    pub department: Option<String>,
}

impl FromRow for PersonRow {
    fn from_row(row: &Row) -> Result<Self> {
        let level: Option<String> = row.get(3)?;
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            traits: Traits {
                series: row.get(2)?,
                level: level.as_deref().and_then(Code::from_code),
                field: row.get(4)?,
                named: Vec::new(),
            },
            org: row.get(5)?,
            district: row.get(6)?,
            department: row.get(7)?,
        })
    }
}

/// To whom a drill-down is narrowed.
#[derive(Debug, Clone, Default)]
pub struct Narrowed {
    /// One district.
    pub district: Option<String>,
    /// One department.
    pub department: Option<String>,
    /// One title level.
    pub level: Option<String>,
    /// One employer.
    pub org: Option<OrgId>,
}

impl Narrowed {
    /// Whether nobody is left out.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        self.district.is_none() && self.department.is_none() && self.level.is_none() && self.org.is_none()
    }
}

/// The next people in the order of ids.
pub(in crate::reports) async fn people(
    scope: &Scope,
    tx: &mut Tx,
    narrowed: &Narrowed,
    after: Option<PersonId>,
) -> Result<Vec<PersonRow>> {
    let many = if narrowed.is_everybody() { CHUNK } else { FEW };
    Query::new(
        "select p.id, p.name, p.title_series, p.title_level, p.field, p.org, p.district, p.department
         from people p where p.merged_into is null",
    )
    .scope(scope, "p")
    .and("p.id > {}", after.map_or(0, PersonId::get))
    .and_opt("p.district = {}", narrowed.district.clone())
    .and_opt("p.department = {}", narrowed.department.clone())
    .and_opt("p.title_level = {}", narrowed.level.clone())
    .and_opt("p.org = {}", narrowed.org)
    .push_with(" order by p.id limit {}", [Value::from(many)])
    .fetch(tx)
    .await
}

/// Whose balances are read: everybody between two ids, or these people.
pub(in crate::reports) enum Stretch {
    Between(PersonId, PersonId),
    These(Vec<PersonId>),
}

impl Stretch {
    pub(in crate::reports) fn of(chunk: &[PersonRow], whole: bool) -> Self {
        match (chunk.first(), chunk.last()) {
            (Some(first), Some(last)) if whole => Self::Between(first.id, last.id),
            _ => Self::These(chunk.iter().map(|person| person.id).collect()),
        }
    }

    fn of_column(&self, query: Query, column: &str) -> Query {
        match self {
            Self::Between(first, last) => query
                .and(&format!("{column} >= {{}}"), *first)
                .and(&format!("{column} <= {{}}"), *last),
            Self::These(people) => query.and_in(column, people.iter().map(|id| (*id).into())),
        }
    }
}

type Balance = (PersonId, i32, Subject, Hours, Hours);
type BalanceRow = (PersonId, i64, Coded<Subject>, Hours, Hours);

fn balance((person, year, subject, hours, compulsory): BalanceRow) -> Balance {
    (person, i32::try_from(year).unwrap_or(0), subject.0, hours, compulsory)
}

/// The balances of a stretch in the order of ids; then those of records merged into its people, under the survivor's id.
pub(in crate::reports) async fn each_balance(
    tx: &mut Tx,
    stretch: &Stretch,
    since: i32,
    mut take: impl FnMut(Balance) -> Result<()> + Send,
) -> Result<()> {
    let query =
        Query::new("select b.person, b.year, b.subject, b.hours, b.compulsory from credits_balances b where 1 = 1");
    stretch
        .of_column(query, "b.person")
        .and("b.year >= {}", since)
        .push(" order by b.person")
        .each(tx, |row: BalanceRow| take(balance(row)))
        .await?;
    let query = Query::new(
        "select m.merged_into, b.year, b.subject, b.hours, b.compulsory from people m
         join credits_balances b on b.person = m.id where m.merged_into is not null",
    );
    stretch
        .of_column(query, "m.merged_into")
        .and("b.year >= {}", since)
        .push(" order by m.merged_into")
        .each(tx, |row: BalanceRow| take(balance(row)))
        .await?;
    Ok(())
}

/// The hours that a class posted, with what they were measured by.
#[derive(Debug, Clone)]
pub(in crate::reports) struct ClassHours {
    pub person: PersonId,
    pub year: i32,
    pub subject: Subject,
    pub posted: Hours,
    pub taught: Seconds,
    pub declared: Hours,
    rule: String,
}

impl ClassHours {
    pub(in crate::reports) fn is_compulsory(&self) -> bool {
        self.subject == Subject::Public && part_of(&self.rule) == Part::Compulsory
    }
}

impl FromRow for ClassHours {
    fn from_row(row: &Row) -> Result<Self> {
        let year: i64 = row.get(1)?;
        Ok(Self {
            person: row.get(0)?,
            year: i32::try_from(year).unwrap_or(0),
            subject: row.code(2)?,
            posted: row.get(3)?,
            taught: Seconds::new(row.get(4)?),
            declared: row.get(5)?,
            rule: row.get(6)?,
        })
    }
}

/// The standing entries of a stretch that a completed enrolment caused.
pub(in crate::reports) async fn each_class_hours(
    tx: &mut Tx,
    stretch: &Stretch,
    mut take: impl FnMut(ClassHours) -> Result<()> + Send,
) -> Result<()> {
    let own = Query::new(&format!(
        "select e.person, {CLASS_HOURS} from credits_entries e {CLASSES}"
    ));
    let query = stretch.of_column(own, "e.person").push(" order by e.person");
    query.each(tx, |row: ClassHours| take(row)).await?;
    let merged = Query::new(&format!(
        "select m.merged_into, {CLASS_HOURS} from people m join credits_entries e on e.person = m.id {CLASSES}
         and m.merged_into is not null"
    ));
    let query = stretch
        .of_column(merged, "m.merged_into")
        .push(" order by m.merged_into");
    query.each(tx, |row: ClassHours| take(row)).await?;
    Ok(())
}

const CLASS_HOURS: &str = "e.year, e.subject, e.hours, k.taught_seconds, k.declared_hours, e.rule";

/// What completed enrolments caused and stands. `enrolment:` has ten characters; what follows is the number.
const CLASSES: &str =
    "join enrolments n on n.id = case when e.cause like 'enrolment:%' then cast(substr(e.cause, 11) as bigint) end
     join classes k on k.id = n.class
     where e.reverses is null and not exists (select 1 from credits_entries r where r.reverses = e.id)";
