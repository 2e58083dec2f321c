//! The correction of an entry: a second entry that takes it back. Nothing is ever changed or deleted.

use kernel::{EntryId, Error, Result};

use super::{Cause, Posting};

/// The posting that takes `entry` back, for a reason that the person will read.
///
/// # Errors
/// `credits.reversed` when it was taken back before, `credits.reversal` when it is itself a reversal,
/// and a wrong field when no reason is given.
pub fn reverse(entry: EntryId, posted: &Posting, reversed_before: bool, reason: &str) -> Result<Posting> {
    if posted.reverses.is_some() {
        return Err(Error::refused(
            "credits.reversal",
            "冲正记录本身不能再冲正，请重新登记正确的学时。",
        ));
    }
    if reversed_before {
        return Err(Error::refused("credits.reversed", "这条学时已经冲正过，不能重复冲正。"));
    }
    let reason = reason.trim();
    if !(4..=200).contains(&reason.chars().count()) {
        return Err(Error::wrong(
            "reason",
            "credits.reason",
            "请用 4 到 200 个字写明冲正原因，本人可以看到。",
        ));
    }
    Ok(Posting {
        hours: -posted.hours,
        cause: Cause::Reversal(entry),
        attempt: 1,
        basis: format!("冲正“{}”的 {} 学时：{reason}", posted.title, posted.hours),
        reverses: Some(entry),
        reason: Some(reason.to_owned()),
        ..posted.clone()
    })
}

#[cfg(test)]
mod tests {
    use kernel::{Code, Hours, Id, Place, date};

    use super::*;
    use crate::credits::{ActivityForm, HistoryFacts, Subject, for_history};

    fn posted() -> Posting {
        let facts = HistoryFacts {
            key: "t/1".into(),
            title: "数据治理".into(),
            subject: Subject::Professional,
            form: ActivityForm::ALL[0],
            hours: Hours::whole(8),
            earned_on: date(2026, 3, 5),
        };
        for_history(facts, Id::new(1), Place::default())
    }

    #[test]
    fn a_reversal_takes_back_exactly_what_was_posted_once() {
        let back = reverse(Id::new(9), &posted(), false, "重复登记").expect("reversible");
        assert_eq!(back.hours + posted().hours, Hours::ZERO);
        assert_eq!((back.year, back.subject), (2026, Subject::Professional));
        assert_eq!(back.cause.text(), "reversal:9");
        assert!(matches!(
            reverse(Id::new(9), &posted(), true, "重复登记"),
            Err(Error::Refused {
                code: "credits.reversed",
                ..
            })
        ));
        assert!(matches!(
            reverse(Id::new(9), &back, false, "重复登记"),
            Err(Error::Refused {
                code: "credits.reversal",
                ..
            })
        ));
        assert!(matches!(
            reverse(Id::new(9), &posted(), false, " 错 "),
            Err(Error::Wrong(_))
        ));
    }
}
