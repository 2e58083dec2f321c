//! Small multiples: the same line for each of many, on one scale, so that they compare.

use std::fmt::Write as _;

use super::figure::{Chart, ChartData};
use super::scale::{place, words};
use crate::format;
use crate::html::Html;

/// One small chart.
#[derive(Clone, Debug, Default)]
pub struct Multiple {
    pub label: String,
    /// Oldest first, one for each column of the whole.
    pub values: Vec<i64>,
    pub href: String,
}

/// Many small charts.
#[derive(Clone, Debug, Default)]
pub struct Multiples {
    pub finding: String,
    pub subject: String,
    pub of: String,
    /// What each value is of: years or months.
    pub columns: Vec<String>,
    pub charts: Vec<Multiple>,
}

impl Multiples {
    /// Draws it.
    pub fn draw(self) -> Chart {
        let most = self
            .charts
            .iter()
            .flat_map(|chart| &chart.values)
            .copied()
            .max()
            .unwrap_or(0);
        let mut out = String::from("<ul class=\"multiples\">");
        for chart in &self.charts {
            let name = words(&chart.label);
            let name = if chart.href.is_empty() {
                name
            } else {
                format!("<a href=\"{}\">{name}</a>", words(&chart.href))
            };
            let last = chart.values.last().copied().unwrap_or(0);
            // Writing into a String cannot fail.
            let _ = write!(
                out,
                "<li><p class=\"multiple-head\"><span>{name}</span><strong>{}</strong></p>\
                 <svg class=\"multiple\" viewBox=\"0 0 1000 400\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}</svg></li>",
                format::wan(last),
                line(&chart.values, most)
            );
        }
        out.push_str("</ul>");
        if let (Some(first), Some(last)) = (self.columns.first(), self.columns.last()) {
            let _ = write!(
                out,
                "<p class=\"multiples-note\">每格：{} 至 {}，同一刻度。</p>",
                words(first),
                words(last)
            );
        }
        let mut columns = vec![self.of];
        columns.extend(self.columns.iter().cloned());
        let rows = self.charts.iter().map(|chart| {
            let mut row = vec![chart.label.clone()];
            row.extend((0..self.columns.len()).map(|i| {
                chart
                    .values
                    .get(i)
                    .map_or_else(|| "–".to_owned(), |v| format::number(*v))
            }));
            row
        });
        let data = ChartData {
            columns,
            rows: rows.collect(),
        };
        let (finding, subject) = (self.finding, self.subject);
        Chart {
            finding,
            subject,
            drawing: Html::proven(out),
            data,
            ..Chart::default()
        }
    }
}

fn line(values: &[i64], most: i64) -> String {
    let last = i64::try_from(values.len()).unwrap_or(1) - 1;
    let mut path = String::new();
    for (i, value) in values.iter().enumerate() {
        let x = place(i64::try_from(i).unwrap_or(0), last.max(1), 1_000);
        let y = 390 - place(*value, most, 370);
        let _ = write!(path, "{}{x} {y}", if i == 0 { 'M' } else { 'L' });
    }
    if path.is_empty() {
        return path;
    }
    format!("<path class=\"area\" d=\"{path}L1000 400L0 400Z\"/><path class=\"line\" d=\"{path}\"/>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_or_none_is_no_harm() {
        assert_eq!(line(&[], 10), "");
        assert!(line(&[5], 10).contains("M0 205"));
        assert!(line(&[0, 10], 10).contains("M0 390L1000 20"));
    }
}
