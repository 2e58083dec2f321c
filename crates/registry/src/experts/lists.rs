//! The pool as a list, one expert with everything, and the experts whom a round may choose from.

use std::collections::BTreeMap;

use db::Tx;
use kernel::{Date, ExpertId, Result};
use rules::experts::conflict::{self, Reviewer, Stay};
use rules::experts::{Background, StandingCode};
use rules::people::TitleLevel;
use rules::permits::Act;

use super::Expert;
use super::merits::Merit;
use super::store::{self, ExpertLine, Tie, Told};
use crate::people::Employment;
use crate::{Ctx, Listed, Window, orgs, people};

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct ExpertFilter {
    /// Part of a name, an employer or a specialty.
    pub words: Option<String>,
    /// One state's.
    pub state: Option<StandingCode>,
    /// One background's.
    pub background: Option<Background>,
    /// One level's.
    pub level: Option<TitleLevel>,
    /// Who knows a field.
    pub field: Option<String>,
}

/// One expert with everything.
#[derive(Debug, Clone)]
pub struct View {
    /// The membership.
    pub expert: Expert,
    /// Employers over time, the latest first, with their names.
    pub employments: Vec<(Employment, String)>,
    /// Declared ties, ended ones too.
    pub ties: Vec<Tie>,
    /// The story.
    pub story: Vec<Told>,
    /// The merit record.
    pub merits: Vec<Merit>,
}

/// Experts in sight.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &ExpertFilter, window: &Window) -> Result<Listed<ExpertLine>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListExperts), filter, window).await
}

/// How many experts in sight are in each state.
///
/// # Errors
/// Storage failures.
pub async fn counts(ctx: &Ctx) -> Result<Vec<(StandingCode, i64)>> {
    let mut tx = ctx.db.read().await?;
    store::counts(&mut tx, &ctx.scope(Act::ListExperts)).await
}

/// One expert.
///
/// # Errors
/// NotFound when out of sight.
pub async fn view(ctx: &Ctx, id: ExpertId) -> Result<View> {
    let mut tx = ctx.db.read().await?;
    let expert = store::load(&mut tx, id).await?;
    ctx.may(Act::ListExperts, &expert.place)?;
    whole(&mut tx, expert).await
}

pub(super) async fn whole(tx: &mut Tx, expert: Expert) -> Result<View> {
    let employments = people::stays(tx, expert.person).await?;
    let names = orgs::names(tx, employments.iter().map(|stay| stay.org)).await?;
    let named = |stay: Employment| {
        let name = names.get(&stay.org.get()).cloned().unwrap_or_default();
        (stay, name)
    };
    Ok(View {
        employments: employments.into_iter().map(named).collect(),
        ties: store::ties(tx, &[expert.id]).await?,
        story: store::steps(tx, expert.id).await?,
        merits: store::merits(tx, expert.id).await?,
        expert,
    })
}

/// An expert who may be given reviews, with what bars them from some.
#[derive(Debug, Clone)]
pub struct Available {
    /// The membership.
    pub expert: Expert,
    /// Employers and ties.
    pub reviewer: Reviewer,
}

/// The experts in the actor's sight who may be given reviews on a day, in the order of their ids; inside the
/// caller's transaction.
///
/// # Errors
/// Storage failures.
pub async fn available(ctx: &Ctx, tx: &mut Tx, day: Date) -> Result<Vec<Available>> {
    let mut experts = store::active(tx, &ctx.scope(Act::ListExperts), day).await?;
    experts.retain(|expert| expert.admits(day).is_ok());
    let mut reviewers = reviewers_of(tx, &experts).await?;
    let available = experts.into_iter().filter_map(|expert| {
        let reviewer = reviewers.remove(&expert.id)?;
        Some(Available { expert, reviewer })
    });
    Ok(available.collect())
}

/// These experts as far as conflicts go, whatever their standing; inside the caller's transaction.
///
/// # Errors
/// Storage failures.
pub async fn reviewers(tx: &mut Tx, ids: &[ExpertId]) -> Result<BTreeMap<ExpertId, Reviewer>> {
    let experts = store::load_many(tx, ids).await?;
    reviewers_of(tx, &experts).await
}

async fn reviewers_of(tx: &mut Tx, experts: &[Expert]) -> Result<BTreeMap<ExpertId, Reviewer>> {
    let ids: Vec<ExpertId> = experts.iter().map(|expert| expert.id).collect();
    let mut ties: BTreeMap<ExpertId, Vec<conflict::Tie>> = BTreeMap::new();
    for tie in store::ties(tx, &ids)
        .await?
        .into_iter()
        .filter(|tie| tie.ended_at.is_none())
    {
        ties.entry(tie.expert).or_default().push(conflict::Tie {
            kind: tie.kind,
            org: tie.org,
            person: None,
            name: tie.name,
            until: tie.until,
        });
    }
    let stays = people::stays_of_many(tx, experts.iter().map(|expert| expert.person)).await?;
    let names = orgs::names(tx, stays.iter().map(|(_, stay)| stay.org)).await?;
    let reviewers = experts.iter().map(|expert| {
        let own = stays.iter().filter(|(person, _)| *person == expert.person);
        let stay = |stay: &Employment| Stay {
            org: Some(stay.org),
            name: names.get(&stay.org.get()).cloned().unwrap_or_default(),
            until: stay.until,
        };
        let reviewer = Reviewer {
            person: expert.person,
            name: expert.name.clone(),
            stays: own.map(|(_, one)| stay(one)).collect(),
            ties: ties.remove(&expert.id).unwrap_or_default(),
        };
        (expert.id, reviewer)
    });
    Ok(reviewers.collect())
}

/// Names of experts by id, for pages that show many; the caller has asked for its own act.
///
/// # Errors
/// Storage failures.
pub async fn names(tx: &mut Tx, ids: &[ExpertId]) -> Result<BTreeMap<ExpertId, String>> {
    store::names(tx, ids).await
}
