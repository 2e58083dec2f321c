//! Rosters and completions by file, tried out first.

use kernel::{IdentityDocument, date};
use learning::courses as classes;
use testkit::both_engines;

use super::{confirm, counts, entries, results, roster, upload, who};
use crate::courses::published;

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
