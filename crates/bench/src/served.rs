//! The server as a process of its own: started on a free port of the loopback, watched, ended by its pid.
//!
//! It runs with its default configuration, its log (a line per request) goes to a file. Only the number of posts that a
//! visitor may make in a minute is raised, because all sessions are begun from one address.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use crate::Engine;
use crate::city::City;
use crate::process;

/// Longest the server may take until it is ready.
const STARTING: Duration = Duration::from_secs(60);
/// Longest it may take to finish the work it begins with, such as the first figures of the portal.
const SETTLING: Duration = Duration::from_secs(60);
/// Longest it may take to end when asked to.
const ENDING: Duration = Duration::from_secs(20);

/// A running server.
pub struct Served {
    /// Which engine it uses.
    pub engine: Engine,
    /// Its address, `http://127.0.0.1:PORT`.
    pub base: String,
    child: Child,
    pid: u32,
    /// The process of the database server, of which each connection is a child.
    postmaster: Option<u32>,
    log: PathBuf,
}

/// Processor seconds used so far.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    server: f64,
    database: Option<f64>,
}

impl Used {
    /// Of both.
    fn seconds(self) -> f64 {
        self.server + self.database.unwrap_or_default()
    }

    /// `1.92 ms/request (+ 0.80 in PostgreSQL)`, since `before`, over so many requests.
    pub fn per_request(self, before: Self, requests: u64) -> String {
        let each = |now: f64, then: f64| (now - then) * 1e3 / requests.max(1) as f64;
        let server = format!("CPU {:.2} ms/request", each(self.server, before.server));
        match (self.database, before.database) {
            (Some(now), Some(then)) => format!("{server} (+ {:.2} in PostgreSQL)", each(now, then)),
            _ => server,
        }
    }
}

impl Served {
    /// Starts `binary serve` over the city and waits until it is ready.
    ///
    /// # Errors
    /// When it ends, or does not become ready; its log is `target/bench/server-ENGINE.log`.
    pub async fn start(binary: &Path, city: &City, folder: &Path) -> Result<Self> {
        let listen = free_address()?;
        let log = folder.join(format!("server-{}.log", city.engine.name().to_lowercase()));
        let out = File::create(&log)?;
        let mut command = process::command(binary);
        command
            .args(["serve", "--listen", &listen])
            .arg("--data")
            .arg(&city.data)
            .args(["--database", &city.url]);
        command.env("ZHIXIN_VISITOR_POSTS_PER_MINUTE", "1000000");
        command.stdout(out.try_clone()?).stderr(out);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let pid = child.id().context("the server ended before it began")?;
        let mut served = Self {
            engine: city.engine,
            base: format!("http://{listen}"),
            child,
            pid,
            postmaster: postmaster(city).await?,
            log,
        };
        served.ready().await?;
        Ok(served)
    }

    async fn ready(&mut self) -> Result<()> {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(2)).build()?;
        let until = Instant::now() + STARTING;
        while Instant::now() < until {
            if let Some(ended) = self.child.try_wait()? {
                bail!("the server ended with {ended}; see {}", self.log.display());
            }
            let asked = client.get(format!("{}/readyz", self.base)).send().await;
            if asked.is_ok_and(|reply| reply.status().is_success()) {
                return Ok(());
            }
            sleep(Duration::from_millis(100)).await;
        }
        bail!("the server was not ready in time; see {}", self.log.display())
    }

    /// Waits until server and database do nothing: two seconds in which they used no more than a fiftieth of a core.
    pub async fn settle(&self) {
        self.settle_within(SETTLING).await;
    }

    /// The same with another patience, for a city whose first figures take longer; false when it was not enough.
    pub async fn settle_within(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        while Instant::now() < until {
            let before = self.used().seconds();
            sleep(Duration::from_secs(2)).await;
            if self.used().seconds() - before <= 0.04 {
                return true;
            }
        }
        false
    }

    /// Processor time so far.
    pub fn used(&self) -> Used {
        Used {
            server: process::cpu_seconds(self.pid),
            database: self.postmaster.map(process::family_cpu_seconds),
        }
    }

    /// Memory that the server holds now, in bytes.
    ///
    /// # Errors
    /// When it is gone.
    pub fn memory(&self) -> Result<u64> {
        process::memory(self.pid, "VmRSS")
    }

    /// Asks the server to end, as an operator would.
    ///
    /// # Errors
    /// When it did not end by itself.
    pub async fn stop(mut self) -> Result<()> {
        Command::new("kill").arg(self.pid.to_string()).status().await?;
        if let Ok(ended) = timeout(ENDING, self.child.wait()).await {
            ended?;
            return Ok(());
        }
        self.child.kill().await?;
        bail!(
            "the server did not end when it was asked to; see {}",
            self.log.display()
        )
    }
}

/// A port that is free now.
fn free_address() -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.to_string())
}

/// The process whose children serve the connections to this database, if it runs on this machine.
async fn postmaster(city: &City) -> Result<Option<u32>> {
    if city.engine == Engine::Sqlite {
        return Ok(None);
    }
    let (client, connection) = tokio_postgres::connect(&city.url, tokio_postgres::NoTls).await?;
    let driving = tokio::spawn(connection);
    let row = client.query_one("select pg_backend_pid()", &[]).await?;
    let parent = u32::try_from(row.get::<_, i32>(0)).ok().and_then(process::parent);
    driving.abort();
    Ok(parent)
}
