//! Reminders as the year ends, the digest of employers, the switch, and the views they lead to.

use kernel::date;
use rules::credits::Subject;
use testkit::{World, both_engines};

use crate::closing::recorded_on;

async fn messages(world: &World) -> Vec<(String, String)> {
    let mut tx = world.db.read().await.expect("a reader");
    let sql = "select coalesce(role, ''), title from messages where cause like 'reminder:%' order by id";
    tx.all(sql, &[]).await.expect("messages")
}

/// A morning on which the jobs of the day run.
async fn morning(world: &World, month: u32, day: u32) {
    world.at(date(2026, month, day), 9, 0);
    world.run_jobs().await;
}

both_engines!(
    r66_a_reminder_comes_once_a_day_set_and_never_to_who_has_reached_it,
    |world| async {
        let world = &world;
        let reached = world.city.person("learner-b");
        for (key, subject) in [("x", Subject::Professional), ("y", Subject::Public)] {
            recorded_on(world, reached, (key, 60, subject), date(2026, 3, 2))
                .await
                .expect("posted");
        }
        morning(world, 9, 30).await;
        assert_eq!(messages(world).await, [], "nothing is due before the first day");
        morning(world, 10, 2).await;
        let learners = |all: &[(String, String)]| all.iter().filter(|(role, _)| role == "learner").count();
        let first = messages(world).await;
        assert_eq!(learners(&first), 1, "{first:?}");
        assert!(
            first
                .iter()
                .any(|(role, title)| role == "learner" && title == "2026 年度还差 90 学时，距年底 90 天")
        );
        assert!(
            first
                .iter()
                .any(|(role, title)| role == "employer" && title == "本单位 10 人 2026 年度尚未达标，距年底 90 天")
        );
        morning(world, 10, 3).await;
        assert_eq!(messages(world).await.len(), first.len(), "the same day is told once");
        let learner = world.sign_in("learner-a").await;
        learner
            .get("/desk/messages")
            .await
            .is(200)
            .sees("还差 90 学时")
            .sees("关闭学时提醒");
        learner.post("/desk/messages/mute", &[]).await.is(303);
        morning(world, 11, 2).await;
        assert_eq!(learners(&messages(world).await), 1, "muted");
        world
            .sign_in("learner-a")
            .await
            .post("/desk/messages/unmute", &[])
            .await
            .is(303);
        let lead = world.sign_in("lead").await;
        lead.post("/desk/reminders", &[("days", "七")])
            .await
            .is(422)
            .sees("请填写 1 到 8 个");
        lead.post("/desk/reminders", &[("days", "20、7")]).await.is(303);
        morning(world, 12, 11).await;
        assert_eq!(learners(&messages(world).await), 2, "the new day");
    }
);

both_engines!(r63_the_overview_answers_first_and_leads_to_the_people, |world| async {
    let world = &world;
    let reached = world.city.person("learner-a");
    for (key, subject) in [("x", Subject::Professional), ("y", Subject::Public)] {
        recorded_on(world, reached, (key, 60, subject), date(2026, 3, 2))
            .await
            .expect("posted");
    }
    morning(world, 7, 1).await;
    let district = world.sign_in("district-a").await;
    let page = district.get("/desk/standings?by=level").await.is(200);
    page.sees("本区 2026 年达标 9")
        .sees("有 10 人存在年底不达标风险")
        .sees("/desk/compliance?year=2026&amp;level=intermediate");
    let lead = world.sign_in("lead").await;
    lead.get("/desk/standings")
        .await
        .is(200)
        .sees("全市")
        .sees("徐汇区")
        .sees("浦东新区");
    lead.get("/desk/standings?by=employer")
        .await
        .is(200)
        .sees("测试a有限公司");
    lead.get("/desk/standings?by=field&level=associate")
        .await
        .is(200)
        .sees("所选范围");
    lead.get("/desk/standings?year=2025").await.is(200).sees("未达标");
    let file = lead.get("/desk/standings/export.xlsx?by=district").await.is(200);
    assert_eq!(&file.bytes[..2], b"PK");
    let employer = world.sign_in("employer-a").await;
    employer
        .get("/desk/standings")
        .await
        .is(200)
        .sees("本单位 2026 年达标 9")
        .misses("浦东新区");
    district
        .get("/desk/compliance?field=ai&state=at_risk")
        .await
        .is(200)
        .sees("陈*乙");
});

both_engines!(r67_the_statement_lists_what_closes_the_gap, |world| async {
    let world = &world;
    let fitting = crate::courses::published(world, "数据治理实务", &[date(2026, 3, 25)], |_| {}).await;
    crate::courses::published(world, "只限正高级", &[date(2026, 3, 26)], |plan| {
        plan.eligibility.title_levels = vec!["senior".into()];
    })
    .await;
    let learner = world.sign_in("learner-a").await;
    let page = learner.get("/desk/my/statement").await.is(200);
    page.sees("怎样补齐")
        .sees("数据治理实务")
        .misses("只限正高级")
        .sees("近五年");
    learner.post(&format!("/classes/{fitting}/enrol"), &[]).await.is(303);
    learner
        .get("/desk/my/statement")
        .await
        .is(200)
        .sees("在学的 1 个班次结业后可得 3.66 学时")
        .sees("目前没有适合您且正在报名的班次");
});
