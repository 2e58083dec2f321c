//! Searching the audit trail: who did what, when, to which thing, and how it was before and after.
//!
//! The trail is only added to; triggers on both engines refuse to change or remove a row, whoever asks. Taking the
//! trail away as a file is itself an act that stands in it.
//! Deliberately absent: writing, which every use case does in its own transaction (`Ctx::audit`).

use kernel::{Date, Place, Result, Role, Time};
use rules::permits::Act;
use rules::trail;
use serde_json::{Value as Json, json};

use super::store;
use crate::{Ctx, Listed, Subject, Window};

/// One row of the trail.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: Time,
    /// Login name, `system:…` or `public`.
    pub actor: String,
    /// The role in which it was done.
    pub role: Role,
    /// The request or job.
    pub request: String,
    /// The deed's code.
    pub act: String,
    /// What kind of thing.
    pub subject_kind: String,
    /// Which one.
    pub subject: i64,
    /// How it was; none where nothing was.
    pub before: Option<Json>,
    /// How it became.
    pub after: Option<Json>,
    /// Why, in the words of the actor.
    pub reason: Option<String>,
}

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Login name, or the label of a job.
    pub actor: Option<String>,
    /// The deed's code.
    pub act: Option<String>,
    /// Kind of thing.
    pub subject_kind: Option<String>,
    /// Its id.
    pub subject: Option<i64>,
    /// From this day on.
    pub from: Option<Date>,
    /// Up to the end of this day.
    pub until: Option<Date>,
    /// Words in what was and what became, in the reason or the request number.
    pub words: Option<String>,
}

/// One thing that changed, for people: its name, how it was, how it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The member's name as the trail has it.
    pub name: String,
    /// How it was.
    pub before: Option<String>,
    /// How it became.
    pub after: Option<String>,
}

impl Entry {
    /// What changed, member by member in order of name; members that stayed the same are left out.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let side = |json: &Option<Json>| match json {
            Some(Json::Object(members)) => members
                .clone()
                .into_iter()
                .map(|(name, value)| {
                    let words = spoken(&self.subject_kind, &name, &value);
                    (name, words)
                })
                .collect(),
            Some(other) => std::collections::BTreeMap::from([(String::new(), spoken(&self.subject_kind, "", other))]),
            None => std::collections::BTreeMap::new(),
        };
        let (before, after) = (side(&self.before), side(&self.after));
        let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let rows = names.into_iter().map(|name| Difference {
            name: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        });
        rows.filter(|row| row.before != row.after).collect()
    }
}

/// A value as a person reads it: texts without quotes, codes as their words, lists with 、 between.
fn spoken(kind: &str, member: &str, value: &Json) -> String {
    match value {
        Json::String(text) => trail::value(kind, member, text).to_owned(),
        Json::Array(values) => {
            let values = values.iter().map(|value| spoken(kind, member, value));
            values.collect::<Vec<_>>().join("、")
        }
        Json::Bool(true) => "是".into(),
        Json::Bool(false) => "否".into(),
        Json::Null => "（空）".into(),
        Json::Number(number) if number.is_i64() => trail::quantity(member, number.as_i64().unwrap_or_default()),
        other => other.to_string(),
    }
}

/// Rows of the trail that match, newest first unless asked otherwise.
///
/// # Errors
/// Storage failures.
pub async fn search(ctx: &Ctx, filter: &Filter, window: &Window) -> Result<Listed<Entry>> {
    let mut tx = ctx.db.read().await?;
    store::audit::list(&ctx.scope(Act::SearchAudit), &mut tx, filter, window).await
}

/// One row.
///
/// # Errors
/// `NotFound`, also when it is out of reach.
pub async fn load(ctx: &Ctx, id: i64) -> Result<Entry> {
    let mut tx = ctx.db.read().await?;
    store::audit::load(&ctx.scope(Act::SearchAudit), &mut tx, id).await
}

/// The deeds and the kinds of thing that the trail knows, for the choices of the filter.
///
/// # Errors
/// Storage failures.
pub async fn vocabulary(ctx: &Ctx) -> Result<(Vec<String>, Vec<String>)> {
    ctx.may(Act::SearchAudit, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    store::audit::vocabulary(&mut tx).await
}

/// Writes that the actor takes the rows of this filter away as a file; before the file leaves.
///
/// # Errors
/// Storage failures.
pub async fn note_export(ctx: &Ctx, asked: &str) -> Result<()> {
    ctx.may(Act::SearchAudit, &Place::default())?;
    let mut tx = ctx.db.write().await?;
    let subject = Subject::new("audit", 0, Place::default());
    ctx.audit(
        &mut tx,
        "export_audit",
        subject,
        json!(null),
        json!({ "filter": asked }),
    )
    .await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_reads_member_by_member_and_leaves_out_what_stayed() {
        let entry = Entry {
            id: 1,
            at: Time::from_micros(0),
            actor: "boss".into(),
            role: Role::Lead,
            request: String::new(),
            act: "edit".into(),
            subject_kind: "org".into(),
            subject: 7,
            before: Some(json!({ "name": "旧名", "town": null, "kind": "school", "status": "active" })),
            after: Some(
                json!({ "name": "新名", "town": "张江镇", "kind": "school", "status": "ended", "tags": ["一", "二"] }),
            ),
            reason: None,
        };
        let rows: Vec<String> = entry
            .differences()
            .into_iter()
            .map(|row| {
                format!(
                    "{}: {} → {}",
                    row.name,
                    row.before.unwrap_or("–".into()),
                    row.after.unwrap_or("–".into())
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                "name: 旧名 → 新名",
                "status: 正常 → 已停用",
                "tags: – → 一、二",
                "town: （空） → 张江镇"
            ]
        );
    }
}
