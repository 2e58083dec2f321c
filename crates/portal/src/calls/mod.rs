//! Calls for projects as everybody sees them: what is called for, and the published annual plan with its hosts and changes.
//!
//! `notice` is the plan under public notice. Who declared without success, who objected, scores and budgets are not published.

mod notice;

use kernel::id::CallRow;
use oversight::calls::{self, Call, CallFilter, PublicCall};
use registry::taxonomy::{self, Names};
use rules::calls::{CallState, DeclarationState};
use rules::taxonomy::Vocabulary;
use ui::{Action, Alert, Cell, Column, Html, Row, SectionHead, Summary, Table, TableModel, Tone, format};
use web::{Caller, Gate, Key, Listing, Reply, Routes, portal_page};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/calls", Gate::Public, "项目征集和年度计划", list)
        .get("/calls/{id}", Gate::Public, "项目征集公开页面", show)
        .and(notice::routes())
}

async fn names(caller: &Caller) -> kernel::Result<std::sync::Arc<Names>> {
    taxonomy::names(&mut caller.ctx().db.read().await?).await
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let filter = CallFilter {
        state: listing.choice("state"),
        year: listing.number("year"),
        ..CallFilter::default()
    };
    let window = registry::Window::sorted("since", true, 100);
    let found = calls::public_calls(caller.ctx(), &filter, &window).await?;
    let heads = [
        Column::main("title", "征集"),
        Column::new("authority", "组织单位"),
        Column::number("year", "年度"),
        Column::tight("state", "进展"),
        Column::tight("closes", "申报截止"),
    ];
    let rows = found.rows.iter().map(|call| {
        Row::new([
            Cell::stack(
                call.title.as_str(),
                format!("/calls/{}", call.id),
                call.number.as_deref().unwrap_or_default(),
            ),
            Cell::text(call.authority.as_str()),
            Cell::text(call.year.to_string()),
            Cell::text(call.state.name()),
            Cell::Moment(call.closes_at.civil()),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let open = found.rows.iter().filter(|call| call.state == CallState::Open).count();
    let noticed = found
        .rows
        .iter()
        .filter(|call| call.state == CallState::Noticed)
        .count();
    let page = caller.page("项目征集和年度计划").lead(&format!(
        "{open} 个征集正在进行，{noticed} 个计划正在公示。年度项目计划和承办单位在这里公开。"
    ));
    let table = Table::new("项目征集", TableModel::new(heads, rows)).when_empty("还没有发布过项目征集。", None);
    portal_page(page, Html::of(&table))
}

async fn show(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    let public = calls::public_call(caller.ctx(), id).await?;
    let call = &public.call;
    let names = names(&caller).await?;
    let mut page = caller
        .page(&call.title)
        .lead(&lead(&public))
        .crumb("项目征集和年度计划", "/calls");
    if call.state == CallState::Noticed {
        page = page.action(Action::link("查看公示", &format!("/calls/{id}/notice")));
    } else if call.notice_at.is_some() {
        page = page.other(Action::link("公示记录", &format!("/calls/{id}/notice")));
    }
    let mut body = Html::of(&facts(call));
    if call.state == CallState::Cancelled {
        body = body.and(&Alert::new(Tone::Neutral, "这次征集已终止").text(&call.reason));
    }
    if call.state == CallState::Published {
        body = body
            .and(&SectionHead::new("年度项目计划"))
            .and(&plan(&public, &names))
            .and(&changes(&public));
    }
    let words = Html::paragraphs(call.body.split('\n').map(str::trim).filter(|line| !line.is_empty()));
    body = body.and(&SectionHead::new("征集通知")).and(&words);
    if call.template.topics {
        body = body
            .and(&SectionHead::new("已采纳的选题"))
            .and(&topics(&public, &names));
    }
    portal_page(page, body)
}

fn lead(public: &PublicCall) -> String {
    let call = &public.call;
    match call.state {
        CallState::Open => format!("正在征集，{} 截止。", call.closes_at),
        CallState::Published => {
            let at = call.published_at.map(|at| format::date(at.date())).unwrap_or_default();
            format!(
                "{at} 公布，{} 个项目。",
                public.projects.iter().filter(|(one, _)| one.state.is_planned()).count()
            )
        }
        other => other.sees().to_owned(),
    }
}

fn facts(call: &Call) -> Summary {
    let who: Vec<&str> = call.template.declarants.iter().map(|one| one.name()).collect();
    let mut facts = Summary::new()
        .fact("编号", Cell::text(call.number.as_deref().unwrap_or_default()))
        .fact("项目种类", Cell::text(call.template.kind.as_str()))
        .fact("层级", Cell::text(call.level.name()))
        .fact("组织单位", Cell::text(call.authority.as_str()))
        .fact("计划数", Cell::text(format!("{} 个", call.places)))
        .fact("可以申报的单位", Cell::text(who.join("、")))
        .fact(
            "申报时间",
            Cell::text(format!("{} 至 {}", call.opens_at, call.closes_at)),
        );
    if let Some(until) = call.topics_until {
        facts = facts.fact("选题截止", Cell::Moment(until.civil()));
    }
    facts
}

fn topics(public: &PublicCall, names: &Names) -> Table {
    let heads = [
        Column::main("title", "选题"),
        Column::new("field", "领域"),
        Column::new("proposer", "提出单位"),
        Column::new("host", "承办方式"),
    ];
    let rows = public.topics.iter().map(|topic| {
        Row::new([
            Cell::text(topic.title.as_str()),
            Cell::text(names.of(Vocabulary::FocusField, &topic.field)),
            Cell::text(topic.proposer.as_str()),
            match topic.host_name.as_str() {
                "" => Cell::text("公开申报"),
                name => Cell::text(format!("推荐{name}")),
            },
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("已采纳的选题", TableModel::new(heads, rows))
        .id("topics")
        .when_empty("还没有采纳的选题。", None)
}

fn plan(public: &PublicCall, names: &Names) -> Table {
    let heads = [
        Column::tight("number", "编号"),
        Column::main("title", "项目"),
        Column::new("host", "承办单位"),
        Column::new("field", "领域").hide_on_phone(),
        Column::number("people", "人数"),
        Column::tight("state", "情况"),
    ];
    let rows = public.projects.iter().map(|(one, _)| {
        let number = one.plan_number.as_deref().or(one.number.as_deref()).unwrap_or_default();
        Row::new([
            Cell::text(number),
            Cell::text(one.content.title.as_str()),
            Cell::text(one.host_name.as_str()),
            Cell::text(names.of_opt(Vocabulary::FocusField, one.content.field.as_deref())),
            one.content
                .people
                .map_or(Cell::Empty, |people| Cell::Number(i64::from(people))),
            match one.state {
                DeclarationState::Approved => Cell::text("实施"),
                other => Cell::text(other.name()),
            },
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("项目", TableModel::new(heads, rows))
        .id("plan")
        .when_empty("没有项目。", None)
}

/// What was changed since the plan was published.
fn changes(public: &PublicCall) -> Html {
    let lines: Vec<String> = public
        .projects
        .iter()
        .flat_map(|(one, changes)| {
            changes.iter().map(move |told| {
                format!(
                    "{} {}《{}》：{}",
                    format::date(told.at.date()),
                    told.deed.name(),
                    one.content.title,
                    told.note
                )
            })
        })
        .collect();
    if lines.is_empty() {
        return Html::default();
    }
    Html::of(&SectionHead::new("计划变更")).and(&Html::paragraphs(lines.iter().map(String::as_str)))
}
