//! A class from draft to publishing, in short sections: 基本信息 → 课次 → 报名条件 → 检查并发布. Each section is saved as
//! one goes; what is still missing is told at the end, with the section where it is to be filled.

use kernel::{Code, FieldError, Seconds, Time, id::ClassId, id::ClassRow};
use learning::courses::{self, ClassView, CourseFilter};
use registry::Window;
use registry::taxonomy::Vocabulary;
use rules::courses::{ClassPlan, CourseStatus, Delivery, Eligibility, FeeSource, SessionPlan};
use rules::credits::class_hours;
use rules::permits::Act;
use ui::{Action, Alert, Cell, Choice, Empty, Field, Form, Html, Steps, Summary, Tone};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, redirect_saying, reform};

use super::shown;

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
        .get("/desk/classes/{id}/basics", gate, "班次基本信息", basics)
        .post("/desk/classes/{id}/basics", gate, "保存班次基本信息", save_basics)
        .get("/desk/classes/{id}/sessions", gate, "班次课次", sessions)
        .post("/desk/classes/{id}/sessions", gate, "保存班次课次", save_sessions)
        .get("/desk/classes/{id}/conditions", gate, "班次报名条件", conditions)
        .post(
            "/desk/classes/{id}/conditions",
            gate,
            "保存班次报名条件",
            save_conditions,
        )
        .get("/desk/classes/{id}/check", gate, "检查班次", check)
        .post(
            "/desk/classes/{id}/publish",
            Gate::Act(Act::PublishClass),
            "发布班次",
            publish,
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

async fn basics_form(caller: &Caller, view: &ClassView) -> kernel::Result<Form> {
    let areas = shown::terms(caller.ctx(), Vocabulary::KeyArea).await?;
    let id = view.class.id;
    Ok(Form::post(&at(id, "basics"), caller.csrf())
        .field(Field::hidden("version", &view.class.version.to_string()))
        .field(
            Field::text("title", "班次名称")
                .hint("学员在目录中看到的名称，可以加期次。")
                .max(80)
                .required(),
        )
        .field(Field::radios("delivery", "授课方式", shown::choices(Delivery::name)).required())
        .field(
            Field::textarea("summary", "班次说明")
                .hint("这一期的安排、要带的东西，写给学员看。")
                .rows(3),
        )
        .field(
            Field::text("place", "上课地点")
                .hint("写到门牌和房间；线上直播可以不填。")
                .max(100),
        )
        .field(Field::text("contact", "联系人和电话").max(60).required())
        .field(Field::select("key_area", "服务的重点区域", areas).empty_choice("不限"))
        .section("学时与费用")
        .field(
            Field::number("year", "学时年度", "年")
                .hint("计入最后一个课次所在的年度。")
                .range(2022, 2100)
                .required(),
        )
        .field(
            Field::decimal("declared_hours", "申报学时", "学时")
                .hint("结业时按授课时间折算，不超过这里申报的学时。")
                .required(),
        )
        .field(Field::decimal("fee", "学员缴费", "元").hint("不收费填 0。").required())
        .field(Field::select("fee_source", "经费来源", shown::choices(FeeSource::name)).required())
        .submit("保存，下一步：课次")
        .cancel(&format!("/desk/classes/{id}")))
}

fn basics_pairs(view: &ClassView) -> Vec<(&'static str, String)> {
    let plan = &view.class.plan;
    vec![
        ("version", view.class.version.to_string()),
        ("title", plan.title.clone()),
        ("delivery", plan.delivery.code().to_owned()),
        ("summary", plan.summary.clone()),
        ("place", plan.place.clone()),
        ("contact", plan.contact.clone()),
        ("key_area", plan.key_area.clone().unwrap_or_default()),
        ("year", plan.year.to_string()),
        ("declared_hours", plan.declared_hours.to_string()),
        ("fee", plan.fee.to_string()),
        ("fee_source", plan.fee_source.code().to_owned()),
    ]
}

async fn basics(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = draft(&caller, id).await?;
    let form = basics_form(&caller, &view).await?.fill(&basics_pairs(&view));
    section_page(&caller, &view, 0, &form)
}

fn read_basics(fields: &Fields, before: &ClassPlan) -> kernel::Result<ClassPlan> {
    let mut read = fields.reader();
    let year = read.number("year", "学时年度", 2022..=2100).unwrap_or_default();
    let plan = ClassPlan {
        title: read.text("title", "班次名称", 2..=80),
        delivery: read.choice("delivery", "授课方式").unwrap_or(before.delivery),
        summary: read.text("summary", "班次说明", 0..=2_000),
        place: read.text("place", "上课地点", 0..=100),
        contact: read.text("contact", "联系人和电话", 0..=60),
        key_area: read.optional("key_area"),
        year: i32::try_from(year).unwrap_or(before.year),
        declared_hours: read.hours("declared_hours", "申报学时").unwrap_or_default(),
        fee: read.yuan("fee", "学员缴费").unwrap_or_default(),
        fee_source: read.choice("fee_source", "经费来源").unwrap_or(before.fee_source),
        ..before.clone()
    };
    read.finish()?;
    Ok(plan)
}

async fn save_basics(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let view = draft(&caller, id).await?;
    let result = async {
        let plan = read_basics(&fields, &view.class.plan)?;
        courses::edit(caller.ctx(), id, shown::version(&fields)?, &plan).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &at(id, "sessions"), "基本信息已保存。"),
        Err(error) => {
            let form = basics_form(&caller, &view).await?.fill(fields.pairs());
            reform(error, |errors| section_page(&caller, &view, 0, &form.errors(errors)))
        }
    }
}

/// One session as typed: field, value.
type Typed = Vec<(&'static str, String)>;

const OF_SESSION: [&str; 8] = [
    "title",
    "starts_at",
    "ends_at",
    "pause",
    "place",
    "url",
    "teacher",
    "teacher_title",
];

fn sessions_form(caller: &Caller, view: &ClassView, count: usize) -> Form {
    let id = view.class.id;
    let mut form = Form::post(&at(id, "sessions"), caller.csrf())
        .field(Field::hidden("version", &view.class.version.to_string()))
        .field(Field::hidden("count", &count.to_string()));
    let delivery = view.class.plan.delivery;
    for n in 1..=count {
        let name = |field: &str| format!("sessions.{n}.{field}");
        form = form
            .section_with_hint(&format!("第 {n} 课次"), "整段留空即删除这个课次。")
            .field(Field::text(&name("title"), "内容").max(80))
            .field(Field::moment(&name("starts_at"), "开始"))
            .field(Field::moment(&name("ends_at"), "结束"))
            .field(Field::number(&name("pause"), "其中休息", "分钟"));
        if delivery.has_place() {
            form = form.field(Field::text(&name("place"), "上课地点").max(100));
        }
        if delivery.has_address() {
            form = form.field(
                Field::text(&name("url"), "直播地址")
                    .hint("https:// 开头，只有已报名的学员能看到。")
                    .max(300),
            );
        }
        form = form
            .field(Field::text(&name("teacher"), "授课教师").max(30))
            .field(Field::text(&name("teacher_title"), "教师职称或职务").max(40));
    }
    form.submit("保存，下一步：报名条件")
        .also("再加一个课次", "then", "more")
        .cancel(&format!("/desk/classes/{id}"))
}

fn typed_of(plan: &SessionPlan) -> Typed {
    vec![
        ("title", plan.title.clone()),
        ("starts_at", shown::typed_moment(Some(plan.starts_at))),
        ("ends_at", shown::typed_moment(Some(plan.ends_at))),
        ("pause", (plan.pause.get() / 60).to_string()),
        ("place", plan.place.clone()),
        ("url", plan.url.clone()),
        ("teacher", plan.teacher.clone()),
        ("teacher_title", plan.teacher_title.clone()),
    ]
}

/// Names the fields of the sessions by their position, for `Form::fill`.
fn named(sessions: &[Typed]) -> Vec<(String, String)> {
    let each = (1..).zip(sessions).flat_map(|(n, session)| {
        session
            .iter()
            .map(move |(field, value)| (format!("sessions.{n}.{field}"), value.clone()))
    });
    each.collect()
}

async fn sessions(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = draft(&caller, id).await?;
    let mut typed: Vec<Typed> = view.sessions.iter().map(|session| typed_of(&session.plan)).collect();
    if typed.is_empty() {
        typed.push(vec![("place", view.class.plan.place.clone()), ("pause", "0".into())]);
    }
    let form = sessions_form(&caller, &view, typed.len());
    let mut pairs = named(&typed);
    pairs.push(("version".into(), view.class.version.to_string()));
    pairs.push(("count".into(), typed.len().to_string()));
    section_page(&caller, &view, 1, &form.fill(&pairs))
}

/// What was typed, without the sessions that were left empty (a place that was filled in for them does not count).
fn typed_sessions(fields: &Fields) -> Vec<Typed> {
    let count: usize = fields.get("count").parse().unwrap_or(0);
    let session = |n: usize| -> Typed {
        let value = |field: &'static str| (field, fields.get(&format!("sessions.{n}.{field}")).to_owned());
        OF_SESSION.map(value).to_vec()
    };
    let filled = |session: &Typed| {
        let telling = |field: &str| matches!(field, "title" | "starts_at" | "ends_at" | "teacher");
        session.iter().any(|(field, value)| telling(field) && !value.is_empty())
    };
    (1..=count.min(200)).map(session).filter(filled).collect()
}

fn read_sessions(typed: &[Typed]) -> kernel::Result<Vec<SessionPlan>> {
    let (mut plans, mut faults) = (Vec::new(), Vec::new());
    for (n, session) in (1..).zip(typed) {
        let value = |name: &str| {
            session
                .iter()
                .find(|(field, _)| *field == name)
                .map_or("", |(_, value)| value.as_str())
        };
        let mut time = |field: &str, label: &str| {
            Time::parse_local(value(field)).unwrap_or_else(|| {
                let sentence = format!("第 {n} 课次：请填写{label}的日期和时间，例如 2026-03-05 09:00。");
                faults.push(FieldError::new(
                    format!("sessions.{n}.{field}"),
                    "field.moment",
                    sentence,
                ));
                Time::default()
            })
        };
        let (starts_at, ends_at) = (time("starts_at", "开始"), time("ends_at", "结束"));
        plans.push(SessionPlan {
            title: value("title").to_owned(),
            starts_at,
            ends_at,
            pause: Seconds::minutes(value("pause").parse().unwrap_or(0)),
            place: value("place").to_owned(),
            url: value("url").to_owned(),
            teacher: value("teacher").to_owned(),
            teacher_title: value("teacher_title").to_owned(),
        });
    }
    if faults.is_empty() {
        Ok(plans)
    } else {
        Err(kernel::Error::Wrong(faults))
    }
}

async fn save_sessions(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let view = draft(&caller, id).await?;
    let mut typed = typed_sessions(&fields);
    let version = ("version".to_owned(), fields.get("version").to_owned());
    if fields.get("then") == "more" {
        let like = typed.last().cloned().unwrap_or_default();
        let kept = |field: &str| matches!(field, "pause" | "place" | "url" | "teacher" | "teacher_title");
        typed.push(like.into_iter().filter(|(field, _)| kept(field)).collect());
        let mut pairs = named(&typed);
        pairs.extend([version, ("count".to_owned(), typed.len().to_string())]);
        let form = sessions_form(&caller, &view, typed.len()).fill(&pairs);
        return section_page(&caller, &view, 1, &form);
    }
    let result = async {
        let plans = read_sessions(&typed)?;
        courses::plan_sessions(caller.ctx(), id, shown::version(&fields)?, &plans).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &at(id, "conditions"), "课次已保存。"),
        Err(error) => {
            let count = typed.len().max(1);
            let mut pairs = named(&typed);
            pairs.extend([version, ("count".to_owned(), count.to_string())]);
            let form = sessions_form(&caller, &view, count).fill(&pairs);
            reform(error, |errors| section_page(&caller, &view, 1, &form.errors(errors)))
        }
    }
}

async fn conditions_form(caller: &Caller, view: &ClassView) -> kernel::Result<Form> {
    let ctx = caller.ctx();
    let boxes = async |name: &str, label: &str, vocabulary| -> kernel::Result<Field> {
        Ok(Field::checkboxes(name, label, shown::terms(ctx, vocabulary).await?))
    };
    Ok(Form::post(&at(view.class.id, "conditions"), caller.csrf())
        .field(Field::hidden("version", &view.class.version.to_string()))
        .section("报名时间与名额")
        .field(Field::moment("enrol_from", "报名开始").required())
        .field(
            Field::moment("enrol_until", "报名截止")
                .hint("在第一个课次开始之前。")
                .required(),
        )
        .field(Field::number("capacity", "招生人数", "人").range(1, 5_000).required())
        .field(
            Field::number("reserved", "其中基层一线名额", "人")
                .hint("一线人员先用这些名额，再用普通名额；没人用的可以随时释放给所有人。")
                .range(0, 5_000),
        )
        .section_with_hint("谁可以报名", "都不勾选就是不限。")
        .field(boxes("title_levels", "职称层级", Vocabulary::TitleLevel).await?)
        .field(boxes("fields", "重点领域", Vocabulary::FocusField).await?)
        .field(boxes("districts", "所在区", Vocabulary::District).await?)
        .field(boxes("departments", "行业主管部门", Vocabulary::Department).await?)
        .submit("保存，下一步：检查并发布")
        .cancel(&format!("/desk/classes/{}", view.class.id)))
}

async fn conditions(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = draft(&caller, id).await?;
    let plan = &view.class.plan;
    let mut pairs = vec![
        ("version", view.class.version.to_string()),
        ("enrol_from", shown::typed_moment(plan.enrol_from)),
        ("enrol_until", shown::typed_moment(plan.enrol_until)),
        ("capacity", plan.capacity.to_string()),
        ("reserved", plan.reserved.to_string()),
    ];
    let allowed = &plan.eligibility;
    let lists = [
        ("title_levels", &allowed.title_levels),
        ("fields", &allowed.fields),
        ("districts", &allowed.districts),
        ("departments", &allowed.departments),
    ];
    for (name, codes) in lists {
        pairs.extend(codes.iter().map(|code| (name, code.clone())));
    }
    let form = conditions_form(&caller, &view).await?.fill(&pairs);
    section_page(&caller, &view, 2, &form)
}

fn read_conditions(fields: &Fields, before: &ClassPlan) -> kernel::Result<ClassPlan> {
    let mut read = fields.reader();
    let codes = |name: &str| fields.all(name).into_iter().map(str::to_owned).collect();
    let reserved = if fields.get("reserved").is_empty() {
        Some(0)
    } else {
        read.number("reserved", "基层一线名额", 0..=5_000)
    };
    let plan = ClassPlan {
        enrol_from: read.moment("enrol_from", "报名开始"),
        enrol_until: read.moment("enrol_until", "报名截止"),
        capacity: read.number("capacity", "招生人数", 1..=5_000).unwrap_or_default(),
        reserved: reserved.unwrap_or_default(),
        eligibility: Eligibility {
            title_levels: codes("title_levels"),
            fields: codes("fields"),
            districts: codes("districts"),
            departments: codes("departments"),
        },
        ..before.clone()
    };
    read.finish()?;
    Ok(plan)
}

async fn save_conditions(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let view = draft(&caller, id).await?;
    let result = async {
        let plan = read_conditions(&fields, &view.class.plan)?;
        courses::edit(caller.ctx(), id, shown::version(&fields)?, &plan).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &at(id, "check"), "报名条件已保存。"),
        Err(error) => {
            let form = conditions_form(&caller, &view).await?.fill(fields.pairs());
            reform(error, |errors| section_page(&caller, &view, 2, &form.errors(errors)))
        }
    }
}

/// The section in which a field stands.
fn section_of(field: &str) -> usize {
    match field {
        f if f.starts_with("sessions") => 1,
        "enrol_from" | "enrol_until" | "capacity" | "reserved" | "title_levels" | "fields" | "districts"
        | "departments" => 2,
        _ => 0,
    }
}

async fn check(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = draft(&caller, id).await?;
    let missing = courses::missing(caller.ctx(), id).await?;
    check_page(&caller, &view, &missing)
}

fn check_page(caller: &Caller, view: &ClassView, missing: &[FieldError]) -> Reply {
    let class = &view.class;
    let id = class.id;
    let deed = Action::post("发布班次", &at(id, "publish"), caller.csrf()).field("version", &class.version.to_string());
    let (lead, deed) = if missing.is_empty() {
        (
            "都填好了，可以发布。发布后时间、名额和报名条件不能再改。".to_owned(),
            deed,
        )
    } else {
        let why = format!("还有 {} 处没有填好", missing.len());
        (format!("{why}，补上就可以发布。"), deed.missing(&why))
    };
    let page = caller
        .page("检查并发布")
        .crumb("班次", "/desk/classes")
        .crumb(&class.plan.title, &format!("/desk/classes/{id}"))
        .lead(&lead)
        .action(deed);
    let mut body = Html::of(&steps(id, 3));
    for (section, (title, address)) in SECTIONS.iter().enumerate().take(3) {
        let faults: Vec<&str> = missing
            .iter()
            .filter(|f| section_of(&f.field) == section)
            .map(|f| f.sentence.as_str())
            .collect();
        if !faults.is_empty() {
            let note = Alert::new(Tone::Warn, &format!("{title}：还差 {} 处", faults.len()));
            let note = note.body(Html::paragraphs(faults.iter().copied()));
            body = body.and(&note.action(Action::link("去填写", &at(id, address))));
        }
    }
    web::page(page, body.and(&answers(view)))
}

/// The answers of all sections, to be checked before publishing.
fn answers(view: &ClassView) -> Summary {
    let (class, plan) = (&view.class, &view.class.plan);
    let plans: Vec<SessionPlan> = view.sessions.iter().map(|session| session.plan.clone()).collect();
    let (hours, basis) = class_hours(rules::courses::schedule::taught(&plans), plan.declared_hours);
    let change = |section: &str| Action::link("修改", &at(class.id, section));
    let window = match (plan.enrol_from, plan.enrol_until) {
        (Some(from), Some(until)) => format!("{} 至 {}", shown::moment(from), shown::moment(until)),
        _ => String::new(),
    };
    Summary::new()
        .fact("班次名称", Cell::text(plan.title.as_str()))
        .action(change("basics"))
        .fact(
            "课程",
            Cell::text(format!("{}（第 {} 版）", view.course_title, view.version.number)),
        )
        .fact("授课方式", Cell::text(plan.delivery.name()))
        .fact("地点", Cell::text(plan.place.as_str()))
        .fact("联系", Cell::text(plan.contact.as_str()))
        .fact("课次", Cell::text(format!("{} 个", view.sessions.len())))
        .action(change("sessions"))
        .fact("计入学时", Cell::Hours(hours.get()))
        .why(&basis)
        .fact("报名时间", Cell::text(window))
        .action(change("conditions"))
        .fact(
            "名额",
            Cell::text(format!("{} 人，其中基层一线 {} 人", plan.capacity, plan.reserved)),
        )
}

async fn publish(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    match courses::publish(caller.ctx(), id, shown::version(&fields)?).await {
        Ok(number) => {
            let said = format!("班次已发布，编号 {number}，已出现在公开目录中。");
            redirect_saying(&caller, &format!("/desk/classes/{id}"), &said)
        }
        Err(kernel::Error::Wrong(missing)) => {
            let view = draft(&caller, id).await?;
            reform(kernel::Error::Wrong(missing.clone()), |_| {
                check_page(&caller, &view, &missing)
            })
        }
        Err(other) => Err(other.into()),
    }
}
