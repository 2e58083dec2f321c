//! The platform at the size of its city: 3,000,000 people with 30,000,000 entries, and two smaller cities for what grows.
//!
//! ```text
//! per engine, per size: prepare (once, kept) ─► requests ─► lists ─► what-if ─► audit ─► proofs ─► postings
//! PostgreSQL besides: two writers                                      last: the curve over the sizes
//! ```
//! Run by `make bench-city` (`scripts/bench-city.sh`), outside continuous integration. A city that was loaded stays in its
//! folder, so that a second run measures at once; postings leave entries in it, and the audit counts them. Figures are kept
//! beside the cities (`figures.json`), so that parts measured one by one make one curve.
//! Deliberately absent: figures written by hand; whatever `make bench` measures on small data.

mod audit;
mod curve;
mod drafts;
mod lists;
mod postings;
mod prepare;
mod requests;
mod writers;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use kernel::EntryId;

use crate::city::City;
use crate::report::{Report, ms};
use crate::scale::Scale;
use crate::{Engine, chance, log, machine};
use curve::Curve;

pub use writers::{WriterArgs, write};

/// Inclusion proofs measured.
const PROOFS: usize = 2_000;

/// What is measured, at which sizes.
#[derive(Debug, clap::Args)]
pub struct CityArgs {
    /// Sizes of the city, in people
    #[arg(long, value_delimiter = ',', default_value = "100000,1000000,3000000")]
    people: Vec<u32>,
    /// Only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Where cities and figures are kept
    #[arg(long, default_value = "target/bench-city")]
    folder: PathBuf,
    /// Remove the smaller cities after they were measured
    #[arg(long)]
    tidy: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Only loads what is missing
    Load,
    /// Statements and title checks over HTTP
    Requests,
    /// Every list page of the lead, in every order and filter
    Lists,
    /// Drafts of rules against everybody
    WhatIf,
    /// The whole audit of ledger, log and balances
    Audit,
    /// Inclusion proofs
    Proofs,
    /// Postings with the log, and its lag
    Postings,
    /// Two servers posting into one database
    Writers,
}

/// A city of one size on one engine, and where its figures go.
struct Site<'a> {
    city: City,
    people: u32,
    binary: &'a Path,
    folder: &'a Path,
    report: &'a mut Report,
    curve: &'a mut Curve,
}

impl Site<'_> {
    fn engine(&self) -> &'static str {
        self.city.engine.name()
    }

    /// `audit, 3,000,000 people`.
    fn what(&self, part: &str) -> String {
        format!("{part}, {} people", prepare::grouped(self.people.into()))
    }

    fn judged(&mut self, part: &str, figure: &str, bar: (&str, bool)) {
        let (engine, what) = (self.engine(), self.what(part));
        self.report.judged(engine, &what, figure, bar);
    }

    /// Keeps a figure for the curve; `what` names its unit.
    fn note(&mut self, what: &str, figure: f64) {
        let engine = self.engine();
        self.curve.note(engine, what, self.people, figure);
    }
}

/// Measures and reports; the report says whether everything could be measured.
///
/// # Errors
/// When the folder cannot be written.
pub async fn measure(args: &CityArgs, binary: &Path, server: Option<&str>, engines: &[Engine]) -> Result<Report> {
    std::fs::create_dir_all(&args.folder).with_context(|| format!("cannot make {}", args.folder.display()))?;
    let scale = Scale::full();
    let cities: Vec<String> = args
        .people
        .iter()
        .map(|people| prepare::grouped((*people).into()))
        .collect();
    let data = format!("{} people with 10 entries each", cities.join(", "));
    let mut report = Report::new(machine::describe(server, &data, scale.quick).await);
    let mut curve = Curve::open(&args.folder.join("figures.json"));
    let greatest = args.people.iter().copied().max().unwrap_or_default();
    for engine in engines {
        for people in &args.people {
            let measured = of_size(args, (binary, server), (*engine, *people), (&mut report, &mut curve)).await;
            report.failed_part(engine.name(), &format!("a city of {people} people"), measured);
            if args.tidy && *people < greatest {
                let removed = prepare::remove(*engine, *people, &args.folder, server).await;
                report.failed_part(engine.name(), "removing a smaller city", removed);
            }
        }
        if *engine == Engine::Postgres && args.wants(Part::Writers) {
            let measured = writers::measure(binary, &args.folder, &mut report).await;
            report.failed_part(engine.name(), "two writers", measured);
        }
    }
    curve.tell(&mut report);
    curve.save()?;
    report.write(&args.folder.join("report.txt"))?;
    Ok(report)
}

impl CityArgs {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// All parts on one city, one after another; a part that fails leaves the others.
async fn of_size(
    args: &CityArgs,
    (binary, server): (&Path, Option<&str>),
    (engine, people): (Engine, u32),
    (report, curve): (&mut Report, &mut Curve),
) -> Result<()> {
    let needed = args.only.iter().any(|part| *part != Part::Writers) || args.only.is_empty();
    if !needed {
        return Ok(());
    }
    let city = prepare::city(binary, (engine, people), (&args.folder, server), (report, curve)).await?;
    let mut site = Site {
        city,
        people,
        binary,
        folder: &args.folder,
        report,
        curve,
    };
    let name = engine.name();
    if args.wants(Part::Requests) || args.wants(Part::Lists) {
        let parts = (args.wants(Part::Requests), args.wants(Part::Lists));
        let measured = requests::measure(&mut site, parts).await;
        site.report.failed_part(name, "requests", measured);
    }
    if args.wants(Part::WhatIf) {
        let measured = drafts::measure(&mut site).await;
        site.report.failed_part(name, "what-if", measured);
    }
    if args.wants(Part::Audit) {
        let measured = audit::measure(&mut site).await;
        site.report.failed_part(name, "audit", measured);
    }
    if args.wants(Part::Proofs) {
        let measured = proofs(&mut site).await;
        site.report.failed_part(name, "proofs", measured);
    }
    if args.wants(Part::Postings) {
        let measured = postings::measure(&mut site).await;
        site.report.failed_part(name, "postings", measured);
    }
    Ok(())
}

/// Inclusion proofs of entries anywhere in the log. Entries of the demonstration are numbered from 1.
async fn proofs(site: &mut Site<'_>) -> Result<()> {
    let ctx = site.city.ctx().await?;
    let entries = u64::from(site.people) * 10;
    let mut chance = chance::Chance::new(7);
    let bound = usize::try_from(entries)?;
    let ids: Vec<EntryId> = (0..PROOFS)
        .map(|_| EntryId::new(1 + chance.below(bound) as i64))
        .collect();
    ensure!(!ids.is_empty(), "nothing to prove");
    let p99 = log::prove(&ctx.db, &ids).await?;
    site.judged(
        "inclusion proof, p99",
        &ms(p99),
        ("under 20 ms", p99.as_secs_f64() < 0.020),
    );
    site.note("inclusion proof p99, ms", p99.as_secs_f64() * 1e3);
    Ok(())
}
