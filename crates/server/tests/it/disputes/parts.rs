//! 必修 and 选修 in a case, and cases about a year that is closed: what is granted is posted as what it was found to be.

use kernel::{Hours, date, id::DisputeId};
use rules::credits::Subject;
use rules::credits::disputes::DisputeCode;
use testkit::{Browser, World, both_engines};

use super::{PDF, case, code};
use crate::closing::recorded_on;

/// A missing hour asked for on its page: what is typed beside the reason.
async fn asked(browser: &Browser, fields: &[(&str, &str)]) -> DisputeId {
    let receipt = browser.upload("/desk/disputes/new", fields, PDF).await.is(303).location;
    let id = receipt.trim_end_matches("/receipt").rsplit('/').next();
    id.and_then(|id| id.parse().ok()).expect("an id")
}

/// The district decides for the person, with what is typed.
async fn upheld(world: &World, id: DisputeId, fields: &[(&str, &str)]) {
    let version = case(world, id).await.version.to_string();
    let mut ruling = vec![
        ("version", version.as_str()),
        ("outcome", "upheld"),
        ("reason", "结业证书可以证明"),
    ];
    ruling.extend_from_slice(fields);
    let district = world.sign_in("district-a").await;
    district
        .post(&format!("/desk/disputes/{id}/decide"), &ruling)
        .await
        .is(303);
    assert_eq!(code(world, id).await, DisputeCode::Final);
}

async fn year(world: &World, year: i32) -> rules::credits::Statement {
    let ctx = world.acting("learner-a");
    let mut tx = ctx.db.read().await.expect("a reader");
    let person = world.city.person("learner-a");
    learning::credits::statement(&ctx, &mut tx, person, year)
        .await
        .expect("a year")
}

const PUBLIC: [(&str, &str); 6] = [
    ("title", "公需科目必修课"),
    ("hours", "10"),
    ("subject", "public"),
    ("compulsory", "1"),
    ("form", "distance"),
    ("earned_on", "2026-03-02"),
];

both_engines!(
    r53_r39_a_missing_compulsory_hour_is_granted_as_compulsory,
    |world| async {
        let world = &world;
        let learner = world.sign_in("learner-a").await;
        learner
            .get("/desk/disputes/new")
            .await
            .is(200)
            .sees("属于公需科目的必修学时");
        let mut fields = vec![("words", "学完了必修课，没有学时")];
        fields.extend_from_slice(&PUBLIC);
        let mut wrong = fields.clone();
        wrong[3] = ("subject", "professional");
        learner
            .upload("/desk/disputes/new", &wrong, PDF)
            .await
            .is(422)
            .sees("只有公需科目才有必修学时");
        let id = asked(&learner, &fields).await;
        let page = format!("/desk/disputes/{id}");
        world
            .sign_in("district-a")
            .await
            .get(&page)
            .await
            .is(200)
            .sees("主张 10 学时，公需科目（必修）");
        upheld(world, id, &PUBLIC).await;
        let statement = year(world, 2026).await;
        assert_eq!(
            (statement.public, statement.compulsory),
            (Hours::whole(10), Hours::whole(10))
        );
        learner
            .get("/desk/my/statement")
            .await
            .sees("认定 10 学时（公需科目必修）");
    }
);

both_engines!(r53_r39_an_elective_hour_is_corrected_to_compulsory, |world| async {
    let world = &world;
    let person = world.city.person("learner-a");
    let entry = recorded_on(world, person, ("elective", 10, Subject::Public), date(2026, 3, 2)).await;
    let entry = entry.expect("posted");
    assert_eq!(year(world, 2026).await.compulsory, Hours::ZERO);
    let learner = world.sign_in("learner-a").await;
    let mut fields = vec![("kind", "wrong"), ("words", "这门课是必修课，记成了选修")];
    fields.extend_from_slice(&PUBLIC);
    let receipt = learner
        .upload(&format!("/desk/entries/{entry}/dispute"), &fields, PDF)
        .await
        .is(303)
        .location;
    let id = receipt.trim_end_matches("/receipt").rsplit('/').next();
    upheld(world, id.and_then(|id| id.parse().ok()).expect("an id"), &PUBLIC).await;
    let statement = year(world, 2026).await;
    assert_eq!(
        (statement.public, statement.compulsory),
        (Hours::whole(10), Hours::whole(10))
    );
});

both_engines!(
    r61_a_decided_case_enters_a_closed_year_and_is_marked_as_a_correction,
    |world| async {
        let world = &world;
        let person = world.city.person("learner-a");
        recorded_on(world, person, ("known", 8, Subject::Professional), date(2025, 6, 3))
            .await
            .expect("2025 is open");
        let lead = world.sign_in("lead").await;
        let closing = [("version", "1"), ("late_until", "2026-03-06")];
        lead.post("/desk/years/2025/close", &closing).await.is(303);
        world.at(date(2026, 3, 10), 9, 0);
        let learner = world.sign_in("learner-a").await;
        let fields = [
            ("words", "去年参加的培训漏记了"),
            ("title", "数据治理"),
            ("hours", "6"),
            ("subject", "professional"),
            ("form", "class"),
            ("earned_on", "2025-11-20"),
        ];
        let id = asked(&learner, &fields).await;
        upheld(world, id, &fields[1..]).await;
        let statement = year(world, 2025).await;
        assert_eq!(statement.professional, Hours::whole(14));
        learner
            .get("/desk/my/statement?year=2025")
            .await
            .is(200)
            .sees("关账时共 8 学时")
            .sees("此后更正 1 笔，合计 +6 学时")
            .sees("关账后更正");
    }
);
