//! A certificate as the template wants it: one activity, one holder, all texts ready to be shown.
//! Deliberately absent: dates, hours and rules as values; the caller has formatted them.

use serde::Serialize;

use crate::UtcSecond;

/// A label and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// One A4 page. Empty texts leave no gap, except where marked as needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// Needed. The certificate's number, as printed.
    pub number: String,
    /// The name over the title: the programme or the platform.
    pub programme: String,
    /// Needed. Such as `继续教育证书`.
    pub title: String,
    /// Needed. The holder's full name.
    pub holder: String,
    /// What else says who the holder is, one line: `身份证件号码 310***********0018 · 某某公司`.
    pub identity: String,
    /// The sentence before the activity: `参加下列继续教育活动，完成规定的学习内容，考核合格：`.
    pub preface: String,
    /// Needed. The name of the activity.
    pub activity: String,
    /// Needed. The hours as a figure: `40`.
    pub hours: String,
    /// What the figure counts: `学时`.
    pub hours_unit: String,
    /// Two to four facts beside the hours: subject, dates, form.
    pub facts: Vec<Fact>,
    /// The sentence at the end: `特发此证。`.
    pub conclusion: String,
    /// Needed. Who issues it.
    pub issuer: String,
    /// Needed. The day of issue: `2026年3月12日`.
    pub issued_on: String,
    /// Needed. The address in the QR code, see [`crate::QrToken::url`].
    pub verify_url: String,
    /// Needed. Where to check, in a line or two beside the QR code.
    pub verify_hint: String,
    /// A small line at the foot.
    pub footnote: String,
    /// Marks the page 演示数据.
    pub demo: bool,
    /// The moment of issue, for the metadata of the PDF.
    pub issued_at: UtcSecond,
}
