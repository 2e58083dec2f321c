//! The description of the interface, OpenAPI 3.1, made from the handlers and wire types and served as it is.
//!
//! What every endpoint can fail with is added here, once, from what it takes: a token, a body, a path with parts, an
//! idempotency key. `docs/openapi.json` is this text; the tests keep file, description and routes the same.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response, SecurityRequirement};
use utoipa::{Modify, OpenApi, ToSchema};
use web::{Gate, Reply, Routes};

use crate::events::{WebhookMessage, WebhookThings, Webhooks};

/// The endpoint of the description itself.
pub(crate) fn routes() -> Routes {
    Routes::new().get("/api/v1/openapi.json", Gate::Public, "接口：接口说明", serve)
}

/// RFC 9457 的问题说明，Content-Type 为 application/problem+json
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what `web` renders")]
pub(crate) struct Problem {
    /// 问题的种类，由 code 构成
    #[serde(rename = "type")]
    #[schema(example = "urn:zhixin:problem:token.missing")]
    kind: String,
    /// 问题的种类，同一种类文字不变
    #[schema(example = "未通过身份验证")]
    title: String,
    /// 这一次出了什么问题、怎么办
    detail: String,
    /// HTTP 状态码
    #[schema(example = 401)]
    status: u16,
    /// 稳定的代码，供程序判断
    #[schema(example = "token.missing")]
    code: String,
    /// 拒绝所依据的规则编号
    #[schema(example = "R-9")]
    rule: Option<String>,
    /// 逐项说明哪里不对
    errors: Vec<ProblemField>,
    /// 这次请求的编号，向管理人员反映时提供
    instance: String,
}

/// 一处不对
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what `web` renders")]
pub(crate) struct ProblemField {
    /// 参数或成员的名称，例如 results.3.outcome；为空表示整体
    field: String,
    /// 稳定的代码
    code: String,
    /// 哪里不对、怎么改
    sentence: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "知新接口",
        version = "1.0.0",
        description = "上海市专业技术人才知识更新工程平台供其他系统调用的接口。\n\n令牌由账号管理员在平台上新建，放在请求头 Authorization: Bearer 中；令牌有用途（核验、目录、年度学时、职称申报学时审核、名册、结业结果），数据范围与账号的角色相同。编号一律是字符串，学时和金额是十进制字符串，日期为 ISO 8601，时间为 RFC 3339（东八区）。未知的参数和成员会被拒绝。每个账号的每种用途每分钟最多 600 次调用，职称申报学时审核为 18000 次（各平台可另行设定）：可以集中用完，此后匀速恢复；超出时答复 429，请按 Retry-After 的秒数后再试。\n\n列表按键分页：把 next 原样作为 after 传回即为下一页。写入接口可带请求头 Idempotency-Key，7 天内用同一键重复同一请求只生效一次。错误一律为 RFC 9457 的问题说明，请按 code 判断。\n\n事件通知（Webhook）：管理员在平台上登记接收地址、选择事件；平台发送 POST，内容见 webhooks，写法依 Standard Webhooks。核验方法：密钥去掉 whsec_ 后按 Base64 解码，对“webhook-id.webhook-timestamp.请求体原文”（以英文句点连接）计算 HMAC-SHA256，其 Base64 应与请求头 webhook-signature 中某个 v1, 后的文字相同；再核对时间，并按 webhook-id 去重。答复 2xx 为收到；其他情况三天内重试十次。通知不含个人信息，详情请用令牌查询。",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        serve,
        crate::verify::by_number,
        crate::verify::by_file,
        crate::catalogue::list,
        crate::catalogue::show,
        crate::statements::query,
        crate::title_checks::check,
        crate::title_checks::standing,
        crate::rosters::list,
        crate::rosters::hand_in,
        crate::rosters::template,
        crate::rosters::show,
        crate::rosters::commit,
        crate::rosters::cancel,
        crate::rosters::errors,
        crate::completions::report,
        crate::filed_classes::file,
        crate::class_rosters::report,
    ),
    components(schemas(Problem, ProblemField, WebhookMessage, WebhookThings)),
    tags(
        (name = "核验", description = "核验证书和年度学时证明"),
        (name = "班次目录", description = "已发布的班次"),
        (name = "年度学时", description = "一人一年的学时及其理由"),
        (name = "职称申报", description = "职称申报、岗位聘任和注册的学时审核，结论签名"),
        (name = "人员名册", description = "报送本单位的专业技术人员"),
        (name = "结业结果", description = "施教机构报送班次的结果"),
        (name = "事件通知", description = "平台主动发给其他系统的通知（Webhook），见 webhooks"),
        (name = "说明", description = "接口说明"),
    ),
    modifiers(&Bearer, &Failures, &Webhooks),
)]
struct Description;

/// The security scheme that the endpoints name `token`.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("平台上新建的接口令牌，有效期 13 个月"))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The failures that an endpoint can answer with, by what it takes.
struct Failures;

impl Modify for Failures {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut openapi.paths.paths {
            let operations = [item.get.as_mut(), item.post.as_mut()];
            for operation in operations.into_iter().flatten() {
                add_failures(path, operation);
            }
        }
    }
}

fn add_failures(path: &str, operation: &mut Operation) {
    let Some(ways) = &operation.security else { return };
    let open = ways.contains(&SecurityRequirement::default());
    let headers = operation.parameters.iter().flatten();
    let keyed = headers
        .filter_map(|parameter| match parameter {
            RefOr::T(Parameter { name, .. }) => Some(name),
            RefOr::Ref(_) => None,
        })
        .any(|name| name == "Idempotency-Key");
    let takes_body = operation.request_body.is_some();
    let told = [
        ("400", takes_body, "请求体不完整"),
        ("401", true, "没有令牌，或令牌无效、已过期、已撤销"),
        ("403", true, "令牌没有这项用途，或角色没有这项权限"),
        (
            "404",
            path.contains("{id}") || (takes_body && !open),
            "不存在，或不在权限范围内",
        ),
        ("409", keyed, "与现状冲突，或使用同一幂等键的请求正在处理"),
        ("413", takes_body, "内容过大"),
        ("415", takes_body, "内容类型不支持"),
        ("422", true, "参数或内容有误，逐项说明"),
        ("429", true, "调用过于频繁，按 Retry-After 的秒数后再试"),
        ("500", true, "系统出现问题，请凭 instance 中的编号反映"),
    ];
    for (status, applies, description) in told {
        if applies {
            let responses = &mut operation.responses.responses;
            responses
                .entry(status.to_owned())
                .or_insert_with(|| problem(description).into());
        }
    }
}

fn problem(description: &str) -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    Response::builder()
        .description(description)
        .content("application/problem+json", content)
        .build()
}

/// The description as the text that is served and kept in `docs/openapi.json`.
#[must_use]
pub fn document() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let mut text = Description::openapi()
            .to_pretty_json()
            .expect("a description of plain types is JSON");
        text.push('\n');
        text
    });
    &TEXT
}

#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    operation_id = "describe",
    tag = "说明",
    summary = "接口说明",
    description = "本文档，OpenAPI 3.1。",
    responses((status = 200, description = "接口说明", content_type = "application/json", body = serde_json::Value)),
)]
pub(crate) async fn serve() -> Reply {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    Ok((headers, document()).into_response())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value as Json;

    use super::*;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

    fn read() -> Json {
        serde_json::from_str(document()).expect("JSON")
    }

    /// Method, path, operation.
    fn operations(document: &Json) -> Vec<(String, String, Json)> {
        let paths = document["paths"].as_object().expect("paths");
        let mut found = Vec::new();
        for (path, item) in paths {
            for (method, operation) in item.as_object().expect("an item") {
                found.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
        found
    }

    #[test]
    fn the_description_has_the_routes_that_are_served_and_no_other() {
        let table = crate::routes();
        let routes: BTreeSet<(String, String)> = table
            .rows()
            .iter()
            .map(|row| (row.method.to_owned(), row.path.to_owned()))
            .collect();
        let described: BTreeSet<(String, String)> = operations(&read())
            .into_iter()
            .map(|(method, path, _)| (method, path))
            .collect();
        assert_eq!(routes, described);
    }

    #[test]
    fn the_description_says_which_token_a_route_asks_for() {
        let (table, document) = (crate::routes(), read());
        for (method, path, operation) in operations(&document) {
            let row = table.rows().iter().find(|row| row.method == method && row.path == path);
            let open = match &operation["security"] {
                Json::Array(ways) => ways.iter().any(|way| way.as_object().is_some_and(|way| way.is_empty())),
                _ => true,
            };
            let public = row.is_some_and(|row| row.gate == Gate::Public);
            assert_eq!(open, public, "{method} {path}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
        fn walk(value: &Json, found: &mut Vec<String>) {
            match value {
                Json::Object(members) => {
                    found.extend(members.get("$ref").and_then(Json::as_str).map(str::to_owned));
                    members.values().for_each(|value| walk(value, found));
                }
                Json::Array(values) => values.iter().for_each(|value| walk(value, found)),
                _ => {}
            }
        }
        let document = read();
        let mut references = Vec::new();
        walk(&document, &mut references);
        assert!(references.len() > 50);
        for reference in references {
            let place = reference.trim_start_matches('#');
            assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
        }
        let all = operations(&document);
        let names: BTreeSet<&str> = all.iter().filter_map(|(_, _, o)| o["operationId"].as_str()).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.iter().all(|(_, _, o)| o["summary"].is_string()));
    }

    #[allow(clippy::disallowed_methods, reason = "a switch of this test, not configuration")]
    fn blessing() -> bool {
        std::env::var("ZHIXIN_TEST_BLESS").is_ok()
    }

    #[test]
    fn the_file_in_docs_is_what_is_served() {
        if blessing() {
            std::fs::write(FILE, document()).expect("docs/ can be written");
        }
        let kept = std::fs::read_to_string(FILE).unwrap_or_default();
        let say = "docs/openapi.json is not what the code says; run ZHIXIN_TEST_BLESS=1 cargo nextest run -p api";
        assert!(kept == document(), "{say}");
    }
}
