//! 课次: as many as needed, added one by one; a session left empty is dropped.

use kernel::{FieldError, Seconds, Time, id::ClassRow};
use learning::courses::{self, ClassView};
use rules::courses::SessionPlan;
use ui::{Field, Form};
use web::{Caller, Fields, Key, Reply, redirect_saying, reform};

use super::super::shown;
use super::{at, draft, section_page};

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

pub(super) async fn show(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
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

pub(super) async fn save(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
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
