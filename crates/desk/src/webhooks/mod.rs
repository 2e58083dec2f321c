//! 事件通知: the addresses at which other systems want to be told, and the messages to each of them.

mod endpoint;
mod form;
mod messages;

use kernel::Code as _;
use registry::webhooks::{self, Endpoint, Filter as Asked};
use rules::permits::Act;
use rules::webhooks::EventKind;
use rules::webhooks::endpoint::Standing;
use ui::{Action, Cell, Choice, Column, Filter, Row, State, Table};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

const KEEP: Gate = Gate::Act(Act::ManageWebhooks);

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .list("/desk/webhooks", KEEP, "事件通知", list)
        .and(form::routes())
        .and(endpoint::routes())
        .and(messages::routes())
}

fn state(standing: Standing) -> State {
    match standing {
        Standing::On { failures: 0, .. } => State::Active,
        Standing::On { .. } => State::Retrying,
        Standing::Off { .. } => State::Suspended,
    }
}

fn kinds(kinds: &[EventKind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("、")
}

fn moment(at: Option<kernel::Time>) -> Cell {
    at.map_or(Cell::Empty, |at| Cell::Moment(at.civil()))
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let new = || Action::link("新建接收地址", "/desk/webhooks/new");
    let page = caller
        .page("事件通知")
        .lead("发生学时入账、证书签发等事件时，平台向其他系统的接收地址发送签名的通知（Webhook）。通知只有编号，不含个人信息。")
        .action(new());
    let table = Table::new(
        "接收地址",
        columns([
            Column::main("label", "名称").sortable(),
            Column::new("address", "接收地址").sortable(),
            Column::new("kinds", "事件"),
            Column::new("kept_by", "账号"),
            Column::tight("state", "状态"),
            Column::tight("delivered", "最近送达").sortable(),
        ]),
    )
    .filter(Filter::search("名称、地址"))
    .filter(Filter::select(
        "state",
        "状态",
        [("on", State::Active), ("off", State::Suspended)].map(|(code, state)| Choice::new(code, state.label())),
    ))
    .sorted_by("label")
    .when_empty("还没有接收地址。", Some(new()));
    let asked = Asked {
        words: listing.words(),
        on: match listing.get("state") {
            Some("on") => Some(true),
            Some("off") => Some(false),
            _ => None,
        },
    };
    let row = |endpoint: &Endpoint| {
        Row::new([
            Cell::link(endpoint.label.as_str(), format!("/desk/webhooks/{}", endpoint.id)),
            Cell::text(endpoint.address.as_str()),
            Cell::text(kinds(&endpoint.kinds)),
            Cell::text(endpoint.kept_by.as_str()),
            state(endpoint.standing).into(),
            moment(endpoint.delivered_at),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| webhooks::list(caller.ctx(), &asked, &window).await,
        row,
    )
    .await
}

/// Choices of kinds, by code and name.
fn choices(of: impl Iterator<Item = EventKind>) -> Vec<Choice> {
    of.map(|kind| Choice::new(kind.code(), kind.name())).collect()
}
