//! Editions of the rules: drafted, changed in forms, counted over everybody, approved by two, in force from their day on.

mod forms;
mod life;
mod what_if;

use kernel::{AccountId, Actor, Code, Hours, PersonId, date};
use learning::credits::editions::{self, EditionFilter, EditionId, NewDraft, Phase};
use learning::credits::{self};
use registry::{Ctx, Window};
use rules::credits::editions::EditionKind;
use rules::credits::{ActivityForm, HistoryFacts, Subject, for_history};
use testkit::World;

/// The edition of a kind that is in force.
async fn in_force(world: &World, kind: EditionKind) -> EditionId {
    let filter = EditionFilter {
        kind: Some(kind),
        state: Some("approved".into()),
    };
    let listed = editions::list(&world.acting("lead"), &filter, &Window::first(10))
        .await
        .expect("listed");
    let today = world.clock.today();
    let found = listed
        .rows
        .iter()
        .find(|edition| edition.phase(today) == Phase::InForce);
    found.expect("one in force").id
}

async fn draft(world: &World, kind: EditionKind, code: &str) -> EditionId {
    let input = NewDraft {
        code: code.into(),
        name: "新版规则".into(),
        in_force: date(2026, 7, 1),
    };
    let from = in_force(world, kind).await;
    editions::draft(&world.acting("lead"), from, &input)
        .await
        .expect("a draft")
}

/// Another member of the lead's staff.
fn second(world: &World) -> Ctx {
    let lead = world.acting("lead");
    let account = lead.actor.account.map(|id| AccountId::new(id.get() + 1));
    let actor = Actor {
        account,
        label: "lead-2".into(),
        ..lead.actor.clone()
    };
    lead.acting_as(actor)
}

async fn set(world: &World, id: EditionId, owner: &str, figures: &[(&str, &str)]) {
    let version = editions::load(&world.acting("lead"), id).await.expect("there").version;
    let typed = |path: &str| {
        figures
            .iter()
            .find(|(name, _)| *name == path)
            .map(|(_, value)| (*value).to_owned())
    };
    editions::edit(&world.acting("lead"), id, version, owner, &typed)
        .await
        .expect("set");
}

async fn approve_by_two(world: &World, id: EditionId) {
    let lead = world.acting("lead");
    editions::propose(&lead, id, 2).await.expect("proposed");
    assert!(!editions::approve(&lead, id, 3).await.expect("once"));
    assert!(editions::approve(&second(world), id, 4).await.expect("twice"));
}

/// Hours of a person in a year.
async fn give(world: &World, person: PersonId, year: i32, subject: Subject, hours: i64) {
    let ctx = world.system();
    let facts = HistoryFacts {
        key: format!("test/{person}/{year}/{}", subject.code()),
        title: "培训".into(),
        subject,
        form: ActivityForm::Class,
        hours: Hours::whole(hours),
        earned_on: date(year, 2, 1),
    };
    let mut tx = ctx.db.write().await.expect("a transaction");
    let place = registry::people::load(&mut tx, person).await.expect("there").place();
    credits::post(&ctx, &mut tx, &[for_history(facts, person, place)])
        .await
        .expect("posted");
    tx.commit().await.expect("committed");
}
