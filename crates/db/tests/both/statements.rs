//! Statements, rows, errors, and the builder.

use db::{Coded, Page, Query, Value, args, code};
use kernel::{Date, Error, Hours, Id, Scope, Time, date, id::OrgRow};

use crate::{each_with_table, ids, insert};

kernel::codes! { enum Colour { Red = "red" "红", Blue = "blue" "蓝" } }

#[tokio::test(flavor = "multi_thread")]
async fn placeholders_are_bound_by_number_not_by_place() {
    for db in each_with_table().await {
        let mut tx = db.write().await.unwrap();
        let sql = "insert into t (name, amount, id) values ($2, $3, $1)";
        tx.exec(sql, args![1, "one", 10]).await.unwrap();
        tx.exec(
            "update t set amount = amount + $2 where id = $1 or amount = $2",
            args![1, 5],
        )
        .await
        .unwrap();
        let row: (i64, String, i64) = tx
            .one("select id, name, amount from t where name = $1", args!["one"])
            .await
            .unwrap();
        assert_eq!(row, (1, "one".into(), 15));
        let sql = "select cast($2 as text), cast($1 as text), '$1', cast($11 as text) || cast($10 as text)";
        let many: Vec<Value> = (1..=11).map(|n| Value::from(format!("v{n}"))).collect();
        // Every placeholder must be there, on both engines.
        assert!(tx.one::<(String, String, String, String)>(sql, &many).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eleven_placeholders_in_any_order() {
    for db in each_with_table().await {
        let columns: Vec<String> = (1..=11).rev().map(|n| format!("cast(${n} as text)")).collect();
        let sql = format!("select {}, '$1' as quoted", columns.join(" || ',' || "));
        let args: Vec<Value> = (1..=11).map(|n| Value::from(n.to_string())).collect();
        let row: (String, String) = db.read().await.unwrap().one(&sql, &args).await.unwrap();
        assert_eq!(row, ("11,10,9,8,7,6,5,4,3,2,1".into(), "$1".into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_arguments_must_fit() {
    for db in each_with_table().await {
        for args in [args![1], args![1, 2, 3]] {
            let mut tx = db.read().await.unwrap();
            let result = tx
                .all::<i64>("select id from t where id = $1 and amount = $2", args)
                .await;
            assert!(matches!(result, Err(Error::Broken(_))), "{result:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_never_meet_a_parameter_of_another_type() {
    for db in each_with_table().await.into_iter().filter(|db| db.is_postgres()) {
        let mut tx = db.write().await.unwrap();
        tx.exec("create table small (n integer)", &[]).await.unwrap();
        let error = tx
            .exec("insert into small (n) values ($1)", args![7])
            .await
            .unwrap_err();
        assert!(error.to_string().contains("int4"), "{error}");
        drop(tx);
        let mut tx = db.read().await.unwrap();
        let error = tx
            .one::<i64>("select id from t where name = $1", args![7])
            .await
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("an integer was bound where PostgreSQL expects text"),
            "{error}"
        );
        let error = tx.one::<i64>("select sum(amount) from t", &[]).await;
        assert!(matches!(error, Err(Error::Broken(_))), "numeric must be cast");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_come_back_as_they_went_in() {
    for db in each_with_table().await {
        let mut tx = db.write().await.unwrap();
        let blob = vec![0_u8, 255, 1];
        let sql = "insert into t (id, name, amount, data) values ($1, $2, $3, $4)";
        tx.exec(
            sql,
            args![Id::<OrgRow>::new(3), "知新", Hours::hundredths(150), &blob[..]],
        )
        .await
        .unwrap();
        type All = (Id<OrgRow>, String, Hours, Vec<u8>, Option<i64>);
        let all: All = tx.one("select id, name, amount, data, null from t", &[]).await.unwrap();
        assert_eq!(all, (Id::new(3), "知新".into(), Hours::hundredths(150), blob, None));
        let day = date(2026, 3, 5);
        tx.exec("update t set name = $1, amount = $2", args![day, Time::start_of(day)])
            .await
            .unwrap();
        let read: (Date, Time, bool) = tx
            .one(
                "select name, amount, exists (select 1 from t where id = $1) from t",
                args![3],
            )
            .await
            .unwrap();
        assert_eq!(read, (day, Time::start_of(day), true));
        tx.exec("update t set name = $1", args![code(Colour::Blue)])
            .await
            .unwrap();
        let Coded(colour): Coded<Colour> = tx.one::<(Coded<Colour>,)>("select name from t", &[]).await.unwrap().0;
        assert_eq!(colour, Colour::Blue);
        tx.exec("update t set name = $1", args![serde_json::json!({"a": [1, "二"]})])
            .await
            .unwrap();
        let json: serde_json::Value = tx.one("select name from t", &[]).await.unwrap();
        assert_eq!(json["a"][1], "二");
        let wrong = tx.one::<i64>("select name from t", &[]).await.unwrap_err();
        assert!(
            wrong.to_string().contains("a text") && !wrong.to_string().contains("二"),
            "{wrong}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_failures_are_told_apart() {
    for db in each_with_table().await {
        insert(&db, 1, "one").await;
        let mut tx = db.write().await.unwrap();
        assert!(matches!(
            tx.one::<i64>("select id from t where id = $1", args![9]).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            tx.exec_one("update t set amount = 0 where id = $1", args![9]).await,
            Err(Error::Stale)
        ));
        assert_eq!(
            tx.first::<i64>("select id from t where id = 9", &[]).await.unwrap(),
            None
        );
        let new = "insert into t (id, name) values ($1, $2) on conflict do nothing";
        assert!(!tx.exec_new(new, args![2, "one"]).await.unwrap());
        assert!(tx.exec_new(new, args![2, "two"]).await.unwrap());
        assert!(matches!(tx.lock_row("t", 9).await, Err(Error::NotFound)));
        tx.lock_row("t", 2).await.unwrap();
        let returned: i64 = tx
            .one("insert into t (id) values ($1) returning id + 1", args![3])
            .await
            .unwrap();
        assert_eq!(returned, 4);
        tx.commit().await.unwrap();
        assert_eq!(ids(&db).await, [1, 2, 3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_statement_ends_the_transaction_on_both_engines() {
    for db in each_with_table().await {
        insert(&db, 1, "one").await;
        let mut tx = db.write().await.unwrap();
        tx.exec("insert into t (id, name) values ($1, $2)", args![2, "two"])
            .await
            .unwrap();
        let error = tx
            .exec("insert into t (id, name) values ($1, $2)", args![3, "one"])
            .await
            .unwrap_err();
        assert!(db::is_duplicate(&error), "{error:?}");
        assert!(tx.exec("insert into t (id) values ($1)", args![4]).await.is_err());
        assert!(tx.commit().await.is_err());
        assert_eq!(ids(&db).await, [1]);
        let mut tx = db.write().await.unwrap();
        let error = tx
            .exec("insert into nowhere (id) values ($1)", args!["secret"])
            .await
            .unwrap_err();
        let Error::Broken(message) = &error else {
            panic!("{error:?}")
        };
        assert!(message.contains("nowhere") && !message.contains("secret"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_cannot_write_and_snapshots_stand_still() {
    for db in each_with_table().await {
        insert(&db, 1, "one").await;
        assert!(db.read().await.unwrap().exec("delete from t", &[]).await.is_err());
        assert!(db.snapshot().await.unwrap().exec("delete from t", &[]).await.is_err());
        let mut snapshot = db.snapshot().await.unwrap();
        let mut reader = db.read().await.unwrap();
        let count = "select count(*) from t";
        assert_eq!(snapshot.one::<i64>(count, &[]).await.unwrap(), 1);
        insert(&db, 2, "two").await;
        assert_eq!(snapshot.one::<i64>(count, &[]).await.unwrap(), 1);
        assert_eq!(reader.one::<i64>(count, &[]).await.unwrap(), 2);
        snapshot.commit().await.unwrap();
        assert_eq!(db.snapshot().await.unwrap().one::<i64>(count, &[]).await.unwrap(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rows_go_in_together_and_come_out_one_by_one() {
    for db in each_with_table().await {
        let mut tx = db.batch().await.unwrap();
        let rows = (0..5000).map(|n| [n.into(), format!("n{n}").into(), Value::Int(1)]);
        let sql = "insert into t (id, name, amount) values {}
            on conflict (id) do update set amount = t.amount + excluded.amount";
        assert_eq!(tx.insert_all(sql, rows.clone()).await.unwrap(), 5000);
        assert_eq!(tx.insert_all(sql, rows.take(7)).await.unwrap(), 7);
        assert_eq!(tx.insert_all(sql, Vec::<[Value; 3]>::new()).await.unwrap(), 0);
        tx.commit().await.unwrap();
        let mut sum = 0;
        let mut tx = db.read().await.unwrap();
        let each = tx.each("select amount from t", &[], |amount: i64| {
            sum += amount;
            Ok(())
        });
        assert_eq!(each.await.unwrap(), 5000);
        assert_eq!(sum, 5007);
        // A scan that is given up leaves the reader usable.
        let mut seen = 0;
        let stop = tx.each("select id from t", &[], |_: i64| {
            seen += 1;
            if seen == 10 { Err(Error::Stale) } else { Ok(()) }
        });
        assert!(matches!(stop.await, Err(Error::Stale)));
        assert_eq!(tx.one::<i64>("select count(*) from t", &[]).await.unwrap(), 5000);
        assert!(
            tx.one::<i64>("select id from t", &[]).await.is_err(),
            "one must not pick among many"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_rows_only_the_new_are_told_and_a_key_given_twice_is_new_once() {
    for db in each_with_table().await {
        let mut tx = db.batch().await.unwrap();
        let row = |id: i64| {
            [
                id.into(),
                format!("n{id}").into(),
                if id % 2 == 0 { Value::Null } else { Value::Int(1) },
            ]
        };
        let sql = "insert into t (id, name, amount) values {} on conflict (id) do nothing";
        let rows = |ids: &[i64]| ids.iter().map(|id| row(*id)).collect::<Vec<_>>();
        assert_eq!(tx.insert_new(sql, rows(&[3, 1, 3, 7])).await.unwrap(), [3, 1, 7]);
        assert_eq!(tx.insert_new(sql, rows(&[1, 2, 3])).await.unwrap(), [2]);
        assert_eq!(tx.insert_new(sql, rows(&[])).await.unwrap(), Vec::<i64>::new());
        assert_eq!(tx.one::<i64>("select count(*) from t", &[]).await.unwrap(), 4);
        tx.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_one_another_without_gap_or_repetition() {
    for db in each_with_table().await {
        let mut tx = db.batch().await.unwrap();
        // Many equal values, so that the key decides.
        let rows = (0..100).map(|n| [n.into(), format!("n{n}").into(), Value::Int(n % 7)]);
        tx.insert_all("insert into t (id, name, amount) values {}", rows)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for descending in [false, true] {
            let (mut after, mut got) = (None, Vec::new());
            loop {
                let page = Page {
                    order: "k.amount",
                    key: "k.id",
                    descending,
                    after,
                    size: 9,
                };
                let query = Query::new("select k.amount, k.id from t k where 1 = 1").and_opt("k.id >= {}", Some(0));
                let mut tx = db.read().await.unwrap();
                let query = query.page(&page);
                assert_eq!(query.count_up_to(&mut tx, 50).await.unwrap(), 50);
                assert_eq!(query.count_up_to(&mut tx, 1000).await.unwrap(), 100);
                let listed = query.list::<(i64, i64)>(&mut tx).await.unwrap();
                after = listed.rows.last().map(|(amount, id)| (Value::Int(*amount), *id));
                got.extend(listed.rows);
                if !listed.more {
                    break;
                }
            }
            let mut want: Vec<(i64, i64)> = (0..100).map(|n| (n % 7, n)).collect();
            want.sort_unstable();
            if descending {
                want.reverse();
            }
            assert_eq!(got, want);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_keeps_neighbours_apart() {
    for db in each_with_table().await {
        let mut tx = db.write().await.unwrap();
        tx.exec("create table s (id bigint primary key, person bigint, org bigint, provider bigint, district text, department text)", &[])
            .await
            .unwrap();
        let sql = "insert into s (id, person, org, provider, district, department) values {}";
        let null = || Value::Null;
        let rows = [
            [1.into(), 10.into(), 20.into(), 30.into(), "310101".into(), "d1".into()],
            [2.into(), 11.into(), 21.into(), 31.into(), "310104".into(), "d2".into()],
            [3.into(), null(), null(), null(), null(), null()],
        ];
        tx.insert_all(sql, rows).await.unwrap();
        let scopes = [
            (Scope::All, vec![1, 2, 3]),
            (Scope::Nothing, vec![]),
            (Scope::Person(Id::new(10)), vec![1]),
            (Scope::Org(Id::new(21)), vec![2]),
            (Scope::Provider(Id::new(30)), vec![1]),
            (Scope::District("310104".into()), vec![2]),
            (Scope::Department("d1".into()), vec![1]),
        ];
        for (scope, want) in scopes {
            let query = Query::new("select k.id from s k where 1 = 1")
                .scope(&scope, "k")
                .push(" order by k.id");
            assert_eq!(query.fetch::<i64>(&mut tx).await.unwrap(), want, "{scope:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_trail_takes_entries_and_never_gives_one_back() {
    let actor = kernel::Actor::system("test");
    for db in each_with_table().await {
        let entry = db::Audit {
            at: Time::start_of(date(2026, 3, 5)),
            actor: &actor,
            act: "orgs.suspend",
            subject_kind: "org",
            subject_id: 7,
            place: kernel::Place::default(),
            before: serde_json::Value::Null,
            after: serde_json::json!({"state": "suspended"}),
            reason: Some("测试"),
        };
        let mut tx = db.write().await.unwrap();
        tx.audit(entry).await.unwrap();
        tx.commit().await.unwrap();
        let mut forgeries = vec!["update audit set act = 'nothing'", "delete from audit"];
        if db.is_postgres() {
            forgeries.push("truncate audit");
        }
        for sql in forgeries {
            let error = db.write().await.unwrap().exec(sql, &[]).await.unwrap_err();
            assert!(error.to_string().contains("cannot be changed"), "{error}");
        }
        let sql = "select act, before, reason, role from audit";
        let row: (String, Option<String>, String, String) = db.read().await.unwrap().one(sql, &[]).await.unwrap();
        assert_eq!(row, ("orgs.suspend".into(), None, "测试".into(), "system".into()));
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_current_thread_runtime_works_too() {
    for db in each_with_table().await {
        insert(&db, 1, "one").await;
        assert_eq!(ids(&db).await, [1]);
    }
}
