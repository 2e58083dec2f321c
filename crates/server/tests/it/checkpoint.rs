//! The two signatures of a checkpoint: Ed25519, which everybody checks, and SM2, which whoever knows its key checks too.

use db::args;
use learning::credits::log;
use testkit::both_engines;
use tlog::{Algorithm, PublicKey};

use crate::log::{audited, post, sequence};

both_engines!(
    a_checkpoint_is_signed_with_sm2_as_well_and_whoever_knows_only_ed25519_accepts_it,
    |world| async {
        let world = &world;
        post(world, 0, 5).await;
        sequence(world).await;
        let stranger = world.visitor();
        let note = stranger.get("/log/checkpoint").await.is(200).text();
        assert_eq!(note.lines().filter(|line| line.starts_with("— ")).count(), 2);
        // The keys as anybody gets them.
        let published = stranger.get("/.well-known/zhixin-keys.json").await.is(200);
        assert_eq!(published.json()["keys"][1]["crv"], "SM2");
        let set = seal::KeySet::from_json(&published.text()).unwrap();
        let keys = oversight::credentials::log_keys(&set);
        assert_eq!(keys, world.app.press.log_keys());
        let how = |keys: &[PublicKey]| log::open_checkpoint(&note, keys).map(|opened| opened.signed_by);
        assert_eq!(how(&keys), Ok(vec![Algorithm::Ed25519, Algorithm::Sm2]));
        let (first, second): (Vec<_>, Vec<_>) = keys.iter().partition(|key| key.algorithm() == Algorithm::Ed25519);
        assert_eq!(how(&first), Ok(vec![Algorithm::Ed25519]));
        assert!(how(&second).is_err(), "SM2 alone is not enough");
        stranger.get("/log").await.is(200).sees("zhixin.sm2-sm3.v1");

        // A head from before the second key is signed again; one whose second line is broken is found.
        let end = note.trim_end().rfind('\n').unwrap();
        let set_note = async |note: &str| {
            let mut tx = world.db.write().await.unwrap();
            tx.exec("update log_head set note = $1 where id = 1", args![note])
                .await
                .unwrap();
            tx.commit().await.unwrap();
        };
        let head = async || log::head(&mut world.db.read().await.unwrap()).await.unwrap();
        set_note(&note[..=end]).await;
        assert_eq!(audited(world, &mut world.db.snapshot().await.unwrap()).await, []);
        sequence(world).await;
        assert_eq!(head().await.note.lines().count(), note.lines().count());
        let broken = format!(
            "{}AAAA{}\n",
            &note[..note.len() - 9],
            &note[note.len() - 5..note.len() - 1]
        );
        set_note(&broken).await;
        let found = audited(world, &mut world.db.snapshot().await.unwrap()).await;
        assert_eq!(found.iter().map(|found| found.code).collect::<Vec<_>>(), ["checkpoint"]);
        set_note(&note).await;
    }
);
