//! The public draw and what it finds.

use kernel::{Hours, date};
use learning::credits::claims;
use testkit::both_engines;

use super::{balance, three_waiting};

both_engines!(
    r46_r47_a_draw_is_public_and_what_proves_untrue_is_taken_back,
    |world| async {
        let world = &world;
        for id in three_waiting(world).await {
            claims::recognise(&world.acting("department-a"), kernel::Id::new(id), 3)
                .await
                .unwrap();
        }
        let lead = world.sign_in("lead").await;
        lead.get("/desk/claims/draws/new").await.is(200);
        let span =
            |from: &'static str, until: &'static str| [("title", "一季度抽查"), ("from", from), ("until", until)];
        lead.post("/desk/claims/draws/new", &span("2026-01-01", "2026-01-31"))
            .await
            .is(409)
            .sees("没有已认定");
        let announced = lead
            .post("/desk/claims/draws/new", &span("2026-03-01", "2026-03-05"))
            .await
            .is(303);
        let draw = announced.id();
        let public = format!("/draws/{draw}");
        let stranger = world.visitor();
        let digest = rules::credits::claims::sampling::digest(&numbers(3));
        stranger
            .get(&public)
            .await
            .is(200)
            .sees(&digest)
            .sees("SB2026-000003")
            .misses("陈");
        let seed = [
            ("seed", "3387.61"),
            ("seed_source", "2026 年 3 月 6 日上证综合指数收盘点位"),
        ];
        let page = format!("/desk/claims/draws/{draw}");
        lead.post(&page, &seed).await.is(409).sees("次日再办");
        world.at(date(2026, 3, 6), 16, 0);
        let lead = world.sign_in("lead").await;
        lead.get(&page).await.is(200);
        lead.post(&page, &seed).await.is(303);
        let (chosen, score) = rules::credits::claims::sampling::choose(&numbers(3), "3387.61", 1).remove(0);
        stranger.get(&public).await.is(200).sees(&chosen).sees(&score);

        let shown = lead.get(&page).await.is(200).text();
        let from = shown.find("/desk/claims/checks/").expect("a check") + "/desk/claims/checks/".len();
        let check: i64 = shown[from..].split('"').next().unwrap().parse().unwrap();
        // Whoever recognised it does not check it.
        let refused = claims::find(
            &world.acting("department-a"),
            check,
            rules::credits::claims::sampling::Finding::Upheld,
            "",
        )
        .await;
        assert!(refused.is_err());
        let path = format!("/desk/claims/checks/{check}");
        lead.post(&path, &[("finding", "voided"), ("reason", "")]).await.is(422);
        let reason = "会议没有举行";
        lead.post(&path, &[("finding", "voided"), ("reason", reason)])
            .await
            .is(303);
        lead.post(&path, &[("finding", "voided"), ("reason", reason)])
            .await
            .is(409);
        assert_eq!(balance(world, "learner-a", 2026).await, Hours::whole(20));
        let learner = world.sign_in("learner-a").await;
        learner
            .get("/desk/my/statement")
            .await
            .is(200)
            .sees("已冲正")
            .sees(reason);
        stranger.get(&public).await.is(200).misses(reason);
    }
);

fn numbers(count: i64) -> Vec<String> {
    (1..=count)
        .map(|serial| rules::credits::claims::number(2026, serial))
        .collect()
}
