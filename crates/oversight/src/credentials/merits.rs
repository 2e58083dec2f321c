//! 专家业绩证明: an expert's own merit record as a signed document that a stranger can check with the published keys.
//!
//! It is true as of its moment and is not kept: the record itself is, and only ever added to, so that a later proof says
//! the same of the same deeds. R-117: only the expert takes it out; what others need they get from the expert.
//! Deliberately absent: marks that were given and what was reviewed; a round is named, a declaration is not.

use kernel::{Error, Result};
use registry::experts::{self, View};
use registry::{Ctx, Subject};
use serde_json::{Value as Json, json};

use super::Press;

/// What the signature says the document is.
pub const KIND: &str = "zhixin-expert-merits";

/// The actor's own merit record, signed.
///
/// # Errors
/// NotFound for whoever is in no pool; `merits.none` where nothing is recorded.
pub async fn own_proof(ctx: &Ctx, press: &Press) -> Result<String> {
    let view = experts::own(ctx).await?.ok_or(Error::NotFound)?;
    if view.merits.is_empty() {
        return Err(Error::refused(
            "merits.none",
            "还没有业绩记录，有评审、授课或咨询记录后再出具证明。",
        ));
    }
    let token = press.sign_json(KIND, &document(ctx, &view).to_string())?;
    let mut tx = ctx.db.write().await?;
    let subject = Subject::new("expert", view.expert.id.get(), view.expert.place.clone());
    let after = json!({ "counts": view.merits.len() });
    ctx.audit(&mut tx, "prove_merits", subject, Json::Null, after).await?;
    tx.commit().await?;
    Ok(token)
}

fn document(ctx: &Ctx, view: &View) -> Json {
    let merits: Vec<Json> = view
        .merits
        .iter()
        .map(|merit| {
            json!({
                "on": merit.on.to_string(), "kind": merit.kind, "title": merit.title, "amount": merit.amount,
                "rating": merit.rating,
            })
        })
        .collect();
    json!({
        "document": "专家业绩证明",
        "expert": view.expert.id,
        "name": view.expert.name,
        "employer": view.expert.org_name,
        "state": view.expert.standing.code(),
        "term": { "from": view.expert.term.from.to_string(), "until": view.expert.term.until.to_string() },
        "as_of": ctx.now().rfc3339(),
        "demonstration": ctx.installation.demo,
        "merits": merits,
    })
}
