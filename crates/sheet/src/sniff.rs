//! What a file is by its bytes; its name is never asked. Deliberately absent: opening anything; this only looks.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::decoded::{self, Decoded};
use crate::problem::{Foreign, Problem};

/// What can be read.
#[derive(Debug)]
pub(crate) enum Content {
    /// An archive that may be a workbook.
    Zip,
    /// Text in this encoding.
    Text(&'static Encoding),
}

const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Beginnings of files that are surely something else.
const FOREIGN: [(&[u8], Foreign); 11] = [
    (b"%PDF", Foreign::Pdf),
    (b"\x89PNG", Foreign::Image),
    (b"\xFF\xD8\xFF", Foreign::Image),
    (b"GIF8", Foreign::Image),
    (b"7z\xBC\xAF", Foreign::Archive),
    (b"Rar!", Foreign::Archive),
    (b"\x1F\x8B", Foreign::Archive),
    (b"PK\x05\x06", Foreign::Archive),
    (b"{\\rtf", Foreign::Word),
    (b"\x7FELF", Foreign::Binary),
    (b"MZ\x90", Foreign::Binary),
];

pub(crate) fn content(path: &Path) -> Result<Content, Problem> {
    let mut file = File::open(path).map_err(Problem::unreadable)?;
    let mut head = Vec::new();
    (&mut file)
        .take(8 << 10)
        .read_to_end(&mut head)
        .map_err(Problem::unreadable)?;
    if head.is_empty() {
        return Err(Problem::Empty);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(Content::Zip);
    }
    if head.starts_with(OLE) {
        return Err(compound(&mut file)?);
    }
    if let Some((_, found)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(Problem::Foreign { found: *found });
    }
    let encoding = encoding(path, &head)?;
    markup(path, encoding)?;
    Ok(Content::Text(encoding))
}

/// Old office files and files with a password share one container; the names of its streams tell them apart.
fn compound(file: &mut File) -> Result<Problem, Problem> {
    file.rewind().map_err(Problem::unreadable)?;
    let wide = |name: &str| -> Vec<u8> { name.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let (locked, word) = (wide("EncryptedPackage"), wide("WordDocument"));
    let mut buffer = vec![0; 64 << 10];
    let mut kept = 0;
    loop {
        let read = file.read(&mut buffer[kept..]).map_err(Problem::unreadable)?;
        let filled = kept + read;
        let has = |name: &[u8]| buffer[..filled].windows(name.len()).any(|w| w == name);
        if has(&locked) {
            return Ok(Problem::Encrypted);
        }
        if has(&word) {
            return Ok(Problem::Foreign { found: Foreign::Word });
        }
        if read == 0 {
            return Ok(Problem::OldExcel);
        }
        kept = filled.min(locked.len() - 1);
        buffer.copy_within(filled - kept..filled, 0);
    }
}

/// The encoding of a text: a mark at the beginning, the zero bytes of UTF-16, or the first of UTF-8 and GB18030
/// that the whole file conforms to.
fn encoding(path: &Path, head: &[u8]) -> Result<&'static Encoding, Problem> {
    let binary = Problem::Foreign { found: Foreign::Binary };
    let claimed = match Encoding::for_bom(head) {
        Some((encoding, _)) => Some(encoding),
        None => sixteen_bits(head),
    };
    if let Some(encoding) = claimed {
        return check(path, encoding)?
            .map(|()| encoding)
            .map_err(|line| match encoding {
                e if e == UTF_8 => Problem::Encoding { line },
                _ => binary,
            });
    }
    if controls(path)? {
        return Err(binary);
    }
    if check(path, UTF_8)?.is_ok() {
        return Ok(UTF_8);
    }
    match check(path, GB18030)? {
        Ok(()) => Ok(GB18030),
        Err(line) => Err(Problem::Encoding { line }),
    }
}

/// UTF-16 without a mark betrays itself by the zero halves of its commas, digits and line ends.
fn sixteen_bits(head: &[u8]) -> Option<&'static Encoding> {
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    match () {
        _ if (first + second) * 20 < head.len() => None,
        _ if second > 3 * first => Some(UTF_16LE),
        _ if first > 3 * second => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether bytes occur that no text of ours contains, in any of the encodings whose bytes below 32 are controls.
fn controls(path: &Path) -> Result<bool, Problem> {
    let mut file = File::open(path).map_err(Problem::unreadable)?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut buffer).map_err(Problem::unreadable)?;
        if read == 0 {
            return Ok(false);
        }
        // 0x1A ended texts in the days of DOS and some exports still write it.
        if buffer[..read]
            .iter()
            .any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | 0x1A))
        {
            return Ok(true);
        }
    }
}

/// Decodes the whole file; `Err` within is the line of the first mistake.
fn check(path: &Path, encoding: &'static Encoding) -> Result<Result<(), u64>, Problem> {
    let file = File::open(path).map_err(Problem::unreadable)?;
    let mut text = Decoded::new(file, encoding);
    let mut buffer = vec![0; 64 << 10];
    loop {
        match text.read(&mut buffer) {
            Ok(0) => return Ok(Ok(())),
            Ok(_) => {}
            Err(error) => {
                return match Problem::from_io(&error) {
                    Some(Problem::Encoding { line }) => Ok(Err(line)),
                    _ => Err(Problem::unreadable(error)),
                };
            }
        }
    }
}

/// Web pages and XML saved under the name of a spreadsheet are common exports of old systems.
fn markup(path: &Path, encoding: &'static Encoding) -> Result<(), Problem> {
    let head = decoded::head(path, encoding, 1 << 10)?;
    let head = head.trim_start().to_lowercase();
    if head.is_empty() {
        return Err(Problem::Empty);
    }
    let page = ["<html", "<!doctype html", "<table", "<head", "<meta", "<style"];
    let found = match () {
        _ if page.iter().any(|tag| head.starts_with(tag)) => Foreign::Html,
        _ if head.starts_with("<?xml") && head.contains("<html") => Foreign::Html,
        _ if head.starts_with("<?xml") || head.starts_with("<!") => Foreign::Xml,
        _ => return Ok(()),
    };
    Err(Problem::Foreign { found })
}
