//! The audit trail: search, one entry with its difference. Taking it away as a file is written into it first.

use kernel::id::EventRow;
use registry::identity::audit::{self, Entry, Filter as Asked};
use rules::permits::Act;
use rules::{said, trail};
use ui::{Cell, Choice, Column, Filter, Html, Row, Summary, Table, TableModel};
use web::{Caller, Gate, Key, Listing, Reply, Routes, columns};

/// The pages.
pub(super) fn routes() -> Routes {
    let search = Gate::Act(Act::SearchAudit);
    Routes::new()
        .list("/desk/audit", search, "审计记录", list)
        .get("/desk/audit/{id}", search, "一条审计记录", show)
}

fn asked(listing: &Listing) -> Asked {
    let day = |key| listing.get(key).and_then(|text| text.parse().ok());
    Asked {
        actor: listing.text("actor"),
        act: listing.text("act"),
        subject_kind: listing.text("kind"),
        subject: listing.number("subject"),
        from: day("from"),
        until: day("until"),
        words: listing.words(),
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    if listing.is_export() {
        audit::note_export(caller.ctx(), &listing.address().first_page().to_string()).await?;
    }
    let (acts, kinds) = audit::vocabulary(caller.ctx()).await?;
    let acts = acts.iter().map(|code| Choice::new(code, trail::deed(code)));
    let kinds = kinds.iter().map(|code| Choice::new(code, trail::thing(code)));
    let page = caller
        .page("审计记录")
        .lead("只能查询，不能修改或删除；导出会留下记录。");
    let table = Table::new(
        "审计记录",
        columns([
            Column::tight("at", "时间").sortable(),
            Column::new("actor", "操作人").sortable(),
            Column::tight("act", "操作").sortable(),
            Column::new("subject", "对象").sortable(),
            Column::main("change", "变化"),
            Column::new("reason", "原因").hide_on_phone(),
        ]),
    )
    .filter(Filter::search("变化前后、原因、请求编号"))
    .filter(Filter::text("actor", "操作人"))
    .filter(Filter::select("act", "操作", acts))
    .filter(Filter::select("kind", "对象类别", kinds))
    .filter(Filter::text("subject", "对象编号"))
    .filter(Filter::date("from", "从"))
    .filter(Filter::date("until", "到"))
    .sorted_by("-at")
    .when_empty("没有符合条件的记录。", None);
    let asked = asked(&listing);
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| audit::search(caller.ctx(), &asked, &window).await,
        row,
    )
    .await
}

fn row(entry: &Entry) -> Row {
    Row::new([
        Cell::link(said::moment(entry.at), format!("/desk/audit/{}", entry.id)),
        Cell::stack(entry.actor.as_str(), "", entry.role.name()),
        Cell::text(trail::deed(&entry.act)),
        Cell::stack(trail::thing(&entry.subject_kind), "", entry.subject.to_string()),
        Cell::text(change(entry)),
        entry.reason.as_deref().map_or(Cell::Empty, Cell::text),
    ])
}

/// All differences in one line: `状态：待激活 → 正常；…`.
fn change(entry: &Entry) -> String {
    let rows = entry.differences().into_iter().map(|row| {
        let name = trail::member(&row.name);
        // A list without a name of its own: whose mark, which mark.
        let name = if name.is_empty() { "内容" } else { name };
        match (row.before, row.after) {
            (Some(before), Some(after)) => format!("{name}：{before} → {after}"),
            (None, Some(after)) => format!("{name}：{after}"),
            (Some(before), None) => format!("{name}：{before} → 无"),
            (None, None) => name.to_owned(),
        }
    });
    rows.collect::<Vec<_>>().join("；")
}

async fn show(caller: Caller, Key(id): Key<EventRow>) -> Reply {
    let entry = audit::load(caller.ctx(), id.get()).await?;
    let lead = format!(
        "{} 于 {} {}。",
        entry.actor,
        said::moment(entry.at),
        trail::deed(&entry.act)
    );
    let related = format!("/desk/audit?kind={}&subject={}", entry.subject_kind, entry.subject);
    let subject = format!("{} {}", trail::thing(&entry.subject_kind), entry.subject);
    let facts = Summary::new()
        .fact("编号", Cell::text(entry.id.to_string()))
        .fact("时间", Cell::Moment(entry.at.civil()))
        .fact("操作人", Cell::stack(entry.actor.as_str(), "", entry.role.name()))
        .fact("操作", Cell::text(trail::deed(&entry.act)))
        .fact("对象", Cell::link(subject, related))
        .fact("原因", entry.reason.as_deref().map_or(Cell::Empty, Cell::text))
        .fact("请求编号", Cell::text(entry.request.as_str()));
    let side = |value: Option<String>| value.map_or(Cell::muted("无"), Cell::text);
    let rows = entry
        .differences()
        .into_iter()
        .map(|row| Row::new([Cell::text(trail::member(&row.name)), side(row.before), side(row.after)]));
    let columns = [
        Column::new("name", "项目"),
        Column::main("before", "变化前"),
        Column::main("after", "变化后"),
    ];
    let table = Table::new("变化", TableModel::new(columns, rows))
        .id("change")
        .when_empty("这项操作没有改变内容。", None);
    let page = caller.page("审计记录").lead(&lead).crumb("审计记录", "/desk/audit");
    web::page(page, Html::of(&facts).and(&table))
}
