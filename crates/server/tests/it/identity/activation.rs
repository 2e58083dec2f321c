//! One-time codes: activation, and what no import ever brings, a password.

use kernel::{Actor, Place, Role};
use registry::identity::{accounts, activation, codes, staff};
use rules::identity::Purpose;
use testkit::both_engines;

use super::{CHOSEN, activate, code_of, grant, try_login};

both_engines!(a_code_is_good_once_for_thirty_days_and_kept_as_a_hash, |world| async {
    let world = &world;
    let system = world.system();
    let new = |login: &str| staff::NewStaff {
        login: login.into(),
        display_name: login.into(),
        grant: grant(Role::Operator, true, Place::default()),
    };
    let (_, first) = staff::create(&system, new("op-one")).await.unwrap();
    activate(world, &first.code).await.is(200);
    activate(world, &first.code).await.is(422).sees("已用过或已过期");
    let (id, old) = staff::create(&system, new("op-two")).await.unwrap();
    let fresh = staff::reissue(&system, id).await.unwrap();
    activate(world, &old.code).await.is(422).sees("不存在、已用过或已过期");
    world.clock.advance(chrono::TimeDelta::days(30));
    activate(world, &fresh.code).await.is(422).sees("已过期");
    let mut tx = world.db.read().await.unwrap();
    let kept: Vec<Vec<u8>> = tx.all("select code_hash from one_time_codes", &[]).await.unwrap();
    assert!(kept.iter().all(|hash| hash.len() == 32));
});

both_engines!(a_weak_password_leaves_the_code_usable, |world| async {
    let world = &world;
    let new = staff::NewStaff {
        login: "op-weak".into(),
        display_name: "运维".into(),
        grant: grant(Role::Operator, true, Place::default()),
    };
    let (_, code) = staff::create(&world.system(), new).await.unwrap();
    let visitor = world.visitor();
    visitor.get("/activate").await.is(200);
    for (weak, sentence) in [
        ("short", "至少 10 个字符"),
        ("1234567890", "连续或重复"),
        ("zhixin-demo-2026", "太常见"),
        ("op-weak-2026", "不能包含登录名"),
    ] {
        let page = visitor
            .post(
                "/activate",
                &[("code", &code.code), ("password", weak), ("again", weak)],
            )
            .await;
        page.is(422).sees(sentence);
    }
    activate(world, &code.code).await.is(200).sees("op-weak");
});

both_engines!(codes_that_nobody_issued_are_counted_by_address, |world| async {
    let world = &world;
    let ctx = world.ctx(Actor::anonymous("test"));
    let guess = || activation::Activation {
        code: "0000-0000-0000-0000-0000-0000-0000".into(),
        password: CHOSEN.into(),
        again: CHOSEN.into(),
        address: "10.0.0.7".into(),
    };
    for _ in 0..10 {
        assert_eq!(code_of(activation::use_code(&ctx, &guess()).await), "code.unknown");
    }
    assert_eq!(code_of(activation::use_code(&ctx, &guess()).await), "throttle.code");
});

both_engines!(a_code_of_another_purpose_opens_no_account, |world| async {
    let world = &world;
    let system = world.system();
    let mut tx = world.db.write().await.unwrap();
    let account = accounts::find_by_login(&mut tx, "lead").await.unwrap().unwrap().id;
    let body = serde_json::json!({ "name": "王小明" });
    let code = codes::issue(
        &system,
        &mut tx,
        Purpose::Registration,
        Some(account),
        body.clone(),
        600,
    )
    .await
    .unwrap();
    assert_eq!(
        code_of(codes::redeem(&system, &mut tx, Purpose::Activation, &code).await),
        "code.unknown"
    );
    assert_eq!(
        codes::redeem(&system, &mut tx, Purpose::Registration, &code)
            .await
            .unwrap()
            .body,
        body
    );
    assert_eq!(
        code_of(codes::redeem(&system, &mut tx, Purpose::Registration, &code).await),
        "code.unknown"
    );
});

both_engines!(people_and_imported_accounts_have_no_password, |world| async {
    let world = &world;
    let system = world.system();
    let mut tx = world.db.write().await.unwrap();
    let person = world.city.people_of("employer-a")[5];
    let login = accounts::free_login(&mut tx).await.unwrap();
    let own = Place {
        person: Some(person),
        ..Place::default()
    };
    let new = accounts::NewAccount {
        login: login.clone(),
        display_name: "陈示己".into(),
        person: Some(person),
        grants: vec![grant(Role::Learner, false, own)],
    };
    accounts::create(&system, &mut tx, new.clone()).await.unwrap();
    let again = accounts::NewAccount {
        login: "other-name".into(),
        ..new
    };
    assert_eq!(
        code_of(accounts::create(&system, &mut tx, again).await),
        "account.person_has_one"
    );
    tx.commit().await.unwrap();
    let mut tx = world.db.read().await.unwrap();
    let known: Vec<String> = tx
        .all(
            "select login from accounts where password_hash is not null order by login",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(
        known,
        world.city.logins().collect::<Vec<_>>(),
        "twenty-two people were registered, and none got a password"
    );
    drop(tx);
    // Nothing that can be known of a person opens the account.
    for guess in ["", "123456", "000000", "19850106", &login] {
        assert!(try_login(world, &login, guess).await.is_err());
    }
});
