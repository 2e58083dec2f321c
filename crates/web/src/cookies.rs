//! The three cookies: the session, the form token of visitors who have not signed in, and one message that
//! survives a redirect. All are HttpOnly and SameSite=Lax; Secure when the public address is https.

use axum::http::{HeaderMap, HeaderValue, header};

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

/// Starts a session in the browser.
pub fn set_session(headers: &mut HeaderMap, token: &str, secure: bool) {
    headers.append(header::SET_COOKIE, line(SESSION_COOKIE, token, None, secure));
}

/// Ends it.
pub fn clear_session(headers: &mut HeaderMap, secure: bool) {
    headers.append(header::SET_COOKIE, line(SESSION_COOKIE, "", Some(0), secure));
}
