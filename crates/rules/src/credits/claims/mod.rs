//! Hours that a person claims: converted activities (折算申报) and hours attested elsewhere (外省市学时).
//!
//! `state` (who acts when), `facts` (what is said), `achievement` (what makes two claims one), `evidence` (what may be
//! handed in), `posting` (what is posted), `sampling` (the draw among the recognised), `recount` (what a draft of the rules would
//! make of them), `number`, `parameters`.
//! Rules. What an activity is worth stands in the recognition rules' editions; deliberately absent here.

pub mod achievement;
pub mod evidence;
mod facts;
mod number;
mod parameters;
mod posting;
pub mod recount;
pub mod sampling;
mod state;

pub use facts::{Asks, Attested, ClaimKind, Facts, MOST_HOURS, MOST_QUANTITY};
pub use number::number;
pub use parameters::Parameters;
pub use posting::{ClaimFacts, Worth, attested, for_claim};
pub use state::{ClaimCode, ClaimState, Competent, Confirmation, Step, Way, keep_apart};
