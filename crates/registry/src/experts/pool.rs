//! The authorities' side of the pool: invite, edit, suspend, resume, end.

use db::Tx;
use kernel::{Date, Error, ExpertId, PersonId, Result, Role};
use rules::experts::{Standing, Step, Term};
use rules::permits::Act;
use serde_json::Value as Json;

use super::{Expert, Profile, store, tell};
use crate::identity::grants;
use crate::{Ctx, people, taxonomy};

/// Invites a professional on file, or again one who declined or left; the term begins today.
///
/// # Errors
/// NotFound when the person is out of sight; Wrong at fields of the profile or the term; `expert.unverified` when nobody
/// answers for the record; `expert.state` when invited already.
pub async fn invite(ctx: &Ctx, person: PersonId, profile: Profile, until: Date) -> Result<ExpertId> {
    let mut tx = ctx.db.write().await?;
    let person = people::load(&mut tx, person).await?;
    let place = person.place();
    ctx.may(Act::KeepExperts, &place)?;
    if !person.standing.is_verified() {
        return Err(Error::refused(
            "expert.unverified",
            "此人的身份还没有核验，请先由任职单位或所在区核验，再邀请入库。",
        ));
    }
    profile.check(&*taxonomy::names(&mut tx).await?)?;
    let term = Term::try_new(ctx.today(), until)?;
    let family = people::all_ids(&mut tx, person.id).await?;
    let known = store::find_by_person(&mut tx, &family).await?;
    let standing = match &known {
        Some(known) => known.standing.clone().invite()?,
        None => Standing::Invited,
    };
    let expert = Expert {
        id: known.as_ref().map_or_else(|| tx.mint(), |known| known.id),
        person: person.id,
        org_name: people::employer_name(&mut tx, &person).await?.unwrap_or_default(),
        name: person.name,
        title_level: person.title_level,
        title_name: person.title_name,
        profile,
        standing,
        state_at: ctx.now(),
        term,
        place,
        version: known.as_ref().map_or(1, |known| known.version),
    };
    match &known {
        Some(known) => store::save(&mut tx, &expert, known.version).await?,
        None => store::insert(&mut tx, &expert, (ctx.now(), &ctx.actor.label)).await?,
    }
    let before = known.map_or(Json::Null, |known| known.audited());
    tell::moved(ctx, &mut tx, &expert, (before, Step::Invited)).await?;
    tx.commit().await?;
    Ok(expert.id)
}

async fn kept(ctx: &Ctx, tx: &mut Tx, id: ExpertId) -> Result<Expert> {
    let expert = store::load(tx, id).await?;
    ctx.may(Act::KeepExperts, &expert.place)?;
    Ok(expert)
}

/// Changes what is kept of an expert, and looks up employer and title anew.
///
/// # Errors
/// NotFound, Forbidden; Wrong at fields; Stale.
pub async fn edit(ctx: &Ctx, id: ExpertId, version: i64, (profile, until): (Profile, Date)) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut expert = kept(ctx, &mut tx, id).await?;
    profile.check(&*taxonomy::names(&mut tx).await?)?;
    let before = expert.audited();
    expert.term = Term::try_new(expert.term.from, until)?;
    expert.profile = profile;
    refresh(&mut tx, &mut expert).await?;
    store::save(&mut tx, &expert, version).await?;
    ctx.audit(&mut tx, "keep_experts", expert.subject(), before, expert.audited())
        .await?;
    tx.commit().await
}

/// Employer, title and place as the register has them now.
pub(super) async fn refresh(tx: &mut Tx, expert: &mut Expert) -> Result<()> {
    let person = people::load(tx, expert.person).await?;
    expert.org_name = people::employer_name(tx, &person).await?.unwrap_or_default();
    expert.place = person.place();
    expert.place.person = Some(expert.person);
    expert.title_level = person.title_level;
    expert.title_name = person.title_name;
    expert.name = person.name;
    Ok(())
}

async fn moved(
    ctx: &Ctx,
    (id, version, step): (ExpertId, i64, Step),
    deed: impl FnOnce(Standing) -> Result<Standing>,
) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut expert = kept(ctx, &mut tx, id).await?;
    let before = expert.audited();
    expert.standing = deed(expert.standing)?;
    expert.state_at = ctx.now();
    store::save(&mut tx, &expert, version).await?;
    if step == Step::Ended {
        grants::end_of_person(ctx, &mut tx, (expert.person, Role::Expert), expert.standing.reason()).await?;
    }
    tell::moved(ctx, &mut tx, &expert, (before, step)).await?;
    tx.commit().await
}

/// Gives an expert nothing more for the time being.
///
/// # Errors
/// NotFound, Forbidden; Wrong at `reason`; `expert.state`; Stale.
pub async fn suspend(ctx: &Ctx, id: ExpertId, version: i64, reason: &str) -> Result<()> {
    moved(ctx, (id, version, Step::Suspended), |standing| standing.suspend(reason)).await
}

/// Takes a suspension back.
///
/// # Errors
/// As [`suspend`].
pub async fn resume(ctx: &Ctx, id: ExpertId, version: i64) -> Result<()> {
    moved(ctx, (id, version, Step::Resumed), Standing::resume).await
}

/// Ends a membership with the role that came with it.
///
/// # Errors
/// As [`suspend`].
pub async fn end(ctx: &Ctx, id: ExpertId, version: i64, reason: &str) -> Result<()> {
    moved(ctx, (id, version, Step::Ended), |standing| standing.end(reason)).await
}
