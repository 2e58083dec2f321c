//! Verification by strangers: by number, by the QR code, by the file. Only the masked name is ever shown.
//!
//! A number typed in tells what we issued under it, no more: whoever wants to know whether the paper in his hand says the
//! same compares it with the page, scans its code, or drops the file. Every verification is counted without asking who
//! asks.

use kernel::{Hours, Result, Time};
use learning::credits::log;
use registry::Ctx;
use rules::credentials::{CredentialState, DocumentKind, DocumentNumber};
use seal::{QrClaim, Record, Unknown, Verdict};

use super::{Press, check_proof, store};

/// What a stranger is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Genuine, and it stands.
    Genuine(Box<Verification>),
    /// Genuine, but it stands no more.
    Ended(Box<Verification>),
    /// Not genuine; the sentence says what was found.
    Forged(String),
    /// Nothing can be said; the sentence says why.
    Unknown(String),
}

/// A genuine document, as strangers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Its number.
    pub number: String,
    /// Certificate or statement.
    pub kind: DocumentKind,
    /// The masked name.
    pub holder: String,
    /// The activity, or the year of a statement.
    pub subject_line: String,
    /// Hours it states.
    pub hours: Hours,
    /// The year they count for.
    pub year: i32,
    /// When it was issued.
    pub issued_at: Time,
    /// What has become of it.
    pub state: CredentialState,
    /// Whether the paper or the file itself was checked, not its number alone.
    pub proven: bool,
    /// What is known of its place in the public log.
    pub logged: Logged,
}

/// Whether the entries of a document stand in the public log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logged {
    /// Not asked: only a file carries a proof.
    Unasked,
    /// The file carries none: it is from before the log.
    Absent,
    /// The file carries a proof, and it holds.
    Proven {
        /// The indexes of the entries.
        indexes: Vec<u64>,
        /// How many entries the log had when the document was issued.
        size: u64,
    },
}

impl Judgement {
    fn code(&self) -> &'static str {
        match self {
            Self::Genuine(_) => "genuine",
            Self::Ended(_) => "ended",
            Self::Forged(_) => "forged",
            Self::Unknown(_) => "unknown",
        }
    }

    fn logged(mut self, logged: Logged) -> Self {
        if let Self::Genuine(told) | Self::Ended(told) = &mut self {
            told.logged = logged;
        }
        self
    }

    fn of(credential: store::Credential, proven: bool) -> Self {
        let standing = credential.state == CredentialState::Valid;
        let told = Box::new(Verification {
            number: credential.number,
            kind: credential.kind,
            holder: credential.holder_masked,
            subject_line: credential.subject_line,
            hours: credential.hours,
            year: credential.year,
            issued_at: credential.issued_at,
            state: credential.state,
            proven,
            logged: Logged::Unasked,
        });
        if standing {
            Self::Genuine(told)
        } else {
            Self::Ended(told)
        }
    }
}

/// Verifies a number, with the signature of the QR code if there is one.
///
/// # Errors
/// Storage failures; a wrong number is a judgement, not an error.
pub async fn verify_number(ctx: &Ctx, press: &Press, number: &str, signature: Option<&str>) -> Result<Judgement> {
    let Some(number) = DocumentNumber::parse(number) else {
        return Ok(Judgement::Unknown(
            "编号的写法不对，请核对：形如 ZXC-2026-0000042-3，末位是校验码。".into(),
        ));
    };
    let mut tx = ctx.db.read().await?;
    let found = store::find_number(&mut tx, &number).await?;
    drop(tx);
    let judgement = match (found, signature) {
        (None, _) => Judgement::Forged(format!("本平台没有签发过编号为 {number} 的文书。")),
        (Some(credential), None) => Judgement::of(credential, false),
        (Some(credential), Some(signature)) => {
            let printed = &credential.printed;
            let claim = QrClaim {
                number: number.as_str(),
                holder: &printed.holder,
                hours: &printed.hours,
            };
            if seal::check_number(&claim, signature, press.keys()) {
                Judgement::of(credential, true)
            } else {
                Judgement::Forged("二维码中的签名不是本平台签发的，请勿采信。".into())
            }
        }
    };
    let way = if signature.is_some() { "qr" } else { "number" };
    note(ctx, number.as_str(), way, &judgement).await?;
    Ok(judgement)
}

/// Verifies a file: every byte of it, then whether it stands.
///
/// # Errors
/// Storage failures; a forged file is a judgement, not an error.
pub async fn verify_file(ctx: &Ctx, press: &Press, file: &[u8]) -> Result<Judgement> {
    let (number, judgement) = match seal::open(file, press.keys()) {
        Verdict::Forged(forgery) => (String::new(), Judgement::Forged(format!("{forgery}。"))),
        Verdict::Unknown(Unknown::NotOurs) => (String::new(), Judgement::Unknown(format!("{}。", Unknown::NotOurs))),
        Verdict::Unknown(unknown) => (String::new(), Judgement::Forged(format!("{unknown}。"))),
        Verdict::Genuine(record) => {
            let mut tx = ctx.db.read().await?;
            let found = match DocumentNumber::parse(&record.number) {
                Some(number) => store::find_number(&mut tx, &number).await?,
                None => None,
            };
            let judgement = match (found, logged(&mut tx, &record, press).await?) {
                (_, Err(why)) => Judgement::Forged(format!("{why}。")),
                (None, _) => {
                    Judgement::Unknown("文件由本平台的密钥签署，但台账中没有它的编号，无法确认是否仍然有效。".into())
                }
                (Some(credential), Ok(logged)) => Judgement::of(credential, true).logged(logged),
            };
            drop(tx);
            (record.number, judgement)
        }
    };
    note(ctx, &number, "file", &judgement).await?;
    Ok(judgement)
}

/// Checks the proof of a record, and that the log of today still begins with the log of that day.
async fn logged(tx: &mut db::Tx, record: &Record, press: &Press) -> Result<std::result::Result<Logged, String>> {
    let checked = match check_proof(record, press.keys()) {
        Ok(Some(checked)) => checked,
        Ok(None) => return Ok(Ok(Logged::Absent)),
        Err(why) => return Ok(Err(why)),
    };
    let size = checked.checkpoint.size;
    if log::root_at(tx, size).await? != Some(checked.checkpoint.root) {
        let why = "文书所附的检查点与现在的公开账本不是同一段历史，请向市人力资源社会保障局反映".to_owned();
        return Ok(Err(why));
    }
    let indexes = checked.indexes;
    Ok(Ok(Logged::Proven { indexes, size }))
}

async fn note(ctx: &Ctx, number: &str, way: &str, judgement: &Judgement) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    store::note_verification(&mut tx, number, (way, judgement.code()), ctx.now()).await?;
    tx.commit().await
}

/// What a database knows of a document, for verification without a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Why it stands no more.
    pub ended: Option<String>,
    /// The last change recorded in this database: what is known is known as of then.
    pub as_of: Time,
}

/// What this database knows of a number; none when it knows neither the number nor any time.
///
/// # Errors
/// Storage failures.
pub async fn standing(tx: &mut db::Tx, number: &DocumentNumber) -> Result<Option<Known>> {
    let Some(credential) = store::find_number(tx, number).await? else {
        return Ok(None);
    };
    let ended = match credential.state {
        CredentialState::Valid => None,
        CredentialState::Revoked { at, reason } => Some(format!("{} 撤销，原因：{reason}", rules::said::moment(at))),
        CredentialState::Superseded { by } => Some(format!("已被 {by} 替代")),
    };
    let as_of = store::last_change(tx).await?.unwrap_or(credential.issued_at);
    Ok(Some(Known { ended, as_of }))
}
