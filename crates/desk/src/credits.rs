//! A person's year of hours, and the ledger as lists: each hour with its reason.

use kernel::{Date, EntryId, PersonId, id::EntryRow};
use learning::credits::{self, EntryFilter, EntryLine};
use rules::credits::{ActivityForm, Line, Standing, Statement, Subject};
use rules::permits::{self, Act};
use ui::{
    Action, Alert, Cell, Choice, Column, Field, Figure, Figures, Filter, Form, Html, Progress, Row, State, Table,
    TableModel, Tabs, Tone,
};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

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
        .list("/desk/entries", Gate::Act(Act::ListEntries), "学时流水", list)
        .get(
            "/desk/entries/{id}/reverse",
            Gate::Act(Act::ReverseEntry),
            "冲正学时",
            ask_reversal,
        )
        .post(
            "/desk/entries/{id}/reverse",
            Gate::Act(Act::ReverseEntry),
            "保存学时冲正",
            reverse,
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
            .and(&answer(&statement))
            .and(&table(&statement, listing))
            .and(&requirement(&statement)),
    )
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

fn table(statement: &Statement, listing: &Listing) -> Table {
    let heads = [
        Column::tight("date", "取得日期"),
        Column::main("title", "活动"),
        Column::tight("subject", "科目"),
        Column::number("hours", "学时"),
        Column::new("why", "为什么计这些学时"),
        Column::tight("state", "状态"),
    ];
    let rows = statement.lines.iter().map(line);
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

fn line(line: &Line) -> Row {
    let state = match (line.reverses, line.reversed) {
        (Some(_), _) => State::Reversed,
        (None, true) => State::Reversed,
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

fn subjects() -> Vec<Choice> {
    <Subject as kernel::Code>::ALL
        .iter()
        .map(|s| Choice::new(kernel::Code::code(*s), s.name()))
        .collect()
}

fn forms() -> Vec<Choice> {
    <ActivityForm as kernel::Code>::ALL
        .iter()
        .map(|f| Choice::new(kernel::Code::code(*f), f.name()))
        .collect()
}

fn years(today: Date) -> Vec<Choice> {
    (2022..=chrono::Datelike::year(&today))
        .rev()
        .map(|year| Choice::new(&year.to_string(), &format!("{year} 年")))
        .collect()
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let page = caller
        .page("学时流水")
        .lead("每一笔学时的来源和依据。流水只增不改，更正以冲正记录。");
    let correcting = permits::has(&ctx.actor, Act::ReverseEntry);
    let mut heads = vec![
        Column::tight("earned", "取得日期").sortable(),
        Column::main("title", "活动"),
        Column::tight("year", "年度").sortable(),
        Column::tight("subject", "科目"),
        Column::number("hours", "学时").sortable(),
        Column::new("basis", "依据"),
        Column::tight("posted", "入账时间").sortable(),
    ];
    if correcting {
        heads.push(Column::tight("actions", "操作"));
    }
    let table = Table::new("学时流水", columns(heads))
        .filter(Filter::select("year", "年度", years(ctx.today())))
        .filter(Filter::select("subject", "科目", subjects()))
        .filter(Filter::select("form", "形式", forms()))
        .sorted_by("-posted")
        .when_empty("没有符合条件的学时。", None);
    let filter = EntryFilter {
        person: listing.number("person").map(PersonId::new),
        year: listing.number("year"),
        subject: listing.choice("subject"),
        form: listing.choice("form"),
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| credits::list(ctx, &filter, &window).await,
        |entry| row(entry, correcting),
    )
    .await
}

fn row(entry: &EntryLine, correcting: bool) -> Row {
    let mut cells = vec![
        Cell::Date(entry.earned_on),
        Cell::stack(entry.title.as_str(), "", entry.form.name()),
        Cell::Number(i64::from(entry.year)),
        Cell::text(entry.subject.name()),
        Cell::Hours(entry.hours.get()),
        Cell::stack(entry.basis.as_str(), "", format!("规则 {}", entry.rule)),
        Cell::Moment(entry.posted_at.civil()),
    ];
    if correcting && entry.reverses.is_none() {
        cells.push(Cell::Actions(vec![
            Action::link("冲正", &format!("/desk/entries/{}/reverse", entry.id)).quiet(),
        ]));
    }
    Row::new(cells)
}

fn reversal_form(caller: &Caller, id: EntryId) -> Form {
    Form::post(&format!("/desk/entries/{id}/reverse"), caller.csrf())
        .field(
            Field::textarea("reason", "冲正原因")
                .hint("4 到 200 个字，本人可以看到。")
                .rows(3)
                .required(),
        )
        .submit_danger("确认冲正")
        .cancel("/desk/entries")
}

fn reversal_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("冲正学时")
        .crumb("学时流水", "/desk/entries")
        .failed(form.failed());
    let page = page.lead("冲正会另记一笔负学时，原记录保留；依据它出具的证书会自动撤销。");
    web::page(page, Html::of(form))
}

async fn ask_reversal(caller: Caller, Key(id): Key<EntryRow>) -> Reply {
    reversal_page(&caller, &reversal_form(&caller, id))
}

async fn reverse(caller: Caller, Key(id): Key<EntryRow>, fields: Fields) -> Reply {
    match credits::reverse(caller.ctx(), id, fields.get("reason")).await {
        Ok(_) => redirect_saying(&caller, "/desk/entries", "已冲正。本人的年度学时已随之更新。"),
        Err(error) => reform(error, |errors| {
            reversal_page(&caller, &reversal_form(&caller, id).fill(fields.pairs()).errors(errors))
        }),
    }
}
