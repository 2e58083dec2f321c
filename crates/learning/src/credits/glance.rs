//! A person's last years at a glance: sums by year from the balances, whether each was reached, whether it is closed.
//! Deliberately absent: the entries of a year (`statement`).

use std::collections::BTreeMap;

use chrono::Datelike;
use db::Tx;
use kernel::{Hours, PersonId, Result};
use registry::{Ctx, people};
use rules::credits::{Subject, YearState};

use super::{closing, editions, store};

/// A year in one line.
#[derive(Debug, Clone)]
pub struct YearSums {
    /// Which.
    pub year: i32,
    /// Hours in all.
    pub total: Hours,
    /// Of them in 专业科目.
    pub professional: Hours,
    /// Of them in 公需科目.
    pub public: Hours,
    /// Activities that count.
    pub activities: i64,
    /// Whether the year is reached.
    pub reached: bool,
    /// Whether it is over.
    pub over: bool,
    /// Whether it is closed.
    pub state: YearState,
}

/// The years from one to another, oldest first; years without hours too. The caller has asked whether the person is in
/// sight.
///
/// # Errors
/// Storage failures.
pub async fn glance(ctx: &Ctx, tx: &mut Tx, person: PersonId, (from, to): (i32, i32)) -> Result<Vec<YearSums>> {
    let ids = people::all_ids(tx, person).await?;
    let mut sums: BTreeMap<i32, (Hours, Hours, i64)> = BTreeMap::new();
    for (year, subject, hours, activities) in store::by_year(tx, &ids, (from, to)).await? {
        let sum = sums.entry(year).or_default();
        match subject {
            Subject::Public => sum.0 = sum.0 + hours,
            Subject::Professional => sum.1 = sum.1 + hours,
        }
        sum.2 += activities;
    }
    let traits = editions::traits_of(&people::load(tx, person).await?);
    let hours = store::sums(tx, &ids, to).await?;
    let mut years = Vec::new();
    for (year, edition) in editions::requirements(tx, from..=to, ctx.today()).await? {
        let (public, professional, activities) = sums.get(&year).copied().unwrap_or_default();
        years.push(YearSums {
            year,
            total: public + professional,
            professional,
            public,
            activities,
            reached: edition.reached(&traits, year, &hours).annual,
            over: year < ctx.today().year(),
            state: closing::state(tx, year).await?,
        });
    }
    Ok(years)
}
