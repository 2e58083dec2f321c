//! `filed_classes`, and the class that a filing makes in `classes`.

use db::{Tx, args, code};
use kernel::{OrgId, Result, Time, id::ClassId};
use rules::courses::class::Times;

use super::class::Class;

/// The class filed under a provider's own number, with the digest of what was filed.
pub(in crate::courses) async fn find(tx: &mut Tx, provider: OrgId, own: &str) -> Result<Option<(ClassId, String)>> {
    let sql = "select id, digest from filed_classes where provider = $1 and own_number = $2";
    tx.first(sql, args![provider, own]).await
}

/// The own number of a class that was filed.
pub(in crate::courses) async fn own_number(tx: &mut Tx, class: ClassId) -> Result<Option<String>> {
    tx.first("select own_number from filed_classes where id = $1", args![class])
        .await
}

pub(in crate::courses) async fn insert(
    tx: &mut Tx,
    class: &Class,
    (own, digest): (&str, &str),
    (by, at): (&str, Time),
) -> Result<()> {
    tx.exec(
        "insert into filed_classes (id, provider, own_number, digest, filed_by, filed_at) values ($1, $2, $3, $4, $5, $6)",
        args![class.id, class.provider, own, digest, by, at],
    )
    .await
    .map(drop)
}

/// A class that stands published from its filing on, with as many seats as people took part.
pub(in crate::courses) async fn insert_class(tx: &mut Tx, class: &Class, times: &Times, at: Time) -> Result<()> {
    let plan = &class.plan;
    tx.exec(
        "insert into classes (id, course, course_version, number, title, subject, form, delivery, field, place, contact,
         fee_source, year, starts_at, ends_at, enrol_from, enrol_until, capacity, declared_hours, taught_seconds, state,
         state_at, published_at, seats_open, provider, provider_name, district, department, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $22,
         $18, $23, $24, $25, $26, $22)",
        args![
            class.id,
            class.course,
            class.course_version,
            class.number.as_deref(),
            plan.title.as_str(),
            code(class.subject),
            code(class.form),
            code(plan.delivery),
            class.field.as_deref(),
            plan.place.as_str(),
            plan.contact.as_str(),
            code(plan.fee_source),
            plan.year,
            times.starts_at,
            times.ends_at,
            times.enrol_from,
            times.enrol_until,
            plan.capacity,
            plan.declared_hours,
            class.taught,
            code(class.state.code()),
            at,
            class.provider,
            class.provider_name.as_str(),
            class.district.as_deref(),
            class.department.as_deref(),
        ],
    )
    .await
    .map(drop)
}
