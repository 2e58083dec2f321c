//! What operators ask: is it alive, can it serve, what has it done; and the bundled front-end files.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::PrometheusHandle;
use web::App;

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers too.
pub async fn readyz(State(app): State<App>) -> Response {
    let asked = async { app.db.read().await?.one::<i64>("select 1", &[]).await };
    match asked.await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "not ready: the database does not answer\n",
            )
                .into_response()
        }
    }
}

/// Figures for Prometheus.
pub async fn metrics(handle: PrometheusHandle) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}

/// A bundled file, compressed where the browser takes it.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = ui::asset_file(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (bytes, encoding) = match file.gzip {
        Some(gzip) if accepts.contains("gzip") => (gzip, Some(header::HeaderValue::from_static("gzip"))),
        _ => (file.bytes, None),
    };
    let kept = [
        (header::CONTENT_TYPE, file.content_type),
        (header::CACHE_CONTROL, file.cache_control),
    ];
    let mut response = (kept, bytes.into_owned()).into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
    }
    response
        .headers_mut()
        .insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
    response
}
