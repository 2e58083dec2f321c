//! Roll calls by a filled-in sheet: download, fill in, upload, check, confirm.

use kernel::{Error, id::ClassId, id::ClassRow, id::FileId, id::FileRow, id::SessionRow};
use learning::courses::{self, ClassView, RollCheck};
use registry::files;
use rules::permits::Act;
use ui::{
    Action, Actions, Cell, Column, Field, Figure, Figures, Form, Html, Page, Row, Table, TableModel, Tone, format,
};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, Upload, redirect_saying, reform};

/// The pages.
pub(super) fn routes() -> Routes {
    let mark = Gate::Act(Act::MarkAttendance);
    Routes::new()
        .get("/desk/classes/{id}/roll", mark, "用点名表登记考勤", show)
        .post("/desk/classes/{id}/roll", mark, "检查点名表", check)
        .get("/desk/classes/{id}/roll.xlsx", mark, "下载全班点名表", of_class)
        .get(
            "/desk/classes/{id}/roll/errors.xlsx",
            mark,
            "下载点名表错误清单",
            errors,
        )
        .post("/desk/classes/{id}/roll/import", mark, "写入点名表", import)
        .get("/desk/sessions/{id}/roll.xlsx", mark, "下载课次点名表", of_session)
}

fn at(id: ClassId) -> String {
    format!("/desk/classes/{id}/roll")
}

fn framed(caller: &Caller, view: &ClassView) -> Page {
    caller
        .page("用点名表登记考勤")
        .crumb("班次", "/desk/classes")
        .crumb(&view.class.plan.title, &format!("/desk/classes/{}", view.class.id))
}

fn form(caller: &Caller, id: ClassId) -> Form {
    Form::post(&at(id), caller.csrf())
        .field(
            Field::file("file", "填好的点名表", ".xlsx,.csv")
                .hint("先检查、不写入；确认后一次写入。不超过 20 MB。")
                .required(),
        )
        .submit("上传并检查")
        .cancel(&format!("/desk/classes/{id}"))
        .unguarded()
}

fn shown(caller: &Caller, view: &ClassView, form: &Form) -> Reply {
    let id = view.class.id;
    let steps = Html::paragraphs([
        "一、下载点名表：每位学员一行，每个课次一列，已登记的考勤已经填好。",
        "二、在考勤列的下拉列表中选择出勤、迟到、请假或缺勤；留空的不改动。",
        "三、上传。有错的行会标出来还给您；没有错再确认写入。",
    ]);
    let page = framed(caller, view)
        .lead("下载、填写、上传、确认；同一份点名表上传两次不会改动任何登记。")
        .action(Action::download("下载全班点名表", &format!("{}.xlsx", at(id))))
        .failed(form.failed());
    web::page(page, steps.and(form))
}

async fn show(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = courses::view(caller.ctx(), id).await?;
    shown(&caller, &view, &form(&caller, id))
}

async fn of_class(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let bytes = courses::roll_sheet(caller.ctx(), id).await?;
    let view = courses::view(caller.ctx(), id).await?;
    let number = view.class.number.unwrap_or_default();
    web::download(&format!("点名表-{number}.xlsx"), files::XLSX, bytes)
}

async fn of_session(caller: Caller, Key(id): Key<SessionRow>) -> Reply {
    let bytes = courses::roll_sheet_of_session(caller.ctx(), id).await?;
    let roll = courses::roll(caller.ctx(), id).await?;
    let number = roll.class.number.unwrap_or_default();
    let name = format!("点名表-{number}-第{}课次.xlsx", roll.session.position);
    web::download(&name, files::XLSX, bytes)
}

async fn check(caller: Caller, Key(id): Key<ClassRow>, mut upload: Upload) -> Reply {
    let view = courses::view(caller.ctx(), id).await?;
    let file = upload
        .take("file")
        .ok_or_else(|| Error::wrong("file", "file.missing", "请选择填好的点名表。"));
    let checked = async { courses::check_roll_sheet(caller.ctx(), id, file?.path()).await };
    match checked.await {
        Ok(check) => result(&caller, &view, &check),
        Err(error) => reform(error, |errors| shown(&caller, &view, &form(&caller, id).errors(errors))),
    }
}

fn lead(check: &RollCheck) -> String {
    match (check.faulty, check.new + check.changed) {
        (0, 0) => "点名表与平台上的登记完全一致，没有需要写入的内容。".to_owned(),
        (0, _) => format!("{} 行全部正确，尚未写入。请核对下面的数字后确认。", check.rows),
        (faulty, _) => format!(
            "{} 行中有 {faulty} 行有错误，没有写入任何内容。请下载错误清单，改正后重新上传。",
            check.rows
        ),
    }
}

fn result(caller: &Caller, view: &ClassView, check: &RollCheck) -> Reply {
    let id = view.class.id;
    let count = |n: usize| format::number(i64::try_from(n).unwrap_or(i64::MAX));
    let mut body = Html::of(&Figures::new([
        Figure::new("新登记", count(check.new), "项").tone(Tone::Good),
        Figure::new("更正", count(check.changed), "项")
            .tone(Tone::Active)
            .note("与已登记的不同"),
        Figure::new("没有变化", count(check.same), "项").tone(Tone::Neutral),
        Figure::new("有错误", count(check.faulty), "行").tone(if check.faulty > 0 { Tone::Bad } else { Tone::Neutral }),
    ]));
    if !check.samples.is_empty() {
        let rows = check.samples.iter().map(|sample| {
            Row::new([
                Cell::Number(i64::from(sample.row)),
                Cell::text(sample.column.as_str()),
                Cell::text(sample.sentence.as_str()),
            ])
        });
        let heads = [
            Column::number("row", "行"),
            Column::tight("column", "列"),
            Column::main("sentence", "错误说明"),
        ];
        let caption = "错误（最多显示 20 条，全部见错误清单）";
        let mut table = Table::new(caption, TableModel::new(heads, rows)).id("faults");
        if let Some(file) = check.errors {
            let address = format!("{}/errors.xlsx?file={file}", at(id));
            table = table.tool(Action::download("下载错误清单", &address));
        }
        body = body.and(&table);
    }
    body = match check.file.filter(|_| check.new + check.changed > 0) {
        Some(file) => {
            let confirm = Form::post(&format!("{}/import", at(id)), caller.csrf())
                .field(Field::hidden("file", &file.to_string()))
                .field(Field::hidden("proof", &check.proof))
                .submit("确认写入")
                .cancel(&at(id));
            body.and(&confirm)
        }
        None => body.and(&Actions::new([Action::link("重新上传", &at(id)).primary()])),
    };
    web::page(framed(caller, view).lead(&lead(check)), body)
}

async fn errors(caller: Caller, Key(id): Key<ClassRow>, listing: Listing) -> Reply {
    let file: FileId = listing.number("file").map(FileId::new).ok_or(Error::NotFound)?;
    let file = courses::roll_sheet_errors(caller.ctx(), id, file).await?;
    web::download(&file.name, files::XLSX, file.bytes)
}

async fn import(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let mut reader = fields.reader();
    let file = reader.id::<FileRow>("file", "文件");
    reader.finish()?;
    let file = file.ok_or(Error::NotFound)?;
    match courses::import_roll_sheet(caller.ctx(), id, file, fields.get("proof")).await {
        Ok(changed) => redirect_saying(
            &caller,
            &format!("/desk/classes/{id}"),
            &format!("已按点名表登记 {changed} 项考勤。"),
        ),
        Err(error) => {
            let view = courses::view(caller.ctx(), id).await?;
            reform(error, |errors| shown(&caller, &view, &form(&caller, id).errors(errors)))
        }
    }
}
