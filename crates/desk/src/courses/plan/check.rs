//! 检查并发布: what is missing and where to fill it, all answers once more, and the button.

use kernel::{FieldError, id::ClassRow};
use learning::courses::{self, ClassView};
use rules::courses::SessionPlan;
use rules::credits::class_hours;
use ui::{Action, Alert, Cell, Html, Summary, Tone};
use web::{Caller, Fields, Key, Reply, redirect_saying, reform};

use super::super::shown;
use super::{SECTIONS, at, draft, steps};

/// The section in which a field stands.
fn section_of(field: &str) -> usize {
    match field {
        f if f.starts_with("sessions") => 1,
        "enrol_from" | "enrol_until" | "capacity" | "reserved" | "title_levels" | "fields" | "districts"
        | "departments" => 2,
        _ => 0,
    }
}

pub(super) async fn show(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
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
    let (hours, basis) = class_hours(
        &view.rule,
        rules::courses::schedule::taught(&plans),
        plan.declared_hours,
    );
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

pub(super) async fn publish(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
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
