//! Pieces of public pages: the opening of the home page, the catalogue, notices, the ways in, the verdict of a
//! verification.

use askama::Template;

use super::rendered;
use super::{Progress, Summary};
use crate::html::Html;
use crate::icon::Icon;
use crate::labels::{State, Tone};
use crate::page::Action;

/// The opening of the home page; stands in `{% block hero %}` of the portal frame and brings the page's `h1`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/hero.html")]
pub struct Hero {
    pub eyebrow: String,
    pub title: String,
    pub lead: String,
    pub actions: Vec<Action>,
    /// The programme's progress at the right.
    pub progress: Option<Progress>,
    /// How it is counted, under the figure.
    pub note: String,
}

impl Hero {
    pub fn new(title: &str, lead: &str) -> Self {
        Self {
            title: title.to_owned(),
            lead: lead.to_owned(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn eyebrow(mut self, words: &str) -> Self {
        words.clone_into(&mut self.eyebrow);
        self
    }

    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    #[must_use]
    pub fn progress(mut self, progress: Progress, note: &str) -> Self {
        self.progress = Some(progress);
        note.clone_into(&mut self.note);
        self
    }

    /// The title in its clauses, so that a line breaks at a comma before it breaks anywhere else.
    fn clauses(&self) -> Vec<&str> {
        self.title.split_inclusive('，').collect()
    }

    fn art(&self) -> String {
        crate::assets::asset("skyline.svg")
    }
}

/// One entry of a catalogue.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    pub title: String,
    pub href: String,
    pub state: Option<State>,
    /// Who offers it.
    pub by: String,
    pub text: String,
    /// When, where, how many hours, places left.
    pub facts: Vec<(Option<Icon>, String)>,
    pub tags: Vec<String>,
}

impl Entry {
    pub fn new(title: &str, href: &str) -> Self {
        Self {
            title: title.to_owned(),
            href: href.to_owned(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    #[must_use]
    pub fn by(mut self, name: &str) -> Self {
        name.clone_into(&mut self.by);
        self
    }

    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    #[must_use]
    pub fn fact(mut self, icon: Icon, words: &str) -> Self {
        self.facts.push((Some(icon), words.to_owned()));
        self
    }

    #[must_use]
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tags = tags.into_iter().map(Into::into).collect();
        self
    }
}

/// A catalogue: entries below each other, or side by side.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/entries.html")]
pub struct Entries {
    pub entries: Vec<Entry>,
    pub wide: bool,
}

impl Entries {
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            wide: false,
        }
    }

    /// Side by side where there is room.
    #[must_use]
    pub fn side_by_side(mut self) -> Self {
        self.wide = true;
        self
    }
}

/// One public notice.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    pub title: String,
    pub href: String,
    /// Already written out.
    pub date: String,
    /// 招生, 公示 …; empty for none.
    pub kind: String,
}

/// Public notices, newest first.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/notices.html")]
pub struct Notices {
    pub notices: Vec<Notice>,
}

/// A way into the platform: icon, title, one sentence.
#[derive(Clone, Debug)]
pub struct Way {
    pub icon: Icon,
    pub title: String,
    pub text: String,
    pub href: String,
}

/// The ways in, side by side.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/ways.html")]
pub struct Ways {
    pub ways: Vec<Way>,
}

impl Ways {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn way(mut self, icon: Icon, title: &str, text: &str, href: &str) -> Self {
        self.ways.push(Way {
            icon,
            title: title.to_owned(),
            text: text.to_owned(),
            href: href.to_owned(),
        });
        self
    }
}

/// The heading of a part of a page, with a link to all of it.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/section_head.html")]
pub struct SectionHead {
    pub title: String,
    pub link: Option<(String, String)>,
}

impl SectionHead {
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            link: None,
        }
    }

    #[must_use]
    pub fn more(mut self, label: &str, href: &str) -> Self {
        self.link = Some((label.to_owned(), href.to_owned()));
        self
    }
}

/// What a verification found: `State::Genuine`, `NotGenuine`, `CannotTell`, `Revoked` or `Superseded`.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/verdict.html")]
pub struct Verdict {
    pub state: State,
    /// What it means for the reader.
    pub text: String,
    pub facts: Summary,
    pub body: Html,
}

impl Verdict {
    pub fn new(state: State, text: &str) -> Self {
        Self {
            state,
            text: text.to_owned(),
            facts: Summary::new(),
            body: Html::default(),
        }
    }

    #[must_use]
    pub fn facts(mut self, facts: Summary) -> Self {
        self.facts = facts;
        self
    }

    /// What to know or do, below the facts.
    #[must_use]
    pub fn body(mut self, body: Html) -> Self {
        self.body = body;
        self
    }

    fn class(&self) -> &'static str {
        match self.state {
            // Whoever reads this must not accept the document.
            State::Revoked => Tone::Bad.class(),
            State::Superseded | State::Expired => Tone::Warn.class(),
            state => state.tone().class(),
        }
    }
}

rendered!(Hero, Entries, Notices, Ways, SectionHead, Verdict);
