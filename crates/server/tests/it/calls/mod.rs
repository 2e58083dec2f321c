//! Calls for projects: a second kind from the screen, ties, alike titles, changes of a plan, scopes. `journey` goes the whole way over HTTP,
//! `breaking` tries to break it.

mod breaking;
mod journey;

use kernel::id::{CallId, DeclarationId, TopicId};
use kernel::{Date, Error, Money, date};
use oversight::calls::{self, CallFilter, DeclarationFilter, Draft, NewTopic};
use registry::Window;
use rules::calls::check::{Judged, Verdict};
use rules::calls::{CallState, Content, DeclarationState, Teacher, TeacherRank, TopicDeed};
use testkit::{World, both_engines};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
/// The kind that has neither topics nor recommendation.
const PACKAGE: &str = "基地培训项目需求包";
const TRAINING: &str = "高级研修项目";

/// A call of a kind, published, open until 20 March 17:00.
async fn published(world: &World, login: &str, kind: &str, places: u32) -> CallId {
    let ctx = world.acting(login);
    let kinds = calls::templates(&ctx).await.unwrap();
    let kept = kinds.iter().find(|kept| kept.template.kind == kind).unwrap();
    let draft = Draft {
        template: kept.id,
        year: 2026,
        title: format!("2026 年度{kind}征集"),
        body: "请各单位按照通知要求组织申报。".into(),
        places,
        opens_at: kernel::Time::local(date(2026, 3, 5), 8, 0),
        topics_until: kept
            .template
            .topics
            .then(|| kernel::Time::local(date(2026, 3, 13), 17, 0)),
        closes_at: kernel::Time::local(date(2026, 3, 20), 17, 0),
    };
    let id = calls::draft(&ctx, &draft).await.unwrap();
    calls::publish(&ctx, id, 1).await.unwrap();
    id
}

fn content(title: &str) -> Content {
    let answers = ["f1", "f2", "f3"].map(|key| (key.to_owned(), "说明".to_owned()));
    Content {
        title: title.into(),
        field: Some("ai".into()),
        answers: answers.into(),
        audience: "中级以上职称的工程技术人员".into(),
        people: Some(60),
        front_line: Some(20),
        from: Some(date(2026, 9, 7)),
        until: Some(date(2026, 9, 11)),
        days: Some(5),
        venue: "上海".into(),
        teachers: vec![Teacher {
            name: "测试教师".into(),
            employer: "测试大学".into(),
            rank: TeacherRank::Senior,
            half_days: 2,
            hours: kernel::Hours::whole(8),
            fee: Money::fen(100_000),
        }],
        costs: [("lodging".to_owned(), Money::fen(5_000_000))].into(),
        contact: "测试联系人".into(),
        phone: "021-00000000".into(),
    }
}

/// A declaration written, attached and handed in.
async fn declared(world: &World, login: &str, call: CallId, (topic, title): (Option<TopicId>, &str)) -> DeclarationId {
    let ctx = world.acting(login);
    let id = calls::begin(&ctx, call, topic).await.unwrap();
    calls::save(&ctx, id, 1, content(title)).await.unwrap();
    let view = calls::view_declaration(&ctx, id).await.unwrap();
    for wanted in view.call.template.files.iter().filter(|wanted| wanted.required) {
        let own = [PDF, id.to_string().as_bytes(), b"\n%%EOF\n"].concat();
        calls::attach(&ctx, id, (&wanted.label, "附件.pdf"), own).await.unwrap();
    }
    calls::submit(&ctx, id, 1).await.unwrap();
    id
}

async fn state(world: &World, id: DeclarationId) -> DeclarationState {
    calls::view_declaration(&world.system(), id)
        .await
        .unwrap()
        .declaration
        .state
}

async fn version(world: &World, id: DeclarationId) -> i64 {
    calls::view_declaration(&world.system(), id)
        .await
        .unwrap()
        .declaration
        .version
}

async fn call(world: &World, id: CallId) -> calls::Call {
    calls::view_call(&world.system(), id).await.unwrap().call
}

/// Every item as the machine found it; what it left open passes with a reason.
async fn judged(world: &World, id: DeclarationId) -> Vec<Judged> {
    let found = calls::examine(&world.system(), id).await.unwrap();
    found
        .into_iter()
        .map(|one| Judged {
            item: one.item,
            verdict: if one.verdict == Verdict::Look {
                Verdict::Pass
            } else {
                one.verdict
            },
            reason: "已人工核对，内容不重复".into(),
        })
        .collect()
}

async fn passed(world: &World, login: &str, id: DeclarationId) {
    let judged = judged(world, id).await;
    let passed = calls::decide_check(&world.acting(login), id, version(world, id).await, &judged).await;
    assert!(passed.unwrap());
}

/// A call in review since 23 March, with a declaration of provider-a and one of provider-b.
pub(crate) async fn reviewing(world: &World, places: u32) -> (CallId, [DeclarationId; 2]) {
    let id = published(world, "lead", PACKAGE, places).await;
    let ids = [
        declared(world, "provider-a", id, (None, "人工智能实训环境建设")).await,
        declared(world, "provider-b", id, (None, "生物医药课程开发更新")).await,
    ];
    world.at(date(2026, 3, 23), 9, 0);
    world.run_jobs().await;
    for one in ids {
        passed(world, "lead", one).await;
    }
    let lead = world.acting("lead");
    calls::begin_review(&lead, id, call(world, id).await.version)
        .await
        .unwrap();
    (id, ids)
}

/// A plan under notice since Tuesday 24 March 10:00: provider-a is in it, provider-b beside it.
async fn noticed(world: &World, places: u32) -> (CallId, [DeclarationId; 2]) {
    let (id, ids) = reviewing(world, places).await;
    let lead = world.acting("lead");
    let scores = vec![(ids[0], 9_050, String::new()), (ids[1], 8_800, String::new())];
    calls::record_scores(&lead, id, scores).await.unwrap();
    calls::propose(&lead, id, call(world, id).await.version).await.unwrap();
    world.at(date(2026, 3, 24), 10, 0);
    calls::give_notice(&lead, id, call(world, id).await.version)
        .await
        .unwrap();
    (id, ids)
}

/// Lets the platform observe every hour of the working day, from a day to a day.
async fn watched(world: &World, from: Date, until: Date) {
    let mut day = from;
    while day <= until {
        for hour in 9..=17 {
            // Never back in time.
            if world.clock.now() < kernel::Time::local(day, hour, 0) {
                world.at(day, hour, 0);
                world.run_jobs().await;
            }
        }
        day = day.succ_opt().unwrap();
    }
}

/// The plan of [`noticed`] after its notice has run its time.
async fn approving(world: &World, places: u32) -> (CallId, [DeclarationId; 2]) {
    let (id, ids) = noticed(world, places).await;
    watched(world, date(2026, 3, 24), date(2026, 3, 31)).await;
    world.at(date(2026, 4, 1), 9, 0);
    world.run_jobs().await;
    assert_eq!(call(world, id).await.state, CallState::Approving);
    (id, ids)
}

fn code<T: std::fmt::Debug>(result: kernel::Result<T>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(Error::Refused { code, .. }) => code.into(),
        Err(Error::Wrong(faults)) => faults[0].code.into(),
        Err(other) => other.to_string(),
    }
}

/// Topics and declarations on both sides of the city, for tests that need lists with rows.
pub async fn on_both_sides(world: &World) {
    let call = published(world, "lead", TRAINING, 5).await;
    for side in ["a", "b"] {
        let mut topics = Vec::new();
        for body in ["department", "district"] {
            let login = format!("{body}-{side}");
            let new = NewTopic {
                title: format!("{body} {side} 的选题"),
                field: "ai".into(),
                why: "本行业多个单位提出的实际需求。".into(),
                host: String::new(),
            };
            let topic = calls::propose_topic(&world.acting(&login), call, &new).await.unwrap();
            calls::decide_topic(&world.acting("lead"), topic, 1, TopicDeed::Adopt, "")
                .await
                .unwrap();
            topics.push(topic);
        }
        let title = format!("{side} 边的项目");
        declared(world, &format!("provider-{side}"), call, (Some(topics[0]), &title)).await;
        let own = published(world, &format!("department-{side}"), PACKAGE, 1).await;
        published(world, &format!("district-{side}"), PACKAGE, 1).await;
        declared(
            world,
            &format!("provider-{side}"),
            own,
            (None, &format!("{side} 边的需求包")),
        )
        .await;
    }
}

both_engines!(r91_a_second_kind_is_made_on_the_screen_and_called_for, |world| async {
    let world = &world;
    let lead = world.sign_in("lead").await;
    lead.get("/desk/call-templates/new").await.is(200);
    let mut fields = vec![
        ("kind", "成果转化竞赛"),
        ("topics", "0"),
        ("recommendation", "0"),
        ("blind", "1"),
        ("training", "0"),
        ("declarants", "employer"),
        ("approvers", "authority"),
        ("recommend", "10"),
        ("correct", "5"),
        ("check", "10"),
        ("notice", "4"),
        ("answer", "10"),
        ("approve", "20"),
        ("class", "third"),
        ("alike_percent", "70"),
        (
            "fields",
            "作品简介｜长文｜必填｜500｜解决什么问题\n参赛人数｜数字｜选填｜20｜",
        ),
        ("files", "作品说明书｜必交"),
        ("criteria", "创新性｜60\n应用前景｜40"),
    ];
    let path = "/desk/call-templates/new";
    lead.post(path, &fields)
        .await
        .is(422)
        .sees("公示期应在 5 到 60 个工作日之间");
    fields[10].1 = "6";
    lead.post(path, &fields).await.is(303);
    lead.post(path, &fields).await.is(422).sees("已有同名的项目种类");

    // The employer, who may not declare anything else, declares; nobody has to recommend.
    let call_id = published(world, "lead", "成果转化竞赛", 1).await;
    let employer = world.acting("employer-a");
    let id = calls::begin(&employer, call_id, None).await.unwrap();
    let mut entry = content("工业质检大模型应用");
    entry.answers = [
        ("f1".to_owned(), "缺陷检测".to_owned()),
        ("f2".to_owned(), "21".to_owned()),
    ]
    .into();
    calls::save(&employer, id, 1, entry.clone()).await.unwrap();
    calls::attach(&employer, id, ("作品说明书", "作品.pdf"), PDF.to_vec())
        .await
        .unwrap();
    assert!(matches!(calls::submit(&employer, id, 1).await, Err(Error::Wrong(faults)) if faults[0].field == "f2"));
    entry.answers.insert("f2".into(), "3".into());
    calls::save(&employer, id, 1, entry).await.unwrap();
    calls::submit(&employer, id, 1).await.unwrap();
    assert_eq!(state(world, id).await, DeclarationState::Checking);
    assert_eq!(
        code(calls::begin(&world.acting("provider-a"), call_id, None).await),
        "call.declarant"
    );
});

both_engines!(
    r92_a_tie_at_the_border_is_not_drawn_and_changes_of_the_plan_are_public,
    |world| async {
        let world = &world;
        let (id, ids) = approving(world, 2).await;
        for login in ["lead", "finance"] {
            calls::approve(&world.acting(login), id, call(world, id).await.version)
                .await
                .unwrap();
        }
        let lead = world.acting("lead");
        calls::defer(&lead, ids[0], version(world, ids[0]).await, "场地改造，推迟到下半年")
            .await
            .unwrap();
        calls::cancel_project(&lead, ids[1], version(world, ids[1]).await, "承办单位放弃承办")
            .await
            .unwrap();
        assert_eq!(
            code(calls::resume(&lead, ids[1], version(world, ids[1]).await, "恢复").await),
            "call.reason"
        );
        assert_eq!(
            code(calls::resume(&lead, ids[1], version(world, ids[1]).await, "恢复实施").await),
            "call.state"
        );
        let mut tx = world.db.read().await.unwrap();
        let code_of = async |tx: &mut db::Tx, name: &str| {
            registry::orgs::load(tx, world.city.org(name))
                .await
                .unwrap()
                .credit_code
        };
        let (other, employer) = (
            code_of(&mut tx, "provider-b").await,
            code_of(&mut tx, "employer-b").await,
        );
        drop(tx);
        let at = version(world, ids[0]).await;
        let why = "原承办单位师资不足";
        assert_eq!(
            code(calls::replace_host(&lead, ids[0], at, (employer.as_str(), why)).await),
            "call.declarant"
        );
        calls::replace_host(&lead, ids[0], at, (other.as_str(), why))
            .await
            .unwrap();
        let plan = world.visitor().get(&format!("/calls/{id}")).await.is(200);
        plan.sees("已延期")
            .sees("已取消")
            .sees("场地改造")
            .sees(why)
            .sees("测试b继续教育基地");
        // The new host sees the project now, the old one no longer.
        assert!(
            calls::view_declaration(&world.acting("provider-b"), ids[0])
                .await
                .is_ok()
        );
        assert!(matches!(
            calls::view_declaration(&world.acting("provider-a"), ids[0]).await,
            Err(Error::NotFound)
        ));
        let former = world.sign_in("provider-a").await;
        former.get("/desk/messages").await.is(200).sees("项目变更承办单位");
        // A tie at the border: both with the same score, one place.
        let second = published_tied(world).await;
        assert_eq!(
            code(calls::propose(&lead, second, call(world, second).await.version).await),
            "ranking.tie"
        );
    }
);

/// A call with one place in whose review two have the same score.
async fn published_tied(world: &World) -> CallId {
    let lead = world.acting("lead");
    let kinds = calls::templates(&lead).await.unwrap();
    let kept = kinds.iter().find(|kept| kept.template.kind == PACKAGE).unwrap();
    let draft = Draft {
        template: kept.id,
        year: 2026,
        title: "同分的征集".into(),
        body: "请各单位按照通知要求组织申报。".into(),
        places: 1,
        opens_at: world.clock.now(),
        topics_until: None,
        closes_at: kernel::Time::local(date(2026, 4, 10), 17, 0),
    };
    let id = calls::draft(&lead, &draft).await.unwrap();
    calls::publish(&lead, id, 1).await.unwrap();
    let mut scores = Vec::new();
    for side in ["a", "b"] {
        let login = format!("provider-{side}");
        scores.push((
            declared(world, &login, id, (None, &format!("{side} 的平台建设"))).await,
            9_000,
            String::new(),
        ));
    }
    world.at(date(2026, 4, 13), 9, 0);
    world.run_jobs().await;
    for (one, ..) in &scores {
        passed(world, "lead", *one).await;
    }
    calls::begin_review(&lead, id, call(world, id).await.version)
        .await
        .unwrap();
    calls::record_scores(&lead, id, scores).await.unwrap();
    id
}

both_engines!(
    r86_alike_titles_are_told_across_calls_and_a_person_decides,
    |world| async {
        let world = &world;
        let id = published(world, "lead", PACKAGE, 1).await;
        declared(world, "provider-a", id, (None, "智能制造工程技术应用")).await;
        let twin = declared(world, "provider-b", id, (None, "“智能制造工程技术应用”培训班")).await;
        let found = calls::examine(&world.acting("lead"), twin).await.unwrap();
        let alike = found
            .iter()
            .find(|one| one.item == rules::calls::check::Item::Duplicate)
            .unwrap();
        assert_eq!(alike.verdict, Verdict::Look);
        assert!(
            alike.reason.contains("XM2026-0001") && alike.reason.contains("100%"),
            "{}",
            alike.reason
        );
        let mut decided = judged(world, twin).await;
        for one in &mut decided {
            one.reason = String::new();
        }
        let lead = world.acting("lead");
        assert_eq!(
            code(calls::decide_check(&lead, twin, 2, &decided).await),
            "check.reason"
        );
        for one in decided
            .iter_mut()
            .filter(|one| one.item == rules::calls::check::Item::Duplicate)
        {
            (one.verdict, one.reason) = (Verdict::Fail, "与 XM2026-0001 内容重复".into());
        }
        assert!(!calls::decide_check(&lead, twin, 2, &decided).await.unwrap());
        let told = calls::view_declaration(&world.acting("provider-b"), twin)
            .await
            .unwrap();
        assert_eq!(told.declaration.state, DeclarationState::Failed);
        assert!(told.declaration.reason.contains("内容重复"));
    }
);

both_engines!(lists_keep_to_their_scope_and_drafts_to_their_host, |world| async {
    let world = &world;
    on_both_sides(world).await;
    let ctx = world.acting("provider-a");
    let calls_open = calls::open_calls(&ctx).await.unwrap();
    assert_eq!(calls_open.len(), 5);
    let all = DeclarationFilter {
        with_drafts: true,
        ..DeclarationFilter::default()
    };
    let own = calls::declarations(&ctx, &all, &Window::first(50)).await.unwrap();
    assert_eq!(own.rows.len(), 2);
    let kept = calls::calls(
        &world.acting("department-a"),
        &CallFilter::default(),
        &Window::first(50),
    )
    .await
    .unwrap();
    assert_eq!(kept.rows.len(), 1);
    for (login, path) in [
        ("provider-b", "/desk/declarations"),
        ("department-b", "/desk/declarations"),
        ("district-b", "/desk/declarations"),
    ] {
        let browser = world.sign_in(login).await;
        browser.get(path).await.is(200).misses("a 边的");
        browser
            .get(&format!("/desk/declarations/{}", own.rows[0].id))
            .await
            .is(404);
    }
});
