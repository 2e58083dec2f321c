//! What may be uploaded as evidence: a PDF or a picture, known by its first bytes, never by its name.
//!
//! Deliberately absent: office documents and archives, which can carry programs.

use kernel::{Error, Result};

/// Most files of one case.
pub const EVIDENCE_FILES: usize = 10;

const MOST_BYTES: usize = 10 << 20;

/// What a file was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// A PDF document.
    Pdf,
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
}

impl Evidence {
    /// Looks at a file that was sent as evidence.
    ///
    /// # Errors
    /// Wrong at `file` when it is empty, too large or of another kind.
    pub fn recognise(bytes: &[u8]) -> Result<Self> {
        let wrong = |code, sentence: &str| Err(Error::wrong("file", code, sentence));
        if bytes.is_empty() {
            return wrong("evidence.empty", "这个文件是空的，请重新选择。");
        }
        if bytes.len() > MOST_BYTES {
            return wrong("evidence.large", "一个证明材料不超过 10 MB，请压缩或拆分后再上传。");
        }
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Ok(Self::Pdf),
            [0xff, 0xd8, 0xff, ..] => Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Ok(Self::Png),
            _ => wrong(
                "evidence.kind",
                "证明材料请用 PDF、JPG 或 PNG 格式；其他格式请先另存为 PDF。",
            ),
        }
    }

    /// As HTTP says it.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// Refuses one file more than a case may have.
    ///
    /// # Errors
    /// `evidence.many`.
    pub fn room(kept: usize) -> Result<()> {
        if kept < EVIDENCE_FILES {
            return Ok(());
        }
        let sentence = format!("一件异议最多 {EVIDENCE_FILES} 个证明材料，请合并后再上传。");
        Err(Error::refused("evidence.many", sentence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(Evidence::recognise(b"%PDF-1.7 x").expect("a PDF"), Evidence::Pdf);
        assert_eq!(
            Evidence::recognise(&[0xff, 0xd8, 0xff, 0xe0]).expect("a JPEG"),
            Evidence::Jpeg
        );
        assert_eq!(
            Evidence::recognise(b"\x89PNG\r\n\x1a\n..").expect("a PNG"),
            Evidence::Png
        );
        for bad in [&b""[..], b"<html>", b"PK\x03\x04", b"MZ"] {
            assert!(Evidence::recognise(bad).is_err());
        }
        assert!(Evidence::recognise(&vec![b'%'; MOST_BYTES + 1]).is_err());
    }

    #[test]
    fn a_case_has_room_for_so_many_files() {
        assert!(Evidence::room(EVIDENCE_FILES - 1).is_ok());
        assert!(Evidence::room(EVIDENCE_FILES).is_err());
    }
}
