//! A city of one size, loaded once by the binary's own command `demo` and kept for later runs.
//!
//! SQLite: a data folder. PostgreSQL: a database of its own on the cluster that `scripts/bench-city.sh` keeps, and a data
//! folder for the keys. A loading that was interrupted is begun anew.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use tokio_postgres::NoTls;

use super::curve::Curve;
use crate::Engine;
use crate::city::City;
use crate::process;
use crate::report::Report;

/// `3,000,000`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn data_folder(engine: Engine, people: u32, folder: &Path) -> PathBuf {
    folder.join(format!("{}-{people}", engine.name().to_lowercase()))
}

fn database(people: u32) -> String {
    format!("city_{people}")
}

/// The city, loaded if it is not there.
///
/// # Errors
/// When it cannot be loaded.
pub(super) async fn city(
    binary: &Path,
    (engine, people): (Engine, u32),
    (folder, server): (&Path, Option<&str>),
    (report, curve): (&mut Report, &mut Curve),
) -> Result<City> {
    let data = data_folder(engine, people, folder);
    for attempt in 0..2 {
        std::fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
        let url = match (engine, server) {
            (Engine::Sqlite, _) => format!("sqlite:{}", data.join("zhixin.db").display()),
            (Engine::Postgres, Some(server)) => created(server, &database(people)).await?,
            (Engine::Postgres, None) => bail!("no PostgreSQL server: scripts/bench-city.sh lends one"),
        };
        let begun = Instant::now();
        let city = City::of(engine, data.clone(), url);
        match load(binary, &city, people).await {
            Ok(loaded) => {
                if loaded {
                    let seconds = begun.elapsed().as_secs_f64();
                    let entries = f64::from(people) * 10.0;
                    let figure = format!("{seconds:.0} s, {:.0} entries/s", entries / seconds);
                    let what = format!("city of {} people loaded", grouped(people.into()));
                    report.figure(engine.name(), &what, &figure);
                    curve.note(engine.name(), "loading, s", people, seconds);
                }
                let bytes = size(&city).await?;
                curve.note(engine.name(), "database, MB", people, bytes as f64 / 1e6);
                return Ok(city);
            }
            Err(error) if attempt == 0 => {
                report.remark(&format!("the city is loaded anew: {error:#}"));
                remove(engine, people, folder, server).await?;
            }
            Err(error) => return Err(error),
        }
    }
    bail!("the city could not be loaded")
}

/// Runs `demo`, which shows its own progress; false when the city was there.
async fn load(binary: &Path, city: &City, people: u32) -> Result<bool> {
    let mut command = process::command(binary);
    command.args(["demo", "--json", "--people", &people.to_string()]);
    command.arg("--data").arg(&city.data).args(["--database", &city.url]);
    command.stdout(Stdio::piped()).stderr(Stdio::inherit());
    let child = command
        .spawn()
        .with_context(|| format!("cannot start {}; build it first", binary.display()))?;
    let ended = child.wait_with_output().await?;
    let said = String::from_utf8_lossy(&ended.stdout);
    anyhow::ensure!(
        ended.status.success(),
        "`zhixin demo` ended with {}: {said}",
        ended.status
    );
    let told: serde_json::Value = serde_json::from_str(said.trim()).context("`zhixin demo` printed no JSON")?;
    Ok(told["loaded"].as_bool().unwrap_or_default())
}

/// Bytes of the database.
async fn size(city: &City) -> Result<u64> {
    if let Some(path) = city.url.strip_prefix("sqlite:") {
        let of = |path: String| std::fs::metadata(path).map_or(0, |meta| meta.len());
        return Ok(of(path.to_owned()) + of(format!("{path}-wal")));
    }
    let (client, connection) = tokio_postgres::connect(&city.url, NoTls).await?;
    let driving = tokio::spawn(connection);
    let row = client
        .query_one("select pg_database_size(current_database())", &[])
        .await?;
    driving.abort();
    Ok(u64::try_from(row.get::<_, i64>(0))?)
}

/// The address of a database on the same server, made if it is not there.
async fn created(server: &str, name: &str) -> Result<String> {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await?;
    let driving = tokio::spawn(connection);
    let there = client
        .query_opt("select 1 from pg_database where datname = $1", &[&name])
        .await?;
    if there.is_none() {
        client
            .batch_execute(&format!("create database {name} template template0"))
            .await?;
    }
    driving.abort();
    sibling(server, name)
}

/// The same server, another database.
fn sibling(server: &str, name: &str) -> Result<String> {
    let (before, _) = server
        .rsplit_once('/')
        .context("the server's address names no database")?;
    Ok(format!("{before}/{name}"))
}

/// Removes a city.
///
/// # Errors
/// When it cannot be removed.
pub(super) async fn remove(engine: Engine, people: u32, folder: &Path, server: Option<&str>) -> Result<()> {
    if let (Engine::Postgres, Some(server)) = (engine, server) {
        let (client, connection) = tokio_postgres::connect(server, NoTls).await?;
        let driving = tokio::spawn(connection);
        let sql = format!("drop database if exists {} with (force)", database(people));
        client.batch_execute(&sql).await?;
        driving.abort();
    }
    let data = data_folder(engine, people, folder);
    match std::fs::remove_dir_all(&data) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", data.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped_by_three() {
        let grouped = super::grouped;
        assert_eq!((grouped(7).as_str(), grouped(100_000).as_str()), ("7", "100,000"));
        assert_eq!(grouped(3_000_000), "3,000,000");
    }

    #[test]
    fn a_sibling_stands_on_the_same_server() {
        let url = super::sibling("postgres://zhixin@127.0.0.1:5000/zhixin", "city_7").unwrap();
        assert_eq!(url, "postgres://zhixin@127.0.0.1:5000/city_7");
    }
}
