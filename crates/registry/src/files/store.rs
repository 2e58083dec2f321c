//! SQL of kept files.

use db::{FromRow, Row, Tx, args};
use kernel::{Place, Result, Time, id::FileId};

use super::{File, NewFile};

impl FromRow for File {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            content_type: row.get(2)?,
            size: row.get(3)?,
            sha256: row.get(4)?,
            bytes: row.get(5)?,
            place: Place {
                person: row.get(6)?,
                org: row.get(7)?,
                provider: row.get(8)?,
                district: row.get(9)?,
                department: row.get(10)?,
            },
        })
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: FileId,
    (file, sha256): (NewFile, String),
    (by, at): (&str, Time),
) -> Result<()> {
    let NewFile {
        name,
        content_type,
        bytes,
        place,
        delete_after,
    } = file;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    // The last day counts whole: the file goes when the next one begins.
    let until = delete_after.map(|day| Time::start_of(day).plus_days(1));
    let sql = "insert into files (id, name, content_type, size, sha256, content, person, org, provider, district,
        department, created_by, created_at, delete_after)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let args = args![
        id,
        name,
        content_type,
        size,
        sha256,
        bytes,
        place.person,
        place.org,
        place.provider,
        place.district,
        place.department,
        by,
        at,
        until,
    ];
    tx.exec(sql, args).await.map(drop)
}

pub(super) async fn load(tx: &mut Tx, id: FileId) -> Result<File> {
    let sql = "select id, name, content_type, size, sha256, content, person, org, provider, district, department
        from files where id = $1";
    tx.one(sql, args![id]).await
}

pub(super) async fn remove(tx: &mut Tx, id: FileId) -> Result<()> {
    tx.exec("delete from files where id = $1", args![id]).await.map(drop)
}

pub(super) async fn sweep(tx: &mut Tx, now: Time) -> Result<u64> {
    tx.exec("delete from files where delete_after <= $1", args![now]).await
}
