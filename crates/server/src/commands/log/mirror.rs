//! `zhixin log mirror URL DIR`: a copy of the public log as plain files, in the layout of c2sp.org/tlog-tiles.
//!
//! ```text
//! checkpoint ─ signature ─► entries that are missing ─► every tile computed here ─► root = checkpoint's ─► kept
//! ```
//! What was mirrored before is computed in again, so a log that rewrote its past leads to another root and is refused; the
//! mirror stays as it was. Files are fetched with `curl`, many at a time, so the program needs no TLS of its own.
//! Keys: `--key`, else those of the first visit, kept in `DIR/keys.json`.
//! Deliberately absent: following for ever; a timer runs the command again.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use learning::credits::log::open_checkpoint;
use serde_json::json;
use tlog::{Checkpoint, Hash, TilePath, WIDTH, append, entries_path, leaf_hash, read_bundle, root};

/// What the command takes.
#[derive(Debug, Args)]
pub struct MirrorArgs {
    /// 平台地址，例如 https://zhixin.example.cn
    #[arg(value_name = "URL")]
    url: String,
    /// 镜像目录
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// 签署检查点的公钥；不填用第一次镜像时取得的
    #[arg(long, value_name = "PUB")]
    key: Option<PathBuf>,
}

/// Runs the command: exit 0 the mirror is up to date, 1 the log contradicts itself or the mirror, 2 it could not be fetched.
///
/// # Errors
/// None: what failed is told and is an exit code.
pub fn run(args: &MirrorArgs, as_json: bool) -> Result<ExitCode> {
    let (code, verdict, sentence) = match mirror(args) {
        Ok(Outcome::Mirrored(before, size)) => (
            0,
            "mirrored",
            format!(
                "镜像完成：账本 {size} 条记录，新增 {} 条，与此前的镜像一致。",
                size - before
            ),
        ),
        Ok(Outcome::Contradicts(why)) => (
            1,
            "contradicts",
            format!("账本自相矛盾：{why}。镜像保持原样，请保留它作为证据。"),
        ),
        Err(error) => (2, "unknown", format!("无法镜像：{error:#}")),
    };
    if as_json {
        println!("{}", json!({ "verdict": verdict, "sentence": sentence }));
    } else {
        println!("{sentence}");
    }
    Ok(ExitCode::from(code))
}

enum Outcome {
    /// How many records there were, and are.
    Mirrored(u64, u64),
    Contradicts(String),
}

fn mirror(args: &MirrorArgs) -> Result<Outcome> {
    let base = args.url.trim_end_matches('/').trim_end_matches("/log").to_owned();
    let folder = &args.folder;
    fs::create_dir_all(folder)?;
    let key_file = folder.join("keys.json");
    if args.key.is_none() && !key_file.exists() {
        fetch(&[(format!("{base}/.well-known/zhixin-keys.json"), key_file.clone())])?;
    }
    let keys = super::keys(args.key.as_deref().unwrap_or(&key_file))?;
    let fresh = folder.join(".checkpoint");
    fetch(&[(format!("{base}/log/checkpoint"), fresh.clone())])?;
    let note = fs::read_to_string(&fresh)?;
    let head = match open_checkpoint(&note, &keys) {
        Ok(head) => head.checkpoint,
        Err(why) => return Ok(Outcome::Contradicts(why)),
    };
    let before = match fs::read_to_string(folder.join("checkpoint")) {
        Ok(note) => {
            open_checkpoint(&note, &keys)
                .map_err(|why| anyhow::anyhow!("镜像中的{why}"))?
                .checkpoint
                .size
        }
        Err(_) => 0,
    };
    if head.size < before {
        return Ok(Outcome::Contradicts(format!(
            "此前有 {before} 条记录，现在只有 {} 条",
            head.size
        )));
    }
    let missing: Vec<TilePath> = bundles(head.size)
        .filter(|path| !folder.join(path.to_string()).exists())
        .collect();
    for some in missing.chunks(200) {
        let pairs = some
            .iter()
            .map(|path| (format!("{base}/log/{path}"), folder.join(path.to_string())));
        fetch(&pairs.collect::<Vec<_>>())?;
    }
    if let Some(why) = compute(folder, &head)? {
        for path in missing {
            // What contradicts is not kept among what agreed.
            let _ = fs::remove_file(folder.join(path.to_string()));
        }
        return Ok(Outcome::Contradicts(why));
    }
    fs::rename(fresh, folder.join("checkpoint"))?;
    Ok(Outcome::Mirrored(before, head.size))
}

/// A mirror as a verifier reads it: the checkpoint in it, and roots recomputed from the entries.
pub(in crate::commands) struct Mirror<'f> {
    folder: &'f Path,
    /// The signed checkpoint, to be opened by whoever has the keys.
    pub(in crate::commands) note: String,
}

impl<'f> Mirror<'f> {
    /// The mirror in a folder.
    pub(in crate::commands) fn open(folder: &'f Path) -> Result<Self> {
        let note = fs::read_to_string(folder.join("checkpoint"))
            .with_context(|| format!("目录 {} 中没有镜像的检查点（checkpoint）", folder.display()))?;
        Ok(Self { folder, note })
    }

    /// The root of the first `size` entries of a mirror of `total`, recomputed from all of them.
    pub(in crate::commands) fn root_at(&self, size: u64, total: u64) -> Result<Hash> {
        ensure!(size <= total, "镜像只有 {total} 条记录，不到 {size} 条");
        let mut tiles = tlog::Read::default();
        let mut done = 0;
        for path in bundles(total) {
            if done == size {
                break;
            }
            let bytes =
                fs::read(self.folder.join(path.to_string())).with_context(|| format!("镜像缺少记录块 {path}"))?;
            let entries = read_bundle(&bytes).with_context(|| format!("记录块 {path} 的格式不对"))?;
            let wanted = usize::try_from(size - done)?.min(usize::from(path.width));
            ensure!(entries.len() >= wanted, "记录块 {path} 的条数不对");
            let leaves: Vec<Hash> = entries.into_iter().take(wanted).map(leaf_hash).collect();
            let changed = append(&mut tiles, done, &leaves)?;
            done += leaves.len() as u64;
            tiles.0.extend(changed);
        }
        Ok(root(&mut tiles, size)?)
    }
}

/// Every bundle of a log of this size.
fn bundles(size: u64) -> impl Iterator<Item = TilePath> {
    (0..size.div_ceil(WIDTH)).map(move |number| {
        let width = (size - number * WIDTH).min(WIDTH);
        entries_path(number, u16::try_from(width).unwrap_or(256))
    })
}

/// Computes the tree from the entries, writes its tiles, and says what contradicts the checkpoint.
fn compute(folder: &Path, head: &Checkpoint) -> Result<Option<String>> {
    let mut tiles = tlog::Read::default();
    let mut size = 0;
    let mut written: BTreeMap<(u8, u64), Vec<u8>> = BTreeMap::new();
    for path in bundles(head.size) {
        let bytes = fs::read(folder.join(path.to_string()))?;
        let Some(entries) = read_bundle(&bytes).filter(|entries| entries.len() == usize::from(path.width)) else {
            return Ok(Some(format!("记录块 {path} 的格式或条数不对")));
        };
        let leaves: Vec<Hash> = entries.into_iter().map(leaf_hash).collect();
        let changed = append(&mut tiles, size, &leaves)?;
        size += leaves.len() as u64;
        for (key, bytes) in changed {
            tiles.0.insert(key, bytes.clone());
            written.insert(key, bytes);
        }
        // Full tiles are done with; only those at the edge are read again.
        written.retain(|(level, number), bytes| {
            let full = bytes.len() == 8192;
            if full {
                // A failure to write shows below, where every tile is asked for again.
                let _ = write_tile(folder, (*level, *number), bytes);
            }
            !full
        });
        let edge: Vec<_> = tlog::needed(size, &[])
            .into_iter()
            .filter_map(|path| Some((path.level?, path.number)))
            .collect();
        tiles.0.retain(|key, _| edge.contains(key));
    }
    if root(&mut tiles, size)? != head.root {
        return Ok(Some("由全部记录计算的树根与检查点不同".to_owned()));
    }
    for (key, bytes) in &written {
        write_tile(folder, *key, bytes)?;
    }
    Ok(None)
}

fn write_tile(folder: &Path, (level, number): (u8, u64), bytes: &[u8]) -> Result<()> {
    let width = u16::try_from(bytes.len() / 32)?;
    let file = folder.join(TilePath::tile(level, number, width).to_string());
    if !file.exists() {
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}

/// Fetches files, each whole or not at all.
fn fetch(files: &[(String, PathBuf)]) -> Result<()> {
    let mut wanted = String::new();
    let part = |file: &Path| {
        file.with_file_name(format!(
            ".part.{}",
            file.file_name().unwrap_or_default().to_string_lossy()
        ))
    };
    for (url, file) in files {
        let part = part(file);
        ensure!(
            !url.contains(['"', '\n']) && !part.to_string_lossy().contains(['"', '\n']),
            "地址或目录名中有不能用的字符"
        );
        wanted += &format!("url = \"{url}\"\noutput = \"{}\"\n", part.display());
    }
    let mut curl = Command::new("curl")
        .args([
            "--fail",
            "--silent",
            "--show-error",
            "--location",
            "--compressed",
            "--create-dirs",
        ])
        .args([
            "--retry",
            "3",
            "--max-time",
            "120",
            "--parallel",
            "--parallel-max",
            "8",
            "--config",
            "-",
        ])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("需要程序 curl，请先安装（例如 apt install curl）")?;
    if let Some(mut stdin) = curl.stdin.take() {
        stdin.write_all(wanted.as_bytes())?;
    }
    let ended = curl.wait_with_output()?;
    if !ended.status.success() {
        let said = String::from_utf8_lossy(&ended.stderr);
        bail!("取不到账本文件：{}", said.lines().next().unwrap_or("curl 没有说明原因"));
    }
    for (_, file) in files {
        fs::rename(part(file), file).with_context(|| format!("没有取到 {}", file.display()))?;
    }
    Ok(())
}
