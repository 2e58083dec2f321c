//! Which body decides a dispute, and who of it may.
//!
//! where the contested hour comes from a provider that belongs to an industry department, that department decides:
//! it supervises the provider, and the provider's record is the point at issue. Otherwise the district of the person's
//! employer decides, which is nearest to both. Where there is neither, the lead does. An appeal always goes to the lead.
//! Deliberately absent: choosing a person; whoever of the body takes the case first decides it.

use kernel::{Error, OrgId, Place, Result, Role};

kernel::codes! {
    /// 决定部门.
    pub enum Body {
        /// The district of the person's employer.
        District = "district" "区人社部门",
        /// The industry department that the provider belongs to.
        Department = "department" "行业主管部门",
        /// The municipal lead.
        Lead = "lead" "市级牵头部门",
    }
}

impl Body {
    /// The role whose staff act for it.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::District => Role::District,
            Self::Department => Role::Department,
            Self::Lead => Role::Lead,
        }
    }

    /// Where its task is addressed.
    #[must_use]
    pub fn desk(self, case: &Place) -> Place {
        match self {
            Self::District => Place {
                district: case.district.clone(),
                ..Place::default()
            },
            Self::Department => Place {
                department: case.department.clone(),
                ..Place::default()
            },
            Self::Lead => Place::default(),
        }
    }
}

/// Where a case stands and which body decides it: of `person`'s place, and the provider with its department.
#[must_use]
pub fn placed(person: &Place, provider: Option<(OrgId, Option<String>)>) -> (Place, Body) {
    let (provider, supervised) = provider.map_or((None, None), |(id, department)| (Some(id), department));
    let body = if supervised.is_some() {
        Body::Department
    } else if person.district.is_some() {
        Body::District
    } else {
        Body::Lead
    };
    let place = Place {
        provider,
        department: supervised.or_else(|| person.department.clone()),
        ..person.clone()
    };
    (place, body)
}

/// Whether this person may decide: acts for the body, and has no hand in the case. `hands` are the accounts
/// that opened, answered or decided it, and the one that posted the entry.
///
/// # Errors
/// `dispute.other_body`, `dispute.own_hand`.
pub fn impartial(body: Body, role: Role, label: &str, hands: &[String]) -> Result<()> {
    if role != body.role() {
        let sentence = format!(
            "这件异议由{}决定，您当前的角色是{}，可以查看进展。",
            body.name(),
            role.name()
        );
        return Err(Error::refused_by("R-50", "dispute.other_body", sentence));
    }
    if hands.iter().any(|hand| hand == label) {
        return Err(Error::refused_by(
            "R-52",
            "dispute.own_hand",
            "您参与过这笔学时或这件异议的办理（提出、入账、答复或作出原决定），须由其他工作人员决定。",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn person() -> Place {
        Place {
            person: Some(Id::new(1)),
            org: Some(Id::new(2)),
            provider: None,
            district: Some("310104".into()),
            department: Some("jxw".into()),
        }
    }

    #[test]
    fn r50_the_department_of_the_provider_then_the_district_then_the_lead() {
        let (place, body) = placed(&person(), Some((Id::new(5), Some("wjw".into()))));
        assert_eq!(
            (body, place.department.as_deref(), place.provider),
            (Body::Department, Some("wjw"), Some(Id::new(5)))
        );
        assert_eq!(
            body.desk(&place),
            Place {
                department: Some("wjw".into()),
                ..Place::default()
            }
        );
        let (place, body) = placed(&person(), Some((Id::new(5), None)));
        assert_eq!(
            (body, place.department.as_deref(), place.provider),
            (Body::District, Some("jxw"), Some(Id::new(5)))
        );
        assert_eq!(placed(&person(), None).1, Body::District);
        let nowhere = Place {
            district: None,
            ..person()
        };
        assert_eq!(placed(&nowhere, None).1, Body::Lead);
        assert_eq!(Body::Lead.desk(&nowhere), Place::default());
    }

    #[test]
    fn r52_who_opened_posted_answered_or_decided_never_decides() {
        let hands = ["provider-a".to_owned(), "learner-a".to_owned()];
        assert!(impartial(Body::District, Role::District, "district-a", &hands).is_ok());
        let code = |result: Result<()>| match result {
            Err(Error::Refused { code, .. }) => code,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            code(impartial(Body::District, Role::District, "learner-a", &hands)),
            "dispute.own_hand"
        );
        for role in [Role::Lead, Role::Department, Role::Provider] {
            assert_eq!(code(impartial(Body::District, role, "x", &[])), "dispute.other_body");
        }
    }
}
