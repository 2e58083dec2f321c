//! What is known: a list of facts, big figures, progress towards a target.

use askama::Template;

use super::rendered;
use crate::format;
use crate::html::Html;
use crate::labels::Tone;
use crate::page::Action;
use crate::table::Cell;

/// One line of a summary list.
#[derive(Clone, Debug)]
pub struct Fact {
    pub label: String,
    pub value: Html,
    /// Why it is so: the rule, the article, who decided.
    pub why: String,
    pub action: Option<Action>,
}

/// Facts about one thing, label and value.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/summary.html")]
pub struct Summary {
    pub title: String,
    pub facts: Vec<Fact>,
}

impl Summary {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// A fact; the value is any cell: `.fact("学时", Cell::Hours(7_200))`, `.fact("讲师", "王老师")`.
    #[must_use]
    pub fn fact(mut self, label: &str, value: impl Into<Cell>) -> Self {
        // No head of a column names the unit here.
        let value = match value.into() {
            Cell::Hours(hundredths) => Html::text(&format::hours_with_unit(hundredths)),
            Cell::Money(fen) => Html::text(&format::money(fen)),
            cell => Html::of(&cell),
        };
        self.facts.push(Fact {
            label: label.to_owned(),
            value,
            why: String::new(),
            action: None,
        });
        self
    }

    /// A fact made of a component.
    #[must_use]
    pub fn part(mut self, label: &str, value: Html) -> Self {
        self.facts.push(Fact {
            label: label.to_owned(),
            value,
            why: String::new(),
            action: None,
        });
        self
    }

    /// Says why the last fact is so.
    #[must_use]
    pub fn why(mut self, reason: &str) -> Self {
        if let Some(last) = self.facts.last_mut() {
            reason.clone_into(&mut last.why);
        }
        self
    }

    /// What can be done about the last fact: `修改`.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        if let Some(last) = self.facts.last_mut() {
            last.action = Some(action.quiet());
        }
        self
    }
}

/// One big figure.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    pub label: String,
    pub value: String,
    pub unit: String,
    pub note: String,
    pub tone: Tone,
    pub href: String,
}

impl Figure {
    pub fn new(label: &str, value: impl Into<String>, unit: &str) -> Self {
        Self {
            label: label.to_owned(),
            value: value.into(),
            unit: unit.to_owned(),
            ..Self::default()
        }
    }

    /// What it is measured by, or how it changed.
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        note.clone_into(&mut self.note);
        self
    }

    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    #[must_use]
    pub fn href(mut self, href: &str) -> Self {
        href.clone_into(&mut self.href);
        self
    }
}

/// Big figures side by side.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/figures.html")]
pub struct Figures {
    pub figures: Vec<Figure>,
}

impl Figures {
    pub fn new(figures: impl IntoIterator<Item = Figure>) -> Self {
        Self {
            figures: figures.into_iter().collect(),
        }
    }
}

/// White cards side by side, each with a title and a component.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/cards.html")]
pub struct Cards {
    pub cards: Vec<Card>,
}

/// One card.
#[derive(Clone, Debug, Default)]
pub struct Card {
    pub title: String,
    pub href: String,
    pub body: Html,
}

impl Cards {
    pub fn new() -> Self {
        Self::default()
    }

    /// A card; an empty address makes a title without link.
    #[must_use]
    pub fn card(mut self, title: &str, href: &str, body: Html) -> Self {
        self.cards.push(Card {
            title: title.to_owned(),
            href: href.to_owned(),
            body,
        });
        self
    }
}

/// How far something is: `72 / 90 学时`, a bar, and what is missing.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/progress.html")]
pub struct Progress {
    pub label: String,
    pub value: String,
    pub target: String,
    pub unit: String,
    /// 0–100, cut so that only a reached target is full.
    pub percent: i64,
    pub tone: Tone,
    /// `还差 18 学时`.
    pub rest: String,
    /// Smaller, for rows and cards.
    pub small: bool,
}

impl Progress {
    /// From counted things.
    pub fn count(label: &str, value: i64, target: i64, unit: &str) -> Self {
        Self::new(
            label,
            (value, target),
            (format::number(value), format::number(target)),
            unit,
        )
        .missing(format::number(target.saturating_sub(value)))
    }

    /// From hours in hundredths.
    pub fn hours(label: &str, value: i64, target: i64) -> Self {
        Self::new(
            label,
            (value, target),
            (format::hours(value), format::hours(target)),
            "学时",
        )
        .missing(format::hours(target.saturating_sub(value)))
    }

    fn new(label: &str, (value, target): (i64, i64), words: (String, String), unit: &str) -> Self {
        let percent = if target > 0 {
            i128::from(value.clamp(0, target)) * 100 / i128::from(target)
        } else {
            0
        };
        let percent = i64::try_from(percent).unwrap_or(0);
        let tone = if target > 0 && value >= target {
            Tone::Good
        } else {
            Tone::Active
        };
        Self {
            label: label.to_owned(),
            value: words.0,
            target: words.1,
            unit: unit.to_owned(),
            percent,
            tone,
            rest: String::new(),
            small: false,
        }
    }

    fn missing(mut self, rest: String) -> Self {
        self.rest = match self.tone {
            Tone::Good => "已达标".to_owned(),
            _ => format!("还差 {rest} {}", self.unit),
        };
        self
    }

    /// Other words than 还差 … for what remains.
    #[must_use]
    pub fn rest(mut self, words: &str) -> Self {
        words.clone_into(&mut self.rest);
        self
    }

    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }
}

rendered!(Summary, Figures, Cards, Progress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_reached_target_is_full() {
        let nearly = Progress::hours("本年度", 8_999, 9_000);
        assert_eq!((nearly.percent, nearly.rest.as_str()), (99, "还差 0.01 学时"));
        let reached = Progress::hours("本年度", 12_000, 9_000);
        assert_eq!((reached.percent, reached.rest.as_str()), (100, "已达标"));
        assert_eq!(Progress::count("人次", 5, 0, "人次").percent, 0);
    }

    #[test]
    fn facts_escape() {
        let html = Summary::new().fact("<讲师>", "王<b>").why("第\"8\"条").to_string();
        assert!(!html.contains("<b>") && !html.contains("<讲师>"), "{html}");
        assert!(
            Summary::new()
                .fact("学时", Cell::Hours(150))
                .to_string()
                .contains("1.5 学时")
        );
    }
}
