//! The working-day calendar: reading a file of a year's arrangement, trying it out, taking it.
//!
//! ```text
//! CSV ──read──► days ──plan──► what would change ──import──► years replaced, deadlines counted anew, trail, task done
//! ```
//! A file replaces the exceptional days of every year it names, so that an amended notice is taken by importing
//! the year again. The same file again changes nothing.
//! Deliberately absent: fetching the notice by ourselves; the lead answers for it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use db::{Event, Tx};
use kernel::{Calendar, Date, Error, FieldError, Place, Result, calendar::DayKind};
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{deadlines, store};
use crate::{Ctx, Subject, tasks};

const EMBEDDED: &str = include_str!("../../../../data/reference/holidays.csv");

/// One exceptional day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Which day.
    pub date: Date,
    /// Off, or worked in exchange.
    pub kind: DayKind,
    /// What it is called: 元旦.
    pub name: String,
    /// The notice that says so.
    pub notice: String,
    /// Where we have it from.
    pub source: String,
}

/// What a file would change, year by year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The years it names, ascending.
    pub years: Vec<YearPlan>,
    /// How many running deadlines were counted through these years and will be counted anew.
    pub deadlines: u64,
}

impl Plan {
    /// Whether importing would change no day.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.years
            .iter()
            .all(|year| year.added + year.changed + year.removed == 0)
    }
}

/// What a file would change in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearPlan {
    /// The year.
    pub year: i32,
    /// Whether the year had no calendar before.
    pub new: bool,
    /// Days the file adds.
    pub added: u32,
    /// Days whose kind, name or notice differs.
    pub changed: u32,
    /// Days that the file no longer has.
    pub removed: u32,
    /// Days off in the file.
    pub holidays: u32,
    /// Weekend days worked in the file.
    pub workdays: u32,
}

/// A year's arrangement was imported.
#[derive(Debug, Serialize, Deserialize)]
pub struct CalendarImported {
    /// The years of the file.
    pub years: Vec<i32>,
}

impl Event for CalendarImported {
    const KIND: &'static str = "taxonomy.calendar_imported";
}

pub(super) fn kind_of(text: &str) -> Option<DayKind> {
    match text {
        "holiday" | "休" | "休息" | "放假" | "节假日" => Some(DayKind::Holiday),
        "workday" | "班" | "上班" | "补班" | "调休上班" => Some(DayKind::Workday),
        _ => None,
    }
}

/// The calendar as imported so far.
///
/// # Errors
/// Storage failures.
pub async fn load(tx: &mut Tx) -> Result<Calendar> {
    let days = store::days(tx, None).await?;
    Ok(Calendar::new(days.into_iter().map(|day| (day.date, day.kind))))
}

/// The exceptional days of a year, ascending.
///
/// # Errors
/// Storage failures.
pub async fn year(tx: &mut Tx, year: i32) -> Result<Vec<Day>> {
    store::days(tx, Some(year)).await
}

/// Reads a CSV file: columns `date`, `kind` (holiday or workday), `name`, and optionally `notice` and `source`;
/// Chinese titles 日期, 类型, 名称, 文号, 来源 are taken too.
///
/// # Errors
/// Wrong, with every faulty row named.
pub fn read(bytes: &[u8]) -> Result<Vec<Day>> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).map_err(|_| {
        Error::wrong(
            "file",
            "calendar.encoding",
            "文件不是 UTF-8 编码，请另存为“CSV UTF-8”后再上传。",
        )
    })?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(unreadable)?.clone();
    let column = |names: [&str; 2]| heads.iter().position(|head| names.contains(&head.trim()));
    let (Some(date), Some(kind), Some(name)) = (
        column(["date", "日期"]),
        column(["kind", "类型"]),
        column(["name", "名称"]),
    ) else {
        return Err(Error::wrong(
            "file",
            "calendar.heading",
            "表头应有 date（日期）、kind（类型）、name（名称）三列。",
        ));
    };
    let (notice, source) = (column(["notice", "文号"]), column(["source", "来源"]));
    let mut days: BTreeMap<Date, Day> = BTreeMap::new();
    let mut faults = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(unreadable)?;
        let cell = |place: Option<usize>| place.and_then(|p| record.get(p)).unwrap_or_default().trim().to_owned();
        let mut fault = |sentence: String| {
            faults.push(FieldError::new(
                "file",
                "calendar.row",
                format!("第 {} 行{sentence}。", index + 2),
            ));
        };
        let Ok(day) = cell(Some(date)).parse::<Date>() else {
            fault("的日期无法识别，请写成 2027-01-01 的样子".into());
            continue;
        };
        let Some(kind) = kind_of(&cell(Some(kind))) else {
            fault("的类型应为 holiday（放假）或 workday（调休上班）".into());
            continue;
        };
        let day = Day {
            date: day,
            kind,
            name: cell(Some(name)),
            notice: cell(notice),
            source: cell(source),
        };
        if days.insert(day.date, day).is_some() {
            fault("的日期在文件中出现了两次，请保留一行".into());
        }
    }
    if days.is_empty() && faults.is_empty() {
        return Err(Error::wrong(
            "file",
            "calendar.empty",
            "文件中没有任何一天，请检查内容。",
        ));
    }
    if faults.is_empty() {
        Ok(days.into_values().collect())
    } else {
        Err(Error::Wrong(faults))
    }
}

fn unreadable(error: csv::Error) -> Error {
    let row = error.position().map_or(0, |at| at.line());
    Error::wrong(
        "file",
        "calendar.unreadable",
        format!("第 {row} 行附近无法读取，请检查逗号和引号后再上传。"),
    )
}

/// What importing these days would change; writes nothing.
///
/// # Errors
/// Forbidden; storage failures.
pub async fn plan(ctx: &Ctx, days: &[Day]) -> Result<Plan> {
    ctx.may(Act::ImportCalendar, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    planned(&mut tx, days).await
}

async fn planned(tx: &mut Tx, days: &[Day]) -> Result<Plan> {
    let years: BTreeSet<i32> = days.iter().map(|day| day.date.year()).collect();
    let mut plans = Vec::new();
    for year in &years {
        let known: BTreeMap<Date, Day> = store::days(tx, Some(*year))
            .await?
            .into_iter()
            .map(|day| (day.date, day))
            .collect();
        let wanted: Vec<&Day> = days.iter().filter(|day| day.date.year() == *year).collect();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let of_kind = |kind| count(wanted.iter().filter(|day| day.kind == kind).count());
        plans.push(YearPlan {
            year: *year,
            new: known.is_empty(),
            added: count(wanted.iter().filter(|day| !known.contains_key(&day.date)).count()),
            changed: count(
                wanted
                    .iter()
                    .filter(|day| known.get(&day.date).is_some_and(|k| k != **day))
                    .count(),
            ),
            removed: count(
                known
                    .keys()
                    .filter(|date| !wanted.iter().any(|day| day.date == **date))
                    .count(),
            ),
            holidays: of_kind(DayKind::Holiday),
            workdays: of_kind(DayKind::Workday),
        });
    }
    let deadlines = match (years.first(), years.last()) {
        (Some(first), Some(last)) => deadlines::touched(tx, (*first, *last)).await?,
        _ => 0,
    };
    Ok(Plan {
        years: plans,
        deadlines,
    })
}

/// Takes a CSV file: replaces its years, counts running deadlines anew with a trail, closes the tasks that asked
/// for these years. The same file again changes nothing.
///
/// # Errors
/// Wrong, with every faulty row; Forbidden; storage failures.
pub async fn import(ctx: &Ctx, csv: &[u8]) -> Result<Plan> {
    ctx.may(Act::ImportCalendar, &Place::default())?;
    let days = read(csv)?;
    let mut tx = ctx.db.write().await?;
    let plan = planned(&mut tx, &days).await?;
    if plan.is_empty() {
        return Ok(plan);
    }
    let before: Vec<i32> = load(&mut tx).await?.years().collect();
    for year in &plan.years {
        let of_year: Vec<Day> = days
            .iter()
            .filter(|day| day.date.year() == year.year)
            .cloned()
            .collect();
        store::replace_year(&mut tx, year.year, &of_year).await?;
        tasks::done(ctx, &mut tx, &deadlines::cause(year.year)).await?;
    }
    let years: Vec<i32> = plan.years.iter().map(|year| year.year).collect();
    let calendar = load(&mut tx).await?;
    let moved = deadlines::recount(ctx, &mut tx, &calendar, &years).await?;
    let after: Vec<i32> = calendar.years().collect();
    let subject = Subject::new(
        "calendar",
        i64::from(years.last().copied().unwrap_or(0)),
        Place::default(),
    );
    let told = json!({ "years": after, "file": plan, "deadlines_moved": moved });
    ctx.audit(&mut tx, "import_calendar", subject, json!({ "years": before }), told)
        .await?;
    tx.tell(&CalendarImported { years }, ctx.now()).await?;
    tx.commit().await?;
    Ok(plan)
}

/// Fills the years that have no calendar from the embedded reference data; never touches an imported year.
pub(super) async fn fill(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let known: BTreeSet<i32> = load(tx).await?.years().collect();
    let mut by_year: BTreeMap<i32, Vec<Day>> = BTreeMap::new();
    for day in read(EMBEDDED.as_bytes())? {
        by_year.entry(day.date.year()).or_default().push(day);
    }
    by_year.retain(|year, _| !known.contains(year));
    let years: Vec<i32> = by_year.keys().copied().collect();
    for (year, days) in &by_year {
        store::replace_year(tx, *year, days).await?;
    }
    if !known.is_empty() && !years.is_empty() {
        // A release brought a new year into an installation that runs already.
        let calendar = load(tx).await?;
        deadlines::recount(ctx, tx, &calendar, &years).await?;
        for year in &years {
            tasks::done(ctx, tx, &deadlines::cause(*year)).await?;
        }
        tx.tell(&CalendarImported { years }, ctx.now()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::{Deadline, date};

    use super::*;

    #[test]
    fn the_embedded_years_are_2022_to_2026() {
        let days = read(EMBEDDED.as_bytes()).expect("readable");
        let calendar = Calendar::new(days.iter().map(|day| (day.date, day.kind)));
        assert_eq!(calendar.years().collect::<Vec<_>>(), [2022, 2023, 2024, 2025, 2026]);
        assert_eq!(calendar.after(date(2026, 9, 30), 1), Deadline::On(date(2026, 10, 8)));
        assert_eq!(
            calendar.after(date(2026, 12, 31), 1),
            Deadline::NotBefore {
                date: date(2027, 1, 1),
                missing: 2027
            }
        );
    }

    #[test]
    fn every_faulty_row_is_named() {
        let Err(Error::Wrong(faults)) = read(
            "日期,类型,名称\n2027-01-01,放假,元旦\n2027-13-01,放假,x\n2027-01-02,也许,x\n2027-01-01,放假,元旦\n"
                .as_bytes(),
        ) else {
            panic!("faulty")
        };
        let told: Vec<&str> = faults.iter().map(|fault| fault.sentence.as_str()).collect();
        assert!(
            told[0].starts_with("第 3 行的日期")
                && told[1].starts_with("第 4 行的类型")
                && told[2].starts_with("第 5 行的日期在文件中出现了两次")
        );
        assert!(matches!(read(b"a,b\n1,2\n"), Err(Error::Wrong(_))));
        assert!(matches!(read(b"\xff\xfe"), Err(Error::Wrong(_))));
    }
}
