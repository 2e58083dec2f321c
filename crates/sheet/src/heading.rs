//! Which column of a file is which: headings matched without regard to order, spaces, width of characters and marks of required columns.
//! Deliberately absent: guessing at misspelt titles; a missing column is named and the user decides.

use crate::cell::{Cell, Row, letters, normal};
use crate::columns::Column;
use crate::problem::Problem;
use crate::source::Rows;

/// The first column of every error workbook. When such a workbook comes back mended, the column is passed over.
pub const ERROR_TITLE: &str = "错误说明";

/// Above a heading people put a title and a line of instructions, seldom more.
const LOOK_AT: usize = 10;

/// Where each expected column stands in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    row: u32,
    places: Vec<(&'static str, Option<usize>)>,
    unknown: Vec<String>,
    errors: Option<usize>,
}

impl Mapping {
    /// The number of the heading's row.
    pub fn row(&self) -> u32 {
        self.row
    }

    /// The zero-based place of a column, or `None` if the file does not have it.
    pub fn index(&self, key: &str) -> Option<usize> {
        self.places
            .iter()
            .find(|(k, _)| *k == key)
            .and_then(|(_, place)| *place)
    }

    /// The cell of a row under a column; empty if the file does not have the column.
    pub fn cell<'r>(&self, row: &'r Row, key: &str) -> &'r Cell {
        row.cell(self.index(key).unwrap_or(usize::MAX))
    }

    /// Titles that nobody expected; their columns are not read, and the user should be told.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// Whether a row has nothing in any expected column, as the remarks below a table do.
    pub fn is_blank(&self, row: &Row) -> bool {
        self.places
            .iter()
            .flat_map(|(_, place)| *place)
            .all(|place| row.cell(place).is_empty())
    }

    /// The place of 错误说明 in a mended error workbook.
    pub(crate) fn errors(&self) -> Option<usize> {
        self.errors
    }
}

/// Matches one row as the heading. Missing required columns and columns that occur twice are problems.
pub fn columns(row: &Row, expected: &[Column]) -> Result<Mapping, Problem> {
    let titles: Vec<String> = row.cells.iter().map(|c| bare(c.text())).collect();
    let mut places = Vec::with_capacity(expected.len());
    let mut taken = vec![false; titles.len()];
    let mut missing = Vec::new();
    for column in expected {
        let names: Vec<String> = std::iter::once(&column.title)
            .chain(&column.aliases)
            .map(|t| bare(t))
            .collect();
        let found: Vec<usize> = (0..titles.len())
            .filter(|i| !titles[*i].is_empty() && names.contains(&titles[*i]))
            .collect();
        if found.len() > 1 {
            return Err(Problem::DuplicateColumn {
                title: column.title.clone(),
                places: found.into_iter().map(letters).collect(),
            });
        }
        if found.is_empty() && column.required {
            missing.push(column.title.clone());
        }
        for index in &found {
            taken[*index] = true;
        }
        places.push((column.key, found.first().copied()));
    }
    if !missing.is_empty() {
        return Err(Problem::MissingColumns {
            row: row.number,
            missing,
        });
    }
    let errors = titles.iter().position(|t| t == ERROR_TITLE);
    let unknown = (0..titles.len())
        .filter(|i| !taken[*i] && Some(*i) != errors && !titles[*i].is_empty())
        .map(|i| row.cells[i].text().to_string())
        .collect();
    Ok(Mapping {
        row: row.number,
        places,
        unknown,
        errors,
    })
}

/// The heading among the first rows: the first that has everything required, or else the problem of the best one.
pub(crate) fn find(rows: Rows, expected: &[Column]) -> Result<Mapping, Problem> {
    let mut best: Option<(usize, Problem)> = None;
    let mut any = false;
    for row in rows.take(LOOK_AT) {
        let row = row?;
        any = true;
        let score = score(&row, expected);
        if score == 0 {
            continue;
        }
        match columns(&row, expected) {
            Ok(mapping) => return Ok(mapping),
            Err(problem) if best.as_ref().is_none_or(|(most, _)| score > *most) => {
                best = Some((score, problem));
            }
            Err(_) => {}
        }
    }
    Err(match best {
        Some((_, problem)) => problem,
        None if !any => Problem::Empty,
        None => Problem::NoHeading {
            expected: expected
                .iter()
                .filter(|c| c.required)
                .map(|c| c.title.clone())
                .collect(),
        },
    })
}

/// How many expected titles a row has.
fn score(row: &Row, expected: &[Column]) -> usize {
    let titles: Vec<String> = row.cells.iter().map(|c| bare(c.text())).collect();
    expected
        .iter()
        .filter(|c| {
            std::iter::once(&c.title)
                .chain(&c.aliases)
                .any(|t| titles.contains(&bare(t)))
        })
        .count()
}

/// A title without spaces, line ends, case, and the marks of required columns: `＊姓 名（必填）` is 姓名.
fn bare(title: &str) -> String {
    let title: String = normal(title)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '*')
        .flat_map(char::to_lowercase)
        .collect();
    title
        .replace("(必填)", "")
        .replace("(选填)", "")
        .replace("(可选)", "")
        .trim_end_matches(':')
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(titles: &[&str]) -> Row {
        Row {
            number: 3,
            cells: titles.iter().map(|t| Cell::from_text(t)).collect(),
        }
    }

    fn expected() -> [Column; 3] {
        [
            Column::new("name", "姓名").required(),
            Column::new("id", "证件号码").alias("身份证号").required(),
            Column::new("phone", "手机(座机)"),
        ]
    }

    #[test]
    fn order_spaces_and_marks_do_not_matter() {
        let found = columns(
            &row(&["错误说明", "＊证件 号码", "", "姓\n名（必填）", "备注", "手机（座机）"]),
            &expected(),
        )
        .unwrap();
        assert_eq!(found.index("name"), Some(3));
        assert_eq!(found.index("id"), Some(1));
        assert_eq!(found.index("phone"), Some(5));
        assert_eq!(found.unknown(), ["备注"]);
        assert_eq!(found.errors(), Some(0));
    }

    #[test]
    fn missing_and_double_columns_are_named() {
        let missing = columns(&row(&["姓名"]), &expected()).unwrap_err();
        assert_eq!(
            missing.sentence(),
            "表头（第 3 行）缺少：证件号码。请补上这些列，或使用模板。"
        );
        let double = columns(&row(&["姓名", "身份证号", "证件号码"]), &expected()).unwrap_err();
        assert_eq!(double.sentence(), "“证件号码”出现在 B、C 几列，请只保留一列。");
    }
}
