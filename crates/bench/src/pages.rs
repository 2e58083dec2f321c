//! What pages cost over HTTP: memory at rest, then each page in an open loop, then memory again.

use std::time::Duration;

use anyhow::Result;

use crate::city::Survey;
use crate::load::{Plan, open_loop};
use crate::report::{Report, ms};
use crate::scale::Scale;
use crate::served::Served;
use crate::visitor::{Target, Web};
use crate::{catalogue, home, statements};

/// Milliseconds that 99 of 100 replies may take, where there is a bar.
const P99_MS: f64 = 50.0;
/// Bytes of the server at rest.
const IDLE_BYTES: u64 = 150_000_000;

/// Measures and reports.
///
/// # Errors
/// When a page does not come or says something else.
pub async fn measure(served: &Served, survey: &Survey, scale: &Scale, report: &mut Report) -> Result<()> {
    served.settle().await;
    idle(served, "memory of the server, idle after start", report)?;
    let web = Web::new(&served.base)?;
    let statements = statements::targets(&web, survey, scale).await?;
    let asked = Asked {
        what: "annual statement",
        plan: Plan {
            rate: 300,
            seconds: scale.load_seconds,
        },
        bar: true,
    };
    ask(served, &web, &asked, &statements, (scale, report)).await?;
    catalogue::tell_words(survey, report);
    let catalogue = catalogue::targets(&web, survey).await?;
    let asked = Asked {
        what: "catalogue, 70 % filter, 30 % search",
        plan: Plan {
            rate: 200,
            seconds: scale.load_seconds,
        },
        bar: true,
    };
    ask(served, &web, &asked, &catalogue, (scale, report)).await?;
    let home = home::targets(&web).await?;
    let asked = Asked {
        what: "portal home",
        plan: Plan {
            rate: 200,
            seconds: scale.home_seconds,
        },
        bar: false,
    };
    ask(served, &web, &asked, &home, (scale, report)).await?;
    served.settle().await;
    idle(served, "memory of the server, idle after load", report)
}

fn idle(served: &Served, what: &str, report: &mut Report) -> Result<()> {
    let bytes = served.memory()?;
    let figure = format!("{:.0} MB", bytes as f64 / 1e6);
    report.judged(
        served.engine.name(),
        what,
        &figure,
        ("under 150 MB", bytes < IDLE_BYTES),
    );
    Ok(())
}

/// One load.
pub struct Asked<'a> {
    /// As the report calls it.
    pub what: &'a str,
    /// When requests leave.
    pub plan: Plan,
    /// Whether 99 of 100 replies have a bar.
    pub bar: bool,
}

/// Pages asked for in the order of the targets, from the start again at the end.
///
/// # Errors
/// None so far.
pub async fn ask(
    served: &Served,
    web: &Web,
    asked: &Asked<'_>,
    targets: &[Target],
    run: (&Scale, &mut Report),
) -> Result<Duration> {
    let request = |number: u64| {
        let web = web.clone();
        // A remainder of a length fits where the length does.
        let target = targets[(number % targets.len().max(1) as u64) as usize].clone();
        async move { web.load(target).await }
    };
    ask_by(served, asked, request, run).await
}

/// Warms up, asks by the plan, reports; returns what 99 of 100 replies did not exceed.
///
/// # Errors
/// None so far.
pub async fn ask_by<F, Fut>(
    served: &Served,
    asked: &Asked<'_>,
    request: F,
    (scale, report): (&Scale, &mut Report),
) -> Result<Duration>
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<u64, String>> + Send + 'static,
{
    let warm = Plan {
        seconds: scale.warm_seconds,
        ..asked.plan
    };
    // Backwards, so that what is measured was not just asked for.
    open_loop(warm, |number| request(u64::MAX - number)).await;
    let before = served.used();
    let tally = open_loop(asked.plan, &request).await;
    let cost = served.used().per_request(before, tally.sent());
    let p99 = tally.percentile(99.0);
    let figure = format!(
        "p50 {}, p90 {}, p99 {}, max {}; {:.0}/s; {cost}; {} kB; {} of {} wrong",
        ms(tally.percentile(50.0)),
        ms(tally.percentile(90.0)),
        ms(p99),
        ms(tally.longest()),
        tally.rate(),
        tally.mean_bytes() / 1_000,
        tally.wrong,
        tally.sent()
    );
    let what = format!("{}, {}/s", asked.what, asked.plan.rate);
    if asked.bar {
        let clears = p99.as_secs_f64() * 1e3 < P99_MS && tally.wrong == 0;
        report.judged(
            served.engine.name(),
            &what,
            &figure,
            ("p99 under 50 ms, none wrong", clears),
        );
    } else {
        report.figure(served.engine.name(), &what, &figure);
    }
    if let Some(why) = &tally.first_wrong {
        report.remark(&format!("the first wrong reply: {why}"));
    }
    Ok(p99)
}
