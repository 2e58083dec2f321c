//! Progress towards a target over months: what is done, what an even pace would need, where it may end.

use std::fmt::Write as _;

use super::figure::{Chart, ChartData};
use super::scale::{percent, place, ticks, words};
use crate::format;
use crate::html::Html;

/// The sum reached at the end of a month.
#[derive(Clone, Debug)]
pub struct Point {
    /// Months since the start; 0 is the start itself.
    pub month: i64,
    pub value: i64,
    /// `2026年2月`, for the data table.
    pub label: String,
}

/// Where it may stand at the end: low, middle, high. How it was computed belongs into the source line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    pub low: i64,
    pub middle: i64,
    pub high: i64,
}

/// A burn-up chart.
#[derive(Clone, Debug, Default)]
pub struct BurnUp {
    pub finding: String,
    pub subject: String,
    pub unit: String,
    /// First year on the axis; the axis begins in its January.
    pub first_year: i64,
    /// How many years the axis spans.
    pub years: i64,
    pub target: i64,
    /// In order of months.
    pub points: Vec<Point>,
    pub forecast: Option<Forecast>,
}

/// Height of the drawing in pixels, and of the plot in it.
const HEIGHT: i64 = 300;
const TOP: i64 = 24;
const PLOT: i64 = 248;

impl BurnUp {
    /// Draws it.
    pub fn draw(self) -> Chart {
        let months = self.years.max(1) * 12;
        let reached = self.points.last().map_or(0, |p| p.value);
        let forecast_top = self.forecast.map_or(0, |f| f.high);
        let scale = ticks(self.target.max(reached).max(forecast_top));
        let top = scale.last().copied().unwrap_or(1);
        let y = |value: i64| TOP + PLOT - place(value, top, PLOT);
        let mut out = format!(
            "<svg class=\"plot\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{}\"><title>{}</title><desc>{}</desc>",
            words(&self.finding),
            words(&self.finding),
            words(&self.subject)
        );
        for tick in &scale {
            let (y, text) = (y(*tick), words(&format::wan(*tick)));
            // Writing into a String cannot fail.
            let _ = write!(
                out,
                "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/><text class=\"tick\" x=\"0\" y=\"{}\">{text}</text>",
                y - 5
            );
        }
        self.push_years(&mut out, months);
        self.push_lines(&mut out, months, top);
        self.push_marks(&mut out, months, y);
        out.push_str("</svg>");
        let rows = self
            .points
            .iter()
            .map(|p| vec![p.label.clone(), format::number(p.value)])
            .collect();
        let data = ChartData {
            columns: vec!["月份".to_owned(), format!("累计（{}）", self.unit)],
            rows,
        };
        let mut legend = vec![
            ("series-1", "累计完成".to_owned()),
            ("mark-swatch", "按年均推进".to_owned()),
        ];
        if self.forecast.is_some() {
            legend.push(("band", "预测区间".to_owned()));
        }
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

    fn push_years(&self, out: &mut String, months: i64) {
        for i in 0..self.years.max(1) {
            let (line, middle) = (percent(i * 12, months), percent(i * 12 + 6, months));
            let year = self.first_year + i;
            let _ = write!(
                out,
                "<line class=\"tick-mark\" x1=\"{line}%\" x2=\"{line}%\" y1=\"{}\" y2=\"{}\"/>\
                 <text class=\"year\" x=\"{middle}%\" y=\"{}\" text-anchor=\"middle\">{year}</text>",
                TOP + PLOT,
                TOP + PLOT + 5,
                TOP + PLOT + 20,
            );
        }
    }

    /// The lines are stretched with the page; their strokes are not (`vector-effect` in the style sheet).
    fn push_lines(&self, out: &mut String, months: i64, top: i64) {
        let x = |month: i64| place(month, months, 10_000);
        let y = |value: i64| 10_000 - place(value, top, 10_000);
        let _ = write!(
            out,
            "<svg y=\"{TOP}\" width=\"100%\" height=\"{PLOT}\" viewBox=\"0 0 10000 10000\" preserveAspectRatio=\"none\">\
             <path class=\"even\" d=\"M0 10000L10000 {}\"/>",
            y(self.target)
        );
        let Some(last) = self.points.last() else {
            out.push_str("</svg>");
            return;
        };
        if let Some(Forecast { low, middle, high }) = self.forecast {
            let (x, from) = (x(last.month), y(last.value));
            let _ = write!(
                out,
                "<path class=\"band\" d=\"M{x} {from}L10000 {}L10000 {}Z\"/><path class=\"middle\" d=\"M{x} {from}L10000 {}\"/>",
                y(high),
                y(low),
                y(middle)
            );
        }
        let mut line = String::from("M0 10000");
        for point in &self.points {
            let _ = write!(line, "L{} {}", x(point.month), y(point.value));
        }
        let _ = write!(
            out,
            "<path class=\"area\" d=\"{line}L{} 10000Z\"/><path class=\"line\" d=\"{line}\"/></svg>",
            x(last.month)
        );
    }

    fn push_marks(&self, out: &mut String, months: i64, y: impl Fn(i64) -> i64) {
        let at = y(self.target);
        let _ = write!(
            out,
            "<line class=\"goal\" x1=\"0\" x2=\"100%\" y1=\"{at}\" y2=\"{at}\"/>\
             <text class=\"goal-text\" x=\"64\" y=\"{}\">目标 {}</text>",
            at - 7,
            words(&format::wan_of(self.target, &self.unit))
        );
        if let Some(last) = self.points.last() {
            let x = percent(last.month, months);
            let at = y(last.value);
            let anchor = if last.month * 2 > months { "end" } else { "start" };
            let shift = if anchor == "end" { -10 } else { 10 };
            let _ = write!(
                out,
                "<circle class=\"now\" cx=\"{x}%\" cy=\"{at}\" r=\"5\"/>\
                 <text class=\"now-text\" x=\"{x}%\" y=\"{}\" dx=\"{shift}\" text-anchor=\"{anchor}\">{}</text>",
                at - 10,
                words(&format::wan(last.value))
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_without_points_and_with_too_much() {
        let none = BurnUp {
            target: 100,
            years: 0,
            ..BurnUp::default()
        }
        .draw();
        assert!(none.to_string().contains("暂无数据。"));
        let point = |month, value| Point {
            month,
            value,
            label: format!("{month}"),
        };
        let chart = BurnUp {
            finding: "<已超>".to_owned(),
            target: 100,
            years: 9,
            first_year: 2022,
            points: vec![point(12, 40), point(240, 400)],
            forecast: Some(Forecast {
                low: 0,
                middle: 300,
                high: 900,
            }),
            ..BurnUp::default()
        }
        .draw();
        let html = chart.to_string();
        assert!(!html.contains("NaN") && !html.contains("<已超>") && html.contains("2030"));
        assert!(!html.contains("cx=\"-") && !html.contains("cy=\"-"));
    }
}
