//! Reviews of declarations: the whole way over HTTP, and attempts to break it: conflicts, changes after signing, other
//! people's reviews, two clerks at once, marks far apart.

use kernel::{Actor, Error, ExpertId, OrgId, Role};
use oversight::calls::review::{self, Given, NewItem, NewRound, Outcome, RoundId, Section, View};
use rules::calls::review::{Review, ReviewCode, RoundCode, Settings};
use rules::experts::Background;
use rules::experts::conflict::Named;
use rules::scorecards::Marks;
use rules::scorecards::Points;
use testkit::{World, both_engines};

use crate::experts::{as_expert, joined, profile};

/// A declaration of a host, in a field.
fn item(number: u32, host: (OrgId, &str), field: &str) -> NewItem {
    NewItem {
        declaration: kernel::Id::new(i64::from(number)),
        number: format!("GY2026-{number:03}"),
        title: format!("第 {number} 个高级研修项目"),
        field: Some(field.into()),
        host: Some(host.0),
        host_name: host.1.into(),
        named: Vec::new(),
        body: vec![
            Section {
                label: "培训目标".into(),
                text: "能够独立设计流程".into(),
                identifying: false,
            },
            Section {
                label: "承办单位基础".into(),
                text: "本单位近三年办班情况".into(),
                identifying: true,
            },
        ],
    }
}

/// Two reviews of each, the mean counts.
fn settings() -> Settings {
    Settings {
        reviews: 2,
        method: rules::scorecards::panel::Method::Mean,
        ..Settings::proposed()
    }
}

/// A round of the lead's.
pub(crate) async fn opened(world: &World, login: &str, settings: Settings, items: Vec<NewItem>) -> RoundId {
    let ctx = world.acting(login);
    let mut tx = ctx.db.write().await.expect("a writer");
    let round = NewRound {
        call: None,
        title: format!("高级研修项目评审 {login}"),
        settings,
        place: ctx.actor.own.clone(),
        items,
    };
    let id = review::open(&ctx, &mut tx, round).await.expect("opened");
    tx.commit().await.expect("kept");
    id
}

/// A round of a body of one side, with one declaration.
pub(crate) async fn one_of(world: &World, login: &str, side: &str) {
    let host = provider(world, side);
    opened(world, login, settings(), vec![item(1, (host.0, &host.1), "ai")]).await;
}

/// Experts of the employer on one side, from the second person on.
async fn seated(world: &World, side: &str, count: usize, capacity: u32) -> Vec<(ExpertId, Actor)> {
    let mut experts = Vec::new();
    let people = world.city.people_of(&format!("employer-{side}")).to_vec();
    for person in people.into_iter().skip(1).take(count) {
        let profile = profile(Background::Practice, &["ai"], capacity);
        experts.push(joined(world, "lead", person, profile).await);
    }
    experts
}

async fn view(world: &World, id: RoundId) -> View {
    review::view(&world.acting("lead"), id).await.expect("the round")
}

async fn version(world: &World, id: RoundId) -> i64 {
    view(world, id).await.whole.round.version
}

async fn assigned(world: &World, id: RoundId) -> View {
    let seen = version(world, id).await;
    review::order_assignment(&world.acting("lead"), id, seen)
        .await
        .expect("ordered");
    world.run_jobs().await;
    view(world, id).await
}

async fn sent(world: &World, id: RoundId) -> View {
    assigned(world, id).await;
    let seen = version(world, id).await;
    review::send(&world.acting("lead"), id, seen).await.expect("sent");
    view(world, id).await
}

/// The same mark for everything.
fn marks(mark: u32) -> Marks {
    let codes = Settings::proposed().scorecard;
    let leaves = codes.leaves();
    leaves.iter().map(|leaf| (leaf.criterion.code.clone(), mark)).collect()
}

fn actor_of<'a>(experts: &'a [(ExpertId, Actor)], one: &Given) -> &'a Actor {
    let found = experts.iter().find(|(id, _)| *id == one.expert);
    &found.expect("one of the experts").1
}

/// Accepts, marks and signs, as the reviewer.
async fn signed(world: &World, experts: &[(ExpertId, Actor)], one: &Given, mark: u32) {
    let ctx = world.ctx(actor_of(experts, one).clone());
    review::accept(&ctx, one.id, one.version).await.expect("accepted");
    let said = "目标清楚，师资匹配，预算合理。".to_owned();
    review::save(&ctx, one.id, one.version + 1, (marks(mark), said))
        .await
        .expect("saved");
    review::sign(&ctx, one.id, one.version + 1).await.expect("signed");
}

fn provider(world: &World, side: &str) -> (OrgId, String) {
    (
        world.city.org(&format!("provider-{side}")),
        format!("测试{side}继续教育基地"),
    )
}

async fn two_items(world: &World) -> Vec<NewItem> {
    let (a, b) = (provider(world, "a"), provider(world, "b"));
    vec![item(1, (a.0, &a.1), "ai"), item(2, (b.0, &b.1), "biomedicine")]
}

both_engines!(
    r113_a_round_is_assigned_reviewed_and_ranked_in_the_browser,
    |world| async {
        let world = &world;
        let mut experts = seated(world, "a", 2, 5).await;
        let own = world.city.person("learner-a");
        experts.push(
            joined(
                world,
                "lead",
                own,
                profile(Background::Practice, &["ai", "biomedicine"], 5),
            )
            .await,
        );
        let items = two_items(world).await;
        let id = opened(world, "lead", settings(), items).await;
        let lead = world.sign_in("lead").await;
        let path = format!("/desk/review-rounds/{id}");
        lead.get("/desk/review-rounds")
            .await
            .is(200)
            .sees("高级研修项目评审 lead");
        lead.get(&path).await.is(200).sees("等待分配评审人");
        lead.post(&format!("{path}/send"), &[("version", "1")])
            .await
            .is(409)
            .sees("请先分配");
        lead.get(&path).await.is(200);
        lead.post(&format!("{path}/assign"), &[("version", "1")]).await.is(303);
        lead.get(&path).await.is(200).sees("分配评审人");
        world.run_jobs().await;
        lead.get(&path)
            .await
            .is(200)
            .sees("分配完成")
            .sees("最优性已独立核验")
            .sees("待下发");
        let seen = version(world, id).await.to_string();
        lead.post(&format!("{path}/send"), &[("version", &seen)]).await.is(303);
        world.run_jobs().await;
        let expert = world.sign_in("learner-a").await;
        as_expert(world, &expert, "learner-a").await;
        let whole = view(world, id).await.whole;
        let mine = whole.reviews.iter().find(|one| one.person == own).expect("a review");
        expert.get("/desk/tasks").await.is(200).sees("个高级研修项目》");
        expert.get("/desk/my/reviews").await.is(200).sees("待接受");
        let here = format!("/desk/my/reviews/{}", mine.id);
        expert.get(&here).await.is(200).sees("接受评审").sees("继续教育基地");
        expert
            .post(&format!("{here}/accept"), &[("version", "2")])
            .await
            .is(303);
        let sheet = [
            ("version", "3"),
            ("mark_need", "90"),
            ("mark_design", "85"),
            ("mark_team", "101"),
            ("mark_benefit", "70"),
            ("comment", "目标清楚，师资匹配，预算合理。"),
        ];
        expert.get(&format!("{here}/sheet")).await.is(200).sees("选题价值");
        expert
            .post(&format!("{here}/sheet"), &sheet)
            .await
            .is(422)
            .sees("0 到 100 之间")
            .sees("目标清楚");
        let mut sheet = sheet.to_vec();
        sheet[3] = ("mark_team", "80");
        expert
            .post(&format!("{here}/autosave"), &sheet)
            .await
            .is(200)
            .sees("还有 1 项没有打分");
        expert.get(&format!("{here}/sheet")).await.is(200).sees("value=\"90\"");
        expert
            .post(&format!("{here}/sheet"), &sheet)
            .await
            .is(422)
            .sees("请给“经费合理”打分");
        sheet.push(("mark_budget", "60"));
        expert.post(&format!("{here}/sheet"), &sheet).await.is(303);
        // 27 + 25.5 + 16 + 7 + 6
        expert.get(&format!("{here}/check")).await.is(200).sees("合计 81.5 分");
        expert.post(&format!("{here}/sign"), &[("version", "3")]).await.is(303);
        expert.get(&here).await.is(200).sees("您已签署，评分 81.5");
        for one in whole.reviews.iter().filter(|one| one.id != mine.id) {
            signed(world, &experts, one, 80).await;
        }
        expert.get("/desk/tasks").await.is(200);
        lead.get(&path).await.is(200).sees("结束评审并排序").sees("81.5");
        let seen = version(world, id).await.to_string();
        lead.post(&format!("{path}/close"), &[("version", &seen)]).await.is(303);
        lead.get(&format!("{path}/ranking"))
            .await
            .is(200)
            .sees("GY2026-001")
            .sees("抽签种子");
        lead.get(&format!("{path}/ranking/export.xlsx")).await.is(200);
        world.run_jobs().await;
        let record = registry::experts::own(&world.ctx(experts[2].1.clone())).await;
        let record = record.expect("a look").expect("a membership");
        let given = whole.reviews.iter().filter(|one| one.person == own).count();
        assert_eq!(record.merits[0].amount, i64::try_from(given).unwrap());
        world.sign_in("department-a").await.get(&path).await.is(404);
        world
            .sign_in("auditor")
            .await
            .get(&path)
            .await
            .is(200)
            .misses("重新分配");
    }
);

both_engines!(
    r102_nobody_is_assigned_to_what_their_employer_hosts_and_the_shortage_is_told,
    |world| async {
        let world = &world;
        seated(world, "a", 3, 5).await;
        let (b, own) = (provider(world, "b"), world.city.org("employer-a"));
        let items = vec![item(1, (own, "测试a有限公司"), "ai"), item(2, (b.0, &b.1), "ai")];
        let id = opened(world, "lead", settings(), items).await;
        let view = assigned(world, id).await;
        let Some(Outcome::Short {
            missing,
            declarations,
            binding,
            reliefs,
            ..
        }) = &view.whole.round.outcome
        else {
            panic!("{:?}", view.whole.round.outcome)
        };
        assert_eq!(
            (*missing, declarations.as_slice()),
            (2, ["GY2026-001".to_owned()].as_slice())
        );
        assert!(
            binding.iter().any(|line| line.contains("3 位专家需要回避")),
            "{binding:?}"
        );
        assert!(
            reliefs.iter().any(|line| line.contains("再邀请至少 2 位")),
            "{reliefs:?}"
        );
        assert!(view.whole.reviews.is_empty() && view.whole.round.state == RoundCode::Preparing);
        let lead = world.sign_in("lead").await;
        lead.get(&format!("/desk/review-rounds/{id}"))
            .await
            .is(200)
            .sees("无法分齐，最少缺 2 件评审");
        lead.get(&format!("/desk/review-rounds/{id}/bars"))
            .await
            .is(200)
            .sees("现任职于承办单位");
        seated(world, "b", 2, 5).await;
        let view = assigned(world, id).await;
        assert_eq!(view.whole.reviews.len(), 4);
        let barred = |one: &Given| {
            view.whole
                .bars
                .iter()
                .any(|bar| bar.item == one.item && bar.expert == one.expert)
        };
        assert!(!view.whole.reviews.iter().any(barred));
    }
);

both_engines!(
    r114_r115_a_conflict_that_comes_up_later_bars_and_what_is_signed_stays,
    |world| async {
        let world = &world;
        let experts = seated(world, "a", 3, 5).await;
        let items = two_items(world).await;
        let id = opened(world, "lead", settings(), items).await;
        let whole = sent(world, id).await.whole;
        let first = whole.reviews.first().expect("a review");
        let host = whole.item(first.item).expect("the item").host_name.clone();
        let ctx = world.ctx(actor_of(&experts, first).clone());
        let tie = registry::experts::NewTie {
            kind: rules::experts::TieKind::Recusal,
            name: host,
            credit_code: String::new(),
            until: None,
            note: String::new(),
        };
        registry::experts::add_tie(&ctx, tie).await.expect("declared");
        let refused = review::accept(&ctx, first.id, first.version).await;
        assert!(
            matches!(
                refused,
                Err(Error::Refused {
                    code: "review.conflict",
                    ..
                })
            ),
            "{refused:?}"
        );
        review::recuse(&ctx, first.id, first.version, "与承办单位有合作")
            .await
            .expect("given back");
        // Somebody else is found, and never the one who gave back.
        let again = sent(world, id).await.whole;
        let living = again
            .reviews
            .iter()
            .filter(|one| one.item == first.item && one.review.code() != ReviewCode::Recused);
        let living: Vec<&Given> = living.collect();
        assert_eq!(living.len(), 2);
        assert!(living.iter().all(|one| one.expert != first.expert));
        let one = living[0];
        signed(world, &experts, one, 80).await;
        let ctx = world.ctx(actor_of(&experts, one).clone());
        let late = review::save(&ctx, one.id, one.version + 2, (marks(100), "改一改分数行不行呢".into())).await;
        assert!(
            matches!(
                late,
                Err(Error::Refused {
                    code: "review.signed",
                    ..
                })
            ),
            "{late:?}"
        );
        let late = review::recuse(&ctx, one.id, one.version + 2, "不想评了").await;
        assert!(
            matches!(
                late,
                Err(Error::Refused {
                    code: "review.signed",
                    ..
                })
            ),
            "{late:?}"
        );
        for sql in [
            "update reviews set points = 10000 where state = 'signed'",
            "delete from reviews where state = 'signed'",
        ] {
            let mut tx = world.db.write().await.expect("a writer");
            assert!(tx.exec(sql, &[]).await.is_err(), "{sql}");
        }
        // The body takes back what nobody answers, and never what is signed.
        let lead = world.sign_in("lead").await;
        let here = format!("/desk/review-items/{}", one.item);
        lead.get(&here).await.is(200).sees("收回评审");
        let (silent, why) = (living[1].expert.to_string(), "逾期没有答复");
        lead.post(&format!("{here}/take-back"), &[("from", &silent), ("reason", "")])
            .await
            .is(422)
            .sees("写明");
        lead.post(&format!("{here}/take-back"), &[("from", &silent), ("reason", why)])
            .await
            .is(303);
        lead.get(&here).await.is(200).sees("组织单位收回：逾期没有答复");
        let signer = one.expert.to_string();
        lead.post(&format!("{here}/take-back"), &[("from", &signer), ("reason", why)])
            .await
            .is(409);
        // Somebody else's review does not exist.
        let other = experts.iter().find(|(id, _)| *id != one.expert).expect("another");
        let foreign = world.ctx(other.1.clone());
        assert!(matches!(review::own(&foreign, one.id).await, Err(Error::NotFound)));
        assert!(matches!(
            review::sign(&foreign, one.id, one.version).await,
            Err(Error::NotFound)
        ));
        let clerk = Actor {
            role: Role::Lead,
            ..other.1.clone()
        };
        assert!(review::own(&world.ctx(clerk), one.id).await.is_err());
        world.run_jobs().await;
    }
);

both_engines!(
    r114_changes_by_hand_keep_the_same_constraints_and_two_clerks_do_not_cross,
    |world| async {
        let world = &world;
        seated(world, "a", 3, 5).await;
        seated(world, "b", 1, 1).await;
        let (a, own) = (provider(world, "a"), world.city.org("employer-b"));
        let items = vec![item(1, (a.0, &a.1), "ai"), item(2, (own, "测试b有限公司"), "ai")];
        let id = opened(world, "lead", settings(), items).await;
        let whole = assigned(world, id).await.whole;
        let lead = world.acting("lead");
        let b = whole
            .seats
            .iter()
            .find(|seat| seat.capacity == 1)
            .expect("the expert of the other side");
        let second = whole
            .items
            .iter()
            .find(|item| item.number == "GY2026-002")
            .expect("the item");
        let of = |item: review::ItemId| -> Vec<ExpertId> {
            let own = whole.reviews.iter().filter(|one| one.item == item);
            own.map(|one| one.expert).collect()
        };
        let seen = whole.round.version;
        let wrong = review::exchange(&lead, (id, seen), second.id, (of(second.id)[0], b.expert)).await;
        let Err(Error::Refused { sentence, rule, .. }) = wrong else {
            panic!("their employer hosts it: {wrong:?}")
        };
        assert!(
            sentence.contains("现任职于承办单位") && rule == Some("R-114"),
            "{sentence}"
        );
        let twice = review::exchange(&lead, (id, seen), second.id, (of(second.id)[0], of(second.id)[1])).await;
        assert!(matches!(twice, Err(Error::Refused { .. })));
        let free = whole
            .seats
            .iter()
            .find(|seat| !of(second.id).contains(&seat.expert) && seat.capacity > 1);
        let free = free.expect("a third").expert;
        let browser = world.sign_in("lead").await;
        let here = format!("/desk/review-items/{}", second.id);
        browser.get(&here).await.is(200).sees("更换评审人");
        let fields = |into: ExpertId| {
            vec![
                ("version", seen.to_string()),
                ("out", of(second.id)[0].to_string()),
                ("into", into.to_string()),
            ]
        };
        let pairs = fields(b.expert);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser
            .post(&format!("{here}/exchange"), &pairs)
            .await
            .is(422)
            .sees("现任职于承办单位");
        let pairs = fields(free);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(&format!("{here}/exchange"), &pairs).await.is(303);
        browser.get(&here).await.is(200).sees("手工指定");
        // Two clerks press at once what both were shown.
        let seen = version(world, id).await;
        let (one, other) = tokio::join!(review::send(&lead, id, seen), review::order_assignment(&lead, id, seen));
        assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1, "{one:?} {other:?}");
        let late = [one, other].into_iter().find_map(Result::err).expect("one is told");
        assert!(matches!(late, Error::Stale), "{late:?}");
        world.run_jobs().await;
    }
);

both_engines!(
    r109_marks_far_apart_are_discussed_before_anything_is_ranked,
    |world| async {
        let world = &world;
        let experts = seated(world, "a", 2, 5).await;
        let items = two_items(world).await;
        let id = opened(world, "lead", settings(), items).await;
        let whole = sent(world, id).await.whole;
        let lead = world.acting("lead");
        let close = async || review::close(&lead, id, version(world, id).await).await;
        let early = close().await;
        assert!(
            matches!(
                early,
                Err(Error::Refused {
                    code: "round.unsigned",
                    ..
                })
            ),
            "{early:?}"
        );
        let torn = whole.items[0].id;
        let browser = world.sign_in("lead").await;
        let here = format!("/desk/review-items/{torn}");
        let minutes = [
            ("present", "评审组全体"),
            ("body", "认为目标清楚但预算偏高，商定从低计分。"),
            ("agreed", "62.5"),
        ];
        browser.get(&here).await.is(200).misses("登记讨论纪要");
        browser
            .post(&format!("{here}/minutes"), &minutes)
            .await
            .is(409)
            .sees("签齐后再组织讨论");
        for (one, mark) in whole.reviews.iter().filter(|one| one.item == torn).zip([95, 60]) {
            signed(world, &experts, one, mark).await;
        }
        for one in whole.reviews.iter().filter(|one| one.item != torn) {
            signed(world, &experts, one, 70).await;
        }
        let silent = close().await;
        assert!(
            matches!(
                silent,
                Err(Error::Refused {
                    code: "round.undiscussed",
                    ..
                })
            ),
            "{silent:?}"
        );
        browser
            .get(&here)
            .await
            .is(200)
            .sees("评分分歧超过限度")
            .sees("登记讨论纪要");
        let mut bad = minutes;
        bad[2] = ("agreed", "162");
        browser
            .post(&format!("{here}/minutes"), &bad)
            .await
            .is(422)
            .sees("0 到 100 之间")
            .sees("商定从低计分");
        browser.post(&format!("{here}/minutes"), &minutes).await.is(303);
        close().await.expect("closed");
        let ranking = view(world, id).await.ranking;
        let totals: Vec<(String, Points)> = ranking.iter().map(|one| (one.number.clone(), one.total)).collect();
        let want = [("GY2026-002", 7_000), ("GY2026-001", 6_250)];
        assert_eq!(
            totals,
            want.map(|(number, total)| (number.to_owned(), Points::hundredths(total)))
        );
        let after = close().await;
        assert!(
            matches!(
                after,
                Err(Error::Refused {
                    code: "round.closed",
                    ..
                })
            ),
            "{after:?}"
        );
        browser.post(&format!("{here}/minutes"), &minutes).await.is(409);
        world.run_jobs().await;
    }
);

both_engines!(r106_a_namesake_is_barred_until_somebody_looked, |world| async {
    let world = &world;
    let experts = seated(world, "a", 2, 5).await;
    let mut items = two_items(world).await;
    let name = {
        let ctx = world.ctx(experts[0].1.clone());
        registry::experts::own(&ctx)
            .await
            .expect("a look")
            .expect("one")
            .expert
            .name
    };
    items[0].named.push(Named {
        part: "授课教师".into(),
        person: None,
        name,
        org_name: "外地大学".into(),
    });
    let blind = Settings {
        blind: true,
        ..settings()
    };
    let id = opened(world, "lead", blind, items).await;
    let whole = assigned(world, id).await.whole;
    let Some(Outcome::Short { reliefs, .. }) = &whole.round.outcome else {
        panic!("{:?}", whole.round.outcome)
    };
    assert!(reliefs.iter().any(|line| line.contains("同名")), "{reliefs:?}");
    let browser = world.sign_in("lead").await;
    let path = format!("/desk/review-rounds/{id}");
    browser.get(&format!("{path}/bars")).await.is(200).sees("解除同名回避");
    let bar = whole.bars[0].id.to_string();
    browser
        .post(&format!("{path}/lift"), &[("bar", &bar), ("reason", "")])
        .await
        .is(422)
        .sees("怎样核实");
    let why = "与申报单位电话核对，授课教师为另一位同名人员";
    browser
        .post(&format!("{path}/lift"), &[("bar", &bar), ("reason", why)])
        .await
        .is(303);
    let whole = sent(world, id).await.whole;
    assert_eq!(whole.reviews.len(), 4);
    browser
        .get(&format!("{path}/bars"))
        .await
        .is(200)
        .sees("另一位同名人员");
    // A blind review shows no host, no names, no part that tells who declares.
    let one = whole
        .reviews
        .iter()
        .find(|one| one.item == whole.items[0].id)
        .expect("a review");
    let ctx = world.ctx(actor_of(&experts, one).clone());
    let shown = review::own(&ctx, one.id).await.expect("one's own");
    assert!(shown.item.host_name.is_empty() && shown.item.named.is_empty());
    assert_eq!(shown.item.body.len(), 1);
    assert_eq!(one.review, Review::Sent);
    signed(world, &experts, one, 75).await;
    world.run_jobs().await;
});

both_engines!(r118_a_call_takes_its_ranking_from_its_round, |world| async {
    let world = &world;
    // one round a call, and its ranking goes to the call.
    let (call, ids) = crate::calls::reviewing(world, 1).await;
    let experts = seated(world, "a", 3, 5).await;
    let browser = world.sign_in("lead").await;
    let path = format!("/desk/calls/{call}/review-round");
    browser
        .get(&format!("/desk/calls/{call}"))
        .await
        .is(200)
        .sees("组织专家评审");
    browser.get(&path).await.is(200).sees("评分表");
    let mut fields = vec![
        ("reviews", "2"),
        ("workdays", "10"),
        ("method", "mean"),
        ("apart", "20"),
        ("former_years", "3"),
        ("ties", "draw"),
        ("national", "0"),
        ("municipal", "2"),
        ("leading", "101"),
    ];
    browser.post(&path, &fields).await.is(422).sees("0 到 100 之间的分数");
    fields[8] = ("leading", "0");
    let opened = browser.post(&path, &fields).await.is(303).location;
    browser.post(&path, &fields).await.is(409).sees("已经有专家评审");
    assert_eq!(browser.get(&path).await.is(303).location, opened);
    let id: RoundId = opened
        .rsplit('/')
        .next()
        .unwrap()
        .parse()
        .expect("the round in the address");
    let whole = sent(world, id).await.whole;
    let leaves = whole.round.settings.scorecard.leaves();
    for one in &whole.reviews {
        let first = whole.item(one.item).expect("the item").declaration == ids[1];
        let mark = if first { 90 } else { 80 };
        let marks = leaves.iter().map(|leaf| (leaf.criterion.code.clone(), mark)).collect();
        let ctx = world.ctx(actor_of(&experts, one).clone());
        review::accept(&ctx, one.id, one.version).await.expect("accepted");
        let said = "目标清楚，师资匹配，预算合理。".to_owned();
        review::save(&ctx, one.id, one.version + 1, (marks, said))
            .await
            .expect("saved");
        review::sign(&ctx, one.id, one.version + 1).await.expect("signed");
    }
    let lead = world.acting("lead");
    review::close(&lead, id, version(world, id).await)
        .await
        .expect("closed");
    let of = async |one| {
        let view = oversight::calls::view_declaration(&world.system(), one).await;
        view.expect("the declaration").declaration
    };
    let (first, second) = (of(ids[1]).await, of(ids[0]).await);
    assert_eq!((first.rank, first.score), (Some(1), Some(9_200)));
    assert_eq!((second.rank, second.score), (Some(2), Some(8_200)));
    assert!(first.note.contains("市级基地"), "{}", first.note);
    let seen = oversight::calls::view_call(&lead, call)
        .await
        .expect("the call")
        .call
        .version;
    oversight::calls::propose(&lead, call, seen).await.expect("proposed");
    assert_eq!(of(ids[1]).await.state, rules::calls::DeclarationState::Proposed);
    world.run_jobs().await;
});
