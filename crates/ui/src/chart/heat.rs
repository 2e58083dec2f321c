//! A heat map: months × districts. It is a real table with shaded cells and the figures in them, so it is its
//! own table view and needs no drawing; the shade is a class, never colour alone.

use std::fmt::Write as _;

use super::figure::{Chart, ChartData};
use super::scale::words;
use crate::format;
use crate::html::Html;

/// Rows × columns of values; nothing known is `None`.
#[derive(Clone, Debug, Default)]
pub struct Heat {
    pub finding: String,
    pub subject: String,
    /// What a row is: `区`.
    pub of: String,
    pub columns: Vec<String>,
    pub rows: Vec<(String, Vec<Option<i64>>)>,
}

impl Heat {
    /// Draws it.
    pub fn draw(self) -> Chart {
        let most = self
            .rows
            .iter()
            .flat_map(|(_, values)| values.iter().flatten())
            .copied()
            .max()
            .unwrap_or(0);
        let mut out = format!(
            "<div class=\"heat-wrap\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table class=\"heat\"><caption class=\"sr-only\">{0}</caption>\
             <thead><tr><th scope=\"col\">{1}</th>",
            words(&self.finding),
            words(&self.of)
        );
        for column in &self.columns {
            // Writing into a String cannot fail.
            let _ = write!(out, "<th scope=\"col\">{}</th>", words(column));
        }
        out.push_str("</tr></thead><tbody>");
        for (label, values) in &self.rows {
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", words(label));
            for i in 0..self.columns.len() {
                let _ = match values.get(i).copied().flatten() {
                    Some(value) => write!(out, "<td class=\"{}\">{}</td>", shade(value, most), format::wan(value)),
                    None => write!(out, "<td class=\"heat-none\">–</td>"),
                };
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div>");
        let mut columns = vec![self.of];
        columns.extend(self.columns.iter().cloned());
        let rows = self.rows.iter().map(|(label, values)| {
            let mut row = vec![label.clone()];
            row.extend((0..self.columns.len()).map(|i| {
                values
                    .get(i)
                    .copied()
                    .flatten()
                    .map_or_else(|| "–".to_owned(), format::number)
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

/// The shade of a value: six steps from nothing to the most there is.
pub(super) fn shade(value: i64, most: i64) -> &'static str {
    if value <= 0 || most <= 0 {
        return "heat-0";
    }
    match i128::from(value) * 100 / i128::from(most) {
        0..20 => "heat-1",
        20..40 => "heat-2",
        40..60 => "heat-3",
        60..80 => "heat-4",
        _ => "heat-5",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_and_extremes_have_a_shade() {
        assert_eq!(shade(-1, 10), "heat-0");
        assert_eq!(shade(i64::MAX, i64::MAX), "heat-5");
        let heat = Heat {
            columns: vec!["1月".to_owned(), "2月".to_owned()],
            rows: vec![("<区>".to_owned(), vec![Some(3)])],
            ..Heat::default()
        };
        let html = heat.draw().drawing.to_string();
        assert!(html.contains("heat-none") && html.contains("&lt;区&gt;"));
    }
}
