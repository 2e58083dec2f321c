//! What we write into a cell: typed values that Excel shows and sorts rightly. Deliberately absent: formulas; nothing we write is ever one.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::cell::{Cell, tidy};
use crate::problem::Problem;

/// Signs that make a spreadsheet take a text from a CSV file for a formula; the full-width ones do so in Chinese editions.
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet might calculate this text, apostrophes and spaces before it aside; so the answer is the same
/// with one apostrophe more. A lone sign is harmless and often stands for "none".
pub(crate) fn looks_like_formula(text: &str) -> bool {
    let bare = tidy(text).trim_start_matches(|c: char| c == '\'' || tidy(c.encode_utf8(&mut [0; 4])).is_empty());
    bare.starts_with(FORMULA_STARTS) && bare.chars().nth(1).is_some()
}

/// Excel refuses texts of more UTF-16 units than this.
const LONGEST_TEXT: usize = 32_767;
/// Excel keeps fifteen digits of a number; what has more is written as text.
const LONGEST_NUMBER: u64 = 999_999_999_999_999;

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    Empty,
    /// Text, also if it looks like a number, a date or a formula.
    Text(Cow<'a, str>),
    /// A whole number.
    Whole(i64),
    /// An exact decimal given in hundredths, shown with two places: hours and 元.
    Hundredths(i64),
    Date(NaiveDate),
    /// A moment of civil time, shown to the minute.
    Moment(NaiveDateTime),
}

/// A value and whether it is marked as wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'a> {
    pub value: Value<'a>,
    pub faulty: bool,
}

impl<'a> Field<'a> {
    pub fn empty() -> Self {
        Value::Empty.into()
    }

    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Value::Text(text.into()).into()
    }

    pub fn whole(number: i64) -> Self {
        Value::Whole(number).into()
    }

    pub fn hundredths(number: i64) -> Self {
        Value::Hundredths(number).into()
    }

    pub fn date(date: NaiveDate) -> Self {
        Value::Date(date).into()
    }

    pub fn moment(moment: NaiveDateTime) -> Self {
        Value::Moment(moment).into()
    }

    /// The same value, coloured as wrong.
    pub fn faulty(self) -> Self {
        Field { faulty: true, ..self }
    }
}

impl<'a> From<Value<'a>> for Field<'a> {
    fn from(value: Value<'a>) -> Self {
        Field { value, faulty: false }
    }
}

/// Hundredths in plain decimals: 1250 is `12.50`.
pub(crate) fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let value = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", value / 100, value % 100)
}

/// A text cut to what Excel holds, with a word that says so.
fn fitted(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return Cow::Borrowed(text);
    }
    // Characters beyond the basic plane count twice, so half as many always fit.
    let kept: String = text.chars().take(LONGEST_TEXT / 2 - 8).collect();
    Cow::Owned(format!("{kept}…（已截断）"))
}

/// The formats of a workbook of ours, made once.
pub(crate) struct Formats {
    text: Pair,
    plain: Pair,
    hundredths: Pair,
    date: Pair,
    moment: Pair,
    pub(crate) heading: Format,
    pub(crate) heading_required: Format,
    pub(crate) text_column: Format,
    pub(crate) explanation: Format,
    pub(crate) banner: Format,
    pub(crate) wrapped: Format,
    pub(crate) title: Format,
}

/// A format and its faulty twin.
struct Pair {
    right: Format,
    faulty: Format,
}

impl Pair {
    fn of(right: Format) -> Self {
        let faulty = right
            .clone()
            .set_background_color(Color::RGB(0xFFC7CE))
            .set_font_color(Color::RGB(0x9C0006));
        Pair { right, faulty }
    }

    fn pick(&self, faulty: bool) -> &Format {
        if faulty { &self.faulty } else { &self.right }
    }
}

impl Formats {
    pub(crate) fn new() -> Self {
        let heading = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_border_bottom(FormatBorder::Thin)
            .set_background_color(Color::RGB(0xE8EEF4));
        Formats {
            text: Pair::of(Format::new().set_num_format("@")),
            plain: Pair::of(Format::new()),
            hundredths: Pair::of(Format::new().set_num_format("0.00")),
            date: Pair::of(Format::new().set_num_format("yyyy-mm-dd")),
            moment: Pair::of(Format::new().set_num_format("yyyy-mm-dd hh:mm")),
            heading_required: heading.clone().set_font_color(Color::RGB(0x9C0006)),
            heading,
            text_column: Format::new().set_num_format("@"),
            explanation: Format::new()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_font_color(Color::RGB(0x9C0006)),
            banner: Format::new().set_italic().set_font_color(Color::RGB(0x595959)),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            title: Format::new().set_bold().set_font_size(14),
        }
    }

    /// Writes a field at a zero-based place. Nothing is written for an empty one, unless it is to be coloured.
    pub(crate) fn write(&self, sheet: &mut Worksheet, place: (u32, u16), field: &Field<'_>) -> Result<(), Problem> {
        self.put(sheet, place, field).map_err(Problem::unwritable)
    }

    pub(crate) fn put(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        field: &Field<'_>,
    ) -> Result<(), XlsxError> {
        let faulty = field.faulty;
        match &field.value {
            Value::Empty if faulty => {
                sheet.write_blank(row, column, self.text.pick(true))?;
            }
            Value::Empty => {}
            Value::Text(text) => {
                sheet.write_string_with_format(row, column, fitted(text), self.text.pick(faulty))?;
            }
            Value::Whole(n) if n.unsigned_abs() <= LONGEST_NUMBER => {
                sheet.write_number_with_format(row, column, *n as f64, self.plain.pick(faulty))?;
            }
            Value::Whole(n) => {
                sheet.write_string_with_format(row, column, n.to_string(), self.text.pick(faulty))?;
            }
            // The binary number nearest to n/100 is printed back as exactly n/100 as long as it has fifteen digits.
            Value::Hundredths(n) if n.unsigned_abs() <= LONGEST_NUMBER => {
                let number = *n as f64 / 100.0;
                sheet.write_number_with_format(row, column, number, self.hundredths.pick(faulty))?;
            }
            Value::Hundredths(n) => {
                sheet.write_string_with_format(row, column, decimal(*n), self.text.pick(faulty))?;
            }
            Value::Date(date) => match day(*date) {
                Some(day) => {
                    sheet.write_datetime_with_format(row, column, &day, self.date.pick(faulty))?;
                }
                None => {
                    sheet.write_string_with_format(row, column, date.to_string(), self.text.pick(faulty))?;
                }
            },
            Value::Moment(moment) => {
                let time = moment.time();
                let day = day(moment.date())
                    .map(|d| d.and_hms(time.hour() as u16, time.minute() as u8, f64::from(time.second())))
                    .transpose()?;
                match day {
                    Some(day) => {
                        sheet.write_datetime_with_format(row, column, &day, self.moment.pick(faulty))?;
                    }
                    None => {
                        sheet.write_string_with_format(row, column, moment.to_string(), self.text.pick(faulty))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes a cell as it was read, so that reading it again gives the same.
    pub(crate) fn copy(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        cell: &Cell,
        faulty: bool,
    ) -> Result<(), Problem> {
        let number = match cell {
            Cell::Number(text) if !padded(text) => text.parse::<f64>().ok(),
            _ => None,
        };
        if let Some(number) = number {
            return sheet
                .write_number_with_format(row, column, number, self.plain.pick(faulty))
                .map(|_| ())
                .map_err(Problem::unwritable);
        }
        let value = match cell {
            Cell::Empty => Value::Empty,
            Cell::Date(iso) if iso.len() == 10 => match cell.date() {
                Some(date) => Value::Date(date),
                None => Value::Text(iso.into()),
            },
            Cell::Date(iso) => match cell.moment() {
                Some(moment) => Value::Moment(moment),
                None => Value::Text(iso.into()),
            },
            Cell::Bool(value) => {
                return sheet
                    .write_boolean_with_format(row, column, *value, self.plain.pick(faulty))
                    .map(|_| ())
                    .map_err(Problem::unwritable);
            }
            other => Value::Text(other.text().into()),
        };
        self.write(sheet, (row, column), &Field { value, faulty })
    }
}

/// A code such as 001234, which a number would not keep.
fn padded(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && !text.starts_with("0.")
}

/// Excel's calendar begins in 1900, and its first two months are a day off.
fn day(date: NaiveDate) -> Option<ExcelDateTime> {
    if date < NaiveDate::from_ymd_opt(1900, 3, 1)? {
        return None;
    }
    let year = u16::try_from(date.year()).ok()?;
    ExcelDateTime::from_ymd(year, date.month() as u8, date.day() as u8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        assert_eq!(
            [1250, 5, -5, -150, 0].map(decimal),
            ["12.50", "0.05", "-0.05", "-1.50", "0.00"]
        );
    }

    #[test]
    fn overlong_texts_say_that_they_were_cut() {
        let cut = fitted(&"喆𠮷".repeat(20_000)).into_owned();
        assert!(cut.ends_with("（已截断）") && cut.encode_utf16().count() <= LONGEST_TEXT);
        assert_eq!(fitted("短"), "短");
    }
}
