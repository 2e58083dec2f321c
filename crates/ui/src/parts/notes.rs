//! Things said beside the matter: alerts, badges, tags, details, receipts.

use askama::Template;

use super::rendered;
use crate::html::Html;
use crate::labels::Tone;
use crate::page::Action;

/// A sentence that must be seen.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/alert.html")]
pub struct Alert {
    pub tone: Tone,
    pub title: String,
    pub body: Html,
    pub actions: Vec<Action>,
}

impl Alert {
    pub fn new(tone: Tone, title: &str) -> Self {
        Self {
            tone,
            title: title.to_owned(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.body = self.body.and(&Html::paragraphs([text]));
        self
    }

    #[must_use]
    pub fn body(mut self, body: Html) -> Self {
        self.body = body;
        self
    }

    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }
}

/// Things to do, side by side.
#[derive(Clone, Debug, Default, Template)]
#[template(
    source = r#"<div class="actions">{% for action in actions %}{{ action }}{% endfor %}</div>"#,
    ext = "html"
)]
pub struct Actions {
    pub actions: Vec<Action>,
}

impl Actions {
    pub fn new(actions: impl IntoIterator<Item = Action>) -> Self {
        Self {
            actions: actions.into_iter().collect(),
        }
    }
}

/// A word in a coloured box, for kinds rather than states (states are `labels::State`).
#[derive(Clone, Debug, Default, Template)]
#[template(
    source = r#"<span class="badge badge-{{ tone.class() }}">{{ text }}</span>"#,
    ext = "html"
)]
pub struct Badge {
    pub tone: Tone,
    pub text: String,
}

impl Badge {
    pub fn new(tone: Tone, text: &str) -> Self {
        Self {
            tone,
            text: text.to_owned(),
        }
    }
}

/// Words that describe a thing: fields, areas, forms. Pairs of text and address; an empty address is no link.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/tags.html")]
pub struct Tags {
    pub tags: Vec<(String, String)>,
}

impl Tags {
    pub fn new(tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            tags: tags.into_iter().map(|tag| (tag.into(), String::new())).collect(),
        }
    }

    #[must_use]
    pub fn linked(mut self, text: &str, href: &str) -> Self {
        self.tags.push((text.to_owned(), href.to_owned()));
        self
    }
}

/// Something that opens when asked: the why of a number, a long text.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/details.html")]
pub struct Details {
    pub summary: String,
    pub body: Html,
    pub open: bool,
}

impl Details {
    pub fn new(summary: &str, body: Html) -> Self {
        Self {
            summary: summary.to_owned(),
            body,
            open: false,
        }
    }
}

/// 回执: what was done, under which number, and what happens next by when.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/receipt.html")]
pub struct Receipt {
    pub title: String,
    pub number_label: String,
    pub number: String,
    /// What happens next, in order.
    pub next: Vec<String>,
    pub actions: Vec<Action>,
}

impl Receipt {
    pub fn new(title: &str, number: &str) -> Self {
        Self {
            title: title.to_owned(),
            number_label: "受理编号".to_owned(),
            number: number.to_owned(),
            ..Self::default()
        }
    }

    /// What the number is called if not 受理编号.
    #[must_use]
    pub fn number_label(mut self, label: &str) -> Self {
        label.clone_into(&mut self.number_label);
        self
    }

    #[must_use]
    pub fn next(mut self, sentence: &str) -> Self {
        self.next.push(sentence.to_owned());
        self
    }

    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }
}

/// Part of a form that the server writes anew as the form changes: an estimate, for instance. Without JavaScript it stays
/// as it was when the page was made.
#[derive(Clone, Debug, Default, Template)]
#[template(
    source = r#"<div id="{{ id }}" aria-live="polite" hx-post="{{ address }}" hx-trigger="change from:closest form delay:300ms" hx-include="closest form" hx-swap="outerHTML" hx-sync="this:replace">{{ body }}</div>"#,
    ext = "html"
)]
pub struct Live {
    pub id: String,
    /// Where the form is posted; answers with this same part.
    pub address: String,
    pub body: Html,
}

impl Live {
    pub fn new(id: &str, address: &str, body: Html) -> Self {
        Self {
            id: id.to_owned(),
            address: address.to_owned(),
            body,
        }
    }
}

rendered!(Actions, Alert, Badge, Tags, Details, Receipt, Live);
