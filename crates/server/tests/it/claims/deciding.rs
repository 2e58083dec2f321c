//! Who decides, two clerks at once, batches, somebody without an employer.

use kernel::{Date, Hours, date};
use learning::credits::claims;
use registry::Window;
use rules::credits::Subject;
use rules::credits::claims::{ClaimCode, Facts};
use testkit::{World, both_engines};

use super::{PDF, balance, claimed, meeting, state, three_waiting};

both_engines!(r43_two_clerks_at_once_recognise_once, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = claimed(&learner, "泰州-全国会议", &meeting(&[])).await;
    let claim = kernel::Id::new(id);
    claims::confirm(&world.acting("employer-a"), claim, 2).await.unwrap();
    let ctx = world.acting("department-a");
    // what stands is read in the transaction that recognises, so the second clerk finds the claim decided.
    let (one, other) = tokio::join!(claims::recognise(&ctx, claim, 3), claims::recognise(&ctx, claim, 3));
    let lost = [one, other].into_iter().find_map(Result::err).expect("one is too late");
    assert!(
        matches!(
            lost,
            kernel::Error::Stale | kernel::Error::Refused { code: "claim.over", .. }
        ),
        "{lost:?}"
    );
    assert_eq!(balance(world, "learner-a", 2026).await, Hours::whole(40));
});

both_engines!(r41_nobody_decides_on_their_own_claim, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = claimed(&learner, "泰州-全国会议", &meeting(&[])).await;
    // The employer's clerk is the learner in another role.
    let mut clerk = world.acting("employer-a");
    clerk.actor.account = world.city.actor("learner-a").account;
    let refused = claims::confirm(&clerk, kernel::Id::new(id), 2).await.unwrap_err();
    assert!(
        matches!(refused, kernel::Error::Refused { code: "claim.own", .. }),
        "{refused:?}"
    );
    // Whoever confirmed does not recognise.
    claims::confirm(&world.acting("employer-a"), kernel::Id::new(id), 2)
        .await
        .unwrap();
    let mut twice = world.acting("department-a");
    twice.actor.account = world.city.actor("employer-a").account;
    let refused = claims::recognise(&twice, kernel::Id::new(id), 3).await.unwrap_err();
    assert!(
        matches!(
            refused,
            kernel::Error::Refused {
                code: "claim.confirmed_by_you",
                ..
            }
        ),
        "{refused:?}"
    );
});

both_engines!(clerks_recognise_in_batches_what_they_saw, |world| async {
    let world = &world;
    let ids = three_waiting(world).await;
    let department = world.sign_in("department-a").await;
    let list = department.get("/desk/claims?turn=mine").await.is(200);
    let list = list.sees("有 3 件申报等您办理").sees(&format!("{}:3", ids[0]));
    drop(list);
    // One was given back after the list was opened.
    claims::give_back(&world.acting("department-a"), kernel::Id::new(ids[2]), 3, "请补充日程")
        .await
        .unwrap();
    let ticked: Vec<String> = ids.iter().map(|id| format!("{id}:3")).collect();
    let fields: Vec<(&str, &str)> = ticked.iter().map(|value| ("id", value.as_str())).collect();
    let answer = department.post("/desk/claims/recognise", &fields).await.is(200);
    answer.sees("办理完毕 2 件，1 件没有办理");
    assert_eq!(balance(world, "learner-a", 2026).await, Hours::whole(20));
    department
        .post("/desk/claims/recognise", &[])
        .await
        .is(409)
        .sees("没有选择");
});

both_engines!(claims_past_their_period_are_listed_by_themselves, |world| async {
    let world = &world;
    let ids = three_waiting(world).await;
    // The form shows the first number as an example, so the second one is looked for.
    let late = kernel::Id::new(ids[1]);
    let view = claims::view(&world.acting("department-a"), late).await.unwrap();
    let (number, due) = (view.claim.number.unwrap(), view.due.unwrap().date());
    let listed = async |day: Date| {
        world.at(day, 9, 0);
        let department = world.sign_in("department-a").await;
        let page = department.get("/desk/claims?due=overdue").await.is(200);
        page.text().contains(&number)
    };
    assert!(!listed(due).await, "the last day is not late");
    let next = due.succ_opt().unwrap();
    assert!(listed(next).await);
    // Whoever has decided is not late any more; a neighbour never sees it.
    claims::recognise(&world.acting("department-a"), late, 3).await.unwrap();
    assert!(!listed(next).await);
    let neighbour = world.sign_in("department-b").await;
    neighbour.get("/desk/claims?due=overdue").await.is(200).misses(&number);
});

both_engines!(
    a_person_without_an_employer_goes_straight_to_the_district,
    |world| async {
        let world = &world;
        let alone = alone(world).await;
        let ctx = alone;
        let id = claims::begin(&ctx, &claims::Beginning::Rule("泰州-批准培训班".into()))
            .await
            .unwrap();
        claims::save(&ctx, id, 1, training(date(2026, 2, 10))).await.unwrap();
        claims::attach(&ctx, id, "证书.pdf", PDF.to_vec()).await.unwrap();
        claims::submit(&ctx, id, 1).await.unwrap();
        assert_eq!(state(world, id.get()).await, ClaimCode::Confirmed);
        let district = world.acting("district-a");
        let hours = claims::recognise(&district, id, 2).await.unwrap();
        assert_eq!(hours, Hours::whole(8));
        let listed = claims::list(&district, &claims::ClaimFilter::default(), &Window::first(10))
            .await
            .unwrap();
        assert_eq!(listed.rows.len(), 1);
    }
);

fn training(day: Date) -> Facts {
    Facts {
        title: "专题培训".into(),
        subject: Some(Subject::Professional),
        quantity: Some(100),
        from: Some(day),
        to: Some(day),
        ..Facts::default()
    }
}

/// Somebody of district a without an employer, signed in as themselves.
async fn alone(world: &World) -> registry::Ctx {
    use registry::people::{self, PersonDraft};
    let document = kernel::IdentityDocument::demo(date(1990, 6, 1), 700);
    let mut draft = PersonDraft::new("陈示独", kernel::DocumentKind::Resident, document.number());
    draft.phone = "19900009999".into();
    draft.district = Some("310104".into());
    let person = people::create(&world.acting("district-a"), draft).await.unwrap();
    let mut tx = world.db.read().await.unwrap();
    let place = people::load(&mut tx, person).await.unwrap().place();
    let mut actor = world.city.actor("learner-a");
    actor.account = None;
    actor.own = place;
    world.ctx(actor)
}
