//! The whole way of a call over HTTP, by each of its parties: from the draft to the published plan.

use kernel::Id;
use testkit::Browser;

use super::*;

async fn deed(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> testkit::Answer {
    browser.post(path, fields).await
}

both_engines!(a_call_goes_from_its_draft_to_the_published_plan, |world| async {
    let world = &world;
    let lead = world.sign_in("lead").await;
    let kinds = calls::templates(&world.acting("lead")).await.unwrap();
    let kind = kinds
        .iter()
        .find(|kept| kept.template.kind == TRAINING)
        .unwrap()
        .id
        .to_string();
    lead.get("/desk/calls/new").await.is(200).sees("项目种类");
    let fields = [
        ("template", kind.as_str()),
        ("title", "2026 年度高级研修项目征集"),
        ("body", "重点支持集成电路、生物医药、人工智能等领域。"),
        ("year", "2026"),
        ("places", "1"),
        ("opens_at", "2026-03-05T08:00"),
        ("topics_until", ""),
        ("closes_at", "2026-03-20T17:00"),
    ];
    deed(&lead, "/desk/calls/new", &fields)
        .await
        .is(422)
        .sees("选题截止时间");
    let mut whole = fields;
    whole[6].1 = "2026-03-13T17:00";
    let id = deed(&lead, "/desk/calls/new", &whole).await.is(303).id();
    world.visitor().get(&format!("/calls/{id}")).await.is(404);
    deed(&lead, &format!("/desk/calls/{id}/publish"), &[("version", "1")])
        .await
        .is(303);
    world.visitor().get("/calls").await.is(200).sees("ZJ2026-01");

    // A department is told, proposes a topic, is sent back, proposes again; the lead adopts.
    let department = world.sign_in("department-a").await;
    department.get("/desk/messages").await.is(200).sees("征集选题");
    department.get(&format!("/desk/topics/new?call={id}")).await.is(200);
    let mut topic = vec![
        ("call", id.to_string()),
        ("title", "大模型工程化应用".to_owned()),
        ("field", "ai".to_owned()),
        ("why", "三十家企业提出的实际需求。".to_owned()),
        ("host", "123".to_owned()),
    ];
    let typed = |topic: &[(&'static str, String)]| -> Vec<(&'static str, String)> { topic.to_vec() };
    let post = async |path: &str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        department.post(path, &fields).await
    };
    post("/desk/topics/new", typed(&topic))
        .await
        .is(422)
        .sees("统一社会信用代码");
    topic[4].1 = String::new();
    let topic_id = post("/desk/topics/new", typed(&topic)).await.is(303).id();
    let decide = format!("/desk/topics/{topic_id}/decide");
    lead.get(&format!("/desk/topics/{topic_id}")).await.is(200).sees("采纳");
    deed(&lead, &decide, &[("version", "1"), ("deed", "return"), ("reason", "")])
        .await
        .is(422);
    let why = "请写明企业名单和人数";
    deed(&lead, &decide, &[("version", "1"), ("deed", "return"), ("reason", why)])
        .await
        .is(303);
    department
        .get(&format!("/desk/topics/{topic_id}"))
        .await
        .is(200)
        .sees(why);
    topic.push(("version", "2".to_owned()));
    post(&format!("/desk/topics/{topic_id}/edit"), typed(&topic))
        .await
        .is(303);
    deed(&lead, &decide, &[("version", "3")]).await.is(303);
    world
        .visitor()
        .get(&format!("/calls/{id}"))
        .await
        .is(200)
        .sees("大模型工程化应用")
        .sees("公开申报");

    // The host writes, attaches, is told what the machine finds, hands in.
    let host = world.sign_in("provider-a").await;
    host.get("/desk/declarations")
        .await
        .is(200)
        .sees("申报“2026 年度高级研修项目征集”");
    host.get(&format!("/desk/declarations/new?call={id}"))
        .await
        .is(200)
        .sees("大模型工程化应用");
    let begun = [("call", id.to_string()), ("topic", topic_id.to_string())];
    let begun: Vec<(&str, &str)> = begun.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = deed(&host, "/desk/declarations/new", &begun).await.is(303);
    let one: i64 = answer.location.split('/').find_map(|part| part.parse().ok()).unwrap();
    let at = |part: &str| format!("/desk/declarations/{one}/{part}");
    host.get(&at("content"))
        .await
        .is(200)
        .sees("培训需求和目标")
        .sees("师资 1");
    deed(&host, &at("content"), &written(&[("people", "六十")]))
        .await
        .is(422)
        .sees("请填写整数");
    // Too dear by a fen: 650 × 60 × 5 = 195,000.
    deed(&host, &at("content"), &written(&[("lodging", "195000.01")]))
        .await
        .is(303);
    host.get(&at("check")).await.is(200).sees("不符合").sees("195000.00");
    deed(&host, &at("check"), &[("version", "1"), ("truthful", "1")])
        .await
        .is(422)
        .sees("课程方案");
    deed(&host, &at("content"), &written(&[])).await.is(303);
    host.get(&at("files")).await.is(200).sees("还缺：课程方案");
    host.upload(&at("files"), &[("label", "课程方案")], ("file", "方案.pdf", PDF))
        .await
        .is(303);
    host.get(&at("check")).await.is(200).misses("不符合");
    deed(&host, &at("check"), &[("version", "1"), ("truthful", "1")])
        .await
        .is(303);
    host.get(&at("receipt"))
        .await
        .is(200)
        .sees("XM2026-0001")
        .sees("2026年3月19日");

    // Recommended, checked, scored, proposed.
    department
        .get("/desk/declarations?turn=mine")
        .await
        .is(200)
        .sees("XM2026-0001");
    deed(
        &department,
        &at("recommend"),
        &[("version", "2"), ("reason", "符合行业需求")],
    )
    .await
    .is(303);
    lead.get("/desk/tasks").await.is(200).sees("形式审查项目申报");
    world.at(date(2026, 3, 23), 9, 0);
    world.run_jobs().await;
    // Sessions end when nobody works: whoever comes back signs in again.
    let lead = world.sign_in("lead").await;
    lead.get(&at("formal")).await.is(200).sees("讲课费标准");
    let judged = [
        "window",
        "declarant",
        "complete",
        "files",
        "budget",
        "lectures",
        "lecture_hours",
    ];
    let mut verdicts: Vec<(&str, &str)> = judged.iter().map(|item| (*item, "pass")).collect();
    verdicts.push(("version", "3"));
    deed(&lead, &at("formal"), &verdicts).await.is(422).sees("选题重复");
    verdicts.push(("duplicate", "pass"));
    deed(&lead, &at("formal"), &verdicts).await.is(303);
    let on = |part: &str| format!("/desk/calls/{id}/{part}");
    deed(&lead, &on("begin-review"), &[("version", "3")]).await.is(303);
    let score = format!("score_{one}");
    deed(&lead, &on("scores"), &[(score.as_str(), "101")]).await.is(422);
    deed(&lead, &on("scores"), &[(score.as_str(), "91.5")]).await.is(303);
    deed(&lead, &on("propose"), &[("version", "4")]).await.is(303);
    world.at(date(2026, 3, 24), 10, 0);
    let lead = world.sign_in("lead").await;
    lead.get(&format!("/desk/calls/{id}")).await.is(200);
    deed(&lead, &on("notice"), &[("version", "5")]).await.is(303);
    let visitor = world.visitor();
    let shown = visitor.get(&format!("/calls/{id}/notice")).await.is(200);
    shown
        .sees("测试a继续教育基地")
        .sees("2026年3月31日")
        .sees(&call(world, Id::new(id)).await.notice_digest);

    // Observed for five working days; then two bodies approve.
    watched(world, date(2026, 3, 24), date(2026, 3, 31)).await;
    visitor
        .get(&format!("/calls/{id}/evidence"))
        .await
        .is(200)
        .sees("已顺延 0 个工作日")
        .sees("不是第三方证明");
    let signed = visitor.get(&format!("/calls/{id}/evidence.jws")).await.is(200);
    assert_eq!(signed.text().split('.').count(), 3, "a JSON web signature");
    world.at(date(2026, 4, 1), 9, 0);
    world.run_jobs().await;
    visitor.get(&format!("/calls/{id}/objection")).await.is(200);
    let (lead, host) = (world.sign_in("lead").await, world.sign_in("provider-a").await);
    let finance = world.sign_in("finance").await;
    let shown = call(world, Id::new(id)).await.version.to_string();
    deed(&finance, &on("approve"), &[("version", shown.as_str())])
        .await
        .is(303);
    world
        .visitor()
        .get(&format!("/calls/{id}"))
        .await
        .is(200)
        .misses("JH2026-001");
    let shown = call(world, Id::new(id)).await.version.to_string();
    deed(&lead, &on("approve"), &[("version", shown.as_str())])
        .await
        .is(303);
    let plan = world.visitor().get(&format!("/calls/{id}")).await.is(200);
    plan.sees("JH2026-001").sees("测试a继续教育基地").sees("实施");
    host.get(&format!("/desk/declarations/{one}"))
        .await
        .is(200)
        .sees("JH2026-001")
        .sees("公示期满");
    host.get("/desk/messages").await.is(200).sees("列入年度项目计划");
});

/// Every field of a training, with these changes.
fn written(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![
        ("version", "1"),
        ("title", "大模型工程化应用"),
        ("field", "ai"),
        ("f1", "需求"),
        ("f2", "内容"),
        ("f3", "条件"),
        ("audience", "中级以上职称的工程技术人员"),
        ("people", "60"),
        ("front_line", "20"),
        ("from", "2026-09-07"),
        ("until", "2026-09-11"),
        ("days", "5"),
        ("venue", "上海"),
        ("teacher0_name", "测试教师"),
        ("teacher0_employer", "测试大学"),
        ("teacher0_rank", "senior"),
        ("teacher0_half_days", "2"),
        ("teacher0_hours", "8"),
        ("teacher0_fee", "1000"),
        ("lodging", "100000"),
        ("contact", "测试联系人"),
        ("phone", "021-00000000"),
    ];
    for (name, value) in changes {
        if let Some(field) = fields.iter_mut().find(|(known, _)| known == name) {
            field.1 = value;
        }
    }
    fields
}
