//! One achievement, one key: the same paper, patent or project is found again however its number is written.
//!
//! A DOI, a patent number or a project number is reduced to what identifies it; a title to its letters, digits and
//! characters. Two claims with one key are about one achievement: the same person counts it once, at its highest;
//! co-authors each claim it by their own rank, and the clerk is shown that they do.
//! Deliberately absent: looking anything up in a register outside.

use super::ClaimCode;
use crate::credits::recognition::Once;

/// The key of an achievement as typed; none when nothing identifying was typed.
#[must_use]
pub fn key(typed: &str) -> Option<String> {
    let plain: String = typed.trim().chars().map(narrow).collect::<String>().to_lowercase();
    if let Some(doi) = doi(&plain) {
        return Some(format!("doi:{doi}"));
    }
    if let Some(patent) = patent(&plain) {
        return Some(format!("patent:{patent}"));
    }
    let letters: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    (letters.chars().count() >= 4).then(|| format!("named:{letters}"))
}

/// Another claim of the same person about the same achievement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// Under the same rule.
    pub same_rule: bool,
    /// Earned in the same year.
    pub same_year: bool,
    /// Where it stands.
    pub state: ClaimCode,
}

/// whether an earlier claim makes this one the same claim again. Under another rule it is a higher one, of which
/// only the difference counts; a claim that came to nothing may be made again; a project counts once in each year.
#[must_use]
pub fn is_again(once: Once, earlier: Earlier) -> bool {
    let alive = !matches!(
        earlier.state,
        ClaimCode::Draft | ClaimCode::Withdrawn | ClaimCode::Refused | ClaimCode::Voided
    );
    alive && earlier.same_rule && (once == Once::AtItsHighest || earlier.same_year)
}

/// A full-width letter, digit or sign as its narrow twin.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

fn doi(text: &str) -> Option<&str> {
    let from = text.find("10.")?;
    let led = &text[..from];
    let known = led.is_empty() || led.trim_end().ends_with("doi:") || led.ends_with("doi.org/") || led.trim() == "doi";
    let doi = text[from..]
        .split_whitespace()
        .next()?
        .trim_end_matches(['.', ',', ';']);
    let (registrant, suffix) = doi[3..].split_once('/')?;
    let whole =
        registrant.len() >= 4 && registrant.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !suffix.is_empty();
    (known && whole).then_some(doi)
}

/// Chinese application and grant numbers: nine digits of old, thirteen since 2003 with their check character.
fn patent(text: &str) -> Option<String> {
    let rest = ["zl", "cn"].iter().find_map(|head| text.strip_prefix(head))?;
    let mut number: String = rest.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    // The letter of the publication's kind (A, B, U, S) is not part of the number.
    if number.ends_with(['a', 'b', 'u', 's']) {
        number.pop();
    }
    let digits = number.trim_end_matches('x');
    ((8..=13).contains(&number.len()) && digits.len() + 1 >= number.len() && digits.bytes().all(|b| b.is_ascii_digit()))
        .then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r42_one_achievement_has_one_key_however_it_is_written() {
        let same = [
            &[
                "10.1000/XYZ.123",
                "doi:10.1000/xyz.123",
                "https://doi.org/10.1000/xyz.123",
                "DOI 10.1000/xyz.123.",
            ][..],
            &[
                "ZL 2020 1 0123456.7",
                "zl202010123456.7",
                "ＣＮ202010123456.7",
                "ZL2020101234567",
            ],
            &[
                "人工智能辅助诊断研究",
                "《人工智能辅助诊断研究》",
                " 人工智能 辅助诊断研究。",
            ],
        ];
        let keys: Vec<Option<String>> = same.iter().map(|forms| key(forms[0])).collect();
        for (forms, wanted) in same.iter().zip(&keys) {
            assert!(wanted.is_some());
            for form in *forms {
                assert_eq!(key(form), *wanted, "{form}");
            }
        }
        assert_eq!(keys[0].as_deref(), Some("doi:10.1000/xyz.123"));
        assert_eq!(key(""), None);
        assert_eq!(key("论文"), None, "two characters identify nothing");
        assert_ne!(key("人工智能辅助诊断研究"), key("人工智能辅助治疗研究"));
    }

    #[test]
    fn r42_a_claim_twice_is_found_and_a_higher_one_is_not_one() {
        let earlier = |same_rule, same_year, state| Earlier {
            same_rule,
            same_year,
            state,
        };
        let again = |once, same_rule, same_year| is_again(once, earlier(same_rule, same_year, ClaimCode::Recognised));
        assert!(again(Once::AtItsHighest, true, true) && again(Once::AtItsHighest, true, false));
        assert!(again(Once::OnceAYear, true, true) && !again(Once::OnceAYear, true, false));
        assert!(again(Once::Repeats, true, true));
        assert!(!again(Once::AtItsHighest, false, true), "another rule may be higher");
        for state in [
            ClaimCode::Draft,
            ClaimCode::Withdrawn,
            ClaimCode::Refused,
            ClaimCode::Voided,
        ] {
            assert!(!is_again(Once::AtItsHighest, earlier(true, true, state)));
        }
        for state in [ClaimCode::Submitted, ClaimCode::Confirmed, ClaimCode::Returned] {
            assert!(is_again(Once::AtItsHighest, earlier(true, true, state)));
        }
    }
}
