//! `claims` and `claim_counters`.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{Date, Deadline, Error, Hours, PersonId, Place, Result, Scope, Time, id::AccountId, id::ClaimId};
use registry::taxonomy::deadlines;
use registry::{Listed, Orders, Window};
use rules::credits::ActivityForm;
use rules::credits::claims::{ClaimCode, ClaimKind, ClaimState, Competent, Confirmation, Facts};

use super::super::lists::ClaimFilter;
use super::super::tell;

/// A claim.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The claim.
    pub id: ClaimId,
    /// 申报编号, once it was handed in.
    pub number: Option<String>,
    /// Converted, or from elsewhere.
    pub kind: ClaimKind,
    /// Whose.
    pub person: PersonId,
    /// The name as it was; pages mask it.
    pub name: String,
    /// The employer's name as it was.
    pub org_name: String,
    /// The recognition rule; empty for hours from elsewhere.
    pub rule: String,
    /// Its name in plain words.
    pub rule_name: String,
    /// In which of the five forms.
    pub form: ActivityForm,
    /// What the person says.
    pub facts: Facts,
    /// What finds claims about one achievement.
    pub key: Option<String>,
    /// Who recognises.
    pub competent: Competent,
    /// Where it stands.
    pub state: ClaimState,
    /// Since when.
    pub state_at: Time,
    /// How it came before the competent body.
    pub confirmed_how: Option<Confirmation>,
    /// How often it was handed in.
    pub round: i64,
    /// Estimated hours, or recognised ones.
    pub hours: Hours,
    /// How they came about.
    pub steps: Vec<String>,
    /// The edition by which.
    pub edition: String,
    /// When they were earned.
    pub earned_on: Option<Date>,
    /// When it was first handed in.
    pub submitted_at: Option<Time>,
    /// Where it stands, by the person's place when it was handed in.
    pub place: Place,
    /// Grows with every change.
    pub version: i64,
}

const COLUMNS: &str =
    "c.id, c.number, c.kind, c.person, c.name, c.org_name, c.rule, c.rule_name, c.form, c.facts, c.key,
    c.competent, c.state, c.state_at, c.state_by, c.confirmed_how, c.confirmed_by, c.reason, c.round, c.hours, c.steps,
    c.edition, c.earned_on, c.submitted_at, c.org, c.district, c.department, c.version";

impl FromRow for Claim {
    fn from_row(row: &Row) -> Result<Self> {
        let state: ClaimCode = row.code(12)?;
        let how = row
            .get::<Option<String>>(15)?
            .as_deref()
            .and_then(<Confirmation as kernel::Code>::from_code);
        let by: Option<AccountId> = match state {
            ClaimCode::Confirmed => row.get(16)?,
            _ => row.get(14)?,
        };
        let person: PersonId = row.get(3)?;
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            kind: row.code(2)?,
            person,
            name: row.get(4)?,
            org_name: row.get(5)?,
            rule: row.get(6)?,
            rule_name: row.get(7)?,
            form: row.code(8)?,
            facts: serde_json::from_str(&row.get::<String>(9)?).map_err(Error::broken)?,
            key: row.get(10)?,
            competent: row.code(11)?,
            state: ClaimState::stored(state, how, by, row.get(17)?)?,
            state_at: row.get(13)?,
            confirmed_how: how,
            round: row.get(18)?,
            hours: row.get(19)?,
            steps: serde_json::from_str(&row.get::<String>(20)?).map_err(Error::broken)?,
            edition: row.get(21)?,
            earned_on: row.get(22)?,
            submitted_at: row.get(23)?,
            place: Place {
                person: Some(person),
                org: row.get(24)?,
                provider: None,
                district: row.get(25)?,
                department: row.get(26)?,
            },
            version: row.get(27)?,
        })
    }
}

pub(in crate::credits::claims) async fn insert(tx: &mut Tx, claim: &Claim, at: Time) -> Result<()> {
    let facts = serde_json::to_string(&claim.facts).map_err(Error::broken)?;
    let place = &claim.place;
    tx.exec(
        "insert into claims (id, kind, person, name, org_name, rule, rule_name, form, facts, competent, state, state_at, org,
            district, department, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $12)",
        args![
            claim.id,
            code(claim.kind),
            claim.person,
            claim.name.as_str(),
            claim.org_name.as_str(),
            claim.rule.as_str(),
            claim.rule_name.as_str(),
            code(claim.form),
            facts,
            code(claim.competent),
            code(claim.state.code()),
            at,
            place.org,
            place.district.clone(),
            place.department.clone(),
        ],
    )
    .await
    .map(drop)
}

pub(in crate::credits::claims) async fn load(tx: &mut Tx, id: ClaimId) -> Result<Claim> {
    tx.one(&format!("select {COLUMNS} from claims c where c.id = $1"), args![id])
        .await
}

/// Loads a claim and keeps others from it and from the person's other claims until the transaction ends: the first
/// claim of the person is the lock of all of them.
pub(in crate::credits::claims) async fn lock(tx: &mut Tx, id: ClaimId, family: &[PersonId]) -> Result<Claim> {
    let first: Option<i64> = Query::new("select min(c.id) from claims c where 1 = 1")
        .and_in("c.person", family.iter().map(|id| (*id).into()))
        .one(tx)
        .await?;
    if let Some(first) = first.filter(|first| *first != id.get()) {
        tx.lock_row("claims", first).await?;
    }
    tx.lock_row("claims", id.get()).await?;
    load(tx, id).await
}

/// Writes what the person says; the version moves only where `moving`.
pub(in crate::credits::claims) async fn save_facts(tx: &mut Tx, claim: &Claim, seen: i64) -> Result<()> {
    let facts = serde_json::to_string(&claim.facts).map_err(Error::broken)?;
    let steps = serde_json::to_string(&claim.steps).map_err(Error::broken)?;
    tx.exec_one(
        "update claims set facts = $3, title = $4, key = $5, rank = $6, hours = $7, steps = $8, edition = $9, earned_on = $10
         where id = $1 and version = $2",
        args![
            claim.id,
            seen,
            facts,
            claim.facts.title.as_str(),
            claim.key.clone(),
            claim.facts.rank.map(i64::from),
            claim.hours,
            steps,
            claim.edition.as_str(),
            claim.earned_on,
        ],
    )
    .await
}

/// Who moved a claim, and when.
pub(in crate::credits::claims) struct Moved {
    pub(in crate::credits::claims) at: Time,
    pub(in crate::credits::claims) by: Option<AccountId>,
}

/// Writes the state with everything that goes with it, if nobody else moved it meanwhile.
pub(in crate::credits::claims) async fn save_state(tx: &mut Tx, claim: &Claim, seen: i64, moved: Moved) -> Result<()> {
    let steps = serde_json::to_string(&claim.steps).map_err(Error::broken)?;
    let confirmed_by = match &claim.state {
        ClaimState::Confirmed { by, .. } => *by,
        _ => None,
    };
    let reason = match &claim.state {
        ClaimState::Returned { reason } | ClaimState::Refused { reason } | ClaimState::Voided { reason } => reason,
        _ => "",
    };
    let recognised = (claim.state.code() == ClaimCode::Recognised).then_some(moved.at);
    tx.exec_one(
        "update claims set state = $3, state_at = $4, state_by = $5, confirmed_how = $6,
            confirmed_by = case when $3 = 'confirmed' then $7 else confirmed_by end, reason = $8, round = $9, hours = $10, steps = $11, edition = $12,
            number = $13, submitted_at = coalesce(submitted_at, $14), recognised_at = coalesce($15, recognised_at),
            competent = $16, org = $17, district = $18, department = $19, org_name = $20, name = $21, version = version + 1
         where id = $1 and version = $2",
        args![
            claim.id,
            seen,
            code(claim.state.code()),
            moved.at,
            moved.by,
            claim.confirmed_how.map(code),
            confirmed_by,
            reason.to_owned(),
            claim.round,
            claim.hours,
            steps,
            claim.edition.as_str(),
            claim.number.clone(),
            claim.submitted_at,
            recognised,
            code(claim.competent),
            claim.place.org,
            claim.place.district.clone(),
            claim.place.department.clone(),
            claim.org_name.as_str(),
            claim.name.as_str(),
        ],
    )
    .await
}

pub(in crate::credits::claims) async fn next_serial(tx: &mut Tx, year: i32) -> Result<i64> {
    let sql = "insert into claim_counters (year, next) values ($1, 2)
        on conflict (year) do update set next = claim_counters.next + 1 returning next - 1";
    tx.one(sql, args![year]).await
}

/// Another claim about the same achievement or with the same file.
#[derive(Debug, Clone)]
pub(in crate::credits::claims) struct Sibling {
    pub(in crate::credits::claims) id: ClaimId,
    pub(in crate::credits::claims) number: String,
    pub(in crate::credits::claims) person: PersonId,
    pub(in crate::credits::claims) rule: String,
    pub(in crate::credits::claims) rank: Option<i64>,
    pub(in crate::credits::claims) state: ClaimCode,
    pub(in crate::credits::claims) earned_on: Option<Date>,
    pub(in crate::credits::claims) place: Place,
}

impl FromRow for Sibling {
    fn from_row(row: &Row) -> Result<Self> {
        let person: PersonId = row.get(2)?;
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            person,
            rule: row.get(3)?,
            rank: row.get(4)?,
            state: row.code(5)?,
            earned_on: row.get(6)?,
            place: Place {
                person: Some(person),
                org: row.get(7)?,
                provider: None,
                district: row.get(8)?,
                department: row.get(9)?,
            },
        })
    }
}

const SIBLING: &str =
    "select c.id, c.number, c.person, c.rule, c.rank, c.state, c.earned_on, c.org, c.district, c.department
    from claims c where c.number is not null and c.state <> 'withdrawn'";

/// Claims of whomever about this achievement that were handed in, other than this one.
// unscoped: a clerk is shown that there are others, by their numbers; who they are only where they are in sight.
pub(in crate::credits::claims) async fn about(tx: &mut Tx, key: &str, but: ClaimId) -> Result<Vec<Sibling>> {
    Query::new(SIBLING)
        .and("c.key = {}", key)
        .and("c.id <> {}", but)
        .push(" order by c.id limit 20")
        .fetch(tx)
        .await
}

/// Claims of whomever with a file of the same content as one of this claim.
// unscoped: as above.
pub(in crate::credits::claims) async fn with_files_of(tx: &mut Tx, id: ClaimId) -> Result<Vec<Sibling>> {
    Query::new(SIBLING)
        .and(
            "c.id <> {} and c.id in (select e.claim from claim_evidence e join claim_evidence mine on mine.sha256 = e.sha256
                where mine.claim = {})",
            id,
        )
        .push(" order by c.id limit 20")
        .fetch(tx)
        .await
}

/// A claim in a list.
#[derive(Debug, Clone)]
pub struct ClaimLine {
    /// The claim.
    pub id: ClaimId,
    /// Its number.
    pub number: Option<String>,
    /// Converted, or from elsewhere.
    pub kind: ClaimKind,
    /// The name, to be masked.
    pub name: String,
    /// The employer's name.
    pub org_name: String,
    /// What was done.
    pub title: String,
    /// The rule's name.
    pub rule_name: String,
    /// Hours estimated or recognised.
    pub hours: Hours,
    /// Where it stands.
    pub state: ClaimCode,
    /// Since when.
    pub state_at: Time,
    /// Who recognises.
    pub competent: Competent,
    /// When it was handed in.
    pub submitted_at: Option<Time>,
    /// The deadline that runs.
    pub due: Option<Deadline>,
    /// Grows with every change.
    pub version: i64,
}

impl FromRow for ClaimLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            kind: row.code(2)?,
            name: row.get(3)?,
            org_name: row.get(4)?,
            title: row.get(5)?,
            rule_name: row.get(6)?,
            hours: row.get(7)?,
            state: row.code(8)?,
            state_at: row.get(9)?,
            competent: row.code(10)?,
            submitted_at: row.get(11)?,
            due: None,
            version: row.get(12)?,
        })
    }
}

const ORDERS: Orders = Orders {
    columns: &[
        ("since", "c.state_at"),
        ("submitted", "coalesce(c.submitted_at, c.created_at)"),
        ("hours", "c.hours"),
    ],
    key: "c.id",
};
/// Orders that no index serves.
const UNINDEXED: &[&str] = &["submitted", "hours"];

/// Which deadline runs in the state of a row.
fn running_deadline() -> String {
    let mut text = "case c.state".to_owned();
    for state in <ClaimCode as kernel::Code>::ALL {
        if let Some(name) = tell::deadline_name(*state) {
            text.push_str(&format!(" when '{}' then '{name}'", kernel::Code::code(*state)));
        }
    }
    format!("{text} end")
}

fn narrowed(query: Query, filter: &ClaimFilter) -> Query {
    let mut query = query
        .and_opt("c.state = {}", filter.state.map(code))
        .and_opt("c.kind = {}", filter.kind.map(code))
        .and_opt("c.competent = {}", filter.competent.map(code))
        .and_opt("c.number = {}", filter.number.clone())
        .and_opt("c.person = {}", filter.person);
    if let Some(today) = filter.overdue_on {
        query = deadlines::overdue(query, tell::KIND, ("c.id", &running_deadline()), today);
    }
    if !filter.with_drafts {
        query = query.and_plain("c.number is not null");
    }
    query
}

/// Claims in a scope.
pub(in crate::credits::claims) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ClaimFilter,
    window: &Window,
) -> Result<Listed<ClaimLine>> {
    let select = format!(
        "select c.id, c.number, c.kind, c.name, c.org_name, c.title, c.rule_name, c.hours, c.state, c.state_at, c.competent,
            c.submitted_at, c.version{} from claims c where 1 = 1",
        window.tail(&ORDERS)
    );
    let query = narrowed(Query::new(&select).scope(scope, "c"), filter);
    window.fetch_ordered(tx, query, &ORDERS, UNINDEXED).await
}

/// How many claims of a scope are in each state.
pub(in crate::credits::claims) async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ClaimFilter,
) -> Result<Vec<(ClaimCode, i64)>> {
    let rows: Vec<(String, i64)> = narrowed(
        Query::new("select c.state, count(*) from claims c where 1 = 1").scope(scope, "c"),
        filter,
    )
    .push(" group by c.state")
    .fetch(tx)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(state, count)| Some((<ClaimCode as kernel::Code>::from_code(&state)?, count)))
        .collect())
}

/// Claims that have waited for their employer since before a time, oldest first.
// unscoped: the platform passes them on, whosever they are.
pub(in crate::credits::claims) async fn unconfirmed_since(tx: &mut Tx, before: Time) -> Result<Vec<ClaimId>> {
    tx.all(
        "select id from claims where state = 'submitted' and state_at < $1 order by state_at, id limit 2000",
        args![before],
    )
    .await
}

/// Numbers of the claims of a scope that were recognised in a span of days and stand.
pub(in crate::credits::claims) async fn recognised_between(
    tx: &mut Tx,
    scope: &Scope,
    (from, until): (Time, Time),
) -> Result<Vec<(ClaimId, String)>> {
    Query::new("select c.id, c.number from claims c where c.state = 'recognised'")
        .scope(scope, "c")
        .and("c.recognised_at >= {}", from)
        .and("c.recognised_at < {}", until)
        .push(" order by c.number")
        .fetch(tx)
        .await
}
