//! The three cookies: the session, the form token of visitors who have not signed in, and one message that
//! survives a redirect; and the door for a page that needs one of its own. All are HttpOnly and SameSite=Lax; Secure when the public address is https.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

/// The session's token, 256 random bits.
pub const SESSION_COOKIE: &str = "zhixin_session";
/// Form token of a visitor who has not signed in.
pub const VISITOR_COOKIE: &str = "zhixin_visitor";
/// A message for the next page.
pub const FLASH_COOKIE: &str = "zhixin_said";

/// The value of a cookie of the request.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A Set-Cookie line; `seconds` 0 deletes, none lasts as long as the browser.
pub fn line(name: &str, value: &str, seconds: Option<i64>, secure: bool) -> HeaderValue {
    let age = seconds
        .map(|seconds| format!("; Max-Age={seconds}"))
        .unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The cookies of a request, for a page that keeps one of its own.
#[derive(Debug)]
pub struct Cookies(HeaderMap);

impl Cookies {
    /// The value of one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        read(&self.0, name)
    }

    /// Sets one that scripts cannot read, for so many seconds.
    pub fn set(reply: &mut Response, (name, value): (&str, &str), seconds: i64, secure: bool) {
        let line = line(name, value, Some(seconds), secure);
        reply.headers_mut().append(header::SET_COOKIE, line);
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Cookies {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.clone()))
    }
}

/// Starts a session in the browser.
pub fn set_session(headers: &mut HeaderMap, token: &str, secure: bool) {
    headers.append(header::SET_COOKIE, line(SESSION_COOKIE, token, None, secure));
}

/// Ends it.
pub fn clear_session(headers: &mut HeaderMap, secure: bool) {
    headers.append(header::SET_COOKIE, line(SESSION_COOKIE, "", Some(0), secure));
}
