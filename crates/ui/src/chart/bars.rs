//! Horizontal bars, plain or stacked: the words are HTML, so that they wrap and can be links; the bars are SVG.

use std::fmt::Write as _;

use super::figure::{Chart, ChartData};
use super::scale::{percent, words};
use crate::format;
use crate::html::Html;
use crate::labels::Tone;

/// One bar.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    pub label: String,
    pub value: i64,
    /// A mark to reach; 0 for none.
    pub target: i64,
    pub href: String,
    pub tone: Tone,
}

impl Bar {
    pub fn new(label: &str, value: i64) -> Self {
        Self {
            label: label.to_owned(),
            value,
            tone: Tone::Active,
            ..Self::default()
        }
    }

    #[must_use]
    pub fn target(mut self, target: i64) -> Self {
        self.target = target;
        self
    }

    #[must_use]
    pub fn href(mut self, href: &str) -> Self {
        href.clone_into(&mut self.href);
        self
    }

    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

/// Bars of one measure, in the order given.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    pub finding: String,
    pub subject: String,
    /// What a bar is: `区`, head of the first column of the data.
    pub of: String,
    pub unit: String,
    pub bars: Vec<Bar>,
}

impl Bars {
    /// Draws it.
    pub fn draw(self) -> Chart {
        let most = self.bars.iter().map(|bar| bar.value.max(bar.target)).max().unwrap_or(0);
        let targets = self.bars.iter().any(|bar| bar.target > 0);
        let mut out = String::from("<ul class=\"bars\">");
        for bar in &self.bars {
            let mark = if bar.target > 0 {
                let x = percent(bar.target, most);
                format!("<line class=\"mark\" x1=\"{x}%\" x2=\"{x}%\" y1=\"0\" y2=\"14\"/>")
            } else {
                String::new()
            };
            // Writing into a String cannot fail.
            let _ = write!(
                out,
                "<li><span class=\"bar-label\">{}</span><svg class=\"bar\" aria-hidden=\"true\">\
                 <rect class=\"track\" width=\"100%\" height=\"14\"/><rect class=\"fill-{}\" width=\"{}%\" height=\"14\"/>{mark}</svg>\
                 <span class=\"bar-value\">{}</span></li>",
                label(&bar.label, &bar.href),
                bar.tone.class(),
                percent(bar.value, most),
                format::number(bar.value),
            );
        }
        out.push_str("</ul>");
        let mut columns = vec![self.of, format!("数量（{}）", self.unit)];
        if targets {
            columns.push(format!("目标（{}）", self.unit));
        }
        let rows = self.bars.iter().map(|bar| {
            let mut row = vec![bar.label.clone(), format::number(bar.value)];
            if targets {
                row.push(format::number(bar.target));
            }
            row
        });
        let data = ChartData {
            columns,
            rows: rows.collect(),
        };
        let legend = if targets {
            vec![("fill-active", "完成".to_owned()), ("mark-swatch", "目标".to_owned())]
        } else {
            Vec::new()
        };
        let (finding, subject) = (self.finding, self.subject);
        Chart {
            finding,
            subject,
            drawing: Html::proven(out),
            data,
            legend,
            ..Chart::default()
        }
    }
}

/// One stacked bar: a value for each series.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    pub label: String,
    pub values: Vec<i64>,
    pub href: String,
}

impl Stack {
    pub fn new(label: &str, values: impl IntoIterator<Item = i64>) -> Self {
        Self {
            label: label.to_owned(),
            values: values.into_iter().collect(),
            href: String::new(),
        }
    }
}

/// Stacked bars; at most six series, negative values count as nothing.
#[derive(Clone, Debug, Default)]
pub struct Stacks {
    pub finding: String,
    pub subject: String,
    pub of: String,
    pub unit: String,
    pub series: Vec<String>,
    pub stacks: Vec<Stack>,
    /// Each bar over the whole width, so that shares compare; otherwise totals compare.
    pub shares: bool,
}

const SERIES: [&str; 6] = ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6"];

impl Stacks {
    /// Draws it.
    pub fn draw(self) -> Chart {
        let sum = |stack: &Stack| {
            stack
                .values
                .iter()
                .map(|v| (*v).max(0))
                .fold(0_i64, i64::saturating_add)
        };
        let most = self.stacks.iter().map(sum).max().unwrap_or(0);
        let mut out = String::from("<ul class=\"bars\">");
        for stack in &self.stacks {
            let total = sum(stack);
            let whole = if self.shares { total } else { most };
            let mut before = 0_i64;
            let mut pieces = String::new();
            for (value, class) in stack.values.iter().zip(SERIES) {
                let value = (*value).max(0);
                let (x, width) = (percent(before, whole), percent(value, whole));
                let _ = write!(
                    pieces,
                    "<rect class=\"{class}\" x=\"{x}%\" width=\"{width}%\" height=\"14\"/>"
                );
                before = before.saturating_add(value);
            }
            let _ = write!(
                out,
                "<li><span class=\"bar-label\">{}</span><svg class=\"bar\" aria-hidden=\"true\">\
                 <rect class=\"track\" width=\"100%\" height=\"14\"/>{pieces}</svg><span class=\"bar-value\">{}</span></li>",
                label(&stack.label, &stack.href),
                format::number(total),
            );
        }
        out.push_str("</ul>");
        let legend = SERIES.into_iter().zip(self.series.iter().cloned()).collect();
        let mut columns = vec![self.of];
        columns.extend(self.series.iter().map(|series| format!("{series}（{}）", self.unit)));
        let rows = self.stacks.iter().map(|stack| {
            let mut row = vec![stack.label.clone()];
            row.extend((0..self.series.len()).map(|i| format::number(stack.values.get(i).copied().unwrap_or(0))));
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
            legend,
            ..Chart::default()
        }
    }
}

fn label(text: &str, href: &str) -> String {
    if href.is_empty() {
        words(text)
    } else {
        format!("<a href=\"{}\">{}</a>", words(href), words(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_escape_and_stay_inside() {
        let bars = Bars {
            bars: vec![Bar::new("<甲>", 50).target(100), Bar::new("乙", -3)],
            ..Bars::default()
        };
        let chart = bars.draw();
        let svg = chart.drawing.as_str();
        assert!(svg.contains("&lt;甲&gt;") && svg.contains("width=\"50%\"") && svg.contains("x1=\"100%\""));
        assert!(svg.contains("class=\"fill-active\" width=\"0%\""));
        assert_eq!(chart.data.rows[0], ["<甲>", "50", "100"]);
    }

    #[test]
    fn stacks_add_up_and_empty_ones_draw_nothing() {
        let stacks = Stacks {
            series: vec!["公需".to_owned(), "专业".to_owned()],
            stacks: vec![Stack::new("黄浦", [30, 60]), Stack::new("徐汇", [0, 0])],
            ..Stacks::default()
        };
        let svg = stacks.draw().drawing.to_string();
        assert!(
            svg.contains("x=\"33.33%\" width=\"66.66%\"") && svg.contains("x=\"0%\" width=\"0%\""),
            "{svg}"
        );
        let none = Stacks::default().draw();
        assert!(none.to_string().contains("暂无数据。"));
    }
}
