//! Samples of lists: full, with filters set, plain, empty, and with a row of sums.

use chrono::NaiveDate;

use crate::address::Address;
use crate::form::Choice;
use crate::html::Html;
use crate::labels::{State, Tone};
use crate::page::Action;
use crate::table::{Bulk, Cell, Column, Filter, Paging, Row, Table, TableModel, Total};

pub(super) fn samples() -> Vec<(&'static str, Html)> {
    let empty = Table::new("学员", TableModel::default())
        .id("none")
        .when_empty("还没有学员报名。", Some(Action::link("邀请学员", "#")));
    let nothing = Table::new("学员", TableModel::default())
        .id("nothing")
        .address(Address::new("#", "q=不存在"))
        .filter(Filter::search("姓名、单位"));
    vec![
        ("完整的列表", Html::of(&classes())),
        ("合计", Html::of(&sums())),
        ("还没有记录", Html::of(&empty)),
        ("没有符合条件的记录", Html::of(&nothing)),
    ]
}

fn classes() -> Table {
    let columns = [
        Column::main("name", "班次").sortable(),
        Column::new("provider", "举办机构").sortable(),
        Column::tight("state", "状态"),
        Column::tight("starts", "开班").sortable(),
        Column::number("hours", "学时").sortable(),
        Column::number("places", "名额"),
        Column::number("trend", "近 8 周报名").hide_on_phone(),
        Column::actions(),
    ];
    let names = [
        (
            "集成电路先进封装高级研修班",
            "上海市集成电路行业协会",
            State::EnrolmentOpen,
            4_000,
            31,
        ),
        (
            "生物医药注册法规专题班",
            "上海生物医药科技产业促进中心",
            State::Full,
            1_600,
            40,
        ),
        ("城市更新与规划公需课", "市人才培训中心", State::AwaitingReview, 850, 0),
        (
            "医院感染防控能力提升班",
            "复旦大学附属中山医院",
            State::Returned,
            1_200,
            12,
        ),
        (
            "网络安全应急演练",
            "上海交通大学继续教育学院",
            State::Overdue,
            2_425,
            40,
        ),
    ];
    let rows = names
        .into_iter()
        .enumerate()
        .map(|(i, (name, provider, state, hours, taken))| {
            let day = NaiveDate::from_ymd_opt(2026, 4, 13 + u32::try_from(i).unwrap_or(0));
            let trend = (0..8).map(|week| (week * 3 + taken) % 17).collect();
            Row::new([
                Cell::stack(name, "#", format!("C-2026-{:04}", 311 + i)),
                Cell::text(provider),
                Cell::State(state),
                Cell::date(day),
                Cell::Hours(hours),
                Cell::Share { part: taken, whole: 40 },
                Cell::Spark(trend),
                Cell::Actions(vec![Action::link("查看", "#"), Action::link("退回", "#")]),
            ])
            .id(311 + i)
            .marked(state == State::Overdue)
        });
    let fields = [Choice::new("ic", "集成电路"), Choice::new("bio", "生物医药")];
    Table::new("班次", TableModel::new(columns, rows))
        .id("classes")
        .address(Address::new("#", "field=ic&from=2026-04-01&sort=-starts"))
        .filter(Filter::search("名称、编号、机构"))
        .filter(Filter::select("field", "领域", fields))
        .filter(Filter::select("state", "状态", [Choice::new("open", "报名中")]))
        .filter(Filter::date("from", "开班不早于"))
        .bulk(Bulk::new("").act("批量通过", "#").act("批量退回", "#"))
        .paging(Paging {
            total: Total::Exact(1_234),
            first: Some(51),
            previous: Some("p".to_owned()),
            next: Some("n".to_owned()),
        })
        .export("#")
}

fn sums() -> Table {
    let columns = [
        Column::main("district", "区"),
        Column::number("people", "人数"),
        Column::number("hours", "学时"),
        Column::number("money", "经费").unit("元"),
        Column::tight("kind", "级别"),
    ];
    let row = |name: &str, people, hours, money| {
        Row::new([
            Cell::text(name),
            Cell::Number(people),
            Cell::Hours(hours),
            Cell::Money(money),
            Cell::badge(Tone::Active, "市级"),
        ])
    };
    let rows = [
        row("浦东新区", 18_204, 162_340_050, 128_400_000),
        row("徐汇区", 9_120, 80_512_000, 64_210_050),
        row("崇明区", 812, 6_120_025, 5_200_000),
    ];
    let total = Row::new([
        Cell::text("合计"),
        Cell::Number(28_136),
        Cell::Hours(248_972_075),
        Cell::Money(197_810_050),
        Cell::Empty,
    ]);
    Table::new("按区统计", TableModel::new(columns, rows).total(total)).id("sums")
}
