//! Jobs: at least once, by one worker at a time, retried with pauses, keyed, cancellable; events and schedules.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use db::{
    Db, Event, Job, Worker, args,
    jobs::{self, Handlers, JobState},
    testing,
};
use kernel::{Clock, Error, Time, date, id::JobId};
use proptest::prelude::{Just, Strategy as _, prop_oneof};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tokio::time::{sleep, timeout};

fn start() -> Time {
    Time::start_of(date(2026, 3, 5))
}

fn job(kind: &'static str, key: &str, clock: &Clock) -> Job {
    Job {
        kind,
        key: key.into(),
        body: json!({"n": 1}),
        run_at: clock.now(),
        requested_by: None,
    }
}

async fn enqueue(db: &Db, job: Job) -> JobId {
    let mut tx = db.write().await.unwrap();
    let id = jobs::enqueue(&mut tx, job).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn status(db: &Db, id: JobId) -> jobs::Status {
    jobs::load(&mut db.read().await.unwrap(), id).await.unwrap()
}

/// A handler that counts its runs and answers by `answer(run)`.
fn counting(
    kind: &'static str,
    answer: impl Fn(u32) -> kernel::Result<Json> + Send + Sync + 'static,
) -> (Handlers, Arc<AtomicU32>) {
    let runs = Arc::new(AtomicU32::new(0));
    let (counter, answer) = (Arc::clone(&runs), Arc::new(answer));
    let handlers = Handlers::new().on(kind, move |_| {
        let result = answer(counter.fetch_add(1, SeqCst) + 1);
        async move { result }
    });
    (handlers, runs)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_once_and_its_key_is_taken_for_ever() {
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        let (handlers, runs) = counting("k", |_| Ok(json!("done")));
        let worker = Worker::new(Db::clone(&db), clock.clone(), handlers);
        let id = enqueue(&db, job("k", "a", &clock)).await;
        assert_eq!(enqueue(&db, job("k", "a", &clock)).await, id);
        let later = Job {
            run_at: clock.now().plus_seconds(60),
            ..job("k", "b", &clock)
        };
        enqueue(&db, later).await;
        // A use case that is rolled back enqueues nothing.
        let mut tx = db.write().await.unwrap();
        jobs::enqueue(&mut tx, job("k", "c", &clock)).await.unwrap();
        drop(tx);
        assert_eq!(worker.run_due().await.unwrap().done, 1);
        assert_eq!(enqueue(&db, job("k", "a", &clock)).await, id);
        assert_eq!(worker.run_due().await.unwrap().done, 0);
        let now = status(&db, id).await;
        assert_eq!(
            (now.state, now.result, now.finished_at),
            (JobState::Done, Some(json!("done")), Some(start()))
        );
        clock.set(start().plus_seconds(60));
        assert_eq!(worker.run_due().await.unwrap().done, 1);
        assert_eq!(runs.load(SeqCst), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_retried_with_pauses_and_refusals_are_not() {
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        let (broken, runs) = counting("broken", |_| Err(Error::broken("disk on fire")));
        let (refused, _) = counting("refused", |_| Err(Error::refused("x.no", "不行，因为测试。")));
        let panicking = Handlers::new().on("panicking", |_| async { panic!("a handler panics") });
        let worker = Worker::new(Db::clone(&db), clock.clone(), broken.and(refused).and(panicking));
        let broken = enqueue(&db, job("broken", "a", &clock)).await;
        let refused = enqueue(&db, job("refused", "a", &clock)).await;
        let panicking = enqueue(&db, job("panicking", "a", &clock)).await;
        assert_eq!(worker.run_due().await.unwrap().failed.len(), 3);
        let state = status(&db, refused).await;
        assert_eq!(
            (state.state, state.note.as_deref()),
            (JobState::Dead, Some("不行，因为测试。"))
        );
        assert_eq!(status(&db, panicking).await.state, JobState::Waiting);
        let mut now = start();
        for attempt in 1..jobs::MAX_ATTEMPTS {
            assert_eq!(status(&db, broken).await.state, JobState::Waiting);
            let pause = 10 << (attempt - 1);
            clock.set(now.plus_seconds(pause - 1));
            assert!(
                worker.run_due().await.unwrap().failed.is_empty(),
                "too early after attempt {attempt}"
            );
            now = now.plus_seconds(pause);
            clock.set(now);
            worker.run_due().await.unwrap();
        }
        assert_eq!(status(&db, broken).await.state, JobState::Dead);
        assert_eq!(i64::from(runs.load(SeqCst)), jobs::MAX_ATTEMPTS);
        let mut tx = db.write().await.unwrap();
        jobs::revive(&mut tx, broken, clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        worker.run_due().await.unwrap();
        assert_eq!(i64::from(runs.load(SeqCst)), jobs::MAX_ATTEMPTS + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_never_run_a_job_twice() {
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        for n in 0..60 {
            enqueue(&db, job("k", &n.to_string(), &clock)).await;
        }
        let runs = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&runs);
        let handlers = Handlers::new().on("k", move |ctx| {
            counter.fetch_add(1, SeqCst);
            async move {
                ctx.progress(1, 1).await?;
                Ok(Json::Null)
            }
        });
        let workers: Vec<_> = (0..4)
            .map(|_| Worker::new(Db::clone(&db), clock.clone(), handlers.clone()))
            .map(|worker| tokio::spawn(async move { worker.run_due().await.unwrap() }))
            .collect();
        let mut done = 0;
        for worker in workers {
            let ran = worker.await.unwrap();
            assert!(ran.failed.is_empty(), "{:?}", ran.failed);
            done += ran.done;
        }
        assert_eq!((done, runs.load(SeqCst)), (60, 60));
    }
}

/// A worker that vanishes in the middle: its lease runs out, another takes over, the first changes nothing more.
#[tokio::test(flavor = "multi_thread")]
async fn a_vanished_workers_job_is_taken_over() {
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        let id = enqueue(&db, job("k", "a", &clock)).await;
        let stuck = Handlers::new().on("k", |ctx| async move {
            ctx.note("第一次").await?;
            sleep(Duration::from_secs(600)).await;
            Ok(json!("first"))
        });
        let first = Worker::new(Db::clone(&db), clock.clone(), stuck);
        let running = tokio::spawn(async move { first.run_due().await });
        while status(&db, id).await.note.is_none() {
            sleep(Duration::from_millis(5)).await;
        }
        let (handlers, runs) = counting("k", |_| Ok(json!("second")));
        let second = Worker::new(Db::clone(&db), clock.clone(), handlers);
        assert_eq!(second.run_due().await.unwrap().done, 0, "the lease holds");
        running.abort();
        clock.set(start().plus_seconds(61));
        assert_eq!(second.run_due().await.unwrap().done, 1);
        assert_eq!(
            (runs.load(SeqCst), status(&db, id).await.result),
            (1, Some(json!("second")))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outcome_of_a_lost_lease_is_not_written() {
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        let id = enqueue(&db, job("k", "a", &clock)).await;
        let robbed = Handlers::new().on("k", |ctx| async move {
            // Another worker takes it meanwhile.
            let mut tx = ctx.db.write().await?;
            tx.exec_one("update jobs set holder = 'another' where id = $1", args![ctx.id])
                .await?;
            tx.commit().await?;
            assert!(matches!(ctx.progress(1, 1).await, Err(Error::Stale)));
            Ok(json!("too late"))
        });
        Worker::new(Db::clone(&db), clock.clone(), robbed)
            .run_due()
            .await
            .unwrap();
        let now = status(&db, id).await;
        assert_eq!((now.state, now.result), (JobState::Running, None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_seen_and_cancelling_stops() {
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        let waiting = enqueue(
            &db,
            Job {
                run_at: start().plus_days(1),
                ..job("k", "w", &clock)
            },
        )
        .await;
        let running = enqueue(&db, job("k", "r", &clock)).await;
        let handlers = Handlers::new().on("k", |ctx| async move {
            for step in 0..1000 {
                ctx.progress(step, 1000).await?;
                ctx.stop_if_cancelled().await?;
                sleep(Duration::from_millis(5)).await;
            }
            Ok(Json::Null)
        });
        let worker = Worker::new(Db::clone(&db), clock.clone(), handlers);
        let task = tokio::spawn(async move { worker.run_due().await });
        while status(&db, running).await.total == 0 {
            sleep(Duration::from_millis(5)).await;
        }
        for id in [waiting, running] {
            let mut tx = db.write().await.unwrap();
            jobs::cancel(&mut tx, id, clock.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
        timeout(Duration::from_secs(5), task).await.unwrap().unwrap().unwrap();
        for id in [waiting, running] {
            assert_eq!(status(&db, id).await.state, JobState::Cancelled);
            let mut tx = db.write().await.unwrap();
            assert!(matches!(
                jobs::cancel(&mut tx, id, clock.now()).await,
                Err(Error::Stale)
            ));
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Published {
    title: String,
}

impl Event for Published {
    const KIND: &'static str = "classes.published";
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_becomes_one_job_per_subscription_and_a_second_delivery_changes_nothing() {
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        let titles = Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = Arc::clone(&titles);
        let handlers = Handlers::new()
            .on("remind", move |ctx| {
                let seen = Arc::clone(&seen);
                async move {
                    let told = ctx.event::<Published>()?;
                    assert_eq!(told.at, start());
                    seen.lock().unwrap().push(told.body.title);
                    Ok(Json::Null)
                }
            })
            .on("index", |_| async { Ok(Json::Null) })
            .react("classes.published", "remind")
            .react("classes.published", "index");
        let worker = Worker::new(Db::clone(&db), clock.clone(), handlers);
        for title in ["甲", "乙"] {
            let mut tx = db.write().await.unwrap();
            tx.tell(&Published { title: title.into() }, clock.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut tx = db.write().await.unwrap();
        tx.tell(
            &Published {
                title: "rolled back".into(),
            },
            clock.now(),
        )
        .await
        .unwrap();
        drop(tx);
        assert_eq!(worker.run_due().await.unwrap().done, 4);
        // The relay crashed before it could mark them, say: they are delivered again.
        let mut tx = db.write().await.unwrap();
        assert_eq!(tx.exec("update outbox set relayed_at = null", &[]).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(worker.run_due().await.unwrap().done, 0);
        assert_eq!(*titles.lock().unwrap(), ["甲", "乙"]);
        let mut tx = db.write().await.unwrap();
        assert_eq!(db::outbox::prune(&mut tx, start().plus_days(1)).await.unwrap(), 2);
        assert_eq!(jobs::prune(&mut tx, start().plus_days(1)).await.unwrap(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_fires_once_however_many_look_and_makes_up_once() {
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        let (handlers, runs) = counting("sweep", |_| Ok(Json::Null));
        let handlers = handlers.every("sweep", 3600);
        let workers: Vec<_> = (0..3)
            .map(|_| Worker::new(Db::clone(&db), clock.clone(), handlers.clone()))
            .collect();
        for worker in &workers {
            worker.run_due().await.unwrap();
        }
        assert_eq!(runs.load(SeqCst), 0);
        for (hours, want) in [(1, 1), (2, 2), (100, 3)] {
            clock.set(start().plus_seconds(hours * 3600));
            let (a, b, c) = tokio::join!(workers[0].run_due(), workers[1].run_due(), workers[2].run_due());
            for ran in [a, b, c] {
                assert!(ran.unwrap().failed.is_empty());
            }
            workers[0].run_due().await.unwrap();
            assert_eq!(runs.load(SeqCst), want, "after {hours} h");
        }
        let promised = Worker::new(Db::clone(&db), clock.clone(), Handlers::new().daily("nobody", 3, 0));
        assert!(
            promised.run_due().await.is_err(),
            "a schedule without a handler is a mistake"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_worker_is_woken_and_gives_back_what_it_cannot_finish() {
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        let (handlers, runs) = counting("quick", |_| Ok(Json::Null));
        let worker = Worker::new(Db::clone(&db), clock.clone(), handlers);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(async move { worker.run(async { drop(stopped.await) }).await });
        sleep(Duration::from_millis(100)).await;
        enqueue(&db, job("quick", "a", &clock)).await;
        let wait = async {
            while runs.load(SeqCst) == 0 {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_millis(800), wait)
            .await
            .expect("woken before the idle second is over");
        stop.send(()).unwrap();
        timeout(Duration::from_secs(5), task).await.unwrap().unwrap().unwrap();
    }
}

/// Any mixture of outcomes over any number of attempts ends in the state that the rules say.
#[tokio::test(flavor = "multi_thread")]
async fn every_sequence_of_outcomes_ends_as_the_rules_say() {
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Step {
        Fail,
        Refuse,
        Succeed,
        Vanish,
    }
    let step =
        prop_oneof![4 => Just(Step::Fail), 1 => Just(Step::Refuse), 1 => Just(Step::Succeed), 3 => Just(Step::Vanish)];
    let steps = proptest::collection::vec(step, 1..12);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for engine in testing::engines() {
        let (db, clock) = (testing::fresh(engine).await, Clock::at(start()));
        for case in 0..12 {
            let script = proptest::strategy::ValueTree::current(&steps.new_tree(&mut runner).unwrap());
            let id = enqueue(&db, job("k", &case.to_string(), &clock)).await;
            let mut over = None;
            for (attempt, step) in (1..).zip(&script) {
                if over.is_some() || attempt > jobs::MAX_ATTEMPTS {
                    break;
                }
                let step = *step;
                let handlers = Handlers::new().on("k", move |_| async move {
                    match step {
                        Step::Fail => Err(Error::broken("fails")),
                        Step::Refuse => Err(Error::NotFound),
                        Step::Succeed => Ok(Json::Null),
                        Step::Vanish => std::future::pending().await,
                    }
                });
                let worker = Worker::new(Db::clone(&db), clock.clone(), handlers);
                let _ = timeout(
                    Duration::from_millis(if step == Step::Vanish { 30 } else { 5000 }),
                    worker.run_due(),
                )
                .await;
                over = match step {
                    Step::Succeed => Some(JobState::Done),
                    Step::Refuse => Some(JobState::Dead),
                    Step::Fail if attempt == jobs::MAX_ATTEMPTS => Some(JobState::Dead),
                    Step::Fail | Step::Vanish => None,
                };
                clock.set(clock.now().plus_seconds(7200));
            }
            // After a last attempt that vanished, the next look ends it.
            if over.is_none() && script.len() >= usize::try_from(jobs::MAX_ATTEMPTS).unwrap() {
                Worker::new(
                    Db::clone(&db),
                    clock.clone(),
                    counting("k", |_| panic!("a ninth attempt")).0,
                )
                .run_due()
                .await
                .unwrap();
                over = Some(JobState::Dead);
            }
            let state = status(&db, id).await.state;
            match over {
                Some(want) => assert_eq!(state, want, "{script:?}"),
                None => assert!(matches!(state, JobState::Waiting | JobState::Running), "{script:?}"),
            }
            // So that the next case has the queue for itself.
            let mut tx = db.write().await.unwrap();
            tx.exec("delete from jobs", &[]).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
}
