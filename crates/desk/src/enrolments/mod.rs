//! Enrolment: lists of who is enrolled where, an employer's list, a person's own classes, leaving a class, and the
//! button of the public page.
//!
//! `staff` (an employer enrols), `own` (a person's classes and the public button), and here the list and the leaving.
//! Deliberately absent: roll calls and results (`courses`).

mod own;
mod staff;

use kernel::{Role, id::EnrolmentRow, mask};
use learning::courses::{self, EnrolmentFilter, EnrolmentLine};
use rules::courses::EnrolmentState;
use rules::courses::enrolment::EnrolmentCode;
use rules::permits::{self, Act};
use ui::{Action, Cell, Column, Field, Filter, Form, Html, Row, Table};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

use crate::courses::shown;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    let leave = Gate::Act(Act::WithdrawEnrolment);
    Routes::new()
        .list("/desk/enrolments", Gate::Act(Act::ListEnrolments), "学员名单", list)
        .get("/desk/enrolments/{id}/withdraw", leave, "退出报名", ask)
        .post("/desk/enrolments/{id}/withdraw", leave, "确认退出报名", withdraw)
        .and(staff::routes())
        .and(own::routes())
}

/// Whether this role works with the people themselves and needs their names whole.
fn knows_names(role: Role) -> bool {
    matches!(role, Role::Provider | Role::Employer | Role::Learner)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let filter = EnrolmentFilter {
        words: listing.words(),
        state: listing.choice("state"),
        class: listing.number("class").map(kernel::ClassId::new),
        year: listing.number("year").and_then(|year| i32::try_from(year).ok()),
    };
    if listing.is_export() {
        courses::note_enrolments_export(ctx, &filter).await?;
    }
    let title = if ctx.actor.role == Role::Employer {
        "报名情况"
    } else {
        "学员名单"
    };
    let mut page = caller.page(title).lead(match ctx.actor.role {
        Role::Employer => "本单位人员在各班次的报名、候补和结业情况。",
        Role::Provider => "本机构各班次的学员。",
        _ => "范围内人员的报名和结业情况，姓名已遮盖。",
    });
    if permits::has(&ctx.actor, Act::EnrolStaff) {
        page = page.action(Action::link("组织报名", "/desk/enrol"));
    }
    if let Some(class) = filter.class {
        page = page
            .crumb("班次", "/desk/classes")
            .crumb("班次详情", &format!("/desk/classes/{class}"));
    }
    let leaving = permits::has(&ctx.actor, Act::WithdrawEnrolment);
    let mut heads = vec![
        Column::main("name", "姓名").sortable(),
        Column::new("employer", "单位").sortable(),
        Column::new("title", "班次").sortable(),
        Column::tight("starts", "上课日期").sortable().hide_on_phone(),
        Column::tight("state", "状态"),
        Column::tight("result", "结果"),
        Column::tight("enrolled", "报名时间").sortable().hide_on_phone(),
    ];
    if leaving {
        heads.push(Column::tight("actions", "操作"));
    }
    let table = Table::new(title, columns(heads))
        .filter(Filter::search("姓名、单位、班次"))
        .filter(Filter::select("state", "状态", shown::choices(EnrolmentCode::name)))
        .filter(Filter::select("year", "学时年度", shown::years(ctx.today())))
        .sorted_by("-enrolled")
        .when_empty("还没有人报名。", None);
    let (whole, now) = (knows_names(ctx.actor.role), ctx.now());
    let row = |line: &EnrolmentLine| row(line, whole, leaving.then_some((ctx.actor.role, now)));
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| courses::enrolments(ctx, &filter, &window).await,
        row,
    )
    .await
}

fn row(line: &EnrolmentLine, whole: bool, leaving: Option<(Role, kernel::Time)>) -> Row {
    let enrolment = &line.enrolment;
    let name = if whole {
        Cell::text(enrolment.name.as_str())
    } else {
        Cell::masked(mask::name(&enrolment.name))
    };
    let result = line.outcome().map_or(Cell::Empty, |(outcome, score)| match score {
        Some(score) => Cell::text(format!("{} {score} 分", outcome.name())),
        None => Cell::text(outcome.name()),
    });
    let days = Cell::DateRange(line.starts_at.date(), line.ends_at.plus_seconds(-1).date());
    let mut cells = vec![
        name,
        Cell::text(enrolment.org_name.as_str()),
        Cell::stack(
            line.title.as_str(),
            format!("/classes/{}", enrolment.class),
            line.number.as_str(),
        ),
        days,
        shown::enrolment_state(&enrolment.state).into(),
        result,
        Cell::Moment(enrolment.enrolled_at.civil()),
    ];
    if let Some((role, now)) = leaving {
        cells.push(Cell::Actions(leave(line, role, now).into_iter().collect()));
    }
    Row::new(cells)
}

/// The way out of a class that has not ended, or why there is none.
pub(crate) fn leave(line: &EnrolmentLine, role: Role, now: kernel::Time) -> Option<Action> {
    let standing = matches!(
        line.enrolment.state,
        EnrolmentState::Enrolled { .. } | EnrolmentState::Waiting
    );
    let action = Action::link("退出", &format!("/desk/enrolments/{}/withdraw", line.id())).quiet();
    let late = role != Role::Provider && now >= line.enrol_until;
    match (standing, late) {
        (false, _) => None,
        (true, true) => Some(action.missing("报名已截止，退出请联系施教机构")),
        (true, false) => Some(action),
    }
}

fn form(caller: &Caller, id: kernel::id::EnrolmentId) -> Form {
    let provider = caller.ctx().actor.role == Role::Provider;
    let reason = Field::textarea("reason", "退出原因").rows(3).max(200);
    let reason = if provider {
        reason.hint("学员会看到。").required()
    } else {
        reason.hint("可以不填。")
    };
    let back = if caller.ctx().actor.role == Role::Learner {
        "/desk/my/classes"
    } else {
        "/desk/enrolments"
    };
    Form::post(&format!("/desk/enrolments/{id}/withdraw"), caller.csrf())
        .field(reason)
        .submit_danger("确认退出")
        .cancel(back)
}

fn form_page(caller: &Caller, line: &EnrolmentLine, form: &Form) -> Reply {
    let whole = knows_names(caller.ctx().actor.role);
    let who = if whole {
        line.enrolment.name.clone()
    } else {
        mask::name(&line.enrolment.name)
    };
    let lead = format!(
        "{who} 将退出“{}”，空出的名额按候补顺序给下一位；之后想参加需要重新报名。",
        line.title
    );
    let page = caller.page("退出报名").lead(&lead).failed(form.failed());
    web::page(page, Html::of(form))
}

async fn ask(caller: Caller, Key(id): Key<EnrolmentRow>) -> Reply {
    let line = courses::enrolment(caller.ctx(), id).await?;
    form_page(&caller, &line, &form(&caller, id))
}

async fn withdraw(caller: Caller, Key(id): Key<EnrolmentRow>, fields: Fields) -> Reply {
    let back = if caller.ctx().actor.role == Role::Learner {
        "/desk/my/classes"
    } else {
        "/desk/enrolments"
    };
    match courses::withdraw(caller.ctx(), id, fields.get("reason")).await {
        Ok(()) => redirect_saying(&caller, back, "已退出报名。"),
        Err(error) => {
            let line = courses::enrolment(caller.ctx(), id).await?;
            reform(error, |errors| {
                form_page(&caller, &line, &form(&caller, id).fill(fields.pairs()).errors(errors))
            })
        }
    }
}
