//! Keys and signatures: who may sign, how a signature is checked, and the published set of public keys.
//! A key is named by its RFC 7638 thumbprint, so a name cannot be given to another key.
//! A key's period: documents issued before `not_before` or after `retired` are not accepted from it.
//! Deliberately absent: where keys are kept (files: `key_file.rs`; an HSM implements [`Signer`] itself), and the clock.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::{DecodePublicKey, EncodePublicKey, spki::der::pem::LineEnding};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Sm2PublicKey, UtcSecond};

/// How a document is signed. Another algorithm will be another variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Algorithm {
    /// RFC 8032, checked strictly (no small-order keys, no second spelling of a signature).
    Ed25519,
}

/// Whoever can sign: a key in memory, or a device that never gives its key away.
pub trait Signer: Send + Sync {
    /// The name of the key in the published set.
    fn key_id(&self) -> &str;
    fn algorithm(&self) -> Algorithm;
    /// The raw signature over `message`.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// The device did not sign.
#[derive(Debug, thiserror::Error)]
#[error("签名失败：{0}")]
pub struct SignError(pub String);

/// Why a key could not be made, read or kept.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("不是可用的密钥（应为 PEM 格式）")]
    Malformed,
    #[error("公钥清单不可用：{0}")]
    KeySet(String),
    #[error("密钥文件 {path} 的权限过宽（{mode:o}）：请执行 chmod 600")]
    TooOpen { path: String, mode: u32 },
    #[error("密钥文件 {path}：{source}")]
    File { path: String, source: std::io::Error },
    #[error("操作系统没有给出随机数")]
    NoRandomness,
}

/// An Ed25519 key that signs. Its memory is wiped when it is dropped; `Debug` shows its name only.
pub struct Ed25519Key {
    id: String,
    pub(crate) key: SigningKey,
}

impl std::fmt::Debug for Ed25519Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Ed25519Key").field(&self.id).finish()
    }
}

impl Ed25519Key {
    /// A new key from the operating system's randomness.
    pub fn generate() -> Result<Self, KeyError> {
        let mut secret = zeroize::Zeroizing::new([0u8; 32]);
        getrandom::fill(secret.as_mut()).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self::from_signing_key(SigningKey::from_bytes(&secret)))
    }

    pub(crate) fn from_signing_key(key: SigningKey) -> Self {
        Self {
            id: thumbprint(&key.verifying_key()),
            key,
        }
    }

    /// Its public half, valid from `not_before` on.
    pub fn public(&self, not_before: UtcSecond) -> PublicKey {
        PublicKey {
            id: self.id.clone(),
            key: self.key.verifying_key(),
            not_before,
            retired: None,
        }
    }
}

impl Signer for Ed25519Key {
    fn key_id(&self) -> &str {
        &self.id
    }

    fn algorithm(&self) -> Algorithm {
        Algorithm::Ed25519
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(self.key.sign(message).to_bytes().to_vec())
    }
}

/// A key that checks signatures, and the period in which it signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: String,
    key: VerifyingKey,
    not_before: UtcSecond,
    retired: Option<UtcSecond>,
}

impl PublicKey {
    /// From `-----BEGIN PUBLIC KEY-----`, without a period: it is accepted for documents of any date.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_public_key_pem(pem.trim()).map_err(|_| KeyError::Malformed)?;
        if key.is_weak() {
            return Err(KeyError::Malformed);
        }
        Ok(Self {
            id: thumbprint(&key),
            key,
            not_before: UtcSecond::earliest(),
            retired: None,
        })
    }

    /// `-----BEGIN PUBLIC KEY-----`, as openssl reads it.
    pub fn to_pem(&self) -> String {
        self.key
            .to_public_key_pem(LineEnding::LF)
            .expect("32 bytes always encode")
    }

    /// The same key, not accepted for documents issued after `at`.
    pub fn retired(self, at: UtcSecond) -> Self {
        Self {
            retired: Some(at),
            ..self
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn algorithm(&self) -> Algorithm {
        Algorithm::Ed25519
    }

    /// The 32 bytes of RFC 8032, for other formats that name keys in their own way.
    pub fn raw(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    pub fn not_before(&self) -> &UtcSecond {
        &self.not_before
    }

    /// Since when it signs no more.
    pub fn retired_at(&self) -> Option<&UtcSecond> {
        self.retired.as_ref()
    }

    pub(crate) fn was_valid_at(&self, at: &UtcSecond) -> bool {
        &self.not_before <= at && self.retired.as_ref().is_none_or(|retired| at <= retired)
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }

    fn jwk(&self) -> Jwk {
        Jwk {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: to_base64(self.key.as_bytes()),
            y: None,
            kid: self.id.clone(),
            alg: "EdDSA".to_owned(),
            use_: "sig".to_owned(),
            not_before: self.not_before.clone(),
            retired: self.retired.clone(),
        }
    }

    fn from_jwk(jwk: Jwk) -> Result<Self, KeyError> {
        let wrong = |why: &str| KeyError::KeySet(format!("密钥 {}：{why}", jwk.kid));
        let bytes: [u8; 32] = from_base64(&jwk.x)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| wrong("内容不完整"))?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| wrong("不是有效的公钥"))?;
        if key.is_weak() || thumbprint(&key) != jwk.kid {
            return Err(wrong("编号与内容不符"));
        }
        Ok(Self {
            id: jwk.kid,
            key,
            not_before: jwk.not_before,
            retired: jwk.retired,
        })
    }
}

/// The public keys of an issuer, as published at `/.well-known/zhixin-keys.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<PublicKey>,
    log: Vec<Sm2PublicKey>,
}

impl KeySet {
    pub fn new(keys: Vec<PublicKey>) -> Self {
        Self { keys, log: Vec::new() }
    }

    /// With a key of documents, if it is not there yet.
    pub fn with(mut self, key: PublicKey) -> Self {
        if self.find(key.id()).is_none() {
            self.keys.push(key);
        }
        self
    }

    /// With a key that signs the log beside them, if it is not there yet.
    pub fn with_log_key(mut self, key: Sm2PublicKey) -> Self {
        if !self.log.iter().any(|known| known.point() == key.point()) {
            self.log.push(key);
        }
        self
    }

    /// The keys that check documents, and the log's first signature.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The keys that check the log's second signature.
    pub fn log_keys(&self) -> &[Sm2PublicKey] {
        &self.log
    }

    pub fn find(&self, id: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// A JSON Web Key Set with two members of ours, `not_before` and `retired`.
    pub fn to_json(&self) -> String {
        let first = self.keys.iter().map(PublicKey::jwk);
        let keys = first.chain(self.log.iter().map(Sm2PublicKey::jwk)).collect();
        serde_json::to_string_pretty(&Jwks { keys }).expect("texts always serialise")
    }

    /// Reads what [`KeySet::to_json`] wrote; each key's name is computed again, never believed. Keys of kinds that this
    /// version does not know are passed over.
    pub fn from_json(json: &str) -> Result<Self, KeyError> {
        let set: Jwks = serde_json::from_str(json).map_err(|error| KeyError::KeySet(error.to_string()))?;
        let mut read = Self::default();
        for jwk in set.keys {
            match (jwk.kty.as_str(), jwk.crv.as_str()) {
                ("OKP", "Ed25519") => read.keys.push(PublicKey::from_jwk(jwk)?),
                ("EC", "SM2") => read.log.push(Sm2PublicKey::from_jwk(jwk)?),
                _ => {}
            }
        }
        Ok(read)
    }
}

#[derive(Serialize, Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Jwk {
    pub(crate) kty: String,
    pub(crate) crv: String,
    pub(crate) x: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) y: Option<String>,
    pub(crate) kid: String,
    pub(crate) alg: String,
    #[serde(rename = "use")]
    pub(crate) use_: String,
    pub(crate) not_before: UtcSecond,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retired: Option<UtcSecond>,
}

/// RFC 7638: SHA-256 over the required members of the JWK in alphabetical order.
fn thumbprint(key: &VerifyingKey) -> String {
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, to_base64(key.as_bytes()));
    to_base64(&Sha256::digest(jwk.as_bytes()))
}

/// base64url without padding (RFC 7515).
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Strict: no padding, no foreign characters, no loose bits at the end.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_follows_rfc_8037() {
        // Appendix A.3 of RFC 8037 gives this key and its thumbprint.
        let x = from_base64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let key = VerifyingKey::from_bytes(&x.try_into().unwrap()).unwrap();
        assert_eq!(thumbprint(&key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn a_key_set_reads_what_it_wrote_and_believes_no_name() {
        let retired = UtcSecond::parse("2027-01-01T00:00:00Z").unwrap();
        let (old, new) = (Ed25519Key::generate().unwrap(), Ed25519Key::generate().unwrap());
        let start = UtcSecond::parse("2026-01-01T00:00:00Z").unwrap();
        let set = KeySet::new(vec![old.public(start.clone()).retired(retired), new.public(start)]);
        let json = set.to_json();
        assert_eq!(KeySet::from_json(&json).unwrap(), set);
        let swapped = json.replacen(old.key_id(), new.key_id(), 1);
        assert!(matches!(KeySet::from_json(&swapped), Err(KeyError::KeySet(_))));
    }

    #[test]
    fn a_key_is_accepted_only_in_its_period() {
        let at = |text| UtcSecond::parse(text).unwrap();
        let key = Ed25519Key::generate().unwrap().public(at("2026-01-01T00:00:00Z"));
        assert!(!key.was_valid_at(&at("2025-12-31T23:59:59Z")));
        assert!(key.was_valid_at(&at("2099-01-01T00:00:00Z")));
        let key = key.retired(at("2027-01-01T00:00:00Z"));
        assert!(key.was_valid_at(&at("2027-01-01T00:00:00Z")));
        assert!(!key.was_valid_at(&at("2027-01-01T00:00:01Z")));
    }
}
