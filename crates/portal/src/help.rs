//! Public help: how to find, enrol, count and verify, in the order in which people ask.

use ui::Page;
use web::{Caller, Gate, Reply, Routes};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/help", Gate::Public, "使用帮助", help)
}

#[derive(askama::Template)]
#[template(path = "help.html")]
struct Help {
    page: Page,
    signed_in: bool,
    public_url: String,
}

async fn help(caller: Caller) -> Reply {
    let page = caller
        .page("使用帮助")
        .lead("找班次、报名、看学时、核验证书，常见问题在这里。")
        .description("知新平台使用帮助");
    let public_url = caller.app().installation.public_url.clone();
    web::html(&Help {
        page,
        signed_in: caller.signed_in().is_some(),
        public_url,
    })
}
