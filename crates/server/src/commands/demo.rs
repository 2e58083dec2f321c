//! `zhixin demo [--people N] [--classes N] [--today DATE]`: loads the demonstration city into an empty database.
//!
//! It is refused where there are people already; where the city is already, it says so and changes nothing. At the end
//! it runs what is due, so that tasks and certificates are there before anybody signs in.

use std::{process::ExitCode, sync::Arc};

use clap::Args;
use db::jobs::Worker;
use kernel::{Actor, Clock, Date, Time};
use oversight::credentials::Press;
use registry::Installation;
use serde_json::json;
use web::App;

use crate::config::Config;
use crate::demo::{self, LOGINS, Options, Outcome, PASSWORD, Progress};

/// Arguments of `zhixin demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// 专业技术人员人数，每人 10 条学时流水
    #[arg(long, default_value_t = 2_000, value_name = "N")]
    people: u32,
    /// 另外装载的招生班次数，用于测量目录
    #[arg(long, default_value_t = 0, value_name = "N")]
    classes: u32,
    /// 演示城市里的“今天”；不填为实际日期
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

/// Runs the command.
///
/// # Errors
/// What the loader refuses, or a storage failure.
pub async fn run(args: DemoArgs, config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let (db, installation) = super::open(config).await?;
    let clock = args
        .today
        .map_or(Clock::System, |today| Clock::at(Time::local(today, 18, 0)));
    let installation = Installation {
        demo: true,
        ..installation
    };
    let press = Arc::new(Press::open(&config.data)?);
    let app = App::new(db, clock.clone(), installation, press, config.development).await?;
    let ctx = app.ctx(Actor::system("demo"));
    registry::taxonomy::load_reference(&ctx).await?;
    learning::credits::editions::ship(&ctx).await?;
    oversight::calls::ship(&ctx).await?;
    app.refresh_calendar().await?;
    let ctx = app.ctx(Actor::system("demo"));
    let options = Options {
        people: args.people,
        classes: args.classes,
        today: args.today.unwrap_or(clock.today()),
    };
    // The log follows the loader, so that its queue stays short; the last round signs the checkpoint.
    let sequencer = app.press.sequencer(&ctx);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let following = tokio::spawn({
        let sequencer = sequencer.clone();
        async move { sequencer.run(async { drop(stopped.await) }).await }
    });
    let loaded = demo::load(&ctx, &options, &Progress::on_stderr()).await;
    drop(stop);
    following.await?;
    let outcome = loaded?;
    if let Outcome::Loaded(_) = outcome {
        let visit = crate::visit::over_http(&config.listen);
        let ran = Worker::new(app.db.clone(), clock, crate::jobs::handlers(&app, &visit))
            .run_due()
            .await?;
        sequencer.catch_up().await?;
        anyhow::ensure!(ran.failed.is_empty(), "装载后的任务没有全部完成：{:?}", ran.failed);
    }
    tell(&outcome, as_json);
    Ok(ExitCode::SUCCESS)
}

fn tell(outcome: &Outcome, as_json: bool) {
    match outcome {
        Outcome::Present if as_json => println!("{}", json!({ "loaded": false })),
        Outcome::Present => println!("演示数据已经装载过，没有作任何改动。"),
        Outcome::Loaded(summary) if as_json => println!("{}", json!({ "loaded": true, "summary": summary })),
        Outcome::Loaded(summary) => {
            println!(
                "演示城市已装载：机构 {} 家，专业技术人员 {} 人，班次 {} 个，报名 {} 人次，学时流水 {} 条。",
                summary.orgs, summary.people, summary.classes, summary.enrolments, summary.entries
            );
            println!("演示账号（口令均为 {PASSWORD}）：{}", LOGINS.join("、"));
        }
    }
}
