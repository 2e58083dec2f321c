//! A person's year handed over to another system, which names the person by the complete number of a document.
//!
//! The reading stands in the trail before the answer leaves: giving personal data to a system is an act of its
//! own, with masked numbers or, for those who may unmask, with complete ones.
//! Deliberately absent: handing over many people at once; a system that needs its people's standing asks for each.

use kernel::{DocumentKind, Result};
use registry::people::{self, Person};
use registry::{Ctx, Subject as Thing};
use rules::credits::{Frozen, Statement};
use rules::permits::Act;
use serde_json::{Value as Json, json};

/// What is handed over.
#[derive(Debug, Clone)]
pub struct HandedOver {
    /// Whose year.
    pub person: Person,
    /// The name of the present employer.
    pub employer: Option<String>,
    /// The year.
    pub statement: Statement,
    /// Its frozen sums, when it is closed.
    pub frozen: Option<Frozen>,
}

/// A year of the person with this document, to be shown with masked name and number.
///
/// # Errors
/// Wrong at `document_no` when it is no number; NotFound when nobody in sight has it.
pub async fn hand_over(ctx: &Ctx, kind: DocumentKind, number: &str, year: i32) -> Result<HandedOver> {
    let person = people::find(ctx, kind, number).await?;
    give(ctx, person, year, "hand_over_statement").await
}

/// As [`hand_over`], to be shown with the complete name and number.
///
/// # Errors
/// As [`hand_over`]; Forbidden when the actor may not unmask.
pub async fn hand_over_complete(ctx: &Ctx, kind: DocumentKind, number: &str, year: i32) -> Result<HandedOver> {
    let person = people::find(ctx, kind, number).await?;
    ctx.may(Act::UnmaskPerson, &person.place())?;
    give(ctx, person, year, "hand_over_statement_complete").await
}

async fn give(ctx: &Ctx, person: Person, year: i32, act: &str) -> Result<HandedOver> {
    let mut tx = ctx.db.write().await?;
    let statement = super::statement(ctx, &mut tx, person.id, year).await?;
    let frozen = Frozen::of(&super::closing::state(&mut tx, year).await?, &statement.lines);
    let employer = people::employer_name(&mut tx, &person).await?;
    let thing = Thing::new("person", person.id.get(), person.place());
    let told = json!({ "year": year, "entries": statement.lines.len() });
    ctx.audit(&mut tx, act, thing, Json::Null, told).await?;
    tx.commit().await?;
    Ok(HandedOver {
        person,
        employer,
        statement,
        frozen,
    })
}
