//! The audit trail: who did what, when, to which thing, and how it was before and after.
//!
//! Rows are only added; triggers on both engines refuse to change or remove one, whoever asks. Reading the
//! trail is a feature of `identity`, whose listing selects from `audit` (a sanctioned exception).

use kernel::{Actor, Code, Place, Result, Time};
use serde_json::Value as Json;

use crate::{Tx, args};

/// One entry of the trail.
#[derive(Debug, Clone)]
pub struct Audit<'a> {
    /// When.
    pub at: Time,
    /// Who, in which role.
    pub actor: &'a Actor,
    /// What was done, a stable name: `orgs.suspend`.
    pub act: &'a str,
    /// The kind of thing it was done to: `org`.
    pub subject_kind: &'a str,
    /// The thing's id; 0 when the act is about no single row.
    pub subject_id: i64,
    /// Where the thing stands, for the scopes of who may read this entry.
    pub place: Place,
    /// How it was; `Json::Null` when it came to be. No secrets, documents masked.
    pub before: Json,
    /// How it is; `Json::Null` when it ended.
    pub after: Json,
    /// Why, in the actor's words.
    pub reason: Option<&'a str>,
}

const INSERT: &str = "insert into audit (id, at, account, role, actor, request, act, subject_kind, subject,
    person, org, provider, district, department, before, after, reason)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

pub(crate) async fn insert(tx: &mut Tx, entry: Audit<'_>) -> Result<()> {
    let Audit {
        at,
        actor,
        act,
        subject_kind,
        subject_id,
        place,
        before,
        after,
        reason,
    } = entry;
    let id = tx.mint::<()>();
    let document = |json: Json| (!json.is_null()).then_some(json);
    let args = args![
        id,
        at,
        actor.account,
        actor.role.code(),
        &actor.label,
        &actor.request,
        act,
        subject_kind,
        subject_id,
        place.person,
        place.org,
        place.provider,
        place.district,
        place.department,
        document(before),
        document(after),
        reason,
    ];
    tx.exec(INSERT, args).await.map(drop)
}
