//! Numbered, signed documents: certificates of activities, statements of a year, and their verification by strangers.
//!
//! The states stand in [`rules::credentials`]. A certificate is made from an entry of the ledger that a completed class
//! posted, by a job that reacts to the completion; a statement when its holder or the employer asks. Both are
//! rendered outside the transaction, then numbered, signed and kept in one. The file kept is the file handed out.
//! Deliberately absent: rendering on every download (a signature is over one file), and qualified electronic
//! signatures of a licensed CA.

mod issue;
pub mod merits;
mod outside;
mod press;
mod store;
pub mod title_checks;
mod verify;

use db::Event;
use kernel::{CredentialId, Result, id::EntryId};
use registry::{Ctx, Listed, Subject, Window, files};
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use issue::{handlers, issue_certificate, issue_statement};
pub use press::{Press, check_proof, log_keys};
pub use store::{Credential, CredentialFilter};
pub use verify::{Judgement, Known, Logged, Verification, standing, verify_file, verify_number};

/// Told when a document was issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CredentialIssued {
    /// Which.
    pub credential: CredentialId,
}

impl Event for CredentialIssued {
    const KIND: &'static str = "credential_issued";
}

/// Told when a document stands no more: revoked, or another in its place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CredentialEnded {
    /// Which.
    pub credential: CredentialId,
}

impl Event for CredentialEnded {
    const KIND: &'static str = "credential_ended";
}

/// Documents in the actor's scope ([`Act::ListCredentials`]).
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &CredentialFilter, window: &Window) -> Result<Listed<Credential>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListCredentials), filter, window).await
}

/// A document as those see it who may list it.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn view(ctx: &Ctx, id: CredentialId) -> Result<Credential> {
    let mut tx = ctx.db.read().await?;
    let credential = store::load(&mut tx, id).await?;
    ctx.may(Act::ListCredentials, &credential.place)?;
    Ok(credential)
}

/// The file as it was issued, and the name to save it under; the download is audited, for it shows a full name.
///
/// # Errors
/// NotFound, Forbidden.
pub async fn download(ctx: &Ctx, id: CredentialId) -> Result<(String, Vec<u8>)> {
    let mut tx = ctx.db.write().await?;
    let credential = store::load(&mut tx, id).await?;
    ctx.may(Act::DownloadCredential, &credential.place)?;
    let file = files::load(&mut tx, credential.file).await?;
    let subject = Subject::new("credential", id.get(), credential.place.clone());
    ctx.audit(
        &mut tx,
        "download_credential",
        subject,
        serde_json::Value::Null,
        json!({ "number": credential.number }),
    )
    .await?;
    tx.commit().await?;
    Ok((
        format!("{}-{}.pdf", credential.kind.name(), credential.number),
        file.bytes,
    ))
}

/// Takes a document back for a reason that the public page shows.
///
/// # Errors
/// NotFound, Forbidden, `credential.ended`, a wrong reason, Stale.
pub async fn revoke(ctx: &Ctx, id: CredentialId, version: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let credential = store::load(&mut tx, id).await?;
    ctx.may(Act::RevokeCredential, &credential.place)?;
    let next = credential.state.clone().revoke(ctx.now(), reason)?;
    store::save_state(&mut tx, id, version, &next, &ctx.actor.label).await?;
    let subject = Subject::new("credential", id.get(), credential.place);
    let (before, after) = (
        json!({ "state": "valid" }),
        json!({ "state": "revoked", "number": credential.number }),
    );
    ctx.audit_because(&mut tx, "revoke_credential", subject, (before, after), Some(reason))
        .await?;
    tx.tell(&CredentialEnded { credential: id }, ctx.now()).await?;
    tx.commit().await
}

/// The document made from an entry, if there is one that stands.
///
/// # Errors
/// Storage failures.
pub async fn of_entry(ctx: &Ctx, entry: EntryId) -> Result<Option<Credential>> {
    let mut tx = ctx.db.read().await?;
    store::find_valid(&mut tx, &entry_cause(entry)).await
}

fn entry_cause(entry: EntryId) -> String {
    format!("entry:{entry}")
}
