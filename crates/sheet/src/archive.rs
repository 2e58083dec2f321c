//! The parts of a workbook: a directory that is judged before anything is unpacked, and parts whose real size is counted while they are.
//!
//! A part can never give out more than the directory declared, and the sum of the declared sizes is within the limit
//! before the first byte is inflated, so a lying directory gains nothing. Deliberately absent: methods other than
//! stored and deflated, encryption, archives in several volumes.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Take};
use std::path::{Path, PathBuf};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use crate::limits::Limits;
use crate::problem::{Foreign, Hazard, Problem};

/// Below this size a ratio says nothing about intent.
const RATIO_FROM: u64 = 1 << 20;
/// The longest piece of XML between two tags. The longest text that Excel allows has 32,767 characters.
const PIECE: u64 = 512 << 10;

/// Where one part lies in the file.
#[derive(Debug, Clone)]
struct Entry {
    name: String,
    start: u64,
    packed: u64,
    unpacked: u64,
    crc: u32,
    deflated: bool,
}

/// The directory of a workbook that has passed every check which needs no unpacking.
#[derive(Debug, Clone)]
pub(crate) struct Archive {
    path: PathBuf,
    entries: Vec<Entry>,
}

impl Archive {
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, Problem> {
        let mut file = File::open(path).map_err(Problem::unreadable)?;
        if headers(&mut file)? > limits.parts {
            return Err(hazard(Hazard::TooManyParts));
        }
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|_| directory())?;
        if zip.has_duplicate_names() {
            return Err(hazard(Hazard::DuplicateParts));
        }
        if zip.has_overlapping_files().map_err(|_| directory())? {
            return Err(hazard(Hazard::Overlap));
        }
        let mut entries = Vec::with_capacity(zip.len());
        for index in 0..zip.len() {
            entries.push(entry(&mut zip, index)?);
        }
        let archive = Archive {
            path: path.to_path_buf(),
            entries,
        };
        archive.judge_names()?;
        archive.judge_sizes(limits)?;
        Ok(archive)
    }

    /// Office programs compare names without regard to case, so two that differ only in it are the same part twice.
    fn judge_names(&self) -> Result<(), Problem> {
        let mut seen = HashSet::new();
        for entry in &self.entries {
            if !seen.insert(entry.name.as_str()) {
                return Err(hazard(Hazard::DuplicateParts));
            }
        }
        let has = |start: &str| self.entries.iter().any(|e| e.name.starts_with(start));
        if has("xl/workbook.bin") {
            return Err(foreign(Foreign::BinaryWorkbook));
        }
        if has("xl/externallinks/") {
            return Err(hazard(Hazard::ExternalLinks));
        }
        if has("[content_types].xml") {
            return match () {
                _ if has("word/") => Err(foreign(Foreign::Word)),
                _ if has("ppt/") => Err(foreign(Foreign::Slides)),
                _ => Ok(()),
            };
        }
        Err(foreign(if has("mimetype") && has("content.xml") {
            Foreign::OpenDocument
        } else {
            Foreign::Archive
        }))
    }

    fn judge_sizes(&self, limits: &Limits) -> Result<(), Problem> {
        let bomb = Problem::Bomb {
            limit: limits.unpacked_bytes,
        };
        let mut total = 0u64;
        for entry in &self.entries {
            total = total.saturating_add(entry.unpacked);
            let swollen = entry.unpacked > RATIO_FROM && entry.unpacked / limits.ratio.max(1) > entry.packed;
            if total > limits.unpacked_bytes || swollen {
                return Err(bomb);
            }
        }
        Ok(())
    }

    /// Opens a part by its name (any case, with or without a leading slash), or `None` if there is none.
    pub(crate) fn part(&self, name: &str) -> Result<Option<Part>, Problem> {
        let wanted = canonical(name);
        let Some(entry) = self.entries.iter().find(|e| e.name == wanted) else {
            return Ok(None);
        };
        let mut file = File::open(&self.path).map_err(Problem::unreadable)?;
        file.seek(SeekFrom::Start(entry.start)).map_err(Problem::unreadable)?;
        let packed = BufReader::with_capacity(32 << 10, file.take(entry.packed));
        Ok(Some(Part {
            bytes: if entry.deflated {
                Bytes::Deflated(DeflateDecoder::new(packed))
            } else {
                Bytes::Stored(packed)
            },
            left: entry.unpacked,
            piece: 0,
            crc: Crc::new(),
            expected: entry.crc,
            name: entry.name.clone(),
        }))
    }
}

fn hazard(what: Hazard) -> Problem {
    Problem::Unsafe { what }
}

fn foreign(found: Foreign) -> Problem {
    Problem::Foreign { found }
}

fn directory() -> Problem {
    Problem::damaged("zip")
}

fn canonical(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// How many directory headers the file contains, counted before a library makes room for them.
fn headers(file: &mut File) -> Result<usize, Problem> {
    let mut count = 0;
    let mut buffer = vec![0; 64 << 10];
    let mut kept = 0;
    loop {
        let read = file.read(&mut buffer[kept..]).map_err(Problem::unreadable)?;
        let filled = kept + read;
        count += buffer[..filled].windows(4).filter(|w| w == b"PK\x01\x02").count();
        if read == 0 {
            break;
        }
        kept = filled.min(3);
        buffer.copy_within(filled - kept..filled, 0);
    }
    file.rewind().map_err(Problem::unreadable)?;
    Ok(count)
}

fn entry(zip: &mut ZipArchive<BufReader<File>>, index: usize) -> Result<Entry, Problem> {
    let file = zip.by_index_raw(index).map_err(|_| directory())?;
    if file.encrypted() {
        return Err(Problem::Encrypted);
    }
    let deflated = match file.compression() {
        CompressionMethod::Stored => false,
        CompressionMethod::Deflated => true,
        _ => return Err(directory()),
    };
    Ok(Entry {
        name: canonical(&file.name().map_err(|_| directory())?),
        start: file.data_start().ok_or_else(directory)?,
        packed: file.compressed_size(),
        unpacked: file.size(),
        crc: file.crc32(),
        deflated,
    })
}

enum Bytes {
    Deflated(DeflateDecoder<BufReader<Take<File>>>),
    Stored(BufReader<Take<File>>),
}

/// The bytes of one part, counted against what the directory declared and, between two calls of
/// [`Part::begin_piece`], against the longest piece that XML may have.
pub(crate) struct Part {
    bytes: Bytes,
    left: u64,
    piece: u64,
    crc: Crc,
    expected: u32,
    name: String,
}

impl Part {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn begin_piece(&mut self) {
        self.piece = 0;
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.piece > PIECE {
            return Err(std::io::Error::other(hazard(Hazard::LongPiece)));
        }
        let read = match &mut self.bytes {
            Bytes::Deflated(bytes) => bytes.read(buffer)?,
            Bytes::Stored(bytes) => bytes.read(buffer)?,
        };
        let lie = || std::io::Error::other(Problem::damaged(&self.name));
        if read == 0 && !buffer.is_empty() {
            let whole = self.left == 0 && self.crc.sum() == self.expected;
            return if whole { Ok(0) } else { Err(lie()) };
        }
        self.left = self.left.checked_sub(read as u64).ok_or_else(lie)?;
        self.crc.update(&buffer[..read]);
        self.piece += read as u64;
        Ok(read)
    }
}
