//! 待办 as a list: filter by kind, by deadline, set aside in batches what was done elsewhere.

use kernel::id::TaskId;
use registry::tasks::{self, Task, TaskFilter};
use rules::permits::{self, Act};
use rules::taxonomy::deadline_sentence;
use ui::table::Bulk;
use ui::{Action, Cell, Choice, Column, Filter, Row, State, Table, format};
use web::{Caller, Fields, Gate, Listing, Reply, Routes, columns, redirect_saying};

use super::kind_name;

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .list("/desk/tasks", Gate::Act(Act::ListTasks), "待办", list)
        .post("/desk/tasks/done", Gate::Act(Act::DoTask), "批量标为已办", done)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let counts = tasks::counts(ctx).await?;
    let open: i64 = counts.iter().map(|(_, count, _)| count).sum();
    let lead = match open {
        0 => "目前没有需要您办理的事项。".to_owned(),
        open => format!(
            "共 {} 项待办。办完的事项会自动消失；在别处已办的可以勾选后标为已办，会留下记录。",
            format::number(open)
        ),
    };
    let kinds = counts
        .iter()
        .map(|(kind, count, _)| Choice::new(kind, &format!("{}（{count}）", kind_name(kind))));
    let table = Table::new(
        "待办",
        columns([
            Column::main("title", "事项").sortable(),
            Column::new("kind", "类别"),
            Column::tight("due", "期限").sortable(),
            Column::tight("created", "收到时间").sortable(),
            Column::tight("state", "状态"),
        ]),
    )
    .filter(Filter::select("kind", "类别", kinds))
    .sorted_by("due")
    .when_empty("目前没有需要您办理的事项。", Some(Action::link("回到首页", "/desk")));
    // Who only reads tasks sets none aside.
    let table = if permits::has(&ctx.actor, Act::DoTask) {
        table.bulk(Bulk::new(caller.csrf()).act("标为已办", "/desk/tasks/done"))
    } else {
        table
    };
    let filter = TaskFilter {
        kind: listing.text("kind"),
    };
    let today = ctx.today();
    let page = caller.page("待办").lead(&lead);
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| tasks::list(ctx, &filter, &window).await,
        |task| row(task, today),
    )
    .await
}

fn row(task: &Task, today: kernel::Date) -> Row {
    let late = task.due.is_some_and(|due| due.has_passed(today));
    Row::new([
        Cell::link(task.title.as_str(), task.href.as_str()),
        Cell::text(kind_name(&task.kind)),
        task.due.map_or(Cell::Empty, |due| Cell::text(deadline_sentence(due))),
        Cell::Moment(task.created_at.civil()),
        if late {
            State::Overdue.into()
        } else {
            State::NotStarted.into()
        },
    ])
    .id(task.id)
    .marked(late)
}

async fn done(caller: Caller, fields: Fields) -> Reply {
    let ids: Result<Vec<TaskId>, _> = fields.all("id").into_iter().map(str::parse).collect();
    let ids = ids.map_err(|_| kernel::Error::NotFound)?;
    if ids.is_empty() {
        return redirect_saying(&caller, "/desk/tasks", "没有勾选事项，什么也没有改变。");
    }
    let mut count = 0;
    for id in ids {
        match tasks::set_aside(caller.ctx(), id).await {
            Ok(()) => count += 1,
            // Somebody else did it in the meantime.
            Err(kernel::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    redirect_saying(&caller, "/desk/tasks", &format!("已将 {count} 项标为已办。"))
}
