//! Reports through the API.

use axum::http::Method;
use kernel::date;
use learning::courses as classes;
use rules::identity::TokenScope;
use serde_json::json;
use testkit::both_engines;

use super::{entries, who};
use crate::courses::{course, published};

both_engines!(a_system_files_and_reports_a_class_that_ran_elsewhere, |world| async {
    let world = &world;
    let ours = course(world, "provider-a").await;
    let token = crate::api::token(world, "provider-a", &[TokenScope::Completions]).await;
    let system = world.system_with(&token);
    let mut body = json!({
        "course": ours, "own_number": "JD-9", "title": "数据治理（基地自办）", "starts_on": "2026-03-03",
        "ends_on": "2026-03-03", "sessions": [{ "starts_at": "2026-03-03T09:00", "ends_at": "2026-03-03T12:00" }],
        "teacher": "王老师", "participants": 3, "declared_hours": "4",
    });
    let path = "/api/v1/filed-classes";
    let filed = system.json(Method::POST, path, &[], &body).await.is(200).json();
    assert_eq!(system.json(Method::POST, path, &[], &body).await.is(200).json(), filed);
    body["declared_hours"] = json!("80");
    body["own_number"] = json!("JD-10");
    let refused = system.json(Method::POST, path, &[], &body).await.is(422).json();
    assert_eq!(refused["errors"][0]["field"], "declared_hours");
    let class = filed["class"].as_str().expect("a class").to_owned();
    let (one, two) = (who(world, 0).await, who(world, 1).await);
    let rows = json!({ "results": [
        { "name": one.0, "document_no": one.1, "outcome": "passed" },
        { "document_no": two.1, "outcome": "passed" },
        { "name": "陈别人", "document_no": two.1, "outcome": "passed" },
    ] });
    let path = format!("/api/v1/classes/{class}/completions");
    let answer = system.json(Method::POST, &path, &[], &rows).await.is(200).json();
    assert_eq!(
        answer["summary"],
        json!({ "recorded": 1, "unchanged": 0, "refused": 2 })
    );
    assert!(
        answer["results"][1]["sentence"]
            .as_str()
            .is_some_and(|words| words.contains("请同时报送姓名"))
    );
    let again = system.json(Method::POST, &path, &[], &rows).await.is(200).json();
    assert_eq!(again["summary"], json!({ "recorded": 0, "unchanged": 1, "refused": 2 }));
    assert_eq!(entries(world).await, 1);
});

both_engines!(a_system_asks_who_can_come_and_enrols_those, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
    let token = crate::api::token(world, "provider-a", &[TokenScope::Completions]).await;
    let system = world.system_with(&token);
    let (one, two) = (who(world, 0).await, who(world, 1).await);
    let mut body = json!({ "people": [
        { "name": one.0, "document_no": one.1 }, { "name": "陈别人", "document_no": two.1 },
        { "name": "张三", "document_no": "31010419900101001X" },
    ] });
    let path = format!("/api/v1/classes/{class}/roster");
    let answers = |body: &serde_json::Value| -> Vec<String> {
        let rows = body["people"].as_array().into_iter().flatten();
        rows.filter_map(|row| row["answer"].as_str().map(str::to_owned))
            .collect()
    };
    let tried = system.json(Method::POST, &path, &[], &body).await.is(200);
    assert!(!tried.text().contains(&one.1), "numbers come back masked");
    assert_eq!(answers(&tried.json()), ["ready", "refused", "refused"]);
    body["enrol"] = json!(true);
    let done = system.json(Method::POST, &path, &[], &body).await.is(200).json();
    assert_eq!(answers(&done), ["enrolled", "refused", "refused"]);
    let again = system.json(Method::POST, &path, &[], &body).await.is(200).json();
    assert_eq!(answers(&again)[0], "already");
    let view = classes::view(&world.acting("provider-a"), class)
        .await
        .expect("the class");
    assert_eq!(view.class.taken(), 1);
});
