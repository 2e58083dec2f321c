//! The SQL of identity, one file per table. Nobody else reads or writes these tables.

pub mod accounts;
pub mod answers;
pub mod audit;
pub mod codes;
pub mod grants;
pub mod sessions;
pub mod throttles;
pub mod tokens;

use db::{Row, Value};
use kernel::{Place, Result};

/// Reads the five scope columns that begin at `at`.
fn place(row: &Row, at: usize) -> Result<Place> {
    Ok(Place {
        person: row.get(at)?,
        org: row.get(at + 1)?,
        provider: row.get(at + 2)?,
        district: row.get(at + 3)?,
        department: row.get(at + 4)?,
    })
}

/// The five scope columns as values, in the same order.
fn place_values(place: &Place) -> [Value; 5] {
    [
        place.person.into(),
        place.org.into(),
        place.provider.into(),
        place.district.clone().into(),
        place.department.clone().into(),
    ]
}
