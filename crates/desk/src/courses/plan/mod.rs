//! A class from draft to publishing, in short sections: 基本信息 → 课次 → 报名条件 → 检查并发布, a file each. Each section is
//! saved as one goes; what is still missing is told at the end, with the section where it is to be filled.

mod basics;
mod check;
mod conditions;
mod sessions;

use kernel::id::ClassId;
use learning::courses::{self, ClassView, CourseFilter};
use registry::Window;
use rules::courses::CourseStatus;
use rules::permits::Act;
use ui::{Action, Choice, Empty, Field, Form, Html, Steps};
use web::{Caller, Fields, Gate, Listing, Reply, Routes, redirect_saying, reform};

/// The sections in their order: title, last part of the address.
const SECTIONS: [(&str, &str); 4] = [
    ("基本信息", "basics"),
    ("课次", "sessions"),
    ("报名条件", "conditions"),
    ("检查并发布", "check"),
];

/// The pages.
pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::EditClass);
    Routes::new()
        .get("/desk/classes/new", gate, "开班", new)
        .post("/desk/classes/new", gate, "从课程开班", create)
        .get("/desk/classes/{id}/basics", gate, "班次基本信息", basics::show)
        .post("/desk/classes/{id}/basics", gate, "保存班次基本信息", basics::save)
        .get("/desk/classes/{id}/sessions", gate, "班次课次", sessions::show)
        .post("/desk/classes/{id}/sessions", gate, "保存班次课次", sessions::save)
        .get("/desk/classes/{id}/conditions", gate, "班次报名条件", conditions::show)
        .post(
            "/desk/classes/{id}/conditions",
            gate,
            "保存班次报名条件",
            conditions::save,
        )
        .get("/desk/classes/{id}/check", gate, "检查班次", check::show)
        .post(
            "/desk/classes/{id}/publish",
            Gate::Act(Act::PublishClass),
            "发布班次",
            check::publish,
        )
}

fn at(id: ClassId, section: &str) -> String {
    format!("/desk/classes/{id}/{section}")
}

async fn new_form(caller: &Caller) -> kernel::Result<Option<Form>> {
    let filter = CourseFilter {
        status: Some(CourseStatus::Active),
        ..CourseFilter::default()
    };
    let listed = courses::courses(caller.ctx(), &filter, &Window::sorted("title", false, 500)).await?;
    if listed.rows.is_empty() {
        return Ok(None);
    }
    let choice = |line: &courses::CourseLine| {
        let label = format!("{}（第 {} 版，{} 学时）", line.course.title, line.latest, line.hours);
        Choice::new(&line.course.id.to_string(), &label).group(line.course.subject.name())
    };
    let choices: Vec<Choice> = listed.rows.iter().map(choice).collect();
    let form = Form::post("/desk/classes/new", caller.csrf())
        .field(
            Field::select("course", "课程", choices)
                .hint("班次使用课程的最新版本。")
                .required(),
        )
        .submit("下一步：基本信息")
        .cancel("/desk/classes");
    Ok(Some(form))
}

fn new_page(caller: &Caller, form: Option<&Form>) -> Reply {
    let page = caller
        .page("开班")
        .crumb("班次", "/desk/classes")
        .failed(form.is_some_and(Form::failed));
    match form {
        Some(form) => web::page(
            page.lead("先选课程，再分四步填写；每一步都会保存，可以随时离开再回来。"),
            Html::of(form),
        ),
        None => {
            let none = Empty::new("还没有可以开班的课程", "先编制课程，写明大纲和标准学时，再从课程开班。");
            web::page(
                page,
                Html::of(&none.action(Action::link("编制课程", "/desk/courses/new"))),
            )
        }
    }
}

async fn new(caller: Caller, listing: Listing) -> Reply {
    let form = new_form(&caller)
        .await?
        .map(|form| form.fill(&[("course", listing.text("course").unwrap_or_default())]));
    new_page(&caller, form.as_ref())
}

async fn create(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let mut read = fields.reader();
        let course = read.id("course", "课程");
        read.finish()?;
        courses::draft(caller.ctx(), course.ok_or(kernel::Error::NotFound)?).await
    }
    .await;
    match result {
        Ok(id) => redirect_saying(&caller, &at(id, "basics"), "草稿已建立。"),
        Err(error) => {
            let form = new_form(&caller).await?;
            reform(error, |errors| {
                new_page(
                    &caller,
                    form.map(|form| form.fill(fields.pairs()).errors(errors)).as_ref(),
                )
            })
        }
    }
}

/// A section of a draft, in the frame that all four share.
fn section_page(caller: &Caller, view: &ClassView, section: usize, form: &Form) -> Reply {
    let class = &view.class;
    let page = caller
        .page(SECTIONS[section].0)
        .crumb("班次", "/desk/classes")
        .crumb(&class.plan.title, &format!("/desk/classes/{}", class.id))
        .failed(form.failed());
    web::page(page, Html::of(&steps(class.id, section)).and(form))
}

fn steps(id: ClassId, current: usize) -> Steps {
    let mut steps = Steps::new(current, SECTIONS.map(|(title, _)| title));
    for (step, (_, section)) in steps.steps.iter_mut().zip(SECTIONS) {
        step.href = at(id, section);
    }
    steps
}

/// A draft that may still be edited.
async fn draft(caller: &Caller, id: ClassId) -> kernel::Result<ClassView> {
    let view = courses::view(caller.ctx(), id).await?;
    view.class.state.edit()?;
    Ok(view)
}
