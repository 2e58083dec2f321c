//! The demonstration city: what a visitor finds on each desk, that it proves, and that it stays where it belongs.

use std::sync::Arc;

use axum::Router;
use db::jobs::Worker;
use db::testing::{Engine, TestDb, engines, fresh};
use kernel::{Actor, Clock, Code as _, Date, Hours, PersonId, Role, Time, date};
use learning::courses::{CatalogueQuery, ClassFilter, Order};
use learning::credits::disputes::{self, DisputeFilter};
use oversight::credentials::Press;
use registry::{Ctx, Installation, Window, tasks};
use rules::courses::{Delivery, Phase};
use rules::credits::Standing;
use server::config::Config;
use server::demo::{self, LOGINS, Options, Outcome, PASSWORD, Progress};
use web::App;

const TODAY: Date = match Date::from_ymd_opt(2026, 11, 22) {
    Some(day) => day,
    None => panic!("a literal date exists"),
};
const SMALL: Options = Options {
    people: 160,
    classes: 6,
    today: TODAY,
};

/// An empty demonstration's installation.
struct Empty {
    db: TestDb,
    app: App,
    _folder: tempfile::TempDir,
}

impl Empty {
    async fn new(engine: Engine) -> Self {
        let db = fresh(engine).await;
        let clock = Clock::at(Time::local(TODAY, 18, 0));
        let folder = tempfile::tempdir().expect("a folder");
        let installation = Installation {
            demo: true,
            public_url: "http://zhixin.test".into(),
            data: folder.path().to_owned(),
        };
        let press = Arc::new(Press::open(folder.path()).expect("a press"));
        let app = App::new((*db).clone(), clock, installation, press, true)
            .await
            .expect("an application");
        registry::taxonomy::load_reference(&app.ctx(Actor::system("test")))
            .await
            .expect("reference data");
        app.refresh_calendar().await.expect("a calendar");
        Self {
            db,
            app,
            _folder: folder,
        }
    }

    fn system(&self) -> Ctx {
        self.app.ctx(Actor::system("test"))
    }

    async fn load(&self) -> Outcome {
        demo::load(&self.system(), &SMALL, &Progress::silent())
            .await
            .expect("the city is loaded")
    }

    async fn run_jobs(&self) {
        let worker = Worker::new(
            (*self.db).clone(),
            self.app.clock.clone(),
            server::jobs::handlers(&self.app, &server::visit::over_http("127.0.0.1:1")),
        );
        let ran = worker.run_due().await.expect("the worker runs");
        assert!(ran.failed.is_empty(), "{:?}", ran.failed);
    }

    fn router(&self) -> Router {
        let config = Config {
            visitor_posts_per_minute: 10_000,
            ..Config::default()
        };
        server::http::router(self.app.clone(), &config, None)
    }

    async fn acting(&self, login: &str) -> Ctx {
        let credentials = registry::identity::Credentials {
            login: login.into(),
            password: PASSWORD.into(),
            agent: "test".into(),
            address: "127.0.0.1".into(),
        };
        let session = registry::identity::login(&self.system(), &credentials)
            .await
            .expect("signs in");
        let signed_in = registry::identity::sessions::resolve(&self.app.db, &self.app.clock, &session.token);
        self.app
            .ctx(signed_in.await.expect("a reader").expect("a session").actor)
    }
}

async fn count(db: &TestDb, sql: &str) -> i64 {
    db.read()
        .await
        .expect("a reader")
        .one(sql, &[])
        .await
        .expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_city_is_whole_proves_and_is_loaded_once() {
    for engine in engines() {
        let city = Empty::new(engine).await;
        let Outcome::Loaded(summary) = city.load().await else {
            panic!("it was not empty")
        };
        assert_eq!((summary.people, summary.orgs), (160, 18 + 16 + 48 + 64));
        city.run_jobs().await;
        let mut tx = city.db.read().await.expect("a reader");
        let wrong = learning::credits::prove_balances(&mut tx, 5).await.expect("a proof");
        assert!(wrong.is_empty(), "{wrong:?}");
        let twice = "select count(*) from (select 1 as one from attendance_intervals a join attendance_intervals b
            on a.person = b.person and a.id < b.id and a.starts_at < b.ends_at and b.starts_at < a.ends_at limit 1) twice";
        assert_eq!(
            count(&city.db, twice).await,
            0,
            "nobody sits in two classes at once (R-12)"
        );
        let oversold = "select count(*) from classes k where k.capacity < (select count(*) from enrolments e
            where e.class = k.id and e.state in ('enrolled', 'completed', 'failed', 'absent'))";
        assert_eq!(
            count(&city.db, oversold).await,
            0,
            "no class has more people than seats (R-13)"
        );
        let unposted = "select count(*) from enrolments e where e.state = 'completed' and not exists
            (select 1 from credits_entries c where c.cause = 'enrolment:' || e.id)";
        assert_eq!(count(&city.db, unposted).await, 0, "who completed has hours");
        let before = count(&city.db, "select count(*) from people").await;
        assert_eq!(city.load().await, Outcome::Present);
        assert_eq!(count(&city.db, "select count(*) from people").await, before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_city_every_time() {
    let engine = engines()[0];
    let (one, other) = (Empty::new(engine).await, Empty::new(engine).await);
    one.load().await;
    other.load().await;
    for sql in [
        "select cast(sum(hours * (id % 1009) + year) as bigint) from credits_entries where id < 1000000",
        "select cast(sum(starts_at / 1000000 * (capacity + id % 97)) % 1000000007 as bigint) from classes where id < 1000000",
    ] {
        assert_eq!(count(&one.db, sql).await, count(&other.db, sql).await);
    }
    let names = |city: &Empty| {
        let ctx = city.system();
        async move {
            let ids = (1..=160).map(PersonId::new);
            let people = registry::people::load_many(&mut ctx.db.read().await.expect("a reader"), ids).await;
            people
                .expect("people")
                .into_iter()
                .map(|p| (p.name, p.document, p.born))
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(names(&one).await, names(&other).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_desk_has_its_work() {
    let city = Empty::new(engines()[0]).await;
    city.load().await;
    city.run_jobs().await;
    for login in LOGINS {
        let ctx = city.acting(login).await;
        assert_eq!(format!("demo-{}", ctx.actor.role.code()), login);
        let silent = matches!(
            ctx.actor.role,
            Role::Expert | Role::Finance | Role::Auditor | Role::Operator
        );
        let open = tasks::counts(&ctx).await.expect("tasks");
        assert!(silent || !open.is_empty(), "{login} has nothing to do");
    }
    // The learner: 72 of 90 hours, 18 missing in 专业科目, two certificates, an open class to join.
    let ctx = city.acting("demo-learner").await;
    let me = ctx.actor.person().expect("a person");
    let mut tx = city.db.read().await.expect("a reader");
    let statement = learning::credits::statement(&ctx, &mut tx, me, 2026)
        .await
        .expect("a statement");
    assert_eq!(statement.total, Hours::whole(72));
    let missing = Standing::Missing {
        total: Hours::whole(18),
        professional: Hours::whole(18),
    };
    assert_eq!(statement.standing(), missing);
    let last = learning::credits::statement(&ctx, &mut tx, me, 2025)
        .await
        .expect("a statement");
    assert_eq!(last.standing(), Standing::Reached);
    assert_eq!(
        count(&city.db, "select count(*) from credentials where person = 1").await,
        2
    );
    // The provider: something to call, something to judge, something open.
    let provider = city.acting("demo-provider").await;
    let window = Window::sorted("starts", true, 100);
    let listed = learning::courses::classes(&provider, &ClassFilter::default(), &window).await;
    let mut phases = Vec::new();
    for class in listed.expect("classes").rows {
        let view = learning::courses::view(&provider, class.id)
            .await
            .expect("a class")
            .class;
        phases.push(view.phase(provider.now()));
        if view.plan.title.contains("演示招生中") {
            let reasons = learning::courses::check_self(&ctx, view.id).await.expect("an answer");
            assert!(reasons.is_empty(), "{reasons:?}");
        }
    }
    for phase in [
        Phase::Draft,
        Phase::EnrolmentOpen,
        Phase::Teaching,
        Phase::AwaitingResult,
        Phase::Completed,
    ] {
        assert!(
            phases.contains(&phase),
            "no class of the demo provider is in {phase:?}: {phases:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn disputes_stand_at_each_point_of_their_way() {
    let city = Empty::new(engines()[0]).await;
    city.load().await;
    city.run_jobs().await;
    let lead = city.acting("demo-lead").await;
    let listed = disputes::list(&lead, &DisputeFilter::default(), &Window::first(50)).await;
    let mut states: Vec<&str> = listed
        .expect("cases")
        .rows
        .iter()
        .map(|line| line.case.state.code().code())
        .collect();
    states.sort_unstable();
    assert_eq!(states, ["answered", "appealed", "decided", "final", "opened"]);
    for login in ["demo-learner", "demo-provider", "demo-district"] {
        let own = disputes::list(&city.acting(login).await, &DisputeFilter::default(), &Window::first(50)).await;
        assert!(!own.expect("cases").rows.is_empty(), "{login} has no case");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_catalogue_has_every_field_and_every_delivery_and_finds_by_words() {
    for engine in engines() {
        let city = Empty::new(engine).await;
        city.load().await;
        let ctx = city.app.ctx(Actor::anonymous("test"));
        let window = Window::sorted(Order::Starts.code(), false, 100);
        let found = async |query: CatalogueQuery| {
            learning::courses::search(&ctx, &query, &window)
                .await
                .expect("a page")
                .rows
        };
        let mut tx = city.db.read().await.expect("a reader");
        let fields = registry::taxonomy::terms(&mut tx, registry::taxonomy::Vocabulary::FocusField)
            .await
            .expect("terms");
        assert_eq!(fields.len(), 20);
        for field in fields {
            let query = CatalogueQuery {
                field: Some(field.code.clone()),
                open_only: true,
                ..CatalogueQuery::default()
            };
            let cards = found(query).await;
            for delivery in Delivery::ALL {
                assert!(
                    cards.iter().any(|card| card.delivery == *delivery),
                    "{} {delivery:?}",
                    field.name
                );
            }
        }
        let words = |text: &str| CatalogueQuery {
            words: Some(text.into()),
            ..CatalogueQuery::default()
        };
        assert!(!found(words("芯片")).await.is_empty());
        assert!(found(words("没有这样的班")).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_data_is_never_mixed_with_the_demonstration() {
    let city = Empty::new(engines()[0]).await;
    let mut draft = registry::orgs::OrgDraft::new(
        registry::orgs::OrgKind::Enterprise,
        "真实单位",
        "91350100M000100Y43",
        "310104",
    );
    draft.is_employer = true;
    registry::orgs::create(&city.system(), draft)
        .await
        .expect("an organisation");
    let refused = demo::load(&city.system(), &SMALL, &Progress::silent())
        .await
        .expect_err("refused");
    assert!(
        matches!(
            refused,
            kernel::Error::Refused {
                code: "demo.occupied",
                ..
            }
        ),
        "{refused:?}"
    );
    assert!(!demo::is_demo(&city.db).await.expect("an answer"));
    let none = Options { people: 0, ..SMALL };
    assert!(demo::load(&city.system(), &none, &Progress::silent()).await.is_err());
    let early = Options {
        today: date(2020, 1, 1),
        ..SMALL
    };
    assert!(demo::load(&city.system(), &early, &Progress::silent()).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_turn_of_the_year_the_city_is_as_whole() {
    for today in [date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 2)] {
        let city = Empty::new(engines()[0]).await;
        let options = Options {
            people: 80,
            classes: 0,
            today,
        };
        city.app.clock.set(Time::local(today, 18, 0));
        demo::load(&city.system(), &options, &Progress::silent())
            .await
            .expect("the city is loaded");
        city.run_jobs().await;
        let ctx = city.acting("demo-learner").await;
        let mut tx = city.db.read().await.expect("a reader");
        let year = chrono::Datelike::year(&today);
        let statement = learning::credits::statement(&ctx, &mut tx, PersonId::new(1), year)
            .await
            .expect("a statement");
        assert_eq!(statement.total, Hours::whole(72), "{today}");
        assert!(
            learning::credits::prove_balances(&mut tx, 5)
                .await
                .expect("a proof")
                .is_empty()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_says_that_it_is_a_demonstration() {
    use tower::ServiceExt as _;
    let city = Empty::new(engines()[0]).await;
    city.load().await;
    for path in ["/", "/catalogue", "/login"] {
        let request = axum::http::Request::get(path)
            .body(axum::body::Body::empty())
            .expect("a request");
        let reply = city.router().oneshot(request).await.expect("a reply");
        let body = axum::body::to_bytes(reply.into_body(), usize::MAX)
            .await
            .expect("a body");
        assert!(String::from_utf8_lossy(&body).contains("演示数据"), "{path}");
    }
}
