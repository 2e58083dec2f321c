//! The one closed set of failures. `ui` and `api` each turn it into a reply in one function.

use std::borrow::Cow;

/// What went wrong at one field of a form, one cell of a workbook or one member of a JSON body.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The field's name as the form or the body has it; empty for the whole.
    pub field: Cow<'static, str>,
    /// A stable code, e.g. `document.check_digit`.
    pub code: &'static str,
    /// The sentence for the user, in Chinese: what is wrong and what to do.
    pub sentence: String,
}

impl FieldError {
    /// Names a field, a code and the sentence.
    pub fn new(field: impl Into<Cow<'static, str>>, code: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            sentence: sentence.into(),
        }
    }
}

/// A failure of a use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule says no. `code` is stable; the sentence says why and what to do, in Chinese.
    #[error("refused: {code}")]
    Refused {
        /// Stable code of the refusal, e.g. `enrolment.full`.
        code: &'static str,
        /// The sentence for the user.
        sentence: String,
        /// The rule of `docs/rules.md` that refuses, e.g. `R-12`.
        rule: Option<&'static str>,
    },
    /// The input is malformed; nothing was written.
    #[error("wrong input in {} place(s)", .0.len())]
    Wrong(Vec<FieldError>),
    /// There is no such thing, or the actor may not know that there is.
    #[error("not found")]
    NotFound,
    /// Visible, but this act is not the actor's; the sentence says why, in Chinese.
    #[error("forbidden")]
    Forbidden(String),
    /// Somebody else changed it since it was read; reload and try again.
    #[error("stale")]
    Stale,
    /// Our fault. The text is for the log and never reaches a user; the reply carries the request id.
    #[error("broken: {0}")]
    Broken(String),
}

impl Error {
    /// A rule's no.
    pub fn refused(code: &'static str, sentence: impl Into<String>) -> Self {
        Self::Refused {
            code,
            sentence: sentence.into(),
            rule: None,
        }
    }

    /// A rule's no with the row of `docs/rules.md` behind it.
    pub fn refused_by(rule: &'static str, code: &'static str, sentence: impl Into<String>) -> Self {
        Self::Refused {
            code,
            sentence: sentence.into(),
            rule: Some(rule),
        }
    }

    /// One wrong field.
    pub fn wrong(field: impl Into<Cow<'static, str>>, code: &'static str, sentence: impl Into<String>) -> Self {
        Self::Wrong(vec![FieldError::new(field, code, sentence)])
    }

    /// Our fault, told to the log.
    pub fn broken(what: impl std::fmt::Display) -> Self {
        Self::Broken(what.to_string())
    }
}

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;
