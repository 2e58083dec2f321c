//! Migrations: once, under a lock, and never against a history that is not ours.

use db::{args, testing};
use kernel::Error;

#[tokio::test(flavor = "multi_thread")]
async fn migrations_run_once_even_when_started_together() {
    for engine in testing::engines() {
        let db = testing::empty(engine).await;
        let (a, b) = (db.open_again().await, db.open_again().await);
        let (a, b, c) = tokio::join!(db.migrate(), a.migrate(), b.migrate());
        let mut counts = [a.unwrap(), b.unwrap(), c.unwrap()];
        counts.sort_unstable();
        let all: i64 = db
            .read()
            .await
            .unwrap()
            .one("select count(*) from migrations", &[])
            .await
            .unwrap();
        // Each is applied by exactly one of them.
        assert_eq!(i64::from(counts.iter().sum::<u32>()), all);
        assert!(all >= 1);
        assert_eq!(db.migrate().await.unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_is_not_ours_is_refused() {
    for engine in testing::engines() {
        let db = testing::fresh(engine).await;
        let change = async |sql: &str| {
            let mut tx = db.write().await.unwrap();
            tx.exec(sql, args!["x"]).await.unwrap();
            tx.commit().await.unwrap();
            db.migrate().await
        };
        let newer =
            change("insert into migrations (number, name, checksum, applied_at) values (9000, $1, '', 0)").await;
        assert!(
            matches!(
                newer,
                Err(Error::Refused {
                    code: "migration.newer",
                    ..
                })
            ),
            "{newer:?}"
        );
        change("delete from migrations where number = 9000 and name = $1")
            .await
            .unwrap();
        let edited = change("update migrations set checksum = $1 where number = 1").await;
        assert!(
            matches!(
                edited,
                Err(Error::Refused {
                    code: "migration.edited",
                    ..
                })
            ),
            "{edited:?}"
        );
        // Refused, and usable as it was.
        assert!(
            db.read()
                .await
                .unwrap()
                .one::<i64>("select count(*) from jobs", &[])
                .await
                .is_ok()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_is_answered_with_a_sentence() {
    for url in [
        "mysql://x",
        "zhixin.db",
        "postgres://127.0.0.1:1/none",
        "sqlite:/proc/nowhere/zhixin.db",
    ] {
        let error = db::Db::open(url).await.err().unwrap();
        assert!(matches!(error, Error::Refused { .. }), "{url}: {error:?}");
    }
}
