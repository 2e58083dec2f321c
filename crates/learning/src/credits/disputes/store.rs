//! The SQL of disputes: the case, its steps, its evidence, its number, the periods.

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{EnrolmentId, EntryId, Error, OrgId, Place, Result, Role, Scope, Time, id::DisputeId, id::FileId};
use registry::{Listed, Orders, Window};
use rules::credits::disputes::{Contested, DisputeCode, DisputeKind, DisputeState, Terms, Wanted};
use rules::credits::recognition::Part;

use super::{Dispute, DisputeFilter, EvidenceFile, ProviderCounts, Step, StepKind};

const COLUMNS: &str = "d.id, d.number, d.kind, d.entry, d.enrolment, d.title, d.subject, d.form, d.hours, d.earned_on,
    d.words, d.body, d.facts, d.opened_at, d.lapsed, d.person, d.org, d.provider, d.district, d.department, d.version, d.compulsory";

impl FromRow for Dispute {
    fn from_row(row: &Row) -> Result<Self> {
        let person = row.get(15)?;
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            contested: contested(row)?,
            title: row.get(5)?,
            words: row.get(10)?,
            body: row.code(11)?,
            state: row.json(12)?,
            opened_at: row.get(13)?,
            lapsed: row.get(14)?,
            person,
            place: Place {
                person: Some(person),
                org: row.get(16)?,
                provider: row.get(17)?,
                district: row.get(18)?,
                department: row.get(19)?,
            },
            version: row.get(20)?,
        })
    }
}

fn contested(row: &Row) -> Result<Contested> {
    let entry = || {
        row.get::<Option<EntryId>>(3)?
            .ok_or_else(|| Error::broken("a dispute about an entry names none"))
    };
    Ok(match row.code(2)? {
        DisputeKind::Missing => Contested::Missing {
            wanted: wanted(row)?,
            enrolment: row.get(4)?,
        },
        DisputeKind::Wrong => Contested::Wrong {
            entry: entry()?,
            wanted: wanted(row)?,
        },
        DisputeKind::Foreign => Contested::Foreign { entry: entry()? },
    })
}

fn wanted(row: &Row) -> Result<Wanted> {
    Ok(Wanted {
        title: row.get(5)?,
        subject: row.code(6)?,
        part: if row.get::<bool>(21)? {
            Part::Compulsory
        } else {
            Part::Elective
        },
        form: row.code(7)?,
        hours: row.get(8)?,
        earned_on: row.get(9)?,
    })
}

impl FromRow for Step {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            at: row.get(0)?,
            kind: row.code::<StepKind>(1)?,
            role: row.code::<Role>(2)?,
            words: row.get(3)?,
        })
    }
}

impl FromRow for EvidenceFile {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            file: row.get::<FileId>(0)?,
            name: row.get(1)?,
            role: row.code(2)?,
            size: row.get(3)?,
            at: row.get(4)?,
        })
    }
}

/// The next number of a year, held until the transaction ends.
pub(super) async fn next_serial(tx: &mut Tx, year: i32) -> Result<i64> {
    tx.one(
        "insert into credits_dispute_numbers (year, last) values ($1, 1)
         on conflict (year) do update set last = credits_dispute_numbers.last + 1 returning last",
        args![year],
    )
    .await
}

/// Inserts a case; false when another one about the same entry or enrolment is open.
pub(super) async fn insert(tx: &mut Tx, case: &Dispute, by: &str) -> Result<bool> {
    let (wanted, place) = (case.contested.wanted(), &case.place);
    let facts = serde_json::to_value(&case.state).map_err(Error::broken)?;
    tx.exec_new(
        "insert into credits_disputes (id, number, kind, entry, enrolment, title, subject, form, hours, earned_on, words, body,
            state, facts, year, opened_at, opened_by, person, org, provider, district, department, compulsory)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
         on conflict do nothing",
        args![
            case.id,
            case.number.as_str(),
            code(case.contested.kind()),
            case.contested.entry(),
            case.contested.enrolment(),
            case.title.as_str(),
            wanted.map(|wanted| code(wanted.subject)),
            wanted.map(|wanted| code(wanted.form)),
            wanted.map(|wanted| wanted.hours),
            wanted.map(|wanted| wanted.earned_on),
            case.words.as_str(),
            code(case.body),
            code(case.state.code()),
            facts,
            chrono::Datelike::year(&case.opened_at.date()),
            case.opened_at,
            by,
            case.person,
            place.org,
            place.provider,
            place.district.clone(),
            place.department.clone(),
            wanted.is_some_and(|wanted| wanted.part == Part::Compulsory)
        ],
    )
    .await
}

pub(super) async fn load(tx: &mut Tx, id: DisputeId) -> Result<Dispute> {
    tx.one(
        &format!("select {COLUMNS} from credits_disputes d where d.id = $1"),
        args![id],
    )
    .await
}

/// A case for whoever decides on what was shown: locked, so that nobody acts on it beside us, and Stale when somebody did
/// since it was shown at `version`.
pub(super) async fn lock(tx: &mut Tx, (id, version): (DisputeId, i64)) -> Result<Dispute> {
    tx.lock_row("credits_disputes", id.get()).await?;
    let case = load(tx, id).await?;
    if case.version == version {
        Ok(case)
    } else {
        Err(Error::Stale)
    }
}

/// A case for the daily round, locked.
pub(super) async fn lock_latest(tx: &mut Tx, id: DisputeId) -> Result<Dispute> {
    tx.lock_row("credits_disputes", id.get()).await?;
    load(tx, id).await
}

/// The case that a file is evidence in.
pub(super) async fn load_of_file(tx: &mut Tx, file: FileId) -> Result<Dispute> {
    let sql = format!(
        "select {COLUMNS} from credits_disputes d join credits_dispute_files f on f.dispute = d.id where f.file = $1"
    );
    tx.one(&sql, args![file]).await
}

/// What a decision leaves for the statistics.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measured {
    /// The outcome that holds.
    pub outcome: Option<rules::credits::disputes::Outcome>,
    /// Working days from the opening to the first decision.
    pub workdays: Option<u32>,
}

/// Saves the next state of a case that was read at its version.
pub(super) async fn save(tx: &mut Tx, case: &Dispute, next: &DisputeState, measured: Measured) -> Result<()> {
    let facts = serde_json::to_value(next).map_err(Error::broken)?;
    let lapsed = matches!(
        (&case.state, next),
        (DisputeState::Opened, DisputeState::Unanswered { .. })
    );
    tx.exec_one(
        "update credits_disputes set state = $3, facts = $4, outcome = coalesce($5, outcome),
            workdays = coalesce(workdays, cast($6 as bigint)), lapsed = lapsed + cast($7 as bigint), version = version + 1
         where id = $1 and version = $2",
        args![
            case.id,
            case.version,
            code(next.code()),
            facts,
            measured.outcome.map(code),
            measured.workdays,
            i64::from(lapsed)
        ],
    )
    .await
}

pub(super) async fn add_step(tx: &mut Tx, dispute: DisputeId, step: &Step, actor: &str) -> Result<()> {
    tx.exec(
        "insert into credits_dispute_steps (id, dispute, at, kind, role, actor, words) values ($1, $2, $3, $4, $5, $6, $7)",
        args![tx.mint::<()>(), dispute, step.at, code(step.kind), code(step.role), actor, step.words.as_str()],
    )
    .await
    .map(drop)
}

/// What happened in a case, oldest first.
pub(super) async fn steps(tx: &mut Tx, dispute: DisputeId) -> Result<Vec<Step>> {
    tx.all(
        "select s.at, s.kind, s.role, s.words from credits_dispute_steps s where s.dispute = $1 order by s.id",
        args![dispute],
    )
    .await
}

/// The accounts that had a hand in a case.
pub(super) async fn hands(tx: &mut Tx, dispute: DisputeId) -> Result<Vec<String>> {
    tx.all(
        "select distinct actor from credits_dispute_steps where dispute = $1",
        args![dispute],
    )
    .await
}

pub(super) async fn add_file(tx: &mut Tx, dispute: DisputeId, file: &EvidenceFile) -> Result<()> {
    tx.exec(
        "insert into credits_dispute_files (file, dispute, name, role, size, kept_at) values ($1, $2, $3, $4, $5, $6)",
        args![
            file.file,
            dispute,
            file.name.as_str(),
            code(file.role),
            file.size,
            file.at
        ],
    )
    .await
    .map(drop)
}

/// The evidence of a case, oldest first.
pub(super) async fn files(tx: &mut Tx, dispute: DisputeId) -> Result<Vec<EvidenceFile>> {
    tx.all(
        "select f.file, f.name, f.role, f.size, f.kept_at from credits_dispute_files f where f.dispute = $1 order by f.file",
        args![dispute],
    )
    .await
}

const ORDERS: Orders = Orders {
    columns: &[("opened", "d.id"), ("title", "d.title"), ("number", "d.number")],
    key: "d.id",
};

/// Cases in a scope.
pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &DisputeFilter,
    window: &Window,
) -> Result<Listed<Dispute>> {
    let select = format!(
        "select {COLUMNS}{} from credits_disputes d where 1 = 1",
        window.tail(&ORDERS)
    );
    let query = Query::new(&select)
        .scope(scope, "d")
        .and_opt("d.state = {}", filter.state.map(code))
        .and_opt("d.kind = {}", filter.kind.map(code))
        .and_opt("d.number = {}", filter.number.clone())
        .and_opt("d.provider = {}", filter.provider)
        .and_opt("d.year = {}", filter.year);
    window.fetch(tx, query, &ORDERS).await
}

/// Open cases in one of these states after an id, in the order of their ids, for the daily round.
// unscoped: the platform's own round over all cases
pub(super) async fn after(tx: &mut Tx, states: &[DisputeCode], after: DisputeId, most: u32) -> Result<Vec<Dispute>> {
    Query::new(&format!(
        "select {COLUMNS} from credits_disputes d where d.state not in ('final', 'settled', 'withdrawn')"
    ))
    .and_in("d.state", states.iter().map(|state| code(*state)))
    .and("d.id > {}", after)
    .push_with(" order by d.id limit {}", [Value::from(most)])
    .fetch(tx)
    .await
}

/// Cases about these enrolments that no body has decided.
// unscoped: the cases of enrolments whose hours were posted
pub(super) async fn of_enrolments(tx: &mut Tx, enrolments: &[EnrolmentId]) -> Result<Vec<Dispute>> {
    let mut cases = Vec::new();
    for chunk in enrolments.chunks(500) {
        let query = Query::new(&format!("select {COLUMNS} from credits_disputes d where {UNDECIDED}"))
            .and_in("d.enrolment", chunk.iter().map(|id| (*id).into()))
            .push(" order by d.id");
        cases.extend(query.fetch::<Dispute>(tx).await?);
    }
    Ok(cases)
}

const UNDECIDED: &str = "d.state in ('opened', 'answered', 'unanswered')";

/// The undecided case that says that this entry is somebody else's.
// unscoped: the case of one entry that was taken back
pub(super) async fn foreign_of_entry(tx: &mut Tx, entry: EntryId) -> Result<Option<Dispute>> {
    let sql =
        format!("select {COLUMNS} from credits_disputes d where {UNDECIDED} and d.kind = 'foreign' and d.entry = $1");
    tx.first(&sql, args![entry]).await
}

/// Which of these entries have an open case.
// unscoped: the entries of a year that was read within its scope
pub(super) async fn open_of_entries(tx: &mut Tx, entries: &[EntryId]) -> Result<Vec<(EntryId, DisputeId)>> {
    Query::new("select d.entry, d.id from credits_disputes d where d.state not in ('final', 'settled', 'withdrawn')")
        .and_in("d.entry", entries.iter().map(|id| (*id).into()))
        .fetch(tx)
        .await
}

struct Counted(ProviderCounts);

impl FromRow for Counted {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self(ProviderCounts {
            provider: row.get::<Option<OrgId>>(0)?,
            name: String::new(),
            opened: row.get(1)?,
            upheld: row.get(2)?,
            partly: row.get(3)?,
            rejected: row.get(4)?,
            settled: row.get(5)?,
            withdrawn: row.get(6)?,
            open: row.get(7)?,
            lapsed: row.get(8)?,
            workdays: None,
        }))
    }
}

fn counting(column: &str, codes: &str) -> String {
    format!("cast(sum(case when d.{column} in ({codes}) then 1 else 0 end) as bigint)")
}

/// Cases of a year by provider, most first.
pub(super) async fn count_by_provider(tx: &mut Tx, scope: &Scope, year: i32) -> Result<Vec<ProviderCounts>> {
    let select = format!(
        "select d.provider, count(*), {}, {}, {}, {}, {}, {}, cast(sum(d.lapsed) as bigint) from credits_disputes d where 1 = 1",
        counting("outcome", "'upheld'"),
        counting("outcome", "'partly'"),
        counting("outcome", "'rejected'"),
        counting("state", "'settled'"),
        counting("state", "'withdrawn'"),
        counting("state", "'opened', 'answered', 'unanswered', 'decided', 'appealed'"),
    );
    let rows: Vec<Counted> = Query::new(&select)
        .scope(scope, "d")
        .and("d.year = {}", year)
        .push(" group by d.provider order by count(*) desc, d.provider")
        .fetch(tx)
        .await?;
    Ok(rows.into_iter().map(|Counted(counts)| counts).collect())
}

/// Working days to the first decision of each decided case of a year, by provider, ascending.
pub(super) async fn list_workdays(tx: &mut Tx, scope: &Scope, year: i32) -> Result<Vec<(Option<OrgId>, u32)>> {
    Query::new("select d.provider, d.workdays from credits_disputes d where d.workdays is not null")
        .scope(scope, "d")
        .and("d.year = {}", year)
        .push(" order by d.workdays")
        .fetch(tx)
        .await
}

pub(super) async fn terms(tx: &mut Tx) -> Result<Terms> {
    let rows: Vec<(String, u32)> = tx.all("select name, value from credits_dispute_terms", args![]).await?;
    let value = |name: &str, otherwise: u32| {
        rows.iter()
            .find(|(n, _)| n == name)
            .map_or(otherwise, |(_, value)| *value)
    };
    let default = Terms::DEFAULT;
    Ok(Terms {
        answer: value("answer", default.answer),
        decision: value("decision", default.decision),
        appeal: value("appeal", default.appeal),
        review: value("review", default.review),
    })
}

pub(super) async fn save_terms(tx: &mut Tx, terms: &Terms, at: Time, by: &str) -> Result<()> {
    let sql = "insert into credits_dispute_terms (name, value, changed_at, changed_by) values {}
        on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at,
        changed_by = excluded.changed_by";
    let rows = terms
        .named()
        .map(|(name, _, value)| [Value::from(name), value.into(), at.into(), by.into()]);
    tx.insert_all(sql, rows).await.map(drop)
}
