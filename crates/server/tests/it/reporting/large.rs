//! A file of a hundred thousand rows: a measurement, run by name.

use kernel::{IdentityDocument, PersonId, date};
use learning::courses::reporting::{self, filed};
use rules::courses::reporting::Filing;
use testkit::World;

use super::{entries, filing, results};
use crate::courses::course;

/// A hundred thousand people who are nobody else's, written in bulk; their names and numbers.
async fn many_people(world: &World, count: u32) -> Vec<(String, String)> {
    let org = world.city.org("employer-a");
    let mut people = Vec::new();
    let mut rows: Vec<[db::Value; 10]> = Vec::new();
    for n in 0..count {
        let born = date(1970, 1, 1)
            .checked_add_days(chrono::Days::new(u64::from(n / 90)))
            .expect("a day");
        let document = IdentityDocument::demo(born, 800 + n % 90);
        let id = PersonId::new(1_000_000 + i64::from(n));
        rows.push([
            id.into(),
            "示范".into(),
            "resident".into(),
            document.number().into(),
            id.into(),
            org.into(),
            "310104".into(),
            "jxw".into(),
            "verified".into(),
            world.clock.now().into(),
        ]);
        people.push(("示范".to_owned(), document.number().to_owned()));
    }
    let mut tx = world.db.batch().await.expect("a batch");
    let sql = "insert into people (id, name, document_kind, document_no, person, org, district, department, standing,
        created_at) values {}";
    tx.insert_all(sql, rows).await.expect("people");
    tx.commit().await.expect("committed");
    people
}

fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

async fn measured(engine: db::testing::Engine) {
    let world = World::new(engine).await;
    let people = many_people(&world, 100_000).await;
    let ours = course(&world, "provider-a").await;
    let filing = Filing {
        participants: 100_000,
        ..filing("JD-BIG")
    };
    let class = filed::file(&world.acting("provider-a"), ours, &filing)
        .await
        .expect("filed")
        .class;
    let rows: Vec<(&(String, String), &str)> = (0..)
        .zip(&people)
        .map(|(at, person)| (person, if at % 100 < 3 { "优秀,101,," } else { "合格,88,," }))
        .collect();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), results(&rows)).expect("written");
    let before = peak_megabytes();
    let ctx = world.acting("provider-a");
    let kind = reporting::ReportKind::Completions;
    let id = reporting::start(&ctx, (kind, class), "十万行.csv", file.path())
        .await
        .expect("started");
    let watch = std::time::Instant::now();
    world.run_jobs().await;
    let (checked, _) = reporting::view(&ctx, id).await.expect("the report");
    println!("dry run: {:?}, {:?}", watch.elapsed(), checked.counts);
    assert_eq!((checked.counts.right, checked.counts.faulty), (97_000, 3_000));
    let after_check = peak_megabytes();
    reporting::confirm(&ctx, id).await.expect("confirmed");
    // Somebody else writes all the while; nobody may wait longer than a slice.
    let (over, other) = (
        std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false)),
        world.acting("lead"),
    );
    let stop = std::sync::Arc::clone(&over);
    let waiting = tokio::spawn(async move {
        let (mut longest, mut writes) = (std::time::Duration::ZERO, 0_u32);
        while !stop.load(std::sync::atomic::Ordering::Relaxed) {
            let watch = std::time::Instant::now();
            registry::notices::mark_read(&other).await.expect("a write");
            longest = longest.max(watch.elapsed());
            writes += 1;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        (longest, writes)
    });
    let worker_watch = std::time::Instant::now();
    let job = reporting::commit_here(&ctx, id).await.expect("written");
    println!("writing: {:?}, {job:?}", worker_watch.elapsed());
    over.store(true, std::sync::atomic::Ordering::Relaxed);
    let (longest, writes) = waiting.await.expect("a writer");
    println!("others: {writes} writes, longest wait {longest:?}");
    println!(
        "peak: {before} MB before, {after_check} MB after the dry run, {} MB at the end",
        peak_megabytes()
    );
    assert_eq!(entries(&world).await, 97_000);
    let mut tx = world.db.read().await.expect("a reader");
    assert!(
        learning::credits::prove_balances(&mut tx, 5)
            .await
            .expect("a proof")
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of minutes; run it by name with --run-ignored all --no-capture"]
async fn a_hundred_thousand_rows_with_three_percent_faulty() {
    measured(db::testing::Engine::Sqlite).await;
}
