//! The public pages: what somebody sees who never signs in.

use kernel::date;
use testkit::both_engines;

use crate::courses::published;

both_engines!(the_home_page_shows_the_programme_and_what_is_open, |world| async {
    let world = &world;
    published(world, "智能制造与数据治理", &[date(2026, 3, 25)], |_| {}).await;
    let page = world.visitor().get("/").await.is(200);
    page.sees("智能制造与数据治理")
        .sees("/ 3,500,000 人次")
        .sees("一人完成一项活动计一人次")
        .sees("去重")
        .sees("统计截至 2026年3月5日 09:00")
        .sees("文件没有规定分年目标")
        .misses("style=");
});

both_engines!(
    two_characters_find_a_class_and_filters_stay_in_the_address,
    |world| async {
        let world = &world;
        published(world, "智能制造与数据治理", &[date(2026, 3, 25)], |_| {}).await;
        let visitor = world.visitor();
        visitor
            .get("/catalogue?q=数据")
            .await
            .is(200)
            .sees("智能制造与数据治理")
            .sees("共 1 个班次")
            .sees("余 50 / 50 个名额");
        visitor
            .get("/catalogue?q=护理")
            .await
            .is(200)
            .sees("没有符合条件的班次")
            .misses("智能制造与数据治理");
        let page = visitor
            .get("/catalogue?q=制造&subject=professional&open=1&district=310104")
            .await
            .is(200);
        let page = page
            .sees("智能制造与数据治理")
            .sees("移除条件：科目")
            .sees("移除条件：报名");
        assert!(
            page.text().contains("<option value=\"310104\" selected>"),
            "the district stays chosen"
        );
        let others = ["open=1&amp;district=310104", "open=1&#38;district=310104"];
        assert!(
            others.iter().any(|rest| page.text().contains(rest)),
            "a chip takes only itself away"
        );
        visitor
            .get("/catalogue?subject=public")
            .await
            .is(200)
            .sees("没有符合条件的班次");
        visitor
            .get("/catalogue?field=nonsense&after=nonsense")
            .await
            .is(200)
            .sees("共 1 个班次");
    }
);

both_engines!(pages_of_twenty_classes_follow_one_another, |world| async {
    let world = &world;
    for number in 1..=21 {
        published(world, &format!("班次{number:02}号"), &[date(2026, 3, 25)], |_| {}).await;
    }
    let first = world
        .visitor()
        .get("/catalogue?sort=newest&open=1")
        .await
        .is(200)
        .sees("共 21 个班次")
        .sees("班次21号")
        .misses("班次01号");
    let text = first.text();
    let at = text.find("rel=\"next\" href=\"").expect("a next page") + 17;
    let next = text[at..]
        .split('"')
        .next()
        .expect("an address")
        .replace("&amp;", "&")
        .replace("&#38;", "&");
    assert!(
        next.contains("sort=newest") && next.contains("open=1"),
        "the filters go along: {next}"
    );
    world
        .visitor()
        .get(&next)
        .await
        .is(200)
        .sees("班次01号")
        .misses("班次21号")
        .sees("上一页");
});

both_engines!(a_class_says_plainly_where_it_stands, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |plan| {
        plan.eligibility.title_levels = vec!["senior".into()]
    })
    .await;
    let path = format!("/classes/{class}");
    let page = world.visitor().get(&path).await.is(200);
    page.sees("登录后报名")
        .sees("职称层级：正高级")
        .sees("授课 165 分钟")
        .sees("R-7")
        .sees("还有 50 个名额");
    let ctx = world.acting("provider-a");
    let version = learning::courses::view(&ctx, class)
        .await
        .expect("the class")
        .class
        .version;
    learning::courses::cancel(&ctx, class, version, "讲师因故不能到场")
        .await
        .expect("cancelled");
    world
        .visitor()
        .get(&path)
        .await
        .is(200)
        .sees("本班次已取消")
        .sees("讲师因故不能到场")
        .misses("登录后报名");
    world.visitor().get("/classes/1").await.is(404);
});

both_engines!(the_plan_has_every_demand_and_promises_nothing, |world| async {
    let world = &world;
    let text = world
        .visitor()
        .get("/plan")
        .await
        .is(200)
        .sees("文件的 42 项要求中")
        .text();
    assert_eq!(text.matches("data-label=\"编号\"").count(), 42);
    assert!(
        text.matches("state state-neutral").count() >= 15,
        "what is not there is shown as not there"
    );
});

both_engines!(notices_providers_help_and_the_feed_are_public, |world| async {
    let world = &world;
    published(world, "数据 <治理>", &[date(2026, 3, 25)], |_| {}).await;
    let visitor = world.visitor();
    visitor.get("/notices").await.is(200).sees("没有公告");
    visitor
        .get("/providers")
        .await
        .is(200)
        .sees("共 2 家施教机构")
        .sees("继续教育基地");
    visitor.get("/help").await.is(200).sees("学时怎样计算");
    let feed = visitor.get("/feeds/classes.xml").await.is(200).misses("<治理>");
    assert_eq!(feed.headers["content-type"], "application/atom+xml; charset=utf-8");
    assert_eq!(feed.text().matches("<entry>").count(), 1);
    visitor
        .get("/robots.txt")
        .await
        .is(200)
        .sees("Disallow: /desk")
        .sees("Sitemap: http://zhixin.test/sitemap.xml");
    let map = visitor.get("/sitemap.xml").await.is(200);
    assert_eq!(map.headers["content-type"], "application/xml; charset=utf-8");
    map.sees("<loc>http://zhixin.test/terms</loc>").sees("/classes/");
});

both_engines!(the_vocabularies_are_public_and_lead_to_what_they_sort, |world| async {
    let world = &world;
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |plan| {
        plan.key_area = Some("hongqiao".into());
    })
    .await;
    let visitor = world.visitor();
    for (query, found) in [("hongqiao", true), ("pudong", false)] {
        let page = visitor.get(&format!("/catalogue?key_area={query}")).await.is(200);
        assert_eq!(page.text().contains(&format!("/classes/{class}")), found, "{query}");
    }
    let page = visitor.get("/terms").await.is(200);
    page.sees("虹桥国际开放枢纽")
        .sees("集成电路")
        .sees("智慧医疗")
        .sees("出处")
        .sees("正高级");
    visitor
        .get("/providers?key_area=hongqiao")
        .await
        .is(200)
        .sees("施教机构");
    visitor.get("/").await.is(200).sees("href=\"/terms\"");
    let lead = world.sign_in("lead").await;
    lead.get("/desk/orgs?key_area=hongqiao").await.is(200).sees("重点区域");
});
