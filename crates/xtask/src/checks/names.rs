//! No file, folder or module is named for saying nothing about what is in it.

use crate::{Finding, Tree, source};

const EMPTY: [&str; 10] = [
    "util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services", "misc",
];

fn says_nothing(name: &str) -> bool {
    EMPTY.contains(&name)
}

/// Files, folders and modules with such a name.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        let ours = ["crates/", "scripts/", "web/src/", "tests/"]
            .iter()
            .any(|root| path.starts_with(root));
        if !ours {
            continue;
        }
        let empty = path
            .split('/')
            .map(|part| part.split('.').next().unwrap_or(part))
            .find(|name| says_nothing(name));
        if let Some(name) = empty {
            findings.push(Finding::of(
                path,
                format!("`{name}` says nothing; name it for the noun it holds"),
            ));
        }
        if path.ends_with(".rs") {
            findings.extend(source::lines(path, text).filter_map(|line| {
                let name = line.text.split("mod ").nth(1).filter(|_| !line.is_comment())?;
                let name = name.trim_end_matches([' ', '{', ';']);
                says_nothing(name)
                    .then(|| Finding::at(path, line.number, format!("a module named `{name}` says nothing")))
            }));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_names_are_found_in_paths_and_modules() {
        let tree = Tree::of(&[
            ("crates/a/src/utils.rs", ""),
            ("crates/a/src/common/x.rs", ""),
            ("crates/a/src/lib.rs", "pub mod helpers {"),
            ("crates/a/src/people.rs", "// a mod utils; in prose"),
            ("docs/common.md", ""),
        ]);
        assert_eq!(check(&tree).len(), 3);
    }
}
