//! The appeal, once and last.

use kernel::{Error, Hours};
use learning::credits::disputes;
use rules::credits::disputes::{DisputeCode, Outcome};
use testkit::both_engines;

use super::{answered, at, code, decide, decision, entries, entry, kinds, refusal, total, wanted, wrong};

both_engines!(
    r54_an_appeal_replaces_the_first_decision_and_is_the_last,
    |world| async {
        let world = &world;
        let id = wrong(world, entry(world).await).await;
        answered(world, id).await;
        decide(world, "department-a", id, decision(Outcome::Partly, Some(wanted(6))))
            .await
            .expect("decided");
        assert_eq!(total(world).await, Hours::whole(6));
        let learner = world.acting("learner-a");
        disputes::appeal(&learner, at(world, id).await, "还有一节课没有算", vec![])
            .await
            .expect("appealed");
        assert_eq!(kinds(world, "lead").await, ["dispute.review"]);
        let again = disputes::appeal(&learner, at(world, id).await, "还有一节课没有算", vec![]).await;
        assert_eq!(refusal(again), "dispute.appealed");
        assert!(matches!(
            decide(world, "department-a", id, decision(Outcome::Rejected, None)).await,
            Err(Error::Forbidden(_))
        ));
        decide(world, "lead", id, decision(Outcome::Upheld, Some(wanted(8))))
            .await
            .expect("decided once more");
        assert_eq!(
            (total(world).await, code(world, id).await),
            (Hours::whole(8), DisputeCode::Final)
        );
        // Entry, its reversal, six hours, their reversal, eight hours.
        assert_eq!(entries(world).await.len(), 5);
        assert_eq!(
            refusal(disputes::appeal(&learner, at(world, id).await, "还是不服这个决定", vec![]).await),
            "dispute.nothing_to_appeal"
        );
    }
);

both_engines!(r54_a_rejected_appeal_changes_nothing, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    answered(world, id).await;
    decide(world, "department-a", id, decision(Outcome::Partly, Some(wanted(6))))
        .await
        .expect("decided");
    let learner = world.acting("learner-a");
    disputes::appeal(&learner, at(world, id).await, "还有一节课没有算", vec![])
        .await
        .expect("appealed");
    decide(world, "lead", id, decision(Outcome::Rejected, None))
        .await
        .expect("rejected");
    assert_eq!((total(world).await, entries(world).await.len()), (Hours::whole(6), 3));
    let counts = disputes::statistics(&world.acting("lead"), 2026)
        .await
        .expect("figures");
    assert_eq!(
        (counts[0].partly, counts[0].rejected),
        (1, 0),
        "the first decision holds"
    );
});
