//! Enrolment: every reason is told, sessions of one person never overlap, seats come back to those who wait.

use kernel::{Date, Error, date};
use learning::courses::{self, Answer, EnrolmentFilter};
use registry::Window;
use rules::courses::EnrolmentState;
use testkit::{World, both_engines};

use crate::courses::published;

fn day(day: u32) -> Date {
    date(2026, 3, day)
}

fn answers(lines: &[courses::Answered]) -> Vec<String> {
    lines.iter().map(|line| line.answer.sentence()).collect()
}

async fn states(world: &World, class: kernel::ClassId) -> Vec<(String, &'static str)> {
    let filter = EnrolmentFilter {
        class: Some(class),
        ..EnrolmentFilter::default()
    };
    let window = Window::sorted("order", false, 100);
    let listed = courses::enrolments(&world.acting("provider-a"), &filter, &window)
        .await
        .expect("a list");
    listed
        .rows
        .iter()
        .map(|line| {
            (
                line.enrolment.name.clone(),
                kernel::Code::code(line.enrolment.state.code()),
            )
        })
        .collect()
}

both_engines!(
    r_12_overlapping_sessions_are_refused_with_the_other_class_and_its_time,
    |world| async {
        let world = &world;
        let first = published(world, "数据治理", &[day(23)], |_| {}).await;
        let other = published(world, "机器学习", &[day(23), day(25)], |_| {}).await;
        let learner = world.acting("learner-a");
        let (seat, answer) = courses::enrol_self(&learner, first).await.expect("a seat");
        assert_eq!(answer, Answer::Enrolled);
        let refused = courses::enrol_self(&learner, other).await;
        let Err(Error::Refused { code, sentence, rule }) = refused else {
            panic!("not refused: {refused:?}")
        };
        assert_eq!((code, rule), ("enrolment.overlap", Some("R-12")));
        assert!(
            sentence.contains("数据治理") && sentence.contains("2026年3月23日 09:00 至 12:00"),
            "{sentence}"
        );
        let twice = courses::enrol_self(&learner, first).await;
        assert!(matches!(
            twice,
            Err(Error::Refused {
                code: "enrolment.already",
                ..
            })
        ));
        courses::withdraw(&learner, seat, "").await.expect("left in time");
        courses::enrol_self(&learner, other)
            .await
            .expect("the time is free again");
        let back = courses::enrol_self(&learner, first).await;
        assert!(matches!(
            back,
            Err(Error::Refused {
                code: "enrolment.overlap",
                ..
            })
        ));
    }
);

both_engines!(every_unmet_condition_is_told, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[day(23)], |plan| {
        plan.eligibility.title_levels = vec!["senior".into()];
        plan.eligibility.districts = vec!["310104".into(), "310115".into()];
        plan.eligibility.departments = vec!["wjw".into()];
    })
    .await;
    let refused = courses::enrol_self(&world.acting("learner-a"), class).await;
    let Err(Error::Refused {
        code: "enrolment.not_eligible",
        sentence,
        ..
    }) = refused
    else {
        panic!("{refused:?}")
    };
    assert!(
        sentence.contains("职称层级限") && sentence.contains("行业主管部门限") && !sentence.contains("所在区"),
        "{sentence}"
    );
    let reasons = courses::check_self(&world.acting("learner-a"), class)
        .await
        .expect("reasons");
    assert_eq!(reasons.len(), 2, "{reasons:?}");
});

both_engines!(an_employer_gets_an_answer_for_each_person, |world| async {
    let world = &world;
    let busy = published(world, "机器学习", &[day(23)], |_| {}).await;
    courses::enrol_self(&world.acting("learner-a"), busy)
        .await
        .expect("a seat");
    let class = published(world, "数据治理", &[day(23)], |plan| {
        (plan.capacity, plan.reserved) = (2, 0);
        plan.eligibility.title_levels = vec!["intermediate".into()];
    })
    .await;
    // Of the eleven, every third from the second is an associate; the first is busy.
    let people = &world.city.people_of("employer-a")[..5];
    let employer = world.acting("employer-a");
    let lines = courses::enrol_staff(&employer, class, people).await.expect("answers");
    let said = answers(&lines);
    assert!(said[0].starts_with("未报名：与已报的“机器学习”时间冲突"), "{said:?}");
    assert!(
        said[1].starts_with("不符合条件：职称层级限中级，登记为副高级"),
        "{said:?}"
    );
    assert_eq!(said[2..4], ["已报名", "已报名"]);
    assert!(said[4].starts_with("不符合条件"));
    let more = courses::enrol_staff(&employer, class, &[people[2], world.city.people_of("employer-a")[5]]).await;
    assert_eq!(
        answers(&more.expect("answers")),
        ["已经报名了这个班次，不用重复报名。", "候补第 1 位"]
    );
    let strangers = courses::enrol_staff(&employer, class, world.city.people_of("employer-b")).await;
    assert!(matches!(strangers, Err(Error::NotFound)));
    world.run_jobs().await;
});

both_engines!(pasted_numbers_are_answered_line_by_line, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[day(23)], |_| {}).await;
    let mut tx = world.db.read().await.expect("a reader");
    let person = registry::people::load(&mut tx, world.city.people_of("employer-a")[1])
        .await
        .expect("a person");
    let neighbour = registry::people::load(&mut tx, world.city.people_of("employer-b")[1])
        .await
        .expect("a person");
    drop(tx);
    let number = person.document.number();
    let wrong = format!("{}{}", &number[..17], if number.ends_with('1') { '2' } else { '1' });
    let typed = format!("{number}\n{}\n{wrong}\n", neighbour.document.number());
    let browser = world.sign_in("employer-a").await;
    browser.get("/desk/enrol").await.sees("数据治理").sees("选人");
    browser
        .get(&format!("/desk/enrol/{class}"))
        .await
        .sees("陈示乙")
        .misses(number);
    let page = browser
        .post(&format!("/desk/enrol/{class}/documents"), &[("documents", &typed)])
        .await
        .is(200);
    page.sees("1 人已报名，0 人候补，2 人没有报上")
        .sees("本单位人员名册中没有这个证件号码")
        .sees("校验位不符");
    browser
        .post(&format!("/desk/enrol/{class}/documents"), &[("documents", " ")])
        .await
        .is(422)
        .sees("粘贴证件号码");
    let id = world.city.people_of("employer-a")[2].to_string();
    browser
        .post(&format!("/desk/enrol/{class}/people"), &[("id", &id)])
        .await
        .is(200)
        .sees("陈示丙")
        .sees("已报名");
    browser.get("/desk/enrolments").await.sees("陈示乙").sees("陈示丙");
    world
        .sign_in("employer-b")
        .await
        .get("/desk/enrolments")
        .await
        .misses("陈示乙");
    world
        .sign_in("district-a")
        .await
        .get("/desk/enrolments")
        .await
        .sees("陈")
        .misses("陈示乙");
});

both_engines!(
    r_13_a_seat_given_back_goes_to_the_first_who_may_have_it,
    |world| async {
        let world = &world;
        let class = published(world, "数据治理", &[day(23)], |plan| {
            (plan.capacity, plan.reserved) = (2, 1)
        })
        .await;
        let people = world.city.people_of("employer-a");
        let employer = world.acting("employer-a");
        // Odd ones are not at the front line, even ones are: 1 takes the general seat, 3 waits beside a reserved
        // seat, 2 takes it, 5 and 4 wait.
        let order = [people[1], people[3], people[2], people[5], people[4]];
        let lines = courses::enrol_staff(&employer, class, &order).await.expect("answers");
        assert_eq!(
            answers(&lines),
            ["已报名", "候补第 1 位", "已报名", "候补第 2 位", "候补第 3 位"]
        );
        let of = async |name: &str| {
            let filter = EnrolmentFilter {
                words: Some(name.into()),
                class: Some(class),
                ..EnrolmentFilter::default()
            };
            let listed = courses::enrolments(&employer, &filter, &Window::first(5))
                .await
                .expect("a list");
            listed.rows[0].id()
        };
        // The reserved seat comes free: the first two who wait may not have it, the third may.
        courses::withdraw(&employer, of("陈示丙").await, "")
            .await
            .expect("left");
        let is = states(world, class).await;
        assert_eq!(is.iter().filter(|(_, state)| *state == "enrolled").count(), 2);
        assert!(is.contains(&("陈示戊".into(), "enrolled")), "{is:?}");
        // The general seat comes free: it goes to the first who waits.
        courses::withdraw(&employer, of("陈示乙").await, "")
            .await
            .expect("left");
        assert!(states(world, class).await.contains(&("陈示丁".into(), "enrolled")));
        world.run_jobs().await;
        let person = kernel::Actor {
            own: kernel::Place {
                person: Some(people[3]),
                ..Default::default()
            },
            ..world.city.actor("learner-a")
        };
        let told = registry::notices::messages(&world.ctx(person), 10)
            .await
            .expect("messages");
        assert!(
            told.iter().any(|message| message.title == "候补转为正式名额"),
            "{told:?}"
        );
        world.at(date(2026, 3, 21), 9, 0);
        let late = courses::withdraw(&employer, of("陈示丁").await, "").await;
        assert!(matches!(
            late,
            Err(Error::Refused {
                code: "enrolment.late",
                ..
            })
        ));
        let provider = world.acting("provider-a");
        let silent = courses::withdraw(&provider, of("陈示丁").await, "").await;
        assert!(matches!(silent, Err(Error::Wrong(_))));
        courses::withdraw(&provider, of("陈示丁").await, "本人电话说明不能参加")
            .await
            .expect("taken off");
        let view = courses::view(&provider, class).await.expect("the class");
        assert_eq!((view.class.taken(), view.class.seats.waiting), (2, 0));
    }
);

both_engines!(released_reserved_seats_move_the_queue_up, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[day(23)], |plan| {
        (plan.capacity, plan.reserved) = (3, 2)
    })
    .await;
    let people = world.city.people_of("employer-a");
    let lines = courses::enrol_staff(&world.acting("employer-a"), class, &[people[1], people[3], people[5]]).await;
    assert_eq!(
        answers(&lines.expect("answers")),
        ["已报名", "候补第 1 位", "候补第 2 位"]
    );
    assert_eq!(
        courses::release_reserved(&world.acting("provider-a"), class)
            .await
            .expect("released"),
        2
    );
    assert!(states(world, class).await.iter().all(|(_, state)| *state == "enrolled"));
    let again = courses::release_reserved(&world.acting("provider-a"), class).await;
    assert!(matches!(
        again,
        Err(Error::Refused {
            code: "seats.none_reserved",
            ..
        })
    ));
});

both_engines!(a_person_leaves_on_its_own_page, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[day(23)], |_| {}).await;
    let learner = world.sign_in("learner-a").await;
    learner.get("/desk/my/classes").await.is(200);
    learner.post(&format!("/classes/{class}/enrol"), &[]).await.is(303);
    let page = learner
        .get("/desk/my/classes")
        .await
        .sees("报名成功")
        .sees("退出")
        .text();
    let id = page
        .split("/desk/enrolments/")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
        .to_owned();
    let neighbour = world.sign_in("learner-b").await;
    neighbour.get(&format!("/desk/enrolments/{id}/withdraw")).await.is(404);
    neighbour.get("/desk/my/classes").await.misses("数据治理");
    neighbour
        .post(&format!("/desk/enrolments/{id}/withdraw"), &[])
        .await
        .is(404);
    learner
        .get(&format!("/desk/enrolments/{id}/withdraw"))
        .await
        .sees("按候补顺序给下一位");
    learner
        .post(&format!("/desk/enrolments/{id}/withdraw"), &[])
        .await
        .is(303);
    learner.get("/desk/my/classes").await.sees("已退出");
    let line = courses::enrolment(&world.system(), id.parse().expect("an id"))
        .await
        .expect("the enrolment");
    assert!(matches!(line.enrolment.state, EnrolmentState::Withdrawn { .. }));
    world
        .sign_in("provider-a")
        .await
        .post(&format!("/classes/{class}/enrol"), &[])
        .await
        .is(403);
});
