//! What stands in a table: one typed value per cell, rendered in HTML here and readable as plain data,
//! so that an export writes exactly what the page shows.
//! Deliberately absent: free HTML in cells.

use askama::filters::HtmlSafe;
use chrono::{NaiveDate, NaiveDateTime};
use std::fmt;

use crate::chart::sparkline;
use crate::format;
use crate::html::push_escaped;
use crate::labels::{State, Tone};
use crate::page::Action;

/// One cell.
#[derive(Clone, Debug, Default)]
pub enum Cell {
    /// Nothing known: shown as an en dash, exported empty.
    #[default]
    Empty,
    Text(String),
    Link {
        text: String,
        href: String,
    },
    /// A first line (a link if `href` is not empty) and a quieter second one.
    Stack {
        text: String,
        href: String,
        sub: String,
    },
    Number(i64),
    /// Hundredths of an hour.
    Hours(i64),
    /// 分.
    Money(i64),
    Date(NaiveDate),
    DateRange(NaiveDate, NaiveDate),
    /// Local time.
    Moment(NaiveDateTime),
    State(State),
    Badge(Tone, String),
    /// Part of a whole in the same unit, with a small bar: places taken of places there are.
    Share {
        part: i64,
        whole: i64,
    },
    /// Personal data, masked; `reveal` leads to the audited page that shows it.
    Masked {
        text: String,
        reveal: Option<String>,
    },
    Muted(String),
    /// A small line of values, oldest first.
    Spark(Vec<i64>),
    Actions(Vec<Action>),
}

/// What an export writes for a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Empty,
    Text(String),
    Whole(i64),
    /// A number in hundredths: hours, or 元 from 分.
    Hundredths(i64),
    Date(NaiveDate),
    Moment(NaiveDateTime),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::Link {
            text: text.into(),
            href: href.into(),
        }
    }

    /// A link with a second line.
    pub fn stack(text: impl Into<String>, href: impl Into<String>, sub: impl Into<String>) -> Self {
        Self::Stack {
            text: text.into(),
            href: href.into(),
            sub: sub.into(),
        }
    }

    pub fn muted(text: impl Into<String>) -> Self {
        Self::Muted(text.into())
    }

    pub fn badge(tone: Tone, text: impl Into<String>) -> Self {
        Self::Badge(tone, text.into())
    }

    pub fn masked(text: impl Into<String>) -> Self {
        Self::Masked {
            text: text.into(),
            reveal: None,
        }
    }

    /// A date that may be unknown.
    pub fn date(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }

    /// The cell in words, as a person would read it out; empty for actions.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty | Self::Actions(_) => String::new(),
            Self::Text(text) | Self::Link { text, .. } | Self::Muted(text) | Self::Masked { text, .. } => text.clone(),
            Self::Badge(_, text) => text.clone(),
            Self::Stack { text, sub, .. } if sub.is_empty() => text.clone(),
            Self::Stack { text, sub, .. } => format!("{text}（{sub}）"),
            Self::Number(n) => format::number(*n),
            Self::Hours(hundredths) => format::hours(*hundredths),
            Self::Money(fen) => format::money_plain(*fen),
            Self::Date(day) => format::date(*day),
            Self::DateRange(first, last) => format::date_range(*first, *last),
            Self::Moment(at) => format::moment(*at),
            Self::State(state) => state.label().to_owned(),
            Self::Share { part, whole } => format!("{} / {}", format::number(*part), format::number(*whole)),
            Self::Spark(values) => values.iter().map(|v| format::number(*v)).collect::<Vec<_>>().join("、"),
        }
    }

    /// The cell as data, for an export.
    pub fn value(&self) -> Value {
        match self {
            Self::Number(n) => Value::Whole(*n),
            Self::Hours(hundredths) | Self::Money(hundredths) => Value::Hundredths(*hundredths),
            Self::Date(day) => Value::Date(*day),
            Self::Moment(at) => Value::Moment(*at),
            other => match other.plain() {
                text if text.is_empty() => Value::Empty,
                text => Value::Text(text),
            },
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Self::Number(n)
    }
}

impl From<State> for Cell {
    fn from(state: State) -> Self {
        Self::State(state)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl From<kernel::Hours> for Cell {
    fn from(hours: kernel::Hours) -> Self {
        Self::Hours(hours.get())
    }
}

impl From<kernel::Money> for Cell {
    fn from(money: kernel::Money) -> Self {
        Self::Money(money.get())
    }
}

impl From<kernel::Time> for Cell {
    fn from(at: kernel::Time) -> Self {
        Self::Moment(at.civil())
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        match self {
            Self::Empty => out.push_str("<span class=\"muted\">–</span>"),
            Self::Link { text, href } => push_link(&mut out, text, href),
            Self::Stack { text, href, sub } => {
                if href.is_empty() {
                    push_span(&mut out, "stack-main", text);
                } else {
                    push_link(&mut out, text, href);
                }
                if !sub.is_empty() {
                    push_span(&mut out, "stack-sub", sub);
                }
            }
            Self::State(state) => return write!(f, "{state}"),
            Self::Badge(tone, text) => push_span(&mut out, &format!("badge badge-{}", tone.class()), text),
            Self::Masked { text, reveal } => {
                push_span(&mut out, "masked", text);
                if let Some(href) = reveal {
                    out.push(' ');
                    push_link(&mut out, "查看", href);
                }
            }
            Self::Muted(text) => push_span(&mut out, "muted", text),
            Self::Spark(values) => return write!(f, "{}", sparkline(values)),
            Self::Share { part, whole } => {
                push_span(&mut out, "share-text", &self.plain());
                let width = if *whole > 0 {
                    (*part).clamp(0, *whole) * 100 / *whole
                } else {
                    0
                };
                out.push_str(&format!(
                    "<svg class=\"share\" aria-hidden=\"true\"><rect class=\"track\" width=\"100%\" height=\"4\" rx=\"2\"/>\
                     <rect class=\"fill\" width=\"{width}%\" height=\"4\" rx=\"2\"/></svg>"
                ));
            }
            Self::Actions(actions) => {
                out.push_str("<span class=\"row-actions\">");
                for action in actions {
                    // An action escapes its own words and addresses.
                    out.push_str(&action.clone().quiet().to_string());
                }
                out.push_str("</span>");
            }
            plain => push_escaped(&mut out, &plain.plain()),
        }
        f.write_str(&out)
    }
}

impl HtmlSafe for Cell {}

fn push_link(out: &mut String, text: &str, href: &str) {
    out.push_str("<a href=\"");
    push_escaped(out, href);
    out.push_str("\">");
    push_escaped(out, text);
    out.push_str("</a>");
}

fn push_span(out: &mut String, class: &str, text: &str) {
    out.push_str("<span class=\"");
    out.push_str(class);
    out.push_str("\">");
    push_escaped(out, text);
    out.push_str("</span>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_escape_and_export_what_they_show() {
        let link = Cell::link("<b>", "/x?a=1&b=\"");
        assert_eq!(link.to_string(), "<a href=\"/x?a=1&amp;b=&quot;\">&lt;b&gt;</a>");
        assert_eq!(link.value(), Value::Text("<b>".to_owned()));
        assert_eq!(Cell::Hours(150).to_string(), "1.5");
        assert_eq!(Cell::Hours(150).value(), Value::Hundredths(150));
        assert_eq!(Cell::Empty.value(), Value::Empty);
        assert_eq!(Cell::Actions(vec![Action::link("改", "/e")]).value(), Value::Empty);
        assert_eq!(Cell::State(State::Done).value(), Value::Text("已完成".to_owned()));
    }

    #[test]
    fn a_share_never_leaves_its_bar() {
        assert!(
            Cell::Share { part: 30, whole: 20 }
                .to_string()
                .contains("width=\"100%\" height=\"4\" rx=\"2\"/></svg>")
        );
        assert!(Cell::Share { part: 3, whole: 0 }.to_string().contains("width=\"0%\""));
    }
}
