//! 统一社会信用代码 (GB 32100-2015) with its inner 组织机构代码 (GB 11714).

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const INNER_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// Area of demonstration codes: assigned to nobody.
pub const DEMO_AREA: &str = "319999";

/// Why a text is no unified social credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not 18 characters.
    Length,
    /// A character outside the alphabet (I, O, S, V, Z are never used).
    Alphabet,
    /// The check character of the inner organisation code does not match.
    InnerCheck,
    /// The last character does not match.
    Check,
    /// The demonstration area outside a demonstration.
    Demo,
}

/// A checked unified social credit code, upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CreditCode(String);

impl CreditCode {
    /// Reads a code; spaces are dropped and lower case is raised. `demo` admits the area 319999.
    ///
    /// # Errors
    /// The first [`Fault`] found, in the order of reading.
    pub fn parse(text: &str, demo: bool) -> Result<Self, Fault> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if code.chars().count() != 18 {
            return Err(Fault::Length);
        }
        let values = code
            .bytes()
            .map(value)
            .collect::<Option<Vec<u32>>>()
            .ok_or(Fault::Alphabet)?;
        if inner_check(&code.as_bytes()[8..16]) != Some(code.as_bytes()[16]) {
            return Err(Fault::InnerCheck);
        }
        if check(&values[..17]) != values[17] {
            return Err(Fault::Check);
        }
        if !demo && &code[2..8] == DEMO_AREA {
            return Err(Fault::Demo);
        }
        Ok(Self(code))
    }

    /// Makes a valid demonstration code of the area 319999: `kind` is the first two characters
    /// (`91` a company), `serial` is its number, below 31^8.
    #[must_use]
    pub fn demo(kind: &str, serial: u64) -> Self {
        let mut inner = [b'0'; 8];
        let mut rest = serial;
        for place in inner.iter_mut().rev() {
            *place = b'0' + u8::try_from(rest % 10).expect("one digit");
            rest /= 10;
        }
        let inner_text = String::from_utf8_lossy(&inner).into_owned();
        let inner_last = char::from(inner_check(&inner).expect("digits have a check character"));
        let body = format!("{kind}{DEMO_AREA}{inner_text}{inner_last}");
        let values: Vec<u32> = body.bytes().filter_map(value).collect();
        let last = char::from(ALPHABET[usize::try_from(check(&values)).expect("below 31")]);
        Self(format!("{body}{last}"))
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn value(byte: u8) -> Option<u32> {
    ALPHABET
        .iter()
        .position(|a| *a == byte)
        .and_then(|p| u32::try_from(p).ok())
}

fn check(values: &[u32]) -> u32 {
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum();
    (31 - sum % 31) % 31
}

/// The ninth character of an organisation code; its letters count A=10 … Z=35, all letters allowed.
fn inner_check(eight: &[u8]) -> Option<u8> {
    let sum = eight
        .iter()
        .zip(INNER_WEIGHTS)
        .try_fold(0, |sum, (b, w)| Some(sum + char::from(*b).to_digit(36)? * w))?;
    Some(match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_example_holds() {
        assert!(CreditCode::parse("91350100M000100Y43", false).is_ok());
        assert_eq!(CreditCode::parse("91350100M000100Y4Z", false), Err(Fault::Alphabet));
        assert_eq!(CreditCode::parse("91350100M000100Y44", false), Err(Fault::Check));
        assert_eq!(CreditCode::parse("91350100M000100Y53", false), Err(Fault::InnerCheck));
        assert_eq!(CreditCode::parse("9135", false), Err(Fault::Length));
    }

    #[test]
    fn demonstration_codes_are_valid_only_in_demonstrations() {
        for serial in [0, 1, 42, 99_999_999] {
            let code = CreditCode::demo("91", serial);
            assert_eq!(CreditCode::parse(code.as_str(), true), Ok(code.clone()));
            assert_eq!(CreditCode::parse(code.as_str(), false), Err(Fault::Demo));
        }
    }

    #[test]
    fn one_wrong_character_is_always_found() {
        let good = CreditCode::demo("91", 12_345_678);
        for place in 0..18 {
            for letter in ALPHABET {
                let mut bytes = good.as_str().as_bytes().to_vec();
                if bytes[place] == *letter {
                    continue;
                }
                bytes[place] = *letter;
                let text = String::from_utf8(bytes).expect("ascii");
                assert!(CreditCode::parse(&text, true).is_err(), "{text}");
            }
        }
    }
}
