//! The gate before every handler: nobody runs code of a page whose act the role does not have.
//!
//! Signed out, a person is sent to the sign-in page and comes back afterwards; signed in with the wrong role,
//! the page says which role the work belongs to.

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use kernel::Error;
use rules::permits;

use crate::{App, Failure, Gate, caller::Signed};

/// Puts the gate before a route.
pub fn guarded(route: MethodRouter<App>, gate: Gate) -> MethodRouter<App> {
    route.layer(from_fn(move |request: Request, next: Next| {
        enforce(gate, request, next)
    }))
}

/// Lets the request through or answers it.
pub async fn enforce(gate: Gate, request: Request, next: Next) -> Response {
    let signed = request.extensions().get::<Signed>();
    let needs_person = matches!(gate, Gate::SignedIn | Gate::Act(_));
    let closed_to_public = match gate {
        Gate::Act(act) => !permits::TABLE
            .iter()
            .any(|(listed, roles)| *listed == act && roles.iter().any(|(role, _)| *role == kernel::Role::Anonymous)),
        _ => true,
    };
    let Some(signed) = signed else {
        if !needs_person || !closed_to_public {
            return next.run(request).await;
        }
        if request.method() != Method::GET {
            return Failure::signed_out().into_response();
        }
        let back = request.uri().path_and_query().map_or("/desk", |target| target.as_str());
        let target: String = url_encode(back);
        return Redirect::to(&format!("/login?next={target}")).into_response();
    };
    if let Gate::Act(act) = gate
        && !permits::has(&signed.0.actor, act)
    {
        return Failure::from(Error::Forbidden(permits::refusal(&signed.0.actor, act))).into_response();
    }
    next.run(request).await
}

/// Percent-encodes everything but unreserved characters and the slash.
pub fn url_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
