//! Every third-party dependency says in its line what it is for; front-end packages are locked.

use crate::{Finding, Tree};

/// Lines of `[workspace.dependencies]` without a reason.
#[must_use]
pub fn comments(tree: &Tree) -> Vec<Finding> {
    let mut section = "";
    let mut findings = Vec::new();
    for (index, line) in tree.text("Cargo.toml").unwrap_or_default().lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line;
            continue;
        }
        let dependency = section == "[workspace.dependencies]" && !line.is_empty() && !line.starts_with('#');
        let ours = line.contains("path = ");
        let reason = line.rsplit_once('#').is_some_and(|(_, reason)| reason.trim().len() > 5);
        if dependency && !ours && !reason {
            findings.push(Finding::at(
                "Cargo.toml",
                index + 1,
                "say in a comment on this line what the dependency is for",
            ));
        }
    }
    findings
}

/// Folders with a `package.json` but no lock file beside it.
#[must_use]
pub fn lock_files(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = tree
        .files()
        .filter(|(path, text)| path.ends_with("package.json") && text.contains("ependencies\""))
        .filter(|(path, _)| tree.text(&path.replace("package.json", "package-lock.json")).is_none())
        .map(|(path, _)| {
            Finding::of(
                path,
                "has no package-lock.json beside it; commit the one that npm writes",
            )
        })
        .collect();
    if tree.text("web/package-lock.json").is_none() {
        findings.push(Finding::of("web", "the front end has no package-lock.json"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_demanded() {
        let manifest = "[workspace.dependencies]\n# --- web ---\nkernel = { path = \"crates/kernel\" }\naxum = \"1\" # HTTP server\nurl = \"2\"\n[profile.dev]\nx = 1\n";
        let found = comments(&Tree::of(&[("Cargo.toml", manifest)]));
        assert_eq!(found.iter().map(|f| f.line).collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn a_lock_file_is_demanded() {
        let package = "{\"devDependencies\": {}}";
        let tree = Tree::of(&[
            ("web/package.json", package),
            ("web/package-lock.json", "{}"),
            ("tests/browser/package.json", package),
        ]);
        assert_eq!(lock_files(&tree).len(), 1);
        assert_eq!(lock_files(&Tree::default()).len(), 1);
    }
}
