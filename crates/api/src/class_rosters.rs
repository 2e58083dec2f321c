//! A provider's system asks who of a list can be enrolled in a class, and enrols those who can.

use axum::http::StatusCode;
use kernel::id::ClassRow;
use kernel::{Code, DocumentKind, Error, FieldError, mask};
use learning::courses::reporting::{self, Listed, RosterLine, RosterReport};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Gate, Key, Reply, Routes};

use crate::body::Document;
use crate::once::Once;
use crate::query::Parameters;
use crate::token::{CompletionsScope, Token};
use crate::vocabulary::{self, DocumentKindCode, RosterAnswerCode};

/// The most rows of a roster: as many as a class has seats.
const MOST_ROWS: usize = 5_000;

/// The endpoint.
pub(crate) fn routes() -> Routes {
    Routes::new().post(
        "/api/v1/classes/{id}/roster",
        Gate::Token,
        "接口：核对班次学员名单并报名",
        report,
    )
}

/// 一个班次的学员名单
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassRoster {
    /// true 时为核对无误的人员报名；不填只核对、不写入
    #[serde(default)]
    enrol: bool,
    /// 每人一行，最多 5000 行
    #[schema(max_items = 5000)]
    people: Vec<ClassRosterRow>,
}

fn resident() -> String {
    Code::code(DocumentKind::Resident).to_owned()
}

/// 一个人
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassRosterRow {
    /// 姓名，须与平台登记一致（空格和间隔号不影响）
    name: String,
    /// 证件类型；不填为居民身份证
    #[serde(default = "resident")]
    #[schema(value_type = DocumentKindCode)]
    document_kind: String,
    /// 完整的证件号码
    document_no: String,
}

/// 名单的答复
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClassRosterAnswer {
    /// 每一行的答复，顺序与报送相同
    people: Vec<ClassRosterRowAnswer>,
}

/// 一行的答复
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClassRosterRowAnswer {
    /// 第几行，从 1 开始
    row: usize,
    /// 证件号码（部分遮盖）
    document_no: String,
    /// 答复
    #[schema(value_type = RosterAnswerCode)]
    answer: Listed,
    /// 答复的说明
    sentence: String,
}

impl ClassRoster {
    fn lines(self) -> kernel::Result<Vec<RosterLine>> {
        if self.people.len() > MOST_ROWS {
            let sentence = format!("一次最多报送 {MOST_ROWS} 行。");
            return Err(Error::wrong("people", "report.too_many", sentence));
        }
        let mut faults: Vec<FieldError> = Vec::new();
        let mut lines = Vec::with_capacity(self.people.len());
        for (index, row) in self.people.into_iter().enumerate() {
            let field = format!("people.{index}.document_kind");
            if let Some(document_kind) = vocabulary::read(field, &row.document_kind, &mut faults) {
                lines.push(RosterLine {
                    name: row.name,
                    document_kind,
                    document_no: row.document_no,
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

impl ClassRosterAnswer {
    fn new(rows: &[RosterLine], report: &RosterReport) -> Self {
        let rows = rows.iter().zip(&report.lines).enumerate();
        let people = rows.map(|(index, (row, answer))| ClassRosterRowAnswer {
            row: index + 1,
            document_no: mask::document(row.document_no.trim()),
            answer: *answer,
            sentence: match report.reasons.get(&index) {
                Some(reason) => reason.clone(),
                None => answer.name().to_owned(),
            },
        });
        Self {
            people: people.collect(),
        }
    }
}

#[utoipa::path(
    post,
    path = "/api/v1/classes/{id}/roster",
    operation_id = "report_roster",
    tag = "结业结果",
    summary = "核对班次学员名单并报名",
    description = "施教机构在开班前核对名单：每一行说明能否报名、为什么（未登记、姓名与证件不符、时间冲突、不符合条件）。enrol 为 true 时为可以报名的人员报名，在一个事务内完成；不会自动建立人员（R-58）。",
    params(
        ("id" = String, Path, description = "班次的平台编号"),
        ("Idempotency-Key" = Option<String>, Header, description = "幂等键"),
    ),
    request_body = ClassRoster,
    responses((status = 200, description = "每一行的答复", body = ClassRosterAnswer)),
    security(("token" = ["completions"])),
)]
pub(crate) async fn report(
    token: Token<CompletionsScope>,
    key: Key<ClassRow>,
    parameters: Parameters,
    once: Once,
    document: Document<ClassRoster>,
) -> Reply {
    parameters.reader().finish()?;
    let enrol = document.value.enrol;
    let rows = document.value.lines()?;
    let (ctx, class) = (token.ctx().clone(), key.0);
    let work = async move {
        let report = if enrol {
            reporting::enrol_roster(&ctx, class, &rows).await?
        } else {
            reporting::try_roster(&ctx, class, &rows).await?
        };
        Ok(ClassRosterAnswer::new(&rows, &report))
    };
    once.run(token.ctx(), &document.digest, StatusCode::OK, work).await
}
