//! The login name of an account: what it looks like and what it must not be.
//!
//! A login name is no secret and no personal datum: people see it in lists and in the audit trail. An identity
//! number or a phone number is therefore refused as one.
//! Deliberately absent: uniqueness, which only the store can tell.

use kernel::{Error, Result};

/// Shortest and longest login name, in characters: long enough to be told apart, short enough for a list.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=40;

/// A checked login name: lower-case ASCII letters, digits, `.`, `_` and `-`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LoginName(String);

impl LoginName {
    /// Checks a chosen login name; capital letters become small ones, so that nobody is locked out by a caps key.
    ///
    /// # Errors
    /// `Wrong` at the field `login`, with the sentence that says what to write.
    pub fn parse(text: &str) -> Result<Self> {
        let name = fold(text);
        let wrong = |code, sentence: &str| Err(Error::wrong("login", code, sentence));
        if name.is_empty() {
            return wrong("login.missing", "请填写登录名。");
        }
        if is_personal_number(&name) {
            return wrong(
                "login.personal",
                "登录名会出现在名单和审计记录中，请不要使用身份证件号码或手机号码。",
            );
        }
        if !LENGTH.contains(&name.chars().count()) {
            return wrong("login.length", "登录名应为 3 到 40 个字符。");
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
        if !name.chars().all(allowed) || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return wrong(
                "login.characters",
                "登录名以字母开头，只用字母、数字、点、下划线和连字符。",
            );
        }
        Ok(Self(name))
    }

    /// The name as it is stored and compared.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for LoginName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What somebody typed into the login field, as it is compared; cut where no login name goes on, so that a
/// megabyte of typing costs nothing.
#[must_use]
pub fn fold(typed: &str) -> String {
    typed
        .trim()
        .chars()
        .take(*LENGTH.end() + 1)
        .collect::<String>()
        .to_lowercase()
}

/// As long as a phone number (11 digits) or an identity number (18, the last may be x).
fn is_personal_number(name: &str) -> bool {
    let digits = name.strip_suffix('x').unwrap_or(name);
    (11..=18).contains(&name.len()) && digits.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        match LoginName::parse(text) {
            Err(Error::Wrong(fields)) => fields[0].code,
            other => panic!("{text} gave {other:?}"),
        }
    }

    #[test]
    fn a_login_name_is_plain_and_small() {
        assert_eq!(LoginName::parse(" Zhang.San-2 ").unwrap().as_str(), "zhang.san-2");
        assert_eq!(code(""), "login.missing");
        assert_eq!(code("ab"), "login.length");
        assert_eq!(code(&"a".repeat(41)), "login.length");
        assert_eq!(code("张三丰"), "login.characters");
        assert_eq!(code("1abc"), "login.characters");
        assert_eq!(code("a b c"), "login.characters");
    }

    #[test]
    fn an_identity_or_phone_number_is_no_login_name() {
        assert_eq!(code("11010519491231002X"), "login.personal");
        assert_eq!(code("13812345678"), "login.personal");
    }

    #[test]
    fn endless_typing_is_cut() {
        assert_eq!(fold(&"A".repeat(1_000_000)).len(), 41);
    }
}
