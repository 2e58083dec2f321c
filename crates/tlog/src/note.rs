//! Signed notes, as c2sp.org/signed-note says: a text, an empty line, and a line for each signature.
//!
//! ```text
//! line = "— " name " " base64(key id ‖ signature)
//! ```
//! A note may be signed in several lines, each by a key and an algorithm of its own (`key.rs`); whoever does not know the
//! key of a line ignores the line. Deliberately absent: the keys that sign, for a [`NoteSigner`] may be a device.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::key::is_name;
use crate::{Algorithm, NoteKey};

/// More lines than anybody signs with; a note that has more is refused.
const LINES: usize = 64;

/// Whoever signs notes.
pub trait NoteSigner: Send + Sync {
    /// The name in the signature's line: the origin of the log.
    fn name(&self) -> &str;
    /// The id of the key, see [`crate::key::key_id`].
    fn key_id(&self) -> [u8; 4];
    /// The bare signature over the text; none when the device does not sign.
    fn sign(&self, text: &[u8]) -> Option<Vec<u8>>;
}

/// Why a note is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not the form of a signed note.
    #[error("not a signed note")]
    Malformed,
    /// No line is by a key that was given.
    #[error("no signature by a known key")]
    NoKnownKey,
    /// A line claims to be by a key that was given and is not.
    #[error("a signature does not hold")]
    Signature,
    /// No key, or a weak one.
    #[error("not a usable key")]
    Key,
}

/// A note whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text, with its last newline.
    pub text: String,
    /// The names under which known keys have signed, and how.
    pub signed_by: Vec<(String, Algorithm)>,
}

/// Signs a text that ends with a newline. None when it does not, or a signer does not sign.
#[must_use]
pub fn sign(text: &str, signers: &[&dyn NoteSigner]) -> Option<String> {
    if !text.ends_with('\n') || !is_clean(text) || signers.is_empty() {
        return None;
    }
    let mut note = format!("{text}\n");
    for signer in signers {
        let mut bytes = signer.key_id().to_vec();
        bytes.extend(signer.sign(text.as_bytes())?);
        if !is_name(signer.name()) {
            return None;
        }
        note += &format!("— {} {}\n", signer.name(), STANDARD.encode(bytes));
    }
    Some(note)
}

/// Opens a note: at least one known key must have signed it, and no line of a known key may fail. Lines of others are
/// ignored, whatever their type.
///
/// # Errors
/// Why it is not accepted.
pub fn open(note: &str, keys: &[NoteKey]) -> Result<Note, NoteError> {
    let end = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, lines) = (&note[..=end], &note[end + 2..]);
    let lines = lines.strip_suffix('\n').ok_or(NoteError::Malformed)?;
    if !is_clean(note) || lines.split('\n').count() > LINES {
        return Err(NoteError::Malformed);
    }
    let mut signed_by = Vec::new();
    for line in lines.split('\n') {
        let (name, id, signature) = parts(line).ok_or(NoteError::Malformed)?;
        let Some(key) = keys.iter().find(|key| key.is_named(name, &id)) else {
            continue;
        };
        if !key.verifies(text.as_bytes(), &signature) {
            return Err(NoteError::Signature);
        }
        signed_by.push((name.to_owned(), key.algorithm()));
    }
    if signed_by.is_empty() {
        return Err(NoteError::NoKnownKey);
    }
    Ok(Note {
        text: text.to_owned(),
        signed_by,
    })
}

/// Whether the note has a line of this signer; whether it holds, [`open`] tells.
#[must_use]
pub fn bears(note: &str, signer: &dyn NoteSigner) -> bool {
    let lines = note.rfind("\n\n").map_or("", |end| &note[end + 2..]);
    lines
        .lines()
        .filter_map(parts)
        .any(|(name, id, _)| name == signer.name() && id == signer.key_id())
}

/// Name, key id and bare signature of a line.
fn parts(line: &str) -> Option<(&str, [u8; 4], Vec<u8>)> {
    let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(signature).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    (is_name(name) && !signature.is_empty()).then(|| (name, *id, signature.to_vec()))
}

fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| c < ' ' && c != '\n')
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::PublicKey;
    use crate::key::{ED25519, SM2_ID, SM2_SM3, key_id};

    const NAME: &str = "log.example/ledger";

    struct Edwards(SigningKey);

    impl NoteSigner for Edwards {
        fn name(&self) -> &str {
            NAME
        }
        fn key_id(&self) -> [u8; 4] {
            key_id(NAME, ED25519, self.0.verifying_key().as_bytes())
        }
        fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
            Some(self.0.sign(text).to_bytes().to_vec())
        }
    }

    fn signer(seed: u8) -> Edwards {
        Edwards(SigningKey::from_bytes(&[seed; 32]))
    }

    fn key_of(signer: &Edwards) -> NoteKey {
        NoteKey::new(NAME, PublicKey::Ed25519(signer.0.verifying_key().to_bytes())).unwrap()
    }

    struct Second(sm2::dsa::SigningKey);

    impl Second {
        fn new(seed: u8) -> Self {
            Self(sm2::dsa::SigningKey::from_slice(SM2_ID, &[seed; 32]).unwrap())
        }
        fn public(&self) -> PublicKey {
            let point = self.0.verifying_key().to_sec1_bytes();
            PublicKey::Sm2(point.as_ref().try_into().unwrap())
        }
        fn key(&self) -> NoteKey {
            NoteKey::new(NAME, self.public()).unwrap()
        }
    }

    impl NoteSigner for Second {
        fn name(&self) -> &str {
            NAME
        }
        fn key_id(&self) -> [u8; 4] {
            key_id(NAME, SM2_SM3, self.public().bytes())
        }
        fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
            use sm2::dsa::signature::Signer as _;
            let signature: sm2::dsa::Signature = self.0.try_sign(text).ok()?;
            Some(signature.to_bytes().to_vec())
        }
    }

    #[test]
    fn the_key_and_note_of_the_go_checksum_database_are_read() {
        // The verifier key that the go command has built in.
        let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        assert_eq!(NoteKey::parse(text).unwrap().to_string(), text);
        // The example of golang.org/x/mod/sumdb/note.
        let key = NoteKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
        let note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let opened = open(note, &[key]).unwrap();
        assert_eq!(opened.signed_by, [("PeterNeumann".to_owned(), Algorithm::Ed25519)]);
    }

    #[test]
    fn a_note_opens_with_its_key_and_with_no_other() {
        let note = sign("a\nb\n", &[&signer(1)]).unwrap();
        assert_eq!(open(&note, &[key_of(&signer(1))]).unwrap().text, "a\nb\n");
        assert_eq!(open(&note, &[key_of(&signer(2))]), Err(NoteError::NoKnownKey));
        for place in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(open(&changed, &[key_of(&signer(1))]).is_err(), "{changed}");
            }
        }
    }

    #[test]
    fn a_second_line_of_our_own_type_is_ignored_by_those_who_do_not_know_it_and_checked_by_those_who_do() {
        let (first, second) = (signer(1), Second::new(3));
        let note = sign("a\n", &[&first, &second]).unwrap();
        assert_eq!(note.lines().filter(|line| line.starts_with('—')).count(), 2);
        let how = |keys: &[NoteKey]| {
            let opened = open(&note, keys).unwrap();
            opened.signed_by.into_iter().map(|(_, how)| how).collect::<Vec<_>>()
        };
        assert_eq!(how(&[key_of(&first)]), [Algorithm::Ed25519]);
        assert_eq!(how(&[second.key()]), [Algorithm::Sm2]);
        assert_eq!(
            how(&[key_of(&first), second.key()]),
            [Algorithm::Ed25519, Algorithm::Sm2]
        );
        assert!(bears(&note, &first) && bears(&note, &second));
        assert!(!bears(&note, &signer(2)) && !bears(&note, &Second::new(4)) && !bears("", &first));
        // A line that claims to be by a known key must hold, whatever its type.
        let alone = sign("a\n", &[&first]).unwrap();
        let other = sign("b\n", &[&second]).unwrap();
        let forged = alone + other.lines().last().unwrap() + "\n";
        assert_eq!(open(&forged, &[key_of(&first)]).unwrap().signed_by.len(), 1);
        assert_eq!(
            open(&forged, &[key_of(&first), second.key()]),
            Err(NoteError::Signature)
        );
    }

    #[test]
    fn a_verifier_key_of_our_own_type_reads_and_writes() {
        let key = Second::new(3).key();
        assert_eq!(NoteKey::parse(&key.to_string()), Ok(key.clone()));
        let other = key.to_string().replacen("+", "x+", 1);
        assert_eq!(NoteKey::parse(&other), Err(NoteError::Key));
        let mut point = [0; 65];
        point[0] = 4;
        assert_eq!(NoteKey::new(NAME, PublicKey::Sm2(point)), Err(NoteError::Key));
    }

    #[test]
    fn texts_without_an_end_and_odd_names_are_not_signed() {
        assert_eq!(sign("a", &[&signer(1)]), None);
        assert_eq!(sign("a\tb\n", &[&signer(1)]), None);
        let key = PublicKey::Ed25519(signer(1).0.verifying_key().to_bytes());
        assert!(NoteKey::new("a b", key).is_err());
        assert!(NoteKey::new("a+b", key).is_err());
    }
}
