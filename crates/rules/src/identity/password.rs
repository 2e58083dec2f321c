//! Which passwords are acceptable: long enough, not the login name, not a run, not a common one.
//!
//! Follows NIST SP 800-63B: length and a list of what everybody tries first, and no composition rules (a capital
//! letter, a sign …), because those make passwords that people write down. Nothing here is derived from personal
//! data: nobody is ever given a password, everybody chooses one with a one-time code.
//! Deliberately absent: hashing (`registry::identity::secrets`), expiry of passwords (NIST advises against it).

use kernel::{FieldError, Result};

/// Fewest characters. NIST asks for 8; ten, because a guess of this list of rules costs an attacker nothing.
pub const SHORTEST: usize = 10;
/// Most characters: a sentence fits, a megabyte that keeps the hash busy does not.
pub const LONGEST: usize = 128;

/// What is tried first against Chinese and English sites, and the password of the demonstration data, which must
/// not exist outside it. Compared without case; shorter ones fail by their length.
const COMMON: &[&str] = &[
    "1234512345",
    "123456789a",
    "1234567890a",
    "123456abcdef",
    "147258369a",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "5201314520",
    "5201314woaini",
    "a123456789",
    "aa123456789",
    "abc123456789",
    "admin12345",
    "admin123456",
    "administrator",
    "asdfghjkl123",
    "changeme123",
    "iloveyou1314",
    "iloveyou520",
    "mima123456",
    "p@ssw0rd123",
    "passw0rd123",
    "password01",
    "password12",
    "password123",
    "password1234",
    "password2026",
    "qazwsxedcrfv",
    "qq123456789",
    "qwer123456",
    "qwerty12345",
    "qwerty123456",
    "root123456",
    "shanghai123",
    "shanghai2026",
    "test123456",
    "wang123456",
    "welcome123",
    "woaini1314",
    "woaini1314520",
    "woaini5201314",
    "woaini520",
    "zhang123456",
    "zhixin1234",
    "zhixin12345",
    "zhixin123456",
    "zhixin2026",
    "zhixin-demo-2026",
    "zxcvbnm123",
];

/// Rows of the keyboard and of the alphabet along which a finger walks.
const ROWS: &[&str] = &[
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
];

/// Judges a chosen password, typed twice, for the account `login`.
///
/// # Errors
/// `Wrong` at the fields `password` and `again`.
pub fn check(password: &str, again: &str, login: &str) -> Result<()> {
    let mut errors = Vec::new();
    if let Some((code, sentence)) = fault(password, login) {
        errors.push(FieldError::new("password", code, sentence));
    }
    if password != again {
        errors.push(FieldError::new(
            "again",
            "password.differs",
            "两次输入的密码不一致，请重新输入。",
        ));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(kernel::Error::Wrong(errors))
    }
}

fn fault(password: &str, login: &str) -> Option<(&'static str, &'static str)> {
    let length = password.chars().count();
    let small = password.to_lowercase();
    if length < SHORTEST {
        Some(("password.short", "密码至少 10 个字符。可以用一句自己记得住的话。"))
    } else if length > LONGEST {
        Some(("password.long", "密码最多 128 个字符。"))
    } else if !login.is_empty() && small.contains(&login.to_lowercase()) {
        Some(("password.login", "密码不能包含登录名。"))
    } else if is_run(&small) {
        Some((
            "password.run",
            "密码不能是连续或重复的字符，例如 1234567890 或 abcabcabcabc。",
        ))
    } else if COMMON.contains(&small.as_str()) {
        Some(("password.common", "这个密码太常见，容易被猜到，请换一个。"))
    } else {
        None
    }
}

/// A walk along a row of the keyboard or alphabet in either direction, or a piece of up to four characters repeated.
fn is_run(password: &str) -> bool {
    let letters: Vec<char> = password.chars().collect();
    let repeated = (1..=4).any(|piece| letters.iter().zip(letters.iter().skip(piece)).all(|(a, b)| a == b));
    repeated || walks(&letters)
}

/// Whether all steps but one (where a finger changes rows) go along a row.
fn walks(letters: &[char]) -> bool {
    let along = |pair: &[char]| {
        ROWS.iter().any(|row| {
            let forward: String = pair.iter().collect();
            let backward: String = pair.iter().rev().collect();
            row.contains(&forward) || row.contains(&backward)
        })
    };
    letters.windows(2).filter(|pair| !along(pair)).count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        fault(password, "zhangsan").map(|(code, _)| code)
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert_eq!(code("九个字的密码在这里"), Some("password.short"));
        assert_eq!(code("十个字的密码就在这里"), None);
        assert_eq!(code(&"长话".repeat(65)), Some("password.long"));
    }

    #[test]
    fn the_login_name_is_no_password() {
        assert_eq!(code("ZhangSan-2026"), Some("password.login"));
        assert_eq!(fault("a long enough one", ""), None);
    }

    #[test]
    fn runs_and_repetitions_are_refused() {
        for run in [
            "1234567890",
            "0987654321",
            "abcdefghijkl",
            "qwertyuiop",
            "aaaaaaaaaa",
            "abcabcabcabc",
            "1212121212",
            "abcde12345",
            "asdfghjklzxc",
        ] {
            assert_eq!(code(run), Some("password.run"), "{run}");
        }
        assert_eq!(code("12345-abcde-98"), None);
    }

    #[test]
    fn common_passwords_are_refused_in_any_case() {
        for common in COMMON.iter().filter(|common| common.len() >= SHORTEST) {
            assert!(fault(common, "").is_some(), "{common}");
            assert!(fault(&common.to_uppercase(), "").is_some(), "{common}");
        }
    }

    #[test]
    fn the_demonstration_password_exists_nowhere_else() {
        assert_eq!(code("zhixin-demo-2026"), Some("password.common"));
    }

    #[test]
    fn no_composition_is_demanded() {
        assert_eq!(code("correct horse battery"), None);
        assert_eq!(code("春风又绿江南岸明月何时"), None);
    }

    #[test]
    fn both_faults_are_told_at_their_fields() {
        let Err(kernel::Error::Wrong(errors)) = check("short", "shorter", "x") else {
            panic!("both are wrong")
        };
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(fields, ["password", "again"]);
    }
}
