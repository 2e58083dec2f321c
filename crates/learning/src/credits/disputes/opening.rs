//! Opening a case: about an entry of one's own year, or about hours that are not there.
//!
//! Deliberately absent: a limit of years. An error that is found late is an error.

use chrono::Datelike;
use db::Tx;
use kernel::{EnrolmentId, EntryId, Error, OrgId, PersonId, Result, id::DisputeId};
use registry::{Ctx, orgs, people, taxonomy::deadlines};
use rules::credits::disputes::{self as decide, Contested, DisputeState, Wanted};
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::{Dispute, KIND, NewEvidence, Step, StepKind, keep, notes, store, thing};

/// What is said about an entry.
#[derive(Debug, Clone)]
pub enum About {
    /// It is mine and should say this.
    Wrong(Wanted),
    /// It is not mine.
    Foreign,
}

/// Hours that are not there.
#[derive(Debug, Clone)]
pub struct Missing {
    /// What should be there.
    pub wanted: Wanted,
    /// Who ran the activity.
    pub provider: Option<OrgId>,
    /// The enrolment they would come from.
    pub enrolment: Option<EnrolmentId>,
}

/// Contests an entry. Returns the case.
///
/// # Errors
/// NotFound when it is not the actor's; `dispute.reversal`, `dispute.reversed`, `dispute.open`; wrong fields.
pub async fn contest_entry(
    ctx: &Ctx,
    entry: EntryId,
    about: About,
    words: &str,
    evidence: Vec<NewEvidence>,
) -> Result<DisputeId> {
    let mut tx = ctx.db.write().await?;
    let posted = super::super::posted(&mut tx, entry).await?;
    let person = people::load(&mut tx, posted.person).await?;
    ctx.may(Act::OpenDispute, &person.place())?;
    contestable(&posted)?;
    let contested = match about {
        About::Wrong(wanted) => Contested::Wrong { entry, wanted },
        About::Foreign => Contested::Foreign { entry },
    };
    let new = New {
        contested,
        title: posted.title,
        provider: posted.place.provider,
        words,
    };
    let id = open(ctx, &mut tx, &person, new, evidence).await?;
    tx.commit().await?;
    Ok(id)
}

fn contestable(posted: &super::super::PostedEntry) -> Result<()> {
    if posted.reverses.is_some() {
        let sentence = "这是一笔冲正记录，请对被冲正的那笔学时或缺少的学时提出异议。";
        return Err(Error::refused("dispute.reversal", sentence));
    }
    if posted.reversed {
        let sentence = "这笔学时已经冲正，不再计入；如认为冲正有误，请按“缺少学时”提出异议。";
        return Err(Error::refused("dispute.reversed", sentence));
    }
    Ok(())
}

/// Contests that hours of the actor's own are not there, outside any enrolment that the platform knows.
///
/// # Errors
/// NotFound when no professional acts; wrong fields.
pub async fn contest_missing(
    ctx: &Ctx,
    missing: Missing,
    words: &str,
    evidence: Vec<NewEvidence>,
) -> Result<DisputeId> {
    let mut tx = ctx.db.write().await?;
    let person = ctx.actor.person().ok_or(Error::NotFound)?;
    let missing = Missing {
        enrolment: None,
        ..missing
    };
    let id = contest_missing_in(ctx, &mut tx, person, missing, (words, evidence)).await?;
    tx.commit().await?;
    Ok(id)
}

/// As [`contest_missing`], inside the transaction of a module that has proved the enrolment.
///
/// # Errors
/// NotFound when the person is not the actor; `dispute.open`; wrong fields.
pub async fn contest_missing_in(
    ctx: &Ctx,
    tx: &mut Tx,
    person: PersonId,
    missing: Missing,
    (words, evidence): (&str, Vec<NewEvidence>),
) -> Result<DisputeId> {
    let person = people::load(tx, person).await?;
    ctx.may(Act::OpenDispute, &person.place())?;
    let Missing {
        wanted,
        provider,
        enrolment,
    } = missing;
    let title = wanted.title.trim().to_owned();
    let new = New {
        contested: Contested::Missing { wanted, enrolment },
        title,
        provider,
        words,
    };
    open(ctx, tx, &person, new, evidence).await
}

struct New<'a> {
    contested: Contested,
    title: String,
    provider: Option<OrgId>,
    words: &'a str,
}

async fn open(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &people::Person,
    new: New<'_>,
    evidence: Vec<NewEvidence>,
) -> Result<DisputeId> {
    let words = decide::read_words("words", "异议的理由", new.words)?;
    new.contested
        .wanted()
        .map_or(Ok(()), |wanted| wanted.check(ctx.today()))?;
    let provider = match new.provider {
        Some(id) => Some((id, orgs::load(tx, id).await?.department)),
        None => None,
    };
    let (place, body) = decide::placed(&person.place(), provider);
    let year = ctx.today().year();
    let case = Dispute {
        id: tx.mint(),
        number: decide::number(year, store::next_serial(tx, year).await?),
        contested: new.contested,
        title: new.title,
        words,
        body,
        state: DisputeState::opened(place.provider.is_some(), ctx.now()),
        opened_at: ctx.now(),
        lapsed: false,
        person: person.id,
        place,
        version: 1,
    };
    if !store::insert(tx, &case, &ctx.actor.label).await? {
        let sentence = "这笔学时已有一件正在办理的异议，请在“学时异议”中查看进展或补充材料。";
        return Err(Error::refused_by("R-48", "dispute.open", sentence));
    }
    let step = Step {
        at: ctx.now(),
        kind: StepKind::Opened,
        role: ctx.actor.role,
        words: case.words.clone(),
    };
    store::add_step(tx, case.id, &step, &ctx.actor.label).await?;
    keep(ctx, tx, &case, evidence).await?;
    let told = json!({ "number": case.number, "kind": case.contested.kind(), "body": case.body });
    ctx.audit(tx, "open_dispute", thing(&case), Json::Null, told).await?;
    let terms = store::terms(tx).await?;
    let (name, workdays) = match case.state {
        DisputeState::Opened => ("answer", terms.answer),
        _ => ("decision", terms.decision),
    };
    let due = deadlines::set(ctx, tx, (KIND, case.id.get(), name), ctx.today(), workdays).await?;
    notes::opened(ctx, tx, &case, due).await?;
    Ok(case.id)
}
