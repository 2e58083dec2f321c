//! Drop-downs over columns of a sheet that people fill in. Long lists go to a hidden sheet, because Excel keeps at most
//! 255 characters inside the rule itself. Deliberately absent: lists that depend on another cell.

use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Formula, Workbook, Worksheet, XlsxError};

use crate::cell::letters;
use crate::columns::Column;

const LISTS: &str = "选项";
const INLINE: usize = 200;
/// The last zero-based row that rules and formats of a form reach.
pub(crate) const FORM_LAST_ROW: u32 = 1_048_575;

/// Puts a rule on each column of `placed` that has choices, from zero-based row `from` down.
/// [`add_lists`] must follow with the same columns once the sheet is in the book.
pub(crate) fn add(sheet: &mut Worksheet, placed: &[(u16, &Column)], from: u32) -> Result<(), XlsxError> {
    for (list, (place, column)) in chosen(placed).enumerate() {
        let rule = match inline(column) {
            true => DataValidation::new().allow_list_strings(&column.choices)?,
            false => {
                let name = letters(list);
                let last = column.choices.len();
                let range = format!("='{LISTS}'!${name}$1:${name}${last}");
                DataValidation::new().allow_list_formula(Formula::new(range))
            }
        };
        let rule = rule
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_title("请从列表中选择")?
            .set_error_message("这里只能填写下拉列表中的内容。")?;
        sheet.add_data_validation(from, *place, FORM_LAST_ROW, *place, &rule)?;
    }
    Ok(())
}

/// Adds the hidden sheet with the long lists, if any column needs it.
pub(crate) fn add_lists(book: &mut Workbook, placed: &[(u16, &Column)]) -> Result<(), XlsxError> {
    if chosen(placed).all(|(_, column)| inline(column)) {
        return Ok(());
    }
    let sheet = book.add_worksheet();
    sheet.set_name(LISTS)?.set_hidden(true);
    for (list, (_, column)) in chosen(placed).enumerate() {
        for (row, choice) in column.choices.iter().enumerate() {
            sheet.write_string(row as u32, list as u16, choice)?;
        }
    }
    Ok(())
}

fn chosen<'a>(placed: &'a [(u16, &'a Column)]) -> impl Iterator<Item = &'a (u16, &'a Column)> {
    placed.iter().filter(|(_, c)| !c.choices.is_empty())
}

fn inline(column: &Column) -> bool {
    let room: usize = column.choices.iter().map(|c| c.encode_utf16().count() + 1).sum();
    room < INLINE && !column.choices.iter().any(|c| c.contains([',', '"']))
}
