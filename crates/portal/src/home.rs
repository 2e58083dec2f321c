//! The public home page: how far the programme is, which classes are open, what is new, the ways in.
//!
//! Every figure comes from the prepared figures and says as of when; 人次 are shown with their definition and with the
//! distinct people beside them. The even split is a reference line and is called one.

use chrono::Datelike;
use kernel::Date;
use learning::courses::{self, CatalogueQuery};
use oversight::reports::{self, Progress};
use registry::Window;
use registry::notices::{self, NoticeFilter};
use rules::plans;
use ui::chart::{BurnUp, DISTRICTS, Districts, Multiple, Multiples, Point};
use ui::{
    Action, Chart, Details, Empty, Entries, Figure, Figures, Hero, Html, Icon, Notices, Page, SectionHead, Ways, format,
};
use web::{Caller, Gate, Reply, Routes};

use crate::{notices::entry as notice, shown};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/", Gate::Public, "公开首页", home)
}

#[derive(askama::Template)]
#[template(path = "home.html")]
struct Home {
    page: Page,
    hero: Hero,
    classes: Html,
    notices: Html,
    ways: Ways,
    progress: Html,
    districts: Html,
}

async fn home(caller: Caller) -> Reply {
    let ctx = caller.ctx();
    let figures = reports::progress(ctx).await?;
    let names = shown::names(ctx).await?;
    let open = CatalogueQuery {
        open_only: true,
        ..CatalogueQuery::default()
    };
    let soonest = courses::search(ctx, &open, &Window::sorted("closes", false, 6)).await?;
    let newest = notices::list_public(ctx, &NoticeFilter::default(), &Window::sorted("published", true, 6)).await?;
    let classes = if soonest.rows.is_empty() {
        Html::of(
            &Empty::new("目前没有正在报名的班次", "新班次发布后会出现在这里。")
                .action(Action::link("查看全部班次", "/catalogue")),
        )
    } else {
        Html::of(&Entries::new(soonest.rows.iter().map(|card| shown::entry(card, &names))).side_by_side())
    };
    let news = if newest.rows.is_empty() {
        Html::paragraphs(["还没有公告。"])
    } else {
        Html::of(&Notices {
            notices: newest.rows.iter().map(notice).collect(),
        })
    };
    let page = caller
        .page("")
        .description("上海市专业技术人才知识更新工程公共服务平台：查找班次、报名、核验证书，公开工程进展。");
    web::html(&Home {
        page,
        hero: hero(&figures),
        classes,
        notices: news,
        ways: ways(),
        progress: progress(&figures, ctx.today()),
        districts: districts(&figures, ctx.today()),
    })
}

/// When the figures were taken.
fn as_of(figures: &Progress) -> String {
    figures.as_of.map_or_else(
        || "数据正在汇总，稍后可见".to_owned(),
        |at| format!("统计截至 {}", format::moment(at.civil())),
    )
}

fn hero(figures: &Progress) -> Hero {
    let note = format!(
        "去重 {} 人。一人完成一项活动计一人次。{}。",
        format::number(figures.people),
        as_of(figures)
    );
    let bar = ui::Progress::count("累计完成培训", figures.activities, plans::TARGET, "人次").rest(&format!(
        "2022–2030 年目标 350 万人次，已完成 {}",
        share(figures.activities)
    ));
    Hero::new(
        "一处学习，全程有据，每一学时都可核验",
        "查找班次，在线报名，结业后学时自动记入，证书和证明任何人都可以核验。",
    )
    .eyebrow("上海市专业技术人才知识更新工程")
    .action(Action::link("查找正在报名的班次", "/catalogue?open=1").primary())
    .action(Action::link("核验证书", "/verify"))
    .progress(bar, &note)
}

/// A share of the target with two decimals: the beginning of a long way is visible too.
fn share(activities: i64) -> String {
    let hundredths = i128::from(activities) * 10_000 / i128::from(plans::TARGET);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn ways() -> Ways {
    Ways::new()
        .way(
            Icon::Search,
            "找班次",
            "按科目、领域、区和方式查找，在线报名。",
            "/catalogue",
        )
        .way(
            Icon::Shield,
            "核验证书",
            "输入编号、扫码或拖入文件，无需登录。",
            "/verify",
        )
        .way(
            Icon::Organisation,
            "单位与机构登录",
            "办班、组织报名、看本单位达标情况。",
            "/login",
        )
        .way(
            Icon::Person,
            "个人注册",
            "专业技术人员注册后查看学时、报名和下载证书。",
            "/register",
        )
}

/// Months from the programme's first January up to and including that of `day`.
fn months_until(day: Date) -> i64 {
    i64::from(day.year() - plans::FIRST_YEAR) * 12 + i64::from(day.month())
}

fn burn_up(figures: &Progress, today: Date) -> Chart {
    let months = months_until(today);
    let years = i64::from(plans::LAST_YEAR - plans::FIRST_YEAR + 1);
    let mut sum = 0;
    let points = (1..=months.clamp(0, years * 12)).map(|month| {
        let (year, of_year) = (i64::from(plans::FIRST_YEAR) + (month - 1) / 12, (month - 1) % 12 + 1);
        let key = format!("{year}-{of_year:02}");
        sum += figures
            .months
            .iter()
            .find(|(listed, _)| *listed == key)
            .map_or(0, |(_, value)| *value);
        Point {
            month,
            value: sum,
            label: format!("{year}年{of_year}月"),
        }
    });
    let even = plans::TARGET * months.clamp(0, years * 12) / (years * 12);
    let finding = match figures.activities - even {
        ahead if ahead >= 0 => format!(
            "累计完成 {}，比年均参考线多 {}",
            format::wan_of(figures.activities, "人次"),
            format::wan_of(ahead, "人次")
        ),
        behind => format!(
            "累计完成 {}，比年均参考线少 {}",
            format::wan_of(figures.activities, "人次"),
            format::wan_of(-behind, "人次")
        ),
    };
    BurnUp {
        finding,
        subject: "2022 年以来累计完成培训人次，按活动完成的月份".to_owned(),
        unit: "人次".to_owned(),
        first_year: i64::from(plans::FIRST_YEAR),
        years,
        target: plans::TARGET,
        points: points.collect(),
        forecast: None,
    }
    .draw()
    .source(&format!(
        "虚线是把 350 万人次平均分到 2022–2030 年的参考线，文件没有规定分年目标。{}。",
        as_of(figures)
    ))
}

fn progress(figures: &Progress, today: Date) -> Html {
    let year = today.year();
    let this = figures
        .years
        .iter()
        .find(|row| row.year == year)
        .cloned()
        .unwrap_or_default();
    let exists = &figures.inventory;
    let numbers = Figures::new([
        Figure::new("累计人次", format::number(figures.activities), "人次")
            .note(&format!("{year} 年 {}", format::number(this.activities))),
        Figure::new("去重人数", format::number(figures.people), "人")
            .note(&format!("{year} 年 {}", format::number(this.people))),
        Figure::new("累计学时", format::hours(figures.hours / 100 * 100), "学时")
            .note(&format!("{year} 年 {}", format::hours(this.hours / 100 * 100))),
        Figure::new("施教机构", format::number(exists.providers), "家")
            .note(&format!("其中继续教育基地 {} 家", exists.bases))
            .href("/providers"),
        Figure::new("正在报名", format::number(exists.open), "个班次")
            .note(&format!("开班中 {} 个", exists.teaching))
            .href("/catalogue?open=1"),
    ]);
    let how = Details::new(
        "人次怎样统计",
        Html::paragraphs([
            plans::DEFINITION,
            "平台上线前的学时记录按补录的台账计入。学时按取得的年度统计，当年有效。",
        ]),
    );
    Html::of(&SectionHead::new("工程进展").more("方案落实情况", "/plan"))
        .and(&numbers)
        .and(&burn_up(figures, today))
        .and(&how)
}

fn districts(figures: &Progress, today: Date) -> Html {
    let this_year = usize::try_from(today.year() - plans::FIRST_YEAR).unwrap_or_default();
    let of_year = |code: &str| {
        let figure = figures.districts.iter().find(|figure| figure.code == code);
        figure.and_then(|figure| figure.years.get(this_year).copied())
    };
    let values: Vec<(String, i64)> = DISTRICTS
        .iter()
        .filter_map(|district| Some((district.0.to_owned(), of_year(district.0)?)))
        .collect();
    let mut ranked: Vec<&(String, i64)> = values.iter().filter(|(_, value)| *value > 0).collect();
    ranked.sort_by_key(|(_, value)| std::cmp::Reverse(*value));
    let name = |code: &str| {
        DISTRICTS
            .iter()
            .find(|district| district.0 == code)
            .map_or("", |district| district.1)
    };
    let finding = match ranked.as_slice() {
        [] => format!("{} 年还没有分区数据", today.year()),
        [(code, value)] => format!(
            "{} 年只有{}有数据，{}",
            today.year(),
            name(code),
            format::wan_of(*value, "人次")
        ),
        [first, second, ..] => format!("{} 年{}、{}完成最多", today.year(), name(&first.0), name(&second.0)),
    };
    let map = Districts {
        finding,
        subject: format!("各区 {} 年完成人次，按单位所在区", today.year()),
        unit: "人次".to_owned(),
        values,
        link: "/catalogue?district=".to_owned(),
    };
    let span = this_year.min(usize::try_from(plans::LAST_YEAR - plans::FIRST_YEAR).unwrap_or_default());
    let charts = DISTRICTS.iter().map(|district| {
        let figure = figures.districts.iter().find(|figure| figure.code == district.0);
        let values = figure.map_or_else(
            || vec![0; span + 1],
            |figure| figure.years.iter().copied().take(span + 1).collect(),
        );
        Multiple {
            label: district.1.to_owned(),
            values,
            href: format!("/catalogue?district={}", district.0),
        }
    });
    let small = Multiples {
        finding: growth(figures, span),
        subject: "各区历年完成人次".to_owned(),
        of: "区".to_owned(),
        columns: (plans::FIRST_YEAR..)
            .take(span + 1)
            .map(|year| year.to_string())
            .collect(),
        charts: charts.collect(),
    };
    let note = format!("{}。数字可点击，查看该区的班次。", as_of(figures));
    Html::of(&map.draw().source(&note)).and(&small.draw())
}

/// What the small multiples show: how many districts did more last year than the year before.
fn growth(figures: &Progress, span: usize) -> String {
    if span < 2 {
        return "各区逐年变化".to_owned();
    }
    let (before, last) = (span - 2, span - 1);
    let grew = figures
        .districts
        .iter()
        .filter(|figure| figure.code.len() == 6)
        .filter(|figure| {
            let at = |index: usize| figure.years.get(index).copied().unwrap_or_default();
            at(last) > at(before)
        });
    let year = plans::FIRST_YEAR + i32::try_from(last).unwrap_or_default();
    format!("{year} 年有 {} 个区完成人次比上一年增加", grew.count())
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    #[test]
    fn months_count_from_the_first_january() {
        assert_eq!(months_until(date(2022, 1, 31)), 1);
        assert_eq!(months_until(date(2026, 3, 5)), 51);
        assert_eq!(share(plans::TARGET), "100.00%");
        assert_eq!(share(3_500), "0.10%");
    }
}
