//! What a draft would change: ordered, watched, read by district, department, level and employer, down to the persons.

use kernel::{OrgId, PersonId};
use learning::credits::editions::{self, EditionRow};
use oversight::reports::what_if::{self, Cell as Group, Change, Dimension, Found, Narrowed, Run, RunState, WhatIfRow};
use registry::taxonomy::{self, Names, Vocabulary};
use rules::permits::Act;
use ui::{
    Action, Alert, Cell, Column, Figure, Figures, Html, JobProgress, Row, State, Table, TableModel, Tabs, Tone, format,
};
use web::{Caller, Gate, Key, Listing, Reply, Routes, redirect, redirect_saying};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::CountWhatIf);
    Routes::new()
        .post("/desk/editions/{id}/what-if", gate, "测算影响", start)
        .get("/desk/what-if/{id}", gate, "测算结果", show)
        .get("/desk/what-if/{id}/progress", gate, "测算进度", progress)
        .get("/desk/what-if/{id}/people", gate, "受影响人员", people)
        .post("/desk/what-if/{id}/cancel", gate, "取消测算", cancel)
}

fn address(run: &Run) -> String {
    format!("/desk/what-if/{}", run.id)
}

fn state(run: &Run) -> State {
    match run.state {
        RunState::Waiting => State::Running,
        RunState::Done => State::Done,
        RunState::Cancelled => State::Cancelled,
    }
}

/// The runs of an edition as a list on its page.
pub(super) fn runs(runs: &[Run]) -> Table {
    let heads = [
        Column::main("at", "测算时间"),
        Column::tight("state", "状态"),
        Column::number("people", "人数").unit("人"),
        Column::number("changed", "受影响").unit("人"),
        Column::tight("against", "对照版本"),
        Column::tight("by", "经办"),
    ];
    let rows = runs.iter().map(|run| {
        Row::new([
            Cell::link(format::moment(run.created_at.civil()), address(run)),
            state(run).into(),
            Cell::Number(run.people),
            Cell::Number(run.changed),
            Cell::text(run.compared_with.as_str()),
            Cell::text(run.actor.as_str()),
        ])
    });
    Table::new("影响测算", TableModel::new(heads, rows)).id("runs")
}

async fn start(caller: Caller, Key(id): Key<EditionRow>) -> Reply {
    let run = what_if::start(caller.ctx(), id).await?;
    redirect(&format!("/desk/what-if/{run}"))
}

async fn cancel(caller: Caller, Key(id): Key<WhatIfRow>) -> Reply {
    what_if::cancel(caller.ctx(), id).await?;
    redirect_saying(&caller, &format!("/desk/what-if/{id}"), "已取消测算。")
}

fn lead(run: &Run) -> String {
    match run.state {
        RunState::Waiting => "正在按草稿逐人测算，不改动任何学时。可以离开本页，稍后回来查看。".into(),
        RunState::Cancelled => "测算已取消。".into(),
        RunState::Done if run.changed == 0 => {
            format!("测算了 {} 人，没有人的结论改变。", format::number(run.people))
        }
        RunState::Done => format!(
            "测算了 {} 人，其中 {} 人的结论会改变。没有改动任何学时。",
            format::number(run.people),
            format::number(run.changed)
        ),
    }
}

fn running(caller: &Caller, run: &Run, job: Option<&db::jobs::Status>) -> JobProgress {
    let address = address(run);
    let started = job.and_then(|job| job.started_at);
    let now = caller.ctx().now();
    let elapsed = started.map_or(0, |at| u64::try_from(now.seconds_since(at)).unwrap_or(0));
    let (done, total) = job.map_or((0, 0), |job| (job.done, job.total));
    let dead = job.is_some_and(|job| job.state == db::jobs::JobState::Dead);
    JobProgress {
        title: "测算影响".into(),
        state: match (dead, started) {
            (true, _) => State::Broken,
            (false, Some(_)) => State::Running,
            (false, None) => State::Queued,
        },
        done,
        total,
        elapsed_seconds: elapsed,
        left_seconds: (done > 0 && total > done && elapsed > 0).then(|| (total - done) * elapsed / done),
        address: format!("{address}/progress"),
        page: address.clone(),
        cancel: Some(Action::post("取消", &format!("{address}/cancel"), caller.csrf())),
        result: None,
        message: if dead {
            "测算没有完成，请重新测算或联系系统运维人员。".into()
        } else {
            String::new()
        },
    }
}

async fn progress(caller: Caller, Key(id): Key<WhatIfRow>) -> Reply {
    let (run, job) = what_if::view(caller.ctx(), id).await?;
    let mut shown = running(&caller, &run, job.as_ref());
    if run.state != RunState::Waiting {
        shown.state = state(&run);
        shown.cancel = None;
        shown.result = Some(Action::link("查看结果", &address(&run)).primary());
        shown.message = lead(&run);
    }
    web::html(&shown)
}

async fn show(caller: Caller, Key(id): Key<WhatIfRow>, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let (run, job) = what_if::view(ctx, id).await?;
    let edition = editions::load(ctx, run.edition).await?;
    let page = caller
        .page(&format!("“{}”的影响测算", edition.document.name()))
        .lead(&lead(&run))
        .crumb("学时规则版本", "/desk/editions")
        .crumb(edition.document.name(), &format!("/desk/editions/{}", run.edition));
    if run.state == RunState::Waiting {
        return web::page(page, Html::of(&running(&caller, &run, job.as_ref())));
    }
    if run.state == RunState::Cancelled {
        return web::page(page, Html::default());
    }
    let page = page.action(Action::link("查看受影响人员", &format!("{}/people", address(&run))));
    let dimension: Dimension = listing.choice("by").unwrap_or(Dimension::District);
    let groups = what_if::cells(ctx, id, dimension).await?;
    let mut tx = ctx.db.read().await?;
    let names = taxonomy::names(&mut tx).await?;
    drop(tx);
    let mut body = Html::default();
    if edition.version != run.edition_version {
        body = body.and(&Alert::new(Tone::Warn, "草稿在测算之后又修改过").text("下面是修改前的结果，请重新测算。"));
    }
    let tabs = <Dimension as kernel::Code>::ALL
        .iter()
        .fold(Tabs::new("按什么统计"), |tabs, one| {
            let code = kernel::Code::code(*one);
            tabs.tab(
                &format!("按{}", one.name()),
                &format!("{}?by={code}", address(&run)),
                *one == dimension,
            )
        });
    body = body
        .and(&years(&run))
        .and(&tabs)
        .and(&table(&run, dimension, &groups, &names));
    web::page(page, body)
}

fn years(run: &Run) -> Html {
    let figures = Figures::new([
        Figure::new("测算人数", format::number(run.people), "人"),
        Figure::new("结论改变", format::number(run.changed), "人").tone(if run.changed > 0 {
            Tone::Warn
        } else {
            Tone::Good
        }),
    ]);
    let heads = [
        Column::main("year", "年度"),
        Column::number("gained", "由未达标变为达标").unit("人"),
        Column::number("lost", "由达标变为未达标").unit("人"),
        Column::number("title_gained", "职称周期变为达标").unit("人"),
        Column::number("title_lost", "职称周期变为未达标").unit("人"),
    ];
    let rows = run.years.iter().map(|year| {
        let counted = &year.counted;
        Row::new([
            Cell::text(format!("{} 年", year.year)),
            Cell::Number(counted.gained),
            Cell::Number(counted.lost),
            Cell::Number(counted.title_gained),
            Cell::Number(counted.title_lost),
        ])
    });
    Html::of(&figures).and(&Table::new("各年度的变化", TableModel::new(heads, rows)).id("years"))
}

fn group_name(dimension: Dimension, group: &Group, names: &Names) -> String {
    if group.code.is_empty() {
        return "未登记".into();
    }
    match dimension {
        Dimension::District => names.of(Vocabulary::District, &group.code),
        Dimension::Department => names.of(Vocabulary::Department, &group.code),
        Dimension::Level => names.of(Vocabulary::TitleLevel, &group.code),
        Dimension::Employer => group.employer.clone().unwrap_or_default(),
    }
}

fn table(run: &Run, dimension: Dimension, groups: &[Group], names: &Names) -> Table {
    let heads = [
        Column::main("group", dimension.name()),
        Column::number("people", "人数").unit("人"),
        Column::number("changed", "受影响").unit("人"),
        Column::number("gained", "变为达标").unit("人"),
        Column::number("lost", "变为未达标").unit("人"),
        Column::number("title_gained", "职称周期变为达标").unit("人"),
        Column::number("title_lost", "职称周期变为未达标").unit("人"),
    ];
    let rows = groups.iter().map(|group| {
        let name = group_name(dimension, group, names);
        let code = kernel::Code::code(dimension);
        let name = if group.changed > 0 && !group.code.is_empty() {
            Cell::link(
                name,
                format!("{}/people?{code}={}", address(run), web::url_encode(&group.code)),
            )
        } else {
            Cell::text(name)
        };
        Row::new([
            name,
            Cell::Number(group.people),
            Cell::Number(group.changed),
            Cell::Number(group.gained),
            Cell::Number(group.lost),
            Cell::Number(group.title_gained),
            Cell::Number(group.title_lost),
        ])
    });
    let caption = match dimension {
        Dimension::Employer => "按用人单位（受影响人数最多的 100 家）".to_owned(),
        other => format!("按{}", other.name()),
    };
    Table::new(&caption, TableModel::new(heads, rows)).id("groups")
}

async fn people(caller: Caller, Key(id): Key<WhatIfRow>, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let (run, _) = what_if::view(ctx, id).await?;
    let narrowed = Narrowed {
        district: listing.text("district"),
        department: listing.text("department"),
        level: listing.text("level"),
        org: listing.number("employer").map(OrgId::new),
    };
    let found = what_if::people(ctx, id, &narrowed, listing.number("after").map(PersonId::new)).await?;
    let page = caller
        .page("受影响人员")
        .lead(&format!(
            "逐人重新计算，本页查看了 {} 人，其中 {} 人的结论会改变。",
            format::number(i64::try_from(found.looked).unwrap_or(0)),
            found.people.len()
        ))
        .crumb("学时规则版本", "/desk/editions")
        .crumb("测算结果", &address(&run));
    web::page(page, changing(&run, &narrowed, &found))
}

fn changing(run: &Run, narrowed: &Narrowed, found: &Found) -> Html {
    let heads = [Column::main("name", "姓名"), Column::new("changes", "结论怎样改变")];
    let rows = found.people.iter().map(|one| {
        let words: Vec<String> = one.changes.iter().map(change).collect();
        Row::new([
            Cell::link(one.name.as_str(), format!("/desk/people/{}/statement", one.person)),
            Cell::text(words.join("；")),
        ])
    });
    let table = Table::new("受影响人员", TableModel::new(heads, rows)).when_empty("这一段没有人的结论会改变。", None);
    let mut body = Html::of(&table);
    if let Some(next) = found.next {
        let mut path = format!("{}/people?after={next}", address(run));
        let parts = [
            ("district", narrowed.district.clone()),
            ("department", narrowed.department.clone()),
            ("level", narrowed.level.clone()),
            ("employer", narrowed.org.map(|org| org.to_string())),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                path.push_str(&format!("&{name}={}", web::url_encode(&value)));
            }
        }
        body = body.and(&ui::Actions::new([Action::link("继续查看", &path)]));
    }
    body
}

fn change(change: &Change) -> String {
    let words = |reached: bool| if reached { "达标" } else { "未达标" };
    let mut parts = Vec::new();
    if change.now.annual != change.then.annual {
        parts.push(format!(
            "年度由{}变为{}",
            words(change.now.annual),
            words(change.then.annual)
        ));
    }
    if change.now.title != change.then.title {
        parts.push(format!(
            "职称周期由{}变为{}",
            words(change.now.title),
            words(change.then.title)
        ));
    }
    format!("{} 年{}", change.year, parts.join("、"))
}
