//! Drafted, approved by two, in force from a day on, never edited.

use kernel::{Error, Hours, date};
use learning::credits::editions::{self, NewDraft};
use learning::credits::{self};
use rules::credits::editions::EditionKind;
use rules::credits::{Standing, Subject};
use testkit::both_engines;

use super::{approve_by_two, draft, give, in_force, second, set};

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
