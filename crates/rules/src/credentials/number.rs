//! The number of a document: `ZXC-2026-0000042-3`.
//!
//! ZX and a letter of the kind (C certificate, S statement), the year of issue, a running number, a check digit that
//! finds every single wrong digit and every swap of neighbours. Demonstrations use YS instead of ZX, so that no
//! demonstration document can be taken for a real one.

use std::fmt;

use super::DocumentKind;

/// A checked number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentNumber(String);

impl DocumentNumber {
    /// The number of the `serial`-th document of a kind in a year.
    #[must_use]
    pub fn new(kind: DocumentKind, year: i32, serial: i64, demo: bool) -> Self {
        let prefix = if demo { "YS" } else { "ZX" };
        let letter = match kind {
            DocumentKind::Certificate => 'C',
            DocumentKind::Statement => 'S',
        };
        let digits = format!("{year:04}{serial:07}");
        Self(format!(
            "{prefix}{letter}-{year:04}-{serial:07}-{}",
            check_digit(&digits)
        ))
    }

    /// Reads a number as people type it: spaces, full-width forms, lower case and missing hyphens are mended.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .map(half_width)
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let kind = plain
            .get(..3)
            .filter(|kind| matches!(*kind, "ZXC" | "ZXS" | "YSC" | "YSS"))?;
        let digits = plain
            .get(3..)
            .filter(|rest| rest.len() >= 12 && rest.bytes().all(|b| b.is_ascii_digit()))?;
        let (body, check) = digits.split_at(digits.len() - 1);
        if check_digit(body).to_string() != check {
            return None;
        }
        Some(Self(format!("{kind}-{}-{}-{check}", &body[..4], &body[4..])))
    }

    /// The number as printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// The check digit of Damm's quasigroup of order 10: finds all single errors and all swaps of neighbours.
fn check_digit(digits: &str) -> u8 {
    const TABLE: [[u8; 10]; 10] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ];
    digits
        .bytes()
        .fold(0, |row, byte| TABLE[usize::from(row)][usize::from(byte - b'0') % 10])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let number = DocumentNumber::new(DocumentKind::Certificate, 2026, 42, false);
        assert!(number.as_str().starts_with("ZXC-2026-0000042-"));
        let typed = number.as_str().to_lowercase().replace('-', " ");
        assert_eq!(DocumentNumber::parse(&typed), Some(number.clone()));
        let wide: String = number
            .as_str()
            .chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)
                } else {
                    c
                }
            })
            .collect();
        assert_eq!(DocumentNumber::parse(&wide), Some(number));
        assert_eq!(DocumentNumber::parse("不是编号"), None);
    }

    #[test]
    fn every_wrong_digit_and_every_swap_is_found() {
        let number = DocumentNumber::new(DocumentKind::Statement, 2026, 1_234_567, true);
        let digits: Vec<char> = number.as_str().chars().collect();
        for (place, digit) in digits.iter().enumerate().filter(|(_, c)| c.is_ascii_digit()) {
            for other in ('0'..='9').filter(|other| other != digit) {
                let mut wrong = digits.clone();
                wrong[place] = other;
                assert_eq!(DocumentNumber::parse(&wrong.iter().collect::<String>()), None);
            }
        }
        let plain: Vec<char> = digits.iter().copied().filter(|c| c.is_ascii_digit()).collect();
        for place in 0..plain.len() - 1 {
            let mut swapped = plain.clone();
            swapped.swap(place, place + 1);
            if swapped != plain {
                let text: String = "YSS".chars().chain(swapped).collect();
                assert_eq!(DocumentNumber::parse(&text), None, "{text}");
            }
        }
    }
}
