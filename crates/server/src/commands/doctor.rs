//! `zhixin doctor`: looks an installation over and says, point by point, what is right, what wants attention and what is
//! wrong, each with what to do. Changes nothing: it neither makes nor upgrades a database.
//!
//! Ends with 0 when nothing is wrong (points that want attention do not count), with 1 otherwise.
//! Deliberately absent: repairing, and what only a look at the running server tells (`/readyz`, `/metrics`).

use std::process::ExitCode;

use chrono::{Datelike as _, Days};
use db::Db;
use db::jobs::{self, JobState};
use kernel::Clock;
use serde_json::json;

use crate::config::Config;

kernel::codes! {
    /// How a point stands.
    pub enum Standing {
        /// As it should be.
        Right = "right" "正常",
        /// Not wrong, but somebody should know.
        Attention = "attention" "注意",
        /// Wrong: do something.
        Wrong = "wrong" "有误",
    }
}

/// One point that was looked at.
struct Point {
    what: &'static str,
    standing: Standing,
    sentence: String,
}

#[derive(Default)]
struct Findings(Vec<Point>);

impl Findings {
    fn note(&mut self, what: &'static str, standing: Standing, sentence: impl Into<String>) {
        self.0.push(Point {
            what,
            standing,
            sentence: sentence.into(),
        });
    }

    fn is_wrong(&self) -> bool {
        self.0.iter().any(|point| point.standing == Standing::Wrong)
    }
}

/// Runs the command.
///
/// # Errors
/// When the output cannot be written; what is wrong with the installation is a finding, not an error.
pub async fn run(config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let mut found = Findings::default();
    folder(config, &mut found);
    address(config, &mut found);
    keys(config, &mut found);
    if let Some(db) = database(config, &mut found).await
        && let Err(error) = contents(&db, &mut found).await
    {
        let sentence = format!("没有读完：{error}。请先运行 zhixin migrate 再试。");
        found.note("数据库内容", Standing::Wrong, sentence);
    }
    let wrong = found.is_wrong();
    if as_json {
        let points = found
            .0
            .iter()
            .map(|point| json!({ "what": point.what, "standing": point.standing, "sentence": point.sentence }));
        println!("{}", json!({ "right": !wrong, "points": points.collect::<Vec<_>>() }));
    } else {
        for point in &found.0 {
            println!("[{}] {}：{}", point.standing.name(), point.what, point.sentence);
        }
        println!(
            "{}",
            if wrong {
                "有需要处理的问题。"
            } else {
                "没有发现问题。"
            }
        );
    }
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn folder(config: &Config, found: &mut Findings) {
    let shown = config.data.display();
    if !config.data.is_dir() {
        found.note(
            "数据目录",
            Standing::Wrong,
            format!("{shown} 不存在。请核对 --data，或先运行 zhixin migrate。"),
        );
        return;
    }
    match tempfile::tempfile_in(&config.data) {
        Ok(_) => found.note("数据目录", Standing::Right, format!("{shown} 可以写入。")),
        Err(error) => found.note(
            "数据目录",
            Standing::Wrong,
            format!("{shown} 不能写入：{error}。请检查目录权限。"),
        ),
    }
}

fn address(config: &Config, found: &mut Findings) {
    let url = &config.public_url;
    if url.starts_with("https://") {
        found.note("公开地址", Standing::Right, format!("{url}。"));
    } else {
        let sentence = format!("{url} 不是 https，只适合在本机试用；对外服务请设 ZHIXIN_PUBLIC_URL。");
        found.note("公开地址", Standing::Attention, sentence);
    }
}

fn keys(config: &Config, found: &mut Findings) {
    let file = config.data.join("keys").join("signing.pem");
    if !file.exists() {
        found.note("签名密钥", Standing::Attention, "还没有，首次启动时生成。");
        return;
    }
    match seal::Ed25519Key::load(&file) {
        Err(error) => {
            let sentence = format!("{} 读不出来：{error}。请从备份恢复，否则无法签发。", file.display());
            found.note("签名密钥", Standing::Wrong, sentence);
        }
        Ok(key) if others_may_read(&file) => {
            let sentence = format!("{} 可被他人读取，请执行 chmod 600。", file.display());
            found.note(
                "签名密钥",
                Standing::Wrong,
                format!("编号 {}；{sentence}", seal::Signer::key_id(&key)),
            );
        }
        Ok(key) => found.note(
            "签名密钥",
            Standing::Right,
            format!("编号 {}。", seal::Signer::key_id(&key)),
        ),
    }
}

#[cfg(unix)]
fn others_may_read(file: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &std::path::Path) -> bool {
    false
}

/// Opens the database without making one; none when there is nothing to look at.
async fn database(config: &Config, found: &mut Findings) -> Option<Db> {
    if let Some(path) = config.database_url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if !std::path::Path::new(path).exists() {
            found.note(
                "数据库",
                Standing::Wrong,
                format!("没有 {path}。请核对 --data，或先运行 zhixin migrate。"),
            );
            return None;
        }
    }
    let opened = async {
        let db = Db::open(&config.database_url).await?;
        let (faults, missing) = (db.faults().await?, db.missing_migrations().await?);
        Ok::<_, kernel::Error>((db, faults, missing))
    };
    match opened.await {
        Err(error) => {
            found.note("数据库", Standing::Wrong, super::told(&anyhow::Error::from(error)));
            None
        }
        Ok((db, faults, _)) if !faults.is_empty() => {
            let sentence = format!("文件已损坏：{}。请停止服务，从备份恢复。", faults.join("；"));
            found.note("数据库", Standing::Wrong, sentence);
            Some(db)
        }
        Ok((_, _, missing)) if missing > 0 => {
            let sentence = format!("结构差 {missing} 个升级步骤。请运行 zhixin migrate。");
            found.note("数据库", Standing::Wrong, sentence);
            None
        }
        Ok((db, ..)) => {
            found.note("数据库", Standing::Right, "可以打开，结构是最新的，文件完好。");
            Some(db)
        }
    }
}

async fn contents(db: &Db, found: &mut Findings) -> kernel::Result<()> {
    let clock = Clock::System;
    let mut tx = db.read().await?;
    let calendar = registry::taxonomy::calendar::load(&mut tx).await?;
    let soon = clock.today().checked_add_days(Days::new(60)).unwrap_or(clock.today());
    for year in [clock.today().year(), soon.year()] {
        if calendar.years().all(|known| known != year) {
            let sentence = format!("{year} 年放假安排未导入，计到这一年的期限只能显示为“不早于”。请在工作日历页导入。");
            found.note("工作日历", Standing::Attention, sentence);
            break;
        }
    }
    let wrong = learning::credits::prove_balances(&mut tx, 5).await?;
    if wrong.is_empty() {
        found.note("学时台账", Standing::Right, "每个余额都等于流水之和。");
    } else {
        let people: Vec<String> = wrong
            .iter()
            .map(|one| format!("{} {} 年", one.person, one.year))
            .collect();
        let sentence = format!(
            "余额与流水不符（最多列 5 个）：{}。请停止服务并联系维护人员。",
            people.join("；")
        );
        found.note("学时台账", Standing::Wrong, sentence);
    }
    let counts = jobs::counts(&mut tx).await?;
    let dead = counts
        .iter()
        .find(|(state, _)| *state == JobState::Dead)
        .map_or(0, |(_, count)| *count);
    match dead {
        0 => found.note("后台任务", Standing::Right, "没有失败的任务。"),
        dead => found.note(
            "后台任务",
            Standing::Attention,
            format!("{dead} 个任务失败。请以系统运维人员登录，在“后台任务”查看原因后重试。"),
        ),
    }
    Ok(())
}
