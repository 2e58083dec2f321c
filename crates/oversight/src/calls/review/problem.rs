//! A round in the words of the solver: declarations, experts, fits, and what must hold.
//!
//! Conflicts are facts and suspicions vetoes, because only those may be lifted; whoever gave a review back is in a conflict
//! with it. What was sent stands: it is fixed. A pair that was chosen by hand and not sent is fixed too while the rest is
//! assigned, and may be exchanged by hand again.

use std::collections::BTreeMap;

use assign::{Declaration, Expert, Group, Load, Mix, Pair, Problem};
use kernel::{Error, ExpertId, Result};
use rules::calls::review::ReviewCode;
use rules::calls::review::fit::{Knowledge, Subject, fit};
use rules::experts::Background;

use super::lists::Whole;
use super::{Bar, Given, Item, ItemId, Seat};

/// The problem with what its numbers mean.
pub(super) struct Draft {
    pub(super) problem: Problem,
    items: Vec<ItemId>,
    /// The places of the items, by id.
    places: BTreeMap<ItemId, u32>,
    experts: Vec<ExpertId>,
    groups: Vec<Background>,
}

/// What suits whom.
pub(super) fn fit_of(item: &Item, seat: &Seat) -> i64 {
    let knowledge = Knowledge {
        fields: &seat.fields,
        specialty: &seat.specialty,
        level: seat.level,
    };
    let subject = Subject {
        field: item.field.as_deref(),
        title: &item.title,
    };
    fit(knowledge, subject)
}

/// Whether a review stands whatever else is assigned: it was told to its reviewer.
pub(super) fn is_sent(one: &Given) -> bool {
    matches!(
        one.review.code(),
        ReviewCode::Sent | ReviewCode::Accepted | ReviewCode::Signed
    )
}

fn flawed(flaw: assign::Flaw) -> Error {
    Error::broken(format!("the problem of a round: {flaw}"))
}

/// The problem in which what was sent is fixed.
pub(super) fn draft(whole: &Whole, bars: &[Bar]) -> Result<Draft> {
    build(whole, bars, is_sent).map_err(flawed)
}

/// The problem in which what was sent or chosen by hand is fixed.
pub(super) fn keeping_hands(whole: &Whole, bars: &[Bar]) -> Result<Draft> {
    let stands = |one: &Given| is_sent(one) || (one.by_hand && one.review.code() == ReviewCode::Drafted);
    build(whole, bars, stands).map_err(flawed)
}

fn build(whole: &Whole, bars: &[Bar], stands: impl Fn(&Given) -> bool) -> Result<Draft, assign::Flaw> {
    let settings = &whole.round.settings;
    let mut draft = Draft {
        problem: Problem::new(whole.round.seed),
        items: whole.items.iter().map(|item| item.id).collect(),
        places: whole.items.iter().map(|item| item.id).zip(0..).collect(),
        experts: whole.seats.iter().map(|seat| seat.expert).collect(),
        groups: settings.mix.iter().map(|rule| rule.background).collect(),
    };
    let groups: Vec<Group> = settings.mix.iter().map(|_| draft.problem.group()).collect();
    for seat in &whole.seats {
        let at = draft
            .groups
            .iter()
            .position(|background| *background == seat.background);
        draft
            .problem
            .expert(Load::up_to(seat.capacity), at.map(|at| groups[at]))?;
    }
    let rules = settings.mix.iter().zip(&groups);
    let mix: Vec<Mix> = rules
        .map(|(rule, group)| Mix {
            group: *group,
            min: rule.min,
            max: rule.max,
        })
        .collect();
    for item in &whole.items {
        let declaration = draft.problem.declaration(settings.reviews, &mix)?;
        for (seat, expert) in whole.seats.iter().zip((0..).map(Expert)) {
            draft.problem.fit(declaration, expert, fit_of(item, seat))?;
        }
    }
    for bar in bars.iter().filter(|bar| bar.lifted.is_none()) {
        let Some((declaration, expert)) = draft.pair(bar.item, bar.expert) else {
            continue;
        };
        if bar.ground.may_be_lifted() {
            draft.problem.veto(declaration, expert)?;
        } else {
            draft.problem.conflict(declaration, expert)?;
        }
    }
    for one in &whole.reviews {
        let Some((declaration, expert)) = draft.pair(one.item, one.expert) else {
            continue;
        };
        if one.review.code() == ReviewCode::Recused {
            draft.problem.conflict(declaration, expert)?;
        } else if stands(one) {
            draft.problem.fix(declaration, expert)?;
        }
    }
    Ok(draft)
}

impl Draft {
    /// The solver's words for a pair; none when one of the two does not take part.
    pub(super) fn pair(&self, item: ItemId, expert: ExpertId) -> Option<Pair> {
        let at = self.places.get(&item)?;
        let by = self.experts.binary_search(&expert).ok()?;
        Some((Declaration(*at), Expert(u32::try_from(by).ok()?)))
    }

    /// What the solver calls a declaration.
    pub(super) fn item(&self, declaration: Declaration) -> ItemId {
        self.items[declaration.0 as usize]
    }

    /// Whom the solver calls an expert.
    pub(super) fn expert(&self, expert: Expert) -> ExpertId {
        self.experts[expert.0 as usize]
    }

    /// What the solver calls a group.
    pub(super) fn group(&self, group: Group) -> Background {
        self.groups[group.0 as usize]
    }

    /// All pairs that stand or are drafted, those given back apart.
    pub(super) fn standing(&self, whole: &Whole) -> Vec<Pair> {
        let living = whole
            .reviews
            .iter()
            .filter(|one| one.review.code() != ReviewCode::Recused);
        let mut pairs: Vec<Pair> = living.filter_map(|one| self.pair(one.item, one.expert)).collect();
        pairs.sort_unstable();
        pairs
    }
}
