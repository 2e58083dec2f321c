//! Editions of the rules: drafted, changed in forms, counted over everybody, approved by two, in force from their day on.

use kernel::{AccountId, Actor, Code, Error, Hours, PersonId, date};
use learning::credits::editions::{self, EditionFilter, EditionId, NewDraft, Phase};
use learning::credits::{self};
use oversight::reports::what_if::{self, Dimension, Narrowed, RunState};
use registry::{Ctx, Window};
use rules::credits::editions::EditionKind;
use rules::credits::{ActivityForm, HistoryFacts, Standing, Subject, for_history};
use testkit::{World, both_engines};

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

both_engines!(
    r34_r35_two_persons_bring_a_draft_into_force_and_the_year_is_judged_by_it,
    |world| async {
        let world = &world;
        let (lead, person) = (world.acting("lead"), world.city.person("learner-a"));
        give(world, person, 2026, Subject::Professional, 100).await;
        let browser = world.sign_in("lead").await;
        let id = draft(world, EditionKind::Requirement, "requirement-2026").await;
        set(
            world,
            id,
            "nation",
            &[("figure.professional", "70"), ("figure.total", "120")],
        )
        .await;
        browser
            .get(&format!("/desk/editions/{id}"))
            .await
            .is(200)
            .sees("由 90 改为 120")
            .sees("提交审批");
        let path = format!("/desk/editions/{id}/propose");
        browser.post(&path, &[("version", "2")]).await.is(303);
        let path = format!("/desk/editions/{id}/approve");
        browser.post(&path, &[("version", "3")]).await.is(303);
        let again = editions::approve(&lead, id, 4).await;
        assert!(matches!(
            again,
            Err(Error::Refused {
                code: "edition.two_persons",
                ..
            })
        ));
        assert!(editions::approve(&second(world), id, 4).await.expect("approved"));
        browser
            .get(&format!("/desk/editions/{id}"))
            .await
            .is(200)
            .sees("待生效");
        let learner = world.sign_in("learner-a").await;
        learner.get("/desk/my/statement").await.is(200).sees("100 / 90 学时");
        world.at(date(2026, 7, 1), 9, 0);
        let learner = world.sign_in("learner-a").await;
        learner.get("/desk/my/statement").await.is(200).sees("100 / 120 学时");
        let old = in_force(world, EditionKind::Requirement).await;
        assert_eq!(old, id);
        let mut tx = lead.db.read().await.expect("a reader");
        // a year that ended is judged by the edition in force on its last day.
        let statement = credits::statement(&lead, &mut tx, person, 2025).await.expect("a year");
        assert_eq!(statement.requirement.total, Hours::whole(90));
        assert!(matches!(statement.standing(), Standing::Missing { .. }));
        drop(tx);
        world
            .visitor()
            .get("/rules")
            .await
            .is(200)
            .sees("新版规则")
            .sees("120")
            .sees("人社部令第25号")
            .sees("已被替代");
    }
);

both_engines!(r33_an_approved_edition_is_never_edited, |world| async {
    let world = &world;
    let lead = world.acting("lead");
    let id = draft(world, EditionKind::Recognition, "recognition-2026").await;
    set(world, id, "class", &[("minutes", "50")]).await;
    approve_by_two(world, id).await;
    let typed = |_: &str| None;
    let refused = editions::edit(&lead, id, 5, "class", &typed).await;
    assert!(matches!(
        refused,
        Err(Error::Refused {
            code: "edition.fixed",
            ..
        })
    ));
    for sql in [
        "update credits_editions set document = '{}' where id = $1",
        "update credits_editions set in_force = '2020-01-01' where id = $1",
        "delete from credits_editions where id = $1",
    ] {
        let mut tx = lead.db.write().await.expect("a writer");
        assert!(tx.exec(sql, &[id.into()]).await.is_err(), "{sql}");
    }
    // Another draft may not come into force before it, nor in the past.
    let input = NewDraft {
        code: "recognition-early".into(),
        name: "过早".into(),
        in_force: date(2026, 6, 1),
    };
    let early = editions::draft(&lead, id, &input).await.expect("a draft");
    editions::propose(&lead, early, 1).await.expect("proposed");
    let refused = editions::approve(&lead, early, 2).await;
    assert!(matches!(
        refused,
        Err(Error::Refused {
            code: "edition.order",
            ..
        })
    ));
    editions::give_back(&lead, early, 2, "日期不对").await.expect("back");
    editions::discard(&lead, early, 3).await.expect("discarded");
    let past = NewDraft {
        in_force: date(2026, 3, 4),
        ..input
    };
    assert!(matches!(editions::draft(&lead, id, &past).await, Err(Error::Wrong(_))));
    for other in ["district-a", "employer-a", "learner-a", "auditor"] {
        assert!(
            editions::propose(&world.acting(other), early, 4).await.is_err(),
            "{other}"
        );
    }
});

both_engines!(
    figures_are_changed_in_forms_and_faults_are_told_at_the_field,
    |world| async {
        let world = &world;
        let browser = world.sign_in("lead").await;
        let from = in_force(world, EditionKind::Recognition).await;
        let fields = [
            ("code", "recognition-x"),
            ("name", "试用版"),
            ("in_force", "2026-09-01"),
        ];
        browser
            .post(&format!("/desk/editions/{from}/copy"), &fields)
            .await
            .is(303);
        browser
            .post(&format!("/desk/editions/{from}/copy"), &fields)
            .await
            .is(422)
            .sees("已被其他版本使用");
        let filter = EditionFilter {
            state: Some("draft".into()),
            ..EditionFilter::default()
        };
        let listed = editions::list(&world.acting("lead"), &filter, &Window::first(5))
            .await
            .expect("listed");
        let id = listed.rows[0].id;
        let page = format!("/desk/editions/{id}/figures");
        browser
            .get(&format!("{page}?rule=会计-会议"))
            .await
            .is(200)
            .sees("每天学时")
            .sees("依据文件");
        let typed = |hours| vec![("version", "1"), ("rule", "会计-会议"), ("hours", hours)];
        browser.post(&page, &typed("很多")).await.is(422).sees("每天学时");
        browser.post(&page, &typed("12.5")).await.is(303);
        browser
            .get(&format!("/desk/editions/{id}"))
            .await
            .is(200)
            .sees("由 10 改为 12.5");
        browser.post(&page, &typed("13")).await.is(409);
        let copy = [("version", "2"), ("rule", "会计-会议"), ("code", "会计-讲座")];
        browser
            .post(&format!("/desk/editions/{id}/copy-rule"), &copy)
            .await
            .is(303);
        let remove = [("version", "3"), ("rule", "会计-讲座")];
        browser
            .post(&format!("/desk/editions/{id}/remove-rule"), &remove)
            .await
            .is(303);
        browser.get("/desk/editions").await.is(200).sees("试用版").sees("草稿");
        world.visitor().get("/rules?edition=recognition-x").await.is(404);
    }
);

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
