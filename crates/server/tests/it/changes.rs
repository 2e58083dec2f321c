//! Changing a published class: who is told, who is asked whether the new time suits, what moves with it.

use kernel::{ClassId, Date, Time, date};
use learning::courses::{self, Adjustment};
use rules::courses::SessionPlan;
use testkit::{World, both_engines};

use crate::courses::{morning, published};

const WHY: &str = "教学楼临时停电，改在次日上课";

async fn enrol(world: &World, login: &str, class: ClassId) {
    courses::enrol_self(&world.acting(login), class)
        .await
        .expect("enrolled");
}

/// Moves the first session of a class to another day and other hours.
async fn move_first(world: &World, class: ClassId, day: Date, hours: (u32, u32)) -> kernel::Result<()> {
    let ctx = world.acting("provider-a");
    let view = courses::view(&ctx, class).await?;
    let session = &view.sessions[0];
    let plan = SessionPlan {
        starts_at: Time::local(day, hours.0, 0),
        ends_at: Time::local(day, hours.1, 0),
        ..session.plan.clone()
    };
    let to = Adjustment {
        contact: view.class.plan.contact.clone(),
        summary: view.class.plan.summary.clone(),
        place: view.class.plan.place.clone(),
        sessions: [(session.id, plan)].into(),
        reason: WHY.into(),
    };
    courses::adjust(&ctx, class, view.class.version, &to).await
}

both_engines!(
    r70_everybody_with_a_place_is_told_what_was_what_is_and_why,
    |world| async {
        let world = &world;
        let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
        enrol(world, "learner-a", class).await;
        let provider = world.sign_in("provider-a").await;
        let at = format!("/desk/classes/{class}/adjust");
        let form = provider.get(&at).await.is(200).sees("变更原因").text();
        let version = form
            .split("name=\"version\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let mut fields = vec![
            ("version", version.expect("a version")),
            ("contact", "李老师 021-00000000"),
            ("place", "延安西路 1 号"),
            ("sessions.1.starts_at", "2026-03-26T13:00"),
            ("sessions.1.ends_at", "2026-03-26T16:00"),
            ("sessions.1.pause", "15"),
            ("sessions.1.place", "复兴路 9 号"),
            ("sessions.1.teacher", "王老师"),
            ("sessions.1.teacher_title", "教授"),
        ];
        // Without a reason nothing is changed and nothing that was typed is lost.
        provider
            .post(&at, &fields)
            .await
            .is(422)
            .sees("请写明变更的原因")
            .sees("复兴路 9 号");
        fields.push(("reason", WHY));
        provider.post(&at, &fields).await.is(303);
        world.run_jobs().await;
        let learner = world.sign_in("learner-a").await;
        for page in ["/desk/messages".to_owned(), format!("/classes/{class}")] {
            learner
                .get(&page)
                .await
                .is(200)
                .sees("第 1 课次时间由“2026年3月25日 09:00–12:00”改为“2026年3月26日 13:00–16:00”")
                .sees("第 1 课次上课地点由“延安西路 1 号”改为“复兴路 9 号”")
                .sees(WHY);
        }
        learner.get("/desk/messages").await.sees("班次变更通知");
        learner.get(&format!("/classes/{class}")).await.sees("已变更");
        let auditor = world.sign_in("auditor").await;
        auditor
            .get("/desk/audit?act=adjust_class")
            .await
            .is(200)
            .sees("变更已发布班次")
            .sees(WHY);
        // Nobody else is told.
        world
            .sign_in("learner-b")
            .await
            .get("/desk/messages")
            .await
            .misses("班次变更通知");
    }
);

both_engines!(
    r71_a_session_moves_only_when_everybody_is_free_and_their_time_moves_along,
    |world| async {
        let world = &world;
        let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
        let other = published(world, "算法基础", &[date(2026, 3, 26)], |_| {}).await;
        let third = published(world, "网络安全", &[date(2026, 3, 25)], |_| {}).await;
        for id in [class, other] {
            enrol(world, "learner-a", id).await;
        }
        let name = world.acting("learner-a");
        let name = registry::people::view(&name, name.actor.person().expect("a person"))
            .await
            .expect("the person")
            .0
            .name;
        let refused = move_first(world, class, date(2026, 3, 26), (11, 13)).await;
        let Err(kernel::Error::Refused { sentence, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert!(sentence.contains(&name) && sentence.contains("算法基础"), "{sentence}");
        // Nothing was moved: the old time is still taken.
        assert!(courses::enrol_self(&world.acting("learner-a"), third).await.is_err());
        move_first(world, class, date(2026, 3, 26), (13, 15))
            .await
            .expect("free at that time");
        enrol(world, "learner-a", third).await;
        let view = courses::view(&world.acting("provider-a"), class)
            .await
            .expect("the class");
        assert_eq!(view.class.starts_at, Some(Time::local(date(2026, 3, 26), 13, 0)));
        assert_eq!(view.class.taught.get(), (120 - 15) * 60);
        assert_eq!(view.sessions[0].plan.title, morning(date(2026, 3, 25)).title);
        // The results are asked for at the new end, not at the old one.
        world.at(date(2026, 3, 25), 13, 0);
        world.run_jobs().await;
        let asks = format!("/desk/classes/{class}\"");
        world
            .sign_in("provider-a")
            .await
            .get("/desk/tasks")
            .await
            .is(200)
            .misses(&asks);
        world.at(date(2026, 3, 26), 15, 0);
        world.run_jobs().await;
        world
            .sign_in("provider-a")
            .await
            .get("/desk/tasks")
            .await
            .is(200)
            .sees(&asks);
        // It has begun: its time stands.
        assert!(move_first(world, class, date(2026, 3, 27), (9, 12)).await.is_err());
    }
);
