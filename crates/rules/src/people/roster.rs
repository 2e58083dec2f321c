//! What a row of a roster must say: pure judgement of one row, before anything is looked up.
//!
//! A row is read as texts, one per column; every fault names its column and says what to do. An empty optional
//! cell means "leave as it is", so that a short roster never wipes out what is known.
//! Rules: R-1, R-2.
//! Deliberately absent: whether the person or the employer exists (`registry::people::roster` looks that up in
//! chunks), spreadsheets (`sheet`).

use kernel::{CreditCode, Date, DocumentKind, Error, IdentityDocument, Result, credit_code, identity_document};

use super::{PostKind, TitleLevel, document_fault, read_name, read_phone};
use crate::orgs::code_fault;

/// The columns of a roster, by key and title, in the order of the template.
pub const COLUMNS: [(&str, &str); 13] = [
    ("name", "姓名"),
    ("document_kind", "证件类型"),
    ("document_no", "身份证件号码"),
    ("phone", "手机号码"),
    ("title_series", "职称系列"),
    ("title_level", "职称级别"),
    ("title_name", "职称名称"),
    ("post", "岗位"),
    ("post_kind", "岗位类别"),
    ("front_line", "是否基层一线"),
    ("field", "专业领域"),
    ("from_day", "入职日期"),
    ("credit_code", "工作单位统一社会信用代码"),
];

kernel::codes! {
    /// Where an import stands.
    ///
    /// ```text
    /// waiting ──check──► checked ──confirm──► committing ──► done
    ///    │                  │                     └─ the register changed meanwhile ──► failed
    ///    └──────cancel──────┴──► cancelled        a file that cannot be read ──► failed
    /// ```
    pub enum ImportState {
        /// Uploaded; the dry run waits or runs.
        Waiting = "waiting" "正在检查",
        /// The dry run is over; nothing was written yet.
        Checked = "checked" "已检查",
        /// Confirmed; the writing waits or runs.
        Committing = "committing" "正在写入",
        /// Every row is in.
        Done = "done" "已导入",
        /// Nothing was written, and nothing will be.
        Failed = "failed" "未导入",
        /// Given up; nothing was written.
        Cancelled = "cancelled" "已取消",
    }
}

impl ImportState {
    /// Confirms a checked import. All or nothing: a file with a faulty row is mended first.
    ///
    /// # Errors
    /// Refused with what to do.
    pub fn confirm(self, faulty: i64, total: i64) -> Result<Self> {
        match self {
            Self::Checked if total == 0 => Err(Error::refused("roster.empty", "文件中没有可导入的人员。")),
            Self::Checked if faulty > 0 => Err(Error::refused(
                "roster.faulty",
                format!("还有 {faulty} 行有错误，没有导入任何一行。请下载错误清单，改正后重新上传。"),
            )),
            Self::Checked => Ok(Self::Committing),
            other => Err(Error::refused(
                "roster.state",
                format!("该导入{}，不能再次确认。", other.name()),
            )),
        }
    }

    /// Gives an import up.
    ///
    /// # Errors
    /// Refused when it is over or being written.
    pub fn cancel(self) -> Result<Self> {
        match self {
            Self::Waiting | Self::Checked => Ok(Self::Cancelled),
            Self::Committing => Err(Error::refused(
                "roster.committing",
                "正在写入，不能取消；写入要么全部完成，要么一行不写。",
            )),
            other => Err(Error::refused(
                "roster.state",
                format!("该导入{}，不能取消。", other.name()),
            )),
        }
    }
}

/// The title of a column.
#[must_use]
pub fn title(key: &str) -> &'static str {
    COLUMNS
        .iter()
        .find(|(listed, _)| *listed == key)
        .map_or("", |(_, title)| title)
}

/// One cell as the file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawCell {
    /// Its text, empty when there is none.
    pub text: String,
    /// Excel kept only fifteen digits of a longer number: the last ones are lost.
    pub lossy: bool,
    /// The date, when the cell is one in any usual spelling.
    pub date: Option<Date>,
    /// The cell holds an error of Excel's or a formula without its value.
    pub broken: bool,
}

/// One thing wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Key of the column; empty when the row as a whole is meant.
    pub column: &'static str,
    /// Without row number and full stop: `“身份证件号码” 校验位不符，请核对最后一位`.
    pub sentence: String,
}

impl RowFault {
    /// A fault of one cell.
    #[must_use]
    pub fn at(column: &'static str, sentence: &str) -> Self {
        Self {
            column,
            sentence: format!("“{}” {sentence}", title(column)),
        }
    }
}

/// What a right row says. `None` leaves what is known as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// The checked document.
    pub document: IdentityDocument,
    /// The telephone number.
    pub phone: Option<String>,
    /// Code of the title series.
    pub title_series: Option<String>,
    /// The level of the title.
    pub title_level: Option<TitleLevel>,
    /// The title as written.
    pub title_name: Option<String>,
    /// The post.
    pub post: Option<String>,
    /// Technical or managerial.
    pub post_kind: Option<PostKind>,
    /// Works at the front line.
    pub front_line: Option<bool>,
    /// Code of the focus field.
    pub field: Option<String>,
    /// First day with the employer.
    pub from_day: Option<Date>,
    /// The employer's code, when the row names one.
    pub credit_code: Option<CreditCode>,
}

/// What a row is judged by beside its own text.
pub trait Known {
    /// Today in Shanghai.
    fn today(&self) -> Date;
    /// Whether the area 319999 is admitted.
    fn demo(&self) -> bool;
    /// The code of a title series by its name.
    fn title_series(&self, name: &str) -> Option<String>;
    /// The code of a focus field by its name.
    fn field(&self, name: &str) -> Option<String>;
}

/// Judges one row; `cell` gives the cell under a column's key.
///
/// # Errors
/// Every fault of the row, in the order of the columns.
pub fn judge(cell: impl Fn(&'static str) -> RawCell, known: &impl Known) -> Result<Entry, Vec<RowFault>> {
    let mut reading = Reading {
        cell,
        faults: Vec::new(),
    };
    let name = reading.name();
    let document = reading.document(known.today(), known.demo());
    let phone = reading.phone();
    let title_series = reading.looked_up("title_series", |text| known.title_series(text));
    let title_level = reading.looked_up("title_level", level);
    let title_name = reading.short("title_name", 60);
    let post = reading.short("post", 60);
    let post_kind = reading.looked_up("post_kind", post_kind);
    let front_line = reading.looked_up("front_line", yes_or_no);
    let field = reading.looked_up("field", |text| known.field(text));
    let from_day = reading.day(known.today());
    let credit_code = reading.credit_code(known.demo());
    match (name, document) {
        (Some(name), Some(document)) if reading.faults.is_empty() => Ok(Entry {
            name,
            document,
            phone,
            title_series,
            title_level,
            title_name,
            post,
            post_kind,
            front_line,
            field,
            from_day,
            credit_code,
        }),
        _ => Err(reading.faults),
    }
}

/// The name and the document of a row, with which any list of people begins; what is wrong is added to `faults`.
/// `demo` admits the area 319999.
pub fn identity(
    cell: impl Fn(&'static str) -> RawCell,
    (today, demo): (Date, bool),
    faults: &mut Vec<RowFault>,
) -> Option<(String, IdentityDocument)> {
    let mut reading = Reading {
        cell,
        faults: std::mem::take(faults),
    };
    let name = reading.name();
    let document = reading.document(today, demo);
    *faults = reading.faults;
    name.zip(document)
}

fn level(text: &str) -> Option<TitleLevel> {
    let bare = text.trim_end_matches('级');
    match bare {
        "正高" => Some(TitleLevel::Senior),
        "副高" | "高" => Some(TitleLevel::Associate),
        "中" => Some(TitleLevel::Intermediate),
        "助理" | "初" => Some(TitleLevel::Assistant),
        "员" => Some(TitleLevel::Technician),
        _ => None,
    }
}

fn post_kind(text: &str) -> Option<PostKind> {
    match text.trim_end_matches("岗位").trim_end_matches('岗') {
        "专业技术" | "专技" | "技术" => Some(PostKind::Technical),
        "管理" => Some(PostKind::Managerial),
        _ => None,
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "是" | "Y" | "y" | "1" | "TRUE" | "√" => Some(true),
        "否" | "N" | "n" | "0" | "FALSE" | "×" => Some(false),
        _ => None,
    }
}

fn document_kind(text: &str) -> Option<DocumentKind> {
    match text {
        "" | "身份证" | "二代身份证" => Some(DocumentKind::Resident),
        "港澳居民居住证" | "港澳居住证" => Some(DocumentKind::HongKongMacao),
        "台湾居民居住证" | "台湾居住证" => Some(DocumentKind::Taiwan),
        "外国人永久居留证" => Some(DocumentKind::ForeignPermanent),
        other => DocumentKind::from_name(other),
    }
}

struct Reading<F> {
    cell: F,
    faults: Vec<RowFault>,
}

impl<F: Fn(&'static str) -> RawCell> Reading<F> {
    fn fault(&mut self, column: &'static str, sentence: &str) {
        self.faults.push(RowFault::at(column, sentence));
    }

    /// The text of a cell; a broken cell is a fault and reads as nothing.
    fn text(&mut self, column: &'static str) -> Option<String> {
        let cell = (self.cell)(column);
        if cell.broken {
            self.fault(column, "是出错的公式，请改填内容");
            return None;
        }
        (!cell.text.is_empty()).then_some(cell.text)
    }

    fn name(&mut self) -> Option<String> {
        let text = self.text("name").unwrap_or_default();
        match read_name("name", &text) {
            Ok(name) => Some(name),
            Err(error) if error.code == "name.missing" => {
                self.fault("name", "为空，请填写");
                None
            }
            Err(error) if error.code == "name.long" => {
                self.fault("name", "超过 50 个字，请核对");
                None
            }
            Err(_) => {
                self.fault("name", "中有数字或符号，请按证件上的姓名填写");
                None
            }
        }
    }

    fn document(&mut self, today: Date, demo: bool) -> Option<IdentityDocument> {
        let kind_text = self.text("document_kind").unwrap_or_default();
        let kind = document_kind(&kind_text);
        if kind.is_none() {
            self.fault("document_kind", "不在列表中，请从下拉列表选择");
        }
        if (self.cell)("document_no").lossy {
            self.fault(
                "document_no",
                "被 Excel 存成了数字，末几位已丢失，请把单元格设为文本后重新填写",
            );
            return None;
        }
        let Some(text) = self.text("document_no") else {
            self.fault("document_no", "为空，请填写");
            return None;
        };
        let kind = kind?;
        match IdentityDocument::parse(kind, &text, today, demo) {
            Ok(document) => Some(document),
            Err(fault) => {
                let sentence = roster_document_fault(kind, fault, &text);
                self.fault("document_no", &sentence);
                None
            }
        }
    }

    fn phone(&mut self) -> Option<String> {
        let text = self.text("phone")?;
        match read_phone("phone", &text) {
            Ok(phone) => Some(phone),
            Err(_) => {
                self.fault("phone", "应为 11 位数字并以 1 开头，座机请连同区号填写，请核对");
                None
            }
        }
    }

    fn looked_up<T>(&mut self, column: &'static str, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(column)?;
        let found = find(&text);
        if found.is_none() {
            self.fault(column, "不在列表中，请从下拉列表选择，或留空");
        }
        found
    }

    fn short(&mut self, column: &'static str, most: usize) -> Option<String> {
        let text = self.text(column)?;
        if text.chars().count() > most {
            self.fault(column, &format!("超过 {most} 个字，请缩短"));
            return None;
        }
        Some(text)
    }

    fn day(&mut self, today: Date) -> Option<Date> {
        let cell = (self.cell)("from_day");
        if cell.text.is_empty() {
            return None;
        }
        match cell.date {
            Some(day) if day > today => self.fault("from_day", "晚于今天，请核对"),
            Some(day) if day < kernel::date(1950, 1, 1) => self.fault("from_day", "早于 1950 年，请核对"),
            Some(day) => return Some(day),
            None => self.fault("from_day", "不是日期，请写成 2024-03-01 的样子，或留空"),
        }
        None
    }

    fn credit_code(&mut self, demo: bool) -> Option<CreditCode> {
        let text = self.text("credit_code")?;
        match CreditCode::parse(&text, demo) {
            Ok(code) => Some(code),
            Err(fault) => {
                let sentence = roster_code_fault(fault, &text);
                self.fault("credit_code", &sentence);
                None
            }
        }
    }
}

/// In a file it is the file that says, not "you".
fn roster_document_fault(kind: DocumentKind, fault: identity_document::Fault, text: &str) -> String {
    document_fault(kind, fault, text).1.replace("您填写了", "现有")
}

fn roster_code_fault(fault: credit_code::Fault, text: &str) -> String {
    code_fault(fault, text).1.replace("您填写了", "现有")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::date;

    use super::*;

    struct Terms;
    impl Known for Terms {
        fn today(&self) -> Date {
            date(2026, 6, 1)
        }
        fn demo(&self) -> bool {
            false
        }
        fn title_series(&self, name: &str) -> Option<String> {
            (name == "工程技术人员").then(|| "05".into())
        }
        fn field(&self, name: &str) -> Option<String> {
            (name == "人工智能").then(|| "ai".into())
        }
    }

    fn row(cells: &[(&'static str, &str)]) -> Result<Entry, Vec<RowFault>> {
        let cells: BTreeMap<&str, &str> = cells.iter().copied().collect();
        judge(
            |key| {
                let text = cells.get(key).copied().unwrap_or_default().to_owned();
                RawCell {
                    date: text.parse().ok(),
                    text,
                    ..RawCell::default()
                }
            },
            &Terms,
        )
    }

    #[test]
    fn a_right_row_is_read() {
        let entry = row(&[
            ("name", "张 三"),
            ("document_no", "310101199001010012"),
            ("title_series", "工程技术人员"),
            ("title_level", "副高级"),
            ("front_line", "是"),
            ("from_day", "2020-07-01"),
        ])
        .expect("right");
        assert_eq!(entry.name, "张三");
        assert_eq!(entry.title_level, Some(TitleLevel::Associate));
        assert_eq!((entry.front_line, entry.post_kind), (Some(true), None));
        assert_eq!(entry.from_day, Some(date(2020, 7, 1)));
    }

    /// R-1, R-2: every fault of a row is told, each at its column.
    #[test]
    fn every_fault_of_a_row_is_told_at_once() {
        let faults = row(&[
            ("document_no", "310101199001010013"),
            ("phone", "12"),
            ("title_level", "大师"),
            ("from_day", "2099-01-01"),
            ("credit_code", "91350100M000100Y44"),
        ])
        .expect_err("faulty");
        let told: Vec<&str> = faults.iter().map(|f| f.sentence.as_str()).collect();
        assert_eq!(told[0], "“姓名” 为空，请填写");
        assert_eq!(told[1], "“身份证件号码” 校验位不符，请核对最后一位");
        assert_eq!(told[3], "“职称级别” 不在列表中，请从下拉列表选择，或留空");
        assert_eq!(told[4], "“入职日期” 晚于今天，请核对");
        assert!(told[5].starts_with("“工作单位统一社会信用代码” 校验位不符"));
        assert_eq!(told.len(), 6);
    }

    #[test]
    fn an_import_is_confirmed_only_when_it_is_right_as_a_whole() {
        assert_eq!(ImportState::Checked.confirm(0, 5).ok(), Some(ImportState::Committing));
        assert!(ImportState::Checked.confirm(1, 5).is_err() && ImportState::Checked.confirm(0, 0).is_err());
        for state in [
            ImportState::Waiting,
            ImportState::Committing,
            ImportState::Done,
            ImportState::Failed,
            ImportState::Cancelled,
        ] {
            assert!(state.confirm(0, 5).is_err(), "{state:?}");
        }
        assert!(ImportState::Waiting.cancel().is_ok() && ImportState::Checked.cancel().is_ok());
        assert!(ImportState::Committing.cancel().is_err() && ImportState::Done.cancel().is_err());
    }

    #[test]
    fn digits_that_excel_lost_are_told_and_never_guessed() {
        let faults = judge(
            |key| match key {
                "name" => RawCell {
                    text: "张三".into(),
                    ..RawCell::default()
                },
                "document_no" => RawCell {
                    text: "310101199001010000".into(),
                    lossy: true,
                    ..RawCell::default()
                },
                _ => RawCell::default(),
            },
            &Terms,
        )
        .expect_err("lossy");
        assert!(faults[0].sentence.contains("末几位已丢失"));
    }
}
