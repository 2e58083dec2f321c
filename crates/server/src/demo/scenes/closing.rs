//! Years that are closed and title checks that were asked for.
//! Deliberately absent: closing the year before this one; visitors do that themselves.

use chrono::Datelike;
use kernel::{Result, Time, date};
use learning::credits::closing;
use oversight::credentials::Press;
use oversight::credentials::title_checks::{self, Asked};
use rules::credits::title_check::{Purpose, Target};
use rules::people::TitleLevel;

use super::Stage;
use crate::demo::ledger::FIRST_YEAR;

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    let this_year = stage.today().year();
    for year in FIRST_YEAR..this_year - 1 {
        let lead = stage.acting("demo-lead", -1, 10).actor;
        let ctx = stage.at(lead, Time::local(date(year + 1, 2, 10), 10, 0));
        closing::close(&ctx, year, 1, date(year + 1, 3, 31)).await?;
    }
    let learner = stage.acting("demo-learner", -4, 20);
    let Some(person) = learner.actor.person() else {
        return Ok(());
    };
    let press = Press::open(&learner.installation.data)?;
    let lead = stage.acting("demo-lead", -2, 10);
    for (ctx, purpose) in [(&learner, Purpose::Own), (&lead, Purpose::TitleReview)] {
        let target = Target {
            series: "05".into(),
            level: TitleLevel::Associate,
            specialty: None,
            on: stage.today(),
        };
        title_checks::check(ctx, &press, person, &Asked { target, purpose }).await?;
    }
    Ok(())
}
