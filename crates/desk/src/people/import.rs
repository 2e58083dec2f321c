//! Roster import: template, upload, progress, result, confirmation. One can leave the page and come back.

use kernel::{Error, id::OrgRow};
use registry::{
    files, orgs,
    people::roster::{self, Import, ImportId, ImportRow, ImportState},
};
use rules::permits::Act;
use ui::{
    Action, Actions, Alert, Cell, Choice, Column, Field, Figure, Figures, Form, Html, JobProgress, Row, State, Table,
    TableModel, Tone, format,
};
use web::{Caller, Gate, Key, Listing, Reply, Routes, Upload, columns, redirect, redirect_saying, reform};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::ImportRoster);
    Routes::new()
        .list("/desk/people/import", gate, "批量导入记录", list)
        .get("/desk/people/import/new", gate, "上传人员名册", new)
        .post("/desk/people/import/new", gate, "上传并检查人员名册", upload)
        .get("/desk/people/import/template.xlsx", gate, "下载名册模板", template)
        .get("/desk/people/import/{id}", gate, "导入结果", show)
        .get("/desk/people/import/{id}/progress", gate, "导入进度", progress)
        .get("/desk/people/import/{id}/errors.xlsx", gate, "下载错误清单", errors)
        .post("/desk/people/import/{id}/confirm", gate, "确认导入", confirm)
        .post("/desk/people/import/{id}/cancel", gate, "取消导入", cancel)
}

fn state(state: ImportState) -> State {
    match state {
        ImportState::Waiting | ImportState::Committing => State::Running,
        ImportState::Checked => State::AwaitingReview,
        ImportState::Done => State::Done,
        ImportState::Failed => State::Broken,
        ImportState::Cancelled => State::Cancelled,
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let new = || Action::link("上传名册", "/desk/people/import/new");
    let page = caller
        .page("批量导入人员")
        .lead("先检查、后导入；一份名册要么全部导入，要么一行不导。")
        .crumb("人员名册", "/desk/people")
        .action(new())
        .other(Action::download("下载模板", "/desk/people/import/template.xlsx"));
    let table = Table::new(
        "导入记录",
        columns([
            Column::main("name", "文件").sortable(),
            Column::tight("state", "状态"),
            Column::number("total", "行数"),
            Column::number("new", "新增"),
            Column::number("changed", "变更"),
            Column::number("moved", "调入"),
            Column::number("faulty", "有错"),
            Column::tight("by", "经办"),
            Column::tight("created", "上传时间").sortable(),
        ]),
    )
    .sorted_by("-created")
    .when_empty("还没有导入过名册。", Some(new()));
    let row = |import: &Import| {
        let counts = &import.counts;
        Row::new([
            Cell::link(import.file_name.as_str(), format!("/desk/people/import/{}", import.id)),
            state(import.state).into(),
            Cell::Number(counts.total),
            Cell::Number(counts.new),
            Cell::Number(counts.changed),
            Cell::Number(counts.moved),
            Cell::Number(counts.faulty),
            Cell::text(import.actor.as_str()),
            Cell::Moment(import.created_at.civil()),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| roster::list(caller.ctx(), &window).await,
        row,
    )
    .await
}

async fn form(caller: &Caller) -> kernel::Result<Form> {
    let ctx = caller.ctx();
    let mut form = Form::post("/desk/people/import/new", caller.csrf());
    if ctx.actor.org().is_none() {
        let asked = orgs::Filter {
            capacity: Some("employer".to_owned()),
            status: Some(orgs::OrgStatus::Active),
            ..orgs::Filter::default()
        };
        let found = orgs::list(ctx, &asked, &registry::Window::sorted("name", false, 500)).await?;
        let choices = found.rows.iter().map(|org| Choice::new(&org.id.to_string(), &org.name));
        let hint = "名册中的人员都属于这个单位。一份名册含多个单位时不选，由“工作单位统一社会信用代码”一列指明。";
        form = form.field(
            Field::select("org", "工作单位", choices)
                .hint(hint)
                .empty_choice("由名册指明"),
        );
    }
    Ok(form
        .field(
            Field::file("file", "名册文件", ".xlsx,.csv")
                .hint("Excel（.xlsx）或 CSV（UTF-8、GB18030），不超过 20 MB、20 万行。")
                .required(),
        )
        .submit("上传并检查")
        .cancel("/desk/people/import")
        .unguarded())
}

fn form_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("上传人员名册")
        .lead("上传后先检查、不写入，确认后才导入。")
        .crumb("人员名册", "/desk/people")
        .crumb("批量导入", "/desk/people/import")
        .other(Action::download("下载模板", "/desk/people/import/template.xlsx"));
    web::page(page.failed(form.failed()), Html::of(form))
}

async fn new(caller: Caller) -> Reply {
    form_page(&caller, &form(&caller).await?)
}

async fn upload(caller: Caller, mut upload: Upload) -> Reply {
    let shown = form(&caller).await?.fill(upload.fields().pairs());
    let result = async {
        let file = upload
            .take("file")
            .ok_or_else(|| Error::wrong("file", "file.missing", "请选择一个名册文件。"))?;
        let org = match upload.fields().get("org") {
            "" => None,
            text => Some(text.parse::<kernel::Id<OrgRow>>().map_err(|_| Error::NotFound)?),
        };
        roster::start(caller.ctx(), org, &file.name, file.path()).await
    }
    .await;
    match result {
        Ok(id) => redirect(&format!("/desk/people/import/{id}")),
        Err(error) => reform(error, |errors| form_page(&caller, &shown.errors(errors))),
    }
}

async fn template(caller: Caller) -> Reply {
    let bytes = roster::template(caller.ctx()).await?;
    web::download("人员名册模板.xlsx", files::XLSX, bytes)
}

async fn show(caller: Caller, Key(id): Key<ImportRow>) -> Reply {
    let (import, job) = roster::view(caller.ctx(), id).await?;
    let page = caller
        .page(&import.file_name)
        .lead(&lead(&import))
        .crumb("人员名册", "/desk/people")
        .crumb("批量导入", "/desk/people/import");
    if matches!(import.state, ImportState::Waiting | ImportState::Committing) {
        return web::page(page, Html::of(&running(&caller, &import, job.as_ref())));
    }
    web::page(page, result(&caller, &import))
}

fn lead(import: &Import) -> String {
    let counts = &import.counts;
    match import.state {
        ImportState::Waiting => "正在检查，尚未写入。可以离开本页，稍后回来查看。".to_owned(),
        ImportState::Checked if counts.faulty > 0 => {
            format!(
                "{} 行中有 {} 行有错误，没有写入任何内容。请下载错误清单，改正后重新上传。",
                counts.total, counts.faulty
            )
        }
        ImportState::Checked if counts.new + counts.changed + counts.moved == 0 => {
            "名册与平台上的内容完全一致，导入不会改动任何人员。".to_owned()
        }
        ImportState::Checked => format!("{} 行全部正确，尚未写入。请核对下面的数字后确认导入。", counts.total),
        ImportState::Committing => "正在写入；要么全部完成，要么一行不写。".to_owned(),
        ImportState::Done => {
            format!(
                "已导入：新增 {} 人，变更 {} 人，调入 {} 人，{} 人没有变化。",
                counts.new, counts.changed, counts.moved, counts.same
            )
        }
        ImportState::Failed => format!("没有导入任何一行：{}", import.problem),
        ImportState::Cancelled => "已取消，没有写入任何内容。".to_owned(),
    }
}

/// The progress of the job; asks for itself again while it runs.
fn running(caller: &Caller, import: &Import, job: Option<&db::jobs::Status>) -> JobProgress {
    let address = format!("/desk/people/import/{}", import.id);
    let now = caller.ctx().now();
    let started = job.and_then(|job| job.started_at);
    let elapsed = started.map_or(0, |at| u64::try_from(now.seconds_since(at)).unwrap_or(0));
    let (done, total) = job.map_or((0, 0), |job| (job.done, job.total));
    let left = (done > 0 && total > done && elapsed > 0).then(|| (total - done) * elapsed / done);
    let dead = job.is_some_and(|job| job.state == db::jobs::JobState::Dead);
    let state = match (dead, started) {
        (true, _) => State::Broken,
        (false, Some(_)) => State::Running,
        (false, None) => State::Queued,
    };
    let waiting = import.state == ImportState::Waiting;
    let cancel = waiting.then(|| Action::post("取消", &format!("{address}/cancel"), caller.csrf()));
    JobProgress {
        title: if waiting { "检查名册" } else { "写入名册" }.to_owned(),
        state,
        done,
        total,
        elapsed_seconds: elapsed,
        left_seconds: left,
        address: format!("{address}/progress"),
        page: address,
        cancel,
        result: None,
        message: if dead {
            "处理没有完成，没有写入任何内容。请重新上传，或联系系统运维人员。".to_owned()
        } else {
            String::new()
        },
    }
}

async fn progress(caller: Caller, Key(id): Key<ImportRow>) -> Reply {
    let (import, job) = roster::view(caller.ctx(), id).await?;
    if matches!(import.state, ImportState::Waiting | ImportState::Committing) {
        return web::html(&running(&caller, &import, job.as_ref()));
    }
    let address = format!("/desk/people/import/{id}");
    let over = JobProgress {
        title: "检查名册".to_owned(),
        state: state(import.state),
        done: u64::try_from(import.counts.total).unwrap_or(0),
        total: u64::try_from(import.counts.total).unwrap_or(0),
        elapsed_seconds: 0,
        left_seconds: None,
        address: format!("{address}/progress"),
        page: address.clone(),
        cancel: None,
        result: Some(Action::link("查看结果", &address).primary()),
        message: lead(&import),
    };
    web::html(&over)
}

fn result(caller: &Caller, import: &Import) -> Html {
    let counts = &import.counts;
    let figure = |label: &str, count: i64, tone: Tone| Figure::new(label, format::number(count), "人").tone(tone);
    let mut body = Html::of(&Figures::new([
        figure("新增", counts.new, Tone::Good),
        figure("变更", counts.changed, Tone::Active),
        figure("调入", counts.moved, Tone::Active).note("现登记在其他单位，导入后原任职自动截止"),
        figure("没有变化", counts.same, Tone::Neutral),
        Figure::new("有错误", format::number(counts.faulty), "行").tone(if counts.faulty > 0 {
            Tone::Bad
        } else {
            Tone::Neutral
        }),
    ]));
    if import.state == ImportState::Failed {
        body = body.and(&Alert::new(Tone::Bad, "没有导入任何一行").text(&import.problem));
    }
    let address = format!("/desk/people/import/{}", import.id);
    if !import.samples.is_empty() {
        let rows = import.samples.iter().map(|sample| {
            Row::new([
                Cell::Number(i64::from(sample.row)),
                Cell::text(sample.column.as_str()),
                Cell::text(sample.sentence.as_str()),
            ])
        });
        let head = [
            Column::number("row", "行"),
            Column::tight("column", "列"),
            Column::main("sentence", "错误说明"),
        ];
        let caption = "错误（最多显示 20 条，全部见错误清单）";
        let mut table = Table::new(caption, TableModel::new(head, rows)).id("faults");
        if import.error_file.is_some() {
            table = table.tool(Action::download("下载错误清单", &format!("{address}/errors.xlsx")));
        }
        body = body.and(&table);
    }
    if import.state != ImportState::Checked {
        return body;
    }
    let next = if counts.faulty == 0 && counts.total > 0 {
        Action::post("确认导入", &format!("{address}/confirm"), caller.csrf()).primary()
    } else {
        Action::link("重新上传", "/desk/people/import/new").primary()
    };
    let give_up = Action::post("放弃这次导入", &format!("{address}/cancel"), caller.csrf());
    body.and(&Actions::new([next, give_up]))
}

async fn errors(caller: Caller, Key(id): Key<ImportRow>) -> Reply {
    let file = roster::error_book(caller.ctx(), id).await?;
    web::download(&file.name, files::XLSX, file.bytes)
}

async fn confirm(caller: Caller, Key(id): Key<ImportRow>) -> Reply {
    roster::confirm(caller.ctx(), id).await?;
    redirect(&format!("/desk/people/import/{id}"))
}

async fn cancel(caller: Caller, Key(id): Key<ImportRow>) -> Reply {
    let id: ImportId = id;
    roster::cancel(caller.ctx(), id).await?;
    redirect_saying(&caller, "/desk/people/import", "已取消，没有写入任何内容。")
}
