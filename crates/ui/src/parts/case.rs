//! The timeline of a case: who acted, what is next, who must act, by when.

use askama::Template;

use super::rendered;
use crate::html::Html;
use crate::labels::State;

/// One thing that happened or will.
#[derive(Clone, Debug, Default)]
pub struct TimelineEvent {
    pub state: Option<State>,
    pub title: String,
    /// Already written out: `2026年3月5日 09:05`, or a deadline `2026年3月19日前（10 个工作日）`.
    pub when: String,
    /// Who acted or must act.
    pub who: String,
    pub note: Html,
    /// Has not happened yet.
    pub ahead: bool,
}

impl TimelineEvent {
    pub fn done(title: &str, when: &str, who: &str) -> Self {
        Self {
            title: title.to_owned(),
            when: when.to_owned(),
            who: who.to_owned(),
            ..Self::default()
        }
    }

    /// What is next.
    pub fn next(title: &str, by: &str, who: &str) -> Self {
        Self {
            ahead: true,
            ..Self::done(title, by, who)
        }
    }

    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    #[must_use]
    pub fn note(mut self, text: &str) -> Self {
        self.note = Html::paragraphs([text]);
        self
    }
}

/// Events, oldest first.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/timeline.html")]
pub struct Timeline {
    pub events: Vec<TimelineEvent>,
}

impl Timeline {
    pub fn new(events: impl IntoIterator<Item = TimelineEvent>) -> Self {
        Self {
            events: events.into_iter().collect(),
        }
    }
}

rendered!(Timeline);
