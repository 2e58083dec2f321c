//! The rush: many people ask for few seats at the same moment, and one person for two classes at the same time.
//! On both engines no seat is given twice, nobody is lost, and the order of arrival is the order of the numbers.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Actor, Date, DocumentKind, IdentityDocument, PersonId, Place, Role, date};
use learning::courses::{self, Answer, EnrolmentFilter};
use registry::Window;
use registry::people::{self, PersonDraft};
use testkit::{World, both_engines};

use crate::courses::published;

fn day(day: u32) -> Date {
    date(2026, 3, day)
}

async fn crowd(world: &World, count: u32) -> Vec<PersonId> {
    let system = world.system();
    let mut people = Vec::new();
    for n in 0..count {
        let document = IdentityDocument::demo(date(1980, 1, 1), n);
        let mut draft = PersonDraft::new("测试人员", DocumentKind::Resident, document.number());
        draft.org = Some(world.city.org("employer-b"));
        draft.front_line = n % 4 == 0;
        people.push(people::create(&system, draft).await.expect("a person"));
    }
    people
}

fn learner(person: PersonId) -> Actor {
    let own = Place {
        person: Some(person),
        ..Place::default()
    };
    Actor {
        role: Role::Learner,
        own,
        label: format!("person-{person}"),
        ..Actor::anonymous("rush")
    }
}

both_engines!(two_hundred_at_once_get_twenty_seats, |world| async {
    let world = Arc::clone(&world);
    let class = published(&world, "数据治理", &[day(23)], |plan| {
        (plan.capacity, plan.reserved) = (20, 5)
    })
    .await;
    let people = crowd(&world, 200).await;
    let tasks: Vec<_> = people
        .iter()
        .map(|person| {
            let ctx = world.ctx(learner(*person));
            tokio::spawn(async move { courses::enrol_self(&ctx, class).await })
        })
        .collect();
    let (mut seated, mut waiting) = (0, BTreeSet::new());
    for task in tasks {
        match task.await.expect("no panic").expect("nobody is refused") {
            (_, Answer::Enrolled) => seated += 1,
            (_, Answer::Waiting { ahead }) => assert!(waiting.insert(ahead), "two people are told 候补第 {ahead} 位"),
            (_, other) => panic!("{other:?}"),
        }
    }
    assert_eq!((seated, waiting.len()), (20, 180));
    let filter = EnrolmentFilter {
        class: Some(class),
        ..EnrolmentFilter::default()
    };
    let provider = world.acting("provider-a");
    let listed = courses::enrolments(&provider, &filter, &Window::sorted("order", false, 500))
        .await
        .expect("a list");
    let orders: Vec<i64> = listed.rows.iter().map(|line| line.enrolment.order).collect();
    assert_eq!(
        orders,
        (1..=200).collect::<Vec<i64>>(),
        "the order of arrival has no gap and no double"
    );
    let view = courses::view(&provider, class).await.expect("the class");
    assert_eq!(
        (view.class.seats.free(), view.class.seats.waiting, view.class.taken()),
        (0, 180, 20)
    );
});

both_engines!(leaving_and_coming_at_once_never_oversells, |world| async {
    let world = Arc::clone(&world);
    let class = published(&world, "数据治理", &[day(23)], |plan| plan.capacity = 5).await;
    let people = crowd(&world, 40).await;
    let mut tasks = Vec::new();
    for person in people {
        let ctx = world.ctx(learner(person));
        tasks.push(tokio::spawn(async move {
            let (id, _) = courses::enrol_self(&ctx, class).await.expect("a seat or a place");
            if person.get() % 2 == 0 {
                courses::withdraw(&ctx, id, "").await.expect("left");
            }
            person.get() % 2
        }));
    }
    let mut staying = 0;
    for task in tasks {
        staying += task.await.expect("no panic");
    }
    let provider = world.acting("provider-a");
    let view = courses::view(&provider, class).await.expect("the class");
    let filter = |state| EnrolmentFilter {
        class: Some(class),
        state: Some(state),
        ..EnrolmentFilter::default()
    };
    let count = async |state| {
        let listed = courses::enrolments(&provider, &filter(state), &Window::first(100))
            .await
            .expect("a list");
        i64::try_from(listed.rows.len()).expect("few")
    };
    use rules::courses::enrolment::EnrolmentCode::{Enrolled, Waiting};
    let (enrolled, waiting) = (count(Enrolled).await, count(Waiting).await);
    assert_eq!(
        enrolled,
        staying.min(5),
        "seats are neither oversold nor left empty while somebody waits"
    );
    assert_eq!(waiting, staying - enrolled);
    assert_eq!((view.class.taken(), view.class.seats.waiting), (enrolled, waiting));
});

both_engines!(r_12_holds_when_one_person_asks_for_two_classes_at_once, |world| async {
    let world = Arc::clone(&world);
    let first = published(&world, "数据治理", &[day(23)], |_| {}).await;
    let other = published(&world, "机器学习", &[day(23)], |_| {}).await;
    for person in crowd(&world, 20).await {
        let tasks = [first, other].map(|class| {
            let ctx = world.ctx(learner(person));
            tokio::spawn(async move { courses::enrol_self(&ctx, class).await })
        });
        let mut won = 0;
        for task in tasks {
            match task.await.expect("no panic") {
                Ok(_) => won += 1,
                Err(kernel::Error::Refused {
                    code: "enrolment.overlap",
                    ..
                }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(won, 1, "exactly one of two overlapping classes");
    }
});
