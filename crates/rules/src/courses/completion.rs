//! Completion of a class: who completed, who did not and why, decided from results and attendance.
//! Rules: R-9 (completion only from a recorded result of everybody with a seat); the least share of attendance is
//! a platform parameter with low confidence (`parameters.rs`).
//! Deliberately absent: the hours themselves (`credits::class_hours`, R-6 and R-7) and posting.

use kernel::{Error, Result, Seconds};

use super::{Outcome, Parameters};

/// What is known of one person with a seat when the class is completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<P> {
    /// Who.
    pub person: P,
    /// The recorded result.
    pub result: Option<Outcome>,
    /// Attended time.
    pub attended: Seconds,
    /// How many sessions a roll call has marked, attended or not.
    pub marked: u32,
}

/// What becomes of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Passed and attended enough: hours are posted.
    Completed,
    /// Did not pass, or attended too little; why.
    Failed(String),
    /// Did not take part.
    Absent,
}

/// What is still missing before completion can be asked for; all of it, in sentences.
#[must_use]
pub fn missing<P>(people: &[Standing<P>], sessions: u32) -> Vec<String> {
    let mut missing = Vec::new();
    let unmarked = people
        .iter()
        .filter(|p| p.marked < sessions && p.result != Some(Outcome::Absent))
        .count();
    if unmarked > 0 {
        missing.push(format!("还有 {unmarked} 人的考勤没有登记完"));
    }
    let without = people.iter().filter(|p| p.result.is_none()).count();
    if without > 0 {
        missing.push(format!("还有 {without} 人没有录入结果"));
    }
    missing
}

/// Decides for everybody with a seat, in the same order.
///
/// # Errors
/// `class.incomplete` by R-9 when a result or a mark is missing.
pub fn decide<P>(
    people: &[Standing<P>],
    sessions: u32,
    taught: Seconds,
    parameters: &Parameters,
) -> Result<Vec<Verdict>> {
    let missing = missing(people, sessions);
    if !missing.is_empty() {
        let sentence = format!("{}，登记完才能办理结业。", missing.join("；"));
        return Err(Error::refused_by("R-9", "class.incomplete", sentence));
    }
    Ok(people.iter().map(|p| verdict(p, taught, parameters)).collect())
}

fn verdict<P>(person: &Standing<P>, taught: Seconds, parameters: &Parameters) -> Verdict {
    match person.result {
        Some(Outcome::Passed) if parameters.attendance.reached(person.attended, taught) => Verdict::Completed,
        Some(Outcome::Passed) => Verdict::Failed(format!(
            "出勤 {} 分钟，未达到授课 {} 分钟的 {}",
            person.attended.get() / 60,
            taught.get() / 60,
            parameters.attendance.words()
        )),
        Some(Outcome::Failed) => Verdict::Failed("考核不合格".into()),
        Some(Outcome::Absent) | None => Verdict::Absent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(result: Option<Outcome>, minutes: i64, marked: u32) -> Standing<u8> {
        Standing {
            person: 1,
            result,
            attended: Seconds::minutes(minutes),
            marked,
        }
    }

    const TAUGHT: Seconds = Seconds::minutes(300);

    #[test]
    fn r_9_nobody_completes_without_a_recorded_result() {
        let people = [
            person(Some(Outcome::Passed), 300, 3),
            person(None, 300, 3),
            person(None, 0, 1),
        ];
        let refused = decide(&people, 3, TAUGHT, &Parameters::DEFAULT);
        let Err(Error::Refused { code, rule, sentence }) = refused else {
            panic!("not refused")
        };
        assert_eq!((code, rule), ("class.incomplete", Some("R-9")));
        assert_eq!(
            sentence,
            "还有 1 人的考勤没有登记完；还有 2 人没有录入结果，登记完才能办理结业。"
        );
    }

    #[test]
    fn passing_needs_the_result_and_the_attendance() {
        let people = [
            person(Some(Outcome::Passed), 200, 3),
            person(Some(Outcome::Passed), 199, 3),
            person(Some(Outcome::Failed), 300, 3),
            person(Some(Outcome::Absent), 0, 0),
        ];
        let verdicts = decide(&people, 3, TAUGHT, &Parameters::DEFAULT).expect("everything is recorded");
        assert_eq!(verdicts[0], Verdict::Completed);
        assert_eq!(
            verdicts[1],
            Verdict::Failed("出勤 199 分钟，未达到授课 300 分钟的 2/3".into())
        );
        assert_eq!(verdicts[2], Verdict::Failed("考核不合格".into()));
        assert_eq!(verdicts[3], Verdict::Absent);
    }

    #[test]
    fn a_class_of_nobody_completes() {
        assert_eq!(
            decide::<u8>(&[], 3, TAUGHT, &Parameters::DEFAULT).expect("nothing is missing"),
            []
        );
    }
}
