//! Terms and the working-day calendar: loading twice changes nothing; an unknown year is said, asked for, and counted
//! anew when it is imported.

use kernel::{Calendar, Deadline, Place, date};
use registry::{
    Ctx, Window, tasks,
    taxonomy::{self, Vocabulary, calendar, deadline_sentence, deadlines},
};
use rules::permits::Act;
use testkit::both_engines;

const YEAR_2027: &[u8] = "date,year,weekday,kind,name,notice,source\n2027-01-01,2027,周五,holiday,元旦,国办发明电〔2026〕1号,通知\n2027-01-02,2027,周六,workday,元旦调休,国办发明电〔2026〕1号,通知\n".as_bytes();

both_engines!(reference_data_is_loaded_once, |world| async move {
    let system = world.system();
    let all = Window {
        size: 2_000,
        counted: true,
        ..Window::default()
    };
    let before = taxonomy::list(&system, &taxonomy::Filter::default(), &all)
        .await
        .expect("terms");
    taxonomy::load_reference(&system).await.expect("loaded again");
    let after = taxonomy::list(&system, &taxonomy::Filter::default(), &all)
        .await
        .expect("terms");
    assert_eq!((before.total, &before.rows), (after.total, &after.rows));
    let mut tx = world.db.read().await.expect("a reader");
    assert_eq!(
        taxonomy::terms(&mut tx, Vocabulary::District)
            .await
            .expect("districts")
            .len(),
        16
    );
    let names = taxonomy::names(&mut tx).await.expect("names");
    assert_eq!(names.of(Vocabulary::FocusField, "ai"), "人工智能");
    assert_eq!(names.of(Vocabulary::FocusField, "unheard_of"), "unheard_of");
    assert!(
        before.rows.iter().all(|term| !term.source.is_empty()),
        "every term has its source"
    );
    drop(tx);
    // The page is public.
    world
        .visitor()
        .get("/desk/terms?vocabulary=key_area")
        .await
        .is(200)
        .sees("虹桥国际开放枢纽")
        .sees("出处");
});

both_engines!(
    a_deadline_in_an_unknown_year_is_a_lower_bound_until_the_year_is_imported,
    |world| async move {
        // a lower bound never ends a right by itself.
        let ctx: Ctx = world.system();
        let mut tx = world.db.write().await.expect("a writer");
        let set = deadlines::set(&ctx, &mut tx, ("class", 7, "report"), date(2026, 12, 30), 5)
            .await
            .expect("set");
        tx.commit().await.expect("kept");
        assert_eq!(
            set,
            Deadline::NotBefore {
                date: date(2027, 1, 4),
                missing: 2027
            }
        );
        assert_eq!(deadline_sentence(set), "不早于 2027年1月4日（2027 年放假安排未导入）");
        assert!(!set.has_passed(date(2031, 1, 1)));
        let lead = world.acting("lead");
        let asked = tasks::counts(&lead).await.expect("tasks");
        assert_eq!(asked.len(), 1, "the lead is asked to import: {asked:?}");

        // The same year is asked for once only.
        let mut tx = world.db.write().await.expect("a writer");
        deadlines::set(&ctx, &mut tx, ("class", 8, "report"), date(2026, 12, 31), 3)
            .await
            .expect("set");
        tx.commit().await.expect("kept");
        assert_eq!(tasks::counts(&lead).await.expect("tasks")[0].1, 1);

        let browser = world.sign_in("lead").await;
        browser
            .get("/desk/calendar")
            .await
            .is(200)
            .sees("有 2 个期限计到 2027 年");
        let checked = browser
            .upload("/desk/calendar/check", &[], ("file", "2027.csv", YEAR_2027))
            .await
            .is(200)
            .sees("确认导入");
        let text = checked.text();
        let id = text
            .split("name=\"file\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("the kept file")
            .to_owned();
        browser.post("/desk/calendar/import", &[("file", &id)]).await.is(303);
        browser
            .get("/desk/calendar")
            .await
            .is(200)
            .misses("有 2 个期限计到")
            .sees("导入 2027 年放假安排");

        let mut tx = world.db.read().await.expect("a reader");
        // 2 January 2027 is a Saturday that is worked: the count is exact now.
        let now = deadlines::find(&mut tx, "class", 7, "report").await.expect("a reader");
        assert_eq!(now, Some(Deadline::On(date(2027, 1, 6))));
        let trail = deadlines::changes(&mut tx, 10).await.expect("the trail");
        assert_eq!(trail.len(), 2);
        assert_eq!(trail[0].actor, "lead");
        drop(tx);
        assert!(
            tasks::counts(&lead).await.expect("tasks").is_empty(),
            "the task is done"
        );
        assert!(
            world.app.ctx(world.city.actor("lead")).calendar.knows(2027),
            "the application counts with it"
        );

        // The same file again changes nothing.
        let again = calendar::import(&lead, YEAR_2027).await.expect("imported");
        assert!(again.is_empty());
        let mut tx = world.db.read().await.expect("a reader");
        assert_eq!(deadlines::changes(&mut tx, 10).await.expect("the trail").len(), 2);
    }
);

both_engines!(a_faulty_calendar_changes_nothing, |world| async move {
    let browser = world.sign_in("lead").await;
    browser.get("/desk/calendar").await.is(200);
    let faulty = "date,kind,name\n2027-02-30,holiday,x\n2027-01-01,perhaps,y\n".as_bytes();
    let answer = browser
        .upload("/desk/calendar/check", &[], ("file", "x.csv", faulty))
        .await
        .is(422);
    answer.sees("第 2 行的日期无法识别").sees("第 3 行的类型");
    let mut tx = world.db.read().await.expect("a reader");
    let known: Calendar = calendar::load(&mut tx).await.expect("a calendar");
    assert!(!known.knows(2027));
    // Who does not keep the calendar neither checks nor imports it.
    assert!(
        world
            .acting("employer-a")
            .may(Act::ImportCalendar, &Place::default())
            .is_err()
    );
    let employer = world.sign_in("employer-a").await;
    employer.get("/desk/calendar").await.is(403);
});
