//! Inside the use-case crates modules are folders with a rank: a module may name modules of lower rank only,
//! and tells the others by events. The ranks are the table of ARCHITECTURE.md. In `rules`, where everything is a pure function
//! and nothing can be told, a module may also name one beside it.

use crate::{Finding, Tree, source};

/// The crates whose modules are ranked; in `rules` the same ranks hold.
const CRATES: [&str; 4] = ["rules", "registry", "learning", "oversight"];

/// Module → rank.
const RANKS: [(&str, u8); 22] = [
    ("identity", 0),
    ("taxonomy", 0),
    ("files", 0),
    ("notices", 0),
    ("tasks", 0),
    ("orgs", 1),
    ("people", 1),
    ("webhooks", 1),
    ("bases", 1),
    ("experts", 1),
    ("plans", 2),
    ("funds", 2),
    ("attendance", 2),
    ("credits", 2),
    ("courses", 3),
    ("records", 3),
    ("exams", 3),
    ("competency", 3),
    ("calls", 4),
    ("talents", 4),
    ("credentials", 4),
    ("supervision", 5),
];

/// Calls beside that are allowed all the same, each with its reason.
const SANCTIONED: [(&str, &str, &str); 4] = [
    (
        "taxonomy",
        "tasks",
        "a missing calendar becomes a task of the lead in the transaction that finds it missing",
    ),
    (
        "people",
        "orgs",
        "an employment names its employer, while an organisation knows no person",
    ),
    (
        "experts",
        "people",
        "an expert is a professional on file, while a person knows no membership",
    ),
    ("experts", "orgs", "a tie names an organisation, which knows no expert"),
];

/// Modules of rank 5 that aggregate everything and are read by nobody below.
const LAST: [&str; 1] = ["reports"];

fn rank(module: &str) -> Option<u8> {
    if LAST.contains(&module) {
        return Some(5);
    }
    RANKS.iter().find(|(name, _)| *name == module).map(|(_, rank)| *rank)
}

/// Which rank lives in which crate.
fn home(rank: u8) -> &'static str {
    match rank {
        0 | 1 => "registry",
        2 | 3 => "learning",
        _ => "oversight",
    }
}

/// Imports that point upwards or sideways, folders without a rank and folders in the wrong crate.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.sources() {
        let Some((name, module)) = source::address(path).filter(|(name, _)| CRATES.contains(name)) else {
            continue;
        };
        let in_folder = path.matches('/').count() > 3;
        let Some(own) = rank(module) else {
            // Single files beside the folders (lib.rs, ctx.rs) are the crate's own frame.
            if in_folder && name != "rules" && path.ends_with("/mod.rs") && path.matches('/').count() == 4 {
                findings.push(Finding::of(
                    path,
                    "has no rank; give it one in crates/xtask/src/checks/ranks.rs",
                ));
            }
            continue;
        };
        if name != "rules" && home(own) != name {
            findings.push(Finding::of(
                path,
                format!("rank {own} lives in the crate `{}`", home(own)),
            ));
        }
        for line in source::lines(path, text).filter(|line| !line.is_comment() && !line.in_test) {
            let sanctioned = |other: &str| SANCTIONED.iter().any(|(from, to, _)| *from == module && *to == other);
            for other in named(line.text).into_iter().filter(|other| !sanctioned(other)) {
                if let Some(theirs) = rank(other)
                    .filter(|theirs| other != module && (*theirs > own || (*theirs == own && name != "rules")))
                {
                    let way = if theirs == own { "beside" } else { "above" };
                    let sentence = format!(
                        "`{module}` (rank {own}) must not call `{other}` (rank {theirs}) {way} it; tell it by an event"
                    );
                    findings.push(Finding::at(path, line.number, sentence));
                }
            }
        }
    }
    findings
}

/// The modules that a line names as `crate::x` or in `crate::{x, y::z}`.
fn named(line: &str) -> Vec<&str> {
    let word = |text: &str| {
        text.find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(text.len())
    };
    line.match_indices("crate::")
        .flat_map(|(at, mark)| {
            let rest = &line[at + mark.len()..];
            match rest.strip_prefix('{') {
                Some(group) => top_level(group)
                    .into_iter()
                    .map(str::trim)
                    .map(|part| &part[..word(part)])
                    .collect(),
                None => vec![&rest[..word(rest)]],
            }
        })
        .collect()
}

/// The parts of `a, b::{c, d}, e}` at depth zero.
fn top_level(group: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[from..at]);
                return parts;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upward_and_sideways_imports_are_refused() {
        let tree = Tree::of(&[
            (
                "crates/registry/src/orgs/mod.rs",
                "use crate::taxonomy;\nuse crate::{Ctx, tasks::{self}, bases};\n",
            ),
            (
                "crates/registry/src/people/store.rs",
                "crate::people::load();\n// crate::orgs\n",
            ),
            (
                "crates/learning/src/credits/mod.rs",
                "use crate::courses::Class;\n#[cfg(test)]\nuse crate::exams;\n",
            ),
            ("crates/learning/src/novel/mod.rs", ""),
            ("crates/registry/src/ctx.rs", "use crate::orgs;\n"),
            (
                "crates/rules/src/people/roster.rs",
                "use crate::{orgs, identity};\nuse crate::plans;\n",
            ),
            ("crates/registry/src/exams/mod.rs", ""),
        ]);
        let said: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 5, "{said:#?}");
        assert!(said[4].contains("rules/src/people/roster.rs:2"));
        assert!(said[0].contains("`credits` (rank 2) must not call `courses` (rank 3) above"));
        assert!(said[1].contains("novel") && said[2].contains("rank 3 lives in the crate `learning`"));
        assert!(said[3].contains("`orgs` (rank 1) must not call `bases` (rank 1) beside"));
    }
}
