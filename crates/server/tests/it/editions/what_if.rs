//! What a draft would change, counted over everybody.

use kernel::{Code, Hours, PersonId};
use learning::credits;
use learning::credits::claims::{self, ClaimFilter};
use learning::credits::editions::{self, EditionId};
use oversight::reports::what_if::{self, Dimension, Narrowed, RunState};
use registry::Window;
use rules::credits::editions::{Document, EditionKind};
use rules::credits::{Standing, Subject, recognition};
use testkit::{World, both_engines};

use super::{draft, give, set};

/// Counted by hand: everybody, each year, by the rules as they stand and by the draft.
async fn naively(world: &World, id: EditionId) -> (i64, i64, i64) {
    let ctx = world.acting("lead");
    let mut tx = ctx.db.read().await.expect("a reader");
    let people: Vec<PersonId> = tx
        .all("select id from people where merged_into is null", &[])
        .await
        .expect("people");
    let draft = editions::find(&mut tx, id).await.expect("the draft").document;
    let rules::credits::editions::Document::Requirement(draft) = draft else {
        panic!("requirements");
    };
    let (mut changed, mut gained, mut lost) = (0, 0, 0);
    for person in people {
        let record = registry::people::load(&mut tx, person).await.expect("there");
        let traits = editions::traits_of(&record);
        let (mut any, mut up, mut down) = (false, false, false);
        for year in 2022..=2026 {
            let statement = credits::statement(&ctx, &mut tx, person, year).await.expect("a year");
            let now = statement.standing() == Standing::Reached;
            let again =
                rules::credits::Statement::evaluate(year, draft.requirement(&traits, year), statement.lines.clone());
            let then = again.standing() == Standing::Reached;
            any |= now != then;
            up |= then && !now;
            down |= now && !then;
        }
        changed += i64::from(any);
        gained += i64::from(up);
        lost += i64::from(down);
    }
    (changed, gained, lost)
}

both_engines!(
    r36_what_if_counts_what_a_naive_recount_counts_and_writes_no_hour,
    |world| async {
        let world = &world;
        let people = world.city.people_of("employer-a").to_vec();
        for (at, person) in (0..).zip(&people) {
            give(world, *person, 2025, Subject::Professional, 40 + at * 20).await;
            give(world, *person, 2025, Subject::Public, 20 + at * 10).await;
            give(world, *person, 2024, Subject::Professional, 130 - at * 10).await;
        }
        let id = draft(world, EditionKind::Requirement, "requirement-2026").await;
        set(
            world,
            id,
            "nation",
            &[("figure.professional", "60"), ("figure.total", "110")],
        )
        .await;
        let lead = world.acting("lead");
        let browser = world.sign_in("lead").await;
        browser.post(&format!("/desk/editions/{id}/what-if"), &[]).await.is(303);
        let run = what_if::of_edition(&lead, id).await.expect("runs")[0].id;
        browser
            .get(&format!("/desk/what-if/{run}"))
            .await
            .is(200)
            .sees("测算影响");
        let before = entries(world).await;
        world.run_jobs().await;
        assert_eq!(entries(world).await, before);
        let (found, _) = what_if::view(&lead, run).await.expect("the run");
        assert_eq!(found.state, RunState::Done);
        let (changed, gained, lost) = naively(world, id).await;
        assert!(changed > 0 && lost > 0);
        assert_eq!(found.changed, changed);
        for dimension in <Dimension as Code>::ALL {
            let cells = what_if::cells(&lead, run, *dimension).await.expect("cells");
            let sum = |of: fn(&what_if::Cell) -> i64| cells.iter().map(of).sum::<i64>();
            assert_eq!(
                (sum(|c| c.people), sum(|c| c.changed)),
                (found.people, changed),
                "{dimension:?}"
            );
            assert_eq!((sum(|c| c.gained), sum(|c| c.lost)), (gained, lost), "{dimension:?}");
        }
        let everybody = what_if::people(&lead, run, &Narrowed::default(), None)
            .await
            .expect("people");
        assert_eq!(i64::try_from(everybody.people.len()).unwrap(), changed);
        assert!(everybody.next.is_none());
        let org = Narrowed {
            org: Some(world.city.org("employer-a")),
            ..Narrowed::default()
        };
        let of_org = what_if::people(&lead, run, &org, None).await.expect("people");
        assert_eq!(i64::try_from(of_org.people.len()).unwrap(), changed);
        browser
            .get(&format!("/desk/what-if/{run}?by=employer"))
            .await
            .is(200)
            .sees("受影响");
        browser
            .get(&format!("/desk/what-if/{run}/people"))
            .await
            .is(200)
            .sees("由达标变为未达标");
    }
);

/// what must not change while a draft is counted.
async fn entries(world: &World) -> (i64, i64) {
    //
    let mut tx = world.system().db.read().await.expect("a reader");
    let count = tx
        .one("select count(*) from credits_entries", &[])
        .await
        .expect("a count");
    let balances = "select cast(coalesce(sum(hours), 0) as bigint) from credits_balances";
    (count, tx.one(balances, &[]).await.expect("a sum"))
}

both_engines!(a_run_that_was_cancelled_counts_nothing, |world| async {
    let world = &world;
    let lead = world.acting("lead");
    let id = draft(world, EditionKind::Recognition, "recognition-2026").await;
    let run = what_if::start(&lead, id).await.expect("ordered");
    what_if::cancel(&lead, run).await.expect("cancelled");
    world.run_jobs().await;
    let (found, _) = what_if::view(&lead, run).await.expect("the run");
    assert_eq!((found.state, found.people), (RunState::Cancelled, 0));
    assert!(what_if::cancel(&lead, run).await.is_err());
    assert!(what_if::start(&world.acting("auditor"), id).await.is_err());
});

/// A meeting of learner-a's, recognised: 40 professional hours of 2026.
async fn recognised(world: &World) {
    crate::claims::one_of(world, "a").await;
    let listed = claims::list(&world.acting("lead"), &ClaimFilter::default(), &Window::first(5)).await;
    let id = listed.expect("claims").rows[0].id;
    claims::confirm(&world.acting("employer-a"), id, 2)
        .await
        .expect("confirmed");
    let hours = claims::recognise(&world.acting("department-a"), id, 3).await;
    assert_eq!(hours.expect("recognised"), Hours::whole(40));
}

both_engines!(
    r76_a_draft_of_recognition_rules_counts_recognised_claims_again,
    |world| async {
        let world = &world;
        let person = world.city.person("learner-a");
        give(world, person, 2026, Subject::Professional, 60).await;
        recognised(world).await;
        let lead = world.acting("lead");
        let drafted = async |code: &str, change: fn(&mut recognition::Edition)| {
            let mut edition = recognition::sample();
            edition.code = code.into();
            change(&mut edition);
            let draft = Document::Recognition(edition);
            let id = editions::draft_in_demonstration(&world.system(), draft)
                .await
                .expect("a draft");
            (id, what_if::count(&lead, id).await.expect("counted").total)
        };
        let before = entries(world).await;
        let (_, same) = drafted("draft-same", |_| {}).await;
        assert_eq!((same.changed, same.lost), (0, 0), "nothing in the draft is different");
        let (id, without) = drafted("draft-without", |edition| {
            edition.rules.retain(|rule| rule.code != "泰州-全国会议");
        })
        .await;
        assert_eq!((without.changed, without.lost, without.gained), (1, 1, 0));
        assert_eq!(entries(world).await, before);
        // The run by its page finds the same person.
        let browser = world.sign_in("lead").await;
        browser.post(&format!("/desk/editions/{id}/what-if"), &[]).await.is(303);
        world.run_jobs().await;
        let run = what_if::of_edition(&lead, id).await.expect("runs")[0].id;
        let found = what_if::people(&lead, run, &Narrowed::default(), None)
            .await
            .expect("people");
        assert_eq!(found.people.iter().map(|one| one.person).collect::<Vec<_>>(), [person]);
    }
);
