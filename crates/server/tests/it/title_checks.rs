//! Title checks: by the person, the employer, the district, a system with a token; signed, kept, revoked.

use axum::http::Method;
use kernel::{Role, date};
use learning::credits;
use oversight::credentials::title_checks::KIND;
use rules::credits::Subject;
use rules::identity::TokenScope;
use serde_json::json;
use testkit::{World, both_engines};

use crate::api::system;
use crate::closing::recorded_on;

/// Public hours in each of the three years looked back.
async fn studied(world: &World, login: &str, hours: i64) -> Vec<kernel::EntryId> {
    let person = world.city.person(login);
    let mut entries = Vec::new();
    for year in 2023..=2025 {
        let key = format!("{login}:{year}");
        let entry = recorded_on(world, person, (&key, hours, Subject::Public), date(year, 6, 3)).await;
        entries.push(entry.expect("it is posted"));
    }
    entries
}

const ASKED: &[(&str, &str)] = &[
    ("series", "05"),
    ("level", "associate"),
    ("on", "2026-05-20"),
    ("purpose", "own"),
];

/// The complete number of a learner's document, read the way an administrator does.
async fn document(world: &World, login: &str) -> String {
    let mut tx = world.db.read().await.expect("a reader");
    let person = registry::people::load(&mut tx, world.city.person(login))
        .await
        .expect("the person");
    person.document.number().to_owned()
}

both_engines!(r64_a_person_sees_why_the_hours_do_or_do_not_suffice, |world| async {
    let world = &world;
    studied(world, "learner-a", 29).await;
    let learner = world.sign_in("learner-a").await;
    learner
        .get("/desk/title-checks/new")
        .await
        .is(200)
        .sees("依据转述，原文待核对");
    let path = learner.post("/desk/title-checks/new", ASKED).await.is(303).location;
    let page = learner.get(&path).await.is(200);
    page.sees("2023–2025 年公需科目 87 学时，要求 90 学时，还差 3 学时")
        .sees("仅供参考")
        .sees("陈*甲")
        .misses("陈示甲");
    let mut late = ASKED.to_vec();
    late[2] = ("on", "2031-01-01");
    learner
        .post("/desk/title-checks/new", &late)
        .await
        .is(422)
        .sees("申报日期应在");
    learner
        .get("/desk/title-checks")
        .await
        .is(200)
        .sees("YST-2026-")
        .sees("不符合");
    world.sign_in("learner-b").await.get(&path).await.is(404);
    world.sign_in("district-b").await.get(&path).await.is(404);
    world.sign_in("auditor").await.get(&path).await.is(200);
});

both_engines!(
    r65_a_system_gets_a_signed_answer_that_ends_with_its_hours,
    |world| async {
        let world = &world;
        let entries = studied(world, "learner-a", 30).await;
        let system = system(world, "lead", TokenScope::TitleChecks).await;
        let number = document(world, "learner-a").await;
        let asked = json!({ "document_no": number, "purpose": "title_review", "series": "05", "level": "associate", "on": "2026-05-20" });
        let told = system
            .json(Method::POST, "/api/v1/title-checks", &[], &asked)
            .await
            .is(200)
            .json();
        // 必修 is not on record, so somebody must look.
        assert_eq!(told["verdict"], "unknown");
        assert_eq!(told["document"]["entries"].as_array().map(Vec::len), Some(3));
        let keys = world.app.press.keys();
        let signed = told["signed"].as_str().expect("a token");
        let inside: serde_json::Value =
            serde_json::from_str(&seal::open_json(KIND, signed, keys).expect("genuine")).expect("JSON");
        assert_eq!(inside, told["document"], "what is signed is what is told");
        assert!(!signed.contains(&number) && !told.to_string().contains(&number));
        let answer = told["number"].as_str().expect("a number");
        let standing = format!("/api/v1/title-checks/{answer}");
        world
            .visitor()
            .get(&format!("/verify?n={answer}"))
            .await
            .is(200)
            .sees("目前有效")
            .misses("陈*甲");
        let valid = world.visitor().get(&standing).await.is(200).json();
        assert_eq!(valid["valid"], true);
        credits::reverse(&world.acting("lead"), entries[1], "登记有误，已核实")
            .await
            .expect("reversed");
        world.run_jobs().await;
        // the answer ends with an hour it rests on.
        let stranger = world.visitor();
        stranger
            .get(&format!("/verify?n={answer}"))
            .await
            .is(200)
            .sees("已撤销")
            .sees("学时已冲正");
        let (body, signature) = signed.rsplit_once('.').expect("a signature");
        let forged = format!("{body}.{}", signature.chars().rev().collect::<String>());
        for (file, word) in [(signed.to_owned(), "已撤销"), (forged, "不属实")] {
            stranger.get("/verify").await.is(200);
            stranger
                .upload("/verify", &[], ("file", "结论.jws", file.as_bytes()))
                .await
                .is(200)
                .sees(word);
        }
        let revoked = world.visitor().get(&standing).await.is(200).json();
        assert_eq!(revoked["valid"], false);
        assert!(
            revoked["revoked_because"]
                .as_str()
                .is_some_and(|why| why.contains("2024 年学时已冲正"))
        );
        // each asking stands in the trail.
        world
            .sign_in("auditor")
            .await
            .get("/desk/audit?act=check_title")
            .await
            .is(200)
            .sees(answer);
    }
);

both_engines!(bad_questions_and_strangers_are_refused, |world| async {
    let world = &world;
    let system = system(world, "department-a", TokenScope::TitleChecks).await;
    let stranger = document(world, "learner-b").await;
    let ask = async |number: &str, purpose: &str, on: &str| {
        let asked = json!({ "document_no": number, "purpose": purpose, "series": "05", "level": "senior", "on": on });
        system.json(Method::POST, "/api/v1/title-checks", &[], &asked).await
    };
    ask(&stranger, "title_review", "2026-05-20").await.is(404);
    ask("123", "title_review", "2026-05-20").await.is(422);
    ask(&stranger, "curiosity", "someday")
        .await
        .is(422)
        .sees("purpose")
        .sees("\"on\"");
    world
        .visitor()
        .get("/api/v1/title-checks/ZXT-2026-0000000000000-1")
        .await
        .is(404);
    let employer = world.sign_in("employer-a").await;
    let fields = [
        ("document_kind", "resident"),
        ("document_no", stranger.as_str()),
        ("series", "05"),
        ("level", "senior"),
        ("on", "2026-05-20"),
        ("purpose", "appointment"),
    ];
    employer
        .post("/desk/title-checks/new", &fields)
        .await
        .is(422)
        .sees("没有找到这个证件号码");
    assert!(rules::permits::reach(Role::Provider, rules::permits::Act::CheckTitle).is_none());
});
