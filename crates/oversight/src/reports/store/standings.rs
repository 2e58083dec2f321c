//! `report_standings`: the counted groups of a year, replaced as a whole.

use std::collections::BTreeMap;

use db::{Query, Tx, Value, args};
use kernel::{Result, Scope};

use super::super::figures::Standings;
use super::super::standings::{GroupBy, GroupLine, StandingsQuery};

type Cells = BTreeMap<(String, String, String, String), Standings>;
type Employers = BTreeMap<(i64, String, String), Standings>;

/// Employers in one view.
const EMPLOYERS: i64 = 200;

/// An empty code matches no scope and no filter.
fn code(text: &str) -> Value {
    let known = (!text.is_empty()).then(|| text.to_owned());
    known.into()
}

/// Puts a year in place of what was counted before.
pub(in crate::reports) async fn replace(
    tx: &mut Tx,
    year: i32,
    (cells, employers): (&Cells, &Employers),
) -> Result<()> {
    tx.exec("delete from report_standings where year = $1", args![year])
        .await?;
    let mut rows: Vec<[Value; 11]> = Vec::with_capacity(cells.len() + employers.len());
    for ((district, department, level, field), sum) in cells {
        rows.push([
            tx.mint::<()>().into(),
            year.into(),
            "cell".into(),
            Value::Null,
            code(district),
            code(department),
            level.as_str().into(),
            field.as_str().into(),
            sum.people.into(),
            sum.reached.into(),
            sum.behind.into(),
        ]);
    }
    for ((org, district, department), sum) in employers {
        rows.push([
            tx.mint::<()>().into(),
            year.into(),
            "org".into(),
            (*org).into(),
            code(district),
            code(department),
            "".into(),
            "".into(),
            sum.people.into(),
            sum.reached.into(),
            sum.behind.into(),
        ]);
    }
    let sql = "insert into report_standings (id, year, kind, org, district, department, level, field, people, reached, behind) values {}";
    tx.insert_all(sql, rows).await.map(drop)
}

/// Whether a year was counted.
pub(in crate::reports) async fn is_counted(tx: &mut Tx, year: i32) -> Result<bool> {
    let sql = "select id from report_standings where year = $1 and kind = 'cell' limit 1";
    Ok(tx.first::<i64>(sql, args![year]).await?.is_some())
}

const SUMS: &str = "cast(coalesce(sum(s.people), 0) as bigint), cast(coalesce(sum(s.reached), 0) as bigint), cast(coalesce(sum(s.behind), 0) as bigint)";

fn narrowed(select: &str, kind: &str, scope: &Scope, query: &StandingsQuery) -> Query {
    Query::new(select)
        .scope(scope, "s")
        .and("s.year = {}", query.year)
        .and("s.kind = {}", kind)
        .and_opt("s.district = {}", query.district.clone())
        .and_opt("s.department = {}", query.department.clone())
        .and_opt("s.level = {}", query.level.clone().filter(|_| kind == "cell"))
        .and_opt("s.field = {}", query.field.clone().filter(|_| kind == "cell"))
}

/// Everybody asked about.
pub(in crate::reports) async fn sum(scope: &Scope, tx: &mut Tx, query: &StandingsQuery) -> Result<Standings> {
    let select = format!("select {SUMS} from report_standings s where 1 = 1");
    let (people, reached, behind) = narrowed(&select, "cell", scope, query).one(tx).await?;
    Ok(Standings {
        people,
        reached,
        behind,
    })
}

/// The groups asked about.
pub(in crate::reports) async fn list(scope: &Scope, tx: &mut Tx, query: &StandingsQuery) -> Result<Vec<GroupLine>> {
    let (key, kind) = match query.by {
        GroupBy::District => ("coalesce(s.district, '')", "cell"),
        GroupBy::Department => ("coalesce(s.department, '')", "cell"),
        GroupBy::Level => ("s.level", "cell"),
        GroupBy::Field => ("s.field", "cell"),
        GroupBy::Employer => ("cast(s.org as text)", "org"),
    };
    let select = format!("select {key}, {SUMS} from report_standings s where 1 = 1");
    let mut asked = narrowed(&select, kind, scope, query).push(" group by 1");
    if query.by == GroupBy::Employer {
        asked = asked.push_with(" order by 4 desc, 2 desc, 1 limit {}", [EMPLOYERS.into()]);
    }
    let rows: Vec<(String, i64, i64, i64)> = asked.fetch(tx).await?;
    let lines = rows.into_iter().map(|(key, people, reached, behind)| GroupLine {
        key,
        standings: Standings {
            people,
            reached,
            behind,
        },
    });
    Ok(lines.collect())
}

/// Employers whose people have not all reached the year, in the order of their ids, after `after`.
// unscoped: the platform's own digest goes to every employer, about its own people
pub(in crate::reports) async fn list_behind(tx: &mut Tx, year: i32, after: i64) -> Result<Vec<(i64, i64, i64, i64)>> {
    tx.all(
        "select s.org, cast(sum(s.people) as bigint), cast(sum(s.reached) as bigint), cast(sum(s.behind) as bigint)
         from report_standings s where s.year = $1 and s.kind = 'org' and s.org > $2
         group by s.org having sum(s.people) > sum(s.reached) order by s.org limit 500",
        args![year, after],
    )
    .await
}

/// Employers of a year with their people, in the order of their ids, after `after`.
// unscoped: the platform's own message goes to every employer, about its own people
pub(in crate::reports) async fn list_employers(tx: &mut Tx, year: i32, after: i64) -> Result<Vec<(i64, i64, i64)>> {
    tx.all(
        "select s.org, cast(sum(s.people) as bigint), cast(sum(s.reached) as bigint)
         from report_standings s where s.year = $1 and s.kind = 'org' and s.org > $2
         group by s.org order by s.org limit 500",
        args![year, after],
    )
    .await
}
