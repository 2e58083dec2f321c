//! A table is written by exactly one folder. The tables are those of the migrations; a writing statement is found by
//! its words (`insert into`, `update`, `delete from`) in the sources outside of tests.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Finding, Tree, source};

/// Folders that may write what others own, each with its reason.
const SANCTIONED: [(&str, &str, &str); 2] = [
    (
        "server",
        "demo",
        "loads a whole made-up city in order, at the speed of the disk",
    ),
    ("bench", "*", "measures against tables filled in bulk"),
];

/// Crate and module folder.
type Folder<'a> = (&'a str, &'a str);
/// File and line of the first writing statement.
type Place<'a> = (&'a str, usize);

/// Tables written from two folders.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let tables = tables(tree);
    let mut writers: BTreeMap<&str, BTreeMap<Folder<'_>, Place<'_>>> = BTreeMap::new();
    let outside = |(name, module): (&str, &str)| {
        !SANCTIONED
            .iter()
            .any(|(c, m, _)| *c == name && (*m == module || *m == "*"))
            && name != "testkit"
    };
    for (path, text) in tree.sources() {
        // In `db` every file serves the whole seam, so the crate counts as one folder.
        let Some(folder) = source::address(path).map(|(c, m)| if c == "db" { (c, "") } else { (c, m) }) else {
            continue;
        };
        if !outside(folder) {
            continue;
        }
        for line in source::lines(path, text).filter(|line| !line.is_comment() && !line.in_test) {
            for table in written(line.text) {
                if let Some(table) = tables.get(table) {
                    writers
                        .entry(table)
                        .or_default()
                        .entry(folder)
                        .or_insert((path, line.number));
                }
            }
        }
    }
    writers
        .into_iter()
        .filter(|(_, folders)| folders.len() > 1)
        .flat_map(|(table, folders)| {
            let names: Vec<String> = folders.keys().map(|(c, m)| format!("{c}/{m}")).collect();
            let sentence = format!(
                "writes `{table}`, which {} write; a table has one writer",
                names.join(" and ")
            );
            folders
                .into_values()
                .map(move |(path, line)| Finding::at(path, line, sentence.clone()))
        })
        .collect()
}

/// The names of all tables in the migrations.
fn tables(tree: &Tree) -> BTreeSet<String> {
    tree.files()
        .filter(|(path, _)| path.contains("/migrations/") && path.ends_with(".sql"))
        .flat_map(|(_, text)| text.lines())
        .filter_map(|line| {
            let line = line.trim_start().to_ascii_lowercase();
            let rest = line.strip_prefix("create table ")?;
            Some(word(rest.strip_prefix("if not exists ").unwrap_or(rest)).to_owned())
        })
        .collect()
}

fn word(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(text.len())]
}

/// The names that follow the words of a writing statement.
fn written(line: &str) -> Vec<&str> {
    let lower = line.to_ascii_lowercase();
    ["insert into ", "delete from ", "update "]
        .iter()
        .flat_map(|verb| {
            lower
                .match_indices(verb)
                .map(|(at, verb)| at + verb.len())
                .collect::<Vec<_>>()
        })
        .map(|at| word(&line[at..]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIGRATION: (&str, &str) = (
        "crates/db/migrations/sqlite/0001_a.sql",
        "create table people (\ncreate table if not exists orgs (",
    );

    #[test]
    fn a_second_writer_is_found() {
        let tree = Tree::of(&[
            MIGRATION,
            (
                "crates/registry/src/people/store.rs",
                "\"insert into people (id) values {}\"",
            ),
            ("crates/registry/src/people/merge.rs", "\"update people set x = 1\""),
            (
                "crates/registry/src/orgs/store.rs",
                "\"INSERT INTO orgs\"\n\"delete from people where\"",
            ),
            ("crates/server/src/demo/load.rs", "\"insert into orgs\""),
            (
                "crates/desk/src/a.rs",
                "// update orgs\n\"for update of\"\n#[cfg(test)]\n\"update orgs\"",
            ),
        ]);
        let said: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(
            said.iter()
                .all(|s| s.contains("registry/orgs and registry/people write"))
        );
    }
}
