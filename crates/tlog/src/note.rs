//! Signed notes, as c2sp.org/signed-note says: a text, an empty line, and a line for each signature.
//!
//! ```text
//! key id = SHA-256(name ‖ "\n" ‖ type ‖ public key), its first four bytes
//! line   = "— " name " " base64(key id ‖ signature)
//! ```
//! Type 0x01 is Ed25519. A second algorithm stands in a line of type 0xff, whose type is followed by an identifier of its
//! own; ours for SM2 with SM3 (GB/T 32918, GB/T 32905) is [`SM2_SM3`], the public key the 65 bytes of an uncompressed
//! point, the signature `r ‖ s` of 32 bytes each. Whoever does not know the key ignores the line.
//! Deliberately absent: the SM2 algorithm, for a [`NoteSigner`] may be a device.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// The type byte of Ed25519.
pub const ED25519: &[u8] = &[0x01];
/// The type of SM2 signatures over the SM3 digest, in a form that other verifiers can ignore.
pub const SM2_SM3: &[u8] = b"\xffzhixin.sm2-sm3.v1";
/// More lines than anybody signs with; a note that has more is refused.
const LINES: usize = 64;

/// Whoever signs notes.
pub trait NoteSigner: Send + Sync {
    /// The name in the signature's line: the origin of the log.
    fn name(&self) -> &str;
    /// The id of the key, see [`key_id`].
    fn key_id(&self) -> [u8; 4];
    /// The bare signature over the text; none when the device does not sign.
    fn sign(&self, text: &[u8]) -> Option<Vec<u8>>;
}

/// The id of a key under a name.
#[must_use]
pub fn key_id(name: &str, kind: &[u8], public_key: &[u8]) -> [u8; 4] {
    let mut hasher = Sha256::new();
    hasher.update(name.as_bytes());
    hasher.update(b"\n");
    hasher.update(kind);
    hasher.update(public_key);
    let digest = hasher.finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}

/// An Ed25519 key that checks notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
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

impl NoteKey {
    /// A key under a name: 32 bytes as RFC 8032 has them.
    ///
    /// # Errors
    /// When it is none, or the name holds a space or a plus sign.
    pub fn ed25519(name: &str, public_key: &[u8]) -> Result<Self, NoteError> {
        let bytes: [u8; 32] = public_key.try_into().map_err(|_| NoteError::Key)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| NoteError::Key)?;
        if !is_name(name) || key.is_weak() {
            return Err(NoteError::Key);
        }
        Ok(Self {
            name: name.to_owned(),
            id: key_id(name, ED25519, &bytes),
            key,
        })
    }

    /// Reads a verifier key as other tools write it: `name+hexid+base64(0x01 ‖ key)`.
    ///
    /// # Errors
    /// When it is none, or its id is another's.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let bytes = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
        let key = bytes.strip_prefix(ED25519).ok_or(NoteError::Key)?;
        let key = Self::ed25519(name, key)?;
        if key.to_string().split('+').nth(1) == Some(id) {
            Ok(key)
        } else {
            Err(NoteError::Key)
        }
    }

    /// The name it signs under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl std::fmt::Display for NoteKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = ED25519.to_vec();
        bytes.extend(self.key.as_bytes());
        write!(
            out,
            "{}+{:08x}+{}",
            self.name,
            u32::from_be_bytes(self.id),
            STANDARD.encode(bytes)
        )
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+' || c.is_control())
}

/// A note whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text, with its last newline.
    pub text: String,
    /// The names under which known keys have signed.
    pub signed_by: Vec<String>,
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
        let (name, signature) = line
            .strip_prefix("— ")
            .and_then(|line| line.split_once(' '))
            .ok_or(NoteError::Malformed)?;
        let bytes = STANDARD.decode(signature).map_err(|_| NoteError::Malformed)?;
        let (id, signature) = bytes.split_at_checked(4).ok_or(NoteError::Malformed)?;
        if !is_name(name) || signature.is_empty() {
            return Err(NoteError::Malformed);
        }
        let Some(key) = keys.iter().find(|key| key.name == name && key.id == id) else {
            continue;
        };
        let holds = Signature::from_slice(signature)
            .is_ok_and(|signature| key.key.verify_strict(text.as_bytes(), &signature).is_ok());
        if !holds {
            return Err(NoteError::Signature);
        }
        signed_by.push(name.to_owned());
    }
    if signed_by.is_empty() {
        return Err(NoteError::NoKnownKey);
    }
    Ok(Note {
        text: text.to_owned(),
        signed_by,
    })
}

fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| c < ' ' && c != '\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer as _, SigningKey};

    struct Test(SigningKey, &'static [u8]);

    impl NoteSigner for Test {
        fn name(&self) -> &str {
            "log.example/ledger"
        }
        fn key_id(&self) -> [u8; 4] {
            key_id(self.name(), self.1, self.0.verifying_key().as_bytes())
        }
        fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
            Some(self.0.sign(text).to_bytes().to_vec())
        }
    }

    fn signer(seed: u8) -> Test {
        Test(SigningKey::from_bytes(&[seed; 32]), ED25519)
    }

    fn key_of(signer: &Test) -> NoteKey {
        NoteKey::ed25519(signer.name(), signer.0.verifying_key().as_bytes()).unwrap()
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
        assert_eq!(open(note, &[key]).unwrap().signed_by, ["PeterNeumann"]);
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
    fn a_second_line_of_our_own_type_is_ignored_by_those_who_do_not_know_it() {
        let second = Test(SigningKey::from_bytes(&[3; 32]), SM2_SM3);
        let note = sign("a\n", &[&signer(1), &second]).unwrap();
        assert_eq!(note.lines().filter(|line| line.starts_with('—')).count(), 2);
        assert_eq!(
            open(&note, &[key_of(&signer(1))]).unwrap().signed_by,
            ["log.example/ledger"]
        );
    }

    #[test]
    fn texts_without_an_end_and_odd_names_are_not_signed() {
        assert_eq!(sign("a", &[&signer(1)]), None);
        assert_eq!(sign("a\tb\n", &[&signer(1)]), None);
        assert!(NoteKey::ed25519("a b", signer(1).0.verifying_key().as_bytes()).is_err());
        assert!(NoteKey::ed25519("a+b", signer(1).0.verifying_key().as_bytes()).is_err());
    }
}
