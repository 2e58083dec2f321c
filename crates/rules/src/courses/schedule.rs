//! The sessions of a class as planned, and the taught time computed from them.
//! Taught time is start to end less the break; it is computed, never typed.
//! Deliberately absent: rooms and their occupation.

use kernel::{FieldError, Seconds, Time};

use super::Delivery;
use crate::attendance;

/// The most sessions of one class.
pub const MOST_SESSIONS: usize = 200;
/// The longest session, in seconds: one session lies within one day.
pub const LONGEST_SESSION: i64 = 12 * 3600;

/// One session as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPlan {
    /// What is taught.
    pub title: String,
    /// Begin.
    pub starts_at: Time,
    /// End.
    pub ends_at: Time,
    /// Breaks within it.
    pub pause: Seconds,
    /// Where, for people who come.
    pub place: String,
    /// Address of the live stream, for people who do not.
    pub url: String,
    /// Who teaches.
    pub teacher: String,
    /// The teacher's professional title.
    pub teacher_title: String,
}

impl SessionPlan {
    /// Taught time: start to end less the break, never negative.
    #[must_use]
    pub fn taught(&self) -> Seconds {
        (Seconds::new(self.ends_at.seconds_since(self.starts_at)) - self.pause).or_zero()
    }

    /// What is wrong with one session; `at` names its fields, e.g. `sessions.2.` before `starts_at`.
    #[must_use]
    pub fn faults(&self, at: &str, delivery: Delivery) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut say =
            |field: &str, code, sentence: &str| faults.push(FieldError::new(format!("{at}{field}"), code, sentence));
        if self.title.trim().is_empty() {
            say("title", "session.title", "请填写课次内容。");
        }
        let length = self.ends_at.seconds_since(self.starts_at);
        if length <= 0 {
            say("ends_at", "session.order", "结束时间应晚于开始时间。");
        } else if length > LONGEST_SESSION || self.ends_at.plus_seconds(-1).date() != self.starts_at.date() {
            say(
                "ends_at",
                "session.long",
                "一个课次应在同一天内，且不超过 12 小时；请分成几个课次。",
            );
        } else if self.pause.is_negative() || self.pause.get() >= length {
            say("pause", "session.pause", "休息时间应短于课次时长。");
        }
        let (place, url) = (self.place.trim(), self.url.trim());
        let missing = match delivery {
            Delivery::Offline => place.is_empty(),
            Delivery::Online => url.is_empty(),
            Delivery::Blended => place.is_empty() && url.is_empty(),
        };
        if missing {
            let field = if delivery.has_place() { "place" } else { "url" };
            let sentence = match delivery {
                Delivery::Offline => "请填写上课地点。",
                Delivery::Online => "请填写直播地址。",
                Delivery::Blended => "请填写上课地点或直播地址。",
            };
            say(field, "session.place", sentence);
        }
        if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
            say("url", "session.url", "直播地址应以 https:// 开头。");
        }
        if self.teacher.trim().is_empty() {
            say("teacher", "session.teacher", "请填写授课教师姓名。");
        }
        faults
    }
}

/// What is wrong with the sessions together: none at all, too many, overlapping.
#[must_use]
pub fn faults(sessions: &[SessionPlan], delivery: Delivery) -> Vec<FieldError> {
    if sessions.is_empty() {
        return vec![FieldError::new("sessions", "class.sessions", "请至少安排一个课次。")];
    }
    if sessions.len() > MOST_SESSIONS {
        let sentence = format!("一个班次最多 {MOST_SESSIONS} 个课次。");
        return vec![FieldError::new("sessions", "class.sessions_many", sentence)];
    }
    let mut faults: Vec<FieldError> = sessions
        .iter()
        .enumerate()
        .flat_map(|(i, session)| session.faults(&format!("sessions.{}.", i + 1), delivery))
        .map(place_in_words)
        .collect();
    let spans: Vec<(Time, Time)> = sessions.iter().map(|s| (s.starts_at, s.ends_at)).collect();
    if let Some((one, other)) = attendance::within(&spans) {
        let sentence = format!("第 {} 课次与第 {} 课次时间重叠。", one + 1, other + 1);
        faults.push(FieldError::new("sessions", "class.sessions_overlap", sentence));
    }
    faults
}

/// `sessions.2.place` says in its sentence which session it means.
fn place_in_words(fault: FieldError) -> FieldError {
    let position = fault.field.split('.').nth(1).unwrap_or_default().to_owned();
    FieldError {
        sentence: format!("第 {position} 课次：{}", fault.sentence),
        ..fault
    }
}

/// Taught time of all sessions.
#[must_use]
pub fn taught(sessions: &[SessionPlan]) -> Seconds {
    sessions.iter().map(SessionPlan::taught).sum()
}

#[cfg(test)]
pub(super) mod tests {
    use kernel::date;

    use super::*;

    pub(in crate::courses) fn session(day: u32, from: u32, until: u32) -> SessionPlan {
        let day = date(2026, 3, day);
        SessionPlan {
            title: "数据资产".into(),
            starts_at: Time::local(day, from, 0),
            ends_at: Time::local(day, until, 0),
            pause: Seconds::minutes(15),
            place: "延安西路 1 号".into(),
            url: String::new(),
            teacher: "王老师".into(),
            teacher_title: "教授".into(),
        }
    }

    #[test]
    fn taught_time_leaves_out_breaks() {
        assert_eq!(taught(&[session(5, 9, 12), session(6, 9, 12)]), Seconds::minutes(330));
        let silly = SessionPlan {
            pause: Seconds::minutes(500),
            ..session(5, 9, 12)
        };
        assert_eq!(silly.taught(), Seconds::ZERO);
    }

    #[test]
    fn each_fault_stands_at_its_session_and_field() {
        let broken = SessionPlan {
            place: String::new(),
            teacher: String::new(),
            ..session(6, 12, 9)
        };
        let found = faults(&[session(5, 9, 12), broken], Delivery::Offline);
        let fields: Vec<_> = found.iter().map(|f| f.field.as_ref()).collect();
        assert_eq!(fields, ["sessions.2.ends_at", "sessions.2.place", "sessions.2.teacher"]);
        assert!(found[0].sentence.starts_with("第 2 课次：结束时间"));
    }

    #[test]
    fn sessions_of_one_class_do_not_overlap() {
        let found = faults(&[session(5, 9, 12), session(5, 11, 13)], Delivery::Offline);
        assert_eq!(found[0].code, "class.sessions_overlap");
        assert!(faults(&[session(5, 9, 12), session(5, 12, 13)], Delivery::Offline).is_empty());
    }

    #[test]
    fn an_online_session_needs_an_address_not_a_place() {
        let online = SessionPlan {
            place: String::new(),
            url: "live.example".into(),
            ..session(5, 9, 12)
        };
        assert_eq!(
            faults(std::slice::from_ref(&online), Delivery::Online)[0].code,
            "session.url"
        );
        let right = SessionPlan {
            url: "https://live.example/7".into(),
            ..online
        };
        assert!(faults(&[right], Delivery::Online).is_empty());
        assert!(faults(&[session(5, 9, 12)], Delivery::Blended).is_empty());
    }
}
