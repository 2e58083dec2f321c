//! Randomness, digests and password hashes.
//!
//! Argon2id costs about 27 ms and 19 MiB each, on purpose. It runs on threads of its own, so that a storm of sign-ins
//! queues here instead of taking the memory and the cores from everybody else. They are always the same threads because
//! the C library may keep those 19 MiB in the arena of whichever thread asked (docs/adr/0008). **Never call it while holding
//! a `Tx`**: on SQLite the one writer would wait for the hash.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use base64::Engine as _;
use kernel::{Error, Result};
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

/// One hash, asked for by somebody who waits for it.
type Work = Box<dyn FnOnce() + Send>;

/// Where hashes are asked for. As many threads as hash at once: one, or all cores but one, so that pages are served
/// during a storm of sign-ins.
static QUEUE: LazyLock<Sender<Work>> = LazyLock::new(|| {
    let (queue, asked) = channel::<Work>();
    let asked = Arc::new(Mutex::new(asked));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    for _ in 0..cores.saturating_sub(1).max(1) {
        let asked = Arc::clone(&asked);
        std::thread::spawn(move || {
            loop {
                let next = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(work) = next else { return };
                work();
            }
        });
    }
    queue
});

/// The hash of a password nobody has: verified against when there is no account, so that the answer takes as long.
static DUMMY: LazyLock<String> = LazyLock::new(|| hash(&random_token()).unwrap_or_default());

/// 256 random bits as 43 characters that stand in cookies, forms and addresses.
///
/// # Panics
/// When the operating system has no randomness, in which case nothing here is safe.
#[must_use]
pub fn random_token() -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random_bits::<32>())
}

/// `N` random bytes.
pub(super) fn random_bits<const N: usize>() -> [u8; N] {
    let mut bits = [0; N];
    getrandom::fill(&mut bits).expect("the operating system gives random numbers");
    bits
}

/// What is stored of a secret that is random itself: its SHA-256. Such a secret needs no salt and no slowness.
pub(super) fn digest(secret: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(secret.as_ref()).into()
}

/// The argon2id hash of a password, as a PHC string.
///
/// # Errors
/// `Broken` when hashing fails, which is ours.
pub async fn hash_password(password: &str) -> Result<String> {
    let password = password.to_owned();
    seated(move || hash(&password)).await
}

/// Whether this is the password of that hash. Without a hash the answer is no, after the same work.
pub(super) async fn verify_password(password: &str, hash: Option<&str>) -> Result<bool> {
    let password = password.to_owned();
    let hash = hash.map(str::to_owned);
    seated(move || {
        let known = hash.is_some();
        let parsed = PasswordHash::new(hash.as_deref().unwrap_or(&DUMMY)).map_err(Error::broken)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

async fn seated<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let (answer, answered) = oneshot::channel();
    // Whoever asked may be gone by then; nobody is told.
    let work = move || drop(answer.send(work()));
    QUEUE.send(Box::new(work)).map_err(|_| Error::broken("nobody hashes"))?;
    answered.await.map_err(Error::broken)?
}

fn hash(password: &str) -> Result<String> {
    Ok(Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(Error::broken)?
        .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_argon2id_and_verifies_only_itself() {
        let hash = hash_password("春风又绿江南岸").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_password("春风又绿江南岸", Some(&hash)).await.unwrap());
        assert!(!verify_password("春风又绿江北岸", Some(&hash)).await.unwrap());
        assert!(!verify_password("春风又绿江南岸", None).await.unwrap());
    }

    #[test]
    fn tokens_are_256_bits_and_never_twice_the_same() {
        let (one, two) = (random_token(), random_token());
        assert_eq!(one.len(), 43);
        assert_ne!(one, two);
    }
}
