//! Title checks for title-review, appointment and registration systems, and whether an answer still stands.
//!
//! A POST, because the number of a document must not stand in an address. The answer is signed (`signed`, a JSON Web
//! Signature) and kept; every asking stands in the trail with its purpose.
//! Deliberately absent: lists of answers; a system keeps those that it asked for.

use axum::extract::Path;
use axum::http::StatusCode;
use kernel::{DocumentKind, Error};
use oversight::credentials::title_checks::{self, Asked, Kept};
use rules::credentials::AnswerNumber;
use rules::credits::title_check::{
    Answer, AnswerFinding, AnswerPerson, AnswerRule, AnswerTarget, AnswerYear, Purpose, Target, Verdict,
};
use rules::people::TitleLevel;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Gate, Reply, Routes};

use crate::body::Document;
use crate::query::Parameters;
use crate::reply::answer;
use crate::token::{Anyone, TitleChecksScope, Token};
use crate::vocabulary::{self, ConfidenceCode, DocumentKindCode, PurposeCode, TitleLevelCode, TitleVerdictCode};

/// The endpoints.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .post("/api/v1/title-checks", Gate::Token, "接口：职称申报学时审核", check)
        .get(
            "/api/v1/title-checks/{number}",
            Gate::Public,
            "接口：查询审核结论是否仍有效",
            standing,
        )
}

fn resident() -> String {
    kernel::Code::code(DocumentKind::Resident).to_owned()
}

/// 为谁的哪项申报审核
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TitleCheckQuery {
    /// 证件类型；不填为居民身份证
    #[serde(default = "resident")]
    #[schema(value_type = DocumentKindCode)]
    document_kind: String,
    /// 完整的证件号码
    document_no: String,
    /// 用途
    #[schema(value_type = PurposeCode)]
    purpose: String,
    /// 申报的职称系列代码
    #[schema(example = "05")]
    series: String,
    /// 申报的职称级别
    #[schema(value_type = TitleLevelCode)]
    level: String,
    /// 另有学时要求的专业名称；没有则不填
    #[serde(default)]
    #[schema(example = "冶金专业")]
    specialty: Option<String>,
    /// 申报日期
    #[schema(format = "date", example = "2026-05-20")]
    on: String,
}

/// 审核结论
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TitleCheckAnswer {
    /// 编号
    #[schema(example = "ZXT-2026-03F8K2M7QX1AB-7")]
    number: String,
    /// 结论
    #[schema(value_type = TitleVerdictCode)]
    verdict: Verdict,
    /// 一句话结论
    sentence: String,
    /// 结论全文，与 signed 中的内容相同
    document: TitleCheckDocument,
    /// 签名的结论：JSON Web Signature（RFC 7515 紧凑格式，EdDSA），公钥见 /.well-known/zhixin-keys.json，按 kid 取用；typ 为 zhixin-title-check
    signed: String,
}

/// 结论全文
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TitleCheckDocument {
    /// 读取学时台账的时间；结论以此时为准
    #[schema(format = "date-time")]
    as_of: String,
    /// 是否演示数据
    demo: bool,
    /// 所用规则版本
    edition: String,
    /// 所依据的学时流水号
    entries: Vec<String>,
    /// 出具结论的平台地址
    issuer: String,
    /// 编号
    number: String,
    /// 谁的学时
    person: TitleCheckPerson,
    /// 用途
    #[schema(value_type = PurposeCode)]
    purpose: String,
    /// 适用的各条要求及理由
    rules: Vec<TitleCheckRule>,
    /// 一句话结论
    sentence: String,
    /// 申报的职称
    target: TitleCheckTarget,
    /// 结论
    #[schema(value_type = TitleVerdictCode)]
    verdict: String,
    /// 各年学时
    years: Vec<TitleCheckYear>,
}

/// 谁的学时（遮盖）
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TitleCheckPerson {
    /// 证件号码
    document_no: String,
    /// 姓名
    name: String,
}

/// 申报的职称
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TitleCheckTarget {
    /// 级别
    #[schema(value_type = TitleLevelCode)]
    level: String,
    /// 申报日期
    #[schema(format = "date")]
    on: String,
    /// 系列代码
    series: String,
    /// 专业名称，没有则为空
    specialty: String,
}

/// 一条要求
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TitleCheckRule {
    /// 代码
    code: String,
    /// 依据的可信度
    #[schema(value_type = ConfidenceCode)]
    confidence: String,
    /// true 时决定结论，false 时仅供参考
    decides: bool,
    /// 每项要求的情况
    findings: Vec<TitleCheckFinding>,
    /// 名称
    name: String,
    /// 依据
    source: String,
    /// 追溯的年度
    years: Vec<i32>,
}

/// 一项要求的情况
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TitleCheckFinding {
    /// 已有学时
    have: String,
    /// 要求学时
    need: String,
    /// 理由
    sentence: String,
    /// 结论
    #[schema(value_type = TitleVerdictCode)]
    verdict: String,
}

/// 一年的学时
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TitleCheckYear {
    /// 该年度是否已关账；未关账的还会变动
    closed: bool,
    /// 专业科目学时
    professional: String,
    /// 公需科目学时
    public: String,
    /// 年度
    year: i32,
}

impl From<Answer> for TitleCheckDocument {
    fn from(given: Answer) -> Self {
        let AnswerPerson { document_no, name } = given.person;
        let AnswerTarget {
            level,
            on,
            series,
            specialty,
        } = given.target;
        Self {
            as_of: given.as_of,
            demo: given.demo,
            edition: given.edition,
            entries: given.entries,
            issuer: given.issuer,
            number: given.number,
            person: TitleCheckPerson { document_no, name },
            purpose: given.purpose,
            rules: given.rules.into_iter().map(Into::into).collect(),
            sentence: given.sentence,
            target: TitleCheckTarget {
                level,
                on,
                series,
                specialty,
            },
            verdict: given.verdict,
            years: given.years.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<AnswerRule> for TitleCheckRule {
    fn from(rule: AnswerRule) -> Self {
        Self {
            code: rule.code,
            confidence: rule.confidence,
            decides: rule.decides,
            findings: rule.findings.into_iter().map(Into::into).collect(),
            name: rule.name,
            source: rule.source,
            years: rule.years,
        }
    }
}

impl From<AnswerFinding> for TitleCheckFinding {
    fn from(finding: AnswerFinding) -> Self {
        Self {
            have: finding.have,
            need: finding.need,
            sentence: finding.sentence,
            verdict: finding.verdict,
        }
    }
}

impl From<AnswerYear> for TitleCheckYear {
    fn from(year: AnswerYear) -> Self {
        Self {
            closed: year.closed,
            professional: year.professional,
            public: year.public,
            year: year.year,
        }
    }
}

impl From<Kept> for TitleCheckAnswer {
    fn from(kept: Kept) -> Self {
        Self {
            number: kept.number,
            verdict: kept.verdict,
            sentence: kept.sentence,
            document: kept.document.into(),
            signed: kept.token,
        }
    }
}

/// Reads what is asked; every fault is told.
fn read(asked: &TitleCheckQuery) -> kernel::Result<(DocumentKind, Asked)> {
    let mut faults = Vec::new();
    let kind = vocabulary::read("document_kind".into(), &asked.document_kind, &mut faults);
    let purpose = vocabulary::read::<Purpose>("purpose".into(), &asked.purpose, &mut faults);
    let level = vocabulary::read::<TitleLevel>("level".into(), &asked.level, &mut faults);
    let on = asked.on.parse().ok();
    if on.is_none() {
        faults.push(kernel::FieldError::new(
            "on",
            "parameter.date",
            "应为日期，例如 2026-05-20。",
        ));
    }
    let (Some(kind), Some(purpose), Some(level), Some(on)) = (kind, purpose, level, on) else {
        return Err(Error::Wrong(faults));
    };
    let target = Target {
        series: asked.series.clone(),
        level,
        specialty: asked.specialty.clone().filter(|code| !code.is_empty()),
        on,
    };
    Ok((kind, Asked { target, purpose }))
}

#[utoipa::path(
    post,
    path = "/api/v1/title-checks",
    operation_id = "check_title",
    tag = "职称申报",
    summary = "审核一人的学时是否符合职称申报要求",
    description = "按完整的证件号码和申报的职称审核，只能查到令牌的角色范围内的人员。追溯年限和学时要求是有版本、有来源和可信度的数据，结论附每条理由，编号、签名并留存。每次审核都记入审计记录。结论以 as_of 时为准；所依据的学时被冲正后结论撤销，可凭编号查询。",
    request_body = TitleCheckQuery,
    responses((status = 200, description = "审核结论", body = TitleCheckAnswer)),
    security(("token" = ["title_checks"])),
)]
pub(crate) async fn check(
    token: Token<TitleChecksScope>,
    parameters: Parameters,
    document: Document<TitleCheckQuery>,
) -> Reply {
    parameters.reader().finish()?;
    let (kind, asked) = read(&document.value)?;
    let number = document.value.document_no.as_str();
    let kept = title_checks::check_document(token.ctx(), token.press(), (kind, number), &asked).await?;
    Ok(answer(StatusCode::OK, &TitleCheckAnswer::from(kept))?)
}

/// 结论是否仍有效
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TitleCheckStanding {
    /// 编号
    number: String,
    /// 结论的时间
    #[schema(format = "date-time")]
    as_of: String,
    /// 是否仍有效
    valid: bool,
    /// 撤销时间
    #[schema(format = "date-time")]
    revoked_at: Option<String>,
    /// 撤销原因
    revoked_because: Option<String>,
}

#[utoipa::path(
    get,
    path = "/api/v1/title-checks/{number}",
    operation_id = "title_check_standing",
    tag = "职称申报",
    summary = "查询审核结论是否仍有效",
    description = "任何持有结论编号的人都可以查询。只说明是否仍有效，不含个人信息。",
    params(("number" = String, Path, description = "结论编号，例如 ZXT-2026-03F8K2M7QX1AB-7")),
    responses((status = 200, description = "是否仍有效", body = TitleCheckStanding)),
    security((), ("token" = ["title_checks"])),
)]
pub(crate) async fn standing(
    anyone: Anyone<TitleChecksScope>,
    Path(number): Path<String>,
    parameters: Parameters,
) -> Reply {
    parameters.reader().finish()?;
    let number = AnswerNumber::parse(&number).ok_or(Error::NotFound)?;
    let found = title_checks::standing(anyone.ctx(), &number).await?;
    let (revoked_at, revoked_because) = found.revoked.map(|(at, why)| (at.rfc3339(), why)).unzip();
    let body = TitleCheckStanding {
        number: number.to_string(),
        as_of: found.checked_at.rfc3339(),
        valid: revoked_at.is_none(),
        revoked_at,
        revoked_because,
    };
    Ok(answer(StatusCode::OK, &body)?)
}
