//! The press of an installation: fonts, templates and the key that signs.
//!
//! The key lies in the data folder (`keys/signing.pem`, mode 0600, made at the first start), the published set of public
//! keys beside it (`keys/keys.json`): former keys stay in it, so that old documents stay genuine. Several processes of
//! one installation share the folder, or copies of these files. The same key signs the checkpoints of the public log, and
//! beside it an SM2 key (`keys/log-sm2.pem`) that signs nothing else: what is signed there begins with the log's origin, so
//! that no signature can serve for another purpose.

use std::{fs, path::Path, sync::Arc};

use kernel::{Error, Result, Time};
use learning::credits::log::{self, Leaf, Proven, Sequencer};
use registry::Ctx;
use seal::{
    Certificate, Ed25519Key, KeySet, PressOptions, Proof, ProofLeaf, QrClaim, QrToken, Record, Rendered, Room, Signer,
    Sm2Key, Statement, UtcSecond,
};

/// Typesets and signs.
pub struct Press {
    press: seal::Press,
    signer: Arc<dyn Signer>,
    second: Arc<Sm2Key>,
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
        let second_file = folder.join("log-sm2.pem");
        if !second_file.exists() {
            Sm2Key::generate()
                .and_then(|key| key.save(&second_file))
                .map_err(Error::broken)?;
        }
        let second = Sm2Key::load(&second_file).map_err(Error::broken)?;
        let known = match fs::read_to_string(&set_file) {
            Ok(json) => KeySet::from_json(&json).map_err(Error::broken)?,
            Err(_) => KeySet::default(),
        };
        let public = key.public(UtcSecond::earliest());
        let keys = known
            .clone()
            .with(public)
            .with_log_key(second.public(UtcSecond::earliest()));
        if keys != known {
            fs::write(&set_file, keys.to_json()).map_err(Error::broken)?;
        }
        Ok(Self {
            press: seal::Press::new(PressOptions::default()),
            signer: Arc::new(key),
            second: Arc::new(second),
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

    /// The public keys that sign the log.
    #[must_use]
    pub fn log_keys(&self) -> Vec<tlog::PublicKey> {
        log_keys(&self.keys)
    }

    /// The sequencer of the log that this installation's keys sign.
    #[must_use]
    pub fn sequencer(&self, ctx: &Ctx) -> Sequencer {
        let name = log::origin(&ctx.installation.public_url);
        let first = self.keys.find(self.signer.key_id()).map(|key| {
            let signer = Arc::clone(&self.signer);
            LogSigner::new(&name, tlog::PublicKey::Ed25519(key.raw()), move |text| {
                signer.sign(text).ok()
            })
        });
        let second = Arc::clone(&self.second);
        let second = LogSigner::new(&name, tlog::PublicKey::Sm2(self.second.point()), move |text| {
            second.sign(text).ok()
        });
        let signers = first.into_iter().chain([second]);
        let signers = signers.map(|signer| Arc::new(signer) as Arc<dyn tlog::NoteSigner>);
        Sequencer::new(ctx.db.clone(), ctx.clock.clone(), signers.collect())
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
        let printed = self.press.certificate_with(page, Room::of(record));
        self.sealed(printed.map_err(Error::broken)?, record)
    }

    /// Typesets and signs a statement.
    ///
    /// # Errors
    /// As [`Press::certificate`].
    pub fn statement(&self, pages: &Statement, record: &Record) -> Result<Vec<u8>> {
        let printed = self.press.statement_with(pages, Room::of(record));
        self.sealed(printed.map_err(Error::broken)?, record)
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

/// A proof of the log as documents carry it.
pub(super) fn written(proven: &Proven) -> Proof {
    let leaf = |leaf: &Leaf| ProofLeaf {
        entry: Proof::encode(&leaf.entry),
        index: leaf.index.to_string(),
        path: Proof::encode(&leaf.path.concat()),
        salt: Proof::encode(&leaf.salt),
    };
    Proof {
        checkpoint: proven.checkpoint.clone(),
        leaves: proven.leaves.iter().map(leaf).collect(),
    }
}

/// A proof of the log as a document carried it; none when it is not one of ours.
fn read(proof: &Proof) -> Option<Proven> {
    let leaf = |leaf: &ProofLeaf| {
        let path = Proof::decode(&leaf.path)?;
        let (path, rest) = path.as_chunks::<32>();
        Some(Leaf {
            index: leaf.index.parse().ok()?,
            salt: Proof::decode(&leaf.salt)?,
            entry: Proof::decode(&leaf.entry)?,
            path: rest.is_empty().then(|| path.to_vec())?,
        })
    };
    Some(Proven {
        checkpoint: proof.checkpoint.clone(),
        leaves: proof.leaves.iter().map(leaf).collect::<Option<_>>()?,
    })
}

/// Checks the proof that a genuine record carries, without any database; none when it carries none.
///
/// # Errors
/// The sentence that says what does not hold.
pub fn check_proof(record: &Record, keys: &KeySet) -> std::result::Result<Option<log::Checked>, String> {
    let Some(proof) = &record.proof else { return Ok(None) };
    let proven = read(proof).ok_or("入账证明的格式不对")?;
    let checked = log::check(&proven, &log_keys(keys))?;
    let stated = record.facts.get("学时");
    if record.kind == "certificate" && stated != Some(&checked.hours.to_string()) {
        return Err("文书所载学时与入账的学时不一致".to_owned());
    }
    Ok(Some(checked))
}

/// The keys of a published set that sign the log: those of the documents, and those of the log alone.
#[must_use]
pub fn log_keys(keys: &KeySet) -> Vec<tlog::PublicKey> {
    let first = keys.keys().iter().map(|key| tlog::PublicKey::Ed25519(key.raw()));
    let second = keys.log_keys().iter().map(|key| tlog::PublicKey::Sm2(*key.point()));
    first.chain(second).collect()
}

type Signing = Box<dyn Fn(&[u8]) -> Option<Vec<u8>> + Send + Sync>;

/// A key of the installation under the name of its log.
struct LogSigner {
    name: String,
    id: [u8; 4],
    signing: Signing,
}

impl LogSigner {
    fn new(
        name: &str,
        key: tlog::PublicKey,
        signing: impl Fn(&[u8]) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.to_owned(),
            id: tlog::key::key_id(name, key.algorithm().kind(), key.bytes()),
            signing: Box::new(signing),
        }
    }
}

impl tlog::NoteSigner for LogSigner {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> [u8; 4] {
        self.id
    }

    fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
        (self.signing)(text)
    }
}

fn metrics_missing(count: usize) {
    metrics::counter!("credentials_missing_glyphs_total").increment(count as u64);
}

/// A moment as documents state it.
pub(super) fn second(at: Time) -> Result<UtcSecond> {
    UtcSecond::from_unix_micros(at.micros()).map_err(Error::broken)
}
