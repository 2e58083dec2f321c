//! taxonomy: the controlled vocabularies, the working-day calendar, and deadlines counted by it.
//!
//! Terms come from `data/reference` (embedded), each with its source and how sure we are of it; loading them again
//! changes nothing. A term that left the reference data is ended, never removed: old rows keep its name.
//! `calendar` holds the State Council's years, `deadlines` the periods that were counted with them.
//! Deliberately absent: editing terms on a page. A vocabulary of the policy changes with a release that names
//! its source.

pub mod calendar;
pub mod deadlines;
mod reference;
mod store;

pub(crate) use store::escaped;

use std::{collections::BTreeMap, sync::Arc};

use db::Tx;
use kernel::{Code, Result};
use rules::permits::Act;
pub use rules::taxonomy::{Vocabulary, deadline_sentence};

use crate::{Ctx, Listed, Orders, Window};

/// One term of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Which vocabulary.
    pub vocabulary: Vocabulary,
    /// The stable code, as stored in other tables.
    pub code: String,
    /// The official term.
    pub name: String,
    /// Code of the group or place above it.
    pub parent: Option<String>,
    /// Where it stands in its vocabulary, from 1.
    pub position: i64,
    /// What else the reference data says of it: a full name, a field.
    pub note: String,
    /// Where it is taken from.
    pub source: String,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// Whether it is no longer offered.
    pub ended: bool,
}

/// Loads the embedded reference data: terms, and the calendar of every year that has none yet. Idempotent.
///
/// # Errors
/// Storage failures, or reference data that cannot be read, which a test rules out.
pub async fn load_reference(ctx: &Ctx) -> Result<()> {
    let wanted = reference::terms()?;
    let mut tx = ctx.db.write().await?;
    let present: BTreeMap<(Vocabulary, String), Term> = store::terms(&mut tx, None)
        .await?
        .into_iter()
        .map(|term| ((term.vocabulary, term.code.clone()), term))
        .collect();
    let fresh: Vec<&Term> = wanted
        .iter()
        .filter(|term| present.get(&(term.vocabulary, term.code.clone())) != Some(term))
        .collect();
    let gone: Vec<&Term> = present
        .values()
        .filter(|term| {
            !term.ended
                && !wanted
                    .iter()
                    .any(|w| w.vocabulary == term.vocabulary && w.code == term.code)
        })
        .collect();
    store::save(&mut tx, &fresh).await?;
    store::end(&mut tx, &gone, ctx.now()).await?;
    calendar::fill(ctx, &mut tx).await?;
    tx.commit().await
}

/// The terms of a vocabulary that are offered now, in their order.
///
/// # Errors
/// Storage failures.
pub async fn terms(tx: &mut Tx, vocabulary: Vocabulary) -> Result<Vec<Term>> {
    let mut terms = store::terms(tx, Some(vocabulary)).await?;
    terms.retain(|term| !term.ended);
    Ok(terms)
}

/// What the page of terms asks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One vocabulary, or all.
    pub vocabulary: Option<Vocabulary>,
    /// A part of the name, or a code.
    pub words: Option<String>,
}

const ORDERS: Orders = Orders {
    columns: &[("position", "t.place"), ("name", "t.name"), ("code", "t.code")],
    key: "t.place",
};

/// Lists terms; they are public.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &Filter, window: &Window) -> Result<Listed<Term>> {
    // What is published is seen by everybody; the scope is asked all the same, so that the table decides.
    let scope = ctx.scope(Act::ViewTerms);
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &scope, filter, (window, &ORDERS)).await
}

/// Names of all terms, also of ended ones, for pages.
#[derive(Debug, Default)]
pub struct Names {
    by_code: BTreeMap<(Vocabulary, String), String>,
}

impl Names {
    /// The name of a code; the code itself when nobody knows it.
    #[must_use]
    pub fn of(&self, vocabulary: Vocabulary, code: &str) -> String {
        self.by_code
            .get(&(vocabulary, code.to_owned()))
            .cloned()
            .unwrap_or_else(|| code.to_owned())
    }

    /// The name of a code that may be absent; empty then.
    #[must_use]
    pub fn of_opt(&self, vocabulary: Vocabulary, code: Option<&str>) -> String {
        code.map_or_else(String::new, |code| self.of(vocabulary, code))
    }

    /// Whether the vocabulary has the code.
    #[must_use]
    pub fn has(&self, vocabulary: Vocabulary, code: &str) -> bool {
        self.by_code.contains_key(&(vocabulary, code.to_owned()))
    }

    /// The code whose name this is.
    #[must_use]
    pub fn code_of(&self, vocabulary: Vocabulary, name: &str) -> Option<String> {
        let of_it = self.by_code.iter().filter(|((listed, _), _)| *listed == vocabulary);
        of_it
            .into_iter()
            .find(|(_, known)| *known == name)
            .map(|((_, code), _)| code.clone())
    }

    /// Codes and names of a vocabulary, by code.
    pub fn all(&self, vocabulary: Vocabulary) -> impl Iterator<Item = (&str, &str)> {
        self.by_code
            .iter()
            .filter(move |((listed, _), _)| *listed == vocabulary)
            .map(|((_, code), name)| (code.as_str(), name.as_str()))
    }
}

/// The names of all terms, kept for the life of the process: terms change only when it starts.
///
/// # Errors
/// Storage failures.
pub async fn names(tx: &mut Tx) -> Result<Arc<Names>> {
    // Several databases may be open in one process (tests, a demo beside the real one), but all of them hold
    // the same embedded terms, so one cache serves them. An empty answer (before loading) is not kept.
    static KNOWN: std::sync::RwLock<Option<Arc<Names>>> = std::sync::RwLock::new(None);
    let known = KNOWN.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    if let Some(known) = known {
        return Ok(known);
    }
    let terms = store::terms(tx, None).await?;
    let by_code = terms
        .into_iter()
        .map(|term| ((term.vocabulary, term.code), term.name))
        .collect();
    let names = Arc::new(Names { by_code });
    if !names.by_code.is_empty() {
        *KNOWN.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Arc::clone(&names));
    }
    Ok(names)
}

/// Refuses a code that the vocabulary does not have; empty passes.
///
/// # Errors
/// The field error.
pub fn check(
    names: &Names,
    vocabulary: Vocabulary,
    field: &'static str,
    code: Option<&str>,
) -> Result<(), kernel::FieldError> {
    match code {
        Some(code) if !names.has(vocabulary, code) => Err(kernel::FieldError::new(
            field,
            "term.unknown",
            format!("请从列表中选择{}。", vocabulary.name()),
        )),
        _ => Ok(()),
    }
}

/// The vocabularies in the order of the page.
#[must_use]
pub fn vocabularies() -> &'static [Vocabulary] {
    Vocabulary::ALL
}
