//! The expert's own side: answering an invitation, one's experience and time, one's ties.

use db::Tx;
use kernel::{Date, Error, FieldError, Place, Result, Role};
use rules::experts::{Availability, Step, TieKind};
use rules::identity::NewGrant;
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::store::Tie;
use super::{Expert, View, lists, pool, store, tell};
use crate::identity::grants;
use crate::{Ctx, orgs, people, taxonomy};

/// The actor's own membership, if there is one, with its story.
///
/// # Errors
/// Forbidden; storage failures.
pub async fn own(ctx: &Ctx) -> Result<Option<View>> {
    let mut tx = ctx.db.read().await?;
    match find_own(ctx, &mut tx).await? {
        Some(expert) => lists::whole(&mut tx, expert).await.map(Some),
        None => Ok(None),
    }
}

/// The actor's own membership, if there is one.
///
/// # Errors
/// Forbidden; storage failures.
pub async fn find_own(ctx: &Ctx, tx: &mut Tx) -> Result<Option<Expert>> {
    let Some(person) = ctx.actor.person() else {
        return Ok(None);
    };
    ctx.may(Act::BeExpert, &ctx.actor.own)?;
    let family = people::all_ids(tx, person).await?;
    store::find_by_person(tx, &family).await
}

async fn load_own(ctx: &Ctx, tx: &mut Tx) -> Result<Expert> {
    find_own(ctx, tx).await?.ok_or(Error::NotFound)
}

/// Accepts the invitation; the account gets the role of an expert as its person.
///
/// # Errors
/// NotFound without an invitation; `expert.state`; Stale.
pub async fn accept(ctx: &Ctx, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut expert = load_own(ctx, &mut tx).await?;
    let before = expert.audited();
    expert.standing = expert.standing.accept()?;
    expert.state_at = ctx.now();
    store::save(&mut tx, &expert, version).await?;
    let account = ctx.actor.account.ok_or(Error::NotFound)?;
    let own = Place {
        person: ctx.actor.person(),
        ..Place::default()
    };
    let grant = NewGrant {
        role: Role::Expert,
        admin: false,
        own,
        label: String::new(),
    };
    // Whoever has the role already keeps it.
    match grants::give(ctx, &mut tx, account, grant).await {
        Ok(_)
        | Err(Error::Refused {
            code: "grant.exists", ..
        }) => {}
        Err(error) => return Err(error),
    }
    tell::moved(ctx, &mut tx, &expert, (before, Step::Accepted)).await?;
    tx.commit().await
}

/// Declines the invitation.
///
/// # Errors
/// As [`accept`]; Wrong at `reason`.
pub async fn decline(ctx: &Ctx, version: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut expert = load_own(ctx, &mut tx).await?;
    let before = expert.audited();
    expert.standing = expert.standing.decline(reason)?;
    expert.state_at = ctx.now();
    store::save(&mut tx, &expert, version).await?;
    tell::moved(ctx, &mut tx, &expert, (before, Step::Declined)).await?;
    tx.commit().await
}

/// Keeps one's own specialty, fields and time; background and term are the authority's.
///
/// # Errors
/// NotFound; Wrong at fields; Stale.
pub async fn keep(
    ctx: &Ctx,
    version: i64,
    (specialty, fields): (String, Vec<String>),
    availability: Availability,
) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut expert = load_own(ctx, &mut tx).await?;
    let before = expert.audited();
    expert.profile.specialty = specialty;
    expert.profile.fields = fields;
    expert.profile.availability = availability;
    expert.profile.check(&*taxonomy::names(&mut tx).await?)?;
    pool::refresh(&mut tx, &mut expert).await?;
    store::save(&mut tx, &expert, version).await?;
    ctx.audit(&mut tx, "be_expert", expert.subject(), before, expert.audited())
        .await?;
    tx.commit().await
}

/// A tie to be declared.
#[derive(Debug, Clone)]
pub struct NewTie {
    /// What kind.
    pub kind: TieKind,
    /// Name of the organisation or person.
    pub name: String,
    /// 统一社会信用代码 of the organisation, as typed; may be empty.
    pub credit_code: String,
    /// When it ended.
    pub until: Option<Date>,
    /// What else there is to say.
    pub note: String,
}

/// Declares a tie; it counts for every assignment from now on.
///
/// # Errors
/// NotFound; Wrong at fields.
pub async fn add_tie(ctx: &Ctx, new: NewTie) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let expert = load_own(ctx, &mut tx).await?;
    let org = match new.credit_code.trim() {
        "" => None,
        typed => {
            let code = rules::orgs::read_code("credit_code", typed, ctx.installation.demo)
                .map_err(|fault| Error::Wrong(vec![fault]))?;
            orgs::find_by_code(&mut tx, &code).await?
        }
    };
    let name = match (new.name.trim(), &org) {
        ("", Some(org)) => org.name.clone(),
        (name, _) => name.to_owned(),
    };
    let mut faults = Vec::new();
    if !(2..=100).contains(&name.chars().count()) {
        faults.push(FieldError::new(
            "name",
            "tie.name",
            "请填写单位全称或合作者姓名，2 到 100 个字。",
        ));
    }
    if new.kind == TieKind::FormerEmployer && new.until.is_none() {
        faults.push(FieldError::new("until", "tie.until", "曾任职单位请填写离职日期。"));
    }
    if new.until.is_some_and(|until| until > ctx.today()) {
        faults.push(FieldError::new(
            "until",
            "tie.until",
            "结束日期不能晚于今天；仍在继续的不填。",
        ));
    }
    if !faults.is_empty() {
        return Err(Error::Wrong(faults));
    }
    let tie = Tie {
        id: tx.mint::<()>().get(),
        expert: expert.id,
        kind: new.kind,
        org: org.map(|org| org.id),
        name,
        until: new.until,
        note: new.note.trim().chars().take(200).collect(),
        added_at: ctx.now(),
        ended_at: None,
    };
    store::insert_tie(&mut tx, &tie, &ctx.actor.label).await?;
    let after = json!({ "kind": tie.kind, "until": tie.until.map(|day| day.to_string()) });
    ctx.audit(&mut tx, "declare_tie", expert.subject(), Json::Null, after)
        .await?;
    tx.commit().await
}

/// Takes a tie back that was declared by mistake; it stays in the record as ended.
///
/// # Errors
/// NotFound; Stale when it was ended already.
pub async fn end_tie(ctx: &Ctx, tie: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let expert = load_own(ctx, &mut tx).await?;
    store::end_tie(&mut tx, expert.id, tie, (ctx.now(), &ctx.actor.label)).await?;
    ctx.audit(
        &mut tx,
        "end_tie",
        expert.subject(),
        json!({ "number": tie.to_string() }),
        Json::Null,
    )
    .await?;
    tx.commit().await
}
