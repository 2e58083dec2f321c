//! The table `webhook_deliveries`.

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::id::{DeliveryId, EndpointId, EventId};
use kernel::{Result, Time};
use rules::webhooks::EventKind;
use rules::webhooks::delivery::Standing;

use super::super::deliveries::{Delivery, DeliveryFilter};
use crate::{Listed, Orders, Window};

const COLUMNS: &str =
    "d.id, d.endpoint, d.kind, d.body, d.state, d.attempts, d.next_at, d.tried_at, d.status, d.answer,
    d.created_at";

impl FromRow for Delivery {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            endpoint: row.get(1)?,
            kind: row.code(2)?,
            body: row.get(3)?,
            standing: Standing {
                state: row.code(4)?,
                attempts: row.get(5)?,
                next_at: row.get(6)?,
            },
            tried_at: row.get(7)?,
            status: row.get(8)?,
            answer: row.get(9)?,
            created_at: row.get(10)?,
        })
    }
}

/// Writes new messages (id, endpoint, body, part) of one event; those that are there already stay as they are.
pub async fn insert(
    tx: &mut Tx,
    event: EventId,
    kind: EventKind,
    messages: Vec<(DeliveryId, EndpointId, String, i64)>,
    now: Time,
) -> Result<()> {
    let new = Standing::new(now);
    let rows = messages.into_iter().map(|(id, endpoint, body, part)| -> [Value; 10] {
        [
            id.into(),
            endpoint.into(),
            event.into(),
            code(kind),
            part.into(),
            body.into(),
            code(new.state),
            i64::from(new.attempts).into(),
            new.next_at.into(),
            now.into(),
        ]
    });
    let sql =
        "insert into webhook_deliveries (id, endpoint, event, kind, part, body, state, attempts, next_at, created_at)
        values {} on conflict (endpoint, event, kind, part) do nothing";
    tx.insert_all(sql, rows).await?;
    Ok(())
}

pub async fn load(tx: &mut Tx, id: DeliveryId) -> Result<Delivery> {
    tx.one(
        &format!("select {COLUMNS} from webhook_deliveries d where d.id = $1"),
        args![id],
    )
    .await
}

/// The message of an endpoint that has been due longest.
pub async fn next_due(tx: &mut Tx, endpoint: EndpointId, now: Time) -> Result<Option<Delivery>> {
    let sql = format!(
        "select {COLUMNS} from webhook_deliveries d where d.endpoint = $1 and d.state = 'waiting' and d.next_at <= $2
         order by d.next_at, d.id limit 1"
    );
    tx.first(&sql, args![endpoint, now]).await
}

const ORDERS: Orders = Orders {
    columns: &[("created", "d.created_at")],
    key: "d.id",
};

// unscoped: the messages of one endpoint, which was loaded within its scope.
pub async fn list_of(
    tx: &mut Tx,
    endpoint: EndpointId,
    filter: DeliveryFilter,
    window: &Window,
) -> Result<Listed<Delivery>> {
    let select = format!(
        "select {COLUMNS}{} from webhook_deliveries d where 1 = 1",
        window.tail(&ORDERS)
    );
    let query = Query::new(&select)
        .and("d.endpoint = {}", endpoint)
        .and_opt("d.state = {}", filter.state.map(code))
        .and_opt("d.kind = {}", filter.kind.map(code));
    window.fetch(tx, query, &ORDERS).await
}

/// Where a message stands now, and what the receiver said when, if it was tried.
pub async fn save(
    tx: &mut Tx,
    id: DeliveryId,
    standing: Standing,
    tried: Option<(Time, Option<u16>, &str)>,
) -> Result<()> {
    tx.exec_one(
        "update webhook_deliveries set state = $2, attempts = $3, next_at = $4 where id = $1",
        args![id, code(standing.state), i64::from(standing.attempts), standing.next_at],
    )
    .await?;
    let Some((at, status, answer)) = tried else {
        return Ok(());
    };
    tx.exec_one(
        "update webhook_deliveries set tried_at = $2, status = $3, answer = $4 where id = $1",
        args![id, at, status.map(i64::from), answer],
    )
    .await
}

pub async fn prune(tx: &mut Tx, before: Time) -> Result<u64> {
    tx.exec(
        "delete from webhook_deliveries where created_at < $1 and state <> 'waiting'",
        args![before],
    )
    .await
}
