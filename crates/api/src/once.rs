//! Writes that a system may repeat: with an `Idempotency-Key` the work is done once and its answer is given again.
//!
//! The same key with the same request gets the remembered answer, marked `Idempotency-Replayed: true`; with another
//! request it is refused (422); while the first is under way, 409. Failures are not remembered: nothing was written, so
//! the caller mends what was wrong and may use the key again. Kept for seven days (`registry::identity::answers`).
//! The work runs to its end even if the caller hangs up, so that its answer can be fetched by repeating.

use std::future::Future;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use kernel::Error;
use registry::identity::answers::{self, Answer, Claim};
use registry::{Ctx, files};
use serde::Serialize;
use web::{App, Failure, Reply};

use crate::reply;

/// A writing request: its key, if it has one, and what tells it from others.
pub(crate) struct Once {
    key: Option<String>,
    target: String,
}

impl FromRequestParts<App> for Once {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        // What is no text becomes an empty key, which the use case refuses with its sentence.
        let given = parts.headers.get("idempotency-key");
        let key = given.map(|value| value.to_str().unwrap_or_default().trim().to_owned());
        let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
        Ok(Self {
            key,
            target: format!("{} {target}", parts.method),
        })
    }
}

impl Once {
    /// Does the work, or answers what it answered before. `digest` is that of the body.
    pub(crate) async fn run<T, F>(self, ctx: &Ctx, digest: &str, status: StatusCode, work: F) -> Reply
    where
        T: Serialize,
        F: Future<Output = kernel::Result<T>> + Send + 'static,
    {
        let ctx = ctx.clone();
        let request = files::digest(format!("{} {digest}", self.target).as_bytes());
        let done = tokio::spawn(async move {
            let Some(key) = self.key else {
                return Ok::<_, Failure>((done(status, &work.await?)?, false));
            };
            let held = match answers::claim(&ctx, &key, &request).await? {
                Claim::Answered(answer) => return Ok((answer, true)),
                Claim::Ours(held) => held,
            };
            match work.await.and_then(|value| done(status, &value)) {
                Ok(answer) => {
                    answers::keep(&ctx, &held, &answer).await?;
                    Ok((answer, false))
                }
                Err(error) => {
                    answers::release(&ctx, &held).await?;
                    Err(error.into())
                }
            }
        });
        let (answer, replayed) = done.await.map_err(Error::broken)??;
        Ok(respond(answer, replayed))
    }
}

fn done(status: StatusCode, value: &impl Serialize) -> kernel::Result<Answer> {
    Ok(Answer {
        status: status.as_u16(),
        body: serde_json::to_string(value).map_err(Error::broken)?,
    })
}

fn respond(answer: Answer, replayed: bool) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = reply::json(status, answer.body);
    if replayed {
        response
            .headers_mut()
            .insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}
