//! The whole audit as an operator runs it: `zhixin log audit` over the database, a process of its own, nothing else running.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use super::Site;
use crate::process;

/// Entries a second that it must recompute.
const BAR: f64 = 200_000.0;

/// Measures and reports.
///
/// # Errors
/// When the command fails, or ledger, log and balances do not agree.
pub(super) async fn measure(site: &mut Site<'_>) -> Result<()> {
    let mut command = process::command(site.binary);
    command.args(["log", "audit", "--json", "--data"]).arg(&site.city.data);
    command.args(["--database", &site.city.url]);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let begun = Instant::now();
    let child = command.spawn().context("the audit cannot be started")?;
    let pid = child.id().context("the audit ended before it began")?;
    let watching = tokio::spawn(process::peak(pid));
    let ended = child.wait_with_output().await?;
    let took = begun.elapsed().as_secs_f64();
    let peak = watching.await?;
    let said = String::from_utf8_lossy(&ended.stdout);
    let told: serde_json::Value = serde_json::from_str(said.trim()).context("the audit printed no JSON")?;
    ensure!(told["verdict"] == "agrees", "the audit does not agree: {said}");
    let entries = told["entries"].as_u64().unwrap_or_default();
    ensure!(
        entries >= u64::from(site.people) * 10,
        "the audit saw {entries} entries only"
    );
    let rate = entries as f64 / took;
    let figure = format!(
        "{rate:.0} entries/s ({entries} entries in {took:.1} s, peak {:.0} MB)",
        peak as f64 / 1e6
    );
    site.judged("whole audit", &figure, ("at least 200000/s", rate >= BAR));
    site.note("whole audit, s", took);
    site.note("whole audit, peak MB", peak as f64 / 1e6);
    Ok(())
}
