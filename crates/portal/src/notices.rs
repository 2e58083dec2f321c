//! Public notices: the list and one notice. Notices that were taken down keep their page and say so.

use kernel::id::NoticeRow;
use registry::notices::{self, Notice, NoticeFilter};
use rules::notices::{NoticeKind, NoticeState};
use ui::{Action, Alert, Empty, Html, Notices, Tabs, Tone, format};
use web::{Caller, Gate, Key, Listing, Reply, Routes, write_cursor};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/notices", Gate::Public, "公告列表", list)
        .get("/notices/{id}", Gate::Public, "公告正文", show)
}

/// A notice as a line of the list.
pub(crate) fn entry(notice: &Notice) -> ui::parts::Notice {
    ui::parts::Notice {
        title: notice.title.clone(),
        href: format!("/notices/{}", notice.id),
        date: published(notice.state),
        kind: notice.kind.name().to_owned(),
    }
}

fn published(state: NoticeState) -> String {
    match state {
        NoticeState::Draft => String::new(),
        NoticeState::Published { at } | NoticeState::Ended { published: at, .. } => format::date(at.date()),
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let kind: Option<NoticeKind> = listing.choice("kind");
    let filter = NoticeFilter {
        words: listing.words(),
        kind,
        state: None,
    };
    let window = registry::Window {
        sort: "published".to_owned(),
        descending: true,
        size: 20,
        ..listing.window("-published")
    };
    let found = notices::list_public(caller.ctx(), &filter, &window).await?;
    let address = listing.address();
    let mut tabs = Tabs::new("公告类别").tab("全部", "/notices", kind.is_none());
    for each in <NoticeKind as kernel::Code>::ALL {
        tabs = tabs.tab(
            each.name(),
            &format!("/notices?kind={}", kernel::Code::code(*each)),
            kind == Some(*each),
        );
    }
    let body = if found.rows.is_empty() {
        Html::of(&tabs)
            .and(&Empty::new("没有公告", "这一类公告还没有发布。").action(Action::link("查看全部公告", "/notices")))
    } else {
        Html::of(&tabs).and(&Notices {
            notices: found.rows.iter().map(entry).collect(),
        })
    };
    let turn = |label: &str, key: &str, cursor: &registry::Cursor| {
        Action::link(
            label,
            &address.first_page().with(key, &write_cursor(cursor)).to_string(),
        )
    };
    let pages: Vec<Action> = [
        found.previous.as_ref().map(|cursor| turn("上一页", "before", cursor)),
        found.next.as_ref().map(|cursor| turn("下一页", "after", cursor)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let body = if pages.is_empty() {
        body
    } else {
        body.and(&ui::Actions::new(pages))
    };
    let lead = format!(
        "共 {} 条。年度计划、招收学员通知和结果在这里统一公开。",
        found.total.unwrap_or_default()
    );
    web::portal_page(caller.page("通知公告").lead(&lead), body)
}

async fn show(caller: Caller, Key(id): Key<NoticeRow>) -> Reply {
    let notice = notices::public(caller.ctx(), id).await?;
    let page = caller.page(&notice.title).crumb("通知公告", "/notices").lead(&format!(
        "{} · {} 发布",
        notice.kind.name(),
        published(notice.state)
    ));
    let words = Html::paragraphs(notice.body.split("\n").map(str::trim).filter(|line| !line.is_empty()));
    let body = match notice.state {
        NoticeState::Ended { at, .. } => Html::of(&Alert::new(Tone::Warn, "这条公告已撤下").text(&format!(
            "已于 {} 撤下，内容仅供查阅，不再作为依据。",
            format::date(at.date())
        )))
        .and(&words),
        _ => words,
    };
    web::portal_page(page, body)
}
