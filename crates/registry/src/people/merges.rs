//! Merging two records of one person, reversibly.
//!
//! ```text
//! two records ──merge──► survivor + absorbed (merged into it) ──undo──► two records
//! ```
//! Nothing of the absorbed record is moved: entries of the ledger, enrolments and certificates keep the person
//! they were written with, and whoever sums up reads the rows of [`super::all_ids`]. So undoing restores both
//! exactly. The account of an absorbed record becomes the survivor's, if the survivor has
//! none of its own, and goes back when the merge is undone.
//! Deliberately absent: guessing that two records are one; a person decides and says why.

use db::{Event, Tx};
use kernel::{Error, Result, Time, id::PersonId};
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Person, load, store};
use crate::{Ctx, Listed, Subject, Window, identity::accounts};

/// Two records became one.
#[derive(Debug, Serialize, Deserialize)]
pub struct PeopleMerged {
    /// The record that stands for both.
    pub survivor: PersonId,
    /// The record that was absorbed.
    pub absorbed: PersonId,
    /// Whether the merge was undone, rather than done.
    pub undone: bool,
}

impl Event for PeopleMerged {
    const KIND: &'static str = "people.merged";
}

/// A merge, for its list.
#[derive(Debug, Clone)]
pub struct Merge {
    /// Its id.
    pub id: i64,
    /// The record that stands for both.
    pub survivor: PersonId,
    /// The record that was absorbed.
    pub absorbed: PersonId,
    /// How the absorbed record looked: name and masked document.
    pub was: String,
    /// When.
    pub merged_at: Time,
    /// By whom.
    pub merged_by: String,
    /// Why.
    pub reason: String,
    /// When and by whom it was undone.
    pub undone: Option<(Time, String)>,
}

impl From<store::MergeRow> for Merge {
    fn from(row: store::MergeRow) -> Self {
        let text = |key: &str| {
            row.before
                .get(key)
                .and_then(|v| v.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        Self {
            id: row.id,
            survivor: row.survivor,
            absorbed: row.absorbed,
            was: format!("{} {}", text("name"), text("document")),
            merged_at: row.merged_at,
            merged_by: row.merged_by,
            reason: row.reason,
            undone: row.undone_at.zip(row.undone_by),
        }
    }
}

/// Merges `absorbed` into `survivor`.
///
/// # Errors
/// Refused when they are one already; Wrong without a reason; NotFound,
/// Forbidden when one of them is not in reach.
pub async fn merge(ctx: &Ctx, survivor: PersonId, absorbed: PersonId, reason: &str) -> Result<i64> {
    let reason = reason.trim();
    if reason.chars().count() < 5 {
        return Err(Error::wrong(
            "reason",
            "merge.reason",
            "请写明合并理由（至少 5 个字），例如依据的证明材料。",
        ));
    }
    let mut tx = ctx.db.write().await?;
    let (survivor, absorbed) = (load(&mut tx, survivor).await?, load(&mut tx, absorbed).await?);
    for person in [&survivor, &absorbed] {
        ctx.may(Act::MergePeople, &person.place())?;
    }
    if survivor.id == absorbed.id {
        return Err(Error::refused("merge.same", "这两条记录已经是同一人，无需合并。"));
    }
    let follows = accounts::find_by_person(&mut tx, survivor.id).await?.is_none()
        && accounts::find_by_person(&mut tx, absorbed.id).await?.is_some();
    let mut was = absorbed.audited();
    was["account_followed"] = follows.into();
    let id = tx.mint::<()>().get();
    let row = store::MergeRow {
        id,
        survivor: survivor.id,
        absorbed: absorbed.id,
        before: was,
        merged_at: ctx.now(),
        merged_by: ctx.actor.label.clone(),
        reason: reason.to_owned(),
        undone_at: None,
        undone_by: None,
    };
    store::insert_merge(&mut tx, &row).await?;
    store::set_merged(&mut tx, absorbed.id, Some(survivor.id)).await?;
    if follows {
        accounts::follow_merge(&mut tx, absorbed.id, survivor.id).await?;
    }
    trail(ctx, &mut tx, ("merge_people", &survivor, &absorbed), reason).await?;
    tx.tell(
        &PeopleMerged {
            survivor: survivor.id,
            absorbed: absorbed.id,
            undone: false,
        },
        ctx.now(),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes a merge back: both records stand for themselves again, exactly as they were.
///
/// # Errors
/// Refused when it was undone already; NotFound, Forbidden.
pub async fn undo(ctx: &Ctx, id: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let row = store::load_merge(&mut tx, id).await?;
    let survivor = load(&mut tx, row.survivor).await?;
    ctx.may(Act::MergePeople, &survivor.place())?;
    if row.undone_at.is_some() {
        return Err(Error::refused("merge.undone", "该合并已经撤销。"));
    }
    store::undo_merge(&mut tx, id, (&ctx.actor.label, ctx.now())).await?;
    store::set_merged(&mut tx, row.absorbed, None).await?;
    if row.before.get("account_followed").and_then(Json::as_bool) == Some(true) {
        accounts::follow_merge(&mut tx, survivor.id, row.absorbed).await?;
    }
    let absorbed = store::load(&mut tx, row.absorbed).await?;
    trail(ctx, &mut tx, ("undo_merge", &survivor, &absorbed), reason).await?;
    tx.tell(
        &PeopleMerged {
            survivor: survivor.id,
            absorbed: absorbed.id,
            undone: true,
        },
        ctx.now(),
    )
    .await?;
    tx.commit().await
}

/// One audit row for each of the two, so that both histories tell it.
async fn trail(
    ctx: &Ctx,
    tx: &mut Tx,
    (act, survivor, absorbed): (&str, &Person, &Person),
    reason: &str,
) -> Result<()> {
    for person in [survivor, absorbed] {
        let change = (
            json!({ "survivor": survivor.audited(), "absorbed": absorbed.audited() }),
            json!({ "survivor": survivor.id, "absorbed": absorbed.id }),
        );
        let subject = Subject::new("person", person.id.get(), person.place());
        ctx.audit_because(tx, act, subject, change, Some(reason)).await?;
    }
    Ok(())
}

/// Lists the merges in reach, the latest first.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, window: &Window) -> Result<Listed<Merge>> {
    let mut tx = ctx.db.read().await?;
    let listed = store::list_merges(&mut tx, &ctx.scope(Act::MergePeople), window).await?;
    Ok(listed.map(Merge::from))
}
