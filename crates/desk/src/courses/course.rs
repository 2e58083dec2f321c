//! Courses of a provider: list, new, detail with versions, edit, new version, end.

use kernel::{Code, Hours, id::CourseRow};
use learning::courses::{self, CourseFilter, CourseLine, CourseView};
use registry::taxonomy::Vocabulary;
use rules::courses::{CourseDraft, CourseStatus};
use rules::credits::recognition::Part;
use rules::credits::{ActivityForm, Subject};
use rules::permits::{self, Act};
use ui::{Action, Cell, Choice, Column, Field, Filter, Form, Html, Row, State, Summary, Table, TableModel};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

use super::shown;

/// The pages.
pub(super) fn routes() -> Routes {
    let (see, edit) = (Gate::Act(Act::ListCourses), Gate::Act(Act::EditCourse));
    Routes::new()
        .list("/desk/courses", see, "课程", list)
        .get("/desk/courses/new", edit, "编制课程", new)
        .post("/desk/courses/new", edit, "保存课程", create)
        .get("/desk/courses/{id}", see, "课程详情", show)
        .get("/desk/courses/{id}/edit", edit, "修改课程", edit_page)
        .post("/desk/courses/{id}/edit", edit, "保存课程修改", save)
        .get("/desk/courses/{id}/version", edit, "编制课程新版本", version_page)
        .post("/desk/courses/{id}/version", edit, "发布课程新版本", add_version)
        .post("/desk/courses/{id}/end", edit, "停用课程", end)
        .post(
            "/desk/courses/{id}/part",
            Gate::Act(Act::MarkCompulsory),
            "列为必修或选修课程",
            set_part,
        )
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let own = permits::has(&ctx.actor, Act::EditCourse);
    let mut page = caller
        .page("课程")
        .lead("课程按版本管理：大纲或学时有变化，就编制一个新版本，已发布的版本不改动。");
    if own {
        page = page.action(Action::link("编制课程", "/desk/courses/new"));
    }
    let table = Table::new(
        "课程",
        columns([
            Column::main("title", "课程").sortable(),
            Column::tight("subject", "科目"),
            Column::new("field", "领域或方向").hide_on_phone(),
            Column::number("hours", "标准学时"),
            Column::number("latest", "版本"),
            Column::number("classes", "班次"),
            Column::new("provider", "施教机构").sortable().hide_on_phone(),
            Column::tight("status", "状态"),
        ]),
    )
    .filter(Filter::search("课程名称、施教机构"))
    .filter(Filter::select("subject", "科目", shown::choices(Subject::name)))
    .filter(Filter::select(
        "field",
        "领域",
        shown::terms(ctx, Vocabulary::FocusField).await?,
    ))
    .filter(Filter::select("status", "状态", shown::choices(CourseStatus::name)))
    .sorted_by("-created")
    .when_empty(
        "还没有课程。先编制课程，再从课程开班。",
        own.then(|| Action::link("编制课程", "/desk/courses/new")),
    );
    let filter = CourseFilter {
        words: listing.words(),
        subject: listing.choice("subject"),
        status: listing.choice("status"),
        field: listing.text("field"),
    };
    let names = shown::names(ctx).await?;
    let row = |line: &CourseLine| {
        let course = &line.course;
        let kind = match course.subject {
            Subject::Public => names.of_opt(Vocabulary::Direction, course.direction.as_deref()),
            Subject::Professional => names.of_opt(Vocabulary::FocusField, course.field.as_deref()),
        };
        Row::new([
            Cell::link(course.title.as_str(), format!("/desk/courses/{}", course.id)),
            Cell::text(course.subject.name()),
            Cell::text(kind),
            Cell::Hours(line.hours.get()),
            Cell::Number(line.latest),
            Cell::Number(line.classes),
            Cell::text(course.provider_name.as_str()),
            status(course.status).into(),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| courses::courses(ctx, &filter, &window).await,
        row,
    )
    .await
}

fn status(status: CourseStatus) -> State {
    match status {
        CourseStatus::Active => State::Active,
        CourseStatus::Ended => State::Suspended,
    }
}

struct Terms {
    fields: Vec<Choice>,
    directions: Vec<Choice>,
}

async fn classification(caller: &Caller) -> kernel::Result<Terms> {
    let fields = shown::terms(caller.ctx(), Vocabulary::FocusField).await?;
    Ok(Terms {
        fields,
        directions: shown::terms(caller.ctx(), Vocabulary::Direction).await?,
    })
}

fn described(form: Form, terms: &Terms) -> Form {
    form.field(
        Field::text("title", "课程名称")
            .hint("学员在目录中看到的名称。")
            .max(80)
            .required(),
    )
    .field(Field::select("field", "重点领域", terms.fields.clone()).hint("专业科目必选。"))
    .field(Field::select("direction", "培训方向", terms.directions.clone()).hint("公需科目必选。"))
    .field(
        Field::textarea("summary", "课程简介")
            .hint("两三句话：讲什么，适合谁。")
            .rows(3)
            .required(),
    )
}

fn edition(form: Form) -> Form {
    form.field(
        Field::textarea("syllabus", "教学大纲")
            .hint("按章节写，每章一行。发布后不能改，只能编制新版本。")
            .rows(10)
            .required(),
    )
    .field(
        Field::decimal("hours", "标准学时", "学时")
            .hint("45 分钟为 1 学时，例如 16 或 1.5。")
            .required(),
    )
}

async fn new_form(caller: &Caller) -> kernel::Result<Form> {
    let form = Form::post("/desk/courses/new", caller.csrf())
        .section("科目与形式")
        .field(Field::radios("subject", "科目", shown::choices(Subject::name)).required())
        .field(Field::select("form", "继续教育形式", shown::choices(ActivityForm::name)).required())
        .section("课程");
    let form = described(form, &classification(caller).await?).section("第 1 版");
    Ok(edition(form).submit("保存课程").cancel("/desk/courses"))
}

fn form_page(caller: &Caller, title: &str, form: &Form) -> Reply {
    let page = caller.page(title).crumb("课程", "/desk/courses").failed(form.failed());
    web::page(page, Html::of(form))
}

async fn new(caller: Caller) -> Reply {
    let form = new_form(&caller).await?.fill(&[("form", ActivityForm::Class.code())]);
    form_page(&caller, "编制课程", &form)
}

fn read(fields: &Fields, known: Option<&CourseView>) -> kernel::Result<CourseDraft> {
    let mut read = fields.reader();
    let (subject, form) = match known {
        Some(view) => (Some(view.course.subject), Some(view.course.form)),
        None => (read.choice("subject", "科目"), read.choice("form", "继续教育形式")),
    };
    let (syllabus, hours) = match known {
        Some(_) => (String::new(), Hours::ZERO),
        None => (
            read.text("syllabus", "教学大纲", 1..=20_000),
            read.hours("hours", "标准学时").unwrap_or_default(),
        ),
    };
    let draft = CourseDraft {
        title: read.text("title", "课程名称", 2..=80),
        subject: subject.unwrap_or(Subject::Professional),
        form: form.unwrap_or(ActivityForm::Class),
        field: read.optional("field"),
        direction: read.optional("direction"),
        summary: read.text("summary", "课程简介", 1..=1_000),
        syllabus,
        hours,
    };
    read.finish()?;
    Ok(draft)
}

async fn create(caller: Caller, fields: Fields) -> Reply {
    let result = async { courses::create(caller.ctx(), &read(&fields, None)?).await }.await;
    match result {
        Ok(id) => redirect_saying(
            &caller,
            &format!("/desk/courses/{id}"),
            "课程已保存。接下来可以从课程开班。",
        ),
        Err(error) => {
            let form = new_form(&caller).await?;
            reform(error, |errors| {
                form_page(&caller, "编制课程", &form.fill(fields.pairs()).errors(errors))
            })
        }
    }
}

async fn show(caller: Caller, Key(id): Key<CourseRow>) -> Reply {
    let view = courses::view_course(caller.ctx(), id).await?;
    let names = shown::names(caller.ctx()).await?;
    let course = &view.course;
    let latest = view.versions.first();
    let lead = match latest {
        Some(version) => format!("现行第 {} 版，{} 学时。", version.number, version.hours),
        None => String::new(),
    };
    let mut page = caller.page(&course.title).crumb("课程", "/desk/courses").lead(&lead);
    if permits::may(&caller.ctx().actor, Act::EditCourse, &course.place()).is_ok() {
        page = deeds(page, &caller, &view);
    }
    if let Some(version) = latest.filter(|_| course.subject == Subject::Public)
        && permits::has(&caller.ctx().actor, Act::MarkCompulsory)
    {
        let (label, part) = match version.part {
            Part::Elective => ("列为公需必修", Part::Compulsory),
            Part::Compulsory => ("改为选修", Part::Elective),
        };
        let deed = Action::post(label, &format!("/desk/courses/{id}/part"), caller.csrf());
        page = page.other(deed.field("part", part.code()));
    }
    let facts = Summary::new()
        .fact("状态", status(course.status))
        .fact(
            "必修或选修",
            Cell::text(latest.map_or("", |version| version.part.name())),
        )
        .fact("科目", Cell::text(course.subject.name()))
        .fact("继续教育形式", Cell::text(course.form.name()))
        .fact(
            "重点领域",
            Cell::text(names.of_opt(Vocabulary::FocusField, course.field.as_deref())),
        )
        .fact(
            "培训方向",
            Cell::text(names.of_opt(Vocabulary::Direction, course.direction.as_deref())),
        )
        .fact("施教机构", Cell::text(course.provider_name.as_str()))
        .fact("简介", Cell::text(course.summary.as_str()));
    let heads = [
        Column::tight("number", "版本"),
        Column::number("hours", "标准学时"),
        Column::main("syllabus", "教学大纲"),
        Column::tight("published", "发布时间"),
    ];
    let rows = view.versions.iter().map(|version| {
        Row::new([
            Cell::text(format!("第 {} 版", version.number)),
            Cell::Hours(version.hours.get()),
            Cell::text(version.syllabus.as_str()),
            Cell::Moment(version.published_at.civil()),
        ])
    });
    let versions = Table::new("课程版本", TableModel::new(heads, rows));
    web::page(page, Html::of(&facts).and(&versions))
}

async fn set_part(caller: Caller, Key(id): Key<CourseRow>, fields: Fields) -> Reply {
    let part = Part::from_code(fields.get("part")).unwrap_or_default();
    courses::set_part(caller.ctx(), id, part).await?;
    redirect_saying(
        &caller,
        &format!("/desk/courses/{id}"),
        "已保存，自下一次结业起按此记入。",
    )
}

fn deeds(page: ui::Page, caller: &Caller, view: &CourseView) -> ui::Page {
    let (id, ended) = (view.course.id, view.course.status == CourseStatus::Ended);
    let why = "课程已停用，不能再开班或编制新版本。";
    let link = |label: &str, path: &str| {
        let action = Action::link(label, &format!("/desk/courses/{id}/{path}"));
        if ended { action.missing(why) } else { action }
    };
    let open = Action::link("从本课程开班", &format!("/desk/classes/new?course={id}"));
    let open = if ended { open.missing(why) } else { open };
    let page = page
        .action(open)
        .other(link("编制新版本", "version"))
        .other(link("修改", "edit"));
    if ended {
        return page;
    }
    let end = Action::post("停用", &format!("/desk/courses/{id}/end"), caller.csrf());
    page.other(end.field("version", &view.course.version.to_string()).danger())
}

async fn edit_form(caller: &Caller, view: &CourseView) -> kernel::Result<Form> {
    let course = &view.course;
    let form = Form::post(&format!("/desk/courses/{}/edit", course.id), caller.csrf())
        .field(Field::fixed("科目", course.subject.name()))
        .field(Field::hidden("version", &course.version.to_string()));
    let form = described(form, &classification(caller).await?)
        .submit("保存")
        .cancel(&format!("/desk/courses/{}", course.id));
    Ok(form)
}

async fn edit_page(caller: Caller, Key(id): Key<CourseRow>) -> Reply {
    let view = courses::view_course(caller.ctx(), id).await?;
    view.course.status.offers()?;
    let course = &view.course;
    let typed = [
        ("title", course.title.as_str()),
        ("field", course.field.as_deref().unwrap_or_default()),
        ("direction", course.direction.as_deref().unwrap_or_default()),
        ("summary", course.summary.as_str()),
        ("version", &course.version.to_string()),
    ];
    form_page(&caller, "修改课程", &edit_form(&caller, &view).await?.fill(&typed))
}

async fn save(caller: Caller, Key(id): Key<CourseRow>, fields: Fields) -> Reply {
    let view = courses::view_course(caller.ctx(), id).await?;
    let result = async {
        let draft = read(&fields, Some(&view))?;
        courses::edit_course(caller.ctx(), id, shown::version(&fields)?, &draft).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/courses/{id}"), "已保存。"),
        Err(error) => {
            let form = edit_form(&caller, &view).await?;
            reform(error, |errors| {
                form_page(&caller, "修改课程", &form.fill(fields.pairs()).errors(errors))
            })
        }
    }
}

fn version_form(caller: &Caller, view: &CourseView) -> Form {
    let id = view.course.id;
    let form = Form::post(&format!("/desk/courses/{id}/version"), caller.csrf());
    edition(form)
        .submit("发布新版本")
        .cancel(&format!("/desk/courses/{id}"))
}

async fn version_page(caller: Caller, Key(id): Key<CourseRow>) -> Reply {
    let view = courses::view_course(caller.ctx(), id).await?;
    view.course.status.offers()?;
    let form = version_form(&caller, &view);
    let form = match view.versions.first() {
        Some(latest) => form.fill(&[
            ("syllabus", latest.syllabus.clone()),
            ("hours", latest.hours.to_string()),
        ]),
        None => form,
    };
    form_page(&caller, "编制新版本", &form)
}

async fn add_version(caller: Caller, Key(id): Key<CourseRow>, fields: Fields) -> Reply {
    let view = courses::view_course(caller.ctx(), id).await?;
    let result = async {
        let mut read = fields.reader();
        let syllabus = read.text("syllabus", "教学大纲", 1..=20_000);
        let hours = read.hours("hours", "标准学时").unwrap_or_default();
        read.finish()?;
        courses::add_version(caller.ctx(), id, &syllabus, hours).await
    }
    .await;
    match result {
        Ok(_) => redirect_saying(
            &caller,
            &format!("/desk/courses/{id}"),
            "新版本已发布，之后的开班使用新版本。",
        ),
        Err(error) => {
            let form = version_form(&caller, &view).fill(fields.pairs());
            reform(error, |errors| form_page(&caller, "编制新版本", &form.errors(errors)))
        }
    }
}

async fn end(caller: Caller, Key(id): Key<CourseRow>, fields: Fields) -> Reply {
    courses::end_course(caller.ctx(), id, shown::version(&fields)?).await?;
    redirect_saying(
        &caller,
        &format!("/desk/courses/{id}"),
        "课程已停用，已有班次不受影响。",
    )
}
