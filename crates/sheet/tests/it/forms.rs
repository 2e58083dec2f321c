//! Templates and exports: what Excel is told, and what comes back.

use std::io::Read;

use sheet::{Cell, Column, CsvWriter, Field, Row, Writer, filled, template};

use crate::files::{Upload, columns, text};

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut out).unwrap();
    out
}

#[test]
fn a_template_has_drop_downs_notes_and_instructions() {
    let long: Vec<String> = (0..100).map(|i| format!("单位{i:03}")).collect();
    let mut columns = columns();
    columns.push(Column::new("org", "单位").choices(long));
    let bytes = template("人员名单", &columns, &["请勿改动表头。"]).unwrap();
    let form = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(form.contains("sqref=\"C2:C1048576\""), "{form}");
    assert!(form.contains("\"初级,中级,副高级,正高级\""));
    assert!(form.contains("'选项'!$B$1:$B$100"), "{form}");
    assert!(form.contains("state=\"frozen\""));
    assert!(part(&bytes, "xl/comments1.xml").contains("与证件一致。"));
    let book = part(&bytes, "xl/workbook.xml");
    assert!(book.contains("name=\"填写说明\"") && book.contains("state=\"hidden\""));
    let upload = Upload::new("t.xlsx", &bytes);
    let source = upload.open().unwrap();
    assert_eq!(source.sheet_name(), Some("人员名单"));
    let (mapping, rows) = source.table(&columns).unwrap();
    assert_eq!((mapping.index("org"), rows.count()), (Some(4), 0));
    assert_eq!(upload.rows().unwrap()[0].cells[0], text("姓名*"));
}

#[test]
fn a_filled_form_reads_back_and_keeps_its_drop_downs() {
    let columns = [
        Column::new("no", "编号").text(),
        Column::new("mark", "考勤").choices(["出勤", "缺勤"]),
    ];
    let rows = [
        vec![Field::text("0017"), Field::text("出勤")],
        vec![Field::text("0018"), Field::empty()],
    ];
    let bytes = filled("点名表", &columns, &["请勿改动编号。"], &rows).unwrap();
    assert!(part(&bytes, "xl/worksheets/sheet1.xml").contains("sqref=\"B2:B1048576\""));
    let upload = Upload::new("t.xlsx", &bytes);
    let (mapping, read) = upload.open().unwrap().table(&columns).unwrap();
    let read: Vec<Row> = read.map(Result::unwrap).collect();
    assert_eq!(read.len(), 2);
    assert_eq!(mapping.cell(&read[0], "no"), &text("0017"));
    assert_eq!(mapping.cell(&read[0], "mark"), &text("出勤"));
    assert!(mapping.cell(&read[1], "mark").is_empty());
}

#[test]
fn the_same_list_gives_the_same_bytes() {
    let make = || template("人员名单", &columns(), &[]).unwrap();
    assert_eq!(make(), make());
}

fn day() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2024, 3, 1).unwrap()
}

#[test]
fn an_export_has_types_a_filter_and_a_foot() {
    let mut writer = Writer::create("学时/明细", &columns()).unwrap();
    let moment = day().and_hms_opt(9, 30, 0).unwrap();
    writer
        .row(&[
            Field::text("=HYPERLINK(\"http://evil\")"),
            Field::text("310101199001011230"),
            Field::hundredths(1250).faulty(),
            Field::date(day()),
        ])
        .unwrap();
    writer
        .row(&[
            Field::empty(),
            Field::whole(i64::MAX),
            Field::whole(-7),
            Field::moment(moment),
        ])
        .unwrap();
    writer.banner("演示数据");
    writer.banner("张三 导出于 2024-03-01");
    assert_eq!(writer.rows(), 2);
    let bytes = writer.finish().unwrap();
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(xml.contains("<autoFilter ref=\"A1:D3\"/>"), "{xml}");
    assert!(xml.contains("<v>12.5</v>") && !xml.contains("<f>"));
    let rows = Upload::new("a.xlsx", &bytes).rows().unwrap();
    let row = |number, cells| Row { number, cells };
    assert_eq!(
        rows,
        [
            row(1, ["姓名", "证件号码", "职称级别", "取得日期"].map(text).to_vec()),
            row(
                2,
                vec![
                    text("=HYPERLINK(\"http://evil\")"),
                    text("310101199001011230"),
                    Cell::Number("12.5".into()),
                    Cell::Date("2024-03-01".into()),
                ]
            ),
            row(
                3,
                vec![
                    Cell::Empty,
                    text("9223372036854775807"),
                    Cell::Number("-7".into()),
                    Cell::Date("2024-03-01T09:30:00".into()),
                ]
            ),
            row(5, vec![text("演示数据")]),
            row(6, vec![text("张三 导出于 2024-03-01")]),
        ]
    );
}

#[test]
fn an_empty_export_is_a_heading_with_a_filter() {
    let bytes = Writer::create("空", &columns()).unwrap().finish().unwrap();
    assert_eq!(Upload::new("a.xlsx", &bytes).rows().unwrap().len(), 1);
}

#[test]
fn csv_is_guarded_and_marked() {
    let columns = [Column::new("a", "甲"), Column::new("b", "乙"), Column::new("c", "丙")];
    let mut writer = CsvWriter::create(Vec::new(), &columns).unwrap();
    writer
        .row(&[Field::text("=1+1"), Field::hundredths(-150), Field::text("-")])
        .unwrap();
    writer.row(&[Field::text("a,\"b\"\nc"), Field::date(day())]).unwrap();
    let bytes = writer.finish().unwrap();
    assert_eq!(
        String::from_utf8(bytes.clone()).unwrap(),
        "\u{FEFF}甲,乙,丙\r\n'=1+1,-1.50,-\r\n\"a,\"\"b\"\"\nc\",2024-03-01,\r\n"
    );
    let rows = Upload::new("a.csv", &bytes).rows().unwrap();
    assert_eq!(rows[1].cells, [text("=1+1"), text("-1.50"), text("-")]);
}
