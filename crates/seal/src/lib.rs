//! Signed PDF documents: typesetting, signatures, verification.
