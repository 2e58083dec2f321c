//! The editions of requirements that come with the platform, one document each in `data/editions`.
//!
//! `shipped`: the nation's year, 上海's 公需 over three years for title applications, accountants,
//! 冶金 over three years. `sample` is a draft that demands 公需 30 a year, to show what-if on demonstration data.

use super::Edition;

const SHIPPED: &str = include_str!("../../../../../data/editions/requirement-2015.json");
const SAMPLE: &str = include_str!("../../../../../data/editions/requirement-sample.json");

/// In force on every installation.
///
/// # Panics
/// Never: the document is embedded and read by a test.
#[must_use]
pub fn shipped() -> Edition {
    serde_json::from_str(SHIPPED).expect("the embedded edition is well-formed")
}

/// A draft for demonstration data only: 示例（待市人社局确认）.
///
/// # Panics
/// Never: the document is embedded and read by a test.
#[must_use]
pub fn sample() -> Edition {
    serde_json::from_str(SAMPLE).expect("the embedded edition is well-formed")
}
