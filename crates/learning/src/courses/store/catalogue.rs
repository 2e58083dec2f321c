//! The catalogue's query over `classes` and its search index.
//!
//! A column inside an expression (`k.enrol_until + 0`) keeps its condition from choosing the index: a page is read in
//! its order, or by the filter that leaves the fewest rows, and ends after twenty.

use db::{FromRow, Query, Row, Tx, Value, code};
use kernel::{Result, Scope, Time};
use registry::{Listed, Orders, Window};
use rules::courses::ClassState;
use rules::courses::class::Times;

use super::super::catalogue::{CatalogueQuery, ClassCard};

/// A card without its phase, which depends on the moment of looking.
pub(in crate::courses) struct StoredCard {
    card: ClassCard,
    state: ClassState,
}

impl StoredCard {
    pub(in crate::courses) fn at(self, now: Time) -> ClassCard {
        let phase = self.state.phase(&self.card.times, now);
        ClassCard { phase, ..self.card }
    }
}

const ORDERS: Orders = Orders {
    columns: &[
        ("starts", "k.starts_at"),
        ("closes", "k.enrol_until"),
        ("newest", "k.published_at"),
    ],
    key: "k.id",
};

const COLUMNS: &str = "k.id, k.number, k.title, k.subject, k.form, k.delivery, k.field, k.district, k.provider_name,
    k.place, k.enrol_from, k.enrol_until, k.starts_at, k.ends_at, k.state, k.state_at, k.published_at, k.state_reason,
    k.declared_hours, k.fee, k.capacity, k.seats_open + k.seats_reserved, k.waiting";

impl FromRow for StoredCard {
    fn from_row(row: &Row) -> Result<Self> {
        let times = Times {
            enrol_from: row.get(10)?,
            enrol_until: row.get(11)?,
            starts_at: row.get(12)?,
            ends_at: row.get(13)?,
        };
        let (state, reason): (String, String) = (row.get(14)?, row.get(17)?);
        let state = ClassState::stored(&state, row.get(15)?, row.get(16)?, &reason)?;
        let phase = rules::courses::Phase::Announced;
        Ok(Self {
            card: ClassCard {
                id: row.get(0)?,
                number: row.get(1)?,
                title: row.get(2)?,
                subject: row.code(3)?,
                form: row.code(4)?,
                delivery: row.code(5)?,
                field: row.get(6)?,
                district: row.get(7)?,
                provider_name: row.get(8)?,
                place: row.get(9)?,
                times,
                phase,
                hours: row.get(18)?,
                fee: row.get(19)?,
                capacity: row.get(20)?,
                free: row.get(21)?,
                waiting: row.get(22)?,
            },
            state,
        })
    }
}

pub(in crate::courses) async fn search(
    tx: &mut Tx,
    scope: &Scope,
    asked: &CatalogueQuery,
    (window, now): (&Window, Time),
) -> Result<Listed<StoredCard>> {
    let select = format!("select {COLUMNS}{} from classes k where 1 = 1", window.tail(&ORDERS));
    let mut query = Query::new(&select).scope(scope, "k");
    query = match asked.year {
        None => query.and_plain("k.state = 'published'").and("k.ends_at > {}", now),
        Some(year) => query
            .and_plain("coalesce(k.state, '') in ('published', 'completed')")
            .and("k.year = {}", year),
    };
    if asked.open_only {
        query = query.and("k.enrol_from <= {} and k.enrol_until + 0 > {}", now);
    }
    let query = query
        .and_opt("k.subject = {}", asked.subject.map(code))
        .and_opt("k.delivery = {}", asked.delivery.map(code))
        .and_opt("k.field = {}", asked.field.as_deref().map(Value::from))
        .and_opt("k.district = {}", asked.district.as_deref().map(Value::from))
        .and_opt("k.key_area = {}", asked.key_area.as_deref().map(Value::from))
        .and_matches("classes", "k", asked.words.as_deref().unwrap_or_default());
    window.fetch(tx, query, &ORDERS).await
}
