//! What holds of the tables, proved by walking through every state and every way.
//!
//! every state that is not over can be left, every state can be reached, and from everywhere there is a way to an end.
//! no deed of deciding is the host's own. R-82: no way to an approval passes the public notice by.

use std::collections::BTreeSet;

use kernel::Code;

use super::{
    CALL, CallDeed, CallState, DECLARATION, DeclarationDeed, DeclarationState, Party, Row, TOPIC, TopicState,
    next_call, next_declaration, next_topic,
};

/// Every state that can be reached from `from` without entering one of `but`.
fn reach<S: Code + Ord, D: Copy>(table: &[Row<S, D>], from: S, but: &[S]) -> BTreeSet<S> {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(state) = open.pop() {
        for row in table.iter().filter(|row| row.from == state && !but.contains(&row.to)) {
            if seen.insert(row.to) {
                open.push(row.to);
            }
        }
    }
    seen
}

fn sound<S: Code + Ord + std::fmt::Debug, D: Code + PartialEq + std::fmt::Debug>(
    table: &[Row<S, D>],
    first: S,
    over: fn(S) -> bool,
    next: fn(S, D) -> Option<S>,
) {
    let reached = reach(table, first, &[]);
    for state in S::ALL {
        assert!(reached.contains(state), "{state:?} can never be reached");
        let exits = table.iter().filter(|row| row.from == *state).count();
        assert_eq!(exits == 0, over(*state), "{state:?} has {exits} ways out");
        assert!(
            reach(table, *state, &[]).into_iter().any(over),
            "{state:?} never comes to an end"
        );
        for deed in D::ALL {
            let rows: Vec<_> = table
                .iter()
                .filter(|row| row.from == *state && row.deed == *deed)
                .collect();
            assert!(rows.len() <= 1, "{state:?} {deed:?} is not decided");
            assert_eq!(
                next(*state, *deed),
                rows.first().map(|row| row.to),
                "the match and the list differ"
            );
        }
    }
    for deed in D::ALL {
        assert!(table.iter().any(|row| row.deed == *deed), "{deed:?} is never possible");
    }
}

#[test]
fn r80_every_state_is_reached_and_can_be_left_until_it_is_over() {
    sound(CALL, CallState::Draft, CallState::is_over, next_call);
    sound(
        DECLARATION,
        DeclarationState::Draft,
        DeclarationState::is_over,
        next_declaration,
    );
    sound(TOPIC, TopicState::Proposed, TopicState::is_over, next_topic);
}

#[test]
fn r81_the_host_never_decides_on_its_own_declaration() {
    use DeclarationDeed as Deed;
    let of_the_host = [Deed::Submit, Deed::SubmitDirectly, Deed::Withdraw];
    for row in DECLARATION {
        assert_eq!(row.by == Party::Host, of_the_host.contains(&row.deed), "{row:?}");
    }
    // And without anybody else, a declaration never comes further than to the first who reads it.
    let alone: Vec<_> = DECLARATION
        .iter()
        .filter(|row| row.by == Party::Host)
        .copied()
        .collect();
    let reached = reach(&alone, DeclarationState::Draft, &[]);
    assert!(!reached.iter().any(|state| state.is_planned()), "{reached:?}");
}

#[test]
fn r82_no_way_to_an_approval_passes_the_public_notice_by() {
    let without = reach(DECLARATION, DeclarationState::Draft, &[DeclarationState::Noticed]);
    assert!(!without.contains(&DeclarationState::Approved) && !without.contains(&DeclarationState::Approving));
    let without = reach(CALL, CallState::Draft, &[CallState::Noticed]);
    assert!(!without.contains(&CallState::Published) && !without.contains(&CallState::Approving));
    // The notice is ended by the clock alone, never by a hand.
    for row in DECLARATION.iter().filter(|row| row.deed == DeclarationDeed::EndNotice) {
        assert_eq!(row.by, Party::Platform);
    }
    for row in CALL.iter().filter(|row| row.deed == CallDeed::EndNotice) {
        assert_eq!(row.by, Party::Platform);
    }
}

#[test]
fn nobody_is_left_without_being_told_of_an_end_that_others_made() {
    for row in DECLARATION
        .iter()
        .filter(|row| row.to.is_over() && row.by != Party::Host)
    {
        assert!(row.tells.contains(&Party::Host), "{row:?}");
    }
}

proptest::proptest! {
    /// Whatever is tried in whatever order, an approval comes after a notice.
    #[test]
    fn r82_any_sequence_of_deeds_keeps_the_notice_before_the_approval(
        deeds in proptest::collection::vec(0..DeclarationDeed::ALL.len(), 0..60)
    ) {
        let mut state = DeclarationState::Draft;
        let mut noticed = false;
        for number in deeds {
            if let Some(next) = next_declaration(state, DeclarationDeed::ALL[number]) {
                noticed |= next == DeclarationState::Noticed;
                proptest::prop_assert!(!next.is_planned() || noticed);
                state = next;
            }
        }
    }
}
