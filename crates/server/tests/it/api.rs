//! The interface for other systems: tokens, paging, keys of writes, and each endpoint as a system uses it.

use axum::http::Method;
use kernel::{ClassId, Date, IdentityDocument, date};
use learning::courses as classes;
use oversight::credentials;
use registry::Window;
use registry::identity::tokens::{self, NewToken};
use rules::identity::TokenScope;
use serde_json::{Value as Json, json};
use testkit::{Answer, Browser, World, both_engines};

use crate::courses::published;

const DAYS: [(i32, u32, u32); 2] = [(2026, 3, 23), (2026, 3, 24)];

fn days() -> Vec<Date> {
    DAYS.iter()
        .map(|(year, month, day)| date(*year, *month, *day))
        .collect()
}

pub(crate) async fn token(world: &World, login: &str, scopes: &[TokenScope]) -> String {
    let new = NewToken {
        account: world.city.actor(login).account.expect("an account"),
        grant: None,
        label: "测试系统".into(),
        scopes: scopes.to_vec(),
    };
    tokens::create(&world.system(), new).await.expect("a token")
}

/// A system that calls with a token of this account and scope.
pub(crate) async fn system(world: &World, login: &str, scope: TokenScope) -> Browser {
    world.system_with(&token(world, login, &[scope]).await)
}

fn header(answer: &Answer, name: &str) -> String {
    let value = answer.headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// Fails unless this is the problem with this code.
#[track_caller]
fn problem(answer: Answer, status: u16, code: &str) -> Json {
    let answer = answer.is(status);
    assert_eq!(header(&answer, "content-type"), "application/problem+json");
    let told = answer.json();
    assert_eq!(told["code"], code, "{told}");
    assert_eq!(told["status"], status);
    assert!(told["detail"].as_str().is_some_and(|sentence| !sentence.is_empty()));
    assert!(
        told["instance"]
            .as_str()
            .is_some_and(|id| id.starts_with("urn:zhixin:request:"))
    );
    told
}

/// Complete number of the `n`-th person of employer-a.
fn number(n: u32) -> String {
    let born = date(1985, 1, n + 1);
    IdentityDocument::demo(born, u32::from('a') % 1_000).number().to_owned()
}

/// A class of provider-a with the first three people of employer-a.
async fn filled(world: &World) -> ClassId {
    let class = published(world, "数据治理", &days(), |_| {}).await;
    let people = &world.city.people_of("employer-a")[..3];
    let answers = classes::enrol_staff(&world.acting("employer-a"), class, people).await;
    assert!(
        answers
            .expect("answers")
            .iter()
            .all(|answered| answered.answer.is_placed())
    );
    class
}

fn row(n: u32, outcome: &str) -> Json {
    json!({ "document_no": number(n), "outcome": outcome, "score": 90 })
}

async fn report(system: &Browser, class: ClassId, body: &Json) -> Answer {
    let path = format!("/api/v1/classes/{class}/completions");
    system.json(Method::POST, &path, &[], body).await
}

async fn count(world: &World, sql: &str) -> i64 {
    let mut tx = world.db.read().await.expect("a reader");
    tx.one(sql, &[]).await.expect("a count")
}

both_engines!(the_description_is_served, |world| async {
    let answer = world.visitor().get("/api/v1/openapi.json").await.is(200);
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert_eq!(answer.text(), api::document());
    assert!(
        answer.json()["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
});

both_engines!(a_token_opens_what_its_scope_says_and_nothing_else, |world| async {
    let world = &world;
    let rosters = "/api/v1/rosters";
    let nobody = world.visitor().get(rosters).await;
    assert_eq!(header(&nobody, "www-authenticate"), "Bearer realm=\"zhixin\"");
    problem(nobody, 401, "token.missing");
    // A session of a person means nothing here.
    problem(
        world.sign_in("employer-a").await.get(rosters).await,
        401,
        "token.missing",
    );
    let bad = world.system_with("zhixin_nonsense");
    let refused = bad.get(rosters).await;
    assert!(header(&refused, "www-authenticate").contains("invalid_token"));
    problem(refused, 401, "token.invalid");
    // A system notices on public endpoints too that its token is no good.
    problem(bad.get("/api/v1/catalogue").await, 401, "token.invalid");

    let good = token(world, "employer-a", &[TokenScope::Roster]).await;
    let system = world.system_with(&good);
    system.get(rosters).await.is(200);
    let asked = json!({ "document_no": number(0), "year": 2026 });
    let refused = system.json(Method::POST, "/api/v1/statements/query", &[], &asked).await;
    assert!(header(&refused, "www-authenticate").contains("insufficient_scope"));
    problem(refused, 403, "token.scope");
    problem(system.get("/api/v1/catalogue").await, 403, "token.scope");

    problem(system.get("/api/v1/nothing").await, 404, "not_found");
    let wrong = system.bytes("/api/v1/catalogue", &[], b"").await;
    assert!(header(&wrong, "allow").contains("GET"));
    problem(wrong, 405, "http.method");

    world.clock.set(world.clock.now().plus_days(397));
    problem(system.get(rosters).await, 401, "token.invalid");
});

both_engines!(a_system_that_asks_too_often_is_told_when_to_come_back, |world| async {
    let system = system(&world, "employer-a", TokenScope::Verify).await;
    for _ in 0..600 {
        system.get("/api/v1/rosters").await.is(403);
    }
    let refused = system.get("/api/v1/rosters").await;
    assert_eq!(header(&refused, "retry-after"), "1");
    let told = problem(refused, 429, "http.too_many");
    assert_eq!(
        told["detail"],
        "“报送人员名册”接口每分钟最多调用 600 次，请 1 秒后再试。"
    );
    // What is asked for another use is counted by itself, and title checks have a share of their own.
    system.get("/api/v1/catalogue").await.is(403);
    for _ in 0..700 {
        system
            .json(Method::POST, "/api/v1/title-checks", &[], &json!({}))
            .await
            .is(403);
    }
    world.clock.set(world.clock.now().plus_seconds(1));
    for _ in 0..10 {
        system.get("/api/v1/rosters").await.is(403);
    }
    system.get("/api/v1/rosters").await.is(429);
});

both_engines!(
    the_catalogue_is_paged_by_key_and_refuses_what_it_does_not_know,
    |world| async {
        let world = &world;
        let mut ids = Vec::new();
        for title in ["数据治理", "智能制造", "数据安全"] {
            ids.push(published(world, title, &days(), |_| {}).await.to_string());
        }
        let anyone = world.visitor();
        let first = anyone
            .get("/api/v1/catalogue?limit=2&subject=professional")
            .await
            .is(200);
        let link = header(&first, "link");
        let first = first.json();
        let next = first["next"].as_str().expect("a next page");
        assert_eq!(
            link,
            format!("</api/v1/catalogue?limit=2&subject=professional&after={next}>; rel=\"next\"")
        );
        let last = anyone
            .get(link.trim_start_matches('<').split('>').next().expect("an address"))
            .await
            .is(200);
        assert_eq!(header(&last, "link"), "");
        let last = last.json();
        assert_eq!(last["next"], Json::Null);
        let items = [&first, &last]
            .map(|page| page["items"].as_array().cloned().expect("items"))
            .concat();
        let seen: Vec<&str> = items.iter().filter_map(|item| item["id"].as_str()).collect();
        assert_eq!(seen, ids);
        assert_eq!(items[0]["hours"], "8");
        assert_eq!(items[0]["fee"], "0.00");
        assert_eq!(items[0]["starts_at"], "2026-03-23T09:00:00+08:00");
        assert_eq!(items[0]["phase"], "enrolment_open");

        let newest = anyone
            .get("/api/v1/catalogue?sort=newest&q=%E5%88%B6%E9%80%A0")
            .await
            .is(200)
            .json();
        assert_eq!(newest["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(newest["items"][0]["title"], "智能制造");
        assert_eq!(
            anyone.get("/api/v1/catalogue?subject=public").await.is(200).json()["items"],
            json!([])
        );
        let told = problem(
            anyone.get("/api/v1/catalogue?limit=0&subjet=x&open=ja&sort=best").await,
            422,
            "wrong",
        );
        let fields: Vec<&str> = told["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|e| e["field"].as_str())
            .collect();
        assert_eq!(fields, ["open", "sort", "limit", "subjet"]);
        problem(
            anyone.get(&format!("/api/v1/catalogue?sort=newest&after={next}")).await,
            422,
            "wrong",
        );
        problem(anyone.get("/api/v1/catalogue?after=%27or").await, 422, "wrong");

        let class = anyone
            .get(&format!("/api/v1/catalogue/{}", ids[0]))
            .await
            .is(200)
            .json();
        assert_eq!(class["title"], "数据治理");
        assert_eq!(class["sessions"][1]["position"], 2);
        assert_eq!(class["sessions"][0]["taught_minutes"], 165);
        let provider = world.acting("provider-a");
        let draft = classes::draft(&provider, crate::courses::course(world, "provider-a").await)
            .await
            .expect("a draft");
        for nothing in [draft.to_string(), "1".into(), "x".into()] {
            problem(
                anyone.get(&format!("/api/v1/catalogue/{nothing}")).await,
                404,
                "not_found",
            );
        }
    }
);

both_engines!(completions_are_reported_once_and_every_row_is_answered, |world| async {
    let world = &world;
    let class = filled(world).await;
    let provider = system(world, "provider-a", TokenScope::Completions).await;
    let two = json!({ "results": [row(0, "passed"), row(1, "failed")] });
    problem(report(&provider, class, &two).await, 409, "class.early");
    world.at(date(2026, 3, 24), 18, 0);
    let neighbour = system(world, "provider-b", TokenScope::Completions).await;
    // A published class is in everybody's sight, but its results are its provider's.
    problem(report(&neighbour, class, &two).await, 403, "forbidden");
    let bad = json!({ "results": [{ "document_no": number(0), "outcome": "good" }, row(1, "passed")] });
    assert_eq!(
        problem(report(&provider, class, &bad).await, 422, "wrong")["errors"][0]["field"],
        "results.0.outcome"
    );

    let mut rows = vec![row(0, "passed"), row(1, "failed"), row(7, "passed"), row(2, "passed")];
    rows[3]["score"] = json!(101);
    let first = report(&provider, class, &json!({ "complete": true, "results": rows }))
        .await
        .is(200)
        .json();
    let answers = |body: &Json| -> Vec<String> {
        let rows = body["results"].as_array().into_iter().flatten();
        rows.filter_map(|row| row["answer"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(answers(&first), ["recorded", "recorded", "unknown", "wrong"]);
    assert_eq!(first["summary"], json!({ "recorded": 2, "unchanged": 0, "refused": 2 }));
    assert_eq!(
        first["completed"],
        Json::Null,
        "a row that could not be recorded stops the completion"
    );
    assert!(!first.to_string().contains(&number(0)), "numbers come back masked");

    let all = json!({ "complete": true, "results": [row(0, "passed"), row(1, "failed"), row(2, "passed")] });
    let keyed = [("idempotency-key", "report-1")];
    let path = format!("/api/v1/classes/{class}/completions");
    let done = provider.json(Method::POST, &path, &keyed, &all).await.is(200);
    assert_eq!(answers(&done.json()), ["unchanged", "unchanged", "recorded"]);
    assert_eq!(
        done.json()["completed"],
        json!({ "passed": 2, "failed": 1, "absent": 0, "hours": "7.33" })
    );
    let posted = "select count(*) from credits_entries";
    assert_eq!(count(world, posted).await, 2);
    let again = provider.json(Method::POST, &path, &keyed, &all).await.is(200);
    assert_eq!(header(&again, "idempotency-replayed"), "true");
    assert_eq!(again.bytes, done.bytes);
    // Without a key the ledger is safe all the same; what differs now is told.
    let third = json!({ "complete": true, "results": [row(0, "passed"), row(1, "passed")] });
    assert_eq!(
        answers(&report(&provider, class, &third).await.is(200).json()),
        ["unchanged", "conflict"]
    );
    assert_eq!(count(world, posted).await, 2);
});

both_engines!(
    a_statement_is_given_masked_within_reach_and_into_the_trail,
    |world| async {
        let world = &world;
        let class = filled(world).await;
        world.at(date(2026, 3, 24), 18, 0);
        let provider = system(world, "provider-a", TokenScope::Completions).await;
        let all = json!({ "complete": true, "results": [row(0, "passed"), row(1, "passed"), row(2, "absent")] });
        report(&provider, class, &all).await.is(200);

        let employer = system(world, "employer-a", TokenScope::Statements).await;
        let path = "/api/v1/statements/query";
        let asked = json!({ "document_kind": "resident", "document_no": number(0), "year": 2026 });
        let told = employer.json(Method::POST, path, &[], &asked).await.is(200);
        assert!(!told.text().contains(&number(0)) && !told.text().contains("陈示甲"));
        let told = told.json();
        assert_eq!(
            (&told["person"]["name"], &told["person"]["masked"]),
            (&json!("陈*甲"), &json!(true))
        );
        assert_eq!(
            (&told["total"], &told["professional"]),
            (&json!("7.33"), &json!("7.33"))
        );
        assert_eq!(told["missing"], json!({ "total": "82.67", "professional": "52.67" }));
        assert_eq!(told["requirement"]["total"], "90");
        assert_eq!(told["entries"][0]["title"], "数据治理");
        assert_eq!(told["entries"][0]["earned_on"], "2026-03-24");
        assert!(
            told["entries"][0]["reason"]
                .as_str()
                .is_some_and(|reason| reason.contains("7.33"))
        );

        let mut complete = asked.clone();
        complete["complete"] = json!(true);
        let open = employer.json(Method::POST, path, &[], &complete).await.is(200).json();
        assert_eq!(open["person"]["document_no"], json!(number(0)));
        let read = "select count(*) from audit where act in ('hand_over_statement', 'hand_over_statement_complete')";
        assert_eq!(count(world, read).await, 2);

        let auditor = system(world, "auditor", TokenScope::Statements).await;
        problem(auditor.json(Method::POST, path, &[], &complete).await, 403, "forbidden");
        let neighbour = system(world, "employer-b", TokenScope::Statements).await;
        problem(neighbour.json(Method::POST, path, &[], &asked).await, 404, "not_found");
        assert_eq!(count(world, read).await, 2, "who was refused read nothing");
    }
);

both_engines!(a_body_that_does_not_fit_is_told_in_full, |world| async {
    let employer = system(&world, "employer-a", TokenScope::Statements).await;
    let path = "/api/v1/statements/query";
    let send = async |body: Json| employer.json(Method::POST, path, &[], &body).await;
    let field = |told: Json| told["errors"][0]["field"].clone();
    assert_eq!(
        field(problem(send(json!({ "document_no": "1" })).await, 422, "wrong")),
        "year"
    );
    assert_eq!(
        field(problem(
            send(json!({ "document_no": "1", "year": 2026, "x": 1 })).await,
            422,
            "wrong"
        )),
        "x"
    );
    assert_eq!(
        field(problem(
            send(json!({ "document_no": "1", "year": 26 })).await,
            422,
            "wrong"
        )),
        "year"
    );
    let wrong_digit = json!({ "document_no": "310101199001010013", "year": 2026 });
    assert_eq!(field(problem(send(wrong_digit).await, 422, "wrong")), "document_no");
    let number = json!({ "document_no": 310_101_199_001_010_012_i64, "year": 2026 });
    assert!(
        !problem(send(number).await, 422, "wrong").to_string().contains("310101"),
        "values are not quoted"
    );
    problem(
        employer
            .bytes(path, &[("content-type", "application/json")], b"{\"document_no\"")
            .await,
        400,
        "json.syntax",
    );
    problem(
        employer.bytes(path, &[("content-type", "text/plain")], b"{}").await,
        415,
        "http.media_type",
    );
    let large = vec![b' '; 3 << 20];
    problem(
        employer
            .bytes(path, &[("content-type", "application/json")], &large)
            .await,
        413,
        "http.too_large",
    );
});

const CSV: (&str, &str) = ("content-type", "text/csv");

/// A roster of one person who is not in the city yet.
fn roster(serial: u32, level: &str) -> Vec<u8> {
    let number = IdentityDocument::demo(date(1990, 5, 1), serial).number().to_owned();
    format!("姓名,身份证件号码,职称级别\n王测试,{number},{level}\n").into_bytes()
}

both_engines!(a_roster_is_checked_first_and_then_taken_as_a_whole, |world| async {
    let world = &world;
    let employer = system(world, "employer-a", TokenScope::Roster).await;
    let neighbour = system(world, "employer-b", TokenScope::Roster).await;
    let path = "/api/v1/rosters";
    let people = "select count(*) from people";
    let before = count(world, people).await;

    let faulty = employer.bytes(path, &[CSV], &roster(1, "特级")).await.is(202).json();
    assert_eq!(
        (&faulty["state"], &faulty["committable"]),
        (&json!("waiting"), &json!(false))
    );
    world.run_jobs().await;
    let at = |body: &Json| format!("{path}/{}", body["id"].as_str().expect("an id"));
    let checked = employer.get(&at(&faulty)).await.is(200).json();
    assert_eq!(
        (&checked["state"], &checked["rows"]["faulty"]),
        (&json!("checked"), &json!(1))
    );
    assert_eq!(checked["errors"][0]["row"], 2);
    let book = employer
        .get(checked["errors_href"].as_str().expect("an address"))
        .await
        .is(200);
    assert!(book.bytes.starts_with(b"PK"));
    problem(
        employer.bytes(&format!("{}/commit", at(&faulty)), &[], b"").await,
        409,
        "roster.faulty",
    );
    employer
        .bytes(&format!("{}/cancel", at(&faulty)), &[], b"")
        .await
        .is(200);
    problem(neighbour.get(&at(&faulty)).await, 404, "not_found");
    problem(
        neighbour.get(&format!("{}/errors.xlsx", at(&faulty))).await,
        404,
        "not_found",
    );

    let right = employer
        .upload(path, &[], ("file", "三月.csv", &roster(1, "中级")))
        .await
        .is(202)
        .json();
    assert_eq!(right["file_name"], "三月.csv");
    world.run_jobs().await;
    let checked = employer.get(&at(&right)).await.is(200).json();
    assert_eq!(
        (&checked["rows"]["new"], &checked["committable"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(checked["errors_href"], Json::Null);
    problem(
        employer.get(&format!("{}/errors.xlsx", at(&right))).await,
        404,
        "not_found",
    );
    assert_eq!(count(world, people).await, before, "a dry run writes nobody");
    let commit = format!("{}/commit", at(&right));
    let keyed = [("idempotency-key", "commit-1")];
    employer.bytes(&commit, &keyed, b"").await.is(202);
    world.run_jobs().await;
    assert_eq!(employer.get(&at(&right)).await.is(200).json()["state"], "done");
    assert_eq!(count(world, people).await, before + 1);
    employer.bytes(&commit, &keyed, b"").await.is(202);
    problem(employer.bytes(&commit, &[], b"").await, 409, "roster.state");

    let page = employer.get("/api/v1/rosters?limit=1").await.is(200).json();
    assert_eq!(page["items"][0]["id"], right["id"], "the latest first");
    let next = page["next"].as_str().expect("a next page");
    let rest = employer
        .get(&format!("/api/v1/rosters?after={next}"))
        .await
        .is(200)
        .json();
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(neighbour.get(path).await.is(200).json()["items"], json!([]));
    assert!(
        employer
            .get("/api/v1/rosters/template.xlsx")
            .await
            .is(200)
            .bytes
            .starts_with(b"PK")
    );

    problem(employer.bytes(path, &[CSV], b"").await, 422, "wrong");
    problem(
        employer.bytes(path, &[("content-type", "image/png")], b"x").await,
        415,
        "http.media_type",
    );
    let pretends = [("content-type", "application/octet-stream")];
    problem(
        employer.bytes(path, &pretends, b"%PDF-1.7 no table").await,
        422,
        "wrong",
    );
    let large = vec![b'x'; (20 << 20) + 1];
    problem(employer.bytes(path, &[CSV], &large).await, 413, "http.too_large");
});

both_engines!(a_key_makes_a_write_happen_once, |world| async {
    let world = &world;
    let employer = system(world, "employer-a", TokenScope::Roster).await;
    let path = "/api/v1/rosters";
    let imports = "select count(*) from roster_imports";
    let key = |key: &'static str| [CSV, ("idempotency-key", key)];
    let first = employer.bytes(path, &key("a-1"), &roster(1, "中级")).await.is(202);
    let again = employer.bytes(path, &key("a-1"), &roster(1, "中级")).await.is(202);
    assert_eq!(
        (
            header(&first, "idempotency-replayed"),
            header(&again, "idempotency-replayed")
        ),
        (String::new(), "true".into())
    );
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(count(world, imports).await, 1);
    let told = problem(
        employer.bytes(path, &key("a-1"), &roster(2, "中级")).await,
        422,
        "wrong",
    );
    assert_eq!(told["errors"][0]["code"], "idempotency.differs");
    let told = problem(
        employer
            .bytes(path, &[CSV, ("idempotency-key", "a b")], &roster(2, "中级"))
            .await,
        422,
        "wrong",
    );
    assert_eq!(told["errors"][0]["code"], "idempotency.form");
    // A key belongs to its account.
    let neighbour = system(world, "employer-b", TokenScope::Roster).await;
    let other = neighbour.bytes(path, &key("a-1"), &roster(3, "中级")).await.is(202);
    assert_ne!(other.json()["id"], first.json()["id"]);

    // What failed wrote nothing and may be tried again under its key.
    problem(
        employer.bytes(path, &key("a-2"), b"no,roster\n1,2\n").await,
        422,
        "wrong",
    );
    employer.bytes(path, &key("a-2"), &roster(2, "中级")).await.is(202);

    let before = count(world, imports).await;
    let file = roster(4, "中级");
    let (headers, at_once) = (key("a-3"), 5);
    let mut running = Vec::new();
    for _ in 0..at_once {
        let (employer, file) = (employer.clone(), file.clone());
        running.push(tokio::spawn(async move { employer.bytes(path, &headers, &file).await }));
    }
    let mut taken = 0;
    for task in running {
        let answer = task.await.expect("an answer");
        match answer.status.as_u16() {
            202 => taken += 1,
            _ => drop(problem(answer, 409, "idempotency.busy")),
        }
    }
    assert!(taken >= 1);
    assert_eq!(count(world, imports).await, before + 1, "five at once are one import");

    // After seven days the key is new again, and the daily sweep forgets the answers.
    world.clock.set(world.clock.now().plus_days(7));
    let anew = employer.bytes(path, &key("a-1"), &roster(1, "中级")).await.is(202);
    assert_ne!(anew.json()["id"], first.json()["id"]);
    world.clock.set(world.clock.now().plus_days(8));
    registry::identity::sweep(&world.system()).await.expect("a sweep");
    assert_eq!(count(world, "select count(*) from idempotency").await, 0);
});

both_engines!(a_stranger_verifies_by_number_and_by_file, |world| async {
    let world = &world;
    let class = filled(world).await;
    world.at(date(2026, 3, 24), 18, 0);
    let provider = system(world, "provider-a", TokenScope::Completions).await;
    let all = json!({ "complete": true, "results": [row(0, "passed"), row(1, "absent"), row(2, "absent")] });
    report(&provider, class, &all).await.is(200);
    world.run_jobs().await;
    let learner = world.acting("learner-a");
    let issued = credentials::list(&learner, &credentials::CredentialFilter::default(), &Window::first(10)).await;
    let issued = issued.expect("documents").rows.remove(0);
    let (_, pdf) = credentials::download(&learner, issued.id).await.expect("a file");

    let anyone = world.visitor();
    let by_number = anyone
        .get(&format!("/api/v1/verify/{}", issued.number))
        .await
        .is(200)
        .json();
    assert_eq!(
        (&by_number["verdict"], &by_number["document"]["proven"]),
        (&json!("genuine"), &json!(false))
    );
    assert_eq!(by_number["document"]["holder"], "陈*甲");
    assert_eq!(by_number["document"]["hours"], "7.33");
    let pdf_type = [("content-type", "application/pdf")];
    let by_file = anyone.bytes("/api/v1/verify", &pdf_type, &pdf).await.is(200).json();
    assert_eq!(
        (&by_file["verdict"], &by_file["document"]["proven"]),
        (&json!("genuine"), &json!(true))
    );
    assert_eq!(by_file["document"]["number"], json!(issued.number));
    let mut altered = pdf.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    let forged = anyone.bytes("/api/v1/verify", &pdf_type, &altered).await.is(200).json();
    assert_eq!(
        (&forged["verdict"], &forged["document"]),
        (&json!("forged"), &Json::Null)
    );
    let unknown = anyone.bytes("/api/v1/verify", &pdf_type, b"hello").await.is(200).json();
    assert_eq!(unknown["verdict"], "unknown");
    let with_foreign_signature = anyone
        .get(&format!("/api/v1/verify/{}?signature=abc", issued.number))
        .await;
    assert_eq!(with_foreign_signature.is(200).json()["verdict"], "forged");

    credentials::revoke(&world.acting("lead"), issued.id, issued.version, "学时已冲正，证书撤销")
        .await
        .expect("revoked");
    let ended = anyone.bytes("/api/v1/verify", &pdf_type, &pdf).await.is(200).json();
    assert_eq!(
        (&ended["verdict"], &ended["document"]["state"]),
        (&json!("ended"), &json!("revoked"))
    );
    assert_eq!(ended["document"]["revoked_because"], "学时已冲正，证书撤销");
    problem(
        anyone
            .bytes("/api/v1/verify", &[("content-type", "text/plain")], b"x")
            .await,
        415,
        "http.media_type",
    );
    problem(anyone.get("/api/v1/verify/1?signatur=x").await, 422, "wrong");
});
