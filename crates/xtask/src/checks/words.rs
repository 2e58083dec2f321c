//! Nothing in the repository points outside of it, names a package registry's host or a machine, or is left unfinished.
//!
//! Lock files name the two public registries, because their tools write them so; no other host is theirs to name.

use crate::{Finding, Tree, source};

/// Texts that must not stand in a tracked file, each with what to do. Written in two halves, so that this
/// file does not find itself.
const BANNED: [(&str, &str, &str); 12] = [
    (
        "../sha",
        "red",
        "points outside of the repository; copy what is needed into it",
    ),
    ("/work/", "main", "names a machine's path"),
    ("/work/", "shared", "names a machine's path"),
    ("registry.npm", "js.org", "names a registry; the tool knows its own"),
    ("registry.npm", "mirror.com", "names a registry; the tool knows its own"),
    ("index.crates", ".io", "names a registry; the tool knows its own"),
    ("static.crates", ".io", "names a registry; the tool knows its own"),
    ("rsproxy", ".cn", "names a registry; the tool knows its own"),
    ("files.python", "hosted.org", "names a registry; the tool knows its own"),
    ("deb.deb", "ian.org", "names a registry; apt knows its own"),
    ("unimpl", "emented!(", "is not finished"),
    ("todo", "!(", "is not finished"),
];
/// Marks of unfinished work, found as whole words.
const UNFINISHED: [(&str, &str); 3] = [("TO", "DO"), ("FIX", "ME"), ("HA", "CK")];

/// Hosts that a lock file may name.
const OF_LOCK_FILES: [&str; 2] = ["registry.npm", "index.crates"];

/// Such words in tracked text files.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        let lock = path.ends_with("package-lock.json") || path.ends_with("Cargo.lock");
        // Texts of others, copied as they are.
        if path == "LICENSE" || path.starts_with("THIRD-PARTY") {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            for (head, tail, why) in BANNED {
                let excused = lock && OF_LOCK_FILES.contains(&head) && tail != "mirror.com";
                if !excused && line.contains(&[head, tail].concat()) {
                    findings.push(Finding::at(path, index + 1, format!("`{head}{tail}` {why}")));
                }
            }
            for (head, tail) in UNFINISHED {
                if !lock && source::has_word(line, &[head, tail].concat()) {
                    findings.push(Finding::at(
                        path,
                        index + 1,
                        format!("`{head}{tail}`: finish it or write an issue"),
                    ));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn such_words_are_found_and_lock_files_are_excused() {
        let mark = ["TO", "DO"].concat();
        let host = ["https://registry.npm", "js.org/x"].concat();
        let tree = Tree::of(&[
            ("docs/a.md", &format!("see {}red/x", "../sha")),
            ("crates/a/src/a.rs", &format!("// {mark}: later\nlet {mark}S = 1;")),
            ("web/package-lock.json", &host),
            ("web/.npmrc", &host),
        ]);
        let paths: Vec<String> = check(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(paths, ["crates/a/src/a.rs", "docs/a.md", "web/.npmrc"]);
    }
}
