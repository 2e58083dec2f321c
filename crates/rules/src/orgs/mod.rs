//! orgs: kinds of organisations, their standing, and the sentence for each fault of a 统一社会信用代码.
//!
//! ```text
//! active ──end──► ended ──resume──► active
//! ```
//! Rules: R-2 (GB 32100-2015 with the inner code of GB 11714).
//! Deliberately absent: whether the code is registered with the market authority; the check is arithmetic only.

use kernel::{CreditCode, Error, FieldError, Result, credit_code::Fault};

kernel::codes! {
    /// 机构类别.
    pub enum OrgKind {
        /// 行政机关.
        Government = "government" "行政机关",
        /// 事业单位.
        Institution = "institution" "事业单位",
        /// 企业.
        Enterprise = "enterprise" "企业",
        /// 行业协会、学会 and other social organisations.
        Association = "association" "社会团体（行业协会、学会）",
        /// 高等学校.
        University = "university" "高等学校",
        /// 科研院所.
        Research = "research" "科研院所",
        /// 民办非企业单位.
        NonEnterprise = "non_enterprise" "民办非企业单位",
        /// 基金会.
        Foundation = "foundation" "基金会",
        /// Anything else.
        Other = "other" "其他组织",
    }
}

kernel::codes! {
    /// 机构状态.
    pub enum OrgStatus {
        /// Takes part.
        Active = "active" "正常",
        /// Takes part no longer; its history stays.
        Ended = "ended" "已停用",
    }
}

kernel::codes! {
    /// 基地级别.
    pub enum BaseLevel {
        /// 国家级继续教育基地.
        National = "national" "国家级基地",
        /// 市级继续教育基地.
        Municipal = "municipal" "市级基地",
    }
}

impl OrgStatus {
    /// Ends the taking part.
    ///
    /// # Errors
    /// Refused when it has ended already.
    pub fn end(self) -> Result<Self> {
        match self {
            Self::Active => Ok(Self::Ended),
            Self::Ended => Err(Error::refused("org.ended", "该机构已经停用。")),
        }
    }

    /// Takes the ending back.
    ///
    /// # Errors
    /// Refused when it takes part already.
    pub fn resume(self) -> Result<Self> {
        match self {
            Self::Ended => Ok(Self::Active),
            Self::Active => Err(Error::refused("org.active", "该机构没有停用，无需恢复。")),
        }
    }
}

/// Reads a code typed into `field` (R-2). `demo` admits the area 319999.
///
/// # Errors
/// The field error with a sentence that says which part is wrong and what to do.
pub fn read_code(field: &'static str, text: &str, demo: bool) -> Result<CreditCode, FieldError> {
    CreditCode::parse(text, demo).map_err(|fault| {
        let (code, sentence) = code_fault(fault, text);
        FieldError::new(field, code, format!("统一社会信用代码{sentence}。"))
    })
}

/// The stable code and the sentence of a fault, without subject and full stop.
#[must_use]
pub fn code_fault(fault: Fault, text: &str) -> (&'static str, String) {
    match fault {
        Fault::Length => {
            let count = text.chars().filter(|c| !c.is_whitespace()).count();
            (
                "credit_code.length",
                format!("应为 18 位，您填写了 {count} 位，请对照证照核对"),
            )
        }
        Fault::Alphabet => (
            "credit_code.alphabet",
            "只能有数字和大写字母，且不使用 I、O、S、V、Z，请检查是否把数字 0、1、2、5 写成了字母".into(),
        ),
        Fault::InnerCheck => (
            "credit_code.inner_check",
            "第 9–17 位（组织机构代码）校验不符，请逐位核对这一段".into(),
        ),
        Fault::Check => ("credit_code.check", "校验位不符，请核对最后一位和前面的各位".into()),
        Fault::Demo => (
            "credit_code.demo",
            "属于演示专用号段（319999），只能用于演示数据，请填写真实代码".into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R-2: each fault has its own sentence.
    #[test]
    fn each_fault_of_a_credit_code_is_told_apart() {
        let of = |text| read_code("credit_code", text, false).expect_err("faulty");
        assert_eq!(
            of("9135").sentence,
            "统一社会信用代码应为 18 位，您填写了 4 位，请对照证照核对。"
        );
        assert_eq!(of("91350100M000100Y4Z").code, "credit_code.alphabet");
        assert_eq!(of("91350100M000100Y53").code, "credit_code.inner_check");
        assert_eq!(of("91350100M000100Y44").code, "credit_code.check");
        let demo = CreditCode::demo("91", 7);
        assert_eq!(of(demo.as_str()).code, "credit_code.demo");
        assert_eq!(
            read_code("c", " 91350100m000100y43 ", false).map(|c| c.as_str().to_owned()),
            Ok("91350100M000100Y43".into())
        );
    }

    #[test]
    fn ending_and_resuming_alternate() {
        assert_eq!(OrgStatus::Active.end().ok(), Some(OrgStatus::Ended));
        assert!(OrgStatus::Ended.end().is_err());
        assert_eq!(OrgStatus::Ended.resume().ok(), Some(OrgStatus::Active));
        assert!(OrgStatus::Active.resume().is_err());
    }
}
