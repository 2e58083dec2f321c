//! A person's year of hours: where it stands, what to do next, each hour with its reason.

use kernel::PersonId;
use learning::credits;
use rules::credits::{Frozen, Line, Standing, Statement};
use rules::permits::{self, Act};
use ui::{Action, Alert, Cell, Column, Figure, Figures, Html, Progress, Row, State, Table, TableModel, Tabs, Tone};
use web::{Caller, Gate, Key, Listing, Reply, Routes};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get(
            "/desk/my/statement",
            Gate::Act(Act::ViewStatement),
            "本人年度学时",
            mine,
        )
        .get(
            "/desk/people/{id}/statement",
            Gate::Act(Act::ViewStatement),
            "人员年度学时",
            of_person,
        )
}

async fn mine(caller: Caller, listing: Listing) -> Reply {
    let Some(person) = caller.ctx().actor.person() else {
        let page = caller.page("年度学时");
        let note =
            Alert::new(Tone::Active, "当前角色没有本人的学时").text("请在右上角切换到“专业技术人员”角色后查看。");
        return web::page(page, Html::of(&note));
    };
    show(&caller, &listing, person, "/desk/my/statement", None).await
}

async fn of_person(caller: Caller, Key(id): Key<kernel::id::PersonRow>, listing: Listing) -> Reply {
    let (person, _) = registry::people::view(caller.ctx(), id).await?;
    let path = format!("/desk/people/{id}/statement");
    show(&caller, &listing, id, &path, Some(person.masked_name())).await
}

async fn show(caller: &Caller, listing: &Listing, person: PersonId, path: &str, name: Option<String>) -> Reply {
    let ctx = caller.ctx();
    let this_year = chrono::Datelike::year(&ctx.today());
    let asked = listing.number("year").and_then(|year| i32::try_from(year).ok());
    let year = asked
        .filter(|year| (2000..=this_year).contains(year))
        .unwrap_or(this_year);
    let mut tx = ctx.db.read().await?;
    let statement = credits::statement(ctx, &mut tx, person, year).await?;
    let mut years = credits::years(&mut tx, person).await?;
    let frozen = Frozen::of(&credits::closing::state(&mut tx, year).await?, &statement.lines);
    drop(tx);
    if !years.contains(&this_year) {
        years.insert(0, this_year);
    }
    let tabs = years.iter().fold(Tabs::new("年度"), |tabs, each| {
        tabs.tab(&format!("{each} 年"), &format!("{path}?year={each}"), *each == year)
    });
    let title = name.as_ref().map_or_else(
        || format!("{year} 年度学时"),
        |name| format!("{name}的 {year} 年度学时"),
    );
    let mut page = caller.page(&title).lead(&statement.sentence());
    if name.is_some() {
        page = page
            .crumb("人员名册", "/desk/people")
            .crumb("人员", &format!("/desk/people/{person}"));
    }
    if permits::has(&ctx.actor, Act::IssueStatement) {
        let deed = Action::post("出具年度学时证明（PDF）", "/desk/credentials/statement", caller.csrf());
        page = page.action(
            deed.field("person", &person.to_string())
                .field("year", &year.to_string()),
        );
    }
    web::page(
        page,
        Html::of(&tabs)
            .and(&frozen.as_ref().map(closed).unwrap_or_default())
            .and(&answer(&statement))
            .and(&table(&statement, listing, frozen.as_ref()))
            .and(&requirement(&statement)),
    )
}

/// Says that the year is closed and what came later.
fn closed(frozen: &Frozen) -> Html {
    let tone = if frozen.later == 0 { Tone::Neutral } else { Tone::Warn };
    let note = Alert::new(tone, "本年度已关账").text(&frozen.sentence());
    Html::of(&note)
}

/// Where the year stands: three bars and what to do next.
fn answer(statement: &Statement) -> Html {
    let need = &statement.requirement;
    let bars = Html::of(&Progress::hours("总学时", statement.total.get(), need.total.get())).and(&Progress::hours(
        "其中专业科目",
        statement.professional.get(),
        need.professional.get(),
    ));
    let figures = Figures::new([
        Figure::new("公需科目", statement.public.to_string(), "学时"),
        Figure::new("专业科目", statement.professional.to_string(), "学时"),
        Figure::new("完成的活动", statement.activities.to_string(), "项"),
    ]);
    let next = match statement.standing() {
        Standing::Reached => {
            Alert::new(Tone::Good, "本年度已达到要求").text("可以出具年度学时证明，用于职称申报、考核和聘任。")
        }
        Standing::Missing { professional, .. } if professional > kernel::Hours::ZERO => {
            Alert::new(Tone::Warn, "接下来可以做什么")
                .text(&format!("还差专业科目 {professional} 学时。"))
                .action(Action::link(
                    "查找专业科目班次",
                    "/catalogue?subject=professional&open=1",
                ))
        }
        Standing::Missing { total, .. } => Alert::new(Tone::Warn, "接下来可以做什么")
            .text(&format!("还差 {total} 学时，公需科目、专业科目均可。"))
            .action(Action::link("查找正在报名的班次", "/catalogue?open=1")),
    };
    bars.and(&figures).and(&next)
}

fn table(statement: &Statement, listing: &Listing, frozen: Option<&Frozen>) -> Table {
    let heads = [
        Column::tight("date", "取得日期"),
        Column::main("title", "活动"),
        Column::tight("subject", "科目"),
        Column::number("hours", "学时"),
        Column::new("why", "为什么计这些学时"),
        Column::tight("state", "状态"),
    ];
    let rows = statement.lines.iter().map(|each| line(each, frozen));
    let total = Row::new([
        Cell::Empty,
        Cell::text("合计"),
        Cell::Empty,
        Cell::Hours(statement.total.get()),
        Cell::Empty,
        Cell::Empty,
    ]);
    Table::new("学时明细", TableModel::new(heads, rows).total(total))
        .address(listing.address())
        .when_empty(
            "本年度还没有学时记录。结业的班次会自动记入，无需自行填报。",
            Some(Action::link("查找班次", "/catalogue?open=1")),
        )
}

fn line(line: &Line, frozen: Option<&Frozen>) -> Row {
    let state = match (line.reverses, line.reversed) {
        (Some(_), _) => State::Reversed,
        (None, true) => State::Reversed,
        (None, false) if frozen.is_some_and(|frozen| frozen.is_later(line)) => State::CorrectedLater,
        (None, false) => State::Posted,
    };
    Row::new([
        Cell::Date(line.earned_on),
        Cell::stack(line.title.as_str(), "", line.form.name()),
        Cell::text(line.subject.name()),
        Cell::Hours(line.hours.get()),
        Cell::stack(line.basis.as_str(), "", format!("规则 {}", line.rule)),
        state.into(),
    ])
}

fn requirement(statement: &Statement) -> Alert {
    let need = &statement.requirement;
    Alert::new(Tone::Active, "年度要求的依据").text(&format!(
        "{}：每年累计不少于 {} 学时，其中专业科目一般不少于总学时的三分之二（{} 学时）。学时当年有效，不结转。",
        need.source, need.total, need.professional
    ))
}
