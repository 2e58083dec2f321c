//! Assignment of reviewers: the whole answer with its proof, beside OR-tools on the same call in the same run.
//!
//! Ours is timed from the problem in memory to the answer in memory, on one thread; the check of the proof by `verify` has a
//! time of its own. OR-tools runs in Python (`crates/bench/scripts/panels.py`), timed there without start and reading. Its
//! highest worst fit and its best total must be ours, else the line says FAILED.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use assign::{Answer, Outcome};

use crate::panels::{Panel, Size};
use crate::process;
use crate::report::Report;
use crate::scale::Scale;

const SCRIPT: &str = "crates/bench/scripts/panels.py";

/// A call and the seconds in which it must be assigned.
struct Line {
    what: &'static str,
    size: Size,
    bar: Option<(&'static str, f64)>,
}

/// Measures and reports; without a Python that has OR-tools nothing is compared, and the lines say so.
///
/// # Errors
/// When a call cannot be assigned, a proof does not hold, or OR-tools comes to another optimum.
pub async fn measure(scale: &Scale, python: Option<&Path>, folder: &Path, report: &mut Report) -> Result<()> {
    for line in lines(scale) {
        let measured = assigned(&line, python, folder, report).await;
        report.failed_part("", line.what, measured);
    }
    for line in short_lines(scale) {
        let measured = explained(&line, report);
        report.failed_part("", line.what, measured);
    }
    Ok(())
}

const DENSE: Size = Size {
    declarations: 1_000,
    experts: 2_000,
    candidates: None,
    mixed: false,
    capacity: 150,
};

const SPARSE: Size = Size {
    declarations: 10_000,
    experts: 10_000,
    candidates: Some(50),
    ..DENSE
};

fn line(what: &'static str, size: Size, bar: Option<(&'static str, f64)>) -> Line {
    Line { what, size, bar }
}

fn lines(scale: &Scale) -> Vec<Line> {
    let small = Size {
        declarations: 100,
        experts: 500,
        ..DENSE
    };
    let middle = Size {
        declarations: 500,
        experts: 1_000,
        ..DENSE
    };
    let (dense, sparse) = (Some(("under 3 s", 3.0)), Some(("under 5 s", 5.0)));
    let mut lines = vec![line("assign 100 × 500, dense", small, None)];
    if !scale.quick {
        lines.extend([
            line("assign 500 × 1,000, dense", middle, None),
            line("assign 1,000 × 2,000, dense", DENSE, dense),
            line("  the same with a field mix", Size { mixed: true, ..DENSE }, dense),
            line(
                "  the same without spare capacity",
                Size { capacity: 100, ..DENSE },
                dense,
            ),
            line("assign 10,000 × 10,000, 50 candidates", SPARSE, sparse),
            line("  the same with a field mix", Size { mixed: true, ..SPARSE }, sparse),
            line(
                "  the same without spare capacity",
                Size {
                    capacity: 100,
                    ..SPARSE
                },
                sparse,
            ),
        ]);
    }
    lines
}

fn short_lines(scale: &Scale) -> Vec<Line> {
    let bar = Some(("under 10 s", 10.0));
    let of = |size: Size, capacity| Size {
        mixed: true,
        capacity,
        ..size
    };
    if scale.quick {
        let small = Size {
            declarations: 100,
            experts: 500,
            ..DENSE
        };
        return vec![line("explain 100 × 500, a tenth short", of(small, 90), None)];
    }
    vec![
        line("explain 1,000 × 2,000, a tenth short", of(DENSE, 90), bar),
        line("explain 10,000 × 10,000, a fiftieth short", of(SPARSE, 98), bar),
    ]
}

async fn assigned(line: &Line, python: Option<&Path>, folder: &Path, report: &mut Report) -> Result<()> {
    let panel = Panel::of(line.size)?;
    let begun = Instant::now();
    let outcome = assign::solve(&panel.problem)?;
    let took = begun.elapsed().as_secs_f64();
    let Outcome::Assigned(answer) = outcome else {
        bail!("no assignment was found");
    };
    let begun = Instant::now();
    assign::verify(&panel.problem, &answer).map_err(|doubt| anyhow!("the proof does not hold: {doubt:?}"))?;
    let checked = begun.elapsed().as_secs_f64();
    let beside = match python {
        Some(python) => compared(&panel, &answer, python, folder).await?,
        None => "not compared".to_owned(),
    };
    judge(
        line,
        took,
        &format!("{took:.2} s, proof checked in {checked:.2} s; {beside}"),
        report,
    );
    Ok(())
}

fn explained(line: &Line, report: &mut Report) -> Result<()> {
    let panel = Panel::of(line.size)?;
    let begun = Instant::now();
    let outcome = assign::solve(&panel.problem)?;
    let took = begun.elapsed().as_secs_f64();
    let Outcome::Short(shortage) = outcome else {
        bail!("there should be no assignment");
    };
    assign::verify_impossible(&panel.problem, &shortage)
        .map_err(|doubt| anyhow!("the proof does not hold: {doubt:?}"))?;
    let (missing, reliefs) = (shortage.missing, shortage.reliefs.len());
    judge(
        line,
        took,
        &format!("{took:.2} s, {missing} reviews missing, {reliefs} reliefs"),
        report,
    );
    Ok(())
}

fn judge(line: &Line, took: f64, figure: &str, report: &mut Report) {
    match line.bar {
        Some((bar, most)) => report.judged("", line.what, figure, (bar, took < most)),
        None => report.figure("", line.what, figure),
    }
}

/// Lets OR-tools solve the same call; fails when it comes to another optimum.
async fn compared(panel: &Panel, answer: &Answer, python: &Path, folder: &Path) -> Result<String> {
    let file = folder.join("panel.bin");
    std::fs::write(&file, panel.bytes()).with_context(|| format!("cannot write {}", file.display()))?;
    let ran = process::command(python).arg(SCRIPT).arg(&file).output().await;
    let output = ran.with_context(|| format!("cannot run {}", python.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "OR-tools: {}",
        said.lines().last().unwrap_or_default()
    );
    let words: Vec<&str> = text.split_whitespace().collect();
    let [worst, total, seconds] = words[..] else {
        bail!("OR-tools said {text:?}");
    };
    let (worst, total): (i64, i128) = (worst.parse()?, total.parse()?);
    ensure!(
        (Some(worst), total) == (answer.worst, answer.total),
        "OR-tools finds worst fit {worst} and total {total}, we {:?} and {}",
        answer.worst,
        answer.total
    );
    Ok(format!("OR-tools {:.2} s, same optimum", seconds.parse::<f64>()?))
}
