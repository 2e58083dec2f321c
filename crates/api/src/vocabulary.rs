//! Closed vocabularies in the description, and their codes read from what is sent.

use kernel::{Code, FieldError};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// The schema of a code: a string with its possible values.
pub(crate) fn codes<C: Code>() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(C::ALL.iter().map(|value| value.code())))
        .build()
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
