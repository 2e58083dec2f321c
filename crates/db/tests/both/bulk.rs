//! Bulk loading: every kind of value, pieces, indexes dropped and restored, interrupted loads repaired.

use db::{Value, args, bulk, schema};

use crate::each_with_table;

#[tokio::test(flavor = "multi_thread")]
async fn rows_arrive_whole_and_indexes_come_back() {
    for db in each_with_table().await {
        let mut tx = db.write().await.unwrap();
        tx.exec("create index t_amount on t (amount) where amount is not null", &[])
            .await
            .unwrap();
        tx.exec("create unique index t_pair on t (name, amount)", &[])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let before = schema::describe(&db).await.unwrap();
        assert_eq!(bulk::drop_indexes(&db, &["t"]).await.unwrap(), 2);
        assert_ne!(schema::describe(&db).await.unwrap(), before);
        let mut loader = bulk::Loader::open(&db, "t", &["id", "name", "amount", "data"])
            .await
            .unwrap();
        for n in 0..45_000_i64 {
            let name = if n % 3 == 0 {
                Value::Null
            } else {
                format!("名{n}").into()
            };
            let amount = if n % 5 == 0 { Value::Null } else { Value::Int(-n) };
            loader
                .row(&[n.into(), name, amount, vec![0_u8, 255].into()])
                .await
                .unwrap();
        }
        assert!(loader.row(&[Value::Null]).await.is_err());
        assert_eq!(loader.finish().await.unwrap(), 45_000);
        // As after a crash: the next start repairs.
        let again = db.open_again().await;
        again.migrate().await.unwrap();
        assert_eq!(schema::describe(&db).await.unwrap(), before);
        assert_eq!(bulk::restore_indexes(&db).await.unwrap(), 0);
        let sql = "select name, amount, data from t where id = $1";
        let row: (Option<String>, Option<i64>, Vec<u8>) =
            db.read().await.unwrap().one(sql, args![44_999]).await.unwrap();
        assert_eq!(row, (Some("名44999".into()), Some(-44_999), vec![0, 255]));
        let nulls = "select count(*) from t where name is null and amount is null";
        assert_eq!(db.read().await.unwrap().one::<i64>(nulls, &[]).await.unwrap(), 3000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_that_fails_is_not_half_there() {
    for db in each_with_table().await {
        let mut loader = bulk::Loader::open(&db, "t", &["id", "name"]).await.unwrap();
        loader.row(args![1, "one"]).await.unwrap();
        loader.flush().await.unwrap();
        loader.row(args![2, "two"]).await.unwrap();
        loader.row(args![1, "again"]).await.unwrap();
        assert!(db::is_duplicate(&loader.finish().await.unwrap_err()));
        assert_eq!(crate::ids(&db).await, [1]);
        assert!(bulk::Loader::open(&db, "nowhere", &["id"]).await.is_err() || !db.is_postgres());
    }
}
