//! One-time codes: 128 random bits, written so that a person can read them out over the phone.
//!
//! Crockford's base 32 (no I, L, O, U; what looks like one is read as 1 or 0), 26 characters of code and two of
//! check, in seven groups of four: `9F3K-7Q2M-…`. The check tells a typing mistake at once, before it counts as a
//! guess. The code itself is kept nowhere; the store knows its SHA-256.
//!
//! ```text
//! issued ──redeem──► used      issued ──a newer one of the same account and purpose──► void      issued ──ttl──► expired
//! ```
//! Deliberately absent: randomness and hashing (`registry::identity`).

use kernel::{Error, Result};

/// Seconds an activation code is good for: thirty days, a leave or a slow letter.
pub const ACTIVATION_TTL: i64 = 30 * 86_400;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters that carry the 128 bits, and the check characters behind them.
const BODY: usize = 26;
const CHECK: usize = 2;
/// The largest prime below 32²: any single wrong character and any swap of neighbours changes the remainder.
const MODULUS: u128 = 1021;

kernel::codes! {
    /// What a one-time code is for.
    pub enum Purpose {
        /// Choosing the first or a new password of an account.
        Activation = "activation" "激活账号",
        /// Finishing the registration of a person.
        Registration = "registration" "个人注册",
        /// Claiming a record that an employer imported.
        Claim = "claim" "认领档案",
    }
}

/// A one-time code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OneTimeCode([u8; 16]);

impl OneTimeCode {
    /// From 128 random bits.
    #[must_use]
    pub const fn new(bits: [u8; 16]) -> Self {
        Self(bits)
    }

    /// The bits, for hashing.
    #[must_use]
    pub const fn bits(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads what a person typed: any case, any spaces and dashes.
    ///
    /// # Errors
    /// `Wrong` at the field `code`: incomplete, or mistyped.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |code, sentence: &str| Error::wrong("code", code, sentence);
        let separators = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '－' | '–' | '—' | '_');
        let typed: Vec<char> = text.chars().filter(separators).take(BODY + CHECK + 1).collect();
        if typed.is_empty() {
            return Err(wrong("code.missing", "请输入激活码。"));
        }
        if typed.len() != BODY + CHECK {
            return Err(wrong("code.length", "激活码应为 7 组、每组 4 个字符，请检查是否完整。"));
        }
        let mistyped = || wrong("code.mistyped", "激活码输入有误，请逐组核对。");
        let digits: Vec<u128> = typed
            .iter()
            .map(|c| digit(*c))
            .collect::<Option<_>>()
            .ok_or_else(mistyped)?;
        // 26 characters hold 130 bits: the first may only use three of its five.
        if digits[0] > 7 {
            return Err(mistyped());
        }
        let value = digits[..BODY].iter().fold(0_u128, |value, digit| (value << 5) | digit);
        let check = digits[BODY] * 32 + digits[BODY + 1];
        if value % MODULUS != check {
            return Err(mistyped());
        }
        Ok(Self(value.to_be_bytes()))
    }
}

fn digit(c: char) -> Option<u128> {
    let plain = match c.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    ALPHABET
        .iter()
        .position(|letter| char::from(*letter) == plain)
        .map(|at| at as u128)
}

impl std::fmt::Display for OneTimeCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = u128::from_be_bytes(self.0);
        let check = value % MODULUS;
        let letter = |digit: u128| char::from(ALPHABET[(digit & 31) as usize]);
        let body = (0..BODY).rev().map(|at| letter(value >> (5 * at)));
        for (at, c) in body.chain([letter(check >> 5), letter(check)]).enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}

/// A secret: logs show that there is one, not which.
impl std::fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> &'static str {
        match OneTimeCode::parse(text) {
            Err(Error::Wrong(fields)) => fields[0].code,
            other => panic!("{text} gave {other:?}"),
        }
    }

    fn samples() -> impl Iterator<Item = OneTimeCode> {
        (0..200_u128)
            .map(|n| OneTimeCode::new((n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)).to_be_bytes()))
    }

    #[test]
    fn what_is_printed_can_be_typed_in_any_manner() {
        for code in samples().chain([OneTimeCode::new([0xFF; 16])]) {
            let printed = code.to_string();
            assert_eq!(printed.split('-').map(str::len).collect::<Vec<_>>(), [4; 7]);
            assert_eq!(OneTimeCode::parse(&printed).unwrap(), code);
            let sloppy = printed
                .to_lowercase()
                .replace('-', " ")
                .replace('1', "l")
                .replace('0', "o");
            assert_eq!(OneTimeCode::parse(&sloppy).unwrap(), code);
        }
    }

    #[test]
    fn any_single_mistake_and_any_swap_of_neighbours_is_noticed() {
        for code in samples() {
            let letters: Vec<char> = code.to_string().chars().filter(|c| *c != '-').collect();
            for at in 0..letters.len() {
                let mut wrong = letters.clone();
                wrong[at] = if wrong[at] == '7' { '3' } else { '7' };
                assert_eq!(fault(&wrong.iter().collect::<String>()), "code.mistyped");
                if at > 0 && letters[at] != letters[at - 1] {
                    let mut swapped = letters.clone();
                    swapped.swap(at, at - 1);
                    assert_eq!(fault(&swapped.iter().collect::<String>()), "code.mistyped");
                }
            }
        }
    }

    #[test]
    fn incomplete_codes_are_told_apart_from_wrong_ones() {
        assert_eq!(fault(" - "), "code.missing");
        assert_eq!(fault("9F3K-7Q2M"), "code.length");
        assert_eq!(fault(&"9".repeat(400)), "code.length");
        assert_eq!(fault("0000-0000-0000-0000-0000-0000-000!"), "code.mistyped");
        assert_eq!(fault("ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"), "code.mistyped");
    }

    #[test]
    fn a_log_line_never_shows_a_code() {
        assert_eq!(format!("{:?}", OneTimeCode::new([7; 16])), "OneTimeCode(…)");
    }
}
