//! Who has reached the year: sums for the figures, lines for the list. The thresholds come from the rules.

mod horizon;

use db::{FromRow, Query, Row, Tx, Value, args};
use kernel::{Hours, OrgId, PersonId, Result, Scope};
use registry::{Listed, Orders, Window};
use rules::reports::{Compliance, Thresholds};

use super::super::compliance::{ComplianceFilter, ComplianceLine};
use super::super::figures::Standings;

/// Hands over how the people of each district, department, title level, field and employer stand in `year`.
pub(in crate::reports) async fn each_standing(
    tx: &mut Tx,
    year: i32,
    limits: &Thresholds,
    take: impl FnMut(GroupRow) -> Result<()> + Send,
) -> Result<()> {
    let sql = "select coalesce(p.district, ''), coalesce(p.department, ''), coalesce(p.title_level, ''), coalesce(p.field, ''),
            coalesce(p.org, 0), count(*),
            cast(sum(case when x.total >= $2 and x.professional >= $3 then 1 else 0 end) as bigint),
            cast(sum(case when (x.total < $2 or x.professional < $3) and (x.total < $4 or x.professional < $5) then 1 else 0 end) as bigint)
         from (select coalesce(a.merged_into, a.id) as id, cast(coalesce(sum(b.hours), 0) as bigint) as total,
                cast(coalesce(sum(case when b.subject = 'professional' then b.hours else 0 end), 0) as bigint) as professional
             from people a left join credits_balances b on b.person = a.id and b.year = $1 group by 1) x
         join people p on p.id = x.id group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5";
    let (behind_total, behind_professional) = behind(limits);
    let values = args![
        year,
        limits.total,
        limits.professional,
        behind_total,
        behind_professional
    ];
    tx.each(sql, values, take).await.map(drop)
}

/// One group of people, as fine as it is counted.
pub(in crate::reports) struct GroupRow {
    pub district: String,
    pub department: String,
    pub level: String,
    pub field: String,
    pub org: i64,
    pub standings: Standings,
}

impl FromRow for GroupRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            district: row.get(0)?,
            department: row.get(1)?,
            level: row.get(2)?,
            field: row.get(3)?,
            org: row.get(4)?,
            standings: Standings {
                people: row.get(5)?,
                reached: row.get(6)?,
                behind: row.get(7)?,
            },
        })
    }
}

/// Below these hours somebody is behind: the pace while the year runs, everything once it is over.
fn behind(limits: &Thresholds) -> (Hours, Hours) {
    if limits.over {
        (limits.total, limits.professional)
    } else {
        (limits.pace_total, limits.pace_professional)
    }
}

/// A record and those merged into it.
const OWN_RECORDS: &str =
    "b.person in (select q.id union all select m.id from people m where m.merged_into = q.id) and b.year = {}";

/// People with their hours of a year, called `p`.
fn people_with_hours(columns: &str, year: i32) -> Query {
    let sql = format!(
        "select {columns} from (select q.id, q.person, q.name, q.title_level, q.field, q.org, q.district, q.department,
            coalesce((select cast(sum(b.hours) as bigint) from credits_balances b where {OWN_RECORDS}), 0) as total,
            coalesce((select cast(sum(b.hours) as bigint) from credits_balances b where {OWN_RECORDS} and b.subject = 'professional'), 0) as professional
         from people q where q.merged_into is null) p left join orgs o on o.id = p.org where 1 = 1"
    );
    Query::with(&sql, [Value::from(year), Value::from(year)])
}

fn in_state(query: Query, state: Option<Compliance>, limits: &Thresholds) -> Query {
    let reached = [Value::from(limits.total), Value::from(limits.professional)];
    let (total, professional) = behind(limits);
    let behind = [Value::from(total), Value::from(professional)];
    match state {
        None => query,
        Some(Compliance::Reached) => query.and_all("p.total >= {} and p.professional >= {}", reached),
        Some(Compliance::AtRisk) if limits.over => query.and_plain("1 = 0"),
        Some(Compliance::Missing) if !limits.over => query.and_plain("1 = 0"),
        Some(Compliance::OnCourse) if limits.over => query.and_plain("1 = 0"),
        Some(Compliance::AtRisk | Compliance::Missing) => query
            .and_all("(p.total < {} or p.professional < {})", reached)
            .and_all("(p.total < {} or p.professional < {})", behind),
        Some(Compliance::OnCourse) => query
            .and_all("(p.total < {} or p.professional < {})", reached)
            .and_all("p.total >= {} and p.professional >= {}", behind),
    }
}

const ORDERS: Orders = Orders {
    columns: &[
        ("name", "p.name"),
        ("total", "p.total"),
        ("professional", "p.professional"),
        ("entered", "p.id"),
    ],
    key: "p.id",
};

/// A line without the judgement of the rules.
struct Counted {
    person: PersonId,
    name: String,
    level: Option<String>,
    employer: String,
    district: Option<String>,
    department: Option<String>,
    total: Hours,
    professional: Hours,
}

impl FromRow for Counted {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            person: row.get(0)?,
            name: row.get(1)?,
            level: row.get(2)?,
            employer: row.get(3)?,
            district: row.get(4)?,
            department: row.get(5)?,
            total: row.get(6)?,
            professional: row.get(7)?,
        })
    }
}

/// Everything that a list is narrowed to but the state, which only the hours tell. The people are called `p`.
fn narrowed(query: Query, scope: &Scope, filter: &ComplianceFilter) -> Query {
    query
        .scope(scope, "p")
        .and_begins("p.name", filter.words.as_deref())
        .and_opt("p.title_level = {}", filter.level.clone())
        .and_opt("p.field = {}", filter.field.clone())
        .and_opt("p.org = {}", filter.org)
        .and_opt("p.district = {}", filter.district.clone())
        .and_opt("p.department = {}", filter.department.clone())
}

/// People in scope with their year. Narrowed to a state and not counted, a page looks at some thousands of people and may
/// hold fewer than it has room for; the next one goes on where it ended.
pub(in crate::reports) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ComplianceFilter,
    (window, limits): (&Window, &Thresholds),
) -> Result<Listed<ComplianceLine>> {
    let columns = format!(
        "p.id, p.name, p.title_level, coalesce(o.name, ''), p.district, p.department, p.total, p.professional{}",
        window.tail(&ORDERS)
    );
    let query = narrowed(people_with_hours(&columns, filter.year), scope, filter);
    let query = in_state(query, filter.state, limits);
    let horizon = match filter.state {
        Some(_) if !window.counted => horizon::find(tx, scope, filter, window).await?,
        _ => None,
    };
    let query = match &horizon {
        Some(horizon) => horizon.bound(query),
        None => query,
    };
    let found: Listed<Counted> = window.fetch(tx, query, &ORDERS).await?;
    let found = match horizon {
        Some(horizon) => horizon.go_on(found, window),
        None => found,
    };
    Ok(found.map(|row| {
        let (missing, missing_professional) = limits.missing(row.total, row.professional);
        ComplianceLine {
            person: row.person,
            name: row.name,
            level: row.level,
            employer: row.employer,
            district: row.district,
            department: row.department,
            total: row.total,
            professional: row.professional,
            missing,
            missing_professional,
            state: limits.judge(row.total, row.professional),
        }
    }))
}

/// The people of one employer by title level and field, and how they stand.
pub(in crate::reports) async fn list_of_employer(
    scope: &Scope,
    tx: &mut Tx,
    (year, org): (i32, OrgId),
    limits: &Thresholds,
) -> Result<Vec<(String, String, Standings)>> {
    let sql = people_with_hours(
        "coalesce(p.title_level, ''), coalesce(p.field, ''), p.total, p.professional",
        year,
    );
    let rows: Vec<(String, String, Hours, Hours)> = sql.scope(scope, "p").and("p.org = {}", org).fetch(tx).await?;
    let mut groups: std::collections::BTreeMap<(String, String), Standings> = std::collections::BTreeMap::new();
    for (level, field, total, professional) in rows {
        let sum = groups.entry((level, field)).or_default();
        sum.people += 1;
        match limits.judge(total, professional) {
            Compliance::Reached => sum.reached += 1,
            Compliance::AtRisk | Compliance::Missing => sum.behind += 1,
            Compliance::OnCourse => {}
        }
    }
    Ok(groups
        .into_iter()
        .map(|((level, field), sum)| (level, field, sum))
        .collect())
}
