//! The pool as a list, with its export.

use registry::experts::{self, Background, ExpertFilter, ExpertLine, StandingCode};
use registry::people::TitleLevel;
use registry::taxonomy::{self, Vocabulary};
use rules::permits::{self, Act};
use ui::{Action, Cell, Column, Filter, Row, Table};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

use super::shown;

pub(super) fn routes() -> Routes {
    Routes::new().list("/desk/experts", Gate::Act(Act::ListExperts), "专家库", list)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let names = taxonomy::names(&mut ctx.db.read().await?).await?;
    let counts = experts::counts(ctx).await?;
    let of = |state| counts.iter().find(|(one, _)| *one == state).map_or(0, |(_, n)| *n);
    let (active, invited) = (of(StandingCode::Active), of(StandingCode::Invited));
    let lead = format!("在库 {active} 人，{invited} 人待答复。");
    let mut page = caller.page("专家库").lead(&lead);
    let invite = permits::has(&ctx.actor, Act::KeepExperts).then(|| Action::link("邀请专家", "/desk/experts/new"));
    if let Some(invite) = invite.clone() {
        page = page.action(invite);
    }
    let heads = [
        Column::main("name", "姓名").sortable(),
        Column::new("title", "职称"),
        Column::tight("background", "类别"),
        Column::new("specialty", "专长").hide_on_phone(),
        Column::number("capacity", "每次最多").unit("件").sortable(),
        Column::tight("state", "状态"),
        Column::tight("until", "任期至").sortable(),
    ];
    let table = Table::new("专家库", columns(heads))
        .filter(Filter::search("姓名、单位、专长"))
        .filter(Filter::select("state", "状态", shown::choices(StandingCode::name)))
        .filter(Filter::select(
            "field",
            "熟悉领域",
            crate::orgs::choices(&names, Vocabulary::FocusField),
        ))
        .filter(Filter::select("background", "类别", shown::choices(Background::name)))
        .filter(Filter::select("level", "职称级别", shown::choices(TitleLevel::name)))
        .sorted_by("name")
        .when_empty("没有符合条件的专家。专家从人员名册中邀请，本人接受后入库。", invite);
    let filter = ExpertFilter {
        words: listing.words(),
        state: listing.choice("state"),
        background: listing.choice("background"),
        level: listing.choice("level"),
        field: listing.text("field"),
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| experts::list(ctx, &filter, &window).await,
        row,
    )
    .await
}

fn row(line: &ExpertLine) -> Row {
    Row::new([
        Cell::stack(
            line.name.as_str(),
            format!("/desk/experts/{}", line.id),
            line.org_name.as_str(),
        ),
        Cell::text(match line.title_level {
            Some(level) if line.title_name.is_empty() => level.name(),
            _ => line.title_name.as_str(),
        }),
        Cell::text(line.background.name()),
        Cell::text(line.specialty.as_str()),
        Cell::Number(i64::from(line.capacity)),
        shown::state(line.state).into(),
        Cell::date(Some(line.term_until)),
    ])
}
