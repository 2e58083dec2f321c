//! Checking in by code: a screen, a phone, a sign-in between, and what cannot be done with it.

use kernel::{SessionId, date};
use learning::courses;
use rules::attendance::Mark;
use testkit::{Answer, Browser, PASSWORD, World, both_engines};

use crate::courses::{mark_all, published, sessions};

/// A class in which these learners sit, on the morning of its first session at nine; the check-in is open.
async fn open(world: &World, seated: &[&str]) -> SessionId {
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
    for login in seated {
        courses::enrol_self(&world.acting(login), class)
            .await
            .expect("enrolled");
    }
    let session = sessions(world, class).await[0];
    world.at(date(2026, 3, 25), 8, 50);
    let provider = world.sign_in("provider-a").await;
    let opened = provider.post(&format!("/desk/sessions/{session}/check-in"), &[]).await;
    assert_eq!(opened.location, format!("/desk/sessions/{session}/check-in"));
    session
}

const BOTH: [&str; 2] = ["learner-a", "learner-b"];

/// The code that the screen shows now.
async fn code(world: &World, session: SessionId) -> String {
    let screen = courses::check_in_screen(&world.acting("provider-a"), session)
        .await
        .expect("a screen");
    screen.code.expect("it is open").0
}

async fn marks(world: &World, session: SessionId) -> Vec<(String, Option<Mark>)> {
    let roll = courses::roll(&world.acting("provider-a"), session)
        .await
        .expect("the roll");
    roll.lines.into_iter().map(|line| (line.name, line.mark)).collect()
}

async fn scan(world: &World, phone: &Browser, session: SessionId) -> Answer {
    let code = code(world, session).await;
    phone.get(&format!("/check-in/{session}/{code}")).await
}

async fn confirm(phone: &Browser, session: SessionId) -> Answer {
    phone.get(&format!("/check-in/{session}")).await.is(200);
    phone.post(&format!("/check-in/{session}"), &[]).await
}

both_engines!(
    r120_a_scan_leads_through_the_sign_in_to_a_mark_on_the_roll,
    |world| async {
        let world = &world;
        let session = open(world, &BOTH).await;
        let provider = world.sign_in("provider-a").await;
        let letters = code(world, session).await;
        let shown = format!("{} {}", &letters[..4], &letters[4..]);
        provider
            .get(&format!("/desk/sessions/{session}/check-in"))
            .await
            .is(200)
            .sees(&shown)
            .sees("已到 0 人，共 2 人");
        let phone = world.visitor();
        let scanned = scan(world, &phone, session).await;
        assert_eq!(scanned.location, format!("/check-in/{session}"));
        let asked = phone.get(&scanned.location).await;
        assert_eq!(asked.location, format!("/login?next=/check-in/{session}"));
        // Signing in takes longer than the code stands.
        world.at(date(2026, 3, 25), 8, 53);
        phone.sign_in("learner-a", PASSWORD).await;
        phone.get("/desk/my/classes").await.sees("“数据治理”第 1 课次正在签到");
        confirm(&phone, session).await.is(200).sees("签到成功").sees("出勤");
        confirm(&phone, session).await.is(200).sees("您已经签到");
        phone.get("/desk/my/classes").await.misses("正在签到");
        provider
            .get(&format!("/desk/sessions/{session}/check-in/code"))
            .await
            .is(200)
            .sees("已到 1 人，共 2 人；其中扫码 1 人");
        let there = marks(world, session).await.into_iter().filter_map(|(_, mark)| mark);
        assert_eq!(there.collect::<Vec<_>>(), [Mark::Present]);
    }
);

both_engines!(r120_a_code_that_was_sent_on_is_worth_nothing, |world| async {
    let world = &world;
    let session = open(world, &BOTH).await;
    let sent = code(world, session).await;
    world.at(date(2026, 3, 25), 8, 51);
    let phone = world.sign_in("learner-a").await;
    let scanned = phone.get(&format!("/check-in/{session}/{sent}")).await;
    phone.get(&scanned.location).await.is(200).sees("签到码已经更换");
    let typed = phone
        .post(&format!("/check-in/{session}/code"), &[("code", &sent.to_lowercase())])
        .await;
    typed.is(422).sees("签到码已经更换").sees(&sent.to_lowercase());
    phone
        .post(&format!("/check-in/{session}"), &[])
        .await
        .is(409)
        .sees("签到码已经更换");
    let now = code(world, session).await.to_lowercase();
    let typed = phone
        .post(&format!("/check-in/{session}/code"), &[("code", &now)])
        .await;
    assert_eq!(typed.location, format!("/check-in/{session}"));
    confirm(&phone, session).await.is(200).sees("签到成功");
    assert_eq!(
        marks(world, session)
            .await
            .iter()
            .filter(|(_, mark)| mark.is_some())
            .count(),
        1
    );
});

both_engines!(
    r121_who_comes_late_is_late_and_after_the_end_nobody_checks_in,
    |world| async {
        let world = &world;
        let session = open(world, &BOTH).await;
        world.at(date(2026, 3, 25), 9, 11);
        let phone = world.sign_in("learner-a").await;
        scan(world, &phone, session).await;
        confirm(&phone, session).await.is(200).sees("迟到");
        let letters = code(world, session).await;
        let seen = courses::look(&world.acting("learner-b"), session, &letters).await;
        let seen = seen.expect("a ticket");
        world.at(date(2026, 3, 25), 12, 0);
        let refused = courses::check_in(&world.acting("learner-b"), session, &seen, "a browser").await;
        assert!(
            matches!(
                refused,
                Err(kernel::Error::Refused {
                    code: "check_in.closed",
                    ..
                })
            ),
            "{refused:?}"
        );
        let provider = world.sign_in("provider-a").await;
        let again = provider.post(&format!("/desk/sessions/{session}/check-in"), &[]).await;
        again.is(409).sees("本课次已经结束");
    }
);

both_engines!(
    r122_one_browser_serves_one_person_and_what_was_marked_by_hand_stands,
    |world| async {
        let world = &world;
        let session = open(world, &BOTH).await;
        let phone = world.sign_in("learner-a").await;
        scan(world, &phone, session).await;
        confirm(&phone, session).await.is(200).sees("签到成功");
        phone.post("/logout", &[]).await;
        phone.sign_in("learner-b", PASSWORD).await;
        scan(world, &phone, session).await;
        confirm(&phone, session)
            .await
            .is(409)
            .sees("已经为本课次的另一位学员签到");
        mark_all(world, session, Mark::Leave).await;
        let own = world.sign_in("learner-b").await;
        scan(world, &own, session).await;
        confirm(&own, session).await.is(409).sees("施教机构已为您登记“请假”");
    }
);

both_engines!(
    a_check_in_is_for_those_with_a_seat_and_run_by_the_own_provider,
    |world| async {
        let world = &world;
        let session = open(world, &["learner-a"]).await;
        let screen = format!("/desk/sessions/{session}/check-in");
        world.sign_in("provider-b").await.get(&screen).await.is(403);
        world.sign_in("provider-b").await.post(&screen, &[]).await.is(403);
        let stranger = world.sign_in("learner-b").await;
        scan(world, &stranger, session).await;
        stranger.get(&format!("/check-in/{session}")).await.is(404);
        stranger.post(&format!("/check-in/{session}"), &[]).await.is(404);
        let provider = world.sign_in("provider-a").await;
        let sent = code(world, session).await;
        provider.post(&format!("{screen}/close"), &[]).await;
        provider.get(&screen).await.is(200).sees("扫码签到已经结束");
        let phone = world.sign_in("learner-a").await;
        let scanned = phone.get(&format!("/check-in/{session}/{sent}")).await;
        phone
            .get(&scanned.location)
            .await
            .is(200)
            .sees("签到没有开放，或已经结束");
        // Opened again it has another secret: what was seen before counts no more.
        provider.post(&screen, &[]).await;
        let scanned = phone.get(&format!("/check-in/{session}/{sent}")).await;
        phone.get(&scanned.location).await.is(200).sees("签到码已经更换");
    }
);
