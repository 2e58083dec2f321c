//! What counts, how often, for which year, and what is refused at its field.

use kernel::{Hours, date};
use learning::credits::{self, claims};
use rules::credits::claims::ClaimCode;
use testkit::both_engines;

use super::{PDF, attached, balance, begun, claimed, deed, handed_in, meeting};

both_engines!(r42_an_achievement_counts_once_and_co_authors_are_shown, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let project = |rank: &'static str, number: &'static str| {
        meeting(&[
            ("title", "国家级课题"),
            ("achievement", number),
            ("quantity", ""),
            ("words", ""),
            ("rank", rank),
        ])
    };
    let id = claimed(&learner, "河南-国家课题", &project("2", "2025YFC1234567")).await;
    // The same again, written otherwise.
    let again = begun(&learner, "河南-国家课题").await;
    learner
        .post(
            &format!("/desk/my/claims/{again}/facts"),
            &project("1", "2025 YFC-1234567"),
        )
        .await
        .is(303);
    attached(&learner, again, PDF).await.is(303);
    handed_in(&learner, again, "1")
        .await
        .is(409)
        .sees("同一成果已经申报过")
        .sees("SB2026-000001");
    // A colleague elsewhere claims it by another rank: the clerk is told, by number alone.
    let other = world.sign_in("learner-b").await;
    let theirs = claimed(&other, "河南-国家课题", &project("1", "2025yfc1234567")).await;
    let department = world.sign_in("department-b").await;
    let shown = department.get(&format!("/desk/claims/{theirs}")).await.is(200);
    shown
        .sees("有相同的申报")
        .sees("SB2026-000001")
        .sees("另一人")
        .sees("第 2 名")
        .misses(&format!("/desk/claims/{id}\""));
});

both_engines!(r44_evidence_is_what_its_content_says, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = begun(&learner, "泰州-全国会议").await;
    attached(&learner, id, b"MZ not a document")
        .await
        .is(422)
        .sees("只收 PDF");
    attached(&learner, id, b"%PDF-1.7 cut off").await.is(422).sees("不完整");
    attached(&learner, id, PDF).await.is(303);
    attached(&learner, id, PDF).await.is(422).sees("已经上传过");
    let page = learner
        .get(&format!("/desk/my/claims/{id}/evidence"))
        .await
        .is(200)
        .text();
    let from = page.find("/desk/evidence/").expect("a file") + "/desk/evidence/".len();
    let piece = page[from..].split('"').next().unwrap().to_owned();
    let read = learner.get(&format!("/desk/evidence/{piece}")).await.is(200);
    assert_eq!(read.bytes, PDF);
    for login in ["employer-a", "learner-b", "lead"] {
        let other = world.sign_in(login).await;
        other.get(&format!("/desk/evidence/{piece}")).await.is(404);
    }
    learner
        .post(&format!("/desk/evidence/{piece}/remove"), &[])
        .await
        .is(303);
    learner.get(&format!("/desk/evidence/{piece}")).await.is(404);
});

both_engines!(absurd_quantities_are_refused_at_their_field, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = begun(&learner, "泰州-全国会议").await;
    let facts = format!("/desk/my/claims/{id}/facts");
    for (change, words) in [
        (("quantity", "-1"), "数量应大于 0"),
        (("quantity", "99999999"), "数量"),
        (("quantity", "三次"), "不是数字"),
        (("words", "-5"), "字数应大于 0"),
        (("to", "2026-03-06"), "今天以后"),
        (("from", "2026-02-30"), "不是日期"),
        (("title", ""), "活动或成果名称"),
    ] {
        let refused = learner.post(&facts, &meeting(&[change])).await.is(422);
        refused.sees(words);
    }
    // It stays a draft that only its person finds.
    let own = claims::view(&world.acting("learner-a"), kernel::Id::new(id))
        .await
        .unwrap();
    assert_eq!(own.claim.state.code(), ClaimCode::Draft);
    world
        .sign_in("lead")
        .await
        .get(&format!("/desk/claims/{id}"))
        .await
        .is(404);
});

both_engines!(r45_hours_from_elsewhere_count_for_the_year_attested, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let fields = [
        ("version", "1"),
        ("title", "外省市专业科目培训"),
        ("subject", "professional"),
        ("authority", "某省人力资源和社会保障厅"),
        ("document", "继教〔2025〕0012 号"),
        ("year", "2025"),
        ("hours", "36.5"),
    ];
    let id = claimed(&learner, "elsewhere", &fields).await;
    let employer = world.sign_in("employer-a").await;
    deed(&employer, id, "confirm", &[("version", "2")]).await.is(303);
    let district = world.sign_in("district-a").await;
    deed(&district, id, "recognise", &[("version", "3")]).await.is(303);
    assert_eq!(balance(world, "learner-a", 2025).await, Hours::hundredths(3_650));
    assert_eq!(balance(world, "learner-a", 2026).await, Hours::ZERO);
    let statement = learner.get("/desk/my/statement?year=2025").await.is(200);
    statement.sees("某省人力资源和社会保障厅").sees("全国范围内有效");
    // The same document again is the same claim.
    let again = begun(&learner, "elsewhere").await;
    learner
        .post(&format!("/desk/my/claims/{again}/facts"), &fields)
        .await
        .is(303);
    attached(&learner, again, PDF).await.is(303);
    handed_in(&learner, again, "1").await.is(409).sees("不能重复申报");
});

both_engines!(
    hours_for_a_closed_year_are_refused_when_they_are_handed_in,
    |world| async {
        let world = &world;
        let lead = world.acting("lead");
        let mut tx = world.db.read().await.unwrap();
        let version = credits::closing::year(&mut tx, 2025).await.unwrap().version;
        drop(tx);
        credits::closing::close(&lead, 2025, version, date(2026, 3, 5))
            .await
            .unwrap();
        world.at(date(2026, 3, 6), 9, 0);
        let learner = world.sign_in("learner-a").await;
        let id = begun(&learner, "泰州-全国会议").await;
        let past = meeting(&[("from", "2025-12-01"), ("to", "2025-12-02")]);
        learner
            .post(&format!("/desk/my/claims/{id}/facts"), &past)
            .await
            .is(303);
        attached(&learner, id, PDF).await.is(303);
        handed_in(&learner, id, "1")
            .await
            .is(409)
            .sees("2025 年度已于")
            .sees("学时异议");
        assert_eq!(balance(world, "learner-a", 2025).await, Hours::ZERO);
    }
);
