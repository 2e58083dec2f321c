//! The messages that other systems are sent, as the member `webhooks` of the description: one for each kind of event, all of
//! one form. They are made and sent by `registry::webhooks`; what stands here only describes them.

use kernel::Code as _;
use rules::webhooks::EventKind;
use serde::Serialize;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn, PathItem, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{Content, HttpMethod, Ref, Required, Response};
use utoipa::{Modify, ToSchema};

use crate::vocabulary::EventKindCode;

/// 一条事件通知；核验请求头 webhook-signature 之后才能采信
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what `registry::webhooks` sends")]
pub(crate) struct WebhookMessage {
    /// 事件
    #[serde(rename = "type")]
    #[schema(value_type = EventKindCode)]
    kind: String,
    /// 事件发生的时间
    #[schema(format = "date-time")]
    timestamp: String,
    /// 涉及的内容，只有编号；详情请用令牌调用接口查询
    data: WebhookThings,
}

/// 涉及的内容：按事件只有其中一项列表，最多 500 个编号，更多的分成几条通知
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what `registry::webhooks` sends")]
pub(crate) struct WebhookThings {
    /// 班次编号
    classes: Option<Vec<String>>,
    /// 学时流水号
    entries: Option<Vec<String>>,
    /// 学时异议编号
    disputes: Option<Vec<String>>,
    /// 证书编号，可用于核验
    certificates: Option<Vec<String>>,
    /// 职称申报学时审核结论的编号
    title_checks: Option<Vec<String>>,
    /// 学时年度
    years: Option<Vec<String>>,
    /// 测试：接收地址编号
    endpoints: Option<Vec<String>>,
    /// 学时来自哪个班次
    class: Option<String>,
    /// 学时来自哪件申报
    claim: Option<String>,
    /// 学时来自哪件异议的决定
    dispute: Option<String>,
}

/// Adds the messages to the description.
pub(crate) struct Webhooks;

const HEADERS: [(&str, &str); 3] = [
    ("webhook-id", "通知编号；重发时不变，据此去重"),
    (
        "webhook-timestamp",
        "发送时间，1970 年起的秒数；与当前时间相差过大的请拒绝",
    ),
    (
        "webhook-signature",
        "签名，形如 v1,Base64；更换密钥后的一天内有两个，以空格分隔，其一相符即可",
    ),
];

impl Modify for Webhooks {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let mut webhooks = Paths::new();
        for kind in EventKind::ALL {
            webhooks.paths.insert(kind.code().to_owned(), item(*kind));
        }
        openapi.webhooks = Some(webhooks);
    }
}

fn item(kind: EventKind) -> PathItem {
    let body = RequestBodyBuilder::new()
        .content(
            "application/json",
            Content::new(Some(Ref::from_schema_name("WebhookMessage"))),
        )
        .required(Some(Required::True))
        .build();
    let mut operation = OperationBuilder::new()
        .operation_id(Some(format!("on_{}", kind.code().replace('.', "_"))))
        .tag("事件通知")
        .summary(Some(kind.name()))
        .request_body(Some(body))
        .response("2XX", Response::new("已收到；10 秒内没有答复或其他状态码按失败重试"))
        .response("410", Response::new("不再接收；平台停用这个接收地址"));
    for (name, description) in HEADERS {
        let header = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(description));
        operation = operation.parameter(header);
    }
    PathItem::new(HttpMethod::Post, operation)
}
