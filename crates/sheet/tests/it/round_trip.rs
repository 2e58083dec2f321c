//! Whatever is written comes back, whichever way it goes.

use proptest::prelude::*;
use sheet::{Cell, Column, CsvWriter, Field, Writer};

use crate::files::Upload;

/// Texts with all that makes spreadsheets stumble: signs of formulas, quotes, escapes, line ends, rare characters.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        "[=+@'\"-]{1,3}[0-9a-z(),;\t]{0,6}",
        "[一-龥㐂𠮷，。！（）　０-９]{0,8}",
        "(_x00[0-9A-F]{2}_|&amp;|<t>|\\]\\]>|\n|\u{1}){0,4}",
        "[0-9]{15,19}",
    ]
}

fn columns() -> Vec<Column> {
    ["甲", "乙", "丙"].iter().map(|t| Column::new("x", *t)).collect()
}

/// What a reader makes of a text that was written: outer spaces are gone.
fn seen(text: &str) -> String {
    match Cell::from(&Written(text)) {
        Cell::Text(text) => text,
        _ => String::new(),
    }
}

struct Written<'a>(&'a str);

impl From<&Written<'_>> for Cell {
    fn from(written: &Written<'_>) -> Cell {
        let invisible = |c: char| matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}');
        let text = written.0.trim_matches(|c: char| c.is_whitespace() || invisible(c));
        match text {
            "" => Cell::Empty,
            t => Cell::Text(t.to_string()),
        }
    }
}

fn check(bytes: &[u8], rows: &[[String; 3]]) -> Result<(), TestCaseError> {
    let upload = Upload::new("a", bytes);
    let read = upload.rows().map_err(|p| TestCaseError::fail(p.to_string()))?;
    for (index, written) in rows.iter().enumerate() {
        let number = index as u32 + 2;
        let row = read.iter().find(|r| r.number == number);
        for (column, text) in written.iter().enumerate() {
            let found = row.map_or("", |r| r.cell(column).text());
            prop_assert_eq!(found, seen(text), "row {} column {}", number, column);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn workbooks_give_back_what_was_written(rows in prop::collection::vec([texts(), texts(), texts()], 0..6)) {
        let mut writer = Writer::create("表", &columns()).unwrap();
        for row in &rows {
            writer.row(&row.each_ref().map(|t| Field::text(t.as_str()))).unwrap();
        }
        check(&writer.finish().unwrap(), &rows)?;
    }

    #[test]
    fn csv_gives_back_what_was_written(rows in prop::collection::vec([texts(), texts(), texts()], 0..6)) {
        // A control character makes a text binary, and our exports hold none.
        let rows: Vec<[String; 3]> = rows
            .into_iter()
            .map(|r| r.map(|t| t.replace('\u{1}', "")))
            .filter(|r| !r.iter().all(|t| seen(t).is_empty()))
            .collect();
        let mut writer = CsvWriter::create(Vec::new(), &columns()).unwrap();
        for row in &rows {
            writer.row(&row.each_ref().map(|t| Field::text(t.as_str()))).unwrap();
        }
        check(&writer.finish().unwrap(), &rows)?;
    }

    #[test]
    fn hundredths_are_exact(n in -99_999_999_999_999i64..99_999_999_999_999) {
        let mut writer = Writer::create("表", &columns()).unwrap();
        writer.row(&[Field::hundredths(n)]).unwrap();
        let upload = Upload::new("a", &writer.finish().unwrap());
        let text = upload.rows().unwrap()[1].cells[0].text().to_string();
        let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
        let back: i64 = format!("{whole}{places:0<2}").parse().unwrap();
        prop_assert_eq!(back, n);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let upload = Upload::new("a", &bytes);
        let _ = upload.rows().map_err(|p| p.sentence());
    }

    #[test]
    fn no_damaged_workbook_makes_it_panic(at in 0usize..2_000, byte in any::<u8>()) {
        let mut book = crate::files::by_hand(
            &crate::files::sheet(r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row>"#),
            "<sst><si><t>张三</t></si></sst>",
            &[],
        );
        let at = at % book.len();
        book[at] = byte;
        let _ = Upload::new("a", &book).rows().map_err(|p| p.sentence());
    }
}
