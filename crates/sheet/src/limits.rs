//! How much of an upload we are willing to look at. Deliberately absent: limits on time; the caller runs imports as jobs.

/// Bounds on one file. Every one of them ends the reading with a [`crate::Problem`] that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it was uploaded.
    pub file_bytes: u64,
    /// Bytes of all parts of a workbook together, inflated.
    pub unpacked_bytes: u64,
    /// How many times larger than its packed form a part may be (only parts above 1 MiB are judged:
    /// small ones can do no harm and often repeat themselves).
    pub ratio: u64,
    /// Parts in the archive of a workbook.
    pub parts: usize,
    /// Rows with content, the heading included.
    pub rows: u32,
    /// The last column that may have content, counted from 1.
    pub columns: usize,
    /// Characters in one cell. The default is what Excel itself allows.
    pub cell_chars: usize,
    /// Memory for the table of shared strings, in bytes.
    pub shared_strings_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 20 << 20,
            unpacked_bytes: 200 << 20,
            // The office library of the Apache foundation has drawn the line at 100 for years.
            ratio: 100,
            parts: 2_000,
            rows: 200_000,
            columns: 256,
            cell_chars: 32_767,
            shared_strings_bytes: 64 << 20,
        }
    }
}
