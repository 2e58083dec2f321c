//! A class from its publication to posted hours, by use cases.

use kernel::{Hours, date};
use learning::courses::{self, ReportLine, Reported, RollMark};
use rules::attendance::Mark;
use rules::courses::Outcome;
use testkit::both_engines;

use super::{DAYS, mark_all, published, record_all, sessions};

both_engines!(
    a_class_posts_the_lesser_hours_to_those_who_passed_and_attended,
    |world| async {
        let world = &world;
        let class = published(world, "数据治理", &DAYS, |_| {}).await;
        let people = world.city.people_of("employer-a")[..3].to_vec();
        courses::enrol_staff(&world.acting("employer-a"), class, &people)
            .await
            .expect("answers");
        world.at(date(2026, 3, 24), 14, 0);
        world.run_jobs().await;
        let ctx = world.acting("provider-a");
        let early = courses::complete(&ctx, class).await;
        assert!(
            matches!(
                early,
                Err(kernel::Error::Refused {
                    code: "class.incomplete",
                    rule: Some("R-9"),
                    ..
                })
            ),
            "{early:?}"
        );
        let sessions = sessions(world, class).await;
        mark_all(world, sessions[0], Mark::Present).await;
        // The second of three comes to one of two sessions: half of the time is less than two thirds.
        let roll = courses::roll(&ctx, sessions[1]).await.expect("the roll");
        let mark = |at: usize| if at == 1 { Mark::Absent } else { Mark::Late };
        let marks: Vec<RollMark> = roll
            .lines
            .iter()
            .enumerate()
            .map(|(at, line)| RollMark {
                person: line.person,
                mark: mark(at),
                version: 0,
            })
            .collect();
        courses::record_roll(&ctx, sessions[1], &marks)
            .await
            .expect("the roll is kept");
        record_all(world, class, Outcome::Passed).await;
        let done = courses::complete(&ctx, class).await.expect("the class is completed");
        // 330 taught minutes are 7.33 学时, less than the 8 declared.
        assert_eq!(
            (done.passed, done.failed, done.absent, done.hours),
            (2, 1, 0, Hours::hundredths(733))
        );
        world.run_jobs().await;
        let mut tx = world.db.read().await.expect("a reader");
        let year = learning::credits::statement(&world.system(), &mut tx, people[0], 2026)
            .await
            .expect("a statement");
        assert_eq!(
            (year.total, year.professional),
            (Hours::hundredths(733), Hours::hundredths(733))
        );
        let none = learning::credits::statement(&world.system(), &mut tx, people[1], 2026)
            .await
            .expect("a statement");
        assert_eq!(none.total, Hours::ZERO);
        drop(tx);
        let again = courses::complete(&ctx, class).await;
        assert!(matches!(
            again,
            Err(kernel::Error::Refused {
                code: "class.completed",
                ..
            })
        ));
        let late = courses::record_roll(&ctx, sessions[0], &marks).await;
        assert!(matches!(
            late,
            Err(kernel::Error::Refused {
                code: "class.final",
                ..
            })
        ));
    }
);

both_engines!(two_who_mark_the_same_roll_do_not_overwrite_each_other, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &DAYS, |_| {}).await;
    let people = world.city.people_of("employer-a")[..2].to_vec();
    courses::enrol_staff(&world.acting("employer-a"), class, &people)
        .await
        .expect("answers");
    let session = sessions(world, class).await[0];
    let ctx = world.acting("provider-a");
    let mark = |mark, version| {
        [RollMark {
            person: people[0],
            mark,
            version,
        }]
    };
    let early = courses::record_roll(&ctx, session, &mark(Mark::Present, 0)).await;
    assert!(matches!(
        early,
        Err(kernel::Error::Refused {
            code: "class.early",
            ..
        })
    ));
    world.at(DAYS[0], 10, 0);
    assert_eq!(
        courses::record_roll(&ctx, session, &mark(Mark::Present, 0))
            .await
            .expect("kept"),
        1
    );
    let stale = courses::record_roll(&ctx, session, &mark(Mark::Absent, 0)).await;
    assert!(matches!(stale, Err(kernel::Error::Stale)));
    assert_eq!(
        courses::record_roll(&ctx, session, &mark(Mark::Present, 0))
            .await
            .expect("the same"),
        0
    );
    assert_eq!(
        courses::record_roll(&ctx, session, &mark(Mark::Absent, 1))
            .await
            .expect("corrected"),
        1
    );
    let neighbour = courses::record_roll(&world.acting("provider-b"), session, &mark(Mark::Leave, 2)).await;
    assert!(matches!(
        neighbour,
        Err(kernel::Error::Forbidden(_) | kernel::Error::NotFound)
    ));
});

both_engines!(a_report_is_taken_once_however_often_it_comes, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &DAYS, |_| {}).await;
    let people = world.city.people_of("employer-a")[..2].to_vec();
    courses::enrol_staff(&world.acting("employer-a"), class, &people)
        .await
        .expect("answers");
    world.at(date(2026, 3, 24), 14, 0);
    let mut tx = world.db.read().await.expect("a reader");
    let mut rows = Vec::new();
    for person in &people {
        let person = registry::people::load(&mut tx, *person).await.expect("the person");
        rows.push(ReportLine {
            name: None,
            attended: None,
            document_kind: person.document.kind(),
            document_no: person.document.number().to_owned(),
            outcome: Outcome::Passed,
            score: Some(90),
            absent_from: Vec::new(),
        });
    }
    drop(tx);
    let ctx = world.acting("provider-a");
    let stranger = ReportLine {
        document_no: "31999919850131097X".into(),
        ..rows[0].clone()
    };
    let some = courses::report(&ctx, class, &[rows[0].clone(), stranger], true)
        .await
        .expect("a report");
    assert_eq!(some.lines, [Reported::Recorded, Reported::Unknown]);
    assert_eq!(some.completed, None);
    let all = courses::report(&ctx, class, &rows, true).await.expect("a report");
    assert_eq!(all.lines, [Reported::Unchanged, Reported::Recorded]);
    assert_eq!(all.completed.map(|done| done.passed), Some(2));
    let again = courses::report(&ctx, class, &rows, true).await.expect("a report");
    assert_eq!(again.lines, [Reported::Unchanged, Reported::Unchanged]);
    assert_eq!(again.completed, None);
    let other = ReportLine {
        outcome: Outcome::Failed,
        ..rows[0].clone()
    };
    let conflict = courses::report(&ctx, class, &[other], true).await.expect("a report");
    assert_eq!(conflict.lines, [Reported::Conflict]);
});

both_engines!(a_cancelled_class_gives_the_time_back_and_tells_why, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &DAYS, |_| {}).await;
    let learner = world.acting("learner-a");
    courses::enrol_self(&learner, class).await.expect("a seat");
    let ctx = world.acting("provider-a");
    let version = courses::view(&ctx, class).await.expect("the class").class.version;
    let silent = courses::cancel(&ctx, class, version, " ").await;
    assert!(matches!(silent, Err(kernel::Error::Wrong(_))));
    courses::cancel(&ctx, class, version, "场地停电")
        .await
        .expect("it is cancelled");
    world.run_jobs().await;
    let told = registry::notices::messages(&learner, 10).await.expect("messages");
    assert!(told.iter().any(|message| message.body.contains("场地停电")));
    let other = published(world, "同一时间的另一班", &DAYS, |_| {}).await;
    courses::enrol_self(&learner, other)
        .await
        .expect("the time is free again");
});
