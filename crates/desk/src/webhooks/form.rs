//! A receiver's address and what it is told: new, with its secret shown once, and changed.

use kernel::Code as _;
use kernel::id::EndpointRow;
use registry::webhooks::{self, Draft, Endpoint};
use rules::webhooks::{EventKind, offered};
use ui::{Action, Field, Form, Html, Receipt};
use web::{Caller, Failure, Fields, Key, Reply, Routes, redirect_saying, reform};

use super::{KEEP, choices};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/webhooks/new", KEEP, "新建接收地址", new)
        .post("/desk/webhooks/new", KEEP, "新建接收地址", create)
        .get("/desk/webhooks/{id}/edit", KEEP, "修改接收地址", edit)
        .post("/desk/webhooks/{id}/edit", KEEP, "修改接收地址", save)
}

fn form(caller: &Caller, address: &str, back: &str) -> Form {
    Form::post(address, caller.csrf())
        .field(
            Field::text("label", "名称")
                .hint("哪个系统接收，例如：人事系统。")
                .max(40)
                .required(),
        )
        .field(
            Field::text("address", "接收地址")
                .hint("以 https:// 开头的完整网址；不能指向内部地址。")
                .max(500)
                .inputmode("url")
                .required(),
        )
        .field(
            Field::checkboxes("kinds", "事件", choices(offered(&caller.ctx().actor)))
                .hint("只通知您当前角色看得到的内容。")
                .required(),
        )
        .submit("保存")
        .cancel(back)
}

fn form_page(caller: &Caller, title: &str, form: &Form) -> Reply {
    let page = caller
        .page(title)
        .crumb("事件通知", "/desk/webhooks")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

fn read(fields: &Fields) -> kernel::Result<Draft> {
    let mut read = fields.reader();
    let draft = Draft {
        label: read.text("label", "名称", 2..=40),
        address: read.text("address", "接收地址", 1..=500),
        kinds: fields
            .all("kinds")
            .into_iter()
            .filter_map(EventKind::from_code)
            .collect(),
    };
    read.finish()?;
    Ok(draft)
}

async fn new(caller: Caller) -> Reply {
    form_page(
        &caller,
        "新建接收地址",
        &form(&caller, "/desk/webhooks/new", "/desk/webhooks"),
    )
}

async fn create(caller: Caller, fields: Fields) -> Reply {
    let grant = caller.signed_in().ok_or_else(Failure::signed_out)?.grant;
    let courier = &caller.app().courier;
    let result = async { webhooks::create(caller.ctx(), courier, grant, read(&fields)?).await }.await;
    match result {
        Ok((id, secret)) => shown_once(&caller, "接收地址已新建", &format!("/desk/webhooks/{id}"), &secret),
        Err(error) => reform(error, |errors| {
            let form = form(&caller, "/desk/webhooks/new", "/desk/webhooks");
            form_page(&caller, "新建接收地址", &form.fill(fields.pairs()).errors(errors))
        }),
    }
}

/// The one page that shows a secret.
pub(super) fn shown_once(caller: &Caller, title: &str, back: &str, secret: &str) -> Reply {
    let receipt = Receipt::new(&format!("{title}，签名密钥如下。"), secret)
        .number_label("签名密钥（只显示这一次）")
        .next("请立即复制到接收系统并妥善保管；接收系统用它核验每条通知的签名。")
        .next("签名写法见接口说明的“事件通知”一节（Standard Webhooks，HMAC-SHA256）。")
        .next("配置好以后，在接收地址页面发送一条测试通知。")
        .action(Action::link("查看接收地址", back).primary());
    web::page(
        caller.page(title).crumb("事件通知", "/desk/webhooks"),
        Html::of(&receipt),
    )
}

fn edit_form(caller: &Caller, endpoint: &Endpoint) -> Form {
    let path = format!("/desk/webhooks/{}", endpoint.id);
    let mut typed = vec![
        ("label", endpoint.label.as_str()),
        ("address", endpoint.address.as_str()),
    ];
    typed.extend(endpoint.kinds.iter().map(|kind| ("kinds", kind.code())));
    form(caller, &format!("{path}/edit"), &path)
        .field(Field::hidden("version", &endpoint.version.to_string()))
        .fill(&typed)
}

async fn edit(caller: Caller, Key(id): Key<EndpointRow>) -> Reply {
    let endpoint = webhooks::load(caller.ctx(), id).await?;
    form_page(&caller, "修改接收地址", &edit_form(&caller, &endpoint))
}

async fn save(caller: Caller, Key(id): Key<EndpointRow>, fields: Fields) -> Reply {
    let endpoint = webhooks::load(caller.ctx(), id).await?;
    let courier = &caller.app().courier;
    let result = async { webhooks::edit(caller.ctx(), courier, id, version(&fields)?, read(&fields)?).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/webhooks/{id}"), "已保存，下一条通知起生效。"),
        Err(error) => reform(error, |errors| {
            let form = edit_form(&caller, &endpoint).fill(fields.pairs()).errors(errors);
            form_page(&caller, "修改接收地址", &form)
        }),
    }
}

/// The version that the form was made from.
pub(super) fn version(fields: &Fields) -> kernel::Result<i64> {
    fields.get("version").parse().map_err(|_| kernel::Error::Stale)
}
