//! SQL of organisations.

use std::collections::BTreeMap;

use db::{FromRow, Query, Row, Tx, Value, args, code};
use kernel::{Code, CreditCode, Result, Scope, id::OrgId};

use super::{Filter, Org};
use crate::{Listed, Orders, Window, taxonomy::escaped};

const COLUMNS: &str = "o.id, o.kind, o.name, o.credit_code, o.district, o.town, o.department, o.industry, o.key_area,
    o.is_provider, o.is_employer, o.base_level, o.base_batch, o.base_until, o.leading_enterprise, o.contact, o.phone,
    o.status, o.created_at, o.version";

const ORDERS: Orders = Orders {
    columns: &[
        ("name", "o.name"),
        ("created", "o.created_at"),
        ("district", "o.district"),
        ("kind", "o.kind"),
        ("credit_code", "o.credit_code"),
    ],
    key: "o.id",
};

impl FromRow for Org {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.code(1)?,
            name: row.get(2)?,
            credit_code: row.get(3)?,
            district: row.get(4)?,
            town: row.get(5)?,
            department: row.get(6)?,
            industry: row.get(7)?,
            key_area: row.get(8)?,
            is_provider: row.get(9)?,
            is_employer: row.get(10)?,
            base_level: row.code_opt(11)?,
            base_batch: row.get(12)?,
            base_until: row.get(13)?,
            leading_enterprise: row.get(14)?,
            contact: row.get(15)?,
            phone: row.get(16)?,
            status: row.code(17)?,
            created_at: row.get(18)?,
            version: row.get(19)?,
        })
    }
}

fn select() -> String {
    format!("select {COLUMNS} from orgs o where 1 = 1")
}

pub(super) async fn load(tx: &mut Tx, id: OrgId) -> Result<Org> {
    Query::new(&select()).and("o.id = {}", id).one(tx).await
}

pub(super) async fn find_by_code(tx: &mut Tx, code: &CreditCode) -> Result<Option<Org>> {
    Query::new(&select()).and("o.credit_code = {}", code).first(tx).await
}

pub(super) async fn find_by_codes(tx: &mut Tx, codes: &[CreditCode]) -> Result<Vec<Org>> {
    Query::new(&select())
        .and_in("o.credit_code", codes.iter().map(Value::from))
        .fetch(tx)
        .await
}

pub(super) async fn names(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, String>> {
    let mut names = BTreeMap::new();
    for some in ids.chunks(500) {
        let query = Query::new("select o.id, o.name from orgs o where 1 = 1");
        let rows: Vec<(i64, String)> = query
            .and_in("o.id", some.iter().map(|id| (*id).into()))
            .fetch(tx)
            .await?;
        names.extend(rows);
    }
    Ok(names)
}

pub(super) async fn list(tx: &mut Tx, scope: &Scope, filter: &Filter, window: &Window) -> Result<Listed<Org>> {
    let select = format!("select {COLUMNS}{} from orgs o where 1 = 1", window.tail(&ORDERS));
    let query = Query::new(&select)
        .scope(scope, "o")
        .and_opt("o.kind = {}", filter.kind.map(code))
        .and_opt("o.district = {}", filter.district.clone())
        .and_opt("o.department = {}", filter.department.clone())
        .and_opt("o.key_area = {}", filter.key_area.clone())
        .and_opt("o.status = {}", filter.status.map(code));
    let query = match filter.words.as_deref() {
        Some(words) => {
            let starts = format!("{}%", escaped(&words.trim().to_uppercase()));
            let holds = format!("%{}%", escaped(words.trim()));
            query.and_all(
                "(o.name like {} escape '!' or o.credit_code like {} escape '!')",
                [holds.into(), starts.into()],
            )
        }
        None => query,
    };
    let query = match filter.capacity.as_deref() {
        Some("provider") => query.and_plain("o.is_provider = 1"),
        Some("employer") => query.and_plain("o.is_employer = 1"),
        Some("base") => query.and_plain("o.base_level is not null"),
        Some("leading") => query.and_plain("o.leading_enterprise = 1"),
        _ => query,
    };
    window.fetch(tx, query, &ORDERS).await
}

/// `column` is one of ours, never a caller's text.
pub(super) async fn of_capacity(tx: &mut Tx, column: &'static str) -> Result<Vec<(OrgId, String)>> {
    let sql = format!("select id, name from orgs where status = 'active' and {column} = 1 order by name limit 500");
    tx.all(&sql, &[]).await
}

pub(super) async fn insert(tx: &mut Tx, org: &Org) -> Result<()> {
    let sql = "insert into orgs (id, kind, name, credit_code, org, provider, district, town, department, industry,
        key_area, is_provider, is_employer, base_level, base_batch, base_until, leading_enterprise, contact, phone,
        status, created_at, version)
        values ($1, $2, $3, $4, $1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 1)";
    let mut args = vec![Value::from(org.id)];
    args.extend(said(org));
    args.extend([Value::from(org.created_at)]);
    tx.exec(sql, &args).await.map(drop)
}

/// What a change may touch, in the order of both statements.
fn said(org: &Org) -> [Value; 18] {
    [
        code(org.kind),
        (&org.name).into(),
        (&org.credit_code).into(),
        org.place().provider.into(),
        (&org.district).into(),
        org.town.clone().into(),
        org.department.clone().into(),
        org.industry.clone().into(),
        org.key_area.clone().into(),
        org.is_provider.into(),
        org.is_employer.into(),
        org.base_level.map(|level| level.code()).into(),
        org.base_batch.clone().into(),
        org.base_until.into(),
        org.leading_enterprise.into(),
        (&org.contact).into(),
        (&org.phone).into(),
        code(org.status),
    ]
}

pub(super) async fn save(tx: &mut Tx, version: i64, org: &Org) -> Result<()> {
    let sql = "update orgs set kind = $3, name = $4, credit_code = $5, provider = $6, district = $7, town = $8,
        department = $9, industry = $10, key_area = $11, is_provider = $12, is_employer = $13, base_level = $14,
        base_batch = $15, base_until = $16, leading_enterprise = $17, contact = $18, phone = $19, status = $20,
        version = version + 1 where id = $1 and version = $2";
    let mut args = args![org.id, version].to_vec();
    args.extend(said(org));
    tx.exec_one(sql, &args).await
}
