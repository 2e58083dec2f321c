//! Entries as a list within a scope.

use db::{FromRow, Query, Row, Tx, code};
use kernel::{Date, EntryId, Hours, PersonId, Place, Result, Scope, Time};
use registry::{Listed, Orders, Window};
use rules::credits::{ActivityForm, Subject};

/// Entries asked for in one statement.
const CHUNK: usize = 500;

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

/// These entries, each with its place.
pub(in crate::credits) async fn places(tx: &mut Tx, entries: &[EntryId]) -> Result<Vec<(EntryId, Place)>> {
    struct Placed(EntryId, Place);
    impl FromRow for Placed {
        fn from_row(row: &Row) -> Result<Self> {
            let place = Place {
                person: row.get(1)?,
                org: row.get(2)?,
                provider: row.get(3)?,
                district: row.get(4)?,
                department: row.get(5)?,
            };
            Ok(Self(row.get(0)?, place))
        }
    }
    let mut places = Vec::with_capacity(entries.len());
    for chunk in entries.chunks(CHUNK) {
        let query = Query::new(
            "select e.id, e.person, e.org, e.provider, e.district, e.department from credits_entries e where 1 = 1",
        )
        .and_in("e.id", chunk.iter().map(|id| (*id).into()))
        .push(" order by e.id");
        let found: Vec<Placed> = query.fetch(tx).await?;
        places.extend(found.into_iter().map(|Placed(id, place)| (id, place)));
    }
    Ok(places)
}

/// Orders that no index serves.
const UNINDEXED: &[&str] = &["earned", "hours", "year"];

/// Entries in a scope.
pub(in crate::credits) async fn list(
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
