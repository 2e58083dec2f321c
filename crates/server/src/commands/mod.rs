//! The command line. Every command takes `--data DIR` and `--database URL`; one file per command.

pub mod account;
mod demo;
mod doctor;
mod export;
mod import;
mod log;
mod migrate;
mod serve;
mod verify;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::{Args, Parser, Subcommand};
use kernel::{Actor, Clock};
use registry::{Ctx, Installation};
use web::App;

use crate::config::{self, Config, Flags};

/// 知新：上海市专业技术人才知识更新工程平台.
#[derive(Debug, Parser)]
#[command(name = "zhixin", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// 数据目录（内置数据库为其中的 zhixin.db）
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// 数据库：sqlite:路径 或 postgres://…
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// 配置文件
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 以 JSON 输出结果，供程序读取
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 启动服务
    Serve {
        /// 监听地址，例如 127.0.0.1:8080
        #[arg(long, value_name = "ADDR")]
        listen: Option<String>,
    },
    /// 建立或升级数据库
    Migrate,
    /// 离线核验证书或证明
    Verify(verify::VerifyArgs),
    /// 装载演示城市（只用于空数据库）
    Demo(demo::DemoArgs),
    /// 导入
    Import(import::ImportArgs),
    /// 导出名册、班次或学时流水
    Export(export::ExportArgs),
    /// 检查安装是否正常，逐项说明，不作改动
    Doctor,
    /// 学时公开账本：审计、镜像
    Log(log::LogArgs),
    /// 账号与接口令牌
    Account(account::AccountArgs),
}

/// Parses the command line and runs it; what failed is told in one sentence.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Command::Serve { .. }) {
        crate::memory::settle();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("无法启动：{error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// The sentence for the user: ours if a use case refused, the error's own otherwise.
fn told(error: &anyhow::Error) -> String {
    match error.downcast_ref::<kernel::Error>() {
        Some(kernel::Error::Refused { sentence, .. }) | Some(kernel::Error::Forbidden(sentence)) => sentence.clone(),
        Some(kernel::Error::Wrong(fields)) => fields
            .iter()
            .map(|field| field.sentence.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        Some(kernel::Error::NotFound) => "没有找到。".into(),
        Some(kernel::Error::Stale) => "数据刚刚被他人修改，请重试。".into(),
        Some(kernel::Error::Broken(what)) => format!("出现问题：{what}"),
        None => format!("{error:#}"),
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { common, command } = cli;
    let listen = if let Command::Serve { listen } = &command {
        listen.clone()
    } else {
        None
    };
    let flags = Flags {
        data: common.data.clone(),
        database: common.database.clone(),
        listen,
        config: common.config.clone(),
    };
    let config = config::load(&flags)?;
    match command {
        Command::Serve { .. } => serve::run(&config).await,
        Command::Migrate => migrate::run(&config, common.json).await,
        Command::Demo(args) => demo::run(args, &config, common.json).await,
        Command::Verify(args) => verify::run(args, &config, common.json).await,
        Command::Log(args) => log::run(args, &config, common.json).await,
        Command::Import(args) => {
            let ctx = context(&config, "import").await?;
            import::run(args, &ctx, common.json).await
        }
        Command::Doctor => doctor::run(&config, common.json).await,
        Command::Export(args) => {
            let ctx = context(&config, "export").await?;
            export::run(args, &ctx, common.json).await
        }
        Command::Account(args) => {
            let ctx = context(&config, "account").await?;
            account::run(args, &ctx, &config, common.json).await
        }
    }
}

/// Opens and migrates the database, loads the reference data, reads the installation.
///
/// # Errors
/// When the folder cannot be made or the database not be opened.
pub async fn open(config: &Config) -> anyhow::Result<(db::Db, Installation)> {
    std::fs::create_dir_all(&config.data)
        .map_err(|error| anyhow::anyhow!("无法建立数据目录 {}：{error}", config.data.display()))?;
    let db = db::Db::open(&config.database_url).await?;
    db.migrate().await?;
    let mut tx = db.read().await?;
    let demo = tx
        .first::<String>("select value from meta where key = 'demo'", &[])
        .await?
        .is_some();
    drop(tx);
    let installation = Installation {
        demo,
        public_url: config.public_url.clone(),
        data: config.data.clone(),
    };
    Ok((db, installation))
}

/// The wired application.
///
/// # Errors
/// As [`open`], and when the signing key cannot be read or made.
pub async fn app(config: &Config) -> anyhow::Result<App> {
    let (db, installation) = open(config).await?;
    let press = Arc::new(oversight::credentials::Press::open(&config.data)?);
    let app = App::new(db, Clock::System, installation, press, config.development).await?;
    let app = app.allowing(config.allowances()?).sending_by(config.courier()?);
    registry::taxonomy::load_reference(&app.ctx(Actor::system("reference"))).await?;
    learning::credits::editions::ship(&app.ctx(Actor::system("editions"))).await?;
    oversight::calls::ship(&app.ctx(Actor::system("calls"))).await?;
    app.refresh_calendar().await?;
    Ok(app)
}

/// The system's context for a command.
///
/// # Errors
/// As [`app`].
pub async fn context(config: &Config, label: &str) -> anyhow::Result<Ctx> {
    Ok(app(config).await?.ctx(Actor::system(label)))
}
