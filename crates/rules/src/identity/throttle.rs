//! When guessing is paused: per login name, per address, per address of code guessers.
//!
//! ```text
//! no count ──attempt──► counted (n ≤ limit) ──attempt──► … n > limit: paused until `at` + pause ──pause over──► no count
//! ```
//! `at` is the time of the last attempt that still counted; attempts during the pause do not prolong it, so that
//! nobody can lock a colleague out for ever. A success takes its attempt back. The count is kept by the *name that
//! was typed*, whether or not an account has it, so that a pause tells nothing about which accounts exist.
//! Deliberately absent: captchas, and locks that only an administrator can lift.

use kernel::{Error, Result, Time};

/// How many attempts, and how long the pause after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Attempts that count before the pause.
    pub limit: i64,
    /// Length of the pause in seconds; a count that is older than this is forgotten.
    pub pause: i64,
}

/// Failures of one login name: five typing mistakes are human; fifteen minutes make 480 guesses a day at most.
pub const LOGIN: Throttle = Throttle {
    limit: 5,
    pause: 15 * 60,
};
/// Failures from one address: a whole office may sit behind one, so it is generous and short.
pub const ADDRESS: Throttle = Throttle {
    limit: 60,
    pause: 5 * 60,
};
/// Unknown one-time codes from one address: 128 bits cannot be guessed, this only keeps the noise down.
pub const CODE: Throttle = Throttle {
    limit: 10,
    pause: 15 * 60,
};

/// Attempts as they are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Attempts, this one included.
    pub attempts: i64,
    /// When the last one that counted was made.
    pub at: Time,
}

impl Throttle {
    /// The instant up to which a count is forgotten at `now`.
    #[must_use]
    pub const fn forgotten_before(self, now: Time) -> Time {
        now.plus_seconds(-self.pause)
    }

    /// Until when attempts are paused by this count, if they are.
    #[must_use]
    pub fn paused_until(self, count: Count, now: Time) -> Option<Time> {
        let until = count.at.plus_seconds(self.pause);
        (count.attempts > self.limit && now < until).then_some(until)
    }

    /// Attempts left after this one failed.
    #[must_use]
    pub const fn left(self, count: Count) -> i64 {
        if count.attempts < self.limit {
            self.limit - count.attempts
        } else {
            0
        }
    }
}

/// Refuses a login while its name is paused.
///
/// # Errors
/// `identity.locked`, with the time when it may be tried again.
pub fn admit_login(count: Count, now: Time) -> Result<()> {
    LOGIN
        .paused_until(count, now)
        .map_or(Ok(()), |until| Err(locked(until)))
}

/// Refuses any login from an address that failed too often.
///
/// # Errors
/// `throttle.address`, with the time when it may be tried again.
pub fn admit_address(count: Count, now: Time) -> Result<()> {
    ADDRESS.paused_until(count, now).map_or(Ok(()), |until| {
        Err(Error::refused(
            "throttle.address",
            format!("您所在的网络登录失败次数过多，请在 {} 之后再试。", clock_time(until)),
        ))
    })
}

/// Refuses a one-time code from an address that typed too many unknown ones.
///
/// # Errors
/// `throttle.code`, with the time when it may be tried again.
pub fn admit_code(count: Count, now: Time) -> Result<()> {
    CODE.paused_until(count, now).map_or(Ok(()), |until| {
        Err(Error::refused(
            "throttle.code",
            format!("激活码输入错误次数过多，请在 {} 之后再试。", clock_time(until)),
        ))
    })
}

/// What a failed login is told: how many attempts are left, or that the name is paused from now on.
#[must_use]
pub fn login_failure(count: Count) -> Error {
    match LOGIN.left(count) {
        0 => locked(count.at.plus_seconds(LOGIN.pause)),
        left => Error::refused(
            "identity.wrong",
            format!("登录名或密码不正确，还可以再试 {left} 次。忘记密码请联系本单位管理员重新发放激活码。"),
        ),
    }
}

fn locked(until: Time) -> Error {
    Error::refused(
        "identity.locked",
        format!(
            "登录失败次数过多，这个登录名已暂停登录，请在 {} 之后再试。忘记密码请联系本单位管理员重新发放激活码。",
            clock_time(until)
        ),
    )
}

/// `2026年3月5日 09:15`, rounded up to the minute so that the time told is never too early.
fn clock_time(until: Time) -> String {
    until
        .plus_seconds(59)
        .civil()
        .format("%Y年%-m月%-d日 %H:%M")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: Time = Time::from_micros(1_772_672_400_000_000);

    fn count(attempts: i64) -> Count {
        Count { attempts, at: NINE }
    }

    fn refusal(error: Error) -> (&'static str, String) {
        match error {
            Error::Refused { code, sentence, .. } => (code, sentence),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn five_failures_pause_a_login_for_fifteen_minutes() {
        for attempts in 1..=5 {
            assert!(admit_login(count(attempts), NINE).is_ok(), "{attempts}");
        }
        let (code, sentence) = refusal(admit_login(count(6), NINE).unwrap_err());
        assert_eq!(code, "identity.locked");
        assert!(
            sentence.contains("2026年3月5日 09:15") && sentence.contains("重新发放激活码"),
            "{sentence}"
        );
        assert!(admit_login(count(6), NINE.plus_seconds(15 * 60 - 1)).is_err());
        assert!(admit_login(count(6), NINE.plus_seconds(15 * 60)).is_ok());
    }

    #[test]
    fn a_failure_tells_what_is_left_and_the_fifth_tells_the_time() {
        assert!(refusal(login_failure(count(1))).1.contains("还可以再试 4 次"));
        assert!(refusal(login_failure(count(4))).1.contains("还可以再试 1 次"));
        assert_eq!(refusal(login_failure(count(5))).0, "identity.locked");
    }

    #[test]
    fn the_time_told_is_never_too_early() {
        let late = Count {
            attempts: 6,
            at: NINE.plus_seconds(1),
        };
        assert!(refusal(admit_login(late, NINE).unwrap_err()).1.contains("09:16"));
    }

    #[test]
    fn addresses_and_codes_have_pauses_of_their_own() {
        assert!(admit_address(count(60), NINE).is_ok());
        assert_eq!(
            refusal(admit_address(count(61), NINE).unwrap_err()).0,
            "throttle.address"
        );
        assert!(admit_code(count(10), NINE).is_ok());
        assert_eq!(refusal(admit_code(count(11), NINE).unwrap_err()).0, "throttle.code");
    }
}
