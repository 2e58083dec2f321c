//! Secrets and signatures as Standard Webhooks has them.
//!
//! ```text
//! secret    = "whsec_" base64(32 random bytes)
//! signature = "v1," base64(HMAC-SHA256(secret bytes, id "." timestamp "." body))
//! ```
//! Several signatures stand in one header with a space between them, so that a receiver may still hold the former secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What sender and receiver share. `Debug` does not show it.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret")
    }
}

impl Secret {
    /// A new one from the operating system's randomness; none when there is none.
    #[must_use]
    pub fn generate() -> Option<Self> {
        let mut bytes = Zeroizing::new(vec![0; 32]);
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// One that was kept.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// What is kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text that the receiver is given, once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&*self.0))
    }

    /// The signature of a message; `at` in seconds since 1970.
    #[must_use]
    pub fn sign(&self, id: &str, at: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        mac.update(format!("{id}.{at}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_standard_webhooks_is_signed_as_it_says() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature =
            Secret::from_bytes(secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_shown_in_its_text_and_nowhere_else() {
        let secret = Secret::generate().unwrap();
        let text = secret.reveal();
        let bytes = STANDARD.decode(text.strip_prefix("whsec_").unwrap()).unwrap();
        assert_eq!(bytes, secret.bytes());
        assert_ne!(Secret::generate().unwrap().bytes(), secret.bytes());
        assert!(!format!("{secret:?}").contains(&text[6..12]));
    }
}
