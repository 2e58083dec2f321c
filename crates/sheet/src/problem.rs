//! Everything that can be wrong with a file as a whole, each with a stable code and a sentence for the user.
//! Deliberately absent: faults of single rows; those are the caller's and go into the error workbook.

use std::fmt;

/// A closed set: a new kind of trouble gets a variant, a code and a sentence here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The operating system could not read the file; `why` is for the log.
    Unreadable { why: String },
    /// Nothing in it.
    Empty,
    /// The file is larger than `limit` bytes.
    TooLarge { limit: u64 },
    /// Excel 97–2003 (.xls), whatever its name ends in.
    OldExcel,
    /// Protected with a password.
    Encrypted,
    /// A readable file of another kind.
    Foreign { found: Foreign },
    /// Unpacked it would be larger than `limit` bytes, or much larger than its packed size.
    Bomb { limit: u64 },
    /// Built in a way that no spreadsheet program builds files.
    Unsafe { what: Hazard },
    /// Part `part` is not what the format demands.
    Damaged { part: String },
    /// Text that is neither UTF-8 nor GB18030, first at `line`.
    Encoding { line: u64 },
    /// More than `limit` rows with content.
    TooManyRows { limit: u32 },
    /// Row `row` has content beyond column `limit`.
    TooManyColumns { row: u32, limit: usize },
    /// The cell at `column``row` has more than `limit` characters.
    CellTooLong { row: u32, column: String, limit: usize },
    /// The texts of the workbook need more than `limit` bytes of memory.
    TooManyStrings { limit: usize },
    /// No visible worksheet.
    NoSheet,
    /// None of the first rows looks like the heading that has `expected`.
    NoHeading { expected: Vec<String> },
    /// The heading in row `row` lacks the columns `missing`.
    MissingColumns { row: u32, missing: Vec<String> },
    /// The heading has the column `title` at several `places`.
    DuplicateColumn { title: String, places: Vec<String> },
    /// We could not write our own file; `why` is for the log.
    Unwritable { why: String },
}

/// What a file is when it is not a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    Html,
    Xml,
    Pdf,
    Word,
    Slides,
    OpenDocument,
    BinaryWorkbook,
    Archive,
    Image,
    Binary,
}

/// What makes a workbook unsafe to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hazard {
    /// Two parts with one name: two programs would see two different files.
    DuplicateParts,
    /// Parts that share bytes, the mark of a constructed archive.
    Overlap,
    /// More parts than any workbook has.
    TooManyParts,
    /// A document type declaration, the door to entities.
    Doctype,
    /// Elements nested deeper than the format ever needs.
    Nesting,
    /// A single piece of XML beyond all measure.
    LongPiece,
    /// Values that would be fetched from other files.
    ExternalLinks,
}

impl Problem {
    /// A stable name for logs, metrics and the API.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Unreadable { .. } => "unreadable",
            Problem::Empty => "empty",
            Problem::TooLarge { .. } => "too_large",
            Problem::OldExcel => "old_excel",
            Problem::Encrypted => "encrypted",
            Problem::Foreign { .. } => "foreign",
            Problem::Bomb { .. } => "bomb",
            Problem::Unsafe { .. } => "unsafe",
            Problem::Damaged { .. } => "damaged",
            Problem::Encoding { .. } => "encoding",
            Problem::TooManyRows { .. } => "too_many_rows",
            Problem::TooManyColumns { .. } => "too_many_columns",
            Problem::CellTooLong { .. } => "cell_too_long",
            Problem::TooManyStrings { .. } => "too_many_strings",
            Problem::NoSheet => "no_sheet",
            Problem::NoHeading { .. } => "no_heading",
            Problem::MissingColumns { .. } => "missing_columns",
            Problem::DuplicateColumn { .. } => "duplicate_column",
            Problem::Unwritable { .. } => "unwritable",
        }
    }

    /// What is wrong and what to do, in Chinese, for the person who chose the file.
    pub fn sentence(&self) -> String {
        match self {
            Problem::Unreadable { .. } => "文件没有读出来，请重新上传。".into(),
            Problem::Empty => "文件是空的，请选择填好内容的文件。".into(),
            Problem::TooLarge { limit } => format!(
                "文件超过 {}，请删去无关的工作表和图片，或分成几个文件上传。",
                size(*limit)
            ),
            Problem::OldExcel => "这是旧版 Excel 文件（.xls），请在 Excel 中另存为 .xlsx 后再上传。".into(),
            Problem::Encrypted => "文件设有打开密码，请去掉密码后再上传。".into(),
            Problem::Foreign { found } => found.sentence().into(),
            Problem::Bomb { limit } => format!(
                "文件解压后过大（上限 {}），没有读取。请把数据复制到新的工作簿后再上传。",
                size(*limit)
            ),
            Problem::Unsafe { what } => what.sentence().into(),
            Problem::Damaged { .. } => "文件已损坏或不完整，请在 Excel 中打开并另存为 .xlsx 后再上传。".into(),
            Problem::Encoding { line } => {
                format!("第 {line} 行的文字编码无法识别，请在 Excel 中另存为“CSV UTF-8”或 .xlsx 后再上传。")
            }
            Problem::TooManyRows { limit } => {
                format!("有内容的行超过 {limit} 行，请分成几个文件上传。")
            }
            Problem::TooManyColumns { row, limit } => {
                format!("第 {row} 行的内容超出第 {limit} 列，请删去多余的列后再上传。")
            }
            Problem::CellTooLong { row, column, limit } => format!(
                "单元格 {column}{row} 超过 {limit} 个字，请缩短后再上传；如果是 CSV 文件，请检查此处的双引号是否成对。"
            ),
            Problem::TooManyStrings { limit } => format!(
                "文件中的文字过多（占用超过 {}），请分成几个文件上传。",
                size(*limit as u64)
            ),
            Problem::NoSheet => "文件中没有可见的工作表，请取消隐藏或把数据放到新的工作表后再上传。".into(),
            Problem::NoHeading { expected } => format!("没有找到表头。请使用模板，表头应有：{}。", expected.join("、")),
            Problem::MissingColumns { row, missing } => format!(
                "表头（第 {row} 行）缺少：{}。请补上这些列，或使用模板。",
                missing.join("、")
            ),
            Problem::DuplicateColumn { title, places } => {
                format!("“{title}”出现在 {} 几列，请只保留一列。", places.join("、"))
            }
            Problem::Unwritable { .. } => "文件没有生成，请稍后再试。".into(),
        }
    }

    /// For failures of the file system while writing.
    pub fn unwritable(error: impl fmt::Display) -> Self {
        Problem::Unwritable { why: error.to_string() }
    }

    pub(crate) fn unreadable(error: impl fmt::Display) -> Self {
        Problem::Unreadable { why: error.to_string() }
    }

    pub(crate) fn damaged(part: &str) -> Self {
        Problem::Damaged { part: part.to_string() }
    }

    /// A problem of ours travels through a foreign reader inside its I/O error; here it comes out again.
    pub(crate) fn from_io(error: &std::io::Error) -> Option<Self> {
        error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Problem>())
            .cloned()
    }
}

/// For logs: the code and the data, in English.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self:?}", self.code())
    }
}

impl Foreign {
    fn sentence(self) -> &'static str {
        match self {
            Foreign::Html => "这其实是网页文件，只是名字像表格。请在 Excel 中打开并另存为 .xlsx 后再上传。",
            Foreign::Xml => "这是 XML 文件，请在 Excel 中打开并另存为 .xlsx 后再上传。",
            Foreign::Pdf => "这是 PDF 文件，请上传 .xlsx 或 .csv 表格。",
            Foreign::Word => "这是 Word 文档，请把表格复制到 Excel 并存为 .xlsx 后再上传。",
            Foreign::Slides => "这是演示文稿，请上传 .xlsx 或 .csv 表格。",
            Foreign::OpenDocument => "这是 OpenDocument 文件，请另存为 .xlsx 后再上传。",
            Foreign::BinaryWorkbook => "这是二进制工作簿（.xlsb），请在 Excel 中另存为 .xlsx 后再上传。",
            Foreign::Archive => "这是压缩包，请解压后上传其中的 .xlsx 或 .csv 表格。",
            Foreign::Image => "这是图片，请上传 .xlsx 或 .csv 表格。",
            Foreign::Binary => "无法识别的文件，请上传 .xlsx 或 .csv 表格。",
        }
    }
}

impl Hazard {
    fn sentence(self) -> &'static str {
        match self {
            Hazard::ExternalLinks => {
                "表格引用了其他文件中的数据。请全选后“复制、选择性粘贴为数值”，在“数据、编辑链接”中断开链接，再上传。"
            }
            _ => "文件的内部结构不正常，为安全起见没有读取。请把数据复制到新的工作簿，存为 .xlsx 后再上传。",
        }
    }
}

/// 20 MiB as people say it.
fn size(bytes: u64) -> String {
    match bytes {
        b if b >= 1 << 20 => format!("{} MB", b >> 20),
        b if b >= 1 << 10 => format!("{} KB", b >> 10),
        b => format!("{b} 字节"),
    }
}
