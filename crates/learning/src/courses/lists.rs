//! The desks' lists: courses, classes, enrolments, each within the actor's scope, and a person's own classes.
//! Deliberately absent: the public catalogue (`catalogue`).

use kernel::{Error, Hours, Place, Result, Time, id::ClassId, id::CourseId, id::EnrolmentId};
use registry::{Ctx, Listed, Subject as Thing, Window, people};
use rules::courses::enrolment::{EnrolmentCode, Outcome};
use rules::courses::{CourseStatus, Delivery, Phase};
use rules::credits::Subject;
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::store::{class::Class, course::Course, enrolment::Enrolment, lists as store};

/// What a list of courses asks for.
#[derive(Debug, Clone, Default)]
pub struct CourseFilter {
    /// Part of the title or of the provider's name.
    pub words: Option<String>,
    /// 公需 or 专业.
    pub subject: Option<Subject>,
    /// Whether it is offered.
    pub status: Option<CourseStatus>,
    /// Code of the focus field.
    pub field: Option<String>,
}

/// A line of the list of courses.
#[derive(Debug, Clone)]
pub struct CourseLine {
    /// The course.
    pub course: Course,
    /// Number of its latest version.
    pub latest: i64,
    /// Standard hours of that version.
    pub hours: Hours,
    /// How many classes it has had, drafts included.
    pub classes: i64,
}

/// What a list of classes asks for.
#[derive(Debug, Clone, Default)]
pub struct ClassFilter {
    /// Part of the title, of the number or of the provider's name.
    pub words: Option<String>,
    /// 公需 or 专业.
    pub subject: Option<Subject>,
    /// How it is taught.
    pub delivery: Option<Delivery>,
    /// Where it stands now.
    pub phase: Option<Phase>,
    /// The year of its hours.
    pub year: Option<i32>,
    /// Classes of this course.
    pub course: Option<CourseId>,
    /// Code of the district.
    pub district: Option<String>,
}

/// A line of the list of classes.
pub type ClassLine = Class;

/// What a list of enrolments asks for.
#[derive(Debug, Clone, Default)]
pub struct EnrolmentFilter {
    /// Part of a name, of an employer's name or of a class's title.
    pub words: Option<String>,
    /// State.
    pub state: Option<EnrolmentCode>,
    /// One class.
    pub class: Option<ClassId>,
    /// The year of the hours.
    pub year: Option<i32>,
}

/// A line of the list of enrolments.
#[derive(Debug, Clone)]
pub struct EnrolmentLine {
    /// The enrolment.
    pub enrolment: Enrolment,
    /// Title of the class.
    pub title: String,
    /// Number of the class.
    pub number: String,
    /// 公需 or 专业.
    pub subject: Subject,
    /// Who runs it.
    pub provider_name: String,
    /// Main place.
    pub place: String,
    /// First session.
    pub starts_at: Time,
    /// End of the last session.
    pub ends_at: Time,
    /// End of enrolment: until then one can leave.
    pub enrol_until: Time,
    /// Hours declared.
    pub hours: Hours,
}

impl EnrolmentLine {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> EnrolmentId {
        self.enrolment.id
    }

    /// Its place.
    #[must_use]
    pub fn scope_place(&self) -> &Place {
        &self.enrolment.place
    }

    /// The recorded result.
    #[must_use]
    pub fn outcome(&self) -> Option<(Outcome, Option<u32>)> {
        super::results::recorded(&self.enrolment.state).map(|result| (result.outcome, result.score))
    }
}

/// Courses in sight.
///
/// # Errors
/// Storage failures.
pub async fn courses(ctx: &Ctx, filter: &CourseFilter, window: &Window) -> Result<Listed<CourseLine>> {
    let mut tx = ctx.db.read().await?;
    store::courses(&mut tx, &ctx.scope(Act::ListCourses), filter, window).await
}

/// Classes in sight.
///
/// # Errors
/// Storage failures.
pub async fn classes(ctx: &Ctx, filter: &ClassFilter, window: &Window) -> Result<Listed<ClassLine>> {
    let mut tx = ctx.db.read().await?;
    store::classes(&mut tx, &ctx.scope(Act::ListClasses), filter, (window, ctx.now())).await
}

/// Enrolments in sight.
///
/// # Errors
/// Storage failures.
pub async fn enrolments(ctx: &Ctx, filter: &EnrolmentFilter, window: &Window) -> Result<Listed<EnrolmentLine>> {
    let mut tx = ctx.db.read().await?;
    store::enrolments(&mut tx, &ctx.scope(Act::ListEnrolments), filter, window).await
}

/// All enrolments of the person who acts, newest first, those of merged records included; at most 500.
///
/// # Errors
/// NotFound when no person acts.
pub async fn mine(ctx: &Ctx) -> Result<Vec<EnrolmentLine>> {
    let mut tx = ctx.db.read().await?;
    let ids = people::all_ids(&mut tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    store::of_people(&mut tx, &ids).await
}

/// One enrolment with its class.
///
/// # Errors
/// NotFound when out of sight.
pub async fn enrolment(ctx: &Ctx, id: EnrolmentId) -> Result<EnrolmentLine> {
    let mut tx = ctx.db.read().await?;
    let line = store::one_enrolment(&mut tx, id).await?;
    ctx.may(Act::ViewEnrolment, line.scope_place())?;
    Ok(line)
}

/// Notes that the people of a class are about to leave as a file (`what`: roll, results); call it before the first row.
///
/// # Errors
/// NotFound when out of sight.
pub async fn note_export(ctx: &Ctx, class: &Class, what: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    ctx.may(Act::ListClasses, &class.place())?;
    let thing = Thing::new("class", class.id.get(), class.place());
    ctx.audit(
        &mut tx,
        "export_class_people",
        thing,
        Json::Null,
        json!({ "what": what }),
    )
    .await?;
    tx.commit().await
}

/// Notes that a list of enrolments is about to leave as a file; call it before the first row.
///
/// # Errors
/// Storage failures.
pub async fn note_enrolments_export(ctx: &Ctx, filter: &EnrolmentFilter) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let what = json!({ "class": filter.class, "state": filter.state, "year": filter.year, "words": filter.words });
    let place = Place {
        person: None,
        ..ctx.actor.own.clone()
    };
    ctx.audit(
        &mut tx,
        "export_enrolments",
        Thing::new("enrolments", 0, place),
        Json::Null,
        what,
    )
    .await?;
    tx.commit().await
}
