//! The tracked text files of the checkout, in memory, and what a check says about them.
//!
//! Files come from `git ls-files` (tracked, and new ones that are not ignored); without git, from a walk that leaves
//! out what `.gitignore` names at the root. Bytes that are no UTF-8 are no text and are left out.

use std::{collections::BTreeMap, fmt, path::Path, path::PathBuf, process::Command};

/// Path (with `/`, relative to the checkout) → text.
#[derive(Debug, Default, Clone)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// Something that breaks a rule of the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the checkout.
    pub path: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl Finding {
    /// A finding about a line.
    pub fn at(path: &str, line: usize, sentence: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            sentence: sentence.into(),
        }
    }

    /// A finding about a whole file.
    pub fn of(path: &str, sentence: impl Into<String>) -> Self {
        Self::at(path, 0, sentence)
    }

    /// All findings, one a line.
    #[must_use]
    pub fn list(findings: &[Self]) -> String {
        findings.iter().map(|f| format!("  {f}\n")).collect()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.sentence),
            line => write!(f, "{}:{line}: {}", self.path, self.sentence),
        }
    }
}

impl Tree {
    /// A tree made of literals, for the checks' own tests.
    #[must_use]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect(),
        }
    }

    /// The checkout in which this crate stands.
    #[must_use]
    pub fn of_checkout() -> Self {
        let root = root();
        let paths = listed_by_git(&root).unwrap_or_else(|| walked(&root));
        let files = paths
            .into_iter()
            .filter_map(|path| {
                let text = std::fs::read_to_string(root.join(&path)).ok()?;
                Some((path, text))
            })
            .collect();
        Self { files }
    }

    /// Every file with its text, in the order of paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Rust sources of the crates (`crates/*/src/**.rs`), without this crate.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(|(path, _)| {
            path.strip_prefix("crates/")
                .and_then(|p| p.split_once('/'))
                .is_some_and(|(name, rest)| name != "xtask" && rest.starts_with("src/") && path.ends_with(".rs"))
        })
    }

    /// Names of the crates that have a manifest.
    pub fn crates(&self) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .filter_map(|path| path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"))
    }
}

/// The folder of the checkout.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .ok()
        .filter(|o| o.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut paths: Vec<String> = text.split('\0').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    paths.dedup();
    Some(paths)
}

fn walked(root: &Path) -> Vec<String> {
    const SKIP: [&str; 6] = ["target", ".git", "node_modules", "dist", "fonts", "files"];
    let (mut open, mut found) = (vec![root.to_path_buf()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !SKIP.contains(&name.as_str()) {
                    open.push(path);
                }
            } else if let Some(relative) = path.strip_prefix(root).ok().and_then(Path::to_str) {
                found.push(relative.to_owned());
            }
        }
    }
    found.sort();
    found
}
