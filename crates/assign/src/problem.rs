//! What is to be assigned: declarations that need reviews, experts who may give them, how well they fit, and what must hold.
//!
//! Everything that must hold is one of: reviews per declaration (exactly), load per expert (at least, at most), field mix
//! (at least, at most of a group of experts per declaration; an expert belongs to one group or none), conflicts and vetoes
//! (never these two), fixed pairs (these two by hand), and that an expert reviews a declaration once.
//! A conflict is a fact and a veto a decision: both forbid the pair, but only a veto may be proposed for lifting.

use thiserror::Error;

/// A declaration by its place in the order of [`Problem::declaration`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Declaration(pub u32);

/// An expert by the place in the order of [`Problem::expert`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expert(pub u32);

/// A group of experts by its place in the order of [`Problem::group`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group(pub u32);

/// An expert reads a declaration.
pub type Pair = (Declaration, Expert);

/// How many reviews an expert gives, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    pub min: u32,
    pub max: u32,
}

impl Load {
    /// None at least, `max` at most.
    #[must_use]
    pub fn up_to(max: u32) -> Self {
        Self { min: 0, max }
    }
}

/// How many reviewers of a declaration come from a group, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    pub group: Group,
    pub min: u32,
    pub max: u32,
}

/// Input that says nothing that could be solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Flaw {
    #[error("there is no declaration {}", .0.0)]
    UnknownDeclaration(Declaration),
    #[error("there is no expert {}", .0.0)]
    UnknownExpert(Expert),
    #[error("there is no group {}", .0.0)]
    UnknownGroup(Group),
    #[error("a load has its least above its most ({} and {})", .0.min, .0.max)]
    LoadReversed(Load),
    #[error("a field mix has its least above its most ({} and {})", .0.min, .0.max)]
    MixReversed(Mix),
    #[error("a declaration bounds group {} twice", .0.0)]
    MixTwice(Group),
    #[error("declaration {} and expert {} have two fits", .0.0, .1.0)]
    FitTwice(Declaration, Expert),
    #[error("the fits are too far apart for this many reviews: sums of them would not fit into 64 bits")]
    TooWide,
}

/// An expert with what binds them.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) load: Load,
    pub(crate) group: Option<Group>,
}

/// A declaration with what binds it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) reviews: u32,
    pub(crate) mix: Vec<Mix>,
    pub(crate) fits: Vec<(Expert, i64)>,
    pub(crate) conflicts: Vec<Expert>,
    pub(crate) vetoes: Vec<Expert>,
    pub(crate) fixed: Vec<Expert>,
}

/// The whole input, with the seed that breaks ties.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(crate) seed: u64,
    pub(crate) groups: u32,
    pub(crate) members: Vec<Member>,
    pub(crate) rows: Vec<Row>,
}

impl Problem {
    /// Nothing to assign yet. Publish the seed: with it anybody comes to the same answer.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            groups: 0,
            members: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// One more group of experts.
    pub fn group(&mut self) -> Group {
        self.groups += 1;
        Group(self.groups - 1)
    }

    /// One more expert.
    ///
    /// # Errors
    /// A load that ends before it begins, an unknown group.
    pub fn expert(&mut self, load: Load, group: Option<Group>) -> Result<Expert, Flaw> {
        if load.min > load.max {
            return Err(Flaw::LoadReversed(load));
        }
        if let Some(group) = group.filter(|group| group.0 >= self.groups) {
            return Err(Flaw::UnknownGroup(group));
        }
        self.members.push(Member { load, group });
        Ok(Expert(place(self.members.len())))
    }

    /// One more declaration that needs exactly so many reviews, in this field mix.
    ///
    /// # Errors
    /// A bound that ends before it begins, an unknown group, a group bounded twice.
    pub fn declaration(&mut self, reviews: u32, mix: &[Mix]) -> Result<Declaration, Flaw> {
        for (at, each) in mix.iter().enumerate() {
            if each.group.0 >= self.groups {
                return Err(Flaw::UnknownGroup(each.group));
            }
            if each.min > each.max {
                return Err(Flaw::MixReversed(*each));
            }
            if mix[..at].iter().any(|earlier| earlier.group == each.group) {
                return Err(Flaw::MixTwice(each.group));
            }
        }
        self.rows.push(Row {
            reviews,
            mix: mix.to_vec(),
            ..Row::default()
        });
        Ok(Declaration(place(self.rows.len())))
    }

    /// The expert may review the declaration, and fits so well. A pair without a fit is assigned by hand or not at all.
    ///
    /// # Errors
    /// An unknown declaration or expert.
    pub fn fit(&mut self, declaration: Declaration, expert: Expert, fit: i64) -> Result<(), Flaw> {
        self.of(declaration, expert)?.fits.push((expert, fit));
        Ok(())
    }

    /// These two never: a fact that nobody lifts.
    ///
    /// # Errors
    /// An unknown declaration or expert.
    pub fn conflict(&mut self, declaration: Declaration, expert: Expert) -> Result<(), Flaw> {
        note(&mut self.of(declaration, expert)?.conflicts, expert);
        Ok(())
    }

    /// These two never: somebody decided so, and may decide otherwise.
    ///
    /// # Errors
    /// An unknown declaration or expert.
    pub fn veto(&mut self, declaration: Declaration, expert: Expert) -> Result<(), Flaw> {
        note(&mut self.of(declaration, expert)?.vetoes, expert);
        Ok(())
    }

    /// These two by hand, whatever their fit.
    ///
    /// # Errors
    /// An unknown declaration or expert.
    pub fn fix(&mut self, declaration: Declaration, expert: Expert) -> Result<(), Flaw> {
        note(&mut self.of(declaration, expert)?.fixed, expert);
        Ok(())
    }

    /// How many declarations there are.
    #[must_use]
    pub fn declarations(&self) -> usize {
        self.rows.len()
    }

    /// How many experts there are.
    #[must_use]
    pub fn experts(&self) -> usize {
        self.members.len()
    }

    /// The pairs fixed by hand.
    pub(crate) fn fixed(&self) -> Vec<Pair> {
        let of_row = |(declaration, row): (Declaration, &'_ Row)| -> Vec<Pair> {
            row.fixed.iter().map(|expert| (declaration, *expert)).collect()
        };
        self.numbered().flat_map(of_row).collect()
    }

    /// The declarations with their handles.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (Declaration, &Row)> {
        (0..).map(Declaration).zip(&self.rows)
    }

    fn of(&mut self, declaration: Declaration, expert: Expert) -> Result<&mut Row, Flaw> {
        if expert.0 as usize >= self.members.len() {
            return Err(Flaw::UnknownExpert(expert));
        }
        let row = self.rows.get_mut(declaration.0 as usize);
        row.ok_or(Flaw::UnknownDeclaration(declaration))
    }
}

impl Row {
    /// Which of the bounded groups the expert counts for.
    pub(crate) fn mix_of(&self, group: Option<Group>) -> Option<usize> {
        let group = group?;
        self.mix.iter().position(|mix| mix.group == group)
    }
}

fn place(len: usize) -> u32 {
    u32::try_from(len - 1).unwrap_or(u32::MAX)
}

fn note(list: &mut Vec<Expert>, expert: Expert) {
    if !list.contains(&expert) {
        list.push(expert);
    }
}
