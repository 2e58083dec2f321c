//! The press of an installation: fonts, templates and the key that signs.
//!
//! The key lies in the data folder (`keys/signing.pem`, mode 0600, made at the first start), the published set of public
//! keys beside it (`keys/keys.json`): former keys stay in it, so that old documents stay genuine. Several processes of
//! one installation share the folder, or copies of these two files. SM2 will be another `seal::Signer`.

use std::{fs, path::Path, sync::Arc};

use kernel::{Error, Result, Time};
use seal::{
    Certificate, Ed25519Key, KeySet, PressOptions, QrClaim, QrToken, Record, Rendered, Signer, Statement, UtcSecond,
};

/// Typesets and signs.
pub struct Press {
    press: seal::Press,
    signer: Arc<dyn Signer>,
    keys: KeySet,
}

impl Press {
    /// Opens the press of a data folder; makes a key if there is none.
    ///
    /// # Errors
    /// When the folder cannot be written or a key file cannot be read.
    pub fn open(data: &Path) -> Result<Self> {
        let folder = data.join("keys");
        fs::create_dir_all(&folder).map_err(Error::broken)?;
        let (key_file, set_file) = (folder.join("signing.pem"), folder.join("keys.json"));
        if !key_file.exists() {
            Ed25519Key::generate()
                .and_then(|key| key.save(&key_file))
                .map_err(Error::broken)?;
        }
        let key = Ed25519Key::load(&key_file).map_err(Error::broken)?;
        let known = match fs::read_to_string(&set_file) {
            Ok(json) => KeySet::from_json(&json).map_err(Error::broken)?,
            Err(_) => KeySet::default(),
        };
        let keys = if known.find(key.key_id()).is_some() {
            known
        } else {
            let mut all = known.keys().to_vec();
            all.push(key.public(UtcSecond::earliest()));
            let keys = KeySet::new(all);
            fs::write(&set_file, keys.to_json()).map_err(Error::broken)?;
            keys
        };
        Ok(Self {
            press: seal::Press::new(PressOptions::default()),
            signer: Arc::new(key),
            keys,
        })
    }

    /// The published public keys.
    #[must_use]
    pub fn keys(&self) -> &KeySet {
        &self.keys
    }

    /// The id of the key that signs now.
    #[must_use]
    pub fn key_id(&self) -> &str {
        self.signer.key_id()
    }

    /// Signs the number of a document for its QR code.
    ///
    /// # Errors
    /// When the signer fails.
    pub fn token(&self, number: &str, holder: &str, hours: &str) -> Result<QrToken> {
        seal::sign_number(&QrClaim { number, holder, hours }, &*self.signer).map_err(Error::broken)
    }

    /// Typesets and signs a certificate; tells the log which characters no font had.
    ///
    /// # Errors
    /// When the template or the signer fails, which is our fault.
    pub fn certificate(&self, page: &Certificate, record: &Record) -> Result<Vec<u8>> {
        self.sealed(self.press.certificate(page).map_err(Error::broken)?, record)
    }

    /// Typesets and signs a statement.
    ///
    /// # Errors
    /// As [`Press::certificate`].
    pub fn statement(&self, pages: &Statement, record: &Record) -> Result<Vec<u8>> {
        self.sealed(self.press.statement(pages).map_err(Error::broken)?, record)
    }

    /// Signs a JSON document for another system.
    ///
    /// # Errors
    /// When the signer fails.
    pub fn sign_json(&self, kind: &str, json: &str) -> Result<String> {
        seal::sign_json(kind, json, &*self.signer).map_err(Error::broken)
    }

    fn sealed(&self, rendered: Rendered, record: &Record) -> Result<Vec<u8>> {
        if !rendered.missing.is_empty() {
            // Code points only: the characters may be part of a name.
            let points: Vec<String> = rendered
                .missing
                .iter()
                .map(|c| format!("U+{:04X}", u32::from(*c)))
                .collect();
            tracing::warn!(number = %record.number, missing = points.join(" "), "no font has these characters; 〓 is printed");
            metrics_missing(rendered.missing.len());
        }
        seal::seal(rendered.pdf, record, &*self.signer).map_err(Error::broken)
    }
}

fn metrics_missing(count: usize) {
    metrics::counter!("credentials_missing_glyphs_total").increment(count as u64);
}

/// A moment as documents state it.
pub(super) fn second(at: Time) -> Result<UtcSecond> {
    UtcSecond::from_unix_micros(at.micros()).map_err(Error::broken)
}
