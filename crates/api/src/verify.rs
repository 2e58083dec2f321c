//! Verification of documents: by number, with or without the signature of the QR code, and by the file.
//! Anybody may ask; the name is masked whoever asks. A document that is not genuine is an answer, not a failure.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use oversight::credentials::{self, Judgement, Verification};
use rules::credentials::{CredentialState, DocumentKind};
use serde::Serialize;
use utoipa::ToSchema;
use web::{App, Gate, Reply, Routes};

use crate::body::{self, FileContent};
use crate::query::Parameters;
use crate::reply::{answer, hours};
use crate::token::{Anyone, VerifyScope};
use crate::vocabulary::{CredentialKindCode, CredentialStateCode, VerdictCode};

/// The endpoints.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/v1/verify/{number}",
            Gate::Public,
            "接口：按编号核验文书",
            by_number,
        )
        .post("/api/v1/verify", Gate::Public, "接口：按文件核验文书", by_file)
}

kernel::codes! {
    /// The answer in one word.
    pub enum Verdict {
        /// Genuine, and it stands.
        Genuine = "genuine" "真实有效",
        /// Genuine, but revoked or superseded.
        Ended = "ended" "真实，但已失效",
        /// Not genuine.
        Forged = "forged" "不是本平台签发",
        /// Nothing can be said.
        Unknown = "unknown" "无法判断",
    }
}

kernel::codes! {
    /// What has become of a document.
    pub enum DocumentState {
        /// It stands.
        Valid = "valid" "有效",
        /// Taken back.
        Revoked = "revoked" "已撤销",
        /// A newer one took its place.
        Superseded = "superseded" "已被替代",
    }
}

/// 核验结论
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerificationAnswer {
    /// 结论
    #[schema(value_type = VerdictCode)]
    verdict: Verdict,
    /// 结论的一句话说明
    sentence: String,
    /// 文书内容，仅在结论为 genuine 或 ended 时给出
    document: Option<VerifiedDocument>,
}

/// 经核验的文书
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerifiedDocument {
    /// 编号
    #[schema(example = "ZXC-2026-0000042-3")]
    number: String,
    /// 类别
    #[schema(value_type = CredentialKindCode)]
    kind: DocumentKind,
    /// 姓名（部分遮盖）
    #[schema(example = "王*明")]
    holder: String,
    /// 事项
    subject: String,
    /// 学时，十进制字符串，最多两位小数
    #[schema(example = "7.5")]
    hours: String,
    /// 学时年度
    year: i32,
    /// 签发时间
    #[schema(format = "date-time")]
    issued_at: String,
    /// 状态
    #[schema(value_type = CredentialStateCode)]
    state: DocumentState,
    /// 撤销时间
    #[schema(format = "date-time")]
    revoked_at: Option<String>,
    /// 撤销原因
    revoked_because: Option<String>,
    /// 替代它的文书编号
    superseded_by: Option<String>,
    /// true 表示核验了二维码签名或文件本身；false 表示只按编号查到，请与手中的文书对照
    proven: bool,
}

impl From<Verification> for VerifiedDocument {
    fn from(told: Verification) -> Self {
        let (state, revoked, superseded_by) = match told.state {
            CredentialState::Valid => (DocumentState::Valid, None, None),
            CredentialState::Revoked { at, reason } => (DocumentState::Revoked, Some((at, reason)), None),
            CredentialState::Superseded { by } => (DocumentState::Superseded, None, Some(by)),
        };
        Self {
            number: told.number,
            kind: told.kind,
            holder: told.holder,
            subject: told.subject_line,
            hours: hours(told.hours),
            year: told.year,
            issued_at: told.issued_at.rfc3339(),
            state,
            revoked_at: revoked.as_ref().map(|(at, _)| at.rfc3339()),
            revoked_because: revoked.map(|(_, reason)| reason),
            superseded_by,
            proven: told.proven,
        }
    }
}

impl From<Judgement> for VerificationAnswer {
    fn from(judgement: Judgement) -> Self {
        let (verdict, sentence, document) = match judgement {
            Judgement::Genuine(told) if told.proven => {
                let sentence = "文书由本平台签发，内容未被改动，目前有效。";
                (Verdict::Genuine, sentence.to_owned(), Some(told))
            }
            Judgement::Genuine(told) => {
                let sentence = "本平台签发过这个编号的文书，目前有效。请将下列内容与手中的文书对照。";
                (Verdict::Genuine, sentence.to_owned(), Some(told))
            }
            Judgement::Ended(told) => {
                let sentence = "文书由本平台签发，但已撤销或被替代，不能作为凭据。";
                (Verdict::Ended, sentence.to_owned(), Some(told))
            }
            Judgement::Forged(sentence) => (Verdict::Forged, sentence, None),
            Judgement::Unknown(sentence) => (Verdict::Unknown, sentence, None),
        };
        Self {
            verdict,
            sentence,
            document: document.map(|told| (*told).into()),
        }
    }
}

#[utoipa::path(
    get,
    path = "/api/v1/verify/{number}",
    operation_id = "verify_number",
    tag = "核验",
    summary = "按编号核验文书",
    description = "只给编号时，查到的是本平台以该编号签发的内容，请与手中的文书对照；同时给出二维码中的签名时，确认文书上的姓名和学时与签发时一致。无需令牌。",
    params(
        ("number" = String, Path, description = "文书编号", example = "ZXC-2026-0000042-3"),
        ("signature" = Option<String>, Query, description = "二维码地址中参数 s 的值"),
    ),
    responses((status = 200, description = "核验结论", body = VerificationAnswer)),
    security((), ("token" = ["verify"])),
)]
pub(crate) async fn by_number(
    anyone: Anyone<VerifyScope>,
    axum::extract::Path(number): axum::extract::Path<String>,
    parameters: Parameters,
) -> Reply {
    let mut read = parameters.reader();
    let signature = read.text("signature", 200);
    read.finish()?;
    let press = &anyone.app().press;
    let judgement = credentials::verify_number(anyone.ctx(), press, &number, signature.as_deref()).await?;
    Ok(answer(StatusCode::OK, &VerificationAnswer::from(judgement))?)
}

#[utoipa::path(
    post,
    path = "/api/v1/verify",
    operation_id = "verify_file",
    tag = "核验",
    summary = "按文件核验文书",
    description = "请求体是下载的证书或证明 PDF 原文件，最大 20 MB。改动过任何一个字节都不能通过。文件只用于核验，不保存。无需令牌。",
    request_body(content = FileContent, content_type = "application/pdf", description = "PDF 文件"),
    responses((status = 200, description = "核验结论", body = VerificationAnswer)),
    security((), ("token" = ["verify"])),
)]
pub(crate) async fn by_file(anyone: Anyone<VerifyScope>, request: Request) -> Reply {
    let (parts, sent): (Parts, _) = request.into_parts();
    if body::media_type(&parts.headers) != "application/pdf" {
        return Err(body::unsupported("application/pdf"));
    }
    let file = body::bytes(&parts.headers, sent, body::FILE_BYTES).await?;
    let app: &App = anyone.app();
    let judgement = credentials::verify_file(anyone.ctx(), &app.press, &file).await?;
    Ok(answer(StatusCode::OK, &VerificationAnswer::from(judgement))?)
}
