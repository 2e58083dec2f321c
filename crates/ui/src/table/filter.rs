//! The filter bar of a list: a GET form whose answers stay in the address, and a chip for each that is set.

use crate::address::{Address, SORT};
use crate::form::Choice;

/// One question of the filter bar.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Key in the address.
    pub key: String,
    pub label: String,
    pub kind: FilterKind,
}

/// How it is answered.
#[derive(Clone, Debug)]
pub enum FilterKind {
    /// The search box; `hint` says by what one can find.
    Search {
        hint: String,
    },
    Select {
        choices: Vec<Choice>,
    },
    Date,
    Text,
}

impl Filter {
    fn new(key: &str, label: &str, kind: FilterKind) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            kind,
        }
    }

    /// The search box with the key `q`; `hint` names what can be found: `名称、编号`.
    pub fn search(hint: &str) -> Self {
        Self::new("q", "查找", FilterKind::Search { hint: hint.to_owned() })
    }

    pub fn select(key: &str, label: &str, choices: impl IntoIterator<Item = Choice>) -> Self {
        Self::new(
            key,
            label,
            FilterKind::Select {
                choices: choices.into_iter().collect(),
            },
        )
    }

    /// A day, ISO in the address.
    pub fn date(key: &str, label: &str) -> Self {
        Self::new(key, label, FilterKind::Date)
    }

    pub fn text(key: &str, label: &str) -> Self {
        Self::new(key, label, FilterKind::Text)
    }

    /// How the value of the address reads on a chip.
    fn reads(&self, value: &str) -> String {
        match &self.kind {
            FilterKind::Select { choices } => choices
                .iter()
                .find(|c| c.value == value)
                .map_or_else(|| value.to_owned(), |c| c.label.clone()),
            FilterKind::Date => value.parse().map_or_else(|_| value.to_owned(), crate::format::date),
            FilterKind::Search { .. } | FilterKind::Text => value.to_owned(),
        }
    }
}

/// A filter that is set, with the address without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub label: String,
    pub value: String,
    pub remove: String,
}

/// The chips of an address.
pub(super) fn chips(filters: &[Filter], address: &Address) -> Vec<Chip> {
    filters
        .iter()
        .filter_map(|filter| {
            let value = address.get(&filter.key)?;
            Some(Chip {
                label: filter.label.clone(),
                value: filter.reads(value),
                remove: address.without(&filter.key).first_page().to_string(),
            })
        })
        .collect()
}

/// What the filter form must carry along: the order and whatever no filter asks for (a tab, a scope).
pub(super) fn carried(filters: &[Filter], address: &Address) -> Vec<(String, String)> {
    address
        .first_page()
        .pairs()
        .iter()
        .filter(|(key, _)| key == SORT || !filters.iter().any(|filter| filter.key == *key))
        .cloned()
        .collect()
}
