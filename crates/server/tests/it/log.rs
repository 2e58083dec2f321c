//! The public log over the ledger: what it serves, and that every way of rewriting the ledger is found out.
//!
//! An attacker here has the whole database and drops its triggers first; he works in a transaction that is audited from
//! inside and then rolled back, so that each attempt begins with the same ledger.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use crate::journey::{completed_class, first_file, judged};
use db::{Db, Tx, args};
use kernel::{Actor, EntryId, Hours, PersonId, Place, date};
use learning::credits::log::audit::{Finding, State, audit};
use learning::credits::log::leaf::COLUMNS;
use learning::credits::{self, log};
use rules::credits::{ActivityForm, HistoryFacts, Posting, Subject, for_history};
use testkit::{World, both_engines};
use tlog::{Checkpoint, Hash, PublicKey, append, leaf_hash, read_bundle, root};

fn postings(from: u32, count: u32) -> Vec<Posting> {
    let posting = |n: u32| {
        let facts = HistoryFacts {
            key: format!("log/{n}"),
            title: format!("数据治理（第 {n} 期）"),
            subject: if n.is_multiple_of(3) {
                Subject::Public
            } else {
                Subject::Professional
            },
            form: ActivityForm::Class,
            hours: Hours::whole(1 + i64::from(n % 7)),
            earned_on: date(2026, 1, 1 + n % 28),
        };
        for_history(facts, PersonId::new(i64::from(n % 50) + 1), Place::default())
    };
    (from..from + count).map(posting).collect()
}

async fn post_to(world: &World, db: &Db, from: u32, count: u32) -> Vec<EntryId> {
    let mut ctx = world.system();
    ctx.db = db.clone();
    let mut tx = db.batch().await.unwrap();
    let ids = credits::post(&ctx, &mut tx, &postings(from, count)).await.unwrap();
    tx.commit().await.unwrap();
    ids
}

pub(crate) async fn post(world: &World, from: u32, count: u32) -> Vec<EntryId> {
    post_to(world, &world.db, from, count).await
}

fn sequencer(world: &World, db: &Db) -> log::Sequencer {
    let mut ctx = world.ctx(Actor::system("log"));
    ctx.db = db.clone();
    world.app.press.sequencer(&ctx)
}

pub(crate) async fn sequence(world: &World) -> u64 {
    sequencer(world, &world.db).catch_up().await.unwrap()
}

pub(crate) async fn audited(world: &World, tx: &mut Tx) -> Vec<Finding> {
    let mut state = State::begin().unwrap();
    audit(tx, &world.app.press.log_keys(), &mut state, |_, _| Ok(()))
        .await
        .unwrap()
        .findings
}

/// Does this behind the back of everything, and tells the codes of what the audit finds.
async fn after(world: &World, attempts: &[&str]) -> Vec<(&'static str, Option<i64>)> {
    let mut tx = world.db.batch().await.unwrap();
    for (table, triggers) in [
        (
            "credits_entries",
            ["credits_entries_no_update", "credits_entries_no_delete"],
        ),
        ("log_bundles", ["log_bundles_only_grow", "log_bundles_no_delete"]),
        ("log_tiles", ["log_tiles_only_grow", "log_tiles_no_delete"]),
        ("log_head", ["log_head_only_grows", "log_head_no_delete"]),
    ] {
        for trigger in triggers {
            let on = if world.db.is_postgres() {
                format!(" on {table}")
            } else {
                String::new()
            };
            tx.exec(&format!("drop trigger {trigger}{on}"), &[]).await.unwrap();
        }
    }
    for sql in attempts {
        assert!(tx.exec(sql, &[]).await.unwrap() > 0, "{sql} must change something");
    }
    audited(world, &mut tx)
        .await
        .into_iter()
        .map(|found| (found.code, found.entry))
        .collect()
}

both_engines!(
    r23_whoever_changes_any_column_of_an_entry_is_found_out_by_name,
    |world| async {
        let world = &world;
        let ids = post(world, 0, 700).await;
        sequence(world).await;
        assert_eq!(audited(world, &mut world.db.snapshot().await.unwrap()).await, []);
        let entry = ids[333].get();
        for column in COLUMNS.iter().skip(1).chain(&["salt"]) {
            let number = [
                "person",
                "year",
                "hours",
                "attempt",
                "posted_at",
                "reverses",
                "org",
                "provider",
            ]
            .contains(column);
            let value = match *column {
                "salt" => "(select salt from credits_entries order by id limit 1)".to_owned(),
                _ if number => format!("coalesce({column}, 0) + 1"),
                _ => format!("coalesce({column}, '') || 'x'"),
            };
            let found = after(
                world,
                &[&format!(
                    "update credits_entries set {column} = {value} where id = {entry}"
                )],
            )
            .await;
            assert_eq!(found.first(), Some(&("entry.changed", Some(entry))), "{column}");
        }
    }
);

both_engines!(
    r23_whoever_drops_adds_swaps_or_hides_entries_is_found_out,
    |world| async {
        let world = &world;
        let ids: Vec<i64> = post(world, 0, 700).await.iter().map(|id| id.get()).collect();
        sequence(world).await;
        let (a, b, last) = (ids[10], ids[600], ids[699]);
        let dropped = after(world, &[&format!("delete from credits_entries where id = {a}")]).await;
        assert_eq!(dropped.first(), Some(&("entry.dropped", Some(a))));
        assert!(dropped.contains(&("balance", None)));

        // Two entries change places: everything that makes them up, their salts too.
        let [away, here, back] = [(a, -1), (b, a), (-1, b)]
            .map(|(from, to)| format!("update credits_entries set id = {to} where id = {from}"));
        let swapped = after(world, &[&away, &here, &back]).await;
        assert_eq!(swapped, [("entry.changed", Some(a)), ("entry.changed", Some(b))]);

        let others = COLUMNS
            .iter()
            .skip(1)
            .filter(|column| **column != "cause")
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        let copy = format!(
            "insert into credits_entries (id, cause, {others}, salt) select id + 1, 'history:x', {others}, salt from credits_entries where id = {last}"
        );
        let added = after(world, &[&copy]).await;
        assert_eq!(added.first(), Some(&("entry.unlogged", Some(last + 1))));

        let richer = after(
            world,
            &["update credits_balances set hours = hours + 100 where person = 7 and year = 2026"],
        )
        .await;
        assert_eq!(richer.first(), Some(&("balance", None)));

        post(world, 700, 3).await;
        assert_eq!(after(world, &["update log_head set signed_at = signed_at"]).await, []);
        let hidden = after(world, &["delete from log_queue"]).await;
        assert_eq!(hidden.iter().filter(|(code, _)| *code == "entry.unlogged").count(), 3);
    }
);

both_engines!(whoever_touches_the_log_itself_is_found_out, |world| async {
    r23_every_part_of_the_log_is_recomputed(&world).await
});

async fn r23_every_part_of_the_log_is_recomputed(world: &World) {
    post(world, 0, 700).await;
    sequence(world).await;
    let first = |found: Vec<(&'static str, Option<i64>)>| found.first().map(|(code, _)| *code);
    assert_eq!(
        first(
            after(
                world,
                &["update log_tiles set hashes = (select root from log_head) where level = 1"]
            )
            .await
        ),
        Some("tile")
    );
    assert_eq!(first(after(world, &["delete from log_tiles"]).await), Some("tile"));
    assert_eq!(
        first(after(world, &["delete from log_bundles where number = 1"]).await),
        Some("log.gap")
    );
    assert_eq!(
        first(after(world, &["delete from log_bundles where number = 2"]).await),
        Some("log.gap")
    );
    let exchange =
        "update log_bundles set commitments = (select commitments from log_bundles where number = 0) where number = 1";
    assert_eq!(first(after(world, &[exchange]).await), Some("tile"));
    assert_eq!(
        first(after(world, &["update log_bundles set low = low + 1 where number = 1"]).await),
        Some("log.index")
    );
    assert_eq!(
        first(after(world, &["update log_head set size = size - 1"]).await),
        Some("checkpoint")
    );
    assert_eq!(
        first(after(world, &["update log_head set note = replace(note, '700', '701')"]).await),
        Some("checkpoint")
    );
    // A whole log, well made, by a key that is not ours.
    let mut tx = world.db.snapshot().await.unwrap();
    let mut state = State::begin().unwrap();
    let foreign = audit(&mut tx, &[PublicKey::Ed25519([3; 32])], &mut state, |_, _| Ok(()))
        .await
        .unwrap()
        .findings;
    assert_eq!(
        foreign.iter().map(|found| found.code).collect::<Vec<_>>(),
        ["checkpoint"]
    );
}

both_engines!(the_log_can_only_grow_in_the_database_too, |world| async {
    let world = &world;
    post(world, 0, 300).await;
    sequence(world).await;
    for sql in [
        "update credits_entries set cause = 'x'",
        "delete from credits_entries",
        "update log_bundles set commitments = entries",
        "delete from log_bundles",
        "update log_tiles set hashes = (select root from log_head)",
        "delete from log_tiles",
        "update log_head set size = 1",
        "delete from log_head",
    ] {
        let mut tx = world.db.write().await.unwrap();
        assert!(tx.exec(sql, &[]).await.is_err(), "{sql} must be refused");
    }
});

both_engines!(the_audit_goes_on_where_it_was_stopped, |world| async {
    let world = &world;
    post(world, 0, 9_000).await;
    sequence(world).await;
    let keys = world.app.press.log_keys();
    let mut state = State::begin().unwrap();
    let mut tx = world.db.snapshot().await.unwrap();
    let mut steps = 0;
    let stopped = audit(&mut tx, &keys, &mut state, |_, _| {
        steps += 1;
        if steps == 2 { Err(kernel::Error::Stale) } else { Ok(()) }
    });
    assert!(stopped.await.is_err());
    drop(tx);
    assert!(
        state.leaves > 0 && state.rows > 0 && state.rows < 9_000,
        "it was stopped among the rows"
    );
    let written = serde_json::to_string(&state).unwrap();
    post(world, 9_000, 400).await;
    sequence(world).await;
    let mut state: State = serde_json::from_str(&written).unwrap();
    let mut tx = world.db.snapshot().await.unwrap();
    let report = audit(&mut tx, &keys, &mut state, |_, _| Ok(())).await.unwrap();
    assert_eq!((report.findings, report.entries), (vec![], 9_400));
});

both_engines!(r21_two_servers_that_post_at_once_make_one_log, |world| async {
    let world = &world;
    let other = world.db.open_again().await;
    let one = sequencer(world, &world.db);
    let two = sequencer(world, &other);
    let posting = async {
        for n in 0..40 {
            let ours = post_to(world, &world.db, n * 100, 30);
            // Twenty of these causes are the other server's as well: posted once, by whoever came first.
            let theirs = post_to(world, &other, n * 100 + 10, 40);
            let (ours, theirs) = tokio::join!(ours, theirs);
            assert_eq!(ours.len() + theirs.len(), 50);
        }
    };
    let sequencing = async {
        for _ in 0..30 {
            let (one, two) = tokio::join!(one.round(), two.round());
            one.and(two).unwrap();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::join!(posting, sequencing);
    two.catch_up().await.unwrap();
    let head = log::head(&mut world.db.read().await.unwrap()).await.unwrap();
    assert_eq!(head.size, 2_000, "none is lost and none doubled");
});

both_engines!(
    a_stranger_reads_the_log_as_plain_files_and_finds_nobody_in_it,
    |world| async {
        let world = &world;
        let stranger = world.visitor();
        assert_eq!(stranger.get("/log/tile/0/000").await.status, 404);
        post(world, 0, 700).await;
        sequence(world).await;
        let note = stranger.get("/log/checkpoint").await.is(200).text();
        let opened = log::open_checkpoint(&note, &world.app.press.log_keys()).unwrap();
        let head: Checkpoint = opened.checkpoint;
        assert_eq!((head.origin.as_str(), head.size), ("zhixin.test/log", 700));
        let (mut tiles, mut size) = (tlog::Read::default(), 0);
        for path in ["000", "001", "002.p/188"] {
            let bytes = stranger.get(&format!("/log/tile/entries/{path}")).await.is(200).bytes;
            let leaves: Vec<Hash> = read_bundle(&bytes).unwrap().into_iter().map(leaf_hash).collect();
            let changed = append(&mut tiles, size, &leaves).unwrap();
            size += leaves.len() as u64;
            tiles.0.extend(changed);
            let served = stranger.get(&format!("/log/tile/0/{path}")).await.is(200).bytes;
            assert_eq!(served, leaves.concat());
        }
        assert_eq!(root(&mut tiles, 700).unwrap(), head.root);
        assert_eq!(
            stranger.get("/log/tile/1/000.p/2").await.is(200).bytes,
            tiles.0[&(1, 0)]
        );
        for wrong in [
            "0/003",
            "0/002",
            "1/000.p/3",
            "1/000",
            "2/000.p/1",
            "0/2",
            "entries/002.p/189",
            "x",
        ] {
            assert_eq!(stranger.get(&format!("/log/tile/{wrong}")).await.status, 404, "{wrong}");
        }
        stranger
            .get("/log")
            .await
            .is(200)
            .sees("700")
            .sees("学时公开账本")
            .sees("zhixin log mirror");
    }
);

/// Runs the command line on a data folder.
fn zhixin(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_zhixin"))
        .args(arguments)
        .args(["--data", &folder.display().to_string()])
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    (status.code().unwrap_or(-1), said)
}

fn copy_into(from: &str, folder: &Path) {
    let from = from.strip_prefix("sqlite:").unwrap();
    for end in ["", "-wal"] {
        let _ = std::fs::copy(format!("{from}{end}"), folder.join(format!("zhixin.db{end}")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r24_an_old_backup_is_found_only_against_a_checkpoint_kept_elsewhere_and_the_audit_says_so() {
    let world = World::new(db::testing::Engine::Sqlite).await;
    post(&world, 0, 600).await;
    sequence(&world).await;
    let data = world.app.installation.data.clone();
    copy_into(world.db.url(), &data);
    let elsewhere = tempfile::tempdir().unwrap();
    let witness = log::witness::Witness::new(elsewhere.path().to_owned());
    let keep = async || {
        let head = log::head(&mut world.db.read().await.unwrap()).await.unwrap();
        witness.keep(head.size, &head.note).unwrap();
    };
    keep().await;
    let against = elsewhere.path().display().to_string();
    let (code, said) = zhixin(&data, &["log", "audit", "--against", &against]);
    assert!(
        code == 0 && said.contains("全部一致") && said.contains("1 个检查点"),
        "{said}"
    );

    // The ledger goes on; then somebody puts the backup back.
    post(&world, 600, 5).await;
    sequence(&world).await;
    keep().await;
    let (code, said) = zhixin(&data, &["log", "audit"]);
    assert!(code == 0 && said.contains("不能排除"), "{said}");
    let (code, said) = zhixin(&data, &["log", "audit", "--against", &against, "--json"]);
    assert!(code == 1 && said.contains("rollback") && said.contains("605"), "{said}");

    // Another history of the same length, signed by the same key.
    post(&world, 605, 1).await;
    let (code, said) = zhixin(&data, &["log", "audit", "--against", "/nowhere"]);
    assert!(code == 2 && said.contains("无法判断"), "{said}");
    let foreign = elsewhere.path().join("foreign");
    std::fs::write(
        &foreign,
        "other.example/log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— other.example/log AAAAAAAA\n",
    )
    .unwrap();
    let (code, said) = zhixin(&data, &["log", "audit", "--against", &foreign.display().to_string()]);
    assert!(code == 1 && said.contains("不可信"), "{said}");
}

/// Not a test of its own: the process that [`r21_a_process_killed_while_posting_loses_nothing`] kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by another test, which kills it"]
#[allow(
    clippy::disallowed_methods,
    reason = "the parent tells the child by variables where to post"
)]
async fn posts_until_it_is_killed() {
    let (url, data) = (
        std::env::var("LOG_TEST_URL").unwrap(),
        std::env::var("LOG_TEST_DATA").unwrap(),
    );
    let db = Db::open(&url).await.unwrap();
    let press = oversight::credentials::Press::open(Path::new(&data)).unwrap();
    let installation = registry::Installation {
        demo: true,
        public_url: "http://zhixin.test".into(),
        data: data.into(),
    };
    let ctx = registry::Ctx {
        actor: Actor::system("killed"),
        clock: kernel::Clock::System,
        db: db.clone(),
        calendar: std::sync::Arc::default(),
        installation: std::sync::Arc::new(installation),
    };
    let sequencer = press.sequencer(&ctx);
    let (from, mut n) = (std::process::id() % 1000 * 1_000_000, 0);
    loop {
        let mut tx = db.batch().await.unwrap();
        credits::post(&ctx, &mut tx, &postings(from + n, 50)).await.unwrap();
        tx.commit().await.unwrap();
        sequencer.round().await.unwrap();
        n += 50;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r21_a_process_killed_while_posting_loses_nothing() {
    for engine in db::testing::engines() {
        let world = World::new(engine).await;
        for _ in 0..3 {
            let before = log::head(&mut world.db.read().await.unwrap()).await.unwrap().size;
            let mut children: Vec<_> = (0..2)
                .map(|_| {
                    Command::new(std::env::current_exe().unwrap())
                        .args(["--exact", "log::posts_until_it_is_killed", "--ignored"])
                        .env("LOG_TEST_URL", world.db.url())
                        .env("LOG_TEST_DATA", &world.app.installation.data)
                        .stdout(std::process::Stdio::null())
                        .stderr(std::process::Stdio::null())
                        .spawn()
                        .unwrap()
                })
                .collect();
            for _ in 0..400 {
                tokio::time::sleep(Duration::from_millis(50)).await;
                if log::head(&mut world.db.read().await.unwrap()).await.unwrap().size > before + 300 {
                    break;
                }
            }
            for child in &mut children {
                child.kill().unwrap();
                child.wait().unwrap();
            }
        }
        let head = log::head(&mut world.db.read().await.unwrap()).await.unwrap();
        assert!(head.size > 900, "the children have posted: {}", head.size);
        // Audits the ledger against its log at the end.
        World::run(&world, async {}).await;
        let mut tx = world.db.read().await.unwrap();
        let entries: i64 = tx.one("select count(*) from credits_entries", args![]).await.unwrap();
        assert_eq!(entries % 50, 0, "a batch is whole or not there");
    }
}

both_engines!(a_document_proves_itself_to_a_stranger, |world| async {
    r22_the_hours_of_a_document_are_in_the_log(&world).await
});

async fn r22_the_hours_of_a_document_are_in_the_log(world: &World) {
    post(world, 0, 300).await;
    completed_class(world, &world.sign_in("learner-a").await).await;
    let learner = world.sign_in("learner-a").await;
    let certificate = first_file(&learner, "/desk/my/certificates").await;
    let stranger = world.visitor();
    judged(&stranger, &certificate)
        .await
        .sees("真实有效")
        .sees("入账证明")
        .sees("第 300 号记录");
    let person = world.city.person("learner-a").to_string();
    let asked = learner
        .post(
            "/desk/credentials/statement",
            &[("person", person.as_str()), ("year", "2026")],
        )
        .await;
    let statement = first_file(&learner, &asked.is(303).location).await;
    judged(&stranger, &statement).await.sees("真实有效").sees("入账证明");

    let data = world.app.installation.data.clone();
    let file = data.join("certificate.pdf").display().to_string();
    std::fs::write(&file, &certificate).unwrap();
    let url = world.db.url().to_owned();
    let (code, said) = zhixin(&data, &["verify", &file, "--database", &url]);
    assert!(
        code == 0 && said.contains("Ed25519 和 SM2（SM3） 签署，与数据目录中的账本一致"),
        "{said}"
    );
    let (code, said) = zhixin(&data, &["verify", &file, "--database", "sqlite:/nowhere/at/all.db"]);
    assert!(code == 0 && said.contains("入账证明成立"), "offline: {said}");
    let kept = data.join("kept").display().to_string();
    std::fs::write(
        &kept,
        log::head(&mut world.db.read().await.unwrap()).await.unwrap().note,
    )
    .unwrap();
    let (code, said) = zhixin(&data, &["verify", &file, "--database", &url, "--checkpoint", &kept]);
    assert!(code == 0 && said.contains("与所给的检查点一致"), "{said}");
    let (code, said) = zhixin(&data, &["verify", &file, "--database", &url, "--checkpoint", &file]);
    assert!(code == 2, "{said}");

    a_checkpoint_of_another_size_needs_the_entries(world, (&data, &file, &url)).await;
    r73_a_proof_discloses_no_account_and_no_person(world, &certificate).await;
    a_document_without_a_proof_is_explained(world, &certificate).await;

    // Somebody rewrites the log; what was handed out before contradicts it.
    let on = if world.db.is_postgres() { " on log_tiles" } else { "" };
    let mut tx = world.db.write().await.unwrap();
    tx.exec(&format!("drop trigger log_tiles_only_grow{on}"), &[])
        .await
        .unwrap();
    let honest: Vec<u8> = tx
        .one("select hashes from log_tiles where level = 1", &[])
        .await
        .unwrap();
    let mut forged = honest.clone();
    forged[0] ^= 1;
    let rewrite = "update log_tiles set hashes = $1 where level = 1";
    tx.exec(rewrite, args![forged]).await.unwrap();
    tx.commit().await.unwrap();
    judged(&stranger, &certificate)
        .await
        .sees("不属实")
        .sees("不是同一段历史");
    let (code, said) = zhixin(&data, &["verify", &file, "--database", &url]);
    assert!(code == 1 && said.contains("不是同一段历史"), "{said}");
    let mut tx = world.db.write().await.unwrap();
    tx.exec(rewrite, args![honest]).await.unwrap();
    tx.commit().await.unwrap();
}

/// Two sizes are compared with a data folder or a mirror, and without either the verifier says what it needs.
async fn a_checkpoint_of_another_size_needs_the_entries(world: &World, (data, file, url): (&Path, &str, &str)) {
    post(world, 300, 40).await;
    sequence(world).await;
    let head = log::head(&mut world.db.read().await.unwrap()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mirror = folder.path().join("mirror");
    let later = folder.path().join("later").display().to_string();
    std::fs::write(&later, &head.note).unwrap();
    let nowhere = "sqlite:/nowhere/at/all.db";
    let verify = |database: &str, checkpoint: &str| {
        zhixin(
            data,
            &["verify", file, "--database", database, "--checkpoint", checkpoint],
        )
    };
    let (code, said) = verify(nowhere, &later);
    assert!(
        code == 2 && said.contains("zhixin log mirror") && said.contains("--data"),
        "{said}"
    );
    let (code, said) = verify(url, &later);
    assert!(code == 0 && said.contains("与所给的检查点一致"), "{said}");

    for number in 0..head.size.div_ceil(256) {
        let width = (head.size - number * 256).min(256);
        let path = tlog::entries_path(number, u16::try_from(width).unwrap()).to_string();
        let bytes = world.visitor().get(&format!("/log/{path}")).await.is(200).bytes;
        std::fs::create_dir_all(mirror.join(&path).parent().unwrap()).unwrap();
        std::fs::write(mirror.join(&path), bytes).unwrap();
    }
    std::fs::write(mirror.join("checkpoint"), &head.note).unwrap();
    let mirrored = mirror.display().to_string();
    let (code, said) = verify(nowhere, &mirrored);
    assert!(
        code == 0 && said.contains("与镜像") && said.contains("Ed25519 和 SM2"),
        "{said}"
    );
    let first = mirror.join("tile/entries/000");
    let mut bytes = std::fs::read(&first).unwrap();
    bytes[5] ^= 1;
    std::fs::write(&first, bytes).unwrap();
    let (code, said) = verify(nowhere, &mirrored);
    assert!(code == 2 && said.contains("请重新镜像"), "{said}");
}

/// The record in a genuine file.
fn record_in(world: &World, file: &[u8]) -> seal::Record {
    match seal::open(file, world.app.press.keys()) {
        seal::Verdict::Genuine(record) => record,
        other => panic!("not genuine: {other:?}"),
    }
}

/// What a document reveals of its entries holds neither who posted them, nor whose they are, nor their bodies.
async fn r73_a_proof_discloses_no_account_and_no_person(world: &World, certificate: &[u8]) {
    let proof = record_in(world, certificate).proof.unwrap();
    let bytes: Vec<u8> = proof
        .leaves
        .iter()
        .flat_map(|leaf| seal::Proof::decode(&leaf.entry).unwrap())
        .collect();
    let finds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let mut tx = world.db.read().await.unwrap();
    let index: i64 = proof.leaves[0].index.parse().unwrap();
    let entries: Vec<u8> = tx
        .one("select entries from log_bundles where number = $1", args![index / 256])
        .await
        .unwrap();
    let at = usize::try_from(index % 256).unwrap() * 8;
    let id = i64::from_be_bytes(entries[at..at + 8].try_into().unwrap());
    let row = "select person, provider, org, cause, posted_by from credits_entries where id = $1";
    let (person, provider, org, cause, by): (i64, Option<i64>, Option<i64>, String, String) =
        tx.one(row, args![id]).await.unwrap();
    assert!(finds(&id.to_be_bytes()), "the number of the entry itself is shown");
    for hidden in [Some(person), provider, org].into_iter().flatten() {
        assert!(!finds(&hidden.to_be_bytes()), "{hidden}");
    }
    for hidden in [cause, by] {
        assert!(hidden.len() > 3 && !finds(hidden.as_bytes()), "{hidden}");
    }
}

/// A genuine document without a proof is genuine, and whoever checks it is told what is missing.
async fn a_document_without_a_proof_is_explained(world: &World, certificate: &[u8]) {
    let mut record = record_in(world, certificate);
    record.proof = None;
    let text = String::from;
    let page = seal::Certificate {
        number: record.number.clone(),
        programme: String::new(),
        title: text("继续教育证书"),
        holder: text("示例"),
        identity: String::new(),
        preface: String::new(),
        activity: text("数据治理"),
        hours: text("1"),
        hours_unit: text("学时"),
        facts: Vec::new(),
        conclusion: String::new(),
        issuer: text("知新平台"),
        issued_on: text("2026年3月12日"),
        verify_url: text("http://zhixin.test/verify"),
        verify_hint: String::new(),
        footnote: String::new(),
        demo: true,
        issued_at: record.issued_at.clone(),
    };
    let file = world.app.press.certificate(&page, &record).unwrap();
    judged(&world.visitor(), &file)
        .await
        .sees("真实有效")
        .sees("没有附入账证明");
    let data = world.app.installation.data.clone();
    let path = data.join("without.pdf").display().to_string();
    std::fs::write(&path, &file).unwrap();
    let (code, said) = zhixin(&data, &["verify", &path, "--database", world.db.url()]);
    assert!(code == 0 && said.contains("没有附入账证明"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mirror_grows_with_the_log_and_refuses_one_that_contradicts_it() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: there is no curl");
        return;
    }
    let world = World::new(db::testing::Engine::Sqlite).await;
    post(&world, 0, 700).await;
    sequence(&world).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let router = server::http::router(world.app.clone(), &server::config::Config::default(), None);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let listen = free.clone();
    let serving =
        tokio::spawn(async move { server::http::serve(router, &listen, async { drop(stopped.await) }).await });
    let (data, folder) = (world.app.installation.data.clone(), tempfile::tempdir().unwrap());
    let (url, mirror) = (format!("http://{free}"), folder.path().display().to_string());
    let run = async || {
        let (data, url, mirror) = (data.clone(), url.clone(), mirror.clone());
        tokio::task::spawn_blocking(move || zhixin(&data, &["log", "mirror", &url, &mirror]))
            .await
            .unwrap()
    };
    for _ in 0..100 {
        if std::net::TcpStream::connect(&free).is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (code, said) = run().await;
    assert!(code == 0 && said.contains("新增 700"), "{said}");
    for path in [
        "tile/0/000",
        "tile/0/002.p/188",
        "tile/1/000.p/2",
        "tile/entries/001",
        "checkpoint",
    ] {
        assert!(folder.path().join(path).exists(), "{path}");
    }
    post(&world, 700, 100).await;
    sequence(&world).await;
    let (code, said) = run().await;
    assert!(code == 0 && said.contains("800") && said.contains("新增 100"), "{said}");
    let database = world.db.url().to_owned();
    let (code, said) = zhixin(&data, &["log", "audit", "--database", &database, "--against", &mirror]);
    assert!(code == 0 && said.contains("全部一致"), "{said}");

    // What was mirrored before is altered: the root of the next checkpoint does not follow from it.
    let kept = folder.path().join("tile/entries/000");
    let mut bytes = std::fs::read(&kept).unwrap();
    bytes[5] ^= 1;
    std::fs::write(&kept, bytes).unwrap();
    post(&world, 800, 1).await;
    sequence(&world).await;
    let (code, said) = run().await;
    assert!(code == 1 && said.contains("自相矛盾"), "{said}");
    let before = std::fs::read_to_string(folder.path().join("checkpoint")).unwrap();
    assert!(before.contains("\n800\n"), "the mirror stays as it was");
    drop(stop);
    serving.await.unwrap().unwrap();
}
