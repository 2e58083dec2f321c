//! Signed documents that a stranger can check: typesetting as PDF/A, signatures over every byte, QR codes.
//! A leaf crate: it knows no course, no database, no HTTP, and could be published on its own.
//!
//! ```text
//! Certificate ─┐                                   ┌─ Genuine(Record)
//! Statement  ──┴─ Press ─► Rendered ─ seal ─► file ─ open ─┼─ Forged(reason)
//!                           └ missing glyphs       └─ Unknown(reason)
//! ```
//!
//! The recipe for issuing a document:
//! 1. `sign_number(&QrClaim { number, holder, hours }, signer)?` → a [`QrToken`]; its [`QrToken::url`] goes into
//!    `verify_url` of the [`Certificate`] or [`Statement`]. All texts of these are display strings, formatted by the
//!    caller: this crate writes no sentence about hours and knows no rule.
//! 2. `press.certificate(&certificate)?` → [`Rendered`]. Keep one [`Press`] for the life of the process and call it
//!    from a blocking thread. `rendered.missing` lists the characters no font had; tell somebody.
//! 3. `seal(rendered.pdf, &record, signer)?` → the bytes to keep and to hand out. The [`Record`] holds what may be
//!    shown to a stranger (masked name), never more.
//!
//! And for checking one: [`open`] for a file, [`check_number`] for the address in a QR code. Neither knows whether a
//! document was revoked: the caller looks that up by `record.number`.
//!
//! Answers for other systems are JSON, not PDF: `sign_json` and [`open_json`] (`token.rs`).
//!
//! A log that signs a second time does so with an [`Sm2Key`] (`sm2_key.rs`), published in the same set.
//!
//! To add a document: a struct with display strings beside `certificate.rs`, a template in `templates/`, a method of
//! [`Press`], and its row in `tests/all/documents.rs`. To add an algorithm for documents: a variant of [`Algorithm`], an arm in
//! `keys.rs` where a signature is checked, and a type that implements [`Signer`]; the container stays as it is.
//!
//! Deliberately absent: PAdES (a CMS signature needs a certificate of a licensed CA; ours is checked with the public
//! keys at `/.well-known/zhixin-keys.json`), revocation, the clock, and where keys are kept.

mod certificate;
mod fonts;
mod key_file;
mod keys;
mod press;
mod qr;
mod record;
mod slot;
mod sm2_key;
mod statement;
mod token;
mod utc_second;

pub use certificate::{Certificate, Fact};
pub use fonts::{FONT_LICENCE, REPLACEMENT};
pub use keys::{Algorithm, Ed25519Key, KeyError, KeySet, PublicKey, SignError, Signer};
pub use press::{Press, PressError, PressOptions, Rendered};
pub use qr::{QrClaim, QrError, QrToken, check_number, qr_svg, sign_number};
pub use record::{Proof, ProofLeaf, Record};
pub use slot::{Forgery, Room, SealError, Unknown, Verdict, open, seal};
pub use sm2_key::{Sm2Key, Sm2PublicKey};
pub use statement::{Entry, Figure, Statement};
pub use token::{TokenError, open_json, read_json, sign_json};
pub use utc_second::{NotASecond, UtcSecond};
