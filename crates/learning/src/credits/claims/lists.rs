//! Claims as lists, and one claim with its story, its evidence and the other claims that resemble it.
//!
//! whoever decides is shown claims about the same achievement and claims with the same file, whosever they
//! are, by number, state and rank; who they are about only where they are in sight.

use db::Tx;
use kernel::{Date, Deadline, EntryId, Error, PersonId, Result, Scope, id::ClaimId};
use registry::taxonomy::deadlines;
use registry::{Ctx, Listed, Window, people};
use rules::credits::claims::{ClaimCode, ClaimKind, Competent};
use rules::permits::{self, Act};

use super::store::claim::{self as store, Claim, ClaimLine, Sibling};
use super::store::{
    evidence::{self as evidence_store, Evidence},
    share,
    step::{self as step_store, Told},
};
use super::tell;

/// What a list of claims is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct ClaimFilter {
    /// One state's.
    pub state: Option<ClaimCode>,
    /// One kind's.
    pub kind: Option<ClaimKind>,
    /// One body's.
    pub competent: Option<Competent>,
    /// One number.
    pub number: Option<String>,
    /// One person's.
    pub person: Option<PersonId>,
    /// Those whose running deadline has passed by this day.
    pub overdue_on: Option<Date>,
    /// Drafts too: only a person's own.
    pub with_drafts: bool,
}

/// Another claim that resembles one.
#[derive(Debug, Clone)]
pub struct Twin {
    /// Where it is, if the actor may see it.
    pub id: Option<ClaimId>,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: ClaimCode,
    /// The rank claimed.
    pub rank: Option<i64>,
    /// Whether it is the same person's.
    pub own: bool,
    /// Whether it is about the same achievement; otherwise it has the same file.
    pub same_achievement: bool,
}

/// One claim with everything that is to be seen of it.
#[derive(Debug, Clone)]
pub struct View {
    /// The claim.
    pub claim: Claim,
    /// Its story.
    pub story: Vec<Told>,
    /// Its evidence.
    pub evidence: Vec<Evidence>,
    /// Claims that resemble it; only for those who decide.
    pub twins: Vec<Twin>,
    /// The deadline that runs.
    pub due: Option<Deadline>,
    /// Whether the actor is its person.
    pub own: bool,
}

/// A person lists their drafts too; everybody else what was handed in.
fn seen(ctx: &Ctx, filter: &ClaimFilter) -> (Scope, ClaimFilter) {
    let mut filter = filter.clone();
    filter.with_drafts &= ctx.actor.role == kernel::Role::Learner;
    (ctx.scope(Act::ListClaims), filter)
}

/// Claims in sight.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &ClaimFilter, window: &Window) -> Result<Listed<ClaimLine>> {
    let (scope, filter) = seen(ctx, filter);
    let mut tx = ctx.db.read().await?;
    let mut listed = store::list(&mut tx, &scope, &filter, window).await?;
    let ids: Vec<i64> = listed.rows.iter().map(|line| line.id.get()).collect();
    let dues = deadlines::find_many(&mut tx, tell::KIND, &ids).await?;
    for line in &mut listed.rows {
        let name = tell::deadline_name(line.state);
        line.due = name.and_then(|name| dues.get(&(line.id.get(), name.to_owned())).copied());
    }
    Ok(listed)
}

/// How many claims in sight are in each state.
///
/// # Errors
/// Storage failures.
pub async fn counts(ctx: &Ctx, filter: &ClaimFilter) -> Result<Vec<(ClaimCode, i64)>> {
    let (scope, filter) = seen(ctx, filter);
    let mut tx = ctx.db.read().await?;
    store::counts(&mut tx, &scope, &filter).await
}

/// One claim.
///
/// # Errors
/// NotFound when it is out of sight, or another's draft.
pub async fn view(ctx: &Ctx, id: ClaimId) -> Result<View> {
    let mut tx = ctx.db.read().await?;
    let claim = store::load(&mut tx, id).await?;
    let own = match ctx.actor.person() {
        Some(person) => people::all_ids(&mut tx, person).await?.contains(&claim.person),
        None => false,
    };
    if !own {
        ctx.may(Act::ListClaims, &claim.place)?;
        if claim.number.is_none() {
            return Err(Error::NotFound);
        }
    }
    let twins = if !own && permits::has(&ctx.actor, Act::DecideClaim) {
        twins(ctx, &mut tx, &claim).await?
    } else {
        Vec::new()
    };
    Ok(View {
        story: step_store::of(&mut tx, id).await?,
        evidence: evidence_store::of(&mut tx, id).await?,
        due: tell::due(&mut tx, &claim).await?,
        twins,
        own,
        claim,
    })
}

async fn twins(ctx: &Ctx, tx: &mut db::Tx, claim: &Claim) -> Result<Vec<Twin>> {
    let about = match claim.key.as_deref() {
        Some(key) => store::about(tx, key, claim.id).await?,
        None => Vec::new(),
    };
    let filed = store::with_files_of(tx, claim.id).await?;
    let scope = ctx.scope(Act::ListClaims);
    let twin = |sibling: &Sibling, same_achievement| Twin {
        id: scope.holds(&sibling.place).then_some(sibling.id),
        number: sibling.number.clone(),
        state: sibling.state,
        rank: sibling.rank,
        own: sibling.person == claim.person,
        same_achievement,
    };
    let files = filed.iter().filter(|one| about.iter().all(|other| other.id != one.id));
    Ok(about
        .iter()
        .map(|sibling| twin(sibling, true))
        .chain(files.map(|sibling| twin(sibling, false)))
        .collect())
}

/// The entries that a recognised claim gave.
///
/// # Errors
/// Storage failures.
pub async fn entries(tx: &mut Tx, claim: ClaimId) -> Result<Vec<EntryId>> {
    let shares = share::of(tx, claim).await?;
    Ok(shares.into_iter().map(|(_, _, entry)| entry).collect())
}
