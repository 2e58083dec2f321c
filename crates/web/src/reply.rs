//! What handlers answer with.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use kernel::{Error, FieldError};

use crate::{Caller, Failure, cookies, gate::url_encode};

/// The result of a handler.
pub type Reply = Result<Response, Failure>;

/// Marks a page whose form needs the visitor's token kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HasForm;

/// A page from its template.
///
/// # Errors
/// When the template cannot be rendered, which is our fault.
pub fn html(template: &impl askama::Template) -> Reply {
    let body = template.render().map_err(Error::broken)?;
    Ok(document(body))
}

pub(crate) fn document(body: String) -> Response {
    let has_form = body.contains("name=\"csrf\"");
    let mut response = (
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response();
    if has_form {
        response.extensions_mut().insert(HasForm);
    }
    response
}

#[derive(askama::Template)]
#[template(path = "desk_page.html")]
struct DeskPage {
    page: ui::Page,
    body: ui::Html,
}

#[derive(askama::Template)]
#[template(path = "portal_page.html")]
struct PortalPage {
    page: ui::Page,
    body: ui::Html,
}

/// A desk page of `ui` components, without a template of its own.
///
/// # Errors
/// When it cannot be rendered, which is our fault.
pub fn page(page: ui::Page, body: impl Into<ui::Html>) -> Reply {
    html(&DeskPage {
        page,
        body: body.into(),
    })
}

/// A public page of `ui` components, without a template of its own.
///
/// # Errors
/// When it cannot be rendered, which is our fault.
pub fn portal_page(page: ui::Page, body: impl Into<ui::Html>) -> Reply {
    html(&PortalPage {
        page,
        body: body.into(),
    })
}

/// On to another page, with GET.
///
/// # Errors
/// When the address cannot stand in a header, which is our fault.
pub fn redirect(to: &str) -> Reply {
    let value = HeaderValue::try_from(to).map_err(Error::broken)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response())
}

/// On to another page, which says this sentence at its top.
///
/// # Errors
/// When the address cannot stand in a header, which is our fault.
pub fn redirect_saying(caller: &Caller, to: &str, sentence: &str) -> Reply {
    let mut response = redirect(to)?;
    let value = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(sentence);
    response.headers_mut().append(
        header::SET_COOKIE,
        cookies::line(cookies::FLASH_COOKIE, &value, Some(60), caller.secure()),
    );
    Ok(response)
}

/// A file to save under this name.
///
/// # Errors
/// When the name cannot stand in a header, which is our fault.
pub fn download(name: &str, content_type: &'static str, bytes: impl Into<Body>) -> Reply {
    let disposition = format!(
        "attachment; filename=\"download\"; filename*=UTF-8''{}",
        url_encode(name)
    );
    let value = HeaderValue::try_from(disposition).map_err(Error::broken)?;
    let mut response = (
        [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, "no-store"),
        ],
        bytes.into(),
    )
        .into_response();
    response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    Ok(response)
}

/// A refused form, shown again with what was typed and what is wrong; failures that are not about the form
/// (no such thing, not allowed, ours) pass on. `show` builds the same page as the GET of the form does, filled
/// and with these errors; a refusal of a rule stands at the whole form (field `""`).
///
/// # Errors
/// What is not about the form.
pub fn reform(error: Error, show: impl FnOnce(Vec<(String, String)>) -> Reply) -> Reply {
    let (status, errors) = about_the_form(error)?;
    Ok(answered(show(errors)?, status))
}

/// As [`reform`], for a page that reads before it can show its form.
///
/// # Errors
/// As [`reform`].
pub async fn reform_reading<F, Fut>(error: Error, show: F) -> Reply
where
    F: FnOnce(Vec<(String, String)>) -> Fut,
    Fut: Future<Output = Reply>,
{
    let (status, errors) = about_the_form(error)?;
    Ok(answered(show(errors).await?, status))
}

fn about_the_form(error: Error) -> Result<(StatusCode, Vec<(String, String)>), Failure> {
    match error {
        Error::Wrong(fields) => Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            fields.into_iter().map(spoken).collect(),
        )),
        Error::Refused { sentence, .. } => Ok((StatusCode::CONFLICT, vec![(String::new(), sentence)])),
        other => Err(other.into()),
    }
}

fn answered(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert("x-answered", HeaderValue::from_static("form"));
    response
}

fn spoken(error: FieldError) -> (String, String) {
    (error.field.into_owned(), error.sentence)
}
