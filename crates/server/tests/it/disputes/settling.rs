//! Cases that something else settles: the class, the lead, the person.

use kernel::Hours;
use learning::courses;
use learning::credits::disputes::{self, About};
use rules::attendance::Mark;
use rules::credits::disputes::{Contested, DisputeCode, Outcome};
use testkit::both_engines;

use super::{
    answered, at, case, code, complete, decide, decision, entries, entry, held, kinds, refusal, told, total, wanted,
    wrong,
};

both_engines!(a_class_that_is_completed_after_all_settles_the_case, |world| async {
    let world = &world;
    let (class, seat) = held(world).await;
    let learner = world.acting("learner-a");
    let id = courses::contest(&learner, seat, "参加了全部课次，没有学时", vec![])
        .await
        .expect("a case");
    assert!(matches!(
        case(world, id).await.contested,
        Contested::Missing { enrolment: Some(_), .. }
    ));
    assert_eq!(
        refusal(courses::contest(&learner, seat, "参加了全部课次，没有学时", vec![]).await),
        "dispute.open"
    );
    complete(world, class, Mark::Present).await;
    assert_eq!(code(world, id).await, DisputeCode::Settled);
    assert!(kinds(world, "provider-a").await.is_empty() && told(world, "learner-a", "异议已办结").await);
    assert_eq!(
        refusal(courses::contest(&learner, seat, "参加了全部课次，没有学时", vec![]).await),
        "dispute.not_over"
    );
});

both_engines!(
    r53_hours_granted_by_a_decision_are_not_posted_again_by_the_class,
    |world| async {
        let world = &world;
        let (class, seat) = held(world).await;
        let id = courses::contest(&world.acting("learner-a"), seat, "参加了全部课次，没有学时", vec![])
            .await
            .expect("a case");
        answered(world, id).await;
        decide(world, "department-a", id, decision(Outcome::Upheld, Some(wanted(8))))
            .await
            .expect("decided");
        assert_eq!(total(world).await, Hours::whole(8));
        complete(world, class, Mark::Present).await;
        assert_eq!((total(world).await, entries(world).await.len()), (Hours::whole(8), 1));
    }
);

both_engines!(
    a_foreign_entry_that_the_lead_takes_back_settles_the_case,
    |world| async {
        let world = &world;
        let entry = entry(world).await;
        let learner = world.acting("learner-a");
        let id = disputes::contest_entry(&learner, entry, About::Foreign, "我没有参加这个班", vec![])
            .await
            .expect("a case");
        learning::credits::reverse(&world.acting("lead"), entry, "登记错误")
            .await
            .expect("reversed");
        world.run_jobs().await;
        assert_eq!(code(world, id).await, DisputeCode::Settled);
    }
);

both_engines!(the_person_takes_a_case_back_and_may_open_another, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let id = wrong(world, entry).await;
    let seen = at(world, id).await;
    disputes::withdraw(&world.acting("learner-a"), seen)
        .await
        .expect("taken back");
    assert!(kinds(world, "provider-a").await.is_empty());
    assert_eq!(
        refusal(disputes::withdraw(&world.acting("learner-a"), at(world, id).await).await),
        "dispute.over"
    );
    wrong(world, entry).await;
});
