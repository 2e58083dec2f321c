//! Optimal, provable assignment of reviewers: which experts read which declarations, exactly, in integers, with a proof.
//!
//! Recipe:
//! ```
//! # fn main() -> Result<(), assign::Flaw> {
//! use assign::{Load, Mix, Outcome, Problem};
//! let mut call = Problem::new(2026); // the published seed: it breaks ties, and nothing else is random
//! let practice = call.group();
//! let scholar = call.expert(Load::up_to(4), None)?;
//! let engineer = call.expert(Load { min: 1, max: 2 }, Some(practice))?;
//! let declaration = call.declaration(2, &[Mix { group: practice, min: 1, max: 1 }])?;
//! call.fit(declaration, scholar, 870)?;
//! call.fit(declaration, engineer, 640)?;
//! match assign::solve(&call)? {
//!     Outcome::Assigned(answer) => {
//!         assert_eq!((answer.worst, answer.total), (Some(640), 1510));
//!         assert_eq!(assign::verify(&call, &answer), Ok(())); // nothing of the solver is used for this
//!     }
//!     Outcome::Short(shortage) => println!("{:?} would help", shortage.reliefs),
//!     Outcome::Contradicted(violations) => println!("the fixed pairs break {violations:?}"),
//! }
//! # Ok(()) }
//! ```
//! Changes by hand: [`Problem::fix`], [`Problem::veto`] and solve again, or [`check`] what somebody drew up.
//!
//! ```text
//! problem ─► free (without fixed pairs) ─► network ─► feasible: the highest worst fit ─► simplex: the best total ─► answer
//!    └────────────────────────► check ◄── proof::verify ◄──────────────────────────────────────────────────────────┘
//! ```
//! The objective: first the worst fit of a freely chosen pair as high as a full assignment allows, then the total fit, then
//! the draws of the seed ([`value`]). The proof of both is one sum over prices ([`proof`]). Where there is no assignment, a
//! smallest cut says why and a cheapest flow over possible changes says what would help ([`explain`]).
//!
//! Tried and measured before it was written (docs/adr/0010): `pathfinding` and `lapjv` know only one-to-one assignments,
//! `rs-graph` is under the GPL, `mcmf` returns no prices and took 9.6 s of processor time where this takes 1.6, HiGHS is
//! floating point and did not finish the dense call. OR-tools agrees with every optimum in `make bench`.
//!
//! Deliberately absent: how fits and conflicts come about, sentences, files, threads, floating point numbers, chance and time.
//! This crate knows nothing of the house around it.

mod answer;
mod check;
mod explain;
mod feasible;
mod free;
mod network;
mod problem;
mod proof;
mod relieved;
mod scaling;
mod sifting;
mod simplex;
mod solve;
mod tree;
mod value;

pub use answer::{Answer, Binding, Outcome, Relief, Shortage};
pub use check::{Violation, check};
pub use problem::{Declaration, Expert, Flaw, Group, Load, Mix, Pair, Problem};
pub use proof::{Doubt, Prices, verify, verify_impossible};
pub use solve::solve;
