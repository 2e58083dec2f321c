//! Roster imports: hand a file in, wait for the dry run, take it as a whole.
//!
//! ```text
//! POST /rosters ─► waiting ─► checked ── POST …/commit ─► committing ─► done
//! ```
//! The file is a workbook or a CSV text, raw or in a form; its content decides what it is. The organisation is the
//! token's own; a district names one, or each row does. Nothing is written before the commit, and then all or nothing.

use std::io::Write as _;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use db::jobs::{JobState, Status};
use kernel::{Error, id::OrgRow};
use registry::people::roster::{self, Import, ImportRow, ImportState};
use registry::{Ctx, files};
use serde::Serialize;
use utoipa::ToSchema;
use web::{App, Gate, Key, Reply, Routes};

use crate::body::{FileContent, SentFile};
use crate::once::Once;
use crate::query::{Parameters, write_cursor};
use crate::reply::{answer, moment, page};
use crate::token::{RosterScope, Token};
use crate::vocabulary::{JobStateCode, RosterStateCode};

/// What a roster may call itself; some senders know no better.
const TAKES: [&str; 4] = [
    files::XLSX,
    "text/csv",
    "application/vnd.ms-excel",
    "application/octet-stream",
];

/// The endpoints.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/rosters", Gate::Token, "接口：查询名册导入", list)
        .post("/api/v1/rosters", Gate::Token, "接口：报送名册（先检查）", hand_in)
        .get(
            "/api/v1/rosters/template.xlsx",
            Gate::Token,
            "接口：下载名册模板",
            template,
        )
        .get("/api/v1/rosters/{id}", Gate::Token, "接口：查询一次名册导入", show)
        .post("/api/v1/rosters/{id}/commit", Gate::Token, "接口：确认名册导入", commit)
        .post("/api/v1/rosters/{id}/cancel", Gate::Token, "接口：放弃名册导入", cancel)
        .get(
            "/api/v1/rosters/{id}/errors.xlsx",
            Gate::Token,
            "接口：下载名册错误清单",
            errors,
        )
}

/// 一次名册导入
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RosterImport {
    /// 编号
    id: String,
    /// 状态
    #[schema(value_type = RosterStateCode)]
    state: ImportState,
    /// 文件名
    file_name: String,
    /// 文件的 SHA-256，十六进制
    sha256: String,
    /// 各类行数；检查完成前都是 0
    rows: RosterRows,
    /// 检查或写入的进度；没有任务时为 null
    progress: Option<RosterProgress>,
    /// 前 20 处错误；全部错误见错误清单
    errors: Vec<RosterFault>,
    /// 错误清单的地址；没有错误时为 null
    errors_href: Option<String>,
    /// 未导入的原因
    problem: Option<String>,
    /// 现在是否可以确认导入
    committable: bool,
    /// 报送时间
    #[schema(format = "date-time")]
    created_at: String,
    /// 结束时间
    #[schema(format = "date-time")]
    finished_at: Option<String>,
}

/// 各类行数
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RosterRows {
    /// 数据行
    total: i64,
    /// 新增人员
    new: i64,
    /// 有变化的人员
    changed: i64,
    /// 没有变化的人员
    same: i64,
    /// 从其他单位转入的人员
    moved: i64,
    /// 有错误的行
    faulty: i64,
}

/// 进度
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RosterProgress {
    /// 任务状态
    #[schema(value_type = JobStateCode)]
    state: JobState,
    /// 已处理行数
    done: u64,
    /// 总行数；尚不知道时为 0
    total: u64,
}

/// 一处错误
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RosterFault {
    /// Excel 中的行号
    row: u32,
    /// 列名；为空表示整行
    column: String,
    /// 错误说明
    sentence: String,
}

impl RosterImport {
    fn new(import: Import, job: Option<&Status>) -> Self {
        let errors = import.samples.into_iter().map(|sample| RosterFault {
            row: sample.row,
            column: sample.column,
            sentence: sample.sentence,
        });
        let counts = import.counts;
        Self {
            id: import.id.to_string(),
            state: import.state,
            file_name: import.file_name,
            sha256: import.digest,
            committable: import.state.confirm(counts.faulty, counts.total).is_ok(),
            rows: RosterRows {
                total: counts.total,
                new: counts.new,
                changed: counts.changed,
                same: counts.same,
                moved: counts.moved,
                faulty: counts.faulty,
            },
            progress: job.map(|job| RosterProgress {
                state: job.state,
                done: job.done,
                total: job.total,
            }),
            errors: errors.collect(),
            errors_href: import
                .error_file
                .map(|_| format!("/api/v1/rosters/{}/errors.xlsx", import.id)),
            problem: Some(import.problem).filter(|problem| !problem.is_empty()),
            created_at: import.created_at.rfc3339(),
            finished_at: moment(import.finished_at),
        }
    }
}

/// 名册导入的一页，最近的在前
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RosterPage {
    /// 名册导入
    items: Vec<RosterImport>,
    /// 下一页的参数 after；没有下一页时为 null
    next: Option<String>,
}

/// 表单中的名册
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the form; it is read part by part")]
pub(crate) struct RosterForm {
    /// .xlsx 或 .csv 文件
    file: FileContent,
}

async fn shown(ctx: &Ctx, id: roster::ImportId) -> kernel::Result<RosterImport> {
    let (import, job) = roster::view(ctx, id).await?;
    Ok(RosterImport::new(import, job.as_ref()))
}

#[utoipa::path(
    post,
    path = "/api/v1/rosters",
    operation_id = "hand_in_roster",
    tag = "人员名册",
    summary = "报送名册，先检查",
    description = "上传 .xlsx 或 .csv（UTF-8 或 GB18030）名册，最大 20 MB，可直接作为请求体，也可放在表单的 file 字段中。先检查，不写入；检查在后台进行，请按返回的编号查询。用人单位的令牌只为本单位报送。",
    params(
        ("org" = Option<String>, Query, description = "全部人员所属单位的平台编号，仅供区使用；不填时每一行写明单位"),
        ("Idempotency-Key" = Option<String>, Header, description = "幂等键，建议用 UUID；7 天内用同一键重复同一请求，返回第一次的结果"),
    ),
    request_body(content(
        (FileContent = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (FileContent = "text/csv"),
        (FileContent = "application/octet-stream"),
        (RosterForm = "multipart/form-data"),
    ), description = "名册"),
    responses((status = 202, description = "已收下，正在检查", body = RosterImport)),
    security(("token" = ["roster"])),
)]
pub(crate) async fn hand_in(
    token: Token<RosterScope>,
    State(app): State<App>,
    parameters: Parameters,
    once: Once,
    request: Request,
) -> Reply {
    let mut read = parameters.reader();
    let org = read.id::<OrgRow>("org");
    read.finish()?;
    let sent = SentFile::read(request, &app, &TAKES).await?;
    if sent.bytes.is_empty() {
        return Err(Error::wrong("file", "upload.empty", "文件是空的，请检查后再提交。").into());
    }
    let mut file = tempfile::NamedTempFile::new().map_err(Error::broken)?;
    file.write_all(&sent.bytes).map_err(Error::broken)?;
    let csv = sent.media_type.starts_with("text/csv");
    let name = sent
        .name
        .unwrap_or_else(|| format!("接口报送名册.{}", if csv { "csv" } else { "xlsx" }));
    let digest = files::digest(&sent.bytes);
    drop(sent.bytes);
    let ctx = token.ctx().clone();
    let work = async move {
        let id = roster::start(&ctx, org, &name, file.path()).await?;
        shown(&ctx, id).await
    };
    once.run(token.ctx(), &digest, StatusCode::ACCEPTED, work).await
}

#[utoipa::path(
    get,
    path = "/api/v1/rosters",
    operation_id = "list_rosters",
    tag = "人员名册",
    summary = "查询名册导入",
    description = "令牌的角色范围内的名册导入，最近的在前。",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "每页条数，默认 50"),
        ("after" = Option<String>, Query, description = "上一页返回的 next，原样传回"),
    ),
    responses((status = 200, description = "名册导入的一页", body = RosterPage,
        headers(("Link" = String, description = "下一页的地址，rel=\"next\"")))),
    security(("token" = ["roster"])),
)]
pub(crate) async fn list(token: Token<RosterScope>, parameters: Parameters) -> Reply {
    const SORT: &str = "created";
    let mut read = parameters.reader();
    let window = read.window(SORT, true);
    read.finish()?;
    let found = roster::list(token.ctx(), &window).await?;
    let body = RosterPage {
        items: found
            .rows
            .into_iter()
            .map(|import| RosterImport::new(import, None))
            .collect(),
        next: found.next.map(|cursor| write_cursor(SORT, cursor)),
    };
    Ok(page(&body, body.next.as_deref(), &parameters)?)
}

#[utoipa::path(
    get,
    path = "/api/v1/rosters/{id}",
    operation_id = "show_roster",
    tag = "人员名册",
    summary = "查询一次名册导入",
    params(("id" = String, Path, description = "名册导入的编号")),
    responses((status = 200, description = "名册导入", body = RosterImport)),
    security(("token" = ["roster"])),
)]
pub(crate) async fn show(token: Token<RosterScope>, key: Key<ImportRow>, parameters: Parameters) -> Reply {
    parameters.reader().finish()?;
    Ok(answer(StatusCode::OK, &shown(token.ctx(), key.0).await?)?)
}

#[utoipa::path(
    post,
    path = "/api/v1/rosters/{id}/commit",
    operation_id = "commit_roster",
    tag = "人员名册",
    summary = "确认名册导入",
    description = "检查通过后写入，全部写入或一行也不写。有错误的名册不能确认，请改正后重新报送。写入在后台进行。",
    params(
        ("id" = String, Path, description = "名册导入的编号"),
        ("Idempotency-Key" = Option<String>, Header, description = "幂等键"),
    ),
    responses((status = 202, description = "已确认，正在写入", body = RosterImport)),
    security(("token" = ["roster"])),
)]
pub(crate) async fn commit(
    token: Token<RosterScope>,
    key: Key<ImportRow>,
    parameters: Parameters,
    once: Once,
) -> Reply {
    parameters.reader().finish()?;
    let ctx = token.ctx().clone();
    let work = async move {
        roster::confirm(&ctx, key.0).await?;
        shown(&ctx, key.0).await
    };
    once.run(token.ctx(), "", StatusCode::ACCEPTED, work).await
}

#[utoipa::path(
    post,
    path = "/api/v1/rosters/{id}/cancel",
    operation_id = "cancel_roster",
    tag = "人员名册",
    summary = "放弃名册导入",
    description = "尚未写入的名册可以放弃，什么都不会写入。",
    params(
        ("id" = String, Path, description = "名册导入的编号"),
        ("Idempotency-Key" = Option<String>, Header, description = "幂等键"),
    ),
    responses((status = 200, description = "已放弃", body = RosterImport)),
    security(("token" = ["roster"])),
)]
pub(crate) async fn cancel(
    token: Token<RosterScope>,
    key: Key<ImportRow>,
    parameters: Parameters,
    once: Once,
) -> Reply {
    parameters.reader().finish()?;
    let ctx = token.ctx().clone();
    let work = async move {
        roster::cancel(&ctx, key.0).await?;
        shown(&ctx, key.0).await
    };
    once.run(token.ctx(), "", StatusCode::OK, work).await
}

#[utoipa::path(
    get,
    path = "/api/v1/rosters/{id}/errors.xlsx",
    operation_id = "download_roster_errors",
    tag = "人员名册",
    summary = "下载名册错误清单",
    description = "与报送的名册行列相同，第一列是错误说明，有错的单元格着色。含完整的证件号码，每次下载都记入审计记录。没有错误时为 404。",
    params(("id" = String, Path, description = "名册导入的编号")),
    responses((status = 200, description = "错误清单", body = FileContent,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
    security(("token" = ["roster"])),
)]
pub(crate) async fn errors(token: Token<RosterScope>, key: Key<ImportRow>, parameters: Parameters) -> Reply {
    parameters.reader().finish()?;
    let file = roster::error_book(token.ctx(), key.0).await?;
    web::download(&file.name, files::XLSX, file.bytes)
}

#[utoipa::path(
    get,
    path = "/api/v1/rosters/template.xlsx",
    operation_id = "download_roster_template",
    tag = "人员名册",
    summary = "下载名册模板",
    description = "含下拉选项和填写说明。",
    responses((status = 200, description = "模板", body = FileContent,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
    security(("token" = ["roster"])),
)]
pub(crate) async fn template(token: Token<RosterScope>, parameters: Parameters) -> Reply {
    parameters.reader().finish()?;
    let bytes = roster::template(token.ctx()).await?;
    web::download("人员名册模板.xlsx", files::XLSX, bytes)
}
