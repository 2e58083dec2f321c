//! The error workbook: same rows, same columns, mended and read again.

use sheet::{Cell, ERROR_TITLE, ErrorBook, Fault, Row, Summary};

use crate::files::{Upload, columns, shared, text};

const ROSTER: &str = "花名册\n姓名,证件号码,备注,职称级别,取得日期\n张三,3101,=1+1,中级,2024-03-01\n\n李四,,x,高级,\n王五,0012,y,初级,20240301\n";

fn answer(upload: &Upload, faults: Vec<Fault>) -> (Upload, Summary) {
    let source = upload.open().unwrap();
    let (mapping, _) = source.table(&columns()).unwrap();
    let mut back = Vec::new();
    let summary = ErrorBook::new(&source, &mapping, &columns())
        .write(faults, &mut back)
        .unwrap();
    (Upload::new("back.xlsx", &back), summary)
}

fn faults() -> Vec<Fault> {
    vec![
        Fault::at(4, None, "这一行是空的"),
        Fault::at(5, Some(1), "证件号码没有填写"),
        Fault::at(5, Some(3), "职称级别不在列表中。"),
        Fault::at(9, None, "文件末尾缺少签章行"),
    ]
}

#[test]
fn the_answer_keeps_rows_columns_and_order() {
    let upload = Upload::new("a.csv", ROSTER.as_bytes());
    let (back, summary) = answer(&upload, faults());
    assert_eq!(
        summary,
        Summary {
            rows: 3,
            faulty_rows: 3,
            faults: 4
        }
    );
    let rows = back.rows().unwrap();
    let numbers: Vec<u32> = rows.iter().map(|r| r.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 9]);
    assert_eq!(rows[1].cells[0], text(ERROR_TITLE));
    assert_eq!(rows[1].cells[1], text("姓名"));
    assert_eq!(rows[2].cells[0], Cell::Empty);
    assert_eq!(rows[2].cells[3], text("=1+1"));
    assert_eq!(rows[4].cells[0], text("证件号码没有填写；职称级别不在列表中。"));
    assert_eq!(rows[5].cells[2], text("0012"));
    for (before, after) in upload.rows().unwrap().iter().zip(rows.iter().filter(|r| r.number != 4)) {
        assert_eq!(before.number, after.number);
        assert_eq!(before.cells, after.cells[1..]);
    }
}

#[test]
fn faulty_cells_are_coloured_and_no_others() {
    use calamine::{Reader, Xlsx, open_workbook};
    let (back, _) = answer(&Upload::new("a.csv", ROSTER.as_bytes()), faults());
    let mut book: Xlsx<_> = open_workbook(&back.path).unwrap();
    let name = book.sheet_names()[0].clone();
    let mut cells = book.worksheet_cells_reader(&name).unwrap();
    let palette: Vec<String> = cells.styles().iter().map(|s| format!("{s:?}")).collect();
    let mut coloured = Vec::new();
    while let Some((row, column, style)) = cells.next_style_id().unwrap() {
        let style = &palette[style];
        if style.contains("red: 255, green: 199, blue: 206") || style.to_uppercase().contains("FFC7CE") {
            coloured.push((row + 1, column));
        }
    }
    assert_eq!(coloured, [(5, 2), (5, 4)], "{palette:#?}");
}

#[test]
fn a_mended_answer_is_read_as_it_stands_and_answered_again() {
    let (back, _) = answer(&Upload::new("a.csv", ROSTER.as_bytes()), faults());
    let source = back.open().unwrap();
    let (mapping, rows) = source.table(&columns()).unwrap();
    let rows: Vec<Row> = rows.map(Result::unwrap).collect();
    assert_eq!(mapping.unknown(), ["备注"]);
    assert_eq!(mapping.cell(&rows[0], "name"), &text("张三"));
    assert!(mapping.is_blank(&rows[1]), "row 4 has only an explanation");
    let again = Fault::at(5, mapping.index("level"), "职称级别不在列表中");
    let (second, summary) = answer(&back, vec![again]);
    assert_eq!(summary.faults, 1);
    let rows = second.rows().unwrap();
    let heading = &rows[1].cells;
    assert_eq!(heading.iter().filter(|c| c.text() == ERROR_TITLE).count(), 1);
    assert_eq!(heading[1..], upload_heading());
    let row = rows.iter().find(|r| r.number == 5).unwrap();
    assert_eq!(row.cells[0], text("职称级别不在列表中。"));
}

fn upload_heading() -> Vec<Cell> {
    ["姓名", "证件号码", "备注", "职称级别", "取得日期"].map(text).to_vec()
}

#[test]
fn typed_cells_keep_their_types() {
    let upload = shared(|sheet| {
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 3, 1).unwrap();
        let date = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
        sheet.write_string(0, 0, "姓名").unwrap();
        sheet.write_string(0, 1, "证件号码").unwrap();
        sheet.write_number(1, 1, 12.34).unwrap();
        sheet.write_datetime_with_format(1, 2, day, &date).unwrap();
        sheet.write_boolean(1, 3, false).unwrap();
        sheet.write_number(1, 4, 310101199001011230f64).unwrap();
    });
    let (back, _) = answer(&upload, vec![]);
    let cells = back.rows().unwrap()[1].cells.clone();
    assert_eq!(
        cells[1..5],
        [
            Cell::Empty,
            Cell::Number("12.34".into()),
            Cell::Date("2024-03-01".into()),
            Cell::Bool(false)
        ]
    );
    assert_eq!(cells[5].text(), format!("{:.0}", 310101199001011230f64));
}

#[test]
fn faults_out_of_order_are_an_error_not_a_loss() {
    let upload = Upload::new("a.csv", ROSTER.as_bytes());
    let source = upload.open().unwrap();
    let (mapping, _) = source.table(&columns()).unwrap();
    let faults = vec![Fault::at(5, None, "后"), Fault::at(3, None, "前")];
    let result = ErrorBook::new(&source, &mapping, &columns()).write(faults, Vec::new());
    assert_eq!(result.unwrap_err().code(), "unwritable");
}
