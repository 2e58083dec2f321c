//! One receiver: whether it listens, its latest messages, and what its administrator can do.

use kernel::id::EndpointRow;
use registry::Window;
use registry::webhooks::{self, DeliveryFilter, Endpoint};
use rules::webhooks::endpoint::Standing;
use ui::{Action, Alert, Cell, Form, Html, Page, Summary, Table, TableModel, Tone, format};
use web::{Caller, Fields, Key, Reply, Routes, redirect_saying};

use super::form::{shown_once, version};
use super::{KEEP, kinds, messages, moment, state};

/// Messages shown on the page; the rest is a list of its own.
const LATEST: u32 = 10;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/webhooks/{id}", KEEP, "接收地址", show)
        .post("/desk/webhooks/{id}/test", KEEP, "发送测试通知", test)
        .post("/desk/webhooks/{id}/off", KEEP, "停用接收地址", switch_off)
        .post("/desk/webhooks/{id}/on", KEEP, "启用接收地址", switch_on)
        .get("/desk/webhooks/{id}/secret", KEEP, "更换签名密钥前确认", ask)
        .post("/desk/webhooks/{id}/secret", KEEP, "更换签名密钥", rotate)
}

async fn show(caller: Caller, Key(id): Key<EndpointRow>) -> Reply {
    let window = Window::sorted("created", true, LATEST);
    let (endpoint, latest) = webhooks::deliveries(caller.ctx(), id, DeliveryFilter::default(), &window).await?;
    let page = caller
        .page(&endpoint.label)
        .crumb("事件通知", "/desk/webhooks")
        .lead(&answer(&endpoint));
    let page = deeds(&caller, page, &endpoint);
    let mut facts = Summary::new()
        .fact("接收地址", Cell::text(endpoint.address.as_str()))
        .fact("状态", state(endpoint.standing))
        .fact("事件", Cell::text(kinds(&endpoint.kinds)))
        .fact("账号", Cell::text(endpoint.kept_by.as_str()))
        .why("只通知这个账号当前角色看得到的内容；角色终止后自动停用。")
        .fact("最近送达", moment(endpoint.delivered_at));
    let now = caller.ctx().now();
    if let Some((_, until)) = endpoint.former.as_ref().filter(|(_, until)| now < *until) {
        let words = format!("{} 前同时用原密钥签名", format::moment(until.civil()));
        facts = facts.fact("签名密钥", Cell::text(words));
    }
    let rows = latest.rows.iter().map(messages::row);
    let table = Table::new("最近的通知", TableModel::new(messages::heads(), rows))
        .tool(Action::link("全部通知", &format!("/desk/webhooks/{id}/messages")))
        .when_empty("还没有通知。可以先发送一条测试通知。", None);
    web::page(page, Html::of(&facts).and(&table))
}

/// Whether it is told, in a sentence.
fn answer(endpoint: &Endpoint) -> String {
    match endpoint.standing {
        Standing::On {
            failing_since: Some(since),
            failures,
        } => format!(
            "自 {} 起连续 {failures} 次没有送达，平台会按越来越长的间隔重试。",
            format::moment(since.civil())
        ),
        Standing::On { .. } => "正在使用。".to_owned(),
        Standing::Off { at, why } => format!(
            "{} 起停用：{}。停用期间的事件不通知；未送达的通知保留，启用后继续发送。",
            format::moment(at.civil()),
            why.name()
        ),
    }
}

fn deeds(caller: &Caller, page: Page, endpoint: &Endpoint) -> Page {
    let path = |deed: &str| format!("/desk/webhooks/{}/{deed}", endpoint.id);
    let version = endpoint.version.to_string();
    let post = |label: &str, deed: &str| Action::post(label, &path(deed), caller.csrf()).field("version", &version);
    let page = match endpoint.standing {
        Standing::On { .. } => page
            .action(Action::post("发送测试通知", &path("test"), caller.csrf()))
            .other(post("停用", "off").danger()),
        Standing::Off { .. } => page.action(post("启用", "on")),
    };
    page.other(Action::link("修改", &path("edit")))
        .other(Action::link("更换签名密钥", &path("secret")))
}

async fn test(caller: Caller, Key(id): Key<EndpointRow>, _: Fields) -> Reply {
    webhooks::test(caller.ctx(), id).await?;
    let said = "测试通知已排队，几秒后刷新本页可以看到结果。";
    redirect_saying(&caller, &format!("/desk/webhooks/{id}"), said)
}

async fn switch_off(caller: Caller, Key(id): Key<EndpointRow>, fields: Fields) -> Reply {
    webhooks::switch_off(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/webhooks/{id}"), "已停用。")
}

async fn switch_on(caller: Caller, Key(id): Key<EndpointRow>, fields: Fields) -> Reply {
    webhooks::switch_on(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/webhooks/{id}"), "已启用。")
}

async fn ask(caller: Caller, Key(id): Key<EndpointRow>) -> Reply {
    let endpoint = webhooks::load(caller.ctx(), id).await?;
    let path = format!("/desk/webhooks/{id}");
    let form = Form::post(&format!("{path}/secret"), caller.csrf())
        .field(ui::Field::hidden("version", &endpoint.version.to_string()))
        .submit("更换密钥")
        .cancel(&path);
    let page = caller
        .page("更换签名密钥")
        .lead("更换后的一天内，每条通知同时带新、旧两个密钥的签名，接收系统可以在这段时间里换上新密钥。")
        .crumb("事件通知", "/desk/webhooks")
        .crumb(&endpoint.label, &path);
    let warning = Alert::new(Tone::Warn, "密钥已经泄露？").text("旧密钥一天后失效。如果需要它立即失效，请更换两次。");
    web::page(page, Html::of(&warning).and(&form))
}

async fn rotate(caller: Caller, Key(id): Key<EndpointRow>, fields: Fields) -> Reply {
    let secret = webhooks::rotate(caller.ctx(), id, version(&fields)?).await?;
    shown_once(&caller, "签名密钥已更换", &format!("/desk/webhooks/{id}"), &secret)
}
