//! To whom a rule of an edition applies, and figures that differ by title level.

use kernel::Hours;
use serde::{Deserialize, Serialize};

use crate::people::TitleLevel;

/// What the editions look at in a person. Codes are those of the vocabularies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traits {
    /// 职称系列, `17` for accountants.
    pub series: Option<String>,
    /// 职称级别.
    pub level: Option<TitleLevel>,
    /// The focus field of the person.
    pub field: Option<String>,
    /// Conditions that somebody states by name and no record tells: 冶金专业, 硕士.
    pub named: Vec<String>,
}

/// To whom it applies; an empty list leaves that trait open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Only these series of titles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<String>,
    /// Only these levels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<TitleLevel>,
    /// Only these focus fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Only where each of these conditions is stated by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<String>,
}

impl Audience {
    /// Whether it applies to everybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        self.series.is_empty() && self.levels.is_empty() && self.fields.is_empty() && self.named.is_empty()
    }

    /// Whether it applies to a person with these traits.
    #[must_use]
    pub fn holds(&self, traits: &Traits) -> bool {
        let among = |list: &[String], value: Option<&String>| {
            list.is_empty() || value.is_some_and(|value| list.iter().any(|one| one == value))
        };
        among(&self.series, traits.series.as_ref())
            && among(&self.fields, traits.field.as_ref())
            && self.named.iter().all(|one| traits.named.contains(one))
            && (self.levels.is_empty() || traits.level.is_some_and(|level| self.levels.contains(&level)))
    }
}

/// A figure, and those that differ from it for some levels: 72 学时, 初级 40.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByLevel {
    /// For everybody else.
    pub otherwise: Hours,
    /// For these levels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelHours>,
}

/// The figure of one level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelHours {
    /// The level.
    pub level: TitleLevel,
    /// Its figure.
    pub hours: Hours,
}

impl ByLevel {
    /// The same for everybody.
    #[must_use]
    pub const fn all(hours: Hours) -> Self {
        Self {
            otherwise: hours,
            levels: Vec::new(),
        }
    }

    /// The figure for a level.
    #[must_use]
    pub fn of(&self, level: Option<TitleLevel>) -> Hours {
        self.levels
            .iter()
            .find(|one| Some(one.level) == level)
            .map_or(self.otherwise, |one| one.hours)
    }

    /// Every figure in it.
    pub fn figures(&self) -> impl Iterator<Item = Hours> {
        std::iter::once(self.otherwise).chain(self.levels.iter().map(|one| one.hours))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_holds_those_who_have_every_trait_it_names() {
        let accountants = Audience {
            series: vec!["17".into()],
            ..Audience::default()
        };
        let accountant = Traits {
            series: Some("17".into()),
            ..Traits::default()
        };
        assert!(accountants.holds(&accountant));
        assert!(!accountants.holds(&Traits::default()));
        assert!(Audience::default().holds(&accountant));
        let seniors = Audience {
            levels: vec![TitleLevel::Senior],
            ..accountants
        };
        assert!(!seniors.holds(&accountant));
        assert!(seniors.holds(&Traits {
            level: Some(TitleLevel::Senior),
            ..accountant
        }));
    }

    #[test]
    fn a_level_without_a_figure_of_its_own_has_the_common_one() {
        let figure = ByLevel {
            otherwise: Hours::whole(72),
            levels: vec![LevelHours {
                level: TitleLevel::Assistant,
                hours: Hours::whole(40),
            }],
        };
        assert_eq!(figure.of(Some(TitleLevel::Assistant)), Hours::whole(40));
        assert_eq!(figure.of(Some(TitleLevel::Senior)), Hours::whole(72));
        assert_eq!(figure.of(None), Hours::whole(72));
    }
}
