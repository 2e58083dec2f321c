//! Leaving a class, and what follows: the seat goes to the first who waits and may have it.
//! The person and the employer leave until enrolment ends; later the provider takes off, with a reason.
//! Deliberately absent: swapping seats between people.

use db::Tx;
use kernel::{PersonId, Result, id::ClassId, id::EnrolmentId};
use registry::{Ctx, Subject};
use rules::courses::EnrolmentState;
use rules::courses::seats::{Seat, Seats};
use rules::permits::Act;
use serde_json::json;

use super::store::class::{self as class_store, Class};
use super::store::enrolment::{self as store};
use super::{Change, EnrolmentChanged};
use crate::attendance;

/// Ends an enrolment that has a seat or waits.
///
/// # Errors
/// NotFound, Forbidden, `enrolment.final`, `enrolment.late`, Wrong at `reason` when the provider gives none.
pub async fn withdraw(ctx: &Ctx, id: EnrolmentId, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let seen = store::load(&mut tx, id).await?;
    ctx.may(Act::WithdrawEnrolment, &seen.place)?;
    let class = class_store::lock(&mut tx, seen.class).await?;
    let mut enrolment = store::load(&mut tx, id).await?;
    let times = class.times().ok_or(kernel::Error::NotFound)?;
    let mut seats = class.seats;
    match &enrolment.state {
        EnrolmentState::Enrolled { seat, .. } => seats.give_back(*seat),
        EnrolmentState::Waiting => seats.leave_queue(),
        _ => {}
    }
    let before = enrolment.state.code();
    enrolment.state = enrolment.state.withdraw(ctx.actor.role, reason, &times, ctx.now())?;
    enrolment.state_at = ctx.now();
    let (person, place) = (enrolment.person, enrolment.place.clone());
    store::put(&mut tx, &[enrolment]).await?;
    attendance::release(&mut tx, person, class.id).await?;
    let mut changes = vec![(person, Change::Withdrawn)];
    changes.extend(move_up(ctx, &mut tx, &class, seats).await?);
    let (was, is) = (json!({ "state": before }), json!({ "changes": changes }));
    let why = Some(reason).filter(|reason| !reason.is_empty());
    ctx.audit_because(
        &mut tx,
        "withdraw_enrolment",
        Subject::new("enrolment", id.get(), place),
        (was, is),
        why,
    )
    .await?;
    tx.tell(
        &EnrolmentChanged {
            class: class.id,
            changes,
            by_other: ctx.actor.person() != Some(person),
        },
        ctx.now(),
    )
    .await?;
    tx.commit().await
}

/// The provider opens the reserved seats that nobody took to everybody; those who wait move up. Returns how many.
///
/// # Errors
/// NotFound, Forbidden, `seats.none_reserved`, `class.over`.
pub async fn release_reserved(ctx: &Ctx, id: ClassId) -> Result<i64> {
    let mut tx = ctx.db.write().await?;
    let class = class_store::lock(&mut tx, id).await?;
    ctx.may(Act::EditClass, &class.place())?;
    class.state.adjust()?;
    let mut seats = class.seats;
    let released = seats.release_reserved()?;
    let changes = move_up(ctx, &mut tx, &class, seats).await?;
    let thing = Subject::new("class", id.get(), class.place());
    let after = json!({ "released": released, "changes": changes });
    ctx.audit(
        &mut tx,
        "release_reserved",
        thing,
        json!({ "reserved": class.seats.reserved }),
        after,
    )
    .await?;
    tx.tell(
        &EnrolmentChanged {
            class: id,
            changes,
            by_other: true,
        },
        ctx.now(),
    )
    .await?;
    tx.commit().await?;
    Ok(released)
}

/// Gives free seats to those who wait, as long as the class has not begun, and writes the counters.
async fn move_up(ctx: &Ctx, tx: &mut Tx, class: &Class, mut seats: Seats) -> Result<Vec<(PersonId, Change)>> {
    let begun = class.starts_at.is_none_or(|starts_at| ctx.now() >= starts_at);
    if begun || seats.free() == 0 || seats.waiting == 0 {
        class_store::save_seats(tx, class.id, seats).await?;
        return Ok(Vec::new());
    }
    let queue = store::queue(tx, class.id, (seats.general, seats.reserved)).await?;
    let promoted: Vec<(PersonId, Seat)> = seats.promote(&queue);
    let people: Vec<PersonId> = promoted.iter().map(|(person, _)| *person).collect();
    let mut rows = store::of_people(tx, class.id, &people).await?;
    for (person, seat) in &promoted {
        if let Some(row) = rows.get_mut(person) {
            row.state = EnrolmentState::Enrolled {
                seat: *seat,
                result: None,
            };
            row.state_at = ctx.now();
        }
    }
    let rows: Vec<_> = rows.into_values().collect();
    store::put(tx, &rows).await?;
    class_store::save_seats(tx, class.id, seats).await?;
    Ok(people.into_iter().map(|person| (person, Change::Promoted)).collect())
}
