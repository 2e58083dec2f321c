//! Disputes about hours: opened by the person, answered by the provider, decided by the body that is named in the case, once
//! appealed; the ledger and its balances after each.

mod appealing;
mod deciding;
mod pages;
mod parts;
mod periods;
mod settling;

use kernel::id::DisputeId;
use kernel::{ClassId, EnrolmentId, EntryId, Error, Hours, date};
use learning::courses;
use learning::credits::disputes::{self, About, Decision, Dispute};
use learning::credits::{EntryFilter, EntryLine};
use registry::{Window, notices, tasks};
use rules::attendance::Mark;
use rules::courses::Outcome as Result;
use rules::credits::disputes::{DisputeCode, Outcome, Stance, Wanted};
use rules::credits::recognition::Part;
use rules::credits::{ActivityForm, Subject};
use testkit::World;

use crate::courses::{mark_all_by, published, record_all_by};

const PDF: (&str, &str, &[u8]) = ("file", "签到表.pdf", b"%PDF-1.7 demonstration");

/// A class of provider-a on 25 March in which learner-a sits; the clock stands after its end.
async fn held(world: &World) -> (ClassId, EnrolmentId) {
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
    let (seat, _) = courses::enrol_self(&world.acting("learner-a"), class)
        .await
        .expect("a seat");
    world.at(date(2026, 3, 25), 14, 0);
    world.run_jobs().await;
    (class, seat)
}

async fn complete(world: &World, class: ClassId, mark: Mark) {
    let view = courses::view(&world.acting("provider-a"), class)
        .await
        .expect("the class");
    for session in &view.sessions {
        mark_all_by(world, "provider-a", session.id, mark).await;
    }
    record_all_by(world, "provider-a", class, Result::Passed).await;
    courses::complete(&world.acting("provider-a"), class)
        .await
        .expect("completed");
    world.run_jobs().await;
}

/// learner-a's entry of a completed class: 3.66 hours.
async fn entry(world: &World) -> EntryId {
    let (class, _) = held(world).await;
    complete(world, class, Mark::Present).await;
    entries(world).await.first().expect("an entry").id
}

async fn entries(world: &World) -> Vec<EntryLine> {
    let window = Window::first(50);
    let listed = learning::credits::list(&world.acting("learner-a"), &EntryFilter::default(), &window).await;
    listed.expect("entries").rows
}

async fn total(world: &World) -> Hours {
    entries(world).await.iter().map(|entry| entry.hours).sum()
}

fn wanted(hours: i64) -> Wanted {
    Wanted {
        title: "数据治理".into(),
        subject: Subject::Professional,
        part: Part::Elective,
        form: ActivityForm::Class,
        hours: Hours::whole(hours),
        earned_on: date(2026, 3, 25),
    }
}

fn decision(outcome: Outcome, found: Option<Wanted>) -> Decision {
    Decision {
        outcome,
        reason: "签到表和成绩单可以证明".into(),
        found,
    }
}

async fn case(world: &World, id: DisputeId) -> Dispute {
    disputes::view(&world.acting("lead"), id)
        .await
        .expect("the case")
        .line
        .case
}

async fn at(world: &World, id: DisputeId) -> (DisputeId, i64) {
    (id, case(world, id).await.version)
}

async fn code(world: &World, id: DisputeId) -> DisputeCode {
    case(world, id).await.state.code()
}

async fn wrong(world: &World, entry: EntryId) -> DisputeId {
    let about = About::Wrong(wanted(8));
    disputes::contest_entry(&world.acting("learner-a"), entry, about, "实际上了八学时的课", vec![])
        .await
        .expect("a case")
}

async fn answered(world: &World, id: DisputeId) {
    let ctx = world.acting("provider-a");
    disputes::answer(&ctx, at(world, id).await, Stance::Disagrees, "核对了签到表", vec![])
        .await
        .expect("answered");
}

async fn decide(world: &World, login: &str, id: DisputeId, made: Decision) -> kernel::Result<()> {
    disputes::decide(&world.acting(login), at(world, id).await, made).await
}

fn refusal<T: std::fmt::Debug>(result: kernel::Result<T>) -> &'static str {
    match result {
        Err(Error::Refused { code, .. }) => code,
        other => panic!("not refused: {other:?}"),
    }
}

async fn kinds(world: &World, login: &str) -> Vec<String> {
    let counts = tasks::counts(&world.acting(login)).await.expect("tasks");
    counts
        .into_iter()
        .map(|(kind, ..)| kind)
        .filter(|kind| kind.starts_with("dispute"))
        .collect()
}

async fn told(world: &World, login: &str, title: &str) -> bool {
    let messages = notices::messages(&world.acting(login), 50).await.expect("messages");
    messages.iter().any(|message| message.title == title)
}
