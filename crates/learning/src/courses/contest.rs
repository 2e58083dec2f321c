//! Hours of one's own class that are not in the ledger: which classes they can be missed from, and the dispute about them.
//!
//! the class, its provider, day and hours are taken from the enrolment, so that nobody can mistype them.
//! Deliberately absent: disputes about entries, which need no class (`credits::disputes`).

use kernel::{EnrolmentId, Error, Result, id::DisputeId};
use registry::{Ctx, people};
use rules::courses::EnrolmentState;
use rules::credits::disputes::Wanted;

use super::EnrolmentLine;
use super::store::{class as class_store, course as course_store, lists as store};
use crate::credits::disputes::{self, Missing, NewEvidence};

/// A class whose hours could be missed.
#[derive(Debug, Clone)]
pub struct Contestable {
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// Its title.
    pub title: String,
    /// Who ran it.
    pub provider: String,
    /// Its last day.
    pub ended_on: kernel::Date,
}

/// Classes of the person who acts that are over and gave no hours; latest first.
///
/// # Errors
/// NotFound when no person acts.
pub async fn contestable(ctx: &Ctx) -> Result<Vec<Contestable>> {
    let mut tx = ctx.db.read().await?;
    let ids = people::all_ids(&mut tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    let lines = store::of_people(&mut tx, &ids).await?;
    let over = lines.into_iter().filter(|line| missable(line, ctx));
    Ok(over
        .map(|line| Contestable {
            enrolment: line.id(),
            ended_on: line.ends_at.plus_seconds(-1).date(),
            title: line.title,
            provider: line.provider_name,
        })
        .collect())
}

/// Over, and neither completed nor left.
fn missable(line: &EnrolmentLine, ctx: &Ctx) -> bool {
    let took_part = matches!(
        line.enrolment.state,
        EnrolmentState::Enrolled { .. } | EnrolmentState::Failed { .. } | EnrolmentState::Absent { .. }
    );
    took_part && line.ends_at <= ctx.now()
}

/// Contests that the hours of an enrolment of one's own are not there. Returns the case.
///
/// # Errors
/// NotFound when it is not the actor's; `dispute.not_over`; what [`disputes::contest_missing_in`] refuses.
pub async fn contest(ctx: &Ctx, enrolment: EnrolmentId, words: &str, evidence: Vec<NewEvidence>) -> Result<DisputeId> {
    let mut tx = ctx.db.write().await?;
    let line = store::one_enrolment(&mut tx, enrolment).await?;
    ctx.may(rules::permits::Act::ViewEnrolment, line.scope_place())?;
    if !missable(&line, ctx) {
        let sentence = "这个班次还没有结束，或者学时已经记入，不能按缺少学时提出异议；请在本人年度学时中核对。";
        return Err(Error::refused_by("R-48", "dispute.not_over", sentence));
    }
    let class = class_store::load(&mut tx, line.enrolment.class).await?;
    let wanted = Wanted {
        title: line.title.clone(),
        subject: line.subject,
        part: course_store::part(&mut tx, class.course_version).await?,
        form: class.form,
        hours: line.hours,
        earned_on: line.ends_at.plus_seconds(-1).date(),
    };
    let missing = Missing {
        wanted,
        provider: line.scope_place().provider,
        enrolment: Some(enrolment),
    };
    let person = line.enrolment.person;
    let id = disputes::contest_missing_in(ctx, &mut tx, person, missing, (words, evidence)).await?;
    tx.commit().await?;
    Ok(id)
}
