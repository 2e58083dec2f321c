//! 平台外班次: a class that a provider ran outside the platform's class tool and files with a number of its own, so that
//! its hours carry provider, class and person as all others do.
//!
//! a provider files within its scope only: for a course of its own that is offered, in the course's subject, form
//! and field, with no more hours than the version of the course says.
//! Deliberately absent: enrolment and roll calls (they took place elsewhere; the report tells the outcome).

use kernel::{Date, FieldError, Hours, Seconds, Time};

use crate::courses::SessionPlan;
use crate::courses::schedule::{LONGEST_SESSION, MOST_SESSIONS};
use crate::credits::ActivityForm;

/// The most people of one filed class.
pub const MOST_PARTICIPANTS: i64 = 200_000;

/// What a filing says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// The provider's own number of the class; unique with the provider.
    pub own_number: String,
    /// Title.
    pub title: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
    /// Taught time, where no sessions are named.
    pub taught: Seconds,
    /// Begin and end of each session, in order; may be empty for distance learning.
    pub sessions: Vec<(Time, Time)>,
    /// Where.
    pub place: String,
    /// Who taught.
    pub teacher: String,
    /// How many people took part.
    pub participants: i64,
    /// Hours declared.
    pub declared: Hours,
}

/// What the provider is approved for: the course it files under.
#[derive(Debug, Clone, Copy)]
pub struct Approved {
    /// Whether the course is offered.
    pub offered: bool,
    /// Hours of its latest version.
    pub hours: Hours,
    /// One of the five forms.
    pub form: ActivityForm,
}

impl Filing {
    /// Taught time: of the sessions if there are any.
    #[must_use]
    pub fn taught(&self) -> Seconds {
        if self.sessions.is_empty() {
            return self.taught;
        }
        Seconds::new(
            self.sessions
                .iter()
                .map(|(from, until)| until.seconds_since(*from))
                .sum(),
        )
    }

    /// Everything that is wrong, each at its field.
    #[must_use]
    pub fn faults(&self, approved: Approved) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut say = |field: &'static str, code, sentence: &str| faults.push(FieldError::new(field, code, sentence));
        let own = self.own_number.trim();
        if !(2..=40).contains(&own.chars().count()) || own.chars().any(char::is_control) {
            say("own_number", "filing.number", "请填写本机构的班次编号，2 到 40 个字。");
        }
        if self.title.trim().is_empty() {
            say("title", "filing.title", "请填写班次名称。");
        }
        if !approved.offered {
            let sentence = "这门课程已停开，不在本机构可以报送的范围内；请选择在开的课程，或先登记新课程。";
            say("course", "filing.scope", sentence);
        }
        if self.declared <= Hours::ZERO {
            say("declared_hours", "filing.hours", "请填写申报学时，例如 16 或 1.5。");
        } else if self.declared > approved.hours {
            let sentence = format!("申报学时不能超过课程核定的 {} 学时。", approved.hours);
            say("declared_hours", "filing.scope", &sentence);
        }
        if !(1..=MOST_PARTICIPANTS).contains(&self.participants) {
            let sentence = format!("参加人数应在 1 到 {MOST_PARTICIPANTS} 之间。");
            say("participants", "filing.participants", &sentence);
        }
        if self.teacher.trim().is_empty() {
            say("teacher", "filing.teacher", "请填写授课教师姓名。");
        }
        self.times(approved, &mut say);
        faults
    }

    fn times(&self, approved: Approved, say: &mut impl FnMut(&'static str, &'static str, &str)) {
        if self.ends_on < self.starts_on {
            say("ends_on", "filing.order", "结束日期不能早于开始日期。");
        }
        if self.sessions.is_empty() && approved.form != ActivityForm::Distance {
            say(
                "sessions",
                "filing.sessions",
                "请填写每个课次的起止时间；只有远程教育可以不填，改填授课分钟。",
            );
        }
        if self.taught() <= Seconds::ZERO {
            say(
                "taught_minutes",
                "filing.taught",
                "请填写授课分钟，或逐课次填写起止时间。",
            );
        }
        if self.sessions.len() > MOST_SESSIONS {
            say(
                "sessions",
                "filing.many",
                &format!("一个班次最多 {MOST_SESSIONS} 个课次。"),
            );
        }
        for (position, (from, until)) in (1..).zip(&self.sessions) {
            let length = until.seconds_since(*from);
            if length <= 0 || length > LONGEST_SESSION {
                let sentence = format!("第 {position} 课次：结束应晚于开始，且不超过 12 小时。");
                say("sessions", "filing.session", &sentence);
            } else if !(self.starts_on..=self.ends_on).contains(&from.date()) {
                let sentence = format!("第 {position} 课次不在开始日期和结束日期之间。");
                say("sessions", "filing.session", &sentence);
            }
        }
        if let Some((one, other)) = crate::attendance::within(&self.sessions) {
            let sentence = format!("第 {} 课次与第 {} 课次时间重叠。", one + 1, other + 1);
            say("sessions", "filing.overlap", &sentence);
        }
    }

    /// The sessions as a class keeps them.
    #[must_use]
    pub fn plans(&self) -> Vec<SessionPlan> {
        let plan = |(starts_at, ends_at): &(Time, Time)| SessionPlan {
            title: self.title.trim().to_owned(),
            starts_at: *starts_at,
            ends_at: *ends_at,
            pause: Seconds::ZERO,
            place: self.place.trim().to_owned(),
            url: String::new(),
            teacher: self.teacher.trim().to_owned(),
            teacher_title: String::new(),
        };
        self.sessions.iter().map(plan).collect()
    }
}

/// Reads sessions typed one a line: `2026-03-05 09:00-12:00`.
///
/// # Errors
/// The fault at `sessions`, with the line.
pub fn read_sessions(text: &str) -> Result<Vec<(Time, Time)>, FieldError> {
    let mut sessions = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let Some(session) = read_session(line) else {
            let sentence =
                format!("第 {number} 行“{line}”看不懂，请写成 2026-03-05 09:00-12:00 的样子，一行一个课次。");
            return Err(FieldError::new("sessions", "filing.session", sentence));
        };
        sessions.push(session);
    }
    sessions.sort_unstable();
    Ok(sessions)
}

fn read_session(line: &str) -> Option<(Time, Time)> {
    let plain: String = line
        .chars()
        .map(|c| match c {
            '：' => ':',
            '–' | '—' | '~' | '～' | '至' | '－' => '-',
            '/' | '.' => '-',
            other => other,
        })
        .collect();
    let (day, hours) = plain.split_once(char::is_whitespace)?;
    let (from, until) = hours.split_once('-')?;
    let moment = |clock: &str| {
        let clock = clock.trim();
        let clock = if clock.len() == 4 {
            format!("0{clock}")
        } else {
            clock.to_owned()
        };
        Time::parse_local(&format!("{day}T{clock}"))
    };
    Some((moment(from)?, moment(until)?))
}

/// Sessions as [`read_sessions`] reads them.
#[must_use]
pub fn write_sessions(sessions: &[(Time, Time)]) -> String {
    let line = |(from, until): &(Time, Time)| {
        format!(
            "{}-{}",
            from.civil().format("%Y-%m-%d %H:%M"),
            until.civil().format("%H:%M")
        )
    };
    sessions.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    fn approved() -> Approved {
        Approved {
            offered: true,
            hours: Hours::whole(8),
            form: ActivityForm::Class,
        }
    }

    fn filing() -> Filing {
        Filing {
            own_number: "JD-2026-07".into(),
            title: "数据治理".into(),
            starts_on: date(2026, 3, 5),
            ends_on: date(2026, 3, 6),
            taught: Seconds::ZERO,
            sessions: read_sessions("2026-03-05 09:00-12:00\n\n2026-03-06 9:00 – 12:00").expect("two sessions"),
            place: "本基地".into(),
            teacher: "王老师".into(),
            participants: 40,
            declared: Hours::whole(8),
        }
    }

    #[test]
    fn r59_a_provider_files_within_what_it_is_approved_for() {
        assert_eq!(filing().faults(approved()), []);
        let codes = |filing: &Filing, approved| -> Vec<&'static str> {
            filing.faults(approved).iter().map(|fault| fault.code).collect()
        };
        let ended = Approved {
            offered: false,
            ..approved()
        };
        assert_eq!(codes(&filing(), ended), ["filing.scope"]);
        let more = Filing {
            declared: Hours::hundredths(801),
            ..filing()
        };
        assert_eq!(codes(&more, approved()), ["filing.scope"]);
        for absurd in [Hours::ZERO, Hours::whole(-8)] {
            let absurd = Filing {
                declared: absurd,
                ..filing()
            };
            assert_eq!(codes(&absurd, approved()), ["filing.hours"]);
        }
    }

    #[test]
    fn only_distance_learning_needs_no_sessions() {
        let bare = Filing {
            sessions: Vec::new(),
            taught: Seconds::minutes(360),
            ..filing()
        };
        assert_eq!(bare.faults(approved())[0].field, "sessions");
        let distance = Approved {
            form: ActivityForm::Distance,
            ..approved()
        };
        assert_eq!(bare.faults(distance), []);
        let nothing = Filing {
            taught: Seconds::ZERO,
            ..bare
        };
        assert_eq!(nothing.faults(distance)[0].field, "taught_minutes");
    }

    #[test]
    fn sessions_are_read_as_people_write_them_and_written_as_they_are_read() {
        let sessions = filing().sessions;
        assert_eq!(filing().taught(), Seconds::minutes(360));
        let written = write_sessions(&sessions);
        assert_eq!(written, "2026-03-05 09:00-12:00\n2026-03-06 09:00-12:00");
        assert_eq!(read_sessions(&written).expect("the same"), sessions);
        let fault = read_sessions("2026-03-05 09:00-12:00\n下周一上午").expect_err("no session");
        assert!(fault.sentence.starts_with("第 2 行“下周一上午”看不懂"));
    }

    #[test]
    fn sessions_lie_within_the_days_and_apart() {
        let faults = |text: &str| {
            let filing = Filing {
                sessions: read_sessions(text).expect("sessions"),
                ..filing()
            };
            let codes: Vec<_> = filing.faults(approved()).iter().map(|fault| fault.code).collect();
            codes
        };
        assert_eq!(faults("2026-03-07 09:00-12:00"), ["filing.session"]);
        assert_eq!(faults("2026-03-05 12:00-09:00"), ["filing.taught", "filing.session"]);
        assert_eq!(
            faults("2026-03-05 09:00-12:00\n2026-03-05 11:00-13:00"),
            ["filing.overlap"]
        );
    }
}
