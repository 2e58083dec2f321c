//! The rows that are posted, once as the use case wants them and once as bare columns of the two tables.
//!
//! A batch is what the completion of a class posts: one activity, hundreds of people scattered over the city. The raw
//! side is given its rows and its sums ready made, so it pays for nothing but the database.

use std::collections::BTreeMap;

use kernel::{Code as _, Date, EnrolmentId, Hours, OrgId, PersonId, Place, date};
use rules::credits::{ActivityForm, Cause, Posting, Subject};

/// Rows of a batch.
pub const BATCH: usize = 500;
/// People among whom the entries are scattered.
const PEOPLE: u64 = 20_000;
/// Employers they work for.
const EMPLOYERS: u64 = 400;
/// Columns of `credits_entries`, in the order of [`ENTRY_COLUMNS`].
pub const ENTRY_WIDTH: usize = 22;
/// The columns an entry is written with.
pub const ENTRY_COLUMNS: &str = "id, person, year, subject, form, hours, cause, attempt, title, rule, edition, basis,
    earned_on, posted_at, posted_by, reverses, reason, org, provider, district, department, salt";
/// Columns of `credits_balances`.
pub const BALANCE_WIDTH: usize = 5;
/// The columns a balance is written with.
pub const BALANCE_COLUMNS: &str = "person, year, subject, hours, activities";

/// A value of a bare column.
#[derive(Debug, Clone)]
pub enum Cell {
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
    Null,
}

/// Rows that are posted together.
pub struct Batch {
    /// For the use case.
    pub postings: Vec<Posting>,
    /// For the raw insert into `credits_entries`.
    pub entries: Vec<[Cell; ENTRY_WIDTH]>,
    /// For the raw upsert into `credits_balances`, in the order of its key.
    pub balances: Vec<[Cell; BALANCE_WIDTH]>,
}

/// Among whom entries are scattered.
#[derive(Debug, Clone, Copy)]
pub enum Cast {
    /// People and employers that no table knows, with ids as large as minted ones.
    Strangers,
    /// All people of a demonstration city, whose ids count from 1, and its employers.
    City { people: u64, employers: u64 },
}

impl Cast {
    /// The person of entry `number`. 7,919 is a prime that divides no such number of people, so every run of so many
    /// entries meets everybody once.
    fn person(self, number: u64) -> PersonId {
        match self {
            Self::Strangers => PersonId::new(minted(number * 7_919 % PEOPLE)),
            Self::City { people, .. } => PersonId::new((1 + number * 7_919 % people).cast_signed()),
        }
    }

    fn employer(self, number: u64) -> OrgId {
        match self {
            Self::Strangers => OrgId::new(minted(number % EMPLOYERS)),
            Self::City { employers, .. } => OrgId::new((1 + number * 7_919 % employers).cast_signed()),
        }
    }
}

/// Batch `number` of `size` rows among strangers.
pub fn batch(number: u64, size: usize) -> Batch {
    let first = (3_i64 << 60) | (number.cast_signed() << 16);
    let ids = (0..size as u64).map(|row| first | row.cast_signed());
    batch_among(Cast::Strangers, number, &ids.collect::<Vec<_>>())
}

/// Batch `number` among a cast; the raw rows get these ids, one each.
pub fn batch_among(cast: Cast, number: u64, ids: &[i64]) -> Batch {
    let size = ids.len() as u64;
    let postings: Vec<Posting> = (0..size).map(|row| posting(cast, (number, row), size)).collect();
    let entries = ids.iter().zip(&postings).map(|(id, posting)| entry(*id, posting));
    Batch {
        entries: entries.collect(),
        balances: balances(&postings),
        postings,
    }
}

impl Batch {
    /// Ids of the raw rows.
    pub fn ids(&self) -> impl Iterator<Item = i64> + '_ {
        self.entries.iter().filter_map(|row| match row[0] {
            Cell::Int(id) => Some(id),
            _ => None,
        })
    }
}

/// Ids as large as minted ones, so that they take as many bytes.
fn minted(number: u64) -> i64 {
    (1_i64 << 58) | (number << 22).cast_signed()
}

/// One entry. A person is met again only after all others, as in a city where everybody learns.
pub fn posting(cast: Cast, (batch, row): (u64, u64), size: u64) -> Posting {
    let number = batch * size + row;
    let person = cast.person(number);
    let subject = if batch.is_multiple_of(3) {
        Subject::Public
    } else {
        Subject::Professional
    };
    let place = Place {
        person: Some(person),
        org: Some(cast.employer(number)),
        provider: Some(OrgId::new(minted(500 + batch % 60))),
        district: Some(format!("3101{:02}", 1 + number % 16)),
        department: number.is_multiple_of(4).then(|| "economy".to_owned()),
    };
    Posting {
        person,
        year: 2026,
        subject,
        form: ActivityForm::Class,
        hours: Hours::hundredths(1_200),
        cause: Cause::Enrolment(EnrolmentId::new(minted(1_000_000 + number))),
        attempt: 1,
        title: format!("大模型与工业智能应用高级研修班（第 {batch} 期）"),
        rule: "R-7".into(),
        edition: "2022".into(),
        basis: "授课 560 分钟，按 45 分钟计 1 学时，计 12.44；申报 12，取较小值。".to_owned(),
        earned_on: earned(batch),
        reverses: None,
        reason: None,
        place,
    }
}

fn earned(batch: u64) -> Date {
    let month = 1 + u32::try_from(batch % 12).unwrap_or_default();
    date(2026, month, 1 + u32::try_from(batch % 28).unwrap_or_default())
}

fn entry(id: i64, posting: &Posting) -> [Cell; ENTRY_WIDTH] {
    let text = |text: &str| Cell::Text(text.to_owned());
    let int = |int: Option<i64>| int.map_or(Cell::Null, Cell::Int);
    let maybe = |text: &Option<String>| text.clone().map_or(Cell::Null, Cell::Text);
    [
        Cell::Int(id),
        Cell::Int(posting.person.get()),
        Cell::Int(posting.year.into()),
        text(posting.subject.code()),
        text(posting.form.code()),
        Cell::Int(posting.hours.get()),
        Cell::Text(posting.cause.text()),
        Cell::Int(posting.attempt),
        text(&posting.title),
        text(&posting.rule),
        text(&posting.edition),
        text(&posting.basis),
        Cell::Text(posting.earned_on.to_string()),
        Cell::Int(1_770_000_000_000_000),
        text("system:bench"),
        int(posting.reverses.map(kernel::Id::get)),
        maybe(&posting.reason),
        int(posting.place.org.map(kernel::Id::get)),
        int(posting.place.provider.map(kernel::Id::get)),
        maybe(&posting.place.district),
        maybe(&posting.place.department),
        // As long as a random one; the raw side is not asked to draw it.
        Cell::Blob(
            id.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64.cast_signed())
                .to_be_bytes()
                .repeat(2),
        ),
    ]
}

fn balances(postings: &[Posting]) -> Vec<[Cell; BALANCE_WIDTH]> {
    let mut sums: BTreeMap<(i64, i32, &'static str), (i64, i64)> = BTreeMap::new();
    for posting in postings {
        let sum = sums
            .entry((posting.person.get(), posting.year, posting.subject.code()))
            .or_default();
        sum.0 += posting.hours.get();
        sum.1 += 1;
    }
    let rows = sums.into_iter().map(|((person, year, subject), (hours, activities))| {
        [
            Cell::Int(person),
            Cell::Int(year.into()),
            Cell::Text(subject.to_owned()),
            Cell::Int(hours),
            Cell::Int(activities),
        ]
    });
    rows.collect()
}
