//! What changes a class after it was published: places and teachers, seats that are released, cancelling.

use std::collections::HashMap;

use kernel::{id::ClassId, id::ClassRow};
use learning::courses::{self, Adjustment, ClassView};
use rules::courses::SessionPlan;
use ui::{Field, Form, Html};
use web::{Caller, Fields, Key, Reply, redirect_saying, reform};

use super::shown;

fn adjust_form(caller: &Caller, view: &ClassView) -> Form {
    let id = view.class.id;
    let delivery = view.class.plan.delivery;
    let mut form = Form::post(&format!("/desk/classes/{id}/adjust"), caller.csrf())
        .field(Field::hidden("version", &view.class.version.to_string()))
        .field(Field::text("contact", "联系人和电话").max(60).required())
        .field(Field::text("place", "上课地点").max(100))
        .field(Field::textarea("summary", "班次说明").rows(3));
    for session in &view.sessions {
        let n = session.position;
        let name = |field: &str| format!("sessions.{n}.{field}");
        form = form.section_with_hint(
            &format!("第 {n} 课次"),
            &format!("{}，时间不能改。", shown::moment(session.plan.starts_at)),
        );
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
    form.submit("保存").cancel(&format!("/desk/classes/{id}"))
}

fn adjust_shown(caller: &Caller, view: &ClassView, form: &Form) -> Reply {
    let page = caller
        .page("调整地点和教师")
        .crumb("班次", "/desk/classes")
        .crumb(&view.class.plan.title, &format!("/desk/classes/{}", view.class.id))
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
            ("place", &plan.place),
            ("url", &plan.url),
            ("teacher", &plan.teacher),
            ("teacher_title", &plan.teacher_title),
        ];
        pairs.extend(values.map(|(field, value)| (format!("sessions.{}.{field}", session.position), value.clone())));
    }
    adjust_shown(&caller, &view, &adjust_form(&caller, &view).fill(&pairs))
}

pub(super) async fn adjust(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let view = courses::view(caller.ctx(), id).await?;
    let typed = |n: i64, field: &str| fields.get(&format!("sessions.{n}.{field}")).to_owned();
    let mut sessions = HashMap::new();
    for session in &view.sessions {
        let n = session.position;
        let (place, url) = (typed(n, "place"), typed(n, "url"));
        let (teacher, teacher_title) = (typed(n, "teacher"), typed(n, "teacher_title"));
        sessions.insert(
            session.id,
            SessionPlan {
                place,
                url,
                teacher,
                teacher_title,
                ..session.plan.clone()
            },
        );
    }
    let to = Adjustment {
        contact: fields.get("contact").to_owned(),
        summary: fields.get("summary").to_owned(),
        place: fields.get("place").to_owned(),
        sessions,
    };
    let result = async { courses::adjust(caller.ctx(), id, shown::version(&fields)?, &to).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/classes/{id}"), "已保存，公开页面已更新。"),
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
