//! Webhooks, from the administrator's form to a receiver on this machine that checks what it gets.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::args;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::Place;
use registry::webhooks::{self, Announcement, Dispatcher};
use rules::webhooks::EventKind;
use serde_json::Value as Json;
use sha2::Sha256;
use testkit::{Answer, Browser, World, both_engines};
use tokio::sync::{Notify, mpsc};

use crate::journey::completed_class;

/// A request that came.
#[derive(Debug, Clone)]
struct Got {
    id: String,
    at: String,
    signatures: String,
    body: String,
}

impl Got {
    fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether one of the signatures is that of this secret: computed here from the text of Standard Webhooks.
    fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(self.id.as_bytes());
        mac.update(b".");
        mac.update(self.at.as_bytes());
        mac.update(b".");
        mac.update(self.body.as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.signatures.split(' ').any(|signature| signature == expected)
    }
}

/// A receiver that answers with a status that can be changed.
struct Receiver {
    address: String,
    status: Arc<AtomicU16>,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    async fn new() -> Self {
        let (status, got) = (Arc::new(AtomicU16::new(200)), Arc::new(Mutex::new(Vec::new())));
        let shared = (Arc::clone(&status), Arc::clone(&got));
        let router = axum::Router::new().route("/hook", post(take)).with_state(shared);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, status, got }
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn taken(&self) -> Vec<Got> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }
}

type Shared = (Arc<AtomicU16>, Arc<Mutex<Vec<Got>>>);

async fn take(State((status, got)): State<Shared>, headers: HeaderMap, body: String) -> (StatusCode, &'static str) {
    let header = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    got.lock().unwrap().push(Got {
        id: header("webhook-id"),
        at: header("webhook-timestamp"),
        signatures: header("webhook-signature"),
        body,
    });
    (StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap(), "noted")
}

/// The secret on the one page that shows it.
fn secret_on(page: &Answer) -> String {
    let text = page.text();
    let start = text
        .find("whsec_")
        .unwrap_or_else(|| panic!("no secret: {}", page.outline()));
    text[start..].split(['<', '"', ' ']).next().unwrap().to_owned()
}

async fn filled(browser: &Browser, path: &str, address: &str, kinds: &[EventKind]) -> Answer {
    let mut fields = vec![("label", "接收系统"), ("address", address)];
    fields.extend(kinds.iter().map(|kind| ("kinds", kernel::Code::code(*kind))));
    browser.post(path, &fields).await
}

/// A new endpoint through the page: its path and its secret.
async fn endpoint(browser: &Browser, address: &str, kinds: &[EventKind]) -> (String, String) {
    let page = filled(browser, "/desk/webhooks/new", address, kinds).await.is(200);
    let text = page.text();
    let links = text.match_indices("href=\"/desk/webhooks/");
    let path = links
        .map(|(at, _)| text[at + 6..].split('"').next().unwrap_or_default())
        .find(|path| path.trim_start_matches("/desk/webhooks/").parse::<i64>().is_ok());
    (path.expect("a link to the endpoint").to_owned(), secret_on(&page))
}

fn dispatcher(world: &World) -> Dispatcher {
    server::jobs::dispatcher(&world.app, 5)
}

async fn dispatched(world: &World) -> u64 {
    dispatcher(world).catch_up().await.unwrap()
}

/// Tells of something that everybody may know.
async fn announced(world: &World, event: i64) -> u64 {
    let announcement = Announcement {
        event: kernel::Id::new(event),
        kind: EventKind::YearClosed,
        at: world.clock.now(),
        things: vec![("2025".to_owned(), Place::default())],
        cause: None,
    };
    webhooks::announce(&world.system(), &announcement).await.unwrap()
}

/// The version of an endpoint as its page carries it.
async fn version(browser: &Browser, path: &str) -> String {
    let text = browser.get(path).await.is(200).text();
    let start = text.find("name=\"version\" value=\"").expect("a version") + 22;
    text[start..].split('"').next().unwrap().to_owned()
}

both_engines!(
    r72_a_system_is_told_by_signed_messages_of_what_its_account_can_see_and_of_nobody,
    |world| async {
        let world = &world;
        let hours = [
            EventKind::HoursPosted,
            EventKind::CertificateIssued,
            EventKind::ClassPublished,
        ];
        let (ours, theirs, teachers) = (Receiver::new().await, Receiver::new().await, Receiver::new().await);
        let (_, secret) = endpoint(&world.sign_in("employer-a").await, &ours.address, &hours).await;
        endpoint(&world.sign_in("employer-b").await, &theirs.address, &hours).await;
        let completed = [EventKind::ClassCompleted];
        endpoint(&world.sign_in("provider-a").await, &teachers.address, &completed).await;
        completed_class(world, &world.sign_in("learner-a").await).await;
        dispatched(world).await;

        let got = ours.taken();
        let kinds: Vec<String> = got
            .iter()
            .map(|got| got.json()["type"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(kinds, ["class.published", "hours.posted", "certificate.issued"]);
        assert!(got.iter().all(|got| got.is_signed_with(&secret)));
        assert!(!got[0].is_signed_with("whsec_AAAA"));
        assert_eq!(got.iter().map(|got| &got.id).collect::<BTreeSet<_>>().len(), 3);
        let seconds = world.clock.now().micros() / 1_000_000;
        assert!(got.iter().all(|got| got.at == seconds.to_string()));

        let mut tx = world.db.read().await.unwrap();
        let (entry, class): (i64, i64) = tx
            .one("select e.id, k.id from credits_entries e, classes k", &[])
            .await
            .unwrap();
        let posted = got[1].json();
        assert_eq!(
            posted["data"],
            serde_json::json!({ "entries": [entry.to_string()], "class": class.to_string() })
        );
        let number: String = tx.one("select number from credentials", &[]).await.unwrap();
        assert_eq!(got[2].json()["data"], serde_json::json!({ "certificates": [number] }));
        // no name, no identity number, no person, no hours.
        let person = registry::people::load(&mut tx, world.city.person("learner-a"))
            .await
            .unwrap();
        drop(tx);
        for got in &got {
            for personal in [&*person.name, person.document.number(), &person.id.to_string(), "3.66"] {
                assert!(!got.body.contains(personal), "{personal}: {}", got.body);
            }
        }
        // The neighbour hears what is public and nothing else; the provider of its class.
        let heard: Vec<Json> = theirs.taken().iter().map(|got| got.json()["type"].clone()).collect();
        assert_eq!(heard, ["class.published"]);
        let heard: Vec<Json> = teachers.taken().iter().map(|got| got.json()["data"].clone()).collect();
        assert_eq!(heard, [serde_json::json!({ "classes": [class.to_string()] })]);
        assert_eq!(dispatched(world).await, 0, "nothing is sent twice");
    }
);

both_engines!(what_is_taken_back_is_told_too, |world| async {
    let world = &world;
    completed_class(world, &world.sign_in("learner-a").await).await;
    let receiver = Receiver::new().await;
    let kinds = [EventKind::HoursReversed, EventKind::CertificateRevoked];
    endpoint(&world.sign_in("employer-a").await, &receiver.address, &kinds).await;
    let mut tx = world.db.read().await.unwrap();
    let entry: kernel::EntryId = tx.one("select id from credits_entries", &[]).await.unwrap();
    drop(tx);
    learning::credits::reverse(&world.acting("lead"), entry, "登记有误，予以冲正")
        .await
        .unwrap();
    world.run_jobs().await;
    dispatched(world).await;
    let heard: BTreeSet<String> = receiver
        .taken()
        .iter()
        .map(|got| got.json()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        heard,
        BTreeSet::from(["certificate.revoked".into(), "hours.reversed".into()])
    );
});

both_engines!(a_message_is_tried_again_until_it_is_taken_or_given_up, |world| async {
    let world = &world;
    let receiver = Receiver::new().await;
    let lead = world.sign_in("lead").await;
    let (path, _) = endpoint(&lead, &receiver.address, &[EventKind::YearClosed]).await;
    assert_eq!(announced(world, 1).await, 1);
    receiver.answers(500);
    assert_eq!(dispatched(world).await, 1);
    assert_eq!(dispatched(world).await, 0, "not before its time");
    lead.get(&path)
        .await
        .is(200)
        .sees("重试中")
        .sees("HTTP 500")
        .sees("连续 1 次没有送达");
    world.clock.set(world.clock.now().plus_seconds(10));
    receiver.answers(204);
    assert_eq!(dispatched(world).await, 1);
    let got = receiver.taken();
    assert_eq!((got.len(), &got[0].id), (2, &got[1].id), "one message under one id");
    assert_ne!(got[0].at, got[1].at, "each attempt is signed for its own moment");
    lead.get(&path).await.is(200).sees("已送达").sees("正在使用");

    // One that is never taken is given up after the last attempt, days later; it can be sent once more by hand.
    announced(world, 2).await;
    receiver.answers(503);
    let patient = server::jobs::dispatcher(&world.app, 90);
    let mut attempts = 0;
    for _ in 0..200 {
        attempts += patient.catch_up().await.unwrap();
        world.clock.set(world.clock.now().plus_seconds(3_600));
    }
    assert_eq!(attempts, 10);
    let lead = world.sign_in("lead").await;
    let text = lead.get(&path).await.is(200).sees("已放弃").text();
    let start = text.find("/desk/webhooks/messages/").unwrap();
    let message = text[start..].split('"').next().unwrap().to_owned();
    lead.get(&message).await.is(200).sees("noted").sees("year.closed");
    receiver.answers(200);
    receiver.taken();
    lead.post(&format!("{message}/again"), &[]).await.is(303);
    assert_eq!(dispatched(world).await, 1);
    lead.get(&message).await.is(200).sees("已送达");
    lead.get(&format!("{path}/messages?state=delivered"))
        .await
        .is(200)
        .sees("年度关账");
    lead.get(&format!("{path}/messages?state=given_up"))
        .await
        .is(200)
        .sees("没有符合条件的记录");
});

both_engines!(
    r74_an_endpoint_that_takes_nothing_for_days_is_switched_off_with_a_message,
    |world| async {
        let world = &world;
        let receiver = Receiver::new().await;
        let employer = world.sign_in("employer-a").await;
        let (path, _) = endpoint(&employer, &receiver.address, &[EventKind::YearClosed]).await;
        receiver.answers(500);
        for event in 0..6 {
            announced(world, event).await;
            dispatched(world).await;
            world.clock.set(world.clock.now().plus_days(1));
        }
        announced(world, 7).await;
        receiver.taken();
        assert_eq!(dispatched(world).await, 0, "it is told no more");
        let employer = world.sign_in("employer-a").await;
        employer.get(&path).await.is(200).sees("已停用").sees("连续送达失败");
        employer.get("/desk/messages").await.is(200).sees("事件通知已停用");
        employer.get("/desk/webhooks?state=off").await.is(200).sees("接收系统");
        // What was left waiting goes on when it is switched on again.
        receiver.answers(200);
        let fields = [("version", version(&employer, &path).await)];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        employer.post(&format!("{path}/on"), &fields).await.is(303);
        world.clock.set(world.clock.now().plus_days(3));
        assert!(dispatched(world).await > 0);
        let employer = world.sign_in("employer-a").await;
        employer.get(&path).await.is(200).sees("正在使用");

        // A receiver that says it is gone is believed at once.
        receiver.answers(410);
        employer.post(&format!("{path}/test"), &[]).await.is(303);
        dispatched(world).await;
        employer.get(&path).await.is(200).sees("接收方答复 410");
        employer.post(&format!("{path}/test"), &[]).await.is(409);
    }
);

both_engines!(two_secrets_sign_for_a_day_after_a_rotation, |world| async {
    let world = &world;
    let receiver = Receiver::new().await;
    let lead = world.sign_in("lead").await;
    let (path, first) = endpoint(&lead, &receiver.address, &[EventKind::YearClosed]).await;
    lead.get(&path).await.is(200).misses(&first);
    lead.get(&format!("{path}/secret"))
        .await
        .is(200)
        .sees("同时带新、旧两个密钥");
    let held = version(&lead, &format!("{path}/secret")).await;
    let fields = [("version", held.as_str())];
    let second = secret_on(&lead.post(&format!("{path}/secret"), &fields).await.is(200));
    assert_ne!(first, second);
    lead.post(&format!("{path}/secret"), &fields).await.is(409);
    let sent = async |event| {
        announced(world, event).await;
        dispatched(world).await;
        let got = receiver.taken().remove(0);
        (got.is_signed_with(&first), got.is_signed_with(&second))
    };
    assert_eq!(sent(1).await, (true, true));
    world.clock.set(world.clock.now().plus_days(1));
    assert_eq!(sent(2).await, (false, true));
});

both_engines!(
    addresses_inside_are_refused_at_the_field_and_again_when_sent,
    |world| async {
        let world = &world;
        let employer = world.sign_in("employer-a").await;
        let kinds = [EventKind::HoursPosted];
        for (address, said) in [
            ("https://10.0.0.8/hook", "内部地址"),
            ("https://169.254.169.254/latest/meta-data", "内部地址"),
            ("https://[fd00:ec2::254]/", "内部地址"),
            ("http://example.com/hook", "只接受 https://"),
            ("example.com", "完整的网址"),
            ("https://user:pass@example.com/", "用户名和密码"),
        ] {
            let page = filled(&employer, "/desk/webhooks/new", address, &kinds).await.is(422);
            page.sees(said).sees(address);
        }
        filled(&employer, "/desk/webhooks/new", "http://127.0.0.1:9/", &[])
            .await
            .is(422)
            .sees("至少选择一种事件");

        // The policy has become stricter since the address was saved: nothing is sent.
        let receiver = Receiver::new().await;
        let (path, _) = endpoint(&employer, &receiver.address, &kinds).await;
        employer.post(&format!("{path}/test"), &[]).await.is(303);
        let strict = courier::Courier::new(courier::Policy::default(), b"").unwrap();
        let strict = world.app.clone().sending_by(strict);
        assert_eq!(server::jobs::dispatcher(&strict, 5).catch_up().await.unwrap(), 1);
        assert!(receiver.taken().is_empty());
        employer.get(&path).await.is(200).sees("只接受 https://");
    }
);

both_engines!(
    endpoints_are_kept_by_administrators_within_their_bounds,
    |world| async {
        let world = &world;
        let receiver = Receiver::new().await;
        let employer = world.sign_in("employer-a").await;
        let kinds = [EventKind::HoursPosted, EventKind::YearClosed];
        let (path, _) = endpoint(&employer, &receiver.address, &kinds).await;
        for other in ["employer-b", "provider-a"] {
            let browser = world.sign_in(other).await;
            browser.get(&path).await.is(404);
            browser.post(&format!("{path}/off"), &[("version", "1")]).await.is(404);
            browser.get("/desk/webhooks").await.is(200).misses(&receiver.address);
        }
        world.sign_in("district-a").await.get("/desk/webhooks").await.is(403);
        // The operator sees the state of all, and may switch off; what is told stays bounded by the role that keeps it.
        let operator = world.sign_in("operator").await;
        operator.get("/desk/webhooks").await.is(200).sees(&receiver.address);
        let form = operator.get("/desk/webhooks/new").await.is(200);
        form.sees("班次发布").misses("学时入账");

        employer
            .get(&format!("{path}/edit"))
            .await
            .is(200)
            .sees(&receiver.address);
        let held = version(&employer, &format!("{path}/edit")).await;
        let edited = [
            ("version", held.as_str()),
            ("label", "人事系统"),
            ("address", receiver.address.as_str()),
            ("kinds", "year.closed"),
        ];
        employer.post(&format!("{path}/edit"), &edited).await.is(303);
        employer.post(&format!("{path}/edit"), &edited).await.is(409);
        employer.get(&path).await.is(200).sees("人事系统").misses("学时入账");

        // The same event again makes no second message, and one switched off hears nothing.
        announced(world, 1).await;
        announced(world, 1).await;
        dispatched(world).await;
        assert_eq!(receiver.taken().len(), 1);
        let held = version(&operator, &path).await;
        operator
            .post(&format!("{path}/off"), &[("version", held.as_str())])
            .await
            .is(303);
        announced(world, 2).await;
        assert_eq!((dispatched(world).await, receiver.taken().len()), (0, 0));

        // When the role that keeps it ends, it falls silent.
        let held = version(&employer, &path).await;
        employer
            .post(&format!("{path}/on"), &[("version", held.as_str())])
            .await
            .is(303);
        announced(world, 3).await;
        let mut tx = world.db.write().await.unwrap();
        tx.exec(
            "update grants set ended_at = 1, ended_by = 'test' where id = (select grant_id from webhook_endpoints)",
            args![],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert_eq!((dispatched(world).await, receiver.taken().len()), (0, 0));
        operator.get(&path).await.is(200).sees("所属账号的角色已终止");
        operator.post(&format!("{path}/on"), &[("version", "9")]).await.is(409);
    }
);

/// A receiver that answers nobody before it is released.
async fn held(release: Arc<Notify>, came: mpsc::UnboundedSender<&'static str>, name: &'static str) -> String {
    let router = axum::Router::new().route(
        "/hook",
        post(move || {
            let (release, came) = (Arc::clone(&release), came.clone());
            async move {
                came.send(name).unwrap();
                if name == "slow" {
                    release.notified().await;
                }
                StatusCode::OK
            }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

both_engines!(a_slow_receiver_does_not_hold_up_the_others, |world| async {
    let world = &world;
    let (release, (came, mut comes)) = (Arc::new(Notify::new()), mpsc::unbounded_channel());
    let lead = world.sign_in("lead").await;
    for name in ["slow", "fast"] {
        let address = held(Arc::clone(&release), came.clone(), name).await;
        endpoint(&lead, &address, &[EventKind::YearClosed]).await;
    }
    announced(world, 1).await;
    announced(world, 2).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = dispatcher(world);
    let running = tokio::spawn(async move { running.run(async { drop(stopped.await) }).await });
    // While the slow one has its first message and says nothing, the other gets both of its own.
    let mut heard = Vec::new();
    while heard.iter().filter(|name| **name == "fast").count() < 2 {
        heard.push(comes.recv().await.unwrap());
    }
    assert!(heard.iter().filter(|name| **name == "slow").count() <= 1, "{heard:?}");
    release.notify_one();
    while heard.iter().filter(|name| **name == "slow").count() < 2 {
        heard.push(comes.recv().await.unwrap());
    }
    release.notify_one();
    drop(stop);
    running.await.unwrap();
});
