//! A role to be granted, and the bounds that each role needs.
//!
//! Every role is bound in one way: to a department, a district, an organisation, a person, or to nothing (the city).
//! Deliberately absent: who may grant it (`granting.rs`).

use kernel::{Error, Place, Result, Role};

/// A role to be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// The role.
    pub role: Role,
    /// Whether its holder administers the staff of the body.
    pub admin: bool,
    /// The bounds of the role; see [`NewGrant::check_bounds`].
    pub own: Place,
    /// What the bounds are called, for lists and for switching: `徐汇区`, the organisation's name; empty for the city.
    pub label: String,
}

impl NewGrant {
    /// Whether the bounds are those the role needs, neither fewer nor others.
    ///
    /// # Errors
    /// `Wrong` at the field that is missing; `Broken` when a part is set that the role does not have.
    pub fn check_bounds(&self) -> Result<()> {
        let own = &self.own;
        let body = own.org.is_some() && own.person.is_none() && own.provider.is_none_or(|p| Some(p) == own.org);
        let city = *own == Place::default();
        let (fits, field, sentence) = match self.role {
            Role::Department => {
                let only = Place {
                    department: own.department.clone(),
                    ..Place::default()
                };
                (
                    own.department.is_some() && *own == only,
                    "department",
                    "请选择行业主管部门。",
                )
            }
            Role::District => {
                let only = Place {
                    district: own.district.clone(),
                    ..Place::default()
                };
                (own.district.is_some() && *own == only, "district", "请选择所在区。")
            }
            Role::Provider | Role::Employer => (body, "org", "请选择机构。"),
            Role::Learner => (own.person.is_some(), "person", "请选择人员。"),
            // In the pool as themselves; an account for trying things out without a person sees nothing.
            Role::Expert => {
                let only = Place {
                    person: own.person,
                    ..Place::default()
                };
                (*own == only, "person", "专家只限定到本人。")
            }
            Role::Lead | Role::Finance | Role::Auditor | Role::Operator => (city, "role", "这个角色不限定范围。"),
            Role::System | Role::Anonymous => (false, "role", "这个角色不能授予账号。"),
        };
        if fits {
            Ok(())
        } else {
            Err(Error::wrong(field, "grant.bounds", sentence))
        }
    }
}
