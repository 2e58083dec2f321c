//! The form that people fill in for an import: a heading with notes and drop-downs, and a sheet that explains it.
//! Deliberately absent: sample rows in the form itself; they would be imported. Samples stand in the explanation.

use rust_xlsxwriter::{Note, Worksheet, XlsxError};

use crate::columns::Column;
use crate::dropdowns;
use crate::field::{Field, Formats};
use crate::problem::Problem;
use crate::writer::{book, for_print, sheet_name};

const INSTRUCTIONS: &str = "填写说明";
/// More choices than this are not spelt out in the explanation; the drop-down has them.
const SPELT_OUT: usize = 30;

/// The template as an .xlsx file: sheet `title` to fill in, sheet 填写说明 with `notes` and a line per column.
pub fn template(title: &str, columns: &[Column], notes: &[&str]) -> Result<Vec<u8>, Problem> {
    build((title, notes), columns, &[]).map_err(Problem::unwritable)
}

/// The same form with rows to go on from: what is known already, in the order of the columns.
pub fn filled(title: &str, columns: &[Column], notes: &[&str], rows: &[Vec<Field<'_>>]) -> Result<Vec<u8>, Problem> {
    build((title, notes), columns, rows).map_err(Problem::unwritable)
}

fn build((title, notes): (&str, &[&str]), columns: &[Column], rows: &[Vec<Field<'_>>]) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats::new();
    let placed: Vec<(u16, &Column)> = (0u16..).zip(columns).collect();
    let mut book = book(&std::env::temp_dir(), title)?;
    let name = match sheet_name(title) {
        name if name == INSTRUCTIONS || name == "选项" => "数据".to_string(),
        name => name,
    };
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    form(sheet, &placed, &formats)?;
    for (row, fields) in (1..).zip(rows) {
        for (place, field) in (0..).zip(fields) {
            formats.put(sheet, (row, place), field)?;
        }
    }
    let sheet = book.add_worksheet();
    sheet.set_name(INSTRUCTIONS)?;
    explain(sheet, (title, notes), columns, &formats)?;
    dropdowns::add_lists(&mut book, &placed)?;
    book.save_to_buffer()
}

fn form(sheet: &mut Worksheet, placed: &[(u16, &Column)], formats: &Formats) -> Result<(), XlsxError> {
    for (place, column) in placed {
        sheet.set_column_width(*place, column.shown_width())?;
        if column.text_format {
            sheet.set_column_format(*place, &formats.text_column)?;
        }
        let format = match column.required {
            true => &formats.heading_required,
            false => &formats.heading,
        };
        sheet.write_string_with_format(0, *place, column.marked(), format)?;
        let remark = remark(column);
        if !remark.is_empty() {
            let note = Note::new(remark).add_author_prefix(false).set_width(260);
            sheet.insert_note(0, *place, &note)?;
        }
    }
    dropdowns::add(sheet, placed, 1)?;
    sheet.set_freeze_panes(1, 0)?;
    for_print(sheet)
}

/// What the note on a heading says.
fn remark(column: &Column) -> String {
    let mut lines = Vec::new();
    if column.required {
        lines.push("必填。".to_string());
    }
    if !column.note.is_empty() {
        lines.push(column.note.clone());
    }
    if !column.choices.is_empty() {
        lines.push("请从下拉列表中选择。".to_string());
    }
    if !column.sample.is_empty() {
        lines.push(format!("示例：{}", column.sample));
    }
    lines.join("\n")
}

fn explain(
    sheet: &mut Worksheet,
    (title, notes): (&str, &[&str]),
    columns: &[Column],
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (place, width) in [(0, 18.0), (1, 10.0), (2, 60.0), (3, 24.0), (4, 60.0)] {
        sheet.set_column_width(place, width)?;
    }
    sheet.write_string_with_format(0, 0, format!("{title}：{INSTRUCTIONS}"), &formats.title)?;
    let mut row = 1;
    for note in notes {
        sheet.write_string(row, 0, *note)?;
        row += 1;
    }
    row += 1;
    for (place, heading) in (0..).zip(["列名", "是否必填", "填写要求", "示例", "可选内容"]) {
        sheet.write_string_with_format(row, place, heading, &formats.heading)?;
    }
    for column in columns {
        row += 1;
        let required = if column.required { "必填" } else { "选填" };
        let mut choices = column
            .choices
            .iter()
            .take(SPELT_OUT)
            .cloned()
            .collect::<Vec<_>>()
            .join("、");
        if column.choices.len() > SPELT_OUT {
            choices = format!("{choices}……共 {} 项，见下拉列表", column.choices.len());
        }
        let texts = [&column.title, required, &column.note, &column.sample, &choices];
        for (place, text) in (0..).zip(texts) {
            sheet.write_string_with_format(row, place, text, &formats.wrapped)?;
        }
    }
    Ok(())
}
