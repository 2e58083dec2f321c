//! Who may do what: one table of role × act × reach, readable by a lawyer (`table.rs`).
//!
//! An act is what code does (`Act::MarkAttendance`); which role may is said only in the table. Three questions
//! are answered here: may this actor do this to a thing at this place ([`may`]); which rows may it list
//! ([`scope`]); does the role have the act at all ([`has`], for navigation and routes).
//! Out of sight is NotFound; in sight but not allowed is Forbidden with the reason.
//! Rules: R-18 (personal data is masked by default: unmasking is an act of its own).

mod act;
mod table;

use kernel::{Actor, Error, Place, Result, Role, Scope};

pub use act::Act;
pub use table::TABLE;

/// How far a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Things about the actor's own person.
    OwnPerson,
    /// Things of the actor's own organisation.
    OwnOrg,
    /// Classes of the actor's own organisation as a provider, and what belongs to them.
    OwnProvider,
    /// Things of the actor's own district.
    OwnDistrict,
    /// Things of the actor's own industry department.
    OwnDepartment,
    /// Everything.
    All,
}

impl Reach {
    /// The term printed in the matrix.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnPerson => "本人",
            Self::OwnOrg => "本单位",
            Self::OwnProvider => "本机构班次",
            Self::OwnDistrict => "本区",
            Self::OwnDepartment => "本行业",
            Self::All => "全部",
        }
    }

    fn scope(self, own: &Place) -> Scope {
        let scope = match self {
            Self::OwnPerson => own.person.map(Scope::Person),
            Self::OwnOrg => own.org.map(Scope::Org),
            Self::OwnProvider => own.provider.or(own.org).map(Scope::Provider),
            Self::OwnDistrict => own.district.clone().map(Scope::District),
            Self::OwnDepartment => own.department.clone().map(Scope::Department),
            Self::All => Some(Scope::All),
        };
        scope.unwrap_or(Scope::Nothing)
    }
}

/// The reach of an act for a role, if the role has it.
#[must_use]
pub fn reach(role: Role, act: Act) -> Option<Reach> {
    if role == Role::System {
        return Some(Reach::All);
    }
    let (_, roles) = TABLE.iter().find(|(listed, _)| *listed == act)?;
    roles
        .iter()
        .find(|(listed, _)| *listed == role)
        .map(|(_, reach)| *reach)
}

/// Whether the actor's role has the act at all; some acts are for an organisation's administrators only.
#[must_use]
pub fn has(actor: &Actor, act: Act) -> bool {
    reach(actor.role, act).is_some() && (actor.admin || actor.role == Role::System || !act.for_administrators())
}

/// Which rows the actor may list with this act.
#[must_use]
pub fn scope(actor: &Actor, act: Act) -> Scope {
    match reach(actor.role, act) {
        Some(reach) if has(actor, act) => reach.scope(&actor.own),
        _ => Scope::Nothing,
    }
}

/// Whether the actor may do this to a thing standing at `place`.
///
/// # Errors
/// [`Error::NotFound`] when the thing is out of the actor's sight, [`Error::Forbidden`] with the reason when it
/// is in sight but the act is not the actor's.
pub fn may(actor: &Actor, act: Act, place: &Place) -> Result<()> {
    if scope(actor, act).holds(place) {
        return Ok(());
    }
    let seen = act.seen_through();
    if seen != act && scope(actor, seen).holds(place) {
        return Err(Error::Forbidden(refusal(actor, act)));
    }
    Err(Error::NotFound)
}

/// Why an actor who can see the place may not do this there: who may.
#[must_use]
pub fn refusal(actor: &Actor, act: Act) -> String {
    if reach(actor.role, act).is_some() && act.for_administrators() && !actor.admin {
        return format!("“{}”由本单位管理员办理，您的账号不是管理员。", act.name());
    }
    let who: Vec<&str> = TABLE
        .iter()
        .filter(|(listed, _)| *listed == act)
        .flat_map(|(_, roles)| roles.iter().map(|(role, _)| role.name()))
        .collect();
    format!(
        "“{}”由{}在其范围内办理，您当前的角色是{}。",
        act.name(),
        who.join("、"),
        actor.role.name()
    )
}

/// The matrix as text, one line an act: printed to `docs/permissions.txt` by a test.
#[must_use]
pub fn print() -> String {
    let mut out =
        String::from("# Who may do what. Printed from crates/rules/src/permits/table.rs; a test keeps it true.\n");
    for (act, roles) in TABLE {
        let mark = if act.for_administrators() {
            "（限管理员）"
        } else {
            ""
        };
        let who: Vec<String> = roles
            .iter()
            .map(|(role, reach)| format!("{}[{}]", role.name(), reach.name()))
            .collect();
        out.push_str(&format!(
            "{:<24} {}{mark}: {}\n",
            kernel::Code::code(*act),
            act.name(),
            who.join("，")
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use kernel::{Code, Id};

    use super::*;

    fn employer(org: i64, admin: bool) -> Actor {
        let own = Place {
            org: Some(Id::new(org)),
            ..Place::default()
        };
        Actor {
            role: Role::Employer,
            own,
            admin,
            ..Actor::anonymous("test")
        }
    }

    #[test]
    fn every_act_stands_once_in_the_table() {
        for act in Act::ALL {
            assert_eq!(TABLE.iter().filter(|(listed, _)| listed == act).count(), 1, "{act:?}");
        }
    }

    #[test]
    fn no_granted_role_is_the_system_or_nobody_by_mistake() {
        for (act, roles) in TABLE {
            assert!(roles.iter().all(|(role, _)| *role != Role::System), "{act:?}");
            let reads = roles
                .iter()
                .filter(|(role, _)| *role == Role::Anonymous)
                .all(|(_, reach)| *reach == Reach::All);
            assert!(reads, "the public owns nothing: {act:?}");
        }
    }

    #[test]
    fn out_of_sight_does_not_exist_and_in_sight_is_explained() {
        let actor = employer(1, false);
        let mine = Place {
            org: Some(Id::new(1)),
            ..Place::default()
        };
        let neighbours = Place {
            org: Some(Id::new(2)),
            ..Place::default()
        };
        assert!(may(&actor, Act::ViewPerson, &mine).is_ok());
        assert!(matches!(
            may(&actor, Act::ViewPerson, &neighbours),
            Err(Error::NotFound)
        ));
        assert!(matches!(may(&actor, Act::MergePeople, &mine), Err(Error::Forbidden(_))));
        assert!(matches!(
            may(&actor, Act::MergePeople, &neighbours),
            Err(Error::NotFound)
        ));
    }

    #[test]
    fn staff_accounts_are_for_administrators() {
        let mine = Place {
            org: Some(Id::new(1)),
            ..Place::default()
        };
        assert!(may(&employer(1, true), Act::GrantRole, &mine).is_ok());
        assert!(may(&employer(1, false), Act::GrantRole, &mine).is_err());
    }
}
