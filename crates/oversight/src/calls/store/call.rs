//! `calls` and `call_approvals`.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{Error, Place, Result, Scope, Time, id::CallId};
use registry::{Listed, Orders, Window};
use rules::calls::approval::Given;
use rules::calls::{CallState, Level, Template};

/// A call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its id.
    pub id: CallId,
    /// 征集编号, once it was published.
    pub number: Option<String>,
    /// For which year's plan.
    pub year: i32,
    /// Whose.
    pub level: Level,
    /// Title.
    pub title: String,
    /// The notice itself.
    pub body: String,
    /// Its kind, as it was taken along.
    pub template: Template,
    /// How many projects the plan takes.
    pub places: u32,
    /// From when …
    pub opens_at: Time,
    /// … topics may be proposed until then …
    pub topics_until: Option<Time>,
    /// … and declarations handed in until then.
    pub closes_at: Time,
    /// Where it stands.
    pub state: CallState,
    /// Since when.
    pub state_at: Time,
    /// Why it was called off.
    pub reason: String,
    /// When the public notice began.
    pub notice_at: Option<Time>,
    /// What is under notice, as plain text.
    pub notice_text: String,
    /// SHA-256 of that text.
    pub notice_digest: String,
    /// Working days that gaps added.
    pub extension: u32,
    /// When the plan was published.
    pub published_at: Option<Time>,
    /// The name of the body whose call it is.
    pub authority: String,
    /// Where it stands: its department or district.
    pub place: Place,
    /// Grows with every change.
    pub version: i64,
}

const COLUMNS: &str = "c.id, c.number, c.year, c.level, c.title, c.body, c.template, c.places, c.opens_at, c.topics_until,
    c.closes_at, c.state, c.state_at, c.reason, c.notice_at, c.notice_text, c.notice_digest, c.extension, c.published_at,
    c.authority, c.district, c.department, c.version";

impl FromRow for Call {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            year: row.get(2)?,
            level: row.code(3)?,
            title: row.get(4)?,
            body: row.get(5)?,
            template: row.json(6)?,
            places: row.get(7)?,
            opens_at: row.get(8)?,
            topics_until: row.get(9)?,
            closes_at: row.get(10)?,
            state: row.code(11)?,
            state_at: row.get(12)?,
            reason: row.get(13)?,
            notice_at: row.get(14)?,
            notice_text: row.get(15)?,
            notice_digest: row.get(16)?,
            extension: row.get(17)?,
            published_at: row.get(18)?,
            authority: row.get(19)?,
            place: Place {
                district: row.get(20)?,
                department: row.get(21)?,
                ..Place::default()
            },
            version: row.get(22)?,
        })
    }
}

pub(in crate::calls) async fn load(tx: &mut Tx, id: CallId) -> Result<Call> {
    tx.one(&format!("select {COLUMNS} from calls c where c.id = $1"), args![id])
        .await
}

/// Locks a call until the end of the transaction, so that what hangs on it moves together.
pub(in crate::calls) async fn lock(tx: &mut Tx, id: CallId) -> Result<Call> {
    tx.lock_row("calls", id.get()).await?;
    load(tx, id).await
}

pub(in crate::calls) async fn insert(tx: &mut Tx, call: &Call, by: &str) -> Result<()> {
    let template = serde_json::to_string(&call.template).map_err(Error::broken)?;
    tx.exec(
        "insert into calls (id, year, level, kind, title, body, template, places, opens_at, topics_until, closes_at, state,
            state_at, authority, district, department, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $13)",
        args![
            call.id,
            call.year,
            code(call.level),
            call.template.kind.as_str(),
            call.title.as_str(),
            call.body.as_str(),
            template,
            call.places,
            call.opens_at,
            call.topics_until,
            call.closes_at,
            code(call.state),
            call.state_at,
            call.authority.as_str(),
            call.place.district.clone(),
            call.place.department.clone(),
            by,
        ],
    )
    .await
    .map(drop)
}

/// Writes everything that may change, if nobody else changed it meanwhile.
pub(in crate::calls) async fn save(tx: &mut Tx, call: &Call, seen: i64) -> Result<()> {
    let template = serde_json::to_string(&call.template).map_err(Error::broken)?;
    tx.exec_one(
        "update calls set number = $3, year = $4, kind = $5, title = $6, body = $7, template = $8, places = $9, opens_at = $10,
            topics_until = $11, closes_at = $12, state = $13, state_at = $14, reason = $15, notice_at = $16, notice_text = $17,
            notice_digest = $18, extension = $19, published_at = $20, version = version + 1
         where id = $1 and version = $2",
        args![
            call.id,
            seen,
            call.number.clone(),
            call.year,
            call.template.kind.as_str(),
            call.title.as_str(),
            call.body.as_str(),
            template,
            call.places,
            call.opens_at,
            call.topics_until,
            call.closes_at,
            code(call.state),
            call.state_at,
            call.reason.as_str(),
            call.notice_at,
            call.notice_text.as_str(),
            call.notice_digest.as_str(),
            call.extension,
            call.published_at,
        ],
    )
    .await
}

/// What a list of calls is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// In one state.
    pub state: Option<CallState>,
    /// At one level.
    pub level: Option<Level>,
    /// Of one year.
    pub year: Option<i64>,
    /// A part of the title, or the number.
    pub words: Option<String>,
    /// Only what is published.
    pub published: bool,
}

const ORDERS: Orders = Orders {
    columns: &[("since", "c.state_at"), ("closes", "c.closes_at"), ("title", "c.title")],
    key: "c.id",
};

/// Calls in a scope.
pub(in crate::calls) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &CallFilter,
    window: &Window,
) -> Result<Listed<Call>> {
    let select = format!("select {COLUMNS}{} from calls c where 1 = 1", window.tail(&ORDERS));
    let like = filter.words.as_ref().map(|words| format!("%{}%", escaped(words)));
    let mut query = Query::new(&select)
        .scope(scope, "c")
        .and_opt("c.state = {}", filter.state.map(code))
        .and_opt("c.level = {}", filter.level.map(code))
        .and_opt("c.year = {}", filter.year)
        .and_opt("(c.title like {} escape '\\' or c.number like {} escape '\\')", like);
    if filter.published {
        query = query.and_plain("c.number is not null");
    }
    window.fetch(tx, query, &ORDERS).await
}

/// Makes `%` and `_` of what was typed mean themselves.
pub(in crate::calls) fn escaped(words: &str) -> String {
    words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Calls in a state, for what happens by the clock.
// unscoped: the platform moves them on, whosever they are.
pub(in crate::calls) async fn standing(tx: &mut Tx, state: CallState) -> Result<Vec<CallId>> {
    tx.all("select id from calls where state = $1 order by id", args![code(state)])
        .await
}

/// An approval as it was given.
#[derive(Debug, Clone)]
pub struct Approval {
    /// For which body and by whom.
    pub given: Given,
    /// When.
    pub at: Time,
}

impl FromRow for Approval {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            given: Given {
                approver: row.code(0)?,
                by: row.get(1)?,
            },
            at: row.get(2)?,
        })
    }
}

pub(in crate::calls) async fn approvals(tx: &mut Tx, call: CallId) -> Result<Vec<Approval>> {
    tx.all(
        "select approver, account, at from call_approvals where call = $1 order by at, approver",
        args![call],
    )
    .await
}

pub(in crate::calls) async fn approve(tx: &mut Tx, call: CallId, given: &Given, actor: &str, at: Time) -> Result<()> {
    tx.exec(
        "insert into call_approvals (call, approver, account, actor, at) values ($1, $2, $3, $4, $5)",
        args![call, code(given.approver), given.by, actor, at],
    )
    .await
    .map(drop)
}
