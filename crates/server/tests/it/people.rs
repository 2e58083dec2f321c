//! People: masked by default, unmasked with a trail, moved between employers, merged and separated, registered by
//! themselves.

use kernel::{DocumentKind, IdentityDocument, date, id::PersonId};
use registry::people::{self, PersonDraft, merges};
use testkit::{Answer, World, both_engines};

async fn audited(world: &World, act: &str) -> i64 {
    let mut tx = world.db.read().await.expect("a reader");
    tx.one("select count(*) from audit where act = $1", db::args![act])
        .await
        .expect("a count")
}

async fn load(world: &World, id: PersonId) -> people::Person {
    let mut tx = world.db.read().await.expect("a reader");
    people::load(&mut tx, id).await.expect("the person")
}

fn form<'a>(name: &'a str, number: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("name", name),
        ("document_kind", "resident"),
        ("document_no", number),
        ("post_kind", "technical"),
        ("post", "工程师"),
    ]
}

both_engines!(
    numbers_are_masked_until_somebody_asks_and_is_recorded,
    |world| async move {
        //
        let person = load(&world, world.city.people_of("employer-a")[0]).await;
        let employer = world.sign_in("employer-a").await;
        let address = format!("/desk/people/{}", person.id);
        employer
            .get(&address)
            .await
            .is(200)
            .sees(&person.document.masked())
            .misses(person.document.number());
        assert_eq!(audited(&world, "unmask_person").await, 0);
        employer
            .post(&format!("{address}/unmask"), &[])
            .await
            .is(200)
            .sees(person.document.number());
        assert_eq!(audited(&world, "unmask_person").await, 1);
        // An auditor sees the masked page only.
        let auditor = world.sign_in("auditor").await;
        auditor.get(&address).await.is(200).misses(person.document.number());
        auditor.post(&format!("{address}/unmask"), &[]).await.is(403);
        // The neighbour sees nothing at all.
        let neighbour = world.sign_in("employer-b").await;
        neighbour.get(&address).await.is(404);
        neighbour.post(&format!("{address}/unmask"), &[]).await.is(404);
        assert_eq!(audited(&world, "unmask_person").await, 1);
    }
);

both_engines!(exports_are_recorded_before_they_leave, |world| async move {
    let employer = world.sign_in("employer-a").await;
    employer.get("/desk/people/export.xlsx").await.is(200);
    assert_eq!(
        (
            audited(&world, "export_people").await,
            audited(&world, "export_people_unmasked").await
        ),
        (1, 0)
    );
    employer.get("/desk/people/export.xlsx?numbers=complete").await.is(200);
    assert_eq!(audited(&world, "export_people_unmasked").await, 1);
    let auditor = world.sign_in("auditor").await;
    auditor.get("/desk/people/export.xlsx?numbers=complete").await.is(403);
    assert_eq!(audited(&world, "export_people_unmasked").await, 1);
});

both_engines!(a_person_is_entered_checked_and_found, |world| async move {
    let employer = world.sign_in("employer-a").await;
    employer.get("/desk/people/new").await.is(200);
    let document = IdentityDocument::demo(date(1991, 2, 3), 321);
    let mut wrong: Vec<char> = document.number().chars().collect();
    wrong[17] = if wrong[17] == '1' { '2' } else { '1' };
    let wrong: String = wrong.into_iter().collect();
    let answer = employer.post("/desk/people/new", &form("新来的", &wrong)).await.is(422);
    answer.sees("校验位不符，请核对最后一位").sees("新来的");
    let made = employer
        .post("/desk/people/new", &form("新来的", document.number()))
        .await
        .is(303);
    employer
        .get(&made.location)
        .await
        .is(200)
        .sees("新来的")
        .sees("已核验")
        .sees("至今");
    // The same document again is told, not doubled.
    employer
        .post("/desk/people/new", &form("新来的", document.number()))
        .await
        .is(422)
        .sees("已在名册中");
    // Found by its complete number, in sight only.
    let asked = [("document_kind", "resident"), ("document_no", document.number())];
    let found = employer.post("/desk/people/find", &asked).await.is(303);
    assert_eq!(found.location, made.location);
    let neighbour = world.sign_in("employer-b").await;
    neighbour.get("/desk/people/find").await.is(200);
    neighbour
        .post("/desk/people/find", &asked)
        .await
        .is(422)
        .sees("在您可见的范围内没有");
    employer
        .get("/desk/people?q=%E6%96%B0%E6%9D%A5")
        .await
        .is(200)
        .sees("新来的")
        .misses(document.number());
});

both_engines!(
    a_move_to_another_employer_ends_the_employment_before,
    |world| async move {
        let person = load(&world, world.city.people_of("employer-a")[3]).await;
        let neighbour = world.sign_in("employer-b").await;
        neighbour.get("/desk/people/new").await.is(200);
        let mut typed = form(&person.name, person.document.number());
        neighbour
            .post("/desk/people/new", &typed)
            .await
            .is(422)
            .sees("现登记在其他单位");
        typed.push(("transfer", "1"));
        let wrong_name: Vec<_> = typed
            .iter()
            .map(|(f, v)| if *f == "name" { (*f, "别人") } else { (*f, *v) })
            .collect();
        neighbour
            .post("/desk/people/new", &wrong_name)
            .await
            .is(422)
            .sees("另一姓名");
        let moved = neighbour.post("/desk/people/new", &typed).await.is(303);
        assert_eq!(moved.id(), person.id.get());
        let (after, employments) = people::view(&world.system(), person.id).await.expect("the person");
        assert_eq!(after.org, Some(world.city.org("employer-b")));
        assert_eq!(employments.len(), 2);
        assert_eq!(employments[0].until, None);
        assert_eq!(
            (employments[1].org, employments[1].until),
            (world.city.org("employer-a"), Some(date(2026, 3, 4)))
        );
        // The old employer no longer sees the person.
        let before = world.sign_in("employer-a").await;
        before.get(&format!("/desk/people/{}", person.id)).await.is(404);
        assert_eq!(audited(&world, "transfer_person").await, 1);
    }
);

both_engines!(a_stale_form_changes_nothing, |world| async move {
    let person = load(&world, world.city.people_of("employer-a")[1]).await;
    let employer = world.sign_in("employer-a").await;
    let address = format!("/desk/people/{}/edit", person.id);
    let page = employer.get(&address).await.is(200).misses(person.document.number());
    drop(page);
    let version = person.version.to_string();
    let typed = [
        ("name", person.name.as_str()),
        ("document_kind", "resident"),
        ("document_no", ""),
        ("post_kind", "managerial"),
        ("post", "总工程师"),
        ("version", version.as_str()),
    ];
    employer.post(&address, &typed).await.is(303);
    let after = load(&world, person.id).await;
    assert_eq!(
        (after.post.as_str(), &after.document, &after.phone),
        ("总工程师", &person.document, &person.phone)
    );
    employer.post(&address, &typed).await.is(409);
});

both_engines!(a_merge_rewrites_nothing_and_can_be_undone, |world| async move {
    let system = world.system();
    let survivor = world.city.people_of("employer-a")[1];
    let passport = PersonDraft {
        org: Some(world.city.org("employer-a")),
        ..PersonDraft::new("陈示乙", DocumentKind::Passport, "E12345678")
    };
    let absorbed = people::create(&system, passport).await.expect("a second record");
    let before = (load(&world, survivor).await, load(&world, absorbed).await);
    // Too short a reason, the wrong role, out of sight.
    assert!(merges::merge(&system, survivor, absorbed, "x").await.is_err());
    assert!(
        merges::merge(&world.acting("employer-a"), survivor, absorbed, "换发证件后登记了两次")
            .await
            .is_err()
    );
    assert!(
        merges::merge(&world.acting("district-b"), survivor, absorbed, "换发证件后登记了两次")
            .await
            .is_err()
    );

    let district = world.sign_in("district-a").await;
    district.get("/desk/people/merges/new").await.is(200);
    let two = [
        ("kind_a", "resident"),
        ("number_a", before.0.document.number()),
        ("kind_b", "passport"),
        ("number_b", "E12345678"),
    ];
    district
        .post("/desk/people/merges/new", &two)
        .await
        .is(200)
        .sees("确认合并")
        .misses("E12345678");
    let (keep, other) = (survivor.to_string(), absorbed.to_string());
    let sure = [
        ("a", keep.as_str()),
        ("b", other.as_str()),
        ("keep", keep.as_str()),
        ("reason", "换发证件后登记了两次"),
    ];
    district.post("/desk/people/merges/confirm", &sure).await.is(303);

    let mut tx = world.db.read().await.expect("a reader");
    assert_eq!(people::load(&mut tx, absorbed).await.expect("followed").id, survivor);
    let found = people::find_by_document(&mut tx, &before.1.document)
        .await
        .expect("a reader")
        .expect("found");
    assert_eq!(found.id, survivor, "the old document leads to the survivor");
    let mut ids = people::all_ids(&mut tx, absorbed).await.expect("the family");
    ids.sort();
    assert_eq!(ids, [survivor, absorbed]);
    drop(tx);
    let listed = people::list(&system, &people::Filter::default(), &registry::Window::first(200))
        .await
        .expect("a list");
    assert!(
        listed.rows.iter().all(|person| person.id != absorbed),
        "an absorbed record is listed no more"
    );
    district.get(&format!("/desk/people/{absorbed}")).await.is(303);

    let page = district
        .get("/desk/people/merges")
        .await
        .is(200)
        .sees("换发证件后登记了两次")
        .text();
    let merge = page
        .split("/desk/people/merges/")
        .filter_map(|rest| rest.split('/').next()?.parse::<i64>().ok())
        .next()
        .expect("a merge");
    district
        .post(&format!("/desk/people/merges/{merge}/undo"), &[])
        .await
        .is(303);
    district
        .post(&format!("/desk/people/merges/{merge}/undo"), &[])
        .await
        .is(409);
    let after = (load(&world, survivor).await, load(&world, absorbed).await);
    assert_eq!(after.0, before.0, "the survivor never changed");
    assert_eq!(
        people::Person {
            version: before.1.version,
            ..after.1
        },
        before.1,
        "the absorbed record is as it was"
    );
    assert_eq!(
        audited(&world, "merge_people").await + audited(&world, "undo_merge").await,
        4
    );
});

/// The text of the only notice that lies in the outgoing folder, which is emptied.
fn notice(world: &World) -> String {
    let folder = world.app.installation.data.join("outgoing");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(files.len(), 1, "one notice");
    let path = files.remove(0);
    let text = std::fs::read_to_string(&path).expect("a notice");
    std::fs::remove_file(path).expect("taken");
    text
}

fn code_in(notice: &str) -> String {
    let rest = notice.split("注册码：").nth(1).expect("a code in the notice");
    rest.split('，').next().expect("the code").to_owned()
}

fn application<'a>(name: &'a str, number: &'a str, phone: &'a str, code: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("name", name),
        ("document_kind", "resident"),
        ("document_no", number),
        ("phone", phone),
        ("district", "310104"),
        ("credit_code", code),
    ]
}

both_engines!(
    a_person_registers_alone_and_is_unverified_until_the_employer_confirms,
    |world| async move {
        let visitor = world.visitor();
        visitor.get("/register").await.is(200);
        let document = IdentityDocument::demo(date(1993, 4, 5), 77);
        let employer_code = {
            let mut tx = world.db.read().await.expect("a reader");
            registry::orgs::load(&mut tx, world.city.org("employer-a"))
                .await
                .expect("the employer")
                .credit_code
        };
        let typed = application("自己来", document.number(), "19912345678", employer_code.as_str());
        visitor.post("/register", &typed).await.is(200).sees("通知已发出");
        let told = notice(&world);
        assert!(told.contains("19912345678"));
        let code = code_in(&told);
        let weak = [
            ("code", code.as_str()),
            ("login", "zijilai"),
            ("password", "short"),
            ("again", "short"),
        ];
        visitor.post("/register/finish", &weak).await.is(422).sees("密码");
        let strong = [
            ("code", code.as_str()),
            ("login", "zijilai"),
            ("password", "一句记得住的话-2026"),
            ("again", "一句记得住的话-2026"),
        ];
        visitor.post("/register/finish", &strong).await.is(200).sees("zijilai");
        // The code works once.
        visitor.post("/register/finish", &strong).await.is(422);

        let own = world.visitor();
        own.sign_in("zijilai", "一句记得住的话-2026").await;
        let person = {
            let mut tx = world.db.read().await.expect("a reader");
            people::find_by_document(&mut tx, &document)
                .await
                .expect("a reader")
                .expect("registered")
        };
        own.get(&format!("/desk/people/{}", person.id))
            .await
            .is(200)
            .sees("未核验");
        let employer = world.sign_in("employer-a").await;
        let page = format!("/desk/people/{}", person.id);
        employer.get(&page).await.is(200).sees("核验通过");
        assert_eq!(
            registry::tasks::counts(&world.acting("employer-a"))
                .await
                .expect("tasks")
                .len(),
            1
        );
        let version = person.version.to_string();
        employer
            .post(&format!("{page}/verify"), &[("version", &version)])
            .await
            .is(303);
        own.get(&page).await.is(200).sees("已核验");
        assert!(
            registry::tasks::counts(&world.acting("employer-a"))
                .await
                .expect("tasks")
                .is_empty()
        );
    }
);

both_engines!(an_imported_record_is_claimed_not_doubled, |world| async move {
    let person = load(&world, world.city.people_of("employer-a")[2]).await;
    let visitor = world.visitor();
    visitor.get("/register").await.is(200);
    // The code goes to the telephone on record, whatever was typed.
    let typed = application(&person.name, person.document.number(), "19900009999", "");
    visitor.post("/register", &typed).await.is(200).sees("通知已发出");
    let told = notice(&world);
    assert!(told.contains(&person.phone) && !told.contains("19900009999"));
    let code = code_in(&told);
    let typed = [
        ("code", code.as_str()),
        ("login", ""),
        ("password", "一句记得住的话-2026"),
        ("again", "一句记得住的话-2026"),
    ];
    visitor.post("/register/finish", &typed).await.is(200).sees("注册完成");
    let after = load(&world, person.id).await;
    assert!(
        after.standing.is_verified() && after.document == person.document,
        "the record is the employer's, claimed"
    );
    let mut tx = world.db.read().await.expect("a reader");
    assert!(
        registry::identity::accounts::find_by_person(&mut tx, person.id)
            .await
            .expect("a reader")
            .is_some()
    );
    drop(tx);
    // Who has an account is told so by notice only, and so is who gave another name; the page says the same.
    let again = application(&person.name, person.document.number(), "19900009999", "");
    visitor
        .post("/register", &again)
        .await
        .is(200)
        .sees("通知已发出")
        .misses("已有账号，请");
    assert!(notice(&world).contains("您已有账号"));
    let other = load(&world, world.city.people_of("employer-a")[4]).await;
    let named = application("别的名字", other.document.number(), "19900009999", "");
    visitor.post("/register", &named).await.is(200).sees("通知已发出");
    assert!(notice(&world).contains("另一姓名"));
});

both_engines!(
    registering_is_throttled_and_its_fields_are_checked,
    |world| async move {
        let visitor = world.visitor();
        visitor.get("/register").await.is(200);
        let wrong = application("", "310101199001010013", "12", "91350100M000100Y44");
        visitor
            .post("/register", &wrong)
            .await
            .is(422)
            .sees("请填写姓名")
            .sees("校验位不符")
            .sees("手机号码应为");
        let document = IdentityDocument::demo(date(1994, 5, 6), 88);
        let typed = application("多次试", document.number(), "19912345670", "");
        let mut last: Option<Answer> = None;
        for _ in 0..12 {
            last = Some(visitor.post("/register", &typed).await);
        }
        last.expect("an answer").is(409).sees("次数过多");
    }
);

both_engines!(an_employer_hands_out_activation_codes, |world| async move {
    let person = world.city.people_of("employer-a")[5];
    let employer = world.sign_in("employer-a").await;
    let address = format!("/desk/people/{person}");
    employer.get(&address).await.is(200).sees("还没有账号");
    employer
        .post(&format!("{address}/code"), &[])
        .await
        .is(200)
        .sees("只显示这一次");
    employer.get(&address).await.is(200).sees("待激活");
    let neighbour = world.sign_in("employer-b").await;
    neighbour.post(&format!("{address}/code"), &[]).await.is(404);
});

/// 10,001 further people, the first ten of one name.
pub(crate) async fn crowd(world: &World) {
    let columns = [
        "id",
        "name",
        "document_kind",
        "document_no",
        "person",
        "standing",
        "created_at",
    ];
    let mut rows = db::bulk::Loader::open(&world.db, "people", &columns)
        .await
        .expect("a loader");
    for n in 1..=10_001_i64 {
        let name = format!("{}示{n}", if n <= 10 { "欧阳" } else { "王" });
        let row = db::args![n, name, "passport", format!("E{n:08}"), n, "verified", n];
        rows.row(row).await.expect("a row");
    }
    rows.finish().await.expect("people");
}

both_engines!(
    a_list_too_long_for_an_order_says_so_and_comes_in_its_own,
    |world| async move {
        crowd(&world).await;
        let lead = world.sign_in("lead").await;
        let refused = "超过 10,000 条，不能按这一列排序";
        let page = lead.get("/desk/people?sort=level").await.is(200);
        // The page, its links and its head are those of the default order.
        page.sees(refused)
            .sees("超过 10,000 条，本页 1–50")
            .misses("sort=level&amp;after");
        lead.get("/desk/people?sort=name").await.is(200).misses(refused);
        // Few of one name come in any order; a name is found from its beginning.
        let few = "/desk/people?q=%E6%AC%A7%E9%98%B3&sort=level";
        lead.get(few).await.is(200).misses(refused).sees("共 10 条");
        lead.get("/desk/people?q=%E9%98%B3")
            .await
            .is(200)
            .sees("没有符合条件的记录");
        // A file in another order than asked for would be wrong without anybody noticing.
        lead.get("/desk/people/export.xlsx?sort=level")
            .await
            .is(409)
            .sees(refused);
    }
);
