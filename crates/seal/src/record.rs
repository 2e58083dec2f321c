//! The signed record inside a document: what a stranger may read, in one canonical form.
//! Canonical means: JSON without spaces, keys in alphabetical order, texts only. The same record is always the same
//! bytes, and bytes that are not canonical are refused, so nothing in a record can be altered without a trace.
//! Deliberately absent: numbers (a text `"72.50"` has one spelling, a JSON number has many) and unmasked names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::UtcSecond;

/// What a document says, in the words of the issuer. At most about 3,500 bytes as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    // Fields stand in alphabetical order: this is the order in which they are written.
    /// Label → value as shown to a stranger, such as `学时` → `40`.
    pub facts: BTreeMap<String, String>,
    /// The masked name of the holder, such as `王**`.
    pub holder: String,
    pub issued_at: UtcSecond,
    /// The kind of document, a stable code of the caller, such as `certificate`.
    pub kind: String,
    /// The number under which the issuer knows the document.
    pub number: String,
}

/// The record with what ties it to one file and one key: exactly these bytes are signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signed {
    pub(crate) algorithm: crate::Algorithm,
    /// SHA-256 of the file with the bytes of the slot set to zero, lower-case hex.
    pub(crate) digest: String,
    pub(crate) key: String,
    pub(crate) record: Record,
}

impl Signed {
    /// The canonical bytes that stand in the file.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect("texts and maps of texts always serialise")
    }
}
