//! Reviewing declarations: a round per call, experts assigned to what they may review, their reviews, the panel, the ranking.
//!
//! ```text
//! open ─► order_assignment ─job─► (change by hand) ─► send ─► accept / recuse, write, sign ─► minutes ─► close ─► ranking
//! ```
//! `round` opens, sends and closes; `assigning` is the job, `problem` what it gives to the solver, `told` the sentences about
//! what the solver says, `by_hand` changes checked against the same constraints; `calling` leads from a call to its round and
//! back; `giving` is the expert's side, `panel` what
//! reviews come to and the minutes; `lists` shows. The states stand in [`rules::calls::review`]. Rules: R-102 to R-116.
//! A call hands in its declarations with [`open`] and takes [`ranking`]; it is told [`RoundClosed`].
//! Deliberately absent: what a declaration is, and what follows from its place.

mod assigning;
mod by_hand;
mod calling;
mod giving;
mod lists;
mod panel;
mod problem;
mod round;
mod store;
mod told;

use db::Event;
use kernel::id::{CallId, DeclarationId};
use kernel::{ExpertId, Id, JobId, OrgId, PersonId, Place, Time};
use rules::calls::review::{Review, RoundCode, Settings};
use rules::experts::Background;
use rules::experts::conflict::{Ground, Named, Party};
use rules::people::TitleLevel;
use rules::scorecards::{Marks, Points};
use serde::{Deserialize, Serialize};

pub use assigning::{assign_at_once, handlers, order_assignment};
pub use by_hand::{exchange, take_back};
pub use calling::{Choice, find_of_call, open_of_call};
pub use giving::{Assignment, accept, missing, own, own_list, recuse, save, sign};
pub use lists::{RoundFilter, View, Whole, list, round_of, view};
pub use panel::{Minutes, Standing, add_minutes, standings};
pub use round::{NewItem, NewRound, close, lift, open, ranking, send};
pub use store::place::Ranked;
pub use store::review::OwnLine;
pub use store::round::RoundLine;

/// Marker of rounds.
#[derive(Debug, Clone, Copy)]
pub enum RoundRow {}
/// The id of a round.
pub type RoundId = Id<RoundRow>;

/// Marker of things reviewed.
#[derive(Debug, Clone, Copy)]
pub enum ItemRow {}
/// The id of a thing reviewed.
pub type ItemId = Id<ItemRow>;

/// Marker of reviews.
#[derive(Debug, Clone, Copy)]
pub enum ReviewRow {}
/// The id of a review.
pub type ReviewId = Id<ReviewRow>;

/// A round of reviewing.
#[derive(Debug, Clone)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// The call whose round it is.
    pub call: Option<CallId>,
    /// What is reviewed.
    pub title: String,
    /// What the call says of its review.
    pub settings: Settings,
    /// The published seed.
    pub seed: u64,
    /// Where it stands.
    pub state: RoundCode,
    /// Since when.
    pub state_at: Time,
    /// The job that assigns.
    pub job: Option<JobId>,
    /// What the last assignment came to.
    pub outcome: Option<Outcome>,
    /// Whose round it is.
    pub place: Place,
    /// Grows with every change.
    pub version: i64,
}

/// What an assignment came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everybody is assigned, optimally.
    Assigned {
        /// Pairs, those that stood before among them.
        pairs: u64,
        /// The worst fit of a freely chosen pair.
        worst: Option<i64>,
        /// The sum of all fits.
        total: i64,
        /// Whether the proof was checked without the solver.
        proven: bool,
    },
    /// There are not enough reviewers.
    Short {
        /// Reviews that are missing even in the best case.
        missing: u64,
        /// Numbers of the declarations that compete.
        declarations: Vec<String>,
        /// Names of the experts whom they compete for.
        experts: Vec<String>,
        /// What stands in the way, in sentences.
        binding: Vec<String>,
        /// What together would make it possible, in sentences.
        reliefs: Vec<String>,
    },
    /// What stands already breaks what must hold, in sentences.
    Contradicted(Vec<String>),
}

/// A part of a declaration as a reviewer reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// What it is about.
    pub label: String,
    /// What it says.
    pub text: String,
    /// Whether it tells who declares; a blind review leaves it out.
    pub identifying: bool,
}

/// Something that is reviewed.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// The declaration.
    pub declaration: DeclarationId,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Code of its focus field.
    pub field: Option<String>,
    /// The host, where it is registered.
    pub host: Option<OrgId>,
    /// Its name.
    pub host_name: String,
    /// Everybody named in it.
    pub named: Vec<Named>,
    /// What it says.
    pub body: Vec<Section>,
    /// Points of priority.
    pub priority: Points,
    /// For what.
    pub priority_why: String,
}

impl Item {
    fn party(&self) -> Party {
        Party {
            host: self.host,
            host_name: self.host_name.clone(),
            named: self.named.clone(),
        }
    }

    /// The same without anything that tells who declares.
    fn blinded(mut self) -> Self {
        self.host = None;
        self.host_name = String::new();
        self.named = Vec::new();
        self.priority_why = String::new();
        self.body.retain(|section| !section.identifying);
        self
    }
}

/// An expert who takes part in a round, as they were when it was assigned.
#[derive(Debug, Clone)]
pub struct Seat {
    /// Who.
    pub expert: ExpertId,
    /// Which person that is.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The group in a mixed panel.
    pub background: Background,
    /// Codes of focus fields.
    pub fields: Vec<String>,
    /// In their own words.
    pub specialty: String,
    /// The level of the title.
    pub level: Option<TitleLevel>,
    /// Most reviews in the round.
    pub capacity: u32,
}

/// A pair that is not assigned.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Its id.
    pub id: i64,
    /// What.
    pub item: ItemId,
    /// By whom not.
    pub expert: ExpertId,
    /// Why.
    pub ground: Ground,
    /// The sentence that says it.
    pub detail: String,
    /// When, by whom and why it was lifted.
    pub lifted: Option<(Time, String, String)>,
}

/// A review.
#[derive(Debug, Clone)]
pub struct Given {
    /// Its id.
    pub id: ReviewId,
    /// Of which round.
    pub round: RoundId,
    /// Of what.
    pub item: ItemId,
    /// By whom.
    pub expert: ExpertId,
    /// Which person that is.
    pub person: PersonId,
    /// Where it stands.
    pub review: Review,
    /// Since when.
    pub state_at: Time,
    /// Whether somebody chose the pair by hand.
    pub by_hand: bool,
    /// How well they suit.
    pub fit: i64,
    /// Marks by the codes of the scorecard.
    pub marks: Marks,
    /// What the reviewer says.
    pub comment: String,
    /// Grows with every change.
    pub version: i64,
}

/// Told when a round has its ranking.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RoundClosed {
    /// The round.
    pub round: RoundId,
    /// The call whose round it was.
    pub call: Option<CallId>,
}

impl Event for RoundClosed {
    const KIND: &'static str = "review_round_closed";
}
