//! The house in order: every check over the whole checkout, one test each, so that a failure has a name.

use xtask::{Finding, Tree, checks, notices, register};

fn nothing_found(check: checks::Check) {
    let findings = check(&Tree::of_checkout());
    assert!(findings.is_empty(), "\n{}", Finding::list(&findings));
}

macro_rules! tidy {
    ($($name:ident: $check:path),* $(,)?) => {$(
        #[test]
        fn $name() {
            nothing_found($check);
        }
    )*};
}

tidy! {
    every_source_begins_with_a_header: checks::headers::check,
    no_file_is_too_long: checks::length::check,
    no_name_says_nothing: checks::names::check,
    crates_stand_in_their_layers: checks::layers::check,
    modules_stand_in_their_ranks: checks::ranks::check,
    a_table_has_one_writer: checks::tables::check,
    listings_take_a_scope: checks::scopes::check,
    the_trail_has_words_for_every_deed: checks::trail::check,
    nothing_points_outside_and_nothing_is_left_over: checks::words::check,
    the_lowest_crates_say_nothing_of_the_domain: checks::language::check,
    every_dependency_says_what_it_is_for: checks::dependencies::comments,
    front_end_packages_have_a_lock_file: checks::dependencies::lock_files,
    the_mission_is_the_same_in_both_forms: checks::papers::mission,
    reference_data_is_listed_with_its_rows: checks::papers::reference,
    the_glossary_explains_the_kernel: checks::papers::glossary,
    third_party_notices_are_current: notices::check,
    rules_named_in_code_are_registered: register::named_are_registered,
    registered_rules_are_in_code_and_in_a_test: register::registered_are_kept,
}

/// A check over an empty tree would find nothing: make sure that there is something to look at.
#[test]
fn the_tree_is_the_checkout() {
    let tree = Tree::of_checkout();
    assert!(tree.text("Cargo.toml").is_some_and(|text| text.contains("[workspace]")));
    assert!(tree.sources().count() > 20);
    assert_eq!(checks::ALL.len(), 18);
}
