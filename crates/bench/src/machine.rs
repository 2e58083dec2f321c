//! What the figures were measured on, as the machine itself states it.

use std::fs;

/// The head of the report; `data` says what is measured over, `quick` that it measures nothing.
pub async fn describe(postgres: Option<&str>, data: &str, quick: bool) -> Vec<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = line_of("/proc/meminfo", "MemTotal:").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split_whitespace().take(3).collect();
    let mut head = vec![
        format!("measured at {} (UTC+8)", kernel::Clock::System.now()),
        format!(
            "processor   {}, {cores} cores",
            line_of("/proc/cpuinfo", "model name").unwrap_or_default()
        ),
        format!("memory      {memory}"),
        format!("system      Linux {}", kernel.trim()),
        format!("load before {}", load.join(" ")),
        format!("SQLite      {}, WAL, synchronous=FULL", rusqlite::version()),
    ];
    if let Some(url) = postgres {
        let server = server(url)
            .await
            .unwrap_or_else(|error| format!("does not answer: {error}"));
        head.push(format!("PostgreSQL  {server}"));
    }
    head.push(format!("data        {data}"));
    if cfg!(debug_assertions) {
        head.push("this program was built in a development profile: its figures measure nothing".to_owned());
    }
    if quick {
        head.push("--quick: small data and short loads; the figures measure nothing".to_owned());
    }
    head
}

fn line_of(path: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let rest = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(rest.trim_start_matches([' ', '\t', ':']).to_owned())
}

/// Version and durability of the server.
async fn server(url: &str) -> Result<String, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let driving = tokio::spawn(connection);
    let mut said = Vec::new();
    for setting in ["server_version", "fsync", "synchronous_commit", "shared_buffers"] {
        let row = client.query_one(&format!("show {setting}"), &[]).await?;
        said.push(format!("{setting}={}", row.get::<_, String>(0)));
    }
    driving.abort();
    Ok(said.join(", "))
}
