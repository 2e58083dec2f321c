//! Hours that people claim, by each party over HTTP: the whole way, returns and refusals, one achievement once, caps,
//! two clerks at once, an employer that stays silent, the draw and what it finds, bad input.

use kernel::{Date, Hours, date};
use learning::credits::{self, claims};
use registry::Window;
use rules::credits::Subject;
use rules::credits::claims::{ClaimCode, Facts};
use testkit::{Answer, Browser, World, both_engines};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

/// A draft of the browser's own, by this kind.
async fn begun(browser: &Browser, kind: &str) -> i64 {
    browser.get("/desk/my/claims/new").await.is(200);
    let answer = browser.post("/desk/my/claims/new", &[("kind", kind)]).await.is(303);
    let mut parts = answer.location.split('/').filter_map(|part| part.parse().ok());
    parts.next().expect("an id in the address")
}

/// Every field of a national meeting of two days, with these changes.
fn meeting(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![
        ("version", "1"),
        ("title", "全国人工智能学术年会"),
        ("subject", "professional"),
        ("from", "2026-02-10"),
        ("to", "2026-02-11"),
        ("quantity", "1"),
        ("words", "2500"),
    ];
    for (name, value) in changes {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = value,
            None => fields.push((name, value)),
        }
    }
    fields
}

async fn attached(browser: &Browser, id: i64, bytes: &[u8]) -> Answer {
    browser.get(&format!("/desk/my/claims/{id}/evidence")).await.is(200);
    browser
        .upload(
            &format!("/desk/my/claims/{id}/evidence"),
            &[],
            ("file", "会议通知.pdf", bytes),
        )
        .await
}

async fn handed_in(browser: &Browser, id: i64, version: &str) -> Answer {
    browser.get(&format!("/desk/my/claims/{id}/check")).await.is(200);
    browser
        .post(
            &format!("/desk/my/claims/{id}/check"),
            &[("version", version), ("truthful", "1")],
        )
        .await
}

/// A claim written, attached and handed in, with a file of its own.
async fn claimed(browser: &Browser, kind: &str, fields: &[(&str, &str)]) -> i64 {
    let id = begun(browser, kind).await;
    browser
        .post(&format!("/desk/my/claims/{id}/facts"), fields)
        .await
        .is(303);
    let own = [PDF, id.to_string().as_bytes(), b"\n%%EOF\n"].concat();
    attached(browser, id, &own).await.is(303);
    handed_in(browser, id, "1").await.is(303);
    id
}

/// A claim handed in by the learner of a side of the city, for tests that need lists with rows.
pub async fn one_of(world: &World, side: &str) {
    let learner = world.sign_in(&format!("learner-{side}")).await;
    claimed(&learner, "泰州-全国会议", &meeting(&[])).await;
}

async fn deed(browser: &Browser, id: i64, deed: &str, fields: &[(&str, &str)]) -> Answer {
    browser.get(&format!("/desk/claims/{id}")).await.is(200);
    browser.post(&format!("/desk/claims/{id}/{deed}"), fields).await
}

async fn state(world: &World, id: i64) -> ClaimCode {
    let view = claims::view(&world.system(), kernel::Id::new(id)).await.unwrap();
    view.claim.state.code()
}

async fn balance(world: &World, login: &str, year: i32) -> Hours {
    let mut tx = world.db.read().await.unwrap();
    let person = world.city.person(login);
    credits::balance(&mut tx, person, year, Subject::Professional)
        .await
        .unwrap()
}

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

both_engines!(r43_two_clerks_at_once_recognise_once, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = claimed(&learner, "泰州-全国会议", &meeting(&[])).await;
    let claim = kernel::Id::new(id);
    claims::confirm(&world.acting("employer-a"), claim, 2).await.unwrap();
    let ctx = world.acting("department-a");
    // what stands is read in the transaction that recognises, so the second clerk finds the claim decided.
    let (one, other) = tokio::join!(claims::recognise(&ctx, claim, 3), claims::recognise(&ctx, claim, 3));
    let lost = [one, other].into_iter().find_map(Result::err).expect("one is too late");
    assert!(
        matches!(
            lost,
            kernel::Error::Stale | kernel::Error::Refused { code: "claim.over", .. }
        ),
        "{lost:?}"
    );
    assert_eq!(balance(world, "learner-a", 2026).await, Hours::whole(40));
});

both_engines!(r41_nobody_decides_on_their_own_claim, |world| async {
    let world = &world;
    let learner = world.sign_in("learner-a").await;
    let id = claimed(&learner, "泰州-全国会议", &meeting(&[])).await;
    // The employer's clerk is the learner in another role.
    let mut clerk = world.acting("employer-a");
    clerk.actor.account = world.city.actor("learner-a").account;
    let refused = claims::confirm(&clerk, kernel::Id::new(id), 2).await.unwrap_err();
    assert!(
        matches!(refused, kernel::Error::Refused { code: "claim.own", .. }),
        "{refused:?}"
    );
    // Whoever confirmed does not recognise.
    claims::confirm(&world.acting("employer-a"), kernel::Id::new(id), 2)
        .await
        .unwrap();
    let mut twice = world.acting("department-a");
    twice.actor.account = world.city.actor("employer-a").account;
    let refused = claims::recognise(&twice, kernel::Id::new(id), 3).await.unwrap_err();
    assert!(
        matches!(
            refused,
            kernel::Error::Refused {
                code: "claim.confirmed_by_you",
                ..
            }
        ),
        "{refused:?}"
    );
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

/// Three claims of the learner's, confirmed and waiting for the department.
async fn three_waiting(world: &World) -> Vec<i64> {
    let learner = world.sign_in("learner-a").await;
    let mut ids = Vec::new();
    for (title, day) in [
        ("第一届年会", "2026-02-10"),
        ("第二届年会", "2026-02-12"),
        ("第三届年会", "2026-02-14"),
    ] {
        let id = claimed(
            &learner,
            "泰州-全国会议",
            &meeting(&[("title", title), ("from", day), ("to", day), ("words", "")]),
        )
        .await;
        claims::confirm(&world.acting("employer-a"), kernel::Id::new(id), 2)
            .await
            .unwrap();
        ids.push(id);
    }
    ids
}

both_engines!(clerks_recognise_in_batches_what_they_saw, |world| async {
    let world = &world;
    let ids = three_waiting(world).await;
    let department = world.sign_in("department-a").await;
    let list = department.get("/desk/claims?turn=mine").await.is(200);
    let list = list.sees("有 3 件申报等您办理").sees(&format!("{}:3", ids[0]));
    drop(list);
    // One was given back after the list was opened.
    claims::give_back(&world.acting("department-a"), kernel::Id::new(ids[2]), 3, "请补充日程")
        .await
        .unwrap();
    let ticked: Vec<String> = ids.iter().map(|id| format!("{id}:3")).collect();
    let fields: Vec<(&str, &str)> = ticked.iter().map(|value| ("id", value.as_str())).collect();
    let answer = department.post("/desk/claims/recognise", &fields).await.is(200);
    answer.sees("办理完毕 2 件，1 件没有办理");
    assert_eq!(balance(world, "learner-a", 2026).await, Hours::whole(20));
    department
        .post("/desk/claims/recognise", &[])
        .await
        .is(409)
        .sees("没有选择");
});

both_engines!(
    r46_r47_a_draw_is_public_and_what_proves_untrue_is_taken_back,
    |world| async {
        let world = &world;
        for id in three_waiting(world).await {
            claims::recognise(&world.acting("department-a"), kernel::Id::new(id), 3)
                .await
                .unwrap();
        }
        let lead = world.sign_in("lead").await;
        lead.get("/desk/claims/draws/new").await.is(200);
        let span =
            |from: &'static str, until: &'static str| [("title", "一季度抽查"), ("from", from), ("until", until)];
        lead.post("/desk/claims/draws/new", &span("2026-01-01", "2026-01-31"))
            .await
            .is(409)
            .sees("没有已认定");
        let announced = lead
            .post("/desk/claims/draws/new", &span("2026-03-01", "2026-03-05"))
            .await
            .is(303);
        let draw = announced.id();
        let public = format!("/draws/{draw}");
        let stranger = world.visitor();
        let digest = rules::credits::claims::sampling::digest(&numbers(3));
        stranger
            .get(&public)
            .await
            .is(200)
            .sees(&digest)
            .sees("SB2026-000003")
            .misses("陈");
        let seed = [
            ("seed", "3387.61"),
            ("seed_source", "2026 年 3 月 6 日上证综合指数收盘点位"),
        ];
        let page = format!("/desk/claims/draws/{draw}");
        lead.post(&page, &seed).await.is(409).sees("次日再办");
        world.at(date(2026, 3, 6), 16, 0);
        let lead = world.sign_in("lead").await;
        lead.get(&page).await.is(200);
        lead.post(&page, &seed).await.is(303);
        let (chosen, score) = rules::credits::claims::sampling::choose(&numbers(3), "3387.61", 1).remove(0);
        stranger.get(&public).await.is(200).sees(&chosen).sees(&score);

        let shown = lead.get(&page).await.is(200).text();
        let from = shown.find("/desk/claims/checks/").expect("a check") + "/desk/claims/checks/".len();
        let check: i64 = shown[from..].split('"').next().unwrap().parse().unwrap();
        // Whoever recognised it does not check it.
        let refused = claims::find(
            &world.acting("department-a"),
            check,
            rules::credits::claims::sampling::Finding::Upheld,
            "",
        )
        .await;
        assert!(refused.is_err());
        let path = format!("/desk/claims/checks/{check}");
        lead.post(&path, &[("finding", "voided"), ("reason", "")]).await.is(422);
        let reason = "会议没有举行";
        lead.post(&path, &[("finding", "voided"), ("reason", reason)])
            .await
            .is(303);
        lead.post(&path, &[("finding", "voided"), ("reason", reason)])
            .await
            .is(409);
        assert_eq!(balance(world, "learner-a", 2026).await, Hours::whole(20));
        let learner = world.sign_in("learner-a").await;
        learner
            .get("/desk/my/statement")
            .await
            .is(200)
            .sees("已冲正")
            .sees(reason);
        stranger.get(&public).await.is(200).misses(reason);
    }
);

fn numbers(count: i64) -> Vec<String> {
    (1..=count)
        .map(|serial| rules::credits::claims::number(2026, serial))
        .collect()
}

both_engines!(
    a_person_without_an_employer_goes_straight_to_the_district,
    |world| async {
        let world = &world;
        let alone = alone(world).await;
        let ctx = alone;
        let id = claims::begin(&ctx, &claims::Beginning::Rule("泰州-批准培训班".into()))
            .await
            .unwrap();
        claims::save(&ctx, id, 1, training(date(2026, 2, 10))).await.unwrap();
        claims::attach(&ctx, id, "证书.pdf", PDF.to_vec()).await.unwrap();
        claims::submit(&ctx, id, 1).await.unwrap();
        assert_eq!(state(world, id.get()).await, ClaimCode::Confirmed);
        let district = world.acting("district-a");
        let hours = claims::recognise(&district, id, 2).await.unwrap();
        assert_eq!(hours, Hours::whole(8));
        let listed = claims::list(&district, &claims::ClaimFilter::default(), &Window::first(10))
            .await
            .unwrap();
        assert_eq!(listed.rows.len(), 1);
    }
);

fn training(day: Date) -> Facts {
    Facts {
        title: "专题培训".into(),
        subject: Some(Subject::Professional),
        quantity: Some(100),
        from: Some(day),
        to: Some(day),
        ..Facts::default()
    }
}

/// Somebody of district a without an employer, signed in as themselves.
async fn alone(world: &World) -> registry::Ctx {
    use registry::people::{self, PersonDraft};
    let document = kernel::IdentityDocument::demo(date(1990, 6, 1), 700);
    let mut draft = PersonDraft::new("陈示独", kernel::DocumentKind::Resident, document.number());
    draft.phone = "19900009999".into();
    draft.district = Some("310104".into());
    let person = people::create(&world.acting("district-a"), draft).await.unwrap();
    let mut tx = world.db.read().await.unwrap();
    let place = people::load(&mut tx, person).await.unwrap().place();
    let mut actor = world.city.actor("learner-a");
    actor.account = None;
    actor.own = place;
    world.ctx(actor)
}
