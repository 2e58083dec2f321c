//! `call_topics`.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{OrgId, Place, Result, Role, Scope, Time, id::CallId, id::TopicId};
use registry::{Listed, Orders, Window};
use rules::calls::TopicState;

/// A topic.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// For which call.
    pub call: CallId,
    /// Title.
    pub title: String,
    /// Code of the focus field.
    pub field: String,
    /// Why it is needed.
    pub why: String,
    /// The host that is recommended by name; none for open declaration.
    pub host: Option<OrgId>,
    /// Its name.
    pub host_name: String,
    /// Who proposes it.
    pub proposer: String,
    /// In which role.
    pub role: Role,
    /// Where it stands.
    pub state: TopicState,
    /// Since when.
    pub state_at: Time,
    /// What was said with it.
    pub reason: String,
    /// Its proposer's department or district.
    pub place: Place,
    /// Grows with every change.
    pub version: i64,
}

const COLUMNS: &str =
    "t.id, t.call, t.title, t.field, t.why, t.host, t.host_name, t.proposer, t.role, t.state, t.state_at, t.reason,
    t.district, t.department, t.version";

impl FromRow for Topic {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            call: row.get(1)?,
            title: row.get(2)?,
            field: row.get(3)?,
            why: row.get(4)?,
            host: row.get(5)?,
            host_name: row.get(6)?,
            proposer: row.get(7)?,
            role: row.code(8)?,
            state: row.code(9)?,
            state_at: row.get(10)?,
            reason: row.get(11)?,
            place: Place {
                district: row.get(12)?,
                department: row.get(13)?,
                ..Place::default()
            },
            version: row.get(14)?,
        })
    }
}

pub(in crate::calls) async fn load(tx: &mut Tx, id: TopicId) -> Result<Topic> {
    tx.one(
        &format!("select {COLUMNS} from call_topics t where t.id = $1"),
        args![id],
    )
    .await
}

pub(in crate::calls) async fn insert(tx: &mut Tx, topic: &Topic, by: &str) -> Result<()> {
    tx.exec(
        "insert into call_topics (id, call, title, field, why, host, host_name, proposer, role, state, state_at, district, department,
            created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $11)",
        args![
            topic.id,
            topic.call,
            topic.title.as_str(),
            topic.field.as_str(),
            topic.why.as_str(),
            topic.host,
            topic.host_name.as_str(),
            topic.proposer.as_str(),
            code(topic.role),
            code(topic.state),
            topic.state_at,
            topic.place.district.clone(),
            topic.place.department.clone(),
            by,
        ],
    )
    .await
    .map(drop)
}

/// Writes words, host and state, if nobody else changed it meanwhile.
pub(in crate::calls) async fn save(tx: &mut Tx, topic: &Topic, seen: i64) -> Result<()> {
    tx.exec_one(
        "update call_topics set title = $3, field = $4, why = $5, host = $6, host_name = $7, state = $8, state_at = $9, reason = $10,
            version = version + 1 where id = $1 and version = $2",
        args![
            topic.id,
            seen,
            topic.title.as_str(),
            topic.field.as_str(),
            topic.why.as_str(),
            topic.host,
            topic.host_name.as_str(),
            code(topic.state),
            topic.state_at,
            topic.reason.as_str(),
        ],
    )
    .await
}

/// The adopted topics of a call.
// unscoped: adopted topics are public, and the call was loaded within its sight.
pub(in crate::calls) async fn adopted(tx: &mut Tx, call: CallId) -> Result<Vec<Topic>> {
    tx.all(
        &format!("select {COLUMNS} from call_topics t where t.call = $1 and t.state = 'adopted' order by t.id"),
        args![call],
    )
    .await
}

/// What a list of topics is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct TopicFilter {
    /// Of one call.
    pub call: Option<CallId>,
    /// In one state.
    pub state: Option<TopicState>,
    /// Of one focus field.
    pub field: Option<String>,
    /// A part of the title.
    pub words: Option<String>,
}

const ORDERS: Orders = Orders {
    columns: &[("since", "t.state_at"), ("title", "t.title")],
    key: "t.id",
};

/// Topics in a scope.
pub(in crate::calls) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &TopicFilter,
    window: &Window,
) -> Result<Listed<Topic>> {
    let select = format!(
        "select {COLUMNS}{} from call_topics t where 1 = 1",
        window.tail(&ORDERS)
    );
    let like = filter
        .words
        .as_ref()
        .map(|words| format!("%{}%", super::call::escaped(words)));
    let query = Query::new(&select)
        .scope(scope, "t")
        .and_opt("t.call = {}", filter.call)
        .and_opt("t.state = {}", filter.state.map(code))
        .and_opt("t.field = {}", filter.field.clone())
        .and_opt("t.title like {} escape '\\'", like);
    window.fetch(tx, query, &ORDERS).await
}
