//! Organisations: entered with a checked code, told apart from one that is there already, changed by those who may.

use kernel::CreditCode;
use testkit::both_engines;

fn fields<'a>(name: &'a str, code: &'a str, district: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("name", name),
        ("credit_code", code),
        ("kind", "enterprise"),
        ("district", district),
        ("is_employer", "1"),
        ("contact", ""),
        ("phone", ""),
    ]
}

both_engines!(a_district_enters_an_organisation_of_its_own, |world| async move {
    let district = world.sign_in("district-a").await;
    district.get("/desk/orgs/new").await.is(200);
    let code = CreditCode::demo("91", 555_001);
    let made = district
        .post("/desk/orgs/new", &fields("徐汇测试有限公司", code.as_str(), "310104"))
        .await
        .is(303);
    let page = district
        .get(&made.location)
        .await
        .is(200)
        .sees("徐汇测试有限公司")
        .sees(code.as_str());
    page.sees("徐汇区").sees("用人单位");

    // What is typed wrongly is told at its field, and nothing is lost.
    let answer = district
        .post("/desk/orgs/new", &fields("又一家公司", "91350100M000100Y44", "310104"))
        .await
        .is(422);
    answer.sees("校验位不符").sees("又一家公司");
    // the inner code is checked by itself.
    district
        .post("/desk/orgs/new", &fields("又一家公司", "91350100M000100Y53", "310104"))
        .await
        .is(422)
        .sees("组织机构代码");
    // Another district is out of reach.
    let other = CreditCode::demo("91", 555_002);
    district
        .post("/desk/orgs/new", &fields("浦东公司", other.as_str(), "310115"))
        .await
        .is(422)
        .sees("不在您的管理范围内");
});

both_engines!(
    a_code_that_is_taken_says_by_whom_if_that_is_in_sight,
    |world| async move {
        let lead = world.sign_in("lead").await;
        lead.get("/desk/orgs/new").await.is(200);
        let code = CreditCode::demo("91", 556_001);
        lead.post("/desk/orgs/new", &fields("先登记的公司", code.as_str(), "310115"))
            .await
            .is(303);
        lead.post("/desk/orgs/new", &fields("后登记的公司", code.as_str(), "310115"))
            .await
            .is(422)
            .sees("已登记为“先登记的公司”");
        let district = world.sign_in("district-a").await;
        district.get("/desk/orgs/new").await.is(200);
        let answer = district
            .post("/desk/orgs/new", &fields("后登记的公司", code.as_str(), "310104"))
            .await
            .is(422);
        answer.sees("已由其他机构登记").misses("先登记的公司");
    }
);

both_engines!(
    an_organisation_keeps_its_own_contact_and_nothing_else,
    |world| async move {
        let employer = world.sign_in("employer-a").await;
        let id = world.city.org("employer-a");
        let (own, code, name) = {
            let mut tx = world.db.read().await.expect("a reader");
            let org = registry::orgs::load(&mut tx, id).await.expect("the organisation");
            (org.version.to_string(), org.credit_code.as_str().to_owned(), org.name)
        };
        let address = format!("/desk/orgs/{id}/edit");
        employer.get(&address).await.is(200).sees(&name);
        let mut typed = fields(&name, &code, "310104");
        typed.retain(|(field, _)| *field != "contact");
        typed.extend([
            ("contact", "新联系人"),
            ("department", "jxw"),
            ("version", own.as_str()),
        ]);
        employer.post(&address, &typed).await.is(303);
        employer.get(&format!("/desk/orgs/{id}")).await.sees("新联系人");
        // A stale form is refused, and so is what the authorities decide.
        employer.post(&address, &typed).await.is(409);
        let mut typed = fields("改个名字的公司", &code, "310104");
        typed.extend([("department", "jxw"), ("version", "2")]);
        employer.post(&address, &typed).await.is(409).sees("由人社部门修改");
        // The neighbour's organisation does not exist here.
        let other = world.city.org("employer-b");
        employer.get(&format!("/desk/orgs/{other}")).await.is(404);
    }
);

both_engines!(ending_an_organisation_leaves_a_trail, |world| async move {
    let lead = world.sign_in("lead").await;
    let id = world.city.org("provider-b");
    lead.get(&format!("/desk/orgs/{id}")).await.is(200);
    lead.post(
        &format!("/desk/orgs/{id}/end"),
        &[("version", "1"), ("reason", "资格到期")],
    )
    .await
    .is(303);
    lead.get(&format!("/desk/orgs/{id}")).await.sees("已停用");
    lead.post(
        &format!("/desk/orgs/{id}/end"),
        &[("version", "2"), ("reason", "再来一次")],
    )
    .await
    .is(409);
    lead.post(
        &format!("/desk/orgs/{id}/resume"),
        &[("version", "2"), ("reason", "复核通过")],
    )
    .await
    .is(303);
    let mut tx = world.db.read().await.expect("a reader");
    let acts: Vec<(String, Option<String>)> = tx
        .all("select act, reason from audit where subject_kind = 'org' and act = 'set_org_status' and subject = $1 order by id", db::args![id])
        .await
        .expect("the trail");
    assert_eq!(acts.len(), 2);
    assert_eq!(acts[0].1.as_deref(), Some("资格到期"));
});

both_engines!(a_refused_end_stands_at_its_field_and_loses_nothing, |world| async {
    let world = &world;
    let lead = world.sign_in("lead").await;
    let list = lead.get("/desk/orgs").await.is(200).text();
    let id = list
        .split("/desk/orgs/")
        .find_map(|rest| rest.split('"').next()?.parse::<i64>().ok());
    let path = format!("/desk/orgs/{}", id.expect("an organisation"));
    lead.post(&format!("{path}/end"), &[("version", "1"), ("reason", "撤")])
        .await
        .is(422)
        .sees("停用该机构")
        .sees("value=\"撤\"");
});
