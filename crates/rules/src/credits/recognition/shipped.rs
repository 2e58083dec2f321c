//! The editions that come with the platform, one document each in `data/editions`.
//!
//! `shipped` is in force on every installation: 45 minutes a 学时 and the conversions of 会计 for accountants.
//! `sample` adds rows of 泰州 and 河南 as 示例（待市人社局确认）; it is in force in demonstration data only, because no
//! conversion table of Shanghai is public.

use super::Edition;

const SHIPPED: &str = include_str!("../../../../../data/editions/recognition-2022.json");
const SAMPLE: &str = include_str!("../../../../../data/editions/recognition-sample.json");

/// In force on every installation since the platform began.
///
/// # Panics
/// Never: the document is embedded and read by a test.
#[must_use]
pub fn shipped() -> Edition {
    serde_json::from_str(SHIPPED).expect("the embedded edition is well-formed")
}

/// 示例（待市人社局确认）, for demonstration data only.
///
/// # Panics
/// Never: the document is embedded and read by a test.
#[must_use]
pub fn sample() -> Edition {
    serde_json::from_str(SAMPLE).expect("the embedded edition is well-formed")
}
