//! Who may grant which role, to what extent: never more than one's own.
//!
//! One table, readable by a lawyer: the granting role, the granted role, whether only the administrator of the
//! body is appointed so (who then appoints the body's staff), and the bound. Ending a grant, and issuing a new
//! activation code to its holder, follow the same table: whoever may give may take.
//! Deliberately absent: professionals. They get their role by registration or by the roster (`people`), never as
//! staff; but their employer and their district may issue them a new code.

use kernel::{Actor, Error, Place, Result, Role};

use super::NewGrant;
use crate::permits::{self, Act};

/// Whether only administrators are appointed, or staff as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// Administrators and staff.
    Any,
    /// The administrator only.
    Administrator,
}

/// How far a granting role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The whole city.
    City,
    /// The granter's own industry department.
    OwnDepartment,
    /// The granter's own district.
    OwnDistrict,
    /// The granter's own organisation.
    OwnOrg,
    /// Only while the city has no administrator of the lead: an empty installation is started so.
    WhileNone,
}

/// Granting role, granted role, rank, bound.
pub const TABLE: &[(Role, Role, Rank, Bound)] = &[
    (Role::Lead, Role::Lead, Rank::Any, Bound::City),
    (Role::Lead, Role::Department, Rank::Any, Bound::City),
    (Role::Lead, Role::District, Rank::Any, Bound::City),
    (Role::Lead, Role::Expert, Rank::Any, Bound::City),
    (Role::Lead, Role::Finance, Rank::Any, Bound::City),
    (Role::Lead, Role::Auditor, Rank::Any, Bound::City),
    (Role::Lead, Role::Provider, Rank::Administrator, Bound::City),
    (Role::Lead, Role::Employer, Rank::Administrator, Bound::City),
    (Role::Department, Role::Department, Rank::Any, Bound::OwnDepartment),
    (Role::District, Role::District, Rank::Any, Bound::OwnDistrict),
    (Role::District, Role::Employer, Rank::Administrator, Bound::OwnDistrict),
    (Role::Provider, Role::Provider, Rank::Any, Bound::OwnOrg),
    (Role::Employer, Role::Employer, Rank::Any, Bound::OwnOrg),
    (Role::Operator, Role::Operator, Rank::Any, Bound::City),
    (Role::Operator, Role::Lead, Rank::Administrator, Bound::WhileNone),
    // The command line of the machine itself, where there is no account yet.
    (Role::System, Role::Operator, Rank::Any, Bound::City),
    (Role::System, Role::Lead, Rank::Administrator, Bound::WhileNone),
];

/// The roles that this actor may grant at all, for the choices of a form.
pub fn grantable(actor: &Actor) -> impl Iterator<Item = (Role, Rank)> {
    let role = actor.role;
    let appoints = permits::has(actor, Act::GrantRole);
    TABLE
        .iter()
        .filter(move |(granter, ..)| appoints && *granter == role)
        .map(|(_, granted, rank, _)| (*granted, *rank))
}

/// Whether the actor may grant this. `lead_admins` counts the living administrators of the lead.
///
/// # Errors
/// `Forbidden` with the reason; `Wrong` when the bounds do not fit the role.
pub fn may_grant(actor: &Actor, grant: &NewGrant, lead_admins: i64) -> Result<()> {
    grant.check_bounds()?;
    if !permits::has(actor, Act::GrantRole) {
        return Err(Error::Forbidden(permits::refusal(actor, Act::GrantRole)));
    }
    let Some((_, _, rank, bound)) = TABLE.iter().find(|(by, to, ..)| *by == actor.role && *to == grant.role) else {
        return Err(Error::Forbidden(format!(
            "{}不能授予“{}”角色。",
            actor.role.name(),
            grant.role.name()
        )));
    };
    if *rank == Rank::Administrator && !grant.admin {
        let sentence = format!(
            "{}只指定“{}”的管理员，其他工作人员由该管理员自行授权。",
            actor.role.name(),
            grant.role.name()
        );
        return Err(Error::Forbidden(sentence));
    }
    if !bound.holds(&actor.own, &grant.own, lead_admins) {
        return Err(Error::Forbidden(bound.refusal().into()));
    }
    Ok(())
}

/// Whether the actor may end this grant of another account; the same table as for granting.
///
/// # Errors
/// `Forbidden` with the reason.
pub fn may_end(actor: &Actor, grant: &NewGrant) -> Result<()> {
    if actor.role == Role::System {
        // Whoever commands the machine has the database: refusing here would only make them edit it by hand.
        return Ok(());
    }
    // Whoever started the installation may not unseat the lead: the bound of the first lead is for giving only.
    may_grant(actor, grant, 1)
}

/// Whether the actor may issue a new activation code to the holder of all these grants (the living ones), or end
/// the account: each of them must be in reach, for a code opens all of them.
///
/// # Errors
/// `Forbidden` with the reason.
pub fn may_reissue(actor: &Actor, held: &[NewGrant]) -> Result<()> {
    for grant in held {
        if grant.role == Role::Learner && actor.role != Role::System {
            permits::may(actor, Act::IssueActivation, &grant.own)
                .map_err(|_| Error::Forbidden("这个账号属于其他单位的人员，请由其所在单位或区办理。".into()))?;
        } else {
            may_end(actor, grant).map_err(|_| {
                Error::Forbidden(format!(
                    "这个账号还有“{}”角色，不在您的授权范围内，请联系授予该角色的单位办理。",
                    grant.role.name()
                ))
            })?;
        }
    }
    Ok(())
}

/// Refuses to end one's own last administrator grant: the body would be left without anybody who appoints.
///
/// # Errors
/// `grant.own_last_admin`.
pub fn keep_an_administrator(own: bool, admin: bool, other_admin_grants: i64) -> Result<()> {
    if own && admin && other_admin_grants == 0 {
        let sentence = "这是您自己唯一的管理员角色，不能自行终止。请先指定另一位管理员，由其办理。";
        return Err(Error::refused("grant.own_last_admin", sentence));
    }
    Ok(())
}

impl Bound {
    fn holds(self, own: &Place, granted: &Place, lead_admins: i64) -> bool {
        match self {
            Self::City => true,
            Self::OwnDepartment => own.department.is_some() && own.department == granted.department,
            Self::OwnDistrict => own.district.is_some() && own.district == granted.district,
            Self::OwnOrg => own.org.is_some() && own.org == granted.org,
            Self::WhileNone => lead_admins == 0,
        }
    }

    const fn refusal(self) -> &'static str {
        match self {
            Self::City => "不在您的授权范围内。",
            Self::OwnDepartment => "只能在本行业主管部门范围内授权。",
            Self::OwnDistrict => "只能在本区范围内授权。",
            Self::OwnOrg => "只能在本单位范围内授权。",
            Self::WhileNone => "市级牵头部门已有管理员，请由其授权。",
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Code, Id};

    use super::*;

    fn org(id: i64, district: &str) -> Place {
        Place {
            org: Some(Id::new(id)),
            district: Some(district.into()),
            ..Place::default()
        }
    }

    fn district(code: &str) -> Place {
        Place {
            district: Some(code.into()),
            ..Place::default()
        }
    }

    fn department(code: &str) -> Place {
        Place {
            department: Some(code.into()),
            ..Place::default()
        }
    }

    /// Bounds of each role, in two neighbouring places.
    fn place(role: Role, second: bool) -> Place {
        match (role, second) {
            (Role::Department, false) => department("jxw"),
            (Role::Department, true) => department("wjw"),
            (Role::District, false) => district("310104"),
            (Role::District, true) => district("310105"),
            (Role::Provider | Role::Employer, false) => org(1, "310104"),
            (Role::Provider | Role::Employer, true) => org(2, "310105"),
            (Role::Learner, _) => Place {
                person: Some(Id::new(1 + i64::from(second))),
                ..org(1 + i64::from(second), "310104")
            },
            _ => Place::default(),
        }
    }

    fn grant(role: Role, admin: bool, second: bool) -> NewGrant {
        NewGrant {
            role,
            admin,
            own: place(role, second),
            label: String::new(),
        }
    }

    fn actor(role: Role, admin: bool) -> Actor {
        Actor {
            role,
            admin,
            own: place(role, false),
            ..Actor::anonymous("test")
        }
    }

    fn granted_by(role: Role, lead_admins: i64) -> Vec<String> {
        let by = actor(role, true);
        let mut out = Vec::new();
        for to in Role::ALL {
            for (admin, second) in [(true, false), (true, true), (false, false), (false, true)] {
                if may_grant(&by, &grant(*to, admin, second), lead_admins).is_ok() {
                    let rank = if admin { "+" } else { "" };
                    out.push(format!("{}{rank}{}", to.code(), if second { "@2" } else { "@1" }));
                }
            }
        }
        out
    }

    #[test]
    fn each_role_grants_within_its_own_reach_and_no_further() {
        assert_eq!(granted_by(Role::Department, 0), ["department+@1", "department@1"]);
        assert_eq!(
            granted_by(Role::District, 0),
            ["district+@1", "district@1", "employer+@1"]
        );
        assert_eq!(granted_by(Role::Provider, 0), ["provider+@1", "provider@1"]);
        assert_eq!(granted_by(Role::Employer, 0), ["employer+@1", "employer@1"]);
        for nobody in [
            Role::Learner,
            Role::Expert,
            Role::Finance,
            Role::Auditor,
            Role::Anonymous,
        ] {
            assert!(granted_by(nobody, 0).is_empty(), "{nobody:?}");
        }
    }

    #[test]
    fn the_lead_appoints_everybody_but_the_staff_of_organisations_and_the_operator() {
        let all = granted_by(Role::Lead, 1);
        for role in ["lead", "department", "district", "expert", "finance", "auditor"] {
            assert!(all.contains(&format!("{role}@2")), "{role}");
        }
        assert!(all.contains(&"provider+@2".into()) && all.contains(&"employer+@2".into()));
        assert!(
            !all.contains(&"provider@1".into())
                && !all
                    .iter()
                    .any(|g| g.starts_with("operator") || g.starts_with("learner"))
        );
    }

    #[test]
    fn the_operator_and_the_machine_start_an_installation_and_no_more() {
        for starter in [Role::Operator, Role::System] {
            let empty = granted_by(starter, 0);
            assert!(
                empty.contains(&"lead+@1".into()) && empty.contains(&"operator@1".into()),
                "{starter:?}"
            );
            assert!(!empty.contains(&"lead@1".into()));
            assert!(
                granted_by(starter, 1).iter().all(|grant| grant.starts_with("operator")),
                "{starter:?}"
            );
        }
    }

    #[test]
    fn staff_without_administration_grant_nothing() {
        for role in Role::ALL.iter().filter(|role| **role != Role::System) {
            for to in Role::ALL {
                assert!(
                    may_grant(&actor(*role, false), &grant(*to, true, false), 0).is_err(),
                    "{role:?} {to:?}"
                );
            }
        }
    }

    #[test]
    fn whoever_may_not_give_may_not_take_and_nobody_unseats_the_lead_from_below() {
        assert!(may_end(&actor(Role::Operator, true), &grant(Role::Lead, true, false)).is_err());
        assert!(may_end(&actor(Role::Lead, true), &grant(Role::Lead, true, false)).is_ok());
        assert!(may_end(&actor(Role::District, true), &grant(Role::Employer, true, true)).is_err());
        assert!(may_end(&actor(Role::System, true), &grant(Role::Lead, true, false)).is_ok());
    }

    #[test]
    fn a_new_code_needs_every_role_of_the_account_in_reach() {
        let employer = actor(Role::Employer, true);
        let (own, auditor) = (grant(Role::Employer, false, false), grant(Role::Auditor, false, false));
        assert!(may_reissue(&employer, std::slice::from_ref(&own)).is_ok());
        assert!(may_reissue(&employer, &[own.clone(), grant(Role::Learner, false, false)]).is_ok());
        assert!(may_reissue(&employer, &[grant(Role::Learner, false, true)]).is_err());
        assert!(may_reissue(&employer, &[own, auditor]).is_err());
    }

    #[test]
    fn bounds_fit_their_role() {
        for role in Role::ALL {
            let granted = !matches!(role, Role::System | Role::Anonymous);
            assert_eq!(grant(*role, true, false).check_bounds().is_ok(), granted, "{role:?}");
        }
        let wide = NewGrant {
            own: org(1, "310104"),
            ..grant(Role::District, true, false)
        };
        assert!(
            wide.check_bounds().is_err(),
            "a district's grant carries no organisation"
        );
        let empty = NewGrant {
            own: Place::default(),
            ..grant(Role::Employer, true, false)
        };
        assert!(empty.check_bounds().is_err());
        let foreign = Place {
            provider: Some(Id::new(9)),
            ..org(1, "310104")
        };
        assert!(
            NewGrant {
                own: foreign,
                ..grant(Role::Provider, true, false)
            }
            .check_bounds()
            .is_err()
        );
    }

    #[test]
    fn nobody_ends_his_own_last_administration() {
        assert!(keep_an_administrator(true, true, 0).is_err());
        assert!(keep_an_administrator(true, true, 1).is_ok());
        assert!(keep_an_administrator(true, false, 0).is_ok());
        assert!(keep_an_administrator(false, true, 0).is_ok());
    }
}
