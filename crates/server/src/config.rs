//! Configuration: a file, then `ZHIXIN_…` variables, then flags; the later wins. A wrong value is refused at start with
//! the sentence that says what to write.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use courier::{Courier, Policy};
use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use rules::identity::Allowances;
use serde::{Deserialize, Serialize};

/// What an installation may set. Every field has a `ZHIXIN_…` variable of its name in capitals.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The data folder: the embedded database, keys, outgoing messages.
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`; empty: the file `zhixin.db` in the data folder.
    pub database_url: String,
    /// Address and port to listen on.
    pub listen: String,
    /// The address printed in QR codes and feeds; empty: `http://` and the listening address.
    pub public_url: String,
    /// Log filter: `info`, `warn`, `zhixin=debug`.
    pub log: String,
    /// Log lines as JSON (for collection) instead of text.
    pub log_json: bool,
    /// A proxy in front sets X-Forwarded-For; only then is it believed.
    pub trusted_proxy: bool,
    /// Requests of visitors that post (sign-in, registration, verification) per minute and address.
    pub visitor_posts_per_minute: u32,
    /// Calls of a system per minute, account and use of the token.
    pub api_calls_per_minute: u32,
    /// Uses with another figure: `title_checks=18000,statements=6000`.
    pub api_allowances: String,
    /// Private networks in which webhooks may be received: `10.20.0.0/16`; empty: none.
    pub webhook_networks: String,
    /// A PEM file of authorities besides the public ones that receivers of webhooks may be certified by; empty: none.
    pub webhook_authorities: String,
    /// Webhooks may be received on this machine, over plain HTTP too: for development and tests.
    pub webhook_allow_loopback: bool,
    /// Days after which a receiver of webhooks that takes nothing is switched off.
    pub webhook_patience_days: u32,
    /// A folder, best on another machine's disk, that gets a copy of each checkpoint of the public log; empty: none.
    pub witness_dir: String,
    /// Serves `/styleguide`.
    pub development: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            database_url: String::new(),
            listen: "127.0.0.1:8080".into(),
            public_url: String::new(),
            log: "info".into(),
            log_json: true,
            trusted_proxy: false,
            visitor_posts_per_minute: 60,
            api_calls_per_minute: 600,
            api_allowances: "title_checks=18000".into(),
            webhook_networks: String::new(),
            webhook_authorities: String::new(),
            webhook_allow_loopback: false,
            webhook_patience_days: 5,
            witness_dir: String::new(),
            development: cfg!(debug_assertions),
        }
    }
}

/// What the command line sets.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--data DIR`.
    pub data: Option<PathBuf>,
    /// `--database URL`.
    pub database: Option<String>,
    /// `--listen ADDR`.
    pub listen: Option<String>,
    /// `--config FILE`.
    pub config: Option<PathBuf>,
}

/// Reads and checks the configuration.
///
/// # Errors
/// The first wrong value, with what to write instead.
pub fn load(flags: &Flags) -> Result<Config> {
    let file = flags.config.clone().unwrap_or_else(|| PathBuf::from("zhixin.toml"));
    if flags.config.is_some() && !file.exists() {
        bail!("配置文件 {} 不存在。请写已有的文件，或去掉 --config。", file.display());
    }
    let figment = Figment::from(Serialized::defaults(Config::default())).merge(Toml::file(&file));
    let figment = figment
        .merge(Env::prefixed("ZHIXIN_").filter(|key| !ELSEWHERE.contains(&key.as_str().to_ascii_uppercase().as_str())));
    let mut config: Config = figment
        .extract()
        .map_err(|error| anyhow::anyhow!("配置有误：{error}。可用的配置项见 README 的配置表。"))?;
    if let Some(data) = &flags.data {
        config.data.clone_from(data);
    }
    if let Some(database) = &flags.database {
        config.database_url.clone_from(database);
    }
    if let Some(listen) = &flags.listen {
        config.listen.clone_from(listen);
    }
    check(config)
}

/// Variables of tests and builds, which are not configuration.
const ELSEWHERE: &[&str] = &["TEST_PG", "TEST_BLESS", "FONTS"];

fn check(mut config: Config) -> Result<Config> {
    if config.database_url.is_empty() {
        config.database_url = format!("sqlite:{}", config.data.join("zhixin.db").display());
    }
    let known = ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| config.database_url.starts_with(scheme));
    if !known {
        bail!("ZHIXIN_DATABASE_URL 应写成 sqlite:文件路径，或 postgres://用户@主机/库名。");
    }
    let address: SocketAddr = config.listen.parse().with_context(|| {
        format!(
            "ZHIXIN_LISTEN 应写成 地址:端口，例如 127.0.0.1:8080 或 0.0.0.0:80，现在是“{}”。",
            config.listen
        )
    })?;
    if config.public_url.is_empty() {
        config.public_url = format!("http://{address}");
    }
    let url = url::Url::parse(&config.public_url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    if url.is_none_or(|url| url.query().is_some() || url.fragment().is_some()) {
        bail!(
            "ZHIXIN_PUBLIC_URL 应写成公众访问的网址，例如 https://zhixin.example.cn，现在是“{}”。",
            config.public_url
        );
    }
    config
        .public_url
        .truncate(config.public_url.trim_end_matches('/').len());
    if config.visitor_posts_per_minute == 0 {
        bail!("ZHIXIN_VISITOR_POSTS_PER_MINUTE 应大于 0。");
    }
    config.allowances()?;
    config.courier()?;
    Ok(config)
}

impl Config {
    /// How often systems may call.
    ///
    /// # Errors
    /// What to write instead.
    pub fn allowances(&self) -> Result<Allowances> {
        Allowances::parse(self.api_calls_per_minute, &self.api_allowances)
            .map_err(|why| anyhow::anyhow!("ZHIXIN_API_CALLS_PER_MINUTE、ZHIXIN_API_ALLOWANCES 有误：{why}"))
    }

    /// What sends webhooks.
    ///
    /// # Errors
    /// What to write instead.
    pub fn courier(&self) -> Result<Courier> {
        let policy = Policy::default().with_networks(&self.webhook_networks);
        let mut policy = policy.map_err(|why| anyhow::anyhow!("ZHIXIN_WEBHOOK_NETWORKS 有误：{why}。"))?;
        if self.webhook_allow_loopback {
            policy = policy.with_loopback();
        }
        let file = &self.webhook_authorities;
        let authorities = match file.is_empty() {
            true => Vec::new(),
            false => std::fs::read(file).with_context(|| format!("读不到 ZHIXIN_WEBHOOK_AUTHORITIES 指定的 {file}"))?,
        };
        Courier::new(policy, &authorities)
            .map_err(|why| anyhow::anyhow!("ZHIXIN_WEBHOOK_AUTHORITIES 指定的 {file} {why}。"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Config)) -> Result<Config> {
        let mut config = Config::default();
        change(&mut config);
        check(config)
    }

    #[test]
    fn wrong_values_are_refused_with_what_to_write() {
        let said = |change: fn(&mut Config)| with(change).expect_err("refused").to_string();
        assert!(said(|config| config.listen = "8080".into()).contains("地址:端口"));
        assert!(said(|config| config.public_url = "zhixin".into()).contains("https://"));
        assert!(said(|config| config.database_url = "mysql://x".into()).contains("postgres://"));
        assert!(said(|config| config.api_allowances = "titles=1".into()).contains("title_checks"));
        assert!(said(|config| config.webhook_networks = "0.0.0.0/0".into()).contains("10.20.0.0/16"));
        assert!(said(|config| config.webhook_authorities = "/nowhere.pem".into()).contains("/nowhere.pem"));
        assert!(said(|config| config.api_calls_per_minute = 0).contains("ZHIXIN_API_CALLS_PER_MINUTE"));
    }

    #[test]
    fn an_empty_configuration_serves_the_local_machine() {
        let config = with(|_| {}).expect("defaults are right");
        assert_eq!(config.database_url, "sqlite:data/zhixin.db");
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert_eq!(config.allowances().expect("right"), Allowances::default());
        let config = with(|config| config.public_url = "https://zhixin.example.cn/".into()).expect("right");
        assert_eq!(config.public_url, "https://zhixin.example.cn");
    }
}
