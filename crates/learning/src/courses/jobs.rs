//! What happens later or because of something: the provider is asked for results when a class ends, and people are told
//! when somebody else changed their enrolment or their class was changed or cancelled. Every handler bears a second run: tasks
//! and messages are keyed by their cause.
//! Deliberately absent: mail and text messages.

use std::sync::Arc;

use db::jobs::{Handlers, JobCtx, Told};
use db::{Event, Tx};
use kernel::{Error, PersonId, Place, Result, Role, id::ClassId};
use registry::notices::{self, NewMessage};
use registry::tasks::{self, NewTask};
use registry::taxonomy::deadlines;
use registry::{Ctx, CtxSource};
use rules::courses::ClassState;
use rules::courses::change::Difference;
use rules::courses::enrolment::EnrolmentCode;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::class::{RESULTS, results_cause};
use super::store::{change as change_store, class as class_store, enrolment as enrolment_store};
use super::{Change, ClassCancelled, ClassChanged, ClassCompleted, EnrolmentChanged};
use crate::credits;

/// Runs at the end of a class.
pub(super) const ASK_RESULTS: &str = "courses.ask_results";
const TELL_CANCELLED: &str = "courses.tell_cancelled";
const TELL_CHANGED: &str = "courses.tell_changed";
const TELL_ADJUSTED: &str = "courses.tell_adjusted";
const SETTLE_DISPUTES: &str = "courses.settle_disputes";

/// The handlers of this module.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    let ctx = |source: &CtxSource| {
        let source = Arc::clone(source);
        move || source("courses")
    };
    let (asking, cancelled, changed, adjusted) = (ctx(source), ctx(source), ctx(source), ctx(source));
    let settling = ctx(source);
    Handlers::new()
        .and(super::reporting::handlers(source))
        .and(super::outside::handlers(source))
        .on(ASK_RESULTS, move |job| ask_results(asking(), job))
        .on(TELL_CANCELLED, move |job| tell_cancelled(cancelled(), job))
        .on(TELL_CHANGED, move |job| tell_changed(changed(), job))
        .on(TELL_ADJUSTED, move |job| tell_adjusted(adjusted(), job))
        .react(ClassChanged::KIND, TELL_ADJUSTED)
        .on(SETTLE_DISPUTES, move |job| settle_disputes(settling(), job))
        .react(ClassCompleted::KIND, SETTLE_DISPUTES)
        .react(ClassCancelled::KIND, TELL_CANCELLED)
        .react(EnrolmentChanged::KIND, TELL_CHANGED)
}

#[derive(Deserialize)]
struct OfClass {
    class: ClassId,
}

async fn ask_results(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let OfClass { class } = serde_json::from_value(job.body.clone()).map_err(Error::broken)?;
    let mut tx = ctx.db.write().await?;
    let class = class_store::load(&mut tx, class).await?;
    // A class that ends later than was thought is asked at its end, by the job of that end.
    let over = class.ends_at.is_some_and(|end| end <= ctx.now());
    if !over || !matches!(class.state, ClassState::Published { .. }) {
        return Ok(json!({ "asked": false }));
    }
    let task = NewTask {
        kind: "class.results",
        title: format!("登记考勤、录入结果并办理结业：{}", class.plan.title),
        href: format!("/desk/classes/{}", class.id),
        role: Role::Provider,
        place: class.place(),
        cause: results_cause(class.id),
        due: deadlines::find(&mut tx, "class", class.id.get(), RESULTS).await?,
    };
    tasks::ask(&ctx, &mut tx, task).await?;
    tx.commit().await?;
    Ok(json!({ "asked": true }))
}

/// Whoever missed the hours of a class has them now: their cases are settled.
async fn settle_disputes(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<ClassCompleted> = job.event()?;
    let mut tx = ctx.db.read().await?;
    let completed = enrolment_store::completed(&mut tx, told.body.class).await?;
    drop(tx);
    let settled = credits::disputes::settle_completed(&ctx, &completed).await?;
    Ok(json!({ "settled": settled }))
}

async fn tell_cancelled(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<ClassCancelled> = job.event()?;
    let mut tx = ctx.db.batch().await?;
    let class = class_store::load(&mut tx, told.body.class).await?;
    let ClassState::Cancelled { reason, .. } = &class.state else {
        return Ok(json!({ "told": 0 }));
    };
    let people = enrolment_store::in_state(&mut tx, class.id, EnrolmentCode::Cancelled).await?;
    let body = format!(
        "“{}”已由施教机构取消，您的报名随之结束。原因：{reason}",
        class.plan.title
    );
    for enrolment in &people {
        let cause = format!("cancelled:{}:{}", class.id, enrolment.person);
        send(
            &ctx,
            &mut tx,
            enrolment.person,
            ("班次取消通知", &body, class.id),
            cause,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(json!({ "told": people.len() }))
}

/// Everybody with a place hears what was, what is and why.
async fn tell_adjusted(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<ClassChanged> = job.event()?;
    let mut tx = ctx.db.batch().await?;
    let class = class_store::load(&mut tx, told.body.class).await?;
    let change = change_store::load(&mut tx, told.body.change).await?;
    let mut people = enrolment_store::in_state(&mut tx, class.id, EnrolmentCode::Enrolled).await?;
    people.extend(enrolment_store::in_state(&mut tx, class.id, EnrolmentCode::Waiting).await?);
    let said: Vec<String> = change.differences.iter().map(Difference::sentence).collect();
    let body = format!(
        "“{}”有变更：{}。原因：{}。有疑问请联系：{}。",
        class.plan.title,
        said.join("；"),
        change.reason.trim_end_matches('。'),
        class.plan.contact
    );
    for enrolment in &people {
        let cause = format!("adjusted:{}:{}", change.id, enrolment.person);
        send(
            &ctx,
            &mut tx,
            enrolment.person,
            ("班次变更通知", &body, class.id),
            cause,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(json!({ "told": people.len() }))
}

async fn tell_changed(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<EnrolmentChanged> = job.event()?;
    let mut tx = ctx.db.batch().await?;
    let class = class_store::load(&mut tx, told.body.class).await?;
    let mut count = 0;
    for (person, change) in &told.body.changes {
        if !told.body.by_other && *change != Change::Promoted {
            continue;
        }
        let body = sentence(*change, &class.plan.title);
        let cause = format!("enrolment:{}:{person}", told.id);
        send(&ctx, &mut tx, *person, (change.name(), &body, class.id), cause).await?;
        count += 1;
    }
    tx.commit().await?;
    Ok(json!({ "told": count }))
}

fn sentence(change: Change, title: &str) -> String {
    match change {
        Change::Enrolled => format!("单位已为您报名“{title}”，时间和地点见班次页面。"),
        Change::Waiting => {
            format!("单位已为您报名“{title}”，目前名额已满，您在候补名单中；有名额时会按顺序递补并通知您。")
        }
        Change::Promoted => format!("“{title}”有名额空出，您已由候补转为正式学员，请按时参加；不能参加请尽早退出。"),
        Change::Withdrawn => format!("您在“{title}”的报名已退出，如有疑问请联系单位或施教机构。"),
    }
}

async fn send(
    ctx: &Ctx,
    tx: &mut Tx,
    person: PersonId,
    (title, body, class): (&str, &str, ClassId),
    cause: String,
) -> Result<()> {
    let message = NewMessage {
        role: None,
        place: Place {
            person: Some(person),
            ..Place::default()
        },
        title: title.to_owned(),
        body: body.to_owned(),
        href: format!("/classes/{class}"),
        cause,
    };
    notices::send(ctx, tx, &message).await
}
