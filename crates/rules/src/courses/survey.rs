//! 满意度测评: what participants are asked about a class, until when, and what may be shown of the answers.
//!
//! Five points from 非常不满意 to 非常满意, on the four parts of a class that are evaluated and on the whole. R-123: who had a seat
//! may answer once, from the beginning of the last session until some working days after the class ended; the platform keeps
//! who has answered and how often each answer was given, and never the two together. R-124: nothing is shown before five
//! people have answered, so that an answer cannot be told from the person who gave it.
//! Deliberately absent: whether a good result matters for the next year (an evaluation of effect), and reminders.

use kernel::{Error, FieldError, Result, Time};

kernel::codes! {
    /// What is asked. The four parts follow provincial practice for senior seminars (confidence: low).
    pub enum Question {
        /// 方案设计.
        Design = "design" "课程设计与内容",
        /// 教学.
        Teaching = "teaching" "教师授课",
        /// 组织实施、教学保障.
        Organisation = "organisation" "组织实施与保障",
        /// 研修效果.
        Effect = "effect" "对工作的帮助",
        /// The whole.
        Overall = "overall" "总体评价",
    }
}

/// The answers to choose from, best first: points and words.
pub const ANSWERS: [(u8, &str); 5] = [
    (5, "非常满意"),
    (4, "满意"),
    (3, "一般"),
    (2, "不满意"),
    (1, "非常不满意"),
];
/// From how many points on somebody is satisfied.
const SATISFIED: u8 = 4;
/// Fewest people whose answers are shown.
pub const FEWEST: i64 = 5;
/// The most letters of a remark.
pub const LONGEST_REMARK: usize = 500;

/// One person's answer to everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Points for each question, in the order of [`Question`].
    pub points: Vec<(Question, u8)>,
    /// What else the person wants to say; may be empty.
    pub remark: String,
}

impl Answered {
    /// Reads what was chosen for each question.
    ///
    /// # Errors
    /// Wrong, at each question without an answer, and at a remark that is too long.
    pub fn parse<'a>(chosen: impl Fn(Question) -> &'a str, remark: &str) -> Result<Self> {
        let mut faults = Vec::new();
        let mut points = Vec::new();
        for question in <Question as kernel::Code>::ALL {
            let given = chosen(*question).parse::<u8>().ok();
            match given.filter(|given| ANSWERS.iter().any(|(points, _)| points == given)) {
                Some(given) => points.push((*question, given)),
                None => {
                    let sentence = format!("请选择对“{}”的评价。", question.name());
                    faults.push(FieldError::new(
                        kernel::Code::code(*question),
                        "survey.answer",
                        sentence,
                    ));
                }
            }
        }
        let remark = remark.trim();
        if remark.chars().count() > LONGEST_REMARK {
            let sentence = format!("意见和建议不超过 {LONGEST_REMARK} 字。");
            faults.push(FieldError::new("remark", "survey.remark", sentence));
        }
        if !faults.is_empty() {
            return Err(Error::Wrong(faults));
        }
        Ok(Self {
            points,
            remark: remark.to_owned(),
        })
    }
}

/// When a class can be answered about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The beginning of its last session.
    pub from: Time,
    /// The end of its last day; none while a calendar is missing, which ends nothing.
    pub until: Option<Time>,
}

impl Period {
    /// Answers are taken now.
    ///
    /// # Errors
    /// `survey.early`, `survey.over`.
    pub fn admit(&self, now: Time) -> Result<()> {
        if now < self.from {
            let sentence = format!("最后一个课次开始（{}）后才能评价。", crate::said::moment(self.from));
            return Err(Error::refused_by("R-123", "survey.early", sentence));
        }
        match self.until {
            Some(until) if now >= until => {
                let sentence = "评价期限已过，谢谢您的参与。";
                Err(Error::refused_by("R-123", "survey.over", sentence))
            }
            _ => Ok(()),
        }
    }
}

/// How often each answer was given to one question, from five points down to one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts(pub [i64; 5]);

impl Counts {
    /// Counts one kind of answer.
    pub fn add(&mut self, points: u8, times: i64) {
        if let Some(at) = ANSWERS.iter().position(|(known, _)| *known == points) {
            self.0[at] += times;
        }
    }

    /// How many answered.
    #[must_use]
    pub fn all(&self) -> i64 {
        self.0.iter().sum()
    }

    /// 满意率: the share that is satisfied or very satisfied, in thousandths, rounded down. None shown to fewer than five.
    #[must_use]
    pub fn satisfied(&self) -> Option<i64> {
        let all = self.all();
        if all < FEWEST {
            return None;
        }
        let yes: i64 = ANSWERS
            .iter()
            .zip(self.0)
            .filter(|((points, _), _)| *points >= SATISFIED)
            .map(|(_, n)| n)
            .sum();
        Some(yes * 1_000 / all)
    }

    /// The mean in hundredths of a point, rounded down; none for fewer than five.
    #[must_use]
    pub fn mean(&self) -> Option<i64> {
        let all = self.all();
        if all < FEWEST {
            return None;
        }
        let sum: i64 = ANSWERS
            .iter()
            .zip(self.0)
            .map(|((points, _), n)| i64::from(*points) * n)
            .sum();
        Some(sum * 100 / all)
    }
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        match result {
            Err(Error::Refused { code, .. }) => code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn r123_answers_are_taken_from_the_last_session_until_the_period_ends() {
        let at = |day| Time::start_of(date(2026, 4, day));
        let period = Period {
            from: at(1),
            until: Some(at(16)),
        };
        assert_eq!(code(period.admit(at(1).plus_seconds(-1))), "survey.early");
        assert!(period.admit(at(1)).is_ok() && period.admit(at(16).plus_seconds(-1)).is_ok());
        assert_eq!(code(period.admit(at(16))), "survey.over");
        let open = Period { until: None, ..period };
        assert!(open.admit(at(30)).is_ok(), "a year without a calendar ends nothing");
    }

    #[test]
    fn r124_nothing_is_shown_before_five_have_answered() {
        let mut counts = Counts::default();
        for points in [5, 5, 4, 2] {
            counts.add(points, 1);
        }
        assert_eq!((counts.satisfied(), counts.mean()), (None, None));
        counts.add(3, 1);
        assert_eq!(
            (counts.all(), counts.satisfied(), counts.mean()),
            (5, Some(600), Some(380))
        );
        counts.add(9, 1);
        assert_eq!(counts.all(), 5, "what is no answer counts for nothing");
    }

    #[test]
    fn every_question_is_answered_and_a_fault_stands_at_it() {
        let answered = Answered::parse(|_| "4", " 很好 ").expect("an answer");
        assert_eq!((answered.points.len(), answered.remark.as_str()), (5, "很好"));
        let Err(Error::Wrong(faults)) = Answered::parse(
            |question| if question == Question::Effect { "6" } else { "1" },
            &"长".repeat(501),
        ) else {
            panic!("it is wrong")
        };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["effect", "remark"]);
    }
}
