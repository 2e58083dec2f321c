//! A checkpoint: which log, how many leaves, which root. The text of a signed note, as c2sp.org/tlog-checkpoint says.
//! Deliberately absent: writing extension lines; those of others are read over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Hash;

/// The head of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: its address without the scheme.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
}

/// A text that is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a checkpoint: origin, size and root on a line each are expected")]
pub struct NotACheckpoint;

impl Checkpoint {
    /// The text to sign.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads the text of a note.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, NotACheckpoint> {
        let body = text.strip_suffix('\n').ok_or(NotACheckpoint)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(NotACheckpoint);
        };
        let number: u64 = size.parse().map_err(|_| NotACheckpoint)?;
        let hash = STANDARD.decode(root).ok().and_then(|bytes| Hash::try_from(bytes).ok());
        if origin.is_empty() || number.to_string() != size || lines.any(str::is_empty) {
            return Err(NotACheckpoint);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: number,
            root: hash.ok_or(NotACheckpoint)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_reads_and_writes() {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let checkpoint = Checkpoint::parse(text).unwrap();
        assert_eq!(
            (checkpoint.origin.as_str(), checkpoint.size),
            ("example.com/behind-the-sofa", 20_852_163)
        );
        assert_eq!(checkpoint.text(), text);
        assert_eq!(Checkpoint::parse(&format!("{text}extension\n")).unwrap(), checkpoint);
    }

    #[test]
    fn anything_else_is_no_checkpoint() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        for wrong in [
            String::new(),
            format!("\n1\n{root}\n"),
            format!("o\n01\n{root}\n"),
            format!("o\n-1\n{root}\n"),
            format!("o\n+1\n{root}\n"),
            format!("o\n1\n{root}"),
            format!("o\n1\n{root}\n\n"),
            "o\n1\nAAAA\n".to_owned(),
        ] {
            assert_eq!(Checkpoint::parse(&wrong), Err(NotACheckpoint), "{wrong:?}");
        }
    }
}
