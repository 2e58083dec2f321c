//! After the window: only through a reasoned exception.

use kernel::date;
use learning::courses as classes;
use learning::courses::reporting::{self, late};
use registry::tasks::TaskFilter;
use rules::attendance::Mark;
use rules::courses::Outcome;
use testkit::both_engines;

use super::{results, who};
use crate::courses::published;

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
