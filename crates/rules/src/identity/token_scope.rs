//! What a bearer token of a system may do: scopes, each standing for one act of the permission table.
//!
//! A token acts in one grant of an account. It may carry only scopes whose act that grant's role has, and acts
//! within that grant's bounds; when the grant ends, so does the token.
//! Deliberately absent: refresh tokens and the OAuth dance. Systems are few and known to their administrators.

use kernel::{Actor, Error, Result};

use crate::permits::{self, Act};

/// Seconds a token is good for: a year and a month, so that the yearly renewal is never late by a holiday.
pub const TTL: i64 = 396 * 86_400;
/// The time of the last use is written at most this often, in seconds.
pub const TOUCH: i64 = 60;

kernel::codes! {
    /// One thing a token may do.
    pub enum TokenScope {
        /// Checking certificates.
        Verify = "verify" "核验证书",
        /// Reading the catalogue of classes.
        Catalogue = "catalogue" "读取班次目录",
        /// Reading annual statements.
        Statements = "statements" "读取年度学时",
        /// Checking the hours of an application for a title.
        TitleChecks = "title_checks" "职称申报学时审核",
        /// Handing in the roster.
        Roster = "roster" "报送人员名册",
        /// Reporting completions.
        Completions = "completions" "报送结业结果",
    }
}

impl TokenScope {
    /// The act the scope stands for; none for what is public anyway.
    #[must_use]
    pub const fn act(self) -> Option<Act> {
        match self {
            Self::Verify | Self::Catalogue => None,
            Self::Statements => Some(Act::ViewStatement),
            Self::TitleChecks => Some(Act::CheckTitle),
            Self::Roster => Some(Act::ImportRoster),
            Self::Completions => Some(Act::CompleteClass),
        }
    }
}

/// Refuses scopes that the role of the grant does not have itself.
///
/// # Errors
/// `Wrong` at the field `scope`: none chosen, or one beyond the role.
pub fn may_carry(holder: &Actor, scopes: &[TokenScope]) -> Result<()> {
    if scopes.is_empty() {
        return Err(Error::wrong("scope", "token.no_scope", "请至少选择一项用途。"));
    }
    let beyond = scopes
        .iter()
        .find(|scope| scope.act().is_some_and(|act| !permits::has(holder, act)));
    beyond.map_or(Ok(()), |scope| {
        let sentence = format!(
            "{}不能办理“{}”，令牌的用途不能超出账号自身的权限。",
            holder.role.name(),
            scope.name()
        );
        Err(Error::wrong("scope", "token.beyond_role", sentence))
    })
}

#[cfg(test)]
mod tests {
    use kernel::{Code, Role};

    use super::*;

    fn carried(role: Role) -> Vec<&'static str> {
        let holder = Actor {
            role,
            ..Actor::anonymous("")
        };
        TokenScope::ALL
            .iter()
            .filter(|scope| may_carry(&holder, &[**scope]).is_ok())
            .map(|scope| scope.code())
            .collect()
    }

    #[test]
    fn a_token_never_does_more_than_its_role() {
        assert_eq!(
            carried(Role::Employer),
            ["verify", "catalogue", "statements", "title_checks", "roster"]
        );
        assert_eq!(carried(Role::Provider), ["verify", "catalogue", "completions"]);
        assert_eq!(carried(Role::Operator), ["verify", "catalogue"]);
        assert_eq!(
            carried(Role::Lead),
            ["verify", "catalogue", "statements", "title_checks"]
        );
    }

    #[test]
    fn a_token_for_nothing_is_refused() {
        assert!(matches!(may_carry(&Actor::anonymous(""), &[]), Err(Error::Wrong(_))));
    }
}
