//! Signed JSON documents for other systems: a JSON Web Signature in its compact form (RFC 7515) with EdDSA (RFC 8037).
//! Any JOSE library checks it with the published keys (`/.well-known/zhixin-keys.json` is a JWK set): `kid` names the
//! key, `typ` what the document is, so that a signature over one kind is never taken for another.
//! The bytes that were signed travel along, so nobody has to agree on a canonical form of JSON.
//! Deliberately absent: other algorithms than that of the keys (`alg: none` and the like are refused), encryption, and
//! claims about time; when a document was made stands in it.

use serde::{Deserialize, Serialize};

use crate::keys::{from_base64, to_base64};
use crate::{KeySet, SignError, Signer};

/// Longest token that is read.
const LONGEST: usize = 64 << 10;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("不是签名文件")]
    NotOurs,
    #[error("签名所用的密钥不在公布的清单中")]
    UnknownKey,
    #[error("签名不符，内容被改动过")]
    Forged,
}

/// Signs a JSON document of a kind, such as `zhixin-title-check`.
pub fn sign_json(kind: &str, json: &str, signer: &dyn Signer) -> Result<String, SignError> {
    let header = Header {
        alg: "EdDSA".to_owned(),
        kid: signer.key_id().to_owned(),
        typ: kind.to_owned(),
    };
    let header = serde_json::to_string(&header).map_err(|error| SignError(error.to_string()))?;
    let signed = format!("{}.{}", to_base64(header.as_bytes()), to_base64(json.as_bytes()));
    let signature = to_base64(&signer.sign(signed.as_bytes())?);
    Ok(format!("{signed}.{signature}"))
}

/// The JSON document of a token, if it is of this kind and genuine.
pub fn open_json(kind: &str, token: &str, keys: &KeySet) -> Result<String, TokenError> {
    let token = token.trim();
    let (signed, signature) = token
        .rsplit_once('.')
        .filter(|_| token.len() <= LONGEST)
        .ok_or(TokenError::NotOurs)?;
    let (header, body) = signed.split_once('.').ok_or(TokenError::NotOurs)?;
    let header = from_base64(header).ok_or(TokenError::NotOurs)?;
    let header: Header = serde_json::from_slice(&header).map_err(|_| TokenError::NotOurs)?;
    if header.alg != "EdDSA" || header.typ != kind {
        return Err(TokenError::NotOurs);
    }
    let key = keys.find(&header.kid).ok_or(TokenError::UnknownKey)?;
    let signature = from_base64(signature).ok_or(TokenError::Forged)?;
    if !key.verifies(signed.as_bytes(), &signature) {
        return Err(TokenError::Forged);
    }
    let body = from_base64(body).ok_or(TokenError::Forged)?;
    String::from_utf8(body).map_err(|_| TokenError::Forged)
}

/// The JSON document of a token that the caller wrote itself; its signature is not looked at.
pub fn read_json(token: &str) -> Option<String> {
    let mut parts = token.trim().split('.');
    let body = parts.nth(1)?;
    String::from_utf8(from_base64(body)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ed25519Key, UtcSecond};

    const KIND: &str = "zhixin-title-check";

    #[test]
    fn a_token_is_believed_whole_or_not_at_all() {
        let key = Ed25519Key::generate().unwrap();
        let keys = KeySet::new(vec![key.public(UtcSecond::earliest())]);
        let token = sign_json(KIND, r#"{"verdict":"met"}"#, &key).unwrap();
        assert_eq!(open_json(KIND, &token, &keys).unwrap(), r#"{"verdict":"met"}"#);
        for at in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(open_json(KIND, &altered, &keys).is_err(), "byte {at}");
        }
        assert_eq!(open_json("another", &token, &keys), Err(TokenError::NotOurs));
        assert_eq!(open_json(KIND, &token, &KeySet::default()), Err(TokenError::UnknownKey));
    }

    #[test]
    fn an_unsigned_token_is_refused() {
        let none = format!(
            "{}.{}.",
            to_base64(br#"{"alg":"none","kid":"x","typ":"zhixin-title-check"}"#),
            to_base64(b"{}")
        );
        for text in ["", "a.b", "a.b.c", none.as_str()] {
            assert_eq!(
                open_json(KIND, text, &KeySet::default()),
                Err(TokenError::NotOurs),
                "{text}"
            );
        }
    }
}
