//! Tiles and entry bundles: their paths and their bytes, as c2sp.org/tlog-tiles says.

use std::fmt;

/// Hashes of a full tile, entries of a full bundle.
pub const WIDTH: u64 = 256;

/// The address of a tile, or of a bundle of entries, relative to the log's prefix: `tile/0/x001/234.p/7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TilePath {
    /// The level; none for a bundle of entries.
    pub level: Option<u8>,
    /// The place within the level.
    pub number: u64,
    /// How many hashes or entries, 1 to 256; fewer than 256 is a partial tile.
    pub width: u16,
}

impl TilePath {
    /// A tile.
    #[must_use]
    pub fn tile(level: u8, number: u64, width: u16) -> Self {
        let level = Some(level);
        Self { level, number, width }
    }

    /// Reads `0/x001/234.p/7` or `entries/000`: what stands behind `tile/`. Only the one spelling of the format is read.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('/')?;
        let level = match kind {
            "entries" => None,
            level => Some(decimal(level).filter(|level| *level < 64)?.try_into().ok()?),
        };
        let (place, width) = match rest.split_once(".p/") {
            Some((place, width)) => (place, decimal(width).filter(|width| (1..WIDTH).contains(width))?),
            None => (rest, WIDTH),
        };
        let mut number: u64 = 0;
        let parts: Vec<&str> = place.split('/').collect();
        for (index, part) in parts.iter().enumerate() {
            let digits = if index + 1 < parts.len() {
                part.strip_prefix('x')?
            } else {
                part
            };
            if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            number = number.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        let path = Self {
            level,
            number,
            width: width.try_into().ok()?,
        };
        (path.to_string().strip_prefix("tile/") == Some(text)).then_some(path)
    }
}

/// The bundle of entries beside the level-0 tile `number`.
#[must_use]
pub fn entries_path(number: u64, width: u16) -> TilePath {
    TilePath {
        level: None,
        number,
        width,
    }
}

/// No sign, no leading zero.
fn decimal(text: &str) -> Option<u64> {
    let plain =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

impl fmt::Display for TilePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(out, "tile/{level}/")?,
            None => write!(out, "tile/entries/")?,
        }
        let mut groups = vec![self.number % 1000];
        let mut rest = self.number / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for group in groups[1..].iter().rev() {
            write!(out, "x{group:03}/")?;
        }
        write!(out, "{:03}", groups[0])?;
        if u64::from(self.width) < WIDTH {
            write!(out, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// Entries as a bundle carries them: each with its length in two bytes before it. None when one is too long for that.
#[must_use]
pub fn bundle<'e>(entries: impl IntoIterator<Item = &'e [u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend(u16::try_from(entry.len()).ok()?.to_be_bytes());
        bytes.extend(entry);
    }
    Some(bytes)
}

/// The entries of a bundle; none when it is not exactly a sequence of them.
#[must_use]
pub fn read_bundle(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_at_checked(2)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let (entry, rest) = rest.split_at_checked(length)?;
        entries.push(entry);
        bytes = rest;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let example = TilePath::tile(0, 1_234_067, 256);
        assert_eq!(example.to_string(), "tile/0/x001/x234/067");
        assert_eq!(TilePath::tile(3, 5, 17).to_string(), "tile/3/005.p/17");
        assert_eq!(entries_path(1000, 255).to_string(), "tile/entries/x001/000.p/255");
        for path in [
            example,
            TilePath::tile(3, 5, 17),
            entries_path(1000, 255),
            TilePath::tile(63, u64::MAX, 1),
        ] {
            assert_eq!(
                TilePath::parse(path.to_string().strip_prefix("tile/").unwrap()),
                Some(path)
            );
        }
    }

    #[test]
    fn another_spelling_is_no_path() {
        for wrong in [
            "0/67",
            "0/1067",
            "0/x000/067",
            "00/067",
            "64/067",
            "0/067.p/0",
            "0/067.p/256",
            "0/067.p/07",
            "0/x001/x067",
            "0/067/",
            "entries",
            "-1/067",
            "0/+67",
            "0/x067",
            "0/067.p/",
            "0/099999",
        ] {
            assert_eq!(TilePath::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_bundle_reads_back_and_a_cut_one_does_not() {
        let bytes = bundle([b"abc".as_slice(), b"", b"z"]).unwrap();
        assert_eq!(read_bundle(&bytes).unwrap(), [b"abc".as_slice(), b"", b"z"]);
        assert_eq!(read_bundle(&bytes[..bytes.len() - 1]), None);
        assert_eq!(read_bundle(&[0]), None);
        assert!(bundle([[0; 65_536].as_slice()]).is_none());
    }
}
