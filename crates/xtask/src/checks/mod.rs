//! The house rules that a machine can check, each in its own file.

pub mod dependencies;
pub mod headers;
pub mod language;
pub mod layers;
pub mod length;
pub mod names;
pub mod papers;
pub mod ranks;
pub mod scopes;
pub mod tables;
pub mod trail;
pub mod words;

use crate::{Finding, Tree};

/// A check: from the tree to what breaks its rule.
pub type Check = fn(&Tree) -> Vec<Finding>;

/// Every check with its name, in the order in which they are printed.
pub const ALL: [(&str, Check); 18] = [
    ("every source begins with a header", headers::check),
    ("no file is longer than 800 lines", length::check),
    ("no name says nothing", names::check),
    ("crates stand in their layers", layers::check),
    ("modules stand in their ranks", ranks::check),
    ("a table has one writer", tables::check),
    ("listings take a scope", scopes::check),
    ("the trail has words for every deed", trail::check),
    ("nothing points outside, nothing is left over", words::check),
    ("the lowest crates say nothing of the domain", language::check),
    ("every dependency says what it is for", dependencies::comments),
    ("front-end packages have a lock file", dependencies::lock_files),
    ("the mission is the same in both forms", papers::mission),
    ("reference data is listed with its rows", papers::reference),
    ("the glossary explains the kernel", papers::glossary),
    ("third-party notices are current", crate::notices::check),
    (
        "every rule named in code is registered",
        crate::register::named_are_registered,
    ),
    (
        "every registered rule is in code and in a test",
        crate::register::registered_are_kept,
    ),
];
