//! Measures the seam: bulk loading, index making, and use cases per second with 64 clients.
//!
//! `cargo run --example measure -p db -- sqlite:/tmp/measure/x.db 3000000` (an empty database). The table has the
//! shape of the ledger of hours: nine integers and a text, an ascending key, three indexes.

#![allow(clippy::unwrap_used, reason = "a measurement stops at the first failure")]

use std::time::Instant;

use db::{Db, Value, args, bulk};

const TABLE: &str =
    "create table m (id bigint primary key, person bigint not null, year bigint not null, subject text not null,
    hours bigint not null, cause bigint not null, at bigint not null, org bigint, a bigint, b bigint)";

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let url = words.next().expect("the address of an empty database");
    let rows: i64 = words.next().map_or(1_000_000, |n| n.parse().unwrap());
    let db = Db::open(&url).await.unwrap();
    db.migrate().await.unwrap();
    let mut tx = db.write().await.unwrap();
    // SQLite keeps the rows by their id only if it is the rowid.
    let table = if db.is_postgres() {
        TABLE.to_owned()
    } else {
        TABLE.replacen("bigint", "integer", 1)
    };
    tx.exec(&table, &[]).await.unwrap();
    for columns in ["person, year, at", "cause, a", "org, at"] {
        let name = columns.replace(", ", "_");
        tx.exec(&format!("create index m_{name} on m ({columns})"), &[])
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    load(&db, rows).await;
    clients(&db, rows).await;
    println!("peak memory: {}", peak());
}

async fn load(db: &Db, rows: i64) {
    bulk::drop_indexes(db, &["m"]).await.unwrap();
    let columns = [
        "id", "person", "year", "subject", "hours", "cause", "at", "org", "a", "b",
    ];
    let start = Instant::now();
    let mut loader = bulk::Loader::open(db, "m", &columns).await.unwrap();
    for n in 0..rows {
        let scattered = n.wrapping_mul(2_654_435_761) % 4_294_967_296;
        let row = args![
            n,
            n / 10,
            2022 + n % 5,
            "professional",
            450,
            scattered,
            n * 1_000_000,
            n % 97,
            1,
            None::<i64>
        ];
        loader.row(row).await.unwrap();
    }
    loader.finish().await.unwrap();
    let loaded = start.elapsed().as_secs_f64();
    println!("loaded {rows} rows in {loaded:.1} s");
    bulk::restore_indexes(db).await.unwrap();
    println!(
        "three indexes and statistics in {:.1} s",
        start.elapsed().as_secs_f64() - loaded
    );
}

/// 64 clients, each one insert and one update per use case, for five seconds.
async fn clients(db: &Db, rows: i64) {
    let start = Instant::now();
    let clients: Vec<_> = (0..64_i64)
        .map(|client| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut waits = Vec::new();
                let mut n = rows + client;
                while start.elapsed().as_secs() < 5 {
                    let before = Instant::now();
                    let mut tx = db.write().await.unwrap();
                    let sql = "insert into m (id, person, year, subject, hours, cause, at) values ($1, $1, 2026, $2, 450, $1, $1)";
                    tx.exec(sql, args![n, "public"]).await.unwrap();
                    tx.exec("update m set hours = hours + $2 where id = $1", &[Value::Int(n - rows), 1.into()]).await.unwrap();
                    tx.commit().await.unwrap();
                    waits.push(before.elapsed());
                    n += 64;
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for client in clients {
        waits.extend(client.await.unwrap());
    }
    waits.sort_unstable();
    let per_second = waits.len() / 5;
    println!(
        "{per_second} use cases/s, p50 {:?}, p99 {:?}",
        waits[waits.len() / 2],
        waits[waits.len() * 99 / 100]
    );
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or("unknown")
        .trim()
        .to_owned()
}
