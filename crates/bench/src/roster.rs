//! A roster of 100,000 rows from the command line: read, judged and compared with the register, nothing written.
//!
//! The file is as Excel writes one: texts in the table of shared strings. A fifth of its people are in the register
//! already, the others are new; every row names its employer. The time is that of the whole command, from its start.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use kernel::{IdentityDocument, date};
use rules::people::{TitleLevel, roster::COLUMNS};
use rust_xlsxwriter::Workbook;

use crate::city::{City, Survey};
use crate::pdf::holder;
use crate::process;
use crate::report::Report;
use crate::scale::Scale;

/// Seconds the dry run may take.
const BAR: f64 = 15.0;
/// Longest it is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// Measures and reports.
///
/// # Errors
/// When the file cannot be made, or the command fails or counts other rows than the file has.
pub async fn measure(binary: &Path, city: &City, survey: &Survey, scale: &Scale, report: &mut Report) -> Result<()> {
    let path = city.data.join("roster.xlsx");
    write(&path, survey, scale.roster_rows)?;
    let size = std::fs::metadata(&path)?.len() / 1_000;
    let begun = Instant::now();
    let mut command = process::command(binary);
    command
        .args(["import", "people"])
        .arg(&path)
        .args(["--dry-run", "--json"]);
    command.arg("--data").arg(&city.data).args(["--database", &city.url]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let pid = child.id().context("the command ended before it began")?;
    let watching = tokio::spawn(process::peak(pid));
    let ended = tokio::time::timeout(PATIENCE, child.wait_with_output())
        .await
        .context("the dry run did not end in time")??;
    let took = begun.elapsed().as_secs_f64();
    let peak = watching.await?;
    let said = String::from_utf8_lossy(&ended.stdout);
    let counts: serde_json::Value = serde_json::from_str(said.trim()).with_context(|| {
        let error = String::from_utf8_lossy(&ended.stderr);
        format!("the dry run printed no JSON: {}", error.trim())
    })?;
    let count = |key: &str| counts[key].as_u64().unwrap_or_default();
    ensure!(
        count("rows") == u64::from(scale.roster_rows) && count("faulty") == 0,
        "the dry run counted {} rows, {} of them faulty: {}",
        count("rows"),
        count("faulty"),
        counts["errors"]
    );
    let figure = format!(
        "{took:.1} s, {:.0} rows/s, peak {:.0} MB ({size} kB; {} new, {} known)",
        f64::from(scale.roster_rows) / took,
        peak as f64 / 1e6,
        count("new"),
        count("rows") - count("new")
    );
    let what = format!("roster of {} rows, dry run", scale.roster_rows);
    report.judged(city.engine.name(), &what, &figure, ("under 15 s", took < BAR));
    Ok(())
}

fn write(path: &Path, survey: &Survey, rows: u32) -> Result<()> {
    let mut book = Workbook::new();
    // Little memory, and yet shared strings: the other mode writes them into the cells.
    let sheet = book.add_worksheet_with_low_memory()?;
    for (column, (_, title)) in (0..).zip(COLUMNS) {
        sheet.write_string(0, column, title)?;
    }
    for row in 0..rows {
        for (column, text) in (0..).zip(texts(row, survey)) {
            if !text.is_empty() {
                sheet.write_string(row + 1, column, text)?;
            }
        }
    }
    book.save(path)?;
    Ok(())
}

/// The cells of a row, in the order of [`COLUMNS`].
fn texts(row: u32, survey: &Survey) -> [String; 13] {
    let index = row as usize;
    let of = |list: &[String]| list.get(index % list.len().max(1)).cloned().unwrap_or_default();
    let (name, number) = match survey.known.get(index / 5).filter(|_| row.is_multiple_of(5)) {
        Some((name, number)) => (name.clone(), number.clone()),
        None => (holder(row.into()), number(row)),
    };
    let levels = [TitleLevel::Intermediate, TitleLevel::Assistant, TitleLevel::Associate];
    let employer = survey.employers.get(index % survey.employers.len().max(1));
    [
        name,
        "居民身份证".to_owned(),
        number,
        format!("199{row:08}"),
        of(&survey.series),
        levels[index % levels.len()].name().to_owned(),
        ["工程师", "助理工程师", "高级工程师"][index % 3].to_owned(),
        "研发工程师".to_owned(),
        "专业技术岗位".to_owned(),
        if row.is_multiple_of(4) { "是" } else { "否" }.to_owned(),
        String::new(),
        date(2024, 1 + row % 12, 1 + row % 28).to_string(),
        employer.map(|code| code.as_str().to_owned()).unwrap_or_default(),
    ]
}

/// A number of the demonstration area: a thousand on each birthday, from a day on that is too late for the people of
/// the city, so that new rows are new.
fn number(row: u32) -> String {
    let born = date(2007, 1, 1) + chrono::Days::new(u64::from(row / 1_000));
    IdentityDocument::demo(born, row % 1_000).number().to_owned()
}
