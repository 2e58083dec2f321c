//! Use cases of ranks 0 and 1: who and what exists.
//!
//! Recipe for the next contributor. A module is a folder: `mod.rs` holds the use cases as plain async functions
//! that take `&Ctx` first, `store.rs` (private) holds its SQL and is the only writer and reader of its tables,
//! `rules::<same name>` holds what the regulation says. A writing use case reads like its sentence:
//! **load → may → decide → save → tell**, in one transaction, with an audit row, without a business `if`:
//!
//! ```ignore
//! pub async fn verify(ctx: &Ctx, id: PersonId, version: i64) -> Result<()> {
//!     let mut tx = ctx.db.write().await?;
//!     let person = store::load(&mut tx, id).await?;
//!     ctx.may(Act::VerifyPerson, &person.place())?;
//!     let verified = person.standing.verify(&ctx.actor.label, ctx.now())?;
//!     store::save_standing(&mut tx, id, version, &verified).await?;
//!     ctx.audit(&mut tx, "verify_person", Subject::new("person", id.get(), person.place()), json!({..}), json!({..})).await?;
//!     tx.tell(&PersonVerified { person: id }, ctx.now()).await?;
//!     tx.commit().await
//! }
//! ```
//!
//! Ranks, lowest first: rank 0 `identity`, `taxonomy`, `files`, `notices`, `tasks`; rank 1 `orgs`, `people`, `webhooks`, `experts`.
//! A module may call public functions of a lower rank inside the same transaction; upward or sideways it tells.

mod ctx;
mod window;

pub mod experts;
pub mod files;
pub mod identity;
pub mod notices;
pub mod orgs;
pub mod people;
pub mod tasks;
pub mod taxonomy;
pub mod webhooks;

pub use ctx::{Ctx, CtxSource, Installation, Subject};
pub use window::{COUNT_LIMIT, Cursor, CursorValue, Listed, Orders, TOO_MANY_TO_ORDER, Window};
