//! Who decides and who never does, and two who act at once.

use kernel::{Error, Hours, date};
use learning::credits::disputes::{self, About, Missing};
use oversight::credentials::{self, CredentialFilter};
use registry::Window;
use rules::credentials::CredentialState;
use rules::credits::disputes::{Body, DisputeCode, Outcome};
use testkit::both_engines;

use super::{answered, at, case, code, decide, decision, entries, entry, kinds, refusal, told, total, wanted, wrong};

both_engines!(r52_who_posted_opened_or_answered_never_decides, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    assert_eq!(
        refusal(decide(world, "department-a", id, decision(Outcome::Rejected, None)).await),
        "dispute.awaits_answer"
    );
    answered(world, id).await;
    // The same account in the role of the deciding body: it answered, posted or opened as somebody else.
    for login in ["provider-a", "learner-a"] {
        let mut ctx = world.acting("department-a");
        ctx.actor.label = login.to_owned();
        let made = disputes::decide(&ctx, at(world, id).await, decision(Outcome::Rejected, None)).await;
        assert_eq!(refusal(made), "dispute.own_hand");
    }
    assert!(matches!(
        decide(world, "district-b", id, decision(Outcome::Rejected, None)).await,
        Err(Error::NotFound)
    ));
    assert_eq!(
        refusal(decide(world, "lead", id, decision(Outcome::Rejected, None)).await),
        "dispute.other_body"
    );
    assert!(matches!(
        decide(world, "provider-a", id, decision(Outcome::Rejected, None)).await,
        Err(Error::Forbidden(_))
    ));
    decide(world, "department-a", id, decision(Outcome::Rejected, None))
        .await
        .expect("decided");
});

both_engines!(two_clerks_decide_at_once_and_one_is_told_to_look_again, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    answered(world, id).await;
    let (one, mut other) = (world.acting("department-a"), world.acting("department-a"));
    other.actor.label = "second-clerk".into();
    let seen = at(world, id).await;
    let upheld = || decision(Outcome::Upheld, Some(wanted(8)));
    let (left, right) = tokio::join!(
        disputes::decide(&one, seen, upheld()),
        disputes::decide(&other, seen, upheld())
    );
    let won = usize::from(left.is_ok()) + usize::from(right.is_ok());
    assert_eq!(won, 1, "{left:?} {right:?}");
    let lost = if left.is_ok() { right } else { left };
    assert!(matches!(lost, Err(Error::Stale)), "{lost:?}");
    assert_eq!((total(world).await, entries(world).await.len()), (Hours::whole(8), 3));
    let appealed = disputes::appeal(
        &world.acting("learner-a"),
        at(world, id).await,
        "仍然不服这个决定",
        vec![],
    )
    .await;
    assert_eq!(refusal(appealed), "dispute.nothing_to_appeal");
});

both_engines!(a_form_that_was_shown_before_somebody_acted_is_stale, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    let before = at(world, id).await;
    answered(world, id).await;
    let late = disputes::decide(&world.acting("department-a"), before, decision(Outcome::Rejected, None)).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    assert_eq!(code(world, id).await, DisputeCode::Answered);
});

both_engines!(r53_a_foreign_entry_goes_and_its_certificate_with_it, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let learner = world.acting("learner-a");
    let id = disputes::contest_entry(&learner, entry, About::Foreign, "我没有参加这个班", vec![])
        .await
        .expect("a case");
    answered(world, id).await;
    let half = decide(world, "department-a", id, decision(Outcome::Partly, None)).await;
    assert!(matches!(half, Err(Error::Wrong(_))));
    decide(world, "department-a", id, decision(Outcome::Upheld, None))
        .await
        .expect("decided");
    world.run_jobs().await;
    assert_eq!((total(world).await, entries(world).await.len()), (Hours::ZERO, 2));
    let documents = credentials::list(&learner, &CredentialFilter::default(), &Window::first(5))
        .await
        .expect("documents");
    assert!(matches!(documents.rows[0].state, CredentialState::Revoked { .. }));
    assert!(told(world, "learner-a", "异议已有决定").await && told(world, "provider-a", "异议已有决定").await);
    assert!(kinds(world, "department-a").await.is_empty() && kinds(world, "provider-a").await.is_empty());
});

both_engines!(a_district_decides_where_no_provider_is_involved, |world| async {
    let world = &world;
    let learner = world.acting("learner-a");
    world.at(date(2026, 4, 1), 9, 0);
    let missing = Missing {
        wanted: wanted(4),
        provider: None,
        enrolment: None,
    };
    let id = disputes::contest_missing(&learner, missing, "参加了学术会议", vec![])
        .await
        .expect("a case");
    let opened = case(world, id).await;
    assert_eq!(
        (opened.body, opened.state.code()),
        (Body::District, DisputeCode::Unanswered)
    );
    assert_eq!(kinds(world, "district-a").await, ["dispute.decide"]);
    decide(world, "district-a", id, decision(Outcome::Upheld, Some(wanted(4))))
        .await
        .expect("decided");
    assert_eq!(total(world).await, Hours::whole(4));
    assert!(!case(world, id).await.lapsed, "nobody let a period pass");
});
