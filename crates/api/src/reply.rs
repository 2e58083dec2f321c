//! JSON answers, and the header `Link` of a list.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Error, Hours, Money, Result, Time};
use serde::Serialize;

use crate::query::Parameters;

/// A JSON answer; nobody on the way keeps it.
pub(crate) fn answer(status: StatusCode, body: &impl Serialize) -> Result<Response> {
    Ok(json(status, serde_json::to_string(body).map_err(Error::broken)?))
}

/// A JSON answer whose text is known.
pub(crate) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body.into()).into_response()
}

/// A page of a list; the address of the next one stands in the header too.
pub(crate) fn page(body: &impl Serialize, next: Option<&str>, parameters: &Parameters) -> Result<Response> {
    let mut response = answer(StatusCode::OK, body)?;
    if let Some(next) = next {
        let link = format!("<{}>; rel=\"next\"", parameters.following(next));
        let value = HeaderValue::try_from(link).map_err(Error::broken)?;
        response.headers_mut().insert(header::LINK, value);
    }
    Ok(response)
}

/// Hours as a decimal string.
pub(crate) fn hours(hours: Hours) -> String {
    hours.to_string()
}

/// Yuan as a decimal string with two places.
pub(crate) fn yuan(money: Money) -> String {
    money.to_string()
}

/// A time that may be absent.
pub(crate) fn moment(time: Option<Time>) -> Option<String> {
    time.map(Time::rfc3339)
}
