//! The periods: silence, holidays, a year without a calendar, figures that the lead sets; statistics by provider.

use kernel::{Date, date};
use learning::credits::disputes;
use rules::credits::disputes::{DisputeCode, Outcome, Stance, Terms};
use testkit::{World, both_engines};

use super::{answered, at, code, decide, decision, entry, kinds, refusal, told, wanted, wrong};

async fn morning_after(world: &World, day: Date) {
    world.at(day, 8, 0);
    disputes::round(&world.system()).await.expect("a round");
    world.run_jobs().await;
}

both_engines!(
    r49_r51_silence_lapses_after_the_holiday_and_decides_nothing,
    |world| async {
        let world = &world;
        let entry = entry(world).await;
        // Thursday before 清明 (4 to 6 April 2026): five working days end on Friday, 10 April.
        world.at(date(2026, 4, 2), 10, 0);
        let id = wrong(world, entry).await;
        morning_after(world, date(2026, 4, 7)).await;
        assert!(!told(world, "provider-a", "异议期限将到").await);
        morning_after(world, date(2026, 4, 8)).await;
        assert!(
            told(world, "provider-a", "异议期限将到").await,
            "two working days before"
        );
        morning_after(world, date(2026, 4, 10)).await;
        assert_eq!(
            code(world, id).await,
            DisputeCode::Opened,
            "the last day belongs to the provider"
        );
        morning_after(world, date(2026, 4, 11)).await;
        assert_eq!(code(world, id).await, DisputeCode::Unanswered);
        let late = disputes::answer(
            &world.acting("provider-a"),
            at(world, id).await,
            Stance::Agrees,
            "现在才看到",
            vec![],
        )
        .await;
        assert_eq!(refusal(late), "dispute.lapsed");
        assert_eq!(kinds(world, "department-a").await, ["dispute.decide"]);
        assert!(kinds(world, "provider-a").await.is_empty());
        // Far past the period of the decision nothing has been decided; the lead knows.
        morning_after(world, date(2026, 6, 1)).await;
        assert_eq!(code(world, id).await, DisputeCode::Unanswered);
        assert!(told(world, "lead", "异议逾期未决").await);
        decide(world, "department-a", id, decision(Outcome::Rejected, None))
            .await
            .expect("decided");
        let counts = disputes::statistics(&world.acting("department-a"), 2026)
            .await
            .expect("figures");
        assert_eq!((counts[0].opened, counts[0].lapsed, counts[0].rejected), (1, 1, 1));
        assert!(counts[0].workdays.is_some_and(|doubled| doubled > 60), "{counts:?}");
        // Ten working days for an appeal, then it is final.
        morning_after(world, date(2026, 6, 15)).await;
        assert_eq!(code(world, id).await, DisputeCode::Decided);
        morning_after(world, date(2026, 6, 30)).await;
        assert_eq!(code(world, id).await, DisputeCode::Final);
    }
);

both_engines!(
    r11_a_period_into_a_year_without_calendar_never_lapses_by_itself,
    |world| async {
        let world = &world;
        let entry = entry(world).await;
        world.at(date(2026, 12, 30), 10, 0);
        let id = wrong(world, entry).await;
        let learner = world.sign_in("learner-a").await;
        learner
            .get(&format!("/desk/disputes/{id}"))
            .await
            .sees("不早于")
            .sees("2027 年放假安排未导入");
        morning_after(world, date(2027, 3, 1)).await;
        assert_eq!(code(world, id).await, DisputeCode::Opened);
        answered(world, id).await;
        assert_eq!(code(world, id).await, DisputeCode::Answered);
    }
);

both_engines!(the_lead_sets_the_periods_for_what_begins_afterwards, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let lead = world.sign_in("lead").await;
    lead.get("/desk/disputes/terms")
        .await
        .is(200)
        .sees("示例（待市人社局确认）");
    let terms = [("answer", "3"), ("decision", "15"), ("appeal", "0"), ("review", "20")];
    lead.post("/desk/disputes/terms", &terms)
        .await
        .is(422)
        .sees("1 到 60 个工作日");
    let terms = [("answer", "3"), ("decision", "15"), ("appeal", "10"), ("review", "20")];
    lead.post("/desk/disputes/terms", &terms).await.is(303);
    let in_force = disputes::terms(&world.acting("learner-a")).await.expect("periods");
    assert_eq!(
        in_force,
        Terms {
            answer: 3,
            ..Terms::DEFAULT
        }
    );
    let id = wrong(world, entry).await;
    let due = disputes::view(&world.acting("lead"), id)
        .await
        .expect("the case")
        .line
        .due;
    assert_eq!(due.map(kernel::Deadline::date), Some(date(2026, 3, 30)));
});

both_engines!(figures_by_provider_are_for_those_who_supervise, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    answered(world, id).await;
    decide(world, "department-a", id, decision(Outcome::Upheld, Some(wanted(8))))
        .await
        .expect("decided");
    let lead = world.sign_in("lead").await;
    lead.get("/desk/disputes/providers")
        .await
        .is(200)
        .sees("测试a继续教育基地")
        .sees("共提出 1 件");
    lead.get("/desk/disputes/providers/export.xlsx").await.is(200);
    world
        .sign_in("department-b")
        .await
        .get("/desk/disputes/providers")
        .await
        .is(200)
        .misses("测试a继续教育基地");
    world
        .sign_in("provider-a")
        .await
        .get("/desk/disputes/providers")
        .await
        .is(403);
});
