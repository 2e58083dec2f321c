//! `experts`, `expert_fields`, `expert_ties`, `expert_steps`, `expert_merits`.

use std::collections::BTreeMap;

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Date, ExpertId, Id, OrgId, PersonId, Place, Result, Role, Scope, Time};
use rules::experts::{Availability, Background, Standing, StandingCode, Step, Term, TieKind};
use rules::people::TitleLevel;

use super::lists::ExpertFilter;
use super::merits::{Merit, NewMerit};
use super::{Expert, Profile};
use crate::{Listed, Orders, Window};

const COLUMNS: &str = "e.id, e.person, e.name, e.org_name, e.title_level, e.title_name, e.background, e.specialty,
    e.state, e.state_at, e.reason, e.term_from, e.term_until, e.capacity, e.away_from, e.away_until, e.org, e.district,
    e.department, e.version";

impl FromRow for Expert {
    fn from_row(row: &Row) -> Result<Self> {
        let person: PersonId = row.get(1)?;
        let (from, until): (Option<Date>, Option<Date>) = (row.get(14)?, row.get(15)?);
        Ok(Self {
            id: row.get(0)?,
            person,
            name: row.get(2)?,
            org_name: row.get(3)?,
            title_level: row.code_opt(4)?,
            title_name: row.get(5)?,
            profile: Profile {
                background: row.code(6)?,
                specialty: row.get(7)?,
                fields: Vec::new(),
                availability: Availability {
                    capacity: row.get(13)?,
                    away: from.zip(until),
                },
            },
            standing: Standing::stored(row.code(8)?, row.get(10)?),
            state_at: row.get(9)?,
            term: Term {
                from: row.get(11)?,
                until: row.get(12)?,
            },
            place: Place {
                person: Some(person),
                org: row.get(16)?,
                provider: None,
                district: row.get(17)?,
                department: row.get(18)?,
            },
            version: row.get(19)?,
        })
    }
}

pub(super) async fn load(tx: &mut Tx, id: ExpertId) -> Result<Expert> {
    let mut expert: Expert = tx
        .one(&format!("select {COLUMNS} from experts e where e.id = $1"), args![id])
        .await?;
    expert.profile.fields = fields(tx, id).await?;
    Ok(expert)
}

/// These memberships, without their fields, in the order of their ids.
pub(super) async fn load_many(tx: &mut Tx, ids: &[ExpertId]) -> Result<Vec<Expert>> {
    let mut experts = Vec::new();
    for some in ids.chunks(500) {
        let found: Vec<Expert> = Query::new(&format!("select {COLUMNS} from experts e where 1 = 1"))
            .and_in("e.id", some.iter().map(|id| (*id).into()))
            .push(" order by e.id")
            .fetch(tx)
            .await?;
        experts.extend(found);
    }
    Ok(experts)
}

/// The membership of one of these records of a person.
pub(super) async fn find_by_person(tx: &mut Tx, family: &[PersonId]) -> Result<Option<Expert>> {
    let found: Option<Expert> = Query::new(&format!("select {COLUMNS} from experts e where 1 = 1"))
        .and_in("e.person", family.iter().map(|id| (*id).into()))
        .push(" order by e.id limit 1")
        .first(tx)
        .await?;
    match found {
        Some(mut expert) => {
            expert.profile.fields = fields(tx, expert.id).await?;
            Ok(Some(expert))
        }
        None => Ok(None),
    }
}

async fn fields(tx: &mut Tx, id: ExpertId) -> Result<Vec<String>> {
    tx.all(
        "select field from expert_fields where expert = $1 order by field",
        args![id],
    )
    .await
}

pub(super) async fn insert(tx: &mut Tx, expert: &Expert, (at, by): (Time, &str)) -> Result<()> {
    let sql = "insert into experts (id, person, name, org_name, title_level, title_name, background, specialty, state,
            state_at, reason, term_from, term_until, capacity, away_from, away_until, org, district, department, created_at,
            created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    let mut values = args![expert.id, expert.person].to_vec();
    values.extend(said(expert));
    values.extend([at.into(), by.into()]);
    tx.exec(sql, &values).await?;
    save_fields(tx, expert).await
}

/// Everything that may change, in the order of both statements.
fn said(expert: &Expert) -> [Value; 17] {
    let away = expert.profile.availability.away;
    [
        expert.name.as_str().into(),
        expert.org_name.as_str().into(),
        expert.title_level.map(code).into(),
        expert.title_name.as_str().into(),
        code(expert.profile.background),
        expert.profile.specialty.as_str().into(),
        code(expert.standing.code()),
        expert.state_at.into(),
        expert.standing.reason().into(),
        expert.term.from.into(),
        expert.term.until.into(),
        expert.profile.availability.capacity.into(),
        away.map(|(from, _)| from).into(),
        away.map(|(_, until)| until).into(),
        expert.place.org.into(),
        expert.place.district.clone().into(),
        expert.place.department.clone().into(),
    ]
}

/// Writes everything, if nobody else changed it since `seen`.
pub(super) async fn save(tx: &mut Tx, expert: &Expert, seen: i64) -> Result<()> {
    let sql = "update experts set name = $3, org_name = $4, title_level = $5, title_name = $6, background = $7,
            specialty = $8, state = $9, state_at = $10, reason = $11, term_from = $12, term_until = $13, capacity = $14,
            away_from = $15, away_until = $16, org = $17, district = $18, department = $19, version = version + 1
        where id = $1 and version = $2";
    let mut values = args![expert.id, seen].to_vec();
    values.extend(said(expert));
    tx.exec_one(sql, &values).await?;
    save_fields(tx, expert).await
}

async fn save_fields(tx: &mut Tx, expert: &Expert) -> Result<()> {
    tx.exec("delete from expert_fields where expert = $1", args![expert.id])
        .await?;
    let rows = expert
        .profile
        .fields
        .iter()
        .map(|field| [Value::from(expert.id), field.as_str().into()]);
    let rows: Vec<[Value; 2]> = rows.collect();
    tx.insert_all("insert into expert_fields (expert, field) values {}", rows)
        .await
        .map(drop)
}

/// One line of the list.
#[derive(Debug, Clone)]
pub struct ExpertLine {
    /// The id.
    pub id: ExpertId,
    /// The name, to be masked.
    pub name: String,
    /// The employer's name.
    pub org_name: String,
    /// The title.
    pub title_name: String,
    /// The level of the title.
    pub title_level: Option<TitleLevel>,
    /// The group in a mixed panel.
    pub background: Background,
    /// In their own words.
    pub specialty: String,
    /// Where it stands.
    pub state: StandingCode,
    /// The last day of the term.
    pub term_until: Date,
    /// Most reviews in a round.
    pub capacity: u32,
}

impl FromRow for ExpertLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            org_name: row.get(2)?,
            title_name: row.get(3)?,
            title_level: row.code_opt(4)?,
            background: row.code(5)?,
            specialty: row.get(6)?,
            state: row.code(7)?,
            term_until: row.get(8)?,
            capacity: row.get(9)?,
        })
    }
}

const ORDERS: Orders = Orders {
    columns: &[
        ("name", "e.name"),
        ("since", "e.state_at"),
        ("until", "e.term_until"),
        ("capacity", "e.capacity"),
    ],
    key: "e.id",
};

/// Experts of a scope.
pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ExpertFilter,
    window: &Window,
) -> Result<Listed<ExpertLine>> {
    let select = format!(
        "select e.id, e.name, e.org_name, e.title_name, e.title_level, e.background, e.specialty, e.state, e.term_until,
            e.capacity{} from experts e where 1 = 1",
        window.tail(&ORDERS)
    );
    let query = narrowed(Query::new(&select).scope(scope, "e"), filter);
    window.fetch(tx, query, &ORDERS).await
}

fn narrowed(query: Query, filter: &ExpertFilter) -> Query {
    let words = filter
        .words
        .as_ref()
        .map(|words| format!("%{}%", words.replace('!', "!!").replace('%', "!%").replace('_', "!_")));
    query
        .and_opt("e.state = {}", filter.state.map(code))
        .and_opt("e.background = {}", filter.background.map(code))
        .and_opt("e.title_level = {}", filter.level.map(code))
        .and_opt(
            "exists (select 1 from expert_fields f where f.expert = e.id and f.field = {})",
            filter.field.clone(),
        )
        .and_opt(
            "(e.name like {} escape '!' or e.org_name like {} escape '!' or e.specialty like {} escape '!')",
            words,
        )
}

/// How many experts of a scope are in each state.
pub(super) async fn counts(tx: &mut Tx, scope: &Scope) -> Result<Vec<(StandingCode, i64)>> {
    let rows: Vec<(String, i64)> = Query::new("select e.state, count(*) from experts e where 1 = 1")
        .scope(scope, "e")
        .push(" group by e.state")
        .fetch(tx)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(state, count)| Some((<StandingCode as kernel::Code>::from_code(&state)?, count)))
        .collect())
}

/// The active experts of a scope whose term holds a day, with their fields; for choosing reviewers.
pub(super) async fn active(tx: &mut Tx, scope: &Scope, day: Date) -> Result<Vec<Expert>> {
    let mut experts: Vec<Expert> = Query::new(&format!("select {COLUMNS} from experts e where e.state = 'active'"))
        .scope(scope, "e")
        .and("e.term_from <= {}", day)
        .and("e.term_until >= {}", day)
        .push(" order by e.id")
        .fetch(tx)
        .await?;
    let fields: Vec<(ExpertId, String)> = Query::new(
        "select f.expert, f.field from expert_fields f join experts e on e.id = f.expert where e.state = 'active'",
    )
    .scope(scope, "e")
    .push(" order by f.expert, f.field")
    .fetch(tx)
    .await?;
    for (expert, field) in fields {
        if let Ok(at) = experts.binary_search_by_key(&expert, |one| one.id) {
            experts[at].profile.fields.push(field);
        }
    }
    Ok(experts)
}

pub(super) async fn names(tx: &mut Tx, ids: &[ExpertId]) -> Result<BTreeMap<ExpertId, String>> {
    let mut names = BTreeMap::new();
    for some in ids.chunks(500) {
        let found: Vec<(ExpertId, String)> = Query::new("select e.id, e.name from experts e where 1 = 1")
            .and_in("e.id", some.iter().map(|id| (*id).into()))
            .fetch(tx)
            .await?;
        names.extend(found);
    }
    Ok(names)
}

/// A declared tie.
#[derive(Debug, Clone)]
pub struct Tie {
    /// Its id.
    pub id: i64,
    /// Whose.
    pub expert: ExpertId,
    /// What kind.
    pub kind: TieKind,
    /// The organisation, where it is registered.
    pub org: Option<OrgId>,
    /// The name of the organisation or person.
    pub name: String,
    /// When it ended.
    pub until: Option<Date>,
    /// What else was said.
    pub note: String,
    /// When it was declared.
    pub added_at: Time,
    /// When it was taken back.
    pub ended_at: Option<Time>,
}

impl FromRow for Tie {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            expert: row.get(1)?,
            kind: row.code(2)?,
            org: row.get(3)?,
            name: row.get(4)?,
            until: row.get(5)?,
            note: row.get(6)?,
            added_at: row.get(7)?,
            ended_at: row.get(8)?,
        })
    }
}

const TIE: &str = "select t.id, t.expert, t.kind, t.org, t.name, t.until_day, t.note, t.added_at, t.ended_at
    from expert_ties t where 1 = 1";

/// The ties of these experts, oldest first.
pub(super) async fn ties(tx: &mut Tx, experts: &[ExpertId]) -> Result<Vec<Tie>> {
    let mut all = Vec::new();
    for some in experts.chunks(500) {
        let found: Vec<Tie> = Query::new(TIE)
            .and_in("t.expert", some.iter().map(|id| (*id).into()))
            .push(" order by t.id")
            .fetch(tx)
            .await?;
        all.extend(found);
    }
    Ok(all)
}

pub(super) async fn insert_tie(tx: &mut Tx, tie: &Tie, by: &str) -> Result<()> {
    let sql = "insert into expert_ties (id, expert, kind, org, name, until_day, note, added_at, added_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = args![
        tie.id,
        tie.expert,
        code(tie.kind),
        tie.org,
        tie.name.as_str(),
        tie.until,
        tie.note.as_str(),
        tie.added_at,
        by,
    ];
    tx.exec(sql, values).await.map(drop)
}

pub(super) async fn end_tie(tx: &mut Tx, expert: ExpertId, tie: i64, (at, by): (Time, &str)) -> Result<()> {
    let sql = "update expert_ties set ended_at = $3, ended_by = $4 where id = $1 and expert = $2 and ended_at is null";
    tx.exec_one(sql, args![tie, expert, at, by]).await
}

/// One step of the story.
#[derive(Debug, Clone)]
pub struct Told {
    /// When.
    pub at: Time,
    /// What happened.
    pub step: Step,
    /// In which role somebody acted.
    pub role: Role,
    /// What was said with it.
    pub note: String,
}

impl FromRow for Told {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            at: row.get(0)?,
            step: row.code(1)?,
            role: row.code(2)?,
            note: row.get(3)?,
        })
    }
}

pub(super) async fn add_step(tx: &mut Tx, expert: ExpertId, told: &Told, actor: &str) -> Result<()> {
    let sql = "insert into expert_steps (id, expert, at, step, role, actor, note) values ($1, $2, $3, $4, $5, $6, $7)";
    let id: Id<()> = tx.mint();
    let note = told.note.as_str();
    tx.exec(
        sql,
        args![id, expert, told.at, code(told.step), code(told.role), actor, note],
    )
    .await
    .map(drop)
}

pub(super) async fn steps(tx: &mut Tx, expert: ExpertId) -> Result<Vec<Told>> {
    tx.all(
        "select at, step, role, note from expert_steps where expert = $1 order by id",
        args![expert],
    )
    .await
}

/// Adds a deed to the record; a cause that is known changes nothing.
pub(super) async fn insert_merit(tx: &mut Tx, merit: &NewMerit, (at, by): (Time, &str)) -> Result<bool> {
    let sql =
        "insert into expert_merits (id, expert, kind, title, amount, rating, note, on_day, cause, added_at, added_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (cause) do nothing";
    let id: Id<()> = tx.mint();
    let values = args![
        id,
        merit.expert,
        code(merit.kind),
        merit.title.as_str(),
        merit.amount,
        merit.rating,
        merit.note.as_str(),
        merit.on,
        merit.cause.as_str(),
        at,
        by,
    ];
    tx.exec_new(sql, values).await
}

impl FromRow for Merit {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            kind: row.code(0)?,
            title: row.get(1)?,
            amount: row.get(2)?,
            rating: row.get(3)?,
            note: row.get(4)?,
            on: row.get(5)?,
        })
    }
}

pub(super) async fn merits(tx: &mut Tx, expert: ExpertId) -> Result<Vec<Merit>> {
    let sql =
        "select kind, title, amount, rating, note, on_day from expert_merits where expert = $1 order by on_day, id";
    tx.all(sql, args![expert]).await
}
