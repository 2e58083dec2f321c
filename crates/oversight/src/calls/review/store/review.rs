//! `reviews`. A signed row is final: triggers of both engines refuse to change or remove it.

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Deadline, Error, Place, Result, Scope, Time};
use registry::{Listed, Orders, Window};
use rules::calls::review::{Review, ReviewCode};
use rules::scorecards::Points;

use crate::calls::review::{Given, ReviewId, RoundId};

const COLUMNS: &str =
    "v.id, v.round, v.item, v.expert, v.person, v.state, v.reason, v.points, v.state_at, v.by_hand, v.fit,
    v.marks, v.comment, v.version";

impl FromRow for Given {
    fn from_row(row: &Row) -> Result<Self> {
        let points: Option<i64> = row.get(7)?;
        let review = match row.code(5)? {
            ReviewCode::Drafted => Review::Drafted,
            ReviewCode::Sent => Review::Sent,
            ReviewCode::Accepted => Review::Accepted,
            ReviewCode::Recused => Review::Recused { reason: row.get(6)? },
            ReviewCode::Signed => Review::Signed {
                points: points
                    .map(Points::hundredths)
                    .ok_or_else(|| Error::broken("a signed review without points"))?,
            },
        };
        Ok(Self {
            id: row.get(0)?,
            round: row.get(1)?,
            item: row.get(2)?,
            expert: row.get(3)?,
            person: row.get(4)?,
            review,
            state_at: row.get(8)?,
            by_hand: row.get(9)?,
            fit: row.get(10)?,
            marks: row.json(11)?,
            comment: row.get(12)?,
            version: row.get(13)?,
        })
    }
}

/// The reviews of a round by what is reviewed, those given back too.
pub(in crate::calls::review) async fn of(tx: &mut Tx, round: RoundId) -> Result<Vec<Given>> {
    let sql = format!("select {COLUMNS} from reviews v where v.round = $1 order by v.item, v.expert");
    tx.all(&sql, args![round]).await
}

pub(in crate::calls::review) async fn load(tx: &mut Tx, id: ReviewId) -> Result<Given> {
    tx.one(&format!("select {COLUMNS} from reviews v where v.id = $1"), args![id])
        .await
}

/// Removes what was assigned and told to nobody.
pub(in crate::calls::review) async fn remove_drafted(tx: &mut Tx, round: RoundId) -> Result<()> {
    let sql = "delete from reviews where round = $1 and state = 'drafted'";
    tx.exec(sql, args![round]).await.map(drop)
}

/// Removes one that was told to nobody; Stale when there is none.
pub(in crate::calls::review) async fn remove(tx: &mut Tx, id: ReviewId) -> Result<()> {
    tx.exec_one("delete from reviews where id = $1 and state = 'drafted'", args![id])
        .await
}

pub(in crate::calls::review) async fn insert_all(tx: &mut Tx, place: &Place, reviews: &[Given]) -> Result<()> {
    let rows: Vec<[Value; 11]> = reviews
        .iter()
        .map(|one| {
            [
                one.id.into(),
                one.round.into(),
                one.item.into(),
                one.expert.into(),
                one.person.into(),
                place.district.clone().into(),
                place.department.clone().into(),
                code(one.review.code()),
                one.state_at.into(),
                one.by_hand.into(),
                one.fit.into(),
            ]
        })
        .collect();
    let sql =
        "insert into reviews (id, round, item, expert, person, district, department, state, state_at, by_hand, fit)
        values {}";
    for some in rows.chunks(2_000) {
        tx.insert_all(sql, some.to_vec()).await?;
    }
    Ok(())
}

/// Writes a review as it is now, if nobody else changed it since `seen`.
pub(in crate::calls::review) async fn save(tx: &mut Tx, one: &Given, seen: i64) -> Result<()> {
    let (reason, points) = match &one.review {
        Review::Recused { reason } => (reason.as_str(), None),
        Review::Signed { points } => ("", Some(points.get())),
        _ => ("", None),
    };
    let marks = serde_json::to_string(&one.marks).map_err(Error::broken)?;
    let sql = "update reviews set state = $3, state_at = $4, reason = $5, points = $6, marks = $7, comment = $8,
            version = version + 1 where id = $1 and version = $2";
    let values = args![
        one.id,
        seen,
        code(one.review.code()),
        one.state_at,
        reason,
        points,
        marks,
        one.comment.as_str(),
    ];
    tx.exec_one(sql, values).await
}

/// Writes marks and comment without moving the version, so that saving while writing keeps the page good.
pub(in crate::calls::review) async fn save_marks(tx: &mut Tx, one: &Given, seen: i64) -> Result<()> {
    let marks = serde_json::to_string(&one.marks).map_err(Error::broken)?;
    let sql = "update reviews set marks = $3, comment = $4 where id = $1 and version = $2 and state = 'accepted'";
    tx.exec_one(sql, args![one.id, seen, marks, one.comment.as_str()]).await
}

/// Tells everybody who was assigned: drafted ones become sent.
pub(in crate::calls::review) async fn send(tx: &mut Tx, round: RoundId, at: Time) -> Result<u64> {
    let sql = "update reviews set state = 'sent', state_at = $2, version = version + 1 where round = $1 and state = 'drafted'";
    tx.exec(sql, args![round, at]).await
}

/// One line of an expert's own list.
#[derive(Debug, Clone)]
pub struct OwnLine {
    /// The review.
    pub id: ReviewId,
    /// Number of what is reviewed.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Of which round.
    pub round: RoundId,
    /// What that is called.
    pub round_title: String,
    /// Where it stands.
    pub state: ReviewCode,
    /// Since when.
    pub state_at: Time,
    /// By when to sign.
    pub due: Option<Deadline>,
    /// What it came to.
    pub points: Option<Points>,
}

impl FromRow for OwnLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            title: row.get(2)?,
            round: row.get(3)?,
            round_title: row.get(4)?,
            state: row.code(5)?,
            state_at: row.get(6)?,
            due: None,
            points: row.get::<Option<i64>>(7)?.map(Points::hundredths),
        })
    }
}

const ORDERS: Orders = Orders {
    columns: &[("since", "v.state_at"), ("number", "i.number")],
    key: "v.id",
};

/// Reviews of a scope that were told to their reviewers.
pub(in crate::calls::review) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    state: Option<ReviewCode>,
    window: &Window,
) -> Result<Listed<OwnLine>> {
    let select = format!(
        "select v.id, i.number, i.title, r.id, r.title, v.state, v.state_at, v.points{} from reviews v
         join review_items i on i.id = v.item join review_rounds r on r.id = v.round where v.state <> 'drafted'",
        window.tail(&ORDERS)
    );
    let query = Query::new(&select)
        .scope(scope, "v")
        .and_opt("v.state = {}", state.map(code));
    window.fetch(tx, query, &ORDERS).await
}

/// How many reviews of a scope wait for their reviewers.
pub(in crate::calls::review) async fn count_open(tx: &mut Tx, scope: &Scope) -> Result<i64> {
    Query::new("select count(*) from reviews v where v.state in ('sent', 'accepted')")
        .scope(scope, "v")
        .one(tx)
        .await
}
