//! `review_rounds`.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{Error, JobId, Place, Result, Scope, Time, id::CallId};
use registry::{Listed, Orders, Window};
use rules::calls::review::RoundCode;

use crate::calls::review::lists::RoundFilter;
use crate::calls::review::{Outcome, Round, RoundId};

const COLUMNS: &str = "r.id, r.call, r.title, r.settings, r.seed, r.state, r.state_at, r.job, r.outcome, r.org, r.district, r.department, r.version";

impl FromRow for Round {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            call: row.get(1)?,
            title: row.get(2)?,
            settings: row.json(3)?,
            seed: u64::try_from(row.get::<i64>(4)?).map_err(Error::broken)?,
            state: row.code(5)?,
            state_at: row.get(6)?,
            job: row.get(7)?,
            outcome: row.json(8)?,
            place: Place {
                person: None,
                org: row.get(9)?,
                provider: None,
                district: row.get(10)?,
                department: row.get(11)?,
            },
            version: row.get(12)?,
        })
    }
}

pub(in crate::calls::review) async fn load(tx: &mut Tx, id: RoundId) -> Result<Round> {
    tx.one(
        &format!("select {COLUMNS} from review_rounds r where r.id = $1"),
        args![id],
    )
    .await
}

/// The round of a call, the last one where there are several.
pub(in crate::calls::review) async fn find_of_call(tx: &mut Tx, call: CallId) -> Result<Option<RoundId>> {
    tx.first(
        "select id from review_rounds where call = $1 order by id desc limit 1",
        args![call],
    )
    .await
}

pub(in crate::calls::review) async fn insert(tx: &mut Tx, round: &Round, by: &str) -> Result<()> {
    let sql = "insert into review_rounds (id, call, title, settings, seed, state, state_at, org, district, department,
            created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7, $11)";
    let settings = serde_json::to_string(&round.settings).map_err(Error::broken)?;
    let values = args![
        round.id,
        round.call,
        round.title.as_str(),
        settings,
        i64::try_from(round.seed).map_err(Error::broken)?,
        code(round.state),
        round.state_at,
        round.place.org,
        round.place.district.clone(),
        round.place.department.clone(),
        by,
    ];
    tx.exec(sql, values).await.map(drop)
}

/// Writes the state, if nobody else moved the round since `seen`.
pub(in crate::calls::review) async fn save_state(
    tx: &mut Tx,
    (id, seen): (RoundId, i64),
    (state, at): (RoundCode, Time),
) -> Result<()> {
    let sql = "update review_rounds set state = $3, state_at = case when state = $3 then state_at else $4 end,
            version = version + 1 where id = $1 and version = $2";
    tx.exec_one(sql, args![id, seen, code(state), at]).await
}

/// Names the job that assigns, if nobody else moved the round since `seen`.
pub(in crate::calls::review) async fn save_job(tx: &mut Tx, (id, seen): (RoundId, i64), job: JobId) -> Result<()> {
    let sql = "update review_rounds set job = $3, version = version + 1 where id = $1 and version = $2";
    tx.exec_one(sql, args![id, seen, job]).await
}

/// Writes what an assignment came to and the state it leads to, if nobody else moved the round since `seen`.
pub(in crate::calls::review) async fn save_outcome(
    tx: &mut Tx,
    (id, seen): (RoundId, i64),
    (outcome, state, at): (&Outcome, RoundCode, Time),
) -> Result<()> {
    let sql =
        "update review_rounds set outcome = $3, state = $4, state_at = case when state = $4 then state_at else $5 end,
            version = version + 1 where id = $1 and version = $2";
    let outcome = serde_json::to_string(&Some(outcome)).map_err(Error::broken)?;
    tx.exec_one(sql, args![id, seen, outcome, code(state), at]).await
}

/// One line of the list.
#[derive(Debug, Clone)]
pub struct RoundLine {
    /// The round.
    pub id: RoundId,
    /// What is reviewed.
    pub title: String,
    /// Where it stands.
    pub state: RoundCode,
    /// Since when.
    pub state_at: Time,
    /// How many declarations.
    pub items: i64,
    /// How many reviews, those given back apart.
    pub reviews: i64,
    /// How many of them are signed.
    pub signed: i64,
}

impl FromRow for RoundLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            title: row.get(1)?,
            state: row.code(2)?,
            state_at: row.get(3)?,
            items: row.get(4)?,
            reviews: row.get(5)?,
            signed: row.get(6)?,
        })
    }
}

const ORDERS: Orders = Orders {
    columns: &[("since", "r.state_at"), ("title", "r.title")],
    key: "r.id",
};

/// Rounds of a scope.
pub(in crate::calls::review) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &RoundFilter,
    window: &Window,
) -> Result<Listed<RoundLine>> {
    let select = format!(
        "select r.id, r.title, r.state, r.state_at,
            (select count(*) from review_items i where i.round = r.id),
            (select count(*) from reviews v where v.round = r.id and v.state <> 'recused'),
            (select count(*) from reviews v where v.round = r.id and v.state = 'signed'){}
         from review_rounds r where 1 = 1",
        window.tail(&ORDERS)
    );
    let query = Query::new(&select)
        .scope(scope, "r")
        .and_opt("r.state = {}", filter.state.map(code));
    window.fetch(tx, query, &ORDERS).await
}
