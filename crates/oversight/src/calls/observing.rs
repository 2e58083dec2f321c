//! The evidence that a public notice could be seen: the platform opens it like anybody else, and keeps what came.
//!
//! The series is only ever added to; triggers refuse the rest on both engines. What the observation is made with is handed in as
//! [`Visit`], so that a test visits its own router. The exported file is signed and says what it is: our own observation.
//! Deliberately absent: observing from another machine; whoever wants that, runs a monitor and compares the digest.

use std::{future::Future, pin::Pin, sync::Arc};

use db::Tx;
use kernel::{Code as _, Deadline, Error, Result, id::CallId};
use registry::taxonomy::deadlines;
use registry::{Ctx, files};
use rules::calls::visibility::{self, Gap, Observation};
use rules::calls::{CallState, Period};
use serde::Serialize;
use serde_json::json;

use super::store::call::{self as call_store, Call};
use super::store::notice::{self as store, Seen};
use super::{CALL, subject};

/// What came back from a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// What is to be said of the way; empty when there is nothing.
    pub remark: String,
}

/// An answer, or why there was none.
pub type Visited = std::result::Result<Answer, String>;
/// Opens an address over HTTP, without a session.
pub type Visit = Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Visited> + Send>> + Send + Sync>;

/// What the signed file says it is.
const KIND: &str = "zhixin-notice-evidence";

/// Observes every notice that runs, once; returns how many. `run` tells one run of the program from another.
///
/// # Errors
/// Storage failures.
pub async fn observe(ctx: &Ctx, visit: &Visit, run: i64) -> Result<u64> {
    let mut tx = ctx.db.read().await?;
    let running = call_store::standing(&mut tx, CallState::Noticed).await?;
    let mut calls = Vec::with_capacity(running.len());
    for id in running {
        calls.push(call_store::load(&mut tx, id).await?);
    }
    drop(tx);
    for call in &calls {
        let address = format!("{}/calls/{}/notice", ctx.installation.public_url, call.id);
        // Never a visit while a transaction is held.
        let visited = visit(address).await;
        let seen = judge(ctx, call, visited, run);
        let mut tx = ctx.db.write().await?;
        store::observe(&mut tx, call.id, &seen).await?;
        tx.commit().await?;
    }
    Ok(calls.len() as u64)
}

/// Whether what came was the notice: it answered with 200 and shows the digest of what is under notice.
fn judge(ctx: &Ctx, call: &Call, visited: Visited, run: i64) -> Seen {
    let at = ctx.now();
    match visited {
        Ok(answer) => {
            let shown = String::from_utf8_lossy(&answer.body).contains(&call.notice_digest);
            let wrong = match (answer.status, shown) {
                (200, true) => "",
                (200, false) => "页面上没有公示内容的摘要",
                _ => "没有正常返回",
            };
            Seen {
                observation: Observation {
                    at,
                    good: wrong.is_empty(),
                    run,
                },
                status: u32::from(answer.status),
                sha256: files::digest(&answer.body),
                note: if wrong.is_empty() {
                    answer.remark
                } else {
                    wrong.to_owned()
                },
            }
        }
        Err(why) => Seen {
            observation: Observation { at, good: false, run },
            status: 0,
            sha256: String::new(),
            note: why.chars().take(100).collect(),
        },
    }
}

/// Counts anew by how many working days gaps extend a notice, and sets its deadline anew where that changed. Returns the deadline.
pub(super) async fn extend(ctx: &Ctx, tx: &mut Tx, call: &mut Call) -> Result<Option<Deadline>> {
    let Some(from) = call.notice_at else { return Ok(None) };
    let series: Vec<Observation> = store::series(tx, call.id)
        .await?
        .into_iter()
        .map(|seen| seen.observation)
        .collect();
    let days = call.template.days(Period::Notice);
    let extension = visibility::extension(&ctx.calendar, &series, from, days, ctx.now());
    let name = (CALL, call.id.get(), Period::Notice.code());
    if extension <= call.extension {
        return deadlines::find(tx, CALL, call.id.get(), Period::Notice.code()).await;
    }
    let was = json!({ "days": days + call.extension });
    call.extension = extension;
    call_store::save(tx, call, call.version).await?;
    call.version += 1;
    let deadline = deadlines::set(ctx, tx, name, from.date(), days + extension).await?;
    let is = json!({ "days": days + extension });
    ctx.audit(tx, "extend_notice", subject(call), was, is).await?;
    Ok(Some(deadline))
}

/// The evidence of a notice.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The series, oldest first.
    pub series: Vec<Seen>,
    /// Its pauses.
    pub gaps: Vec<Gap>,
    /// When the notice ends.
    pub due: Option<Deadline>,
}

/// What the evidence of a notice comes to; for everybody.
///
/// # Errors
/// NotFound when nothing was ever under notice.
pub async fn evidence(ctx: &Ctx, id: CallId) -> Result<(Call, Evidence)> {
    let mut tx = ctx.db.read().await?;
    let call = call_store::load(&mut tx, id).await?;
    let from = call.notice_at.ok_or(Error::NotFound)?;
    let series = store::series(&mut tx, id).await?;
    let observations: Vec<Observation> = series.iter().map(|seen| seen.observation).collect();
    let due = deadlines::find(&mut tx, CALL, id.get(), Period::Notice.code()).await?;
    let end = due.map_or(ctx.now(), visibility::last_moment).min(ctx.now());
    // Once it is over, the notice was observed until it was over.
    let end = if call.state == CallState::Noticed {
        end
    } else {
        end.min(call.state_at.max(from))
    };
    let gaps = visibility::gaps(&ctx.calendar, &observations, from, end);
    Ok((call, Evidence { series, gaps, due }))
}

#[derive(Serialize)]
struct Line {
    at: String,
    good: bool,
    note: String,
    run: String,
    sha256: String,
    status: u32,
}

#[derive(Serialize)]
struct Pause {
    extends_working_days: u32,
    from: String,
    restarted: bool,
    until: String,
    working_seconds: i64,
}

/// The evidence as a signed file (JSON Web Signature), which says that it is the platform's own observation. `sign` signs a kind and a
/// JSON text with the installation's key.
///
/// # Errors
/// As [`evidence`]; when the signer fails.
pub async fn signed_evidence(ctx: &Ctx, id: CallId, sign: impl FnOnce(&str, &str) -> Result<String>) -> Result<String> {
    let (call, evidence) = evidence(ctx, id).await?;
    let lines: Vec<Line> = evidence
        .series
        .iter()
        .map(|seen| Line {
            at: seen.observation.at.rfc3339(),
            good: seen.observation.good,
            note: seen.note.clone(),
            run: seen.observation.run.to_string(),
            sha256: seen.sha256.clone(),
            status: seen.status,
        })
        .collect();
    let pauses: Vec<Pause> = evidence
        .gaps
        .iter()
        .map(|gap| Pause {
            extends_working_days: gap.days(),
            from: gap.from.rfc3339(),
            restarted: gap.restarted,
            until: gap.until.rfc3339(),
            working_seconds: gap.working,
        })
        .collect();
    let document = json!({
        "address": format!("{}/calls/{id}/notice", ctx.installation.public_url),
        "as_of": ctx.now().rfc3339(),
        "call": call.number,
        "demo": ctx.installation.demo,
        "extension_working_days": call.extension,
        "gaps": pauses,
        "issuer": ctx.installation.public_url,
        "nature": "平台对自身公示页面的观测记录，不是第三方证明。",
        "notice_began": call.notice_at.map(kernel::Time::rfc3339),
        "notice_digest": call.notice_digest,
        "observations": lines,
    });
    sign(KIND, &document.to_string())
}
