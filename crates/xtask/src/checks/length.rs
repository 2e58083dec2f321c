//! A source longer than 400 lines is worth a thought, one longer than 800 is a failure: split by noun, not by layer.

use crate::{Finding, Tree};

const THOUGHT: usize = 400;
const FAILURE: usize = 800;

fn longer_than(tree: &Tree, most: usize) -> Vec<(&str, usize)> {
    tree.files()
        .filter(|(path, _)| path.starts_with("crates/") && path.ends_with(".rs"))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > most)
        .collect()
}

/// Sources that must be split.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let sentence = |lines| format!("has {lines} lines, more than {FAILURE}; split it by noun");
    longer_than(tree, FAILURE)
        .into_iter()
        .map(|(path, lines)| Finding::of(path, sentence(lines)))
        .collect()
}

/// Sources that should be split soon; printed, never a failure.
#[must_use]
pub fn warnings(tree: &Tree) -> Vec<Finding> {
    let sentence = |lines| format!("has {lines} lines; beyond {THOUGHT} it is time to split by noun");
    longer_than(tree, THOUGHT)
        .into_iter()
        .map(|(path, lines)| Finding::of(path, sentence(lines)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lengths_are_told() {
        let (long, longer) = ("//\n".repeat(401), "//\n".repeat(801));
        let tree = Tree::of(&[
            ("crates/a/src/a.rs", "//\n"),
            ("crates/a/src/b.rs", &long),
            ("crates/a/src/c.rs", &longer),
        ]);
        assert_eq!(check(&tree).len(), 1);
        assert_eq!(warnings(&tree).len(), 2);
    }
}
