//! experts: the pool of reviewers, kept by the authorities, each membership accepted by the expert.
//!
//! ```text
//! invite ─► (accept | decline) ─► active ─► suspend / resume ─► end
//! ```
//! An expert is a professional on file: document, title and employers over time come from `people`. Accepting gives the
//! account the role of an expert as that person, ending takes it. `pool` is the authorities' side, `own` the expert's,
//! `lists` shows, `merits` keeps what was done for the programme, `tell` leaves story, task and message.
//! The states stand in [`rules::experts`]. Rules: R-100, R-101; what bars a review R-102 to R-106.
//! Deliberately absent: reviews (`oversight::calls::review`) and a second register of people.

mod lists;
mod merits;
mod own;
mod pool;
mod store;
mod tell;

use kernel::{Date, ExpertId, FieldError, PersonId, Place, Result, Time};
pub use rules::experts::{Availability, Background, MeritKind, Standing, StandingCode, Step, Term, TieKind};
use rules::people::TitleLevel;
use serde_json::{Value as Json, json};

pub use lists::{Available, ExpertFilter, View, available, counts, list, names, reviewers, view};
pub use merits::{Merit, NewMerit, note_merit, record};
pub use own::{NewTie, accept, add_tie, decline, end_tie, find_own, keep, own};
pub use pool::{edit, end, invite, resume, suspend};
pub use store::{ExpertLine, Tie, Told};

use crate::{
    Subject,
    taxonomy::{self, Names, Vocabulary},
};

/// A member of the pool, or somebody invited into it.
#[derive(Debug, Clone)]
pub struct Expert {
    /// The id.
    pub id: ExpertId,
    /// Who.
    pub person: PersonId,
    /// The name; personal.
    pub name: String,
    /// The employer's name when last looked at.
    pub org_name: String,
    /// The level of the title.
    pub title_level: Option<TitleLevel>,
    /// The title as written.
    pub title_name: String,
    /// What is kept of their experience and time.
    pub profile: Profile,
    /// Where the membership stands.
    pub standing: Standing,
    /// Since when.
    pub state_at: Time,
    /// From when to when.
    pub term: Term,
    /// Where the membership stands in the city.
    pub place: Place,
    /// Grows with every change.
    pub version: i64,
}

/// What is kept of an expert's experience and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The group in a mixed panel.
    pub background: Background,
    /// In their own words.
    pub specialty: String,
    /// Codes of focus fields.
    pub fields: Vec<String>,
    /// How much and when.
    pub availability: Availability,
}

/// Most characters of a specialty.
pub const SPECIALTY: usize = 100;
/// Most fields of one expert: whoever knows everything fits nothing.
pub const FIELDS: usize = 5;

impl Profile {
    fn check(&self, names: &Names) -> Result<()> {
        let mut faults = Vec::new();
        if !(1..=FIELDS).contains(&self.fields.len()) {
            faults.push(FieldError::new(
                "fields",
                "expert.fields",
                "请选择 1 到 5 个熟悉的聚焦领域。",
            ));
        }
        for field in &self.fields {
            faults.extend(taxonomy::check(names, Vocabulary::FocusField, "fields", Some(field)).err());
        }
        if self.specialty.chars().count() > SPECIALTY {
            faults.push(FieldError::new("specialty", "expert.specialty", "专长最多 100 个字。"));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(kernel::Error::Wrong(faults))
        }
    }
}

impl Expert {
    fn audited(&self) -> Json {
        json!({
            "state": self.standing.code(), "background": self.profile.background, "fields": self.profile.fields,
            "specialty": self.profile.specialty, "capacity": self.profile.availability.capacity,
            "until": self.term.until.to_string(),
        })
    }

    fn subject(&self) -> Subject {
        Subject::new("expert", self.id.get(), self.place.clone())
    }

    /// Whether reviews may be given today (R-101).
    ///
    /// # Errors
    /// `expert.unavailable` with what stands in the way.
    pub fn admits(&self, day: Date) -> Result<()> {
        self.standing.admits(self.term, &self.profile.availability, day)
    }
}
