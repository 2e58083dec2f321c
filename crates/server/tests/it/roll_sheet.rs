//! Roll calls by a sheet: downloaded, filled in, checked, imported; nothing half-written, nothing twice.

use kernel::{ClassId, date};
use learning::courses;
use rules::attendance::Mark;
use testkit::{Browser, World, both_engines};

use crate::courses::{mark_all, published, sessions};

/// Number and name of everybody on the downloaded sheet, with the marks it shows.
async fn downloaded(browser: &Browser, path: &str) -> Vec<Vec<String>> {
    let book = browser.get(path).await.is(200);
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &book.bytes).expect("written");
    let source = sheet::Source::open(file.path(), &sheet::Limits::default()).expect("a workbook");
    let rows = source.rows().map(|row| row.expect("a row"));
    rows.skip(1)
        .map(|row| (0..6).map(|at| row.cell(at).text().to_owned()).collect())
        .collect()
}

fn filled(people: &[Vec<String>], marks: &[[&str; 2]]) -> Vec<u8> {
    let mut text = "学员编号,姓名,第1课次,第 2 课次\n".to_owned();
    for (person, [one, two]) in people.iter().zip(marks) {
        text.push_str(&format!("{},{},{one},{two}\n", person[0], person[1]));
    }
    text.into_bytes()
}

async fn class(world: &World) -> ClassId {
    let class = published(world, "数据治理", &[date(2026, 3, 25), date(2026, 3, 26)], |_| {}).await;
    for login in ["learner-a", "learner-b"] {
        courses::enrol_self(&world.acting(login), class)
            .await
            .expect("enrolled");
    }
    world.at(date(2026, 3, 26), 18, 0);
    class
}

fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let mark = format!("name=\"{name}\" value=\"");
    page.split(&mark)
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a hidden field")
}

async fn upload(browser: &Browser, path: &str, bytes: &[u8]) -> testkit::Answer {
    browser.get(path).await.is(200);
    browser.upload(path, &[], ("file", "点名表.csv", bytes)).await
}

both_engines!(
    a_filled_in_sheet_is_checked_then_written_and_the_second_time_changes_nothing,
    |world| async {
        let world = &world;
        let class = class(world).await;
        let first = sessions(world, class).await[0];
        let provider = world.sign_in("provider-a").await;
        let path = format!("/desk/classes/{class}/roll");
        let people = downloaded(&provider, &format!("{path}.xlsx")).await;
        assert_eq!(people.len(), 2);
        let file = filled(&people, &[["出勤", "迟到"], ["缺勤", ""]]);
        let page = upload(&provider, &path, &file)
            .await
            .is(200)
            .sees("2 行全部正确，尚未写入")
            .text();
        assert!(
            downloaded(&provider, &format!("{path}.xlsx")).await[0][3].is_empty(),
            "a check writes nothing"
        );
        let fields = [("file", hidden(&page, "file")), ("proof", hidden(&page, "proof"))];
        provider.post(&format!("{path}/import"), &fields).await.is(303);
        let after = downloaded(&provider, &format!("{path}.xlsx")).await;
        assert_eq!(
            [&after[0][3], &after[0][4], &after[1][3], &after[1][4]],
            ["出勤", "迟到", "缺勤", ""]
        );
        let one = downloaded(&provider, &format!("/desk/sessions/{first}/roll.xlsx")).await;
        assert_eq!((one[1][3].as_str(), one[1][4].as_str()), ("缺勤", ""));
        // The same again, and the sheet as it comes down, change nothing.
        upload(&provider, &path, &file)
            .await
            .is(200)
            .sees("完全一致")
            .misses("确认写入");
        // It is imported once.
        provider.post(&format!("{path}/import"), &fields).await.is(404);
        let auditor = world.sign_in("auditor").await;
        auditor
            .get("/desk/audit?act=import_roll")
            .await
            .is(200)
            .sees("写入点名表");
    }
);

both_engines!(
    one_faulty_row_of_a_roll_keeps_the_whole_sheet_out_and_comes_back_marked,
    |world| async {
        let world = &world;
        let class = class(world).await;
        let provider = world.sign_in("provider-a").await;
        let path = format!("/desk/classes/{class}/roll");
        let mut people = downloaded(&provider, &format!("{path}.xlsx")).await;
        people[1][1] = "错行的人".into();
        let file = filled(&people, &[["出勤", "来了"], ["缺勤", ""]]);
        let page = upload(&provider, &path, &file)
            .await
            .is(200)
            .sees("2 行中有 2 行有错误")
            .sees("不认识“来了”")
            .sees("是否错行")
            .misses("确认写入")
            .text();
        let link = page
            .split("/roll/errors.xlsx?file=")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a link");
        let address = format!("{path}/errors.xlsx?file={link}");
        let book = downloaded(&provider, &address).await;
        assert!(book[0][0].contains("来了") && book[1][0].contains("错行"), "{book:?}");
        // A neighbour sees the class, which is public, but neither its roll nor the sheet.
        let neighbour = world.sign_in("provider-b").await;
        neighbour.get(&path).await.is(404);
        neighbour.get(&address).await.is(403);
        // What is no sheet is said at the field.
        upload(&provider, &path, b"%PDF-1.7").await.is(422);
    }
);

both_engines!(
    a_sheet_that_was_checked_before_somebody_else_marked_is_not_imported,
    |world| async {
        let world = &world;
        let class = class(world).await;
        let provider = world.sign_in("provider-a").await;
        let path = format!("/desk/classes/{class}/roll");
        let people = downloaded(&provider, &format!("{path}.xlsx")).await;
        let page = upload(&provider, &path, &filled(&people, &[["出勤", ""], ["缺勤", ""]]))
            .await
            .is(200)
            .text();
        mark_all(world, sessions(world, class).await[0], Mark::Leave).await;
        let fields = [("file", hidden(&page, "file")), ("proof", hidden(&page, "proof"))];
        provider
            .post(&format!("{path}/import"), &fields)
            .await
            .is(409)
            .sees("检查之后名单或考勤有变化");
        assert_eq!(downloaded(&provider, &format!("{path}.xlsx")).await[0][3], "请假");
    }
);
