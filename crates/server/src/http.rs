//! What every request passes, from the outside in: request id and log line, security headers, compression, failures
//! into replies, the visitor's limit, the session, the guard against forged requests, the gate of the route.

use std::{future::Future, sync::atomic::AtomicU64, sync::atomic::Ordering, time::Duration, time::Instant};

use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::{Router, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer};
use web::{App, RequestId};

use crate::limits::{VisitorLimit, enforce};
use crate::{config::Config, probes};

/// Largest body taken: an upload of 20 MB with its form.
const BODY_BYTES: usize = 21 << 20;
/// Longest a request may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// No inline script or style, nothing from elsewhere, no framing.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", CONTENT_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(self), geolocation=(), microphone=()"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Installs the recorder of figures; once per process.
///
/// # Errors
/// When one is installed already.
pub fn recorder() -> anyhow::Result<PrometheusHandle> {
    let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("seconds".into()), &seconds)?;
    Ok(builder.install_recorder()?)
}

/// The whole router. `figures` is absent in tests, where many routers share a process.
pub fn router(app: App, config: &Config, figures: Option<PrometheusHandle>) -> Router {
    let limit = VisitorLimit::new(app.clock.clone(), config.visitor_posts_per_minute, config.trusted_proxy);
    let mut router = crate::routes()
        .into_router()
        // An address that nobody serves is answered by a page, like a thing that does not exist.
        .fallback(async || web::Failure::from(kernel::Error::NotFound))
        .layer(from_fn_with_state(app.clone(), web::csrf_guard))
        .layer(from_fn_with_state(app.clone(), web::authenticate))
        .layer(from_fn_with_state(limit, enforce));
    if app.development {
        router = router.route("/styleguide", get(styleguide));
    }
    let router = router
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(web::render_failures))
        .layer(CompressionLayer::new());
    let mut probes = Router::new()
        .route("/healthz", get(probes::healthz))
        .route("/readyz", get(probes::readyz))
        .route("/assets/{*name}", get(probes::asset));
    if let Some(figures) = figures {
        probes = probes.route("/metrics", get(move || probes::metrics(figures.clone())));
    }
    router.merge(probes).layer(from_fn(around)).with_state(app)
}

async fn styleguide(caller: web::Caller) -> axum::response::Html<String> {
    axum::response::Html(ui::styleguide(caller.page("组件样例")))
}

/// Gives the request its id, measures it, writes its log line, sets the headers of every reply. The line holds the
/// pattern of the path, never its parts or its query: they may be personal.
async fn around(mut request: Request, next: Next) -> Response {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let id = format!("{}-{count:06x}", process_mark());
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)".to_owned(), |path| path.as_str().to_owned());
    let begun = started();
    let mut response = next.run(request).await;
    let took = begun.elapsed();
    let status = response.status().as_u16();
    metrics::histogram!("http_request_seconds", "method" => method.to_string(), "path" => path.clone(), "status" => status.to_string()).record(took.as_secs_f64());
    if path != "/healthz" && path != "/assets/{*name}" {
        tracing::info!(request = %id, %method, path, status, micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX), "request");
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", value);
    }
    response
}

/// Tells the processes of an installation apart in request ids.
fn process_mark() -> &'static str {
    static MARK: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    MARK.get_or_init(|| {
        registry::identity::random_token()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(6)
            .collect()
    })
}

#[allow(
    clippy::disallowed_methods,
    reason = "durations of requests are measured by the machine's clock, not the city's"
)]
fn started() -> Instant {
    Instant::now()
}

/// Serves until `shutdown`; requests under way are finished.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(
    router: Router,
    listen: &str,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(|error| {
        anyhow::anyhow!("无法监听 {listen}：{error}。端口可能被占用，请换一个 ZHIXIN_LISTEN，例如 127.0.0.1:8081。")
    })?;
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(shutdown).await?;
    Ok(())
}
