//! The table `grants`. Its scope columns are the bounds of the role and the place where lists find it.

use std::collections::HashMap;

use db::{FromRow, Query, Row, Tx, Value, args};
use kernel::{Actor, Place, Result, Role, Scope, Time, id::AccountId, id::GrantId, id::PersonId};
use rules::identity::NewGrant;

use super::{place, place_values};
use crate::identity::grants::Grant;
use crate::identity::staff::{Filter, Line, State};
use crate::{Listed, Orders, Window};

const COLUMNS: &str =
    "g.id, g.account, g.role, g.admin, g.person, g.org, g.provider, g.district, g.department, g.label,
    g.granted_by, g.granted_at, g.ended_at, g.ended_by";

impl FromRow for Grant {
    fn from_row(row: &Row) -> Result<Self> {
        let ended: Option<Time> = row.get(12)?;
        let ended_by: Option<String> = row.get(13)?;
        Ok(Self {
            id: row.get(0)?,
            account: row.get(1)?,
            grant: NewGrant {
                role: row.code(2)?,
                admin: row.get(3)?,
                own: place(row, 4)?,
                label: row.get(9)?,
            },
            granted_by: row.get(10)?,
            granted_at: row.get(11)?,
            ended: ended.zip(ended_by),
        })
    }
}

/// Writes grants of one account; returns their ids in order.
pub async fn insert(tx: &mut Tx, account: AccountId, grants: &[NewGrant], by: &str, at: Time) -> Result<Vec<GrantId>> {
    let ids: Vec<GrantId> = grants.iter().map(|_| tx.mint()).collect();
    let rows: Vec<[Value; 12]> = ids
        .iter()
        .zip(grants)
        .map(|(id, grant)| {
            let [person, org, provider, district, department] = place_values(&grant.own);
            let role = db::code(grant.role);
            let label = grant.label.as_str().into();
            [
                (*id).into(),
                account.into(),
                role,
                grant.admin.into(),
                person,
                org,
                provider,
                district,
                department,
                label,
                by.into(),
                at.into(),
            ]
        })
        .collect();
    let sql = "insert into grants (id, account, role, admin, person, org, provider, district, department, label,
        granted_by, granted_at) values {}";
    tx.insert_all(sql, rows).await?;
    Ok(ids)
}

pub async fn load(tx: &mut Tx, id: GrantId) -> Result<Grant> {
    tx.one(&format!("select {COLUMNS} from grants g where g.id = $1"), args![id])
        .await
}

/// All grants of an account, living and ended, oldest first.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Grant>> {
    tx.all(
        &format!("select {COLUMNS} from grants g where g.account = $1 order by g.id"),
        args![account],
    )
    .await
}

/// The living grants of an account, oldest first.
pub async fn living(tx: &mut Tx, account: AccountId) -> Result<Vec<Grant>> {
    let sql = format!("select {COLUMNS} from grants g where g.account = $1 and g.ended_at is null order by g.id");
    tx.all(&sql, args![account]).await
}

struct Living(GrantId, Actor);

impl FromRow for Living {
    fn from_row(row: &Row) -> Result<Self> {
        let actor = Actor {
            account: row.get(1)?,
            label: row.get(2)?,
            role: row.code(3)?,
            own: place(row, 4)?,
            admin: false,
            request: String::new(),
        };
        Ok(Self(row.get(0)?, actor))
    }
}

/// The actors of living grants of living accounts.
pub async fn actors(tx: &mut Tx, grants: &[GrantId]) -> Result<HashMap<GrantId, Actor>> {
    let mut actors = HashMap::with_capacity(grants.len());
    for chunk in grants.chunks(500) {
        let query = Query::new(
            "select g.id, a.id, a.login, g.role, g.person, g.org, g.provider, g.district, g.department
             from grants g join accounts a on a.id = g.account where a.status <> 'ended' and g.ended_at is null",
        )
        .and_in("g.id", chunk.iter().map(|id| (*id).into()));
        let living: Vec<Living> = query.fetch(tx).await?;
        actors.extend(living.into_iter().map(|Living(id, actor)| (id, actor)));
    }
    Ok(actors)
}

/// The role of a grant.
pub async fn role_of(tx: &mut Tx, grant: GrantId) -> Result<Option<Role>> {
    let found: Option<(db::Coded<Role>,)> = tx.first("select role from grants where id = $1", args![grant]).await?;
    Ok(found.map(|(role,)| role.0))
}

// unscoped: a rule asks whether the installation was started, whoever acts.
/// How many living administrators the lead has.
pub async fn count_lead_admins(tx: &mut Tx) -> Result<i64> {
    let sql = "select count(*) from grants where role <> 'learner' and role = $1 and admin = 1 and ended_at is null";
    tx.one(sql, args![db::code(Role::Lead)]).await
}

/// Ends a living grant; `Stale` when somebody else did meanwhile.
pub async fn end(tx: &mut Tx, id: GrantId, by: &str, at: Time) -> Result<()> {
    tx.exec_one(
        "update grants set ended_at = $2, ended_by = $3 where id = $1 and ended_at is null",
        args![id, at, by],
    )
    .await
}

/// Moves the professional's grants to where the person stands now.
pub async fn place_person(tx: &mut Tx, person: PersonId, at: &Place, label: &str) -> Result<u64> {
    let sql = "update grants set org = $2, district = $3, department = $4, label = $5
        where person = $1 and role = 'learner' and ended_at is null";
    tx.exec(
        sql,
        args![person, at.org, at.district.as_deref(), at.department.as_deref(), label],
    )
    .await
}

/// Hands the living grants of one person to another, after a merge.
pub async fn move_to_person(tx: &mut Tx, from: PersonId, to: PersonId) -> Result<u64> {
    tx.exec(
        "update grants set person = $2 where person = $1 and ended_at is null",
        args![from, to],
    )
    .await
}

impl FromRow for Line {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            grant: row.get(0)?,
            account: row.get(1)?,
            login: row.get(2)?,
            display_name: row.get(3)?,
            status: row.get(4)?,
            role: row.code(5)?,
            admin: row.get(6)?,
            label: row.get(7)?,
            granted_at: row.get(8)?,
            ended_at: row.get(9)?,
        })
    }
}

const STAFF_ORDERS: Orders = Orders {
    columns: &[
        ("granted", "g.granted_at"),
        ("login", "a.login"),
        ("name", "a.display_name"),
        ("role", "g.role"),
    ],
    key: "g.id",
};

/// Grants of staff in scope, with their accounts.
pub async fn list_staff(scope: &Scope, tx: &mut Tx, filter: &Filter, window: &Window) -> Result<Listed<Line>> {
    let select = format!(
        "select g.id, g.account, a.login, a.display_name, a.status, g.role, g.admin, g.label, g.granted_at, g.ended_at{}
         from grants g join accounts a on a.id = g.account where g.role <> 'learner'",
        window.tail(&STAFF_ORDERS)
    );
    let state = match filter.state {
        None => "g.ended_at is null",
        Some(State::Invited) => "g.ended_at is null and a.status = 'invited'",
        Some(State::Active) => "g.ended_at is null and a.status = 'active'",
        Some(State::Ended) => "g.ended_at is not null",
    };
    let words = filter.words.as_ref().map(|words| format!("%{}%", escape_like(words)));
    let query = Query::new(&select)
        .scope(scope, "g")
        .and_plain(state)
        .and_opt("g.role = {}", filter.role.map(db::code))
        .and_opt(
            "(a.login like {} escape '\\' or a.display_name like {} escape '\\' or g.label like {} escape '\\')",
            words,
        );
    window.fetch(tx, query, &STAFF_ORDERS).await
}

/// Makes `%` and `_` of what was typed mean themselves.
pub(super) fn escape_like(words: &str) -> String {
    words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
