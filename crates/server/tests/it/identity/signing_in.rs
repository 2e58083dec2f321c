//! Signing in and out, pauses after failures, sessions, the own password.

use kernel::{Actor, Error, date};
use registry::identity::{sessions, sweep};
use testkit::{PASSWORD, both_engines};

use super::{CHOSEN, code_of, credentials, trail, try_login};

both_engines!(signing_in_and_out, |world| async {
    let world = &world;
    let browser = world.sign_in("district-a").await;
    browser
        .get("/account")
        .await
        .is(200)
        .sees("district-a")
        .sees("您只在这里登录");
    assert!(
        browser
            .get("/login?next=/desk/staff")
            .await
            .is(303)
            .location
            .ends_with("/desk/staff")
    );
    browser.post("/logout", &[]).await.is(303);
    assert_eq!(browser.get("/account").await.is(303).location, "/login?next=/account");
    assert_eq!(
        (
            trail(world, "sign_in").await.len(),
            trail(world, "sign_out").await.len()
        ),
        (1, 1)
    );
});

both_engines!(signing_in_leads_back_to_where_one_was_going, |world| async {
    let world = &world;
    for (next, leads) in [
        ("/desk/staff", "/desk/staff"),
        ("//evil.example", "/desk"),
        ("https://evil.example", "/desk"),
    ] {
        let browser = world.visitor();
        browser.get("/login").await.is(200);
        let fields = [("username", "Lead"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/login", &fields).await.is(303).location, leads);
    }
});

both_engines!(a_refused_sign_in_keeps_the_name_and_never_the_password, |world| async {
    let world = &world;
    let browser = world.visitor();
    browser.get("/login").await.is(200);
    let page = browser
        .post("/login", &[("username", "lead"), ("password", "wrong-password-1")])
        .await
        .is(422);
    page.sees("还可以再试 4 次")
        .sees("value=\"lead\"")
        .sees("重新发放激活码")
        .misses("wrong-password-1");
    browser
        .post("/login", &[("username", ""), ("password", "x")])
        .await
        .is(422)
        .sees("请填写登录名");
});

both_engines!(an_unknown_name_is_answered_like_a_wrong_password, |world| async {
    let world = &world;
    for left in (0..5).rev() {
        let known = try_login(world, "district-a", "no").await.unwrap_err();
        let unknown = try_login(world, "nobody-here", "no").await.unwrap_err();
        let (Error::Refused { sentence: a, code, .. }, Error::Refused { sentence: b, .. }) = (known, unknown) else {
            panic!("refused")
        };
        assert_eq!(a, b);
        assert_eq!(code, if left == 0 { "identity.locked" } else { "identity.wrong" });
    }
});

both_engines!(five_failures_pause_the_name_for_fifteen_minutes, |world| async {
    let world = &world;
    for _ in 0..5 {
        assert!(try_login(world, "employer-a", "no").await.is_err());
    }
    let browser = world.visitor();
    browser.get("/login").await.is(200);
    let right = [("username", "employer-a"), ("password", PASSWORD)];
    browser.post("/login", &right).await.is(429).sees("2026年3月5日 09:15");
    assert_eq!(trail(world, "pause_login").await.len(), 1);
    world.clock.advance(chrono::TimeDelta::minutes(14));
    browser.post("/login", &right).await.is(429);
    world.clock.advance(chrono::TimeDelta::minutes(1));
    browser.post("/login", &right).await.is(303);
    assert!(
        try_login(world, "employer-a", "no")
            .await
            .unwrap_err()
            .to_string()
            .contains("identity.wrong")
    );
});

both_engines!(guesses_sent_at_once_are_all_counted, |world| async {
    let world = &world;
    let guesses: Vec<_> = (0..20)
        .map(|n| {
            let ctx = world.ctx(Actor::anonymous("test"));
            tokio::spawn(async move {
                code_of(sessions::login(&ctx, &credentials("lead", &format!("guess {n}"), "10.0.0.2")).await)
            })
        })
        .collect();
    let mut told = Vec::new();
    for guess in guesses {
        told.push(guess.await.unwrap());
    }
    assert_eq!(
        told.iter().filter(|code| *code == "identity.wrong").count(),
        4,
        "{told:?}"
    );
    assert_eq!(told.iter().filter(|code| *code == "identity.locked").count(), 16);
});

both_engines!(an_address_that_fails_everywhere_is_paused_and_no_other, |world| async {
    let world = &world;
    let ctx = world.ctx(Actor::anonymous("test"));
    assert_eq!(
        code_of(sessions::login(&ctx, &credentials("name-1", "no", "10.0.0.9")).await),
        "identity.wrong"
    );
    // Fifty-nine more, without paying for their hashes.
    let mut tx = world.db.write().await.unwrap();
    tx.exec("update throttles set attempts = 60 where key = 'address:10.0.0.9'", &[])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        code_of(sessions::login(&ctx, &credentials("lead", PASSWORD, "10.0.0.9")).await),
        "throttle.address"
    );
    assert_eq!(
        code_of(sessions::login(&ctx, &credentials("lead", PASSWORD, "10.0.0.8")).await),
        "ok"
    );
    world.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(
        code_of(sessions::login(&ctx, &credentials("lead", PASSWORD, "10.0.0.9")).await),
        "ok"
    );
});

both_engines!(a_session_ends_when_idle_and_after_a_day_of_work, |world| async {
    let world = &world;
    let browser = world.sign_in("lead").await;
    world.clock.advance(chrono::TimeDelta::minutes(119));
    browser.get("/account").await.is(200);
    world.clock.advance(chrono::TimeDelta::minutes(119));
    browser.get("/account").await.is(200);
    world.clock.advance(chrono::TimeDelta::minutes(120));
    browser.get("/account").await.is(303);
    let busy = world.sign_in("lead").await;
    for _ in 0..11 {
        world.clock.advance(chrono::TimeDelta::hours(1));
        busy.get("/account").await.is(200);
    }
    world.clock.advance(chrono::TimeDelta::hours(1));
    busy.get("/account").await.is(303);
});

both_engines!(one_sees_and_ends_ones_own_sessions_only, |world| async {
    let world = &world;
    let (here, there, neighbour) = (
        world.sign_in("employer-a").await,
        world.sign_in("employer-a").await,
        world.sign_in("employer-b").await,
    );
    here.get("/account").await.sees("您在 2 处登录");
    let mine = sessions::list_own(&world.acting("employer-a")).await.unwrap();
    neighbour.get("/account").await.is(200);
    neighbour
        .post(&format!("/account/sessions/{}/revoke", mine[0].id), &[])
        .await
        .is(404);
    here.post("/account/sessions/others", &[]).await.is(303);
    there.get("/account").await.is(303);
    here.get("/account").await.is(200).sees("您只在这里登录");
});

both_engines!(changing_the_password_ends_the_other_sessions, |world| async {
    let world = &world;
    let (here, there) = (world.sign_in("employer-a").await, world.sign_in("employer-a").await);
    here.get("/account").await.is(200);
    let wrong = [("current", "no"), ("password", CHOSEN), ("again", CHOSEN)];
    here.post("/account/password", &wrong)
        .await
        .is(422)
        .sees("当前密码不正确");
    let weak = [
        ("current", PASSWORD),
        ("password", "employer-a-1"),
        ("again", "employer-a-2"),
    ];
    here.post("/account/password", &weak)
        .await
        .is(422)
        .sees("密码不能包含登录名")
        .sees("两次输入的密码不一致");
    here.post(
        "/account/password",
        &[("current", PASSWORD), ("password", CHOSEN), ("again", CHOSEN)],
    )
    .await
    .is(303);
    there.get("/account").await.is(303);
    assert!(try_login(world, "employer-a", PASSWORD).await.is_err());
    assert!(try_login(world, "employer-a", CHOSEN).await.is_ok());
});

both_engines!(what_is_over_is_forgotten, |world| async {
    let world = &world;
    assert!(try_login(world, "lead", "no").await.is_err());
    world.sign_in("employer-a").await;
    assert_eq!(sweep(&world.system()).await.unwrap(), 0);
    world.at(date(2026, 4, 10), 9, 0);
    let swept = sweep(&world.system()).await.unwrap();
    assert_eq!(swept, 4, "the failed name, two addresses, the old session");
});
