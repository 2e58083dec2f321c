//! SQL of people and their employments; `imports.rs` that of roster imports.

pub(super) mod imports;

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Code, DocumentKind, IdentityDocument, Result, Scope, Time, id::PersonId};

use super::{Filter, Person, Standing, employments::Move};
use crate::{Listed, Orders, Window};

const COLUMNS: &str = "p.id, p.name, p.document_kind, p.document_no, p.born, p.phone, p.title_series, p.title_level,
    p.title_name, p.post, p.post_kind, p.front_line, p.field, p.org, p.district, p.department, p.standing,
    p.verified_by, p.verified_at, p.merged_into, p.created_at, p.version";

const ORDERS: Orders = Orders {
    columns: &[
        ("created", "p.id"),
        ("name", "p.name"),
        (
            "level",
            "case p.title_level when 'senior' then 5 when 'associate' then 4 when 'intermediate' then 3
             when 'assistant' then 2 when 'technician' then 1 else 0 end",
        ),
        ("district", "coalesce(p.district, '')"),
        ("standing", "p.standing"),
    ],
    key: "p.id",
};
/// Orders that no index serves.
const UNINDEXED: &[&str] = &["level", "district", "standing"];
/// The same of a list that is narrowed to a name: its rows come by name.
const UNINDEXED_OF_NAME: &[&str] = &["created", "level", "district", "standing"];

impl FromRow for Person {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            document: IdentityDocument::stored(row.code(2)?, row.get(3)?),
            born: row.get(4)?,
            phone: row.get(5)?,
            title_series: row.get(6)?,
            title_level: row.code_opt(7)?,
            title_name: row.get(8)?,
            post: row.get(9)?,
            post_kind: row.code(10)?,
            front_line: row.get(11)?,
            field: row.get(12)?,
            org: row.get(13)?,
            district: row.get(14)?,
            department: row.get(15)?,
            standing: standing(&row.get::<String>(16)?, row.get(17)?, row.get(18)?),
            merged_into: row.get(19)?,
            created_at: row.get(20)?,
            version: row.get(21)?,
        })
    }
}

fn standing(text: &str, by: Option<String>, at: Option<Time>) -> Standing {
    match (text, by, at) {
        ("verified", Some(by), Some(at)) => Standing::Verified { by, at },
        _ => Standing::Unverified,
    }
}

fn select() -> String {
    format!("select {COLUMNS} from people p where 1 = 1")
}

pub(super) async fn load(tx: &mut Tx, id: PersonId) -> Result<Person> {
    Query::new(&select()).and("p.id = {}", id).one(tx).await
}

pub(super) async fn load_many(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Person>> {
    let mut people = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        people.extend(
            Query::new(&select())
                .and_in("p.id", some.iter().map(|id| (*id).into()))
                .fetch::<Person>(tx)
                .await?,
        );
    }
    Ok(people)
}

pub(super) async fn find_by_document(tx: &mut Tx, document: &IdentityDocument) -> Result<Option<Person>> {
    Query::new(&select())
        .and("p.document_kind = {}", code(document.kind()))
        .and("p.document_no = {}", document.number())
        .first(tx)
        .await
}

/// Records with any of these documents.
///
/// Each document is a point look-up in the unique index, written as a correlated subquery: an `in (…)` of hundreds
/// of numbers makes PostgreSQL read the whole table while it has no statistics of it, which is exactly what a first
/// import meets (measured: quadratic).
pub(super) async fn by_documents(tx: &mut Tx, documents: &[&IdentityDocument]) -> Result<Vec<Person>> {
    let mut ids: Vec<i64> = Vec::new();
    for kind in DocumentKind::ALL {
        let numbers: Vec<&str> = documents
            .iter()
            .filter(|document| document.kind() == *kind)
            .map(|document| document.number())
            .collect();
        for some in numbers.chunks(500) {
            let places: Vec<String> = (2..some.len() + 2).map(|n| format!("(${n})")).collect();
            let sql = format!(
                "with asked (no) as (values {})
                 select (select p.id from people p where p.document_kind = $1 and p.document_no = asked.no) from asked",
                places.join(", ")
            );
            let mut args = vec![code(*kind)];
            args.extend(some.iter().map(|number| Value::from(*number)));
            ids.extend(tx.all::<Option<i64>>(&sql, &args).await?.into_iter().flatten());
        }
    }
    load_many(tx, &ids).await
}

/// The record and all that it absorbed, through any number of merges.
pub(super) async fn family(tx: &mut Tx, root: PersonId) -> Result<Vec<PersonId>> {
    let sql = "with recursive family (id) as (
            select cast($1 as bigint)
            union select p.id from people p join family f on p.merged_into = f.id)
        select id from family order by id";
    tx.all(sql, args![root]).await
}

/// Everything merged into these records, with the record it belongs to now.
pub(super) async fn absorbed_by(tx: &mut Tx, roots: &[PersonId]) -> Result<Vec<(PersonId, PersonId)>> {
    let mut found = Vec::new();
    for some in roots.chunks(500) {
        let places: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "with recursive family (id, root) as (
                select p.id, p.merged_into from people p where p.merged_into in ({})
                union all select p.id, f.root from people p join family f on p.merged_into = f.id)
             select id, root from family order by id",
            places.join(", ")
        );
        let values: Vec<Value> = some.iter().map(|id| (*id).into()).collect();
        found.extend(tx.all::<(PersonId, PersonId)>(&sql, &values).await?);
    }
    Ok(found)
}

pub(super) async fn list(tx: &mut Tx, scope: &Scope, filter: &Filter, window: &Window) -> Result<Listed<Person>> {
    let select = format!(
        "select {COLUMNS}{} from people p where p.merged_into is null",
        window.tail(&ORDERS)
    );
    let query = Query::new(&select)
        .scope(scope, "p")
        .and_begins("p.name", filter.words.as_deref())
        .and_opt("p.title_level = {}", filter.title_level.map(code))
        .and_opt("p.title_series = {}", filter.title_series.clone())
        .and_opt("p.district = {}", filter.district.clone())
        .and_opt("p.field = {}", filter.field.clone())
        .and_opt("p.org = {}", filter.org);
    // The few that wait have an index of their own, which is found by the word itself and not by an argument.
    let query = match filter.standing.as_deref() {
        Some(UNVERIFIED) => query.and_plain(IS_UNVERIFIED),
        other => query.and_opt("p.standing = {}", other),
    };
    let query = if filter.front_line {
        query.and_plain("p.front_line = 1")
    } else {
        query
    };
    let unindexed = if filter.words.is_some() {
        UNINDEXED_OF_NAME
    } else {
        UNINDEXED
    };
    window.fetch_ordered(tx, query, &ORDERS, unindexed).await
}

const UNVERIFIED: &str = "unverified";
const IS_UNVERIFIED: &str = "p.standing = 'unverified'";

pub(super) async fn count_unverified(tx: &mut Tx, scope: &Scope) -> Result<u64> {
    Query::new("select p.id from people p where p.merged_into is null")
        .scope(scope, "p")
        .and_plain(IS_UNVERIFIED)
        .count_up_to(tx, 10_001)
        .await
}

const INSERTED: &str = "id, person, name, document_kind, document_no, born, phone, title_series, title_level,
    title_name, post, post_kind, front_line, field, org, district, department, standing, verified_by, verified_at,
    merged_into, created_at, version";

/// The values of a row, in the order of [`INSERTED`].
fn values(person: &Person) -> [Value; 23] {
    let (by, at) = match &person.standing {
        Standing::Unverified => (None, None),
        Standing::Verified { by, at } => (Some(by.clone()), Some(*at)),
    };
    [
        person.id.into(),
        person.id.into(),
        (&person.name).into(),
        code(person.document.kind()),
        person.document.number().into(),
        person.born.into(),
        (&person.phone).into(),
        person.title_series.clone().into(),
        person.title_level.map(|level| level.code()).into(),
        (&person.title_name).into(),
        (&person.post).into(),
        code(person.post_kind),
        person.front_line.into(),
        person.field.clone().into(),
        person.org.into(),
        person.district.clone().into(),
        person.department.clone().into(),
        person.standing.code().into(),
        by.into(),
        at.into(),
        person.merged_into.into(),
        person.created_at.into(),
        person.version.into(),
    ]
}

pub(super) async fn insert(tx: &mut Tx, person: &Person) -> Result<()> {
    tx.insert_all(
        &format!("insert into people ({INSERTED}) values {{}}"),
        [values(person)],
    )
    .await
    .map(drop)
}

const CHANGED: [&str; 17] = [
    "name",
    "document_kind",
    "document_no",
    "born",
    "phone",
    "title_series",
    "title_level",
    "title_name",
    "post",
    "post_kind",
    "front_line",
    "field",
    "org",
    "district",
    "department",
    "standing",
    "verified_by",
];

/// New records are inserted, known ones changed; keyed by id. No id may occur twice.
pub(super) async fn upsert_many(tx: &mut Tx, people: &[Person]) -> Result<()> {
    let sets: Vec<String> = CHANGED
        .iter()
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    let sql = format!(
        "insert into people ({INSERTED}) values {{}} on conflict (id) do update set {},
         verified_at = excluded.verified_at, version = people.version + 1",
        sets.join(", ")
    );
    tx.insert_all(&sql, people.iter().map(values).collect::<Vec<_>>())
        .await
        .map(drop)
}

pub(super) async fn save(tx: &mut Tx, version: i64, person: &Person) -> Result<()> {
    let sets: Vec<String> = CHANGED
        .iter()
        .enumerate()
        .map(|(i, column)| format!("{column} = ${}", i + 3))
        .collect();
    let sql = format!(
        "update people set {}, verified_at = $20, version = version + 1
         where id = $1 and version = $2 and merged_into is null",
        sets.join(", ")
    );
    let mut args = args![person.id, version].to_vec();
    args.extend(values(person).into_iter().skip(2).take(18));
    tx.exec_one(&sql, &args).await
}

/// Marks a record as absorbed by another, or as standing for itself again.
pub(super) async fn set_merged(tx: &mut Tx, id: PersonId, into: Option<PersonId>) -> Result<()> {
    tx.exec_one(
        "update people set merged_into = $2, version = version + 1 where id = $1",
        args![id, into],
    )
    .await
}

/// Ends the running stays of these people on the day before each begins anew.
pub(super) async fn end_employments(tx: &mut Tx, people: &[PersonId], moves: &[Move]) -> Result<()> {
    let mut known: Vec<(kernel::Date, Vec<Value>)> = Vec::new();
    for (person, one) in people.iter().zip(moves).filter(|(_, one)| one.known) {
        let day = one.from.pred_opt().unwrap_or(one.from);
        match known.iter_mut().find(|(of, _)| *of == day) {
            Some((_, ids)) => ids.push((*person).into()),
            None => known.push((day, vec![(*person).into()])),
        }
    }
    for (day, ids) in known {
        let places: Vec<String> = (2..ids.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "update employments set until_day = case when from_day > $1 then from_day else $1 end
             where until_day is null and person in ({})",
            places.join(", ")
        );
        let mut args = vec![Value::from(day)];
        args.extend(ids);
        tx.exec(&sql, &args).await?;
    }
    Ok(())
}

/// A merge as its row has it.
#[derive(Debug, Clone)]
pub(super) struct MergeRow {
    pub(super) id: i64,
    pub(super) survivor: PersonId,
    pub(super) absorbed: PersonId,
    pub(super) before: serde_json::Value,
    pub(super) merged_at: Time,
    pub(super) merged_by: String,
    pub(super) reason: String,
    pub(super) undone_at: Option<Time>,
    pub(super) undone_by: Option<String>,
}

impl FromRow for MergeRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            survivor: row.get(1)?,
            absorbed: row.get(2)?,
            before: row.get(3)?,
            merged_at: row.get(4)?,
            merged_by: row.get(5)?,
            reason: row.get(6)?,
            undone_at: row.get(7)?,
            undone_by: row.get(8)?,
        })
    }
}

const MERGE: &str =
    "m.id, m.survivor, m.absorbed, m.before, m.merged_at, m.merged_by, m.reason, m.undone_at, m.undone_by";

const MERGE_ORDERS: Orders = Orders {
    columns: &[("merged", "m.merged_at")],
    key: "m.id",
};

pub(super) async fn insert_merge(tx: &mut Tx, row: &MergeRow) -> Result<()> {
    let sql = "insert into people_merges (id, survivor, absorbed, before, merged_at, merged_by, reason)
        values ($1, $2, $3, $4, $5, $6, $7)";
    let args = args![
        row.id,
        row.survivor,
        row.absorbed,
        &row.before,
        row.merged_at,
        &row.merged_by,
        &row.reason
    ];
    tx.exec(sql, args).await.map(drop)
}

pub(super) async fn load_merge(tx: &mut Tx, id: i64) -> Result<MergeRow> {
    tx.one(
        &format!("select {MERGE} from people_merges m where m.id = $1"),
        args![id],
    )
    .await
}

pub(super) async fn undo_merge(tx: &mut Tx, id: i64, (by, at): (&str, Time)) -> Result<()> {
    let sql = "update people_merges set undone_at = $2, undone_by = $3 where id = $1 and undone_at is null";
    tx.exec_one(sql, args![id, at, by]).await
}

/// Merges whose survivor the scope holds.
pub(super) async fn list_merges(tx: &mut Tx, scope: &Scope, window: &Window) -> Result<Listed<MergeRow>> {
    let from = "people_merges m join people p on p.id = m.survivor";
    let select = format!("select {MERGE}{} from {from} where 1 = 1", window.tail(&MERGE_ORDERS));
    window
        .fetch(tx, Query::new(&select).scope(scope, "p"), &MERGE_ORDERS)
        .await
}
