//! A person's year of hours: where it stands, what to do next, each hour with its reason.

use kernel::{EntryId, PersonId, id::DisputeId};
use learning::courses::{self, Advised, ToDo};
use learning::credits::{self, YearSums};
use registry::taxonomy::{Names, Vocabulary};
use rules::courses::Delivery;
use rules::credits::{Frozen, Line, Standing, Statement};
use rules::permits::{self, Act};
use ui::{
    Action, Alert, Cell, Column, Figure, Figures, Html, Progress, Row, SectionHead, State, Table, TableModel, Tabs,
    Tone, format,
};
use web::{Caller, Gate, Key, Listing, Reply, Routes};

use crate::courses::shown;

/// Years in the table at the end of the page.
const GLANCE: i32 = 5;

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
    let todo = courses::suggest(ctx, &mut tx, person, &statement).await?;
    let glance = credits::glance(ctx, &mut tx, person, (this_year - GLANCE + 1, this_year)).await?;
    let frozen = Frozen::of(&credits::closing::state(&mut tx, year).await?, &statement.lines);
    let contesting = Contesting::of(ctx, &mut tx, &statement, name.is_none()).await?;
    drop(tx);
    if !years.contains(&this_year) {
        years.insert(0, this_year);
    }
    let tabs = years.iter().fold(Tabs::new("年度"), |tabs, each| {
        tabs.tab(&format!("{each} 年"), &format!("{path}?year={each}"), *each == year)
    });
    let names = shown::names(ctx).await?;
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
    if contesting.own {
        page = page.other(Action::link("缺少学时", "/desk/disputes/new"));
    }
    web::page(
        page,
        Html::of(&tabs)
            .and(&frozen.as_ref().map(closed).unwrap_or_default())
            .and(&answer(&statement))
            .and(&next_step(&statement, todo.as_ref(), &names))
            .and(&SectionHead::new("学时明细"))
            .and(&table(&statement, listing, (frozen.as_ref(), &contesting)))
            .and(&years_at_a_glance(&glance, (path, year)))
            .and(&periods(&statement))
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
    let bars = if need.public > kernel::Hours::ZERO {
        bars.and(&Progress::hours(
            "其中公需科目",
            statement.public.get(),
            need.public.get(),
        ))
    } else {
        bars
    };
    let figures = Figures::new([
        Figure::new("公需科目", statement.public.to_string(), "学时"),
        Figure::new("专业科目", statement.professional.to_string(), "学时"),
        Figure::new("完成的活动", statement.activities.to_string(), "项"),
    ]);
    bars.and(&figures)
}

/// What to do next: the list of classes while the year runs, a word where nothing is missing or the year is over.
fn next_step(statement: &Statement, todo: Option<&ToDo>, names: &Names) -> Html {
    let note = match (statement.standing(), todo) {
        (Standing::Missing { .. }, Some(todo)) => return todo_list(todo, names),
        (Standing::Reached, _) => {
            Alert::new(Tone::Good, "本年度已达到要求").text("可以出具年度学时证明，用于职称申报、考核和聘任。")
        }
        (Standing::Missing { total, .. }, None) => Alert::new(Tone::Warn, &format!("本年度还差 {total} 学时"))
            .text("这个年度已经结束，学时当年有效，不能再用新的学习补齐。确有遗漏的学时，请联系施教机构或单位补报。"),
    };
    Html::of(&note)
}

/// The shortest list of classes that closes the gap.
fn todo_list(todo: &ToDo, names: &Names) -> Html {
    let under_way = match todo.classes_under_way {
        0 => String::new(),
        count => format!("在学的 {count} 个班次结业后可得 {} 学时。", todo.under_way),
    };
    if todo.gap.is_closed() {
        let note = Alert::new(Tone::Active, "完成在学的班次即可达标").text(&under_way);
        return Html::of(&SectionHead::new("怎样补齐")).and(&note);
    }
    let lead = match (todo.classes.len(), todo.left.is_closed()) {
        (0, _) => "目前没有适合您且正在报名的班次，新班次发布后会出现在这里。".to_owned(),
        (count, true) => format!("完成下面 {count} 个班次即可达标。"),
        (count, false) => format!(
            "完成下面 {count} 个班次后还差 {} 学时，新班次发布后请再来查看。",
            todo.left.total
        ),
    };
    let heads = [
        Column::main("class", "班次"),
        Column::tight("subject", "科目"),
        Column::number("hours", "学时"),
        Column::tight("days", "上课时间"),
        Column::new("where", "地点"),
        Column::number("free", "余额"),
        Column::tight("until", "报名截止"),
    ];
    let rows: Vec<Row> = todo.classes.iter().map(|class| advised(class, names)).collect();
    let table = Table::new("怎样补齐", TableModel::new(heads, rows))
        .id("todo")
        .when_empty(
            "目前没有适合您且正在报名的班次。",
            Some(Action::link("查找班次", "/catalogue?open=1")),
        );
    let why = "按学时缺口、报名条件、您的课程表和余额，从学时较多的班次中选出班次数最少的一组；同样多时优先本区和线上、优先早结束。";
    Html::of(&SectionHead::new("怎样补齐").more("全部班次", "/catalogue?open=1"))
        .and(&Html::paragraphs([format!("{under_way}{lead}").as_str()]))
        .and(&table)
        .and(&Html::paragraphs([why]))
}

fn advised(class: &Advised, names: &Names) -> Row {
    let place = match &class.district {
        Some(district) if class.delivery != Delivery::Online => names.of(Vocabulary::District, district),
        _ => class.delivery.name().to_owned(),
    };
    Row::new([
        Cell::stack(
            class.title.as_str(),
            format!("/classes/{}", class.class),
            class.provider_name.as_str(),
        ),
        Cell::text(class.subject.name()),
        Cell::Hours(class.hours.get()),
        Cell::text(format::date_range(
            class.starts_at.date(),
            class.ends_at.plus_seconds(-1).date(),
        )),
        Cell::text(place),
        Cell::Number(class.free),
        Cell::Moment(class.enrol_until.civil()),
    ])
}

/// The last years, one line each; the year that is shown is marked.
fn years_at_a_glance(years: &[YearSums], (path, shown): (&str, i32)) -> Html {
    let heads = [
        Column::main("year", "年度"),
        Column::number("total", "总学时"),
        Column::number("professional", "专业科目"),
        Column::number("public", "公需科目"),
        Column::number("activities", "活动"),
        Column::tight("state", "状态"),
        Column::tight("closed", "关账"),
    ];
    let rows = years.iter().rev().map(|sums| {
        let state = match (sums.reached, sums.over) {
            (true, _) => State::Met,
            (false, true) => State::NotMet,
            (false, false) => State::InProgress,
        };
        Row::new([
            Cell::link(format!("{} 年", sums.year), format!("{path}?year={}", sums.year)),
            Cell::Hours(sums.total.get()),
            Cell::Hours(sums.professional.get()),
            Cell::Hours(sums.public.get()),
            Cell::Number(sums.activities),
            state.into(),
            super::years::state(&sums.state).into(),
        ])
        .marked(sums.year == shown)
    });
    let rows: Vec<Row> = rows.collect();
    let table = Table::new("近五年", TableModel::new(heads, rows)).id("glance");
    Html::of(&SectionHead::new("近五年")).and(&table)
}

/// What can be contested here: one's own entries, unless a case about them is open.
struct Contesting {
    own: bool,
    open: Vec<(EntryId, DisputeId)>,
}

impl Contesting {
    async fn of(ctx: &registry::Ctx, tx: &mut db::Tx, statement: &Statement, own: bool) -> kernel::Result<Self> {
        let own = own && permits::has(&ctx.actor, Act::OpenDispute);
        let entries: Vec<EntryId> = statement.lines.iter().map(|line| line.id).collect();
        let open = if own {
            credits::disputes::open_of(tx, &entries).await?
        } else {
            Vec::new()
        };
        Ok(Self { own, open })
    }

    fn cell(&self, line: &Line) -> Cell {
        if let Some((_, case)) = self.open.iter().find(|(entry, _)| *entry == line.id) {
            return Cell::link("异议办理中", format!("/desk/disputes/{case}"));
        }
        if line.reversed || line.reverses.is_some() {
            return Cell::Empty;
        }
        Cell::Actions(vec![
            Action::link("有异议", &format!("/desk/entries/{}/dispute", line.id)).quiet(),
        ])
    }
}

/// What stands beside the entries: the day the year was closed, and what can be contested.
type Beside<'a> = (Option<&'a Frozen>, &'a Contesting);

fn table(statement: &Statement, listing: &Listing, (frozen, contesting): Beside<'_>) -> Table {
    let mut heads = vec![
        Column::tight("date", "取得日期"),
        Column::main("title", "活动"),
        Column::tight("subject", "科目"),
        Column::number("hours", "学时"),
        Column::new("why", "为什么计这些学时"),
        Column::tight("state", "状态"),
    ];
    let mut total = vec![
        Cell::Empty,
        Cell::text("合计"),
        Cell::Empty,
        Cell::Hours(statement.total.get()),
        Cell::Empty,
        Cell::Empty,
    ];
    if contesting.own {
        heads.push(Column::tight("actions", "操作"));
        total.push(Cell::Empty);
    }
    let rows = statement.lines.iter().map(|each| line(each, (frozen, contesting)));
    let total = Row::new(total);
    Table::new("学时明细", TableModel::new(heads, rows).total(total))
        .address(listing.address())
        .when_empty(
            "本年度还没有学时记录。结业的班次会自动记入，无需自行填报。",
            Some(Action::link("查找班次", "/catalogue?open=1")),
        )
}

fn line(line: &Line, (frozen, contesting): Beside<'_>) -> Row {
    let state = match (line.reverses, line.reversed) {
        (Some(_), _) => State::Reversed,
        (None, true) => State::Reversed,
        (None, false) if frozen.is_some_and(|frozen| frozen.is_later(line)) => State::CorrectedLater,
        (None, false) => State::Posted,
    };
    let mut cells = vec![
        Cell::Date(line.earned_on),
        Cell::stack(line.title.as_str(), "", line.form.name()),
        Cell::text(line.subject.name()),
        Cell::Hours(line.hours.get()),
        Cell::stack(line.basis.as_str(), "", format!("规则 {}", line.rule)),
        state.into(),
    ];
    if contesting.own {
        cells.push(contesting.cell(line));
    }
    Row::new(cells)
}

/// What longer periods demand of this person: a title application, a cycle of years.
fn periods(statement: &Statement) -> Html {
    if statement.periods.is_empty() {
        return Html::default();
    }
    let heads = [
        Column::main("name", "要求"),
        Column::new("sentence", "完成情况"),
        Column::tight("state", "状态"),
        Column::new("source", "依据"),
    ];
    let rows = statement.periods.iter().map(|period| {
        let state = if period.reached { State::Met } else { State::InProgress };
        Row::new([
            Cell::stack(period.name.as_str(), "", period.purpose.name()),
            Cell::text(period.sentence.as_str()),
            state.into(),
            Cell::stack(period.source.as_str(), "", period.confidence),
        ])
    });
    Html::of(&Table::new("跨年度的要求", TableModel::new(heads, rows)).id("periods"))
}

fn requirement(statement: &Statement) -> Alert {
    let need = &statement.requirement;
    let part = |name: &str, hours: kernel::Hours| match hours {
        kernel::Hours::ZERO => String::new(),
        hours => format!("，{name}不少于 {hours} 学时"),
    };
    let public = part("公需科目", need.public) + &part("公需科目必修", need.compulsory);
    Alert::new(Tone::Active, "年度要求的依据")
        .text(&format!(
            "{}：每年累计不少于 {} 学时，其中专业科目不少于 {} 学时{public}。学时当年有效，不结转。按《{}》核对，{}。",
            need.source,
            need.total,
            need.professional,
            need.edition,
            need.confidence.name()
        ))
        .action(Action::link("查看全部学时规则", "/rules"))
}
