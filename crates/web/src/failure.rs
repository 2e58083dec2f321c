//! Every failure becomes a reply in one place: a page in the frame for people, RFC 9457 for systems.
//!
//! Handlers return [`Failure`]; it answers with its status only and hands itself to [`render_failures`], the layer
//! that knows the address and the request id. What is our fault is logged with the id and told as the id alone.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Error, FieldError};
use ui::{Frame, Outcome, OutcomeKind};

use crate::RequestId;

/// A failed request.
#[derive(Debug, Clone)]
pub struct Failure {
    // Boxed, so that a reply stays small where nothing failed.
    problem: Box<Problem>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What is told of it.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code.
    pub code: &'static str,
    /// The sentence for the user, in Chinese.
    pub sentence: String,
    /// What is wrong field by field.
    pub fields: Vec<FieldError>,
    /// The rule of `docs/rules.md` behind a refusal.
    pub rule: Option<&'static str>,
    /// For the log only.
    broken: Option<String>,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            problem: Box::new(Problem {
                status,
                code,
                sentence: sentence.into(),
                fields: Vec::new(),
                rule: None,
                broken: None,
            }),
            headers: Vec::new(),
        }
    }

    /// A refusal that belongs to no use case, with a stable code of its own: a bad token, for instance.
    #[must_use]
    pub fn coded(status: StatusCode, code: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(status, code, sentence)
    }

    /// With a header that the reply carries: a challenge, when to try again.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        if let Ok(value) = value.try_into() {
            self.headers.push((name, value));
        }
        self
    }

    /// A refusal of the transport: wrong media type, too large.
    #[must_use]
    pub fn status(status: StatusCode, sentence: &str) -> Self {
        Self::new(status, "http", sentence)
    }

    /// The request did not come from a page of ours.
    #[must_use]
    pub fn forged() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "csrf.origin",
            "这个请求不是从本平台的页面发出的，已拒绝。请从本平台页面重新操作。",
        )
    }

    /// The form's token does not match: signed out meanwhile, or another tab signed in.
    #[must_use]
    pub fn expired_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "csrf.token",
            "页面已过期（可能已退出登录或切换了角色），内容未提交。请返回上一页，刷新后再提交。",
        )
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "identity.signed_out",
            "登录已过期，内容未提交。请重新登录后再提交。",
        )
    }

    /// Too many requests.
    #[must_use]
    pub fn too_many(sentence: &str) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "http.too_many", sentence)
    }

    /// What is told of it.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused { code, sentence, rule } => {
                let mut failure = Self::new(StatusCode::CONFLICT, code, sentence);
                failure.problem.rule = rule;
                failure
            }
            Error::Wrong(fields) => {
                let sentence = fields
                    .iter()
                    .map(|field| field.sentence.as_str())
                    .collect::<Vec<_>>()
                    .join("；");
                let mut failure = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong", sentence);
                failure.problem.fields = fields;
                failure
            }
            Error::NotFound => Self::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "没有找到您要的内容。它可能已被删除，或不在您的权限范围内。",
            ),
            Error::Forbidden(sentence) => Self::new(StatusCode::FORBIDDEN, "forbidden", sentence),
            Error::Stale => Self::new(
                StatusCode::CONFLICT,
                "stale",
                "这项内容刚刚被他人修改，您的更改没有保存。请刷新查看最新内容后再试。",
            ),
            Error::Broken(what) => {
                let mut failure = Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "broken",
                    "系统出现问题，您的操作没有完成。请稍后再试；如仍不行，请将下面的编号告诉管理人员。",
                );
                failure.problem.broken = Some(what);
                failure
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.problem.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Turns failures into replies: JSON under `/api/`, pages elsewhere.
pub async fn render_failures(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let mut response = next.run(request).await;
    let failure = response
        .extensions_mut()
        .remove::<Failure>()
        .or_else(|| bare(&response));
    let Some(failure) = failure else { return response };
    let Failure { problem, mut headers } = failure;
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        headers.push((header::ALLOW, allowed.clone()));
    }
    if let Some(what) = &problem.broken {
        tracing::error!(request = %id, what, "broken");
    }
    let mut rendered = if api {
        as_json(&problem, &id)
    } else {
        as_page(&problem, id)
    };
    if problem.status == StatusCode::TOO_MANY_REQUESTS {
        rendered
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    // Whoever knows better when to come back says so.
    for (name, value) in headers {
        rendered.headers_mut().insert(name, value);
    }
    rendered
}

/// Failures of axum itself (no such route, wrong method, body too large) get a page as well.
fn bare(response: &Response) -> Option<Failure> {
    let status = response.status();
    if response.headers().contains_key("x-answered") {
        return None;
    }
    match status {
        StatusCode::NOT_FOUND if !response.headers().contains_key(header::CONTENT_TYPE) => Some(Error::NotFound.into()),
        StatusCode::METHOD_NOT_ALLOWED => Some(Failure::new(status, "http.method", "此地址不支持这种操作。")),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Failure::new(
            status,
            "http.too_large",
            "提交的内容过大，请减小后再提交。",
        )),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Failure::new(status, "http.media_type", "不支持这种内容类型。")),
        StatusCode::REQUEST_TIMEOUT => Some(Failure::new(status, "http.timeout", "处理超时，请稍后再试。")),
        StatusCode::INTERNAL_SERVER_ERROR => Some(Error::broken("a handler panicked").into()),
        StatusCode::BAD_REQUEST if !response.headers().contains_key("x-form") => Some(Failure::new(
            status,
            "http.bad_request",
            "请求不完整或格式不对，请返回上一页重试。",
        )),
        _ => None,
    }
}

fn as_json(problem: &Problem, id: &str) -> Response {
    let body = serde_json::json!({
        "type": format!("urn:zhixin:problem:{}", problem.code),
        "title": title(problem.status),
        "detail": problem.sentence,
        "status": problem.status.as_u16(),
        "code": problem.code,
        "rule": problem.rule,
        "errors": problem.fields,
        "instance": format!("urn:zhixin:request:{id}"),
    });
    (
        problem.status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}

/// What kind of problem it is, the same words every time; `detail` says what happened.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "请求格式不对",
        StatusCode::UNAUTHORIZED => "未通过身份验证",
        StatusCode::FORBIDDEN => "没有权限",
        StatusCode::NOT_FOUND => "没有找到",
        StatusCode::METHOD_NOT_ALLOWED => "不支持这种操作",
        StatusCode::REQUEST_TIMEOUT => "处理超时",
        StatusCode::CONFLICT => "与现状冲突",
        StatusCode::PAYLOAD_TOO_LARGE => "内容过大",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "内容类型不支持",
        StatusCode::UNPROCESSABLE_ENTITY => "内容有误",
        StatusCode::TOO_MANY_REQUESTS => "请求过于频繁",
        _ => "系统出现问题",
    }
}

fn as_page(problem: &Problem, id: String) -> Response {
    let kind = match problem.status {
        StatusCode::UNAUTHORIZED => OutcomeKind::SignIn,
        StatusCode::NOT_FOUND => OutcomeKind::NotFound,
        StatusCode::FORBIDDEN => OutcomeKind::Forbidden,
        StatusCode::PAYLOAD_TOO_LARGE => OutcomeKind::TooLarge,
        StatusCode::TOO_MANY_REQUESTS => OutcomeKind::TooMany,
        StatusCode::INTERNAL_SERVER_ERROR => OutcomeKind::Broken,
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => OutcomeKind::Unavailable,
        _ if problem.code == "stale" => OutcomeKind::Stale,
        _ => OutcomeKind::Refused,
    };
    let frame = Frame {
        request_id: id.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Frame::default()
    };
    let outcome = Outcome::new(kind, frame.page(""))
        .reason(&problem.sentence)
        .rule(problem.rule.unwrap_or_default())
        .reference(&id);
    (
        problem.status,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        outcome.to_string(),
    )
        .into_response()
}
