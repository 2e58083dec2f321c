//! 平台外班次: a provider files a class that ran outside the platform's class tool, by a number of its own; its people and
//! their results come by report, and hours carry provider, class and person as all others do.
//!
//! ```text
//! nothing ──file──► published (its reporting window runs) ──first report written──► completed ──further rows──► completed
//! ```
//! A filed class is a class like others (statement, certificate, statistics know no difference); only enrolment and roll
//! calls did not take place here. The same filing again gives the same class; another one under the same number is
//! refused. Rules: R-59, R-12 (sessions reserve the time of those who came), R-6, R-7, R-9, R-61.
//! Deliberately absent: changing a filing. A wrong one that nobody was reported for is cancelled like any class.

use chrono::Datelike;
use db::Tx;
use kernel::{Deadline, Error, Money, Result, Time, id::ClassId, id::CourseId};
use registry::{Ctx, Subject, files};
use rules::courses::class::Times;
use rules::courses::reporting::{Approved, Filing};
use rules::courses::{self as rules_of, ClassPlan, ClassState, Delivery, Eligibility, FeeSource, Seats};
use rules::credits::ActivityForm;
use rules::permits::Act;
use serde_json::json;

use super::super::ClassPublished;
use super::super::course::stop_at;
use super::super::store::class::{self as class_store, Class};
use super::super::store::{course as course_store, filed as store, parameters, session as session_store};
use super::open_window;
use crate::credits::closing;

/// What filing gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The class.
    pub class: ClassId,
    /// Its number on the platform.
    pub number: String,
    /// Until when its people may be reported.
    pub closes: Option<Deadline>,
}

/// Files a class under a course of the provider's own.
///
/// # Errors
/// Wrong with every faulty field (R-59), `filing.other` when the number was filed with other facts; Forbidden, NotFound
/// for a course that is not the provider's.
pub async fn file(ctx: &Ctx, course: CourseId, filing: &Filing) -> Result<Filed> {
    let mut tx = ctx.db.write().await?;
    let course = course_store::load(&mut tx, course).await?;
    ctx.may(Act::FileClass, &course.place())?;
    let versions = course_store::versions(&mut tx, course.id).await?;
    let latest = versions
        .first()
        .ok_or_else(|| Error::broken("a course without a version"))?;
    let own = filing.own_number.trim();
    let digest = files::digest(format!("{}|{filing:?}", course.id).as_bytes());
    if let Some((class, before)) = store::find(&mut tx, course.provider, own).await? {
        return again(&mut tx, class, before == digest).await;
    }
    stop_at(filing.faults(Approved {
        offered: course.status.offers().is_ok(),
        hours: latest.hours,
        form: course.form,
    }))?;
    let year = filing.ends_on.year();
    // R-61: a class none of whose hours could be posted is not filed.
    if let Some(sentence) = closing::refusal(ctx, &mut tx, year).await? {
        return Err(Error::wrong("ends_on", "credits.year_closed", sentence));
    }
    let counter = class_store::next_counter(&mut tx, year, course.subject).await?;
    let number = rules_of::class_number(year, course.subject, counter);
    let class = class(ctx, (tx.mint(), &number), (&course, latest.id), filing);
    let times = times(filing);
    store::insert_class(&mut tx, &class, &times, ctx.now()).await?;
    session_store::replace(&mut tx, class.id, &filing.plans()).await?;
    store::insert(&mut tx, &class, (own, &digest), (&ctx.actor.label, ctx.now())).await?;
    let workdays = parameters::load(&mut tx).await?.report_workdays;
    open_window(ctx, &mut tx, (class.id, filing.ends_on), workdays).await?;
    let told = json!({ "own_number": own, "number": number, "title": class.plan.title, "hours": filing.declared });
    let thing = Subject::new("class", class.id.get(), class.place());
    ctx.audit(&mut tx, "file_class", thing, json!(null), told).await?;
    tx.tell(&ClassPublished { class: class.id }, ctx.now()).await?;
    let closes = super::window_in(&mut tx, class.id).await?.closes;
    tx.commit().await?;
    Ok(Filed {
        class: class.id,
        number,
        closes,
    })
}

async fn again(tx: &mut Tx, class: ClassId, same: bool) -> Result<Filed> {
    let known = class_store::load(tx, class).await?;
    let number = known.number.unwrap_or_default();
    if !same {
        let sentence = format!("本机构的这个班次编号已备案为 {number}，内容不同；请核对编号，或直接报送该班次的结果。");
        return Err(Error::wrong("own_number", "filing.other", sentence));
    }
    let closes = super::window_in(tx, class).await?.closes;
    Ok(Filed { class, number, closes })
}

fn times(filing: &Filing) -> Times {
    let starts_at = filing.sessions.iter().map(|(from, _)| *from).min();
    let starts_at = starts_at.unwrap_or_else(|| Time::start_of(filing.starts_on));
    let ends_at = filing.sessions.iter().map(|(_, until)| *until).max();
    let ends_at = ends_at.unwrap_or_else(|| Time::start_of(filing.ends_on).plus_days(1));
    Times {
        enrol_from: starts_at,
        enrol_until: starts_at,
        starts_at,
        ends_at,
    }
}

fn class(
    ctx: &Ctx,
    (id, number): (ClassId, &str),
    (course, version): (&course_store::Course, kernel::CourseVersionId),
    filing: &Filing,
) -> Class {
    let times = times(filing);
    let delivery = match course.form {
        ActivityForm::Distance => Delivery::Online,
        _ => Delivery::Offline,
    };
    Class {
        id,
        course: course.id,
        course_version: version,
        number: Some(number.to_owned()),
        subject: course.subject,
        form: course.form,
        field: course.field.clone(),
        plan: ClassPlan {
            title: filing.title.trim().to_owned(),
            delivery,
            key_area: None,
            summary: String::new(),
            place: filing.place.trim().to_owned(),
            contact: course.provider_name.clone(),
            fee: Money::ZERO,
            fee_source: FeeSource::Finance,
            year: filing.ends_on.year(),
            enrol_from: Some(times.enrol_from),
            enrol_until: Some(times.enrol_until),
            capacity: filing.participants,
            reserved: 0,
            eligibility: Eligibility::default(),
            declared_hours: filing.declared,
        },
        starts_at: Some(times.starts_at),
        ends_at: Some(times.ends_at),
        taught: filing.taught(),
        state: ClassState::Published { at: ctx.now() },
        seats: Seats::new(filing.participants, 0),
        provider: course.provider,
        provider_name: course.provider_name.clone(),
        district: course.district.clone(),
        department: course.department.clone(),
        created_at: ctx.now(),
        version: 1,
    }
}

/// The own number of a class that was filed; none for a class of the platform.
///
/// # Errors
/// Storage failures.
pub async fn own_number(ctx: &Ctx, class: ClassId) -> Result<Option<String>> {
    store::own_number(&mut ctx.db.read().await?, class).await
}

/// A filed class is completed by reports alone.
///
/// # Errors
/// `class.filed`.
pub(in crate::courses) async fn not_filed(tx: &mut Tx, class: ClassId) -> Result<()> {
    match store::own_number(tx, class).await? {
        None => Ok(()),
        Some(own) => Err(Error::refused(
            "class.filed",
            format!("这是平台外班次（本机构编号 {own}），结果和结业请用“报送”上传结果表办理。"),
        )),
    }
}
