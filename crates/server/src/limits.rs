//! How often a visitor who has not signed in may post: sign-in, registration, verification.
//!
//! Counted per address and minute in memory, so per process; the sign-in's own throttle, per account, is in the
//! database. Whoever is signed in, and systems with a token, are not counted here.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Clock;
use web::{Failure, SESSION_COOKIE, VisitorAddress};

/// Addresses remembered at once; more than this and the oldest minute is forgotten first.
const REMEMBERED: usize = 100_000;

/// The counts of the current minute.
#[derive(Clone)]
pub struct VisitorLimit {
    clock: Clock,
    per_minute: u32,
    trusted_proxy: bool,
    counts: Arc<Mutex<(i64, HashMap<IpAddr, u32>)>>,
}

impl VisitorLimit {
    /// Allows `per_minute` posts from one address.
    #[must_use]
    pub fn new(clock: Clock, per_minute: u32, trusted_proxy: bool) -> Self {
        Self {
            clock,
            per_minute,
            trusted_proxy,
            counts: Arc::default(),
        }
    }

    fn allows(&self, address: IpAddr) -> bool {
        let minute = self.clock.now().micros() / 60_000_000;
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.0 != minute || counts.1.len() > REMEMBERED {
            *counts = (minute, HashMap::new());
        }
        let count = counts.1.entry(address).or_default();
        *count += 1;
        *count <= self.per_minute
    }

    fn address(&self, request: &Request) -> Option<IpAddr> {
        let peer = request
            .extensions()
            .get::<ConnectInfo<std::net::SocketAddr>>()
            .map(|info| info.0.ip());
        if !self.trusted_proxy {
            return peer;
        }
        let said = request
            .headers()
            .get("x-forwarded-for")
            .and_then(|value| value.to_str().ok());
        said.and_then(|list| list.rsplit(',').next())
            .and_then(|last| last.trim().parse().ok())
            .or(peer)
    }
}

/// Tells the handlers where the request comes from, and refuses a visitor who posts too often.
pub async fn enforce(State(limit): State<VisitorLimit>, mut request: Request, next: Next) -> Response {
    let address = limit.address(&request);
    if let Some(address) = address {
        request.extensions_mut().insert(VisitorAddress(address));
    }
    let signed = request.headers().get_all("cookie").iter().any(|line| {
        line.as_bytes()
            .windows(SESSION_COOKIE.len())
            .any(|w| w == SESSION_COOKIE.as_bytes())
    });
    let counted = *request.method() == Method::POST && !signed && !request.headers().contains_key("authorization");
    if counted
        && let Some(address) = address
        && !limit.allows(address)
    {
        return Failure::too_many("您的操作太频繁，请一分钟后再试。").into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use kernel::Time;

    use super::*;

    #[test]
    fn a_minute_holds_so_many_posts_and_the_next_begins_anew() {
        let clock = Clock::at(Time::from_micros(0));
        let limit = VisitorLimit::new(clock.clone(), 2, false);
        let (one, other) = ([127, 0, 0, 1].into(), [127, 0, 0, 2].into());
        assert!(limit.allows(one) && limit.allows(one) && !limit.allows(one));
        assert!(limit.allows(other));
        clock.set(Time::from_micros(60_000_000));
        assert!(limit.allows(one));
    }
}
