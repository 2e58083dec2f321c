//! Identity documents of professionals: 居民身份证 (GB 11643), residence permits for residents of
//! Hong Kong, Macao and Taiwan, foreign permanent residents, passports.
//!
//! Old area codes (310230, the former 崇明县) are accepted: a document keeps the code of its day, so the
//! area is checked by province only. Deliberately absent: any look-up of whether the document exists.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::Date;

crate::codes! {
    /// 证件类型.
    pub enum DocumentKind {
        Resident = "resident" "居民身份证",
        HongKongMacao = "hk_mo" "港澳居民居住证",
        Taiwan = "tw" "台湾居民居住证",
        ForeignPermanent = "foreign_permanent" "外国人永久居留身份证",
        Passport = "passport" "护照",
    }
}

/// Area of demonstration numbers: assigned to nobody.
pub const DEMO_AREA: &str = "319999";
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";
/// Two-digit provinces of GB/T 2260.
const PROVINCES: [&str; 31] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
];

/// Why a text is no document number of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Wrong number of characters.
    Length,
    /// A character that cannot stand there.
    Character,
    /// No such province, or not the area of this kind of document.
    Area,
    /// Digits 7–14 are no date, or one in the future.
    Birth,
    /// The last character does not match.
    Check,
    /// The demonstration area outside a demonstration.
    Demo,
}

/// A checked document: kind and normalised number (upper case, half-width).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct IdentityDocument {
    kind: DocumentKind,
    number: String,
}

impl IdentityDocument {
    /// Reads a number of a kind. `today` bounds the date of birth; `demo` admits the area 319999.
    ///
    /// # Errors
    /// The first [`Fault`] found, in the order of reading.
    pub fn parse(kind: DocumentKind, text: &str, today: Date, demo: bool) -> Result<Self, Fault> {
        let number = normal(text);
        match kind {
            DocumentKind::Resident => eighteen(&number, today, |area| {
                (demo && area == DEMO_AREA) || PROVINCES.contains(&&area[..2])
            })?,
            DocumentKind::HongKongMacao => eighteen(&number, today, |area| area == "810000" || area == "820000")?,
            DocumentKind::Taiwan => eighteen(&number, today, |area| area == "830000")?,
            DocumentKind::ForeignPermanent => foreign_permanent(&number, today)?,
            DocumentKind::Passport => passport(&number)?,
        }
        if !demo && kind == DocumentKind::Resident && number.starts_with(DEMO_AREA) {
            return Err(Fault::Demo);
        }
        Ok(Self { kind, number })
    }

    /// Makes a valid demonstration number of the area 319999; `serial` below 1000.
    #[must_use]
    pub fn demo(born: Date, serial: u32) -> Self {
        let body = format!("{DEMO_AREA}{}{:03}", born.format("%Y%m%d"), serial % 1000);
        let last = char::from(check_character(body.as_bytes()).expect("17 digits"));
        Self {
            kind: DocumentKind::Resident,
            number: format!("{body}{last}"),
        }
    }

    /// From a row that was checked when it was written.
    #[must_use]
    pub fn stored(kind: DocumentKind, number: String) -> Self {
        Self { kind, number }
    }

    /// Which document.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The normalised number; personal data.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The number as pages show it.
    #[must_use]
    pub fn masked(&self) -> String {
        crate::mask::document(&self.number)
    }

    /// The date of birth that the number states; a passport states none.
    #[must_use]
    pub fn born(&self) -> Option<Date> {
        (self.number.len() == 18).then(|| birth(&self.number[6..14])).flatten()
    }
}

/// Upper case, full-width forms made half-width, spaces dropped: what people paste.
fn normal(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{3000}')
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

fn birth(text: &str) -> Option<Date> {
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    Date::from_ymd_opt(i32::try_from(part(0..4)?).ok()?, part(4..6)?, part(6..8)?).filter(|d| d.year() >= 1900)
}

fn check_character(seventeen: &[u8]) -> Option<u8> {
    let sum = seventeen
        .iter()
        .zip(WEIGHTS)
        .try_fold(0, |sum, (b, w)| Some(sum + char::from(*b).to_digit(10)? * w))?;
    CHECK.get(usize::try_from(sum % 11).ok()?).copied()
}

fn eighteen(number: &str, today: Date, area: impl Fn(&str) -> bool) -> Result<(), Fault> {
    if number.chars().count() != 18 {
        return Err(Fault::Length);
    }
    let bytes = number.as_bytes();
    let digits = bytes.len() == 18 && bytes[..17].iter().all(u8::is_ascii_digit);
    if !digits || !(bytes[17].is_ascii_digit() || bytes[17] == b'X') {
        return Err(Fault::Character);
    }
    if !area(&number[..6]) {
        return Err(Fault::Area);
    }
    if birth(&number[6..14]).is_none_or(|born| born > today) {
        return Err(Fault::Birth);
    }
    if check_character(&bytes[..17]) != Some(bytes[17]) {
        return Err(Fault::Check);
    }
    Ok(())
}

/// The 2023 card has 18 digits beginning with 9 and the same check character; older cards have
/// three letters and twelve digits. [confidence: medium, domain facts §11.1]
fn foreign_permanent(number: &str, today: Date) -> Result<(), Fault> {
    let bytes = number.as_bytes();
    if bytes.len() == 15 {
        let old = bytes[..3].iter().all(u8::is_ascii_uppercase) && bytes[3..].iter().all(u8::is_ascii_digit);
        return if old { Ok(()) } else { Err(Fault::Character) };
    }
    eighteen(number, today, |area| area.starts_with('9'))
}

fn passport(number: &str) -> Result<(), Fault> {
    if !(6..=12).contains(&number.chars().count()) {
        return Err(Fault::Length);
    }
    let fits = number.bytes().all(|b| b.is_ascii_alphanumeric()) && number.bytes().any(|b| b.is_ascii_digit());
    if fits { Ok(()) } else { Err(Fault::Character) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date;

    fn parse(kind: DocumentKind, text: &str) -> Result<IdentityDocument, Fault> {
        IdentityDocument::parse(kind, text, date(2026, 1, 1), false)
    }

    #[test]
    fn published_and_computed_examples_hold() {
        for number in [
            "11010519491231002X",
            "440524188001010014",
            "310101199001010012",
            "310115200002290013",
            "310230198506150048",
        ] {
            let result = parse(DocumentKind::Resident, number);
            if number == "440524188001010014" {
                // The standard's example is born in 1880: formally right, but nobody living.
                assert_eq!(result, Err(Fault::Birth));
            } else {
                assert!(result.is_ok(), "{number}: {result:?}");
            }
        }
        assert_eq!(
            parse(DocumentKind::Resident, "11010519491231002x ").map(|d| d.number),
            Ok("11010519491231002X".into())
        );
        assert_eq!(
            parse(DocumentKind::Resident, "３１０１０１１９９００１０１００１２").map(|d| d.number),
            Ok("310101199001010012".into())
        );
    }

    #[test]
    fn faults_are_told_apart() {
        let of = |text| parse(DocumentKind::Resident, text).expect_err("faulty");
        assert_eq!(of("31010119900101001"), Fault::Length);
        assert_eq!(of("31010119900101001A"), Fault::Character);
        assert_eq!(of("990101199001010012"), Fault::Area);
        assert_eq!(of("310101199013010012"), Fault::Birth);
        assert_eq!(of("310101199001010013"), Fault::Check);
        assert_eq!(of(IdentityDocument::demo(date(1990, 1, 1), 7).number()), Fault::Demo);
    }

    #[test]
    fn the_other_documents_are_read() {
        assert_eq!(
            parse(DocumentKind::HongKongMacao, "310101199001010012"),
            Err(Fault::Area)
        );
        assert!(parse(DocumentKind::Passport, "e12345678").is_ok());
        assert_eq!(parse(DocumentKind::Passport, "护照"), Err(Fault::Length));
        assert!(parse(DocumentKind::ForeignPermanent, "USA310012345678").is_ok());
    }

    #[test]
    fn demonstration_numbers_are_valid_in_demonstrations() {
        let made = IdentityDocument::demo(date(1988, 2, 29), 123);
        let read = IdentityDocument::parse(DocumentKind::Resident, made.number(), date(2026, 1, 1), true);
        assert_eq!(read, Ok(made));
    }
}
