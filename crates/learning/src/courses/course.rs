//! Courses and their versions: a provider writes them, a version is published once and never edited.
//! Deliberately absent: deletion; a course ends.

use kernel::{Error, Hours, Result, id::CourseId, id::CourseVersionId};
use registry::{Ctx, Subject, orgs};
use rules::courses::{CourseDraft, course};
use rules::credits::recognition::Part;
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::store::course::{self as store, Course, CourseVersion};

/// A course with its versions, latest first.
#[derive(Debug, Clone)]
pub struct CourseView {
    /// The course.
    pub course: Course,
    /// Its versions.
    pub versions: Vec<CourseVersion>,
}

/// A new course of the actor's own organisation, with its first version.
///
/// # Errors
/// Wrong at the fields; Forbidden by the permission table.
pub async fn create(ctx: &Ctx, draft: &CourseDraft) -> Result<CourseId> {
    let mut tx = ctx.db.write().await?;
    let provider = ctx.actor.own.provider.or(ctx.actor.own.org).ok_or(Error::NotFound)?;
    let org = orgs::load(&mut tx, provider).await?;
    let place = org.place();
    ctx.may(Act::EditCourse, &place)?;
    stop_at(draft.faults())?;
    let id = store::insert(&mut tx, draft, (&place, org.id, &org.name), ctx.now()).await?;
    store::insert_version(&mut tx, id, (&draft.syllabus, draft.hours), ctx.now(), &ctx.actor.label).await?;
    let thing = Subject::new("course", id.get(), place);
    ctx.audit(&mut tx, "create_course", thing, Json::Null, outline(draft))
        .await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes title, classification and summary of a course; syllabus and hours of `draft` are not looked at.
///
/// # Errors
/// NotFound, Forbidden, Wrong at the fields, `course.ended`, Stale.
pub async fn edit_course(ctx: &Ctx, id: CourseId, version: i64, draft: &CourseDraft) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let before = store::load(&mut tx, id).await?;
    ctx.may(Act::EditCourse, &before.place())?;
    before.status.offers()?;
    let kept = CourseDraft {
        subject: before.subject,
        form: before.form,
        ..draft.clone()
    };
    stop_at(
        kept.faults()
            .into_iter()
            .filter(|f| !matches!(f.field.as_ref(), "syllabus" | "hours"))
            .collect(),
    )?;
    store::save(&mut tx, id, version, &kept).await?;
    let was = json!({ "title": before.title, "field": before.field, "direction": before.direction, "summary": before.summary });
    ctx.audit(
        &mut tx,
        "edit_course",
        Subject::new("course", id.get(), before.place()),
        was,
        outline(&kept),
    )
    .await?;
    tx.commit().await
}

/// Publishes the next version of a course.
///
/// # Errors
/// NotFound, Forbidden, Wrong at `syllabus` or `hours`, `course.ended`, Stale when two publish at once.
pub async fn add_version(ctx: &Ctx, id: CourseId, syllabus: &str, hours: Hours) -> Result<CourseVersionId> {
    let mut tx = ctx.db.write().await?;
    let course = store::load(&mut tx, id).await?;
    ctx.may(Act::EditCourse, &course.place())?;
    course.status.offers()?;
    stop_at(course::version_faults(syllabus, hours))?;
    let version = store::insert_version(&mut tx, id, (syllabus, hours), ctx.now(), &ctx.actor.label).await?;
    let thing = Subject::new("course", id.get(), course.place());
    ctx.audit(
        &mut tx,
        "add_course_version",
        thing,
        Json::Null,
        json!({ "version": version, "hours": hours }),
    )
    .await?;
    tx.commit().await?;
    Ok(version)
}

/// Sets whether the latest version of a 公需 course is compulsory. Classes that completed keep what they posted.
///
/// # Errors
/// NotFound, Forbidden, `course.not_public` for a professional course.
pub async fn set_part(ctx: &Ctx, id: CourseId, part: Part) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let course = store::load(&mut tx, id).await?;
    ctx.may(Act::MarkCompulsory, &course.place())?;
    course::may_be_compulsory(course.subject)?;
    let versions = store::versions(&mut tx, id).await?;
    let latest = versions.first().ok_or(Error::NotFound)?;
    store::save_part(&mut tx, latest.id, part).await?;
    let (was, is) = (
        json!({ "part": latest.part }),
        json!({ "part": part, "version": latest.number }),
    );
    let thing = Subject::new("course", id.get(), course.place());
    ctx.audit(&mut tx, "mark_compulsory", thing, was, is).await?;
    tx.commit().await
}

/// The course is offered no more; its classes stay.
///
/// # Errors
/// NotFound, Forbidden, `course.ended`, Stale.
pub async fn end_course(ctx: &Ctx, id: CourseId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let course = store::load(&mut tx, id).await?;
    ctx.may(Act::EditCourse, &course.place())?;
    let ended = course.status.end()?;
    store::save_status(&mut tx, id, version, ended).await?;
    let (was, is) = (json!({ "status": course.status }), json!({ "status": ended }));
    ctx.audit(
        &mut tx,
        "end_course",
        Subject::new("course", id.get(), course.place()),
        was,
        is,
    )
    .await?;
    tx.commit().await
}

/// A course with its versions, for those who list courses.
///
/// # Errors
/// NotFound when out of sight.
pub async fn view_course(ctx: &Ctx, id: CourseId) -> Result<CourseView> {
    let mut tx = ctx.db.read().await?;
    let course = store::load(&mut tx, id).await?;
    ctx.may(Act::ListCourses, &course.place())?;
    let versions = store::versions(&mut tx, id).await?;
    Ok(CourseView { course, versions })
}

fn outline(draft: &CourseDraft) -> Json {
    json!({ "title": draft.title, "subject": draft.subject, "form": draft.form, "field": draft.field,
        "direction": draft.direction, "hours": draft.hours })
}

/// Nothing wrong, or everything that is.
pub(super) fn stop_at(faults: Vec<kernel::FieldError>) -> Result<()> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Wrong(faults))
    }
}
