//! Editions of the rules of hours: drafted, proposed, approved by two persons, in force from a day on.
//!
//! The states stand in [`rules::credits::editions`]. Whoever evaluates asks [`recognition`] or [`requirement`] for the edition
//! of a day or a year (`in_force.rs`); where an installation has none yet, those that come with the platform hold ([`ship`]
//! writes them).
//! Rules. An approved edition is not edited by any path: triggers refuse it on both engines.
//! Deliberately absent: ending an edition without a successor; there is no time without rules.

mod in_force;
mod store;

use chrono::Datelike;
use db::{Event, Tx};
use kernel::{Date, Error, Id, Place, Result, Time};
use registry::people::Person;
use registry::{Ctx, Listed, Subject as Thing, Window};
use rules::credits::editions::{Dates, Document, EditionKind, EditionState, MeasureKind, difference};
use rules::credits::{Traits, recognition as recognising, requirement as requiring};
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

pub use in_force::{recognition, requirement, requirements};
pub use store::EditionFilter;

/// Marker of editions.
#[derive(Debug, Clone, Copy)]
pub enum EditionRow {}
/// The id of an edition.
pub type EditionId = Id<EditionRow>;

/// An edition as stored.
#[derive(Debug, Clone)]
pub struct Edition {
    /// Its id.
    pub id: EditionId,
    /// The rules.
    pub document: Document,
    /// Where it stands.
    pub state: EditionState,
    /// Its last day, once a later one was approved.
    pub until: Option<Date>,
    /// The code of the edition it was copied from.
    pub based_on: String,
    /// Who drafted it.
    pub drafted_by: String,
    /// When.
    pub drafted_at: Time,
    /// Changes with every save.
    pub version: i64,
}

/// Where an edition stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Being written.
    Draft,
    /// Waits for approval.
    Proposed,
    /// Approved, not in force yet.
    Upcoming,
    /// In force.
    InForce,
    /// Superseded.
    Ended,
    /// Given up.
    Discarded,
}

impl Edition {
    /// Where it stands on a day.
    #[must_use]
    pub fn phase(&self, today: Date) -> Phase {
        match &self.state {
            EditionState::Draft => Phase::Draft,
            EditionState::Proposed { .. } => Phase::Proposed,
            EditionState::Discarded { .. } => Phase::Discarded,
            EditionState::Approved { .. } if self.document.in_force() > today => Phase::Upcoming,
            EditionState::Approved { .. } if self.until.is_some_and(|until| until < today) => Phase::Ended,
            EditionState::Approved { .. } => Phase::InForce,
        }
    }
}

/// Told when an edition was approved by two persons.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditionApproved {
    /// The edition.
    pub edition: EditionId,
    /// Its code.
    pub code: String,
}

impl Event for EditionApproved {
    const KIND: &'static str = "credits_edition_approved";
}

/// What the editions look at in a person.
#[must_use]
pub fn traits_of(person: &Person) -> Traits {
    Traits {
        series: person.title_series.clone(),
        level: person.title_level,
        field: person.field.clone(),
        named: Vec::new(),
    }
}

/// Writes the editions that come with the platform, once. Whoever starts an installation calls it after migrating.
///
/// # Errors
/// Storage failures.
pub async fn ship(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    for document in [
        Document::Recognition(recognising::shipped()),
        Document::Requirement(requiring::shipped()),
    ] {
        let state = EditionState::Approved {
            at: ctx.now(),
            approvals: Vec::new(),
        };
        let edition = new(&tx, document, state, "", ctx);
        store::insert(&mut tx, &edition).await?;
    }
    tx.commit().await
}

fn new(tx: &Tx, document: Document, state: EditionState, based_on: &str, ctx: &Ctx) -> Edition {
    Edition {
        id: tx.mint(),
        document,
        state,
        until: None,
        based_on: based_on.to_owned(),
        drafted_by: ctx.actor.label.clone(),
        drafted_at: ctx.now(),
        version: 1,
    }
}

/// Brings an edition into force in demonstration data, from its own first day on, before or after the one shipped.
///
/// # Errors
/// Refused outside demonstration data; storage failures.
pub async fn force_in_demonstration(ctx: &Ctx, document: Document) -> Result<EditionId> {
    if !ctx.installation.demo {
        return Err(Error::refused("edition.demo", "示例版本只能用于演示数据。"));
    }
    let mut tx = ctx.db.write().await?;
    let state = EditionState::Approved {
        at: ctx.now(),
        approvals: Vec::new(),
    };
    let edition = new(&tx, document, state, "", ctx);
    store::supersede(&mut tx, edition.document.kind(), edition.document.in_force()).await?;
    store::insert(&mut tx, &edition).await?;
    tx.commit().await?;
    Ok(edition.id)
}

/// Keeps a draft in demonstration data as it is.
///
/// # Errors
/// Refused outside demonstration data; storage failures.
pub async fn draft_in_demonstration(ctx: &Ctx, document: Document) -> Result<EditionId> {
    if !ctx.installation.demo {
        return Err(Error::refused("edition.demo", "示例版本只能用于演示数据。"));
    }
    let mut tx = ctx.db.write().await?;
    let today = ctx.today();
    let based_on = match document.kind() {
        EditionKind::Recognition => recognition(&mut tx, today).await?.code.clone(),
        EditionKind::Requirement => requirement(&mut tx, today.year(), today).await?.code.clone(),
    };
    let edition = new(&tx, document, EditionState::Draft, &based_on, ctx);
    store::insert(&mut tx, &edition).await?;
    tx.commit().await?;
    Ok(edition.id)
}

/// What a new draft begins with.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// A code that no other edition has.
    pub code: String,
    /// As people shall call it.
    pub name: String,
    /// First day in force.
    pub in_force: Date,
}

/// Drafts a new edition as a copy of another one.
///
/// # Errors
/// Forbidden; NotFound; Wrong at `code` when it is taken or no code, at `name`, at `in_force` when it is past.
pub async fn draft(ctx: &Ctx, from: EditionId, input: &NewDraft) -> Result<EditionId> {
    let mut tx = ctx.db.write().await?;
    ctx.may(Act::DraftEdition, &Place::default())?;
    let original = store::load(&mut tx, from).await?;
    let document = original
        .document
        .clone()
        .renamed(&input.code, &input.name, input.in_force);
    input_faults(ctx, input)?;
    let edition = new(&tx, document, EditionState::Draft, original.document.code(), ctx);
    if !store::insert(&mut tx, &edition).await? {
        return Err(Error::wrong(
            "code",
            "edition.code",
            "这个代码已被其他版本使用，请另取一个。",
        ));
    }
    let after = json!({ "code": input.code, "from": original.document.code() });
    ctx.audit(&mut tx, "draft_edition", thing(edition.id), Json::Null, after)
        .await?;
    tx.commit().await?;
    Ok(edition.id)
}

fn input_faults(ctx: &Ctx, input: &NewDraft) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !(3..=40).contains(&input.code.len()) || !input.code.chars().all(plain) {
        let sentence = "代码为 3 到 40 位小写字母、数字和连字符，例如 recognition-2027。";
        return Err(Error::wrong("code", "edition.code", sentence));
    }
    if input.in_force < ctx.today() {
        let sentence = "生效日期不能早于今天，规则不溯及既往。";
        return Err(Error::wrong("in_force", "edition.past", sentence));
    }
    Ok(())
}

fn thing(id: EditionId) -> Thing {
    Thing::new("edition", id.get(), Place::default())
}

/// Changes the document of a draft through `change`; `version` is the one that was shown.
async fn change(
    ctx: &Ctx,
    id: EditionId,
    version: i64,
    change: impl FnOnce(&mut Document) -> Result<()>,
) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    ctx.may(Act::DraftEdition, &Place::default())?;
    let edition = store::load(&mut tx, id).await?;
    edition.state.edit()?;
    let mut document = edition.document.clone();
    change(&mut document)?;
    let told = difference(&edition.document, &document);
    store::save_document(&mut tx, id, version, &document).await?;
    let before = json!({ "version": version });
    ctx.audit(&mut tx, "edit_edition", thing(id), before, json!({ "changes": told }))
        .await?;
    tx.commit().await
}

/// Sets the figures of one rule or demand as typed.
///
/// # Errors
/// `edition.fixed`, Wrong at each path, Stale.
pub async fn edit(
    ctx: &Ctx,
    id: EditionId,
    version: i64,
    owner: &str,
    typed: &(dyn Fn(&str) -> Option<String> + Sync),
) -> Result<()> {
    change(ctx, id, version, |document| document.set(owner, &|path| typed(path))).await
}

/// Lets a rule of a draft count in another way, with the figures typed for it.
///
/// # Errors
/// `edition.fixed`, Wrong at each field, NotFound, Stale.
pub async fn set_measure(
    ctx: &Ctx,
    id: EditionId,
    version: i64,
    (owner, kind): (&str, MeasureKind),
    typed: &(dyn Fn(&str) -> String + Sync),
) -> Result<()> {
    let measure = kind.read(&|field| typed(field))?;
    change(ctx, id, version, |document| document.set_measure(owner, measure)).await
}

/// Takes a rule or demand out of a draft.
///
/// # Errors
/// `edition.fixed`, NotFound, Stale.
pub async fn remove(ctx: &Ctx, id: EditionId, version: i64, owner: &str) -> Result<()> {
    change(ctx, id, version, |document| document.remove(owner)).await
}

/// Copies a rule or demand of a draft under a new code, to be changed then.
///
/// # Errors
/// `edition.fixed`, Wrong at `code`, NotFound, Stale.
pub async fn copy(ctx: &Ctx, id: EditionId, version: i64, owner: &str, code: &str) -> Result<()> {
    change(ctx, id, version, |document| document.copy(owner, code)).await
}

/// Renames a draft and sets its first day.
///
/// # Errors
/// `edition.fixed`, Wrong at `in_force`, Stale.
pub async fn rename(ctx: &Ctx, id: EditionId, version: i64, name: &str, from: Date) -> Result<()> {
    if from < ctx.today() {
        let sentence = "生效日期不能早于今天，规则不溯及既往。";
        return Err(Error::wrong("in_force", "edition.past", sentence));
    }
    change(ctx, id, version, |document| {
        let code = document.code().to_owned();
        *document = document.clone().renamed(&code, name, from);
        Ok(())
    })
    .await
}

/// Puts a draft to approval.
///
/// # Errors
/// `edition.fixed`, Wrong with every fault, Stale.
pub async fn propose(ctx: &Ctx, id: EditionId, version: i64) -> Result<()> {
    step(
        ctx,
        (id, version),
        "propose_edition",
        Act::DraftEdition,
        None,
        |edition| edition.state.propose(edition.document.faults(), ctx.now()),
    )
    .await
}

/// Gives a proposed edition back to be mended, with a reason.
///
/// # Errors
/// `edition.not_proposed`, Wrong at `reason`, Stale.
pub async fn give_back(ctx: &Ctx, id: EditionId, version: i64, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if !(2..=200).contains(&reason.chars().count()) {
        return Err(Error::wrong(
            "reason",
            "edition.reason",
            "请用 2 到 200 个字写明退回原因。",
        ));
    }
    step(
        ctx,
        (id, version),
        "return_edition",
        Act::ApproveEdition,
        Some(reason),
        |edition| edition.state.give_back(),
    )
    .await
}

/// Gives a draft up.
///
/// # Errors
/// `edition.fixed`, Stale.
pub async fn discard(ctx: &Ctx, id: EditionId, version: i64) -> Result<()> {
    step(
        ctx,
        (id, version),
        "discard_edition",
        Act::DraftEdition,
        None,
        |edition| edition.state.discard(ctx.now()),
    )
    .await
}

async fn step(
    ctx: &Ctx,
    (id, version): (EditionId, i64),
    name: &str,
    act: Act,
    reason: Option<&str>,
    decide: impl FnOnce(&Edition) -> Result<EditionState>,
) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    ctx.may(act, &Place::default())?;
    let edition = store::load(&mut tx, id).await?;
    let next = decide(&edition)?;
    store::save_state(&mut tx, id, version, &next, ctx.now()).await?;
    let told = (
        json!({ "state": edition.state.code() }),
        json!({ "state": next.code() }),
    );
    ctx.audit_because(&mut tx, name, thing(id), told, reason).await?;
    tx.commit().await
}

/// Approves a proposed edition as one person; the second approval brings it into force from its first day on and
/// ends the one before on the day before. Says whether it is approved now.
///
/// # Errors
/// `edition.not_proposed`, `edition.two_persons`, `edition.past`, `edition.order`, Stale.
pub async fn approve(ctx: &Ctx, id: EditionId, version: i64) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    ctx.may(Act::ApproveEdition, &Place::default())?;
    let Some(account) = ctx.actor.account else {
        return Err(Error::Forbidden("只有登录的工作人员可以批准。".into()));
    };
    let edition = store::load(&mut tx, id).await?;
    let kind = edition.document.kind();
    let dates = Dates {
        in_force: edition.document.in_force(),
        latest: store::latest(&mut tx, kind).await?,
        today: ctx.today(),
    };
    let next = edition.state.approve(account, &ctx.actor.label, dates, ctx.now())?;
    let approved = matches!(next, EditionState::Approved { .. });
    if approved {
        store::supersede(&mut tx, kind, dates.in_force).await?;
    }
    store::save_state(&mut tx, id, version, &next, ctx.now()).await?;
    let after = json!({ "state": next.code(), "approvals": next.approvals().len(), "code": edition.document.code() });
    let before = json!({ "state": edition.state.code() });
    ctx.audit(&mut tx, "approve_edition", thing(id), before, after).await?;
    if approved {
        let code = edition.document.code().to_owned();
        tx.tell(&EditionApproved { edition: id, code }, ctx.now()).await?;
    }
    tx.commit().await?;
    Ok(approved)
}

/// An edition as its keeper sees it. Asks for [`Act::ListEditions`].
///
/// # Errors
/// NotFound.
pub async fn load(ctx: &Ctx, id: EditionId) -> Result<Edition> {
    ctx.may(Act::ListEditions, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    store::load(&mut tx, id).await
}

/// The edition of a code, without asking anybody: for modules that compare.
///
/// # Errors
/// NotFound.
pub async fn of_code(tx: &mut Tx, code: &str) -> Result<Edition> {
    store::of_code(tx, code).await
}

/// As [`load`], inside a transaction and without asking: for the job that counts.
///
/// # Errors
/// NotFound.
pub async fn find(tx: &mut Tx, id: EditionId) -> Result<Edition> {
    store::load(tx, id).await
}

/// Editions, newest first.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &EditionFilter, window: &Window) -> Result<Listed<Edition>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListEditions), filter, window).await
}

/// What the public may read: of each kind the editions in force or to come, and those that ended, newest first.
///
/// # Errors
/// Storage failures.
pub async fn published(tx: &mut Tx, kind: EditionKind) -> Result<Vec<Edition>> {
    store::approved(tx, kind).await
}
