//! A provider's system files a class that ran outside the platform's class tool; its people come by completions.
//! Keyed by provider and own number: the same filing again gives the same class.

use axum::http::StatusCode;
use kernel::{CourseId, Error, FieldError, Hours, Seconds};
use learning::courses::reporting::filed;
use rules::courses::reporting::Filing;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Gate, Reply, Routes};

use crate::body::Document;
use crate::once::Once;
use crate::query::Parameters;
use crate::token::{CompletionsScope, Token};

/// The endpoint.
pub(crate) fn routes() -> Routes {
    Routes::new().post("/api/v1/filed-classes", Gate::Token, "接口：备案平台外班次", file)
}

/// 备案一个平台外班次
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassFiling {
    /// 所属课程的平台编号；须是本机构在开的课程
    course: String,
    /// 本机构的班次编号，2 到 40 个字
    own_number: String,
    /// 班次名称
    title: String,
    /// 开始日期
    #[schema(format = Date)]
    starts_on: String,
    /// 结束日期
    #[schema(format = Date)]
    ends_on: String,
    /// 各课次的起止时间；只有远程教育可以不填
    #[serde(default)]
    sessions: Vec<FiledSession>,
    /// 授课分钟；没有课次时必填
    taught_minutes: Option<u32>,
    /// 地点
    #[serde(default)]
    place: String,
    /// 授课教师
    teacher: String,
    /// 参加人数
    participants: u32,
    /// 申报学时，十进制字符串，不超过课程核定学时
    #[schema(example = "8")]
    declared_hours: String,
}

/// 一个课次
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FiledSession {
    /// 开始，上海时间
    #[schema(example = "2026-03-05T09:00")]
    starts_at: String,
    /// 结束，上海时间
    #[schema(example = "2026-03-05T12:00")]
    ends_at: String,
}

/// 备案的答复
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FiledClass {
    /// 班次的平台编号，报送结业结果时使用
    class: String,
    /// 班次的编号，证书上显示
    number: String,
    /// 报送期限；跨入尚无放假安排的年份时为下限，届时不会自动截止
    #[schema(format = Date)]
    closes_on: Option<String>,
}

impl ClassFiling {
    fn read(self) -> kernel::Result<(CourseId, Filing)> {
        let mut faults: Vec<FieldError> = Vec::new();
        let mut wrong = |field: String, sentence: &str| faults.push(FieldError::new(field, "format", sentence));
        let course = self.course.parse::<CourseId>().ok();
        if course.is_none() {
            wrong("course".into(), "应为课程的平台编号。");
        }
        let mut day = |field: &str, text: &str| {
            let day = text.parse::<kernel::Date>().ok();
            if day.is_none() {
                wrong(field.to_owned(), "应为日期，例如 2026-03-05。");
            }
            day.unwrap_or_default()
        };
        let (starts_on, ends_on) = (day("starts_on", &self.starts_on), day("ends_on", &self.ends_on));
        let mut sessions = Vec::with_capacity(self.sessions.len());
        for (index, session) in self.sessions.iter().enumerate() {
            let (from, until) = (&session.starts_at, &session.ends_at);
            match (kernel::Time::parse_local(from), kernel::Time::parse_local(until)) {
                (Some(from), Some(until)) => sessions.push((from, until)),
                _ => wrong(format!("sessions.{index}"), "起止时间应写成 2026-03-05T09:00 的样子。"),
            }
        }
        sessions.sort_unstable();
        let declared = Hours::parse(&self.declared_hours);
        if declared.is_none() {
            wrong("declared_hours".into(), "应为十进制的学时数，例如 \"8\"。");
        }
        if !faults.is_empty() {
            return Err(Error::Wrong(faults));
        }
        let filing = Filing {
            own_number: self.own_number,
            title: self.title,
            starts_on,
            ends_on,
            taught: Seconds::minutes(i64::from(self.taught_minutes.unwrap_or(0))),
            sessions,
            place: self.place,
            teacher: self.teacher,
            participants: i64::from(self.participants),
            declared: declared.unwrap_or_default(),
        };
        Ok((course.ok_or(Error::NotFound)?, filing))
    }
}

#[utoipa::path(
    post,
    path = "/api/v1/filed-classes",
    operation_id = "file_class",
    tag = "结业结果",
    summary = "备案平台外班次",
    description = "在平台班次管理之外举办的班次，先备案，再用“报送班次的结业结果”逐人报送。只能备案本机构在开课程的班次，学时不超过课程核定（R-59）。同一机构、同一编号重复备案返回同一班次；内容不同则拒绝。",
    params(("Idempotency-Key" = Option<String>, Header, description = "幂等键")),
    request_body = ClassFiling,
    responses((status = 200, description = "已备案", body = FiledClass)),
    security(("token" = ["completions"])),
)]
pub(crate) async fn file(
    token: Token<CompletionsScope>,
    parameters: Parameters,
    once: Once,
    document: Document<ClassFiling>,
) -> Reply {
    parameters.reader().finish()?;
    let (course, filing) = document.value.read()?;
    let ctx = token.ctx().clone();
    let work = async move {
        let filed = filed::file(&ctx, course, &filing).await?;
        Ok(FiledClass {
            class: filed.class.to_string(),
            number: filed.number,
            closes_on: filed.closes.map(|closes| closes.date().to_string()),
        })
    };
    once.run(token.ctx(), &document.digest, StatusCode::OK, work).await
}
