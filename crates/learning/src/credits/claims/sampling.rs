//! The draw among recognised claims and what the checks find.
//!
//! ```text
//! announce (freeze and publish the list) ──the next day or later──► choose (seed) ──► find: upheld | voided
//! ```
//! R-46: everything that anyone needs to compute the draw is public; numbers name no person. R-47: a claim that proves
//! untrue is voided by taking back all its entries that stand, by somebody else than its recogniser.

use kernel::{Date, Error, Place, Result, Scope, Time, id::DrawId};
use registry::{Ctx, Listed, Subject, Window, people};
use rules::credits::claims::sampling::{self, DrawCode, Finding};
use rules::credits::claims::{ClaimCode, Step};
use rules::permits::Act;
use serde_json::{Value as Json, json};

pub use super::store::draw::{Check, Draw};
use super::store::{
    claim::{self as claim_store, Moved},
    draw as store, parameters, share,
};
use super::{decide, tell};

const KIND: &str = "draw";
/// The longest list of one draw.
const MOST_CLAIMS: usize = 50_000;

/// What a draw is made of.
#[derive(Debug, Clone)]
pub struct NewDraw {
    /// What it is called, 4 to 60 characters.
    pub title: String,
    /// Claims recognised from this day.
    pub from: Date,
    /// To this day.
    pub until: Date,
}

/// What a list of draws is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct DrawFilter {
    /// One state's.
    pub state: Option<DrawCode>,
}

/// A draw with its list.
#[derive(Debug, Clone)]
pub struct DrawView {
    /// The draw.
    pub draw: Draw,
    /// Every number in the list, ascending.
    pub numbers: Vec<String>,
    /// The chosen claims, lowest score first; empty before the seed.
    pub chosen: Vec<Check>,
}

/// Freezes and publishes the list of claims from which will be drawn.
///
/// # Errors
/// Forbidden; wrong at `until`; `draw.empty`, `draw.many`.
pub async fn announce(ctx: &Ctx, new: &NewDraw) -> Result<DrawId> {
    let mut tx = ctx.db.write().await?;
    let place = Place {
        district: ctx.actor.own.district.clone(),
        department: ctx.actor.own.department.clone(),
        ..Place::default()
    };
    ctx.may(Act::CheckClaims, &place)?;
    if new.from > new.until || new.until > ctx.today() {
        return Err(Error::wrong(
            "until",
            "draw.days",
            "认定日期的起止请按先后填写，止日不晚于今天。",
        ));
    }
    let span = (Time::start_of(new.from), Time::start_of(new.until).plus_days(1));
    let list = claim_store::recognised_between(&mut tx, &ctx.scope(Act::CheckClaims), span).await?;
    if list.is_empty() {
        return Err(Error::refused(
            "draw.empty",
            "这段时间内没有已认定的申报，请扩大日期范围。",
        ));
    }
    if list.len() > MOST_CLAIMS {
        return Err(Error::refused(
            "draw.many",
            "一次最多从 50,000 件中抽取，请缩小日期范围，分批抽查。",
        ));
    }
    let figures = parameters::load(&mut tx).await?;
    let numbers: Vec<String> = list.iter().map(|(_, number)| number.clone()).collect();
    let count = sampling::size(numbers.len(), figures.sample_percent);
    let draw = Draw {
        id: tx.mint(),
        title: new.title.clone(),
        from: new.from,
        until: new.until,
        percent: figures.sample_percent,
        population: i64::try_from(numbers.len()).unwrap_or(i64::MAX),
        chosen: i64::try_from(count).unwrap_or(i64::MAX),
        digest: sampling::digest(&numbers),
        seed: None,
        announced_at: ctx.now(),
        drawn_at: None,
        place: place.clone(),
        version: 1,
    };
    store::insert(&mut tx, &draw, &list, &ctx.actor.label).await?;
    let thing = Subject::new(KIND, draw.id.get(), place);
    let after =
        json!({ "title": draw.title, "population": draw.population, "chosen": draw.chosen, "digest": draw.digest });
    ctx.audit(&mut tx, "announce_draw", thing, Json::Null, after).await?;
    tx.commit().await?;
    Ok(draw.id)
}

/// Chooses the claims by a seed that became known after the list was published.
///
/// # Errors
/// NotFound, Forbidden; wrong at `seed` or `seed_source`; `draw.same_day`, `draw.drawn`.
pub async fn choose(ctx: &Ctx, id: DrawId, seed: &str, source: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let draw = store::load(&mut tx, id).await?;
    ctx.may(Act::CheckClaims, &draw.place)?;
    if draw.seed.is_some() {
        return Err(Error::refused("draw.drawn", "这一批已经抽取过，不能再抽。"));
    }
    let (seed, source) = sampling::read_seed(seed, source, draw.announced_at, ctx.now())?;
    let numbers = store::numbers(&mut tx, id).await?;
    store::save_seed(&mut tx, &draw, (&seed, &source), ctx.now()).await?;
    let chosen = sampling::choose(&numbers, &seed, usize::try_from(draw.chosen).unwrap_or(usize::MAX));
    for (number, score) in &chosen {
        store::save_score(&mut tx, id, (number, score)).await?;
    }
    let thing = Subject::new(KIND, id.get(), draw.place);
    let after = json!({ "seed": seed, "source": source, "chosen": chosen.len() });
    ctx.audit(&mut tx, "choose_draw", thing, Json::Null, after).await?;
    tx.commit().await
}

/// Writes what a check found; a claim that proves untrue is voided and its hours are taken back.
///
/// # Errors
/// NotFound, Forbidden, `claim.own`, `claim.recognised_by_you`, wrong at `reason`, Stale when somebody else was faster.
pub async fn find(ctx: &Ctx, check: i64, finding: Finding, note: &str) -> Result<DrawId> {
    let mut tx = ctx.db.write().await?;
    let check = store::load_check(&mut tx, check).await?;
    let draw = store::load(&mut tx, check.draw).await?;
    ctx.may(Act::CheckClaims, &draw.place)?;
    let seen = claim_store::load(&mut tx, check.claim).await?;
    let family = people::all_ids(&mut tx, seen.person).await?;
    let mut claim = claim_store::lock(&mut tx, check.claim, &family).await?;
    decide::stand_back(ctx, &mut tx, &claim).await?;
    // The rule also says who may not check, so it is asked whatever the finding.
    let why = if finding == Finding::Voided {
        note
    } else {
        "抽查核对"
    };
    let voided = claim.state.clone().void(ctx.actor.account, why)?;
    store::save_finding(&mut tx, check.id, (finding, note.trim()), (ctx.now(), &ctx.actor.label)).await?;
    if finding == Finding::Voided {
        let entries: Vec<_> = share::of(&mut tx, claim.id)
            .await?
            .into_iter()
            .map(|(_, _, entry)| entry)
            .collect();
        let reason = format!("抽查不属实：{}", note.trim());
        for entry in super::super::standing(&mut tx, &entries).await? {
            super::super::take_back(ctx, &mut tx, entry, &cut(&reason)).await?;
        }
        let version = claim.version;
        claim.state = voided;
        let moved = Moved {
            at: ctx.now(),
            by: ctx.actor.account,
        };
        claim_store::save_state(&mut tx, &claim, version, moved).await?;
        tell::moved(ctx, &mut tx, &claim, (ClaimCode::Recognised, Step::Voided), note.trim()).await?;
    }
    let thing = Subject::new(KIND, draw.id.get(), draw.place);
    let after = json!({ "number": check.number, "finding": finding });
    ctx.audit(&mut tx, "check_claim", thing, Json::Null, after).await?;
    tx.commit().await?;
    Ok(draw.id)
}

/// A reason as long as the ledger takes.
fn cut(reason: &str) -> String {
    reason.chars().take(200).collect()
}

/// Draws in the actor's sight.
///
/// # Errors
/// Storage failures.
pub async fn draws(ctx: &Ctx, filter: &DrawFilter, window: &Window) -> Result<Listed<Draw>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::CheckClaims), filter.state, window).await
}

async fn whole(tx: &mut db::Tx, draw: Draw) -> Result<DrawView> {
    Ok(DrawView {
        numbers: store::numbers(tx, draw.id).await?,
        chosen: store::chosen(tx, draw.id).await?,
        draw,
    })
}

/// One draw for those who check.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn view_draw(ctx: &Ctx, id: DrawId) -> Result<DrawView> {
    let mut tx = ctx.db.read().await?;
    let draw = store::load(&mut tx, id).await?;
    ctx.may(Act::CheckClaims, &draw.place)?;
    whole(&mut tx, draw).await
}

/// Draws as the public sees them (R-46).
///
/// # Errors
/// Storage failures.
pub async fn public_draws(ctx: &Ctx, window: &Window) -> Result<Listed<Draw>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &Scope::All, None, window).await
}

/// One draw as the public sees it: numbers, digest, seed and scores, no findings.
///
/// # Errors
/// NotFound.
pub async fn public_draw(ctx: &Ctx, id: DrawId) -> Result<DrawView> {
    let mut tx = ctx.db.read().await?;
    let draw = store::load(&mut tx, id).await?;
    let mut view = whole(&mut tx, draw).await?;
    for check in &mut view.chosen {
        check.finding = None;
        check.note.clear();
    }
    Ok(view)
}
