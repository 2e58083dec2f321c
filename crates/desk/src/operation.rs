//! What an operator sees: jobs, and the state of the system. No people, no hours of anybody.

use std::collections::BTreeSet;

use db::jobs::{Heap, JobState, Status, Wanted};
use kernel::Time;
use kernel::id::{JobId, JobRow};
use oversight::reports;
use rules::permits::Act;
use ui::{Action, Cell, Column, Filter, Html, Paging, Row, State, Summary, Table, TableModel, Total, format};
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
        "courses.announce"
        | "credits.announce_reversed"
        | "credits.announce_recognised"
        | "credits.announce_decided"
        | "credits.announce_closed"
        | "credentials.announce_issued"
        | "credentials.announce_ended"
        | "title_checks.announce_revoked" => "准备事件通知",
        "courses.ask_results" => "提醒施教机构录入结果",
        "courses.tell_cancelled" => "通知班次取消",
        "courses.tell_changed" => "通知报名变化",
        "courses.tell_adjusted" => "通知班次变更",
        "credits.tell_closed" | "reports.tell_closed" => "通知年度结账",
        "credits.remind" => "提醒未达标人员",
        "reports.digest" => "汇总提醒单位和主管部门",
        "credentials.issue" => "签发结业证书",
        "credentials.revoke" => "撤销已冲正学时的证书",
        "people.roster_check" => "试运行人员导入",
        "people.roster_commit" => "写入人员导入",
        "calls.observe" => "观测公示页面",
        "calls.round" => "征集截止和公示期满",
        "files.sweep" => "删除到期附件",
        "housekeeping.prune" => "清理过期数据",
        other => other,
    }
}

fn heads() -> [Column; 7] {
    [
        Column::main("kind", "任务"),
        Column::tight("state", "状态"),
        Column::tight("progress", "进度"),
        Column::tight("due", "应执行时间"),
        Column::tight("finished", "结束时间"),
        Column::new("note", "说明"),
        Column::actions(),
    ]
}

/// What asks for attention, then how many of each kind; with a kind or a state in the address, those one by one.
async fn list(caller: Caller, listing: Listing) -> Reply {
    let wanted = Wanted {
        of: None,
        kind: listing.text("kind"),
        state: listing.choice("state"),
    };
    if wanted.kind.is_some() || wanted.state.is_some() {
        return each(&caller, &listing, &wanted).await;
    }
    let now = reports::jobs_now(caller.ctx()).await?;
    let dead = now.pressing.iter().filter(|job| job.state == JobState::Dead).count();
    let lead = match (dead, now.pressing.len()) {
        (0, 0) => "没有失败的任务，也没有到时间未执行的任务。".to_owned(),
        (0, due) => format!("没有失败的任务；{due} 个正在执行或等待执行。"),
        (dead, _) => format!("{dead} 个任务失败。查看原因后可以重试。"),
    };
    let rows: Vec<Row> = now.pressing.iter().map(|job| row(&caller, job)).collect();
    let pressing = Table::new("需要留意的任务", TableModel::new(heads(), rows))
        .id("pressing")
        .when_empty("没有需要留意的任务。", None);
    let kinds = by_kind(&now.heaps, caller.ctx().now());
    web::page(caller.page("后台任务").lead(&lead), Html::of(&pressing).and(&kinds))
}

/// One row for each kind of job: what is to come, what is over, and the way to the single ones.
fn by_kind(heaps: &[Heap], now: Time) -> Table {
    let kinds: BTreeSet<&str> = heaps.iter().map(|heap| heap.kind.as_str()).collect();
    let rows = kinds.into_iter().map(|kind| {
        let of = |state| {
            heaps
                .iter()
                .find(move |heap: &&Heap| heap.kind == kind && heap.state == state)
        };
        let count = |state| Cell::Number(of(state).map_or(0, |heap| heap.count.cast_signed()));
        let next = of(JobState::Waiting)
            .map(|heap| heap.first_due)
            .filter(|due| *due > now);
        let last = heaps
            .iter()
            .filter(|heap| heap.kind == kind)
            .filter_map(|heap| heap.last_end)
            .max();
        let moment = |at: Option<Time>| at.map_or(Cell::Empty, |at| Cell::Moment(at.civil()));
        Row::new([
            Cell::stack(kind_name(kind), format!("/desk/jobs?kind={kind}"), kind),
            count(JobState::Waiting),
            moment(next),
            count(JobState::Done),
            moment(last),
            count(JobState::Dead),
        ])
    });
    let heads = [
        Column::main("kind", "任务"),
        Column::number("waiting", "等待执行"),
        Column::tight("next", "下一次"),
        Column::number("done", "已完成"),
        Column::tight("last", "最近结束"),
        Column::number("dead", "失败"),
    ];
    Table::new("各类任务", TableModel::new(heads, rows))
        .id("kinds")
        .when_empty("还没有后台任务。", None)
}

async fn each(caller: &Caller, listing: &Listing, wanted: &Wanted) -> Reply {
    let after = listing.number("after").map(JobId::new);
    let jobs = reports::jobs(caller.ctx(), wanted, after).await?;
    let next = jobs.rows.last().filter(|_| jobs.more).map(|job| job.id.to_string());
    let rows: Vec<Row> = jobs.rows.iter().map(|job| row(caller, job)).collect();
    let table = Table::new("后台任务", TableModel::new(heads(), rows))
        .address(listing.address())
        .filter(Filter::select("state", "状态", shown::choices(JobState::name)))
        .filter(Filter::text("kind", "任务代码"))
        .paging(Paging {
            total: Total::Unknown,
            first: after.is_none().then_some(1),
            previous: None,
            next,
        })
        .when_empty("没有这样的后台任务。", None);
    let title = wanted.kind.as_deref().map_or("后台任务", kind_name);
    let page = caller
        .page(title)
        .crumb("后台任务", "/desk/jobs")
        .lead("从新到旧，每页 50 个；结束的任务保留一段时间后自动清理。");
    web::page(page, Html::of(&table))
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
