//! 法定统计: people, time, content and money of continuing education (人社部令第25号第二十五条, R-16), grouped as the
//! reader chooses, as table, bars and a heat map of months and districts; exported and printed as shown.

use chrono::Datelike;
use kernel::{Code, OrgId, Role};
use oversight::reports::{self, Grouping, StatisticsLine, StatisticsQuery, StatisticsTable};
use registry::Listed;
use registry::taxonomy::{Names, Vocabulary};
use rules::courses::{Delivery, FeeSource};
use rules::credits::{ActivityForm, Subject};
use rules::permits::Act;
use std::collections::BTreeMap;
use ui::chart::{Bar, Bars, Heat};
use ui::{
    Alert, Cell, Chart, Choice, Column, Figure, Figures, Filter, Html, Row, SectionHead, Table, TableModel, Tabs, Tone,
    format,
};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

use crate::courses::shown;

/// Lines drawn as bars.
const BARS: usize = 20;
/// Lines of the table on the page; the export holds all.
const LINES: usize = 300;

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new().list("/desk/statistics", Gate::Act(Act::ViewStatistics), "法定统计", page)
}

/// Everything that turns keys into words.
struct Words {
    names: std::sync::Arc<Names>,
    employers: BTreeMap<i64, String>,
    by: Grouping,
}

impl Words {
    fn of(&self, key: &str) -> String {
        let code = |name: Option<&str>| name.unwrap_or(key).to_owned();
        let term = |vocabulary| {
            if key.is_empty() {
                "未登记".to_owned()
            } else {
                self.names.of(vocabulary, key)
            }
        };
        match self.by {
            Grouping::Year => format!("{key} 年"),
            Grouping::Month => key.split_once('-').map_or_else(
                || key.to_owned(),
                |(year, month)| format!("{year} 年 {} 月", month.trim_start_matches('0')),
            ),
            Grouping::District => term(Vocabulary::District),
            Grouping::Department => term(Vocabulary::Department),
            Grouping::Level => term(Vocabulary::TitleLevel),
            Grouping::Field => term(Vocabulary::FocusField),
            Grouping::KeyArea => term(Vocabulary::KeyArea),
            Grouping::Subject => code(Subject::from_code(key).map(Subject::name)),
            Grouping::Form => code(ActivityForm::from_code(key).map(ActivityForm::name)),
            Grouping::Delivery => code(Delivery::from_code(key).map(Delivery::name)),
            Grouping::Money => code(FeeSource::from_code(key).map(FeeSource::name)),
            Grouping::Employer => {
                let name = key.parse().ok().and_then(|id: i64| self.employers.get(&id)).cloned();
                name.unwrap_or_else(|| "未登记单位".to_owned())
            }
        }
    }
}

fn asked(caller: &Caller, listing: &Listing) -> StatisticsQuery {
    let this_year = caller.ctx().today().year();
    let year = listing
        .number("year")
        .and_then(|year| i32::try_from(year).ok())
        .filter(|year| (2000..=this_year).contains(year));
    // A district is asked about its departments first, everybody else about the districts.
    let first = match caller.ctx().actor.role {
        Role::District => Grouping::Department,
        _ => Grouping::District,
    };
    StatisticsQuery {
        year,
        district: listing.text("district"),
        department: listing.text("department"),
        by: listing.choice("by").unwrap_or(first),
    }
}

async fn page(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let query = asked(&caller, &listing);
    let mut found = reports::statistics(ctx, &query).await?;
    let words = words(&caller, &query, &found).await?;
    let heads = heads(query.by);
    if listing.is_export() {
        let title = format!("法定统计-按{}", query.by.name());
        let lines = std::mem::take(&mut found.lines);
        let give = async |_| {
            Ok(Listed {
                total: Some(lines.len() as u64),
                rows: lines.clone(),
                previous: None,
                next: None,
            })
        };
        let table = Table::new("法定统计", columns(heads));
        return web::list(&caller, &listing, caller.page(&title), table, give, |line| {
            row(line, &words)
        })
        .await;
    }
    let as_of = found.as_of.map_or_else(
        || "数据正在汇总，几分钟后可见。".to_owned(),
        |at| format!("统计截至 {}。", format::moment(at.civil())),
    );
    let lead = format!(
        "{}完成 {}，{} 人，{} 学时。{as_of}",
        query
            .year
            .map_or_else(|| "历年".to_owned(), |year| format!("{year} 年")),
        format::wan_of(found.total.activities, "人次"),
        found.total.people.map_or_else(|| "–".to_owned(), format::number),
        format::hours(found.total.hours)
    );
    let page = caller.page("法定统计").lead(&lead);
    let body = tabs(&listing, query.by)
        .and(&numbers(&found))
        .and(&table(&caller, &listing, (&query, &found, &words)).await?);
    let body = body
        .and(&bars(&query, &found, &words))
        .and(&heat(&query, &found, &words.names));
    web::page(page, body.and(&basis()))
}

async fn words(caller: &Caller, query: &StatisticsQuery, found: &StatisticsTable) -> kernel::Result<Words> {
    let mut tx = caller.ctx().db.read().await?;
    let ids = found
        .lines
        .iter()
        .filter_map(|line| line.key.parse().ok())
        .map(OrgId::new);
    let employers = if query.by == Grouping::Employer {
        registry::orgs::names(&mut tx, ids).await?
    } else {
        BTreeMap::new()
    };
    Ok(Words {
        names: registry::taxonomy::names(&mut tx).await?,
        employers,
        by: query.by,
    })
}

fn tabs(listing: &Listing, by: Grouping) -> Html {
    let tabs = Grouping::ALL.iter().fold(Tabs::new("分组"), |tabs, each| {
        let href = listing.address().first_page().with("by", each.code()).to_string();
        tabs.tab(&format!("按{}", each.name()), &href, *each == by)
    });
    Html::of(&tabs)
}

fn numbers(found: &StatisticsTable) -> Figures {
    let people = found.total.people.map_or_else(|| "–".to_owned(), format::number);
    let mut figures = vec![
        Figure::new("人次", format::number(found.total.activities), "人次"),
        Figure::new("人数", people, "人").note("去重"),
        Figure::new("时间", format::hours(found.total.hours), "学时"),
    ];
    if let Some(fees) = found.total.fees {
        figures.push(Figure::new("费用", format::money_plain(fees), "元").note("按收费标准计"));
    }
    Figures::new(figures)
}

fn heads(by: Grouping) -> Vec<Column> {
    let mut heads = vec![
        Column::main("key", by.name()),
        Column::number("activities", "人次"),
        Column::number("people", "人数"),
        Column::number("hours", "学时"),
    ];
    if by == Grouping::Money {
        heads.push(Column::number("fees", "费用").unit("元"));
    }
    heads
}

fn row(line: &StatisticsLine, words: &Words) -> Row {
    let mut cells = vec![
        Cell::text(words.of(&line.key)),
        Cell::Number(line.activities),
        line.people.map_or(Cell::Empty, Cell::Number),
        Cell::Hours(line.hours),
    ];
    if let Some(fees) = line.fees {
        cells.push(Cell::Money(fees));
    }
    Row::new(cells)
}

async fn table(
    caller: &Caller,
    listing: &Listing,
    (query, found, words): (&StatisticsQuery, &StatisticsTable, &Words),
) -> kernel::Result<Table> {
    let ctx = caller.ctx();
    let rows: Vec<Row> = found.lines.iter().take(LINES).map(|line| row(line, words)).collect();
    let mut total = vec![
        Cell::text("合计"),
        Cell::Number(found.total.activities),
        found.total.people.map_or(Cell::Empty, Cell::Number),
        Cell::Hours(found.total.hours),
    ];
    if query.by == Grouping::Money {
        total.push(Cell::Money(found.total.fees.unwrap_or_default()));
    }
    let this_year = ctx.today().year();
    let years = (2022..=this_year)
        .rev()
        .map(|year| Choice::new(&year.to_string(), &format!("{year} 年")));
    let model = TableModel::new(heads(query.by), rows).total(Row::new(total));
    let mut table = Table::new(&format!("按{}统计", query.by.name()), model)
        .address(listing.address())
        .filter(Filter::select("year", "年度", years));
    if ctx.actor.role != Role::District {
        table = table.filter(Filter::select(
            "district",
            "区",
            shown::terms(ctx, Vocabulary::District).await?,
        ));
    }
    if ctx.actor.role != Role::Department {
        table = table.filter(Filter::select(
            "department",
            "行业主管部门",
            shown::terms(ctx, Vocabulary::Department).await?,
        ));
    }
    Ok(table
        .export("/desk/statistics/export.xlsx")
        .when_empty("范围内还没有学时记录。", None))
}

fn bars(query: &StatisticsQuery, found: &StatisticsTable, words: &Words) -> Chart {
    let most = found.lines.iter().max_by_key(|line| line.activities);
    let finding = match most {
        None => "还没有数据".to_owned(),
        Some(line) => {
            let share = format::percent(line.activities, found.total.activities);
            format!(
                "{}最多，{}，占 {share}",
                words.of(&line.key),
                format::wan_of(line.activities, "人次")
            )
        }
    };
    let lines = found.lines.iter().take(BARS);
    Bars {
        finding,
        subject: format!("按{}统计的人次", query.by.name()),
        of: query.by.name().to_owned(),
        unit: "人次".to_owned(),
        bars: lines
            .map(|line| Bar::new(&words.of(&line.key), line.activities))
            .collect(),
    }
    .draw()
}

fn heat(query: &StatisticsQuery, found: &StatisticsTable, names: &Names) -> Chart {
    let mut months = [0_i64; 12];
    for (_, values) in &found.heat {
        for (sum, value) in months.iter_mut().zip(values) {
            *sum += value;
        }
    }
    let most = months
        .iter()
        .enumerate()
        .max_by_key(|(_, value)| **value)
        .filter(|(_, value)| **value > 0);
    let finding = most.map_or_else(
        || "还没有数据".to_owned(),
        |(at, value)| format!("{} 月完成最多，{}", at + 1, format::wan_of(*value, "人次")),
    );
    let rows = found.heat.iter().map(|(district, values)| {
        let name = if district.is_empty() {
            "未登记".to_owned()
        } else {
            names.of(Vocabulary::District, district)
        };
        (name, values.iter().map(|value| Some(*value)).collect())
    });
    Heat {
        finding,
        subject: format!(
            "各区各月完成人次，{}",
            query
                .year
                .map_or_else(|| "历年合计".to_owned(), |year| format!("{year} 年"))
        ),
        of: "区".to_owned(),
        columns: (1..=12).map(|month| format!("{month}月")).collect(),
        rows: rows.collect(),
    }
    .draw()
}

fn basis() -> Html {
    let note = Alert::new(Tone::Neutral, "统计口径").text(
        "依据《专业技术人员继续教育规定》（人社部令第25号）第二十五条，统计继续教育的人数、时间、内容和经费。人次：一人完成一项活动计一人次，以未被冲正的学时记录为准。人数：每一行内去重，各行相加可能大于合计。“–”表示该分组没有去重人数。",
    );
    let money = "费用按班次公布的收费标准乘以结业人次计，不是实收金额；领域、授课方式和经费来源只统计平台上的班次，不含补录的历史学时。";
    Html::of(&SectionHead::new("说明")).and(&note.text(money))
}
