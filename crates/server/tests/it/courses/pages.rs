//! A provider takes a class through its pages.

use kernel::date;
use testkit::{World, both_engines};

both_engines!(
    a_provider_takes_a_class_through_four_steps_in_the_browser,
    |world| async {
        let world = &world;
        let provider = world.sign_in("provider-a").await;
        provider.get("/desk/courses").await.is(200).sees("还没有课程");
        provider.get("/desk/courses/new").await.sees("继续教育形式");
        let wrong = provider
            .post(
                "/desk/courses/new",
                &[("title", "数据治理"), ("subject", "professional")],
            )
            .await;
        wrong.is(422).sees("请填写教学大纲");
        let course = [
            ("title", "数据治理"),
            ("subject", "professional"),
            ("form", "class"),
            ("field", "ai"),
            ("summary", "数据资产与治理方法。"),
            ("syllabus", "一、数据资产"),
            ("hours", "8"),
        ];
        let id = provider
            .post("/desk/courses/new", &course)
            .await
            .is(303)
            .location
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        provider
            .get(&format!("/desk/courses/{id}"))
            .await
            .sees("现行第 1 版，8 学时");
        provider
            .get(&format!("/desk/classes/new?course={id}"))
            .await
            .sees("数据治理（第 1 版，8 学时）");
        let at = provider
            .post("/desk/classes/new", &[("course", &id)])
            .await
            .is(303)
            .location;
        let class = at.trim_end_matches("/basics").to_owned();
        provider
            .get(&format!("{class}/check"))
            .await
            .sees("请填写联系人和电话")
            .sees("请至少安排一个课次")
            .sees("请填写报名截止时间");
        provider
            .post(&format!("{class}/publish"), &[("version", "2")])
            .await
            .is(422)
            .sees("请至少安排一个课次");
        let basics = [
            ("version", "2"),
            ("title", "数据治理（春季班）"),
            ("delivery", "offline"),
            ("place", "延安西路 1 号"),
            ("contact", "李老师 021-00000000"),
            ("year", "2026"),
            ("declared_hours", "4"),
            ("fee", "0"),
            ("fee_source", "finance"),
        ];
        provider.post(&format!("{class}/basics"), &basics).await.is(303);
        let session = [
            ("version", "3"),
            ("count", "2"),
            ("sessions.1.title", "数据资产"),
            ("sessions.1.starts_at", "2026-03-23T09:00"),
            ("sessions.1.ends_at", "2026-03-23T12:00"),
            ("sessions.1.pause", "15"),
            ("sessions.1.place", "延安西路 1 号"),
            ("sessions.1.teacher", "王老师"),
        ];
        let mut late = session.to_vec();
        late[4] = ("sessions.1.ends_at", "2026-03-23T08:00");
        provider
            .post(&format!("{class}/sessions"), &late)
            .await
            .is(422)
            .sees("第 1 课次：结束时间应晚于开始时间")
            .sees("王老师");
        provider.post(&format!("{class}/sessions"), &session).await.is(303);
        let conditions = [
            ("version", "4"),
            ("enrol_from", "2026-03-05T09:00"),
            ("enrol_until", "2026-03-20T17:00"),
            ("capacity", "2"),
            ("reserved", "1"),
            ("title_levels", "intermediate"),
            ("title_levels", "associate"),
        ];
        provider.post(&format!("{class}/conditions"), &conditions).await.is(303);
        provider
            .get(&format!("{class}/check"))
            .await
            .sees("都填好了")
            .sees("授课 165 分钟");
        provider
            .post(&format!("{class}/publish"), &[("version", "5")])
            .await
            .is(303);
        provider
            .get(&class)
            .await
            .sees("2026-P-000001")
            .sees("报名中：已报 0 / 2 人")
            .sees("上课当天起可以点名");
        provider.get("/desk/classes").await.sees("数据治理（春季班）");
        provider.get("/desk/classes/export.xlsx").await.is(200);
        world.sign_in("provider-b").await.get(&class).await.is(404);
        walk_the_day(world, &class).await;
    }
);

/// The day of the class: roll, results, completion, in the browser.
async fn walk_the_day(world: &World, class: &str) {
    let learner = world.sign_in("learner-a").await;
    learner.get("/desk/my/classes").await.sees("目前没有要上的课");
    learner
        .post(&format!("{}/enrol", class.trim_start_matches("/desk")), &[])
        .await
        .is(303);
    learner
        .get("/desk/my/classes")
        .await
        .sees("数据治理（春季班）")
        .sees("下一次课");
    world.at(date(2026, 3, 23), 13, 0);
    world.run_jobs().await;
    let provider = world.sign_in("provider-a").await;
    let hub = provider.get(class).await.sees("还有 1 人的考勤没有登记完").text();
    let roll = hub
        .split("/desk/sessions/")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
        .to_owned();
    let person = world.city.person("learner-a").to_string();
    let version = format!("v-{person}");
    provider
        .get(&format!("/desk/sessions/{roll}/roll"))
        .await
        .is(200)
        .sees("陈示甲");
    provider
        .post(
            &format!("/desk/sessions/{roll}/roll"),
            &[(&version, "0"), ("all", "present")],
        )
        .await
        .is(303);
    provider.get(&format!("/desk/sessions/{roll}/sheet")).await.sees("签名");
    provider
        .get(&format!("/desk/sessions/{roll}/sheet/export.xlsx"))
        .await
        .is(200);
    let sheet = provider.get(&format!("{class}/results")).await.sees("陈示甲").text();
    let enrolment = sheet
        .split("name=\"v-")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned();
    let (version, score) = (format!("v-{enrolment}"), format!("s-{enrolment}"));
    let at = format!("{class}/results");
    provider
        .post(&at, &[(&version, "1"), (&score, "120"), ("all", "passed")])
        .await
        .is(422)
        .sees("0 到 100");
    provider
        .post(&at, &[(&version, "1"), (&score, "91"), ("all", "passed")])
        .await
        .is(303);
    provider
        .get(&format!("{class}/complete"))
        .await
        .sees("1 人将结业，每人记入 3.66 学时");
    provider.post(&format!("{class}/complete"), &[]).await.is(303);
    provider.get(class).await.sees("已结业：1 人参加");
    world.run_jobs().await;
    // Weeks have passed, and so has the session of then.
    world
        .sign_in("learner-a")
        .await
        .get("/desk/my/classes")
        .await
        .sees("已结业");
}
