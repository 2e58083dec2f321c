//! Staff: who creates, scopes, resets and ends whose accounts.

use std::collections::BTreeSet;

use kernel::{Place, Role};
use registry::Window;
use registry::identity::{sessions, staff, tokens};
use rules::identity::TokenScope;
use testkit::{PASSWORD, both_engines};

use super::{CHOSEN, activate, code_of, colleague, grant, trail, try_login};

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
