//! 待办: what somebody has to do, by when, and where to do it.
//!
//! ```text
//! asked ──done──► done        (the same cause asks once)
//! ```
//! A task is addressed to a role at a place (a provider, an employer, a district, a person); whoever acts there in that
//! role sees it. It is asked inside the transaction that makes it necessary and done inside the one that makes it
//! superfluous. Deliberately absent: assignment to single accounts and reminders by mail.

mod store;

use db::Tx;
use kernel::{Deadline, Place, Result, Role, id::TaskId};
use rules::permits::Act;

use crate::{Ctx, Listed, Window};

pub use store::{Task, TaskFilter};

/// A task to be asked.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// Stable kind, `class.results`: tasks of a kind are listed together and may be done together.
    pub kind: &'static str,
    /// What is to be done, in the user's words.
    pub title: String,
    /// Where to do it.
    pub href: String,
    /// Who has to.
    pub role: Role,
    /// Where they stand.
    pub place: Place,
    /// Why it is asked; the same cause is asked once: `class.results:17`.
    pub cause: String,
    /// By when.
    pub due: Option<Deadline>,
}

/// Asks for something, inside the caller's transaction; a cause that is known is not asked again.
///
/// # Errors
/// Storage failures.
pub async fn ask(ctx: &Ctx, tx: &mut Tx, task: NewTask) -> Result<()> {
    store::insert(tx, &task, ctx.now()).await
}

/// Notes that the task of this cause is done, inside the caller's transaction; nothing happens if there is none.
///
/// # Errors
/// Storage failures.
pub async fn done(ctx: &Ctx, tx: &mut Tx, cause: &str) -> Result<()> {
    store::finish(tx, cause, &ctx.actor.label, ctx.now()).await
}

/// Open tasks of the actor's role at the actor's place, most urgent first.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &TaskFilter, window: &Window) -> Result<Listed<Task>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListTasks), ctx.actor.role, filter, window).await
}

/// How many open tasks of each kind the actor has: kind, number, earliest due day.
///
/// # Errors
/// Storage failures.
pub async fn counts(ctx: &Ctx) -> Result<Vec<(String, i64, Option<kernel::Date>)>> {
    let mut tx = ctx.db.read().await?;
    store::counts(&mut tx, &ctx.scope(Act::ListTasks), ctx.actor.role).await
}

/// Sets a task aside by hand (it is done elsewhere or not needed); audited.
///
/// # Errors
/// NotFound when it is not the actor's.
pub async fn set_aside(ctx: &Ctx, id: TaskId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (task, place) = store::load(&mut tx, id).await?;
    ctx.may(Act::DoTask, &place)?;
    done(ctx, &mut tx, &task.cause).await?;
    let thing = crate::Subject::new("task", id.get(), place);
    ctx.audit(
        &mut tx,
        "do_task",
        thing,
        serde_json::Value::Null,
        serde_json::json!({ "kind": task.kind }),
    )
    .await?;
    tx.commit().await
}
