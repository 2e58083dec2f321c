//! The sixteen districts of Shanghai as tiles, roughly where they lie: no map data, every district the same size.
//! Shade says how much, the figure in the tile says exactly. District codes as in GB/T 2260.

use std::fmt::Write as _;

use super::figure::{Chart, ChartData};
use super::heat::shade;
use super::scale::words;
use crate::format;
use crate::html::Html;

/// Code, name, column and row of each tile, and how many rows it is high.
pub const DISTRICTS: [(&str, &str, i64, i64, i64); 16] = [
    ("310151", "崇明", 3, 0, 1),
    ("310114", "嘉定", 1, 1, 1),
    ("310113", "宝山", 3, 1, 1),
    ("310107", "普陀", 1, 2, 1),
    ("310106", "静安", 2, 2, 1),
    ("310109", "虹口", 3, 2, 1),
    ("310110", "杨浦", 4, 2, 1),
    ("310118", "青浦", 0, 3, 1),
    ("310105", "长宁", 1, 3, 1),
    ("310104", "徐汇", 2, 3, 1),
    ("310101", "黄浦", 3, 3, 1),
    ("310115", "浦东", 4, 3, 2),
    ("310117", "松江", 1, 4, 1),
    ("310112", "闵行", 2, 4, 1),
    ("310116", "金山", 1, 5, 1),
    ("310120", "奉贤", 2, 5, 1),
];

/// A figure for each district by code; a district without one is shown as 暂无.
#[derive(Clone, Debug, Default)]
pub struct Districts {
    pub finding: String,
    pub subject: String,
    pub unit: String,
    pub values: Vec<(String, i64)>,
    /// Address of a district's page up to its code: `/districts/`; empty for no links.
    pub link: String,
}

const SIZE: i64 = 84;
const GAP: i64 = 6;

impl Districts {
    /// Draws it.
    pub fn draw(self) -> Chart {
        let value = |code: &str| self.values.iter().find(|(c, _)| c == code).map(|(_, v)| *v);
        let most = self.values.iter().map(|(_, v)| *v).max().unwrap_or(0);
        let mut out = format!(
            "<svg class=\"tiles\" viewBox=\"0 0 {} {}\" role=\"{}\" aria-label=\"{}\"><desc>{}</desc>",
            5 * (SIZE + GAP) - GAP,
            6 * (SIZE + GAP) - GAP,
            // A drawing with links in it is a group of them, not a picture.
            if self.link.is_empty() { "img" } else { "group" },
            words(&self.finding),
            words(&self.subject)
        );
        for (code, name, column, row, rows) in DISTRICTS {
            let (x, y, height) = (column * (SIZE + GAP), row * (SIZE + GAP), rows * (SIZE + GAP) - GAP);
            let known = value(code);
            let text = known.map_or_else(|| "暂无".to_owned(), format::wan);
            let class = known.map_or("heat-none", |v| shade(v, most));
            let tile = format!(
                "<g class=\"{class}\"><rect x=\"{x}\" y=\"{y}\" width=\"{SIZE}\" height=\"{height}\" rx=\"6\"/>\
                 <text class=\"tile-name\" x=\"{0}\" y=\"{1}\" text-anchor=\"middle\">{name}</text>\
                 <text class=\"tile-value\" x=\"{0}\" y=\"{2}\" text-anchor=\"middle\">{text}</text></g>",
                x + SIZE / 2,
                y + height / 2 - 6,
                y + height / 2 + 18,
            );
            // Writing into a String cannot fail.
            let _ = if self.link.is_empty() {
                write!(out, "{tile}")
            } else {
                write!(
                    out,
                    "<a href=\"{}{code}\" aria-label=\"{name} {text}\">{tile}</a>",
                    words(&self.link)
                )
            };
        }
        out.push_str("</svg>");
        let mut rows: Vec<_> = DISTRICTS
            .iter()
            .filter_map(|(code, name, ..)| value(code).map(|v| (*name, v)))
            .collect();
        rows.sort_by_key(|(_, v)| std::cmp::Reverse(*v));
        let rows = rows
            .into_iter()
            .map(|(name, v)| vec![name.to_owned(), format::number(v)])
            .collect();
        let data = ChartData {
            columns: vec!["区".to_owned(), format!("数量（{}）", self.unit)],
            rows,
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn sixteen_tiles_and_none_on_another() {
        let mut places = BTreeSet::new();
        for (_, name, column, row, rows) in DISTRICTS {
            for r in row..row + rows {
                assert!(places.insert((column, r)), "{name} lies on another");
            }
        }
        let codes: BTreeSet<_> = DISTRICTS.iter().map(|d| d.0).collect();
        assert_eq!(codes.len(), 16);
    }

    #[test]
    fn unknown_districts_are_said_so() {
        let values = vec![("310104".to_owned(), 9_000)];
        let html = Districts {
            values,
            link: "/d/".to_owned(),
            ..Districts::default()
        }
        .draw()
        .drawing
        .to_string();
        assert_eq!(html.matches("暂无</text>").count(), 15);
        assert!(html.contains("href=\"/d/310104\"") && html.contains("9,000"));
    }
}
