//! The person's side: begin, write, attach, hand in, take back. Only the person writes; drafts are nobody else's.

use db::Tx;
use kernel::{Error, PersonId, Result, id::ClaimId, id::EvidenceId};
use registry::files::{self, File, NewFile};
use registry::{Ctx, Subject, people};
use rules::credits::ActivityForm;
use rules::credits::claims::achievement::{Earlier, is_again};
use rules::credits::claims::{ClaimCode, ClaimKind, ClaimState, Facts, Step, Way, evidence as admission, number};
use rules::credits::recognition::Once;
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::store::claim::{self as store, Claim, Moved};
use super::store::evidence::{self as evidence_store, Evidence};
use super::{tell, worth};

/// What a claim begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// An activity to be converted by the rule of this code.
    Rule(String),
    /// Hours attested elsewhere.
    Elsewhere,
}

/// Begins a draft of the actor's own.
///
/// # Errors
/// NotFound when the actor is no professional; wrong at `rule` when there is no such rule for the person.
pub async fn begin(ctx: &Ctx, beginning: &Beginning) -> Result<ClaimId> {
    let mut tx = ctx.db.write().await?;
    let person = people::load(&mut tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    let place = person.place();
    ctx.may(Act::MakeClaim, &place)?;
    let (kind, code, name, form, named) = match beginning {
        Beginning::Elsewhere => (
            ClaimKind::Elsewhere,
            String::new(),
            ClaimKind::Elsewhere.name().to_owned(),
            ActivityForm::Other,
            rules::credits::claims::Competent::District,
        ),
        Beginning::Rule(code) => {
            let (_, rule) = worth::rule(ctx, &mut tx, code, ctx.today())
                .await?
                .filter(|(_, rule)| rule.audience.holds(&worth::traits(&person)))
                .ok_or_else(|| Error::wrong("rule", "claim.rule", "请选择一种活动或成果。"))?;
            let named = worth::body(rule.recogniser);
            (ClaimKind::Converted, rule.code, rule.name, rule.form, named)
        }
    };
    let claim = Claim {
        id: tx.mint(),
        number: None,
        kind,
        person: person.id,
        org_name: people::employer_name(&mut tx, &person).await?.unwrap_or_default(),
        name: person.name,
        rule: code,
        rule_name: name,
        form,
        facts: Facts::default(),
        key: None,
        competent: Way::for_place(named, &place).competent,
        state: ClaimState::Draft,
        state_at: ctx.now(),
        confirmed_how: None,
        round: 0,
        hours: kernel::Hours::ZERO,
        steps: Vec::new(),
        edition: String::new(),
        earned_on: None,
        submitted_at: None,
        place,
        version: 1,
    };
    store::insert(&mut tx, &claim, ctx.now()).await?;
    let thing = Subject::new(tell::KIND, claim.id.get(), claim.place.clone());
    let after = json!({ "kind": claim.kind, "rule": claim.rule_name });
    ctx.audit(&mut tx, "make_claim", thing, Json::Null, after).await?;
    tx.commit().await?;
    Ok(claim.id)
}

/// The actor's own claim, to be written on.
async fn own(ctx: &Ctx, tx: &mut Tx, id: ClaimId) -> Result<Claim> {
    let claim = store::load(tx, id).await?;
    let family = people::all_ids(tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    if !family.contains(&claim.person) {
        return Err(Error::NotFound);
    }
    Ok(claim)
}

/// Writes what was typed, whole or not; `version` is the one that was shown. Saving does not move the version: only
/// handing in does, so that a page left open in another window cannot overwrite what was handed in.
///
/// # Errors
/// NotFound, `claim.state`, `claim.over`, Stale.
pub async fn save(ctx: &Ctx, id: ClaimId, version: i64, facts: Facts) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut claim = own(ctx, &mut tx, id).await?;
    claim.state.edit()?;
    claim.facts = facts;
    claim.key = claim.facts.key(claim.kind);
    claim.earned_on = Some(claim.facts.earned_on(claim.kind, ctx.today()));
    // What cannot be counted yet is worth nothing yet; the form says what is missing.
    let counted = worth::count(ctx, &mut tx, &claim).await;
    match counted {
        Ok(worth) => {
            claim.hours = worth.total();
            claim.steps = worth.steps;
            claim.edition = worth.edition;
        }
        Err(Error::Wrong(_) | Error::Refused { .. }) => {
            claim.hours = kernel::Hours::ZERO;
            claim.steps = Vec::new();
        }
        Err(other) => return Err(other),
    }
    store::save_facts(&mut tx, &claim, version).await?;
    tx.commit().await
}

/// Adds a file to a draft or a returned claim; the same content again changes nothing.
///
/// # Errors
/// NotFound, `claim.state`, wrong at `file`.
pub async fn attach(ctx: &Ctx, id: ClaimId, name: &str, bytes: Vec<u8>) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let claim = own(ctx, &mut tx, id).await?;
    claim.state.edit()?;
    let have = evidence_store::of(&mut tx, id).await?;
    let sha256 = files::digest(&bytes);
    if have.iter().any(|piece| piece.sha256 == sha256) {
        return Err(Error::wrong(
            "file",
            "evidence.same",
            "这个文件已经上传过了，不用重复上传。",
        ));
    }
    let kind = admission::admit(&bytes, have.len())?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let file = NewFile {
        name: name.to_owned(),
        content_type: kind.content_type().to_owned(),
        bytes,
        place: claim.place.clone(),
        delete_after: None,
    };
    let file = files::keep(ctx, &mut tx, file).await?;
    let piece = Evidence {
        id: tx.mint(),
        claim: id,
        file,
        name: name.to_owned(),
        content_type: kind.content_type().to_owned(),
        size,
        sha256,
        added_at: ctx.now(),
    };
    evidence_store::insert(&mut tx, &piece).await?;
    tx.commit().await
}

/// Takes a file off a draft or a returned claim. Returns the claim.
///
/// # Errors
/// NotFound, `claim.state`.
pub async fn detach(ctx: &Ctx, id: EvidenceId) -> Result<ClaimId> {
    let mut tx = ctx.db.write().await?;
    let piece = evidence_store::load(&mut tx, id).await?;
    let claim = own(ctx, &mut tx, piece.claim).await?;
    claim.state.edit()?;
    evidence_store::remove(&mut tx, id).await?;
    files::remove(&mut tx, piece.file).await?;
    let thing = Subject::new(tell::KIND, claim.id.get(), claim.place.clone());
    let before = json!({ "file": piece.name, "sha256": piece.sha256 });
    ctx.audit(&mut tx, "remove_evidence", thing, before, Json::Null).await?;
    tx.commit().await?;
    Ok(claim.id)
}

/// A piece of evidence to be read: by the person, or by whoever may see the claim, which the trail keeps.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn open_evidence(ctx: &Ctx, id: EvidenceId) -> Result<File> {
    let mut tx = ctx.db.write().await?;
    let piece = evidence_store::load(&mut tx, id).await?;
    let claim = store::load(&mut tx, piece.claim).await?;
    if own(ctx, &mut tx, claim.id).await.is_err() {
        ctx.may(Act::ListClaims, &claim.place)?;
        if claim.number.is_none() {
            return Err(Error::NotFound);
        }
        let thing = Subject::new(tell::KIND, claim.id.get(), claim.place.clone());
        let after = json!({ "file": piece.name });
        ctx.audit(&mut tx, "open_evidence", thing, Json::Null, after).await?;
    }
    let file = files::load(&mut tx, piece.file).await?;
    tx.commit().await?;
    Ok(file)
}

/// Hands a claim in: to the employer, or straight to the competent body.
///
/// # Errors
/// Wrong facts at their fields, `claim.evidence` without a file, `claim.twice`, `claim.nothing`, `claim.state`, Stale.
pub async fn submit(ctx: &Ctx, id: ClaimId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let seen = own(ctx, &mut tx, id).await?;
    let family = people::all_ids(&mut tx, seen.person).await?;
    let mut claim = store::lock(&mut tx, id, &family).await?;
    claim.state.edit()?;
    let person = people::load(&mut tx, claim.person).await?;
    claim.place = person.place();
    claim.org_name = people::employer_name(&mut tx, &person).await?.unwrap_or_default();
    claim.name = person.name;
    let worth = worth::count(ctx, &mut tx, &claim).await?;
    let once = refuse_twice(ctx, &mut tx, &claim, &family).await?;
    if evidence_store::of(&mut tx, id).await?.is_empty() {
        return Err(Error::refused_by(
            "R-44",
            "claim.evidence",
            "还没有上传佐证材料，请至少上传一个文件再提交。",
        ));
    }
    if worth.shares.is_empty() {
        let why = worth.steps.join("；");
        return Err(Error::refused(
            "claim.nothing",
            format!("按认定标准没有可以计入的学时：{why}。{once}"),
        ));
    }
    // Said now, not only when somebody has worked on it: a closed year takes no more claims.
    let postings = worth::postings(ctx, &claim, &worth);
    crate::credits::closing::admit(ctx, &mut tx, &postings).await?;
    claim.hours = worth.total();
    claim.steps = worth.steps;
    claim.edition = worth.edition;
    let before = claim.state.code();
    let named = match worth::asks_in(ctx, &mut tx, &claim).await?.1 {
        Some(rule) => worth::body(rule.recogniser),
        None => rules::credits::claims::Competent::District,
    };
    let way = Way::for_place(named, &claim.place);
    claim.competent = way.competent;
    claim.state = claim.state.submit(way)?;
    claim.confirmed_how = match &claim.state {
        ClaimState::Confirmed { how, .. } => Some(*how),
        _ => None,
    };
    claim.round += 1;
    claim.submitted_at = claim.submitted_at.or(Some(ctx.now()));
    if claim.number.is_none() {
        let year = chrono::Datelike::year(&ctx.today());
        claim.number = Some(number(year, store::next_serial(&mut tx, year).await?));
    }
    let moved = Moved {
        at: ctx.now(),
        by: ctx.actor.account,
    };
    store::save_state(&mut tx, &claim, version, moved).await?;
    let step = if claim.round > 1 {
        Step::Resubmitted
    } else {
        Step::Submitted
    };
    tell::moved(ctx, &mut tx, &claim, (before, step), "").await?;
    tx.commit().await
}

/// the same claim of the same person is not taken twice. Returns how often the rule counts an achievement, in words.
async fn refuse_twice(ctx: &Ctx, tx: &mut Tx, claim: &Claim, family: &[PersonId]) -> Result<&'static str> {
    let once = worth::asks_in(ctx, tx, claim)
        .await?
        .1
        .map_or(Once::AtItsHighest, |rule| rule.once);
    let Some(key) = claim.key.as_deref() else {
        return Ok(once.name());
    };
    let year = |day: Option<kernel::Date>| day.map(|day| chrono::Datelike::year(&day));
    for other in store::about(tx, key, claim.id).await? {
        let earlier = Earlier {
            same_rule: other.rule == claim.rule,
            same_year: year(other.earned_on) == year(claim.earned_on),
            state: other.state,
        };
        if family.contains(&other.person) && is_again(once, earlier) {
            return Err(Error::refused_by(
                "R-42",
                "claim.twice",
                format!(
                    "同一成果已经申报过：{}（{}），{}，不能重复申报。",
                    other.number,
                    other.state.name(),
                    once.name()
                ),
            ));
        }
    }
    Ok(once.name())
}

/// Takes a claim back, as long as it is not decided.
///
/// # Errors
/// NotFound, `claim.over`, Stale.
pub async fn withdraw(ctx: &Ctx, id: ClaimId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut claim = own(ctx, &mut tx, id).await?;
    let before = claim.state.code();
    claim.state = claim.state.withdraw()?;
    let moved = Moved {
        at: ctx.now(),
        by: ctx.actor.account,
    };
    store::save_state(&mut tx, &claim, version, moved).await?;
    if before != ClaimCode::Draft {
        tell::moved(ctx, &mut tx, &claim, (before, Step::Withdrawn), "").await?;
    }
    tx.commit().await
}
