//! What a claim is worth: which rules a person may claim by, what they ask, and the estimate with its steps.
//!
//! the edition in force on the day on which the activity ended decides. R-43: what was recognised before is read in
//! the caller's transaction.

use std::sync::Arc;

use db::Tx;
use kernel::{Date, Error, Hours, Result, id::PersonId};
use registry::{Ctx, people};
use rules::credits::claims::{Asks, ClaimFacts, ClaimKind, Competent, Worth, attested, for_claim};
use rules::credits::recognition::{self, Before, Edition, Recognised, Recogniser, Rule, Traits};
use rules::credits::{Posting, Subject};

use super::store::{claim::Claim, share};

/// A kind of activity that a person may claim.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The rule.
    pub rule: Rule,
    /// The name of its edition.
    pub edition: String,
}

/// The editions of recognition rules that a person may claim by on a day: the one in force, and in a demonstration, whose
/// past is older than its first approved edition, the sample before it.
async fn editions(ctx: &Ctx, tx: &mut Tx, on: Date) -> Result<Vec<Arc<Edition>>> {
    let in_force = crate::credits::editions::recognition(tx, on).await?;
    let mut editions = Vec::new();
    if ctx.installation.demo && in_force.code == recognition::shipped().code {
        editions.push(Arc::new(recognition::sample()));
    }
    editions.push(in_force);
    editions.retain(|edition| edition.is_in_force(on));
    Ok(editions)
}

/// What the rules look at in a person.
pub(super) fn traits(person: &people::Person) -> Traits {
    Traits {
        series: person.title_series.clone(),
        level: person.title_level,
        field: person.field.clone(),
        named: Vec::new(),
    }
}

/// The kinds of activity that the actor may claim today, with what they ask and give.
///
/// # Errors
/// NotFound when the actor is no professional; storage failures.
pub async fn kinds(ctx: &Ctx) -> Result<Vec<Kind>> {
    let mut tx = ctx.db.read().await?;
    let person = people::load(&mut tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    let traits = traits(&person);
    let mut kinds: Vec<Kind> = Vec::new();
    for edition in editions(ctx, &mut tx, ctx.today()).await? {
        let new: Vec<Kind> = edition
            .rules_for(&traits)
            .filter(|rule| kinds.iter().all(|kind| kind.rule.code != rule.code))
            .map(|rule| Kind {
                rule: rule.clone(),
                edition: edition.name.clone(),
            })
            .collect();
        kinds.extend(new);
    }
    Ok(kinds)
}

/// The rule of this code as it is in force on a day.
pub(super) async fn rule(ctx: &Ctx, tx: &mut Tx, code: &str, on: Date) -> Result<Option<(Arc<Edition>, Rule)>> {
    let editions = editions(ctx, tx, on).await?;
    Ok(editions.into_iter().find_map(|edition| {
        let rule = edition.rule(code)?.clone();
        Some((edition, rule))
    }))
}

/// The rule of a claim: as of the day the activity ended, or as of today while that day is not known.
async fn rule_of(ctx: &Ctx, tx: &mut Tx, claim: &Claim) -> Result<(Arc<Edition>, Rule)> {
    let on = claim.facts.to.unwrap_or_else(|| ctx.today());
    rule(ctx, tx, &claim.rule, on).await?.ok_or_else(|| {
        Error::refused_by(
            "R-25",
            "claim.no_rule",
            format!(
                "活动完成的那一天没有生效的认定标准包含“{}”，请核对完成日期。",
                claim.rule_name
            ),
        )
    })
}

/// What the form of a claim asks; nothing beside the attestation for hours from elsewhere.
///
/// # Errors
/// `claim.no_rule` when no rule was in force on the day that was typed.
pub async fn asks(ctx: &Ctx, claim: &Claim) -> Result<(Asks, Option<Rule>)> {
    let mut tx = ctx.db.read().await?;
    asks_in(ctx, &mut tx, claim).await
}

/// As [`asks`], in the caller's transaction.
pub(super) async fn asks_in(ctx: &Ctx, tx: &mut Tx, claim: &Claim) -> Result<(Asks, Option<Rule>)> {
    if claim.kind == ClaimKind::Elsewhere {
        return Ok((Asks::default(), None));
    }
    let rule = match rule_of(ctx, tx, claim).await {
        Ok((_, rule)) => rule,
        // While the day is not settled, the form asks what the rule asks today.
        Err(error) => rule(ctx, tx, &claim.rule, ctx.today()).await?.ok_or(error)?.1,
    };
    Ok((Asks::of(&rule), Some(rule)))
}

/// The body that recognises by a rule.
pub(super) const fn body(recogniser: Recogniser) -> Competent {
    match recogniser {
        Recogniser::Employer => Competent::Employer,
        Recogniser::District => Competent::District,
        Recogniser::Department => Competent::Department,
        Recogniser::Lead => Competent::Lead,
    }
}

/// What was recognised for a person by claims whose entries stand, other than by `claim`.
async fn before(tx: &mut Tx, family: &[PersonId], claim: &Claim) -> Result<Before> {
    let shares = share::of_people(tx, family, claim.id).await?;
    let entries: Vec<_> = shares.iter().map(|share| share.entry).collect();
    let standing = super::super::standing(tx, &entries).await?;
    let recognised = shares
        .into_iter()
        .filter(|share| standing.contains(&share.entry))
        .map(|share| Recognised {
            rule: share.rule,
            year: share.year,
            hours: share.hours,
            achievement: share.key,
        });
    Ok(Before {
        recognised: recognised.collect(),
    })
}

/// Checks the facts of a claim and counts what it is worth as things stand now.
pub(super) async fn count(ctx: &Ctx, tx: &mut Tx, claim: &Claim) -> Result<Worth> {
    let claimed_on = claim.submitted_at.map_or_else(|| ctx.today(), kernel::Time::date);
    if claim.kind == ClaimKind::Elsewhere {
        return Ok(attested(&claim.facts.attested(claimed_on)?));
    }
    let (edition, rule) = rule_of(ctx, tx, claim).await?;
    claim.facts.check(&Asks::of(&rule), claimed_on)?;
    let person = people::load(tx, claim.person).await?;
    let family = people::all_ids(tx, claim.person).await?;
    let before = before(tx, &family, claim).await?;
    let claimed = claim.facts.claimed(&rule.code, traits(&person), claimed_on);
    let found = recognition::evaluate(&edition, &claimed, &before)?;
    Ok(Worth {
        shares: found.shares,
        steps: found.steps,
        basis: found.basis,
        rule: found.rule,
        edition: found.edition,
    })
}

/// What would be posted for a claim of this worth.
pub(super) fn postings(ctx: &Ctx, claim: &Claim, worth: &Worth) -> Vec<Posting> {
    let facts = ClaimFacts {
        claim: claim.id,
        title: claim.facts.title.clone(),
        subject: claim.facts.subject.unwrap_or(Subject::Professional),
        form: claim.form,
        earned_on: claim.facts.earned_on(claim.kind, ctx.today()),
    };
    for_claim(&facts, worth, claim.person, &claim.place)
}

/// The estimate of a claim as it is written now.
///
/// # Errors
/// Wrong facts, at their fields; what the rule refuses.
pub async fn estimate(ctx: &Ctx, claim: &Claim) -> Result<(Hours, Vec<String>)> {
    let mut tx = ctx.db.read().await?;
    let worth = count(ctx, &mut tx, claim).await?;
    Ok((worth.total(), worth.steps))
}
