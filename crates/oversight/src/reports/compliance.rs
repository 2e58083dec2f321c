//! Who has reached the year and who is behind: a list of people within the actor's scope, read live.
//!
//! States and what is compared stand in [`rules::reports`]. Hours come from the balances, which the ledger proves.
//! Deliberately absent: reminders; a list is exported or printed and worked off.

use kernel::{Hours, OrgId, PersonId, Result};
use registry::{Ctx, Listed, Subject, Window};
use rules::credits::requirement::Shortfall;
use rules::permits::Act;
use rules::reports::Compliance;
use serde_json::{Value as Json, json};

use super::figures::Standings;
use super::store::compliance as store;
use super::yardstick;

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct ComplianceFilter {
    /// The year of the hours.
    pub year: i32,
    /// Beginning of a name.
    pub words: Option<String>,
    /// Where somebody stands.
    pub state: Option<Compliance>,
    /// Code of the title level.
    pub level: Option<String>,
    /// Code of the focus field.
    pub field: Option<String>,
    /// An employer.
    pub org: Option<OrgId>,
    /// Code of the district.
    pub district: Option<String>,
    /// Code of the industry department.
    pub department: Option<String>,
}

/// One person's year.
#[derive(Debug, Clone)]
pub struct ComplianceLine {
    /// Who.
    pub person: PersonId,
    /// The name; pages mask it for whoever does not work with the people themselves.
    pub name: String,
    /// Code of the title level.
    pub level: Option<String>,
    /// Name of the employer; empty for none.
    pub employer: String,
    /// Code of the district.
    pub district: Option<String>,
    /// Code of the industry department.
    pub department: Option<String>,
    /// Hours of the year.
    pub total: Hours,
    /// Of them in 专业科目.
    pub professional: Hours,
    /// Hours missing, by part.
    pub missing: Shortfall,
    /// Where the person stands.
    pub state: Compliance,
}

/// People with their year. Orders: `name`, `total`, `professional`, `entered`; an order by hours reads everybody in scope.
///
/// # Errors
/// Storage failures.
pub async fn compliance(ctx: &Ctx, filter: &ComplianceFilter, window: &Window) -> Result<Listed<ComplianceLine>> {
    let mut tx = ctx.db.read().await?;
    let yardstick = yardstick::of_year(ctx, &mut tx, filter.year).await?;
    store::list(&mut tx, &ctx.scope(Act::ListCompliance), filter, (window, &yardstick)).await
}

/// How the people of the actor's own employer stand in a year.
///
/// # Errors
/// Storage failures.
pub async fn employer_standings(ctx: &Ctx, year: i32) -> Result<Standings> {
    let mut sum = Standings::default();
    for (_, _, standings) in of_own_employer(ctx, year).await? {
        sum.add(&standings);
    }
    Ok(sum)
}

/// The same by title level and field, read live: an employer's people are few.
pub(super) async fn of_own_employer(ctx: &Ctx, year: i32) -> Result<Vec<(String, String, Standings)>> {
    let Some(org) = ctx.actor.org() else {
        return Ok(Vec::new());
    };
    let mut tx = ctx.db.read().await?;
    let scope = ctx.scope(Act::ListCompliance);
    let yardstick = yardstick::of_year(ctx, &mut tx, year).await?;
    store::list_of_employer(&scope, &mut tx, org, &yardstick).await
}

/// Writes into the trail that a list of people's hours leaves as a file, before it does.
///
/// # Errors
/// Storage failures.
pub async fn note_compliance_export(ctx: &Ctx, filter: &ComplianceFilter) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let thing = Subject::new("compliance", i64::from(filter.year), ctx.actor.own.clone());
    let asked = json!({
        "year": filter.year, "state": filter.state, "level": filter.level, "field": filter.field, "district": filter.district,
        "department": filter.department, "named": filter.words.is_some(),
    });
    ctx.audit(&mut tx, "export_compliance", thing, Json::Null, asked)
        .await?;
    tx.commit().await
}
