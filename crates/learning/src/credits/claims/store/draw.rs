//! `claim_draws` and `claim_checks`.

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Date, Place, Result, Scope, Time, id::ClaimId, id::DrawId};
use registry::{Listed, Orders, Window};
use rules::credits::claims::sampling::{DrawCode, Finding};

/// A draw.
#[derive(Debug, Clone)]
pub struct Draw {
    /// The draw.
    pub id: DrawId,
    /// What it is called.
    pub title: String,
    /// Recognised from this day.
    pub from: Date,
    /// To this day.
    pub until: Date,
    /// Share in percent.
    pub percent: u32,
    /// Claims in the list.
    pub population: i64,
    /// Claims to be chosen.
    pub chosen: i64,
    /// SHA-256 of the list.
    pub digest: String,
    /// The seed with its source, once drawn.
    pub seed: Option<(String, String)>,
    /// When the list was frozen and published.
    pub announced_at: Time,
    /// When the claims were chosen.
    pub drawn_at: Option<Time>,
    /// Whose draw it is.
    pub place: Place,
    /// Grows with every change.
    pub version: i64,
}

impl Draw {
    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> DrawCode {
        match self.seed {
            Some(_) => DrawCode::Drawn,
            None => DrawCode::Announced,
        }
    }
}

const COLUMNS: &str =
    "d.id, d.title, d.from_day, d.until_day, d.percent, d.population, d.chosen, d.digest, d.seed, d.seed_source,
    d.announced_at, d.drawn_at, d.district, d.department, d.version";

impl FromRow for Draw {
    fn from_row(row: &Row) -> Result<Self> {
        let (seed, source): (Option<String>, Option<String>) = (row.get(8)?, row.get(9)?);
        Ok(Self {
            id: row.get(0)?,
            title: row.get(1)?,
            from: row.get(2)?,
            until: row.get(3)?,
            percent: row.get(4)?,
            population: row.get(5)?,
            chosen: row.get(6)?,
            digest: row.get(7)?,
            seed: seed.zip(source),
            announced_at: row.get(10)?,
            drawn_at: row.get(11)?,
            place: Place {
                district: row.get(12)?,
                department: row.get(13)?,
                ..Place::default()
            },
            version: row.get(14)?,
        })
    }
}

/// One claim in a draw.
#[derive(Debug, Clone)]
pub struct Check {
    /// The check.
    pub id: i64,
    /// In which draw.
    pub draw: DrawId,
    /// Of which claim.
    pub claim: ClaimId,
    /// The claim's number.
    pub number: String,
    /// Its score, if it was chosen.
    pub score: Option<String>,
    /// What was found.
    pub finding: Option<Finding>,
    /// With which words.
    pub note: String,
}

impl FromRow for Check {
    fn from_row(row: &Row) -> Result<Self> {
        let finding: Option<String> = row.get(5)?;
        Ok(Self {
            id: row.get(0)?,
            draw: row.get(1)?,
            claim: row.get(2)?,
            number: row.get(3)?,
            score: row.get(4)?,
            finding: finding.as_deref().and_then(<Finding as kernel::Code>::from_code),
            note: row.get(6)?,
        })
    }
}

pub(in crate::credits::claims) async fn insert(
    tx: &mut Tx,
    draw: &Draw,
    list: &[(ClaimId, String)],
    by: &str,
) -> Result<()> {
    tx.exec(
        "insert into claim_draws (id, title, from_day, until_day, percent, population, chosen, digest, announced_at, district,
            department, created_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            draw.id,
            draw.title.as_str(),
            draw.from,
            draw.until,
            draw.percent,
            draw.population,
            draw.chosen,
            draw.digest.as_str(),
            draw.announced_at,
            draw.place.district.clone(),
            draw.place.department.clone(),
            by
        ],
    )
    .await?;
    let rows: Vec<[Value; 4]> = list
        .iter()
        .map(|(claim, number)| {
            [
                tx.mint::<()>().into(),
                draw.id.into(),
                (*claim).into(),
                number.as_str().into(),
            ]
        })
        .collect();
    tx.insert_all("insert into claim_checks (id, draw, claim, number) values {}", rows)
        .await
        .map(drop)
}

pub(in crate::credits::claims) async fn load(tx: &mut Tx, id: DrawId) -> Result<Draw> {
    tx.one(
        &format!("select {COLUMNS} from claim_draws d where d.id = $1"),
        args![id],
    )
    .await
}

/// Numbers in a draw's list.
pub(in crate::credits::claims) async fn numbers(tx: &mut Tx, draw: DrawId) -> Result<Vec<String>> {
    tx.all(
        "select number from claim_checks where draw = $1 order by number",
        args![draw],
    )
    .await
}

pub(in crate::credits::claims) async fn save_seed(
    tx: &mut Tx,
    draw: &Draw,
    (seed, source): (&str, &str),
    at: Time,
) -> Result<()> {
    tx.exec_one(
        "update claim_draws set seed = $3, seed_source = $4, drawn_at = $5, version = version + 1
         where id = $1 and version = $2 and seed is null",
        args![draw.id, draw.version, seed, source, at],
    )
    .await
}

pub(in crate::credits::claims) async fn save_score(
    tx: &mut Tx,
    draw: DrawId,
    (number, score): (&str, &str),
) -> Result<()> {
    tx.exec_one(
        "update claim_checks set score = $3 where draw = $1 and number = $2",
        args![draw, number, score],
    )
    .await
}

/// The claims of a draw: the chosen ones by score, or the whole list by number.
pub(in crate::credits::claims) async fn chosen(tx: &mut Tx, draw: DrawId) -> Result<Vec<Check>> {
    tx.all(
        "select id, draw, claim, number, score, finding, note from claim_checks where draw = $1 and score is not null
         order by score, number",
        args![draw],
    )
    .await
}

pub(in crate::credits::claims) async fn load_check(tx: &mut Tx, id: i64) -> Result<Check> {
    tx.one(
        "select id, draw, claim, number, score, finding, note from claim_checks where id = $1 and score is not null",
        args![id],
    )
    .await
}

pub(in crate::credits::claims) async fn save_finding(
    tx: &mut Tx,
    id: i64,
    (finding, note): (Finding, &str),
    (at, by): (Time, &str),
) -> Result<()> {
    tx.exec_one(
        "update claim_checks set finding = $2, note = $3, found_at = $4, found_by = $5 where id = $1 and finding is null",
        args![id, code(finding), note, at, by],
    )
    .await
}

const ORDERS: Orders = Orders {
    columns: &[("announced", "d.announced_at")],
    key: "d.id",
};

/// Draws in a scope.
pub(in crate::credits::claims) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    state: Option<DrawCode>,
    window: &Window,
) -> Result<Listed<Draw>> {
    let select = format!(
        "select {COLUMNS}{} from claim_draws d where 1 = 1",
        window.tail(&ORDERS)
    );
    let mut query = Query::new(&select).scope(scope, "d");
    match state {
        Some(DrawCode::Announced) => query = query.and_plain("d.seed is null"),
        Some(DrawCode::Drawn) => query = query.and_plain("d.seed is not null"),
        None => {}
    }
    window.fetch(tx, query, &ORDERS).await
}
