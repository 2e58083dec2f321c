//! SM2 keys (GB/T 32918) of a log's second signature: made, kept in a file and published like the keys of documents, but
//! no document is signed with them.
//!
//! The file is PKCS#8 PEM under the curve's own identifier (1.2.156.10197.1.301), readable by its owner only. A key is named
//! by the RFC 7638 thumbprint of its JWK (`"kty":"EC"`, `"crv":"SM2"`; the curve's name is not registered, so readers that
//! do not know it pass the key over, as RFC 7517 has it). Signatures are `r ‖ s` over the SM3 digest, with the signer's
//! identifier 1234567812345678 that GM/T 0009 gives where nothing else is agreed.
//! Deliberately absent: checking signatures (`tlog`), encryption.

use std::path::Path;

use sha2::{Digest, Sha256};
use sm2::dsa::signature::Signer as _;
use sm2::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};

use crate::keys::{Jwk, from_base64, to_base64};
use crate::{KeyError, SignError, UtcSecond, key_file};

/// The identifier of the signer that SM2 hashes with the key.
const SIGNER: &str = "1234567812345678";

/// An SM2 key that signs. Its memory is wiped when it is dropped; `Debug` shows its name only.
pub struct Sm2Key {
    secret: sm2::SecretKey,
    signing: sm2::dsa::SigningKey,
    point: [u8; 65],
}

impl std::fmt::Debug for Sm2Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sm2Key").field(&thumbprint(&self.point)).finish()
    }
}

impl Sm2Key {
    /// A new key from the operating system's randomness.
    pub fn generate() -> Result<Self, KeyError> {
        let mut bytes = zeroize::Zeroizing::new([0u8; 32]);
        loop {
            getrandom::fill(bytes.as_mut()).map_err(|_| KeyError::NoRandomness)?;
            // One in 2³² draws is not below the order of the curve.
            if let Ok(secret) = sm2::SecretKey::from_slice(bytes.as_ref()) {
                return Self::of(secret);
            }
        }
    }

    fn of(secret: sm2::SecretKey) -> Result<Self, KeyError> {
        let signing = sm2::dsa::SigningKey::new(SIGNER, &secret).map_err(|_| KeyError::Malformed)?;
        let point = signing.verifying_key().to_sec1_bytes();
        let point = point.as_ref().try_into().map_err(|_| KeyError::Malformed)?;
        Ok(Self { secret, signing, point })
    }

    /// Writes a new file with mode 0600. Fails when the file exists.
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        let pem = self
            .secret
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|_| KeyError::Malformed)?;
        key_file::write_new(path, &pem)
    }

    /// Reads a key file that only its owner can read.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let pem = key_file::read_private(path)?;
        Self::of(sm2::SecretKey::from_pkcs8_pem(pem.trim()).map_err(|_| KeyError::Malformed)?)
    }

    /// The bare signature over a message.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature: Result<sm2::dsa::Signature, _> = self.signing.try_sign(message);
        let signature = signature.map_err(|error| SignError(error.to_string()))?;
        Ok(signature.to_bytes().to_vec())
    }

    /// Its public half: 0x04, x, y.
    pub fn point(&self) -> [u8; 65] {
        self.point
    }

    /// Its public half as it is published, valid from `not_before` on.
    pub fn public(&self, not_before: UtcSecond) -> Sm2PublicKey {
        Sm2PublicKey {
            point: self.point,
            not_before,
            retired: None,
        }
    }
}

/// A public SM2 key, and the period in which it signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sm2PublicKey {
    point: [u8; 65],
    not_before: UtcSecond,
    retired: Option<UtcSecond>,
}

impl Sm2PublicKey {
    /// 0x04, x, y.
    pub fn point(&self) -> &[u8; 65] {
        &self.point
    }

    pub(crate) fn jwk(&self) -> Jwk {
        Jwk {
            kty: "EC".to_owned(),
            crv: "SM2".to_owned(),
            x: to_base64(&self.point[1..33]),
            y: Some(to_base64(&self.point[33..])),
            kid: thumbprint(&self.point),
            alg: "SM2-SM3".to_owned(),
            use_: "sig".to_owned(),
            not_before: self.not_before.clone(),
            retired: self.retired.clone(),
        }
    }

    pub(crate) fn from_jwk(jwk: Jwk) -> Result<Self, KeyError> {
        let wrong = |why: &str| KeyError::KeySet(format!("密钥 {}：{why}", jwk.kid));
        let parts = from_base64(&jwk.x).zip(jwk.y.as_deref().and_then(from_base64));
        let (x, y) = parts.ok_or_else(|| wrong("内容不完整"))?;
        let point: [u8; 65] = [&[4], &x[..], &y[..]]
            .concat()
            .try_into()
            .map_err(|_| wrong("内容不完整"))?;
        if sm2::dsa::VerifyingKey::from_sec1_bytes(SIGNER, &point).is_err() {
            return Err(wrong("不是有效的公钥"));
        }
        if thumbprint(&point) != jwk.kid {
            return Err(wrong("编号与内容不符"));
        }
        Ok(Self {
            point,
            not_before: jwk.not_before,
            retired: jwk.retired,
        })
    }
}

/// RFC 7638: SHA-256 over the required members of the JWK in alphabetical order.
fn thumbprint(point: &[u8; 65]) -> String {
    let (x, y) = (to_base64(&point[1..33]), to_base64(&point[33..]));
    let jwk = format!(r#"{{"crv":"SM2","kty":"EC","x":"{x}","y":"{y}"}}"#);
    to_base64(&Sha256::digest(jwk.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ed25519Key, KeySet, Signer};

    #[test]
    fn a_key_is_kept_in_a_private_file_and_signs_as_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log-sm2.pem");
        let key = Sm2Key::generate().unwrap();
        key.save(&path).unwrap();
        let again = Sm2Key::load(&path).unwrap();
        assert_eq!(again.point(), key.point());
        assert!(matches!(key.save(&path), Err(KeyError::File { .. })));
        let signature = again.sign(b"text").unwrap();
        let checking = sm2::dsa::VerifyingKey::from_sec1_bytes(SIGNER, &key.point()).unwrap();
        let signature = sm2::dsa::Signature::from_slice(&signature).unwrap();
        use sm2::dsa::signature::Verifier as _;
        assert!(checking.verify(b"text", &signature).is_ok());
        assert!(checking.verify(b"texts", &signature).is_err());
    }

    #[test]
    fn a_published_set_holds_both_kinds_and_passes_over_what_it_does_not_know() {
        let (first, second) = (Ed25519Key::generate().unwrap(), Sm2Key::generate().unwrap());
        let at = UtcSecond::parse("2026-01-01T00:00:00Z").unwrap();
        let set = KeySet::new(vec![first.public(at.clone())]).with_log_key(second.public(at.clone()));
        assert_eq!(set.clone().with_log_key(second.public(at)), set, "a key stands once");
        let json = set.to_json();
        assert_eq!(KeySet::from_json(&json).unwrap(), set);
        assert_eq!(set.keys()[0].id(), first.key_id());
        let unknown = json.replace("\"SM2\"", "\"P-256\"");
        assert_eq!(KeySet::from_json(&unknown).unwrap().log_keys(), []);
        let other = Sm2Key::generate().unwrap();
        let swapped = json.replace(&thumbprint(&second.point()), &thumbprint(&other.point()));
        assert!(matches!(KeySet::from_json(&swapped), Err(KeyError::KeySet(_))));
    }
}
