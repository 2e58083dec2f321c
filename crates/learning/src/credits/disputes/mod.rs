//! Disputes about hours: opened by the person, answered by the provider, decided by the supervising body, once appealed.
//!
//! The states, who decides and what follows in the ledger stand in [`rules::credits::disputes`]. A decision,
//! its postings and its reversal are one transaction; certificates follow by [`super::EntryReversed`]. Whoever must act has
//! a task with its deadline in working days, everybody concerned gets a message at each step. A file per deed: `opening`,
//! `answering`, `deciding`, `appealing` (appeal and withdrawal), `settling` (the hours came the ordinary way), `round` (what
//! happens by the calendar), `notes` (tasks and messages), `periods`, `statistics`.
//! Deliberately absent: disputes of an employer about its people; a person speaks for themself.

mod answering;
mod appealing;
mod deciding;
mod notes;
mod opening;
mod periods;
mod round;
mod settling;
mod statistics;
mod store;

use db::{Event, Tx};
use kernel::{Deadline, EntryId, OrgId, PersonId, Place, Result, Role, Time, id::DisputeId, id::FileId};
use registry::{Ctx, Listed, Subject as Thing, Window, files, people, taxonomy::deadlines};
use rules::credits::disputes::{Body, Contested, DisputeCode, DisputeKind, DisputeState, Evidence, Outcome};
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

pub use answering::answer;
pub use appealing::{appeal, withdraw};
pub use deciding::{Decision, decide};
pub use opening::{About, Missing, contest_entry, contest_missing, contest_missing_in};
pub use periods::{set_terms, terms};
pub use round::{handlers, round};
pub use settling::settle_completed;
pub use statistics::{ProviderCounts, statistics};

/// The kind of thing, in the trail and for its deadlines.
const KIND: &str = "dispute";

/// A case.
#[derive(Debug, Clone)]
pub struct Dispute {
    /// Its id.
    pub id: DisputeId,
    /// Its number, as people write it.
    pub number: String,
    /// What is contested.
    pub contested: Contested,
    /// The activity it is about.
    pub title: String,
    /// Why, in the person's words.
    pub words: String,
    /// Who decides.
    pub body: Body,
    /// Where it stands.
    pub state: DisputeState,
    /// When it was opened.
    pub opened_at: Time,
    /// Whether the provider let its period pass.
    pub lapsed: bool,
    /// Whose hours.
    pub person: PersonId,
    /// Employer, provider, district and deciding department.
    pub place: Place,
    /// Rises with every change.
    pub version: i64,
}

kernel::codes! {
    /// One thing that happened in a case.
    pub enum StepKind {
        Opened = "opened" "提出异议",
        Answered = "answered" "答复异议",
        Lapsed = "lapsed" "逾期未答复，转入决定",
        Decided = "decided" "作出决定",
        Appealed = "appealed" "申请复核",
        Reviewed = "reviewed" "作出复核决定",
        Closed = "closed" "未申请复核，决定生效",
        Withdrawn = "withdrawn" "撤回",
        Settled = "settled" "学时已补记，办结",
    }
}

/// One thing that happened, as the timeline tells it.
#[derive(Debug, Clone)]
pub struct Step {
    /// When.
    pub at: Time,
    /// What.
    pub kind: StepKind,
    /// In which role somebody acted.
    pub role: Role,
    /// What was said.
    pub words: String,
}

/// A file that belongs to a case.
#[derive(Debug, Clone)]
pub struct EvidenceFile {
    /// The file.
    pub file: FileId,
    /// The name it was sent under.
    pub name: String,
    /// Who sent it.
    pub role: Role,
    /// Bytes.
    pub size: i64,
    /// When.
    pub at: Time,
}

/// A file to be added.
#[derive(Debug, Clone)]
pub struct NewEvidence {
    /// The name it was sent under.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// What a list of cases is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct DisputeFilter {
    /// State.
    pub state: Option<DisputeCode>,
    /// What is contested.
    pub kind: Option<DisputeKind>,
    /// The complete number.
    pub number: Option<String>,
    /// One provider's.
    pub provider: Option<OrgId>,
    /// The year of the opening.
    pub year: Option<i64>,
}

/// A case in a list.
#[derive(Debug, Clone)]
pub struct DisputeLine {
    /// The case.
    pub case: Dispute,
    /// The person's name as the reader sees it.
    pub name: String,
    /// The provider's name.
    pub provider: String,
    /// By when the next step is due, and the next step's period.
    pub due: Option<Deadline>,
}

/// A case with everything its parties see.
#[derive(Debug, Clone)]
pub struct DisputeView {
    /// The case.
    pub line: DisputeLine,
    /// What happened, oldest first.
    pub steps: Vec<Step>,
    /// The evidence.
    pub files: Vec<EvidenceFile>,
    /// The contested entry.
    pub entry: Option<super::PostedEntry>,
}

/// Told when a body or, in an appeal, the lead has decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DisputeDecided {
    /// The case.
    pub dispute: DisputeId,
    /// How.
    pub outcome: Outcome,
    /// The entry that stands by the decision.
    pub entry: Option<EntryId>,
    /// The entry that this very decision posted.
    #[serde(default)]
    pub posted: Option<EntryId>,
}

impl Event for DisputeDecided {
    const KIND: &'static str = "dispute_decided";
}

/// Where a case stands.
///
/// # Errors
/// NotFound when there is none.
pub async fn place(tx: &mut Tx, id: DisputeId) -> Result<Place> {
    Ok(store::load(tx, id).await?.place)
}

/// The deadline that runs in a state, by its name.
#[must_use]
const fn running(state: DisputeCode) -> Option<&'static str> {
    match state {
        DisputeCode::Opened => Some("answer"),
        DisputeCode::Answered | DisputeCode::Unanswered => Some("decision"),
        DisputeCode::Decided => Some("appeal"),
        DisputeCode::Appealed => Some("review"),
        DisputeCode::Final | DisputeCode::Settled | DisputeCode::Withdrawn => None,
    }
}

async fn due(tx: &mut Tx, case: &Dispute) -> Result<Option<Deadline>> {
    match running(case.state.code()) {
        Some(name) => deadlines::find(tx, KIND, case.id.get(), name).await,
        None => Ok(None),
    }
}

/// Cases in the actor's scope ([`Act::ListDisputes`]).
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &DisputeFilter, window: &Window) -> Result<Listed<DisputeLine>> {
    let mut tx = ctx.db.read().await?;
    let listed = store::list(&mut tx, &ctx.scope(Act::ListDisputes), filter, window).await?;
    let known = people::load_many(&mut tx, listed.rows.iter().map(|case| case.person)).await?;
    let providers = listed.rows.iter().filter_map(|case| case.place.provider);
    let providers = registry::orgs::names(&mut tx, providers).await?;
    let ids: Vec<i64> = listed.rows.iter().map(|case| case.id.get()).collect();
    let dues = deadlines::find_many(&mut tx, KIND, &ids).await?;
    let due = |case: &Dispute| {
        let name = running(case.state.code())?;
        dues.get(&(case.id.get(), name.to_owned())).copied()
    };
    let own = ctx.actor.person();
    Ok(listed.map(|case| {
        let person = known.iter().find(|person| person.id == case.person);
        DisputeLine {
            name: person.map(|person| shown_name(own, person)).unwrap_or_default(),
            provider: named(&providers, case.place.provider),
            due: due(&case),
            case,
        }
    }))
}

fn named(names: &std::collections::BTreeMap<i64, String>, id: Option<OrgId>) -> String {
    id.and_then(|id| names.get(&id.get()).cloned()).unwrap_or_default()
}

/// Everybody but the person themself sees a masked name.
fn shown_name(own: Option<PersonId>, person: &people::Person) -> String {
    if own == Some(person.id) {
        person.name.clone()
    } else {
        person.masked_name()
    }
}

/// A case as its parties see it.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn view(ctx: &Ctx, id: DisputeId) -> Result<DisputeView> {
    let mut tx = ctx.db.read().await?;
    let case = store::load(&mut tx, id).await?;
    ctx.may(Act::ListDisputes, &case.place)?;
    let person = people::load(&mut tx, case.person).await?;
    let providers = registry::orgs::names(&mut tx, case.place.provider).await?;
    let entry = match case.contested.entry() {
        Some(entry) => Some(super::posted(&mut tx, entry).await?),
        None => None,
    };
    Ok(DisputeView {
        steps: store::steps(&mut tx, id).await?,
        files: store::files(&mut tx, id).await?,
        entry,
        line: DisputeLine {
            name: shown_name(ctx.actor.person(), &person),
            provider: named(&providers, case.place.provider),
            due: due(&mut tx, &case).await?,
            case,
        },
    })
}

/// A file of a case; its reading stands in the trail, for it may show anything.
///
/// # Errors
/// NotFound when its case is out of sight.
pub async fn evidence(ctx: &Ctx, file: FileId) -> Result<files::File> {
    let mut tx = ctx.db.write().await?;
    let case = store::load_of_file(&mut tx, file).await?;
    ctx.may(Act::ListDisputes, &case.place)?;
    let kept = files::load(&mut tx, file).await?;
    let told = json!({ "number": case.number, "file": file });
    ctx.audit(&mut tx, "read_evidence", thing(&case), Json::Null, told)
        .await?;
    tx.commit().await?;
    Ok(kept)
}

/// Which of these entries, read within their scope, have an open case.
///
/// # Errors
/// Storage failures.
pub async fn open_of(tx: &mut Tx, entries: &[EntryId]) -> Result<Vec<(EntryId, DisputeId)>> {
    store::open_of_entries(tx, entries).await
}

fn thing(case: &Dispute) -> Thing {
    Thing::new(KIND, case.id.get(), case.place.clone())
}

/// Keeps evidence with a case that has room for it.
async fn keep(ctx: &Ctx, tx: &mut Tx, case: &Dispute, evidence: Vec<NewEvidence>) -> Result<()> {
    let mut kept = store::files(tx, case.id).await?.len();
    for new in evidence {
        Evidence::room(kept)?;
        kept += 1;
        let found = Evidence::recognise(&new.bytes)?;
        let size = i64::try_from(new.bytes.len()).unwrap_or(i64::MAX);
        let file = files::NewFile {
            name: new.name.clone(),
            content_type: found.content_type().to_owned(),
            bytes: new.bytes,
            place: case.place.clone(),
            delete_after: None,
        };
        let file = EvidenceFile {
            file: files::keep(ctx, tx, file).await?,
            name: new.name,
            role: ctx.actor.role,
            size,
            at: ctx.now(),
        };
        store::add_file(tx, case.id, &file).await?;
    }
    Ok(())
}

/// Saves the next state with its step and its row in the trail.
async fn go_on(
    ctx: &Ctx,
    tx: &mut Tx,
    case: &Dispute,
    next: &DisputeState,
    (deed, kind, words): (&str, StepKind, &str),
) -> Result<()> {
    measured(ctx, tx, case, next, (deed, kind, words), store::Measured::default()).await
}

async fn measured(
    ctx: &Ctx,
    tx: &mut Tx,
    case: &Dispute,
    next: &DisputeState,
    (deed, kind, words): (&str, StepKind, &str),
    measured: store::Measured,
) -> Result<()> {
    store::save(tx, case, next, measured).await?;
    let step = Step {
        at: ctx.now(),
        kind,
        role: ctx.actor.role,
        words: words.to_owned(),
    };
    store::add_step(tx, case.id, &step, &ctx.actor.label).await?;
    let before = json!({ "number": case.number, "state": case.state.code() });
    let after = json!({ "state": next.code(), "outcome": measured.outcome });
    ctx.audit(tx, deed, thing(case), before, after).await
}
