//! How people stand in a year, by place, title level, field and employer: counted in the background, read by the views.
//!
//! ```text
//! people + balances ──take (one pass a year)──► report_standings ──standings(scope)──► one page
//! ```
//! The running year and the one before are counted; a pass over a large city runs when the ledger or the number of
//! people changed, when the editions or the pace did, and at least once an hour while the year runs, because the pace of
//! R-63 moves with the day. An
//! employer's own people are few and read live. R-63, R-75.
//! Deliberately absent: distinct words for what a code means; pages turn codes into terms.

use std::collections::BTreeMap;

use chrono::{Datelike, Timelike};
use db::Tx;
use kernel::{OrgId, Result, Role, Time};
use registry::Ctx;
use rules::permits::Act;
use serde::{Deserialize, Serialize};

use super::compliance::of_own_employer;
use super::figures::{StandingCell, Standings};
use super::store::{compliance as people, pace, snapshots, standings as store};
use super::yardstick;

const STATE: &str = "standings";

/// What the last count saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    newest: i64,
    people: i64,
    hour: String,
    before: String,
    /// What the years were measured by, in short.
    #[serde(default)]
    measure: String,
}

/// Which years are to be counted now.
pub(super) struct Due {
    pub(super) years: Vec<i32>,
    seen: Seen,
}

/// The running year when anything changed or an hour passed, the year before when the ledger changed or a day passed.
pub(super) async fn due(ctx: &Ctx, tx: &mut Tx, (newest, people): (i64, i64)) -> Result<Due> {
    let now = ctx.now().civil();
    let year = now.year();
    let seen = Seen {
        newest,
        people,
        hour: format!("{}-{:02}", now.date(), now.hour()),
        before: now.date().to_string(),
        measure: measure(ctx, tx, year).await?,
    };
    let last = snapshots::find::<Seen>(tx, STATE).await?;
    let mut years = Vec::new();
    if last.as_ref().is_none_or(|last| last.figures != seen) {
        years.push(year);
    }
    let before = last.is_none_or(|last| {
        let last = last.figures;
        (last.before, last.newest, last.measure) != (seen.before.clone(), seen.newest, seen.measure.clone())
    });
    if before {
        years.push(year - 1);
    }
    Ok(Due { years, seen })
}

/// The editions and the pace that decide now; another edition or pace is a reason to count again.
async fn measure(ctx: &Ctx, tx: &mut Tx, year: i32) -> Result<String> {
    let mut words = Vec::new();
    for year in [year - 1, year] {
        let yardstick = yardstick::of_year(ctx, tx, year).await?;
        words.push(yardstick.edition.code);
    }
    let pace = pace::load(tx).await?;
    words.push(format!("{}/{}", pace.first_month, pace.last_days));
    Ok(words.join(" "))
}

impl Due {
    pub(super) async fn keep(&self, tx: &mut Tx, at: (Time, i64)) -> Result<()> {
        if self.years.is_empty() {
            return Ok(());
        }
        snapshots::keep(tx, STATE, &self.seen, at).await
    }
}

/// A group as fine as the views ask: district, department, title level, field.
type Cell = (String, String, String, String);

/// A year, counted.
pub(super) struct Taken {
    pub(super) year: i32,
    cells: BTreeMap<Cell, Standings>,
    employers: BTreeMap<(i64, String, String), Standings>,
}

/// Counts a year in one pass; what is held grows with groups and employers, not with people.
pub(super) async fn take(ctx: &Ctx, tx: &mut Tx, year: i32) -> Result<Taken> {
    let yardstick = yardstick::of_year(ctx, tx, year).await?;
    let mut taken = Taken {
        year,
        cells: BTreeMap::new(),
        employers: BTreeMap::new(),
    };
    people::each_standing(tx, &yardstick, |row| {
        if row.org != 0 {
            let employer = (row.org, row.district.clone(), row.department.clone());
            taken.employers.entry(employer).or_default().add(&row.standings);
        }
        let cell = (row.district, row.department, row.level, row.field);
        taken.cells.entry(cell).or_default().add(&row.standings);
        Ok(())
    })
    .await?;
    Ok(taken)
}

impl Taken {
    /// By district, department and title level, as the home pages read them.
    pub(super) fn by_place(&self) -> Vec<StandingCell> {
        let mut sums: BTreeMap<(&str, &str, &str), Standings> = BTreeMap::new();
        for ((district, department, level, _), standings) in &self.cells {
            sums.entry((district, department, level)).or_default().add(standings);
        }
        let cells = sums
            .into_iter()
            .map(|((district, department, level), standings)| StandingCell {
                district: district.to_owned(),
                department: department.to_owned(),
                level: level.to_owned(),
                standings,
            });
        cells.collect()
    }

    pub(super) async fn keep(&self, tx: &mut Tx) -> Result<()> {
        store::replace(tx, self.year, (&self.cells, &self.employers)).await
    }
}

kernel::codes! {
    /// 按什么分组.
    pub enum GroupBy {
        /// District of the employer.
        District = "district" "区",
        /// Industry department.
        Department = "department" "行业主管部门",
        /// Title level.
        Level = "level" "职称级别",
        /// Focus field of the person.
        Field = "field" "专业领域",
        /// Employer.
        Employer = "employer" "单位",
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct StandingsQuery {
    /// The year of the hours.
    pub year: i32,
    /// Grouped by.
    pub by: GroupBy,
    /// Code of a district.
    pub district: Option<String>,
    /// Code of a department.
    pub department: Option<String>,
    /// Code of a title level.
    pub level: Option<String>,
    /// Code of a focus field.
    pub field: Option<String>,
}

/// One group.
#[derive(Debug, Clone)]
pub struct GroupLine {
    /// Its code, or the employer's id; empty where the records do not say.
    pub key: String,
    /// How its people stand.
    pub standings: Standings,
}

/// The answer.
#[derive(Debug, Clone, Default)]
pub struct StandingsView {
    /// Everybody asked about.
    pub total: Standings,
    /// The groups, the one with the largest share behind first; of employers the 200 with most people behind.
    pub groups: Vec<GroupLine>,
    /// When they were counted; none while they are being prepared, and for an employer, who is read live.
    pub as_of: Option<Time>,
    /// Whether the year was counted at all.
    pub ready: bool,
}

/// How the people within the actor's scope stand ([`Act::ListCompliance`]).
///
/// # Errors
/// Storage failures.
pub async fn standings(ctx: &Ctx, query: &StandingsQuery) -> Result<StandingsView> {
    if ctx.actor.role == Role::Employer {
        return live(ctx, query).await;
    }
    // The first visitor of a small city waits for the first count.
    super::progress(ctx).await?;
    let scope = ctx.scope(Act::ListCompliance);
    let mut tx = ctx.db.read().await?;
    let total = store::sum(&scope, &mut tx, query).await?;
    let groups = store::list(&scope, &mut tx, query).await?;
    let counted = snapshots::find::<Seen>(&mut tx, STATE).await?;
    Ok(StandingsView {
        total,
        groups: sorted(groups),
        ready: counted.is_some() && store::is_counted(&mut tx, query.year).await?,
        as_of: counted.map(|kept| kept.as_of),
    })
}

async fn live(ctx: &Ctx, query: &StandingsQuery) -> Result<StandingsView> {
    let mut view = StandingsView {
        ready: true,
        ..StandingsView::default()
    };
    let mut sums: BTreeMap<String, Standings> = BTreeMap::new();
    let wanted = |asked: &Option<String>, code: &str| asked.as_deref().is_none_or(|asked| asked == code);
    for (level, field, standings) in of_own_employer(ctx, query.year).await? {
        if !wanted(&query.level, &level) || !wanted(&query.field, &field) {
            continue;
        }
        view.total.add(&standings);
        let key = match query.by {
            GroupBy::Field => field,
            GroupBy::Employer => ctx.actor.org().map(|org: OrgId| org.to_string()).unwrap_or_default(),
            _ => level,
        };
        sums.entry(key).or_default().add(&standings);
    }
    view.groups = sorted(
        sums.into_iter()
            .map(|(key, standings)| GroupLine { key, standings })
            .collect(),
    );
    Ok(view)
}

/// The largest share behind first, then the largest group; people of whom the records do not say it, last.
fn sorted(mut groups: Vec<GroupLine>) -> Vec<GroupLine> {
    groups.sort_by_key(|group| {
        let share = group.standings.behind * 10_000 / group.standings.people.max(1);
        let unknown = group.key.is_empty();
        (
            unknown,
            std::cmp::Reverse((share, group.standings.people)),
            group.key.clone(),
        )
    });
    groups
}
