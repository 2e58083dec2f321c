//! What a row of a provider's report must say: pure judgement of one row, before anything is looked up.
//!
//! a person is matched by document; the name must agree after spaces and middle dots are normalised, and nobody is
//! entered by a report. Each fault names its column and says what to do. R-1 for the documents.
//! Deliberately absent: whether the person is known, has a seat or is busy (`learning::courses::reporting`).

use kernel::{Date, Hours, IdentityDocument, Seconds};

use super::ReportKind;
use crate::courses::Outcome;
use crate::people::roster::{RawCell, RowFault, identity};

/// The columns of a report, by key and title, in the order of the template; a roster has the first three.
pub const COLUMNS: [(&str, &str); 7] = [
    ("name", "姓名"),
    ("document_kind", "证件类型"),
    ("document_no", "身份证件号码"),
    ("outcome", "结果"),
    ("score", "成绩"),
    ("attended_hours", "实际学时"),
    ("absent_from", "缺课课次"),
];

/// The title of a column.
#[must_use]
pub fn title(key: &str) -> &'static str {
    COLUMNS
        .iter()
        .find(|(listed, _)| *listed == key)
        .map_or("", |(_, title)| title)
}

/// What a row is judged by beside its own text.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Roster or completions.
    pub kind: ReportKind,
    /// Today in Shanghai.
    pub today: Date,
    /// Whether the area 319999 is admitted.
    pub demo: bool,
    /// How many sessions the class has.
    pub sessions: i64,
    /// The hours of the class.
    pub hours: Hours,
    /// Whether attendance is kept session by session; then attended hours are not asked for.
    pub by_session: bool,
}

/// What a right row says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name as written.
    pub name: String,
    /// The checked document.
    pub document: IdentityDocument,
    /// The result; none in a roster.
    pub told: Option<Told>,
}

/// The result of one person as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Passed, failed or absent.
    pub outcome: Outcome,
    /// Points 0–100.
    pub score: Option<u32>,
    /// Hours attended, where the class keeps no roll; none means all.
    pub attended: Option<Hours>,
    /// Sessions missed, from 1.
    pub absent_from: Vec<i64>,
}

impl Told {
    /// Attended time of a class with these taught times by session, `taught` altogether.
    #[must_use]
    pub fn attended(&self, sessions: &[Seconds], taught: Seconds) -> Seconds {
        if self.outcome == Outcome::Absent {
            return Seconds::ZERO;
        }
        if let Some(hours) = self.attended {
            // One 学时 is 45 minutes; hours are hundredths.
            return Seconds::new(hours.get() * 27);
        }
        let missed: i64 = (1_i64..)
            .zip(sessions)
            .filter(|(position, _)| self.absent_from.contains(position))
            .map(|(_, session)| session.get())
            .sum();
        Seconds::new(taught.get() - missed).or_zero()
    }
}

/// Judges one row; `cell` gives the cell under a column's key.
///
/// # Errors
/// Every fault of the row, in the order of the columns.
pub fn judge(cell: impl Fn(&'static str) -> RawCell, frame: &Frame) -> Result<Person, Vec<RowFault>> {
    let mut faults = Vec::new();
    let who = identity(&cell, (frame.today, frame.demo), &mut faults);
    let told = match frame.kind {
        ReportKind::Roster => None,
        ReportKind::Completions => told(&cell, frame, &mut faults),
    };
    match who {
        Some((name, document)) if faults.is_empty() => Ok(Person { name, document, told }),
        _ => Err(faults),
    }
}

fn fault(column: &'static str, sentence: &str) -> RowFault {
    RowFault {
        column,
        sentence: format!("“{}” {sentence}", title(column)),
    }
}

fn told(cell: impl Fn(&'static str) -> RawCell, frame: &Frame, faults: &mut Vec<RowFault>) -> Option<Told> {
    let text = |key| cell(key).text;
    let outcome = outcome(&text("outcome"));
    if outcome.is_none() {
        let sentence = match text("outcome").is_empty() {
            true => "为空，请填写合格、不合格或未参加",
            false => "应为合格、不合格或未参加",
        };
        faults.push(fault("outcome", sentence));
    }
    let score = match text("score").as_str() {
        "" => None,
        typed => match typed.parse().ok().filter(|points: &u32| *points <= 100) {
            Some(points) => Some(points),
            None => {
                faults.push(fault("score", "应为 0 到 100 的整数，或留空"));
                None
            }
        },
    };
    let attended = attended_hours(&text("attended_hours"), frame, faults);
    let absent_from = absences(&text("absent_from"), frame, faults);
    Some(Told {
        outcome: outcome?,
        score,
        attended,
        absent_from,
    })
}

fn outcome(text: &str) -> Option<Outcome> {
    match text {
        "合格" | "通过" | "结业" | "passed" => Some(Outcome::Passed),
        "不合格" | "未通过" | "未结业" | "failed" => Some(Outcome::Failed),
        "未参加" | "缺席" | "缺考" | "absent" => Some(Outcome::Absent),
        _ => None,
    }
}

fn attended_hours(text: &str, frame: &Frame, faults: &mut Vec<RowFault>) -> Option<Hours> {
    if text.is_empty() {
        return None;
    }
    let hours = Hours::parse(text).filter(|hours| !hours.is_negative());
    match hours {
        Some(_) if frame.by_session => {
            let sentence = "本班次按课次登记考勤，请留空，改在“缺课课次”中填写没有参加的课次";
            faults.push(fault("attended_hours", sentence));
            None
        }
        Some(hours) if hours > frame.hours => {
            let sentence = format!("超过本班次的 {} 学时，请核对", frame.hours);
            faults.push(fault("attended_hours", &sentence));
            None
        }
        Some(hours) => Some(hours),
        None => {
            faults.push(fault("attended_hours", "应为不小于 0 的学时数，例如 8 或 7.5，或留空"));
            None
        }
    }
}

fn absences(text: &str, frame: &Frame, faults: &mut Vec<RowFault>) -> Vec<i64> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；');
    let mut positions = Vec::new();
    for part in text.split(apart).filter(|part| !part.is_empty()) {
        match part.parse::<i64>().ok().filter(|p| (1..=frame.sessions).contains(p)) {
            Some(position) => positions.push(position),
            None => {
                let sentence = match frame.sessions {
                    0 => "本班次没有登记课次，请留空".to_owned(),
                    many => format!("应为 1 到 {many} 的课次，用顿号隔开，例如 2、3"),
                };
                faults.push(fault("absent_from", &sentence));
                return Vec::new();
            }
        }
    }
    positions.sort_unstable();
    positions.dedup();
    positions
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    fn frame() -> Frame {
        Frame {
            kind: ReportKind::Completions,
            today: date(2026, 6, 1),
            demo: true,
            sessions: 2,
            hours: Hours::whole(8),
            by_session: false,
        }
    }

    fn judged(cells: &[(&str, &str)], frame: &Frame) -> Result<Person, Vec<String>> {
        let number = IdentityDocument::demo(date(1985, 1, 1), 97).number().to_owned();
        let cell = |key: &'static str| {
            let given = cells
                .iter()
                .find(|(k, _)| *k == key)
                .map(|(_, text)| (*text).to_owned());
            let text = given.unwrap_or_else(|| match key {
                "name" => "陈示甲".to_owned(),
                "document_no" => number.clone(),
                "outcome" => "合格".to_owned(),
                _ => String::new(),
            });
            RawCell {
                text,
                ..RawCell::default()
            }
        };
        judge(cell, frame).map_err(|faults| faults.into_iter().map(|fault| fault.sentence).collect())
    }

    #[test]
    fn r58_a_row_is_a_document_with_its_name_and_a_result() {
        let row = judged(&[("score", "88"), ("absent_from", "2、1,2")], &frame()).expect("a right row");
        assert_eq!(row.name, "陈示甲");
        let told = row.told.expect("a result");
        assert_eq!((told.outcome, told.score), (Outcome::Passed, Some(88)));
        assert_eq!(told.absent_from, [1, 2]);
        let roster = Frame {
            kind: ReportKind::Roster,
            ..frame()
        };
        assert_eq!(judged(&[("outcome", "")], &roster).expect("a name").told, None);
    }

    #[test]
    fn each_fault_names_its_column_and_what_to_do() {
        let faults = |cells: &[(&str, &str)], frame: &Frame| judged(cells, frame).expect_err("a fault");
        let all = [
            ("outcome", "好"),
            ("score", "101"),
            ("attended_hours", "9"),
            ("absent_from", "3"),
        ];
        assert_eq!(
            faults(&all, &frame()),
            [
                "“结果” 应为合格、不合格或未参加",
                "“成绩” 应为 0 到 100 的整数，或留空",
                "“实际学时” 超过本班次的 8 学时，请核对",
                "“缺课课次” 应为 1 到 2 的课次，用顿号隔开，例如 2、3"
            ]
        );
        assert_eq!(
            faults(&[("outcome", "")], &frame())[0],
            "“结果” 为空，请填写合格、不合格或未参加"
        );
        for absurd in ["-1", "many", "NaN"] {
            assert!(faults(&[("attended_hours", absurd)], &frame())[0].contains("不小于 0"));
        }
        let by_session = Frame {
            by_session: true,
            ..frame()
        };
        assert!(faults(&[("attended_hours", "8")], &by_session)[0].contains("缺课课次"));
    }

    #[test]
    fn attended_time_comes_from_hours_or_from_the_sessions_not_missed() {
        let told = |attended, absent_from: &[i64]| Told {
            outcome: Outcome::Passed,
            score: None,
            attended,
            absent_from: absent_from.to_vec(),
        };
        let sessions = [Seconds::minutes(165), Seconds::minutes(165)];
        let taught = Seconds::minutes(330);
        assert_eq!(told(None, &[]).attended(&sessions, taught), taught);
        assert_eq!(told(None, &[2]).attended(&sessions, taught), Seconds::minutes(165));
        assert_eq!(
            told(Some(Hours::whole(4)), &[]).attended(&sessions, taught),
            Seconds::minutes(180)
        );
    }
}
