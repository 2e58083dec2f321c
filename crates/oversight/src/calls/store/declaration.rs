//! `declarations`.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{Error, Money, OrgId, Place, Result, Role, Scope, Time, id::CallId, id::DeclarationId, id::TopicId};
use registry::{Listed, Orders, Window};
use rules::calls::{Content, DeclarationState};

/// A declaration.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// Its id.
    pub id: DeclarationId,
    /// 申报编号, once it was handed in.
    pub number: Option<String>,
    /// For which call.
    pub call: CallId,
    /// For which topic, where the call has topics.
    pub topic: Option<TopicId>,
    /// What it says.
    pub content: Content,
    /// Who would host.
    pub host: OrgId,
    /// Its name.
    pub host_name: String,
    /// Who recommends.
    pub recommender: Role,
    /// Where it stands.
    pub state: DeclarationState,
    /// Since when.
    pub state_at: Time,
    /// What was said with the last move.
    pub reason: String,
    /// How often it was handed in.
    pub round: i64,
    /// When it was handed in first.
    pub submitted_at: Option<Time>,
    /// Its place in the ranking.
    pub rank: Option<u32>,
    /// Its score in hundredths.
    pub score: Option<i64>,
    /// What the review said.
    pub note: String,
    /// 计划编号, once it is in the plan.
    pub plan_number: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// Grows with every move.
    pub version: i64,
}

const COLUMNS: &str =
    "d.id, d.number, d.call, d.topic, d.content, d.host_name, d.recommender, d.state, d.state_at, d.reason, d.round,
    d.submitted_at, d.place, d.score, d.note, d.plan_number, d.org, d.provider, d.district, d.department, d.version";

impl FromRow for Declaration {
    fn from_row(row: &Row) -> Result<Self> {
        let host: OrgId = row.get(16)?;
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            call: row.get(2)?,
            topic: row.get(3)?,
            content: row.json(4)?,
            host,
            host_name: row.get(5)?,
            recommender: row.code(6)?,
            state: row.code(7)?,
            state_at: row.get(8)?,
            reason: row.get(9)?,
            round: row.get(10)?,
            submitted_at: row.get(11)?,
            rank: row.get(12)?,
            score: row.get(13)?,
            note: row.get(14)?,
            plan_number: row.get(15)?,
            place: Place {
                person: None,
                org: Some(host),
                provider: row.get(17)?,
                district: row.get(18)?,
                department: row.get(19)?,
            },
            version: row.get(20)?,
        })
    }
}

pub(in crate::calls) async fn load(tx: &mut Tx, id: DeclarationId) -> Result<Declaration> {
    tx.one(
        &format!("select {COLUMNS} from declarations d where d.id = $1"),
        args![id],
    )
    .await
}

pub(in crate::calls) async fn insert(tx: &mut Tx, one: &Declaration, by: &str) -> Result<()> {
    let content = serde_json::to_string(&one.content).map_err(Error::broken)?;
    tx.exec(
        "insert into declarations (id, call, topic, title, field, content, host_name, recommender, state, state_at, org, provider,
            district, department, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $10)",
        args![
            one.id,
            one.call,
            one.topic,
            one.content.title.as_str(),
            one.content.field.clone(),
            content,
            one.host_name.as_str(),
            code(one.recommender),
            code(one.state),
            one.state_at,
            one.host,
            one.place.provider,
            one.place.district.clone(),
            one.place.department.clone(),
            by,
        ],
    )
    .await
    .map(drop)
}

/// Writes what is said; the version stays, so that only a move makes open pages stale.
pub(in crate::calls) async fn save_content(tx: &mut Tx, one: &Declaration, seen: i64) -> Result<()> {
    let content = serde_json::to_string(&one.content).map_err(Error::broken)?;
    tx.exec_one(
        "update declarations set content = $3, title = $4, field = $5, people = $6, budget = $7 where id = $1 and version = $2",
        args![
            one.id,
            seen,
            content,
            one.content.title.as_str(),
            one.content.field.clone(),
            one.content.people.unwrap_or(0),
            one.content.budget(),
        ],
    )
    .await
}

/// Writes the state and what goes with it, if nobody else moved it meanwhile.
pub(in crate::calls) async fn save(tx: &mut Tx, one: &Declaration, seen: i64) -> Result<()> {
    tx.exec_one(
        "update declarations set number = $3, state = $4, state_at = $5, reason = $6, round = $7, submitted_at = $8, place = $9,
            score = $10, note = $11, plan_number = $12, host_name = $13, recommender = $14, org = $15, provider = $16, district = $17,
            department = $18, version = version + 1
         where id = $1 and version = $2",
        args![
            one.id,
            seen,
            one.number.clone(),
            code(one.state),
            one.state_at,
            one.reason.as_str(),
            one.round,
            one.submitted_at,
            one.rank,
            one.score,
            one.note.as_str(),
            one.plan_number.clone(),
            one.host_name.as_str(),
            code(one.recommender),
            one.host,
            one.place.provider,
            one.place.district.clone(),
            one.place.department.clone(),
        ],
    )
    .await
}

/// The declarations of a call in some states, best first where they are ranked.
// unscoped: the parent call was loaded within its sight by whoever may move it, or these are public.
pub(in crate::calls) async fn of_call(
    tx: &mut Tx,
    call: CallId,
    states: &[DeclarationState],
) -> Result<Vec<Declaration>> {
    Query::new(&format!("select {COLUMNS} from declarations d where 1 = 1"))
        .and("d.call = {}", call)
        .and_in("d.state", states.iter().map(|state| code(*state)))
        .push(" order by coalesce(d.place, 999999), d.id")
        .fetch(tx)
        .await
}

/// Whether a host has a declaration for this call and topic that is not over.
pub(in crate::calls) async fn running(
    tx: &mut Tx,
    call: CallId,
    topic: Option<TopicId>,
    host: OrgId,
) -> Result<Option<DeclarationId>> {
    Query::new("select d.id from declarations d where d.state not in ('withdrawn', 'cancelled')")
        .and("d.call = {}", call)
        .and("d.org = {}", host)
        .and(
            "coalesce(d.topic, 0) = cast({} as bigint)",
            topic.map_or(0, TopicId::get),
        )
        .push(" order by d.id limit 1")
        .first(tx)
        .await
}

/// A title that another declaration has, for finding what is alike.
#[derive(Debug)]
pub(in crate::calls) struct Titled {
    pub(in crate::calls) number: String,
    pub(in crate::calls) title: String,
}

impl FromRow for Titled {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            title: row.get(1)?,
        })
    }
}

/// Titles of what was handed in for whatever call, this one and those of earlier years.
// unscoped: whoever checks is told numbers and titles alone, whosever they are.
pub(in crate::calls) async fn titles(tx: &mut Tx, but: DeclarationId) -> Result<Vec<Titled>> {
    tx.all(
        "select d.number, d.title from declarations d where d.number is not null and d.id <> $1
            and d.state not in ('withdrawn', 'cancelled') order by d.id desc limit 20000",
        args![but],
    )
    .await
}

/// A declaration in a list.
#[derive(Debug, Clone)]
pub struct DeclarationLine {
    /// Its id.
    pub id: DeclarationId,
    /// Its number.
    pub number: Option<String>,
    /// For which call, by its title.
    pub call_title: String,
    /// Title.
    pub title: String,
    /// Code of the focus field.
    pub field: Option<String>,
    /// How many people.
    pub people: i64,
    /// The whole budget.
    pub budget: Money,
    /// Who would host.
    pub host_name: String,
    /// Where it stands.
    pub state: DeclarationState,
    /// Since when.
    pub state_at: Time,
    /// Its place in the ranking.
    pub rank: Option<u32>,
    /// Its score in hundredths.
    pub score: Option<i64>,
    /// Grows with every move.
    pub version: i64,
}

impl FromRow for DeclarationLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            call_title: row.get(2)?,
            title: row.get(3)?,
            field: row.get(4)?,
            people: row.get(5)?,
            budget: row.get(6)?,
            host_name: row.get(7)?,
            state: row.code(8)?,
            state_at: row.get(9)?,
            rank: row.get(10)?,
            score: row.get(11)?,
            version: row.get(12)?,
        })
    }
}

/// What a list of declarations is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct DeclarationFilter {
    /// For one call.
    pub call: Option<CallId>,
    /// In one state.
    pub state: Option<DeclarationState>,
    /// Of one focus field.
    pub field: Option<String>,
    /// Recommended by this role.
    pub recommender: Option<Role>,
    /// A part of the title, or the number.
    pub words: Option<String>,
    /// Drafts too: only a host's own.
    pub with_drafts: bool,
}

const ORDERS: Orders = Orders {
    columns: &[
        ("since", "d.state_at"),
        ("rank", "coalesce(d.place, 999999)"),
        ("budget", "d.budget"),
        ("people", "d.people"),
        ("number", "coalesce(d.number, '')"),
    ],
    key: "d.id",
};

fn narrowed(query: Query, filter: &DeclarationFilter) -> Query {
    let like = filter
        .words
        .as_ref()
        .map(|words| format!("%{}%", super::call::escaped(words)));
    let query = query
        .and_opt("d.call = {}", filter.call)
        .and_opt("d.state = {}", filter.state.map(code))
        .and_opt("d.field = {}", filter.field.clone())
        .and_opt("d.recommender = {}", filter.recommender.map(code))
        .and_opt("(d.title like {} escape '\\' or d.number like {} escape '\\')", like);
    if filter.with_drafts {
        query
    } else {
        query.and_plain("d.number is not null")
    }
}

/// Declarations in a scope.
pub(in crate::calls) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &DeclarationFilter,
    window: &Window,
) -> Result<Listed<DeclarationLine>> {
    let select = format!(
        "select d.id, d.number, c.title, d.title, d.field, d.people, d.budget, d.host_name, d.state, d.state_at, d.place, d.score,
            d.version{} from declarations d join calls c on c.id = d.call where 1 = 1",
        window.tail(&ORDERS)
    );
    window
        .fetch(tx, narrowed(Query::new(&select).scope(scope, "d"), filter), &ORDERS)
        .await
}

/// How many declarations of a scope are in each state.
pub(in crate::calls) async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    filter: &DeclarationFilter,
) -> Result<Vec<(DeclarationState, i64)>> {
    let rows: Vec<(String, i64)> = narrowed(
        Query::new("select d.state, count(*) from declarations d where 1 = 1").scope(scope, "d"),
        filter,
    )
    .push(" group by d.state")
    .fetch(tx)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(state, count)| Some((<DeclarationState as kernel::Code>::from_code(&state)?, count)))
        .collect())
}
