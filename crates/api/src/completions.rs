//! A provider's system reports a class: results by document, absences by session, and that the class is complete.
//!
//! Keyed by class and person: the same report again changes nothing, so it may be repeated with or without an
//! `Idempotency-Key`. Every row gets its answer; a row that cannot be recorded stops nothing but the completion.

use axum::http::StatusCode;
use kernel::id::ClassRow;
use kernel::{DocumentKind, Error, FieldError, Hours, mask};
use learning::courses::{self, Report, ReportLine, Reported};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Gate, Key, Reply, Routes};

use crate::body::Document;
use crate::once::Once;
use crate::query::Parameters;
use crate::reply::hours;
use crate::token::{CompletionsScope, Token};
use crate::vocabulary::{self, CompletionAnswerCode, DocumentKindCode, OutcomeCode};

/// The most rows of a report: as many as a class has seats.
const MOST_ROWS: usize = 5_000;

/// The endpoint.
pub(crate) fn routes() -> Routes {
    Routes::new().post(
        "/api/v1/classes/{id}/completions",
        Gate::Token,
        "接口：报送班次的结业结果",
        report,
    )
}

/// 报送一个班次的结果
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompletionReport {
    /// true 时在全部结果记录无误后办理结业，学时随即入账
    #[serde(default)]
    complete: bool,
    /// 每人一行，最多 5000 行
    #[schema(max_items = 5000)]
    results: Vec<CompletionRow>,
}

fn resident() -> String {
    kernel::Code::code(DocumentKind::Resident).to_owned()
}

/// 一个人的结果
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompletionRow {
    /// 姓名；平台外班次必填，须与平台登记一致（空格和间隔号不影响）
    name: Option<String>,
    /// 证件类型；不填为居民身份证
    #[serde(default = "resident")]
    #[schema(value_type = DocumentKindCode)]
    document_kind: String,
    /// 完整的证件号码
    document_no: String,
    /// 结果
    #[schema(value_type = OutcomeCode)]
    outcome: String,
    /// 成绩，0 到 100
    #[schema(minimum = 0, maximum = 100)]
    score: Option<u32>,
    /// 平台外班次的实际学时，十进制字符串；不填视为全程参加
    #[schema(example = "7.5")]
    attended_hours: Option<String>,
    /// 缺课的课次，从 1 开始；其余课次视为出勤
    #[serde(default)]
    absent_from: Vec<i64>,
}

/// 报送的答复
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletionAnswer {
    /// 班次的平台编号
    class: String,
    /// 每一行的答复，顺序与报送相同
    results: Vec<CompletionRowAnswer>,
    /// 各类答复的行数
    summary: CompletionSummary,
    /// 本次办理结业的情况；没有要求结业、有行未能记录或此前已经结业时为 null
    completed: Option<CompletionDone>,
}

/// 一行的答复
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletionRowAnswer {
    /// 第几行，从 1 开始
    row: usize,
    /// 证件号码（部分遮盖）
    document_no: String,
    /// 答复
    #[schema(value_type = CompletionAnswerCode)]
    answer: Reported,
    /// 答复的说明
    sentence: String,
}

/// 各类答复的行数
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletionSummary {
    /// 已记录
    recorded: usize,
    /// 此前已记录，内容相同
    unchanged: usize,
    /// 未能记录
    refused: usize,
}

/// 结业的情况
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletionDone {
    /// 结业人数
    passed: usize,
    /// 未结业人数
    failed: usize,
    /// 未参加人数
    absent: usize,
    /// 每名结业人员入账的学时，十进制字符串
    #[schema(example = "7.5")]
    hours: String,
}

impl CompletionReport {
    /// The rows, or every fault of their form at `results.N.member`.
    fn lines(self) -> kernel::Result<Vec<ReportLine>> {
        if self.results.len() > MOST_ROWS {
            let sentence = format!("一次最多报送 {MOST_ROWS} 行。");
            return Err(Error::wrong("results", "report.too_many", sentence));
        }
        let mut faults: Vec<FieldError> = Vec::new();
        let mut lines = Vec::with_capacity(self.results.len());
        for (index, row) in self.results.into_iter().enumerate() {
            let at = |member: &str| format!("results.{index}.{member}");
            let kind = vocabulary::read(at("document_kind"), &row.document_kind, &mut faults);
            let outcome = vocabulary::read(at("outcome"), &row.outcome, &mut faults);
            let attended = row.attended_hours.map(|text| {
                let hours = Hours::parse(&text);
                if hours.is_none() {
                    let sentence = "应为十进制的学时数，例如 \"7.5\"。";
                    faults.push(FieldError::new(at("attended_hours"), "hours.format", sentence));
                }
                hours.unwrap_or_default()
            });
            if let (Some(document_kind), Some(outcome)) = (kind, outcome) {
                lines.push(ReportLine {
                    name: row.name,
                    attended,
                    document_kind,
                    document_no: row.document_no,
                    outcome,
                    score: row.score,
                    absent_from: row.absent_from,
                });
            }
        }
        if faults.is_empty() {
            Ok(lines)
        } else {
            Err(Error::Wrong(faults))
        }
    }
}

impl CompletionAnswer {
    fn new(class: kernel::ClassId, rows: &[ReportLine], report: Report) -> Self {
        let count = |wanted: Reported| report.lines.iter().filter(|line| **line == wanted).count();
        let (recorded, unchanged) = (count(Reported::Recorded), count(Reported::Unchanged));
        let results = rows.iter().zip(&report.lines).enumerate();
        Self {
            class: class.to_string(),
            results: results
                .map(|(index, (row, answer))| CompletionRowAnswer {
                    row: index + 1,
                    document_no: mask::document(row.document_no.trim()),
                    answer: *answer,
                    sentence: match report.reasons.get(&index) {
                        Some(reason) => reason.clone(),
                        None => answer.name().to_owned(),
                    },
                })
                .collect(),
            summary: CompletionSummary {
                recorded,
                unchanged,
                refused: report.lines.len() - recorded - unchanged,
            },
            completed: report.completed.map(|done| CompletionDone {
                passed: done.passed,
                failed: done.failed,
                absent: done.absent,
                hours: hours(done.hours),
            }),
        }
    }
}

#[utoipa::path(
    post,
    path = "/api/v1/classes/{id}/completions",
    operation_id = "report_completions",
    tag = "结业结果",
    summary = "报送班次的结业结果",
    description = "施教机构为本机构的班次报送。按班次和人员去重，重复报送不会重复记账；每一行都有答复。平台班次只有已报名的学员才能记录结果，要求结业时，全部行都已记录且无人缺结果才会办理（R-9），学时按规则入账。平台外班次（先备案）的行核对无误即入账，不需要 complete。报送期限过后返回 report.window，须先申请逾期报送（R-55、R-56）。与已记账结果不一致的行返回 conflict，更正须冲正（R-57）。",
    params(
        ("id" = String, Path, description = "班次的平台编号"),
        ("Idempotency-Key" = Option<String>, Header, description = "幂等键，建议用 UUID；7 天内用同一键重复同一请求，返回第一次的结果"),
    ),
    request_body = CompletionReport,
    responses((status = 200, description = "每一行的答复", body = CompletionAnswer)),
    security(("token" = ["completions"])),
)]
pub(crate) async fn report(
    token: Token<CompletionsScope>,
    key: Key<ClassRow>,
    parameters: Parameters,
    once: Once,
    document: Document<CompletionReport>,
) -> Reply {
    parameters.reader().finish()?;
    let complete = document.value.complete;
    let rows = document.value.lines()?;
    let (ctx, class) = (token.ctx().clone(), key.0);
    let work = async move {
        let report = courses::report(&ctx, class, &rows, complete).await?;
        Ok(CompletionAnswer::new(class, &rows, report))
    };
    once.run(token.ctx(), &document.digest, StatusCode::OK, work).await
}
