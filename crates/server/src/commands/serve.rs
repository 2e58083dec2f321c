//! `zhixin serve`: the web server, the worker of jobs, the sequencer of the public log and what sends webhooks, in one
//! process.

use std::{process::ExitCode, time::Duration};

use db::jobs::Worker;
use kernel::Actor;
use learning::credits::log::witness::Witness;
use tokio::sync::watch;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::{config::Config, http, jobs, visit};

/// How often the calendar is read again, because another process may have imported a year.
const CALENDAR_PAUSE: Duration = Duration::from_secs(60);
/// How often the measured times are folded into their buckets: until then each of them keeps memory of its own.
const FIGURES_PAUSE: Duration = Duration::from_secs(5);

/// Runs until SIGINT or SIGTERM.
///
/// # Errors
/// When the database cannot be opened or the address not be listened on.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    log(config)?;
    let figures = http::recorder()?;
    let app = super::app(config).await?;
    let (stop, stopped) = watch::channel(false);
    let worker = Worker::new(
        app.db.clone(),
        app.clock.clone(),
        jobs::handlers(&app, &visit::over_http(&config.listen)),
    );
    let working = tokio::spawn({
        let stopped = stopped.clone();
        async move { worker.run(until(stopped)).await }
    });
    let witness = (!config.witness_dir.is_empty()).then(|| Witness::new(config.witness_dir.clone().into()));
    let sequencer = app.press.sequencer(&app.ctx(Actor::system("log"))).witnessed(witness);
    let sequencing = tokio::spawn({
        let stopped = stopped.clone();
        async move { sequencer.run(until(stopped)).await }
    });
    let dispatcher = jobs::dispatcher(&app, config.webhook_patience_days);
    let dispatching = tokio::spawn({
        let stopped = stopped.clone();
        async move { dispatcher.run(until(stopped)).await }
    });
    let reading = tokio::spawn(every(CALENDAR_PAUSE, stopped.clone(), {
        let app = app.clone();
        move || read_calendar(app.clone())
    }));
    let folding = tokio::spawn(every(FIGURES_PAUSE, stopped.clone(), {
        let figures = figures.clone();
        move || {
            figures.run_upkeep();
            std::future::ready(())
        }
    }));
    let demo = app.installation.demo;
    let router = http::router(app, config, Some(figures));
    tracing::info!(listen = %config.listen, public_url = %config.public_url, demo, "serving");
    eprintln!("知新已启动：{}", config.public_url);
    let served = http::serve(router, &config.listen, async move {
        signalled().await;
        let _ = stop.send(true);
    })
    .await;
    working.await??;
    // After the worker, so that what it posted last stands under a checkpoint too.
    sequencing.await?;
    dispatching.await?;
    reading.await?;
    folding.await?;
    served?;
    Ok(ExitCode::SUCCESS)
}

fn log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|_| anyhow::anyhow!("ZHIXIN_LOG 应写成 info、warn 或 debug，现在是“{}”。", config.log))?;
    let lines = tracing_subscriber::registry().with(filter);
    if config.log_json {
        lines
            .with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .init();
    } else {
        lines.with(fmt::layer().with_writer(std::io::stderr)).init();
    }
    Ok(())
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Does something again and again until the server stops, with a pause before each time.
async fn every<F: Future<Output = ()>>(pause: Duration, stopped: watch::Receiver<bool>, mut act: impl FnMut() -> F) {
    let stop = until(stopped);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(pause) => act().await,
        }
    }
}

async fn read_calendar(app: web::App) {
    if let Err(error) = app.refresh_calendar().await {
        tracing::warn!(%error, "the calendar could not be read again");
    }
}

async fn signalled() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
}
