//! The figures of a draft in forms.

use learning::credits::editions::{self, EditionFilter};
use registry::Window;
use rules::credits::editions::EditionKind;
use testkit::both_engines;

use super::{draft, in_force};

both_engines!(
    figures_are_changed_in_forms_and_faults_are_told_at_the_field,
    |world| async {
        let world = &world;
        let browser = world.sign_in("lead").await;
        let from = in_force(world, EditionKind::Recognition).await;
        let fields = [
            ("code", "recognition-x"),
            ("name", "试用版"),
            ("in_force", "2026-09-01"),
        ];
        browser
            .post(&format!("/desk/editions/{from}/copy"), &fields)
            .await
            .is(303);
        browser
            .post(&format!("/desk/editions/{from}/copy"), &fields)
            .await
            .is(422)
            .sees("已被其他版本使用");
        let filter = EditionFilter {
            state: Some("draft".into()),
            ..EditionFilter::default()
        };
        let listed = editions::list(&world.acting("lead"), &filter, &Window::first(5))
            .await
            .expect("listed");
        let id = listed.rows[0].id;
        let page = format!("/desk/editions/{id}/figures");
        browser
            .get(&format!("{page}?rule=会计-会议"))
            .await
            .is(200)
            .sees("每天学时")
            .sees("依据文件");
        let typed = |hours| vec![("version", "1"), ("rule", "会计-会议"), ("hours", hours)];
        browser.post(&page, &typed("很多")).await.is(422).sees("每天学时");
        browser.post(&page, &typed("12.5")).await.is(303);
        browser
            .get(&format!("/desk/editions/{id}"))
            .await
            .is(200)
            .sees("由 10 改为 12.5");
        browser.post(&page, &typed("13")).await.is(409);
        let copy = [("version", "2"), ("rule", "会计-会议"), ("code", "会计-讲座")];
        browser
            .post(&format!("/desk/editions/{id}/copy-rule"), &copy)
            .await
            .is(303);
        let remove = [("version", "3"), ("rule", "会计-讲座")];
        browser
            .post(&format!("/desk/editions/{id}/remove-rule"), &remove)
            .await
            .is(303);
        browser.get("/desk/editions").await.is(200).sees("试用版").sees("草稿");
        world.visitor().get("/rules?edition=recognition-x").await.is(404);
    }
);

both_engines!(a_form_lets_a_rule_count_in_another_way, |world| async {
    let world = &world;
    let id = draft(world, EditionKind::Recognition, "recognition-2026").await;
    let browser = world.sign_in("lead").await;
    let figures = format!("/desk/editions/{id}/figures?rule=会计-会议");
    browser.get(&figures).await.is(200).sees("换一种计算方式");
    let page = format!("/desk/editions/{id}/measure");
    browser
        .get(&format!("{page}?rule=会计-会议"))
        .await
        .is(200)
        .sees("现在是：每天 10 学时")
        .sees("按排名");
    browser
        .get(&format!("{page}?rule=会计-会议&by=by_rank"))
        .await
        .is(200)
        .sees("各名次学时");
    let typed = |ranks| {
        vec![
            ("version", "1"),
            ("rule", "会计-会议"),
            ("by", "by_rank"),
            ("unit", "item"),
            ("ranks", ranks),
            ("others", ""),
        ]
    };
    // What was typed stays, and the sentence stands at its field.
    browser
        .post(&page, &typed("64/很多"))
        .await
        .is(422)
        .sees("请从第一名起填写各名次的学时")
        .sees("64/很多");
    browser.post(&page, &typed("64/56.5/48")).await.is(303);
    browser.get(&figures).await.is(200).sees("第 2 名学时").sees("56.5");
    browser
        .get(&format!("/desk/editions/{id}"))
        .await
        .is(200)
        .sees("会议")
        .sees("按排名 64/56.5/48 学时");
    browser.post(&page, &typed("1")).await.is(409);
    let class = [("version", "2"), ("rule", "class"), ("by", "as_labelled")];
    browser.post(&page, &class).await.is(404);
    // A code that is taken stays in its own form, with the sentence beside it.
    let taken = [("version", "2"), ("rule", "会计-会议"), ("code", "会计-会议")];
    browser
        .post(&format!("/desk/editions/{id}/copy-rule"), &taken)
        .await
        .is(422)
        .sees("与其他项不同的代码");
    world.sign_in("district-a").await.get(&page).await.is(403);
});
