//! Public notices as their keepers see them: list, draft, publish, take down.

use kernel::id::NoticeRow;
use registry::notices::{self, Draft, Notice, NoticeFilter};
use rules::{
    notices::{NoticeKind, NoticeState},
    permits::Act,
};
use ui::{Action, Cell, Choice, Column, Field, Filter, Form, Html, Row, State, Summary, Table};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    let keep = Gate::Act(Act::PublishNotice);
    Routes::new()
        .list("/desk/notices", Gate::Act(Act::ListNotices), "公告管理", list)
        .get("/desk/notices/new", keep, "拟公告", new)
        .post("/desk/notices/new", keep, "保存公告草稿", create)
        .get("/desk/notices/{id}", Gate::Act(Act::ListNotices), "公告", show)
        .get("/desk/notices/{id}/edit", keep, "修改公告草稿", edit)
        .post("/desk/notices/{id}/edit", keep, "保存公告修改", save)
        .post("/desk/notices/{id}/publish", keep, "发布公告", publish)
        .post("/desk/notices/{id}/end", keep, "撤下公告", end)
}

fn kinds() -> Vec<Choice> {
    <NoticeKind as kernel::Code>::ALL
        .iter()
        .map(|kind| Choice::new(kernel::Code::code(*kind), kind.name()))
        .collect()
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let page = caller
        .page("公告管理")
        .action(Action::link("拟公告", "/desk/notices/new"));
    let table = Table::new(
        "公告",
        columns([
            Column::main("title", "标题").sortable(),
            Column::tight("kind", "类别"),
            Column::tight("state", "状态"),
            Column::tight("published", "发布时间").sortable(),
        ]),
    )
    .filter(Filter::search("标题"))
    .filter(Filter::select("kind", "类别", kinds()))
    .sorted_by("-published")
    .when_empty("还没有公告。", Some(Action::link("拟公告", "/desk/notices/new")));
    let filter = NoticeFilter {
        words: listing.words(),
        kind: listing.choice("kind"),
        state: None,
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| notices::list(caller.ctx(), &filter, &window).await,
        row,
    )
    .await
}

fn row(notice: &Notice) -> Row {
    let published = match notice.state {
        NoticeState::Draft => Cell::Empty,
        NoticeState::Published { at } | NoticeState::Ended { published: at, .. } => Cell::Moment(at.civil()),
    };
    Row::new([
        Cell::link(notice.title.as_str(), format!("/desk/notices/{}", notice.id)),
        Cell::text(notice.kind.name()),
        state(notice.state).into(),
        published,
    ])
}

fn state(state: NoticeState) -> State {
    match state {
        NoticeState::Draft => State::Draft,
        NoticeState::Published { .. } => State::Published,
        NoticeState::Ended { .. } => State::Withdrawn,
    }
}

fn form(caller: &Caller, action: &str) -> Form {
    Form::post(action, caller.csrf())
        .field(Field::select("kind", "类别", kinds()).required())
        .field(Field::text("title", "标题").max(80).required())
        .field(
            Field::textarea("body", "正文")
                .hint("用空行分段。发布后不能修改，只能撤下后另行发布。")
                .rows(14)
                .required(),
        )
        .submit("保存草稿")
        .cancel("/desk/notices")
}

fn form_page(caller: &Caller, title: &str, form: &Form) -> Reply {
    let page = caller
        .page(title)
        .crumb("公告管理", "/desk/notices")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

fn read(fields: &Fields) -> kernel::Result<Draft> {
    let mut read = fields.reader();
    let kind = read.choice("kind", "类别");
    let draft = Draft {
        kind: kind.unwrap_or(NoticeKind::Announcement),
        title: read.text("title", "标题", 2..=80),
        body: read.text("body", "正文", 2..=20_000),
    };
    read.finish()?;
    Ok(draft)
}

async fn new(caller: Caller) -> Reply {
    form_page(&caller, "拟公告", &form(&caller, "/desk/notices/new"))
}

async fn create(caller: Caller, fields: Fields) -> Reply {
    let result = async { notices::draft(caller.ctx(), &read(&fields)?).await }.await;
    match result {
        Ok(id) => redirect_saying(&caller, &format!("/desk/notices/{id}"), "草稿已保存，尚未发布。"),
        Err(error) => reform(error, |errors| {
            form_page(
                &caller,
                "拟公告",
                &form(&caller, "/desk/notices/new").fill(fields.pairs()).errors(errors),
            )
        }),
    }
}

async fn show(caller: Caller, Key(id): Key<NoticeRow>) -> Reply {
    let notice = notices::load(caller.ctx(), id).await?;
    let version = notice.version.to_string();
    let deed = |label: &str, path: &str| {
        Action::post(label, &format!("/desk/notices/{id}/{path}"), caller.csrf()).field("version", &version)
    };
    let page = caller.page(&notice.title).crumb("公告管理", "/desk/notices");
    let page = match notice.state {
        NoticeState::Draft => page
            .lead("这是草稿，公众还看不到。")
            .action(deed("发布", "publish"))
            .other(Action::link("修改", &format!("/desk/notices/{id}/edit"))),
        NoticeState::Published { .. } => page
            .lead("已公开。")
            .action(Action::link("查看公开页面", &format!("/notices/{id}")))
            .other(deed("撤下", "end").danger()),
        NoticeState::Ended { .. } => page.lead("已撤下，公开页面会说明。"),
    };
    let facts = Summary::new()
        .fact("状态", state(notice.state))
        .fact("类别", Cell::text(notice.kind.name()));
    web::page(page, Html::of(&facts).and(&Html::paragraphs(notice.body.split("\n\n"))))
}

async fn edit(caller: Caller, Key(id): Key<NoticeRow>) -> Reply {
    let notice = notices::load(caller.ctx(), id).await?;
    notice.state.edit()?;
    form_page(&caller, "修改公告", &edit_form(&caller, &notice))
}

fn edit_form(caller: &Caller, notice: &Notice) -> Form {
    let typed = [
        ("kind", kernel::Code::code(notice.kind)),
        ("title", &notice.title),
        ("body", &notice.body),
    ];
    form(caller, &format!("/desk/notices/{}/edit", notice.id))
        .field(Field::hidden("version", &notice.version.to_string()))
        .fill(&typed)
}

async fn save(caller: Caller, Key(id): Key<NoticeRow>, fields: Fields) -> Reply {
    let notice = notices::load(caller.ctx(), id).await?;
    let result = async { notices::edit(caller.ctx(), id, version(&fields)?, &read(&fields)?).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/notices/{id}"), "草稿已保存，尚未发布。"),
        Err(error) => reform(error, |errors| {
            form_page(
                &caller,
                "修改公告",
                &edit_form(&caller, &notice).fill(fields.pairs()).errors(errors),
            )
        }),
    }
}

fn version(fields: &Fields) -> kernel::Result<i64> {
    fields.get("version").parse().map_err(|_| kernel::Error::Stale)
}

async fn publish(caller: Caller, Key(id): Key<NoticeRow>, fields: Fields) -> Reply {
    notices::publish(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/notices/{id}"), "公告已发布。")
}

async fn end(caller: Caller, Key(id): Key<NoticeRow>, fields: Fields) -> Reply {
    notices::end(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/notices/{id}"), "公告已撤下。")
}
