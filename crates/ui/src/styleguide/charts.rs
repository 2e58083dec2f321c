//! Samples of charts, with sample figures.

use crate::chart::{
    Bar, Bars, BurnUp, DISTRICTS, Districts, Forecast, Heat, Multiple, Multiples, Point, Stack, Stacks, sparkline,
};
use crate::html::Html;
use crate::labels::Tone;

pub(super) fn samples() -> Vec<(&'static str, Html)> {
    vec![
        (
            "累计与目标",
            Html::of(&burn_up().draw().source("示例数据，截至 2026年3月").export("#")),
        ),
        ("横条", Html::of(&bars().draw())),
        ("堆叠", Html::of(&stacks(false).draw()).and(&stacks(true).draw())),
        ("十六区", Html::of(&districts().draw())),
        ("热力表", Html::of(&heat().draw())),
        ("小图", Html::of(&multiples().draw())),
        ("词内小图", sparkline(&[3, 5, 4, 8, 13, 12, 18])),
        (
            "没有数据",
            Html::of(
                &Bars {
                    finding: "还没有数据".to_owned(),
                    ..Bars::default()
                }
                .draw(),
            ),
        ),
    ]
}

fn burn_up() -> BurnUp {
    let points = (1..=50).map(|month| {
        let season = [6, 4, 9, 10, 11, 12, 8, 7, 13, 14, 16, 18];
        let value = (0..month).map(|m| season[m % 12] * 3_900).sum();
        let label = format!("{}年{}月", 2022 + (month - 1) / 12, (month - 1) % 12 + 1);
        Point {
            month: i64::try_from(month).unwrap_or(0),
            value,
            label,
        }
    });
    BurnUp {
        finding: "按现有速度，2029 年下半年可达 350 万人次".to_owned(),
        subject: "2022 年以来累计培训人次".to_owned(),
        unit: "人次".to_owned(),
        first_year: 2022,
        years: 9,
        target: 3_500_000,
        points: points.collect(),
        forecast: Some(Forecast {
            low: 3_250_000,
            middle: 3_720_000,
            high: 4_150_000,
        }),
    }
}

fn bars() -> Bars {
    let bar = |name: &str, value, target| Bar::new(name, value).target(target).href("#");
    Bars {
        finding: "九个行业中六个已过半，文化旅游最慢".to_owned(),
        subject: "2026 年专业科目完成人次".to_owned(),
        of: "行业".to_owned(),
        unit: "人次".to_owned(),
        bars: vec![
            bar("卫生健康", 42_300, 60_000),
            bar("教育", 38_120, 55_000),
            bar("集成电路", 21_840, 24_000).tone(Tone::Good),
            bar("文化和旅游", 3_120, 18_000).tone(Tone::Warn),
        ],
    }
}

fn stacks(shares: bool) -> Stacks {
    Stacks {
        finding: if shares {
            "线上占比逐年提高"
        } else {
            "2025 年首次超过 50 万人次"
        }
        .to_owned(),
        subject: "按方式".to_owned(),
        of: "年份".to_owned(),
        unit: "人次".to_owned(),
        series: ["线上", "线下", "结合"].map(str::to_owned).to_vec(),
        stacks: vec![
            Stack::new("2023", [180_000, 160_000, 20_000]),
            Stack::new("2024", [240_000, 170_000, 45_000]),
            Stack::new("2025", [320_000, 168_000, 71_000]),
        ],
        shares,
    }
}

fn districts() -> Districts {
    let values = DISTRICTS.iter().enumerate().filter(|(i, _)| *i != 14);
    let values = values.map(|(i, d)| {
        (
            d.0.to_owned(),
            4_000 + i64::try_from(i * i).unwrap_or(0) * 420 + if d.1 == "浦东" { 40_000 } else { 0 },
        )
    });
    Districts {
        finding: "浦东、杨浦完成最多，金山尚无数据".to_owned(),
        subject: "各区 2026 年完成人次".to_owned(),
        unit: "人次".to_owned(),
        values: values.collect(),
        link: "#".to_owned(),
    }
}

fn heat() -> Heat {
    let rows = DISTRICTS.iter().take(6).enumerate().map(|(i, d)| {
        let values = (1..=12_i64)
            .map(|month| (month < 11).then(|| month * month * 40 * (1 + i64::try_from(i).unwrap_or(0)) % 9_000));
        (d.1.to_owned(), values.collect())
    });
    Heat {
        finding: "各区都集中在三季度以后开班".to_owned(),
        subject: "各区各月完成人次".to_owned(),
        of: "区".to_owned(),
        columns: (1..=12).map(|m| format!("{m}月")).collect(),
        rows: rows.collect(),
    }
}

fn multiples() -> Multiples {
    let charts = DISTRICTS.iter().enumerate().map(|(i, d)| {
        let i = i64::try_from(i).unwrap_or(0);
        Multiple {
            label: d.1.to_owned(),
            values: (0..5).map(|year| 2_000 + i * 300 + year * (16 - i) * 160).collect(),
            href: String::new(),
        }
    });
    Multiples {
        finding: "十六区都在增长，远郊增速较缓".to_owned(),
        subject: "各区历年完成人次".to_owned(),
        of: "区".to_owned(),
        columns: (2022..=2026).map(|y| y.to_string()).collect(),
        charts: charts.collect(),
    }
}
