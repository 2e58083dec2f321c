//! Files for the tests: written as Excel writes them, as other programs do, and as an attacker would.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use rust_xlsxwriter::{Workbook, Worksheet};
use sheet::{Cell, Column, Limits, Problem, Row, Source};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A folder that goes away, with one file in it.
pub struct Upload {
    _folder: TempDir,
    pub path: PathBuf,
}

impl Upload {
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Upload { _folder: folder, path }
    }

    pub fn open(&self) -> Result<Source, Problem> {
        Source::open(&self.path, &Limits::default())
    }

    pub fn rows(&self) -> Result<Vec<Row>, Problem> {
        self.open()?.rows().collect()
    }

    /// The problem that opening or reading meets.
    pub fn problem(&self, limits: &Limits) -> Problem {
        match Source::open(&self.path, limits) {
            Ok(source) => source
                .rows()
                .find_map(Result::err)
                .expect("the file was read without complaint"),
            Err(problem) => problem,
        }
    }
}

/// A workbook with shared strings, as Excel writes them.
pub fn shared(fill: impl FnOnce(&mut Worksheet)) -> Upload {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    Upload::new("roster.xlsx", &book.save_to_buffer().unwrap())
}

/// A workbook with inline strings, as streaming writers make them.
pub fn inline(fill: impl FnOnce(&mut Worksheet)) -> Upload {
    let mut book = Workbook::new();
    fill(book.add_worksheet_with_constant_memory().unwrap());
    Upload::new("roster.xlsx", &book.save_to_buffer().unwrap())
}

/// An archive of the given parts.
pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const ROOT: &str =
    r#"<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns:r="r"><sheets><sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const LINKS: &str = r#"<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>"#;

/// A workbook by hand: its sheet, its shared strings, and further parts.
pub fn by_hand(sheet: &str, strings: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    if !strings.is_empty() {
        parts.push(("xl/sharedStrings.xml", strings.as_bytes()));
    }
    parts.extend_from_slice(more);
    zipped(&parts)
}

pub fn sheet(rows: &str) -> String {
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>{rows}</sheetData></worksheet>"#)
}

pub fn text(text: &str) -> Cell {
    Cell::Text(text.to_string())
}

pub fn columns() -> Vec<Column> {
    vec![
        Column::new("name", "姓名")
            .required()
            .note("与证件一致。")
            .sample("张三"),
        Column::new("id", "证件号码").required().text().width(22),
        Column::new("level", "职称级别").choices(["初级", "中级", "副高级", "正高级"]),
        Column::new("since", "取得日期"),
    ]
}
