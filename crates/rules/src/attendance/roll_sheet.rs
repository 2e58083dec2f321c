//! One row of a filled-in roll sheet: whose it is, and which mark it gives for which session.
//!
//! A row names its person by the number the sheet was made with; the name beside it must agree, so that a row that slipped
//! is caught. An empty mark leaves what is recorded as it is.
//! Deliberately absent: reading files, and whether the class may be marked at all (`courses::class`).

use kernel::Code as _;

use super::Mark;
use crate::people::same_name;

/// Where in the row something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// 学员编号.
    Number,
    /// 姓名.
    Name,
    /// The mark of the session with this index.
    Session(usize),
}

/// One thing that is wrong in a row; the sentence goes on from the name of the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: At,
    /// What, and what to do.
    pub sentence: String,
}

/// A row as typed, tidied by the reader.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    /// The name.
    pub name: &'a str,
    /// Session and mark, for the sessions the sheet has.
    pub marks: &'a [(usize, String)],
}

/// What is known of the person with the row's number.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The name of the person with a seat; none when nobody in the class has the number.
    pub name: Option<&'a str>,
    /// An earlier row of the same person.
    pub earlier: Option<u32>,
    /// By session: why it cannot be marked yet; none when it can.
    pub closed: &'a [Option<String>],
}

/// The marks of a row by session, or everything that is wrong with it.
///
/// # Errors
/// All faults of the row.
pub fn judge(cells: Cells<'_>, known: Known<'_>) -> Result<Vec<(usize, Mark)>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut say = |at, sentence: String| faults.push(Fault { at, sentence });
    match known.name {
        None => say(At::Number, "不在本班名单中，请用最新下载的点名表填写".into()),
        Some(_) if known.earlier.is_some() => {
            let earlier = known.earlier.unwrap_or_default();
            say(At::Number, format!("与第 {earlier} 行重复，请只保留一行"));
        }
        Some(name) if !cells.name.is_empty() && !same_name(name, cells.name) => {
            say(At::Name, "与学员编号不对应，请核对是否错行".into());
        }
        Some(_) => {}
    }
    let mut marks = Vec::new();
    for (session, text) in cells.marks.iter().filter(|(_, text)| !text.is_empty()) {
        let closed = known.closed.get(*session).and_then(Option::as_deref);
        match (Mark::ALL.iter().find(|mark| mark.name() == text), closed) {
            (None, _) => {
                let words: Vec<&str> = Mark::ALL.iter().map(|mark| mark.name()).collect();
                say(
                    At::Session(*session),
                    format!("不认识“{text}”，请从列表中选择：{}", words.join("、")),
                );
            }
            (Some(_), Some(why)) => say(At::Session(*session), format!("还不能登记：{why}")),
            (Some(mark), None) => marks.push((*session, *mark)),
        }
    }
    if faults.is_empty() { Ok(marks) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(name: &str, marks: &[(usize, &str)], known: Known<'_>) -> Result<Vec<(usize, Mark)>, Vec<At>> {
        let marks: Vec<(usize, String)> = marks.iter().map(|(at, text)| (*at, (*text).to_owned())).collect();
        judge(Cells { name, marks: &marks }, known).map_err(|faults| faults.into_iter().map(|fault| fault.at).collect())
    }

    #[test]
    fn a_row_gives_its_marks_and_an_empty_one_leaves_what_is_there() {
        let closed = [None, None, Some("到时再来。".to_owned())];
        let known = Known {
            name: Some("王小明"),
            closed: &closed,
            ..Known::default()
        };
        assert_eq!(
            judged("王小明", &[(0, "出勤"), (1, ""), (2, "")], known),
            Ok(vec![(0, Mark::Present)])
        );
        assert_eq!(judged("", &[(1, "缺勤")], known), Ok(vec![(1, Mark::Absent)]));
    }

    #[test]
    fn each_fault_stands_at_its_cell_and_all_of_a_row_are_told_at_once() {
        let closed = [None, Some("到时再来。".to_owned())];
        let known = Known {
            name: Some("王小明"),
            closed: &closed,
            ..Known::default()
        };
        assert_eq!(
            judged("李雷", &[(0, "来了")], known),
            Err(vec![At::Name, At::Session(0)])
        );
        assert_eq!(judged("王小明", &[(1, "出勤")], known), Err(vec![At::Session(1)]));
        assert_eq!(
            judged("王小明", &[], Known { name: None, ..known }),
            Err(vec![At::Number])
        );
        let again = Known {
            earlier: Some(2),
            ..known
        };
        assert_eq!(judged("王小明", &[], again), Err(vec![At::Number]));
    }
}
