//! Keys that check notes: Ed25519 as everybody has them, and SM2 with SM3 in a type of our own.
//!
//! ```text
//! key id       = SHA-256(name ‖ "\n" ‖ type ‖ public key), its first four bytes
//! verifier key = name "+" hex(key id) "+" base64(type ‖ public key)
//! ```
//! Type 0x01 is Ed25519. [`SM2_SM3`] is 0xff, as c2sp.org/signed-note has it for types that are not registered, followed by
//! an identifier of its own. Under it stands the signature scheme of GB/T 32918.2 over the curve of GB/T 32918.5 with the
//! digest of GB/T 32905: the public key is the 65 bytes of the uncompressed point, the signature `r ‖ s` of 32 bytes each,
//! the signer's identifier (ID_A) [`SM2_ID`], the one that GM/T 0009 gives where nothing else is agreed.
//! Deliberately absent: keys that sign; they are a [`crate::NoteSigner`], which may be a device.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};
use sm2::dsa::signature::Verifier as _;

use crate::NoteError;

/// The type byte of Ed25519.
pub const ED25519: &[u8] = &[0x01];
/// The type of SM2 signatures over the SM3 digest, in a form that other verifiers can ignore.
pub const SM2_SM3: &[u8] = b"\xffzhixin.sm2-sm3.v1";
/// The identifier of the signer that SM2 hashes with the key.
pub const SM2_ID: &str = "1234567812345678";

/// How a line is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// RFC 8032, checked strictly.
    Ed25519,
    /// SM2 with SM3.
    Sm2,
}

impl Algorithm {
    /// The bytes that say so in a key id.
    #[must_use]
    pub const fn kind(self) -> &'static [u8] {
        match self {
            Self::Ed25519 => ED25519,
            Self::Sm2 => SM2_SM3,
        }
    }
}

/// A public key without the name under which it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    /// 32 bytes as RFC 8032 has them.
    Ed25519([u8; 32]),
    /// 65 bytes: 0x04, x, y.
    Sm2([u8; 65]),
}

impl PublicKey {
    /// What it checks.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8] {
        match self {
            Self::Ed25519(bytes) => bytes,
            Self::Sm2(bytes) => bytes,
        }
    }
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

/// A key that checks notes under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    id: [u8; 4],
    key: PublicKey,
}

impl NoteKey {
    /// A key under a name.
    ///
    /// # Errors
    /// When the key is none or a weak one, or the name holds a space or a plus sign.
    pub fn new(name: &str, key: PublicKey) -> Result<Self, NoteError> {
        let usable = match &key {
            PublicKey::Ed25519(bytes) => VerifyingKey::from_bytes(bytes).is_ok_and(|key| !key.is_weak()),
            PublicKey::Sm2(bytes) => sm2_key(bytes).is_some(),
        };
        if !usable || !is_name(name) {
            return Err(NoteError::Key);
        }
        Ok(Self {
            name: name.to_owned(),
            id: key_id(name, key.algorithm().kind(), key.bytes()),
            key,
        })
    }

    /// Reads a verifier key as other tools write it.
    ///
    /// # Errors
    /// When it is none, or its id is another's.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let bytes = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
        let of = |kind| bytes.strip_prefix(kind);
        let read = match (of(ED25519), of(SM2_SM3)) {
            (Some(key), _) => key.try_into().map(PublicKey::Ed25519),
            (_, Some(key)) => key.try_into().map(PublicKey::Sm2),
            _ => return Err(NoteError::Key),
        };
        let key = Self::new(name, read.map_err(|_| NoteError::Key)?)?;
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

    /// How it signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    /// Whether a line of this name and id is its own.
    pub(crate) fn is_named(&self, name: &str, id: &[u8]) -> bool {
        self.name == name && self.id == id
    }

    /// Whether the bare signature over the text holds.
    pub(crate) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        match &self.key {
            PublicKey::Ed25519(bytes) => VerifyingKey::from_bytes(bytes).is_ok_and(|key| {
                Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(text, &signature).is_ok())
            }),
            PublicKey::Sm2(bytes) => sm2_key(bytes).is_some_and(|key| {
                sm2::dsa::Signature::from_slice(signature).is_ok_and(|signature| key.verify(text, &signature).is_ok())
            }),
        }
    }
}

/// A point on the curve, in the uncompressed form only, so that a key has one spelling.
fn sm2_key(bytes: &[u8; 65]) -> Option<sm2::dsa::VerifyingKey> {
    if bytes[0] != 4 {
        return None;
    }
    sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_ID, bytes).ok()
}

impl std::fmt::Display for NoteKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = [self.algorithm().kind(), self.key.bytes()].concat();
        write!(
            out,
            "{}+{:08x}+{}",
            self.name,
            u32::from_be_bytes(self.id),
            STANDARD.encode(bytes)
        )
    }
}

/// Whether a note may be signed under this name.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+' || c.is_control())
}
