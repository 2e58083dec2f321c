//! Where a thing stands, and which things an actor may see.
//!
//! A scoped table carries the columns `person`, `org`, `provider`, `district`, `department` (those that apply) as they were when the
//! row was written ([`Place`]). `rules::permits` gives a [`Scope`] for an actor and an act; `db` turns
//! it into SQL in one place; every listing, count and export takes it as its first argument.

use crate::{id::OrgId, id::PersonId};

/// Where one row stands. An absent part matches no scope of that kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The professional whom the row is about.
    pub person: Option<PersonId>,
    /// The organisation that answers for the row: the employer of the person, or the organisation itself.
    pub org: Option<OrgId>,
    /// The provider that runs the class the row belongs to.
    pub provider: Option<OrgId>,
    /// The six-digit code of the district.
    pub district: Option<String>,
    /// The code of the industry department, as in `data/reference/departments.csv`.
    pub department: Option<String>,
}

/// Which rows an actor may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every row.
    All,
    /// No row.
    Nothing,
    /// Rows about one professional.
    Person(PersonId),
    /// Rows of one organisation, as employer or as itself.
    Org(OrgId),
    /// Rows of the classes of one provider.
    Provider(OrgId),
    /// Rows of one district.
    District(String),
    /// Rows of one industry department.
    Department(String),
}

impl Scope {
    /// Whether a row at `place` is in sight.
    #[must_use]
    pub fn holds(&self, place: &Place) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::Person(id) => place.person == Some(*id),
            Self::Org(id) => place.org == Some(*id),
            Self::Provider(id) => place.provider == Some(*id),
            Self::District(code) => place.district.as_ref() == Some(code),
            Self::Department(code) => place.department.as_ref() == Some(code),
        }
    }
}
