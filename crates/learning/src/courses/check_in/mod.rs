//! 扫码签到: the provider opens a session's check-in, a screen shows a code that changes, people confirm on their phones.
//!
//! A telephone that scans the code is given a ticket at once ([`look`]), so that there is time to sign in; the person then
//! confirms ([`check_in`]) and the mark is written to the same roll that is called by hand (`rolls`), where the provider
//! corrects it. Rules. What checks in is noted with a digest of the browser, never its address.
//! Deliberately absent: checking out; places, faces and device numbers.

mod code;
mod store;

use kernel::{Error, Result, Time, id::SessionId};
use registry::{Ctx, Subject, people};
use rules::attendance::check_in::{self as decide, Answer, Known, Window, changes_at};
use rules::courses::EnrolmentState;
use rules::permits::Act;
use serde_json::json;
use sha2::{Digest as _, Sha256};

pub use code::Ticket;

use super::rolls;
use super::store::class::{self as class_store, Class};
use super::store::session::{self as session_store, Session};
use super::store::{enrolment as enrolment_store, parameters};
use crate::attendance::{self, NewMark};

/// A check-in that was opened.
struct Opened {
    secret: code::Secret,
    at: Time,
    closed_at: Option<Time>,
}

/// What the provider's screen shows.
#[derive(Debug, Clone)]
pub struct Screen {
    /// The class.
    pub class: Class,
    /// The session.
    pub session: Session,
    /// From when on people may check in.
    pub opens_at: Time,
    /// The code and when it changes; none while check-in is not open.
    pub code: Option<(String, Time)>,
    /// Whether it was opened and is closed again.
    pub closed: bool,
    /// How many have checked in by code.
    pub checked_in: i64,
    /// How many count as present, by code or by hand.
    pub present: usize,
    /// How many have a seat.
    pub seats: usize,
}

/// What a person sees before confirming.
#[derive(Debug, Clone)]
pub struct Look {
    /// The title of the class.
    pub class: String,
    /// The session.
    pub session: Session,
}

/// What came of a check-in.
#[derive(Debug, Clone)]
pub struct CheckedIn {
    /// The title of the class.
    pub class: String,
    /// The answer.
    pub answer: Answer,
    /// When it was.
    pub at: Time,
}

/// Opens the check-in of a session, from the day of the session on; opened again, it has another secret.
///
/// # Errors
/// NotFound, Forbidden; `class.early`, `class.final`, `class.not_published`, `check_in.over`.
pub async fn open_check_in(ctx: &Ctx, id: SessionId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let session = session_store::load(&mut tx, id).await?;
    let class = class_store::lock(&mut tx, session.class).await?;
    ctx.may(Act::MarkAttendance, &class.place())?;
    class.state.record(day_of(&session), ctx.now())?;
    let minutes = parameters::load(&mut tx).await?.check_in;
    window(&session, minutes).open(ctx.now())?;
    let mut secret = vec![0; 32];
    getrandom::fill(&mut secret).map_err(Error::broken)?;
    let secret = code::Secret(secret);
    store::open(&mut tx, id, &secret, (ctx.now(), &ctx.actor.label)).await?;
    note(ctx, &mut tx, "open_check_in", (&class, id)).await?;
    tx.commit().await
}

/// Closes it; closed already, nothing changes.
///
/// # Errors
/// NotFound, Forbidden.
pub async fn close_check_in(ctx: &Ctx, id: SessionId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let session = session_store::load(&mut tx, id).await?;
    let class = class_store::lock(&mut tx, session.class).await?;
    ctx.may(Act::MarkAttendance, &class.place())?;
    if is_open(store::find(&mut tx, id).await?, &session, ctx.now()).is_none() {
        return Ok(());
    }
    store::close(&mut tx, id, ctx.now()).await?;
    note(ctx, &mut tx, "close_check_in", (&class, id)).await?;
    tx.commit().await
}

async fn note(ctx: &Ctx, tx: &mut db::Tx, act: &str, (class, session): (&Class, SessionId)) -> Result<()> {
    let thing = Subject::new("session", session.get(), class.place());
    ctx.audit(tx, act, thing, json!(null), json!({ "class": class.id }))
        .await
}

/// What the screen of a session shows now.
///
/// # Errors
/// NotFound, Forbidden.
pub async fn check_in_screen(ctx: &Ctx, id: SessionId) -> Result<Screen> {
    let mut tx = ctx.db.read().await?;
    let session = session_store::load(&mut tx, id).await?;
    let class = class_store::load(&mut tx, session.class).await?;
    ctx.may(Act::MarkAttendance, &class.place())?;
    let minutes = parameters::load(&mut tx).await?.check_in;
    let opened = store::find(&mut tx, id).await?;
    let closed = opened.as_ref().is_some_and(|opened| opened.closed_at.is_some());
    let open = is_open(opened, &session, ctx.now());
    let roll = rolls::lines(&mut tx, (&class, id)).await?;
    let there = |line: &&rolls::RollLine| line.mark.is_some_and(rules::attendance::Mark::attended);
    Ok(Screen {
        opens_at: window(&session, minutes).opens_at(),
        code: open.map(|open| (open.secret.code(id, ctx.now()), changes_at(ctx.now()))),
        closed,
        checked_in: store::count(&mut tx, id).await?,
        present: roll.iter().filter(there).count(),
        seats: roll.len(),
        class,
        session,
    })
}

/// Sessions that wait for the person who acts: their check-in is open. With the title of the class and the number of the
/// session.
///
/// # Errors
/// Storage failures.
pub async fn open_check_ins(ctx: &Ctx) -> Result<Vec<(SessionId, String, i64)>> {
    let mut tx = ctx.db.read().await?;
    let ids = people::all_ids(&mut tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    store::waiting_for(&mut tx, &ids, ctx.now()).await
}

/// Exchanges a code that counts for a ticket. Open to everybody: the code is the permission, and what comes back says
/// nothing but that it was seen.
///
/// # Errors
/// NotFound for a session that does not exist; `check_in.closed`, `check_in.stale`.
pub async fn look(ctx: &Ctx, id: SessionId, typed: &str) -> Result<Ticket> {
    let mut tx = ctx.db.read().await?;
    let session = session_store::load(&mut tx, id).await?;
    let opened = store::find(&mut tx, id).await?;
    let open = is_open(opened, &session, ctx.now()).ok_or_else(closed)?;
    open.secret.exchange(id, typed, ctx.now())
}

/// What the person is about to confirm; only for whoever has a seat.
///
/// # Errors
/// NotFound when the person has no seat in that class.
pub async fn before_check_in(ctx: &Ctx, id: SessionId) -> Result<Look> {
    let mut tx = ctx.db.read().await?;
    let session = session_store::load(&mut tx, id).await?;
    let class = class_store::load(&mut tx, session.class).await?;
    seat(ctx, &mut tx, &class).await?;
    Ok(Look {
        class: class.plan.title,
        session,
    })
}

/// The person who acts is there: writes the mark.
///
/// # Errors
/// NotFound when the person has no seat; `check_in.closed`, `check_in.stale`, `check_in.early`, `check_in.over`
/// `check_in.by_hand`, `check_in.browser`, `class.final`.
pub async fn check_in(ctx: &Ctx, id: SessionId, ticket: &Ticket, browser: &str) -> Result<CheckedIn> {
    let mut tx = ctx.db.write().await?;
    let session = session_store::load(&mut tx, id).await?;
    let class = class_store::lock(&mut tx, session.class).await?;
    let person = seat(ctx, &mut tx, &class).await?;
    class.state.record(day_of(&session), ctx.now())?;
    let minutes = parameters::load(&mut tx).await?.check_in;
    let opened = store::find(&mut tx, id).await?;
    let open = is_open(opened, &session, ctx.now()).ok_or_else(closed)?;
    open.secret.check(id, ticket, ctx.now())?;
    let browser = Sha256::digest([open.secret.0.as_slice(), browser.as_bytes()].concat());
    let mark = attendance::mark_of(&mut tx, id, person).await?;
    let known = Known {
        mark,
        browser_used: store::browser_used(&mut tx, id, (&browser, person)).await?,
    };
    let answer = decide::check_in(&window(&session, minutes), known, ctx.now())?;
    if let Answer::Marked(mark) = answer {
        let new = NewMark {
            person,
            mark,
            version: 0,
        };
        rolls::write(ctx, &mut tx, (&class, id), &[new]).await?;
        store::note(&mut tx, id, (person, mark, &browser), ctx.now()).await?;
        tx.commit().await?;
    }
    Ok(CheckedIn {
        class: class.plan.title,
        answer,
        at: ctx.now(),
    })
}

/// The person who acts, if it has a seat in the class.
async fn seat(ctx: &Ctx, tx: &mut db::Tx, class: &Class) -> Result<kernel::PersonId> {
    let person = people::load(tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    ctx.may(Act::CheckIn, &person.place())?;
    match enrolment_store::find(tx, class.id, person.id).await? {
        Some(enrolment) if matches!(enrolment.state, EnrolmentState::Enrolled { .. }) => Ok(person.id),
        _ => Err(Error::NotFound),
    }
}

fn day_of(session: &Session) -> Time {
    Time::start_of(session.plan.starts_at.date())
}

const fn window(session: &Session, minutes: decide::Minutes) -> Window {
    Window {
        starts_at: session.plan.starts_at,
        ends_at: session.plan.ends_at,
        minutes,
    }
}

/// The check-in, if it is open now: it was opened, not closed, and the session has not ended.
fn is_open(opened: Option<Opened>, session: &Session, now: Time) -> Option<Opened> {
    opened.filter(|opened| opened.closed_at.is_none() && opened.at <= now && now < session.plan.ends_at)
}

fn closed() -> Error {
    Error::refused(
        "check_in.closed",
        "本课次的签到没有开放，或已经结束；确实到课的，请联系老师登记。",
    )
}
