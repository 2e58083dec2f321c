//! The audit trail: searched by auditors, changed by nobody.

use testkit::both_engines;

use super::{colleague, trail};

both_engines!(the_trail_is_searched_and_taking_it_away_stands_in_it, |world| async {
    let world = &world;
    colleague(world, "qianwei").await;
    let auditor = world.sign_in("auditor").await;
    auditor
        .get("/desk/audit?act=activate_account")
        .await
        .is(200)
        .sees("激活账号")
        .sees("状态：待激活 → 正常");
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
