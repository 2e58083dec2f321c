//! What exists besides the hours: organisations, courses, classes, documents, notices. One small statement each.

use db::{Tx, args};
use kernel::{Result, Time};

use super::super::figures::{ClassCount, CourseCount, Inventory};

/// People who are not merged into another. Both counts read an index; the register itself would be a gigabyte in a large
/// city, every few minutes.
pub(in crate::reports) async fn people(tx: &mut Tx) -> Result<i64> {
    let sql = "select (select count(*) from people) - (select count(*) from people where merged_into is not null)";
    tx.one(sql, &[]).await
}

/// Counts everything as of `now`.
pub(in crate::reports) async fn take(tx: &mut Tx, now: Time) -> Result<Inventory> {
    let mut found = Inventory {
        people: people(tx).await?,
        course_versions: tx.one("select count(*) from course_versions", &[]).await?,
        verifications: tx.one("select count(*) from verifications", &[]).await?,
        reversals: tx
            .one("select count(*) from credits_entries where reverses is not null", &[])
            .await?,
        courses: courses(tx).await?,
        classes: classes(tx, now).await?,
        ..Inventory::default()
    };
    orgs(tx, &mut found).await?;
    phases(tx, &mut found, now).await?;
    documents(tx, &mut found).await?;
    projects(tx, &mut found).await?;
    found.notices = tx
        .all(
            "select kind, count(*) from notices where state = 'published' group by kind order by kind",
            &[],
        )
        .await?;
    Ok(found)
}

async fn orgs(tx: &mut Tx, found: &mut Inventory) -> Result<()> {
    let sql = "select kind, count(*), cast(sum(is_provider) as bigint), cast(sum(is_employer) as bigint),
            cast(sum(case when base_level is null then 0 else 1 end) as bigint), cast(sum(leading_enterprise) as bigint)
         from orgs where status = 'active' group by kind order by kind";
    let rows: Vec<(String, i64, i64, i64, i64, i64)> = tx.all(sql, &[]).await?;
    for (kind, count, providers, employers, bases, leading) in rows {
        found.orgs.push((kind, count));
        found.providers += providers;
        found.employers += employers;
        found.bases += bases;
        found.leading += leading;
    }
    let sql = "select key_area, count(*) from orgs where status = 'active' and key_area is not null group by key_area order by key_area";
    found.org_areas = tx.all(sql, &[]).await?;
    Ok(())
}

async fn courses(tx: &mut Tx) -> Result<Vec<CourseCount>> {
    let sql = "select subject, coalesce(field, ''), coalesce(department, ''), coalesce(direction, ''), count(*)
         from courses where status = 'active' group by 1, 2, 3, 4 order by 1, 2, 3, 4";
    let rows: Vec<(String, String, String, String, i64)> = tx.all(sql, &[]).await?;
    let counted = rows
        .into_iter()
        .map(|(subject, field, department, direction, count)| CourseCount {
            subject,
            field,
            department,
            direction,
            count,
        });
    Ok(counted.collect())
}

async fn classes(tx: &mut Tx, now: Time) -> Result<Vec<ClassCount>> {
    let sql = "select delivery, subject, coalesce(field, ''), coalesce(key_area, ''), count(*),
            cast(sum(case when state = 'published' and enrol_from <= $1 and enrol_until > $1 then 1 else 0 end) as bigint)
         from classes where state in ('published', 'completed') group by 1, 2, 3, 4 order by 1, 2, 3, 4";
    let rows: Vec<(String, String, String, String, i64, i64)> = tx.all(sql, args![now]).await?;
    let counted = rows
        .into_iter()
        .map(|(delivery, subject, field, key_area, count, open)| ClassCount {
            delivery,
            subject,
            field,
            key_area,
            count,
            open,
        });
    Ok(counted.collect())
}

async fn phases(tx: &mut Tx, found: &mut Inventory, now: Time) -> Result<()> {
    let sql = "select coalesce(cast(sum(case when state = 'published' and enrol_from <= $1 and enrol_until > $1 then 1 else 0 end) as bigint), 0),
            coalesce(cast(sum(case when state = 'published' and starts_at <= $1 and ends_at > $1 then 1 else 0 end) as bigint), 0),
            coalesce(cast(sum(case when state = 'published' and ends_at <= $1 then 1 else 0 end) as bigint), 0),
            coalesce(cast(sum(case when state = 'completed' then 1 else 0 end) as bigint), 0),
            coalesce(cast(sum(case when reserved > 0 then 1 else 0 end) as bigint), 0),
            coalesce(cast(sum(case when eligibility like '%title_levels%' then 1 else 0 end) as bigint), 0)
         from classes where state in ('published', 'completed')";
    let (open, teaching, awaiting, completed, reserved, by_title) = tx.one(sql, args![now]).await?;
    *found = Inventory {
        open,
        teaching,
        awaiting,
        completed,
        reserved,
        by_title,
        ..std::mem::take(found)
    };
    Ok(())
}

/// Calls that were published, by what became of them, and the projects of published plans.
async fn projects(tx: &mut Tx, found: &mut Inventory) -> Result<()> {
    let sql = "select count(*), coalesce(cast(sum(case when state = 'open' then 1 else 0 end) as bigint), 0),
            coalesce(cast(sum(case when state = 'noticed' then 1 else 0 end) as bigint), 0),
            coalesce(cast(sum(case when state = 'published' then 1 else 0 end) as bigint), 0),
            coalesce(cast(sum(case when level <> 'municipal' then 1 else 0 end) as bigint), 0)
         from calls where number is not null";
    (
        found.calls,
        found.calls_open,
        found.calls_noticed,
        found.plans,
        found.calls_below,
    ) = tx.one(sql, &[]).await?;
    found.topics = tx
        .one("select count(*) from call_topics where state = 'adopted'", &[])
        .await?;
    found.declarations = tx
        .one("select count(*) from declarations where number is not null", &[])
        .await?;
    found.projects = tx
        .one(
            "select count(*) from declarations where state in ('approved', 'deferred') and plan_number is not null",
            &[],
        )
        .await?;
    Ok(())
}

async fn documents(tx: &mut Tx, found: &mut Inventory) -> Result<()> {
    let sql = "select kind, count(*) from credentials where revoked_at is null and superseded_by is null group by kind";
    let rows: Vec<(String, i64)> = tx.all(sql, &[]).await?;
    for (kind, count) in rows {
        match kind.as_str() {
            "certificate" => found.certificates = count,
            "statement" => found.statements = count,
            _ => {}
        }
    }
    Ok(())
}
