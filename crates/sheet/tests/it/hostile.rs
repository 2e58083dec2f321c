//! Files that want to hurt, and files that are something else.

use std::time::{Duration, Instant};

use sheet::{Foreign, Hazard, Limits, Problem};

use crate::files::{Upload, by_hand, sheet, zipped};

fn problem(bytes: &[u8]) -> Problem {
    let started = Instant::now();
    let problem = Upload::new("roster.xlsx", bytes).problem(&Limits::default());
    assert!(started.elapsed() < Duration::from_secs(30), "{problem}");
    problem
}

fn foreign(bytes: &[u8]) -> Foreign {
    match problem(bytes) {
        Problem::Foreign { found } => found,
        other => panic!("{other}"),
    }
}

#[test]
fn content_decides_not_the_name() {
    assert_eq!(problem(b""), Problem::Empty);
    assert_eq!(problem(b"\xEF\xBB\xBF \n"), Problem::Empty);
    assert_eq!(foreign(b"%PDF-1.7 ..."), Foreign::Pdf);
    assert_eq!(foreign(b"  \n<HTML><table><tr><td>1</td></tr></table>"), Foreign::Html);
    assert_eq!(foreign(b"<?xml version=\"1.0\"?><Workbook/>"), Foreign::Xml);
    assert_eq!(foreign(b"\x89PNG\r\n\x1a\n"), Foreign::Image);
    assert_eq!(foreign(&[1, 2, 3, 4, 5]), Foreign::Binary);
    assert_eq!(foreign(&zipped(&[("a.txt", b"x")])), Foreign::Archive);
    let word = zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    assert_eq!(foreign(&word), Foreign::Word);
    let ods = zipped(&[("mimetype", b"x"), ("content.xml", b"<x/>")]);
    assert_eq!(foreign(&ods), Foreign::OpenDocument);
    let xlsb = zipped(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", b"x")]);
    assert_eq!(foreign(&xlsb), Foreign::BinaryWorkbook);
}

#[test]
fn old_and_locked_workbooks_are_told_apart() {
    let compound = |stream: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.resize(65_500, 0);
        bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    assert_eq!(problem(&compound("Workbook")), Problem::OldExcel);
    assert_eq!(problem(&compound("EncryptedPackage")), Problem::Encrypted);
    assert_eq!(foreign(&compound("WordDocument")), Foreign::Word);
}

#[test]
fn a_bomb_is_refused_by_its_directory() {
    let bomb = by_hand(&sheet(&" ".repeat(4 << 20)), "", &[]);
    assert!(bomb.len() < 32 << 10);
    assert_eq!(problem(&bomb).code(), "bomb");
    // Ten parts, each of them modest and honest, together too much.
    let many: Vec<String> = (0..10).map(|i| format!("xl/media/{i}.png")).collect();
    let noise: Vec<u8> = (0..200u32 << 10)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let parts: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), noise.as_slice())).collect();
    let limits = Limits {
        unpacked_bytes: 1 << 20,
        ..Limits::default()
    };
    let upload = Upload::new("a.xlsx", &by_hand(&sheet(""), "", &parts));
    assert_eq!(upload.problem(&limits), Problem::Bomb { limit: 1 << 20 });
    assert!(upload.rows().is_ok());
}

/// Overwrites a number about a part in its own header and in the directory: its size (22, 24) or its checksum (14, 16).
fn lie(bytes: &mut [u8], name: &str, (own, listed): (usize, usize), number: u32) {
    let mut lies = 0;
    for at in 0..bytes.len() - 46 {
        let (field, title) = match &bytes[at..at + 4] {
            b"PK\x03\x04" => (at + own, at + 30),
            b"PK\x01\x02" => (at + listed, at + 46),
            _ => continue,
        };
        if bytes[title..].starts_with(name.as_bytes()) {
            bytes[field..field + 4].copy_from_slice(&number.to_le_bytes());
            lies += 1;
        }
    }
    assert_eq!(lies, 2);
}

#[test]
fn a_directory_that_lies_gains_nothing() {
    let mut bomb = by_hand(&sheet(&"<row/>".repeat(1 << 20)), "", &[]);
    lie(&mut bomb, "xl/worksheets/sheet1.xml", (22, 24), 1000);
    assert_eq!(problem(&bomb).code(), "damaged");
}

#[test]
fn a_wrong_size_or_checksum_is_noticed() {
    for (place, number) in [((22, 24), 100_000), ((14, 16), 7)] {
        let mut book = by_hand(&sheet("<row r=\"1\"><c><v>1</v></c></row>"), "", &[]);
        lie(&mut book, "xl/worksheets/sheet1.xml", place, number);
        assert_eq!(problem(&book).code(), "damaged");
    }
}

#[test]
fn entities_are_never_declared() {
    let laughs =
        r#"<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>"#;
    let refused = Problem::Unsafe { what: Hazard::Doctype };
    assert_eq!(problem(&by_hand(&sheet(""), laughs, &[])), refused);
    let file = r#"<!DOCTYPE worksheet SYSTEM "file:///etc/passwd"><worksheet><sheetData/></worksheet>"#;
    assert_eq!(problem(&by_hand(file, "", &[])), refused);
    let unknown = sheet(r#"<row r="1"><c t="str"><v>&xxe;</v></c></row>"#);
    assert_eq!(problem(&by_hand(&unknown, "", &[])).code(), "damaged");
}

#[test]
fn monstrous_xml_is_refused() {
    let nested = sheet(&"<a>".repeat(100_000));
    assert_eq!(
        problem(&by_hand(&nested, "", &[])),
        Problem::Unsafe { what: Hazard::Nesting }
    );
    // Varied enough that the ratio alone does not refuse it.
    let long: String = (0..900_000u32)
        .map(|i| char::from(b'a' + (i.wrapping_mul(2_654_435_761) >> 28) as u8))
        .collect();
    let piece = Problem::Unsafe {
        what: Hazard::LongPiece,
    };
    let text = sheet(&format!("<row r=\"1\"><c t=\"str\"><v>{long}</v></c></row>"));
    assert_eq!(problem(&by_hand(&text, "", &[])), piece);
    let attribute = sheet(&format!("<row r=\"1\" x=\"{long}\"></row>"));
    assert_eq!(problem(&by_hand(&attribute, "", &[])), piece);
}

#[test]
fn many_attributes_cost_no_square() {
    let attributes: String = (0..30_000).map(|i| format!(" a{i}=\"1\"")).collect();
    let wide = sheet(&format!("<row{attributes} r=\"0\"></row>"));
    assert_eq!(problem(&by_hand(&wide, "", &[])).code(), "damaged");
}

#[test]
fn absurd_places_are_refused_or_cost_nothing() {
    let rows = |rows: &str| Upload::new("a.xlsx", &by_hand(&sheet(rows), "", &[]));
    let far = rows(r#"<row r="1048576"><c r="B1048576"><v>1</v></c></row>"#);
    assert_eq!(far.rows().unwrap()[0].number, 1_048_576);
    let wide = rows(r#"<row r="7"><c r="XFD7"><v>1</v></c></row>"#);
    assert_eq!(
        wide.problem(&Limits::default()),
        Problem::TooManyColumns { row: 7, limit: 256 }
    );
    for bad in [
        r#"<row r="4294967295"><c r="A1"><v>1</v></c></row>"#,
        r#"<row r="1048577"><c r="A1"><v>1</v></c></row>"#,
        r#"<row r="2"></row><row r="2"></row>"#,
        r#"<row r="3"></row><row r="2"></row>"#,
        r#"<row r="1"><c r="B1"/><c r="A1"/></row>"#,
        r#"<row r="1"><c r="ZZZZZZZZZZ1"/></row>"#,
        r#"<row r="1"><c r="1"/></row>"#,
        r#"<row r="1"><c t="s"><v>0</v></c></row>"#,
        r#"<row r="1"><c t="s"><v>99999999999999999999</v></c></row>"#,
        r#"<row r="1"><c"#,
        r#"<row r="1"></c>"#,
    ] {
        let upload = rows(bad);
        assert_eq!(upload.problem(&Limits::default()).code(), "damaged", "{bad}");
    }
}

#[test]
fn claimed_dimensions_are_not_believed() {
    let book =
        r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"#;
    let upload = Upload::new("a.xlsx", &by_hand(book, "", &[]));
    assert_eq!(upload.rows().unwrap().len(), 1);
}

#[test]
fn two_parts_of_one_name_are_refused() {
    let twin = by_hand(&sheet(""), "", &[("XL/Worksheets/Sheet1.xml", b"<worksheet/>")]);
    let refused = Problem::Unsafe {
        what: Hazard::DuplicateParts,
    };
    assert_eq!(problem(&twin), refused);
    let mut same = by_hand(&sheet(""), "", &[("xl/worksheets/sheet2.xml", b"<worksheet/>")]);
    for at in 0..same.len() - 24 {
        if same[at..].starts_with(b"xl/worksheets/sheet2.xml") {
            same[at + 19] = b'1';
        }
    }
    assert_eq!(problem(&same), refused);
}

#[test]
fn links_to_other_files_are_refused() {
    let linked = by_hand(&sheet(""), "", &[("xl/externalLinks/externalLink1.xml", b"<x/>")]);
    assert_eq!(
        problem(&linked),
        Problem::Unsafe {
            what: Hazard::ExternalLinks
        }
    );
}

#[test]
fn macros_are_ignored() {
    let book = sheet("<row><c><v>1</v></c></row>");
    let upload = Upload::new("a.xlsm", &by_hand(&book, "", &[("xl/vbaProject.bin", b"evil")]));
    assert_eq!(upload.rows().unwrap().len(), 1);
}

#[test]
fn too_many_parts_are_refused_before_they_are_listed() {
    let names: Vec<String> = (0..2_100).map(|i| format!("{i}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), b"".as_slice())).collect();
    assert_eq!(
        problem(&zipped(&parts)),
        Problem::Unsafe {
            what: Hazard::TooManyParts
        }
    );
}

#[test]
fn half_a_file_is_damaged() {
    let book = by_hand(&sheet("<row><c><v>1</v></c></row>"), "", &[]);
    assert_eq!(problem(&book[..book.len() / 2]).code(), "damaged");
    assert_eq!(problem(b"PK\x03\x04").code(), "damaged");
}

#[test]
fn every_problem_tells_what_to_do() {
    for bytes in [
        b"%PDF".as_slice(),
        b"",
        b"PK\x03\x04",
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    ] {
        let sentence = problem(bytes).sentence();
        assert!(sentence.contains('请') && sentence.ends_with('。'), "{sentence}");
    }
}
