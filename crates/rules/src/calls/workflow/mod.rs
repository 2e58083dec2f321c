//! The workflow as a table that the compiler reads: states, deeds, who may, within how many working days, who is told.
//!
//! A row is `from + deed => to, by party`. The macro turns the rows into a `match`, so that two rows for one state and one deed
//! do not compile, and into a list from which the state diagrams of `docs/workflows.md` are printed and about which the tests
//! prove that every state can be left and that no way to an approval passes the public notice by.
//! What an applicant sees in a state stands beside the state; a state without its sentence does not compile either.
//! Deliberately absent: who a [`Party`] is in a given call; its template and its level say so.

mod call;
mod declaration;
mod diagram;
#[cfg(test)]
mod tests;
mod topic;

pub use call::{CALL, CallDeed, CallState, next_call};
pub use declaration::{DECLARATION, DeclarationDeed, DeclarationState, next_declaration};
pub use diagram::print;
pub use topic::{TOPIC, TopicDeed, TopicState, next_topic};

use super::Period;

kernel::codes! {
    /// Who acts in a step; the call says which body that is.
    pub enum Party {
        /// The organisation that declares and would host.
        Host = "host" "申报单位",
        /// The department or district that proposes topics and recommends.
        Recommender = "recommender" "推荐单位",
        /// The body whose call it is.
        Authority = "authority" "组织单位",
        /// The bodies that approve, all of them.
        Approver = "approver" "批复单位",
        /// The platform, by the clock.
        Platform = "platform" "平台",
    }
}

/// One row of a workflow.
#[derive(Debug, Clone, Copy)]
pub struct Row<S, D> {
    /// From this state …
    pub from: S,
    /// … by this deed …
    pub deed: D,
    /// … to this one,
    pub to: S,
    /// done by this party.
    pub by: Party,
    /// The period that begins with the new state, if one does.
    pub then: Option<Period>,
    /// Who is told.
    pub tells: &'static [Party],
}

/// Makes the table and its `match` from the rows.
macro_rules! workflow {
    (
        $(#[$doc:meta])* $table:ident, $next:ident, $State:ident, $Deed:ident;
        $( $from:ident + $deed:ident => $to:ident, by $by:ident $(, then $then:ident)? $(, tells $($told:ident)+)? ; )+
    ) => {
        $(#[$doc])*
        pub const $table: &[Row<$State, $Deed>] = &[$(
            Row {
                from: $State::$from,
                deed: $Deed::$deed,
                to: $State::$to,
                by: Party::$by,
                then: workflow!(@period $($then)?),
                tells: &[$($(Party::$told),+)?],
            }
        ),+];

        /// The state after a deed, if the table has that row.
        #[must_use]
        #[deny(unreachable_patterns)]
        pub const fn $next(from: $State, deed: $Deed) -> Option<$State> {
            match (from, deed) {
                $( ($State::$from, $Deed::$deed) => Some($State::$to), )+
                _ => None,
            }
        }
    };
    (@period $period:ident) => { Some(Period::$period) };
    (@period) => { None };
}
pub(crate) use workflow;

/// The row of a state and a deed.
#[must_use]
pub fn row<S: PartialEq + Copy, D: PartialEq + Copy>(table: &[Row<S, D>], from: S, deed: D) -> Option<&Row<S, D>> {
    table.iter().find(|row| row.from == from && row.deed == deed)
}
