//! What an operator sees: jobs, and the state of the system. No people, no hours of anybody.

use db::jobs::{JobState, Status};
use kernel::id::JobRow;
use oversight::reports;
use rules::permits::Act;
use ui::{Action, Cell, Column, Filter, Html, Row, State, Summary, Table, TableModel, format};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, redirect_saying};

use crate::courses::shown;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    let jobs = Gate::Act(Act::ListJobs);
    Routes::new()
        .get("/desk/jobs", jobs, "后台任务", list)
        .post("/desk/jobs/{id}/cancel", jobs, "取消后台任务", cancel)
        .post("/desk/jobs/{id}/revive", jobs, "重试后台任务", revive)
        .get("/desk/system", Gate::Act(Act::ViewSystem), "系统状态", system)
}

fn state(state: JobState) -> State {
    match state {
        JobState::Waiting => State::Queued,
        JobState::Running => State::Running,
        JobState::Done => State::Done,
        JobState::Dead => State::Broken,
        JobState::Cancelled => State::Cancelled,
    }
}

/// What a kind of job does, for people who do not know the code.
fn kind_name(kind: &str) -> &str {
    match kind {
        "reports.refresh" => "汇总统计数据",
        "reports.refresh_soon" => "安排一次汇总",
        "courses.ask_results" => "提醒施教机构录入结果",
        "courses.tell_cancelled" => "通知班次取消",
        "courses.tell_changed" => "通知报名变化",
        "credentials.issue" => "签发结业证书",
        "credentials.revoke" => "撤销已冲正学时的证书",
        "people.roster_check" => "试运行人员导入",
        "people.roster_commit" => "写入人员导入",
        "files.sweep" => "删除到期附件",
        "housekeeping.prune" => "清理过期数据",
        other => other,
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let wanted: Option<JobState> = listing.choice("state");
    let jobs = reports::jobs(caller.ctx(), wanted).await?;
    let dead = jobs.iter().filter(|job| job.state == JobState::Dead).count();
    let lead = match dead {
        0 => "最近 200 个后台任务，没有失败的。".to_owned(),
        dead => format!("{dead} 个任务失败。查看原因后可以重试。"),
    };
    let heads = [
        Column::main("kind", "任务"),
        Column::tight("state", "状态"),
        Column::tight("progress", "进度"),
        Column::tight("due", "应执行时间"),
        Column::tight("finished", "结束时间"),
        Column::new("note", "说明"),
        Column::actions(),
    ];
    let rows: Vec<Row> = jobs.iter().map(|job| row(&caller, job)).collect();
    let table = Table::new("后台任务", TableModel::new(heads, rows))
        .address(listing.address())
        .filter(Filter::select("state", "状态", shown::choices(JobState::name)))
        .when_empty("还没有后台任务。", None);
    web::page(caller.page("后台任务").lead(&lead), Html::of(&table))
}

fn row(caller: &Caller, job: &Status) -> Row {
    let progress = match job.total {
        0 => Cell::Empty,
        total => Cell::Share {
            part: job.done.cast_signed(),
            whole: total.cast_signed(),
        },
    };
    let act =
        |label: &str, deed: &str| Action::post(label, &format!("/desk/jobs/{}/{deed}", job.id), caller.csrf()).quiet();
    let actions = match job.state {
        JobState::Waiting | JobState::Running if job.cancelling => vec![],
        JobState::Waiting | JobState::Running => vec![act("取消", "cancel")],
        JobState::Dead => vec![act("重试", "revive")],
        JobState::Done | JobState::Cancelled => vec![],
    };
    let note = if job.cancelling && job.state == JobState::Running {
        "正在停止".to_owned()
    } else {
        job.note.clone().unwrap_or_default()
    };
    Row::new([
        Cell::stack(kind_name(&job.kind), "", job.kind.as_str()),
        state(job.state).into(),
        progress,
        Cell::Moment(job.due_at.civil()),
        job.finished_at.map_or(Cell::Empty, |at| Cell::Moment(at.civil())),
        Cell::text(note),
        Cell::Actions(actions),
    ])
    .marked(job.state == JobState::Dead)
}

async fn cancel(caller: Caller, Key(id): Key<JobRow>, _: Fields) -> Reply {
    reports::cancel_job(caller.ctx(), id).await?;
    redirect_saying(&caller, "/desk/jobs", "已要求取消。")
}

async fn revive(caller: Caller, Key(id): Key<JobRow>, _: Fields) -> Reply {
    reports::revive_job(caller.ctx(), id).await?;
    redirect_saying(&caller, "/desk/jobs", "已重新排队。")
}

/// Bytes of the files that lie directly in the data folder: the database with its log, keys, notices.
fn folder_size(folder: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let sizes = entries
        .flatten()
        .filter_map(|entry| entry.metadata().ok())
        .filter(std::fs::Metadata::is_file);
    sizes.map(|file| file.len()).sum()
}

async fn system(caller: Caller) -> Reply {
    let ctx = caller.ctx();
    let counts = reports::system(ctx).await?;
    let progress = reports::progress(ctx).await?;
    let engine = if ctx.db.is_postgres() {
        "PostgreSQL"
    } else {
        "SQLite（内嵌）"
    };
    let years: Vec<String> = ctx.calendar.years().map(|year| year.to_string()).collect();
    let exists = &progress.inventory;
    let number = format::number;
    let mut facts = Summary::new()
        .fact("版本", env!("CARGO_PKG_VERSION"))
        .fact("数据库", engine)
        .fact("公开地址", Cell::text(ctx.installation.public_url.as_str()))
        .fact("数据目录", Cell::text(ctx.installation.data.display().to_string()))
        .fact(
            "目录内文件",
            Cell::text(format::file_size(folder_size(&ctx.installation.data))),
        )
        .fact(
            "数据性质",
            if ctx.installation.demo {
                "演示数据"
            } else {
                "正式数据"
            },
        )
        .fact("签名密钥编号", Cell::text(caller.app().press.key_id()))
        .fact("已导入的工作日历", Cell::text(format!("{} 年", years.join("、"))))
        .fact(
            "人员、机构、课程",
            Cell::text(format!(
                "{} 人、{} 家、{} 门",
                number(exists.people),
                number(exists.all_orgs()),
                number(exists.all_courses())
            )),
        )
        .fact("学时台账", Cell::text(format::wan_of(progress.activities, "人次")));
    facts = match progress.as_of {
        Some(at) => facts.fact("统计截至", at),
        None => facts.fact("统计截至", "正在汇总"),
    };
    for (state, count) in counts {
        facts = facts.fact(&format!("后台任务{}", state.name()), Cell::Number(count.cast_signed()));
    }
    let page = caller
        .page("系统状态")
        .lead("服务正常。详细指标见 /metrics，存活和就绪探针见 /healthz、/readyz。")
        .action(Action::link("后台任务", "/desk/jobs"));
    web::page(page, Html::of(&facts))
}
