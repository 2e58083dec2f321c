//! `bench`: the measured promises of the platform, printed with their bars, on SQLite and PostgreSQL.
//!
//! ```text
//! certificates ─ assignment (ours beside OR-tools) ─ postings (ours against raw) ─ per engine: city ─► roster ─► server ─► pages
//! ```
//! Run by `make bench` (`scripts/bench.sh`), which lends it the release binary and a private PostgreSQL server, and by
//! `make bench-city` for the whole city (`full_size`); what is measured and how stands in `docs/benchmarks.md`. A missed bar is a line that says MISSED, not a failure of the
//! program; only what could not be measured at all ends it with 1.
//! Every loop is bounded in count and time; nothing but the loopback is used; the server is ended by its own pid.
//! Deliberately absent: figures written by hand, comparisons with other machines.

mod assignment;
mod catalogue;
mod chance;
mod city;
mod clients;
mod crowd;
mod full_size;
mod home;
mod ledger;
mod load;
mod log;
mod machine;
mod pages;
mod panels;
mod pdf;
mod postings;
mod process;
mod raw;
mod report;
mod roster;
mod rush;
mod scale;
mod served;
mod statements;
mod visitor;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand, ValueEnum};
use report::Report;
use scale::Scale;

/// Where everything is written; below it `run/` is removed at the end.
const FOLDER: &str = "target/bench";

/// Measures the platform on this machine.
#[derive(Debug, Parser)]
#[command(name = "bench", version, about)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Small data and two seconds of load: shows that everything runs, measures nothing
    #[arg(long)]
    quick: bool,
    /// Only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Only this engine
    #[arg(long, value_enum, global = true)]
    engine: Option<Engine>,
    /// The binary that serves
    #[arg(long, env = "SERVER_BINARY", default_value = "target/release/zhixin", global = true)]
    server: PathBuf,
    /// A private PostgreSQL server, see scripts/pg-temp.sh; without it only SQLite is measured
    #[arg(long, env = "ZHIXIN_TEST_PG", global = true)]
    postgres: Option<String>,
    /// A Python that has OR-tools; without it assignments are not compared
    #[arg(long, env = "BENCH_PYTHON")]
    python: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The whole city: 3,000,000 people with 30,000,000 entries
    City(full_size::CityArgs),
    /// One of two processes that post at once
    #[command(hide = true)]
    Writer(full_size::WriterArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Postings,
    Certificates,
    Assign,
    Roster,
    Pages,
    Rush,
}

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// As the report calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

impl Args {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    fn engines(&self) -> Vec<Engine> {
        let there = |engine: &Engine| *engine == Engine::Sqlite || self.postgres.is_some();
        let asked = |engine: &Engine| self.engine.is_none_or(|only| only == *engine);
        [Engine::Sqlite, Engine::Postgres]
            .into_iter()
            .filter(there)
            .filter(asked)
            .collect()
    }
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let args = Args::parse();
    match &args.command {
        Some(Command::Writer(writer)) => {
            full_size::write(writer).await?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(Command::City(city)) => {
            let server = args.postgres.as_deref();
            let report = full_size::measure(city, &args.server, server, &args.engines()).await?;
            return Ok(ended(&report));
        }
        None => {}
    }
    let folder = Path::new(FOLDER);
    let run = folder.join("run");
    clear(&run)?;
    std::fs::create_dir_all(&run).with_context(|| format!("cannot make {}", run.display()))?;
    let scale = if args.quick { Scale::quick() } else { Scale::full() };
    let data = format!(
        "{} people with 10 entries each, {} classes",
        scale.people, scale.classes
    );
    let mut report = Report::new(machine::describe(args.postgres.as_deref(), &data, scale.quick).await);
    if args.postgres.is_none() {
        report.remark("PostgreSQL is not measured: ZHIXIN_TEST_PG is not set (scripts/bench.sh sets it).");
    }
    if args.wants(Part::Certificates) {
        let measured = pdf::measure(&scale, &run, &mut report);
        report.failed_part("", "certificates", measured);
    }
    if args.wants(Part::Assign) {
        let measured = assignment::measure(&scale, args.python.as_deref(), &run, &mut report).await;
        report.failed_part("", "assignment of reviewers", measured);
    }
    for engine in args.engines() {
        if args.wants(Part::Postings) {
            let measured = postings::measure(engine, &scale, &run, &mut report).await;
            report.failed_part(engine.name(), "postings", measured);
            let measured = log::measure(engine, &scale, &run, &mut report).await;
            report.failed_part(engine.name(), "the public log", measured);
        }
        if [Part::Roster, Part::Pages, Part::Rush]
            .into_iter()
            .any(|part| args.wants(part))
        {
            let measured = over_a_city(&args, engine, &scale, &mut report).await;
            report.failed_part(engine.name(), "the demonstration city", measured);
        }
    }
    report.write(&folder.join("report.txt"))?;
    clear(&run)?;
    Ok(ended(&report))
}

fn ended(report: &Report) -> ExitCode {
    if report.complete() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What needs a filled database: the roster first, while nobody else writes, then the server and its pages.
async fn over_a_city(args: &Args, engine: Engine, scale: &Scale, report: &mut Report) -> Result<()> {
    let folder = Path::new(FOLDER);
    let city = city::build(&args.server, engine, scale, folder, report).await?;
    let survey = city.survey(scale).await?;
    if args.wants(Part::Roster) {
        let measured = roster::measure(&args.server, &city, &survey, scale, report).await;
        report.failed_part(engine.name(), "roster", measured);
    }
    if args.wants(Part::Pages) {
        let served = served::Served::start(&args.server, &city, folder).await?;
        let measured = pages::measure(&served, &survey, scale, report).await;
        served.stop().await?;
        report.failed_part(engine.name(), "pages", measured);
    }
    if args.wants(Part::Rush) {
        let prepared = rush::prepare(&city, &survey, scale).await?;
        let served = served::Served::start(&args.server, &city, folder).await?;
        let measured = rush::measure(&served, &prepared, scale, report).await;
        served.stop().await?;
        report.failed_part(engine.name(), "rush", measured);
    }
    Ok(())
}

fn clear(run: &Path) -> Result<()> {
    match std::fs::remove_dir_all(run) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot clear {}", run.display()))
        }
        _ => Ok(()),
    }
}
