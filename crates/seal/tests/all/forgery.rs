//! Everything a forger or a careless mail gateway may do to a document, and that each is refused.
//! Deliberately absent: revocation, which the caller looks up.

use std::sync::LazyLock;

use proptest::prelude::*;
use seal::{
    Ed25519Key, Forgery, KeySet, Press, PressOptions, Proof, ProofLeaf, Record, Room, SealError, Unknown, UtcSecond,
    Verdict, open, seal,
};

use crate::samples;

static KEY: LazyLock<Ed25519Key> = LazyLock::new(|| Ed25519Key::generate().unwrap());
static KEYS: LazyLock<KeySet> = LazyLock::new(|| KeySet::new(vec![KEY.public(UtcSecond::earliest())]));
static PDF: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let press = Press::new(PressOptions {
        fallback_fonts: Vec::new(),
    });
    press.certificate(&samples::certificate(&KEY)).unwrap().pdf
});
static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| seal(PDF.clone(), &samples::record("40"), &*KEY).unwrap());

const MARK: &[u8] = br#"{"format":"zhixin-seal-1""#;
const SLOT: usize = 4096;

fn slot_of(file: &[u8]) -> usize {
    file.windows(MARK.len()).position(|window| window == MARK).unwrap()
}

/// The file with `from` replaced by the equally long `to`, which must stand in it.
fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = file
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .unwrap();
    let mut changed = file.to_vec();
    changed[at..at + to.len()].copy_from_slice(to.as_bytes());
    changed
}

#[test]
fn a_sealed_file_is_genuine_and_keeps_its_length() {
    assert_eq!(open(&FILE, &KEYS), Verdict::Genuine(samples::record("40")));
    assert_eq!(FILE.len(), PDF.len());
}

#[test]
fn one_visible_digit_changed_in_the_record_is_forged() {
    let changed = replaced(&FILE, r#""学时":"40""#, r#""学时":"90""#);
    assert_eq!(open(&changed, &KEYS), Verdict::Forged(Forgery::BadSignature));
}

#[test]
fn another_page_under_the_same_record_is_forged() {
    // What a forger would do: print the certificate with 90 hours and move the genuine record into it.
    let press = Press::new(PressOptions {
        fallback_fonts: Vec::new(),
    });
    let mut better = samples::certificate(&KEY);
    better.hours = "90".to_owned();
    let mut forged = seal(press.certificate(&better).unwrap().pdf, &samples::record("90"), &*KEY).unwrap();
    let (from, to) = (slot_of(&FILE), slot_of(&forged));
    forged[to..to + SLOT].copy_from_slice(&FILE[from..from + SLOT]);
    assert_eq!(open(&forged, &KEYS), Verdict::Forged(Forgery::Altered));
}

#[test]
fn a_foreign_key_is_unknown_and_cannot_borrow_our_name() {
    let foreign = Ed25519Key::generate().unwrap();
    let file = seal(PDF.clone(), &samples::record("40"), &foreign).unwrap();
    let key = seal::Signer::key_id(&foreign).to_owned();
    assert_eq!(
        open(&file, &KEYS),
        Verdict::Unknown(Unknown::KeyNotKnown { key: key.clone() })
    );
    let borrowed = replaced(&file, &key, seal::Signer::key_id(&*KEY));
    assert_eq!(open(&borrowed, &KEYS), Verdict::Forged(Forgery::BadSignature));
    // And our file under another name is not "unknown" but altered.
    let renamed = replaced(&FILE, seal::Signer::key_id(&*KEY), &key);
    assert_eq!(open(&renamed, &KEYS), Verdict::Forged(Forgery::BadSignature));
}

#[test]
fn a_key_outside_its_period_vouches_for_nothing() {
    let at = |text| UtcSecond::parse(text).unwrap();
    for keys in [
        KeySet::new(vec![KEY.public(at("2026-03-12T02:30:01Z"))]),
        KeySet::new(vec![
            KEY.public(UtcSecond::earliest()).retired(at("2026-03-12T02:29:59Z")),
        ]),
    ] {
        assert_eq!(open(&FILE, &keys), Verdict::Forged(Forgery::OutsideKeyPeriod));
    }
}

#[test]
fn appended_and_cut_files_are_forged() {
    for tail in [b"\n".as_slice(), b" ", b"\0", b"1 0 obj\n<<>>\nendobj\n%%EOF"] {
        assert_eq!(open(&[&FILE, tail].concat(), &KEYS), Verdict::Forged(Forgery::Altered));
        assert_eq!(open(&[tail, &FILE].concat(), &KEYS), Verdict::Forged(Forgery::Altered));
    }
    assert_eq!(
        open(&[FILE.as_slice(), &FILE].concat(), &KEYS),
        Verdict::Forged(Forgery::Damaged)
    );
    for length in (8..FILE.len()).step_by(997) {
        assert!(
            matches!(open(&FILE[..length], &KEYS), Verdict::Forged(_)),
            "{length} bytes"
        );
    }
}

#[test]
fn other_spellings_of_the_same_record_are_refused() {
    let at = slot_of(&FILE);
    let slot = String::from_utf8(FILE[at..at + SLOT].to_vec()).unwrap();
    let json = slot.trim_end();
    for spelled in [
        json.replacen("\"signed\":", "\"signed\" :", 1),
        json.replacen('}', "} ", 1),
        json.replacen("王", "\\u738b", 1),
        json.replacen("{\"algorithm\"", "{\"x\":\"\",\"algorithm\"", 1),
    ] {
        let mut changed = FILE.clone();
        changed[at..at + SLOT].copy_from_slice(
            format!(
                "{spelled:<width$}",
                width = SLOT - (spelled.len() - spelled.chars().count())
            )
            .as_bytes(),
        );
        assert_eq!(open(&changed, &KEYS), Verdict::Forged(Forgery::Damaged), "{spelled}");
    }
}

#[test]
fn what_is_not_ours_is_unknown() {
    for file in [
        b"".as_slice(),
        b"hello",
        b"PK\x03\x04",
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
    ] {
        assert_eq!(open(file, &KEYS), Verdict::Unknown(Unknown::NotOurs));
    }
    assert_eq!(open(b"%PDF-1.7\n1 0 obj", &KEYS), Verdict::Forged(Forgery::Truncated));
    assert!(
        matches!(open(&PDF, &KEYS), Verdict::Forged(Forgery::Damaged)),
        "typeset but never signed"
    );
}

#[test]
fn sealing_refuses_what_it_cannot_seal() {
    let mut record = samples::record("40");
    assert!(
        matches!(seal(FILE.clone(), &record, &*KEY), Err(SealError::NoSlot)),
        "a second time"
    );
    assert!(matches!(
        seal(b"%PDF-1.7".to_vec(), &record, &*KEY),
        Err(SealError::NoSlot)
    ));
    record.facts.insert("说明".to_owned(), "长".repeat(2000));
    assert!(matches!(seal(PDF.clone(), &record, &*KEY), Err(SealError::TooLong(_))));
}

#[test]
fn each_byte_of_the_slot_counts() {
    let at = slot_of(&FILE);
    let written = FILE[at..at + SLOT].trim_ascii_end().len();
    // The record byte by byte; of the spaces behind it each fiftieth and the last.
    let padding = (at + written..at + SLOT).step_by(50);
    for position in (at..at + written).chain(padding).chain([at + SLOT - 1]) {
        for bit in [0x01, 0x20] {
            let mut changed = FILE.clone();
            changed[position] ^= bit;
            assert!(
                matches!(open(&changed, &KEYS), Verdict::Forged(_)),
                "byte {position}, bit {bit:#x}"
            );
        }
    }
}

#[test]
fn a_record_with_proofs_gets_room_and_each_byte_of_it_counts() {
    let press = Press::new(PressOptions {
        fallback_fonts: Vec::new(),
    });
    for leaves in [1, 3, 40] {
        let record = proven(leaves);
        let room = Room::of(&record);
        let printed = press.certificate_with(&samples::certificate(&KEY), room).unwrap().pdf;
        let file = seal(printed.clone(), &record, &*KEY).unwrap();
        assert_eq!(open(&file, &KEYS), Verdict::Genuine(record.clone()));
        assert_eq!(file.len(), printed.len());
        let start = file
            .windows(23)
            .position(|at| at == br#"{"format":"zhixin-seal-"#)
            .unwrap();
        for position in (start..start + 60).chain((start..file.len()).step_by(file.len() / 400)) {
            let mut changed = file.clone();
            changed[position] ^= 1;
            assert!(matches!(open(&changed, &KEYS), Verdict::Forged(_)), "byte {position}");
        }
        // Room for this record is no room for a longer one.
        let longer = proven(leaves + 40);
        assert!(seal(printed, &longer, &*KEY).is_err());
    }
    assert_eq!(Room::of(&samples::record("40")), Room::STANDARD);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_changed_byte_is_forged(position in 0..FILE.len(), change in 1..=255u8) {
        let mut changed = FILE.clone();
        changed[position] ^= change;
        prop_assert!(matches!(open(&changed, &KEYS), Verdict::Forged(_)), "byte {position}");
    }

    #[test]
    fn any_removed_or_added_byte_is_forged(position in 0..FILE.len(), added in any::<u8>()) {
        let mut shorter = FILE.clone();
        shorter.remove(position);
        prop_assert!(matches!(open(&shorter, &KEYS), Verdict::Forged(_)), "without byte {position}");
        let mut longer = FILE.clone();
        longer.insert(position, added);
        prop_assert!(matches!(open(&longer, &KEYS), Verdict::Forged(_)), "with one more at {position}");
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let near = [MARK, br#","signed":{"#, &bytes].concat();
        prop_assert!(!matches!(open(&near, &KEYS), Verdict::Genuine(_)));
        prop_assert!(!matches!(open(&bytes, &KEYS), Verdict::Genuine(_)));
    }
}

/// The same with a proof of so many leaves: a statement of many entries.
fn proven(leaves: usize) -> Record {
    let leaf = |index: usize| ProofLeaf {
        entry: Proof::encode(&[7; 300]),
        index: index.to_string(),
        path: Proof::encode(&[9; 800]),
        salt: Proof::encode(&[1; 16]),
    };
    let proof = Proof {
        checkpoint: "zhixin.example.cn/log\n70000\nAAAA\n\n— zhixin.example.cn/log AAAA\n".to_owned(),
        leaves: (0..leaves).map(leaf).collect(),
    };
    Record {
        proof: Some(proof),
        ..samples::record("40")
    }
}
