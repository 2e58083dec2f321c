//! Reports into a year that was closed: refused row by row in the dry run, before anything is written.

use kernel::{Error, date};
use learning::courses as classes;
use learning::courses::reporting::{ReportState, filed};
use learning::courses::{ReportLine, Reported};
use rules::courses::Outcome;
use rules::courses::reporting::{Filing, read_sessions};
use testkit::{World, both_engines};

use super::{confirm, counts, entries, filing, report, results, upload, who};
use crate::courses::{course, published};

/// A class of the last days of 2025.
fn of_2025(own: &str) -> Filing {
    Filing {
        starts_on: date(2025, 12, 29),
        ends_on: date(2025, 12, 30),
        sessions: read_sessions("2025-12-29 09:00-12:00\n2025-12-30 09:00-12:00").expect("sessions"),
        ..filing(own)
    }
}

/// The lead closes 2025 with a late window until 6 January; the clock stands after it.
async fn closed(world: &World) {
    let lead = world.sign_in("lead").await;
    let fields = [("version", "1"), ("late_until", "2026-01-06")];
    lead.post("/desk/years/2025/close", &fields).await.is(303);
    world.at(date(2026, 1, 7), 9, 0);
}

both_engines!(
    r61_a_report_into_a_closed_year_is_refused_row_by_row_in_the_dry_run,
    |world| async {
        let world = &world;
        world.at(date(2026, 1, 5), 9, 0);
        let ours = course(world, "provider-a").await;
        let class = filed::file(&world.acting("provider-a"), ours, &of_2025("JD-1")).await;
        let class = class.expect("2025 is open").class;
        closed(world).await;
        let provider = world.sign_in("provider-a").await;
        let (one, two) = (who(world, 0).await, who(world, 1).await);
        let rows = [(&one, "合格,88,,"), (&two, "未参加,,,")];
        let page = upload(world, &provider, ("completions", class), &results(&rows)).await;
        assert_eq!(counts(world, &page).await, (1, 0, 1, 0));
        provider
            .get(&page)
            .await
            .sees("第 2 行 2025 年度已于")
            .sees("补录也已于");
        confirm(world, &provider, &page).await;
        assert_eq!(
            (report(world, &page).await.state, entries(world).await),
            (ReportState::Done, 0)
        );
        let late = filed::file(&world.acting("provider-a"), ours, &of_2025("JD-2")).await;
        let Err(Error::Wrong(faults)) = late else {
            panic!("a class whose hours cannot be posted is not filed")
        };
        assert_eq!(
            (faults[0].field.as_ref(), faults[0].code),
            ("ends_on", "credits.year_closed")
        );
    }
);

both_engines!(
    r61_a_system_is_told_which_results_a_closed_year_does_not_take,
    |world| async {
        let world = &world;
        world.at(date(2025, 12, 1), 9, 0);
        let class = published(world, "数据治理", &[date(2025, 12, 30)], |plan| {
            plan.year = 2025;
            plan.enrol_from = Some(world.clock.now());
            plan.enrol_until = Some(kernel::Time::local(date(2025, 12, 20), 18, 0));
        })
        .await;
        let people = world.city.people_of("employer-a")[..2].to_vec();
        classes::enrol_staff(&world.acting("employer-a"), class, &people)
            .await
            .expect("answers");
        world.at(date(2026, 1, 5), 9, 0);
        closed(world).await;
        let (one, two) = (who(world, 0).await, who(world, 1).await);
        let line = |(name, number): (String, String), outcome| ReportLine {
            name: Some(name),
            document_kind: kernel::DocumentKind::Resident,
            document_no: number,
            outcome,
            score: None,
            attended: None,
            absent_from: Vec::new(),
        };
        let rows = [line(one, Outcome::Passed), line(two, Outcome::Absent)];
        let answer = classes::report(&world.acting("provider-a"), class, &rows, true)
            .await
            .expect("an answer");
        assert_eq!(answer.lines, [Reported::Refused, Reported::Recorded]);
        assert!(answer.reasons[&0].contains("2025 年度已于"));
        assert!(answer.completed.is_none());
        assert_eq!(entries(world).await, 0);
    }
);
