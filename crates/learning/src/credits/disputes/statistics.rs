//! Disputes by provider: how many, how they ended, how long they took, how often the provider was silent.
//!
//! The figures are for supervision, so each is counted from the cases themselves; nothing is estimated.

use kernel::{OrgId, Result};
use registry::{Ctx, orgs};
use rules::permits::Act;

use super::store;

/// The cases of one provider, opened in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderCounts {
    /// The provider; none for cases without one.
    pub provider: Option<OrgId>,
    /// Its name.
    pub name: String,
    /// Opened.
    pub opened: i64,
    /// The person was right.
    pub upheld: i64,
    /// Partly right.
    pub partly: i64,
    /// The ledger stood.
    pub rejected: i64,
    /// The hours came the ordinary way.
    pub settled: i64,
    /// Taken back.
    pub withdrawn: i64,
    /// Going on.
    pub open: i64,
    /// The provider did not answer in time.
    pub lapsed: i64,
    /// Median of working days from the opening to the first decision, doubled so that it is whole (7 is 3.5 days).
    pub workdays: Option<u32>,
}

/// The cases of a year by provider in the actor's scope, most first.
///
/// # Errors
/// Storage failures.
pub async fn statistics(ctx: &Ctx, year: i32) -> Result<Vec<ProviderCounts>> {
    let mut tx = ctx.db.read().await?;
    let scope = ctx.scope(Act::ViewDisputeStatistics);
    let mut counts = store::count_by_provider(&mut tx, &scope, year).await?;
    let days = store::list_workdays(&mut tx, &scope, year).await?;
    let names = orgs::names(&mut tx, counts.iter().filter_map(|each| each.provider)).await?;
    for each in &mut counts {
        let of_it: Vec<u32> = days
            .iter()
            .filter(|(of, _)| *of == each.provider)
            .map(|(_, days)| *days)
            .collect();
        each.workdays = doubled_median(&of_it);
        each.name = super::named(&names, each.provider);
    }
    Ok(counts)
}

/// Twice the median of ascending figures.
fn doubled_median(ascending: &[u32]) -> Option<u32> {
    let last = ascending.len().checked_sub(1)?;
    Some(ascending.get(last / 2)? + ascending.get(last.div_ceil(2))?)
}

#[cfg(test)]
mod tests {
    use super::doubled_median;

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(doubled_median(&[]), None);
        assert_eq!(doubled_median(&[4]), Some(8));
        assert_eq!(doubled_median(&[3, 4]), Some(7));
        assert_eq!(doubled_median(&[1, 2, 30]), Some(4));
    }
}
