//! THIRD-PARTY-NOTICES.md: what is inside the binary and was made by others, with licence and copyright.
//!
//! Written from `cargo metadata` (what the package `server` reaches by normal dependencies), the npm lock file of the
//! front end, and the fonts. A licence outside of [`ACCEPTED`] stops the writing: it is a decision for people.

use std::{collections::BTreeMap, collections::BTreeSet, fmt::Write, path::Path, process::Command};

use serde_json::Value;

use crate::{Finding, Tree, tree};

const FILE: &str = "THIRD-PARTY-NOTICES.md";

/// Licences under which the binary may be given to a city without asking anybody.
const ACCEPTED: [&str; 19] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "BSL-1.0",
    "CC0-1.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "MPL-2.0",
    "OFL-1.1",
    "CDLA-Permissive-2.0",
    "WTFPL",
    "BlueOak-1.0.0",
];

const FONTS: &str = "## Fonts

| name | licence | copyright |
|---|---|---|
| Noto Serif SC, a subset of Debian’s fonts-noto-cjk made by scripts/fonts.sh; the licence is embedded beside it | OFL-1.1 | © 2014–2021 Adobe (http://www.adobe.com/), with Reserved Font Name “Source” |

## Reference data

| data | from | licence |
|---|---|---|
| districts, towns, provinces | china-division 2.7.0 (npm), from the division codes of the National Bureau of Statistics | WTFPL |
| public holidays 2022–2026 | chinese-days 1.5.7 (npm), chinesecalendar 1.11.0 and ChinaHolidays 2026.2.16 (PyPI), which agree day by day | MIT |
";

struct Package {
    name: String,
    version: String,
    licence: String,
    copyright: String,
    folder: String,
}

/// Writes the file.
///
/// # Errors
/// A sentence, when a tool cannot be asked, a licence is not accepted or the file cannot be written.
pub fn write(_: &Tree) -> Result<(), String> {
    let root = tree::root();
    let crates = shipped_crates(&root)?;
    let npm = shipped_npm(&root)?;
    let refused: Vec<String> = crates
        .iter()
        .chain(&npm)
        .filter(|p| !accepted(&p.licence))
        .map(|p| format!("{} {}: {}", p.name, p.version, p.licence))
        .collect();
    if !refused.is_empty() {
        return Err(format!(
            "Licences that nobody has accepted yet:\n{}",
            refused.join("\n")
        ));
    }
    let mut text = String::from(
        "# Third-party notices\n\nWritten by `make notices`; do not edit. Inside the binary `zhixin` is the work of others:\n\n",
    );
    table(&mut text, "Rust crates", &crates);
    table(&mut text, "Front-end packages", &npm);
    text.push_str(FONTS);
    texts(&mut text, &crates, &npm);
    std::fs::write(root.join(FILE), text).map_err(|e| format!("{FILE}: {e}"))
}

/// Rows that Cargo.lock no longer has, and direct dependencies that are not listed.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let Some(notices) = tree.text(FILE) else {
        return vec![Finding::of(FILE, "is missing; write it with `make notices`")];
    };
    let crates = notices.split("## Front-end").next().unwrap_or_default();
    let listed: BTreeSet<(&str, &str)> = crates
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| ")?.split(" | ");
            Some((cells.next()?, cells.next()?))
        })
        .filter(|(_, version)| version.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let locked = locked(tree.text("Cargo.lock").unwrap_or_default());
    let mut findings: Vec<Finding> = listed
        .iter()
        .filter(|(name, version)| !locked.contains(&(*name, *version)))
        .map(|(name, version)| {
            Finding::of(
                FILE,
                format!("lists {name} {version}, which Cargo.lock does not have; run `make notices`"),
            )
        })
        .collect();
    let names: BTreeSet<&str> = listed.iter().map(|(name, _)| *name).collect();
    findings.extend(
        direct(tree)
            .into_iter()
            .filter(|name| !names.contains(name))
            .map(|name| Finding::of(FILE, format!("does not list {name}; run `make notices`"))),
    );
    findings
}

/// Name and version of each package of a lock file.
fn locked(lock: &str) -> BTreeSet<(&str, &str)> {
    lock.split("[[package]]")
        .filter_map(|block| {
            let value = |key: &str| {
                block
                    .lines()
                    .find_map(|l| l.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'))
            };
            Some((value("name")?, value("version")?))
        })
        .collect()
}

/// Third-party crates that the shipped crates name themselves.
fn direct(tree: &Tree) -> BTreeSet<&str> {
    let beside = ["xtask", "testkit", "bench"];
    let ours: BTreeSet<&str> = tree.crates().collect();
    let manifests = tree.files().filter(|(path, _)| {
        path.strip_prefix("crates/")
            .and_then(|p| p.strip_suffix("/Cargo.toml"))
            .is_some_and(|name| !beside.contains(&name))
    });
    manifests
        .flat_map(|(_, text)| {
            text.split("\n[")
                .filter_map(|section| section.strip_prefix("dependencies]"))
        })
        .flat_map(str::lines)
        .filter_map(|line| line.split(['.', '=', ' ']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#') && !ours.contains(name))
        .collect()
}

fn accepted(licence: &str) -> bool {
    let plain = licence.replace(['(', ')'], "").replace('/', " OR ");
    plain
        .split(" AND ")
        .all(|part| part.split(" OR ").any(|id| ACCEPTED.contains(&id.trim())))
}

fn shipped_crates(root: &Path) -> Result<Vec<Package>, String> {
    let host = "x86_64-unknown-linux-gnu";
    let output = Command::new("cargo")
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            host,
        ])
        .current_dir(root)
        .output()
        .map_err(|e| format!("cargo metadata: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|e| format!("cargo metadata: {e}"))?;
    let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes: BTreeMap<String, Value> = array(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    let packages = array(&metadata["packages"]);
    let mut open: Vec<String> = packages
        .iter()
        .filter(|p| p["name"] == "server")
        .map(|p| text(&p["id"]))
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !reached.insert(id.clone()) {
            continue;
        }
        for dependency in nodes.get(&id).map(|node| array(&node["deps"])).unwrap_or_default() {
            if array(&dependency["dep_kinds"])
                .iter()
                .any(|kind| kind["kind"].is_null())
            {
                open.push(text(&dependency["pkg"]));
            }
        }
    }
    let shipped = packages
        .into_iter()
        .filter(|p| reached.contains(&text(&p["id"])) && !p["source"].is_null());
    let mut found: Vec<Package> = shipped
        .map(|p| {
            let folder = text(&p["manifest_path"]).trim_end_matches("/Cargo.toml").to_owned();
            let authors: Vec<String> = array(&p["authors"]).iter().map(text).collect();
            let copyright = copyright(&folder).unwrap_or_else(|| authors.join(", "));
            Package {
                name: text(&p["name"]),
                version: text(&p["version"]),
                licence: text(&p["license"]),
                copyright,
                folder,
            }
        })
        .collect();
    found.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(found)
}

/// What the lock file of the front end gives to the browser: everything that is no tool of the build.
fn shipped_npm(root: &Path) -> Result<Vec<Package>, String> {
    let path = root.join("web/package-lock.json");
    let Ok(lock) = std::fs::read_to_string(&path) else {
        return Ok(Vec::new());
    };
    let lock: Value = serde_json::from_str(&lock).map_err(|e| format!("web/package-lock.json: {e}"))?;
    let mut found = Vec::new();
    for (key, package) in lock["packages"].as_object().into_iter().flatten() {
        let Some((_, name)) = key.rsplit_once("node_modules/") else {
            continue;
        };
        if package["dev"] == true || package["devOptional"] == true {
            continue;
        }
        let folder = root.join("web").join(key).to_string_lossy().into_owned();
        found.push(Package {
            name: name.to_owned(),
            version: package["version"].as_str().unwrap_or_default().to_owned(),
            licence: package["license"].as_str().unwrap_or("not stated").to_owned(),
            copyright: copyright(&folder).unwrap_or_default(),
            folder,
        });
    }
    Ok(found)
}

/// Licence files of a package, shortest name first.
fn licence_files(folder: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(name, _)| {
            let upper = name.to_ascii_uppercase();
            ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT"]
                .iter()
                .any(|start| upper.starts_with(start))
        })
        .filter_map(|(name, path)| Some((name, std::fs::read_to_string(path).ok()?)))
        .collect();
    files.sort_by_key(|(name, _)| (name.len(), name.clone()));
    files
}

/// The copyright lines of a package's licence files, without those of the licences' own appendices.
fn copyright(folder: &str) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    for (_, text) in licence_files(folder) {
        for line in text.lines().map(str::trim) {
            let starts = line.starts_with("Copyright ") && line.len() < 160;
            let template =
                line.contains('[') || line.contains('{') || line.contains("yyyy") || line.contains("copyright owner");
            let held = line.contains(|c: char| c.is_ascii_digit()) || line.contains("(c)") || line.contains('©');
            let line = line.replace('|', "/");
            if starts && held && !template && !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines.truncate(6);
    (!lines.is_empty()).then(|| lines.join("; "))
}

fn table(text: &mut String, title: &str, packages: &[Package]) {
    let _ = write!(
        text,
        "## {title}\n\n| name | version | licence | copyright |\n|---|---|---|---|\n"
    );
    for p in packages {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            p.name,
            p.version,
            p.licence,
            p.copyright.replace('|', "/")
        );
    }
    text.push('\n');
}

/// The text of each licence once, as one of the packages carries it; Apache-2.0 stands in LICENSE.
fn texts(text: &mut String, crates: &[Package], npm: &[Package]) {
    text.push_str("\n## Texts of the licences\n\nApache-2.0: see the file LICENSE of this repository.\n");
    let all = || crates.iter().chain(npm);
    for id in ACCEPTED.iter().filter(|id| !id.starts_with("Apache-2.0")) {
        let bearers: Vec<&Package> = all()
            .filter(|p| p.licence.split([' ', '(', ')', '/']).any(|part| part == *id))
            .collect();
        let alone = bearers
            .iter()
            .filter(|p| p.licence == **id)
            .find_map(|p| licence_files(&p.folder).into_iter().next());
        let named = || {
            let stem = id.split('-').next().unwrap_or(id).to_ascii_uppercase();
            let mut files = bearers.iter().flat_map(|p| licence_files(&p.folder));
            files.find(|(name, _)| name.to_ascii_uppercase().contains(&stem))
        };
        if let Some((_, body)) = alone.or_else(named) {
            let _ = write!(
                text,
                "\n### {id}\n\nAs carried by one of the packages above.\n\n```text\n{}\n```\n",
                body.trim()
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_read_as_expressions() {
        assert!(
            accepted("MIT OR Apache-2.0") && accepted("MIT/GPL-3.0") && accepted("(MIT OR GPL-2.0) AND Unicode-3.0")
        );
        assert!(!accepted("GPL-3.0") && !accepted("MIT AND AGPL-3.0") && !accepted(""));
    }

    #[test]
    fn stale_and_missing_rows_are_found() {
        let tree = Tree::of(&[
            (
                FILE,
                "## Rust crates\n\n| name | version | licence | copyright |\n|---|---|---|---|\n| axum | 0.8.1 | MIT |  |\n| serde | 1.0.1 | MIT |  |\n",
            ),
            (
                "Cargo.lock",
                "[[package]]\nname = \"axum\"\nversion = \"0.8.2\"\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.1\"\n",
            ),
            (
                "crates/web/Cargo.toml",
                "[package]\nname = \"web\"\n\n[dependencies]\naxum.workspace = true\nurl = { workspace = true }\n",
            ),
            (
                "crates/testkit/Cargo.toml",
                "[dependencies]\ntempfile.workspace = true\n",
            ),
        ]);
        let said: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(said[0].contains("axum 0.8.1") && said[1].contains("does not list url"));
    }
}
