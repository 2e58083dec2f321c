//! How the measured binary is started, and what Linux says about a process: processor time and memory, from `/proc`.
//!
//! Processor time is counted by the kernel in ticks of a hundredth of a second, so it is told over thousands of requests.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::process::Command;

/// Ticks of a second in `/proc/PID/stat` (`USER_HZ`, 100 on every architecture of Linux that we run on).
const TICKS: f64 = 100.0;

/// A command of the measured binary, without input, ended if we end first. None of the `ZHIXIN_…` variables around us
/// reaches it: they belong to whoever measures, and its configuration is to be the default one.
pub fn command(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ZHIXIN_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Parent and processor ticks of a line of `/proc/PID/stat`: its own, and those of its children that ended.
fn parse(stat: &str) -> Option<(u32, u64)> {
    // The name in parentheses may hold spaces and parentheses itself.
    let rest = &stat[stat.rfind(')')? + 1..];
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = fields.get(11..15)?.iter().filter_map(|field| field.parse::<u64>().ok());
    Some((fields.get(1)?.parse().ok()?, ticks.sum()))
}

fn stat(pid: u32) -> Option<(u32, u64)> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The parent of a process.
pub fn parent(pid: u32) -> Option<u32> {
    stat(pid).map(|(parent, _)| parent)
}

/// Seconds of processor time of a process; 0 when it is gone.
pub fn cpu_seconds(pid: u32) -> f64 {
    stat(pid).map_or(0.0, |(_, ticks)| ticks as f64 / TICKS)
}

/// The same of a process and its children, living and ended: a PostgreSQL server and its connections.
pub fn family_cpu_seconds(pid: u32) -> f64 {
    let Ok(entries) = fs::read_dir("/proc") else { return 0.0 };
    let others = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok());
    let children: f64 = others
        .filter(|other| parent(*other) == Some(pid))
        .map(cpu_seconds)
        .sum();
    children + cpu_seconds(pid)
}

/// A line of `/proc/PID/status` in bytes: `VmRSS` (memory now), `VmHWM` (its peak).
///
/// # Errors
/// When there is no such process or line.
pub fn memory(pid: u32, line: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("the process is gone")?;
    let found = status
        .lines()
        .find_map(|each| each.strip_prefix(line)?.strip_prefix(':'));
    let kilobytes = found.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kilobytes.with_context(|| format!("/proc/{pid}/status has no {line}"))? * 1024)
}

/// The most memory the process had, asked until it is gone.
pub async fn peak(pid: u32) -> u64 {
    let mut most = 0;
    while let Ok(now) = memory(pid, "VmHWM") {
        most = most.max(now);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    most
}

/// Lets the peak of this process (`VmHWM`) begin anew.
///
/// # Errors
/// When the kernel does not offer it.
pub fn forget_peak() -> Result<()> {
    fs::write("/proc/self/clear_refs", "5").context("cannot reset the peak of memory")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_with_spaces_does_not_shift_the_figures() {
        let line = "42 (a ) b) S 7 42 42 0 -1 4194304 100 0 0 0 30 12 5 3 20 0 9 0 100 1 1";
        assert_eq!(super::parse(line), Some((7, 50)));
    }
}
