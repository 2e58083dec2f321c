//! Reports of providers: rosters and completions by file, classes that ran elsewhere, the window and its exceptions.

use axum::http::Method;
use kernel::{ClassId, CourseId, Hours, IdentityDocument, PersonId, Seconds, date};
use learning::courses as classes;
use learning::courses::reporting::{self, ReportId, ReportState, filed, late};
use registry::people;
use registry::tasks::TaskFilter;
use rules::attendance::Mark;
use rules::courses::Outcome;
use rules::courses::reporting::{Filing, read_sessions};
use rules::identity::TokenScope;
use serde_json::json;
use testkit::{Browser, World, both_engines};

use crate::courses::{course, published};

/// Name and complete number of the `n`-th person of employer-a.
async fn who(world: &World, n: usize) -> (String, String) {
    let mut tx = world.db.read().await.expect("a reader");
    let person = people::load(&mut tx, world.city.people_of("employer-a")[n])
        .await
        .expect("a person");
    (person.name, person.document.number().to_owned())
}

/// A file of completions: name, number, and the cells from the result on.
fn results(rows: &[(&(String, String), &str)]) -> Vec<u8> {
    let mut out = "姓名,身份证件号码,结果,成绩,实际学时,缺课课次\n".to_owned();
    for ((name, number), rest) in rows {
        out.push_str(&format!("{name},{number},{rest}\n"));
    }
    out.into_bytes()
}

fn roster(rows: &[&(String, String)]) -> Vec<u8> {
    let mut out = "姓名,身份证件号码\n".to_owned();
    for (name, number) in rows {
        out.push_str(&format!("{name},{number}\n"));
    }
    out.into_bytes()
}

async fn upload(world: &World, browser: &Browser, (kind, class): (&str, ClassId), file: &[u8]) -> String {
    let class = class.to_string();
    browser.get("/desk/reports/new").await.is(200);
    let fields = [("kind", kind), ("class", class.as_str())];
    let sent = browser
        .upload("/desk/reports/new", &fields, ("file", "结果.csv", file))
        .await
        .is(303);
    browser.get(&format!("{}/progress", sent.location)).await.is(200);
    world.run_jobs().await;
    sent.location
}

async fn confirm(world: &World, browser: &Browser, page: &str) {
    browser.post(&format!("{page}/confirm"), &[]).await.is(303);
    world.run_jobs().await;
}

async fn report(world: &World, page: &str) -> reporting::ClassReport {
    let id = page.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    reporting::view(&world.system(), ReportId::new(id))
        .await
        .expect("the report")
        .0
}

async fn counts(world: &World, page: &str) -> (i64, i64, i64, i64) {
    let counts = report(world, page).await.counts;
    (counts.right, counts.same, counts.faulty, counts.written)
}

async fn entries(world: &World) -> i64 {
    let mut tx = world.db.read().await.expect("a reader");
    tx.one("select count(*) from credits_entries", &[])
        .await
        .expect("a count")
}

async fn total(world: &World, person: PersonId) -> Hours {
    let mut tx = world.db.read().await.expect("a reader");
    let year = learning::credits::statement(&world.system(), &mut tx, person, 2026).await;
    year.expect("a year")
        .lines
        .iter()
        .map(|line| line.hours)
        .fold(Hours::ZERO, |sum, hours| sum + hours)
}

fn filing(own: &str) -> Filing {
    Filing {
        own_number: own.into(),
        title: "数据治理（基地自办）".into(),
        starts_on: date(2026, 3, 3),
        ends_on: date(2026, 3, 4),
        taught: Seconds::ZERO,
        sessions: read_sessions("2026-03-03 09:00-12:00\n2026-03-04 09:00-12:00").expect("sessions"),
        place: "基地教室".into(),
        teacher: "王老师".into(),
        participants: 40,
        declared: Hours::whole(8),
    }
}

async fn file(world: &World, course: CourseId, own: &str) -> ClassId {
    let filed = filed::file(&world.acting("provider-a"), course, &filing(own)).await;
    filed.expect("it is filed").class
}

both_engines!(
    a_roster_is_explained_row_by_row_and_the_good_ones_are_enrolled_at_once,
    |world| async {
        let world = &world;
        let class = published(world, "数据治理", &[date(2026, 3, 25)], |plan| {
            plan.eligibility.title_levels = vec!["intermediate".into()];
        })
        .await;
        let other = published(world, "同一天的另一个班", &[date(2026, 3, 25)], |_| {}).await;
        let people = world.city.people_of("employer-a").to_vec();
        classes::enrol_staff(&world.acting("employer-a"), other, &people[3..4])
            .await
            .expect("answers");
        let (good, associate, busy) = (who(world, 0).await, who(world, 1).await, who(world, 3).await);
        let renamed = ("陈别人".to_owned(), who(world, 2).await.1);
        let stranger = (
            "张三".to_owned(),
            IdentityDocument::demo(date(1990, 1, 1), 7).number().to_owned(),
        );
        let spaced = (who(world, 6).await.0.replace('示', " 示 "), who(world, 6).await.1);
        let provider = world.sign_in("provider-a").await;
        let rows = [&good, &associate, &busy, &renamed, &stranger, &good, &spaced];
        let page = upload(world, &provider, ("roster", class), &roster(&rows)).await;
        provider
            .get(&page)
            .await
            .is(200)
            .sees("7 行中 2 行可以报名，5 行有问题")
            .sees("第 3 行 不符合条件：职称层级限中级，登记为副高级")
            .sees("同一天的另一个班")
            .sees("第 5 行 “姓名” 与该号码在平台上登记的姓名不一致")
            .sees("第 6 行 “身份证件号码” 平台上没有登记这个号码")
            .sees("第 7 行 “身份证件号码” 与第 2 行是同一个人")
            .misses(&good.1);
        let view = classes::view(&world.acting("provider-a"), class)
            .await
            .expect("the class");
        assert_eq!(view.class.taken(), 0, "a dry run enrols nobody");
        confirm(world, &provider, &page).await;
        assert_eq!(counts(world, &page).await, (2, 0, 5, 2));
        let view = classes::view(&world.acting("provider-a"), class)
            .await
            .expect("the class");
        assert_eq!(view.class.taken(), 2);
        let again = upload(world, &provider, ("roster", class), &roster(&[&good, &spaced])).await;
        provider.get(&again).await.sees("每一行此前都已报送过");
        world.at(date(2026, 3, 25), 10, 0);
        let provider = world.sign_in("provider-a").await;
        provider.get("/desk/reports/new").await.is(200);
        let fields = [("kind", "roster"), ("class", &class.to_string())];
        let late = provider
            .upload("/desk/reports/new", &fields, ("file", "a.csv", &roster(&[&good])))
            .await;
        late.is(422).sees("名单应在开班前报送");
    }
);

both_engines!(
    completions_of_a_class_are_written_completed_and_never_twice,
    |world| async {
        let world = &world;
        let class = published(world, "数据治理", &[date(2026, 3, 23), date(2026, 3, 24)], |_| {}).await;
        let people = world.city.people_of("employer-a")[..3].to_vec();
        classes::enrol_staff(&world.acting("employer-a"), class, &people)
            .await
            .expect("answers");
        world.at(date(2026, 3, 24), 14, 0);
        world.run_jobs().await;
        let (one, two, three, nobody) = (
            who(world, 0).await,
            who(world, 1).await,
            who(world, 2).await,
            who(world, 5).await,
        );
        let provider = world.sign_in("provider-a").await;
        let rows = [
            (&one, "合格,88,,"),
            (&two, "好,101,8,3"),
            (&nobody, "合格,,,"),
            (&three, "合格,,,2"),
        ];
        let page = upload(world, &provider, ("completions", class), &results(&rows)).await;
        provider
            .get(&page)
            .await
            .sees("第 3 行 “结果” 应为合格、不合格或未参加")
            .sees("第 4 行 “身份证件号码” 不在本班次的学员名单中");
        confirm(world, &provider, &page).await;
        provider
            .get(&page)
            .await
            .sees("已写入 2 行，2 行有问题没有写入")
            .sees("班次还没有结业");
        assert_eq!(entries(world).await, 0, "hours come with the completion");
        // The error book has the same columns, order and rows; whoever mends it sends it again.
        let book = provider.get(&format!("{page}/errors.xlsx")).await.is(200);
        let kept = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(kept.path(), &book.bytes).expect("written");
        let source = sheet::Source::open(kept.path(), &sheet::Limits::default()).expect("a workbook");
        let back: Vec<sheet::Row> = source.rows().map(|row| row.expect("a row")).collect();
        assert_eq!(back[0].cells[0].text(), "错误说明");
        assert_eq!((back[2].cells[1].text(), back.len()), (two.0.as_str(), 5));
        assert!(back[2].cells[0].text().contains("“成绩” 应为 0 到 100"));
        let mended = results(&[(&one, "合格,88,,"), (&two, "合格,90,,"), (&three, "合格,,,2")]);
        let page = upload(world, &provider, ("completions", class), &mended).await;
        assert_eq!(counts(world, &page).await, (1, 2, 0, 0));
        confirm(world, &provider, &page).await;
        provider.get(&page).await.sees("已写入 1 行").misses("还没有结业");
        assert_eq!(entries(world).await, 2, "the third came to one of two sessions");
        // the same file changes nothing, a row that says something else is told.
        let again = upload(world, &provider, ("completions", class), &mended).await;
        assert_eq!(counts(world, &again).await, (0, 3, 0, 0));
        provider
            .post(&format!("{again}/confirm"), &[])
            .await
            .is(409)
            .sees("没有需要写入的行");
        let changed = upload(
            world,
            &provider,
            ("completions", class),
            &results(&[(&two, "不合格,,,")]),
        )
        .await;
        provider
            .get(&changed)
            .await
            .sees("与此前报送的结果（已结业）不一致，没有改动；确需更正");
    }
);

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

both_engines!(a_late_report_needs_a_reasoned_exception, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[date(2026, 3, 23)], |_| {}).await;
    let people = world.city.people_of("employer-a")[..1].to_vec();
    classes::enrol_staff(&world.acting("employer-a"), class, &people)
        .await
        .expect("answers");
    let provider = world.sign_in("provider-a").await;
    let ctx = world.acting("provider-a");
    let window = reporting::window(&ctx, class).await.expect("a window");
    let closes = window.closes.expect("a deadline").date();
    provider.get(&format!("/desk/classes/{class}")).await.sees("报送期限");
    world.at(closes, 18, 0);
    let early = late::request(&ctx, class, "讲课教师住院，结果迟了两周才收齐。").await;
    assert!(matches!(
        early,
        Err(kernel::Error::Refused {
            code: "late.needless",
            ..
        })
    ));
    world.at(closes.succ_opt().expect("a day"), 9, 0);
    let provider_again = world.sign_in("provider-a").await;
    let one = who(world, 0).await;
    let rows = results(&[(&one, "合格,,,")]);
    provider_again.get("/desk/reports/new").await.is(200);
    let fields = [("kind", "completions"), ("class", &class.to_string())];
    let refused = provider_again
        .upload("/desk/reports/new", &fields, ("file", "a.csv", &rows))
        .await;
    refused.is(422).sees("报送期限已于");
    let session = crate::courses::sessions(world, class).await[0];
    crate::courses::mark_all(world, session, Mark::Present).await;
    crate::courses::record_all(world, class, Outcome::Passed).await;
    let shut = classes::complete(&ctx, class).await;
    assert!(matches!(
        shut,
        Err(kernel::Error::Refused {
            code: "report.window",
            rule: Some("R-55"),
            ..
        })
    ));
    provider_again
        .get(&format!("/desk/classes/{class}"))
        .await
        .sees("申请逾期报送");
    let address = format!("/desk/classes/{class}/late");
    provider_again.get(&address).await.is(200);
    provider_again
        .post(&address, &[("reason", "忘了")])
        .await
        .is(422)
        .sees("至少 10 个字");
    let reason = [("reason", "讲课教师住院，结果迟了两周才收齐。")];
    let asked = provider_again.post(&address, &reason).await.is(303);
    provider_again.post(&address, &reason).await.is(409);
    let page = asked.location.clone();
    for login in ["district-a", "department-a"] {
        let window = registry::Window::first(20);
        let tasks = registry::tasks::list(&world.acting(login), &TaskFilter::default(), &window).await;
        let asked = tasks
            .expect("tasks")
            .rows
            .iter()
            .any(|task| task.kind == "late_report.decide");
        assert!(asked, "{login} is asked");
    }
    world.sign_in("district-b").await.get(&page).await.is(404);
    let district = world.sign_in("district-a").await;
    district.get(&page).await.sees("同意补报");
    let until = closes
        .checked_add_days(chrono::Days::new(8))
        .expect("a day")
        .to_string();
    district
        .post(&format!("{page}/grant"), &[("until", ""), ("reason", "属实")])
        .await
        .is(422);
    let good = [("until", until.as_str()), ("reason", "教师住院属实")];
    district.post(&format!("{page}/grant"), &good).await.is(303);
    district.post(&format!("{page}/grant"), &good).await.is(409);
    provider_again.get("/desk/messages").await.sees("教师住院属实");
    let tasks = registry::tasks::list(
        &world.acting("department-a"),
        &TaskFilter::default(),
        &registry::Window::first(20),
    )
    .await;
    assert!(
        tasks
            .expect("tasks")
            .rows
            .iter()
            .all(|task| task.kind != "late_report.decide")
    );
    classes::complete(&ctx, class).await.expect("the window is open again");
});

both_engines!(a_system_files_and_reports_a_class_that_ran_elsewhere, |world| async {
    let world = &world;
    let ours = course(world, "provider-a").await;
    let token = crate::api::token(world, "provider-a", &[TokenScope::Completions]).await;
    let system = world.system_with(&token);
    let mut body = json!({
        "course": ours, "own_number": "JD-9", "title": "数据治理（基地自办）", "starts_on": "2026-03-03",
        "ends_on": "2026-03-03", "sessions": [{ "starts_at": "2026-03-03T09:00", "ends_at": "2026-03-03T12:00" }],
        "teacher": "王老师", "participants": 3, "declared_hours": "4",
    });
    let path = "/api/v1/filed-classes";
    let filed = system.json(Method::POST, path, &[], &body).await.is(200).json();
    assert_eq!(system.json(Method::POST, path, &[], &body).await.is(200).json(), filed);
    body["declared_hours"] = json!("80");
    body["own_number"] = json!("JD-10");
    let refused = system.json(Method::POST, path, &[], &body).await.is(422).json();
    assert_eq!(refused["errors"][0]["field"], "declared_hours");
    let class = filed["class"].as_str().expect("a class").to_owned();
    let (one, two) = (who(world, 0).await, who(world, 1).await);
    let rows = json!({ "results": [
        { "name": one.0, "document_no": one.1, "outcome": "passed" },
        { "document_no": two.1, "outcome": "passed" },
        { "name": "陈别人", "document_no": two.1, "outcome": "passed" },
    ] });
    let path = format!("/api/v1/classes/{class}/completions");
    let answer = system.json(Method::POST, &path, &[], &rows).await.is(200).json();
    assert_eq!(
        answer["summary"],
        json!({ "recorded": 1, "unchanged": 0, "refused": 2 })
    );
    assert!(
        answer["results"][1]["sentence"]
            .as_str()
            .is_some_and(|words| words.contains("请同时报送姓名"))
    );
    let again = system.json(Method::POST, &path, &[], &rows).await.is(200).json();
    assert_eq!(again["summary"], json!({ "recorded": 0, "unchanged": 1, "refused": 2 }));
    assert_eq!(entries(world).await, 1);
});

both_engines!(a_system_asks_who_can_come_and_enrols_those, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
    let token = crate::api::token(world, "provider-a", &[TokenScope::Completions]).await;
    let system = world.system_with(&token);
    let (one, two) = (who(world, 0).await, who(world, 1).await);
    let mut body = json!({ "people": [
        { "name": one.0, "document_no": one.1 }, { "name": "陈别人", "document_no": two.1 },
        { "name": "张三", "document_no": "31010419900101001X" },
    ] });
    let path = format!("/api/v1/classes/{class}/roster");
    let answers = |body: &serde_json::Value| -> Vec<String> {
        let rows = body["people"].as_array().into_iter().flatten();
        rows.filter_map(|row| row["answer"].as_str().map(str::to_owned))
            .collect()
    };
    let tried = system.json(Method::POST, &path, &[], &body).await.is(200);
    assert!(!tried.text().contains(&one.1), "numbers come back masked");
    assert_eq!(answers(&tried.json()), ["ready", "refused", "refused"]);
    body["enrol"] = json!(true);
    let done = system.json(Method::POST, &path, &[], &body).await.is(200).json();
    assert_eq!(answers(&done), ["enrolled", "refused", "refused"]);
    let again = system.json(Method::POST, &path, &[], &body).await.is(200).json();
    assert_eq!(answers(&again)[0], "already");
    let view = classes::view(&world.acting("provider-a"), class)
        .await
        .expect("the class");
    assert_eq!(view.class.taken(), 1);
});

/// A hundred thousand people who are nobody else's, written in bulk; their names and numbers.
async fn many_people(world: &World, count: u32) -> Vec<(String, String)> {
    let org = world.city.org("employer-a");
    let mut people = Vec::new();
    let mut rows: Vec<[db::Value; 10]> = Vec::new();
    for n in 0..count {
        let born = date(1970, 1, 1)
            .checked_add_days(chrono::Days::new(u64::from(n / 90)))
            .expect("a day");
        let document = IdentityDocument::demo(born, 800 + n % 90);
        let id = PersonId::new(1_000_000 + i64::from(n));
        rows.push([
            id.into(),
            "示范".into(),
            "resident".into(),
            document.number().into(),
            id.into(),
            org.into(),
            "310104".into(),
            "jxw".into(),
            "verified".into(),
            world.clock.now().into(),
        ]);
        people.push(("示范".to_owned(), document.number().to_owned()));
    }
    let mut tx = world.db.batch().await.expect("a batch");
    let sql = "insert into people (id, name, document_kind, document_no, person, org, district, department, standing,
        created_at) values {}";
    tx.insert_all(sql, rows).await.expect("people");
    tx.commit().await.expect("committed");
    people
}

fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

async fn measured(engine: db::testing::Engine) {
    let world = World::new(engine).await;
    let people = many_people(&world, 100_000).await;
    let ours = course(&world, "provider-a").await;
    let filing = Filing {
        participants: 100_000,
        ..filing("JD-BIG")
    };
    let class = filed::file(&world.acting("provider-a"), ours, &filing)
        .await
        .expect("filed")
        .class;
    let rows: Vec<(&(String, String), &str)> = (0..)
        .zip(&people)
        .map(|(at, person)| (person, if at % 100 < 3 { "优秀,101,," } else { "合格,88,," }))
        .collect();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), results(&rows)).expect("written");
    let before = peak_megabytes();
    let ctx = world.acting("provider-a");
    let kind = reporting::ReportKind::Completions;
    let id = reporting::start(&ctx, (kind, class), "十万行.csv", file.path())
        .await
        .expect("started");
    let watch = std::time::Instant::now();
    world.run_jobs().await;
    let (checked, _) = reporting::view(&ctx, id).await.expect("the report");
    println!("dry run: {:?}, {:?}", watch.elapsed(), checked.counts);
    assert_eq!((checked.counts.right, checked.counts.faulty), (97_000, 3_000));
    let after_check = peak_megabytes();
    reporting::confirm(&ctx, id).await.expect("confirmed");
    // Somebody else writes all the while; nobody may wait longer than a slice.
    let (over, other) = (
        std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false)),
        world.acting("lead"),
    );
    let stop = std::sync::Arc::clone(&over);
    let waiting = tokio::spawn(async move {
        let (mut longest, mut writes) = (std::time::Duration::ZERO, 0_u32);
        while !stop.load(std::sync::atomic::Ordering::Relaxed) {
            let watch = std::time::Instant::now();
            registry::notices::mark_read(&other).await.expect("a write");
            longest = longest.max(watch.elapsed());
            writes += 1;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        (longest, writes)
    });
    let worker_watch = std::time::Instant::now();
    let job = reporting::commit_here(&ctx, id).await.expect("written");
    println!("writing: {:?}, {job:?}", worker_watch.elapsed());
    over.store(true, std::sync::atomic::Ordering::Relaxed);
    let (longest, writes) = waiting.await.expect("a writer");
    println!("others: {writes} writes, longest wait {longest:?}");
    println!(
        "peak: {before} MB before, {after_check} MB after the dry run, {} MB at the end",
        peak_megabytes()
    );
    assert_eq!(entries(&world).await, 97_000);
    let mut tx = world.db.read().await.expect("a reader");
    assert!(
        learning::credits::prove_balances(&mut tx, 5)
            .await
            .expect("a proof")
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of minutes; run it by name with --run-ignored all --no-capture"]
async fn a_hundred_thousand_rows_with_three_percent_faulty() {
    measured(db::testing::Engine::Sqlite).await;
}
