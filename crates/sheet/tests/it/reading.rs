//! What is read is what the person saw.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula};
use sheet::{Cell, Kind, Limits, Problem, Row, Source};

use crate::files::{Upload, by_hand, columns, inline, shared, sheet, text};

fn fill(sheet: &mut rust_xlsxwriter::Worksheet) {
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let code = Format::new().set_num_format("000000");
    let day = ExcelDateTime::from_ymd(2024, 3, 1).unwrap();
    sheet.write_string(0, 0, "姓名*").unwrap();
    sheet.write_string(0, 1, "证件号码").unwrap();
    sheet.write_string(2, 0, "　张三 ").unwrap();
    sheet.write_string(2, 1, "310101199001011230").unwrap();
    sheet.write_number(2, 2, 0.1 + 0.2).unwrap();
    sheet.write_datetime_with_format(2, 3, day, &date).unwrap();
    sheet.write_boolean(2, 4, true).unwrap();
    sheet.write_string(3, 0, "李\n四 & <五>").unwrap();
    sheet.write_number(3, 1, 310101199001011230f64).unwrap();
    sheet.write_number_with_format(3, 2, 1234, &code).unwrap();
    sheet
        .write_formula(3, 3, Formula::new("=A1").set_result("姓名"))
        .unwrap();
    sheet.write_string(3, 4, " 　").unwrap();
}

fn expected() -> Vec<Row> {
    let row = |number, cells| Row { number, cells };
    vec![
        row(1, vec![text("姓名*"), text("证件号码")]),
        row(
            3,
            vec![
                text("张三"),
                text("310101199001011230"),
                Cell::Number("0.3".into()),
                Cell::Date("2024-03-01".into()),
                Cell::Bool(true),
            ],
        ),
        row(
            4,
            vec![
                text("李\n四 & <五>"),
                Cell::LossyNumber("310101199001011200".into()),
                Cell::Number("001234".into()),
                text("姓名"),
            ],
        ),
    ]
}

#[test]
fn shared_and_inline_strings_read_alike() {
    let mut expected = expected();
    // The binary number nearest to the identifier is what the writer stores.
    expected[2].cells[1] = Cell::LossyNumber(format!("{:.0}", 310101199001011230f64));
    assert_eq!(shared(fill).rows().unwrap(), expected);
    assert_eq!(inline(fill).rows().unwrap(), expected);
}

#[test]
fn a_source_can_be_read_again_and_elsewhere() {
    let source = shared(fill).open().map(|_| ());
    assert_eq!(source, Ok(()));
    let upload = shared(fill);
    let source = upload.open().unwrap();
    assert_eq!((source.kind(), source.sheet_name()), (Kind::Xlsx, Some("Sheet1")));
    let rows = source.rows();
    let there = std::thread::spawn(move || rows.count()).join().unwrap();
    assert_eq!((there, source.rows().count()), (3, 3));
}

#[test]
fn what_other_programs_write() {
    let rows = r##"<x:row xmlns:x="x"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></x:row>
        <row r="5"><c r="B5" t="e"><v>#N/A</v></c><c r="D5"><f>A1</f></c><c r="E5" t="d"><v>2024-03-01T09:30:00Z</v></c>
        <c r="F5" s="9"/><c r="G5" t="str"><f>A1</f><v>甲&amp;&#x4E59;</v></c></row>
        <row r="1048576"><c r="XFD1048576" s="1"/></row>"##;
    let strings = r#"<sst count="999999999"><si><r><t>姓</t></r><r><t>名</t></r><rPh><t>xìng</t></rPh></si>
        <si><t><![CDATA[证<件>]]></t></si></sst>"#;
    let upload = Upload::new("a.xlsx", &by_hand(&sheet(rows), strings, &[]));
    assert_eq!(
        upload.rows().unwrap(),
        [
            Row {
                number: 1,
                cells: vec![text("姓名"), text("证<件>")]
            },
            Row {
                number: 5,
                cells: vec![
                    Cell::Empty,
                    Cell::Fault("#N/A".into()),
                    Cell::Empty,
                    Cell::Fault("#公式".into()),
                    Cell::Date("2024-03-01T09:30:00".into()),
                    Cell::Empty,
                    text("甲&乙"),
                ]
            },
        ]
    );
}

#[test]
fn hidden_sheets_are_passed_over() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let hidden = book.add_worksheet();
    hidden.set_hidden(true).write_string(0, 0, "藏").unwrap();
    book.add_worksheet().set_active(true).write_string(0, 0, "见").unwrap();
    let upload = Upload::new("a.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(upload.rows().unwrap()[0].cells, [text("见")]);
}

const TABLE: &str = "姓名,证件号码\r\n\r\n张三,310101199001011230\r\n\"李\r\n四\",\"a\"\"b\"\r\n王五,x";

fn table() -> Vec<Row> {
    let row = |number, a: &str, b: &str| Row {
        number,
        cells: vec![text(a), text(b)],
    };
    vec![
        row(1, "姓名", "证件号码"),
        row(3, "张三", "310101199001011230"),
        row(4, "李\r\n四", "a\"b"),
        row(5, "王五", "x"),
    ]
}

#[test]
fn csv_in_every_encoding_that_excel_writes() {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let gb = encoding_rs::GB18030.encode(TABLE).0.into_owned();
    let bom = [b"\xEF\xBB\xBF", TABLE.as_bytes()].concat();
    let tabs = TABLE.replace(',', "\t");
    let wide = [b"\xFF\xFE".to_vec(), utf16(&tabs)].concat();
    for (bytes, kind) in [
        (TABLE.as_bytes().to_vec(), Kind::Utf8),
        (bom, Kind::Utf8),
        (gb, Kind::Gb18030),
        (wide, Kind::Utf16),
        (utf16(TABLE), Kind::Utf16),
    ] {
        // The name says workbook, the bytes say text.
        let upload = Upload::new("wrong.xlsx", &bytes);
        assert_eq!(upload.open().unwrap().kind(), kind);
        assert_eq!(upload.rows().unwrap(), table(), "{kind:?}");
    }
    let unix = Upload::new("a.csv", TABLE.replace("\r\n", "\n").as_bytes());
    assert_eq!(unix.rows().unwrap()[2].number, 4);
    let blank_first = Upload::new("a.csv", b"\r\n\r\na,b\r\nc,d\r\n");
    let numbers: Vec<u32> = blank_first.rows().unwrap().iter().map(|r| r.number).collect();
    assert_eq!(numbers, [3, 4]);
    let mac = Upload::new("a.csv", b"a,b\rc,d\re,f");
    assert_eq!(mac.rows().unwrap().len(), 3);
}

#[test]
fn rare_characters_of_gb18030() {
    // 㐂 needs four bytes, and the encoder of the web standard knows all of them.
    let bytes = encoding_rs::GB18030.encode("姓名\n㐂喆𠮷\n").0.into_owned();
    assert_eq!(Upload::new("a.csv", &bytes).rows().unwrap()[1].cells, [text("㐂喆𠮷")]);
}

#[test]
fn text_that_is_neither_names_the_line() {
    let mut bytes = encoding_rs::GB18030.encode("姓名\n张三\n").0.into_owned();
    bytes.extend_from_slice(b"\xFF\xFF\n");
    let problem = Upload::new("a.csv", &bytes).problem(&Limits::default());
    assert_eq!(problem, Problem::Encoding { line: 3 });
}

#[test]
fn the_heading_is_found_below_a_title() {
    let upload = shared(|sheet| {
        sheet.write_string(0, 0, "2024 年度花名册").unwrap();
        for (place, title) in (0..).zip(["序号", "证件号码 *", "姓 名"]) {
            sheet.write_string(2, place, title).unwrap();
        }
        sheet.write_string(3, 2, "张三").unwrap();
        sheet.write_string(5, 1, "X1").unwrap();
    });
    let source = upload.open().unwrap();
    let (mapping, rows) = source.table(&columns()).unwrap();
    let rows: Vec<Row> = rows.map(Result::unwrap).collect();
    assert_eq!((mapping.row(), rows.len()), (3, 2));
    assert_eq!(mapping.cell(&rows[0], "name"), &text("张三"));
    assert_eq!(mapping.cell(&rows[1], "id"), &text("X1"));
    assert_eq!(mapping.cell(&rows[1], "level"), &Cell::Empty);
    assert_eq!(mapping.unknown(), ["序号"]);
}

#[test]
fn a_file_without_heading_says_what_it_should_have() {
    let problem = |text: &str| {
        let upload = Upload::new("a.csv", text.as_bytes());
        let source = upload.open().unwrap();
        source.table(&columns()).unwrap_err()
    };
    assert_eq!(
        problem("张三,1\n").sentence(),
        "没有找到表头。请使用模板，表头应有：姓名、证件号码。"
    );
    assert_eq!(
        problem("名单\n姓名,年龄\n张三,1\n"),
        Problem::MissingColumns {
            row: 2,
            missing: vec!["证件号码".into()]
        }
    );
}

#[test]
fn a_second_reader_sees_the_same_texts() {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let upload = shared(fill);
    let mut other: Xlsx<_> = open_workbook(&upload.path).unwrap();
    let range = other.worksheet_range_at(0).unwrap().unwrap();
    let mut compared = 0;
    for row in upload.rows().unwrap() {
        for (column, cell) in row.cells.iter().enumerate() {
            if let (Cell::Text(ours), Some(Data::String(theirs))) =
                (cell, range.get_value((row.number - 1, column as u32)))
            {
                assert_eq!(ours, theirs.trim());
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 6);
}

#[test]
fn limits_say_where() {
    let limits = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        limits
    };
    let upload = Upload::new("a.csv", b"a,b,c\n1,2,3\n\n4,5,6789\n");
    let problem = |change| upload.problem(&limits(change));
    assert_eq!(problem(|l| l.rows = 2), Problem::TooManyRows { limit: 2 });
    assert_eq!(problem(|l| l.columns = 2), Problem::TooManyColumns { row: 1, limit: 2 });
    let long = problem(|l| l.cell_chars = 3);
    assert_eq!(
        long,
        Problem::CellTooLong {
            row: 4,
            column: "C".into(),
            limit: 3
        }
    );
    assert!(long.sentence().starts_with("单元格 C4 超过 3 个字"));
    assert_eq!(problem(|l| l.file_bytes = 10), Problem::TooLarge { limit: 10 });
    let book = shared(|s| {
        s.write_string(0, 0, "一二三四五六七八九十".repeat(3)).unwrap();
    });
    assert_eq!(
        book.problem(&limits(|l| l.cell_chars = 5)),
        Problem::CellTooLong {
            row: 1,
            column: "A".into(),
            limit: 5
        }
    );
    assert_eq!(
        book.problem(&limits(|l| l.shared_strings_bytes = 50)),
        Problem::TooManyStrings { limit: 50 }
    );
    assert!(Source::open("/nowhere".as_ref(), &Limits::default()).is_err());
}
