//! Two neighbours of the same role, each page of theirs: what one lists, the other does not. Straight from the router's
//! own list of list pages, so that a new list cannot come in without its scope.

use std::collections::BTreeSet;

use kernel::{Role, date};
use learning::courses::reporting::{self, ReportKind, late};
use rules::attendance::Mark;
use rules::courses::Outcome;
use rules::permits::{self, Reach};
use testkit::{Browser, World, both_engines};
use web::Gate;

use crate::courses::published_by;

const NEIGHBOURS: &[(Role, &str, &str)] = &[
    (Role::Department, "department-a", "department-b"),
    (Role::District, "district-a", "district-b"),
    (Role::Provider, "provider-a", "provider-b"),
    (Role::Employer, "employer-a", "employer-b"),
    (Role::Learner, "learner-a", "learner-b"),
];

/// Pages of sums: two neighbours may well have as many people of a level each, so equal rows prove nothing. Whose sums
/// they are is tested where the page is (`reminders.rs`).
const SUMS: &[&str] = &["/desk/standings"];

/// The body rows of the page's tables, in words and with their links.
fn rows(page: &str) -> BTreeSet<String> {
    let bodies = page
        .split("<tbody")
        .skip(1)
        .filter_map(|rest| rest.split("</tbody>").next());
    bodies
        .flat_map(|body| body.split("<tr").skip(1).map(str::to_owned))
        .collect()
}

async fn listed(browser: &Browser, path: &str) -> BTreeSet<String> {
    rows(&browser.get(path).await.is(200).text())
}

/// On both sides of the city: a class, its own learner in it, held and completed.
async fn lively(world: &World) {
    for side in ["a", "b"] {
        let provider = format!("provider-{side}");
        let class = published_by(
            world,
            &provider,
            (&format!("班次 {side}"), &[date(2026, 3, 25)]),
            |_| {},
        )
        .await;
        let learner = world.acting(&format!("learner-{side}"));
        learning::courses::enrol_self(&learner, class).await.expect("enrolled");
        check_title(world, &learner).await;
    }
    crate::calls::on_both_sides(world).await;
    world.at(date(2026, 3, 25), 12, 30);
    for side in ["a", "b"] {
        finish(world, &format!("provider-{side}")).await;
    }
    world.run_jobs().await;
    for side in ["a", "b"] {
        crate::claims::one_of(world, side).await;
        contest(world, &format!("learner-{side}")).await;
        listen(world, &format!("employer-{side}")).await;
        listen(world, &format!("provider-{side}")).await;
        let person = world.city.people_of(&format!("employer-{side}"))[1];
        let profile = crate::experts::profile(registry::experts::Background::Practice, &["ai"], 5);
        crate::experts::joined(world, "lead", person, profile).await;
        for body in ["district", "department"] {
            crate::reviews::one_of(world, &format!("{body}-{side}"), side).await;
        }
    }
    world.at(date(2026, 6, 1), 9, 0);
    for side in ["a", "b"] {
        report(world, &format!("provider-{side}")).await;
    }
    world.run_jobs().await;
}

/// A system of this body wants to be told.
async fn listen(world: &World, login: &str) {
    let browser = world.sign_in(login).await;
    let address = format!("http://127.0.0.1:9/{login}");
    let fields = [
        ("label", "接收系统"),
        ("address", address.as_str()),
        ("kinds", "year.closed"),
    ];
    browser.post("/desk/webhooks/new", &fields).await.is(200);
}

/// A dispute about the only entry of a learner.
async fn contest(world: &World, login: &str) {
    use learning::credits::{self, disputes};
    let ctx = world.acting(login);
    let filter = credits::EntryFilter::default();
    let entries = credits::list(&ctx, &filter, &registry::Window::first(1))
        .await
        .expect("entries");
    let entry = entries.rows.first().expect("one entry").id;
    disputes::contest_entry(&ctx, entry, disputes::About::Foreign, "没有参加过这项活动", vec![])
        .await
        .expect("a case");
}

/// A learner has its hours checked for a title.
async fn check_title(world: &World, learner: &registry::Ctx) {
    use rules::credits::title_check::{Purpose, Target};
    let target = Target {
        series: "05".into(),
        level: rules::people::TitleLevel::Associate,
        specialty: None,
        on: date(2026, 5, 20),
    };
    let asked = oversight::credentials::title_checks::Asked {
        target,
        purpose: Purpose::Own,
    };
    let person = learner.actor.person().expect("a learner");
    oversight::credentials::title_checks::check(learner, &world.app.press, person, &asked)
        .await
        .expect("an answer");
}

/// A late report is asked for, granted by the lead, and handed in.
async fn report(world: &World, provider: &str) {
    let ctx = world.acting(provider);
    let class = first_class(world, provider).await;
    let asked = late::request(&ctx, class, "结果收得迟，请准予补报一次。").await;
    let asked = asked.expect("it is late");
    late::grant(&world.acting("lead"), asked, date(2026, 6, 5), "情况属实")
        .await
        .expect("granted");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "姓名,身份证件号码,结果\n张三,11010519491231002X,合格\n").expect("written");
    reporting::start(&ctx, (ReportKind::Completions, class), "结果.csv", file.path())
        .await
        .expect("started");
}

async fn first_class(world: &World, provider: &str) -> kernel::ClassId {
    let listed = learning::courses::classes(
        &world.acting(provider),
        &learning::courses::ClassFilter::default(),
        &registry::Window::first(5),
    )
    .await
    .expect("classes");
    listed.rows.first().expect("one class").id
}

async fn finish(world: &World, provider: &str) {
    let ctx = world.acting(provider);
    let class = first_class(world, provider).await;
    let view = learning::courses::view(&ctx, class).await.expect("the class");
    for session in &view.sessions {
        crate::courses::mark_all_by(world, provider, session.id, Mark::Present).await;
    }
    crate::courses::record_all_by(world, provider, class, Outcome::Passed).await;
    learning::courses::complete(&ctx, class).await.expect("completed");
}

both_engines!(neighbours_see_disjoint_rows, |world| async {
    let world = &world;
    lively(world).await;
    let routes = server::routes();
    let lists: BTreeSet<&str> = routes
        .rows()
        .iter()
        .filter_map(|row| row.path.strip_suffix("/export.xlsx"))
        .filter(|path| !path.contains('{'))
        .collect();
    let mut seen = 0;
    for (role, one, other) in NEIGHBOURS {
        let (one, other) = (world.sign_in(one).await, world.sign_in(other).await);
        for row in routes
            .rows()
            .iter()
            .filter(|row| row.method == "GET" && lists.contains(row.path) && !SUMS.contains(&row.path))
        {
            let Gate::Act(act) = row.gate else { continue };
            if !permits::reach(*role, act).is_some_and(|reach| reach != Reach::All) {
                continue;
            }
            let (left, right) = (listed(&one, row.path).await, listed(&other, row.path).await);
            let shared: Vec<&String> = left.intersection(&right).collect();
            assert!(
                shared.is_empty(),
                "{role:?} and its neighbour both see on {}: {shared:?}",
                row.path
            );
            seen += left.len() + right.len();
        }
    }
    assert!(seen > 40, "the pages must not be empty: {seen} rows");
});
