//! Group commit: nothing acknowledged is lost, nothing rolled back is there, nobody waits for ever.
//! The same demands are made of PostgreSQL, where each use case commits by itself.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc, sync::Mutex, time::Duration};

use db::{Db, args, testing::Engine};
use kernel::Error;
use tokio::time::{sleep, timeout};

use crate::{each_with_table, ids, insert, with_table};

/// What a writer does with its use case; the number decides.
async fn write(db: &Db, id: i64) -> kernel::Result<()> {
    let mut tx = db.write().await?;
    tx.exec(
        "insert into t (id, name, amount) values ($1, $2, 1)",
        args![id, format!("n{id}")],
    )
    .await?;
    match id % 5 {
        // A rule says no after something was written.
        1 => Err(Error::NotFound),
        // A statement fails.
        2 => tx
            .exec("insert into t (id, name) values ($1, $2)", args![id, "again"])
            .await
            .map(drop),
        // The use case pauses while it holds the writer, so that others queue and can be cancelled.
        3 => {
            tokio::task::yield_now().await;
            tx.commit().await
        }
        _ => tx.commit().await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hundreds_of_writers_some_failing_some_cancelled() {
    for db in each_with_table().await {
        let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
        let mut tasks = Vec::new();
        for id in 0..800_i64 {
            let (db, acknowledged) = (Db::clone(&db), Arc::clone(&acknowledged));
            tasks.push(tokio::spawn(async move {
                let work = async {
                    if write(&db, id).await.is_ok() {
                        acknowledged.lock().unwrap().insert(id);
                    }
                };
                if id % 3 == 0 {
                    // Cancelled somewhere: while queued, while writing, or while waiting for the commit.
                    let _ = timeout(Duration::from_micros(u64::try_from(id % 97).unwrap() * 100), work).await;
                } else {
                    work.await;
                }
            }));
        }
        let joining = async {
            for task in tasks {
                task.await.unwrap();
            }
        };
        timeout(Duration::from_secs(60), joining)
            .await
            .expect("nobody waits for ever");
        // A stranger sees everything that was acknowledged, and finds no transaction left open.
        let stranger = db.open_again().await;
        timeout(Duration::from_secs(5), insert(&stranger, 10_000, "last"))
            .await
            .expect("no group is left open");
        let there: BTreeSet<i64> = ids(&stranger).await.into_iter().collect();
        let acknowledged = acknowledged.lock().unwrap().clone();
        assert!(acknowledged.is_subset(&there), "{:?}", acknowledged.difference(&there));
        assert!(acknowledged.len() > 200, "{}", acknowledged.len());
        assert!(
            there.iter().all(|id| !matches!(id % 5, 1 | 2) || *id == 10_000),
            "rolled back means absent"
        );
    }
}

/// Tickets are dropped in every order around a slow holder; the group must be committed all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_group_is_never_left_open_when_the_queue_vanishes() {
    let db = with_table(Engine::Sqlite).await;
    for round in 0..300_i64 {
        let first = {
            let db = Db::clone(&db);
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                tx.exec("insert into t (id) values ($1)", args![round]).await.unwrap();
                tokio::task::yield_now().await;
                tx.commit().await
            })
        };
        let queued: Vec<_> = (0..4)
            .map(|_| {
                let db = Db::clone(&db);
                tokio::spawn(async move { db.write().await.map(drop) })
            })
            .collect();
        for (index, task) in queued.iter().enumerate() {
            if (round + i64::try_from(index).unwrap()) % 3 == 0 {
                tokio::task::yield_now().await;
            }
            task.abort();
        }
        timeout(Duration::from_secs(5), first)
            .await
            .expect("the commit comes")
            .unwrap()
            .unwrap();
    }
    assert_eq!(ids(&db).await.len(), 300);
}

fn path_of(url: &str) -> PathBuf {
    PathBuf::from(url.strip_prefix("sqlite:").unwrap())
}

/// As after `kill -9`: what is on the disk at the moment of the acknowledgement, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_row_is_on_the_disk() {
    let db = with_table(Engine::Sqlite).await;
    let path = path_of(db.url());
    let others: Vec<_> = (100..130)
        .map(|id| {
            let db = Db::clone(&db);
            tokio::spawn(async move { write(&db, id * 5).await })
        })
        .collect();
    for id in 0..10 {
        insert(&db, id, &format!("row {id}")).await;
        let folder = tempfile::tempdir().unwrap();
        for suffix in ["", "-wal"] {
            let from = format!("{}{suffix}", path.display());
            std::fs::copy(from, folder.path().join(format!("zhixin.db{suffix}"))).unwrap();
        }
        let copy = Db::open(&format!("sqlite:{}/zhixin.db", folder.path().display()))
            .await
            .unwrap();
        assert!(ids(&copy).await.contains(&id), "row {id} was acknowledged");
    }
    for other in others {
        other.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn use_cases_share_a_commit_and_a_rollback_takes_only_its_own() {
    let db = with_table(Engine::Sqlite).await;
    let mut first = db.write().await.unwrap();
    first.exec("insert into t (id) values (1)", &[]).await.unwrap();
    // Two more queue behind it: one will roll back, one will commit the group.
    let spawn = |id: i64, keep: bool| {
        let db = Db::clone(&db);
        tokio::spawn(async move {
            let mut tx = db.write().await.unwrap();
            tx.exec("insert into t (id) values ($1)", args![id]).await.unwrap();
            if keep { tx.commit().await } else { Ok(()) }
        })
    };
    let (second, third) = (spawn(2, false), spawn(3, true));
    sleep(Duration::from_millis(30)).await;
    // Committed by whoever leaves last; until then nothing is to be seen, and nothing acknowledged.
    assert_eq!(ids(&db).await, Vec::<i64>::new());
    first.commit().await.unwrap();
    second.await.unwrap().unwrap();
    third.await.unwrap().unwrap();
    assert_eq!(ids(&db).await, [1, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_alone_and_other_processes_wait_their_turn() {
    for db in each_with_table().await {
        let other = db.open_again().await;
        let mut batch = db.batch().await.unwrap();
        batch
            .exec("insert into t (id, name) values (1, 'one')", &[])
            .await
            .unwrap();
        let waiting = tokio::spawn(async move { insert(&other, 2, "two").await });
        sleep(Duration::from_millis(50)).await;
        batch.commit().await.unwrap();
        waiting.await.unwrap();
        assert_eq!(ids(&db).await, [1, 2]);
        drop(db.batch().await.unwrap());
        insert(&db, 3, "three").await;
    }
}
