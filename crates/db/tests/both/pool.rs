//! Hole 1: an abandoned transaction never comes back to the pool open, and its locks end.

use std::time::Duration;

use db::{Tx, args};
use tokio::time::{sleep, timeout};

use crate::{each_with_table, ids, insert};

/// Whatever holds a transaction may be dropped at any point; afterwards every connection is clean.
#[tokio::test(flavor = "multi_thread")]
async fn dropped_transactions_are_rolled_back_before_the_connection_is_lent_again() {
    for db in each_with_table().await {
        insert(&db, 1, "one").await;
        for round in 0..100 {
            let mut tx = db.write().await.unwrap();
            tx.exec("update t set amount = $1", args![1000 + round]).await.unwrap();
            drop(tx);
        }
        // Were one open, this would wait for its row lock, or be rolled back with it, or see its change.
        for round in 0..100 {
            let mut tx = db.write().await.unwrap();
            assert_eq!(tx.one::<i64>("select amount from t", &[]).await.unwrap(), 1 + round);
            tx.exec("update t set amount = amount + 1", &[]).await.unwrap();
            timeout(Duration::from_secs(10), tx.commit()).await.unwrap().unwrap();
        }
        assert_eq!(
            db.read()
                .await
                .unwrap()
                .one::<i64>("select amount from t", &[])
                .await
                .unwrap(),
            101
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_statement_leaves_no_connection_in_the_middle_of_something() {
    for db in each_with_table().await.into_iter().filter(|db| db.is_postgres()) {
        insert(&db, 1, "one").await;
        for _ in 0..40 {
            let work = async {
                let mut tx = db.write().await.unwrap();
                tx.exec("update t set amount = 7", &[]).await.unwrap();
                tx.one::<i64>("select 1 from pg_sleep(30)", &[]).await
            };
            assert!(timeout(Duration::from_millis(30), work).await.is_err());
            let reading = async {
                db.read()
                    .await
                    .unwrap()
                    .one::<i64>("select 1 from pg_sleep(30)", &[])
                    .await
            };
            assert!(timeout(Duration::from_millis(10), reading).await.is_err());
        }
        // More abandoned ones than the pool has places: the last are still being cleaned, none is lost.
        let clean = async {
            let mut tx: Tx = db.write().await.unwrap();
            tx.exec("update t set amount = amount + 1", &[]).await.unwrap();
            tx.commit().await.unwrap();
        };
        timeout(Duration::from_secs(25), clean)
            .await
            .expect("the locks of abandoned transactions end");
        assert_eq!(
            db.read()
                .await
                .unwrap()
                .one::<i64>("select amount from t", &[])
                .await
                .unwrap(),
            2
        );
    }
}

/// The cleaning needs a runtime; without one the connection is closed.
#[test]
fn a_transaction_dropped_outside_the_runtime_is_closed() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
    };
    let first = runtime();
    for db in first.block_on(each_with_table()) {
        let tx = first.block_on(async {
            insert(&db, 1, "one").await;
            let mut tx = db.write().await.unwrap();
            tx.exec("insert into t (id, name) values (2, 'two')", &[])
                .await
                .unwrap();
            tx
        });
        drop(tx);
        first.block_on(async {
            sleep(Duration::from_millis(50)).await;
            insert(&db, 3, "three").await;
            assert_eq!(ids(&db).await, [1, 3]);
        });
    }
}
