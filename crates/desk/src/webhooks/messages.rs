//! Messages to a receiver: where each stands, what was answered, the whole text, and once more.

use kernel::id::{DeliveryRow, EndpointRow};
use registry::webhooks::{self, Delivery, DeliveryFilter};
use rules::webhooks::EventKind;
use rules::webhooks::delivery::DeliveryState;
use ui::{Action, Cell, Choice, Column, Details, Filter, Html, Row, State, Summary, Table};
use web::{Caller, Fields, Key, Listing, Reply, Routes, columns, redirect_saying};

use super::{KEEP, choices, moment};

pub(super) fn routes() -> Routes {
    Routes::new()
        .list("/desk/webhooks/{id}/messages", KEEP, "通知记录", list)
        .get("/desk/webhooks/messages/{id}", KEEP, "一条通知", show)
        .post("/desk/webhooks/messages/{id}/again", KEEP, "重新发送通知", again)
}

fn state(delivery: &Delivery) -> State {
    match delivery.standing.state {
        DeliveryState::Waiting if delivery.standing.attempts > 0 => State::Retrying,
        DeliveryState::Waiting => State::Queued,
        DeliveryState::Delivered => State::Delivered,
        DeliveryState::GivenUp => State::GivenUp,
    }
}

/// What the receiver said last: its status, or why there was none.
fn reply(delivery: &Delivery) -> String {
    match (delivery.tried_at, delivery.status) {
        (None, _) => String::new(),
        (Some(_), Some(status)) => format!("HTTP {status}"),
        (Some(_), None) => delivery.answer.clone(),
    }
}

fn next(delivery: &Delivery) -> Cell {
    let waits = delivery.standing.state == DeliveryState::Waiting;
    moment(waits.then_some(delivery.standing.next_at))
}

pub(super) fn heads() -> [Column; 6] {
    [
        Column::main("kind", "事件"),
        Column::tight("created", "产生时间"),
        Column::tight("state", "状态"),
        Column::number("attempts", "次数"),
        Column::new("reply", "最近答复"),
        Column::tight("next", "下次发送"),
    ]
}

pub(super) fn row(delivery: &Delivery) -> Row {
    Row::new([
        Cell::link(delivery.kind.name(), format!("/desk/webhooks/messages/{}", delivery.id)),
        Cell::Moment(delivery.created_at.civil()),
        state(delivery).into(),
        Cell::Number(i64::from(delivery.standing.attempts)),
        Cell::text(reply(delivery)),
        next(delivery),
    ])
}

async fn list(caller: Caller, Key(id): Key<EndpointRow>, listing: Listing) -> Reply {
    let endpoint = webhooks::load(caller.ctx(), id).await?;
    let page = caller
        .page("通知记录")
        .lead("送达的和放弃的通知保留 180 天。")
        .crumb("事件通知", "/desk/webhooks")
        .crumb(&endpoint.label, &format!("/desk/webhooks/{id}"));
    let states = <DeliveryState as kernel::Code>::ALL;
    let kinds = endpoint.kinds.iter().copied().chain([EventKind::Test]);
    let table = Table::new("通知记录", columns(heads()))
        .filter(Filter::select(
            "state",
            "状态",
            states
                .iter()
                .map(|state| Choice::new(kernel::Code::code(*state), state.name())),
        ))
        .filter(Filter::select("kind", "事件", choices(kinds)))
        .sorted_by("-created")
        .when_empty("没有这样的通知。", None);
    let filter = DeliveryFilter {
        state: listing.choice("state"),
        kind: listing.choice("kind"),
    };
    let fetch = async |window| {
        let (_, listed) = webhooks::deliveries(caller.ctx(), id, filter, &window).await?;
        Ok(listed)
    };
    web::list(&caller, &listing, page, table, fetch, row).await
}

async fn show(caller: Caller, Key(id): Key<DeliveryRow>) -> Reply {
    let (endpoint, delivery) = webhooks::delivery(caller.ctx(), id).await?;
    let mut page = caller
        .page(delivery.kind.name())
        .crumb("事件通知", "/desk/webhooks")
        .crumb(&endpoint.label, &format!("/desk/webhooks/{}", endpoint.id));
    if delivery.standing.state != DeliveryState::Waiting || delivery.standing.attempts > 0 {
        let path = format!("/desk/webhooks/messages/{id}/again");
        page = page.action(Action::post("重新发送", &path, caller.csrf()));
    }
    let mut facts = Summary::new()
        .fact("通知编号", Cell::text(delivery.message_id()))
        .why("请求头 webhook-id；重发时不变，接收系统据此去重。")
        .fact("状态", state(&delivery))
        .fact("产生时间", Cell::Moment(delivery.created_at.civil()))
        .fact("已发送次数", Cell::Number(i64::from(delivery.standing.attempts)))
        .fact("最近发送", moment(delivery.tried_at))
        .fact("最近答复", Cell::text(reply(&delivery)))
        .fact("下次发送", next(&delivery));
    if delivery.status.is_some() && !delivery.answer.is_empty() {
        facts = facts.fact("答复内容（开头）", Cell::text(delivery.answer.as_str()));
    }
    let body = Details::new("发送的内容（JSON）", Html::paragraphs([delivery.body.as_str()]));
    web::page(page, Html::of(&facts).and(&body))
}

async fn again(caller: Caller, Key(id): Key<DeliveryRow>, _: Fields) -> Reply {
    webhooks::again(caller.ctx(), id).await?;
    let said = "已重新排队，几秒后刷新本页可以看到结果。";
    redirect_saying(&caller, &format!("/desk/webhooks/messages/{id}"), said)
}
