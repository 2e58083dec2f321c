//! What may change of a class after it was published, until when, and how it is told.
//!
//! Places, addresses, teachers and whom to ask may change until the class is over; the time of a session until that session
//! begins. Whatever people would miss is told to everybody with a place, as it was, as it is, and why.
//! Deliberately absent: seats and conditions, which stand once somebody may have relied on them; adding and removing
//! sessions.

use kernel::{Error, FieldError, Hours, Result, Time};

use super::{ClassPlan, SessionPlan, class::ClassState, schedule};
use crate::credits::class_hours;
use crate::credits::recognition::ClassRule;
use crate::said;

/// The fewest letters of a reason.
pub const SHORTEST_REASON: u32 = 4;
/// The most letters of a reason.
pub const LONGEST_REASON: u32 = 200;

kernel::codes! {
    /// What people were told and may have relied on.
    pub enum Part {
        /// When.
        Time = "time" "时间",
        /// Where.
        Place = "place" "上课地点",
        /// The stream; its address is not public, so only that it changed is told.
        Address = "address" "直播地址",
        /// By whom.
        Teacher = "teacher" "授课教师",
        /// Whom to ask.
        Contact = "contact" "联系人",
        /// What it is worth.
        Hours = "hours" "结业可得学时",
    }
}

/// One part as it was and as it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Difference {
    /// Number of the session; none for the class as a whole.
    pub session: Option<i64>,
    /// Which part.
    pub part: Part,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

impl Difference {
    /// `第 2 课次时间由“…”改为“…”`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let what = self.what();
        match (self.part, self.before.as_str(), self.after.as_str()) {
            (Part::Address, ..) => format!("{what}已更换"),
            (_, "", after) => format!("{what}定为“{after}”"),
            (_, before, "") => format!("{what}“{before}”已取消"),
            (_, before, after) => format!("{what}由“{before}”改为“{after}”"),
        }
    }

    /// `第 2 课次时间`.
    #[must_use]
    pub fn what(&self) -> String {
        match self.session {
            Some(position) => format!("第 {position} 课次{}", self.part.name()),
            None => self.part.name().to_owned(),
        }
    }
}

/// `2026年3月25日 09:00–12:00`.
fn span(plan: &SessionPlan) -> String {
    let until = plan.ends_at.civil();
    format!("{}–{}", said::moment(plan.starts_at), until.format("%H:%M"))
}

/// Whether a session takes place at another time, or is taught longer or shorter.
#[must_use]
pub fn moved(before: &SessionPlan, after: &SessionPlan) -> bool {
    (before.starts_at, before.ends_at, before.pause) != (after.starts_at, after.ends_at, after.pause)
}

/// What differs between a class and what it is to become; sessions are compared in their order, which never changes.
#[must_use]
pub fn differences(
    (before, sessions): (&ClassPlan, &[SessionPlan]),
    (after, new): (&ClassPlan, &[SessionPlan]),
    rule: &ClassRule,
) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut note = |session: Option<i64>, part: Part, before: &str, after: &str| {
        let (before, after) = (before.trim().to_owned(), after.trim().to_owned());
        if before != after {
            found.push(Difference {
                session,
                part,
                before,
                after,
            });
        }
    };
    note(None, Part::Contact, &before.contact, &after.contact);
    note(None, Part::Place, &before.place, &after.place);
    for (position, (was, is)) in (1_i64..).zip(sessions.iter().zip(new)) {
        let at = Some(position);
        note(at, Part::Time, &span(was), &span(is));
        note(at, Part::Place, &was.place, &is.place);
        note(at, Part::Address, &was.url, &is.url);
        note(at, Part::Teacher, &was.teacher, &is.teacher);
    }
    let worth = |plan: &ClassPlan, of: &[SessionPlan]| class_hours(rule, schedule::taught(of), plan.declared_hours).0;
    let (was, is): (Hours, Hours) = (worth(before, sessions), worth(after, new));
    note(None, Part::Hours, &was.to_string(), &is.to_string());
    // An address is for those who have a place; what is told and shown to all is only that it changed.
    for difference in found.iter_mut().filter(|difference| difference.part == Part::Address) {
        difference.before.clear();
        difference.after.clear();
    }
    found
}

/// What stands in the way of the change at `now`, each at its field (R-71 for times).
#[must_use]
pub fn faults(plan: &ClassPlan, before: &[SessionPlan], after: &[SessionPlan], now: Time) -> Vec<FieldError> {
    // Enrolment is not opened again: what was right about it when the class was published is not asked anew.
    let whole = plan.faults(after, Time::default()).into_iter();
    let mut faults: Vec<FieldError> = whole.filter(|fault| !fault.code.starts_with("class.enrol")).collect();
    for (n, (was, is)) in (1..).zip(before.iter().zip(after)) {
        if !moved(was, is) {
            continue;
        }
        let mut say = |code, sentence: String| {
            faults.push(FieldError::new(format!("sessions.{n}.starts_at"), code, sentence));
        };
        if was.starts_at <= now {
            say("session.begun", format!("第 {n} 课次已经开始，时间不能再改。"));
        } else if is.starts_at <= now {
            say("session.past", format!("第 {n} 课次：新的开始时间应晚于现在。"));
        } else if let Some(until) = plan.enrol_until.filter(|until| is.starts_at < *until) {
            say(
                "session.before_enrolment",
                format!("第 {n} 课次：开始时间不能早于报名截止时间 {}。", said::moment(until)),
            );
        }
    }
    faults
}

/// The reason that goes to everybody with a place: needed when something that was published differs.
///
/// # Errors
/// Wrong at `reason`.
pub fn reason(state: &ClassState, differences: &[Difference], reason: &str) -> Result<String> {
    let reason = reason.trim();
    let needed = matches!(state, ClassState::Published { .. }) && !differences.is_empty();
    let length = u32::try_from(reason.chars().count()).unwrap_or(u32::MAX);
    if needed && !(SHORTEST_REASON..=LONGEST_REASON).contains(&length) {
        let sentence =
            format!("请写明变更的原因（{SHORTEST_REASON} 至 {LONGEST_REASON} 个字），已报名和候补的学员会收到这段话。");
        return Err(Error::wrong("reason", "class.change_reason", sentence));
    }
    Ok(reason.to_owned())
}

/// The refusal when people with a place are busy at the new time: who, and with what.
#[must_use]
pub fn busy(clashes: &[(String, String)]) -> Error {
    const NAMED: usize = 5;
    let named: Vec<String> = clashes
        .iter()
        .take(NAMED)
        .map(|(name, sentence)| format!("{name}{sentence}"))
        .collect();
    let more = match clashes.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("；另有 {more} 人"),
    };
    let sentence = format!(
        "新的时间有 {} 人不能参加：{}{more}。请另选时间。",
        clashes.len(),
        named.join("；")
    );
    Error::refused_by("R-12", "class.overlap", sentence)
}

#[cfg(test)]
mod tests {
    use kernel::{Seconds, date};

    use super::*;
    use crate::courses::plan::tests::plan;
    use crate::courses::schedule::tests::session;
    use crate::credits::recognition::shipped;

    fn at(day: u32, hour: u32) -> Time {
        Time::local(date(2026, 4, day), hour, 0)
    }

    fn on(day: u32) -> SessionPlan {
        SessionPlan {
            starts_at: at(day, 9),
            ends_at: at(day, 12),
            ..session(5, 9, 12)
        }
    }

    fn class() -> ClassPlan {
        ClassPlan {
            enrol_from: Some(at(1, 8)),
            enrol_until: Some(at(5, 8)),
            ..plan()
        }
    }

    #[test]
    fn r70_what_changed_is_said_as_it_was_and_as_it_is() {
        let before = [on(10), on(11)];
        let after = [
            SessionPlan {
                teacher: "新老师".into(),
                ..on(10)
            },
            SessionPlan {
                url: "https://live.example/2".into(),
                ..on(12)
            },
        ];
        let said: Vec<String> = differences((&class(), &before), (&class(), &after), &shipped().class)
            .iter()
            .map(Difference::sentence)
            .collect();
        let teacher = format!("第 1 课次授课教师由“{}”改为“新老师”", before[0].teacher);
        let time = "第 2 课次时间由“2026年4月11日 09:00–12:00”改为“2026年4月12日 09:00–12:00”".to_owned();
        assert_eq!(said, [teacher, time, "第 2 课次直播地址已更换".to_owned()]);
        assert!(differences((&class(), &before), (&class(), &before), &shipped().class).is_empty());
    }

    #[test]
    fn r70_a_published_class_changes_with_a_reason_and_never_silently() {
        let differences = differences((&class(), &[on(10)]), (&class(), &[on(11)]), &shipped().class);
        let published = ClassState::Published { at: at(1, 8) };
        for (state, given, passes) in [
            (&published, "", false),
            (&published, "  病 ", false),
            (&published, "教室停电，改期", true),
            (&ClassState::Draft, "", true),
        ] {
            assert_eq!(reason(state, &differences, given).is_ok(), passes, "{given}");
        }
        assert!(reason(&published, &[], "").is_ok(), "nothing to tell");
    }

    #[test]
    fn r71_a_time_moves_only_before_its_session_begins_and_only_into_the_future() {
        let code = |now: Time, is: SessionPlan| {
            let faults = faults(&class(), &[on(10)], &[is], now);
            faults.first().map(|fault| fault.code)
        };
        assert_eq!(code(at(8, 9), on(12)), None);
        assert_eq!(code(at(10, 9), on(12)), Some("session.begun"));
        assert_eq!(code(at(9, 9), on(8)), Some("session.past"));
        assert_eq!(code(at(2, 9), on(4)), Some("session.before_enrolment"));
        // Who teaches may change even while it is taught.
        let other = SessionPlan {
            teacher: "新老师".into(),
            ..on(10)
        };
        assert_eq!(code(at(10, 10), other), None);
        // A longer break is another time as well.
        let paused = SessionPlan {
            pause: Seconds::minutes(30),
            ..on(10)
        };
        assert_eq!(code(at(10, 10), paused), Some("session.begun"));
    }

    #[test]
    fn r12_who_cannot_come_at_the_new_time_is_named_with_the_other_class() {
        let clashes: Vec<(String, String)> = (1..=7)
            .map(|n| (format!("学员{n}"), "与已报的“甲班”时间冲突".to_owned()))
            .collect();
        let Error::Refused { sentence, .. } = busy(&clashes) else {
            panic!("a refusal");
        };
        assert!(sentence.starts_with("新的时间有 7 人不能参加：学员1与已报的“甲班”时间冲突；"));
        assert!(sentence.ends_with("；另有 2 人。请另选时间。"), "{sentence}");
    }
}
