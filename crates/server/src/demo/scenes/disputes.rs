//! Disputes about hours at each point of their way: one that the provider has to answer, one that waits for the decision,
//! one decided for the person, one decided against that can be appealed, one appealed.
//!
//! The demo learner has the open one, which changes nothing; colleagues have the others, about the classes of the demo
//! provider that the classroom completed. Reasons are invented and say so.
//! Deliberately absent: cases about people of other employers, and evidence.

use kernel::{Actor, Hours, Place, Result, Role, id::DisputeId};
use learning::credits::disputes::{self, About, Decision, Dispute, Missing};
use learning::credits::{EntryFilter, EntryLine};
use registry::{Ctx, Window};
use rules::credits::disputes::{Body, Outcome, Stance, Wanted};
use rules::credits::recognition::Part;
use rules::credits::{ActivityForm, Subject};

use super::Stage;
use super::claims::colleague;
use crate::demo::courses::day;

/// Days counted from today on which each step is taken.
const OPENED: i64 = -16;
const ANSWERED: i64 = -12;
const DECIDED: i64 = -5;
const APPEALED: i64 = -2;

/// How far a case about an entry has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Answered,
    Rejected,
    Appealed,
}

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    own(stage).await?;
    let colleagues: Vec<Actor> = stage
        .city
        .people
        .of_employer(0, 2)
        .into_iter()
        .map(|number| colleague(stage, number))
        .collect();
    if let Some(first) = colleagues.first() {
        missing(stage, first).await?;
        contested(stage, (first, 0), Reach::Appealed).await?;
    }
    if let Some(second) = colleagues.get(1) {
        contested(stage, (second, 0), Reach::Answered).await?;
        contested(stage, (second, 1), Reach::Rejected).await?;
    }
    Ok(())
}

/// The learner misses hours of the demo provider's; it was asked yesterday.
async fn own(stage: &Stage<'_>) -> Result<()> {
    let ctx = stage.acting("demo-learner", -1, 20);
    let missing = Missing {
        wanted: lecture(stage, "工业软件前沿讲座（演示）", 4),
        provider: Some(stage.city.bodies.providers[0].id),
        enrolment: None,
    };
    let words = "参加了讲座并签到，年度学时中没有这一项（演示）。";
    disputes::contest_missing(&ctx, missing, words, Vec::new())
        .await
        .map(drop)
}

fn lecture(stage: &Stage<'_>, title: &str, hours: i64) -> Wanted {
    Wanted {
        title: title.to_owned(),
        subject: Subject::Professional,
        part: Part::Elective,
        form: ActivityForm::Academic,
        hours: Hours::whole(hours),
        earned_on: day(stage.today(), -50),
    }
}

/// A colleague misses hours that no provider gave; the district decides for the person.
async fn missing(stage: &Stage<'_>, who: &Actor) -> Result<()> {
    let ctx = as_person(stage, who, OPENED);
    let wanted = lecture(stage, "行业学术报告会（演示）", 4);
    let missing = Missing {
        wanted: wanted.clone(),
        provider: None,
        enrolment: None,
    };
    let words = "参加了行业学会的报告会，有参会证明（演示）。";
    let id = disputes::contest_missing(&ctx, missing, words, Vec::new()).await?;
    let decision = Decision {
        outcome: Outcome::Upheld,
        reason: "参会证明属实，予以补记（演示）。".into(),
        found: Some(wanted),
    };
    decide(stage, id, decision).await
}

/// A colleague contests the hours of one of the classes: answered, then decided against, then appealed.
async fn contested(stage: &Stage<'_>, (who, place): (&Actor, usize), reach: Reach) -> Result<()> {
    let ctx = as_person(stage, who, OPENED);
    let Some(entry) = of_a_class(&ctx, place).await? else {
        return Ok(());
    };
    let wanted = Wanted {
        title: entry.title.clone(),
        subject: entry.subject,
        part: Part::Elective,
        form: entry.form,
        hours: entry.hours + Hours::whole(2),
        earned_on: entry.earned_on,
    };
    let words = "最后一天延长了两学时，没有记入（演示）。";
    let id = disputes::contest_entry(&ctx, entry.id, About::Wrong(wanted), words, Vec::new()).await?;
    let provider = stage.acting("demo-provider", ANSWERED, 10);
    let at = version(&provider, id).await?;
    let answer = "核对了签到表和教学日志，最后一天按计划结束，没有延长（演示）。";
    disputes::answer(&provider, at, Stance::Disagrees, answer, Vec::new()).await?;
    if reach < Reach::Rejected {
        return Ok(());
    }
    let decision = Decision {
        outcome: Outcome::Rejected,
        reason: "签到表和教学日志一致，学时没有漏记（演示）。".into(),
        found: None,
    };
    decide(stage, id, decision).await?;
    if reach < Reach::Appealed {
        return Ok(());
    }
    let ctx = as_person(stage, who, APPEALED);
    let at = version(&ctx, id).await?;
    let grounds = "同班学员可以证明最后一天延长到晚上（演示）。";
    disputes::appeal(&ctx, at, grounds, Vec::new()).await
}

fn as_person(stage: &Stage<'_>, who: &Actor, days: i64) -> Ctx {
    stage.at(who.clone(), stage.acting("demo-learner", days, 12).now())
}

/// An entry of somebody that a class of the classroom gave, by its place among them.
async fn of_a_class(ctx: &Ctx, place: usize) -> Result<Option<EntryLine>> {
    let filter = EntryFilter {
        person: ctx.actor.person(),
        ..EntryFilter::default()
    };
    let listed = learning::credits::list(ctx, &filter, &Window::first(50)).await?;
    let of_class = |entry: &EntryLine| entry.title.contains("（演示第") && entry.reverses.is_none();
    Ok(listed.rows.into_iter().filter(of_class).nth(place))
}

async fn version(ctx: &Ctx, id: DisputeId) -> Result<(DisputeId, i64)> {
    Ok((id, disputes::view(ctx, id).await?.line.case.version))
}

async fn decide(stage: &Stage<'_>, id: DisputeId, decision: Decision) -> Result<()> {
    let lead = stage.acting("demo-lead", DECIDED, 9);
    let case = disputes::view(&lead, id).await?.line.case;
    let ctx = stage.at(body(stage, &case), stage.acting("demo-lead", DECIDED, 15).now());
    disputes::decide(&ctx, (id, case.version), decision).await
}

/// Who decides a case: the demo account, if it is its own.
fn body(stage: &Stage<'_>, case: &Dispute) -> Actor {
    let (role, own) = match case.body {
        Body::Department => (
            Role::Department,
            Place {
                department: case.place.department.clone(),
                ..Place::default()
            },
        ),
        Body::District => (
            Role::District,
            Place {
                district: case.place.district.clone(),
                ..Place::default()
            },
        ),
        Body::Lead => (Role::Lead, Place::default()),
    };
    let known = stage
        .actors
        .values()
        .find(|actor| actor.role == role && actor.own == own);
    known.cloned().unwrap_or_else(|| Actor {
        role,
        own,
        admin: true,
        label: "demo-body".into(),
        ..Actor::system("demo")
    })
}
