//! `title_checks`: inserted once, revoked at most once.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{EntryId, Error, PersonId, Place, Result, Scope, Time, id::TitleCheckId};
use registry::{Listed, Orders, Window};
use rules::credentials::AnswerNumber;
use rules::credits::title_check::{Answer, Purpose, Target, Verdict};

/// An answer that was given.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: TitleCheckId,
    /// Its number.
    pub number: String,
    /// What it was asked for.
    pub purpose: Purpose,
    /// What it says.
    pub verdict: Verdict,
    /// In one sentence.
    pub sentence: String,
    /// Masked.
    pub holder_masked: String,
    /// The title applied for.
    pub target: Target,
    /// The document, signed.
    pub token: String,
    /// The document.
    pub document: Answer,
    /// When the ledger was read.
    pub checked_at: Time,
    /// When and why it was taken back.
    pub revoked: Option<(Time, String)>,
    /// Where the person stood.
    pub place: Place,
}

pub(super) async fn insert(tx: &mut Tx, kept: &Kept, key: &str, by: &str) -> Result<()> {
    let entries = serde_json::to_string(&kept.document.entries).map_err(Error::broken)?;
    tx.exec(
        "insert into title_checks (id, number, purpose, series, level, specialty, on_day, verdict, sentence, holder_masked,
            edition, entries, token, key_id, checked_at, checked_by, person, org, district, department)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        args![
            kept.id,
            kept.number.as_str(),
            code(kept.purpose),
            kept.target.series.as_str(),
            code(kept.target.level),
            kept.target.specialty.clone().unwrap_or_default(),
            kept.target.on,
            code(kept.verdict),
            kept.sentence.as_str(),
            kept.holder_masked.as_str(),
            kept.document.edition.as_str(),
            entries,
            kept.token.as_str(),
            key,
            kept.checked_at,
            by,
            kept.place.person,
            kept.place.org,
            kept.place.district.clone(),
            kept.place.department.clone()
        ],
    )
    .await
    .map(drop)
}

/// The document inside a token of our own store; its signature was ours when it was written.
fn inside(token: &str) -> Result<Answer> {
    let json = seal::read_json(token).ok_or_else(|| Error::broken("a kept answer is no token"))?;
    serde_json::from_str(&json).map_err(Error::broken)
}

impl FromRow for Kept {
    fn from_row(row: &Row) -> Result<Self> {
        let token: String = row.get(6)?;
        let specialty: String = row.get(11)?;
        let (at, why): (Option<Time>, Option<String>) = (row.get(8)?, row.get(9)?);
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            purpose: row.code(2)?,
            verdict: row.code(3)?,
            sentence: row.get(4)?,
            holder_masked: row.get(5)?,
            document: inside(&token)?,
            token,
            checked_at: row.get(7)?,
            revoked: at.map(|at| (at, why.unwrap_or_default())),
            target: Target {
                series: row.get(10)?,
                specialty: (!specialty.is_empty()).then_some(specialty),
                level: row.code(12)?,
                on: row.get(13)?,
            },
            place: Place {
                person: row.get(14)?,
                org: row.get(15)?,
                district: row.get(16)?,
                department: row.get(17)?,
                ..Place::default()
            },
        })
    }
}

pub(super) async fn load(tx: &mut Tx, id: TitleCheckId) -> Result<Kept> {
    let sql =
        "select t.id, t.number, t.purpose, t.verdict, t.sentence, t.holder_masked, t.token, t.checked_at, t.revoked_at,
        t.revoke_reason, t.series, t.specialty, t.level, t.on_day, t.person, t.org, t.district, t.department
        from title_checks t where t.id = $1";
    tx.one(sql, args![id]).await
}

/// The number of an answer, and where it stands.
pub(super) async fn named(tx: &mut Tx, id: TitleCheckId) -> Result<(String, Place)> {
    struct Named(String, Place);
    impl FromRow for Named {
        fn from_row(row: &Row) -> Result<Self> {
            let place = Place {
                person: row.get(1)?,
                org: row.get(2)?,
                provider: None,
                district: row.get(3)?,
                department: row.get(4)?,
            };
            Ok(Self(row.get(0)?, place))
        }
    }
    let sql = "select number, person, org, district, department from title_checks where id = $1";
    let Named(number, place) = tx.one(sql, args![id]).await?;
    Ok((number, place))
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct TitleCheckFilter {
    /// One person's.
    pub person: Option<PersonId>,
    /// One verdict.
    pub verdict: Option<Verdict>,
    /// One purpose.
    pub purpose: Option<Purpose>,
    /// One number, as typed.
    pub number: Option<String>,
}

/// One answer in a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id.
    pub id: TitleCheckId,
    /// Its number.
    pub number: String,
    /// What it was asked for.
    pub purpose: Purpose,
    /// What it says.
    pub verdict: Verdict,
    /// Masked.
    pub holder_masked: String,
    /// Code of the series.
    pub series: String,
    /// Code of the level.
    pub level: String,
    /// When.
    pub checked_at: Time,
    /// When it was taken back.
    pub revoked_at: Option<Time>,
}

impl FromRow for Line {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            purpose: row.code(2)?,
            verdict: row.code(3)?,
            holder_masked: row.get(4)?,
            series: row.get(5)?,
            level: row.get(6)?,
            checked_at: row.get(7)?,
            revoked_at: row.get(8)?,
        })
    }
}

const ORDERS: Orders = Orders {
    columns: &[("checked", "t.id"), ("number", "t.number")],
    key: "t.id",
};

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &TitleCheckFilter,
    window: &Window,
) -> Result<Listed<Line>> {
    let select = format!(
        "select t.id, t.number, t.purpose, t.verdict, t.holder_masked, t.series, t.level, t.checked_at, t.revoked_at{}
         from title_checks t where 1 = 1",
        window.tail(&ORDERS)
    );
    let number = filter
        .number
        .as_deref()
        .map(|text| AnswerNumber::parse(text).map_or_else(|| text.trim().to_owned(), |number| number.to_string()));
    let query = Query::new(&select)
        .scope(scope, "t")
        .and_opt("t.person = {}", filter.person)
        .and_opt("t.verdict = {}", filter.verdict.map(code))
        .and_opt("t.purpose = {}", filter.purpose.map(code))
        .and_opt("t.number = {}", number);
    window.fetch(tx, query, &ORDERS).await
}

/// Whether an answer stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// When it was given.
    pub checked_at: Time,
    /// When and why it was taken back.
    pub revoked: Option<(Time, String)>,
}

pub(super) async fn standing(tx: &mut Tx, number: &AnswerNumber) -> Result<Standing> {
    let sql = "select checked_at, revoked_at, revoke_reason from title_checks where number = $1";
    let (checked_at, at, why): (Time, Option<Time>, Option<String>) = tx.one(sql, args![number.as_str()]).await?;
    Ok(Standing {
        checked_at,
        revoked: at.map(|at| (at, why.unwrap_or_default())),
    })
}

/// Standing answers of these records that rest on the entry. A person has few, so they are read and looked into.
pub(super) async fn resting_on(
    tx: &mut Tx,
    records: &[PersonId],
    entry: EntryId,
) -> Result<Vec<(TitleCheckId, Place)>> {
    let query = Query::new(
        "select t.id, t.entries, t.person, t.org, t.district, t.department from title_checks t where t.revoked_at is null",
    )
    .and_in("t.person", records.iter().map(|id| (*id).into()))
    .push(" order by t.id");
    type Found = (
        TitleCheckId,
        String,
        Option<PersonId>,
        Option<kernel::OrgId>,
        Option<String>,
        Option<String>,
    );
    let rows: Vec<Found> = query.fetch(tx).await?;
    let wanted = entry.to_string();
    let mut resting = Vec::new();
    for (id, entries, person, org, district, department) in rows {
        let entries: Vec<String> = serde_json::from_str(&entries).map_err(Error::broken)?;
        if entries.contains(&wanted) {
            let place = Place {
                person,
                org,
                district,
                department,
                ..Place::default()
            };
            resting.push((id, place));
        }
    }
    Ok(resting)
}

pub(super) async fn revoke(tx: &mut Tx, id: TitleCheckId, at: Time, reason: &str) -> Result<()> {
    let sql = "update title_checks set revoked_at = $2, revoke_reason = $3 where id = $1 and revoked_at is null";
    tx.exec_one(sql, args![id, at, reason]).await
}
