//! Numbered, signed documents.
/// Typesetting and signing.
pub struct Press;
