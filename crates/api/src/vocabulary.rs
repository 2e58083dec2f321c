//! Closed vocabularies in the description, each with its codes and their official terms, and codes read from what is sent.

use std::borrow::Cow;

use db::jobs::JobState;
use kernel::{Code, DocumentKind, FieldError};
use learning::courses::Reported;
use registry::people::roster::ImportState;
use rules::courses::{Delivery, FeeSource, Outcome, Phase};
use rules::credits::{ActivityForm, Subject};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::verify::{DocumentState, Verdict};

/// Names a vocabulary for the description; a field says `#[schema(value_type = NameCode)]`.
macro_rules! vocabularies {
    ($($name:ident = $codes:ty),* $(,)?) => {$(
        pub(crate) enum $name {}
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let all = <$codes as Code>::ALL;
                let terms: Vec<String> = all.iter().map(|value| format!("{} {}", value.code(), value.name())).collect();
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(terms.join("；")))
                    .enum_values(Some(all.iter().map(|value| value.code())))
                    .into()
            }
        }
        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

vocabularies! {
    ActivityFormCode = ActivityForm,
    CompletionAnswerCode = Reported,
    ConfidenceCode = rules::credits::Confidence,
    CredentialKindCode = rules::credentials::DocumentKind,
    CredentialStateCode = DocumentState,
    DeliveryCode = Delivery,
    DocumentKindCode = DocumentKind,
    EventKindCode = rules::webhooks::EventKind,
    FeeSourceCode = FeeSource,
    JobStateCode = JobState,
    OutcomeCode = Outcome,
    PhaseCode = Phase,
    PurposeCode = rules::credits::title_check::Purpose,
    RosterAnswerCode = learning::courses::reporting::Listed,
    RosterStateCode = ImportState,
    SubjectCode = Subject,
    TitleLevelCode = rules::people::TitleLevel,
    TitleVerdictCode = rules::credits::title_check::Verdict,
    VerdictCode = Verdict,
}

/// Reads a code, or notes which codes there are.
pub(crate) fn read<C: Code>(field: String, text: &str, faults: &mut Vec<FieldError>) -> Option<C> {
    let found = C::from_code(text);
    if found.is_none() {
        let known: Vec<&str> = C::ALL.iter().map(|value| value.code()).collect();
        let sentence = format!("只能是 {} 之一。", known.join("、"));
        faults.push(FieldError::new(field, "code.unknown", sentence));
    }
    found
}
