//! Every route is tried as nobody, as the wrong role, as the right role and by a forger, straight from the router's own
//! list, so that a route without a gate cannot come in unnoticed.

use kernel::{Code, Role};
use rules::permits;
use testkit::{Browser, both_engines};
use web::{Gate, RouteRow};

/// Accounts of the city by role; administrators where the role has them.
const ACCOUNTS: &[(Role, &str)] = &[
    (Role::Lead, "lead"),
    (Role::Department, "department-a"),
    (Role::District, "district-a"),
    (Role::Provider, "provider-a"),
    (Role::Employer, "employer-a"),
    (Role::Learner, "learner-a"),
    (Role::Expert, "expert"),
    (Role::Finance, "finance"),
    (Role::Auditor, "auditor"),
    (Role::Operator, "operator"),
];

fn path(row: &RouteRow) -> String {
    let parts = row
        .path
        .split('/')
        .map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn open(browser: &Browser, row: &RouteRow) -> testkit::Answer {
    match row.method {
        "GET" => browser.get(&path(row)).await,
        _ => browser.post(&path(row), &[]).await,
    }
}

fn public_too(gate: Gate) -> bool {
    match gate {
        Gate::Public => true,
        Gate::Act(act) => permits::reach(Role::Anonymous, act).is_some(),
        Gate::SignedIn | Gate::Token => false,
    }
}

both_engines!(every_route_is_closed_to_those_it_is_not_for, |world| async {
    let world = &world;
    let mut browsers = Vec::new();
    for (role, login) in ACCOUNTS {
        browsers.push((*role, world.sign_in(login).await));
    }
    let visitor = world.visitor();
    visitor.get("/login").await.is(200);
    // Signing out would end the session that the other routes need.
    let ends_the_session = ["/logout", "/session/role", "/account/sessions/others"];
    for row in server::routes().rows() {
        if ends_the_session.contains(&row.path) {
            continue;
        }
        let what = format!("{} {}", row.method, row.path);
        let answer = open(&visitor, row).await;
        if row.path.starts_with("/api/") {
            assert!(answer.status != 500, "{what}: {}", answer.outline());
            assert!(
                row.gate == Gate::Public || answer.status == 401,
                "{what} answers nobody with {}",
                answer.status
            );
            continue;
        }
        if public_too(row.gate) {
            assert!(
                !matches!(answer.status.as_u16(), 401 | 500..),
                "{what} answers the public with {}: {}",
                answer.status,
                answer.outline()
            );
        } else if row.method == "GET" {
            assert!(
                answer.status == 303 && answer.location.starts_with("/login"),
                "{what} answers nobody with {}",
                answer.status
            );
        } else {
            assert_eq!(answer.status, 401, "{what}");
        }
        if row.method == "POST" {
            let forged = browsers[0].1.post_forged(&path(row)).await;
            assert_eq!(forged.status, 403, "{what} takes a form without its token");
        }
        let Gate::Act(act) = row.gate else { continue };
        for (role, browser) in &browsers {
            let answer = open(browser, row).await;
            let status = answer.status.as_u16();
            if permits::reach(*role, act).is_none() {
                assert_eq!(status, 403, "{what} lets {} pass", role.code());
            } else {
                assert!(
                    !matches!(status, 401 | 405 | 500..),
                    "{what} answers {} with {status}: {}",
                    role.code(),
                    answer.outline()
                );
            }
        }
    }
});

#[test]
fn every_account_of_the_city_is_tried() {
    let granted = Role::ALL
        .iter()
        .filter(|role| !matches!(role, Role::System | Role::Anonymous));
    assert!(
        granted
            .into_iter()
            .all(|role| ACCOUNTS.iter().any(|(tried, _)| tried == role))
    );
}
