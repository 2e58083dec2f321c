//! Every source of a crate begins with a `//!` header: what it is, its states and rules, what is absent.

use crate::{Finding, Tree};

/// Sources without a header, or with one of fewer than three words.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.files()
        .filter(|(path, _)| path.starts_with("crates/") && path.contains("/src/") && path.ends_with(".rs"))
        .filter_map(|(path, text)| {
            let Some(header) = text.lines().next().and_then(|line| line.strip_prefix("//!")) else {
                return Some(Finding::at(
                    path,
                    1,
                    "begins without a `//!` header; say in one sentence what this is",
                ));
            };
            let says_nothing = header.split_whitespace().count() < 2 && header.chars().count() < 6;
            says_nothing.then(|| Finding::at(path, 1, "has a header that says nothing"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_demanded() {
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", "//! What it is for.\n"),
            ("crates/a/src/b.rs", "use x;\n"),
            ("crates/a/src/c.rs", "//! c\n"),
            ("crates/a/build.rs", "fn main() {}\n"),
        ]);
        let paths: Vec<String> = check(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(paths, ["crates/a/src/b.rs", "crates/a/src/c.rs"]);
    }
}
