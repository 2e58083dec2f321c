//! Layers are crates: who may depend on whom, and which foreign crates stay behind which door.
//!
//! ```text
//! kernel ─► rules ─► registry ─► learning ─► oversight ─► web ─► portal · desk · api ─► server
//!    └────► db ────────┘                        ui ────────┘
//! ```
//! Leaf crates know nothing of us. Dependencies of tests (`[dev-dependencies]`) are free.

use crate::{Finding, Tree};

const LEAVES: [&str; 7] = ["xapi", "package", "sheet", "seal", "tlog", "assign", "courier"];

/// Crate → crates of ours that it may name; `leaf` stands for every leaf crate.
const MAY: [(&str, &[&str]); 15] = [
    ("kernel", &[]),
    ("rules", &["kernel"]),
    ("db", &["kernel"]),
    ("registry", &["kernel", "rules", "db", "leaf"]),
    ("learning", &["kernel", "rules", "db", "registry", "leaf"]),
    ("oversight", &["kernel", "rules", "db", "registry", "learning", "leaf"]),
    ("ui", &["kernel", "rules"]),
    (
        "web",
        &[
            "kernel",
            "rules",
            "db",
            "registry",
            "learning",
            "oversight",
            "ui",
            "leaf",
        ],
    ),
    (
        "portal",
        &[
            "kernel",
            "rules",
            "db",
            "registry",
            "learning",
            "oversight",
            "ui",
            "web",
            "leaf",
        ],
    ),
    (
        "desk",
        &[
            "kernel",
            "rules",
            "db",
            "registry",
            "learning",
            "oversight",
            "ui",
            "web",
            "leaf",
        ],
    ),
    (
        "api",
        &[
            "kernel",
            "rules",
            "db",
            "registry",
            "learning",
            "oversight",
            "web",
            "leaf",
        ],
    ),
    (
        "server",
        &[
            "kernel",
            "rules",
            "db",
            "registry",
            "learning",
            "oversight",
            "ui",
            "web",
            "portal",
            "desk",
            "api",
            "leaf",
        ],
    ),
    // A world to test in is the whole server over a real database.
    (
        "testkit",
        &[
            "kernel",
            "rules",
            "db",
            "registry",
            "learning",
            "oversight",
            "ui",
            "web",
            "portal",
            "desk",
            "api",
            "server",
            "leaf",
        ],
    ),
    (
        "bench",
        &[
            "kernel",
            "rules",
            "db",
            "registry",
            "learning",
            "oversight",
            "web",
            "testkit",
            "server",
            "leaf",
        ],
    ),
    ("xtask", &[]),
];

/// Foreign crate → the crates of ours that may name it, and why only they.
const BEHIND_A_DOOR: [(&[&str], &[&str], &str); 5] = [
    (
        &["rusqlite", "tokio-postgres", "deadpool-postgres", "postgres-types"],
        &["db", "bench", "testkit"],
        "only `db` has heard of SQLite or PostgreSQL",
    ),
    (
        &["axum", "tower", "tower-http"],
        &["web", "portal", "desk", "api", "server", "bench", "testkit"],
        "use cases and rules know no HTTP",
    ),
    (
        &["hyper", "hyper-util", "http-body-util", "tokio-rustls", "webpki-roots"],
        &["courier"],
        "what connects to addresses that strangers typed is guarded in one place",
    ),
    (
        &["askama"],
        &["ui", "web", "portal", "desk", "server"],
        "templates belong to pages",
    ),
    (
        &["typst", "typst-pdf", "typst-layout"],
        &["seal"],
        "typesetting is built once, in a leaf crate",
    ),
];
/// What the two lowest crates must never contain: I/O, async, randomness.
const NOT_IN_RULES: [&str; 5] = ["tokio", "futures-util", "getrandom", "reqwest", "tracing"];

/// Dependencies that point upwards, sideways or through a door.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ours: Vec<&str> = tree.crates().collect();
    for name in &ours {
        let path = format!("crates/{name}/Cargo.toml");
        let manifest = tree.text(&path).unwrap_or_default();
        let leaf = LEAVES.contains(name);
        let Some(may) = MAY
            .iter()
            .find(|(c, _)| c == name)
            .map(|(_, may)| *may)
            .or(leaf.then_some(&[][..]))
        else {
            findings.push(Finding::of(
                &path,
                "is in no layer; add it to the table in crates/xtask/src/checks/layers.rs",
            ));
            continue;
        };
        for (line, dependency) in dependencies(manifest) {
            let mut no = |sentence: String| findings.push(Finding::at(&path, line, sentence));
            if ours.contains(&dependency) {
                let allowed = may.contains(&dependency) || (LEAVES.contains(&dependency) && may.contains(&"leaf"));
                if !allowed {
                    no(format!(
                        "`{name}` must not know `{dependency}`: it does not stand below it"
                    ));
                }
                continue;
            }
            for (foreign, inside, why) in BEHIND_A_DOOR {
                if foreign.contains(&dependency) && !inside.contains(name) {
                    no(format!("`{name}` must not know `{dependency}`: {why}"));
                }
            }
            if ["kernel", "rules"].contains(name) && NOT_IN_RULES.contains(&dependency) {
                no(format!(
                    "`{name}` is pure; `{dependency}` brings I/O, async or randomness"
                ));
            }
        }
    }
    findings
}

/// Line and name of each dependency in `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<(usize, &str)> {
    let mut section = "";
    let mut found = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line;
        } else if section == "[dependencies]" && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            if !name.is_empty() {
                found.push((index + 1, name));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upward_and_unlisted_crates_are_refused() {
        let tree = Tree::of(&[
            ("crates/kernel/Cargo.toml", "[dependencies]\ntokio.workspace = true\n"),
            (
                "crates/db/Cargo.toml",
                "[dependencies]\nkernel.workspace = true\nrusqlite = { workspace = true }\n",
            ),
            (
                "crates/registry/Cargo.toml",
                "[dependencies]\ndb.workspace = true\nsheet.workspace = true\nlearning.workspace = true\n",
            ),
            (
                "crates/learning/Cargo.toml",
                "[dependencies]\nrusqlite.workspace = true\n[dev-dependencies]\ntestkit.workspace = true\n",
            ),
            (
                "crates/sheet/Cargo.toml",
                "[dependencies]\ncsv.workspace = true # kernel\n",
            ),
            ("crates/testkit/Cargo.toml", ""),
            ("crates/novel/Cargo.toml", ""),
        ]);
        let said: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 4, "{said:#?}");
        assert!(said[0].contains("kernel/Cargo.toml:2") && said[0].contains("pure"));
        assert!(said[1].contains("learning/Cargo.toml:2") && said[1].contains("only `db`"));
        assert!(said[2].contains("novel") && said[2].contains("no layer"));
        assert!(said[3].contains("`registry` must not know `learning`"));
    }
}
