//! The whole way of a claim, each party in its turn.

use kernel::{Hours, date};
use rules::credits::claims::ClaimCode;
use testkit::both_engines;

use super::{PDF, attached, balance, begun, claimed, deed, handed_in, meeting, state};

both_engines!(a_claim_goes_from_the_draft_to_the_ledger, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = begun(&learner, "泰州-全国会议").await;
    let facts = format!("/desk/my/claims/{id}/facts");
    learner.get(&facts).await.is(200).sees("泰州").sees("论文字数");
    learner.post(&facts, &meeting(&[])).await.is(303);
    learner
        .get(&facts)
        .await
        .is(200)
        .sees("预计认定 40 学时")
        .sees("加 30 学时");
    // Nothing is handed in without evidence, and nobody else sees a draft.
    handed_in(&learner, id, "1").await.is(409).sees("佐证材料");
    let employer = world.sign_in("employer-a").await;
    employer.get(&format!("/desk/claims/{id}")).await.is(404);
    attached(&learner, id, PDF).await.is(303);
    handed_in(&learner, id, "1").await.is(303);
    learner
        .get(&format!("/desk/my/claims/{id}/receipt"))
        .await
        .is(200)
        .sees("SB2026-000001")
        .sees("2026年3月19日");

    employer
        .get("/desk/claims?turn=mine")
        .await
        .is(200)
        .sees("陈*甲")
        .misses("陈示甲");
    employer.get("/desk/tasks").await.is(200).sees("SB2026-000001");
    deed(&employer, id, "confirm", &[("version", "2")]).await.is(303);
    let department = world.sign_in("department-a").await;
    let shown = department.get(&format!("/desk/claims/{id}")).await.is(200);
    shown.sees("用人单位已确认").sees("认定并记入学时").sees("等您办理");
    deed(&department, id, "recognise", &[("version", "3")]).await.is(303);

    assert_eq!(balance(world, "learner-a", 2026).await, Hours::whole(40));
    let statement = learner.get("/desk/my/statement").await.is(200);
    statement.sees("全国人工智能学术年会").sees("论文 2500 字加 30 学时");
    learner.get("/desk/messages").await.is(200).sees("已认定 40 学时");
    // The story is told to all parties.
    for browser in [&learner, &employer, &department] {
        let told = browser.get(&format!("/desk/claims/{id}")).await.is(200);
        told.sees("提交申报")
            .sees("单位确认")
            .sees("认定并记入学时")
            .sees("为什么");
    }
});

both_engines!(r40_each_party_acts_in_its_turn_and_no_neighbour_does, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = claimed(&learner, "泰州-全国会议", &meeting(&[])).await;
    let department = world.sign_in("department-a").await;
    deed(&department, id, "recognise", &[("version", "2")])
        .await
        .is(409)
        .sees("用人单位");
    for login in ["employer-b", "department-b", "district-b", "learner-b"] {
        let neighbour = world.sign_in(login).await;
        neighbour.get(&format!("/desk/claims/{id}")).await.is(404);
        let status = neighbour
            .post(&format!("/desk/claims/{id}/confirm"), &[("version", "2")])
            .await
            .status;
        assert!(status == 404 || status == 403, "{login} is answered with {status}");
    }
    let employer = world.sign_in("employer-a").await;
    deed(&employer, id, "confirm", &[("version", "1")]).await.is(409);
    deed(&employer, id, "confirm", &[("version", "2")]).await.is(303);
    // The district is not the body of this rule.
    let district = world.sign_in("district-a").await;
    deed(&district, id, "recognise", &[("version", "3")])
        .await
        .is(409)
        .sees("行业主管部门");
});

both_engines!(a_claim_is_returned_corrected_and_refused_with_reasons, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = claimed(&learner, "泰州-全国会议", &meeting(&[])).await;
    let employer = world.sign_in("employer-a").await;
    deed(&employer, id, "return", &[("version", "2"), ("reason", "缺")])
        .await
        .is(422)
        .sees("4 到 200 个字");
    let why = "请补充会议通知中载明会期的一页";
    deed(&employer, id, "return", &[("version", "2"), ("reason", why)])
        .await
        .is(303);
    learner.get("/desk/messages").await.is(200).sees(why);
    learner.get("/desk/tasks").await.is(200).sees("补正学时申报");
    let facts = format!("/desk/my/claims/{id}/facts");
    // A page left open from before the claim was handed in is stale.
    learner.post(&facts, &meeting(&[("version", "1")])).await.is(409);
    learner
        .post(&facts, &meeting(&[("version", "3"), ("words", "1800")]))
        .await
        .is(303);
    handed_in(&learner, id, "3").await.is(303);
    learner.get("/desk/tasks").await.is(200).misses("补正学时申报");
    deed(&employer, id, "confirm", &[("version", "4")]).await.is(303);
    let department = world.sign_in("department-a").await;
    let told = department.get(&format!("/desk/claims/{id}")).await.is(200);
    told.sees("补正后重新提交").sees("SB2026-000001");
    let why = "会议不属于本行业学术会议";
    deed(&department, id, "refuse", &[("version", "5"), ("reason", why)])
        .await
        .is(303);
    learner
        .get(&format!("/desk/claims/{id}"))
        .await
        .is(200)
        .sees(why)
        .sees("不予认定");
    deed(&department, id, "recognise", &[("version", "6")])
        .await
        .is(409)
        .sees("已经办结");
    assert_eq!(balance(world, "learner-a", 2026).await, Hours::ZERO);
});

both_engines!(r40_a_silent_employer_blocks_nobody, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = claimed(&learner, "泰州-全国会议", &meeting(&[])).await;
    // Ten working days from Thursday, 5 March 2026 end on the 19th.
    world.at(date(2026, 3, 19), 12, 0);
    world.run_jobs().await;
    assert_eq!(state(world, id).await, ClaimCode::Submitted);
    world.at(date(2026, 3, 20), 12, 0);
    world.run_jobs().await;
    assert_eq!(state(world, id).await, ClaimCode::Confirmed);
    let department = world.sign_in("department-a").await;
    let shown = department.get(&format!("/desk/claims/{id}")).await.is(200);
    shown.sees("用人单位未在期限内确认");
    world
        .sign_in("learner-a")
        .await
        .get("/desk/messages")
        .await
        .is(200)
        .sees("没有在期限内确认");
});
