//! What changes a class after it was published: times, places and teachers, seats that are released, cancelling.

use std::collections::HashMap;

use kernel::{FieldError, Seconds, Time, id::ClassId, id::ClassRow, id::SessionId};
use learning::courses::{self, Adjustment, ClassView, Session};
use rules::courses::{SessionPlan, change::LONGEST_REASON};
use ui::{Field, Form, Html};
use web::{Caller, Fields, Key, Reply, redirect_saying, reform};

use super::shown;

fn adjust_form(caller: &Caller, view: &ClassView) -> Form {
    let id = view.class.id;
    let delivery = view.class.plan.delivery;
    let mut form = Form::post(&format!("/desk/classes/{id}/adjust"), caller.csrf())
        .field(Field::hidden("version", &view.class.version.to_string()))
        .field(
            Field::textarea("reason", "变更原因")
                .hint("已报名和候补的学员会收到原来的安排、新的安排和这段话；只改班次说明时不用填。")
                .rows(2)
                .max(LONGEST_REASON),
        )
        .field(Field::text("contact", "联系人和电话").max(60).required())
        .field(Field::text("place", "上课地点").max(100))
        .field(Field::textarea("summary", "班次说明").rows(3));
    for session in &view.sessions {
        let n = session.position;
        let name = |field: &str| format!("sessions.{n}.{field}");
        let begun = begun(caller, session);
        let hint = if begun {
            format!("{}，已经开始，时间不能再改。", shown::moment(session.plan.starts_at))
        } else {
            format!(
                "原定{}；改时间前会检查每一位学员有没有空。",
                shown::moment(session.plan.starts_at)
            )
        };
        form = form.section_with_hint(&format!("第 {n} 课次 {}", session.plan.title), &hint);
        if !begun {
            form = form
                .field(Field::moment(&name("starts_at"), "开始").required())
                .field(Field::moment(&name("ends_at"), "结束").required())
                .field(Field::number(&name("pause"), "其中休息", "分钟"));
        }
        if delivery.has_place() {
            form = form.field(Field::text(&name("place"), "上课地点").max(100));
        }
        if delivery.has_address() {
            form = form.field(Field::text(&name("url"), "直播地址").max(300));
        }
        form = form
            .field(Field::text(&name("teacher"), "授课教师").max(30))
            .field(Field::text(&name("teacher_title"), "教师职称或职务").max(40));
    }
    form.submit("保存并通知学员").cancel(&format!("/desk/classes/{id}"))
}

fn begun(caller: &Caller, session: &Session) -> bool {
    session.plan.starts_at <= caller.ctx().now()
}

fn adjust_shown(caller: &Caller, view: &ClassView, form: &Form) -> Reply {
    let class = &view.class;
    let lead = format!(
        "现有 {} 人报名、{} 人候补；改动保存后立即生效并通知他们，公开页面标明“已变更”。",
        class.taken(),
        class.seats.waiting
    );
    let page = caller
        .page("变更时间、地点和教师")
        .crumb("班次", "/desk/classes")
        .crumb(&class.plan.title, &format!("/desk/classes/{}", class.id))
        .lead(&lead)
        .failed(form.failed());
    web::page(page, Html::of(form))
}

pub(super) async fn adjust_page(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = courses::view(caller.ctx(), id).await?;
    view.class.state.adjust()?;
    let plan = &view.class.plan;
    let mut pairs = vec![
        ("version".to_owned(), view.class.version.to_string()),
        ("contact".to_owned(), plan.contact.clone()),
        ("place".to_owned(), plan.place.clone()),
        ("summary".to_owned(), plan.summary.clone()),
    ];
    for session in &view.sessions {
        let plan = &session.plan;
        let values = [
            ("starts_at", shown::typed_moment(Some(plan.starts_at))),
            ("ends_at", shown::typed_moment(Some(plan.ends_at))),
            ("pause", (plan.pause.get() / 60).to_string()),
            ("place", plan.place.clone()),
            ("url", plan.url.clone()),
            ("teacher", plan.teacher.clone()),
            ("teacher_title", plan.teacher_title.clone()),
        ];
        pairs.extend(values.map(|(field, value)| (format!("sessions.{}.{field}", session.position), value)));
    }
    adjust_shown(&caller, &view, &adjust_form(&caller, &view).fill(&pairs))
}

/// The sessions as typed; those that began keep their time, whatever was sent.
fn read_sessions(
    caller: &Caller,
    view: &ClassView,
    fields: &Fields,
) -> kernel::Result<HashMap<SessionId, SessionPlan>> {
    let (mut sessions, mut faults) = (HashMap::new(), Vec::new());
    for session in &view.sessions {
        let n = session.position;
        let typed = |field: &str| fields.get(&format!("sessions.{n}.{field}")).to_owned();
        let mut plan = SessionPlan {
            place: typed("place"),
            url: typed("url"),
            teacher: typed("teacher"),
            teacher_title: typed("teacher_title"),
            ..session.plan.clone()
        };
        if !begun(caller, session) {
            let mut time = |field: &str, label: &str| {
                Time::parse_local(&typed(field)).unwrap_or_else(|| {
                    let sentence = format!("第 {n} 课次：请填写{label}的日期和时间，例如 2026-03-05 09:00。");
                    let fault = FieldError::new(format!("sessions.{n}.{field}"), "field.moment", sentence);
                    faults.push(fault);
                    Time::default()
                })
            };
            plan.starts_at = time("starts_at", "开始");
            plan.ends_at = time("ends_at", "结束");
            plan.pause = Seconds::minutes(typed("pause").trim().parse().unwrap_or(0));
        }
        sessions.insert(session.id, plan);
    }
    if faults.is_empty() {
        Ok(sessions)
    } else {
        Err(kernel::Error::Wrong(faults))
    }
}

pub(super) async fn adjust(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let view = courses::view(caller.ctx(), id).await?;
    let result = async {
        let to = Adjustment {
            contact: fields.get("contact").to_owned(),
            summary: fields.get("summary").to_owned(),
            place: fields.get("place").to_owned(),
            sessions: read_sessions(&caller, &view, &fields)?,
            reason: fields.get("reason").to_owned(),
        };
        courses::adjust(caller.ctx(), id, shown::version(&fields)?, &to).await
    };
    match result.await {
        Ok(()) => redirect_saying(
            &caller,
            &format!("/desk/classes/{id}"),
            "已保存，公开页面已更新，正在通知有关学员。",
        ),
        Err(error) => reform(error, |errors| {
            adjust_shown(
                &caller,
                &view,
                &adjust_form(&caller, &view).fill(fields.pairs()).errors(errors),
            )
        }),
    }
}

fn cancel_form(caller: &Caller, view: &ClassView) -> Form {
    Form::post(&format!("/desk/classes/{}/cancel", view.class.id), caller.csrf())
        .field(Field::hidden("version", &view.class.version.to_string()))
        .field(
            Field::textarea("reason", "取消原因")
                .hint("已报名和候补的学员会收到这段话。")
                .rows(3)
                .max(300)
                .required(),
        )
        .submit_danger("确认取消班次")
        .cancel(&format!("/desk/classes/{}", view.class.id))
}

fn cancel_shown(caller: &Caller, view: &ClassView, form: &Form) -> Reply {
    let class = &view.class;
    let lead = format!(
        "“{}”现有 {} 人报名、{} 人候补，取消后全部结束并通知本人，不能恢复。",
        class.plan.title,
        class.taken(),
        class.seats.waiting
    );
    let page = caller
        .page("取消班次")
        .crumb("班次", "/desk/classes")
        .crumb(&class.plan.title, &format!("/desk/classes/{}", class.id))
        .lead(&lead)
        .failed(form.failed());
    web::page(page, Html::of(form))
}

pub(super) async fn cancel_page(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = courses::view(caller.ctx(), id).await?;
    cancel_shown(&caller, &view, &cancel_form(&caller, &view))
}

pub(super) async fn cancel_class(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let result =
        async { courses::cancel(caller.ctx(), id, shown::version(&fields)?, fields.get("reason")).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/classes/{id}"), "班次已取消，正在通知学员。"),
        Err(error) => {
            let view = courses::view(caller.ctx(), id).await?;
            let form = cancel_form(&caller, &view).fill(fields.pairs());
            reform(error, |errors| cancel_shown(&caller, &view, &form.errors(errors)))
        }
    }
}

pub(super) async fn release(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let released = courses::release_reserved(caller.ctx(), id).await?;
    let said = format!("已释放 {released} 个基层一线名额，候补人员按顺序递补。");
    redirect_saying(&caller, &address(id), &said)
}

fn address(id: ClassId) -> String {
    format!("/desk/classes/{id}")
}
