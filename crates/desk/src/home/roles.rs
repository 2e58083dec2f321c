//! The figures of each role on the home page, with the one sentence that answers first.

use chrono::Datelike;
use kernel::{Role, Time};
use oversight::calls::review;
use oversight::reports::{self, Progress, StandingCell, Standings};
use registry::taxonomy::Vocabulary;
use rules::plans;
use rules::trail;
use ui::chart::{Bar, Bars};
use ui::{
    Action, Alert, Cell, Chart, Column, Figure, Figures, Html, Page, Row, SectionHead, Table, TableModel, Tone, format,
};
use web::Caller;

use crate::courses::shown;

/// The first thing to do for a role.
pub(super) fn actions(role: Role, page: Page) -> Page {
    match role {
        Role::Lead | Role::Department | Role::District => page.action(Action::link("查看达标情况", "/desk/compliance")),
        Role::Provider => page.action(Action::link("查看班次", "/desk/classes")),
        Role::Employer => page.action(Action::link("组织报名", "/desk/enrol")),
        Role::Learner => page.action(Action::link("查找班次", "/catalogue?open=1")),
        Role::Auditor => page.action(Action::link("查询审计记录", "/desk/audit")),
        Role::Operator => page.action(Action::link("后台任务", "/desk/jobs")),
        Role::Finance => page.action(Action::link("法定统计", "/desk/statistics?by=money")),
        Role::Expert => page.action(Action::link("我的评审", "/desk/my/reviews")),
        Role::System | Role::Anonymous => page,
    }
}

/// The sentence and the figures.
pub(super) async fn figures(caller: &Caller) -> kernel::Result<(String, Html)> {
    match caller.ctx().actor.role {
        Role::Lead | Role::Department | Role::District => authority(caller).await,
        Role::Provider => provider(caller).await,
        Role::Employer => employer(caller).await,
        Role::Learner => learner(caller).await,
        Role::Auditor => auditor(caller).await,
        Role::Operator => operator(caller).await,
        Role::Finance => finance(caller).await,
        Role::Expert => expert(caller).await,
        Role::System | Role::Anonymous => Ok((String::new(), Html::default())),
    }
}

/// What waits for the expert; the task list above names each.
async fn expert(caller: &Caller) -> kernel::Result<(String, Html)> {
    let (_, open) = review::own_list(caller.ctx(), None, &registry::Window::first(1)).await?;
    let lead = match open {
        0 => "目前没有需要您评审的申报。".to_owned(),
        open => format!("有 {open} 件申报等您评审。"),
    };
    let note = Alert::new(Tone::Neutral, "评审之前")
        .text("与申报单位或其中人员有利害关系的，请在专家信息中登记回避；登记后不再分配，已分配的请退回。")
        .action(Action::link("专家信息", "/desk/my/expert"));
    Ok((lead, Html::of(&note)))
}

fn as_of(progress: &Progress) -> String {
    progress.as_of.map_or_else(
        || "数据正在汇总，几分钟后可见。".to_owned(),
        |at| format!("统计截至 {}。", format::moment(at.civil())),
    )
}

/// People of the actor's own bounds; the lead sees all.
fn in_sight(caller: &Caller) -> impl Fn(&StandingCell) -> bool + use<> {
    let own = caller.ctx().actor.own.clone();
    let role = caller.ctx().actor.role;
    move |cell: &StandingCell| match role {
        Role::District => own.district.as_ref() == Some(&cell.district),
        Role::Department => own.department.as_ref() == Some(&cell.department),
        _ => true,
    }
}

fn standing_figures(year: i32, standings: Standings) -> [Figure; 3] {
    let share = |part: i64| format!("占 {}", format::percent(part, standings.people));
    [
        Figure::new("在册人员", format::number(standings.people), "人").href("/desk/compliance"),
        Figure::new(&format!("{year} 年已达标"), format::number(standings.reached), "人")
            .note(&share(standings.reached))
            .tone(Tone::Good)
            .href("/desk/compliance?state=reached"),
        Figure::new("有风险", format::number(standings.behind), "人")
            .note(&share(standings.behind))
            .tone(if standings.behind > 0 {
                Tone::Warn
            } else {
                Tone::Neutral
            })
            .href("/desk/compliance?state=at_risk"),
    ]
}

async fn authority(caller: &Caller) -> kernel::Result<(String, Html)> {
    let ctx = caller.ctx();
    let progress = reports::progress(ctx).await?;
    let year = ctx.today().year();
    let standings = progress.standings_where(in_sight(caller));
    let lead = format!(
        "{year} 年已达标 {} 人，占在册人员 {}；有风险 {} 人。",
        format::number(standings.reached),
        format::percent(standings.reached, standings.people),
        format::number(standings.behind)
    );
    let mut body = Html::default();
    if ctx.actor.role == Role::Lead {
        let bar = ui::Progress::count("工程累计完成", progress.activities, plans::TARGET, "人次");
        body = body.and(&bar.rest(&format!(
            "去重 {} 人。{}",
            format::number(progress.people),
            as_of(&progress)
        )));
    }
    body = body.and(&Figures::new(standing_figures(year, standings)));
    let names = shown::names(ctx).await?;
    let chart = match ctx.actor.role {
        Role::District => groups(
            &progress,
            in_sight(caller),
            |cell| cell.department.clone(),
            "行业主管部门",
            |code| names.of(Vocabulary::Department, code),
        ),
        _ => groups(
            &progress,
            in_sight(caller),
            |cell| cell.district.clone(),
            "区",
            |code| names.of(Vocabulary::District, code),
        ),
    };
    let body = body.and(&SectionHead::new("哪里需要关注").more("法定统计", "/desk/statistics"));
    Ok((
        lead,
        body.and(&chart.source(&format!("{}{}", reports::pace(ctx).await?.in_words(), as_of(&progress)))),
    ))
}

/// Who is behind, by group, the largest share first.
fn groups(
    progress: &Progress,
    sight: impl Fn(&StandingCell) -> bool,
    key: impl Fn(&StandingCell) -> String,
    of: &str,
    name: impl Fn(&str) -> String,
) -> Chart {
    let mut sums: std::collections::BTreeMap<String, Standings> = std::collections::BTreeMap::new();
    for cell in progress.standings.iter().filter(|cell| sight(cell)) {
        sums.entry(key(cell)).or_default().add(&cell.standings);
    }
    let mut rows: Vec<(String, Standings)> = sums.into_iter().filter(|(_, standings)| standings.behind > 0).collect();
    rows.sort_by_key(|(code, standings)| {
        (
            std::cmp::Reverse(standings.behind * 10_000 / standings.people.max(1)),
            code.clone(),
        )
    });
    let label = |code: &str| {
        if code.is_empty() {
            "未登记".to_owned()
        } else {
            name(code)
        }
    };
    let finding = match rows.first() {
        None => "目前没有人落后于进度".to_owned(),
        Some((code, standings)) => {
            format!(
                "{}落后最多，{} 的人有风险",
                label(code),
                format::percent(standings.behind, standings.people)
            )
        }
    };
    let filter = if of == "区" { "district" } else { "department" };
    let bars = rows.iter().take(17).map(|(code, standings)| {
        let bar = Bar::new(&label(code), standings.behind)
            .target(standings.people)
            .tone(Tone::Warn);
        if code.is_empty() {
            bar
        } else {
            bar.href(&format!("/desk/compliance?state=at_risk&{filter}={code}"))
        }
    });
    let mut chart = Bars {
        finding,
        subject: format!("各{of}有风险的人数，竖线是在册人数"),
        of: of.to_owned(),
        unit: "人".to_owned(),
        bars: bars.collect(),
    }
    .draw();
    chart.legend = vec![("fill-warn", "有风险".to_owned()), ("mark-swatch", "在册".to_owned())];
    if let Some(head) = chart.data.columns.last_mut() {
        "在册（人）".clone_into(head);
    }
    chart
}

async fn provider(caller: &Caller) -> kernel::Result<(String, Html)> {
    let found = reports::provider_figures(caller.ctx()).await?;
    let lead = match found.awaiting {
        0 => format!(
            "开班中 {} 个班次，正在报名 {} 个，没有待录入结果的班次。",
            found.teaching, found.open
        ),
        awaiting => format!(
            "{awaiting} 个班次已结束，等您录入结果；开班中 {} 个，正在报名 {} 个。",
            found.teaching, found.open
        ),
    };
    let figures = Figures::new([
        Figure::new("待录入结果", format::number(found.awaiting), "个")
            .tone(if found.awaiting > 0 { Tone::Warn } else { Tone::Neutral })
            .href("/desk/classes?phase=awaiting_result"),
        Figure::new("开班中", format::number(found.teaching), "个").href("/desk/classes?phase=teaching"),
        Figure::new("正在报名", format::number(found.open), "个")
            .note(&format!("候补 {} 人", found.waiting))
            .href("/desk/classes?phase=enrolment_open"),
        Figure::new("草稿", format::number(found.drafts), "个").href("/desk/classes?phase=draft"),
        Figure::new("已结业", format::number(found.completed), "个").href("/desk/classes?phase=completed"),
    ]);
    Ok((lead, Html::of(&figures)))
}

async fn employer(caller: &Caller) -> kernel::Result<(String, Html)> {
    let year = caller.ctx().today().year();
    let standings = reports::employer_standings(caller.ctx(), year).await?;
    if standings.people == 0 {
        let note = Alert::new(Tone::Neutral, "先导入本单位人员")
            .text("导入后可以组织报名，查看每个人的学时和达标情况。")
            .action(Action::link("批量导入人员", "/desk/people/import"));
        return Ok(("还没有登记本单位人员。".to_owned(), Html::of(&note)));
    }
    let lead = format!(
        "本单位 {} 人中，{year} 年已达标 {} 人，有风险 {} 人。",
        standings.people, standings.reached, standings.behind
    );
    let bar = ui::Progress::count(&format!("{year} 年达标人数"), standings.reached, standings.people, "人");
    let note = Html::paragraphs([reports::pace(caller.ctx()).await?.in_words().as_str()]);
    Ok((
        lead,
        Html::of(&bar)
            .and(&Figures::new(standing_figures(year, standings)))
            .and(&note),
    ))
}

async fn learner(caller: &Caller) -> kernel::Result<(String, Html)> {
    let ctx = caller.ctx();
    let Some(person) = ctx.actor.person() else {
        return Ok((String::new(), Html::default()));
    };
    let year = ctx.today().year();
    let mut tx = ctx.db.read().await?;
    let statement = learning::credits::statement(ctx, &mut tx, person, year).await?;
    drop(tx);
    let need = &statement.requirement;
    let bars = Html::of(&ui::Progress::hours(
        &format!("{year} 年总学时"),
        statement.total.get(),
        need.total.get(),
    ))
    .and(&ui::Progress::hours(
        "其中专业科目",
        statement.professional.get(),
        need.professional.get(),
    ));
    let next = match reports::next_session(ctx).await? {
        Some(next) => {
            let place = if next.place.is_empty() {
                "线上".to_owned()
            } else {
                next.place
            };
            Alert::new(Tone::Active, "下一次课")
                .text(&format!(
                    "{}，{}，{place}。",
                    format::moment(next.starts_at.civil()),
                    next.title
                ))
                .action(Action::link(&next.class_title, &format!("/classes/{}", next.class)))
        }
        None => Alert::new(Tone::Neutral, "目前没有要上的课")
            .text("查找正在报名的班次，学时结业后自动记入。")
            .action(Action::link("查找班次", "/catalogue?open=1")),
    };
    let links = ui::Actions::new([
        Action::link("年度学时明细", "/desk/my/statement"),
        Action::link("我的证书", "/desk/my/certificates"),
    ]);
    Ok((statement.sentence(), bars.and(&next).and(&links)))
}

async fn auditor(caller: &Caller) -> kernel::Result<(String, Html)> {
    let ctx = caller.ctx();
    let deeds = reports::deeds_since(ctx, Time::start_of(ctx.today())).await?;
    let all: i64 = deeds.iter().map(|(_, count)| count).sum();
    let heads = [Column::main("deed", "行为"), Column::number("count", "次数")];
    let rows = deeds.iter().map(|(act, count)| {
        Row::new([
            Cell::link(trail::deed(act), format!("/desk/audit?act={act}")),
            Cell::Number(*count),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let table = Table::new("今天留痕的行为", TableModel::new(heads, rows))
        .id("deeds")
        .when_empty("今天还没有留痕的行为。", None);
    let body = Html::of(&SectionHead::new("今天的行为").more("查询审计记录", "/desk/audit")).and(&table);
    Ok((
        format!(
            "今天留痕 {} 次行为，最多的 {} 类如下。",
            format::number(all),
            deeds.len()
        ),
        body,
    ))
}

async fn operator(caller: &Caller) -> kernel::Result<(String, Html)> {
    let counts = reports::system(caller.ctx()).await?;
    let of = |state| {
        counts
            .iter()
            .find(|(listed, _)| *listed == state)
            .map_or(0, |(_, count)| *count)
    };
    let (dead, waiting, running) = (
        of(db::jobs::JobState::Dead),
        of(db::jobs::JobState::Waiting),
        of(db::jobs::JobState::Running),
    );
    let lead = match dead {
        0 => "后台任务正常，没有失败的任务。".to_owned(),
        dead => format!("{dead} 个后台任务失败，需要处理。"),
    };
    let number = |count: u64| format::number(count.cast_signed());
    let figures = Figures::new([
        Figure::new("失败", number(dead), "个")
            .tone(if dead > 0 { Tone::Bad } else { Tone::Good })
            .href("/desk/jobs?state=dead"),
        Figure::new("等待执行", number(waiting), "个").href("/desk/jobs?state=waiting"),
        Figure::new("执行中", number(running), "个").href("/desk/jobs?state=running"),
    ]);
    let links = ui::Actions::new([
        Action::link("系统状态", "/desk/system"),
        Action::link("工作日历", "/desk/calendar"),
    ]);
    Ok((lead, Html::of(&figures).and(&links)))
}

async fn finance(caller: &Caller) -> kernel::Result<(String, Html)> {
    let ctx = caller.ctx();
    let year = ctx.today().year();
    let query = reports::StatisticsQuery {
        year: Some(year),
        district: None,
        department: None,
        by: reports::Grouping::Money,
    };
    let found = reports::statistics(ctx, &query).await?;
    let fees = found.total.fees.unwrap_or_default();
    let lead = format!(
        "{year} 年已结业班次按收费标准计 {}，经费来源分布见法定统计。",
        format::money(fees)
    );
    let note = Alert::new(Tone::Neutral, "经费台账尚未上线")
        .text("目前只统计班次公布的收费标准和经费来源，不是实收实支。资助、拨付和台账上线后在这里办理。");
    Ok((lead, Html::of(&note)))
}
