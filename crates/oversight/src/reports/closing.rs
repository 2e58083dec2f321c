//! What the lead sees before a year is closed: the figures of the year and what is not finished.
//! Deliberately absent: the closing itself (`learning::credits::closing`, R-60).

use kernel::{Place, Result, Time};
use registry::Ctx;
use rules::permits::Act;

use super::figures::YearFigure;
use super::store::closing as store;

/// A year before it is closed.
#[derive(Debug, Clone, Default)]
pub struct YearOutlook {
    /// 人次, people and hours, as last prepared.
    pub figure: YearFigure,
    /// When they were taken; none while they are being prepared.
    pub as_of: Option<Time>,
    /// Classes of the year that are over and wait for their completion: their hours would come late.
    pub unfinished_classes: i64,
    /// People enrolled in those classes.
    pub people_waiting: i64,
}

/// Looks at a year. For whoever closes years.
///
/// # Errors
/// NotFound for others; storage failures.
pub async fn year_outlook(ctx: &Ctx, year: i32) -> Result<YearOutlook> {
    ctx.may(Act::CloseYear, &Place::default())?;
    let progress = super::progress(ctx).await?;
    let mut tx = ctx.db.read().await?;
    let (unfinished_classes, people_waiting) = store::unfinished(&mut tx, year, ctx.now()).await?;
    let figure = progress.years.into_iter().find(|figure| figure.year == year);
    Ok(YearOutlook {
        figure: figure.unwrap_or_else(|| YearFigure {
            year,
            ..YearFigure::default()
        }),
        as_of: progress.as_of,
        unfinished_classes,
        people_waiting,
    })
}
