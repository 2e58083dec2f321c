//! `zhixin migrate`: makes or upgrades the database and loads the reference data.

use std::process::ExitCode;

use crate::config::Config;

/// Runs the command.
///
/// # Errors
/// When the database cannot be opened or a migration fails; it is then as it was before.
pub async fn run(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&config.data)?;
    let applied = db::Db::open(&config.database_url).await?.migrate().await?;
    super::app(config).await?;
    if json {
        println!("{}", serde_json::json!({ "applied": applied }));
    } else {
        println!("数据库已是最新（本次执行 {applied} 个升级步骤）。");
    }
    Ok(ExitCode::SUCCESS)
}
