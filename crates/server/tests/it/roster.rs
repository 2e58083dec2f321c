//! Roster import: dry run, faulty rows back as a workbook, all or nothing, the same file twice changes nothing.

use kernel::{IdentityDocument, date};
use registry::{
    files,
    people::{
        self,
        roster::{self, ImportId, ImportState, Watcher},
    },
};
use testkit::{World, both_engines};

/// The number of the `n`-th person who is not in the city yet.
fn number(n: u32) -> String {
    let born = date(1990, 1, 1)
        .checked_add_days(chrono::Days::new(u64::from(n / 900)))
        .expect("a date");
    IdentityDocument::demo(born, n % 900).number().to_owned()
}

/// A CSV roster of rows `name,number,title level,front line`.
fn csv(rows: &[(&str, String, &str, &str)]) -> Vec<u8> {
    let mut out = "姓名,身份证件号码,职称级别,是否基层一线,备注\n".to_owned();
    for (name, number, level, front) in rows {
        out.push_str(&format!("{name},{number},{level},{front},x\n"));
    }
    out.into_bytes()
}

async fn count(world: &World) -> i64 {
    let mut tx = world.db.read().await.expect("a reader");
    tx.one("select count(*) from people", &[]).await.expect("a count")
}

async fn import(world: &World, id: i64) -> roster::Import {
    let id = ImportId::new(id);
    roster::view(&world.system(), id).await.expect("the import").0
}

both_engines!(
    a_right_roster_is_checked_then_written_then_changes_nothing,
    |world| async move {
        let employer = world.sign_in("employer-a").await;
        employer.get("/desk/people/import/new").await.is(200);
        let rows = [
            ("张三", number(1), "中级", "是"),
            ("李四", number(2).to_lowercase(), "副高级", "否"),
            ("王 五", number(3), "", ""),
        ];
        let file = csv(&rows);
        let before = count(&world).await;
        let started = employer
            .upload("/desk/people/import/new", &[], ("file", "名册.csv", &file))
            .await
            .is(303);
        let page = started.location.clone();
        employer.get(&page).await.is(200).sees("正在检查");
        employer.get(&format!("{page}/progress")).await.is(200);
        world.run_jobs().await;
        employer.get(&page).await.is(200).sees("3 行全部正确").sees("确认导入");
        assert_eq!(count(&world).await, before, "a dry run writes nobody");
        employer.post(&format!("{page}/confirm"), &[]).await.is(303);
        world.run_jobs().await;
        employer.get(&page).await.is(200).sees("新增 3 人");
        employer.get(&format!("{page}/progress")).await.is(200).sees("查看结果");
        assert_eq!(count(&world).await, before + 3);
        assert_eq!(import(&world, started.id()).await.state, ImportState::Done);
        // Confirmed once only.
        employer.post(&format!("{page}/confirm"), &[]).await.is(409);

        // The same file twice changes nothing; people have no account and no password.
        let again = employer
            .upload("/desk/people/import/new", &[], ("file", "名册.csv", &file))
            .await
            .is(303);
        world.run_jobs().await;
        employer.get(&again.location).await.is(200).sees("完全一致");
        let counts = import(&world, again.id()).await.counts;
        assert_eq!((counts.new, counts.changed, counts.moved, counts.same), (0, 0, 0, 3));
        employer.post(&format!("{}/confirm", again.location), &[]).await.is(303);
        world.run_jobs().await;
        assert_eq!(count(&world).await, before + 3);
        let mut tx = world.db.read().await.expect("a reader");
        let stays: i64 = tx
            .one(
                "select count(*) from employments e join people p on p.id = e.person where p.name = '王五'",
                &[],
            )
            .await
            .expect("a count");
        assert_eq!(stays, 1);
        let with_account: i64 = tx.one("select count(*) from accounts a join people p on p.id = a.person where p.name in ('张三', '李四', '王五')", &[]).await.expect("a count");
        assert_eq!(with_account, 0);
        let versions: i64 = tx
            .one(
                "select cast(sum(version) as bigint) from people where name in ('张三', '李四', '王五')",
                &[],
            )
            .await
            .expect("a sum");
        assert_eq!(versions, 3, "nothing was touched the second time");
    }
);

both_engines!(
    one_faulty_row_keeps_the_whole_file_out_and_comes_back_marked,
    |world| async move {
        let employer = world.sign_in("employer-a").await;
        employer.get("/desk/people/import/new").await.is(200);
        let mut wrong: Vec<char> = number(12).chars().collect();
        wrong[17] = if wrong[17] == '1' { '2' } else { '1' };
        let rows = [
            ("张三", number(11), "中级", "是"),
            ("李四", wrong.into_iter().collect(), "大师", "也许"),
            ("王五", number(11), "", ""),
            ("赵六", number(13), "", ""),
        ];
        let before = count(&world).await;
        let started = employer
            .upload("/desk/people/import/new", &[], ("file", "名册.csv", &csv(&rows)))
            .await
            .is(303);
        world.run_jobs().await;
        let page = employer
            .get(&started.location)
            .await
            .is(200)
            .sees("4 行中有 2 行有错误")
            .misses("确认导入</button>");
        page.sees("第 3 行 “身份证件号码” 校验位不符，请核对最后一位")
            .sees("第 4 行 “身份证件号码” 与第 2 行重复");
        employer
            .post(&format!("{}/confirm", started.location), &[])
            .await
            .is(409)
            .sees("没有导入任何一行");
        assert_eq!(count(&world).await, before, "nothing is half-imported");

        let book = employer.get(&format!("{}/errors.xlsx", started.location)).await.is(200);
        let path = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(path.path(), &book.bytes).expect("written");
        let source = sheet::Source::open(path.path(), &sheet::Limits::default()).expect("a workbook");
        let back: Vec<sheet::Row> = source.rows().map(|row| row.expect("a row")).collect();
        let texts = |row: usize| {
            back[row]
                .cells
                .iter()
                .map(|cell| cell.text().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            texts(0),
            ["错误说明", "姓名", "身份证件号码", "职称级别", "是否基层一线", "备注"]
        );
        assert_eq!(
            texts(1),
            ["", "张三", &number(11), "中级", "是", "x"],
            "the same rows in the same order"
        );
        assert_eq!(
            texts(2)[0],
            "“身份证件号码” 校验位不符，请核对最后一位；“职称级别” 不在列表中，请从下拉列表选择，或留空；“是否基层一线” 不在列表中，请从下拉列表选择，或留空。"
        );
        assert_eq!(back.len(), 5);
        // Nobody else gets it.
        let neighbour = world.sign_in("employer-b").await;
        neighbour.get(&started.location).await.is(404);
        neighbour
            .get(&format!("{}/errors.xlsx", started.location))
            .await
            .is(404);
    }
);

both_engines!(somebody_employed_elsewhere_comes_over_and_is_told, |world| async move {
    let system = world.system();
    let mut tx = world.db.read().await.expect("a reader");
    let person = people::load(&mut tx, world.city.people_of("employer-b")[6])
        .await
        .expect("a person");
    drop(tx);
    let employer = world.sign_in("employer-a").await;
    employer.get("/desk/people/import/new").await.is(200);
    let rows = [(person.name.as_str(), person.document.number().to_owned(), "正高级", "")];
    let started = employer
        .upload("/desk/people/import/new", &[], ("file", "a.csv", &csv(&rows)))
        .await
        .is(303);
    world.run_jobs().await;
    employer.get(&started.location).await.is(200).sees("调入");
    assert_eq!(import(&world, started.id()).await.counts.moved, 1);
    employer
        .post(&format!("{}/confirm", started.location), &[])
        .await
        .is(303);
    world.run_jobs().await;
    let (after, employments) = people::view(&system, person.id).await.expect("the person");
    assert_eq!(after.org, Some(world.city.org("employer-a")));
    assert_eq!(after.phone, person.phone, "an empty cell leaves what is known");
    assert_eq!(employments.len(), 2);
    assert_eq!(employments[1].until, Some(date(2026, 3, 4)));
    // Another name under a known number is no transfer.
    let rows = [("冒名者", person.document.number().to_owned(), "", "")];
    let other = world.sign_in("employer-b").await;
    other.get("/desk/people/import/new").await.is(200);
    let started = other
        .upload("/desk/people/import/new", &[], ("file", "b.csv", &csv(&rows)))
        .await
        .is(303);
    world.run_jobs().await;
    other.get(&started.location).await.sees("已登记在另一姓名下");
});

both_engines!(
    a_register_that_changed_since_the_dry_run_lets_nothing_in,
    |world| async move {
        let ctx = world.acting("employer-a");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.csv");
        let rows = [("张三", number(21), "", ""), ("李四", number(22), "", "")];
        std::fs::write(&path, csv(&rows)).expect("written");
        let id = roster::begin(&ctx, None, "r.csv", &path).await.expect("begun");
        roster::check(&ctx, id, Watcher::Nobody).await.expect("checked");
        // Meanwhile a neighbour enters the second one under another name.
        let mut draft = people::PersonDraft::new("别人", kernel::DocumentKind::Resident, &number(22));
        draft.org = Some(world.city.org("employer-b"));
        people::create(&world.acting("employer-b"), draft)
            .await
            .expect("entered");
        let before = count(&world).await;
        roster::confirm_here(&ctx, id).await.expect("confirmed");
        assert!(roster::commit(&ctx, id, Watcher::Nobody).await.is_err());
        assert_eq!(count(&world).await, before, "not even the right row");
        let (import, _) = roster::view(&ctx, id).await.expect("the import");
        assert_eq!(import.state, ImportState::Failed);
        assert!(import.problem.contains("第 3 行"), "{}", import.problem);
    }
);

both_engines!(rosters_come_as_excel_writes_them_and_in_gb18030, |world| async move {
    let employer = world.sign_in("employer-a").await;
    let template = employer.get("/desk/people/import/template.xlsx").await.is(200);
    let kept = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(kept.path(), &template.bytes).expect("written");
    let heads: Vec<sheet::Row> = sheet::Source::open(kept.path(), &sheet::Limits::default())
        .expect("a workbook")
        .rows()
        .map(|r| r.expect("a row"))
        .collect();
    assert_eq!(heads[0].cells[2].text(), "身份证件号码*");
    employer.get("/desk/people/import/new").await.is(200);

    // The exported list of an employer is a roster that changes nothing, were its numbers complete.
    let columns = [
        sheet::Column::new("name", "姓名"),
        sheet::Column::new("no", "公民身份号码").text(),
        sheet::Column::new("s", "职称系列"),
    ];
    let mut book = sheet::Writer::create("名册", &columns).expect("a writer");
    let text = number(31);
    book.row(&[
        sheet::Field::text("孙七"),
        sheet::Field::text(text.as_str()),
        sheet::Field::text("工程技术人员"),
    ])
    .expect("a row");
    let bytes = book.finish().expect("a workbook");
    let started = employer
        .upload("/desk/people/import/new", &[], ("file", "n.xlsx", &bytes))
        .await
        .is(303);
    world.run_jobs().await;
    assert_eq!(import(&world, started.id()).await.counts.new, 1);

    let (gb, _, _) = encoding_of(&csv(&[("周八", number(32), "助理级", "否")]));
    let started = employer
        .upload("/desk/people/import/new", &[], ("file", "g.csv", &gb))
        .await
        .is(303);
    world.run_jobs().await;
    assert_eq!(import(&world, started.id()).await.counts.new, 1);

    // What is no table is refused at the field, at once.
    employer
        .upload("/desk/people/import/new", &[], ("file", "x.xlsx", b"%PDF-1.7 nonsense"))
        .await
        .is(422)
        .sees("PDF");
    employer
        .upload(
            "/desk/people/import/new",
            &[],
            ("file", "x.csv", "a,b\n1,2\n".as_bytes()),
        )
        .await
        .is(422)
        .sees("表头");
    employer
        .upload("/desk/people/import/new", &[], ("file", "x.csv", b""))
        .await
        .is(422)
        .sees("请选择一个名册文件");
});

fn encoding_of(utf8: &[u8]) -> (Vec<u8>, (), ()) {
    let text = std::str::from_utf8(utf8).expect("our own text");
    let (bytes, _, unmappable) = encoding_rs::GB18030.encode(text);
    assert!(!unmappable);
    (bytes.into_owned(), (), ())
}

both_engines!(
    a_district_imports_for_several_employers_of_its_own,
    |world| async move {
        let code = |org| {
            let world = world.clone();
            async move {
                let mut tx = world.db.read().await.expect("a reader");
                registry::orgs::load(&mut tx, org)
                    .await
                    .expect("the employer")
                    .credit_code
                    .as_str()
                    .to_owned()
            }
        };
        let own = code(world.city.org("employer-a")).await;
        let foreign = code(world.city.org("employer-b")).await;
        let head = "姓名,身份证件号码,工作单位统一社会信用代码\n";
        let text = format!(
            "{head}张三,{},{own}\n李四,{},{foreign}\n王五,{},\n",
            number(41),
            number(42),
            number(43)
        );
        let district = world.sign_in("district-a").await;
        district.get("/desk/people/import/new").await.is(200);
        let started = district
            .upload("/desk/people/import/new", &[], ("file", "q.csv", text.as_bytes()))
            .await
            .is(303);
        world.run_jobs().await;
        let page = district
            .get(&started.location)
            .await
            .is(200)
            .sees("3 行中有 2 行有错误");
        page.sees("不在您的管理范围内").sees("请填写人员所在单位的代码");
        let text = format!("{head}张三,{},{own}\n", number(41));
        let started = district
            .upload("/desk/people/import/new", &[], ("file", "q.csv", text.as_bytes()))
            .await
            .is(303);
        world.run_jobs().await;
        district
            .post(&format!("{}/confirm", started.location), &[])
            .await
            .is(303);
        world.run_jobs().await;
        district.get(&started.location).await.sees("新增 1 人");
    }
);

both_engines!(an_import_is_given_up_before_it_is_written, |world| async move {
    let employer = world.sign_in("employer-a").await;
    employer.get("/desk/people/import/new").await.is(200);
    let file = csv(&[("张三", number(51), "", "")]);
    let started = employer
        .upload("/desk/people/import/new", &[], ("file", "c.csv", &file))
        .await
        .is(303);
    employer
        .post(&format!("{}/cancel", started.location), &[])
        .await
        .is(303);
    world.run_jobs().await;
    employer.get(&started.location).await.is(200).sees("已取消");
    employer
        .post(&format!("{}/confirm", started.location), &[])
        .await
        .is(409);
    employer.get("/desk/people/import").await.is(200).sees("c.csv");
    // Files are kept for thirty days and then swept.
    world.at(date(2026, 4, 10), 4, 0);
    files::sweep(&world.system()).await.expect("swept");
    let mut tx = world.db.read().await.expect("a reader");
    assert_eq!(
        tx.one::<i64>("select count(*) from files", &[]).await.expect("a count"),
        0
    );
});
