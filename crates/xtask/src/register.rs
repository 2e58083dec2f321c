//! The register of rules, `docs/rules.md`: one row per rule of a regulation, tied to the code that decides it and to a
//! test that holds it.
//!
//! A row is kept when some code outside of tests names it in a documentation comment and some test names it (in the
//! name, `r12_…`, or in a comment or text, `R-12`). The columns code and test are written by machine (`make register`);
//! the sentence, the article and the confidence are written by people and never touched here.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Finding, Tree, source, tree};

const REGISTER: &str = "docs/rules.md";
const PENDING: &str = "pending";
/// Columns of a row: id, rule, document and article, in force since, confidence, code, test.
const COLUMNS: usize = 7;

/// Where a decision is looked for first when several files name a rule.
const ORDER: [&str; 14] = [
    "rules",
    "kernel",
    "registry",
    "learning",
    "oversight",
    "seal",
    "sheet",
    "db",
    "web",
    "portal",
    "desk",
    "api",
    "server",
    "ui",
];

/// What the sources say about one rule.
#[derive(Debug, Default)]
struct Kept {
    /// Files that name it in a documentation comment outside of tests.
    code: BTreeSet<String>,
    /// Tests that name it: file and function.
    tests: BTreeSet<(String, String)>,
    /// One place that names it, whatever the manner.
    place: Option<(String, usize)>,
}

/// Rules named in code without a row in the register.
#[must_use]
pub fn named_are_registered(tree: &Tree) -> Vec<Finding> {
    let rows: BTreeSet<u32> = rows(tree).into_iter().map(|row| row.id).collect();
    let named = named(tree).into_iter().filter(|(id, _)| !rows.contains(id));
    named
        .filter_map(|(id, kept)| {
            let (path, line) = kept.place?;
            Some(Finding::at(
                &path,
                line,
                format!("R-{id} is not in {REGISTER}; add its row with document and article"),
            ))
        })
        .collect()
}

/// Rows without code or test, rows twice, and columns that are out of date.
#[must_use]
pub fn registered_are_kept(tree: &Tree) -> Vec<Finding> {
    let rows = rows(tree);
    if rows.is_empty() {
        return vec![Finding::of(REGISTER, "is missing or has no row")];
    }
    let named = named(tree);
    let nothing = Kept::default();
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for row in &rows {
        let kept = named.get(&row.id).unwrap_or(&nothing);
        let mut no =
            |sentence: String| findings.push(Finding::at(REGISTER, row.line, format!("R-{} {sentence}", row.id)));
        if !seen.insert(row.id) {
            no("has two rows".into());
        }
        if row.cells.len() != COLUMNS || row.cells[1..5].iter().any(String::is_empty) {
            no(format!("must have {COLUMNS} filled columns"));
            continue;
        }
        if kept.code.is_empty() {
            no("is named in no documentation comment of the code that decides it".into());
        }
        if kept.tests.is_empty() {
            no("is named in no test".into());
        }
        if row.cells[5..] != columns(kept) {
            no("has columns that are out of date; write them with `make register`".into());
        }
    }
    findings
}

/// Writes the columns code and test anew.
///
/// # Errors
/// A sentence, when the register cannot be written.
pub fn write(tree: &Tree) -> Result<(), String> {
    let named = named(tree);
    let nothing = Kept::default();
    let old = tree.text(REGISTER).ok_or("docs/rules.md is missing")?;
    let mut new = String::new();
    for (index, line) in old.lines().enumerate() {
        match row(index, line).filter(|row| row.cells.len() == COLUMNS) {
            Some(mut row) => {
                let [code, test] = columns(named.get(&row.id).unwrap_or(&nothing));
                row.cells[5] = code;
                row.cells[6] = test;
                new.push_str(&format!("| {} |\n", row.cells.join(" | ")));
            }
            None => new.push_str(&format!("{line}\n")),
        }
    }
    std::fs::write(tree::root().join(REGISTER), new).map_err(|e| format!("{REGISTER}: {e}"))
}

/// The columns code and test of a row: the file that decides, and a test, of the same crate if there is one.
fn columns(kept: &Kept) -> [String; 2] {
    let crate_of = |path: &str| path.split('/').nth(1).unwrap_or_default().to_owned();
    let order = |path: &str| {
        ORDER
            .iter()
            .position(|name| *name == crate_of(path))
            .unwrap_or(ORDER.len())
    };
    let code = kept
        .code
        .iter()
        .min_by_key(|path| (order(path), path.ends_with("lib.rs"), path.len()));
    let home = code.map(|path| crate_of(path)).unwrap_or_default();
    let test = kept
        .tests
        .iter()
        .min_by_key(|(path, _)| (crate_of(path) != home, order(path)));
    [
        code.map_or_else(|| PENDING.to_owned(), |path| format!("`{path}`")),
        test.map_or_else(
            || PENDING.to_owned(),
            |(path, name)| format!("`{}::{name}`", crate_of(path)),
        ),
    ]
}

struct Row {
    id: u32,
    line: usize,
    cells: Vec<String>,
}

fn rows(tree: &Tree) -> Vec<Row> {
    let text = tree.text(REGISTER).unwrap_or_default();
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| row(index, line))
        .collect()
}

fn row(index: usize, line: &str) -> Option<Row> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let cells: Vec<String> = inner.split('|').map(|cell| cell.trim().to_owned()).collect();
    let id = cells.first()?.strip_prefix("R-")?.parse().ok()?;
    Some(Row {
        id,
        line: index + 1,
        cells,
    })
}

/// Everything the sources say about rules.
fn named(tree: &Tree) -> BTreeMap<u32, Kept> {
    let mut all: BTreeMap<u32, Kept> = BTreeMap::new();
    let ours = |path: &str| path.starts_with("crates/") && !path.starts_with("crates/xtask/") && path.ends_with(".rs");
    for (path, text) in tree.files().filter(|(path, _)| ours(path)) {
        let lines: Vec<source::Line<'_>> = source::lines(path, text).collect();
        for (index, line) in lines.iter().enumerate() {
            for id in ids(line.text, line.in_test) {
                let kept = all.entry(id).or_default();
                kept.place.get_or_insert_with(|| (path.to_owned(), line.number));
                if line.in_test {
                    if let Some(name) = test_of(&lines, index) {
                        kept.tests.insert((path.to_owned(), name.to_owned()));
                    }
                } else if line.is_doc() {
                    kept.code.insert(path.to_owned());
                }
            }
        }
    }
    all
}

/// The test to which a line belongs: the function it announces, or the one in which it stands.
fn test_of<'a>(lines: &[source::Line<'a>], index: usize) -> Option<&'a str> {
    let announced = lines[index..]
        .iter()
        .take_while(|line| line.is_comment() || line.text.trim_start().starts_with("#["))
        .count();
    if announced > 0
        && let Some(name) = lines.get(index + announced).and_then(source::Line::function)
    {
        return Some(name);
    }
    lines[..=index].iter().rev().find_map(source::Line::function)
}

/// The rules named on a line: `R-12`, and in tests `r12_` at the start of a function's name.
fn ids(line: &str, in_test: bool) -> BTreeSet<u32> {
    let number = |text: &str| {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    };
    let mut found = BTreeSet::new();
    for (at, _) in line.match_indices("R-") {
        let free = line[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_ascii_alphanumeric() && c != '-');
        found.extend(number(&line[at + 2..]).filter(|_| free));
    }
    if in_test && let Some((_, name)) = line.split_once("fn r") {
        let digits = name.chars().take_while(char::is_ascii_digit).count();
        found.extend(number(name).filter(|_| name[digits..].starts_with('_')));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: (&str, &str) = (
        "crates/rules/src/credits/hours.rs",
        "//! Hours of a class (R-6).\nfn a() {}\n",
    );
    const TEST: (&str, &str) = (
        "crates/rules/src/credits/tests.rs",
        "//! x\n#[test]\nfn r6_rounds_down() {\n}\n/// Holds R-7.\n#[test]\nfn lesser() {\n",
    );

    fn tree(register: &str, more: &[(&str, &str)]) -> Tree {
        Tree::of(&[&[("docs/rules.md", register), RULE, TEST], more].concat())
    }

    #[test]
    fn a_kept_row_is_silent() {
        let row = "| R-6 | s | d | 2015 | high | `crates/rules/src/credits/hours.rs` | `rules::r6_rounds_down` |";
        assert_eq!(registered_are_kept(&tree(row, &[])), []);
        assert_eq!(named_are_registered(&tree(row, &[])).len(), 1, "R-7 has no row");
    }

    #[test]
    fn rows_without_code_test_or_current_columns_are_found() {
        let rows = "| R-6 | s | d | 2015 | high | pending | pending |\n| R-7 | s | d | 2015 | high | pending | `rules::lesser` |\n| R-8 | s |\n";
        let said: Vec<String> = registered_are_kept(&tree(rows, &[]))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(said.len(), 3, "{said:#?}");
        assert!(
            said[0].contains("out of date")
                && said[1].contains("no documentation comment")
                && said[2].contains("7 filled")
        );
    }

    #[test]
    fn a_text_that_refuses_counts_as_named() {
        let more = [(
            "crates/learning/src/courses/mod.rs",
            "refused_by(\"R-99\", \"a\", \"b\")",
        )];
        let said = named_are_registered(&tree(
            "| R-6 | s | d | 2015 | high | p | p |\n| R-7 | s | d | x | h | p | p |",
            &more,
        ));
        assert_eq!(said.len(), 1);
        assert_eq!(
            (said[0].path.as_str(), said[0].line),
            ("crates/learning/src/courses/mod.rs", 1)
        );
    }

    #[test]
    fn ids_are_whole_words() {
        assert_eq!(ids("R-1, R-12; ER-3 and r6_", true), BTreeSet::from([1, 12]));
        assert_eq!(ids("    async fn r12_overlap() {", true), BTreeSet::from([12]));
        assert_eq!(ids("    fn r12_overlap() {", false), BTreeSet::new());
    }
}
