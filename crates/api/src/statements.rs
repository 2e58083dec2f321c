//! The annual statement of a person whom the system names by the complete number of a document.
//!
//! It is a POST, because the number must not stand in an address. Name and number come back masked unless complete ones
//! are asked for and the token's role may unmask; every reading stands in the trail first.
//! Deliberately absent: a list of people; a system asks about those whom it knows.

use axum::http::StatusCode;
use kernel::{DocumentKind, Error, FieldError};
use learning::credits::{self, HandedOver};
use rules::credits::{ActivityForm, Frozen, Line, Standing, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Gate, Reply, Routes};

use crate::body::Document;
use crate::query::Parameters;
use crate::reply::{answer, hours};
use crate::token::{StatementsScope, Token};
use crate::vocabulary::{self, ActivityFormCode, DocumentKindCode, SubjectCode};

/// The endpoint.
pub(crate) fn routes() -> Routes {
    Routes::new().post(
        "/api/v1/statements/query",
        Gate::Token,
        "接口：查询一人一年的学时",
        query,
    )
}

fn resident() -> String {
    kernel::Code::code(DocumentKind::Resident).to_owned()
}

/// 查询谁的哪一年
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatementQuery {
    /// 证件类型；不填为居民身份证
    #[serde(default = "resident")]
    #[schema(value_type = DocumentKindCode)]
    document_kind: String,
    /// 完整的证件号码
    document_no: String,
    /// 学时年度
    #[schema(minimum = 2000, maximum = 2100, example = 2026)]
    year: i32,
    /// true 时返回未遮盖的姓名和证件号码，要求令牌的角色有查看未遮盖个人信息的权限
    #[serde(default)]
    complete: bool,
}

/// 一人一年的学时
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatementAnswer {
    /// 谁
    person: StatementPerson,
    /// 学时年度
    year: i32,
    /// 年度要求
    requirement: StatementRequirement,
    /// 跨年度的要求，例如职称申报的公需科目
    periods: Vec<StatementPeriod>,
    /// 合计学时，十进制字符串
    #[schema(example = "72")]
    total: String,
    /// 其中公需科目
    public: String,
    /// 其中专业科目
    professional: String,
    /// 计入的活动数（人次）
    activities: usize,
    /// 是否达到年度要求
    reached: bool,
    /// 还差的学时
    missing: MissingHours,
    /// 一句话结论
    sentence: String,
    /// 该年度关账时的学时；未关账时为空
    closed: Option<ClosedYear>,
    /// 每一笔学时及其理由，按时间先后
    entries: Vec<StatementEntry>,
    /// 查询时间
    #[schema(format = "date-time")]
    as_of: String,
}

/// 学时属于谁
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatementPerson {
    /// 姓名
    #[schema(example = "王*明")]
    name: String,
    /// 证件类型
    #[schema(value_type = DocumentKindCode)]
    document_kind: DocumentKind,
    /// 证件号码
    #[schema(example = "310***********0012")]
    document_no: String,
    /// 姓名和证件号码是否遮盖
    masked: bool,
    /// 现任职单位
    employer: Option<String>,
    /// 身份是否经单位或区核验
    verified: bool,
}

/// 年度要求
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatementRequirement {
    /// 合计学时
    #[schema(example = "90")]
    total: String,
    /// 其中专业科目
    #[schema(example = "60")]
    professional: String,
    /// 其中公需科目，没有要求时为 0
    public: String,
    /// 公需科目中的必修部分，没有要求时为 0
    compulsory: String,
    /// 按哪个版本的学时要求核对
    edition: String,
    /// 依据
    source: String,
    /// 依据的可信程度
    #[schema(example = "已核对原文")]
    confidence: &'static str,
}

/// 跨年度的要求
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatementPeriod {
    /// 要求
    name: String,
    /// 用于什么
    purpose: &'static str,
    /// 是否达到
    reached: bool,
    /// 一句话结论
    sentence: String,
    /// 依据
    source: String,
}

/// 还差的学时；达到要求时都是 0
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissingHours {
    /// 合计
    total: String,
    /// 其中专业科目至少
    professional: String,
}

/// 关账时的学时和此后的更正
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClosedYear {
    /// 关账时间
    #[schema(format = "date-time")]
    closed_at: String,
    /// 关账时的合计学时
    total: String,
    /// 其中专业科目
    professional: String,
    /// 关账后更正的笔数
    later_entries: usize,
    /// 关账后更正合计的学时，冲正为负数
    later_hours: String,
}

/// 一笔学时
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatementEntry {
    /// 流水号
    id: String,
    /// 科目
    #[schema(value_type = SubjectCode)]
    subject: Subject,
    /// 活动形式
    #[schema(value_type = ActivityFormCode)]
    form: ActivityForm,
    /// 学时；冲正为负数
    #[schema(example = "7.5")]
    hours: String,
    /// 活动
    title: String,
    /// 适用的规则
    #[schema(example = "R-7")]
    rule: String,
    /// 这个学时数的由来
    reason: String,
    /// 取得日期
    #[schema(format = "date")]
    earned_on: String,
    /// 入账时间
    #[schema(format = "date-time")]
    posted_at: String,
    /// 本笔冲正了哪一笔
    reverses: Option<String>,
    /// 本笔是否已被冲正
    reversed: bool,
    /// 本笔是否在年度关账之后记入
    after_closing: bool,
}

impl StatementEntry {
    fn new(line: Line, frozen: Option<&Frozen>) -> Self {
        Self {
            after_closing: frozen.is_some_and(|frozen| frozen.is_later(&line)),
            id: line.id.to_string(),
            subject: line.subject,
            form: line.form,
            hours: hours(line.hours),
            title: line.title,
            rule: line.rule,
            reason: line.basis,
            earned_on: line.earned_on.to_string(),
            posted_at: line.posted_at.rfc3339(),
            reverses: line.reverses.map(|id| id.to_string()),
            reversed: line.reversed,
        }
    }
}

fn periods(statement: &rules::credits::Statement) -> Vec<StatementPeriod> {
    let line = |period: &rules::credits::PeriodLine| StatementPeriod {
        name: period.name.clone(),
        purpose: period.purpose.name(),
        reached: period.reached,
        sentence: period.sentence.clone(),
        source: period.source.clone(),
    };
    statement.periods.iter().map(line).collect()
}

impl StatementAnswer {
    fn new(given: HandedOver, masked: bool, now: kernel::Time) -> Self {
        let (person, statement, frozen) = (given.person, given.statement, given.frozen);
        let (reached, total, professional) = match statement.standing() {
            Standing::Reached => (true, kernel::Hours::ZERO, kernel::Hours::ZERO),
            Standing::Missing { total, professional } => (false, total, professional),
        };
        let (name, number) = if masked {
            (person.masked_name(), person.document.masked())
        } else {
            (person.name.clone(), person.document.number().to_owned())
        };
        Self {
            person: StatementPerson {
                name,
                document_kind: person.document.kind(),
                document_no: number,
                masked,
                employer: given.employer,
                verified: person.standing.is_verified(),
            },
            year: statement.year,
            requirement: StatementRequirement {
                total: hours(statement.requirement.total),
                professional: hours(statement.requirement.professional),
                public: hours(statement.requirement.public),
                compulsory: hours(statement.requirement.compulsory),
                edition: statement.requirement.edition.clone(),
                source: statement.requirement.source.clone(),
                confidence: statement.requirement.confidence.name(),
            },
            periods: periods(&statement),
            total: hours(statement.total),
            public: hours(statement.public),
            professional: hours(statement.professional),
            activities: statement.activities,
            reached,
            missing: MissingHours {
                total: hours(total),
                professional: hours(professional),
            },
            sentence: statement.sentence(),
            closed: frozen.as_ref().map(|frozen| ClosedYear {
                closed_at: frozen.at.rfc3339(),
                total: hours(frozen.total),
                professional: hours(frozen.professional),
                later_entries: frozen.later,
                later_hours: hours(frozen.change),
            }),
            entries: statement
                .lines
                .into_iter()
                .map(|line| StatementEntry::new(line, frozen.as_ref()))
                .collect(),
            as_of: now.rfc3339(),
        }
    }
}

#[utoipa::path(
    post,
    path = "/api/v1/statements/query",
    operation_id = "query_statement",
    tag = "年度学时",
    summary = "查询一人一年的学时",
    description = "按完整的证件号码查询，只能查到令牌的角色范围内的人员。姓名和证件号码默认遮盖。每次查询都记入审计记录。号码放在请求体中，因为地址会被沿途记录。",
    request_body = StatementQuery,
    responses((status = 200, description = "年度学时", body = StatementAnswer)),
    security(("token" = ["statements"])),
)]
pub(crate) async fn query(
    token: Token<StatementsScope>,
    parameters: Parameters,
    document: Document<StatementQuery>,
) -> Reply {
    parameters.reader().finish()?;
    let asked = document.value;
    let mut faults = Vec::new();
    let kind = vocabulary::read("document_kind".into(), &asked.document_kind, &mut faults);
    if !(2000..=2100).contains(&asked.year) {
        faults.push(FieldError::new("year", "parameter.year", "应为四位年份，例如 2026。"));
    }
    let (Some(kind), true) = (kind, faults.is_empty()) else {
        return Err(Error::Wrong(faults).into());
    };
    let ctx = token.ctx();
    let given = if asked.complete {
        credits::hand_over_complete(ctx, kind, &asked.document_no, asked.year).await?
    } else {
        credits::hand_over(ctx, kind, &asked.document_no, asked.year).await?
    };
    let body = StatementAnswer::new(given, !asked.complete, ctx.now());
    Ok(answer(StatusCode::OK, &body)?)
}
