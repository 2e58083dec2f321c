//! Hours that people claim, by each party over HTTP: the whole way, returns and refusals, one achievement once, caps,
//! two clerks at once, an employer that stays silent, the draw and what it finds, bad input.

mod deciding;
mod draw;
mod way;
mod worth;

use kernel::Hours;
use learning::credits::{self, claims};
use rules::credits::Subject;
use rules::credits::claims::ClaimCode;
use testkit::{Answer, Browser, World};

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

/// What stands for a person, after the caps as they stood.
async fn balance(world: &World, login: &str, year: i32) -> Hours {
    let mut tx = world.db.read().await.unwrap();
    let person = world.city.person(login);
    credits::balance(&mut tx, person, year, Subject::Professional)
        .await
        .unwrap()
}

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
