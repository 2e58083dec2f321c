//! Papers that say the same thing say it alike: the mission in both of its forms, the list of reference data and its files,
//! the glossary and the identifiers of the kernel.

use std::collections::BTreeSet;

use crate::{Finding, Tree};

const MISSION: &str = "docs/mission.md";
const MISSION_ROWS: &str = "data/reference/mission.csv";
const REFERENCE: &str = "data/reference/README.md";
const GLOSSARY: &str = "docs/glossary.md";

/// Demands that stand in one form of the mission only.
#[must_use]
pub fn mission(tree: &Tree) -> Vec<Finding> {
    let prose: BTreeSet<&str> = rows(tree.text(MISSION))
        .map(|cells| cells[0])
        .filter(|id| is_demand(id))
        .collect();
    let data: BTreeSet<&str> = tree
        .text(MISSION_ROWS)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split(',').next())
        .filter(|id| is_demand(id))
        .collect();
    let mut findings: Vec<Finding> = prose
        .difference(&data)
        .map(|id| Finding::of(MISSION_ROWS, format!("lacks the row {id}")))
        .collect();
    findings.extend(
        data.difference(&prose)
            .map(|id| Finding::of(MISSION, format!("lacks the row {id}"))),
    );
    if data.is_empty() {
        findings.push(Finding::of(MISSION_ROWS, "is missing or empty"));
    }
    findings
}

/// Files of reference data that the list does not name, or names with another number of rows.
#[must_use]
pub fn reference(tree: &Tree) -> Vec<Finding> {
    let listed: Vec<(&str, usize)> = rows(tree.text(REFERENCE))
        .filter_map(|cells| Some((cells[0].trim_matches('`'), cells.get(1)?.parse().ok()?)))
        .collect();
    tree.files()
        .filter_map(|(path, text)| Some((path.strip_prefix("data/reference/")?, text)))
        .filter(|(name, _)| name.ends_with(".csv"))
        .filter_map(|(name, text)| {
            let rows = text.lines().count().saturating_sub(1);
            match listed.iter().find(|(other, _)| *other == name) {
                None => Some(Finding::of(
                    REFERENCE,
                    format!("does not list {name}; say what it is, its source and confidence"),
                )),
                Some((_, said)) if *said != rows => Some(Finding::of(
                    REFERENCE,
                    format!("says that {name} has {said} rows; it has {rows}"),
                )),
                Some(_) => None,
            }
        })
        .collect()
}

/// Ids and roles of the kernel that the glossary does not explain.
#[must_use]
pub fn glossary(tree: &Tree) -> Vec<Finding> {
    let glossary = tree.text(GLOSSARY).unwrap_or_default();
    let ids = tree
        .text("crates/kernel/src/id.rs")
        .unwrap_or_default()
        .lines()
        .filter_map(|line| {
            let (_, alias) = line.trim().strip_suffix(',')?.split_once("Row => ")?;
            Some(alias.to_owned())
        });
    let roles = tree
        .text("crates/kernel/src/actor.rs")
        .unwrap_or_default()
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.trim().split_once(" = \"")?;
            (rest.matches('"').count() == 3).then(|| format!("Role::{name}"))
        });
    ids.chain(roles)
        .filter(|identifier| !glossary.contains(&format!("`{identifier}`")))
        .map(|identifier| {
            Finding::of(
                GLOSSARY,
                format!("has no row for `{identifier}`; give its 中文 and its English"),
            )
        })
        .collect()
}

fn is_demand(id: &str) -> bool {
    id.len() == 2 && id.starts_with(|c: char| c.is_ascii_uppercase()) && id.ends_with(|c: char| c.is_ascii_digit())
}

/// The cells of the rows of a table in Markdown.
fn rows(text: Option<&str>) -> impl Iterator<Item = Vec<&str>> {
    text.unwrap_or_default()
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .map(|line| line.trim_end_matches('|').split('|').map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_mission_are_compared() {
        let tree = Tree::of(&[
            (MISSION, "| G1 | a | b |\n| G2 | a | b |\n"),
            (MISSION_ROWS, "id,group\nG1,x\nR9,x\n"),
        ]);
        assert_eq!(mission(&tree).len(), 2);
        assert_eq!(mission(&Tree::default()).len(), 1);
    }

    #[test]
    fn reference_files_are_listed_with_their_rows() {
        let tree = Tree::of(&[
            (REFERENCE, "| `a.csv` | 2 | x |\n| `b.csv` | 1 | x |\n"),
            ("data/reference/a.csv", "h\n1\n2\n"),
            ("data/reference/b.csv", "h\n1\n2\n"),
            ("data/reference/c.csv", "h\n"),
        ]);
        let said: Vec<String> = reference(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:#?}");
    }

    #[test]
    fn the_kernel_is_explained() {
        let tree = Tree::of(&[
            (GLOSSARY, "| 机构 | organisation | `OrgId` |\n"),
            (
                "crates/kernel/src/id.rs",
                "    OrgRow => OrgId,\n    FileRow => FileId,\n",
            ),
            (
                "crates/kernel/src/actor.rs",
                "        Lead = \"lead\" \"市级牵头部门\",\n",
            ),
        ]);
        let said: Vec<String> = glossary(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(said[0].contains("`FileId`") && said[1].contains("`Role::Lead`"));
    }
}
