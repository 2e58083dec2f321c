//! The signed record inside a document: what a stranger may read, in one canonical form.
//! Canonical means: JSON without spaces, keys in alphabetical order, texts only. The same record is always the same
//! bytes, and bytes that are not canonical are refused, so nothing in a record can be altered without a trace.
//! Deliberately absent: numbers (a text `"72.50"` has one spelling, a JSON number has many) and unmasked names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::UtcSecond;

/// What a document says, in the words of the issuer.
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
    /// That what the document states stands in the issuer's public log. Absent in documents from before the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// Leaves of a transparency log with what leads from them to a signed checkpoint. Numbers and bytes are texts as well:
/// decimal, and base64url without padding ([`Proof::encode`]). What they mean, the issuer's log says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The signed checkpoint.
    pub checkpoint: String,
    /// In the order of the document.
    pub leaves: Vec<ProofLeaf>,
}

/// One leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofLeaf {
    /// What the leaf commits to.
    pub entry: String,
    /// Its place in the log.
    pub index: String,
    /// The hashes up to the root, one after the other.
    pub path: String,
    /// What blinds the commitment.
    pub salt: String,
}

impl Proof {
    /// Bytes as they stand in a proof.
    pub fn encode(bytes: &[u8]) -> String {
        crate::keys::to_base64(bytes)
    }

    /// Bytes of a proof; none when the text is not exactly what [`Proof::encode`] writes.
    pub fn decode(text: &str) -> Option<Vec<u8>> {
        crate::keys::from_base64(text)
    }
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
