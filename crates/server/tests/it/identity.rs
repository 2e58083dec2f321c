//! Identity from the outside: signing in, pauses, sessions, activation, staff and their roles, tokens, the trail.

use std::collections::BTreeSet;

use kernel::{Actor, Error, Place, Role, Time, date};
use registry::Window;
use registry::identity::{Credentials, NewGrant, accounts, activation, audit, codes, sessions, staff, sweep, tokens};
use rules::identity::{Purpose, TokenScope};
use testkit::{Answer, PASSWORD, World, both_engines};

const CHOSEN: &str = "春风又绿江南岸，明月何时";

fn credentials(login: &str, password: &str, address: &str) -> Credentials {
    Credentials {
        login: login.into(),
        password: password.into(),
        agent: "test".into(),
        address: address.into(),
    }
}

fn code_of<T>(result: kernel::Result<T>) -> String {
    match result {
        Err(Error::Refused { code, .. }) => code.to_owned(),
        Err(Error::Wrong(fields)) => fields[0].code.to_owned(),
        Err(Error::Forbidden(_)) => "forbidden".into(),
        Err(Error::NotFound) => "not_found".into(),
        Err(other) => format!("{other:?}"),
        Ok(_) => "ok".into(),
    }
}

/// Signs in as somebody unknown to the session, through the use case.
async fn try_login(world: &World, login: &str, password: &str) -> kernel::Result<String> {
    let ctx = world.ctx(Actor::anonymous("test"));
    sessions::login(&ctx, &credentials(login, password, "10.0.0.1"))
        .await
        .map(|begun| begun.token)
}

/// The activation code on the one page that shows it.
fn shown_code(answer: &Answer) -> String {
    let text = answer.text();
    let is_code = |word: &str| word.len() == 34 && word.split('-').count() == 7;
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words
        .into_iter()
        .find(|word| is_code(word))
        .unwrap_or_else(|| panic!("no code: {}", answer.outline()))
        .to_owned()
}

async fn trail(world: &World, act: &str) -> Vec<audit::Entry> {
    let filter = audit::Filter {
        act: Some(act.into()),
        ..audit::Filter::default()
    };
    audit::search(&world.acting("auditor"), &filter, &Window::sorted("at", true, 50))
        .await
        .unwrap()
        .rows
}

fn grant(role: Role, admin: bool, own: Place) -> NewGrant {
    NewGrant {
        role,
        admin,
        own,
        label: String::new(),
    }
}

/// Creates a colleague of `employer-a` through the page and activates the account; returns its id.
async fn colleague(world: &World, login: &str) -> i64 {
    let admin = world.sign_in("employer-a").await;
    admin.get("/desk/staff/new").await.is(200).sees("姓名或岗位");
    let fields = [("display_name", "李敏（人事）"), ("login", login), ("role", "employer")];
    let page = admin
        .post("/desk/staff/new", &fields)
        .await
        .is(200)
        .sees("只显示这一次");
    activate(world, &shown_code(&page)).await.is(200).sees(login);
    let mut tx = world.db.read().await.unwrap();
    accounts::find_by_login(&mut tx, login).await.unwrap().unwrap().id.get()
}

async fn activate(world: &World, code: &str) -> Answer {
    let visitor = world.visitor();
    visitor.get("/activate").await.is(200);
    visitor
        .post("/activate", &[("code", code), ("password", CHOSEN), ("again", CHOSEN)])
        .await
}

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

both_engines!(
    an_administrator_creates_a_colleague_who_chooses_the_password,
    |world| async {
        let world = &world;
        let id = colleague(world, "limin").await;
        let browser = world.visitor();
        browser.sign_in("limin", CHOSEN).await;
        browser.get("/desk/staff").await.is(403);
        let admin = world.sign_in("employer-a").await;
        admin
            .get("/desk/staff")
            .await
            .is(200)
            .sees("李敏（人事）")
            .misses("employer-b");
        admin
            .get(&format!("/desk/staff/{id}"))
            .await
            .is(200)
            .sees("limin")
            .sees("正常使用中");
        let neighbour = world.sign_in("employer-b").await;
        neighbour.get("/account").await.is(200);
        neighbour.get(&format!("/desk/staff/{id}")).await.is(404);
        neighbour.post(&format!("/desk/staff/{id}/code"), &[]).await.is(404);
    }
);

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

both_engines!(nobody_grants_beyond_his_own_reach, |world| async {
    let world = &world;
    let district = world.sign_in("district-a").await;
    district
        .get("/desk/staff/new")
        .await
        .is(200)
        .sees("用人单位管理员")
        .misses("value=\"lead\"")
        .misses("value=\"auditor\"");
    let try_role = |role: &'static str| {
        let district = district.clone();
        async move {
            district
                .post(
                    "/desk/staff/new",
                    &[("display_name", "某人"), ("login", "someone"), ("role", role)],
                )
                .await
        }
    };
    try_role("lead").await.is(403);
    try_role("auditor").await.is(403);
    let code = |name: &str| {
        let id = world.city.org(name);
        async move {
            registry::orgs::view(&world.acting("lead"), id)
                .await
                .unwrap()
                .credit_code
                .as_str()
                .to_owned()
        }
    };
    let (own, neighbours) = (code("employer-a").await, code("employer-b").await);
    let fields = |org: &str| {
        vec![
            ("display_name".to_owned(), "某人".to_owned()),
            ("login".into(), "someone".into()),
            ("role".into(), "employer".into()),
            ("org_code".into(), org.to_owned()),
        ]
    };
    let pairs = fields(&neighbours);
    let borrowed: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    district
        .post("/desk/staff/new", &borrowed)
        .await
        .is(422)
        .sees("您的范围内没有这个代码的机构");
    let pairs = fields(&own);
    let borrowed: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    district.post("/desk/staff/new", &borrowed).await.is(200).sees("激活码");
});

both_engines!(a_second_role_is_granted_and_switched_to, |world| async {
    let world = &world;
    let lead = world.sign_in("lead").await;
    lead.get("/desk/staff/grant").await.is(200);
    lead.post("/desk/staff/grant", &[("login", "employer-a"), ("role", "auditor")])
        .await
        .is(303);
    lead.post("/desk/staff/grant", &[("login", "employer-a"), ("role", "auditor")])
        .await
        .is(409)
        .sees("已有同样的角色");
    lead.post("/desk/staff/grant", &[("login", "no-such"), ("role", "auditor")])
        .await
        .is(422)
        .sees("没有这个登录名");
    let browser = world.sign_in("employer-a").await;
    browser.get("/desk/audit").await.is(403);
    let token = try_login(world, "employer-a", PASSWORD).await.unwrap();
    let signed = sessions::resolve(&world.db, &world.clock, &token)
        .await
        .unwrap()
        .unwrap();
    let auditor = signed
        .grants
        .iter()
        .find(|held| held.role == Role::Auditor)
        .unwrap()
        .id
        .to_string();
    browser.get("/account").await.is(200);
    browser.post("/session/role", &[("role", &auditor)]).await.is(303);
    // The form token of the old role is worth nothing in the new one.
    browser.post("/account/sessions/others", &[]).await.is(403);
    browser.get("/desk/audit").await.is(200);
    browser.post("/session/role", &[("role", "1")]).await.is(404);
    browser.get("/desk/audit").await.is(200).sees("切换角色");
});

both_engines!(
    a_code_is_not_issued_where_it_would_open_a_role_out_of_reach,
    |world| async {
        let world = &world;
        let id = colleague(world, "wanglei").await;
        let admin = world.acting("employer-a");
        let account = kernel::id::AccountId::new(id);
        assert!(staff::reissue(&admin, account).await.is_ok());
        staff::grant(
            &world.acting("lead"),
            "wanglei",
            grant(Role::Auditor, false, Place::default()),
        )
        .await
        .unwrap();
        assert_eq!(code_of(staff::reissue(&admin, account).await), "forbidden");
        assert_eq!(code_of(staff::end_account(&admin, account, "调离").await), "forbidden");
        let detail = staff::detail(&admin, account).await.unwrap();
        assert_eq!(detail.grants.len(), 1, "the auditor's grant is out of sight");
        assert!(detail.out_of_reach.unwrap().contains("审计"));
    }
);

both_engines!(ending_a_role_ends_its_sessions_and_tokens, |world| async {
    let world = &world;
    let id = colleague(world, "zhaoyun").await;
    let browser = world.visitor();
    browser.sign_in("zhaoyun", CHOSEN).await;
    let admin = world.acting("employer-a");
    let new = tokens::NewToken {
        account: kernel::id::AccountId::new(id),
        grant: None,
        label: "人事".into(),
        scopes: vec![TokenScope::Roster],
    };
    let token = tokens::create(&world.system(), new).await.unwrap();
    assert!(
        tokens::resolve(&world.db, &world.clock, &token)
            .await
            .unwrap()
            .is_some()
    );
    let held = staff::detail(&admin, kernel::id::AccountId::new(id))
        .await
        .unwrap()
        .grants
        .remove(0);
    let page = world.sign_in("employer-a").await;
    let path = format!("/desk/staff/grants/{}/end", held.id);
    page.get(&path).await.is(200).sees("同时结束");
    page.post(&path, &[("reason", "")]).await.is(422).sees("请填写原因");
    page.post(&path, &[("reason", "调离岗位")]).await.is(303);
    browser.get("/account").await.is(303);
    assert!(
        tokens::resolve(&world.db, &world.clock, &token)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(code_of(try_login(world, "zhaoyun", CHOSEN).await), "identity.no_role");
    assert_eq!(trail(world, "end_grant").await[0].reason.as_deref(), Some("调离岗位"));
    assert_eq!(code_of(staff::end_grant(&admin, held.id, "再来").await), "grant.over");
});

both_engines!(nobody_ends_his_own_last_administration_or_account, |world| async {
    let world = &world;
    let admin = world.acting("employer-a");
    let own = admin.actor.account.unwrap();
    let held = staff::detail(&admin, own).await.unwrap().grants.remove(0);
    assert_eq!(
        code_of(staff::end_grant(&admin, held.id, "不干了").await),
        "grant.own_last_admin"
    );
    assert_eq!(code_of(staff::end_account(&admin, own, "不干了").await), "account.own");
});

both_engines!(an_ended_account_is_over_for_good, |world| async {
    let world = &world;
    let id = kernel::id::AccountId::new(colleague(world, "sunli").await);
    let admin = world.acting("employer-a");
    let code = staff::reissue(&admin, id).await.unwrap();
    staff::end_account(&admin, id, "离职").await.unwrap();
    assert_eq!(code_of(try_login(world, "sunli", CHOSEN).await), "identity.wrong");
    activate(world, &code.code).await.is(422);
    assert_eq!(code_of(staff::reissue(&admin, id).await), "account.no_role");
    let own = admin.actor.own.clone();
    assert_eq!(
        code_of(staff::grant(&admin, "sunli", grant(Role::Employer, false, own)).await),
        "account.ended"
    );
    assert_eq!(code_of(staff::end_account(&admin, id, "离职").await), "account.ended");
});

both_engines!(an_empty_installation_is_started_once, |world| async {
    let world = &world;
    let new = |login: &str, role| staff::NewStaff {
        login: login.into(),
        display_name: login.into(),
        grant: grant(role, true, Place::default()),
    };
    assert_eq!(
        code_of(staff::create(&world.system(), new("second-lead", Role::Lead)).await),
        "forbidden"
    );
    assert_eq!(
        code_of(staff::create(&world.system(), new("another-operator", Role::Operator)).await),
        "ok"
    );
    let mut tx = world.db.write().await.unwrap();
    tx.exec(
        "update grants set ended_at = 1, ended_by = 'test' where role = 'lead'",
        &[],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        code_of(staff::create(&world.acting("operator"), new("first-lead", Role::Lead)).await),
        "ok"
    );
    assert_eq!(
        code_of(staff::create(&world.acting("operator"), new("third-lead", Role::Lead)).await),
        "forbidden"
    );
});

both_engines!(two_neighbours_see_disjoint_staff_and_tokens, |world| async {
    let world = &world;
    for role in ["employer", "provider", "district", "department"] {
        let mut seen: Vec<BTreeSet<i64>> = Vec::new();
        for side in ["a", "b"] {
            let ctx = world.acting(&format!("{role}-{side}"));
            if role == "employer" || role == "provider" {
                let new = tokens::NewToken {
                    account: ctx.actor.account.unwrap(),
                    grant: None,
                    label: side.into(),
                    scopes: vec![TokenScope::Verify],
                };
                tokens::create(&ctx, new).await.unwrap();
                let filter = tokens::Filter {
                    words: None,
                    state: None,
                    now: ctx.now(),
                };
                let listed = tokens::list(&ctx, &filter, &Window::first(50)).await.unwrap();
                assert_eq!(
                    listed.rows.iter().map(|line| line.label.as_str()).collect::<Vec<_>>(),
                    [side]
                );
            }
            let listed = staff::list(&ctx, &staff::Filter::default(), &Window::first(50))
                .await
                .unwrap();
            assert!(!listed.rows.is_empty(), "{role}-{side}");
            seen.push(listed.rows.iter().map(|line| line.grant.get()).collect());
        }
        assert!(seen[0].is_disjoint(&seen[1]), "{role}");
    }
});

both_engines!(staff_are_searched_filtered_and_paged, |world| async {
    let world = &world;
    let lead = world.acting("lead");
    let logins = |filter: staff::Filter, window: Window| {
        let lead = lead.clone();
        async move { staff::list(&lead, &filter, &window).await.unwrap() }
    };
    let by_login = Window::sorted("login", false, 3);
    let all = logins(
        staff::Filter::default(),
        Window {
            counted: true,
            size: 100,
            ..by_login.clone()
        },
    )
    .await;
    assert_eq!(all.total, Some(all.rows.len() as u64));
    assert!(
        all.rows.iter().all(|line| line.role != Role::Learner),
        "professionals are not staff"
    );
    let first = logins(staff::Filter::default(), by_login.clone()).await;
    let second = logins(staff::Filter::default(), by_login.from(first.next.clone().unwrap())).await;
    let paged: Vec<_> = first
        .rows
        .iter()
        .chain(&second.rows)
        .map(|line| line.login.clone())
        .collect();
    assert_eq!(
        paged,
        all.rows
            .iter()
            .take(6)
            .map(|line| line.login.clone())
            .collect::<Vec<_>>()
    );
    let found = logins(
        staff::Filter {
            words: Some("徐汇".into()),
            ..staff::Filter::default()
        },
        by_login.clone(),
    )
    .await;
    assert_eq!(
        found.rows.iter().map(|line| line.login.as_str()).collect::<Vec<_>>(),
        ["district-a"]
    );
    let nothing = logins(
        staff::Filter {
            words: Some("%".into()),
            ..staff::Filter::default()
        },
        by_login,
    )
    .await;
    assert!(nothing.rows.is_empty(), "a percent sign means itself");
});

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

both_engines!(the_trail_is_searched_and_taking_it_away_stands_in_it, |world| async {
    let world = &world;
    colleague(world, "qianwei").await;
    let auditor = world.sign_in("auditor").await;
    auditor
        .get("/desk/audit?act=activate_account")
        .await
        .is(200)
        .sees("激活账号")
        .sees("状态：invited → active");
    auditor
        .get("/desk/audit?actor=employer-a&act=create_account")
        .await
        .is(200)
        .sees("qianwei");
    auditor
        .get("/desk/audit?actor=employer-b&act=create_account")
        .await
        .is(200)
        .sees("没有符合条件的记录");
    auditor
        .get("/desk/audit?q=qianwei&from=2026-03-05&until=2026-03-05")
        .await
        .is(200)
        .sees("新建账号");
    auditor
        .get("/desk/audit?q=qianwei&until=2026-03-04")
        .await
        .is(200)
        .sees("没有符合条件的记录");
    let entry = trail(world, "create_account").await.remove(0);
    auditor
        .get(&format!("/desk/audit/{}", entry.id))
        .await
        .is(200)
        .sees("变化后")
        .sees("qianwei");
    auditor.get("/desk/audit/export.xlsx?actor=employer-a").await.is(200);
    assert_eq!(trail(world, "export_audit").await[0].actor, "auditor");
    world.sign_in("employer-a").await.get("/desk/audit").await.is(403);
});

both_engines!(the_trail_cannot_be_changed, |world| async {
    let world = &world;
    world.sign_in("lead").await;
    for statement in ["update audit set actor = 'nobody'", "delete from audit"] {
        let mut tx = world.db.write().await.unwrap();
        let error = tx.exec(statement, &[]).await.unwrap_err();
        assert!(error.to_string().contains("audit trail"), "{statement}: {error}");
    }
    assert_eq!(trail(world, "sign_in").await[0].actor, "lead");
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
