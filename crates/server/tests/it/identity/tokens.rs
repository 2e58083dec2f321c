//! Bearer tokens of systems.

use kernel::{Place, Role, Time};
use registry::identity::{staff, tokens};
use rules::identity::TokenScope;
use testkit::both_engines;

use super::{code_of, grant};

both_engines!(a_token_is_shown_once_used_and_revoked, |world| async {
    let world = &world;
    let browser = world.sign_in("employer-a").await;
    browser.get("/desk/tokens/new").await.is(200);
    browser
        .post("/desk/tokens/new", &[("label", "人事系统")])
        .await
        .is(422)
        .sees("请至少选择一项用途");
    browser
        .post("/desk/tokens/new", &[("label", "人事系统"), ("scope", "completions")])
        .await
        .is(422)
        .sees("不能超出");
    let page = browser
        .post(
            "/desk/tokens/new",
            &[("label", "人事系统"), ("scope", "roster"), ("scope", "statements")],
        )
        .await
        .is(200);
    let text = page.text();
    let start = text.find("zhixin_").unwrap();
    let token: String = text[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .collect();
    assert_eq!(token.len(), 50);
    browser
        .get("/desk/tokens")
        .await
        .is(200)
        .sees("人事系统")
        .misses(&token);
    let (actor, scopes) = tokens::resolve(&world.db, &world.clock, &token).await.unwrap().unwrap();
    assert_eq!(
        (actor.role, actor.org(), actor.admin),
        (Role::Employer, Some(world.city.org("employer-a")), false)
    );
    assert_eq!(
        scopes,
        [TokenScope::Statements, TokenScope::Roster]
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
    );
    let id = {
        let mut tx = world.db.read().await.unwrap();
        tx.one::<i64>("select id from tokens", &[]).await.unwrap()
    };
    world
        .sign_in("employer-b")
        .await
        .get(&format!("/desk/tokens/{id}/revoke"))
        .await
        .is(404);
    browser.get(&format!("/desk/tokens/{id}/revoke")).await.is(200);
    browser.post(&format!("/desk/tokens/{id}/revoke"), &[]).await.is(303);
    browser
        .post(&format!("/desk/tokens/{id}/revoke"), &[])
        .await
        .is(409)
        .sees("已经撤销");
    assert!(
        tokens::resolve(&world.db, &world.clock, &token)
            .await
            .unwrap()
            .is_none()
    );
});

both_engines!(the_use_of_a_token_is_written_once_a_minute, |world| async {
    let world = &world;
    let ctx = world.acting("provider-a");
    let new = tokens::NewToken {
        account: ctx.actor.account.unwrap(),
        grant: None,
        label: "教务".into(),
        scopes: vec![TokenScope::Completions],
    };
    let token = tokens::create(&ctx, new).await.unwrap();
    let used = || async {
        let mut tx = world.db.read().await.unwrap();
        tx.one::<Time>("select used_at from tokens", &[]).await.unwrap()
    };
    let nine = world.clock.now();
    for (seconds, written) in [(0, 0), (59, 0), (60, 60), (100, 60), (120, 120)] {
        world.clock.set(nine.plus_seconds(seconds));
        tokens::resolve(&world.db, &world.clock, &token).await.unwrap().unwrap();
        assert_eq!(used().await, nine.plus_seconds(written), "after {seconds} s");
    }
    world.clock.set(nine.plus_seconds(rules::identity::token_scope::TTL));
    assert!(
        tokens::resolve(&world.db, &world.clock, &token)
            .await
            .unwrap()
            .is_none(),
        "expired"
    );
    let foreign = tokens::NewToken {
        account: ctx.actor.account.unwrap(),
        grant: None,
        label: "x".into(),
        scopes: vec![TokenScope::Verify],
    };
    assert_eq!(
        code_of(tokens::create(&world.acting("lead"), foreign).await),
        "not_found"
    );
});

both_engines!(an_account_that_nobody_signs_in_with_may_have_a_token, |world| async {
    let world = &world;
    let grant = grant(Role::Operator, true, Place::default());
    let new = staff::NewStaff {
        login: "monitor".into(),
        display_name: "监控系统".into(),
        grant,
    };
    let (account, _) = staff::create(&world.system(), new).await.unwrap();
    let new = tokens::NewToken {
        account,
        grant: None,
        label: "监控".into(),
        scopes: vec![TokenScope::Verify],
    };
    let token = tokens::create(&world.system(), new).await.unwrap();
    assert!(
        tokens::resolve(&world.db, &world.clock, &token)
            .await
            .unwrap()
            .is_some()
    );
    staff::end_account(&world.system(), account, "停用").await.unwrap();
    assert!(
        tokens::resolve(&world.db, &world.clock, &token)
            .await
            .unwrap()
            .is_none()
    );
});
