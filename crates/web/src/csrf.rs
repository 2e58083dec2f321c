//! Forged requests are refused twice: by the Origin the browser states and by the token in the form.
//!
//! The guard stands before every route and buffers form bodies (1 MiB at most), so that no handler can forget
//! it. Multipart bodies are checked by [`crate::Upload`], the only way to read one: their `csrf` field must come
//! before the file. Requests with a bearer token carry no cookie and are left alone.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use crate::{App, Failure, caller::Signed, caller::Visitor};

/// Largest form that is not an upload.
const FORM_BYTES: usize = 1 << 20;

/// The token this request's form must carry.
#[derive(Debug, Clone)]
pub(crate) struct ExpectedToken(pub String);

/// Whether the token in the form is the one that was given.
pub(crate) fn matches(expected: &str, given: &str) -> bool {
    !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(given.as_bytes()))
}

/// Refuses a changing request from elsewhere or without the form's token.
pub async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        || request.headers().contains_key(header::AUTHORIZATION)
    {
        return next.run(request).await;
    }
    if request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    if !same_origin(request.headers(), &app.installation.public_url) {
        return Failure::forged().into_response();
    }
    let session = request.extensions().get::<Signed>().map(|signed| signed.0.csrf.clone());
    let visitor = request.extensions().get::<Visitor>().map(|visitor| visitor.0.clone());
    let expected = session.or(visitor).unwrap_or_default();
    request.extensions_mut().insert(ExpectedToken(expected.clone()));
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return next.run(request).await;
    }
    if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
        return Failure::status(StatusCode::UNSUPPORTED_MEDIA_TYPE, "此地址只接受网页表单。").into_response();
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, FORM_BYTES).await else {
        return Failure::status(StatusCode::PAYLOAD_TOO_LARGE, "提交的内容超过 1 MB，请精简后再提交。").into_response();
    };
    let given = token_in(&bytes);
    if !matches(&expected, &given) {
        return Failure::expired_form().into_response();
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

fn token_in(body: &Bytes) -> String {
    crate::fields::parse(body)
        .into_iter()
        .find(|(name, _)| name == "csrf")
        .map(|(_, value)| value)
        .unwrap_or_default()
}

/// Whether the request comes from a page of ours: its Origin (or else Referer) names our public address or the
/// host it was sent to. A browser that states neither is judged by the token alone.
fn same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    let Some(origin) = text(header::ORIGIN).or_else(|| text(header::REFERER)) else {
        return true;
    };
    let authority = |address: &str| {
        address
            .split_once("://")
            .map(|(_, rest)| rest.split('/').next().unwrap_or_default().to_owned())
    };
    let from = authority(origin);
    from.is_some() && (from == authority(public_url) || from.as_deref() == text(header::HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().expect("name"), value.parse().expect("value")))
            .collect()
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        let ours = "https://zhixin.example";
        assert!(same_origin(&headers(&[("origin", "https://zhixin.example")]), ours));
        assert!(same_origin(
            &headers(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]),
            ours
        ));
        assert!(!same_origin(
            &headers(&[("origin", "https://evil.example"), ("host", "zhixin.example")]),
            ours
        ));
        assert!(!same_origin(
            &headers(&[("origin", "null"), ("host", "zhixin.example")]),
            ours
        ));
        assert!(!matches("", "") && !matches("a", "b") && matches("a", "a"));
    }
}
