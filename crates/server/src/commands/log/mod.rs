//! `zhixin log …`: the public log of hours, from the outside.

mod audit;
mod mirror;

pub(super) use mirror::Mirror;

use std::{path::Path, process::ExitCode};

use clap::{Args, Subcommand};
use seal::{KeySet, PublicKey};

use crate::config::Config;

/// What the command takes.
#[derive(Debug, Args)]
pub struct LogArgs {
    #[command(subcommand)]
    command: LogCommand,
}

#[derive(Debug, Subcommand)]
enum LogCommand {
    /// 由每条流水重新计算整本账，与公开账本、检查点和余额核对；全部一致才返回 0
    Audit(audit::AuditArgs),
    /// 把公开账本镜像到本地目录，只取新增部分并核对一致性
    Mirror(mirror::MirrorArgs),
}

/// Runs the command.
///
/// # Errors
/// When it could not come to its end.
pub async fn run(args: LogArgs, config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    match args.command {
        LogCommand::Audit(args) => audit::run(args, config, as_json).await,
        LogCommand::Mirror(args) => mirror::run(&args, as_json),
    }
}

/// Reads public keys: PEM, or the published set.
fn keys(path: &Path) -> anyhow::Result<Vec<tlog::PublicKey>> {
    let text =
        std::fs::read_to_string(path).map_err(|error| anyhow::anyhow!("读不到公钥 {}（{error}）。", path.display()))?;
    let keys = if text.trim_start().starts_with('{') {
        KeySet::from_json(&text)
    } else {
        PublicKey::from_pem(&text).map(|key| KeySet::new(vec![key]))
    };
    let keys = keys.map_err(|error| anyhow::anyhow!("公钥 {} 无法识别（{error}）。", path.display()))?;
    Ok(oversight::credentials::log_keys(&keys))
}
