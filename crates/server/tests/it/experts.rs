//! The pool of experts by each party over HTTP: invitation and answer, the role that comes and goes, ties, suspension, the
//! merit record, two clerks at once, neighbours.

use kernel::{Actor, Error, ExpertId, PersonId, Place, Role, date};
use registry::experts::{self, Availability, Background, Profile, StandingCode};
use registry::identity::{NewGrant, accounts, staff};
use testkit::{Browser, World, both_engines};

/// A profile that knows these fields.
pub(crate) fn profile(background: Background, fields: &[&str], capacity: u32) -> Profile {
    Profile {
        background,
        specialty: "培训项目设计".into(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        availability: Availability { capacity, away: None },
    }
}

/// A member of the pool: invited by `keeper`, with an account of their own that accepted. Gives the expert and the actor
/// in the role of an expert.
pub(crate) async fn joined(world: &World, keeper: &str, person: PersonId, profile: Profile) -> (ExpertId, Actor) {
    let until = date(2028, 12, 31);
    let id = experts::invite(&world.acting(keeper), person, profile, until)
        .await
        .expect("invited");
    let own = Place {
        person: Some(person),
        ..Place::default()
    };
    let actor = learner(world, person, &own).await;
    experts::accept(&world.ctx(actor.clone()), 1).await.expect("accepted");
    let role = Role::Expert;
    (id, Actor { role, own, ..actor })
}

/// The person as a professional with an account.
async fn learner(world: &World, person: PersonId, own: &Place) -> Actor {
    let mut tx = world.db.write().await.expect("a writer");
    let known = accounts::find_by_person(&mut tx, person).await.expect("a look");
    let login = format!("person-{person}");
    let account = match known {
        Some(known) => known.id,
        None => {
            let grant = NewGrant {
                role: Role::Learner,
                admin: false,
                own: own.clone(),
                label: String::new(),
            };
            let now = world.clock.now();
            accounts::create_demo(&mut tx, now, &login, "测试专家", "no hash", &[grant])
                .await
                .expect("an account")
        }
    };
    tx.commit().await.expect("kept");
    Actor {
        account: Some(account),
        role: Role::Learner,
        own: own.clone(),
        admin: false,
        label: login,
        request: "test".into(),
    }
}

/// Switches a learner's browser to the role of an expert.
pub(crate) async fn as_expert(world: &World, browser: &Browser, login: &str) {
    let account = world.city.actor(login).account.expect("an account");
    let detail = staff::detail(&world.acting("lead"), account)
        .await
        .expect("the account");
    let grant = detail
        .grants
        .iter()
        .find(|held| held.grant.role == Role::Expert && held.ended.is_none());
    let id = grant.expect("a grant as expert").id.to_string();
    browser.get("/account").await.is(200);
    browser.post("/session/role", &[("role", &id)]).await.is(303);
}

const INVITATION: &[(&str, &str)] = &[
    ("background", "practice"),
    ("fields", "ai"),
    ("fields", "integrated_circuits"),
    ("specialty", "先进封装"),
    ("capacity", "8"),
    ("term_until", "2028-12-31"),
];

async fn invited(world: &World, clerk: &Browser) -> String {
    let person = world.city.person("learner-a").to_string();
    clerk
        .get(&format!("/desk/experts/new?person={person}"))
        .await
        .is(200)
        .sees("陈示甲");
    let mut fields = INVITATION.to_vec();
    fields.push(("person", &person));
    clerk.post("/desk/experts/new", &fields).await.is(303).location
}

both_engines!(
    r100_a_professional_is_invited_accepts_and_gets_the_role,
    |world| async {
        let world = &world;
        let clerk = world.sign_in("district-a").await;
        let path = invited(world, &clerk).await;
        clerk.get(&path).await.is(200).sees("待答复").sees("尚未接受邀请");
        let learner = world.sign_in("learner-a").await;
        learner.get("/desk/tasks").await.is(200).sees("答复加入专家库的邀请");
        learner.get("/desk/my/expert").await.is(200).sees("接受邀请");
        learner
            .post("/desk/my/expert/accept", &[("version", "1")])
            .await
            .is(303);
        learner.get("/desk/tasks").await.is(200).misses("答复加入专家库的邀请");
        learner
            .post("/desk/my/expert/accept", &[("version", "2")])
            .await
            .is(409)
            .sees("没有待答复的邀请");
        as_expert(world, &learner, "learner-a").await;
        learner
            .get("/desk/my/expert")
            .await
            .is(200)
            .sees("您在专家库中")
            .sees("人工智能");
        clerk.get(&path).await.is(200).sees("可以分配评审");
        clerk.get("/desk/experts?field=ai").await.is(200).sees("陈示甲");
        clerk
            .get("/desk/experts?field=biomedicine")
            .await
            .is(200)
            .misses("陈示甲");
        clerk.get("/desk/experts/export.xlsx").await.is(200);
        world
            .sign_in("auditor")
            .await
            .get(&path)
            .await
            .is(200)
            .misses("退出专家库</h2>");
        world.sign_in("district-b").await.get(&path).await.is(404);
    }
);

both_engines!(an_expert_is_suspended_and_ended_with_the_role, |world| async {
    let world = &world;
    let clerk = world.sign_in("lead").await;
    let path = invited(world, &clerk).await;
    let learner = world.sign_in("learner-a").await;
    learner.get("/desk/my/expert").await.is(200);
    learner
        .post("/desk/my/expert/accept", &[("version", "1")])
        .await
        .is(303);
    clerk.get(&path).await.is(200);
    let suspend = format!("{path}/suspend");
    clerk
        .post(&suspend, &[("version", "2"), ("reason", "")])
        .await
        .is(422)
        .sees("写明理由");
    clerk
        .post(&suspend, &[("version", "1"), ("reason", "投诉核查中")])
        .await
        .is(409);
    clerk
        .post(&suspend, &[("version", "2"), ("reason", "投诉核查中")])
        .await
        .is(303);
    learner
        .get("/desk/my/expert")
        .await
        .is(200)
        .sees("目前暂停分配评审")
        .sees("投诉核查中");
    clerk.post(&format!("{path}/resume"), &[("version", "3")]).await.is(303);
    as_expert(world, &learner, "learner-a").await;
    clerk
        .post(&format!("{path}/end"), &[("version", "4"), ("reason", "本人申请退出")])
        .await
        .is(303);
    // The role is over, and with it the session that acted in it.
    let answer = learner.get("/desk/my/expert").await;
    assert!(answer.location.starts_with("/login"), "{}", answer.outline());
    clerk.get(&path).await.is(200).sees("再次邀请").sees("本人申请退出");
    clerk.get("/desk/experts?state=ended").await.is(200).sees("陈示甲");
});

both_engines!(r101_an_expert_keeps_time_and_ties_of_their_own, |world| async {
    let world = &world;
    let (id, actor) = joined(
        world,
        "lead",
        world.city.person("learner-a"),
        profile(Background::Practice, &["ai"], 5),
    )
    .await;
    let ctx = world.ctx(actor);
    let learner = world.sign_in("learner-a").await;
    learner.get("/desk/my/expert").await.is(200);
    let mut fields = vec![
        ("version", "2"),
        ("fields", "ai"),
        ("specialty", "大模型"),
        ("capacity", "3"),
        ("away_from", "2026-03-01"),
        ("away_until", "2026-02-01"),
    ];
    learner
        .post("/desk/my/expert", &fields)
        .await
        .is(422)
        .sees("不能早于第一天")
        .sees("大模型");
    fields[5] = ("away_until", "2026-12-31");
    learner.post("/desk/my/expert", &fields).await.is(303);
    let today = world.clock.today();
    let mut tx = world.db.read().await.expect("a reader");
    let lead = world.acting("lead");
    let there = experts::available(&lead, &mut tx, today).await.expect("a list");
    assert!(there.is_empty(), "away from the first of March on");
    drop(tx);
    fields[4] = ("away_from", "");
    fields[5] = ("away_until", "");
    fields[0] = ("version", "3");
    learner.post("/desk/my/expert", &fields).await.is(303);
    let tie = [
        ("kind", "co_author"),
        ("name", "林示乙"),
        ("credit_code", ""),
        ("until", ""),
        ("note", "合著论文两篇"),
    ];
    learner.post("/desk/my/expert/ties", &tie).await.is(303);
    let mut former = tie;
    former[0] = ("kind", "former_employer");
    learner
        .post("/desk/my/expert/ties", &former)
        .await
        .is(422)
        .sees("请填写离职日期");
    learner.get("/desk/my/expert").await.is(200).sees("合著论文两篇");
    let mut tx = world.db.read().await.expect("a reader");
    let there = experts::available(&lead, &mut tx, today).await.expect("a list");
    drop(tx);
    let [one] = there.as_slice() else {
        panic!("one expert is there")
    };
    assert_eq!((one.expert.id, one.reviewer.ties.len()), (id, 1));
    assert_eq!(one.reviewer.stays.len(), 1, "the employer comes from the register");
    let own = experts::own(&ctx).await.expect("a look").expect("a membership");
    experts::end_tie(&ctx, own.ties[0].id).await.expect("ended");
    assert!(matches!(
        experts::end_tie(&ctx, own.ties[0].id).await,
        Err(Error::Stale)
    ));
    world
        .sign_in("lead")
        .await
        .get(&format!("/desk/experts/{id}"))
        .await
        .is(200)
        .sees("已撤销登记");
});

both_engines!(two_clerks_invite_at_once_and_one_of_them_is_told, |world| async {
    let world = &world;
    let person = world.city.person("learner-a");
    let invite = |login: &'static str| {
        let ctx = world.acting(login);
        async move {
            let profile = profile(Background::Academic, &["ai"], 5);
            experts::invite(&ctx, person, profile, date(2028, 12, 31)).await
        }
    };
    let (one, other) = tokio::join!(invite("lead"), invite("department-a"));
    assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1, "{one:?} {other:?}");
    let outside = invite("district-b").await;
    assert!(matches!(outside, Err(Error::NotFound)));
});

both_engines!(r117_a_merit_is_recorded_once_never_changed_and_proven, |world| async {
    let world = &world;
    let (id, _) = joined(
        world,
        "lead",
        world.city.person("learner-a"),
        profile(Background::Practice, &["ai"], 5),
    )
    .await;
    let clerk = world.sign_in("department-a").await;
    let path = format!("/desk/experts/{id}");
    clerk.get(&path).await.is(200);
    let merit = [
        ("kind", "teaching"),
        ("title", "高级研修班授课"),
        ("amount", "8"),
        ("rating", "5"),
        ("on", "2026-01-05"),
    ];
    let first = clerk.post(&format!("{path}/merits"), &merit).await;
    first.is(303);
    clerk.post(&format!("{path}/merits"), &merit).await.is(409);
    clerk.get(&path).await.is(200).sees("高级研修班授课").sees("5 / 5");
    for sql in ["update expert_merits set amount = 99", "delete from expert_merits"] {
        let mut tx = world.db.write().await.expect("a writer");
        assert!(tx.exec(sql, &[]).await.is_err(), "{sql}");
    }
    // the expert takes the record out, signed.
    let learner = world.sign_in("learner-a").await;
    learner.get("/desk/my/expert").await.is(200).sees("下载签名的业绩证明");
    let proof = learner.post("/desk/my/expert/proof", &[]).await.is(200).text();
    let keys = world.app.press.keys();
    let said = seal::open_json(oversight::credentials::merits::KIND, &proof, keys).expect("genuine");
    assert!(
        said.contains("高级研修班授课") && said.contains("\"amount\":8"),
        "{said}"
    );
    let forged = proof.replacen('e', "f", 1);
    assert!(seal::open_json(oversight::credentials::merits::KIND, &forged, keys).is_err());
    let stranger = world.sign_in("learner-b").await;
    stranger.get("/desk/my/expert").await.is(200).sees("您不在专家库中");
    stranger.post("/desk/my/expert/proof", &[]).await.is(404);
    let counts = experts::counts(&world.acting("department-a")).await.expect("counts");
    assert_eq!(counts, [(StandingCode::Active, 1)]);
});
