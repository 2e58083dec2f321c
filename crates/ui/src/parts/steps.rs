//! Where one is: steps of a transaction, tabs of a thing.

use askama::Template;

use super::rendered;

/// One step.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub title: String,
    /// Leads back to a step already done; empty otherwise.
    pub href: String,
}

/// The steps of a transaction and the current one, counted from 0.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/steps.html")]
pub struct Steps {
    pub steps: Vec<Step>,
    pub current: usize,
}

impl Steps {
    pub fn new(current: usize, titles: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let steps = titles
            .into_iter()
            .map(|title| Step {
                title: title.into(),
                href: String::new(),
            })
            .collect();
        Self { steps, current }
    }

    fn is_done(&self, index: &usize) -> bool {
        *index < self.current
    }

    fn is_now(&self, index: &usize) -> bool {
        *index == self.current
    }
}

/// One tab: a page of its own, so that it has an address.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub count: Option<u64>,
    pub current: bool,
}

/// Tabs of a thing.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/tabs.html")]
pub struct Tabs {
    pub label: String,
    pub tabs: Vec<Tab>,
}

impl Tabs {
    /// `label` names the tabs for screen readers: `班次`.
    pub fn new(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            tabs: Vec::new(),
        }
    }

    #[must_use]
    pub fn tab(mut self, label: &str, href: &str, current: bool) -> Self {
        self.tabs.push(Tab {
            label: label.to_owned(),
            href: href.to_owned(),
            count: None,
            current,
        });
        self
    }

    #[must_use]
    pub fn counted(mut self, label: &str, href: &str, current: bool, count: u64) -> Self {
        self.tabs.push(Tab {
            label: label.to_owned(),
            href: href.to_owned(),
            count: Some(count),
            current,
        });
        self
    }
}

rendered!(Steps, Tabs);
