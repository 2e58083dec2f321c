//! Numbered, signed documents: their numbers and what may become of them.
//!
//! ```text
//! Valid ──revoke──► Revoked
//!   └────supersede──► Superseded      (a newer statement of the same year)
//! ```
//! Rules: R-9 (人社部令第25号 第十九条: a certificate is issued only from a recorded result, that is, from an entry of the
//! ledger that a completed class posted). The form of the number is the platform's own: no public rule is known
//! [confidence: low], so it is told apart by its prefix and can be changed for documents to come.

mod answer_number;
mod number;

use kernel::{Error, Result, Time};

pub use answer_number::AnswerNumber;
pub use number::DocumentNumber;

kernel::codes! {
    /// 文书类别.
    pub enum DocumentKind {
        /// A certificate of one activity.
        Certificate = "certificate" "继续教育证书",
        /// A statement of a year's hours.
        Statement = "statement" "年度学时证明",
    }
}

/// What has become of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialState {
    /// It stands.
    Valid,
    /// It was taken back.
    Revoked {
        /// When.
        at: Time,
        /// Why, for everybody to read.
        reason: String,
    },
    /// A newer document took its place.
    Superseded {
        /// The number of the newer one.
        by: String,
    },
}

impl CredentialState {
    /// Takes the document back.
    ///
    /// # Errors
    /// `credential.ended` when it does not stand any more; a wrong field when no reason is given.
    pub fn revoke(self, at: Time, reason: &str) -> Result<Self> {
        let reason = reason.trim();
        if !(4..=200).contains(&reason.chars().count()) {
            return Err(Error::wrong(
                "reason",
                "credential.reason",
                "请用 4 到 200 个字写明撤销原因，核验页面会向公众显示。",
            ));
        }
        match self {
            Self::Valid => Ok(Self::Revoked {
                at,
                reason: reason.to_owned(),
            }),
            _ => Err(Error::refused(
                "credential.ended",
                "这份文书已经撤销或被替换，不能再撤销。",
            )),
        }
    }

    /// A newer document takes its place; one that does not stand any more stays as it is.
    #[must_use]
    pub fn supersede(self, by: &DocumentNumber) -> Self {
        match self {
            Self::Valid => Self::Superseded { by: by.to_string() },
            ended => ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r9_only_a_standing_document_ends_and_it_ends_once() {
        let at = Time::from_micros(1);
        let revoked = CredentialState::Valid.revoke(at, "学时已冲正").expect("stands");
        assert!(matches!(
            revoked.clone().revoke(at, "学时已冲正"),
            Err(Error::Refused {
                code: "credential.ended",
                ..
            })
        ));
        assert!(matches!(CredentialState::Valid.revoke(at, "错"), Err(Error::Wrong(_))));
        let newer = DocumentNumber::new(DocumentKind::Statement, 2026, 2, false);
        assert_eq!(revoked.clone().supersede(&newer), revoked);
        assert!(matches!(
            CredentialState::Valid.supersede(&newer),
            CredentialState::Superseded { .. }
        ));
    }
}
