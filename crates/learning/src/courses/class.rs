//! A class from its draft to the public: draft, edit, publish, cancel, and its pages' data.
//! Publishing checks everything and says at the field what is missing; afterwards seats and conditions stand (`change` says what moves).
//! Deliberately absent: copying a class (its next edition is drafted from the course).

use chrono::Datelike;
use db::{Tx, jobs::Job};
use kernel::{Date, Deadline, FieldError, Money, PersonId, Result, id::ClassId, id::CourseId};
use registry::taxonomy::{self, Vocabulary, deadlines};
use registry::{Ctx, Subject, tasks};
use rules::courses::enrolment::EnrolmentCode;
use rules::courses::{
    self as decide, ClassPlan, Delivery, Eligibility, EnrolmentState, FeeSource, Seats, SessionPlan, schedule,
};
use rules::credits::recognition::ClassRule;
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::course::stop_at;
use super::store::change::{self as change_store, ClassChange};
use super::store::class::{self as store, Class, Origin};
use super::store::course::{self as course_store, CourseVersion};
use super::store::enrolment::{self as enrolment_store, Enrolment};
use super::store::parameters;
use super::store::session::{self as session_store, Session};
use super::{ClassCancelled, ClassPublished, counts};
use crate::attendance;
use crate::credits::editions;

/// The name of the deadline for recording results.
pub(super) const RESULTS: &str = "results";

/// The cause of the task to record results and complete a class.
pub(super) fn results_cause(class: ClassId) -> String {
    format!("class.results:{class}")
}

/// A class with all that its pages show.
#[derive(Debug, Clone)]
pub struct ClassView {
    /// The class.
    pub class: Class,
    /// Title of its course.
    pub course_title: String,
    /// What the course is about.
    pub course_summary: String,
    /// The version it teaches.
    pub version: CourseVersion,
    /// Its sessions.
    pub sessions: Vec<Session>,
    /// When results are due, once published.
    pub results_due: Option<Deadline>,
    /// The enrolment of the person who looks, if there is one.
    pub own: Option<Enrolment>,
    /// How many wait before that person.
    pub ahead: i64,
    /// What changed since it was published, newest first.
    pub changes: Vec<ClassChange>,
    /// How its hours are measured, by the edition in force on the day on which it ends.
    pub rule: ClassRule,
}

/// Begins a draft of a course's latest version.
///
/// # Errors
/// NotFound, Forbidden, `course.ended`.
pub async fn draft(ctx: &Ctx, course: CourseId) -> Result<ClassId> {
    let mut tx = ctx.db.write().await?;
    let course = course_store::load(&mut tx, course).await?;
    ctx.may(Act::EditClass, &course.place())?;
    course.status.offers()?;
    let versions = course_store::versions(&mut tx, course.id).await?;
    let latest = versions
        .first()
        .ok_or_else(|| kernel::Error::broken("a course without a version"))?;
    let plan = ClassPlan {
        title: course.title.clone(),
        delivery: Delivery::Offline,
        key_area: None,
        summary: course.summary.clone(),
        place: String::new(),
        contact: String::new(),
        fee: Money::ZERO,
        fee_source: FeeSource::Finance,
        year: ctx.today().year(),
        enrol_from: None,
        enrol_until: None,
        capacity: 50,
        reserved: 0,
        eligibility: Eligibility::default(),
        declared_hours: latest.hours,
    };
    let id = store::insert(
        &mut tx,
        Origin {
            course: &course,
            version: latest.id,
        },
        &plan,
        ctx.now(),
    )
    .await?;
    let thing = Subject::new("class", id.get(), course.place());
    ctx.audit(
        &mut tx,
        "draft_class",
        thing,
        Json::Null,
        json!({ "course": course.id, "title": plan.title }),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Saves the plan of a draft; what is missing is told when it is published.
///
/// # Errors
/// NotFound, Forbidden, `class.not_draft`, Stale; Wrong for codes that no vocabulary has.
pub async fn edit(ctx: &Ctx, id: ClassId, version: i64, plan: &ClassPlan) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let class = store::load(&mut tx, id).await?;
    ctx.may(Act::EditClass, &class.place())?;
    class.state.edit()?;
    stop_at(unknown_codes(&mut tx, plan).await?)?;
    store::save_plan(&mut tx, id, version, plan).await?;
    let (was, is) = (outline(&class.plan), outline(plan));
    ctx.audit(
        &mut tx,
        "edit_class",
        Subject::new("class", id.get(), class.place()),
        was,
        is,
    )
    .await?;
    tx.commit().await
}

/// Replaces the sessions of a draft.
///
/// # Errors
/// NotFound, Forbidden, `class.not_draft`, Stale; Wrong at `sessions.N.field`.
pub async fn plan_sessions(ctx: &Ctx, id: ClassId, version: i64, sessions: &[SessionPlan]) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let class = store::load(&mut tx, id).await?;
    ctx.may(Act::EditClass, &class.place())?;
    class.state.edit()?;
    stop_at(schedule::faults(sessions, class.plan.delivery))?;
    store::touch(&mut tx, id, version).await?;
    session_store::replace(&mut tx, id, sessions).await?;
    let thing = Subject::new("class", id.get(), class.place());
    let after = json!({ "sessions": sessions.len(), "taught_seconds": schedule::taught(sessions) });
    ctx.audit(&mut tx, "plan_sessions", thing, Json::Null, after).await?;
    tx.commit().await
}

/// What stands in the way of publishing, each at its field; empty when nothing does.
///
/// # Errors
/// NotFound, Forbidden.
pub async fn missing(ctx: &Ctx, id: ClassId) -> Result<Vec<FieldError>> {
    let mut tx = ctx.db.read().await?;
    let class = store::load(&mut tx, id).await?;
    ctx.may(Act::EditClass, &class.place())?;
    let sessions = plans(&session_store::of_class(&mut tx, id).await?);
    Ok(class.plan.faults(&sessions, ctx.now()))
}

/// Publishes a draft: it gets its number and seats, appears in the catalogue, and its results become due.
///
/// # Errors
/// NotFound, Forbidden, `class.published`, Stale; Wrong with everything that is missing, at the fields.
pub async fn publish(ctx: &Ctx, id: ClassId, version: i64) -> Result<String> {
    let mut tx = ctx.db.write().await?;
    let mut class = store::load(&mut tx, id).await?;
    ctx.may(Act::PublishClass, &class.place())?;
    let sessions = session_store::of_class(&mut tx, id).await?;
    let plan = plans(&sessions);
    let state = class.state.clone().publish(ctx.now())?;
    stop_at(class.plan.faults(&plan, ctx.now()))?;
    let times = class
        .plan
        .times(&plan)
        .ok_or_else(|| kernel::Error::broken("a whole plan has its times"))?;
    let counter = store::next_counter(&mut tx, class.plan.year, class.subject).await?;
    let number = decide::class_number(class.plan.year, class.subject, counter);
    class.number = Some(number.clone());
    (class.starts_at, class.ends_at) = (Some(times.starts_at), Some(times.ends_at));
    class.taught = schedule::taught(&plan);
    class.seats = Seats::new(class.plan.capacity, class.plan.reserved);
    class.state = state;
    class.version = version;
    store::save_published(&mut tx, &class).await?;
    let words = searchable(&mut tx, &class, &plan).await?;
    tx.index_text("classes", id.get(), &words).await?;
    expect_results(ctx, &mut tx, &class).await?;
    let thing = Subject::new("class", id.get(), class.place());
    ctx.audit(
        &mut tx,
        "publish_class",
        thing,
        json!({ "state": "draft" }),
        json!({ "state": "published", "number": number }),
    )
    .await?;
    tx.tell(&ClassPublished { class: id }, ctx.now()).await?;
    tx.commit().await?;
    counts::forget();
    Ok(number)
}

/// Sets the deadline for results and the moment at which the provider is asked for them.
pub(super) async fn expect_results(ctx: &Ctx, tx: &mut Tx, class: &Class) -> Result<()> {
    let Some(ends_at) = class.ends_at else { return Ok(()) };
    let figures = parameters::load(tx).await?;
    let last_day = ends_at.plus_seconds(-1).date();
    let results = ("class", class.id.get(), RESULTS);
    deadlines::set(ctx, tx, results, last_day, figures.result_workdays).await?;
    super::reporting::open_window(ctx, tx, (class.id, last_day), figures.report_workdays).await?;
    let job = Job {
        kind: super::jobs::ASK_RESULTS,
        // A class whose end moves is asked again at its new end; the task is keyed, so nobody is asked twice.
        key: format!("class:{}:{}", class.id, ends_at.micros()),
        body: json!({ "class": class.id }),
        run_at: ends_at,
        requested_by: None,
    };
    db::jobs::enqueue(tx, job).await.map(drop)
}

/// What the catalogue finds a class by; no personal data but the names of teachers, which are published.
pub(super) async fn searchable(tx: &mut Tx, class: &Class, sessions: &[SessionPlan]) -> Result<String> {
    let names = taxonomy::names(tx).await?;
    let course = course_store::load(tx, class.course).await?;
    let mut words = vec![
        class.plan.title.clone(),
        course.title,
        class.number.clone().unwrap_or_default(),
        class.provider_name.clone(),
        names.of_opt(Vocabulary::FocusField, class.field.as_deref()),
        names.of_opt(Vocabulary::KeyArea, class.plan.key_area.as_deref()),
        class.plan.place.clone(),
        class.plan.summary.clone(),
    ];
    let mut teachers: Vec<&str> = sessions.iter().map(|session| session.teacher.as_str()).collect();
    teachers.sort_unstable();
    teachers.dedup();
    words.extend(teachers.into_iter().map(str::to_owned));
    words.extend(sessions.iter().map(|session| session.title.clone()));
    Ok(words.join("\n"))
}

/// Cancels a draft or a published class with a reason; enrolments end, time is given back, people are told.
///
/// # Errors
/// NotFound, Forbidden, `class.over`, Wrong at `reason`, Stale.
pub async fn cancel(ctx: &Ctx, id: ClassId, version: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.db.batch().await?;
    let class = store::lock(&mut tx, id).await?;
    ctx.may(Act::CancelClass, &class.place())?;
    let state = class.state.clone().cancel(reason, ctx.now())?;
    store::save_state(&mut tx, id, version, &state, ctx.now()).await?;
    let mut ended = enrolment_store::in_state(&mut tx, id, EnrolmentCode::Enrolled).await?;
    ended.extend(enrolment_store::in_state(&mut tx, id, EnrolmentCode::Waiting).await?);
    for enrolment in &mut ended {
        enrolment.state = EnrolmentState::Cancelled { at: ctx.now() };
        enrolment.state_at = ctx.now();
    }
    enrolment_store::put(&mut tx, &ended).await?;
    attendance::release_all(&mut tx, id).await?;
    store::save_seats(
        &mut tx,
        id,
        Seats {
            next_place: class.seats.next_place,
            ..Seats::default()
        },
    )
    .await?;
    tasks::done(ctx, &mut tx, &results_cause(id)).await?;
    let thing = Subject::new("class", id.get(), class.place());
    let change = (
        json!({ "state": class.state.code() }),
        json!({ "state": state.code(), "enrolments": ended.len() }),
    );
    ctx.audit_because(&mut tx, "cancel_class", thing, change, Some(reason))
        .await?;
    tx.tell(&ClassCancelled { class: id }, ctx.now()).await?;
    tx.commit().await?;
    counts::forget();
    Ok(())
}

/// A class for the desk of those who list classes.
///
/// # Errors
/// NotFound when out of sight.
pub async fn view(ctx: &Ctx, id: ClassId) -> Result<ClassView> {
    let mut tx = ctx.db.read().await?;
    let class = store::load(&mut tx, id).await?;
    ctx.may(Act::ListClasses, &class.place())?;
    assemble(&mut tx, class, None, ctx.today()).await
}

/// A class as the public sees it: never a draft; with the looker's own enrolment, if it is a person.
///
/// # Errors
/// NotFound for a draft as for nothing, and for a class that was cancelled before it was published.
pub async fn public(ctx: &Ctx, id: ClassId) -> Result<ClassView> {
    let mut tx = ctx.db.read().await?;
    let class = store::load(&mut tx, id).await?;
    ctx.may(Act::ViewClass, &class.place())?;
    if class.state.published_at().is_none() {
        return Err(kernel::Error::NotFound);
    }
    assemble(&mut tx, class, ctx.actor.person(), ctx.today()).await
}

async fn assemble(tx: &mut Tx, class: Class, looker: Option<PersonId>, today: Date) -> Result<ClassView> {
    let course = course_store::load(tx, class.course).await?;
    let version = course_store::version(tx, class.course_version).await?;
    let sessions = session_store::of_class(tx, class.id).await?;
    let results_due = deadlines::find(tx, "class", class.id.get(), RESULTS).await?;
    let changes = change_store::of_class(tx, class.id).await?;
    let own = match looker {
        Some(person) => enrolment_store::find(tx, class.id, person).await?,
        None => None,
    };
    let ahead = match &own {
        Some(e) if e.state == EnrolmentState::Waiting => enrolment_store::waiting_before(tx, class.id, e.order).await?,
        _ => 0,
    };
    let ends_on = class.ends_at.map_or(today, |at| at.plus_seconds(-1).date());
    let rule = editions::recognition(tx, ends_on).await?.class.clone();
    Ok(ClassView {
        rule,
        class,
        course_title: course.title,
        course_summary: course.summary,
        version,
        sessions,
        results_due,
        own,
        ahead,
        changes,
    })
}

pub(super) fn plans(sessions: &[Session]) -> Vec<SessionPlan> {
    sessions.iter().map(|session| session.plan.clone()).collect()
}

async fn unknown_codes(tx: &mut Tx, plan: &ClassPlan) -> Result<Vec<FieldError>> {
    let names = taxonomy::names(tx).await?;
    let mut faults = Vec::new();
    let mut note = |vocabulary, field, code| faults.extend(taxonomy::check(&names, vocabulary, field, code).err());
    note(Vocabulary::KeyArea, "key_area", plan.key_area.as_deref());
    let lists = [
        (Vocabulary::TitleLevel, "title_levels", &plan.eligibility.title_levels),
        (Vocabulary::FocusField, "fields", &plan.eligibility.fields),
        (Vocabulary::District, "districts", &plan.eligibility.districts),
        (Vocabulary::Department, "departments", &plan.eligibility.departments),
    ];
    for (vocabulary, field, codes) in lists {
        for code in codes {
            note(vocabulary, field, Some(code));
        }
    }
    Ok(faults)
}

pub(super) fn outline(plan: &ClassPlan) -> Json {
    json!({
        "title": plan.title, "delivery": plan.delivery, "place": plan.place, "contact": plan.contact,
        "fee": plan.fee, "fee_source": plan.fee_source, "year": plan.year, "enrol_from": plan.enrol_from,
        "enrol_until": plan.enrol_until, "capacity": plan.capacity, "reserved": plan.reserved,
        "eligibility": plan.eligibility, "declared_hours": plan.declared_hours,
    })
}
