//! `zhixin log audit`: exit 0 all agrees, 1 something does not, 2 cannot tell.
//!
//! It reads one snapshot and writes nothing but its own state (`log-audit.json` in the data folder), from which `--resume`
//! goes on. Without `--against` it says that a rollback cannot be excluded: nothing inside a database can show that all of
//! it is old.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use db::Tx;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use learning::credits::log::audit::{Finding, Report, State, audit};
use learning::credits::log::{open_checkpoint, root_at, signatures};
use serde_json::json;

use crate::config::Config;

/// What the command takes.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// 留存在别处的检查点文件、检查点目录或镜像目录，用于发现恢复旧备份
    #[arg(long, value_name = "FILE|DIR")]
    against: Option<PathBuf>,
    /// 签署检查点的公钥（PEM 或 zhixin-keys.json）；不填用数据目录中的
    #[arg(long, value_name = "PUB")]
    key: Option<PathBuf>,
    /// 从上次中断的地方继续
    #[arg(long)]
    resume: bool,
}

/// How often the state is written.
const WRITE: Duration = Duration::from_secs(2);

/// Runs the command.
///
/// # Errors
/// None: what could not be told is exit code 2.
pub async fn run(args: AuditArgs, config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let begun = started();
    match examine(&args, config).await {
        Ok(found) => {
            let code = u8::from(!found.findings().is_empty());
            if as_json {
                println!("{}", found.json());
            } else {
                print!("{}", found.sentences(begun.elapsed()));
            }
            Ok(ExitCode::from(code))
        }
        Err(error) => {
            let sentence = format!("无法判断：{error:#}");
            if as_json {
                println!("{}", json!({ "verdict": "unknown", "sentence": sentence }));
            } else {
                println!("{sentence}");
            }
            Ok(ExitCode::from(2))
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the time a command took, never a time in the data"
)]
fn started() -> Instant {
    Instant::now()
}

/// What was found.
struct Found {
    report: Report,
    against: Vec<Finding>,
    /// Checkpoints from elsewhere that agree.
    witnesses: usize,
    asked: bool,
}

impl Found {
    fn findings(&self) -> Vec<&Finding> {
        self.report.findings.iter().chain(&self.against).collect()
    }

    fn rollback(&self) -> String {
        if self.asked {
            format!("与别处留存的 {} 个检查点核对过。", self.witnesses)
        } else {
            "没有与别处留存的检查点核对（--against），不能排除整个数据库被恢复到较早的备份。".to_owned()
        }
    }

    fn json(&self) -> serde_json::Value {
        let findings = self.findings();
        json!({
            "verdict": if findings.is_empty() { "agrees" } else { "differs" },
            "entries": self.report.entries,
            "log_size": self.report.head.size,
            "checkpoint_signed_by": signatures(&self.report.signed_by),
            "waiting": self.report.waiting,
            "findings": findings,
            "rollback_checked": self.asked,
            "note": self.rollback(),
        })
    }

    fn sentences(&self, took: Duration) -> String {
        let report = &self.report;
        let rate = report.entries as u128 * 1000 / took.as_millis().max(1);
        let mut out = format!(
            "流水 {} 条，账本 {} 条，等待排队 {} 条；用时 {:.1} 秒（每秒 {rate} 条）。\n",
            report.entries,
            report.head.size,
            report.waiting,
            took.as_secs_f64(),
        );
        let findings = self.findings();
        if findings.is_empty() {
            out += "全部一致：每条流水、公开账本、检查点签名和余额都对得上。\n";
            if !report.signed_by.is_empty() {
                out += &format!("检查点由 {} 签署。\n", signatures(&report.signed_by));
            }
        } else {
            out += &format!("不一致，最先发现的 {} 处：\n", findings.len());
            for finding in findings {
                out += &format!("  · {}\n", finding.sentence);
            }
        }
        out + &self.rollback() + "\n"
    }
}

async fn examine(args: &AuditArgs, config: &Config) -> anyhow::Result<Found> {
    if let Some(path) = config.database_url.strip_prefix("sqlite:")
        && !Path::new(path).exists()
    {
        bail!("没有数据库文件 {path}。请用 --data 指定数据目录，或用 --database 指定数据库。");
    }
    let key = args
        .key
        .clone()
        .unwrap_or_else(|| config.data.join("keys").join("keys.json"));
    let keys = super::keys(&key)?;
    let outside = match &args.against {
        Some(path) => checkpoints(path)?,
        None => Vec::new(),
    };
    let db = db::Db::open(&config.database_url).await?;
    let mut tx = db.snapshot().await?;
    let file = config.data.join("log-audit.json");
    let mut state = if args.resume {
        read_state(&file)?
    } else {
        State::begin()?
    };
    let bar = bar();
    let mut written = started();
    let report = audit(&mut tx, &keys, &mut state, |state, size| {
        bar.set_length(size * 2);
        bar.set_position(state.leaves + state.rows);
        if written.elapsed() >= WRITE {
            written = started();
            let text = serde_json::to_string(state).map_err(kernel::Error::broken)?;
            fs::write(&file, text).map_err(kernel::Error::broken)?;
        }
        Ok(())
    })
    .await?;
    bar.finish_and_clear();
    let mut found = Found {
        report,
        against: Vec::new(),
        witnesses: 0,
        asked: args.against.is_some(),
    };
    for (name, note) in outside {
        match compare(&mut tx, &name, &note, &keys).await? {
            Some(finding) => found.against.push(finding),
            None => found.witnesses += 1,
        }
    }
    // Absent when the audit was short.
    let _ = fs::remove_file(&file);
    Ok(found)
}

fn read_state(file: &Path) -> anyhow::Result<State> {
    let text = fs::read_to_string(file).with_context(|| format!("没有可以继续的审计（{}）", file.display()))?;
    serde_json::from_str(&text).context("上次审计的进度文件不完整，请去掉 --resume 重新审计")
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(4));
    if let Ok(style) = ProgressStyle::with_template("审计 {bar:40} {percent}% 约剩 {eta}") {
        bar.set_style(style);
    }
    bar
}

/// The checkpoints in a file or a folder: `checkpoint`, `checkpoint.N`.
fn checkpoints(path: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == "checkpoint" || name.starts_with("checkpoint.") {
                files.push(entry.path());
            }
        }
        if files.is_empty() {
            bail!("目录 {} 中没有检查点（checkpoint 或 checkpoint.N）。", path.display());
        }
    } else {
        files.push(path.to_owned());
    }
    files.sort();
    let read = |file: PathBuf| -> anyhow::Result<(String, String)> {
        let text = fs::read_to_string(&file).with_context(|| format!("读不到检查点 {}", file.display()))?;
        Ok((file.display().to_string(), text))
    };
    files.into_iter().map(read).collect()
}

/// Whether the present log begins with what a checkpoint from elsewhere says.
async fn compare(tx: &mut Tx, name: &str, note: &str, keys: &[tlog::PublicKey]) -> anyhow::Result<Option<Finding>> {
    let told = |code, sentence: String| {
        Some(Finding {
            code,
            entry: None,
            index: None,
            sentence,
        })
    };
    let outside = match open_checkpoint(note, keys) {
        Ok(outside) => outside.checkpoint,
        Err(why) => {
            return Ok(told(
                "against.untrusted",
                format!("留存的检查点 {name} 不可信：{why}。"),
            ));
        }
    };
    let finding = match root_at(tx, outside.size).await {
        Ok(None) => told(
            "rollback",
            format!(
                "留存的检查点 {name} 证明账本曾有 {} 条记录，现在更少：数据库被恢复到较早的备份，其后的学时已丢失。",
                outside.size
            ),
        ),
        Ok(Some(root)) if root == outside.root => None,
        Ok(Some(_)) => told(
            "fork",
            format!(
                "现在的账本与留存的检查点 {name}（{} 条）不是同一段历史：账本被改写过。",
                outside.size
            ),
        ),
        Err(error) => told("tile", format!("无法由账本重新计算检查点 {name} 的树根：{error}。")),
    };
    Ok(finding)
}
