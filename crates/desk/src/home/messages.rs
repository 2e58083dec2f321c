//! Messages: what happened that concerns the reader.

use learning::credits::reminders;
use registry::notices::{self, Message};
use rules::permits::{self, Act};
use ui::{Action, Cell, Column, Html, Row, SectionHead, Table, TableModel};
use web::{Caller, Fields, Gate, Reply, Routes, redirect, redirect_saying};

/// How many messages the page shows.
const SHOWN: u32 = 200;

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/messages", Gate::SignedIn, "消息", list)
        .post("/desk/messages/read", Gate::SignedIn, "全部标为已读", read)
        .post("/desk/messages/mute", Gate::SignedIn, "关闭学时提醒", mute)
        .post("/desk/messages/unmute", Gate::SignedIn, "恢复学时提醒", unmute)
        .get("/messages", Gate::SignedIn, "消息（短地址）", short)
}

async fn short() -> Reply {
    redirect("/desk/messages")
}

/// The newest messages, for the home page.
pub(super) fn newest(messages: &[Message]) -> Html {
    let head = Html::of(&SectionHead::new("最新消息").more("全部消息", "/desk/messages"));
    if messages.is_empty() {
        return head.and(&Html::paragraphs([
            "还没有消息。报名、递补、取消和导入的结果会在这里告诉您。",
        ]));
    }
    head.and(&table(messages))
}

fn table(messages: &[Message]) -> Table {
    let heads = [
        Column::main("title", "消息"),
        Column::tight("at", "时间"),
        Column::tight("state", "状态"),
    ];
    let rows = messages.iter().map(|message| {
        let state = if message.read_at.is_some() {
            Cell::muted("已读")
        } else {
            Cell::badge(ui::Tone::Active, "未读")
        };
        Row::new([
            Cell::stack(message.title.as_str(), message.href.as_str(), message.body.as_str()),
            Cell::Moment(message.created_at.civil()),
            state,
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("消息", TableModel::new(heads, rows))
        .id("messages")
        .when_empty(
            "还没有消息。报名、递补、取消和导入的结果会在这里告诉您。",
            Some(Action::link("回到首页", "/desk")),
        )
}

async fn list(caller: Caller) -> Reply {
    let messages = notices::messages(caller.ctx(), SHOWN).await?;
    let unread = messages.iter().filter(|message| message.read_at.is_none()).count();
    let lead = match (messages.len(), unread) {
        (0, _) => "还没有消息。".to_owned(),
        (_, 0) => "没有未读消息。".to_owned(),
        (_, unread) => format!("{unread} 条未读。"),
    };
    let mut page = caller.page("消息").lead(&lead);
    if unread > 0 {
        page = page.action(Action::post("全部标为已读", "/desk/messages/read", caller.csrf()));
    }
    if permits::has(&caller.ctx().actor, Act::ListTasks) {
        page = page.other(Action::link("查看待办", "/desk/tasks"));
    }
    if caller.ctx().actor.person().is_some() {
        page = page.other(if reminders::is_muted(caller.ctx()).await? {
            Action::post("恢复学时提醒", "/desk/messages/unmute", caller.csrf())
        } else {
            Action::post("关闭学时提醒", "/desk/messages/mute", caller.csrf())
        });
    }
    web::page(page, Html::of(&table(&messages)))
}

async fn mute(caller: Caller, _: Fields) -> Reply {
    reminders::mute(caller.ctx()).await?;
    redirect_saying(
        &caller,
        "/desk/messages",
        "已关闭学时提醒，年底前不再提醒您补学时；可随时恢复。",
    )
}

async fn unmute(caller: Caller, _: Fields) -> Reply {
    reminders::unmute(caller.ctx()).await?;
    redirect_saying(&caller, "/desk/messages", "已恢复学时提醒。")
}

async fn read(caller: Caller, _: Fields) -> Reply {
    notices::mark_read(caller.ctx()).await?;
    redirect_saying(&caller, "/desk/messages", "已全部标为已读。")
}
