//! The vocabularies as anybody reads them: every term with its code and its source, so that what stands in a filter, a file
//! or an export can be looked up. Where a term sorts classes or organisations it says how many, and leads to them.
//! Deliberately absent: search and export (the desk's list has them), terms that are no longer offered.

use kernel::Code as _;
use oversight::reports::{self, Inventory};
use registry::taxonomy::{self, Names, Term, Vocabulary};
use ui::{Cell, Column, Details, Html, Page, Row, Table, TableModel, format};
use web::{Caller, Gate, Reply, Routes};

use crate::shown;

/// More terms than this are folded.
const LONG: usize = 40;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/terms", Gate::Public, "公开词表", show)
}

/// One vocabulary of the page.
struct Section {
    id: &'static str,
    title: &'static str,
    count: usize,
    body: Html,
}

#[derive(askama::Template)]
#[template(path = "terms.html")]
struct Terms {
    page: Page,
    sections: Vec<Section>,
}

async fn show(caller: Caller) -> Reply {
    let ctx = caller.ctx();
    let exists = reports::progress(ctx).await?.inventory.clone();
    let names = shown::names(ctx).await?;
    let mut sections = Vec::new();
    for vocabulary in taxonomy::vocabularies() {
        let terms = taxonomy::terms(&mut ctx.db.read().await?, *vocabulary).await?;
        if terms.is_empty() {
            continue;
        }
        let table = table(*vocabulary, &terms, (&names, &exists));
        let body = if terms.len() > LONG {
            let summary = format!("展开全部 {} 项", format::number(len(terms.len())));
            Html::of(&Details::new(&summary, Html::of(&table)))
        } else {
            Html::of(&table)
        };
        sections.push(Section {
            id: vocabulary.code(),
            title: vocabulary.name(),
            count: terms.len(),
            body,
        });
    }
    let all: usize = sections.iter().map(|section| section.count).sum();
    let lead = format!(
        "平台上可选的领域、区域、职称和部门都来自这 {} 个词表，共 {} 项，每一项都注明出处。",
        sections.len(),
        format::number(len(all))
    );
    let page = caller.page("公开词表").lead(&lead).description(
        "知新平台使用的受控词表：聚焦领域、重点区域、数字经济产业和场景、行业主管部门、职称系列等，附代码和出处。",
    );
    web::html(&Terms { page, sections })
}

fn len(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The vocabulary above, whose term a term belongs to.
const fn above(vocabulary: Vocabulary) -> Option<(Vocabulary, &'static str)> {
    match vocabulary {
        Vocabulary::FocusField => Some((Vocabulary::FocusGroup, "分组")),
        Vocabulary::Town => Some((Vocabulary::District, "所在区")),
        Vocabulary::TitleName => Some((Vocabulary::TitleSeries, "职称系列")),
        _ => None,
    }
}

/// How many classes and organisations a term sorts, with the pages that list them.
fn sorted(term: &Term, exists: &Inventory) -> Option<[Cell; 2]> {
    let code = term.code.as_str();
    let link = |count: i64, href: String| match count {
        0 => Cell::Number(0),
        count => Cell::link(format::number(count), href),
    };
    match term.vocabulary {
        Vocabulary::FocusField => {
            let classes = exists.classes_where(|row| row.field == code);
            Some([link(classes, format!("/catalogue?field={code}")), Cell::Empty])
        }
        Vocabulary::KeyArea => {
            let classes = exists.classes_where(|row| row.key_area == code);
            let orgs = exists.org_areas.iter().find(|(area, _)| area == code);
            Some([
                link(classes, format!("/catalogue?key_area={code}")),
                Cell::Number(orgs.map_or(0, |(_, count)| *count)),
            ])
        }
        _ => None,
    }
}

fn table(vocabulary: Vocabulary, terms: &[Term], (names, exists): (&Names, &Inventory)) -> Table {
    let above = above(vocabulary);
    let noted = terms.iter().any(|term| !term.note.is_empty());
    let counted = matches!(vocabulary, Vocabulary::FocusField | Vocabulary::KeyArea);
    let mut heads = vec![Column::main("name", "名称"), Column::tight("code", "代码")];
    heads.extend(above.map(|(_, label)| Column::new("above", label)));
    if noted {
        heads.push(Column::new("note", "说明"));
    }
    if counted {
        heads.push(Column::number("classes", "公开班次"));
    }
    if vocabulary == Vocabulary::KeyArea {
        heads.push(Column::number("orgs", "机构"));
    }
    heads.push(Column::new("source", "出处"));
    let rows = terms.iter().map(|term| {
        let mut cells = vec![Cell::text(term.name.as_str()), Cell::muted(term.code.as_str())];
        cells.extend(above.map(|(list, _)| Cell::text(names.of_opt(list, term.parent.as_deref()))));
        if noted {
            cells.push(Cell::muted(term.note.as_str()));
        }
        if let Some([classes, orgs]) = sorted(term, exists) {
            cells.push(classes);
            if vocabulary == Vocabulary::KeyArea {
                cells.push(orgs);
            }
        }
        cells.push(Cell::muted(source(term)));
        Row::new(cells)
    });
    let rows: Vec<Row> = rows.collect();
    let id = format!("list-{}", vocabulary.code());
    Table::new(vocabulary.name(), TableModel::new(heads, rows)).id(&id)
}

/// Where a term is taken from, and that it is not certain where it is not.
fn source(term: &Term) -> String {
    match term.confidence.as_str() {
        "high" => term.source.clone(),
        "medium" => format!("{}（待核对）", term.source),
        _ => format!("{}（待确认）", term.source),
    }
}
