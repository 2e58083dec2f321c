//! One cell and one row as a person sees them, and the normal form of what people type.
//! Deliberately absent: what a cell ought to contain.

use chrono::{NaiveDate, NaiveDateTime};

/// The content of a cell, its text already free of outer spaces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing, or only spaces.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A number in plain decimal notation with at most 15 significant digits, which is what Excel shows.
    Number(String),
    /// A number of 16 or more digits: Excel keeps only 15, so an identifier stored this way has lost its last digits.
    LossyNumber(String),
    /// A date, `2024-03-01`, or a date with a time, `2024-03-01T09:30:00`.
    Date(String),
    /// True or false.
    Bool(bool),
    /// An error of Excel's (`#N/A`), or a formula that was saved without its value (`#公式`).
    Fault(String),
}

impl Cell {
    /// The text of the cell; empty for an empty one.
    pub fn text(&self) -> &str {
        match self {
            Cell::Empty => "",
            Cell::Text(t) | Cell::Number(t) | Cell::LossyNumber(t) | Cell::Date(t) | Cell::Fault(t) => t,
            Cell::Bool(true) => "TRUE",
            Cell::Bool(false) => "FALSE",
        }
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }

    /// Whether digits have been lost before we saw them.
    pub fn is_lossy(&self) -> bool {
        matches!(self, Cell::LossyNumber(_))
    }

    /// The date in a date cell, or in a text or number written as 2024-3-1, 2024/3/1, 2024.3.1, 2024年3月1日 or 20240301.
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Cell::Date(iso) => NaiveDate::parse_from_str(iso.get(..10)?, "%Y-%m-%d").ok(),
            Cell::Text(t) | Cell::Number(t) => typed_date(&normal(t)),
            _ => None,
        }
    }

    /// The moment in a date cell; midnight if it has no time.
    pub fn moment(&self) -> Option<NaiveDateTime> {
        match self {
            Cell::Date(iso) if iso.len() > 10 => NaiveDateTime::parse_from_str(iso, "%Y-%m-%dT%H:%M:%S").ok(),
            _ => self.date().and_then(|d| d.and_hms_opt(0, 0, 0)),
        }
    }

    pub(crate) fn from_text(text: &str) -> Self {
        match tidy(text) {
            "" => Cell::Empty,
            t => Cell::Text(t.to_string()),
        }
    }
}

fn typed_date(text: &str) -> Option<NaiveDate> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let mut parts = text
        .trim_end_matches('日')
        .split(['-', '/', '.', '年', '月'])
        .map(str::trim);
    let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || y.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
}

/// One row with at least one filled cell. Cells beyond the last filled one are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The number that Excel shows at the left edge, from 1; blank rows count.
    pub number: u32,
    pub cells: Vec<Cell>,
}

static EMPTY: Cell = Cell::Empty;

impl Row {
    /// The cell at a zero-based column; empty beyond the end.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&EMPTY)
    }
}

/// The letters of a zero-based column: 0 is A, 26 is AA.
pub fn letters(column: usize) -> String {
    let mut name = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        name.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    name.iter().rev().collect()
}

/// The form in which people's typing compares equal: full-width letters, digits and signs made half-width,
/// invisible characters removed, outer spaces removed. Chinese punctuation that has no half-width twin stays.
pub fn normal(text: &str) -> String {
    let narrow: String = text
        .chars()
        .filter(|c| !invisible(*c))
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).expect("full-width signs mirror ASCII"),
            '\u{3000}' | '\u{A0}' => ' ',
            c => c,
        })
        .collect();
    narrow.trim().to_string()
}

/// Without outer spaces, full-width spaces and the invisible marks that chat programs add when copying.
pub(crate) fn tidy(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || invisible(c))
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_like_excel() {
        assert_eq!(
            [0, 25, 26, 701, 702, 16383].map(letters),
            ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
        );
    }

    #[test]
    fn normal_makes_typing_comparable() {
        assert_eq!(normal("　３１０１０１Ｘ（ａ）\u{202C} "), "310101X(a)");
        assert_eq!(normal("张　三。"), "张 三。");
    }

    #[test]
    fn dates_in_every_usual_spelling() {
        let day = NaiveDate::from_ymd_opt(2024, 3, 1);
        for text in [
            "2024-03-01",
            "2024/3/1",
            "2024.3.1",
            "2024年3月1日",
            "20240301",
            "２０２４－３－１",
        ] {
            assert_eq!(Cell::from_text(text).date(), day, "{text}");
        }
        for text in ["2024-02-30", "24-3-1", "2024", "一月", "2024-3-1-1"] {
            assert_eq!(Cell::from_text(text).date(), None, "{text}");
        }
        assert_eq!(Cell::Date("2024-03-01T09:30:00".into()).date(), day);
        assert_eq!(
            Cell::Date("2024-03-01T09:30:00".into()).moment(),
            day.and_then(|d| d.and_hms_opt(9, 30, 0))
        );
    }
}
