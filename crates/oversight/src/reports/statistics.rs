//! The statistics that article 25 of the national order asks for: people, time, content and money, by year and
//! by what the reader chooses, within the actor's scope. They are read from the prepared figures, never from the ledger.
//!
//! People are distinct within each line; the sum of the table is counted, not added up, where the figures know it.
//! Money is the fee of the class times the people who completed it, by who bears it: what the classes declare, not
//! what was received. Deliberately absent: money received and training funds of employers (they come with the funds).

use std::collections::BTreeMap;

use kernel::{Result, Scope, Time};
use registry::Ctx;
use rules::permits::Act;

use super::figures::{Cell, Content, Employer, Heads, Level};
use super::heads::{ALL, EVER};
use super::refresh::{self, CELLS, CONTENT, EMPLOYERS, HEADS, LEVELS};

kernel::codes! {
    /// 分组.
    pub enum Grouping {
        /// Year of the hours.
        Year = "year" "年度",
        /// Month of the activity.
        Month = "month" "月份",
        /// District of the employer.
        District = "district" "区",
        /// Industry department of the employer.
        Department = "department" "行业主管部门",
        /// Employer.
        Employer = "employer" "单位",
        /// Title level.
        Level = "level" "职称级别",
        /// 公需 or 专业.
        Subject = "subject" "科目",
        /// One of the five forms.
        Form = "form" "活动形式",
        /// Focus field of the class.
        Field = "field" "聚焦领域",
        /// Key area that the class serves.
        KeyArea = "key_area" "重点区域",
        /// Way of teaching of the class.
        Delivery = "delivery" "授课方式",
        /// Who bears the cost of the class.
        Money = "money" "经费来源",
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct StatisticsQuery {
    /// A year, or all.
    pub year: Option<i32>,
    /// Code of a district.
    pub district: Option<String>,
    /// Code of an industry department.
    pub department: Option<String>,
    /// What the lines are.
    pub by: Grouping,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsLine {
    /// Code, year, month or id of the employer; empty where the entries do not say.
    pub key: String,
    /// 人次.
    pub activities: i64,
    /// Distinct people, where the figures know them for this grouping.
    pub people: Option<i64>,
    /// 学时 in hundredths.
    pub hours: i64,
    /// Fees of the classes in 分, for money only.
    pub fees: Option<i64>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Table {
    /// When the figures were taken; none while they are being prepared.
    pub as_of: Option<Time>,
    /// The lines, largest 人次 first; years and months in their order.
    pub lines: Vec<StatisticsLine>,
    /// The sum over all that was asked.
    pub total: StatisticsLine,
    /// 人次 by district and month 1–12 of the year asked for (or of all years).
    pub heat: Vec<(String, [i64; 12])>,
}

/// The places that are in sight and asked for.
struct Sight {
    year: Option<i32>,
    district: Option<String>,
    department: Option<String>,
    nothing: bool,
}

impl Sight {
    fn new(scope: &Scope, query: &StatisticsQuery) -> Self {
        let mut sight = Self {
            year: query.year,
            district: query.district.clone(),
            department: query.department.clone(),
            nothing: false,
        };
        let narrow = |asked: &mut Option<String>, own: &String| {
            let other = asked.as_ref().is_some_and(|asked| asked != own);
            *asked = Some(own.clone());
            other
        };
        sight.nothing = match scope {
            Scope::All => false,
            Scope::District(own) => narrow(&mut sight.district, own),
            Scope::Department(own) => narrow(&mut sight.department, own),
            _ => true,
        };
        sight
    }

    fn place(&self, district: &str, department: &str) -> bool {
        let holds = |asked: &Option<String>, is: &str| asked.as_ref().is_none_or(|asked| asked == is);
        !self.nothing && holds(&self.district, district) && holds(&self.department, department)
    }

    fn holds(&self, year: i32, district: &str, department: &str) -> bool {
        self.year.is_none_or(|asked| asked == year) && self.place(district, department)
    }
}

/// The statistics within the actor's scope ([`Act::ViewStatistics`]).
///
/// # Errors
/// Storage failures.
pub async fn statistics(ctx: &Ctx, query: &StatisticsQuery) -> Result<Table> {
    let sight = Sight::new(&ctx.scope(Act::ViewStatistics), query);
    let as_of = super::progress(ctx).await?.as_of;
    let cells: Vec<Cell> = kept(ctx, CELLS).await?;
    let heads: Vec<Heads> = kept(ctx, HEADS).await?;
    let lines = match query.by {
        Grouping::Level => levels(&kept(ctx, LEVELS).await?, &sight),
        Grouping::Employer => employers(ctx, &cells, &sight).await?,
        Grouping::Field | Grouping::KeyArea | Grouping::Delivery | Grouping::Money => {
            contents(&kept(ctx, CONTENT).await?, query.by, &sight)
        }
        _ => of_cells(&cells, &heads, query.by, &sight),
    };
    Ok(Table {
        as_of,
        total: total(&cells, &heads, &lines, &sight),
        heat: heat(&cells, &sight),
        lines,
    })
}

async fn kept<T: serde::de::DeserializeOwned>(ctx: &Ctx, name: &str) -> Result<Vec<T>> {
    Ok(refresh::kept(ctx, name).await?.unwrap_or_default())
}

/// Collects sums by key: 人次, hours, people, fees.
#[derive(Default)]
struct Sums(BTreeMap<String, (i64, i64, i64, i64)>);

impl Sums {
    fn add(&mut self, key: &str, (activities, hours, people, fees): (i64, i64, i64, i64)) {
        let sum = self.0.entry(key.to_owned()).or_default();
        *sum = (sum.0 + activities, sum.1 + hours, sum.2 + people, sum.3 + fees);
    }

    fn lines(self, people: impl Fn(&str, i64) -> Option<i64>, fees: bool) -> Vec<StatisticsLine> {
        let lines = self
            .0
            .into_iter()
            .map(|(key, (activities, hours, added, fee))| StatisticsLine {
                people: people(&key, added),
                activities,
                hours,
                fees: fees.then_some(fee),
                key,
            });
        let mut lines: Vec<StatisticsLine> = lines.filter(|line| line.activities != 0 || line.hours != 0).collect();
        lines.sort_by(|a, b| b.activities.cmp(&a.activities).then_with(|| a.key.cmp(&b.key)));
        lines
    }
}

/// Distinct people at a place; the figures know every combination of one or all of year, district and department.
fn people_at(heads: &[Heads], year: Option<i32>, district: Option<&str>, department: Option<&str>) -> i64 {
    let (year, district, department) = (year.unwrap_or(EVER), district.unwrap_or(ALL), department.unwrap_or(ALL));
    let found = heads
        .iter()
        .find(|row| row.0 == year && row.1 == district && row.2 == department);
    found.map_or(0, |row| row.3)
}

fn of_cells(cells: &[Cell], heads: &[Heads], by: Grouping, sight: &Sight) -> Vec<StatisticsLine> {
    let mut sums = Sums::default();
    for (year, month, district, department, subject, form, activities, hours) in cells {
        if !sight.holds(*year, district, department) {
            continue;
        }
        let written = year.to_string();
        let key = match by {
            Grouping::Year => written.as_str(),
            Grouping::Month => month,
            Grouping::District => district,
            Grouping::Department => department,
            Grouping::Subject => subject,
            _ => form,
        };
        sums.add(key, (*activities, *hours, 0, 0));
    }
    let (district, department) = (sight.district.as_deref(), sight.department.as_deref());
    let people = |key: &str, _: i64| match by {
        Grouping::Year => Some(people_at(heads, key.parse().ok(), district, department)),
        Grouping::District => Some(people_at(heads, sight.year, Some(key), department)),
        Grouping::Department => Some(people_at(heads, sight.year, district, Some(key))),
        _ => None,
    };
    let mut lines = sums.lines(people, false);
    if matches!(by, Grouping::Year | Grouping::Month) {
        lines.sort_by(|a, b| a.key.cmp(&b.key));
    }
    lines
}

fn levels(rows: &[Level], sight: &Sight) -> Vec<StatisticsLine> {
    let mut sums = Sums::default();
    for (year, district, department, level, activities, hours, people) in rows {
        if sight.holds(*year, district, department) {
            sums.add(level, (*activities, *hours, *people, 0));
        }
    }
    // Over several years the same people come again; only one year's people are distinct.
    let one_year = sight.year.is_some();
    sums.lines(|_, people| one_year.then_some(people), false)
}

async fn employers(ctx: &Ctx, cells: &[Cell], sight: &Sight) -> Result<Vec<StatisticsLine>> {
    let mut years: Vec<i32> = cells.iter().map(|cell| cell.0).collect();
    years.dedup();
    let mut sums = Sums::default();
    for year in years
        .into_iter()
        .filter(|year| sight.year.is_none_or(|asked| asked == *year))
    {
        let rows: Vec<Employer> = kept(ctx, &format!("{EMPLOYERS}:{year}")).await?;
        for (org, district, department, activities, hours, people) in rows {
            if sight.place(&district, &department) {
                let key = if org == 0 { String::new() } else { org.to_string() };
                sums.add(&key, (activities, hours, people, 0));
            }
        }
    }
    let one_year = sight.year.is_some();
    Ok(sums.lines(|_, people| one_year.then_some(people), false))
}

fn contents(rows: &[Content], by: Grouping, sight: &Sight) -> Vec<StatisticsLine> {
    let mut sums = Sums::default();
    for (year, district, department, field, area, delivery, source, activities, hours, fees) in rows {
        if sight.holds(*year, district, department) {
            let key = match by {
                Grouping::Field => field,
                Grouping::KeyArea => area,
                Grouping::Delivery => delivery,
                _ => source,
            };
            sums.add(key, (*activities, *hours, 0, *fees));
        }
    }
    sums.lines(|_, _| None, by == Grouping::Money)
}

fn total(cells: &[Cell], heads: &[Heads], lines: &[StatisticsLine], sight: &Sight) -> StatisticsLine {
    let mut total = StatisticsLine {
        key: String::new(),
        activities: 0,
        people: Some(0),
        hours: 0,
        fees: None,
    };
    for (year, _, district, department, _, _, activities, hours) in cells {
        if sight.holds(*year, district, department) {
            total.activities += activities;
            total.hours += hours;
        }
    }
    if !sight.nothing {
        total.people = Some(people_at(
            heads,
            sight.year,
            sight.district.as_deref(),
            sight.department.as_deref(),
        ));
    }
    total.fees = lines.iter().filter_map(|line| line.fees).reduce(|a, b| a + b);
    total
}

fn heat(cells: &[Cell], sight: &Sight) -> Vec<(String, [i64; 12])> {
    let mut rows: BTreeMap<&str, [i64; 12]> = BTreeMap::new();
    for (year, month, district, department, _, _, activities, _) in cells {
        let at = month.get(5..7).and_then(|text| text.parse::<usize>().ok());
        if let Some(at) = at.filter(|at| (1..=12).contains(at) && sight.holds(*year, district, department)) {
            rows.entry(district).or_default()[at - 1] += activities;
        }
    }
    rows.into_iter()
        .map(|(district, months)| (district.to_owned(), months))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(year: i32, district: &str, activities: i64) -> Cell {
        let month = format!("{year}-03");
        (
            year,
            month,
            district.into(),
            "wjw".into(),
            "public".into(),
            "class".into(),
            activities,
            100 * activities,
        )
    }

    fn query(district: Option<&str>) -> StatisticsQuery {
        StatisticsQuery {
            year: Some(2026),
            district: district.map(str::to_owned),
            department: None,
            by: Grouping::District,
        }
    }

    /// a district sees its own figures, whatever it asks for.
    #[test]
    fn r16_a_district_never_sees_its_neighbour() {
        let cells = [
            cell(2026, "310101", 3),
            cell(2026, "310104", 5),
            cell(2025, "310101", 9),
        ];
        let own = Scope::District("310101".into());
        let seen = of_cells(&cells, &[], Grouping::District, &Sight::new(&own, &query(None)));
        assert_eq!(
            seen.iter()
                .map(|line| (line.key.as_str(), line.activities))
                .collect::<Vec<_>>(),
            [("310101", 3)]
        );
        let asked = Sight::new(&own, &query(Some("310104")));
        assert!(of_cells(&cells, &[], Grouping::District, &asked).is_empty());
        assert!(heat(&cells, &Sight::new(&Scope::Nothing, &query(None))).is_empty());
    }
}
