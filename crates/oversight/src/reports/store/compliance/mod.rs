//! Who has reached the year: sums for the figures, lines for the list. What is compared comes from the rules (`yardstick.rs`).

mod horizon;

use std::collections::BTreeMap;

use db::{FromRow, Query, Row, Tx};
use kernel::{Code, Hours, OrgId, PersonId, Result, Scope};
use learning::credits;
use registry::{Listed, Orders, Window};
use rules::credits::Traits;
use rules::credits::requirement::Years;
use rules::reports::{Compliance, Yardstick};

use super::super::compliance::{ComplianceFilter, ComplianceLine};
use super::super::figures::Standings;
use super::yardstick::{Text, Written};

/// Hands over how the people of each district, department, title level, field and employer stand by `yardstick`.
pub(in crate::reports) async fn each_standing(
    tx: &mut Tx,
    yardstick: &Yardstick,
    take: impl FnMut(GroupRow) -> Result<()> + Send,
) -> Result<()> {
    let written = Written::new(yardstick, "p", "x");
    let (reached, on_course) = (written.reached(), written.on_course());
    let ((from, to), sums) = (written.span, written.sums());
    let sql = format!(
        "select y.district, y.department, y.level, y.field, y.org, count(*), cast(sum(y.reached) as bigint),
            cast(sum(case when y.reached = 0 then 1 - y.on_course else 0 end) as bigint)
         from (select coalesce(p.district, '') as district, coalesce(p.department, '') as department,
                coalesce(p.title_level, '') as level, coalesce(p.field, '') as field, coalesce(p.org, 0) as org,
                case when {} then 1 else 0 end as reached, case when {} then 1 else 0 end as on_course
             from (select coalesce(a.merged_into, a.id) as id, {sums}
                 from people a left join credits_balances b on b.person = a.id and b.year between {from} and {to}
                 group by 1) x
             join people p on p.id = x.id) y
         where 1 = 1",
        reached.sql, on_course.sql
    );
    let values = reached.values.into_iter().chain(on_course.values);
    let query = Query::with(&sql, values).push(" group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5");
    query.each(tx, take).await.map(drop)
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

/// A record and those merged into it.
const OWN_RECORDS: &str = "b.person in (select q.id union all select m.id from people m where m.merged_into = q.id)";

/// People with their hours of a year, called `p`.
fn people_with_hours(columns: &str, written: &Written) -> Query {
    let sums = written.sums_of(OWN_RECORDS);
    Query::new(&format!(
        "select {columns} from (select q.id, q.person, q.name, q.title_series, q.title_level, q.field, q.org, q.district,
            q.department, {sums} from people q where q.merged_into is null) p left join orgs o on o.id = p.org where 1 = 1"
    ))
}

fn in_state(query: Query, state: Option<Compliance>, over: bool, written: &Written) -> Query {
    let reached = written.reached();
    let on_course = written.on_course();
    let not = |text: &Text| format!("not {}", text.sql);
    match state {
        None => query,
        Some(Compliance::Reached) => query.and_all(&reached.sql, reached.values),
        Some(Compliance::AtRisk) if over => query.and_plain("1 = 0"),
        Some(Compliance::Missing) if !over => query.and_plain("1 = 0"),
        Some(Compliance::OnCourse) if over => query.and_plain("1 = 0"),
        Some(Compliance::AtRisk | Compliance::Missing) => query
            .and_all(&not(&reached), reached.values)
            .and_all(&not(&on_course), on_course.values),
        Some(Compliance::OnCourse) => query
            .and_all(&not(&reached), reached.values)
            .and_all(&on_course.sql, on_course.values),
    }
}

const ORDERS: Orders = Orders {
    columns: &[
        ("name", "p.name"),
        ("total", "p.h0"),
        ("professional", "p.h1"),
        ("entered", "p.id"),
    ],
    key: "p.id",
};

/// A line without the judgement of the rules.
struct Counted {
    person: PersonId,
    name: String,
    traits: Traits,
    level: Option<String>,
    employer: String,
    district: Option<String>,
    department: Option<String>,
    total: Hours,
    professional: Hours,
}

impl FromRow for Counted {
    fn from_row(row: &Row) -> Result<Self> {
        let level: Option<String> = row.get(2)?;
        Ok(Self {
            person: row.get(0)?,
            name: row.get(1)?,
            traits: Traits {
                series: row.get(8)?,
                level: level.as_deref().and_then(Code::from_code),
                field: row.get(9)?,
                named: Vec::new(),
            },
            level,
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
/// hold fewer than it has room for; the next one goes on where it ended. Who is on it is judged, person by person, by the rules.
pub(in crate::reports) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ComplianceFilter,
    (window, yardstick): (&Window, &Yardstick),
) -> Result<Listed<ComplianceLine>> {
    let written = Written::new(yardstick, "p", "p");
    let columns = format!(
        "p.id, p.name, p.title_level, coalesce(o.name, ''), p.district, p.department, p.h0, p.h1, p.title_series,
            p.field{}",
        window.tail(&ORDERS)
    );
    let query = narrowed(people_with_hours(&columns, &written), scope, filter);
    let query = in_state(query, filter.state, yardstick.over, &written);
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
    let people: Vec<PersonId> = found.rows.iter().map(|row| row.person).collect();
    let sums = credits::sums_of(tx, &people, yardstick.year).await?;
    let nothing = Years::from(yardstick.year);
    Ok(found.map(|row| {
        let years = sums.get(&row.person).unwrap_or(&nothing);
        ComplianceLine {
            person: row.person,
            name: row.name,
            level: row.level,
            employer: row.employer,
            district: row.district,
            department: row.department,
            total: row.total,
            professional: row.professional,
            missing: yardstick.missing(&row.traits, years),
            state: yardstick.judge(&row.traits, years),
        }
    }))
}

/// Somebody with series and level of the title and the focus field.
type Titled = (PersonId, Option<String>, Option<String>, Option<String>);

/// The people of one employer by title level and field, and how they stand.
pub(in crate::reports) async fn list_of_employer(
    scope: &Scope,
    tx: &mut Tx,
    org: OrgId,
    yardstick: &Yardstick,
) -> Result<Vec<(String, String, Standings)>> {
    let select = "select p.id, p.title_series, p.title_level, p.field from people p where p.merged_into is null";
    let query = Query::new(select).scope(scope, "p").and("p.org = {}", org);
    let people: Vec<Titled> = query.fetch(tx).await?;
    let ids: Vec<PersonId> = people.iter().map(|(id, ..)| *id).collect();
    let sums = credits::sums_of(tx, &ids, yardstick.year).await?;
    let nothing = Years::from(yardstick.year);
    let mut groups: BTreeMap<(String, String), Standings> = BTreeMap::new();
    for (id, series, level, field) in people {
        let key = (level.clone().unwrap_or_default(), field.clone().unwrap_or_default());
        let traits = Traits {
            series,
            level: level.as_deref().and_then(Code::from_code),
            field,
            named: Vec::new(),
        };
        let sum = groups.entry(key).or_default();
        sum.people += 1;
        match yardstick.judge(&traits, sums.get(&id).unwrap_or(&nothing)) {
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
