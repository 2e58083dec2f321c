//! Who calls: the session or the bearer token of a request, and the context of use cases made from it.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use kernel::Actor;
use registry::Ctx;
use registry::identity::SignedIn;

use crate::{App, Failure, RequestId, cookies};

/// A request with a living session carries this.
#[derive(Debug, Clone)]
pub(crate) struct Signed(pub SignedIn);

/// Where a request comes from, as the server made out (behind a proxy it trusts, the visitor's own address).
#[derive(Debug, Clone, Copy)]
pub struct VisitorAddress(pub std::net::IpAddr);

/// Who calls and all a handler needs to answer.
pub struct Caller {
    app: App,
    ctx: Ctx,
    signed: Option<SignedIn>,
    address: Option<VisitorAddress>,
    pub(crate) path: String,
    pub(crate) visitor: String,
    pub(crate) said: Option<String>,
    pub(crate) request_id: String,
}

impl Caller {
    /// The context of use cases.
    #[must_use]
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// The application.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The session, if there is one.
    #[must_use]
    pub fn signed_in(&self) -> Option<&SignedIn> {
        self.signed.as_ref()
    }

    /// The form token.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.signed.as_ref().map_or(&self.visitor, |signed| &signed.csrf)
    }

    /// The address of the visitor, for counting attempts; empty where no socket is (in tests).
    #[must_use]
    pub fn address(&self) -> String {
        self.address.map(|address| address.0.to_string()).unwrap_or_default()
    }

    /// What tells this browser from others until it is closed: random, never shown, worth nothing to anybody else.
    #[must_use]
    pub fn browser(&self) -> &str {
        &self.visitor
    }

    /// Whether cookies must be Secure.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.app.installation.public_url.starts_with("https://")
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let request_id = parts
            .extensions
            .get::<RequestId>()
            .map(|id| id.0.clone())
            .unwrap_or_default();
        let signed = parts.extensions.get::<Signed>().map(|signed| signed.0.clone());
        let mut actor = signed
            .as_ref()
            .map_or_else(|| Actor::anonymous(&request_id), |signed| signed.actor.clone());
        actor.request.clone_from(&request_id);
        let visitor = parts
            .extensions
            .get::<Visitor>()
            .map(|visitor| visitor.0.clone())
            .unwrap_or_default();
        let said = cookies::read(&parts.headers, cookies::FLASH_COOKIE).map(str::to_owned);
        Ok(Self {
            ctx: app.ctx(actor),
            app: app.clone(),
            signed,
            address: parts.extensions.get::<VisitorAddress>().copied(),
            path: parts.uri.path().to_owned(),
            visitor,
            said,
            request_id,
        })
    }
}

/// The form token of a visitor without a session.
#[derive(Debug, Clone)]
pub(crate) struct Visitor(pub String);

/// Reads the session cookie of every request; a visitor without one gets a form token of his own.
pub async fn authenticate(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, Failure> {
    if let Some(token) = cookies::read(request.headers(), cookies::SESSION_COOKIE)
        && let Some(signed) = registry::identity::sessions::resolve(&app.db, &app.clock, token).await?
    {
        request.extensions_mut().insert(Signed(signed));
    }
    let known = cookies::read(request.headers(), cookies::VISITOR_COOKIE)
        .filter(|value| value.len() == 43)
        .map(str::to_owned);
    let fresh = known.is_none();
    let visitor = known.unwrap_or_else(registry::identity::random_token);
    request.extensions_mut().insert(Visitor(visitor.clone()));
    let said = cookies::read(request.headers(), cookies::FLASH_COOKIE).is_some();
    let mut response = next.run(request).await;
    let secure = app.installation.public_url.starts_with("https://");
    let html = response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    // A page has shown the message; a redirect or an asset has not.
    if html && said {
        response
            .headers_mut()
            .append("set-cookie", cookies::line(cookies::FLASH_COOKIE, "", Some(0), secure));
    }
    if html && fresh && response.extensions().get::<crate::reply::HasForm>().is_some() {
        response.headers_mut().append(
            "set-cookie",
            cookies::line(cookies::VISITOR_COOKIE, &visitor, None, secure),
        );
    }
    Ok(response)
}
