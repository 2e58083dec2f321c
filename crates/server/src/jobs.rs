//! Who reacts to what, and what runs by the clock: the handlers of all modules, in one place.

use std::sync::Arc;

use db::jobs::Handlers;
use kernel::Actor;
use oversight::calls::Visit;
use registry::CtxSource;
use registry::webhooks::{self, Dispatcher};
use serde_json::json;
use web::App;

/// All handlers; `visit` opens a public page.
#[must_use]
pub fn handlers(app: &App, visit: &Visit) -> Handlers {
    Handlers::new()
        .and(housekeeping(app))
        .and(modules(app, &source(app), visit))
}

/// The system's context for a job.
fn source(app: &App) -> CtxSource {
    let app = app.clone();
    Arc::new(move |label: &str| app.ctx(Actor::system(label)))
}

/// What sends webhooks; `patience` is the days after which an endpoint that takes nothing is switched off.
#[must_use]
pub fn dispatcher(app: &App, patience: u32) -> Dispatcher {
    Dispatcher::new(&source(app), Arc::clone(&app.courier), patience)
}

fn modules(app: &App, source: &CtxSource, visit: &Visit) -> Handlers {
    Handlers::new()
        .and(registry::files::handlers(source))
        .and(registry::people::roster::handlers(source))
        .and(learning::courses::handlers(source))
        .and(learning::credits::handlers(source))
        .and(learning::credits::reminders::handlers(source))
        .and(learning::credits::claims::handlers(source))
        .and(learning::credits::disputes::handlers(source))
        .and(oversight::calls::handlers(source, visit))
        .and(oversight::calls::review::handlers(source))
        .and(oversight::credentials::handlers(source, &app.press))
        .and(oversight::reports::handlers(source))
        .and(oversight::reports::what_if::handlers(source))
}

/// The platform's own chores: expired sessions and codes, relayed events, finished jobs, the calendar of other
/// processes. Logs and the audit trail are kept (R-19: at least six months).
fn housekeeping(app: &App) -> Handlers {
    let prune = app.clone();
    Handlers::new()
        .on("housekeeping.prune", move |_| {
            let app = prune.clone();
            async move {
                let now = app.clock.now();
                let mut tx = app.db.write().await?;
                let events = db::outbox::prune(&mut tx, now.plus_days(-30)).await?;
                let jobs = db::jobs::prune(&mut tx, now.plus_days(-90)).await?;
                let messages = webhooks::prune(&mut tx, now.plus_days(-180)).await?;
                tx.commit().await?;
                let identity = registry::identity::sweep(&app.ctx(Actor::system("housekeeping"))).await?;
                Ok(json!({ "events": events, "jobs": jobs, "webhooks": messages, "identity": identity }))
            }
        })
        .daily("housekeeping.prune", 3, 30)
}
