//! Courses and classes: from a draft to posted hours, by use cases and by the pages of a provider.

use kernel::{ClassId, CourseId, Date, Hours, Money, Seconds, Time, date, id::SessionId};
use learning::courses::{self, NewResult, ReportLine, Reported, RollMark};
use registry::Window;
use rules::attendance::Mark;
use rules::courses::{ClassPlan, CourseDraft, Delivery, Eligibility, FeeSource, Outcome, SessionPlan};
use rules::credits::{ActivityForm, Subject};
use testkit::{World, both_engines};

/// A professional course of a provider.
pub(crate) async fn course(world: &World, provider: &str) -> CourseId {
    let draft = CourseDraft {
        title: "数据治理".into(),
        subject: Subject::Professional,
        form: ActivityForm::Class,
        field: Some("ai".into()),
        direction: None,
        summary: "数据资产与治理方法。".into(),
        syllabus: "一、数据资产；二、数据质量。".into(),
        hours: Hours::whole(8),
    };
    courses::create(&world.acting(provider), &draft)
        .await
        .expect("a course")
}

/// A session from nine to twelve with a quarter of an hour's break: 165 taught minutes.
pub(crate) fn morning(day: Date) -> SessionPlan {
    SessionPlan {
        title: "数据资产".into(),
        starts_at: Time::local(day, 9, 0),
        ends_at: Time::local(day, 12, 0),
        pause: Seconds::minutes(15),
        place: "延安西路 1 号".into(),
        url: String::new(),
        teacher: "王老师".into(),
        teacher_title: "教授".into(),
    }
}

/// A class of provider-a with these sessions, open for enrolment from 5 March 2026 until the evening of the 20th.
pub(crate) async fn published(
    world: &World,
    title: &str,
    days: &[Date],
    change: impl FnOnce(&mut ClassPlan),
) -> ClassId {
    published_by(world, "provider-a", (title, days), change).await
}

/// The same of any provider.
pub(crate) async fn published_by(
    world: &World,
    provider: &str,
    (title, days): (&str, &[Date]),
    change: impl FnOnce(&mut ClassPlan),
) -> ClassId {
    let ctx = world.acting(provider);
    let id = courses::draft(&ctx, course(world, provider).await)
        .await
        .expect("a draft");
    let mut plan = ClassPlan {
        title: title.into(),
        delivery: Delivery::Offline,
        key_area: None,
        summary: String::new(),
        place: "延安西路 1 号".into(),
        contact: "李老师 021-00000000".into(),
        fee: Money::ZERO,
        fee_source: FeeSource::Finance,
        year: 2026,
        enrol_from: Some(Time::local(date(2026, 3, 5), 9, 0)),
        enrol_until: Some(Time::local(date(2026, 3, 20), 17, 0)),
        capacity: 50,
        reserved: 0,
        eligibility: Eligibility::default(),
        declared_hours: Hours::whole(8),
    };
    change(&mut plan);
    let version = async || courses::view(&ctx, id).await.expect("the draft").class.version;
    courses::edit(&ctx, id, version().await, &plan)
        .await
        .expect("the plan is saved");
    let sessions: Vec<SessionPlan> = days.iter().map(|day| morning(*day)).collect();
    courses::plan_sessions(&ctx, id, version().await, &sessions)
        .await
        .expect("the sessions are saved");
    courses::publish(&ctx, id, version().await)
        .await
        .expect("it is published");
    id
}

pub(crate) async fn sessions(world: &World, class: ClassId) -> Vec<SessionId> {
    let view = courses::view(&world.acting("provider-a"), class)
        .await
        .expect("the class");
    view.sessions.iter().map(|session| session.id).collect()
}

/// Marks everybody of a session.
pub(crate) async fn mark_all(world: &World, session: SessionId, mark: Mark) {
    mark_all_by(world, "provider-a", session, mark).await;
}

/// The same by any provider.
pub(crate) async fn mark_all_by(world: &World, provider: &str, session: SessionId, mark: Mark) {
    let ctx = world.acting(provider);
    let roll = courses::roll(&ctx, session).await.expect("the roll");
    let marks: Vec<RollMark> = roll
        .lines
        .iter()
        .map(|line| RollMark {
            person: line.person,
            mark,
            version: line.version,
        })
        .collect();
    courses::record_roll(&ctx, session, &marks)
        .await
        .expect("the roll is kept");
}

pub(crate) async fn record_all(world: &World, class: ClassId, outcome: Outcome) {
    record_all_by(world, "provider-a", class, outcome).await;
}

/// The same by any provider.
pub(crate) async fn record_all_by(world: &World, provider: &str, class: ClassId, outcome: Outcome) {
    let ctx = world.acting(provider);
    let sheet = courses::result_sheet(&ctx, class).await.expect("the sheet");
    let results: Vec<NewResult> = sheet
        .lines
        .iter()
        .map(|line| NewResult {
            enrolment: line.enrolment,
            version: line.version,
            outcome,
            score: Some(88),
        })
        .collect();
    courses::record_results(&ctx, class, &results)
        .await
        .expect("the results are kept");
}

const DAYS: [Date; 2] = [date_of(23), date_of(24)];

const fn date_of(day: u32) -> Date {
    match Date::from_ymd_opt(2026, 3, day) {
        Some(date) => date,
        None => panic!("no such day"),
    }
}

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

both_engines!(the_catalogue_finds_two_characters_and_filters, |world| async {
    let world = &world;
    let ours = published(world, "机器学习与工业智能", &DAYS, |_| {}).await;
    published(world, "数据治理", &DAYS, |plan| plan.delivery = Delivery::Blended).await;
    let visitor = world.ctx(kernel::Actor::anonymous("test"));
    let find = async |change: &dyn Fn(&mut courses::CatalogueQuery)| {
        let mut query = courses::CatalogueQuery::default();
        change(&mut query);
        let found = courses::search(
            &visitor,
            &query,
            &Window {
                counted: true,
                ..Window::first(20)
            },
        )
        .await
        .expect("found");
        (found.rows.iter().map(|card| card.id).collect::<Vec<_>>(), found.total)
    };
    assert_eq!(find(&|q| q.words = Some("工业".into())).await, (vec![ours], Some(1)));
    assert_eq!(find(&|q| q.words = Some("王老师".into())).await.1, Some(2));
    assert_eq!(find(&|q| q.delivery = Some(Delivery::Blended)).await.1, Some(1));
    assert_eq!(find(&|q| q.district = Some("310115".into())).await.1, Some(0));
    assert_eq!(find(&|q| q.open_only = true).await.1, Some(2));
    world.at(date(2026, 3, 21), 9, 0);
    assert_eq!(find(&|q| q.open_only = true).await.1, Some(0));
    assert_eq!(find(&|_| {}).await.1, Some(2));
    world.at(date(2026, 4, 1), 9, 0);
    assert_eq!(find(&|_| {}).await.1, Some(0));
    assert_eq!(find(&|q| q.year = Some(2026)).await.1, Some(2));
});

both_engines!(
    a_provider_takes_a_class_through_four_steps_in_the_browser,
    |world| async {
        let world = &world;
        let provider = world.sign_in("provider-a").await;
        provider.get("/desk/courses").await.is(200).sees("还没有课程");
        provider.get("/desk/courses/new").await.sees("继续教育形式");
        let wrong = provider
            .post(
                "/desk/courses/new",
                &[("title", "数据治理"), ("subject", "professional")],
            )
            .await;
        wrong.is(422).sees("请填写教学大纲");
        let course = [
            ("title", "数据治理"),
            ("subject", "professional"),
            ("form", "class"),
            ("field", "ai"),
            ("summary", "数据资产与治理方法。"),
            ("syllabus", "一、数据资产"),
            ("hours", "8"),
        ];
        let id = provider
            .post("/desk/courses/new", &course)
            .await
            .is(303)
            .location
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        provider
            .get(&format!("/desk/courses/{id}"))
            .await
            .sees("现行第 1 版，8 学时");
        provider
            .get(&format!("/desk/classes/new?course={id}"))
            .await
            .sees("数据治理（第 1 版，8 学时）");
        let at = provider
            .post("/desk/classes/new", &[("course", &id)])
            .await
            .is(303)
            .location;
        let class = at.trim_end_matches("/basics").to_owned();
        provider
            .get(&format!("{class}/check"))
            .await
            .sees("请填写联系人和电话")
            .sees("请至少安排一个课次")
            .sees("请填写报名截止时间");
        provider
            .post(&format!("{class}/publish"), &[("version", "2")])
            .await
            .is(422)
            .sees("请至少安排一个课次");
        let basics = [
            ("version", "2"),
            ("title", "数据治理（春季班）"),
            ("delivery", "offline"),
            ("place", "延安西路 1 号"),
            ("contact", "李老师 021-00000000"),
            ("year", "2026"),
            ("declared_hours", "4"),
            ("fee", "0"),
            ("fee_source", "finance"),
        ];
        provider.post(&format!("{class}/basics"), &basics).await.is(303);
        let session = [
            ("version", "3"),
            ("count", "2"),
            ("sessions.1.title", "数据资产"),
            ("sessions.1.starts_at", "2026-03-23T09:00"),
            ("sessions.1.ends_at", "2026-03-23T12:00"),
            ("sessions.1.pause", "15"),
            ("sessions.1.place", "延安西路 1 号"),
            ("sessions.1.teacher", "王老师"),
        ];
        let mut late = session.to_vec();
        late[4] = ("sessions.1.ends_at", "2026-03-23T08:00");
        provider
            .post(&format!("{class}/sessions"), &late)
            .await
            .is(422)
            .sees("第 1 课次：结束时间应晚于开始时间")
            .sees("王老师");
        provider.post(&format!("{class}/sessions"), &session).await.is(303);
        let conditions = [
            ("version", "4"),
            ("enrol_from", "2026-03-05T09:00"),
            ("enrol_until", "2026-03-20T17:00"),
            ("capacity", "2"),
            ("reserved", "1"),
            ("title_levels", "intermediate"),
            ("title_levels", "associate"),
        ];
        provider.post(&format!("{class}/conditions"), &conditions).await.is(303);
        provider
            .get(&format!("{class}/check"))
            .await
            .sees("都填好了")
            .sees("授课 165 分钟");
        provider
            .post(&format!("{class}/publish"), &[("version", "5")])
            .await
            .is(303);
        provider
            .get(&class)
            .await
            .sees("2026-P-000001")
            .sees("报名中：已报 0 / 2 人")
            .sees("上课当天起可以点名");
        provider.get("/desk/classes").await.sees("数据治理（春季班）");
        provider.get("/desk/classes/export.xlsx").await.is(200);
        world.sign_in("provider-b").await.get(&class).await.is(404);
        walk_the_day(world, &class).await;
    }
);

/// The day of the class: roll, results, completion, in the browser.
async fn walk_the_day(world: &World, class: &str) {
    let learner = world.sign_in("learner-a").await;
    learner.get("/desk/my/classes").await.sees("目前没有要上的课");
    learner
        .post(&format!("{}/enrol", class.trim_start_matches("/desk")), &[])
        .await
        .is(303);
    learner
        .get("/desk/my/classes")
        .await
        .sees("数据治理（春季班）")
        .sees("下一次课");
    world.at(date(2026, 3, 23), 13, 0);
    world.run_jobs().await;
    let provider = world.sign_in("provider-a").await;
    let hub = provider.get(class).await.sees("还有 1 人的考勤没有登记完").text();
    let roll = hub
        .split("/desk/sessions/")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
        .to_owned();
    let person = world.city.person("learner-a").to_string();
    let version = format!("v-{person}");
    provider
        .get(&format!("/desk/sessions/{roll}/roll"))
        .await
        .is(200)
        .sees("陈示甲");
    provider
        .post(
            &format!("/desk/sessions/{roll}/roll"),
            &[(&version, "0"), ("all", "present")],
        )
        .await
        .is(303);
    provider.get(&format!("/desk/sessions/{roll}/sheet")).await.sees("签名");
    provider
        .get(&format!("/desk/sessions/{roll}/sheet/export.xlsx"))
        .await
        .is(200);
    let sheet = provider.get(&format!("{class}/results")).await.sees("陈示甲").text();
    let enrolment = sheet
        .split("name=\"v-")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned();
    let (version, score) = (format!("v-{enrolment}"), format!("s-{enrolment}"));
    let at = format!("{class}/results");
    provider
        .post(&at, &[(&version, "1"), (&score, "120"), ("all", "passed")])
        .await
        .is(422)
        .sees("0 到 100");
    provider
        .post(&at, &[(&version, "1"), (&score, "91"), ("all", "passed")])
        .await
        .is(303);
    provider
        .get(&format!("{class}/complete"))
        .await
        .sees("1 人将结业，每人记入 3.66 学时");
    provider.post(&format!("{class}/complete"), &[]).await.is(303);
    provider.get(class).await.sees("已结业：1 人参加");
    world.run_jobs().await;
    // Weeks have passed, and so has the session of then.
    world
        .sign_in("learner-a")
        .await
        .get("/desk/my/classes")
        .await
        .sees("已结业");
}

both_engines!(a_published_version_is_never_edited, |world| async {
    let world = &world;
    let ctx = world.acting("provider-a");
    let course = course(world, "provider-a").await;
    let before = courses::view_course(&ctx, course).await.expect("the course").versions;
    courses::add_version(
        &ctx,
        course,
        "一、数据资产；二、数据质量；三、数据安全。",
        Hours::whole(12),
    )
    .await
    .expect("version 2");
    let after = courses::view_course(&ctx, course).await.expect("the course").versions;
    assert_eq!(
        after.iter().map(|v| (v.number, v.hours)).collect::<Vec<_>>(),
        [(2, Hours::whole(12)), (1, Hours::whole(8))]
    );
    assert_eq!(after[1].syllabus, before[0].syllabus);
    let neighbour = courses::view_course(&world.acting("provider-b"), course).await;
    assert!(matches!(neighbour, Err(kernel::Error::NotFound)));
    let version = courses::view_course(&ctx, course)
        .await
        .expect("the course")
        .course
        .version;
    courses::end_course(&ctx, course, version).await.expect("it ends");
    let no = courses::draft(&ctx, course).await;
    assert!(matches!(
        no,
        Err(kernel::Error::Refused {
            code: "course.ended",
            ..
        })
    ));
});

both_engines!(the_lead_sets_the_figures_that_no_text_fixes, |world| async {
    let world = &world;
    let lead = world.sign_in("lead").await;
    lead.get("/desk/parameters").await.sees("可信度低");
    let wrong = [
        ("attendance_numerator", "4"),
        ("attendance_denominator", "3"),
        ("result_workdays", "10"),
        ("report_workdays", "30"),
    ];
    lead.post("/desk/parameters", &wrong)
        .await
        .is(422)
        .sees("不大于 1 的分数");
    let right = [
        ("attendance_numerator", "1"),
        ("attendance_denominator", "2"),
        ("result_workdays", "15"),
        ("report_workdays", "45"),
    ];
    lead.post("/desk/parameters", &right).await.is(303);
    let figures = courses::parameters(&world.system()).await.expect("figures");
    assert_eq!(
        (
            figures.attendance.words().as_str(),
            figures.result_workdays,
            figures.report_workdays
        ),
        ("1/2", 15, 45)
    );
    world.sign_in("provider-a").await.get("/desk/parameters").await.is(403);
});
