//! The demo accounts: one a role, all with one password, which no other place of the platform knows.
//! Deliberately absent: accounts of other people; whoever wants one registers or is given a code.

use std::collections::BTreeMap;

use kernel::{Actor, Place, Result, Role, Time};
use registry::identity::{self, NewGrant, accounts};

use crate::demo::City;
use crate::demo::bodies::SINCE;

/// The password of all demo accounts.
pub const PASSWORD: &str = "zhixin-demo-2026";

/// The login names.
pub const LOGINS: [&str; 10] = [
    "demo-lead",
    "demo-department",
    "demo-district",
    "demo-provider",
    "demo-employer",
    "demo-learner",
    "demo-expert",
    "demo-finance",
    "demo-auditor",
    "demo-operator",
];

/// Opens them; returns who acts under each name.
pub(super) async fn open(city: &City<'_>) -> Result<BTreeMap<&'static str, Actor>> {
    // Before the transaction: nobody waits for a hash.
    let hash = identity::hash_password(PASSWORD).await?;
    let mut actors = BTreeMap::new();
    let mut tx = city.ctx.db.write().await?;
    for login in LOGINS {
        let (name, grant) = grant(city, login);
        let grants = std::slice::from_ref(&grant);
        let account = accounts::create_demo(&mut tx, Time::local(SINCE, 9, 0), login, &name, &hash, grants).await?;
        let actor = Actor {
            account: Some(account),
            role: grant.role,
            own: grant.own,
            admin: grant.admin,
            label: login.to_owned(),
            request: "demo".to_owned(),
        };
        actors.insert(login, actor);
    }
    tx.commit().await?;
    Ok(actors)
}

/// The name on the account and its role.
fn grant(city: &City<'_>, login: &str) -> (String, NewGrant) {
    let (provider, employer) = (&city.bodies.providers[0], &city.bodies.employers[0]);
    let learner = city.people.person(0);
    let department = employer.department.clone();
    let own = |role: Role| match role {
        Role::Department => Place {
            department: department.clone(),
            ..Place::default()
        },
        Role::District => Place {
            district: Some(employer.district_code().into()),
            ..Place::default()
        },
        Role::Provider => provider.place(),
        Role::Employer => employer.place(),
        Role::Learner => city.people.place_on(&learner, city.today),
        Role::Expert => Place {
            person: super::review::expert(city.people, city.bodies.employers.len())
                .map(|number| city.people.person(number).id),
            ..Place::default()
        },
        _ => Place::default(),
    };
    let names = &city.names;
    let (role, admin, label) = match login {
        "demo-lead" => (Role::Lead, true, String::new()),
        "demo-department" => {
            let name = names.of_opt(registry::taxonomy::Vocabulary::Department, department.as_deref());
            (Role::Department, true, name)
        }
        "demo-district" => {
            let name = names.of(registry::taxonomy::Vocabulary::District, employer.district_code());
            (Role::District, true, name)
        }
        "demo-provider" => (Role::Provider, true, provider.name.clone()),
        "demo-employer" => (Role::Employer, true, employer.name.clone()),
        "demo-learner" => (Role::Learner, false, employer.name.clone()),
        "demo-expert" => (Role::Expert, false, String::new()),
        "demo-finance" => (Role::Finance, false, String::new()),
        "demo-auditor" => (Role::Auditor, false, String::new()),
        _ => (Role::Operator, true, String::new()),
    };
    let name = match role {
        Role::Learner => learner.name.clone(),
        _ => format!("演示账号·{}", role.name()),
    };
    (
        name,
        NewGrant {
            role,
            admin,
            own: own(role),
            label,
        },
    )
}
