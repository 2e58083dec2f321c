//! Each party walks a case through its pages, and what cannot be contested says why.

use kernel::id::DisputeId;
use kernel::{Error, Hours};
use learning::credits::disputes::{self, About};
use rules::credits::disputes::{DisputeCode, Wanted};
use testkit::both_engines;

use super::{PDF, case, code, entry, held, refusal, total, wanted, wrong};

both_engines!(r48_r53_each_party_walks_a_case_through_its_pages, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let learner = world.sign_in("learner-a").await;
    learner
        .get("/desk/my/statement")
        .await
        .is(200)
        .sees("有异议")
        .sees("缺少学时");
    let form = format!("/desk/entries/{entry}/dispute");
    learner.get(&form).await.is(200).sees("数据治理");
    let fields = [
        ("kind", "wrong"),
        ("words", "实际上了八学时的课"),
        ("title", "数据治理"),
        ("hours", "8"),
        ("subject", "professional"),
        ("form", "class"),
        ("earned_on", "2026-03-25"),
    ];
    learner
        .upload(&form, &fields, ("file", "x.exe", b"MZ"))
        .await
        .is(422)
        .sees("PDF、JPG 或 PNG");
    let receipt = learner.upload(&form, &fields, PDF).await.is(303).location;
    learner
        .get(&receipt)
        .await
        .is(200)
        .sees("YY2026-000001")
        .sees("5 个工作日")
        .sees("2026年4月1日");
    learner.upload(&form, &fields, PDF).await.is(409).sees("正在办理的异议");
    learner.get("/desk/my/statement").await.sees("异议办理中");

    let id: DisputeId = receipt
        .trim_end_matches("/receipt")
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let page = format!("/desk/disputes/{id}");
    let provider = world.sign_in("provider-a").await;
    provider.get("/desk/tasks").await.sees("答复学时异议");
    provider
        .get(&page)
        .await
        .is(200)
        .sees("陈*甲")
        .misses("陈示甲")
        .sees("签到表.pdf")
        .sees("答复");
    let files = disputes::view(&world.acting("provider-a"), id)
        .await
        .expect("the case")
        .files;
    let file = format!("/desk/disputes/files/{}", files[0].file);
    assert_eq!(provider.get(&file).await.is(200).bytes, PDF.2);
    let version = case(world, id).await.version.to_string();
    provider.get(&format!("{page}/answer")).await.is(200);
    let said = [
        ("version", version.as_str()),
        ("stance", "agrees"),
        ("words", "确实漏记了一节课"),
    ];
    provider
        .upload(&format!("{page}/answer"), &said, ("file2", "补充.pdf", b"%PDF-1.4"))
        .await
        .is(303);
    provider.get(&page).await.sees("确实漏记了一节课");

    let district = world.sign_in("district-a").await;
    district.get(&page).await.is(200).misses("作出决定</a>");
    let department = world.sign_in("department-a").await;
    department.get("/desk/tasks").await.sees("决定学时异议");
    department
        .get(&format!("{page}/decide"))
        .await
        .is(200)
        .sees("认定的内容");
    let version = case(world, id).await.version.to_string();
    let mut ruling = vec![
        ("version", version.as_str()),
        ("outcome", "upheld"),
        ("reason", "签到表可以证明"),
    ];
    ruling.extend_from_slice(&fields[2..]);
    district
        .post(&format!("{page}/decide"), &ruling)
        .await
        .is(409)
        .sees("由行业主管部门决定");
    department.post(&format!("{page}/decide"), &ruling).await.is(303);
    assert_eq!(
        (total(world).await, code(world, id).await),
        (Hours::whole(8), DisputeCode::Final)
    );
    learner
        .get(&page)
        .await
        .sees("陈示甲")
        .sees("已经生效")
        .sees("确实漏记了一节课");
    let statement = learner
        .get("/desk/my/statement")
        .await
        .sees("异议 YY2026-000001")
        .sees("R-53");
    assert!(!statement.text().contains("异议办理中"));
    for stranger in ["learner-b", "provider-b", "district-b", "department-b", "employer-b"] {
        let browser = world.sign_in(stranger).await;
        browser.get(&page).await.is(404);
        browser.get(&file).await.is(404);
    }
});

both_engines!(
    a_missing_hour_is_asked_for_on_its_page_and_the_list_shows_it,
    |world| async {
        let world = &world;
        let (_, seat) = held(world).await;
        let learner = world.sign_in("learner-a").await;
        learner.get("/desk/disputes/new").await.is(200).sees("数据治理");
        let seat = seat.to_string();
        let fields = [("enrolment", seat.as_str()), ("words", "参加了全部课次，没有学时")];
        let receipt = learner
            .upload("/desk/disputes/new", &fields, PDF)
            .await
            .is(303)
            .location;
        learner.get(&receipt).await.is(200).sees("测试a继续教育基地");
        learner
            .upload("/desk/disputes/new", &[("words", "没有学时啊")], PDF)
            .await
            .is(422)
            .sees("请填写活动名称");
        for login in [
            "learner-a",
            "provider-a",
            "department-a",
            "district-a",
            "employer-a",
            "lead",
            "auditor",
        ] {
            let browser = world.sign_in(login).await;
            browser
                .get("/desk/disputes")
                .await
                .is(200)
                .sees("YY2026-000001")
                .sees("待答复");
        }
        world
            .sign_in("provider-b")
            .await
            .get("/desk/disputes")
            .await
            .misses("YY2026-000001");
    }
);

both_engines!(r48_what_cannot_be_contested_says_why, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let (learner, other) = (world.acting("learner-a"), world.acting("learner-b"));
    let foreign = disputes::contest_entry(&other, entry, About::Foreign, "这不是我的学时", vec![]).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    let absurd = About::Wrong(Wanted {
        hours: Hours::whole(-3),
        ..wanted(8)
    });
    let absurd = disputes::contest_entry(&learner, entry, absurd, "实际学时不对", vec![]).await;
    assert!(matches!(absurd, Err(Error::Wrong(_))));
    wrong(world, entry).await;
    let twice = disputes::contest_entry(&learner, entry, About::Foreign, "这不是我的学时", vec![]).await;
    assert_eq!(refusal(twice), "dispute.open");
    let back = learning::credits::reverse(&world.acting("lead"), entry, "登记错误")
        .await
        .expect("reversed");
    world.run_jobs().await;
    assert_eq!(
        refusal(disputes::contest_entry(&learner, back, About::Foreign, "这不是我的学时", vec![]).await),
        "dispute.reversal"
    );
    assert_eq!(
        refusal(disputes::contest_entry(&learner, entry, About::Foreign, "这不是我的学时", vec![]).await),
        "dispute.reversed"
    );
});
