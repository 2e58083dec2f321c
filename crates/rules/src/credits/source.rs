//! Where a figure comes from: document, article, address, and how sure we are of it.
//!
//! Every figure of an edition carries one, so that a page can show it beside the figure and the lead department can
//! see what is still to be confirmed. Deliberately absent: the text of the regulation itself.

use serde::{Deserialize, Serialize};

kernel::codes! {
    /// How sure a figure is.
    pub enum Confidence {
        /// Read in the text of the regulation.
        High = "high" "已核对原文",
        /// Known, not read.
        Medium = "medium" "依据转述，原文待核对",
        /// Doubtful: shown as such.
        Low = "low" "存疑，待确认",
        /// No regulation decides; the platform does.
        Platform = "platform" "平台规则",
    }
}

/// The source of a rule's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Name and number of the document.
    pub document: String,
    /// Article, as the document counts them; empty when it is not known.
    #[serde(default)]
    pub article: String,
    /// Where it was read; empty when nowhere public.
    #[serde(default)]
    pub address: String,
    /// How sure the figures are.
    pub confidence: Confidence,
    /// What a reader should know besides, in one sentence.
    #[serde(default)]
    pub note: String,
}

impl Source {
    /// Document and article as people cite them.
    #[must_use]
    pub fn cited(&self) -> String {
        format!("{}{}", self.document, self.article)
    }
}
