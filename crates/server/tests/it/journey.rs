//! The main job from end to end: a class is published, a professional enrols, attends and passes, hours are posted with
//! their reason, a certificate and a statement are issued, a stranger verifies them, an altered one is refused.

use kernel::date;
use rules::attendance::Mark;
use rules::courses::Outcome;
use testkit::{Answer, Browser, World, both_engines};

use crate::courses::{mark_all, published, record_all, sessions};

/// The numbers of documents on a page, in order.
fn numbers(page: &Answer) -> Vec<String> {
    let text = page.text();
    let mut found: Vec<String> = text
        .match_indices("YS")
        .filter_map(|(at, _)| text.get(at..at + 18))
        .map(str::to_owned)
        .collect();
    found.retain(|number| rules::credentials::DocumentNumber::parse(number).is_some());
    found.dedup();
    found
}

/// The first file offered for download on a page.
pub(crate) async fn first_file(browser: &Browser, page: &str) -> Vec<u8> {
    let text = browser.get(page).await.is(200).text();
    let end = text.find("/file\"").expect("a file is offered");
    let start = text[..end].rfind('"').expect("an attribute") + 1;
    let answer = browser.get(&format!("{}/file", &text[start..end])).await.is(200);
    assert_eq!(&answer.bytes[..5], b"%PDF-");
    answer.bytes
}

pub(crate) async fn judged(stranger: &Browser, file: &[u8]) -> Answer {
    stranger.get("/verify").await.is(200);
    stranger
        .upload("/verify", &[], ("file", "证书.pdf", file))
        .await
        .is(200)
}

/// A class of one morning, held, called, judged and completed with one learner.
pub(crate) async fn completed_class(world: &World, learner: &Browser) {
    let class = published(world, "人工智能与数据治理", &[date(2026, 3, 25)], |_| {}).await;
    world
        .visitor()
        .get(&format!("/classes/{class}"))
        .await
        .is(200)
        .sees("人工智能与数据治理");
    let answer = learner.post(&format!("/classes/{class}/enrol"), &[]).await;
    assert!(answer.status == 303, "{}", answer.outline());
    world.at(date(2026, 3, 25), 12, 30);
    for session in sessions(world, class).await {
        mark_all(world, session, Mark::Present).await;
    }
    record_all(world, class, Outcome::Passed).await;
    learning::courses::complete(&world.acting("provider-a"), class)
        .await
        .expect("it completes");
    world.run_jobs().await;
}

both_engines!(
    from_a_class_notice_to_an_hour_that_a_stranger_can_verify,
    |world| async {
        let world = &world;
        completed_class(world, &world.sign_in("learner-a").await).await;
        // Three weeks have passed: the session has ended, as it should.
        let learner = world.sign_in("learner-a").await;
        // 165 taught minutes are 3.66 hours, less than the eight declared.
        let statement = learner.get("/desk/my/statement").await.is(200);
        let statement = statement
            .sees("3.66")
            .sees("授课 165 分钟 ÷ 45")
            .sees("还差")
            .sees("规则 R-7");
        drop(statement);
        let certificate = first_file(&learner, "/desk/my/certificates").await;
        let number = numbers(&learner.get("/desk/my/certificates").await).remove(0);

        let stranger = world.visitor();
        let told = stranger
            .get(&format!("/verify?n={number}"))
            .await
            .is(200)
            .sees("真实有效")
            .sees("3.66");
        // a stranger never reads the full name.
        told.sees("陈*甲").misses("陈示甲");
        judged(&stranger, &certificate).await.sees("真实有效").sees("未经改动");
        for place in [100, certificate.len() / 2, certificate.len() - 10] {
            let mut altered = certificate.clone();
            altered[place] ^= 1;
            judged(&stranger, &altered).await.sees("不属实").misses("未经改动");
        }
        stranger
            .get("/verify?n=YSC-2026-0009999-0")
            .await
            .is(200)
            .misses("真实有效");
        stranger
            .get(&format!("/verify?n={number}&s=AAAA"))
            .await
            .is(200)
            .sees("不属实");

        let person = world.city.person("learner-a").to_string();
        let fields = [("person", person.as_str()), ("year", "2026")];
        let first = learner
            .post("/desk/credentials/statement", &fields)
            .await
            .is(303)
            .location;
        let again = learner
            .post("/desk/credentials/statement", &fields)
            .await
            .is(303)
            .location;
        assert_eq!(first, again, "nothing changed, so it is the same statement");
        let statement = first_file(&learner, &first).await;
        judged(&stranger, &statement).await.sees("真实有效");
    }
);

both_engines!(a_reversed_hour_takes_its_certificate_along, |world| async {
    let world = &world;
    completed_class(world, &world.sign_in("learner-a").await).await;
    // Three weeks have passed: the session has ended, as it should.
    let learner = world.sign_in("learner-a").await;
    let number = numbers(&learner.get("/desk/my/certificates").await).remove(0);
    let lead = world.sign_in("lead").await;
    let list = lead.get("/desk/entries").await.is(200).text();
    let end = list.find("/reverse\"").expect("a correction is offered");
    let start = list[..end].rfind('/').expect("a path") + 1;
    let path = format!("/desk/entries/{}/reverse", &list[start..end]);
    lead.post(&path, &[("reason", "错")]).await.is(422).sees("冲正原因");
    lead.post(&path, &[("reason", "班次重复登记")]).await.is(303);
    lead.post(&path, &[("reason", "班次重复登记")])
        .await
        .is(409)
        .sees("已经冲正过");
    world.run_jobs().await;
    learner
        .get("/desk/my/statement")
        .await
        .is(200)
        .sees("已冲正")
        .sees("0 / 90");
    world
        .visitor()
        .get(&format!("/verify?n={number}"))
        .await
        .is(200)
        .sees("已撤销")
        .sees("学时已冲正");
});

both_engines!(the_ledger_and_the_trail_cannot_be_rewritten, |world| async {
    // nobody shortens the trail, so it is kept for longer than the six months that logs must be.
    let world = &world;
    completed_class(world, &world.sign_in("learner-a").await).await;
    for sql in [
        "update credits_entries set hours = 9000",
        "delete from credits_entries",
        "update audit set act = 'x'",
        "delete from audit",
    ] {
        let mut tx = world.db.write().await.expect("a writer");
        assert!(tx.exec(sql, &[]).await.is_err(), "{sql} must be refused");
    }
});
