//! The press: templates and data in, PDF/A out. It parses fonts and templates once and may be used by many threads.
//! Templates see exactly three files, all in memory: the data as JSON, the QR code and the placeholder of the signed
//! record. No file system, no network, no packages, no clock: a template that asks for more fails.
//! Data stay data: a text in them is printed as it is and never read as markup.
//! Deliberately absent: signing (`slot.rs`) and templates chosen by users.

use std::path::PathBuf;

use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::fonts::{FontSet, Fonts};
use crate::{Certificate, Room, Statement, UtcSecond, qr_svg, slot};

const TEMPLATES: [(&str, &str); 3] = [
    ("/frame.typ", include_str!("../templates/frame.typ")),
    ("/certificate.typ", include_str!("../templates/certificate.typ")),
    ("/statement.typ", include_str!("../templates/statement.typ")),
];

/// After so many documents a memoised layout that nobody asked for again is forgotten: memory stays level.
const MEMORY_OF_DOCUMENTS: usize = 4;

/// Where a press finds what is not embedded.
#[derive(Debug, Clone)]
pub struct PressOptions {
    /// Full fonts for characters that the embedded ones lack, in the order in which they are tried; files that are not
    /// there are passed over. Some 50 MB of memory from the first rare character on.
    pub fallback_fonts: Vec<PathBuf>,
}

impl Default for PressOptions {
    /// Where Debian's package fonts-noto-cjk puts them.
    fn default() -> Self {
        let folder = PathBuf::from("/usr/share/fonts/opentype/noto");
        let names = ["NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"];
        Self {
            fallback_fonts: names.iter().map(|name| folder.join(name)).collect(),
        }
    }
}

/// A typeset document, not signed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// PDF/A-3a and PDF/UA-1, with a place for the signed record.
    pub pdf: Vec<u8>,
    pub pages: usize,
    /// Characters that no font had, printed as [`crate::REPLACEMENT`]; in order, each once.
    pub missing: Vec<char>,
}

/// Why nothing was typeset. Neither depends on characters in the data.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    #[error(transparent)]
    Qr(#[from] crate::QrError),
    /// A fault of a template, with typst's own words.
    #[error("排版失败：{0}")]
    Typesetting(String),
}

/// Fonts and templates, ready to print.
pub struct Press {
    library: LazyHash<Library>,
    sources: Vec<Source>,
    fonts: Fonts,
    standards: PdfStandards,
}

impl Press {
    /// Parses the embedded fonts and the templates: tens of milliseconds, so make one and keep it.
    pub fn new(options: PressOptions) -> Self {
        let sources = TEMPLATES.map(|(path, text)| Source::new(file_id(path), text.to_owned()));
        let standards = [PdfStandard::A_3a, PdfStandard::Ua_1];
        Self {
            library: LazyHash::new(Library::default()),
            sources: sources.into(),
            fonts: Fonts::new(options.fallback_fonts),
            standards: PdfStandards::new(&standards).expect("both allow PDF 1.7"),
        }
    }

    /// One A4 page. Takes milliseconds of processor time: call it from a blocking thread.
    pub fn certificate(&self, certificate: &Certificate) -> Result<Rendered, PressError> {
        self.certificate_with(certificate, Room::STANDARD)
    }

    /// As [`Press::certificate`], with room for a record that carries proofs.
    pub fn certificate_with(&self, certificate: &Certificate, room: Room) -> Result<Rendered, PressError> {
        let document = Document {
            template: "/certificate.typ",
            number: &certificate.number,
            verify_url: &certificate.verify_url,
            issued_at: &certificate.issued_at,
            room,
        };
        self.print(&document, certificate)
    }

    /// As many A4 pages as the entries need.
    pub fn statement(&self, statement: &Statement) -> Result<Rendered, PressError> {
        self.statement_with(statement, Room::STANDARD)
    }

    /// As [`Press::statement`], with room for a record that carries proofs.
    pub fn statement_with(&self, statement: &Statement, room: Room) -> Result<Rendered, PressError> {
        let document = Document {
            template: "/statement.typ",
            number: &statement.number,
            verify_url: &statement.verify_url,
            issued_at: &statement.issued_at,
            room,
        };
        self.print(&document, statement)
    }

    fn print(&self, document: &Document<'_>, data: &impl Serialize) -> Result<Rendered, PressError> {
        let mut data = serde_json::to_value(data).expect("texts, booleans and lists always serialise");
        let printable = self.fonts.make_printable(&mut data);
        let page = serde_json::json!({ "data": data, "families": printable.fonts.families() });
        let sheet = Sheet {
            press: self,
            fonts: printable.fonts,
            main: file_id(document.template),
            files: [
                (file_id("/data.json"), Bytes::new(page.to_string().into_bytes())),
                (
                    file_id("/qr.svg"),
                    Bytes::new(qr_svg(document.verify_url)?.into_bytes()),
                ),
                (file_id("/record"), Bytes::new(slot::placeholder(document.room))),
            ],
        };
        let paged = typst::compile::<PagedDocument>(&sheet)
            .output
            .map_err(|errors| failed(&errors))?;
        let options = PdfOptions {
            ident: Smart::Custom(document.number.to_owned()),
            creator: Smart::Custom(Some("zhixin-seal".to_owned())),
            timestamp: Some(Timestamp::new_utc(datetime(document.issued_at))),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&paged, &options).map_err(|errors| failed(&errors))?;
        typst::comemo::evict(MEMORY_OF_DOCUMENTS);
        Ok(Rendered {
            pdf,
            pages: paged.pages().len(),
            missing: printable.missing,
        })
    }
}

/// What the press itself needs of a document; the rest only the template knows.
struct Document<'a> {
    template: &'static str,
    number: &'a str,
    verify_url: &'a str,
    issued_at: &'a UtcSecond,
    room: Room,
}

fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("our own paths are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

fn datetime(at: &UtcSecond) -> Datetime {
    let (year, month, day, hour, minute, second) = at.parts();
    Datetime::from_ymd_hms(year, month, day, hour, minute, second).expect("a moment that exists")
}

fn failed(errors: &[SourceDiagnostic]) -> PressError {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    PressError::Typesetting(messages.join("; "))
}

/// The world of one document, as typst asks for it.
struct Sheet<'a> {
    press: &'a Press,
    fonts: &'a FontSet,
    main: FileId,
    files: [(FileId, Bytes); 3],
}

impl World for Sheet<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.press
            .sources
            .iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files
            .iter()
            .find(|(file, _)| *file == id)
            .map(|(_, bytes)| bytes.clone())
            .ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}
