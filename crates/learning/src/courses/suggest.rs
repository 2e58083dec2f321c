//! What a person can do about a gap in its year: open classes that fit it, as few as close the gap.
//!
//! Fits means: open for enrolment now with a free seat, of the year and over before the year is, the person meets the
//! conditions, is not enrolled already, and no session meets another on its timeline. Classes it is enrolled in and
//! has not finished are counted first: what they will give is not missing any more. Which of the fitting classes are
//! advised is the rule's ([`rules::courses::suggestion`]); at most a few dozen are looked at, those with most hours.
//! Deliberately absent: enrolling; what is advised may be full a minute later.

use std::collections::HashSet;

use chrono::Datelike;
use db::Tx;
use kernel::{Hours, PersonId, Result, Time, date, id::ClassId};
use registry::Ctx;
use registry::people::{self, Person};
use rules::courses::Delivery;
use rules::courses::eligibility::Candidate;
use rules::courses::suggestion::{Gap, Offer, suggest as choose};
use rules::credits::{Standing, Statement, Subject};
use rules::permits::Act;

use super::store::suggestion as store;
use crate::attendance;
use crate::credits::editions;

/// A class that is advised.
#[derive(Debug, Clone)]
pub struct Advised {
    /// Which.
    pub class: ClassId,
    /// Its title.
    pub title: String,
    /// Who runs it.
    pub provider_name: String,
    /// What it fills.
    pub subject: Subject,
    /// What it gives when it is completed.
    pub hours: Hours,
    /// How it is taught.
    pub delivery: Delivery,
    /// Code of the district.
    pub district: Option<String>,
    /// First session.
    pub starts_at: Time,
    /// End of the last session.
    pub ends_at: Time,
    /// Until when one can enrol.
    pub enrol_until: Time,
    /// Free seats.
    pub free: i64,
}

/// The shortest list of things to do.
#[derive(Debug, Clone)]
pub struct ToDo {
    /// Hours that classes under way will give.
    pub under_way: Hours,
    /// How many those are.
    pub classes_under_way: usize,
    /// What is missing when they are completed.
    pub gap: Gap,
    /// Classes to take, the first to be over first.
    pub classes: Vec<Advised>,
    /// What would still be missing.
    pub left: Gap,
}

/// What closes the gap of a person's year. None when nothing is missing, or when the year is not the running one.
///
/// # Errors
/// Storage failures.
pub async fn suggest(ctx: &Ctx, tx: &mut Tx, person: PersonId, statement: &Statement) -> Result<Option<ToDo>> {
    let Standing::Missing { total, professional } = statement.standing() else {
        return Ok(None);
    };
    if statement.year != ctx.today().year() {
        return Ok(None);
    }
    let person = people::load(tx, person).await?;
    let ids = people::all_ids(tx, person.id).await?;
    let rule = editions::recognition(tx, ctx.today()).await?.class.clone();
    let under_way = store::under_way(tx, &ids, statement.year, &rule).await?;
    let gap = under_way
        .iter()
        .fold(Gap { total, professional }, |gap, (_, subject, hours)| {
            gap.after(*subject, *hours)
        });
    let mut found = ToDo {
        under_way: under_way.iter().map(|(_, _, hours)| *hours).sum(),
        classes_under_way: under_way.len(),
        gap,
        classes: Vec::new(),
        left: gap,
    };
    if gap.is_closed() {
        return Ok(Some(found));
    }
    let taken: HashSet<ClassId> = store::enrolled(tx, &ids, statement.year).await?;
    let fitting = fitting(ctx, tx, (&person, &ids), (statement.year, gap, &taken)).await?;
    let offers: Vec<Offer> = fitting.iter().map(|(offer, _)| offer.clone()).collect();
    let advice = choose(gap, &offers);
    found.left = advice.left;
    for id in advice.classes {
        found.classes.extend(
            fitting
                .iter()
                .find(|(offer, _)| offer.class == id)
                .map(|(_, advised)| advised.clone()),
        );
    }
    Ok(Some(found))
}

async fn fitting(
    ctx: &Ctx,
    tx: &mut Tx,
    (person, ids): (&Person, &[PersonId]),
    (year, gap, taken): (i32, Gap, &HashSet<ClassId>),
) -> Result<Vec<(Offer, Advised)>> {
    let now = ctx.now();
    let end = Time::start_of(date(year + 1, 1, 1));
    let scope = ctx.scope(Act::ViewClass);
    // Only professional hours close a gap that is professional all through.
    let subject = (gap.professional >= gap.total).then_some(Subject::Professional);
    let rule = editions::recognition(tx, ctx.today()).await?.class.clone();
    let open = store::list_open(&scope, tx, (now, end), (subject, &rule)).await?;
    let candidate = Candidate {
        title_level: person.title_level.map(|level| kernel::Code::code(level).to_owned()),
        field: person.field.clone(),
        district: person.district.clone(),
        department: person.department.clone(),
        front_line: person.front_line,
    };
    let fits = |class: &store::Open| {
        !taken.contains(&class.advised.class)
            && class.eligibility.reasons(&candidate).is_empty()
            && (class.seats_open > 0 || (person.front_line && class.advised.free > 0))
    };
    let open: Vec<store::Open> = open.into_iter().filter(fits).take(store::LOOKED_AT).collect();
    let mut sessions = store::sessions(tx, open.iter().map(|class| class.advised.class)).await?;
    let busy = attendance::taken(tx, ids, (now, end)).await?;
    let mut fitting = Vec::new();
    for class in open {
        let times = sessions.remove(&class.advised.class).unwrap_or_default();
        let clash = times
            .iter()
            .any(|(from, until)| busy.iter().any(|(start, end)| from < end && start < until));
        if clash || times.is_empty() {
            continue;
        }
        let away = class.advised.delivery != Delivery::Online && class.advised.district != person.district;
        let offer = Offer {
            class: class.advised.class,
            subject: class.advised.subject,
            hours: class.advised.hours,
            far: away,
            ends_at: class.advised.ends_at,
            sessions: times,
        };
        fitting.push((offer, class.advised));
    }
    Ok(fitting)
}
