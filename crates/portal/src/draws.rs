//! The draws among recognised claims, published so that anyone can recompute them: list, digest, seed, scores.
//! Numbers name no person; what the checks found is not published here.

use kernel::id::DrawRow;
use learning::credits::claims::{self, Draw, DrawView};
use rules::credits::claims::sampling::DrawCode;
use ui::{Action, Alert, Cell, Column, Html, Row, Summary, Table, TableModel, Tags, Tone};
use web::{Caller, Gate, Key, Reply, Routes, download, portal_page};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/draws", Gate::Public, "学时申报抽查公示", list)
        .get("/draws/{id}", Gate::Public, "学时申报抽查批次公示", show)
        .get("/draws/{id}/list.txt", Gate::Public, "学时申报抽查名单", file)
}

async fn list(caller: Caller) -> Reply {
    let window = registry::Window::sorted("announced", true, 50);
    let found = claims::public_draws(caller.ctx(), &window).await?;
    let heads = [
        Column::main("title", "批次"),
        Column::number("population", "名单件数"),
        Column::number("chosen", "抽取件数"),
        Column::tight("state", "状态"),
        Column::tight("announced", "公布时间"),
    ];
    let rows = found.rows.iter().map(|draw: &Draw| {
        Row::new([
            Cell::link(draw.title.as_str(), format!("/draws/{}", draw.id)),
            Cell::Number(draw.population),
            Cell::Number(draw.chosen),
            Cell::text(draw.state().name()),
            Cell::Moment(draw.announced_at.civil()),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let table = Table::new("抽查批次", TableModel::new(heads, rows)).when_empty("还没有抽查过。", None);
    let page = caller
        .page("学时申报抽查公示")
        .lead("先公布名单，再用之后才产生的公开数字抽取，任何人都可以重算。");
    portal_page(page, Html::of(&table))
}

async fn show(caller: Caller, Key(id): Key<DrawRow>) -> Reply {
    let view = claims::public_draw(caller.ctx(), id).await?;
    let draw = &view.draw;
    let lead = match draw.state() {
        DrawCode::Announced => format!("名单已公布，共 {} 件，将抽取 {} 件。", draw.population, draw.chosen),
        DrawCode::Drawn => format!("从 {} 件中抽取了 {} 件。", draw.population, draw.chosen),
    };
    let page = caller
        .page(&draw.title)
        .lead(&lead)
        .crumb("学时申报抽查公示", "/draws")
        .other(Action::download("名单（文本）", &format!("/draws/{id}/list.txt")));
    let mut facts = Summary::new()
        .fact("认定日期", Cell::DateRange(draw.from, draw.until))
        .fact("抽查比例", Cell::text(format!("{}%", draw.percent)))
        .fact("名单公布时间", Cell::Moment(draw.announced_at.civil()))
        .fact("名单摘要（SHA-256）", Cell::text(draw.digest.as_str()));
    if let Some((seed, source)) = &draw.seed {
        facts = facts.fact("种子", Cell::text(seed.as_str())).why(source);
    }
    let how = Alert::new(Tone::Active, "怎样重算")
        .text("1. 名单按编号升序，每个编号后加一个换行，算 SHA-256，应等于名单摘要。")
        .text("2. 对每个编号算 SHA-256（摘要、换行、种子、换行、编号），得到它的分值。")
        .text("3. 分值最小的若干件就是抽中的。");
    let body = Html::of(&facts).and(&chosen(&view)).and(&how);
    portal_page(page, body.and(&Tags::new(view.numbers.iter().take(500).cloned())))
}

fn chosen(view: &DrawView) -> Table {
    let heads = [
        Column::tight("number", "申报编号"),
        Column::main("score", "分值（SHA-256）"),
    ];
    let rows = view.chosen.iter().map(|check| {
        Row::new([
            Cell::text(check.number.as_str()),
            Cell::text(check.score.as_deref().unwrap_or_default()),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("抽中的申报", TableModel::new(heads, rows)).when_empty("还没有抽取。", None)
}

async fn file(caller: Caller, Key(id): Key<DrawRow>) -> Reply {
    let view = claims::public_draw(caller.ctx(), id).await?;
    let mut text = view.numbers.join("\n");
    text.push('\n');
    download("名单.txt", "text/plain; charset=utf-8", text)
}
