//! Classes that ran elsewhere, filed and reported.

use kernel::Hours;
use learning::courses as classes;
use learning::courses::reporting::{ReportState, filed};
use registry::people;
use rules::courses::CourseDraft;
use rules::courses::reporting::Filing;
use rules::credits::{ActivityForm, Subject};
use testkit::both_engines;

use super::{confirm, counts, entries, file, filing, report, results, total, upload, who};
use crate::courses::course;

both_engines!(
    a_class_that_ran_elsewhere_is_filed_within_scope_and_posts_once,
    |world| async {
        let world = &world;
        let ours = course(world, "provider-a").await;
        let theirs = course(world, "provider-b").await;
        let ctx = world.acting("provider-a");
        assert!(matches!(
            filed::file(&ctx, theirs, &filing("JD-1")).await,
            Err(kernel::Error::NotFound | kernel::Error::Forbidden(_))
        ));
        let more = Filing {
            declared: Hours::whole(9),
            ..filing("JD-1")
        };
        let Err(kernel::Error::Wrong(faults)) = filed::file(&ctx, ours, &more).await else {
            panic!("R-59")
        };
        assert_eq!(
            (faults[0].field.as_ref(), faults[0].code),
            ("declared_hours", "filing.scope")
        );
        let class = file(world, ours, "JD-1").await;
        assert_eq!(
            file(world, ours, "JD-1").await,
            class,
            "the same filing is the same class"
        );
        let other = Filing {
            participants: 41,
            ..filing("JD-1")
        };
        assert!(matches!(
            filed::file(&ctx, ours, &other).await,
            Err(kernel::Error::Wrong(_))
        ));
        assert!(matches!(
            classes::complete(&ctx, class).await,
            Err(kernel::Error::Refused {
                code: "class.filed",
                ..
            })
        ));
        let provider = world.sign_in("provider-a").await;
        let (one, two, three, four) = (
            who(world, 0).await,
            who(world, 1).await,
            who(world, 2).await,
            who(world, 3).await,
        );
        let rows = [
            (&one, "合格,88,,"),
            (&two, "合格,,2,"),
            (&three, "未参加,,,"),
            (&four, "不合格,40,,2"),
        ];
        let page = upload(world, &provider, ("completions", class), &results(&rows)).await;
        assert_eq!((counts(world, &page).await, entries(world).await), ((4, 0, 0, 0), 0));
        confirm(world, &provider, &page).await;
        assert_eq!(
            (report(world, &page).await.state, entries(world).await),
            (ReportState::Done, 1)
        );
        let people = world.city.people_of("employer-a").to_vec();
        assert_eq!(total(world, people[0]).await, Hours::whole(8));
        let mut tx = world.db.read().await.expect("a reader");
        let sql = "select count(*) from credits_entries e join enrolments n on e.cause = 'enrolment:' || n.id
        where n.class = $1 and e.provider = $2";
        let args = [class.into(), world.city.org("provider-a").into()];
        assert_eq!(
            tx.one::<i64>(sql, &args).await.expect("a count"),
            1,
            "hours carry provider, class and person"
        );
        drop(tx);
        // The same rows change nothing, a changed one is told, a new one is added.
        let five = who(world, 4).await;
        let rows = [(&one, "合格,88,,"), (&two, "合格,,,"), (&five, "合格,,,")];
        let page = upload(world, &provider, ("completions", class), &results(&rows)).await;
        assert_eq!(counts(world, &page).await, (1, 1, 1, 0));
        confirm(world, &provider, &page).await;
        assert_eq!(entries(world).await, 2);
        // Whoever sat there cannot have sat elsewhere at that time.
        let same_time = file(world, ours, "JD-2").await;
        let page = upload(
            world,
            &provider,
            ("completions", same_time),
            &results(&[(&one, "合格,,,")]),
        )
        .await;
        provider
            .get(&page)
            .await
            .sees("数据治理（基地自办）")
            .sees("没有可以写入的行");
    }
);

both_engines!(
    hours_of_a_merged_record_go_to_the_survivor_and_only_once,
    |world| async {
        let world = &world;
        let class = file(world, course(world, "provider-a").await, "JD-3").await;
        let people = world.city.people_of("employer-a").to_vec();
        let (old, new) = (who(world, 7).await, who(world, 8).await);
        let provider = world.sign_in("provider-a").await;
        let page = upload(world, &provider, ("completions", class), &results(&[(&old, "合格,,,")])).await;
        confirm(world, &provider, &page).await;
        people::merges::merge(&world.system(), people[8], people[7], "同一个人，证件换过")
            .await
            .expect("merged");
        // The old document stands for the survivor, whose name it must have; the hours are there already.
        let rows = [(&(new.0.clone(), old.1.clone()), "合格,,,")];
        let page = upload(world, &provider, ("completions", class), &results(&rows)).await;
        assert_eq!(counts(world, &page).await, (0, 1, 0, 0));
        assert_eq!(
            (entries(world).await, total(world, people[8]).await),
            (1, Hours::whole(8))
        );
        let other = file(world, course(world, "provider-a").await, "JD-4").await;
        let page = upload(world, &provider, ("completions", other), &results(&rows)).await;
        assert_eq!(
            counts(world, &page).await.2,
            1,
            "busy at the same time under the old record too"
        );
    }
);

both_engines!(r39_hours_of_a_course_that_is_marked_compulsory_say_so, |world| async {
    let world = &world;
    let draft = CourseDraft {
        title: "科学精神培育".into(),
        subject: Subject::Public,
        form: ActivityForm::Class,
        field: None,
        direction: Some("scientific_spirit".into()),
        summary: "科学精神与科研诚信。".into(),
        syllabus: "一、科学精神；二、科研诚信。".into(),
        hours: Hours::whole(8),
    };
    let public = classes::create(&world.acting("provider-a"), &draft)
        .await
        .expect("a course");
    let professional = course(world, "provider-a").await;
    let lead = world.sign_in("lead").await;
    let mark = |id| format!("/desk/courses/{id}/part");
    lead.get(&format!("/desk/courses/{public}"))
        .await
        .is(200)
        .sees("列为公需必修");
    lead.post(&mark(public), &[("part", "compulsory")]).await.is(303);
    lead.get(&format!("/desk/courses/{public}"))
        .await
        .is(200)
        .sees("改为选修");
    lead.post(&mark(professional), &[("part", "compulsory")]).await.is(409);
    world
        .sign_in("provider-a")
        .await
        .post(&mark(public), &[("part", "elective")])
        .await
        .is(403);
    let class = file(world, public, "JD-5").await;
    let provider = world.sign_in("provider-a").await;
    let one = who(world, 0).await;
    let page = upload(world, &provider, ("completions", class), &results(&[(&one, "合格,,,")])).await;
    confirm(world, &provider, &page).await;
    let ctx = world.acting("learner-a");
    let mut tx = ctx.db.read().await.expect("a reader");
    let person = world.city.person("learner-a");
    let year = learning::credits::statement(&ctx, &mut tx, person, 2026)
        .await
        .expect("a year");
    assert_eq!((year.public, year.compulsory), (Hours::whole(8), Hours::whole(8)));
    assert_eq!(year.lines[0].rule, "R-39");
});
