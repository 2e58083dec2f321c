//! Tests of the seam, each on both engines: what a use case may rely on, whatever is behind it.

#![allow(clippy::unwrap_used, reason = "tests")]

mod bulk;
mod group;
mod jobs;
mod migrations;
mod pool;
mod schema;
mod search;
mod statements;

use db::{
    Db, args,
    testing::{Engine, TestDb},
};

/// A fresh database of each engine with a small table: `t (id, name, amount, data)`.
async fn each_with_table() -> Vec<TestDb> {
    let mut all = Vec::new();
    for engine in db::testing::engines() {
        all.push(with_table(engine).await);
    }
    all
}

async fn with_table(engine: Engine) -> TestDb {
    let db = db::testing::fresh(engine).await;
    let bytes = if db.is_postgres() { "bytea" } else { "blob" };
    let sql = format!("create table t (id bigint primary key, name text unique, amount bigint, data {bytes})");
    let mut tx = db.write().await.unwrap();
    tx.exec(&sql, &[]).await.unwrap();
    tx.commit().await.unwrap();
    db
}

async fn insert(db: &Db, id: i64, name: &str) {
    let mut tx = db.write().await.unwrap();
    tx.exec("insert into t (id, name, amount) values ($1, $2, $1)", args![id, name])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn ids(db: &Db) -> Vec<i64> {
    db.read()
        .await
        .unwrap()
        .all("select id from t order by id", &[])
        .await
        .unwrap()
}
