//! What the public finds: published classes by words and filters, in a stable order, page by page.
//!
//! Written for 20,000 classes: one index holds every filter, the words have an index of their own, and only the
//! classes of one page are read whole. Without a year only classes that are not over are shown.
//! Deliberately absent: ranking by relevance, personal recommendations, counts per filter.

use kernel::{Date, Hours, Money, Result, Time, id::ClassId};
use registry::{Ctx, Listed, Window};
use rules::courses::class::Times;
use rules::courses::{Delivery, Phase};
use rules::credits::{ActivityForm, Subject};
use rules::permits::Act;

use super::counts::Asked;
use super::store::catalogue as store;

kernel::codes! {
    /// 排序.
    pub enum Order {
        /// Begins soonest.
        Starts = "starts" "开班时间",
        /// Enrolment closes soonest.
        Closes = "closes" "报名截止",
        /// Newest first.
        Newest = "newest" "最新发布",
    }
}

/// What somebody looks for. Empty parts do not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CatalogueQuery {
    /// Words, found in titles, fields, providers, teachers, places.
    pub words: Option<String>,
    /// 公需 or 专业.
    pub subject: Option<Subject>,
    /// How it is taught.
    pub delivery: Option<Delivery>,
    /// Code of a focus field.
    pub field: Option<String>,
    /// Code of a district.
    pub district: Option<String>,
    /// Code of a key area.
    pub key_area: Option<String>,
    /// Only where one can enrol now.
    pub open_only: bool,
    /// A year of hours, classes that are over included; without it, classes to come or under way.
    pub year: Option<i32>,
}

/// One class in the catalogue.
#[derive(Debug, Clone)]
pub struct ClassCard {
    /// Its id: `/classes/{id}`.
    pub id: ClassId,
    /// Its number.
    pub number: String,
    /// Title.
    pub title: String,
    /// 公需 or 专业.
    pub subject: Subject,
    /// One of the five forms.
    pub form: ActivityForm,
    /// How it is taught.
    pub delivery: Delivery,
    /// Code of the focus field.
    pub field: Option<String>,
    /// Code of the district.
    pub district: Option<String>,
    /// Who runs it.
    pub provider_name: String,
    /// Where.
    pub place: String,
    /// The times that move it on.
    pub times: Times,
    /// Where it stands now.
    pub phase: Phase,
    /// Hours declared.
    pub hours: Hours,
    /// What a person pays.
    pub fee: Money,
    /// Seats.
    pub capacity: i64,
    /// Free seats, reserved ones included.
    pub free: i64,
    /// People waiting.
    pub waiting: i64,
}

impl ClassCard {
    /// First and last day.
    #[must_use]
    pub fn days(&self) -> (Date, Date) {
        (self.times.starts_at.date(), self.times.ends_at.plus_seconds(-1).date())
    }
}

/// A page of the catalogue.
pub type CataloguePage = Listed<ClassCard>;

/// Looks into the catalogue. `window.sort` is a code of [`Order`].
///
/// # Errors
/// Storage failures.
pub async fn search(ctx: &Ctx, query: &CatalogueQuery, window: &Window) -> Result<CataloguePage> {
    // Everybody may see what is published; the table is asked all the same, so that it alone decides.
    let scope = ctx.scope(Act::ViewClass);
    let mut tx = ctx.db.read().await?;
    let now: Time = ctx.now();
    let asked = Asked::now(ctx, query);
    let known = asked.known().filter(|_| window.counted);
    let shown = Window {
        counted: window.counted && known.is_none(),
        ..window.clone()
    };
    let mut found = store::search(&mut tx, &scope, query, (&shown, now)).await?;
    match found.total {
        Some(count) => asked.remember(count),
        None => found.total = known,
    }
    Ok(found.map(|card| card.at(now)))
}
