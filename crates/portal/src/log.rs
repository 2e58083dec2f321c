//! 学时公开账本: what it proves in plain words, and its checkpoint, tiles and entries as plain files for whoever audits it.
//!
//! The files are those of c2sp.org/tlog-tiles under the prefix `/log`. Tiles never change and may be kept for ever; the
//! checkpoint is new every moment. None of them holds anything about a person: entries are salted commitments.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use kernel::Error;
use learning::credits::log;
use tlog::{Algorithm, NoteKey, TilePath};
use ui::{Alert, Details, Figure, Figures, Html, SectionHead, Tone, format};
use web::{Caller, Gate, Reply, Routes};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/log", Gate::Public, "学时公开账本", about)
        .get("/log/checkpoint", Gate::Public, "公开账本检查点", checkpoint)
        .get("/log/tile/{*path}", Gate::Public, "公开账本数据块", tile)
}

async fn about(caller: Caller) -> Reply {
    let ctx = caller.ctx();
    let head = log::head(&mut ctx.db.read().await?).await?;
    let page = caller
        .page("学时公开账本")
        .lead("每一条学时入账后都进入这本公开账本：谁也不能事后悄悄改动、删除或调换。")
        .description("继续教育学时的公开透明日志：可镜像、可审计，不含个人信息。");
    let count = i64::try_from(head.size).unwrap_or(i64::MAX);
    let mut figures = vec![Figure::new("已入账学时记录", format::number(count), "条")];
    if !head.note.is_empty() {
        figures.push(Figure::new("最近一次签署", format::moment(head.signed_at.civil()), ""));
    }
    let numbers = Figures::new(figures);
    let proves = Html::paragraphs([
        "每条学时记录连同它的事由，先加入随机盐再取摘要，只有摘要进入账本。看到账本的人读不出任何人的学时；但记录只要改动一个字，摘要就对不上。",
        "全部摘要组成一棵只能增长的树，平台用公布的密钥签署树根，称为检查点。证书和年度证明里带有检查点和到树根的路径，离线也能证明这条学时确实入过账。",
        "任何人都可以把账本镜像到自己的电脑上。平台如果改写历史，或者恢复旧备份来抹去记录，新的检查点就与镜像不一致，一经核对就会被发现。",
    ]);
    let address = &ctx.installation.public_url;
    let how = Html::paragraphs([
        &*format!("镜像：zhixin log mirror {address} 目录。再次运行只取新增部分，并核对与上次的检查点是否一致。"),
        "审计（本平台的运维和审计人员）：zhixin log audit --data 数据目录 --against 镜像目录。它由每条流水重新计算账本和余额，只有全部一致才算通过。",
        "账本采用公开的格式（C2SP tlog-tiles、检查点和签名笔记，RFC 6962 散列树），现成的透明日志工具可以直接读取。",
    ]);
    let origin = log::origin(address);
    let keys = caller.app().press.log_keys();
    let keys = keys.into_iter().filter_map(|key| NoteKey::new(&origin, key).ok());
    let mut parameters = vec![
        format!("账本名称：{origin}"),
        "检查点：/log/checkpoint　数据块：/log/tile/…　记录：/log/tile/entries/…".to_owned(),
    ];
    parameters.extend(keys.map(|key| {
        let how = match key.algorithm() {
            Algorithm::Ed25519 => "Ed25519",
            Algorithm::Sm2 => "SM2（SM3），国密签名，类型 0xff，标识 zhixin.sm2-sm3.v1，其他工具可以略过",
        };
        format!("验证公钥（{how}）：{key}")
    }));
    let technical = Html::paragraphs(parameters.iter().map(String::as_str));
    let limits = Alert::new(Tone::Neutral, "它不能证明什么").text(
        "账本证明记录入账后没有被改动，不证明记录入账时是对的。对学时有疑问，请登录后在“我的学时”中查看依据并提出异议。",
    );
    let body = Html::of(&numbers)
        .and(&SectionHead::new("它证明什么"))
        .and(&proves)
        .and(&SectionHead::new("怎样镜像和审计"))
        .and(&how)
        .and(&limits)
        .and(&Details::new("技术参数", technical));
    web::portal_page(page, body)
}

async fn checkpoint(caller: Caller) -> Reply {
    let head = log::head(&mut caller.ctx().db.read().await?).await?;
    if head.note.is_empty() {
        return Err(Error::NotFound.into());
    }
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache, max-age=0")),
    ];
    Ok((headers, head.note).into_response())
}

async fn tile(caller: Caller, Path(path): Path<String>) -> Reply {
    let path = TilePath::parse(&path).ok_or(Error::NotFound)?;
    let mut tx = caller.ctx().db.read().await?;
    let bytes = log::tile(&mut tx, path).await?.ok_or(Error::NotFound)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    Ok((headers, bytes).into_response())
}
