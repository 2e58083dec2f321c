//! Hours that people claim: converted activities and hours attested elsewhere, from the draft to the entry.
//!
//! ```text
//! begin ──► save ──► submit ──► confirm ──► recognise ──► void
//! ```
//! `draft` is the person's side, `decide` the employer's and the bodies', `worth` counts, `lists` shows, `sampling` draws
//! and checks, `jobs` passes on what an employer left lying, `parameters` holds the figures of the procedure.
//! The states stand in [`rules::credits::claims`]. Rules: R-40 to R-47.
//! Deliberately absent: contesting a decision; a dispute does that.

mod decide;
mod draft;
mod jobs;
mod lists;
mod parameters;
mod sampling;
mod store;
mod tell;
mod worth;

use db::Event;
use kernel::{Hours, PersonId, id::ClaimId};
use serde::{Deserialize, Serialize};

pub use decide::{Done, confirm, confirm_many, give_back, recognise, recognise_many, refuse};
pub use draft::{Beginning, attach, begin, detach, open_evidence, save, submit, withdraw};
pub use jobs::handlers;
pub use lists::{ClaimFilter, Twin, View, counts, entries, list, view};
pub use parameters::{parameters, set_parameters};
pub use sampling::{
    Check, Draw, DrawFilter, DrawView, NewDraw, announce, choose, draws, find, public_draw, public_draws, view_draw,
};
pub use store::{
    claim::{Claim, ClaimLine},
    evidence::Evidence,
    step::Told,
};
pub use worth::{Kind, asks, estimate, kinds};

/// Told when hours of a claim were posted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClaimRecognised {
    /// The claim.
    pub claim: ClaimId,
    /// Whose.
    pub person: PersonId,
    /// How many hours.
    pub hours: Hours,
}

impl Event for ClaimRecognised {
    const KIND: &'static str = "claim_recognised";
}
