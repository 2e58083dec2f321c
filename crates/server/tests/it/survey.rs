//! What participants say about a class: once, anonymously, and shown when enough have spoken.

use kernel::{ClassId, date};
use learning::courses;
use testkit::{World, both_engines};

use crate::courses::published;

const POINTS: [&str; 5] = ["design", "teaching", "organisation", "effect", "overall"];

/// A class in which eleven people of employer-a and learner-b sit; its last session has ended.
async fn class(world: &World) -> ClassId {
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
    let staff = world.city.people_of("employer-a").to_vec();
    courses::enrol_staff(&world.acting("employer-a"), class, &staff)
        .await
        .expect("enrolled");
    courses::enrol_self(&world.acting("learner-b"), class)
        .await
        .expect("enrolled");
    world.at(date(2026, 3, 26), 9, 0);
    class
}

fn answers<'a>(points: &'a str, remark: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = POINTS.iter().map(|question| (*question, points)).collect();
    fields.push(("remark", remark));
    fields
}

both_engines!(
    r123_a_participant_answers_once_and_only_while_it_is_asked,
    |world| async {
        let world = &world;
        let class = class(world).await;
        let page = format!("/desk/my/surveys/{class}");
        let learner = world.sign_in("learner-a").await;
        learner.get("/desk/my/classes").await.is(200).sees("评价");
        let half = learner.post(&page, &[("design", "5"), ("remark", "很有收获")]).await;
        half.is(422).sees("请选择对“教师授课”的评价").sees("很有收获");
        let sent = learner.post(&page, &answers("5", "很有收获")).await;
        assert_eq!(sent.location, "/desk/my/classes");
        learner.get(&page).await.is(200).sees("您已经评价过这个班次");
        learner
            .post(&page, &answers("1", ""))
            .await
            .is(409)
            .sees("您已经评价过这个班次");
        world.at(date(2026, 4, 30), 9, 0);
        let late = world.sign_in("learner-b").await;
        late.get(&page).await.is(200).sees("评价期限已过");
        late.post(&page, &answers("1", "")).await.is(409).sees("评价期限已过");
    }
);

both_engines!(
    r124_a_result_is_shown_from_the_fifth_answer_on_and_leads_to_nobody,
    |world| async {
        let world = &world;
        let class = class(world).await;
        let result = format!("/desk/classes/{class}/survey");
        let provider = world.sign_in("provider-a").await;
        for (nth, person) in world.city.people_of("employer-a").iter().take(5).enumerate() {
            provider
                .get(&result)
                .await
                .is(200)
                .sees("有 5 人评价后才显示结果")
                .misses("再讲细一点");
            let mut ctx = world.acting("learner-a");
            ctx.actor.own.person = Some(*person);
            let points = if nth == 0 { "2" } else { "5" };
            let answered = rules::courses::survey::Answered::parse(|_| points, "再讲细一点").expect("an answer");
            courses::answer_survey(&ctx, class, &answered).await.expect("answered");
        }
        let page = provider.get(&result).await.is(200);
        page.sees("总体满意率 80.0%")
            .sees("12 人中 5 人评价")
            .sees("41.6%")
            .sees("4.40")
            .sees("意见和建议（5 条）");
        provider.get(&format!("{result}/export.xlsx")).await.is(200);
        world.sign_in("provider-b").await.get(&result).await.is(404);
        let mut tx = world.db.read().await.expect("a reader");
        let columns = "select count(*) from survey_counts where times > 5";
        assert_eq!(tx.one::<i64>(columns, &[]).await.expect("counts"), 0);
        let trail =
            "select count(*) from audit where act = 'answer_survey' and (before is not null or after is not null)";
        assert_eq!(
            tx.one::<i64>(trail, &[]).await.expect("the trail"),
            0,
            "the trail does not say what was answered"
        );
    }
);

both_engines!(r123_who_had_no_seat_is_not_asked, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
    world.at(date(2026, 3, 26), 9, 0);
    let page = format!("/desk/my/surveys/{class}");
    let learner = world.sign_in("learner-a").await;
    learner.get(&page).await.is(404);
    learner.post(&page, &answers("5", "")).await.is(404);
});
