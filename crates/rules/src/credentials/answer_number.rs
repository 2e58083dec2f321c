//! The number of a title check: `ZXT-2026-03F8K2M7QX1AB-7`.
//!
//! Made from the row's own id, not from a counter: answers are given hundreds of times a second, and a counter would
//! make them wait for each other. The last sign finds every single wrong one. Demonstrations begin with YS.

use std::fmt;

/// Digits and capitals without I, L, O and U, which are misread.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A checked number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerNumber(String);

impl AnswerNumber {
    /// The number of the answer with this id, given in `year`.
    #[must_use]
    pub fn new(year: i32, id: i64, demo: bool) -> Self {
        let prefix = if demo { "YST" } else { "ZXT" };
        let mut rest = id.unsigned_abs();
        let mut signs = [b'0'; 13];
        for sign in signs.iter_mut().rev() {
            *sign = SIGNS[usize::try_from(rest % 32).unwrap_or_default()];
            rest /= 32;
        }
        let body = String::from_utf8_lossy(&signs).into_owned();
        let check = check_sign(&body);
        Self(format!("{prefix}-{year:04}-{body}-{check}"))
    }

    /// Reads a number as typed: spaces, lower case and missing hyphens are mended.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let (prefix, rest) = (plain.get(..3)?, plain.get(3..)?);
        if !matches!(prefix, "ZXT" | "YST") || rest.len() != 18 {
            return None;
        }
        let (year, body, check) = (&rest[..4], &rest[4..17], &rest[17..]);
        let good = year.bytes().all(|b| b.is_ascii_digit())
            && body.bytes().all(|b| SIGNS.contains(&b))
            && check_sign(body).to_string() == check;
        good.then(|| Self(format!("{prefix}-{year}-{body}-{check}")))
    }

    /// The number as printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AnswerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Luhn's check over 32 signs: finds every single wrong sign.
fn check_sign(body: &str) -> char {
    let value = |byte: u8| SIGNS.iter().position(|sign| *sign == byte).unwrap_or_default();
    let sum: usize = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let value = value(byte) * if place % 2 == 0 { 2 } else { 1 };
            value / 32 + value % 32
        })
        .sum();
    char::from(SIGNS[(32 - sum % 32) % 32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_typed_and_every_wrong_sign_is_found() {
        let number = AnswerNumber::new(2026, 7_300_000_000_123_456_789, false);
        assert!(number.as_str().starts_with("ZXT-2026-"));
        let typed = number.as_str().to_lowercase().replace('-', " ");
        assert_eq!(AnswerNumber::parse(&typed), Some(number.clone()));
        for at in 9..22 {
            for sign in SIGNS {
                let mut wrong = number.as_str().as_bytes().to_vec();
                if wrong[at] == *sign {
                    continue;
                }
                wrong[at] = *sign;
                assert_eq!(AnswerNumber::parse(&String::from_utf8_lossy(&wrong)), None, "{at}");
            }
        }
        assert_eq!(AnswerNumber::parse("ZXC-2026-0000042-3"), None);
    }
}
