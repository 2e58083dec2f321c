//! Who has reached the year, who is behind, what is missing: a list to work off, to export and to print.

use chrono::Datelike;
use kernel::{OrgId, Role, mask};
use oversight::reports::{self, ComplianceFilter, ComplianceLine};
use registry::Window;
use registry::taxonomy::{Names, Vocabulary};
use rules::permits::{self, Act};
use rules::reports::Compliance;
use ui::{Cell, Choice, Column, Filter, Row, State, Table, format};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

use crate::courses::shown;

/// Up to so many people the list can be put in any order and is counted whatever it is narrowed to; beyond, that would
/// read everybody in scope.
const SMALL: i64 = 50_000;

/// What the size of the list allows.
#[derive(Clone, Copy)]
struct Ease {
    /// Few enough people for every order.
    small: bool,
    /// The order that an index gives.
    first: &'static str,
}

impl Ease {
    async fn of(caller: &Caller) -> kernel::Result<Self> {
        let role = caller.ctx().actor.role;
        let small = role == Role::Employer || reports::progress(caller.ctx()).await?.inventory.people <= SMALL;
        let bounded = matches!(role, Role::District | Role::Department);
        let first = if bounded && !small { "entered" } else { "name" };
        Ok(Self { small, first })
    }

    fn window(self, asked: Window, narrowed: bool) -> Window {
        if self.small {
            return asked;
        }
        let counted = asked.counted && !narrowed;
        Window {
            sort: self.first.to_owned(),
            counted,
            ..asked
        }
    }
}

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new().list("/desk/compliance", Gate::Act(Act::ListCompliance), "达标情况", list)
}

fn state(compliance: Compliance) -> State {
    match compliance {
        Compliance::Reached => State::Met,
        Compliance::OnCourse => State::InProgress,
        Compliance::AtRisk => State::AtRisk,
        Compliance::Missing => State::NotMet,
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let this_year = ctx.today().year();
    let year = listing
        .number("year")
        .and_then(|year| i32::try_from(year).ok())
        .filter(|year| (2000..=this_year).contains(year));
    let filter = ComplianceFilter {
        year: year.unwrap_or(this_year),
        words: listing.words(),
        state: listing.choice("state"),
        level: listing.text("level"),
        field: listing.text("field"),
        org: listing.number("org").map(OrgId::new),
        district: listing.text("district"),
        department: listing.text("department"),
    };
    if listing.is_export() {
        reports::note_compliance_export(ctx, &filter).await?;
    }
    let names = shown::names(ctx).await?;
    let ease = Ease::of(&caller).await?;
    let table = table(&caller, this_year, ease).await?;
    let page = caller
        .page("达标情况")
        .lead(&lead(&caller, &filter).await?)
        .action(ui::Action::link("达标概览", "/desk/standings"));
    let whole = ctx.actor.role == Role::Employer;
    let linked = permits::has(&ctx.actor, Act::ViewStatement);
    let row = |line: &ComplianceLine| row(line, &names, (whole, linked, filter.year));
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| reports::compliance(ctx, &filter, &ease.window(window, filter.state.is_some())).await,
        row,
    )
    .await
}

/// The answer: how the actor's people stand this year; for other years and filters the list answers.
async fn lead(caller: &Caller, filter: &ComplianceFilter) -> kernel::Result<String> {
    let ctx = caller.ctx();
    let narrowed = filter.words.is_some()
        || filter.org.is_some()
        || filter.level.is_some()
        || filter.field.is_some()
        || filter.district.is_some()
        || filter.department.is_some();
    if filter.year != ctx.today().year() || narrowed {
        let demands = reports::demands_in_words(ctx, filter.year).await?;
        return Ok(format!(
            "{} 年学时与年度要求的对照。{}。",
            filter.year,
            demands.join("；")
        ));
    }
    let standings = match ctx.actor.role {
        Role::Employer => reports::employer_standings(ctx, filter.year).await?,
        _ => {
            let own = ctx.actor.own.clone();
            let role = ctx.actor.role;
            reports::progress(ctx).await?.standings_where(|cell| match role {
                Role::District => own.district.as_ref() == Some(&cell.district),
                Role::Department => own.department.as_ref() == Some(&cell.department),
                _ => true,
            })
        }
    };
    Ok(format!(
        "{} 人中，{} 年已达标 {} 人（{}），有风险 {} 人。{}",
        format::number(standings.people),
        filter.year,
        format::number(standings.reached),
        format::percent(standings.reached, standings.people),
        format::number(standings.behind),
        reports::pace(ctx).await?.in_words()
    ))
}

async fn table(caller: &Caller, this_year: i32, ease: Ease) -> kernel::Result<Table> {
    let ctx = caller.ctx();
    let role = ctx.actor.role;
    let by_hours = |column: Column| if ease.small { column.sortable() } else { column };
    let heads = [
        by_hours(Column::main("name", "姓名")),
        Column::new("employer", "单位"),
        Column::tight("level", "职称级别"),
        Column::tight("district", "区").hide_on_phone(),
        by_hours(Column::number("total", "总学时")),
        by_hours(Column::number("professional", "专业科目")),
        Column::number("missing", "还差"),
        Column::number("missing_professional", "其中专业"),
        Column::number("missing_public", "其中公需").hide_on_phone(),
        Column::tight("state", "状态"),
    ];
    let years = (2022..=this_year)
        .rev()
        .map(|year| Choice::new(&year.to_string(), &format!("{year} 年")));
    let mut table = Table::new("达标情况", columns(heads))
        .filter(Filter::search("姓名，从姓开始"))
        .filter(Filter::select("state", "状态", shown::choices(Compliance::name)))
        .filter(Filter::select("year", "年度", years))
        .filter(Filter::select(
            "level",
            "职称级别",
            shown::terms(ctx, Vocabulary::TitleLevel).await?,
        ))
        .filter(Filter::select(
            "field",
            "专业领域",
            shown::terms(ctx, Vocabulary::FocusField).await?,
        ));
    if role != Role::Employer && role != Role::District {
        table = table.filter(Filter::select(
            "district",
            "区",
            shown::terms(ctx, Vocabulary::District).await?,
        ));
    }
    if role != Role::Employer && role != Role::Department {
        table = table.filter(Filter::select(
            "department",
            "行业主管部门",
            shown::terms(ctx, Vocabulary::Department).await?,
        ));
    }
    Ok(table.sorted_by(ease.first).when_empty("范围内还没有登记人员。", None))
}

fn row(line: &ComplianceLine, names: &Names, (whole, linked, year): (bool, bool, i32)) -> Row {
    let name = if whole {
        line.name.clone()
    } else {
        mask::name(&line.name)
    };
    let name = if linked {
        Cell::link(name, format!("/desk/people/{}/statement?year={year}", line.person))
    } else {
        Cell::masked(name)
    };
    let missing = |hours: kernel::Hours| {
        if hours.get() == 0 {
            Cell::Empty
        } else {
            Cell::Hours(hours.get())
        }
    };
    Row::new([
        name,
        Cell::text(line.employer.as_str()),
        Cell::text(names.of_opt(Vocabulary::TitleLevel, line.level.as_deref())),
        Cell::text(names.of_opt(Vocabulary::District, line.district.as_deref())),
        Cell::Hours(line.total.get()),
        Cell::Hours(line.professional.get()),
        missing(line.missing.in_all()),
        missing(line.missing.professional),
        missing(line.missing.in_public()),
        state(line.state).into(),
    ])
    .marked(matches!(line.state, Compliance::AtRisk | Compliance::Missing))
}
