//! What stands around every chart: the finding, the legend, the source, the data as a table, an export.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::html::Html;

/// The numbers behind a chart, already written out.
#[derive(Clone, Debug, Default)]
pub struct ChartData {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// A drawn chart. Made by a kind (`Bars`, `BurnUp`, …) with `draw`, completed here.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// The finding, as a sentence.
    pub finding: String,
    /// What is drawn, in which unit: for the subtitle and for screen readers.
    pub subject: String,
    pub source: String,
    pub drawing: Html,
    pub data: ChartData,
    /// Class of the swatch and its words.
    pub legend: Vec<(&'static str, String)>,
    /// Where the same data can be saved.
    pub export: Option<String>,
}

impl Chart {
    /// Where the figures come from and as of when.
    #[must_use]
    pub fn source(mut self, source: &str) -> Self {
        source.clone_into(&mut self.source);
        self
    }

    /// An address that gives the data as CSV.
    #[must_use]
    pub fn export(mut self, href: &str) -> Self {
        self.export = Some(href.to_owned());
        self
    }
}

#[derive(Template)]
#[template(path = "parts/chart.html")]
struct Rendered<'a> {
    chart: &'a Chart,
}

impl std::fmt::Display for Chart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", crate::form::part(&Rendered { chart: self }))
    }
}

impl HtmlSafe for Chart {}

impl From<Chart> for Html {
    fn from(part: Chart) -> Self {
        Self::of(&part)
    }
}
