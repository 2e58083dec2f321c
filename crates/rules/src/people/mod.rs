//! people: what a record of a professional may say, its standing, and the sentence for each fault.
//!
//! ```text
//! unverified ──verify──► verified
//!      ▲                    │ the number is corrected
//!      └────── reopen ──────┘
//! ```
//! Rules: R-1 (GB 11643 and the documents beside it); a self-registered person is 未核验 until an employer
//! or a district confirms; R-18 (masked by default: `permits`).
//! Deliberately absent: any look-up of whether a document exists; the check is arithmetic only.

pub mod roster;

use kernel::{Date, DocumentKind, Error, FieldError, IdentityDocument, Result, Time, identity_document::Fault};

kernel::codes! {
    /// 职称级别.
    #[derive(Default)]
    pub enum TitleLevel {
        /// 正高级.
        Senior = "senior" "正高级",
        /// 副高级.
        Associate = "associate" "副高级",
        /// 中级.
        #[default]
        Intermediate = "intermediate" "中级",
        /// 助理级.
        Assistant = "assistant" "助理级",
        /// 员级.
        Technician = "technician" "员级",
    }
}

kernel::codes! {
    /// 岗位类别.
    #[derive(Default)]
    pub enum PostKind {
        /// 专业技术岗位.
        #[default]
        Technical = "technical" "专业技术岗位",
        /// 管理岗位.
        Managerial = "managerial" "管理岗位",
    }
}

/// Whether somebody answers for the record's truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has confirmed it yet.
    Unverified,
    /// An employer or a district confirmed it.
    Verified {
        /// The account that confirmed, as the audit trail writes it.
        by: String,
        /// When.
        at: Time,
    },
}

impl Standing {
    /// The stored code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Verified { .. } => "verified",
        }
    }

    /// The term.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unverified => "未核验",
            Self::Verified { .. } => "已核验",
        }
    }

    /// Whether somebody confirmed.
    #[must_use]
    pub const fn is_verified(&self) -> bool {
        matches!(self, Self::Verified { .. })
    }

    /// Confirms the record.
    ///
    /// # Errors
    /// Refused when it is confirmed already.
    pub fn verify(self, by: &str, at: Time) -> Result<Self> {
        match self {
            Self::Unverified => Ok(Self::Verified { by: by.to_owned(), at }),
            Self::Verified { by, .. } => Err(Error::refused(
                "person.verified",
                format!("该人员已由 {by} 核验，无需再次核验。"),
            )),
        }
    }

    /// After the name or the number changed, nobody answers for the record any more.
    #[must_use]
    pub fn reopen(self) -> Self {
        Self::Unverified
    }
}

/// Reads a document number typed into `field` (R-1). `demo` admits the area 319999.
///
/// # Errors
/// The field error with a sentence that says what is wrong and what to do.
pub fn read_document(
    field: &'static str,
    kind: DocumentKind,
    text: &str,
    today: Date,
    demo: bool,
) -> Result<IdentityDocument, FieldError> {
    if text.trim().is_empty() {
        return Err(FieldError::new(field, "document.missing", "请填写身份证件号码。"));
    }
    IdentityDocument::parse(kind, text, today, demo).map_err(|fault| {
        let (code, sentence) = document_fault(kind, fault, text);
        FieldError::new(field, code, format!("身份证件号码{sentence}。"))
    })
}

/// The stable code and the sentence of a fault, without subject and full stop.
#[must_use]
pub fn document_fault(kind: DocumentKind, fault: Fault, text: &str) -> (&'static str, String) {
    match fault {
        Fault::Length => {
            let count = text.chars().filter(|c| !c.is_whitespace()).count();
            let right = if kind == DocumentKind::Passport { "6–12" } else { "18" };
            (
                "document.length",
                format!("应为 {right} 位，您填写了 {count} 位，请对照证件核对"),
            )
        }
        Fault::Character => ("document.character", character(kind).into()),
        Fault::Area => ("document.area", area(kind).into()),
        Fault::Birth => ("document.birth", "第 7–14 位不是有效的出生日期，请核对年月日".into()),
        Fault::Check => ("document.check_digit", "校验位不符，请核对最后一位".into()),
        Fault::Demo => (
            "document.demo",
            "属于演示专用号段（319999），只能用于演示数据，请填写真实号码".into(),
        ),
    }
}

const fn character(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passport => "只能有字母和数字，且至少有一位数字，请对照护照核对",
        DocumentKind::ForeignPermanent => "应为 18 位数字（末位可为 X），旧版为 3 个字母加 12 位数字，请对照证件核对",
        _ => "前 17 位应为数字，末位为数字或 X，请检查是否混入字母或符号",
    }
}

const fn area(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::HongKongMacao => "应以 810000 或 820000 开头，请核对前 6 位或证件类型",
        DocumentKind::Taiwan => "应以 830000 开头，请核对前 6 位或证件类型",
        DocumentKind::ForeignPermanent => "应以 9 开头，请核对号码或证件类型",
        _ => "前 6 位不是有效的行政区划，请核对前 6 位或证件类型",
    }
}

/// Reads a name: 1 to 50 characters, no digits and no signs that no name has.
///
/// # Errors
/// The field error.
pub fn read_name(field: &'static str, text: &str) -> Result<String, FieldError> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A Chinese name is written without spaces; two characters spread over three places are one name.
    let name = if name.chars().any(|c| c.is_ascii_alphabetic()) {
        name
    } else {
        name.replace(' ', "")
    };
    if name.is_empty() {
        return Err(FieldError::new(field, "name.missing", "请填写姓名。"));
    }
    if name.chars().count() > 50 {
        return Err(FieldError::new(field, "name.long", "姓名不能超过 50 个字，请核对。"));
    }
    if name
        .chars()
        .any(|c| c.is_ascii_digit() || "<>=@#%^*_|\\/\"".contains(c) || c.is_control())
    {
        return Err(FieldError::new(
            field,
            "name.character",
            "姓名中有数字或符号，请按证件上的姓名填写。",
        ));
    }
    Ok(name)
}

/// Reads a telephone number; empty is allowed. Mainland mobile numbers have 11 digits and begin with 1.
///
/// # Errors
/// The field error.
pub fn read_phone(field: &'static str, text: &str) -> Result<String, FieldError> {
    let phone: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let digits = phone.strip_prefix('+').unwrap_or(&phone);
    let fits = digits.bytes().all(|b| b.is_ascii_digit()) && (7..=15).contains(&digits.len());
    let mobile = digits.len() != 11 || digits.starts_with('1') || digits.starts_with('0');
    if phone.is_empty() || (fits && mobile) {
        return Ok(phone);
    }
    Err(FieldError::new(
        field,
        "phone.form",
        "手机号码应为 11 位数字并以 1 开头，座机请连同区号填写，请核对。",
    ))
}

/// Whether two names are one: spaces, the middle dot's variants and case do not count.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    let bare = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| {
                if matches!(c, '•' | '・' | '.' | '．' | '‧') {
                    '·'
                } else {
                    c
                }
            })
            .flat_map(char::to_lowercase)
            .collect()
    };
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    fn fault(kind: DocumentKind, text: &str) -> FieldError {
        read_document("document_no", kind, text, date(2026, 6, 1), false).expect_err("faulty")
    }

    /// R-1: one sentence for each fault, saying what to do.
    #[test]
    fn each_fault_of_a_document_has_its_sentence() {
        let resident = |text| fault(DocumentKind::Resident, text);
        assert_eq!(resident("").code, "document.missing");
        assert_eq!(
            resident("31010119900101001").sentence,
            "身份证件号码应为 18 位，您填写了 17 位，请对照证件核对。"
        );
        assert_eq!(resident("3101011990010100I2").code, "document.character");
        assert_eq!(resident("990101199001010012").code, "document.area");
        assert_eq!(resident("310101199013010012").code, "document.birth");
        assert_eq!(
            resident("310101199001010013").sentence,
            "身份证件号码校验位不符，请核对最后一位。"
        );
        let demo = IdentityDocument::demo(date(1990, 1, 1), 7);
        assert_eq!(resident(demo.number()).code, "document.demo");
        assert!(
            fault(DocumentKind::HongKongMacao, "310101199001010012")
                .sentence
                .contains("810000")
        );
        assert!(
            fault(DocumentKind::Passport, "护照号码不对的")
                .sentence
                .contains("字母和数字")
        );
    }

    /// Confirmed once, and again only after the identity changed.
    #[test]
    fn a_standing_is_confirmed_once() {
        let at = Time::start_of(date(2026, 3, 5));
        let verified = Standing::Unverified.verify("demo-employer", at).expect("confirmed");
        assert!(verified.is_verified());
        assert!(matches!(
            verified.clone().verify("x", at),
            Err(Error::Refused {
                code: "person.verified",
                ..
            })
        ));
        assert_eq!(verified.reopen(), Standing::Unverified);
    }

    #[test]
    fn names_and_phones_are_read_as_people_write_them() {
        assert_eq!(read_name("name", " 张　三 ").ok().as_deref(), Some("张三"));
        assert_eq!(read_name("name", "John  Smith").ok().as_deref(), Some("John Smith"));
        assert_eq!(read_name("name", "张3").expect_err("digit").code, "name.character");
        assert!(same_name("买买提·阿里", "买买提•阿里") && same_name("李 雷", "李雷") && !same_name("李雷", "李蕾"));
        assert_eq!(
            read_phone("phone", "138-1234 5678").ok().as_deref(),
            Some("13812345678")
        );
        assert_eq!(
            read_phone("phone", "23812345678").expect_err("wrong").code,
            "phone.form"
        );
        assert_eq!(read_phone("phone", "").ok().as_deref(), Some(""));
        assert_eq!(read_phone("phone", "021-12345678").ok().as_deref(), Some("02112345678"));
    }
}
