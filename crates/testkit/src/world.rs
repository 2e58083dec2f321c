//! The world of one test.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use courier::{Courier, Policy};
use db::jobs::Worker;
use db::testing::{Engine, TestDb, fresh};
use kernel::{Actor, Clock, Date, Role, Time, date};
use learning::credits::log::audit::{State, audit};
use oversight::credentials::Press;
use registry::{Ctx, Installation};
use server::config::Config;
use web::App;

use crate::{Browser, City};

/// A database, a clock, the router, a small city.
pub struct World {
    /// The database; vanishes with the world.
    pub db: TestDb,
    /// Moved by hand; starts on Thursday, 5 March 2026, 9:00.
    pub clock: Clock,
    /// The wired application.
    pub app: App,
    /// The people and bodies of the city.
    pub city: City,
    router: Router,
    worker: Worker,
    _folder: tempfile::TempDir,
}

impl World {
    /// A world with reference data and the small city, on one engine.
    pub async fn new(engine: Engine) -> Arc<Self> {
        let db = fresh(engine).await;
        let clock = Clock::at(Time::local(date(2026, 3, 5), 9, 0));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let installation = Installation {
            demo: true,
            public_url: "http://zhixin.test".into(),
            data: folder.path().to_owned(),
        };
        let press = Arc::new(Press::open(folder.path()).expect("a press"));
        let app = App::new((*db).clone(), clock.clone(), installation, press, true)
            .await
            .expect("an application")
            .sending_by(Courier::new(Policy::default().with_loopback(), b"").expect("a courier"));
        let system = app.ctx(Actor::system("test"));
        registry::taxonomy::load_reference(&system)
            .await
            .expect("reference data");
        learning::credits::editions::ship(&system).await.expect("editions");
        oversight::calls::ship(&system).await.expect("kinds of call");
        app.refresh_calendar().await.expect("a calendar");
        let city = City::build(&app).await;
        let config = Config {
            visitor_posts_per_minute: 10_000,
            ..Config::default()
        };
        let router = server::http::router(app.clone(), &config, None);
        // Public pages are opened through the router itself: a test has no network.
        let visit = crate::browser::visiting(router.clone());
        let worker = Worker::new((*db).clone(), clock.clone(), server::jobs::handlers(&app, &visit));
        let world = Self {
            db,
            clock,
            app,
            city,
            router,
            worker,
            _folder: folder,
        };
        world.run_jobs().await;
        Arc::new(world)
    }

    /// Runs the body, then checks what must hold at the end of every test.
    pub async fn run<F: Future<Output = ()>>(world: &Arc<Self>, body: F) {
        body.await;
        world.run_jobs().await;
        let mut tx = world.db.read().await.expect("a reader");
        let wrong = learning::credits::prove_balances(&mut tx, 5).await.expect("a proof");
        assert!(wrong.is_empty(), "balances differ from their entries: {wrong:?}");
        let written: Vec<(String, String)> = tx
            .all("select distinct act, subject_kind from audit", &[])
            .await
            .expect("the trail");
        let wordless = rules::trail::wordless(written.iter().map(|(act, kind)| (&**act, &**kind)));
        assert!(
            wordless.is_empty(),
            "the trail has no words for {wordless:?}: add them to rules/src/trail"
        );
        let states = codes_shown(&mut tx).await;
        assert!(states.is_empty(), "the trail shows codes for states: {states:?}");
        drop(tx);
        world.prove_log().await;
    }

    /// Sequences what waits, and audits the ledger against its log.
    async fn prove_log(&self) {
        let sequencer = self.app.press.sequencer(&self.system());
        sequencer.catch_up().await.expect("the log catches up");
        let mut tx = self.db.snapshot().await.expect("a snapshot");
        let mut state = State::begin().expect("an audit");
        let keys = self.app.press.log_keys();
        let report = audit(&mut tx, &keys, &mut state, |_, _| Ok(()));
        let report = report.await.expect("an audit");
        assert_eq!(report.findings, [], "the ledger differs from its log");
        assert_eq!((report.entries, report.waiting), (report.head.size, 0));
    }

    /// Runs every job that is due; a job that fails fails the test.
    pub async fn run_jobs(&self) {
        let ran = self.worker.run_due().await.expect("the worker runs");
        assert!(ran.failed.is_empty(), "jobs failed: {:?}", ran.failed);
    }

    /// A context of use cases for an actor.
    pub fn ctx(&self, actor: Actor) -> Ctx {
        self.app.ctx(actor)
    }

    /// The platform's own context.
    pub fn system(&self) -> Ctx {
        self.ctx(Actor::system("test"))
    }

    /// The context of one of the city's accounts in its first role.
    pub fn acting(&self, login: &str) -> Ctx {
        self.ctx(self.city.actor(login))
    }

    /// A browser that nobody has signed in with.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which one of the city's accounts has signed in.
    pub async fn sign_in(&self, login: &str) -> Browser {
        let browser = self.visitor();
        browser.sign_in(login, crate::PASSWORD).await;
        browser
    }

    /// A system that calls the API with this token.
    pub fn system_with(&self, token: &str) -> Browser {
        self.visitor().bearing(token)
    }

    /// Moves the clock to a time of day.
    pub fn at(&self, day: Date, hour: u32, minute: u32) {
        self.clock.set(Time::local(day, hour, minute));
    }

    /// An actor of a role with nothing of its own, for permission tests.
    pub fn nobody(role: Role) -> Actor {
        Actor {
            role,
            ..Actor::anonymous("test")
        }
    }
}

/// Of the states in the trail: those that are shown by their code, because no row of `trail::value` knows them.
async fn codes_shown(tx: &mut db::Tx) -> Vec<String> {
    let written: Vec<(String, Option<String>)> = tx
        .all("select distinct subject_kind, after from audit", &[])
        .await
        .expect("the trail");
    let mut unknown = Vec::new();
    for (kind, after) in written {
        let after: serde_json::Value = serde_json::from_str(after.as_deref().unwrap_or("null")).expect("JSON");
        for member in ["state", "status", "standing"] {
            let Some(code) = after.get(member).and_then(|value| value.as_str()) else {
                continue;
            };
            if rules::trail::value(&kind, member, code) == code {
                unknown.push(format!("{kind}.{member} = {code}"));
            }
        }
    }
    unknown
}
