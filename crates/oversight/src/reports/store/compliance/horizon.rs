//! How far one page looks when it is narrowed to a state in a large city.
//!
//! The state of a person is known from the hours alone, so whoever asks for a rare one would have three million people summed
//! for fifty rows. A page looks at [`LOOKED`] people in its order and no further; the cursor of the next one is the last
//! of them, whether it was shown or not.

use db::{FromRow, Query, Row, Tx, Value};
use kernel::{Result, Scope};
use registry::{Cursor, CursorValue, Listed, Window};

use super::{ComplianceFilter, narrowed};

/// People that one page looks at.
const LOOKED: i64 = 10_000;

/// The last person that a page looks at.
pub(super) struct Horizon {
    order: &'static str,
    last: Cursor,
    falling: bool,
}

struct Place(Cursor);

impl FromRow for Place {
    fn from_row(row: &Row) -> Result<Self> {
        let at = match row.get::<i64>(0) {
            Ok(number) => CursorValue::Number(number),
            Err(_) => CursorValue::Text(row.get(0)?),
        };
        Ok(Self(Cursor { at, id: row.get(1)? }))
    }
}

/// The horizon of a page; none when it may look at all that are left.
pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ComplianceFilter,
    window: &Window,
) -> Result<Option<Horizon>> {
    // Only the orders that an index serves are asked for in a large city.
    let order = match window.sort.as_str() {
        "entered" => "p.id",
        "name" | "" => "p.name",
        _ => return Ok(None),
    };
    let falling = window.descending != window.backward;
    let (sign, direction) = if falling { ("<", " desc") } else { (">", "") };
    let select = format!("select {order}, p.id from people p where p.merged_into is null");
    let mut query = narrowed(Query::new(&select), scope, filter);
    if let Some(cursor) = &window.cursor {
        let values: [Value; 2] = [cursor.at.clone().into(), cursor.id.into()];
        query = query.and_all(&format!("({order}, p.id) {sign} ({{}}, {{}})"), values);
    }
    let tail = format!(" order by {order}{direction}, p.id{direction} limit 1 offset {{}}");
    let found: Option<Place> = query.push_with(&tail, [Value::from(LOOKED - 1)]).first(tx).await?;
    Ok(found.map(|Place(last)| Horizon { order, last, falling }))
}

impl Horizon {
    /// Keeps a query to the people before the horizon and the one on it.
    pub(super) fn bound(&self, query: Query) -> Query {
        let sign = if self.falling { ">=" } else { "<=" };
        let values: [Value; 2] = [self.last.at.clone().into(), self.last.id.into()];
        query.and_all(&format!("({}, p.id) {sign} ({{}}, {{}})", self.order), values)
    }

    /// Lets the list go on from here when the page has found fewer than it has room for.
    pub(super) fn go_on<T>(self, found: Listed<T>, window: &Window) -> Listed<T> {
        let full = if window.backward {
            found.previous.is_some()
        } else {
            found.next.is_some()
        };
        if full {
            return found;
        }
        let empty = found.rows.is_empty();
        let back = |cursor: Option<Cursor>| if empty { window.cursor.clone() } else { cursor };
        if window.backward {
            Listed {
                next: back(found.next),
                previous: Some(self.last),
                ..found
            }
        } else {
            Listed {
                previous: back(found.previous),
                next: Some(self.last),
                ..found
            }
        }
    }
}
