//! The code on the screen and the ticket of a browser that has seen it: both are keyed digests under the secret of the
//! session's check-in, so that nothing is stored for a scan and nobody can make one without the screen.
//! What counts when is decided in [`rules::attendance::check_in`]. Deliberately absent: the clock and the database.

use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{Result, Time, id::SessionId};
use rules::attendance::check_in as rule;
use sha2::Sha256;

/// Letters and digits that nobody confuses when typing them from a screen (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: 40 bits, of which two counts at a time.
const LETTERS: usize = 8;

/// The secret of one session's check-in.
pub(super) struct Secret(pub Vec<u8>);

impl Secret {
    fn keyed(&self, purpose: &[u8], session: SessionId, number: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length is a key");
        mac.update(purpose);
        mac.update(&session.get().to_be_bytes());
        mac.update(&number.to_be_bytes());
        mac
    }

    fn code_of(&self, session: SessionId, step: i64) -> String {
        let digest = self.keyed(b"code", session, step).finalize().into_bytes();
        let bits = digest[..5]
            .iter()
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let letter = |place: usize| char::from(ALPHABET[(bits >> (5 * (LETTERS - 1 - place)) & 31) as usize]);
        (0..LETTERS).map(letter).collect()
    }

    /// The code that stands on the screen at a moment.
    pub(super) fn code(&self, session: SessionId, at: Time) -> String {
        self.code_of(session, rule::step(at))
    }

    /// A ticket for whoever shows a code that counts.
    ///
    /// # Errors
    /// `check_in.stale`.
    pub(super) fn exchange(&self, session: SessionId, code: &str, now: Time) -> Result<Ticket> {
        let typed = read(code);
        if !rule::counted(now)
            .iter()
            .any(|step| self.code_of(session, *step) == typed)
        {
            return Err(rule::stale());
        }
        let mac = self.keyed(b"seen", session, now.micros()).finalize().into_bytes();
        Ok(Ticket {
            session,
            seen: now,
            proof: mac.to_vec(),
        })
    }

    /// Whether a ticket is one of ours and still counts.
    ///
    /// # Errors
    /// `check_in.stale`.
    pub(super) fn check(&self, session: SessionId, ticket: &Ticket, now: Time) -> Result<()> {
        let mac = self.keyed(b"seen", session, ticket.seen.micros());
        if ticket.session != session || mac.verify_slice(&ticket.proof).is_err() {
            return Err(rule::stale());
        }
        rule::fresh(ticket.seen, now)
    }
}

/// A code as typed: small letters, spaces and dashes, and the letters that look like digits.
fn read(typed: &str) -> String {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    letters
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// What a browser holds that has seen a code: which session, when, and the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    session: SessionId,
    seen: Time,
    proof: Vec<u8>,
}

impl Ticket {
    /// As a cookie carries it: `SESSION.MICROSECONDS.HEX`.
    #[must_use]
    pub fn write(&self) -> String {
        let proof: String = self.proof.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}.{}.{proof}", self.session, self.seen.micros())
    }

    /// Reads it back; none for anything that was not written by [`Ticket::write`].
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (session, seen, proof) = (parts.next()?, parts.next()?, parts.next()?);
        let byte = |place| u8::from_str_radix(proof.get(place..place + 2)?, 16).ok();
        Some(Self {
            session: session.parse().ok()?,
            seen: Time::from_micros(seen.parse().ok()?),
            proof: (0..proof.len()).step_by(2).map(byte).collect::<Option<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::{date, id::Id};

    use super::*;

    fn now() -> Time {
        Time::local(date(2026, 3, 23), 9, 0)
    }

    #[test]
    fn r120_a_code_is_exchanged_while_it_counts_and_only_for_its_session() {
        let (secret, session) = (Secret(vec![7; 32]), Id::new(5));
        let code = secret.code(session, now());
        assert_eq!(code.len(), LETTERS);
        let typed = format!("{} {}", code[..4].to_lowercase(), &code[4..]);
        assert!(secret.exchange(session, &typed, now().plus_seconds(29)).is_ok());
        assert!(secret.exchange(session, &code, now().plus_seconds(30)).is_err());
        assert!(secret.exchange(Id::new(6), &code, now()).is_err());
        assert!(Secret(vec![8; 32]).exchange(session, &code, now()).is_err());
    }

    #[test]
    fn r120_a_ticket_cannot_be_made_moved_or_kept() {
        let (secret, session) = (Secret(vec![7; 32]), Id::new(5));
        let ticket = secret
            .exchange(session, &secret.code(session, now()), now())
            .expect("it counts");
        let kept = Ticket::read(&ticket.write()).expect("it was written");
        assert_eq!(kept, ticket);
        assert!(secret.check(session, &kept, now().plus_seconds(300)).is_ok());
        assert!(secret.check(session, &kept, now().plus_seconds(301)).is_err());
        assert!(secret.check(Id::new(6), &kept, now()).is_err());
        let later = Ticket {
            seen: now().plus_seconds(60),
            ..kept.clone()
        };
        assert!(secret.check(session, &later, now().plus_seconds(60)).is_err());
        for broken in ["", "5", "5.1", "5.1.0", "5.1.zz", "x.1.00", "5.1.é0"] {
            assert!(Ticket::read(broken).is_none_or(|ticket| secret.check(session, &ticket, now()).is_err()));
        }
    }
}
