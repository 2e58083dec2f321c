//! The table `accounts`.

use db::{FromRow, Row, Tx, args};
use kernel::{Error, Result, Time, id::AccountId, id::PersonId};
use rules::identity::Standing;

use crate::identity::accounts::Account;

const COLUMNS: &str = "id, login, display_name, person, status, status_since, ended_by, version";

impl FromRow for Account {
    fn from_row(row: &Row) -> Result<Self> {
        let status: String = row.get(4)?;
        let standing = Standing::from_parts(&status, row.get(5)?, row.get(6)?)
            .ok_or_else(|| Error::broken(format!("an account stands as {status}")))?;
        Ok(Self {
            id: row.get(0)?,
            login: row.get(1)?,
            display_name: row.get(2)?,
            person: row.get(3)?,
            standing,
            version: row.get(7)?,
        })
    }
}

/// Writes a new account; false when its login name (or its person's account) exists already.
pub async fn insert(tx: &mut Tx, account: &Account, hash: Option<&str>, at: Time) -> Result<bool> {
    let sql = "insert into accounts (id, login, display_name, password_hash, person, status, status_since, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    let Account {
        id,
        login,
        display_name,
        person,
        standing,
        ..
    } = account;
    tx.exec_new(
        sql,
        args![
            *id,
            login,
            display_name,
            hash,
            *person,
            standing.code(),
            standing.since(),
            at
        ],
    )
    .await
}

pub async fn load(tx: &mut Tx, id: AccountId) -> Result<Account> {
    tx.one(&format!("select {COLUMNS} from accounts where id = $1"), args![id])
        .await
}

pub async fn find_by_login(tx: &mut Tx, login: &str) -> Result<Option<Account>> {
    tx.first(
        &format!("select {COLUMNS} from accounts where login = $1"),
        args![login],
    )
    .await
}

pub async fn find_by_person(tx: &mut Tx, person: PersonId) -> Result<Option<Account>> {
    tx.first(
        &format!("select {COLUMNS} from accounts where person = $1"),
        args![person],
    )
    .await
}

/// Professionals with an account, by id.
pub async fn learners_after(tx: &mut Tx, after: PersonId, most: u32) -> Result<Vec<PersonId>> {
    let sql = "select person from accounts where person > $1 and status = 'active' order by person limit $2";
    tx.all(sql, args![after, most]).await
}

/// The password hash, if there is one.
pub async fn hash_of(tx: &mut Tx, id: AccountId) -> Result<Option<String>> {
    tx.one("select password_hash from accounts where id = $1", args![id])
        .await
}

/// Saves a state decided on `account.version`.
pub async fn save_standing(tx: &mut Tx, account: &Account, standing: &Standing) -> Result<()> {
    let by = if let Standing::Ended { by, .. } = standing {
        Some(by.as_str())
    } else {
        None
    };
    let sql = "update accounts set status = $3, status_since = $4, ended_by = $5, version = version + 1
        where id = $1 and version = $2";
    tx.exec_one(
        sql,
        args![account.id, account.version, standing.code(), standing.since(), by],
    )
    .await
}

/// Saves a chosen password with the state it leads to.
pub async fn save_password(tx: &mut Tx, account: &Account, standing: &Standing, hash: &str) -> Result<()> {
    let sql = "update accounts set password_hash = $3, status = $4, status_since = $5, version = version + 1
        where id = $1 and version = $2";
    tx.exec_one(
        sql,
        args![account.id, account.version, hash, standing.code(), standing.since()],
    )
    .await
}

/// Follows a person whose record was merged into another one.
pub async fn move_to_person(tx: &mut Tx, account: AccountId, person: PersonId) -> Result<()> {
    tx.exec_one(
        "update accounts set person = $2, version = version + 1 where id = $1",
        args![account, person],
    )
    .await
}
