//! Checkpoints kept elsewhere: a folder on another machine's disk, a removable medium, a repository. Whoever restores an
//! old backup cannot restore these with it, and is found out by them.
//!
//! One file a tree size, `checkpoint.<size>`, written beside and renamed, so that a reader never sees half of one.
//! Deliberately absent: removing old ones.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

/// A folder that gets a copy of each checkpoint.
#[derive(Debug, Clone)]
pub struct Witness(PathBuf);

impl Witness {
    /// The folder; made when the first checkpoint comes.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Keeps a checkpoint; one of the same size that is there stays.
    ///
    /// # Errors
    /// Of the file system.
    pub fn keep(&self, size: u64, note: &str) -> std::io::Result<()> {
        let path = self.0.join(format!("checkpoint.{size}"));
        if path.exists() {
            return Ok(());
        }
        fs::create_dir_all(&self.0)?;
        let beside = self.0.join(format!(".checkpoint.{size}.{}", std::process::id()));
        let mut file = fs::File::create(&beside)?;
        file.write_all(note.as_bytes())?;
        file.sync_all()?;
        fs::rename(beside, path)
    }
}
