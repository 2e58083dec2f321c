//! Filing a class that ran outside the platform's class tool.

use kernel::{CourseId, Seconds};
use learning::courses::reporting::filed;
use learning::courses::{self, CourseFilter};
use rules::courses::CourseStatus;
use rules::courses::reporting::{Filing, read_sessions};
use rules::permits::Act;
use ui::{Choice, Field, Form, Html};
use web::{Caller, Fields, Gate, Reply, Routes, redirect_saying, reform};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::FileClass);
    Routes::new()
        .get("/desk/filed-classes/new", gate, "备案平台外班次", new)
        .post("/desk/filed-classes/new", gate, "提交平台外班次备案", file)
}

async fn form(caller: &Caller) -> kernel::Result<Form> {
    let filter = CourseFilter {
        status: Some(CourseStatus::Active),
        ..CourseFilter::default()
    };
    let found = courses::courses(caller.ctx(), &filter, &registry::Window::sorted("created", true, 300)).await?;
    let choices = found.rows.iter().map(|line| {
        let words = format!(
            "{}（{}，{} 学时）",
            line.course.title,
            line.course.subject.name(),
            line.hours
        );
        Choice::new(&line.course.id.to_string(), &words)
    });
    let choices: Vec<Choice> = choices.collect();
    Ok(Form::post("/desk/filed-classes/new", caller.csrf())
        .section_with_hint(
            "属于哪门课程",
            "只能备案本机构在开课程的班次；科目、形式、领域和学时上限以课程为准。",
        )
        .field(
            Field::select("course", "课程", choices)
                .empty_choice("请选择课程")
                .required(),
        )
        .field(
            Field::text("own_number", "本机构班次编号")
                .hint("同一编号重复备案得到同一个班次。")
                .max(40)
                .required(),
        )
        .field(
            Field::text("title", "班次名称")
                .hint("学员在学时记录和证书上看到的名称。")
                .max(60)
                .required(),
        )
        .section("时间")
        .field(Field::date("starts_on", "开始日期").required())
        .field(Field::date("ends_on", "结束日期").required())
        .field(
            Field::textarea("sessions", "各课次起止时间")
                .hint("一行一个课次，例如 2026-03-05 09:00-12:00。远程教育没有固定时间的可以不填，改填授课分钟。")
                .rows(4),
        )
        .field(
            Field::number("taught_minutes", "授课分钟", "分钟")
                .hint("填写了课次的不用填。")
                .range(0, 60_000),
        )
        .section("内容")
        .field(Field::text("place", "地点").max(100))
        .field(Field::text("teacher", "授课教师").max(30).required())
        .field(
            Field::number("participants", "参加人数", "人")
                .range(1, 200_000)
                .required(),
        )
        .field(
            Field::decimal("declared_hours", "申报学时", "学时")
                .hint("不超过课程核定学时；入账取授课时间和申报学时中较小的。")
                .required(),
        )
        .submit("提交备案")
        .cancel("/desk/reports"))
}

fn form_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("备案平台外班次")
        .lead("没有用平台班次管理举办的班次，先备案，再上传结业结果；学时照样写明施教机构、班次和本人。")
        .crumb("报送记录", "/desk/reports")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn new(caller: Caller) -> Reply {
    form_page(&caller, &form(&caller).await?)
}

fn read(fields: &Fields) -> kernel::Result<(CourseId, Filing)> {
    let mut reader = fields.reader();
    let course = reader.id("course", "课程");
    let own_number = reader.text("own_number", "本机构班次编号", 2..=40);
    let title = reader.text("title", "班次名称", 2..=60);
    let (starts_on, ends_on) = (reader.date("starts_on", "开始日期"), reader.date("ends_on", "结束日期"));
    let sessions = match read_sessions(fields.raw("sessions")) {
        Ok(sessions) => sessions,
        Err(fault) => {
            reader.error("sessions", fault.code, fault.sentence);
            Vec::new()
        }
    };
    let minutes = match fields.get("taught_minutes") {
        "" => Some(0),
        _ => reader.number("taught_minutes", "授课分钟", 0..=60_000),
    };
    let teacher = reader.text("teacher", "授课教师", 1..=30);
    let participants = reader.number("participants", "参加人数", 1..=200_000);
    let declared = reader.hours("declared_hours", "申报学时");
    reader.finish()?;
    let filing = Filing {
        own_number,
        title,
        starts_on: starts_on.unwrap_or_default(),
        ends_on: ends_on.unwrap_or_default(),
        taught: Seconds::minutes(minutes.unwrap_or(0)),
        sessions,
        place: fields.get("place").to_owned(),
        teacher,
        participants: participants.unwrap_or(0),
        declared: declared.unwrap_or_default(),
    };
    Ok((course.ok_or(kernel::Error::NotFound)?, filing))
}

async fn file(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let (course, filing) = read(&fields)?;
        filed::file(caller.ctx(), course, &filing).await
    }
    .await;
    match result {
        Ok(filed) => {
            let said = format!("已备案，班次编号 {}。请上传结业结果。", filed.number);
            let next = format!("/desk/reports/new?kind=completions&class={}", filed.class);
            redirect_saying(&caller, &next, &said)
        }
        Err(error) => {
            let shown = form(&caller).await?.fill(fields.pairs());
            reform(error, |errors| form_page(&caller, &shown.errors(errors)))
        }
    }
}
