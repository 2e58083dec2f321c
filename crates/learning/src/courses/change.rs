//! Changing a class that was published: contact, places, teachers, and the times of sessions that have not begun.
//!
//! Everything happens in one transaction: the sessions, the timelines of everybody with a place, the times of the class
//! with the deadline that follows from them, the catalogue's words, the note that the class page shows. Rules,
//! Whoever changes nothing that was told (the summary alone) tells nobody.
//! Deliberately absent: seats and conditions; letting people out whose time no longer suits (they ask the provider).

use std::collections::{HashMap, HashSet};

use db::Tx;
use kernel::{Error, PersonId, Result, id::ClassId, id::SessionId};
use registry::{Ctx, Subject};
use rules::attendance::Clash;
use rules::courses::change::{self as decide, Difference};
use rules::courses::enrolment::EnrolmentCode;
use rules::courses::{ClassPlan, SessionPlan, schedule};
use rules::permits::Act;
use serde_json::json;

use super::class::{expect_results, outline, plans, searchable};
use super::course::stop_at;
use super::enrol::reservation;
use super::store::change::{self as store, ClassChange};
use super::store::class::{self as class_store, Class};
use super::store::enrolment::{self as enrolment_store, Enrolment};
use super::store::session::{self as session_store, Session};
use super::{ClassChanged, counts};
use crate::attendance::{self, Reservation};
use crate::credits::editions;

/// What a class is to become.
#[derive(Debug, Clone)]
pub struct Adjustment {
    /// Contact.
    pub contact: String,
    /// What to expect.
    pub summary: String,
    /// Main place.
    pub place: String,
    /// Time, break, place, address, teacher and title by session; titles stand.
    pub sessions: HashMap<SessionId, SessionPlan>,
    /// Why, for everybody with a place.
    pub reason: String,
}

/// Changes contact, summary, places, teachers and the times of sessions that have not begun; tells everybody with a
/// place what was, what is and why.
///
/// # Errors
/// NotFound, Forbidden, `class.over`, `class.overlap` with the names of those who are busy, Stale; Wrong at the fields.
pub async fn adjust(ctx: &Ctx, id: ClassId, version: i64, to: &Adjustment) -> Result<()> {
    let mut tx = ctx.db.batch().await?;
    let people = seated(&mut tx, id).await?;
    attendance::hold(&mut tx, &people.iter().map(|e| e.person).collect::<Vec<_>>()).await?;
    let class = class_store::lock(&mut tx, id).await?;
    ctx.may(Act::EditClass, &class.place())?;
    class.state.adjust()?;
    let sessions = session_store::of_class(&mut tx, id).await?;
    let (plan, after) = wanted(&class, &sessions, to);
    let before = plans(&sessions);
    stop_at(decide::faults(&plan, &before, &plans(&after), ctx.now()))?;
    let rule = editions::recognition(&mut tx, ctx.today()).await?.class.clone();
    let differences = decide::differences((&class.plan, &before), (&plan, &plans(&after)), &rule);
    let reason = decide::reason(&class.state, &differences, &to.reason)?;
    class_store::save_plan(&mut tx, id, version, &plan).await?;
    let mut changed = Class { plan, ..class.clone() };
    move_times(ctx, &mut tx, (&mut changed, &people), (&sessions, &after)).await?;
    for session in &after {
        session_store::adjust(&mut tx, session).await?;
    }
    if class.state.published_at().is_some() {
        let words = searchable(&mut tx, &changed, &plans(&after)).await?;
        tx.index_text("classes", id.get(), &words).await?;
        note(ctx, &mut tx, id, (&differences, &reason)).await?;
    }
    let thing = Subject::new("class", id.get(), class.place());
    let said: Vec<String> = differences.iter().map(Difference::sentence).collect();
    let mut is = outline(&changed.plan);
    is["changes"] = json!(said);
    ctx.audit_because(
        &mut tx,
        "adjust_class",
        thing,
        (outline(&class.plan), is),
        Some(&reason),
    )
    .await?;
    tx.commit().await?;
    counts::forget();
    Ok(())
}

/// Everybody whose time the class holds: with a seat, or waiting for one.
async fn seated(tx: &mut Tx, id: ClassId) -> Result<Vec<Enrolment>> {
    let mut people = enrolment_store::in_state(tx, id, EnrolmentCode::Enrolled).await?;
    people.extend(enrolment_store::in_state(tx, id, EnrolmentCode::Waiting).await?);
    Ok(people)
}

/// The plan and the sessions as they are to be.
fn wanted(class: &Class, sessions: &[Session], to: &Adjustment) -> (ClassPlan, Vec<Session>) {
    let plan = ClassPlan {
        contact: to.contact.clone(),
        summary: to.summary.clone(),
        place: to.place.clone(),
        ..class.plan.clone()
    };
    let after = sessions.iter().map(|session| {
        let new = to.sessions.get(&session.id).unwrap_or(&session.plan);
        Session {
            plan: SessionPlan {
                title: session.plan.title.clone(),
                ..new.clone()
            },
            ..session.clone()
        }
    });
    (plan, after.collect())
}

/// Moves the sessions whose time changed on the timelines of the people, unless somebody is busy then, and the class
/// with them.
async fn move_times(
    ctx: &Ctx,
    tx: &mut Tx,
    (class, people): (&mut Class, &[Enrolment]),
    (before, after): (&[Session], &[Session]),
) -> Result<()> {
    let pairs = before.iter().zip(after);
    let moved: Vec<Reservation> = pairs
        .filter(|(was, is)| decide::moved(&was.plan, &is.plan))
        .map(|(_, is)| reservation(class, is))
        .collect();
    if moved.is_empty() || class.state.published_at().is_none() {
        return Ok(());
    }
    // Whoever took a place between the first look and the lock is not held: the change is asked for again.
    let held: HashSet<PersonId> = people.iter().map(|e| e.person).collect();
    let now = seated(tx, class.id).await?;
    if now.iter().any(|e| !held.contains(&e.person)) {
        return Err(Error::Stale);
    }
    let ids: Vec<PersonId> = now.iter().map(|e| e.person).collect();
    let busy = attendance::clashes(tx, &ids, &moved).await?;
    if !busy.is_empty() {
        return Err(decide::busy(&named(&now, &busy)));
    }
    attendance::shift(tx, &moved).await?;
    let plan = plans(after);
    class.starts_at = plan.iter().map(|session| session.starts_at).min();
    class.ends_at = plan.iter().map(|session| session.ends_at).max();
    class.taught = schedule::taught(&plan);
    class_store::save_times(tx, class).await?;
    expect_results(ctx, tx, class).await
}

/// Who is busy, in the order of arrival, with the sentence that names the other class.
fn named(people: &[Enrolment], busy: &HashMap<PersonId, Clash>) -> Vec<(String, String)> {
    let clash = |e: &Enrolment| Some((e.name.clone(), busy.get(&e.person)?.sentence()));
    people.iter().filter_map(clash).collect()
}

/// Keeps what changed for the class page and tells it, if there is anything to tell.
async fn note(ctx: &Ctx, tx: &mut Tx, class: ClassId, (differences, reason): (&[Difference], &str)) -> Result<()> {
    if differences.is_empty() {
        return Ok(());
    }
    let change = ClassChange {
        id: tx.mint(),
        class,
        at: ctx.now(),
        reason: reason.to_owned(),
        differences: differences.to_vec(),
    };
    store::insert(tx, &change, &ctx.actor.label).await?;
    tx.tell(
        &ClassChanged {
            class,
            change: change.id,
        },
        ctx.now(),
    )
    .await
}
