//! A signing key in a file: PKCS#8 PEM, readable by its owner only.
//! R: a key file is never written over (a lost key means documents nobody can renew), and one that others can read is
//! refused with the command that mends it.
//! Deliberately absent: passphrases; an installation that wants more keeps its key in a device.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::path::Path;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding};
use zeroize::Zeroizing;

use crate::{Ed25519Key, KeyError};

/// Writes a new file with mode 0600. Fails when the file exists.
pub(crate) fn write_new(path: &Path, pem: &str) -> Result<(), KeyError> {
    let failed = |source| KeyError::File {
        path: path.display().to_string(),
        source,
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(pem.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)
}

/// Reads a file that only its owner can read. The text wipes itself.
pub(crate) fn read_private(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    let failed = |source| KeyError::File {
        path: path.display().to_string(),
        source,
    };
    let mut file = OpenOptions::new().read(true).open(path).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let mode = file.metadata().map_err(failed)?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::TooOpen {
                path: path.display().to_string(),
                mode,
            });
        }
    }
    let mut pem = Zeroizing::new(String::new());
    file.read_to_string(&mut pem).map_err(failed)?;
    Ok(pem)
}

impl Ed25519Key {
    /// Writes a new file with mode 0600. Fails when the file exists.
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        write_new(path, &self.to_pem())
    }

    /// Reads a key file that only its owner can read.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        Self::from_pem(&read_private(path)?)
    }

    /// `-----BEGIN PRIVATE KEY-----`, as openssl reads it. The text wipes itself.
    pub fn to_pem(&self) -> Zeroizing<String> {
        self.key.to_pkcs8_pem(LineEnding::LF).expect("32 bytes always encode")
    }

    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = SigningKey::from_pkcs8_pem(pem.trim()).map_err(|_| KeyError::Malformed)?;
        Ok(Self::from_signing_key(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PublicKey, Signer};

    #[test]
    fn a_key_file_is_private_and_never_written_over() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let key = Ed25519Key::generate().unwrap();
        key.save(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Ed25519Key::load(&path).unwrap().key_id(), key.key_id());
        assert!(matches!(key.save(&path), Err(KeyError::File { .. })));

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            Ed25519Key::load(&path),
            Err(KeyError::TooOpen { mode: 0o640, .. })
        ));
    }

    #[test]
    fn pem_round_trips_and_rubbish_is_refused() {
        let key = Ed25519Key::generate().unwrap();
        let public = key.public(crate::UtcSecond::earliest());
        assert_eq!(PublicKey::from_pem(&public.to_pem()).unwrap(), public);
        assert!(matches!(PublicKey::from_pem(&key.to_pem()), Err(KeyError::Malformed)));
        assert!(matches!(
            Ed25519Key::from_pem("-----BEGIN PRIVATE KEY-----\nAA==\n"),
            Err(KeyError::Malformed)
        ));
    }
}
