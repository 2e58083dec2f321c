//! Providers as the public sees them: what they are and how many of their classes are open.

use db::{FromRow, Query, Row, Tx, Value};
use kernel::{OrgId, Result, Scope, Time};
use registry::{Listed, Orders, Window};

use super::super::providers::{ProviderFilter, ProviderLine};

const ORDERS: Orders = Orders {
    columns: &[("open", "p.open_classes"), ("name", "p.name"), ("classes", "p.classes")],
    key: "p.id",
};

impl FromRow for ProviderLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: OrgId::new(row.get(0)?),
            name: row.get(1)?,
            kind: row.code(2)?,
            district: row.get(3)?,
            department: row.get(4)?,
            base_level: row.code_opt(5)?,
            open_classes: row.get(6)?,
            classes: row.get(7)?,
        })
    }
}

/// Providers that take part; public, and scoped all the same.
pub(in crate::reports) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ProviderFilter,
    (window, now): (&Window, Time),
) -> Result<Listed<ProviderLine>> {
    let select = format!(
        "select p.id, p.name, p.kind, p.district, p.department, p.base_level, p.open_classes, p.classes{}
         from (select o.id, o.org, o.provider, o.name, o.kind, o.district, o.department, o.key_area, o.base_level,
                (select count(*) from classes k where k.provider = o.id and k.state = 'published' and k.enrol_from <= {{}} and k.enrol_until > {{}}) as open_classes,
                (select count(*) from classes k where k.provider = o.id and k.state in ('published', 'completed')) as classes
             from orgs o where o.is_provider = 1 and o.status = 'active') p where 1 = 1",
        window.tail(&ORDERS)
    );
    let words = filter
        .words
        .as_deref()
        .map(|words| format!("%{}%", words.trim().replace(['%', '_'], "")));
    let query = Query::with(&select, [Value::from(now), Value::from(now)])
        .scope(scope, "p")
        .and_opt("p.name like {}", words)
        .and_opt("p.district = {}", filter.district.clone())
        .and_opt("p.key_area = {}", filter.key_area.clone());
    let query = if filter.bases {
        query.and_plain("p.base_level is not null")
    } else {
        query
    };
    window.fetch(tx, query, &ORDERS).await
}
