//! `zhixin verify FILE`: judges a PDF, or the signed answer of a title check, without a network. Exit 0 genuine, 1 not genuine, 2 cannot tell.
//!
//! The signature is checked with the public keys of `--key` or of the data folder. Whether the document was revoked is
//! known only from a database; it is as of the last change recorded there, and the command says so. The proof that its
//! entries are in the public log is checked offline too, and compared with `--checkpoint` and the data folder. Two
//! checkpoints of different sizes can only be compared with the entries at hand: a data folder or a mirror.

use std::{path::Path, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail};
use clap::Args;
use learning::credits::log::{self, Checked};
use oversight::credentials::title_checks;
use rules::credentials::DocumentNumber;
use rules::credits::title_check::Answer;
use seal::{KeySet, PublicKey, Unknown, Verdict};
use serde_json::json;

use super::log::Mirror;
use crate::config::Config;

/// What the command takes.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// 要核验的 PDF 文件或签名结论（.jws）
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 签发方公钥（PEM 或 zhixin-keys.json）
    #[arg(long, value_name = "PUB.pem")]
    key: Option<PathBuf>,
    /// 留存在别处的检查点文件，或用 zhixin log mirror 取得的镜像目录，核对文书所附的账本与它是否同一段历史
    #[arg(long, value_name = "FILE|DIR")]
    checkpoint: Option<PathBuf>,
}

struct Finding {
    code: u8,
    verdict: &'static str,
    sentence: String,
    number: Option<String>,
    known_as_of: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When the file cannot be read; that, too, is exit code 2.
pub async fn run(args: VerifyArgs, config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let finding = match judge(&args, config).await {
        Ok(finding) => finding,
        Err(error) => Finding {
            code: 2,
            verdict: "unknown",
            sentence: format!("{error:#}"),
            number: None,
            known_as_of: None,
        },
    };
    if as_json {
        let Finding {
            verdict,
            sentence,
            number,
            known_as_of,
            ..
        } = &finding;
        println!(
            "{}",
            json!({ "verdict": verdict, "sentence": sentence, "number": number, "revocation_known_as_of": known_as_of })
        );
    } else {
        println!("{}", finding.sentence);
    }
    Ok(ExitCode::from(finding.code))
}

async fn judge(args: &VerifyArgs, config: &Config) -> anyhow::Result<Finding> {
    let file =
        std::fs::read(&args.file).map_err(|error| anyhow::anyhow!("无法读取 {}：{error}", args.file.display()))?;
    let keys = keys(args.key.as_deref(), &config.data)?;
    if file.starts_with(b"eyJ") {
        return Ok(answer(&String::from_utf8_lossy(&file), &keys));
    }
    let told = |code, verdict, sentence: String| Finding {
        code,
        verdict,
        sentence,
        number: None,
        known_as_of: None,
    };
    let record = match seal::open(&file, &keys) {
        Verdict::Forged(forgery) => return Ok(told(1, "forged", format!("不属实：{forgery}。"))),
        Verdict::Unknown(unknown @ Unknown::NotOurs) => {
            return Ok(told(2, "unknown", format!("无法判断：{unknown}。")));
        }
        Verdict::Unknown(unknown) => return Ok(told(1, "forged", format!("不属实：{unknown}。"))),
        Verdict::Genuine(record) => record,
    };
    let checked = match oversight::credentials::check_proof(&record, &keys) {
        Ok(checked) => checked,
        Err(why) => {
            return Ok(told(
                1,
                "forged",
                format!("不属实：签名有效，但入账证明不成立：{why}。"),
            ));
        }
    };
    let logged = match &checked {
        None => "文书没有附入账证明（签发于公开账本启用之前），无法离线证明学时已经入账".to_owned(),
        Some(checked) => match history(args, config, &keys, checked).await? {
            Err(why) => return Ok(told(1, "forged", format!("不属实：{why}。"))),
            Ok(compared) => format!(
                "入账证明成立：{} 条学时都在账本的前 {} 条记录之中，检查点由 {} 签署{compared}",
                checked.indexes.len(),
                checked.checkpoint.size,
                log::signatures(&checked.signed_by)
            ),
        },
    };
    let (state, known_as_of) = revocation(config, &record.number).await;
    let facts: Vec<String> = record
        .facts
        .iter()
        .map(|(label, value)| format!("{label}：{value}"))
        .collect();
    let what = format!(
        "{logged}。编号 {}，姓名 {}，{}，签发于 {}",
        record.number,
        record.holder,
        facts.join("，"),
        record.issued_at.as_str()
    );
    let (code, verdict, sentence) = match (&state, &known_as_of) {
        (Some(ended), Some(as_of)) => (
            1,
            "ended",
            format!("签名有效，但文书已失效：{ended}（撤销信息截至 {as_of}）。{what}。"),
        ),
        (None, Some(as_of)) => (
            0,
            "genuine",
            format!("真实：签名有效，内容未经改动；截至 {as_of} 未被撤销。{what}。"),
        ),
        (_, None) => (
            0,
            "genuine",
            format!("真实：签名有效，内容未经改动。没有本机数据，不知道此后是否被撤销，请到公开核验页面确认。{what}。"),
        ),
    };
    Ok(Finding {
        code,
        verdict,
        sentence,
        number: Some(record.number),
        known_as_of,
    })
}

/// Judges the signed answer of a title check; whether it still stands, only the platform knows.
fn answer(token: &str, keys: &KeySet) -> Finding {
    let (code, verdict, sentence, number) = match seal::open_json(title_checks::KIND, token, keys) {
        Ok(json) => match serde_json::from_str::<Answer>(&json) {
            Ok(answer) => {
                let sentence = format!(
                    "真实：签名有效，内容未经改动。编号 {}，{}，截至 {}。{}是否仍有效请凭编号向 {} 查询。",
                    answer.number, answer.person.name, answer.as_of, answer.sentence, answer.issuer
                );
                (0, "genuine", sentence, Some(answer.number))
            }
            Err(_) => (
                2,
                "unknown",
                "无法判断：签名有效，但内容不是本版本认识的格式。".to_owned(),
                None,
            ),
        },
        Err(why @ seal::TokenError::NotOurs) => (2, "unknown", format!("无法判断：{why}。"), None),
        Err(why) => (1, "forged", format!("不属实：{why}。"), None),
    };
    Finding {
        code,
        verdict,
        sentence,
        number,
        known_as_of: None,
    }
}

fn keys(given: Option<&Path>, data: &Path) -> anyhow::Result<KeySet> {
    let path = given.map_or_else(|| data.join("keys").join("keys.json"), Path::to_path_buf);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        anyhow::anyhow!(
            "无法判断：读不到公钥 {}（{error}）。请用 --key 指定公钥文件，或用 --data 指定数据目录。",
            path.display()
        )
    })?;
    let keys = if text.trim_start().starts_with('{') {
        KeySet::from_json(&text)
    } else {
        PublicKey::from_pem(&text).map(|key| KeySet::new(vec![key]))
    };
    keys.map_err(|error| anyhow::anyhow!("无法判断：公钥 {} 无法识别（{error}）。", path.display()))
}

/// Compares the history that a document carries with a checkpoint kept elsewhere and with the log of the data folder:
/// what was compared, or why it is another history.
async fn history(
    args: &VerifyArgs,
    config: &Config,
    keys: &KeySet,
    checked: &Checked,
) -> anyhow::Result<Result<String, String>> {
    let ours = &checked.checkpoint;
    let mut tx = match local(config).await {
        Some(db) => db.read().await.ok(),
        None => None,
    };
    let mut compared = String::new();
    if let Some(tx) = &mut tx
        && let Ok(Some(root)) = log::root_at(tx, ours.size).await
    {
        if root != ours.root {
            return Ok(Err("文书所附的检查点与数据目录中的账本不是同一段历史".to_owned()));
        }
        compared += "，与数据目录中的账本一致";
    }
    let Some(path) = &args.checkpoint else {
        return Ok(Ok(compared));
    };
    let mirror = path.is_dir().then(|| Mirror::open(path)).transpose()?;
    let note = match &mirror {
        Some(mirror) => mirror.note.clone(),
        None => std::fs::read_to_string(path)
            .map_err(|error| anyhow::anyhow!("无法判断：读不到检查点 {}（{error}）。", path.display()))?,
    };
    let theirs = log::open_checkpoint(&note, &oversight::credentials::log_keys(keys))
        .map_err(|why| anyhow::anyhow!("无法判断：检查点 {} 不可用：{why}。", path.display()))?
        .checkpoint;
    if let Some(mirror) = mirror.filter(|_| ours.size <= theirs.size) {
        let root = |size| mirror.root_at(size, theirs.size).context("无法判断：镜像读不完整");
        if root(theirs.size)? != theirs.root {
            bail!(
                "无法判断：镜像 {} 中的记录与它自己的检查点不符，请重新镜像。",
                path.display()
            );
        }
        return Ok(if root(ours.size)? == ours.root {
            Ok(compared + &format!("，与镜像（{} 条记录）一致", theirs.size))
        } else {
            Err("文书所附的账本与镜像不是同一段历史".to_owned())
        });
    }
    let root = if theirs.size == ours.size {
        Some(ours.root)
    } else {
        match &mut tx {
            Some(tx) => log::root_at(tx, theirs.size).await.ok().flatten(),
            None => None,
        }
    };
    match root {
        Some(root) if root == theirs.root => Ok(Ok(compared + "，与所给的检查点一致")),
        Some(_) => Ok(Err("文书所附的账本与所给的检查点不是同一段历史".to_owned())),
        None => bail!(
            "无法判断：文书附的是账本前 {} 条记录的检查点，所给的是前 {} 条的，两者签名都有效，但大小不同，只凭检查点看不出是不是同一段历史。请用 --data 指定本平台的数据目录，或者先运行 zhixin log mirror 平台地址 目录，再用 --checkpoint 指定该目录（镜像不能比文书旧）。",
            ours.size,
            theirs.size
        ),
    }
}

/// The database of the data folder, if there is one.
async fn local(config: &Config) -> Option<db::Db> {
    let path = config.database_url.strip_prefix("sqlite:");
    if path.is_some_and(|path| !Path::new(path).exists()) {
        return None;
    }
    db::Db::open(&config.database_url).await.ok()
}

/// What the database knows of the number: why it stands no more, and as of when that is known.
async fn revocation(config: &Config, number: &str) -> (Option<String>, Option<String>) {
    let Some(number) = DocumentNumber::parse(number) else {
        return (None, None);
    };
    let Some(db) = local(config).await else {
        return (None, None);
    };
    let Ok(mut tx) = db.read().await else {
        return (None, None);
    };
    match oversight::credentials::standing(&mut tx, &number).await {
        Ok(Some(known)) => (known.ended, Some(known.as_of.to_string())),
        _ => (None, None),
    }
}
