//! Versions of a course, and the figures that no text fixes.

use kernel::Hours;
use learning::courses;
use testkit::both_engines;

use super::course;

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
        ("survey_workdays", "10"),
        ("check_in_lead", "30"),
        ("check_in_grace", "10"),
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
        ("survey_workdays", "10"),
        ("check_in_lead", "20"),
        ("check_in_grace", "5"),
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
