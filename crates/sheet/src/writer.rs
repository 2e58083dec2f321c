//! A list as a workbook, written row by row: bold frozen heading, filter, widths, and a line at the foot that says what it is.
//!
//! Rows go to a temporary file as they come, so memory does not grow with them. The same rows give the same bytes:
//! the creation date inside the file is fixed, and who exported what and when belongs into the banner.
//! Deliberately absent: several tables in one file, formulas, charts.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use crate::columns::Column;
use crate::field::{Field, Formats};
use crate::problem::Problem;

/// Excel's last row.
const LAST_ROW: u32 = 1_048_576;

/// An export under way.
pub struct Writer {
    book: Workbook,
    formats: Formats,
    columns: usize,
    /// The zero-based row that comes next.
    next: u32,
    banner: Vec<String>,
}

impl Writer {
    /// Begins a workbook with one sheet called `title`, its rows buffered in the system's temporary folder.
    pub fn create(title: &str, columns: &[Column]) -> Result<Self, Problem> {
        Self::create_in(&std::env::temp_dir(), title, columns)
    }

    /// The same with the temporary file in `folder`, for installations whose `/tmp` is small.
    pub fn create_in(folder: &Path, title: &str, columns: &[Column]) -> Result<Self, Problem> {
        let formats = Formats::new();
        let book = begin(folder, title, columns, &formats).map_err(Problem::unwritable)?;
        Ok(Writer {
            book,
            formats,
            columns: columns.len(),
            next: 1,
            banner: Vec::new(),
        })
    }

    /// Writes the next row. Fields stand in the order of the columns; missing ones stay empty.
    pub fn row(&mut self, fields: &[Field<'_>]) -> Result<(), Problem> {
        if self.next + self.banner.len() as u32 + 1 >= LAST_ROW {
            return Err(Problem::unwritable("more rows than a sheet holds"));
        }
        let sheet = sheet(&mut self.book)?;
        for (column, field) in fields.iter().enumerate() {
            self.formats.write(sheet, (self.next, column as u16), field)?;
        }
        self.next += 1;
        Ok(())
    }

    /// How many rows have been written below the heading.
    pub fn rows(&self) -> u32 {
        self.next - 1
    }

    /// Adds a line of remark at the foot, a blank row below the table, so that filtering and sorting leave it alone:
    /// 演示数据, who exported the list and when.
    pub fn banner(&mut self, line: impl Into<String>) {
        self.banner.push(line.into());
    }

    /// The finished workbook in memory, for small lists.
    pub fn finish(mut self) -> Result<Vec<u8>, Problem> {
        self.close()?;
        self.book.save_to_buffer().map_err(Problem::unwritable)
    }

    /// Writes the finished workbook out as it is packed.
    pub fn finish_into(mut self, out: impl Write + Send) -> Result<(), Problem> {
        self.close()?;
        self.book.save_to_writer(out).map_err(Problem::unwritable)
    }

    /// Writes the finished workbook to a file, replacing one that is there.
    pub fn finish_file(self, path: &Path) -> Result<(), Problem> {
        let file = File::create(path).map_err(Problem::unwritable)?;
        self.finish_into(file)
    }

    fn close(&mut self) -> Result<(), Problem> {
        let last = self.next - 1;
        let sheet = sheet(&mut self.book)?;
        if self.columns > 0 {
            sheet
                .autofilter(0, 0, last, self.columns as u16 - 1)
                .map_err(Problem::unwritable)?;
        }
        for (offset, line) in self.banner.iter().enumerate() {
            sheet
                .write_string_with_format(last + 2 + offset as u32, 0, line, &self.formats.banner)
                .map_err(Problem::unwritable)?;
        }
        Ok(())
    }
}

fn begin(folder: &Path, title: &str, columns: &[Column], formats: &Formats) -> Result<Workbook, XlsxError> {
    let mut book = book(folder, title)?;
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(sheet_name(title))?;
    for (index, column) in columns.iter().enumerate() {
        let index = index as u16;
        sheet.set_column_width(index, column.shown_width())?;
        sheet.write_string_with_format(0, index, &column.title, &formats.heading)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for_print(sheet)?;
    Ok(book)
}

/// An empty workbook of ours.
pub(crate) fn book(folder: &Path, title: &str) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_tempdir(folder)?;
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));
    Ok(book)
}

/// On paper: landscape, as wide as the page, the heading on every page, page numbers.
pub(crate) fn for_print(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_footer("&C第 &P 页，共 &N 页")
        .set_repeat_rows(0, 0)?;
    Ok(())
}

fn sheet(book: &mut Workbook) -> Result<&mut Worksheet, Problem> {
    book.worksheet_from_index(0).map_err(Problem::unwritable)
}

/// A title as Excel lets a sheet be called: at most 31 characters, none of `[]:*?/\`, no apostrophe at the ends.
pub(crate) fn sheet_name(title: &str) -> String {
    let name: String = title
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| if "[]:*?/\\".contains(c) { '_' } else { c })
        .collect();
    let mut short = String::new();
    for c in name.trim().chars() {
        if short.encode_utf16().count() + c.len_utf16() > 31 {
            break;
        }
        short.push(c);
    }
    match short.trim_matches(['\'', ' ']) {
        "" => "数据".to_string(),
        // Excel keeps this name for itself.
        name if name.eq_ignore_ascii_case("history") => format!("{name}_"),
        name => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::sheet_name;

    #[test]
    fn sheet_names_are_ones_that_excel_accepts() {
        assert_eq!(sheet_name("班次/学员 [2024]"), "班次_学员 _2024_");
        assert_eq!(sheet_name("'' "), "数据");
        assert_eq!(sheet_name(&"长".repeat(40)).chars().count(), 31);
    }
}
