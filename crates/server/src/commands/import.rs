//! `zhixin import people FILE [--dry-run] [--org CODE] [--errors FILE]`: a roster from the command line of the machine.
//!
//! Reads, compares and writes by the same use cases as the page, as the system's own actor. All or nothing: a file with a
//! faulty row writes nothing and the command ends with 1. With `--dry-run` nothing is ever written but the record of the
//! attempt. Without `--org` each row names its employer.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Error, id::OrgId};
use registry::{
    Ctx, orgs,
    people::roster::{self, Import, Watcher},
};
use serde_json::json;

/// Arguments of `zhixin import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 导入人员名册（.xlsx 或 .csv）；有一行出错则整份不导入
    People(People),
}

#[derive(Debug, Args)]
struct People {
    /// 名册文件
    file: PathBuf,
    /// 只检查，不导入
    #[arg(long)]
    dry_run: bool,
    /// 全部人员所在单位的统一社会信用代码；不填则由名册中的一列指明
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    /// 有错误时，把错误清单（.xlsx）写到这个文件
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// When the file cannot be read, the employer is unknown, or storage fails.
pub async fn run(args: ImportArgs, ctx: &Ctx, json: bool) -> anyhow::Result<ExitCode> {
    let What::People(args) = args.what;
    people(&args, ctx, json).await
}

async fn people(args: &People, ctx: &Ctx, json: bool) -> anyhow::Result<ExitCode> {
    let org = employer(ctx, args.org.as_deref()).await?;
    let name = args
        .file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    if !args.file.is_file() {
        anyhow::bail!("没有找到文件 {}，请核对路径。", args.file.display());
    }
    let id = roster::begin(ctx, org, &name, &args.file).await?;
    let bar = bar("检查");
    let moving = |done, total| move_bar(&bar, done, total);
    roster::check(ctx, id, Watcher::Bar(&moving)).await?;
    bar.finish_and_clear();
    let (import, _) = roster::view(ctx, id).await?;
    let right = import.counts.faulty == 0;
    if let (Some(path), Some(_)) = (&args.errors, import.error_file) {
        std::fs::write(path, roster::error_book(ctx, id).await?.bytes)?;
    }
    let write = right && !args.dry_run && import.counts.total > 0;
    if write {
        roster::confirm_here(ctx, id).await?;
        let bar = self::bar("导入");
        let moving = |done, total| move_bar(&bar, done, total);
        roster::commit(ctx, id, Watcher::Bar(&moving)).await?;
        bar.finish_and_clear();
    } else {
        roster::cancel(ctx, id).await?;
    }
    tell(&import, write, json);
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn employer(ctx: &Ctx, code: Option<&str>) -> anyhow::Result<Option<OrgId>> {
    let Some(code) = code else { return Ok(None) };
    let code = rules::orgs::read_code("org", code, ctx.installation.demo).map_err(|error| Error::Wrong(vec![error]))?;
    let mut tx = ctx.db.read().await?;
    let org = orgs::find_by_code(&mut tx, &code).await?;
    let unknown = || Error::refused("org.unknown", "机构名册中没有这个统一社会信用代码，请先登记该机构。");
    Ok(Some(org.ok_or_else(unknown)?.id))
}

/// A bar on the terminal; silent where the output is not one.
fn bar(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} [{bar:40}] {pos}/{len} 行 {elapsed}");
    let bar = ProgressBar::new(0).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn move_bar(bar: &ProgressBar, done: u64, total: u64) {
    bar.set_length(total);
    bar.set_position(done);
}

fn tell(import: &Import, written: bool, json: bool) {
    let counts = &import.counts;
    if json {
        let out = json!({
            "import": import.id, "written": written, "rows": counts.total, "new": counts.new,
            "changed": counts.changed, "same": counts.same, "moved": counts.moved, "faulty": counts.faulty,
            "errors": import.samples,
        });
        println!("{out}");
        return;
    }
    println!(
        "共 {} 行：新增 {}，变更 {}，调入 {}，没有变化 {}，有错误 {}。",
        counts.total, counts.new, counts.changed, counts.moved, counts.same, counts.faulty
    );
    for sample in &import.samples {
        println!("{}。", sample.sentence);
    }
    let rest = counts.faulty - i64::try_from(import.samples.len()).unwrap_or(0);
    if rest > 0 {
        println!("……其余错误见错误清单（--errors FILE）。");
    }
    let last = match (written, counts.faulty > 0, counts.total) {
        (true, ..) => "已导入。",
        (false, true, _) => "有错误，没有导入任何一行。",
        (false, false, 0) => "文件中没有可导入的人员。",
        (false, false, _) => "检查通过，没有写入（--dry-run）。",
    };
    println!("{last}");
}
