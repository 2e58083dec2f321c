//! A problem after changes: what a list of reliefs would make of it, to be solved again before anybody decides.

use crate::answer::Relief;
use crate::network::index;
use crate::problem::{Declaration, Expert, Group, Load, Member, Problem};

impl Problem {
    /// The same problem with the changes made. Additional experts come last, read just the reviews named, and fit nothing
    /// better than the worst pair there is. Changes that name what does not exist change nothing.
    #[must_use]
    pub fn relieved(&self, reliefs: &[Relief]) -> Self {
        let mut changed = self.clone();
        for relief in reliefs {
            changed.relieve(relief);
        }
        changed
    }

    fn relieve(&mut self, relief: &Relief) {
        match relief {
            Relief::MoreLoad { expert, by } => {
                if let Some(member) = self.members.get_mut(expert.0 as usize) {
                    member.load.max += by;
                }
            }
            Relief::LessLeastLoad { expert, by } => {
                if let Some(member) = self.members.get_mut(expert.0 as usize) {
                    member.load.min = member.load.min.saturating_sub(*by);
                }
            }
            Relief::HigherMix { declaration, group, by } => {
                if let Some(row) = self.rows.get_mut(declaration.0 as usize) {
                    let of_group = row.mix.iter_mut().filter(|mix| mix.group == *group);
                    of_group.for_each(|mix| mix.max += by);
                }
            }
            Relief::LowerMix { declaration, group, by } => {
                if let Some(row) = self.rows.get_mut(declaration.0 as usize) {
                    let of_group = row.mix.iter_mut().filter(|mix| mix.group == *group);
                    of_group.for_each(|mix| mix.min = mix.min.saturating_sub(*by));
                }
            }
            Relief::LiftVeto { declaration, expert } => {
                if let Some(row) = self.rows.get_mut(declaration.0 as usize) {
                    row.vetoes.retain(|vetoed| vetoed != expert);
                }
            }
            Relief::NewExperts { group, reviews } => self.hire(*group, reviews),
        }
    }

    fn hire(&mut self, group: Option<Group>, reviews: &[(Declaration, u32)]) {
        let fits = self.rows.iter().flat_map(|row| &row.fits).map(|(_, fit)| *fit);
        let worst = fits.min().unwrap_or(0);
        for number in 0..reviews.iter().map(|(_, by)| *by).max().unwrap_or(0) {
            let expert = Expert(index(self.members.len()));
            let own = reviews.iter().filter(|(_, by)| *by > number);
            let load = Load::up_to(index(own.clone().count()));
            self.members.push(Member { load, group });
            for (declaration, _) in own {
                if let Some(row) = self.rows.get_mut(declaration.0 as usize) {
                    row.fits.push((expert, worst));
                }
            }
        }
    }
}
