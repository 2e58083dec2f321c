//! What may be handed in as evidence: PDF, JPEG and PNG, known by their content, within limits.
//!
//! The name and the type that a browser sends prove nothing. A file that begins like a picture and does not end like
//! one was cut off on its way, which is said. Deliberately absent: judging what the evidence shows; a person does.

use kernel::{Error, Result};

/// Most files of one claim.
pub const MOST_FILES: usize = 10;
/// Most bytes of one file.
pub const MOST_BYTES: usize = 10 << 20;
/// What a form's file field accepts.
pub const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png";

kernel::codes! {
    /// What a file was found to be.
    pub enum EvidenceKind {
        /// A PDF document.
        Pdf = "pdf" "PDF",
        /// A JPEG picture.
        Jpeg = "jpeg" "JPEG 图片",
        /// A PNG picture.
        Png = "png" "PNG 图片",
    }
}

impl EvidenceKind {
    /// The type to store and to answer with.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// The kind with this content type.
    #[must_use]
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        <Self as kernel::Code>::ALL
            .iter()
            .copied()
            .find(|kind| kind.content_type() == content_type)
    }
}

fn wrong<T>(code: &'static str, sentence: impl Into<String>) -> Result<T> {
    Err(Error::wrong("file", code, sentence))
}

/// What the file is, if it may be taken beside `have` others.
///
/// # Errors
/// Wrong at `file`: `evidence.many`, `evidence.empty`, `evidence.large`, `evidence.cut`, `evidence.kind`.
pub fn admit(bytes: &[u8], have: usize) -> Result<EvidenceKind> {
    if have >= MOST_FILES {
        return wrong(
            "evidence.many",
            format!("一件申报最多 {MOST_FILES} 个文件，请合并成一个 PDF 后再上传。"),
        );
    }
    if bytes.is_empty() {
        return wrong("evidence.empty", "这个文件是空的，请重新选择。");
    }
    if bytes.len() > MOST_BYTES {
        return wrong(
            "evidence.large",
            "单个文件不能超过 10 MB，请压缩或降低扫描分辨率后再上传。",
        );
    }
    let tail = &bytes[bytes.len().saturating_sub(2_048)..];
    let ends = |mark: &[u8]| tail.windows(mark.len()).any(|part| part == mark);
    let (kind, whole) = if bytes.starts_with(b"%PDF-") {
        (EvidenceKind::Pdf, ends(b"%%EOF"))
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        (EvidenceKind::Jpeg, ends(&[0xff, 0xd9]))
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        (EvidenceKind::Png, ends(b"IEND"))
    } else {
        return wrong(
            "evidence.kind",
            "只收 PDF、JPEG、PNG 文件。这个文件的内容不是其中之一，改扩展名没有用，请另存为 PDF 或图片。",
        );
    };
    if !whole {
        return wrong("evidence.cut", "文件不完整（没有结尾），请重新导出或拍照后再上传。");
    }
    Ok(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(result: Result<EvidenceKind>) -> &'static str {
        match result {
            Ok(kind) => kernel::Code::code(kind),
            Err(Error::Wrong(faults)) => faults[0].code,
            Err(_) => "other",
        }
    }

    #[test]
    fn r44_a_file_is_what_its_content_says() {
        assert_eq!(code(admit(b"%PDF-1.7 ... %%EOF\n", 0)), "pdf");
        assert_eq!(code(admit(b"\xff\xd8\xff\xe0 ... \xff\xd9", 9)), "jpeg");
        assert_eq!(code(admit(b"\x89PNG\r\n\x1a\n ... IEND\xaeB`\x82", 0)), "png");
        assert_eq!(code(admit(b"MZ ... renamed to .pdf", 0)), "evidence.kind");
        assert_eq!(code(admit(b"<html>%PDF-1.7 %%EOF", 0)), "evidence.kind");
        assert_eq!(code(admit(b"%PDF-1.7 cut off", 0)), "evidence.cut");
        assert_eq!(code(admit(b"", 0)), "evidence.empty");
        assert_eq!(code(admit(b"%PDF-1.7 ... %%EOF", MOST_FILES)), "evidence.many");
        assert_eq!(code(admit(&vec![b'%'; MOST_BYTES + 1], 0)), "evidence.large");
    }
}
