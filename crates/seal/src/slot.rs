//! The container: a signed record inside a PDF, and a signature that covers every byte of the file.
//!
//! The [`Press`](crate::Press) attaches a file `zhixin-record.json` to each document (PDF/A-3 allows attachments, any
//! reader shows it). It is a placeholder of incompressible bytes, so it stands uncompressed in the PDF and can be filled
//! afterwards without moving anything: the PDF stays as valid as it was. [`seal`] replaces it by
//!
//! ```text
//! {"format":"zhixin-seal-1","signed":{"algorithm":…,"digest":…,"key":…,"record":{…}},"signature":"…"}   …spaces
//! {"format":"zhixin-seal-2","blocks":"012","signed":{…},"signature":"…"}                                …spaces
//! ```
//!
//! Format 1 is of 4,096 bytes; format 2, for records that carry proofs, says how many times 4,096 ([`Room`]).
//!
//!
//! - `digest` is the SHA-256 of the whole file with the slot's bytes set to zero: anything before or behind the slot,
//!   the length of the file and the place of the slot are covered.
//! - `signature` is over `zhixin-seal-1\n` and the bytes of `signed` as they stand there: the record, the digest, the
//!   key and the algorithm are covered.
//! - What is left, the envelope, the signature's own spelling and the padding, must be exactly what [`seal`] writes:
//!   the slot is parsed, written again and compared byte by byte, base64 is strict, and Ed25519 is checked strictly.
//!
//! So each byte of the file is covered by one of the three, and no second file carries the same signature.
//!
//! R: a file with traces of ours that does not pass is Forged. A file without them, or one signed by a key we were not
//! given, is Unknown: it may be honest, we cannot tell. A PDF that ends before its end is Forged: ours always end.
//! Deliberately absent: revocation and the clock; repairing what a mail gateway or "save as" has changed.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::record::Signed;
use crate::{KeySet, PublicKey, Record, SignError, Signer};

/// Bytes of a block.
const BLOCK: usize = 4096;
/// What the envelope needs beside the record: format, algorithm, digest, key, signature and their names.
const ENVELOPE: usize = 400;
/// With one of these the slot begins; they stand nowhere else in a file of ours.
const MARKS: [&[u8]; 2] = [
    br#"{"format":"zhixin-seal-1","signed":{"#,
    br#"{"format":"zhixin-seal-2","blocks":""#,
];
/// What is signed begins with this, so that a signature made for another purpose can never serve here.
const PURPOSE: &str = "zhixin-seal-1\n";
/// Words by which a damaged file is still known as ours: the slot's format, and the name of the attachment.
const TRACES: [&[u8]; 2] = [b"zhixin-seal-", b"zhixin-record.json"];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    format: String,
    #[serde(default)]
    blocks: Option<String>,
    signed: Signed,
    signature: String,
}

/// The room for a signed record in a document, decided before typesetting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room(usize);

impl Room {
    /// For a record without proofs.
    pub const STANDARD: Self = Self(1);
    const LARGEST: usize = 999;

    /// Enough for this record.
    pub fn of(record: &Record) -> Self {
        let length = serde_json::to_string(record).map_or(usize::MAX / 2, |json| json.len());
        Self((length + ENVELOPE).div_ceil(BLOCK).clamp(1, Self::LARGEST))
    }

    fn length(self) -> usize {
        self.0 * BLOCK
    }

    /// The room that a slot's beginning says it has.
    fn read(start: &[u8]) -> Option<Self> {
        if start.starts_with(MARKS[0]) {
            return Some(Self::STANDARD);
        }
        let digits = start.strip_prefix(MARKS[1])?.get(..3)?;
        let blocks: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
        (blocks > 1).then_some(Self(blocks))
    }
}

/// Why a document could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("PDF 中没有签名记录的位置，或不止一处；请用本系统的排版结果")]
    NoSlot,
    #[error("签名记录过长：{0} 字节，排版时没有留出足够的位置")]
    TooLong(usize),
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// What [`open`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every byte is as it was signed, by a key of the set, in the time of that key. Ask for revocation by number.
    Genuine(Record),
    /// Shown not to be a document as issued.
    Forged(Forgery),
    /// Nothing speaks for it and nothing proves it false.
    Unknown(Unknown),
}

/// Why a file is refused. `Display` is a sentence for users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forgery {
    #[error("文件内容与签名不符：文件签发后被改动过，或签名记录取自另一份文件")]
    Altered,
    #[error("签名无效：签名记录被改动过，或不是由所称的密钥签署")]
    BadSignature,
    #[error("签名记录不规范：文件被改动、另存或拼接过")]
    Damaged,
    #[error("文件不完整：可能没有下载完，请重新下载后再验证")]
    Truncated,
    #[error("签名密钥在所称的签发时间不在有效期内")]
    OutsideKeyPeriod,
}

/// Why nothing can be said. `Display` is a sentence for users.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    #[error("这不是本平台签发的 PDF 文件：其中没有签名记录")]
    NotOurs,
    /// The record as the file claims it is deliberately not given: nothing in it is vouched for.
    #[error("文件由未知的密钥签署（密钥编号 {key}），无法确认签发者")]
    KeyNotKnown { key: String },
}

/// The placeholder that the press attaches: the same incompressible bytes every time, found nowhere else.
pub(crate) fn placeholder(room: Room) -> Vec<u8> {
    let blocks = (0u32..).flat_map(|block| {
        let mut hasher = Sha256::new();
        hasher.update(b"zhixin-seal placeholder");
        if room != Room::STANDARD {
            hasher.update(room.0.to_be_bytes());
        }
        hasher.update(block.to_be_bytes());
        hasher.finalize().to_vec()
    });
    blocks.take(room.length()).collect()
}

/// Fills the slot of a freshly typeset PDF. The same input gives the same bytes.
pub fn seal(mut pdf: Vec<u8>, record: &Record, signer: &dyn Signer) -> Result<Vec<u8>, SealError> {
    let rooms = [Room::of(record), Room::STANDARD];
    let found = rooms
        .into_iter()
        .find_map(|room| Some((room, only_place(&pdf, &placeholder(room))?)));
    let (room, start) = found.ok_or(SealError::NoSlot)?;
    if MARKS.iter().any(|mark| find(&pdf, mark, 0).is_some()) {
        return Err(SealError::NoSlot);
    }
    let signed = Signed {
        algorithm: signer.algorithm(),
        digest: digest_around(&pdf, start, room),
        key: signer.key_id().to_owned(),
        record: record.clone(),
    };
    let signature = signer.sign(&message(&signed))?;
    let bytes = written(&signed, &crate::keys::to_base64(&signature), room)?;
    pdf[start..start + room.length()].copy_from_slice(&bytes);
    Ok(pdf)
}

/// Judges a file. Never fails and never trusts: any bytes may be given.
pub fn open(file: &[u8], keys: &KeySet) -> Verdict {
    let Some(start) = only_mark(file) else {
        return without_slot(file);
    };
    let Some(room) = Room::read(&file[start..]) else {
        return Verdict::Forged(Forgery::Damaged);
    };
    let Some(slot) = file.get(start..start + room.length()) else {
        return Verdict::Forged(Forgery::Truncated);
    };
    let Some(envelope) = read(slot, room) else {
        return Verdict::Forged(Forgery::Damaged);
    };
    let signed = envelope.signed;
    if digest_around(file, start, room) != signed.digest {
        return Verdict::Forged(Forgery::Altered);
    }
    let Some(key) = keys.find(&signed.key) else {
        // A known key that signed exactly this under its own name: then only the name was altered.
        let renamed = |key: &PublicKey| Signed {
            key: key.id().to_owned(),
            ..signed.clone()
        };
        if keys
            .keys()
            .iter()
            .any(|key| is_signed(&renamed(key), &envelope.signature, key))
        {
            return Verdict::Forged(Forgery::BadSignature);
        }
        return Verdict::Unknown(Unknown::KeyNotKnown { key: signed.key });
    };
    if !is_signed(&signed, &envelope.signature, key) {
        return Verdict::Forged(Forgery::BadSignature);
    }
    if !key.was_valid_at(&signed.record.issued_at) {
        return Verdict::Forged(Forgery::OutsideKeyPeriod);
    }
    Verdict::Genuine(signed.record)
}

fn is_signed(signed: &Signed, signature: &str, key: &PublicKey) -> bool {
    key.algorithm() == signed.algorithm
        && crate::keys::from_base64(signature).is_some_and(|signature| key.verifies(&message(signed), &signature))
}

/// The bytes that are signed.
fn message(signed: &Signed) -> Vec<u8> {
    format!("{PURPOSE}{}", signed.json()).into_bytes()
}

/// A file in which no slot, or more than one, begins.
fn without_slot(file: &[u8]) -> Verdict {
    if TRACES.iter().any(|trace| find(file, trace, 0).is_some()) {
        return Verdict::Forged(Forgery::Damaged);
    }
    let tail = &file[file.len().saturating_sub(1024)..];
    if file.starts_with(b"%PDF-") && find(tail, b"%%EOF", 0).is_none() {
        return Verdict::Forged(Forgery::Truncated);
    }
    Verdict::Unknown(Unknown::NotOurs)
}

/// The slot's bytes for a record and its signature.
fn written(signed: &Signed, signature: &str, room: Room) -> Result<Vec<u8>, SealError> {
    let head = if room == Room::STANDARD {
        r#""format":"zhixin-seal-1""#.to_owned()
    } else {
        format!(r#""format":"zhixin-seal-2","blocks":"{:03}""#, room.0)
    };
    // Both texts are put in as they are: canonical JSON, and base64, which needs no escapes.
    let mut bytes = format!(r#"{{{head},"signed":{},"signature":"{signature}"}}"#, signed.json()).into_bytes();
    if bytes.len() > room.length() {
        return Err(SealError::TooLong(bytes.len()));
    }
    bytes.resize(room.length(), b' ');
    Ok(bytes)
}

/// The slot's content, if it is exactly what [`seal`] would have written.
fn read(slot: &[u8], room: Room) -> Option<Envelope> {
    let envelope: Envelope = serde_json::from_slice(slot).ok()?;
    let again = written(&envelope.signed, &envelope.signature, room).ok()?;
    (again == slot).then_some(envelope)
}

/// SHA-256 of the file with the slot at `start` set to zero, in hex.
fn digest_around(file: &[u8], start: usize, room: Room) -> String {
    let mut hasher = Sha256::new();
    hasher.update(&file[..start]);
    for _ in 0..room.0 {
        hasher.update([0; BLOCK]);
    }
    hasher.update(&file[start + room.length()..]);
    hex(&hasher.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the slot begins, if exactly one does.
fn only_mark(file: &[u8]) -> Option<usize> {
    match MARKS.map(|mark| (find(file, mark, 0).is_some(), only_place(file, mark))) {
        [(true, place), (false, _)] | [(false, _), (true, place)] => place,
        _ => None,
    }
}

/// Where `needle` stands, if it stands in exactly one place.
fn only_place(file: &[u8], needle: &[u8]) -> Option<usize> {
    let first = find(file, needle, 0)?;
    find(file, needle, first + 1).is_none().then_some(first)
}

/// The first place of `needle` at or after `from`. Looks for its first byte, which is rare in compressed data.
fn find(file: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(offset) = file.get(at..)?.iter().position(|byte| byte == &needle[0]) {
        at += offset;
        if file[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}
