//! The desk's home: the answer first, what waits, the figures of the role, the newest messages.
//!
//! `roles` (the figures of each role), `tasks` (待办 as a list, done in batches), `messages`.
//! Deliberately absent: settings of the page; everybody of a role sees the same.

mod messages;
mod roles;
mod tasks;

use registry::Window;
use registry::notices;
use registry::tasks::{self as open_tasks, TaskFilter};
use rules::permits::{self, Act};
use rules::taxonomy::deadline_sentence;
use ui::{Html, Task, TaskList, format};
use web::{Caller, Gate, Reply, Routes};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/desk", Gate::SignedIn, "工作台首页", home)
        .and(tasks::routes())
        .and(messages::routes())
}

/// What a kind of task is called, and where the work is done in one place for all of it.
pub(crate) fn kind_name(kind: &str) -> &str {
    match kind {
        "class.results" => "登记考勤、录入结果并办理结业",
        "calendar.import" => "导入工作日历",
        "person.verify" => "核验个人注册的人员",
        "dispute.answer" => "答复学时异议",
        "dispute.decide" => "决定学时异议",
        "dispute.review" => "复核学时异议",
        "person.merge" => "处理疑似重复的人员",
        "claim.confirm" => "确认本单位人员的学时申报",
        "claim.recognise" => "认定学时申报",
        "declaration.recommend" => "推荐项目申报",
        "declaration.correct" => "修改项目申报",
        "declaration.check" => "形式审查项目申报",
        "objection.answer" => "答复公示异议",
        "call.approve" => "批复年度项目计划",
        "claim.correct" => "补正被退回的学时申报",
        "expert.invitation" => "答复专家库邀请",
        "review.give" => "评审申报",
        "review.replace" => "补派评审人",
        "class.draft" => "完成班次草稿并发布",
        "year.plan" => "编制年度培训计划",
        "year.compliance" => "提醒年度学时未达标的单位",
        "year.enrol" => "为学时不足的人员选课报名",
        other => other,
    }
}

/// Open tasks by kind, most urgent first, each kind with its earliest deadline.
async fn waiting(caller: &Caller) -> kernel::Result<Vec<Task>> {
    let ctx = caller.ctx();
    if !permits::has(&ctx.actor, Act::ListTasks) {
        return Ok(Vec::new());
    }
    let counts = open_tasks::counts(ctx).await?;
    let soonest = open_tasks::list(ctx, &TaskFilter::default(), &Window::sorted("due", false, 100)).await?;
    let mut tasks: Vec<(Option<kernel::Date>, Task)> = Vec::new();
    for (kind, count, day) in counts {
        let task = Task::new(
            kind_name(&kind),
            &format!("/desk/tasks?kind={kind}"),
            u64::try_from(count).unwrap_or(0),
        );
        let due = soonest
            .rows
            .iter()
            .find(|task| task.kind == kind)
            .and_then(|task| task.due);
        let words = match (due, day) {
            (Some(due), _) => format!("最早 {} 到期", deadline_sentence(due)),
            (None, Some(day)) => format!("最早 {} 到期", format::date(day)),
            (None, None) => String::new(),
        };
        let late = due.is_some_and(|due| due.has_passed(ctx.today()));
        let task = task.due(&words);
        tasks.push((day, if late { task.state(ui::State::Overdue) } else { task }));
    }
    tasks.sort_by_key(|(day, _)| day.unwrap_or(kernel::Date::MAX));
    Ok(tasks.into_iter().map(|(_, task)| task).collect())
}

async fn home(caller: Caller) -> Reply {
    let ctx = caller.ctx();
    let tasks = waiting(&caller).await?;
    let newest = notices::messages(ctx, 5).await?;
    let (lead, own) = roles::figures(&caller).await?;
    let open: u64 = tasks.iter().map(|task| task.count).sum();
    let lead = match open {
        0 => lead,
        open => format!("有 {open} 项待办。{lead}"),
    };
    let mut page = caller.page("工作台").lead(&lead);
    page = roles::actions(ctx.actor.role, page);
    if let Some(user) = page.frame.user.as_mut() {
        user.unread = notices::unread(ctx).await?;
    }
    let mut body = Html::default();
    if permits::has(&ctx.actor, Act::ListTasks) {
        body = body.and(&TaskList::new(tasks));
    }
    body = body.and(&own).and(&messages::newest(&newest));
    web::page(page, body)
}
