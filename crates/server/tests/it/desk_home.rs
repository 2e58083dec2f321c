//! The desk's home for each role, tasks done in batches, messages, jobs, system, help.

use kernel::date;
use testkit::both_engines;

use crate::courses::published;

both_engines!(every_role_has_a_home_and_a_help_page, |world| async {
    let world = &world;
    let says = [
        ("lead", "哪里需要关注"),
        ("department-a", "在册人员"),
        ("district-a", "在册人员"),
        ("provider-a", "待录入结果"),
        ("employer-a", "本单位 11 人中"),
        ("learner-a", "目前没有要上的课"),
        ("expert", "目前没有需要您评审的申报"),
        ("finance", "经费台账尚未上线"),
        ("auditor", "今天留痕"),
        ("operator", "后台任务正常"),
    ];
    for (login, words) in says {
        let browser = world.sign_in(login).await;
        browser
            .get("/desk")
            .await
            .is(200)
            .sees(words)
            .sees("最新消息")
            .misses("style=");
        browser.get("/desk/help").await.is(200).sees("大家都会用到的");
    }
    let visitor = world.visitor();
    assert!(visitor.get("/desk").await.is(303).location.starts_with("/login"));
});

both_engines!(a_learner_sees_the_next_session, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[date(2026, 3, 25), date(2026, 3, 26)], |_| {}).await;
    learning::courses::enrol_self(&world.acting("learner-a"), class)
        .await
        .expect("enrolled");
    let learner = world.sign_in("learner-a").await;
    learner
        .get("/desk")
        .await
        .is(200)
        .sees("2026年3月25日 09:00")
        .sees("还差");
    world.at(date(2026, 3, 25), 13, 0);
    let learner = world.sign_in("learner-a").await;
    learner.get("/desk").await.is(200).sees("2026年3月26日 09:00");
});

both_engines!(tasks_are_counted_listed_and_done_in_a_batch, |world| async {
    let world = &world;
    published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
    world.at(date(2026, 3, 25), 13, 0);
    world.run_jobs().await;
    let provider = world.sign_in("provider-a").await;
    provider
        .get("/desk")
        .await
        .is(200)
        .sees("有 1 项待办")
        .sees("登记考勤、录入结果并办理结业");
    let list = provider
        .get("/desk/tasks?kind=class.results")
        .await
        .is(200)
        .sees("数据治理")
        .text();
    let at = list.find("name=\"id\" value=\"").expect("a row to tick") + 17;
    let id = list[at..].split('"').next().expect("an id").to_owned();
    // A neighbour cannot do it.
    let neighbour = world.sign_in("provider-b").await;
    neighbour.get("/desk/tasks").await.is(200).misses("数据治理");
    neighbour.post("/desk/tasks/done", &[("id", &id)]).await.is(303);
    provider.get("/desk/tasks").await.is(200).sees("数据治理");
    provider.post("/desk/tasks/done", &[("id", &id)]).await.is(303);
    provider
        .get("/desk/tasks")
        .await
        .is(200)
        .misses("数据治理")
        .sees("已将 1 项标为已办");
});

both_engines!(messages_are_read_and_jobs_are_for_the_operator, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
    learning::courses::enrol_self(&world.acting("learner-a"), class)
        .await
        .expect("enrolled");
    let ctx = world.acting("provider-a");
    let version = learning::courses::view(&ctx, class)
        .await
        .expect("the class")
        .class
        .version;
    learning::courses::cancel(&ctx, class, version, "讲师因故不能到场")
        .await
        .expect("cancelled");
    world.run_jobs().await;
    let learner = world.sign_in("learner-a").await;
    learner
        .get("/desk/messages")
        .await
        .is(200)
        .sees("班次取消通知")
        .sees("1 条未读");
    learner.post("/desk/messages/read", &[]).await.is(303);
    learner.get("/desk/messages").await.is(200).sees("没有未读消息");
    learner.get("/desk/jobs").await.is(403);
    let operator = world.sign_in("operator").await;
    operator.get("/desk/jobs?state=done").await.is(200).sees("通知班次取消");
    // Without a wish the page is short: what asks for attention, and one row for each kind.
    operator
        .get("/desk/jobs")
        .await
        .is(200)
        .sees("没有需要留意的任务")
        .sees("/desk/jobs?kind=courses.tell_cancelled");
    operator
        .get("/desk/system")
        .await
        .is(200)
        .sees("签名密钥编号")
        .sees("2026")
        .misses("陈");
});

both_engines!(the_frame_names_its_own_person_in_full, |world| async {
    let world = &world;
    for login in ["learner-a", "provider-a"] {
        let browser = world.sign_in(login).await;
        let account = browser.get("/account").await.is(200).text();
        let at = account.find("姓名或岗位").expect("the own name");
        let name = account[at..]
            .split("<dd")
            .nth(1)
            .and_then(|rest| rest.split(['>', '<']).nth(1));
        let name = name.expect("a name").trim().to_owned();
        assert!(!name.is_empty() && !name.contains('*'), "{name}");
        browser
            .get("/desk")
            .await
            .is(200)
            .sees(&format!("<span class=\"menu-name\">{name}</span>"));
    }
});
