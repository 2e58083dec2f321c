//! Prepared figures against the ledger they were taken from, statistics and lists within the scope.

use chrono::TimeDelta;
use kernel::{EntryId, date};
use oversight::reports::{self, ComplianceFilter, Grouping, Progress, StatisticsQuery};
use registry::Window;
use rules::attendance::Mark;
use rules::courses::Outcome;
use rules::reports::Compliance;
use testkit::{World, both_engines};

use crate::courses::{mark_all_by, published_by, record_all_by};

/// A class on each side of the city, completed with the learner of that side; the figures are taken afterwards.
async fn completed_on_both_sides(world: &World) {
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
        world.at(date(2026, 3, 25), 12, 30);
        let ctx = world.acting(&provider);
        for session in learning::courses::view(&ctx, class).await.expect("the class").sessions {
            mark_all_by(world, &provider, session.id, Mark::Present).await;
        }
        record_all_by(world, &provider, class, Outcome::Passed).await;
        learning::courses::complete(&ctx, class).await.expect("completed");
        world.at(date(2026, 3, 5), 9, 10);
    }
    world.at(date(2026, 3, 25), 13, 0);
    refreshed(world).await;
}

/// Events are handled, and the run they asked for comes at the end of its minute.
async fn refreshed(world: &World) {
    world.run_jobs().await;
    world.clock.advance(TimeDelta::seconds(61));
    world.run_jobs().await;
}

/// 人次 and hours straight from the entries.
async fn sums(world: &World) -> (i64, i64) {
    let sql = "select cast(coalesce(sum(case when c.reverses is null then 1 else -1 end), 0) as bigint),
        cast(coalesce(sum(c.hours), 0) as bigint) from credits_entries c";
    world
        .db
        .read()
        .await
        .expect("a reader")
        .one(sql, &[])
        .await
        .expect("sums")
}

async fn progress(world: &World) -> Progress {
    reports::progress(&world.system()).await.expect("figures")
}

both_engines!(r15_the_figures_are_the_sums_of_the_ledger, |world| async {
    let world = &world;
    completed_on_both_sides(world).await;
    let taken = progress(world).await;
    assert_eq!((taken.activities, taken.hours), sums(world).await);
    assert_eq!((taken.activities, taken.people), (2, 2));
    assert_eq!(taken.months, [("2026-03".to_owned(), 2)]);
    assert_eq!(
        taken
            .districts
            .iter()
            .map(|d| (d.code.as_str(), d.activities))
            .collect::<Vec<_>>(),
        [("310104", 1), ("310115", 1)]
    );
    assert_eq!(
        taken
            .fields
            .iter()
            .map(|share| (share.code.as_str(), share.activities))
            .collect::<Vec<_>>(),
        [("ai", 2)]
    );
    let entry: EntryId = world
        .db
        .read()
        .await
        .expect("a reader")
        .one("select min(c.id) from credits_entries c", &[])
        .await
        .expect("an entry");
    learning::credits::reverse(&world.acting("lead"), entry, "登记有误，已核实")
        .await
        .expect("reversed");
    refreshed(world).await;
    let taken = progress(world).await;
    assert_eq!((taken.activities, taken.hours), sums(world).await);
    assert_eq!((taken.activities, taken.people, taken.inventory.reversals), (1, 1, 1));
});

both_engines!(r16_two_districts_see_disjoint_statistics, |world| async {
    let world = &world;
    completed_on_both_sides(world).await;
    let query = |by| StatisticsQuery {
        year: Some(2026),
        district: None,
        department: None,
        by,
    };
    let of = async |login: &str, by| {
        reports::statistics(&world.acting(login), &query(by))
            .await
            .expect("statistics")
    };
    let (a, b) = (
        of("district-a", Grouping::Employer).await,
        of("district-b", Grouping::Employer).await,
    );
    assert_eq!((a.lines.len(), b.lines.len()), (1, 1));
    assert_ne!(a.lines[0].key, b.lines[0].key);
    assert_eq!((a.total.activities, a.total.people), (1, Some(1)));
    let all = of("lead", Grouping::Level).await;
    assert_eq!(all.total.activities, a.total.activities + b.total.activities);
    assert_eq!(
        all.lines.iter().map(|line| line.activities).sum::<i64>(),
        all.total.activities
    );
    assert_eq!(
        of("employer-a", Grouping::Year).await.total.activities,
        0,
        "an employer has no statistics"
    );
    let other = StatisticsQuery {
        district: Some("310115".into()),
        ..query(Grouping::District)
    };
    assert!(
        reports::statistics(&world.acting("district-a"), &other)
            .await
            .expect("statistics")
            .lines
            .is_empty()
    );
});

both_engines!(every_grouping_has_a_page_and_a_file, |world| async {
    let world = &world;
    completed_on_both_sides(world).await;
    let lead = world.sign_in("lead").await;
    for by in <Grouping as kernel::Code>::ALL {
        let code = kernel::Code::code(*by);
        lead.get(&format!("/desk/statistics?by={code}&year=2026"))
            .await
            .is(200)
            .sees("2 人次")
            .sees("统计口径");
        let file = lead
            .get(&format!("/desk/statistics/export.xlsx?by={code}"))
            .await
            .is(200);
        assert_eq!(&file.bytes[..2], b"PK");
    }
});

both_engines!(
    r3_who_has_not_reached_the_year_is_listed_with_what_is_missing,
    |world| async {
        let world = &world;
        completed_on_both_sides(world).await;
        world.at(date(2026, 7, 1), 9, 0);
        let filter = |state| ComplianceFilter {
            year: 2026,
            state,
            ..ComplianceFilter::default()
        };
        let list = async |login: &str, state| {
            let window = Window {
                counted: true,
                ..Window::sorted("total", true, 50)
            };
            reports::compliance(&world.acting(login), &filter(state), &window)
                .await
                .expect("a list")
        };
        let all = list("employer-a", None).await;
        assert_eq!(all.total, Some(11));
        let best = &all.rows[0];
        assert_eq!(
            (best.person, best.total.to_string(), best.missing.in_all().to_string()),
            (world.city.person("learner-a"), "3.66".into(), "86.34".into())
        );
        assert!(all.rows.iter().all(|line| line.state == Compliance::AtRisk));
        assert_eq!(list("employer-a", Some(Compliance::AtRisk)).await.total, Some(11));
        assert_eq!(list("employer-a", Some(Compliance::Reached)).await.total, Some(0));
        assert_eq!(list("lead", None).await.total, Some(22));
        assert_eq!(
            list("provider-a", None).await.total,
            Some(0),
            "a provider lists nobody's year"
        );
        let standings = reports::employer_standings(&world.acting("employer-a"), 2026)
            .await
            .expect("standings");
        assert_eq!((standings.people, standings.reached, standings.behind), (11, 0, 11));
        let page = world
            .sign_in("district-a")
            .await
            .get("/desk/compliance?state=at_risk")
            .await
            .is(200);
        page.sees("陈*甲").misses("陈一甲").sees("86.34").misses("林*甲");
    }
);

both_engines!(
    a_page_narrowed_to_a_rare_state_looks_at_some_thousands_and_goes_on,
    |world| async move {
        crate::people::crowd(&world).await;
        let lead = world.acting("lead");
        let filter = ComplianceFilter {
            year: 2026,
            words: None,
            state: Some(Compliance::Reached),
            level: None,
            field: None,
            org: None,
            district: None,
            department: None,
        };
        // Nobody has an hour: the first page ends at its horizon, the second at the last of all.
        let page = reports::compliance(&lead, &filter, &Window::first(50))
            .await
            .expect("a page");
        assert!(page.rows.is_empty());
        let window = Window::first(50).from(page.next.expect("it goes on"));
        let page = reports::compliance(&lead, &filter, &window).await.expect("a page");
        assert!(page.rows.is_empty() && page.next.is_none());
        // Of a frequent state a page is full and goes on after its last row.
        let filter = ComplianceFilter {
            state: Some(Compliance::OnCourse),
            ..filter
        };
        let page = reports::compliance(&lead, &filter, &Window::first(50))
            .await
            .expect("a page");
        assert_eq!(page.rows.len(), 50);
        let last = page.rows.last().expect("a row").person.get();
        assert_eq!(page.next.expect("it goes on").id, last);
    }
);
