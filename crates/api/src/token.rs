//! Who calls: a system with a bearer token, or, where an endpoint is public, anybody.
//!
//! [`Token`] demands a token with a scope; [`Anyone`] takes requests without one, but a token that is sent must be good
//! and have the scope, so that a system notices when its token has expired. Rules: `rules::identity::token_scope`.
//! Deliberately absent: sessions of people, tokens in addresses or forms.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use kernel::{Actor, Code};
use oversight::credentials::Press;
use registry::Ctx;
use registry::identity::tokens;
use rules::identity::TokenScope;
use web::{App, Failure, RequestId};

use crate::limit::SYSTEMS;

/// Names the scope that an endpoint demands.
pub(crate) trait Demands: Send + Sync + 'static {
    const SCOPE: TokenScope;
}

macro_rules! demands {
    ($($(#[$doc:meta])* $name:ident => $scope:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) enum $name {}
        impl Demands for $name {
            const SCOPE: TokenScope = TokenScope::$scope;
        }
    )*};
}

demands! {
    /// Checking documents.
    VerifyScope => Verify,
    /// Reading the catalogue.
    CatalogueScope => Catalogue,
    /// Reading annual statements.
    StatementsScope => Statements,
    /// Checking the hours of an application for a title.
    TitleChecksScope => TitleChecks,
    /// Handing in rosters.
    RosterScope => Roster,
    /// Reporting completions.
    CompletionsScope => Completions,
}

/// A system whose token has the scope `S`.
pub(crate) struct Token<S> {
    ctx: Ctx,
    press: Arc<Press>,
    scope: PhantomData<fn() -> S>,
}

impl<S> Token<S> {
    /// What signs answers.
    pub(crate) fn press(&self) -> &Press {
        &self.press
    }

    /// The context of use cases: the token's account in the token's role, within its bounds.
    pub(crate) fn ctx(&self) -> &Ctx {
        &self.ctx
    }
}

impl<S: Demands> FromRequestParts<App> for Token<S> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let bearer = bearer(parts)?.ok_or_else(missing)?;
        let ctx = admitted(app, bearer, request_id(parts), S::SCOPE).await?;
        Ok(Self {
            ctx,
            press: Arc::clone(&app.press),
            scope: PhantomData,
        })
    }
}

/// Anybody; a token that is sent must have the scope `S`.
pub(crate) struct Anyone<S> {
    app: App,
    ctx: Ctx,
    scope: PhantomData<fn() -> S>,
}

impl<S> Anyone<S> {
    /// The context of use cases.
    pub(crate) fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// The application.
    pub(crate) fn app(&self) -> &App {
        &self.app
    }
}

impl<S: Demands> FromRequestParts<App> for Anyone<S> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let request = request_id(parts);
        let ctx = match bearer(parts)? {
            Some(bearer) => admitted(app, bearer, request, S::SCOPE).await?,
            None => app.ctx(Actor::anonymous(&request)),
        };
        Ok(Self {
            app: app.clone(),
            ctx,
            scope: PhantomData,
        })
    }
}

fn request_id(parts: &Parts) -> String {
    parts
        .extensions
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default()
}

/// The token of the header `Authorization`, if there is such a header.
fn bearer(parts: &Parts) -> Result<Option<&str>, Failure> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let split = value.to_str().ok().and_then(|text| text.split_once(' '));
    match split {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(invalid()),
    }
}

/// The context of a good token that has the scope and has not asked too often.
async fn admitted(app: &App, bearer: &str, request: String, scope: TokenScope) -> Result<Ctx, Failure> {
    let (mut actor, scopes) = tokens::resolve(&app.db, &app.clock, bearer)
        .await?
        .ok_or_else(invalid)?;
    actor.request = request;
    if let Some(account) = actor.account {
        let allowed = app.allowances.of(scope);
        if let Err(seconds) = SYSTEMS.count((account, scope), app.clock.now(), allowed) {
            let sentence = format!(
                "“{}”接口每分钟最多调用 {allowed} 次，请 {seconds} 秒后再试。",
                scope.name()
            );
            return Err(Failure::too_many(&sentence).header(header::RETRY_AFTER, seconds.to_string()));
        }
    }
    if !scopes.contains(&scope) {
        let sentence = format!("这个令牌没有“{}”的用途，请由账号管理员另建令牌。", scope.name());
        let challenge = format!(
            "Bearer realm=\"zhixin\", error=\"insufficient_scope\", scope=\"{}\"",
            scope.code()
        );
        return Err(
            Failure::coded(StatusCode::FORBIDDEN, "token.scope", sentence).header(header::WWW_AUTHENTICATE, challenge)
        );
    }
    Ok(app.ctx(actor))
}

fn missing() -> Failure {
    let sentence = "请在请求头 Authorization 中提供接口令牌：Bearer 令牌。";
    Failure::coded(StatusCode::UNAUTHORIZED, "token.missing", sentence)
        .header(header::WWW_AUTHENTICATE, "Bearer realm=\"zhixin\"")
}

fn invalid() -> Failure {
    let sentence = "接口令牌无效、已过期或已撤销，请由账号管理员新建令牌。";
    Failure::coded(StatusCode::UNAUTHORIZED, "token.invalid", sentence).header(
        header::WWW_AUTHENTICATE,
        "Bearer realm=\"zhixin\", error=\"invalid_token\"",
    )
}
