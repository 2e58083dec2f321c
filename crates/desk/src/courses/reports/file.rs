//! A report by file: template, upload, progress, result of the dry run, confirmation. One can leave and come back.

use kernel::{Code, Error, id::ClassRow};
use learning::courses::reporting::{self, ClassReport, ReportId, ReportKind, ReportRow, ReportState};
use learning::courses::{self, ClassFilter};
use rules::courses::{ClassState, Phase};
use rules::permits::{self, Act};
use ui::{
    Action, Actions, Alert, Cell, Choice, Column, Field, Figure, Figures, Form, Html, JobProgress, Row, Summary, Table,
    TableModel, Tone, format,
};
use web::{Caller, Gate, Key, Listing, Reply, Routes, Upload, redirect, redirect_saying, reform};

use super::super::shown;
use super::{state, template, window_words};

pub(super) fn routes() -> Routes {
    let (see, report) = (Gate::Act(Act::ListReports), Gate::Act(Act::ReportClass));
    Routes::new()
        .get("/desk/reports/new", report, "上传报送", new)
        .post("/desk/reports/new", report, "上传并检查报送", upload)
        .get("/desk/reports/roster.xlsx", report, "下载名单模板", roster_template)
        .get(
            "/desk/reports/completions.xlsx",
            report,
            "下载结果模板",
            completions_template,
        )
        .get("/desk/reports/{id}", see, "报送结果", show)
        .get("/desk/reports/{id}/progress", see, "报送进度", progress)
        .get("/desk/reports/{id}/errors.xlsx", report, "下载报送错误清单", errors)
        .post("/desk/reports/{id}/confirm", report, "确认报送", confirm)
        .post("/desk/reports/{id}/cancel", report, "取消报送", cancel)
}

/// Classes that can be reported now or soon, the latest first.
async fn choices(caller: &Caller) -> kernel::Result<Vec<Choice>> {
    let ctx = caller.ctx();
    let window = registry::Window::sorted("starts", true, 300);
    let found = courses::classes(ctx, &ClassFilter::default(), &window).await?;
    let open = found.rows.iter().filter(|class| {
        matches!(class.state, ClassState::Published { .. } | ClassState::Completed { .. })
            && permits::may(&ctx.actor, Act::ReportClass, &class.place()).is_ok()
    });
    let choice = |class: &courses::Class| {
        let number = class.number.as_deref().unwrap_or_default();
        let words = match class.phase(ctx.now()) {
            Phase::Completed => "已结业",
            Phase::AwaitingResult => "待录入结果",
            _ => "未结束",
        };
        Choice::new(
            &class.id.to_string(),
            &format!("{}（{number}，{words}）", class.plan.title),
        )
    };
    Ok(open.map(choice).collect())
}

async fn form(caller: &Caller) -> kernel::Result<Form> {
    Ok(Form::post("/desk/reports/new", caller.csrf())
        .field(Field::radios("kind", "报送内容", shown::choices(ReportKind::name)).required())
        .field(
            Field::select("class", "班次", choices(caller).await?)
                .hint("不在平台上办的班次，请先备案，再在这里选择。")
                .empty_choice("请选择班次")
                .required(),
        )
        .field(
            Field::file("file", "文件", ".xlsx,.csv")
                .hint("Excel（.xlsx）或 CSV（UTF-8、GB18030），不超过 20 MB、20 万行。")
                .required(),
        )
        .submit("上传并检查")
        .cancel("/desk/reports")
        .unguarded())
}

fn form_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("上传报送")
        .lead("上传后先检查、不写入；看过结果再确认。没有问题的行写入，有问题的随错误清单退回。")
        .crumb("报送记录", "/desk/reports")
        .other(Action::link("备案平台外班次", "/desk/filed-classes/new"))
        .other(Action::download("名单模板", template(ReportKind::Roster)))
        .other(Action::download("结果模板", template(ReportKind::Completions)));
    web::page(page.failed(form.failed()), Html::of(form))
}

async fn new(caller: Caller, listing: Listing) -> Reply {
    let kind = listing.get("kind").unwrap_or("completions").to_owned();
    let class = listing.text("class").unwrap_or_default();
    let chosen = [("kind", kind), ("class", class)];
    form_page(&caller, &form(&caller).await?.fill(&chosen))
}

async fn upload(caller: Caller, mut upload: Upload) -> Reply {
    let shown = form(&caller).await?.fill(upload.fields().pairs());
    let result = async {
        let kind = ReportKind::from_code(upload.fields().get("kind"))
            .ok_or_else(|| Error::wrong("kind", "report.kind", "请选择报送内容。"))?;
        let class = upload
            .fields()
            .get("class")
            .parse::<kernel::Id<ClassRow>>()
            .map_err(|_| Error::wrong("class", "report.class", "请选择班次。"))?;
        let file = upload
            .take("file")
            .ok_or_else(|| Error::wrong("file", "file.missing", "请选择一个文件。"))?;
        reporting::start(caller.ctx(), (kind, class), &file.name, file.path()).await
    }
    .await;
    match result {
        Ok(id) => redirect(&format!("/desk/reports/{id}")),
        Err(Error::Refused { code, sentence, .. }) => {
            let error = Error::wrong("class", code, sentence);
            reform(error, |errors| form_page(&caller, &shown.errors(errors)))
        }
        Err(error) => reform(error, |errors| form_page(&caller, &shown.errors(errors))),
    }
}

async fn roster_template(_: Caller) -> Reply {
    web::download(
        "学员名单模板.xlsx",
        registry::files::XLSX,
        reporting::template(ReportKind::Roster)?,
    )
}

async fn completions_template(_: Caller) -> Reply {
    web::download(
        "结业结果模板.xlsx",
        registry::files::XLSX,
        reporting::template(ReportKind::Completions)?,
    )
}

fn running(state: ReportState) -> bool {
    matches!(state, ReportState::Waiting | ReportState::Committing)
}

async fn show(caller: Caller, Key(id): Key<ReportRow>) -> Reply {
    let (report, job) = reporting::view(caller.ctx(), id).await?;
    let page = caller
        .page(&format!("{}：{}", report.kind.name(), report.title))
        .lead(&lead(&report))
        .crumb("报送记录", "/desk/reports");
    let facts = facts(&caller, &report).await?;
    if running(report.state) {
        let progress = progress_of(&caller, &report, job.as_ref());
        return web::page(page, Html::of(&progress).and(&facts));
    }
    web::page(page, result(&caller, &report).and(&facts))
}

async fn facts(caller: &Caller, report: &ClassReport) -> kernel::Result<Summary> {
    let ctx = caller.ctx();
    let window = reporting::window(ctx, report.class).await?;
    Ok(Summary::new()
        .title("这份报送")
        .fact(
            "班次",
            Cell::stack(
                report.title.as_str(),
                format!("/desk/classes/{}", report.class),
                report.number.as_str(),
            ),
        )
        .fact("施教机构", Cell::text(report.provider_name.as_str()))
        .fact("文件", Cell::text(report.file_name.as_str()))
        .fact("经办", Cell::text(report.actor.as_str()))
        .fact("上传时间", Cell::Moment(report.created_at.civil()))
        .fact("报送期限", Cell::text(window_words(&window, ctx.today()))))
}

/// The answer first, and what to do.
fn lead(report: &ClassReport) -> String {
    let counts = &report.counts;
    let deed = match report.kind {
        ReportKind::Roster => "报名",
        ReportKind::Completions => "写入",
    };
    match report.state {
        ReportState::Waiting => "正在检查，尚未写入。可以离开本页，稍后回来查看。".to_owned(),
        ReportState::Checked if counts.right == 0 && counts.faulty == 0 => {
            "每一行此前都已报送过，内容相同，没有需要写入的。".to_owned()
        }
        ReportState::Checked if counts.right == 0 => {
            format!(
                "{} 行有问题，没有可以{deed}的行。请下载错误清单，改正后重新上传。",
                counts.faulty
            )
        }
        ReportState::Checked if counts.faulty > 0 => format!(
            "{} 行中 {} 行可以{deed}，{} 行有问题；尚未写入。确认后写入没有问题的，其余按错误清单改正后再报。",
            counts.total, counts.right, counts.faulty
        ),
        ReportState::Checked => format!("{} 行可以{deed}，没有发现问题；尚未写入，请确认。", counts.right),
        ReportState::Committing => "正在写入；中断会自动接着做完，每人只记一次。可以离开本页。".to_owned(),
        ReportState::Done if counts.faulty > 0 => format!(
            "已写入 {} 行，{} 行有问题没有写入，请下载错误清单改正后再报。{}",
            counts.written, counts.faulty, report.problem
        ),
        ReportState::Done => format!("已写入 {} 行。{}", counts.written, report.problem),
        ReportState::Failed => format!("没有完成：{}", report.problem),
        ReportState::Cancelled => "已取消，没有写入任何内容。".to_owned(),
    }
}

/// The progress of the job; asks for itself again while it runs.
fn progress_of(caller: &Caller, report: &ClassReport, job: Option<&db::jobs::Status>) -> JobProgress {
    let address = format!("/desk/reports/{}", report.id);
    let started = job.and_then(|job| job.started_at);
    let elapsed = started.map_or(0, |at| u64::try_from(caller.ctx().now().seconds_since(at)).unwrap_or(0));
    let (done, total) = job.map_or((0, 0), |job| (job.done, job.total));
    let left = (done > 0 && total > done && elapsed > 0).then(|| (total - done) * elapsed / done);
    let dead = job.is_some_and(|job| job.state == db::jobs::JobState::Dead);
    let waiting = report.state == ReportState::Waiting;
    let may = permits::may(&caller.ctx().actor, Act::ReportClass, &report.place()).is_ok();
    let cancel = (waiting && may).then(|| Action::post("取消", &format!("{address}/cancel"), caller.csrf()));
    JobProgress {
        title: if waiting { "检查文件" } else { "写入报送" }.to_owned(),
        state: match (dead, started) {
            (true, _) => ui::State::Broken,
            (false, Some(_)) => ui::State::Running,
            (false, None) => ui::State::Queued,
        },
        done,
        total,
        elapsed_seconds: elapsed,
        left_seconds: left,
        address: format!("{address}/progress"),
        page: address,
        cancel,
        result: None,
        message: if dead {
            "处理没有完成。已写入的行不会丢失也不会重复；请联系系统运维人员重试。".to_owned()
        } else {
            String::new()
        },
    }
}

async fn progress(caller: Caller, Key(id): Key<ReportRow>) -> Reply {
    let (report, job) = reporting::view(caller.ctx(), id).await?;
    if running(report.state) {
        return web::html(&progress_of(&caller, &report, job.as_ref()));
    }
    let address = format!("/desk/reports/{id}");
    let total = u64::try_from(report.counts.total).unwrap_or(0);
    let over = JobProgress {
        title: "检查文件".to_owned(),
        state: state(report.state),
        done: total,
        total,
        elapsed_seconds: 0,
        left_seconds: None,
        address: format!("{address}/progress"),
        page: address.clone(),
        cancel: None,
        result: Some(Action::link("查看结果", &address).primary()),
        message: lead(&report),
    };
    web::html(&over)
}

fn result(caller: &Caller, report: &ClassReport) -> Html {
    let counts = &report.counts;
    let figure = |label: &str, count: i64, tone: Tone| Figure::new(label, format::number(count), "行").tone(tone);
    let bad = if counts.faulty > 0 { Tone::Bad } else { Tone::Neutral };
    let first = match report.state {
        ReportState::Done | ReportState::Failed => figure("已写入", counts.written, Tone::Good),
        _ => figure("可以写入", counts.right, Tone::Good),
    };
    let mut body = Html::of(&Figures::new([
        first,
        figure("此前已报送", counts.same, Tone::Neutral).note("内容相同，不重复记录"),
        figure("有问题", counts.faulty, bad).note("没有写入，在错误清单中"),
        figure("共", counts.total, Tone::Neutral),
    ]));
    if report.state == ReportState::Failed {
        let rest = "已写入的行保留，重新上传同一份文件会接着写完，不会重复。";
        body = body.and(&Alert::new(Tone::Bad, &report.problem).text(rest));
    }
    let address = format!("/desk/reports/{}", report.id);
    let may = permits::may(&caller.ctx().actor, Act::ReportClass, &report.place()).is_ok();
    if !report.samples.is_empty() {
        body = body.and(&faults(report, may.then_some(address.as_str())));
    }
    if report.state != ReportState::Checked || !may {
        return body;
    }
    let again = format!("/desk/reports/new?kind={}&class={}", report.kind.code(), report.class);
    let next = if counts.right > 0 {
        let label = format!("确认写入 {} 行", format::number(counts.right));
        Action::post(&label, &format!("{address}/confirm"), caller.csrf()).primary()
    } else {
        Action::link("重新上传", &again).primary()
    };
    let give_up = Action::post("放弃这次报送", &format!("{address}/cancel"), caller.csrf());
    body.and(&Actions::new([next, give_up]))
}

fn faults(report: &ClassReport, address: Option<&str>) -> Table {
    let rows = report.samples.iter().map(|sample| {
        Row::new([
            Cell::Number(i64::from(sample.row)),
            Cell::text(sample.column.as_str()),
            Cell::text(sample.sentence.as_str()),
        ])
    });
    let head = [
        Column::number("row", "行"),
        Column::tight("column", "列"),
        Column::main("sentence", "说明"),
    ];
    let caption = "有问题的行（最多显示 20 条，全部见错误清单）";
    let table = Table::new(caption, TableModel::new(head, rows)).id("faults");
    match address {
        Some(address) if report.error_file.is_some() => {
            table.tool(Action::download("下载错误清单", &format!("{address}/errors.xlsx")))
        }
        _ => table,
    }
}

async fn errors(caller: Caller, Key(id): Key<ReportRow>) -> Reply {
    let file = reporting::error_book(caller.ctx(), id).await?;
    web::download(&file.name, registry::files::XLSX, file.bytes)
}

async fn confirm(caller: Caller, Key(id): Key<ReportRow>) -> Reply {
    reporting::confirm(caller.ctx(), id).await?;
    redirect(&format!("/desk/reports/{id}"))
}

async fn cancel(caller: Caller, Key(id): Key<ReportRow>) -> Reply {
    let id: ReportId = id;
    reporting::cancel(caller.ctx(), id).await?;
    redirect_saying(&caller, "/desk/reports", "已取消，没有写入任何内容。")
}
