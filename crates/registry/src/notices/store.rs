//! The SQL of notices and messages.

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Error, Place, Result, Role, Scope, Time, id::NoticeId};
use rules::notices::{NoticeKind, NoticeState};

use super::{Draft, NewMessage};
use crate::{Listed, Orders, Window};

/// A notice.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The notice.
    pub id: NoticeId,
    /// Category.
    pub kind: NoticeKind,
    /// Title.
    pub title: String,
    /// Plain text.
    pub body: String,
    /// Where it stands in its life.
    pub state: NoticeState,
    /// Whose it is.
    pub place: Place,
    /// Changes with every save.
    pub version: i64,
    /// When it was begun.
    pub created_at: Time,
}

const COLUMNS: &str = "n.id, n.kind, n.title, n.body, n.state, n.published_at, n.ended_at, n.org, n.district, n.department, n.version, n.created_at";

impl FromRow for Notice {
    fn from_row(row: &Row) -> Result<Self> {
        let state: String = row.get(4)?;
        let (published, ended): (Option<Time>, Option<Time>) = (row.get(5)?, row.get(6)?);
        let state = match (state.as_str(), published, ended) {
            ("draft", _, _) => NoticeState::Draft,
            ("published", Some(at), _) => NoticeState::Published { at },
            ("ended", Some(published), Some(at)) => NoticeState::Ended { published, at },
            _ => return Err(Error::broken("a notice is in no state")),
        };
        let place = Place {
            org: row.get(7)?,
            district: row.get(8)?,
            department: row.get(9)?,
            ..Place::default()
        };
        Ok(Self {
            id: row.get(0)?,
            kind: row.code(1)?,
            title: row.get(2)?,
            body: row.get(3)?,
            state,
            place,
            version: row.get(10)?,
            created_at: row.get(11)?,
        })
    }
}

pub(super) async fn insert(tx: &mut Tx, draft: &Draft, place: &Place, by: &str, at: Time) -> Result<NoticeId> {
    let id: NoticeId = tx.mint();
    tx.exec(
        "insert into notices (id, kind, title, body, org, district, department, state, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9)",
        args![
            id,
            code(draft.kind),
            draft.title.as_str(),
            draft.body.as_str(),
            place.org,
            place.district.clone(),
            place.department.clone(),
            by,
            at
        ],
    )
    .await?;
    Ok(id)
}

pub(super) async fn load(tx: &mut Tx, id: NoticeId) -> Result<Notice> {
    tx.one(&format!("select {COLUMNS} from notices n where n.id = $1"), args![id])
        .await
}

pub(super) async fn save_words(tx: &mut Tx, id: NoticeId, version: i64, draft: &Draft) -> Result<()> {
    tx.exec_one(
        "update notices set kind = $1, title = $2, body = $3, version = version + 1 where id = $4 and version = $5",
        args![code(draft.kind), draft.title.as_str(), draft.body.as_str(), id, version],
    )
    .await
}

pub(super) async fn save_state(tx: &mut Tx, id: NoticeId, version: i64, state: NoticeState) -> Result<()> {
    let (published, ended) = match state {
        NoticeState::Draft => (None, None),
        NoticeState::Published { at } => (Some(at), None),
        NoticeState::Ended { published, at } => (Some(published), Some(at)),
    };
    tx.exec_one(
        "update notices set state = $1, published_at = $2, ended_at = $3, version = version + 1 where id = $4 and version = $5",
        args![state.code(), published, ended, id, version],
    )
    .await
}

/// What a list of notices is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct NoticeFilter {
    /// Words of the title.
    pub words: Option<String>,
    /// Category.
    pub kind: Option<NoticeKind>,
    /// Code of the state.
    pub state: Option<&'static str>,
}

const ORDERS: Orders = Orders {
    columns: &[
        ("published", "coalesce(n.published_at, n.created_at)"),
        ("title", "n.title"),
        ("created", "n.created_at"),
    ],
    key: "n.id",
};

pub(super) async fn list(tx: &mut Tx, scope: &Scope, filter: &NoticeFilter, window: &Window) -> Result<Listed<Notice>> {
    let select = format!("select {COLUMNS}{} from notices n where 1 = 1", window.tail(&ORDERS));
    let like = filter
        .words
        .as_ref()
        .map(|words| format!("%{}%", words.replace(['%', '_'], "")));
    let query = Query::new(&select)
        .scope(scope, "n")
        .and_opt("n.title like {}", like)
        .and_opt("n.kind = {}", filter.kind.map(code))
        .and_opt("n.state = {}", filter.state);
    window.fetch(tx, query, &ORDERS).await
}

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    /// One line.
    pub title: String,
    /// What happened and what to do.
    pub body: String,
    /// Where to go.
    pub href: String,
    /// When it was sent.
    pub created_at: Time,
    /// When it was read.
    pub read_at: Option<Time>,
}

impl FromRow for Message {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            title: row.get(0)?,
            body: row.get(1)?,
            href: row.get(2)?,
            created_at: row.get(3)?,
            read_at: row.get(4)?,
        })
    }
}

pub(super) async fn insert_message(tx: &mut Tx, message: &NewMessage, at: Time) -> Result<()> {
    let place = &message.place;
    tx.exec(
        "insert into messages (id, person, org, role, district, department, title, body, href, cause, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (cause) do nothing",
        args![
            tx.mint::<()>(),
            place.person,
            place.org,
            message.role.map(kernel::Code::code),
            place.district.clone(),
            place.department.clone(),
            message.title.as_str(),
            message.body.as_str(),
            message.href.as_str(),
            message.cause.as_str(),
            at
        ],
    )
    .await?;
    Ok(())
}

/// The reader as a condition: the person itself, or the role at the narrowest of its bounds.
fn addressed(role: Role, own: &Place) -> (&'static str, Value, Value) {
    let none = || Value::from(kernel::Code::code(role));
    match (own.person, own.org.or(own.provider), &own.district, &own.department) {
        (Some(person), ..) => (
            "(m.role is null or m.role = $2) and m.person = $1",
            person.into(),
            none(),
        ),
        (None, Some(org), ..) => ("m.role = $2 and m.org = $1", org.into(), none()),
        (None, None, Some(district), _) => ("m.role = $2 and m.district = $1", district.as_str().into(), none()),
        (None, None, None, Some(department)) => {
            ("m.role = $2 and m.department = $1", department.as_str().into(), none())
        }
        _ => ("m.role = $2 and $1 = $2", none(), none()),
    }
}

pub(super) async fn messages(tx: &mut Tx, role: Role, own: &Place, limit: u32) -> Result<Vec<Message>> {
    let (condition, place, role) = addressed(role, own);
    let sql = format!(
        "select m.title, m.body, m.href, m.created_at, m.read_at from messages m where {condition} order by m.id desc limit $3"
    );
    tx.all(&sql, &[place, role, limit.into()]).await
}

pub(super) async fn mark_read(tx: &mut Tx, role: Role, own: &Place, at: Time) -> Result<()> {
    let (condition, place, role) = addressed(role, own);
    let sql = format!(
        "update messages set read_at = $3 where id in (select m.id from messages m where {condition} and m.read_at is null)"
    );
    tx.exec(&sql, &[place, role, at.into()]).await?;
    Ok(())
}
