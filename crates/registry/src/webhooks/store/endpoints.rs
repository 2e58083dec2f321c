//! The table `webhook_endpoints`.

use courier::Secret;
use db::{FromRow, Query, Row, Tx, args};
use kernel::id::{AccountId, EndpointId, GrantId};
use kernel::{Code as _, Error, Place, Result, Scope, Time};
use rules::webhooks::EventKind;
use rules::webhooks::endpoint::{Silenced, Standing};

use super::super::{Draft, Endpoint, Filter};
use crate::{Listed, Orders, Window};

/// How long a hand holds an endpoint: longer than a turn can take.
const LEASE: i64 = 90;

const COLUMNS: &str =
    "e.id, e.grant_id, e.kept_by, e.label, e.address, e.kinds, e.secret, e.former_secret, e.former_until,
    e.state, e.off_at, e.off_why, e.failing_since, e.failures, e.delivered_at, e.org, e.provider, e.district,
    e.department, e.version";

fn written(kinds: &[EventKind]) -> String {
    kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(" ")
}

/// Kinds as stored; one that this version does not know any more is left out.
fn read(text: &str) -> Vec<EventKind> {
    text.split(' ').filter_map(EventKind::from_code).collect()
}

/// `on`, `off`.
pub fn state_code(standing: Standing) -> &'static str {
    match standing {
        Standing::On { .. } => "on",
        Standing::Off { .. } => "off",
    }
}

impl FromRow for Endpoint {
    fn from_row(row: &Row) -> Result<Self> {
        let state: String = row.get(9)?;
        let (off_at, why): (Option<Time>, Option<String>) = (row.get(10)?, row.get(11)?);
        let standing = match (state.as_str(), off_at, why.as_deref().and_then(Silenced::from_code)) {
            ("on", _, _) => Standing::On {
                failing_since: row.get(12)?,
                failures: row.get(13)?,
            },
            ("off", Some(at), Some(why)) => Standing::Off { at, why },
            _ => return Err(Error::broken("an endpoint is in no state")),
        };
        let (former, until): (Option<Vec<u8>>, Option<Time>) = (row.get(7)?, row.get(8)?);
        Ok(Self {
            id: row.get(0)?,
            grant: row.get(1)?,
            kept_by: row.get(2)?,
            label: row.get(3)?,
            address: row.get(4)?,
            kinds: read(&row.get::<String>(5)?),
            secret: Secret::from_bytes(row.get(6)?),
            former: former.map(Secret::from_bytes).zip(until),
            standing,
            delivered_at: row.get(14)?,
            place: Place {
                person: None,
                org: row.get(15)?,
                provider: row.get(16)?,
                district: row.get(17)?,
                department: row.get(18)?,
            },
            version: row.get(19)?,
        })
    }
}

/// An endpoint to be written.
pub struct New<'a> {
    pub account: AccountId,
    pub grant: GrantId,
    pub kept_by: &'a str,
    pub draft: &'a Draft,
    pub secret: &'a Secret,
    pub place: &'a Place,
    pub at: Time,
}

pub async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<EndpointId> {
    let id = tx.mint();
    let (draft, place) = (new.draft, new.place);
    tx.exec(
        "insert into webhook_endpoints (id, account, grant_id, kept_by, label, address, kinds, secret, state, org, provider,
            district, department, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 'on', $9, $10, $11, $12, $13)",
        args![
            id,
            new.account,
            new.grant,
            new.kept_by,
            draft.label.as_str(),
            draft.address.as_str(),
            written(&draft.kinds),
            new.secret.bytes(),
            place.org,
            place.provider,
            place.district.clone(),
            place.department.clone(),
            new.at
        ],
    )
    .await?;
    Ok(id)
}

pub async fn load(tx: &mut Tx, id: EndpointId) -> Result<Endpoint> {
    tx.one(
        &format!("select {COLUMNS} from webhook_endpoints e where e.id = $1"),
        args![id],
    )
    .await
}

/// As [`load`]; nobody else changes it until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: EndpointId) -> Result<Endpoint> {
    tx.lock_row("webhook_endpoints", id.get()).await?;
    load(tx, id).await
}

const ORDERS: Orders = Orders {
    columns: &[
        ("label", "e.label"),
        ("address", "e.address"),
        ("delivered", "coalesce(e.delivered_at, 0)"),
    ],
    key: "e.id",
};

pub async fn list(scope: &Scope, tx: &mut Tx, filter: &Filter, window: &Window) -> Result<Listed<Endpoint>> {
    let select = format!(
        "select {COLUMNS}{} from webhook_endpoints e where 1 = 1",
        window.tail(&ORDERS)
    );
    let words = filter.words.as_ref().map(|words| {
        let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{escaped}%")
    });
    let query = Query::new(&select)
        .scope(scope, "e")
        .and_opt("(e.label like {} escape '\\' or e.address like {} escape '\\')", words)
        .and_opt("e.state = {}", filter.on.map(|on| if on { "on" } else { "off" }));
    window.fetch(tx, query, &ORDERS).await
}

/// The endpoints that listen to a kind, each with the role that keeps it.
pub async fn listening(tx: &mut Tx, kind: EventKind) -> Result<Vec<(EndpointId, GrantId)>> {
    let sql = "select id, grant_id, kinds from webhook_endpoints where state = 'on' order by id";
    let all: Vec<(EndpointId, GrantId, String)> = tx.all(sql, &[]).await?;
    let listening = all.into_iter().filter(|(_, _, kinds)| read(kinds).contains(&kind));
    Ok(listening.map(|(id, grant, _)| (id, grant)).collect())
}

pub async fn save_draft(tx: &mut Tx, id: EndpointId, version: i64, draft: &Draft) -> Result<()> {
    tx.exec_one(
        "update webhook_endpoints set label = $3, address = $4, kinds = $5, rests_until = 0, version = version + 1
         where id = $1 and version = $2",
        args![
            id,
            version,
            draft.label.as_str(),
            draft.address.as_str(),
            written(&draft.kinds)
        ],
    )
    .await
}

pub async fn save_secret(
    tx: &mut Tx,
    id: EndpointId,
    version: i64,
    secret: &Secret,
    (former, until): (&Secret, Time),
) -> Result<()> {
    tx.exec_one(
        "update webhook_endpoints set secret = $3, former_secret = $4, former_until = $5, version = version + 1
         where id = $1 and version = $2",
        args![id, version, secret.bytes(), former.bytes(), until],
    )
    .await
}

/// Somebody's deed.
pub async fn save_deed(tx: &mut Tx, id: EndpointId, version: i64, next: (Standing, Time)) -> Result<()> {
    tx.exec_one(
        "update webhook_endpoints set version = version + 1 where id = $1 and version = $2",
        args![id, version],
    )
    .await?;
    save_outcome(tx, id, next, None).await
}

/// What came of an attempt; the row is locked.
pub async fn save_outcome(
    tx: &mut Tx,
    id: EndpointId,
    (standing, now): (Standing, Time),
    taken: Option<Time>,
) -> Result<()> {
    let (since, failures, off) = match standing {
        Standing::On {
            failing_since,
            failures,
        } => (failing_since, failures, None),
        Standing::Off { at, why } => (None, 0, Some((at, why))),
    };
    tx.exec_one(
        "update webhook_endpoints set state = $2, off_at = $3, off_why = $4, failing_since = $5, failures = $6,
            rests_until = $7, delivered_at = coalesce(cast($8 as bigint), delivered_at) where id = $1",
        args![
            id,
            state_code(standing),
            off.map(|(at, _)| at),
            off.map(|(_, why)| why.code()),
            since,
            i64::from(failures),
            standing.rests_until(now),
            taken
        ],
    )
    .await
}

/// It is asked for: a rest is over.
pub async fn wake(tx: &mut Tx, id: EndpointId) -> Result<()> {
    tx.exec_one("update webhook_endpoints set rests_until = 0 where id = $1", args![id])
        .await
}

/// An endpoint `e` that is told, does not rest, is in nobody's hand and has something due.
const DUE: &str = "e.state = 'on' and e.rests_until <= $1 and e.lease_until <= $1 and exists (
    select 1 from webhook_deliveries d where d.endpoint = e.id and d.state = 'waiting' and d.next_at <= $1)";

pub async fn is_due(tx: &mut Tx, now: Time) -> Result<bool> {
    let sql = format!("select e.id from webhook_endpoints e where {DUE} limit 1");
    Ok(tx.first::<EndpointId>(&sql, args![now]).await?.is_some())
}

/// Takes the endpoint that has waited longest for a turn.
pub async fn claim(tx: &mut Tx, now: Time) -> Result<Option<EndpointId>> {
    // The lease is asked twice: of two processes that choose the same endpoint, the second finds it taken.
    let sql = format!(
        "update webhook_endpoints set lease_until = $2, turn_at = $1 where lease_until <= $1 and id = (
            select e.id from webhook_endpoints e where {DUE} order by e.turn_at, e.id limit 1) returning id"
    );
    tx.first(&sql, args![now, now.plus_seconds(LEASE)]).await
}

pub async fn give_back(tx: &mut Tx, id: EndpointId) -> Result<()> {
    tx.exec_one("update webhook_endpoints set lease_until = 0 where id = $1", args![id])
        .await
}
