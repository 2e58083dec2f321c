//! `enrolments`. Rows are written whole: whoever writes one has read it under the lock of its class.

use std::collections::HashMap;

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{OrgId, PersonId, Place, Result, Time, id::ClassId, id::EnrolmentId};
use rules::courses::EnrolmentState;
use rules::courses::enrolment::{EnrolmentCode, Outcome, Recorded};
use rules::courses::seats::{Queued, Seat};

/// People named in one `in (…)`.
const CHUNK: usize = 500;

/// An enrolment as stored.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// Its id.
    pub id: EnrolmentId,
    /// The class.
    pub class: ClassId,
    /// The person.
    pub person: PersonId,
    /// The person's name of that day.
    pub name: String,
    /// The employer's name of that day.
    pub org_name: String,
    /// Whether the person was front-line staff that day.
    pub front_line: bool,
    /// The state.
    pub state: EnrolmentState,
    /// Order of arrival within the class.
    pub order: i64,
    /// Who enrolled the person, as the trail writes it.
    pub enrolled_by: String,
    /// When.
    pub enrolled_at: Time,
    /// When the state began.
    pub state_at: Time,
    /// Employer, provider, district and department of that day.
    pub place: Place,
    /// Rises with every change.
    pub version: i64,
}

pub(in crate::courses) const COLUMNS: &str = "e.id, e.class, e.person, e.name, e.org_name, e.front_line, e.state,
    e.seat, e.place, e.enrolled_by, e.enrolled_at, e.state_at, e.reason, e.result, e.score, e.result_at, e.result_by,
    e.org, e.provider, e.district, e.department, e.version";

impl FromRow for Enrolment {
    fn from_row(row: &Row) -> Result<Self> {
        let state: EnrolmentCode = row.code(6)?;
        let state_at: Time = row.get(11)?;
        let person: PersonId = row.get(2)?;
        Ok(Self {
            id: row.get(0)?,
            class: row.get(1)?,
            person,
            name: row.get(3)?,
            org_name: row.get(4)?,
            front_line: row.get(5)?,
            state: EnrolmentState::stored(state, state_at, row.get(12)?, row.code(7)?, recorded(row)?)?,
            order: row.get(8)?,
            enrolled_by: row.get(9)?,
            enrolled_at: row.get(10)?,
            state_at,
            place: Place {
                person: Some(person),
                org: row.get::<Option<OrgId>>(17)?,
                provider: Some(row.get(18)?),
                district: row.get(19)?,
                department: row.get(20)?,
            },
            version: row.get(21)?,
        })
    }
}

fn recorded(row: &Row) -> Result<Option<Recorded>> {
    if row.get::<Option<String>>(13)?.is_none() {
        return Ok(None);
    }
    let outcome: Outcome = row.code(13)?;
    let by: Option<String> = row.get(16)?;
    Ok(Some(Recorded {
        outcome,
        score: row.get(14)?,
        at: row.get(15)?,
        by: by.unwrap_or_default(),
    }))
}

fn columns(e: &Enrolment) -> [Value; 21] {
    let (seat, reason, result) = match &e.state {
        EnrolmentState::Enrolled { seat, result } => (*seat, "", result.as_ref()),
        EnrolmentState::Withdrawn { reason, .. } => (Seat::None, reason.as_str(), None),
        EnrolmentState::Completed { result, .. } => (Seat::General, "", Some(result)),
        EnrolmentState::Failed { reason, result, .. } => (Seat::General, reason.as_str(), Some(result)),
        _ => (Seat::None, "", None),
    };
    [
        e.id.into(),
        e.class.into(),
        e.person.into(),
        e.name.as_str().into(),
        e.org_name.as_str().into(),
        e.front_line.into(),
        code(e.state.code()),
        code(seat),
        e.order.into(),
        e.enrolled_by.as_str().into(),
        e.enrolled_at.into(),
        e.state_at.into(),
        reason.into(),
        result.map(|r| code(r.outcome)).unwrap_or_default(),
        result.and_then(|r| r.score).into(),
        result.map(|r| r.at).into(),
        result.map(|r| r.by.as_str()).into(),
        e.place.org.into(),
        e.place.provider.into(),
        e.place.district.as_deref().into(),
        e.place.department.as_deref().into(),
    ]
}

/// Writes enrolments whole, new ones and known ones, in one statement a few hundred rows.
pub(in crate::courses) async fn put(tx: &mut Tx, enrolments: &[Enrolment]) -> Result<()> {
    let sql = "insert into enrolments (id, class, person, name, org_name, front_line, state, seat, place, enrolled_by,
        enrolled_at, state_at, reason, result, score, result_at, result_by, org, provider, district, department)
        values {} on conflict (class, person) do update set name = excluded.name, org_name = excluded.org_name,
        front_line = excluded.front_line, state = excluded.state, seat = excluded.seat, place = excluded.place,
        enrolled_by = excluded.enrolled_by, enrolled_at = excluded.enrolled_at, state_at = excluded.state_at,
        reason = excluded.reason, result = excluded.result, score = excluded.score, result_at = excluded.result_at,
        result_by = excluded.result_by, org = excluded.org, provider = excluded.provider,
        district = excluded.district, department = excluded.department, version = enrolments.version + 1";
    tx.insert_all(sql, enrolments.iter().map(columns)).await.map(drop)
}

pub(in crate::courses) async fn load(tx: &mut Tx, id: EnrolmentId) -> Result<Enrolment> {
    tx.one(
        &format!("select {COLUMNS} from enrolments e where e.id = $1"),
        args![id],
    )
    .await
}

/// The enrolment of one person in one class, if there is one.
pub(in crate::courses) async fn find(tx: &mut Tx, class: ClassId, person: PersonId) -> Result<Option<Enrolment>> {
    let sql = format!("select {COLUMNS} from enrolments e where e.class = $1 and e.person = $2");
    tx.first(&sql, args![class, person]).await
}

/// Those of these people who have an enrolment in the class, whatever its state.
pub(in crate::courses) async fn of_people(
    tx: &mut Tx,
    class: ClassId,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Enrolment>> {
    let mut found = HashMap::new();
    for chunk in people.chunks(CHUNK) {
        let select = format!("select {COLUMNS} from enrolments e where 1 = 1");
        let rows: Vec<Enrolment> = Query::new(&select)
            .and("e.class = {}", class)
            .and_in("e.person", chunk.iter().map(|person| (*person).into()))
            .fetch(tx)
            .await?;
        found.extend(rows.into_iter().map(|e| (e.person, e)));
    }
    Ok(found)
}

/// Everybody in a class with this state, in the order of arrival.
pub(in crate::courses) async fn in_state(tx: &mut Tx, class: ClassId, state: EnrolmentCode) -> Result<Vec<Enrolment>> {
    let sql = format!("select {COLUMNS} from enrolments e where e.class = $1 and e.state = $2 order by e.place");
    tx.all(&sql, args![class, code(state)]).await
}

/// Everybody in a class, in the order of arrival.
pub(in crate::courses) async fn of_class(tx: &mut Tx, class: ClassId) -> Result<Vec<Enrolment>> {
    let sql = format!("select {COLUMNS} from enrolments e where e.class = $1 order by e.place");
    tx.all(&sql, args![class]).await
}

/// The first who wait, in the order of arrival: as many as there are free general seats, and as many front-line
/// staff as there are free reserved ones.
pub(in crate::courses) async fn queue(
    tx: &mut Tx,
    class: ClassId,
    (general, reserved): (i64, i64),
) -> Result<Vec<Queued<PersonId>>> {
    let queued = |front_line: Option<i64>, many: i64| {
        Query::new("select e.person, e.place, e.front_line from enrolments e where e.state = 'waiting'")
            .and("e.class = {}", class)
            .and_opt("e.front_line = {}", front_line)
            .push_with(" order by e.place limit {}", [many.into()])
    };
    let mut rows: Vec<(PersonId, i64, bool)> = queued(None, general + reserved).fetch(tx).await?;
    if reserved > 0 {
        rows.extend(queued(Some(1), reserved).fetch::<(PersonId, i64, bool)>(tx).await?);
    }
    rows.sort_by_key(|(_, place, _)| *place);
    rows.dedup();
    Ok(rows
        .into_iter()
        .map(|(who, place, front_line)| Queued { who, place, front_line })
        .collect())
}

/// How many wait before this order of arrival.
pub(in crate::courses) async fn waiting_before(tx: &mut Tx, class: ClassId, order: i64) -> Result<i64> {
    let sql = "select count(*) from enrolments where class = $1 and state = 'waiting' and place < $2";
    tx.one(sql, args![class, order]).await
}

/// The enrolments of a class that completed, in the order of arrival.
pub(in crate::courses) async fn completed(tx: &mut Tx, class: ClassId) -> Result<Vec<EnrolmentId>> {
    tx.all(
        "select id from enrolments where class = $1 and state = 'completed' order by place",
        args![class],
    )
    .await
}
