//! 达标概览: the answer first, then which groups are behind, down to the people; the file holds what is shown.

use std::collections::BTreeMap;

use chrono::Datelike;
use kernel::{Code, OrgId, Role};
use oversight::reports::{self, GroupBy, GroupLine, Standings, StandingsQuery, StandingsView};
use registry::Listed;
use registry::taxonomy::{Names, Vocabulary};
use rules::permits::{self, Act};
use rules::reports::Pace;
use ui::chart::{Bar, Bars};
use ui::{
    Action, Alert, Cell, Chart, Choice, Column, Figure, Figures, Filter, Html, Row, SectionHead, Table, TableModel,
    Tabs, Tone, format,
};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

use crate::courses::shown;

/// Bars in one chart.
const BARS: usize = 20;

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new().list("/desk/standings", Gate::Act(Act::ListCompliance), "达标概览", page)
}

/// The groupings a role has a use for.
fn groupings(role: Role) -> &'static [GroupBy] {
    match role {
        Role::Employer => &[GroupBy::Level, GroupBy::Field],
        Role::District => &[GroupBy::Department, GroupBy::Level, GroupBy::Field, GroupBy::Employer],
        Role::Department => &[GroupBy::District, GroupBy::Level, GroupBy::Field, GroupBy::Employer],
        _ => GroupBy::ALL,
    }
}

fn asked(caller: &Caller, listing: &Listing) -> StandingsQuery {
    let (this_year, role) = (caller.ctx().today().year(), caller.ctx().actor.role);
    let year = listing
        .number("year")
        .and_then(|year| i32::try_from(year).ok())
        .filter(|year| (this_year - 1..=this_year).contains(year));
    let offered = groupings(role);
    let by = listing
        .choice("by")
        .filter(|by| offered.contains(by))
        .unwrap_or(offered[0]);
    // Employers are counted whole: a filter by their people's titles would show one sum and other groups.
    let fine = by != GroupBy::Employer;
    StandingsQuery {
        year: year.unwrap_or(this_year),
        by,
        district: listing.text("district"),
        department: listing.text("department"),
        level: listing.text("level").filter(|_| fine),
        field: listing.text("field").filter(|_| fine),
    }
}

/// What turns keys into words and addresses.
struct Words {
    names: std::sync::Arc<Names>,
    employers: BTreeMap<i64, String>,
    query: StandingsQuery,
}

impl Words {
    async fn of(caller: &Caller, query: &StandingsQuery, view: &StandingsView) -> kernel::Result<Self> {
        let mut tx = caller.ctx().db.read().await?;
        let ids = view
            .groups
            .iter()
            .filter_map(|group| group.key.parse().ok())
            .map(OrgId::new);
        let employers = if query.by == GroupBy::Employer {
            registry::orgs::names(&mut tx, ids).await?
        } else {
            BTreeMap::new()
        };
        Ok(Self {
            names: registry::taxonomy::names(&mut tx).await?,
            employers,
            query: query.clone(),
        })
    }

    fn label(&self, key: &str) -> String {
        let of = |vocabulary| self.names.of(vocabulary, key);
        match self.query.by {
            _ if key.is_empty() => "未登记".to_owned(),
            GroupBy::District => of(Vocabulary::District),
            GroupBy::Department => of(Vocabulary::Department),
            GroupBy::Level => of(Vocabulary::TitleLevel),
            GroupBy::Field => of(Vocabulary::FocusField),
            GroupBy::Employer => {
                let name = key.parse().ok().and_then(|id: i64| self.employers.get(&id)).cloned();
                name.unwrap_or_else(|| "未登记单位".to_owned())
            }
        }
    }

    /// The people of a group, as the list shows them; none where the list cannot be narrowed to the group.
    fn people(&self, key: &str, state: &str) -> Option<String> {
        let name = match self.query.by {
            _ if key.is_empty() => return None,
            GroupBy::District => "district",
            GroupBy::Department => "department",
            GroupBy::Level => "level",
            GroupBy::Field => "field",
            GroupBy::Employer => "org",
        };
        let mut address = format!("/desk/compliance?year={}&{name}={key}", self.query.year);
        let filters = [
            ("district", &self.query.district),
            ("department", &self.query.department),
            ("level", &self.query.level),
            ("field", &self.query.field),
        ];
        for (other, code) in filters {
            if let Some(code) = code.as_ref().filter(|_| other != name) {
                address.push_str(&format!("&{other}={code}"));
            }
        }
        if !state.is_empty() {
            address.push_str(&format!("&state={state}"));
        }
        Some(address)
    }

    /// The state of those who are behind, as the list calls it.
    fn behind(&self, this_year: i32) -> &'static str {
        if self.query.year < this_year {
            "missing"
        } else {
            "at_risk"
        }
    }
}

async fn page(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let query = asked(&caller, &listing);
    let this_year = ctx.today().year();
    let view = reports::standings(ctx, &query).await?;
    let words = Words::of(&caller, &query, &view).await?;
    let heads = heads(&query, this_year);
    if listing.is_export() {
        let groups = view.groups.clone();
        let give = async |_| {
            Ok(Listed {
                total: Some(groups.len() as u64),
                rows: groups.clone(),
                previous: None,
                next: None,
            })
        };
        let title = format!("达标概览-按{}", query.by.name());
        let table = Table::new("达标概览", columns(heads));
        return web::list(&caller, &listing, caller.page(&title), table, give, |line| {
            row(line, &words, this_year)
        })
        .await;
    }
    let page = caller
        .page("达标概览")
        .lead(&lead(&caller, &query, &view))
        .action(Action::link(
            "查看人员名单",
            &format!("/desk/compliance?year={}", query.year),
        ));
    let page = if permits::has(&ctx.actor, Act::SetParameters) {
        page.action(Action::link("有风险的提醒线", "/desk/standings/pace"))
    } else {
        page
    };
    if !view.ready {
        let note = Alert::new(Tone::Neutral, "数据正在汇总").text("几分钟后刷新本页即可看到。");
        return web::page(page, Html::of(&note));
    }
    let tabs = groupings(ctx.actor.role).iter().fold(Tabs::new("分组"), |tabs, each| {
        let href = listing.address().first_page().with("by", each.code()).to_string();
        tabs.tab(&format!("按{}", each.name()), &href, *each == query.by)
    });
    let body = Html::of(&figures(&query, &view.total, this_year))
        .and(&tabs)
        .and(&chart(&view, &words, this_year))
        .and(&SectionHead::new("各组人数"))
        .and(&table(&caller, &listing, (&view, &words, heads)).await?)
        .and(&note(&view, reports::pace(ctx).await?));
    web::page(page, body)
}

/// `本区 2026 年达标 61%，有 1,204 人存在年底不达标风险。`
fn lead(caller: &Caller, query: &StandingsQuery, view: &StandingsView) -> String {
    let whose = match caller.ctx().actor.role {
        Role::Employer => "本单位",
        Role::District => "本区",
        Role::Department => "本行业",
        _ => "全市",
    };
    let narrowed = [&query.district, &query.department, &query.level, &query.field]
        .iter()
        .any(|code| code.is_some());
    let whose = if narrowed {
        format!("{whose}所选范围")
    } else {
        whose.to_owned()
    };
    let total = &view.total;
    let share = format::percent(total.reached, total.people);
    let behind = format::number(total.behind);
    if query.year < caller.ctx().today().year() {
        format!("{whose} {} 年达标 {share}，有 {behind} 人未达标。", query.year)
    } else {
        format!(
            "{whose} {} 年达标 {share}，有 {behind} 人存在年底不达标风险。",
            query.year
        )
    }
}

fn behind_word(query: &StandingsQuery, this_year: i32) -> &'static str {
    if query.year < this_year {
        "未达标"
    } else {
        "有风险"
    }
}

fn figures(query: &StandingsQuery, total: &Standings, this_year: i32) -> Figures {
    let share = |part: i64| format!("占 {}", format::percent(part, total.people));
    let rest = total.people - total.reached - total.behind;
    let mut figures = vec![
        Figure::new("在册人员", format::number(total.people), "人"),
        Figure::new("已达标", format::number(total.reached), "人")
            .note(&share(total.reached))
            .tone(Tone::Good),
    ];
    if query.year >= this_year {
        figures.push(Figure::new("进行中", format::number(rest), "人").note(&share(rest)));
    }
    figures.push(
        Figure::new(behind_word(query, this_year), format::number(total.behind), "人")
            .note(&share(total.behind))
            .tone(if total.behind > 0 { Tone::Warn } else { Tone::Good }),
    );
    Figures::new(figures)
}

fn chart(view: &StandingsView, words: &Words, this_year: i32) -> Chart {
    let query = &words.query;
    let behind = behind_word(query, this_year);
    let worst = view.groups.iter().find(|group| group.standings.behind > 0);
    let finding = match worst {
        None => format!("没有{behind}的人员"),
        Some(group) => format!(
            "{}的{behind}比例最高，{}",
            words.label(&group.key),
            format::percent(group.standings.behind, group.standings.people)
        ),
    };
    let bars = view.groups.iter().take(BARS).map(|group| {
        let bar = Bar::new(&words.label(&group.key), group.standings.behind)
            .target(group.standings.people)
            .tone(Tone::Warn);
        match words.people(&group.key, words.behind(this_year)) {
            Some(href) => bar.href(&href),
            None => bar,
        }
    });
    let mut chart = Bars {
        finding,
        subject: format!("各{}{behind}的人数，竖线是在册人数", query.by.name()),
        of: query.by.name().to_owned(),
        unit: "人".to_owned(),
        bars: bars.collect(),
    }
    .draw();
    chart.legend = vec![("fill-warn", behind.to_owned()), ("mark-swatch", "在册".to_owned())];
    if let Some(head) = chart.data.columns.last_mut() {
        "在册（人）".clone_into(head);
    }
    chart
}

fn heads(query: &StandingsQuery, this_year: i32) -> Vec<Column> {
    let mut heads = vec![
        Column::main("key", query.by.name()),
        Column::number("people", "在册"),
        Column::number("reached", "已达标"),
        Column::tight("share", "达标比例"),
    ];
    if query.year >= this_year {
        heads.push(Column::number("on_course", "进行中"));
    }
    heads.push(Column::number("behind", behind_word(query, this_year)));
    heads
}

fn row(line: &GroupLine, words: &Words, this_year: i32) -> Row {
    let sum = &line.standings;
    let name = words.label(&line.key);
    let mut cells = vec![
        match words.people(&line.key, "") {
            Some(href) => Cell::link(name, href),
            None => Cell::text(name),
        },
        Cell::Number(sum.people),
        Cell::Number(sum.reached),
        Cell::text(format::percent(sum.reached, sum.people)),
    ];
    if words.query.year >= this_year {
        cells.push(Cell::Number(sum.people - sum.reached - sum.behind));
    }
    cells.push(Cell::Number(sum.behind));
    Row::new(cells)
}

async fn table(
    caller: &Caller,
    listing: &Listing,
    (view, words, heads): (&StandingsView, &Words, Vec<Column>),
) -> kernel::Result<Table> {
    let (ctx, query) = (caller.ctx(), &words.query);
    let (this_year, role) = (ctx.today().year(), ctx.actor.role);
    let rows: Vec<Row> = view.groups.iter().map(|group| row(group, words, this_year)).collect();
    let years = [this_year, this_year - 1].map(|year| Choice::new(&year.to_string(), &format!("{year} 年")));
    let mut table = Table::new("各组人数", TableModel::new(heads, rows))
        .address(listing.address())
        .filter(Filter::select("year", "年度", years));
    if !matches!(role, Role::Employer | Role::District) {
        let choices = shown::terms(ctx, Vocabulary::District).await?;
        table = table.filter(Filter::select("district", "区", choices));
    }
    if !matches!(role, Role::Employer | Role::Department) {
        let choices = shown::terms(ctx, Vocabulary::Department).await?;
        table = table.filter(Filter::select("department", "行业主管部门", choices));
    }
    if query.by != GroupBy::Employer {
        let levels = shown::terms(ctx, Vocabulary::TitleLevel).await?;
        let fields = shown::terms(ctx, Vocabulary::FocusField).await?;
        table = table
            .filter(Filter::select("level", "职称级别", levels))
            .filter(Filter::select("field", "专业领域", fields));
    }
    Ok(table
        .export("/desk/standings/export.xlsx")
        .when_empty("范围内还没有登记人员。", None))
}

fn note(view: &StandingsView, pace: Pace) -> Html {
    let as_of = view.as_of.map_or_else(
        || "实时统计。".to_owned(),
        |at| format!("统计截至 {}，学时变动后几分钟内更新。", format::moment(at.civil())),
    );
    Html::of(&Alert::new(Tone::Neutral, "怎样看这些数字").text(&format!(
        "已达标：本人适用的年度学时要求（含公需、必修和跨年度周期）全部达到，与本人的学时证明一致。{}{as_of}按单位分组时列出人数最多的 200 家。",
        pace.in_words()
    )))
}
