//! The demonstration city that roster and pages are measured over, and what the bench must know of it.
//!
//! Made by the binary's own command `demo`, once per engine, and surveyed in this process through the use cases that
//! pages call, before the server starts: ids, codes, words. So requests reach every person of the city, not only those
//! of the first pages of a list.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use db::Db;
use db::testing::TestDb;
use kernel::{Actor, Calendar, Clock, CreditCode, PersonId};
use learning::courses::CatalogueQuery;
use registry::taxonomy::{self, Vocabulary};
use registry::{Ctx, Installation, Window, orgs, people};

use crate::Engine;
use crate::catalogue::WORDS;
use crate::process;
use crate::report::Report;
use crate::scale::Scale;

/// Longest the demonstration city may take.
const PATIENCE: Duration = Duration::from_secs(900);
/// People read at once by the survey.
const STEP: u32 = 1_000;

/// A filled database.
pub struct City {
    /// Which engine it is on.
    pub engine: Engine,
    /// The data folder.
    pub data: PathBuf,
    /// As `--database` takes it.
    pub url: String,
    // Kept so that the database lives as long as it is measured.
    _server: Option<TestDb>,
}

impl City {
    /// One that was there before.
    pub fn of(engine: Engine, data: PathBuf, url: String) -> Self {
        Self {
            engine,
            data,
            url,
            _server: None,
        }
    }
}

/// What a load or a roster needs to know.
pub struct Survey {
    /// Everybody.
    pub people: Vec<PersonId>,
    /// Name and document number of some of them, for the part of a roster that is known already.
    pub known: Vec<(String, String)>,
    /// Codes of employers.
    pub employers: Vec<CreditCode>,
    /// Codes of focus fields.
    pub fields: Vec<String>,
    /// Codes of districts.
    pub districts: Vec<String>,
    /// Names of title series.
    pub series: Vec<String>,
    /// Each word of [`WORDS`] with the classes it finds.
    pub words: Vec<(&'static str, u64)>,
}

/// Makes the city with `binary demo`.
///
/// # Errors
/// When the command fails; its output is in `target/bench/demo-ENGINE.log`.
pub async fn build(binary: &Path, engine: Engine, scale: &Scale, folder: &Path, report: &mut Report) -> Result<City> {
    let data = folder.join("run").join(engine.name().to_lowercase());
    std::fs::create_dir_all(&data)?;
    let server = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(db::testing::empty(db::testing::Engine::Postgres).await),
    };
    let url = match &server {
        Some(server) => server.url().to_owned(),
        None => format!("sqlite:{}", data.join("zhixin.db").display()),
    };
    let log = folder.join(format!("demo-{}.log", engine.name().to_lowercase()));
    let out = std::fs::File::create(&log)?;
    let begun = Instant::now();
    let mut command = process::command(binary);
    command.arg("demo").args(["--people", &scale.people.to_string()]);
    command.args(["--classes", &scale.classes.to_string()]);
    command.arg("--data").arg(&data).args(["--database", &url]);
    command.stdout(out.try_clone()?).stderr(out);
    let mut child = command.spawn().with_context(|| {
        format!(
            "cannot start {}; build it first (scripts/bench.sh does)",
            binary.display()
        )
    })?;
    let ended = tokio::time::timeout(PATIENCE, child.wait())
        .await
        .context("`zhixin demo` did not end in time")??;
    ensure!(
        ended.success(),
        "`zhixin demo` ended with {ended}; see {}",
        log.display()
    );
    let what = format!("demo city, {} people loaded", scale.people);
    report.figure(engine.name(), &what, &format!("{:.1} s", begun.elapsed().as_secs_f64()));
    Ok(City {
        engine,
        data,
        url,
        _server: server,
    })
}

impl City {
    /// Reads what the measurements need.
    ///
    /// # Errors
    /// Of the database, or when the city is smaller than asked for.
    pub async fn survey(&self, scale: &Scale) -> Result<Survey> {
        let ctx = self.ctx().await?;
        let (people, known) = everybody(&ctx, scale).await?;
        ensure!(
            people.len() >= scale.people as usize * 9 / 10,
            "the city has {} people instead of {}",
            people.len(),
            scale.people
        );
        let employers = orgs::Filter {
            capacity: Some("employer".to_owned()),
            ..orgs::Filter::default()
        };
        let employers = orgs::list(&ctx, &employers, &Window::first(200)).await?;
        let mut tx = ctx.db.read().await?;
        let names = taxonomy::names(&mut tx).await?;
        drop(tx);
        let codes = |vocabulary| {
            names
                .all(vocabulary)
                .map(|(code, _)| code.to_owned())
                .collect::<Vec<_>>()
        };
        let mut words = Vec::new();
        for word in WORDS {
            words.push((word, found(&ctx, Some(word)).await?));
        }
        let open = found(&ctx, None).await?;
        ensure!(open > 0, "the city has no class in its catalogue");
        Ok(Survey {
            people,
            known,
            employers: employers.rows.into_iter().map(|org| org.credit_code).collect(),
            fields: codes(Vocabulary::FocusField),
            districts: codes(Vocabulary::District),
            series: names
                .all(Vocabulary::TitleSeries)
                .map(|(_, name)| name.to_owned())
                .collect(),
            words,
        })
    }

    /// A context of use cases over this database, in this process.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn ctx(&self) -> Result<Ctx> {
        let installation = Installation {
            demo: true,
            public_url: "http://127.0.0.1".into(),
            data: self.data.clone(),
        };
        Ok(Ctx {
            actor: Actor::system("bench"),
            clock: Clock::System,
            db: Db::open(&self.url).await?,
            calendar: Arc::new(Calendar::default()),
            installation: Arc::new(installation),
        })
    }
}

/// How many classes the catalogue shows for a word (counting stops where pages stop counting).
async fn found(ctx: &Ctx, word: Option<&str>) -> Result<u64> {
    let query = CatalogueQuery {
        words: word.map(str::to_owned),
        ..CatalogueQuery::default()
    };
    let window = Window {
        counted: true,
        ..Window::first(1)
    };
    let found = learning::courses::search(ctx, &query, &window).await?;
    Ok(found.total.unwrap_or(found.rows.len() as u64))
}

async fn everybody(ctx: &Ctx, scale: &Scale) -> Result<(Vec<PersonId>, Vec<(String, String)>)> {
    let (mut ids, mut known) = (Vec::new(), Vec::new());
    let mut window = Window::first(STEP);
    // One step more than the city should need, and never endless.
    for _ in 0..=scale.people / STEP + 10 {
        let listed = people::list(ctx, &people::Filter::default(), &window).await?;
        for person in listed.rows {
            ids.push(person.id);
            // A fifth of the roster is known already.
            if known.len() < scale.roster_rows as usize / 5 && person.document.kind() == kernel::DocumentKind::Resident
            {
                known.push((person.name, person.document.number().to_owned()));
            }
        }
        match listed.next {
            Some(next) => window = window.from(next),
            None => break,
        }
    }
    Ok((ids, known))
}
