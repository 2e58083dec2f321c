//! Disputes about hours: opened by the person, answered by the provider, decided by the body that is named in the case, once
//! appealed; the ledger and its balances after each.

use kernel::{ClassId, Date, EnrolmentId, EntryId, Error, Hours, date, id::DisputeId};
use learning::courses;
use learning::credits::disputes::{self, About, Decision, Dispute, Missing};
use learning::credits::{EntryFilter, EntryLine};
use oversight::credentials::{self, CredentialFilter};
use registry::{Window, notices, tasks};
use rules::attendance::Mark;
use rules::courses::Outcome as Result;
use rules::credentials::CredentialState;
use rules::credits::disputes::{Body, Contested, DisputeCode, Outcome, Stance, Terms, Wanted};
use rules::credits::{ActivityForm, Subject};
use testkit::{World, both_engines};

use crate::courses::{mark_all_by, published, record_all_by};

const PDF: (&str, &str, &[u8]) = ("file", "签到表.pdf", b"%PDF-1.7 demonstration");

/// A class of provider-a on 25 March in which learner-a sits; the clock stands after its end.
async fn held(world: &World) -> (ClassId, EnrolmentId) {
    let class = published(world, "数据治理", &[date(2026, 3, 25)], |_| {}).await;
    let (seat, _) = courses::enrol_self(&world.acting("learner-a"), class)
        .await
        .expect("a seat");
    world.at(date(2026, 3, 25), 14, 0);
    world.run_jobs().await;
    (class, seat)
}

async fn complete(world: &World, class: ClassId, mark: Mark) {
    let view = courses::view(&world.acting("provider-a"), class)
        .await
        .expect("the class");
    for session in &view.sessions {
        mark_all_by(world, "provider-a", session.id, mark).await;
    }
    record_all_by(world, "provider-a", class, Result::Passed).await;
    courses::complete(&world.acting("provider-a"), class)
        .await
        .expect("completed");
    world.run_jobs().await;
}

/// learner-a's entry of a completed class: 3.66 hours.
async fn entry(world: &World) -> EntryId {
    let (class, _) = held(world).await;
    complete(world, class, Mark::Present).await;
    entries(world).await.first().expect("an entry").id
}

async fn entries(world: &World) -> Vec<EntryLine> {
    let window = Window::first(50);
    let listed = learning::credits::list(&world.acting("learner-a"), &EntryFilter::default(), &window).await;
    listed.expect("entries").rows
}

async fn total(world: &World) -> Hours {
    entries(world).await.iter().map(|entry| entry.hours).sum()
}

fn wanted(hours: i64) -> Wanted {
    Wanted {
        title: "数据治理".into(),
        subject: Subject::Professional,
        form: ActivityForm::Class,
        hours: Hours::whole(hours),
        earned_on: date(2026, 3, 25),
    }
}

fn decision(outcome: Outcome, found: Option<Wanted>) -> Decision {
    Decision {
        outcome,
        reason: "签到表和成绩单可以证明".into(),
        found,
    }
}

async fn case(world: &World, id: DisputeId) -> Dispute {
    disputes::view(&world.acting("lead"), id)
        .await
        .expect("the case")
        .line
        .case
}

async fn at(world: &World, id: DisputeId) -> (DisputeId, i64) {
    (id, case(world, id).await.version)
}

async fn code(world: &World, id: DisputeId) -> DisputeCode {
    case(world, id).await.state.code()
}

async fn wrong(world: &World, entry: EntryId) -> DisputeId {
    let about = About::Wrong(wanted(8));
    disputes::contest_entry(&world.acting("learner-a"), entry, about, "实际上了八学时的课", vec![])
        .await
        .expect("a case")
}

async fn answered(world: &World, id: DisputeId) {
    let ctx = world.acting("provider-a");
    disputes::answer(&ctx, at(world, id).await, Stance::Disagrees, "核对了签到表", vec![])
        .await
        .expect("answered");
}

async fn decide(world: &World, login: &str, id: DisputeId, made: Decision) -> kernel::Result<()> {
    disputes::decide(&world.acting(login), at(world, id).await, made).await
}

fn refusal<T: std::fmt::Debug>(result: kernel::Result<T>) -> &'static str {
    match result {
        Err(Error::Refused { code, .. }) => code,
        other => panic!("not refused: {other:?}"),
    }
}

async fn kinds(world: &World, login: &str) -> Vec<String> {
    let counts = tasks::counts(&world.acting(login)).await.expect("tasks");
    counts
        .into_iter()
        .map(|(kind, ..)| kind)
        .filter(|kind| kind.starts_with("dispute"))
        .collect()
}

async fn told(world: &World, login: &str, title: &str) -> bool {
    let messages = notices::messages(&world.acting(login), 50).await.expect("messages");
    messages.iter().any(|message| message.title == title)
}

// --- through the pages, by each party

both_engines!(r48_r53_each_party_walks_a_case_through_its_pages, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let learner = world.sign_in("learner-a").await;
    learner
        .get("/desk/my/statement")
        .await
        .is(200)
        .sees("有异议")
        .sees("缺少学时");
    let form = format!("/desk/entries/{entry}/dispute");
    learner.get(&form).await.is(200).sees("数据治理");
    let fields = [
        ("kind", "wrong"),
        ("words", "实际上了八学时的课"),
        ("title", "数据治理"),
        ("hours", "8"),
        ("subject", "professional"),
        ("form", "class"),
        ("earned_on", "2026-03-25"),
    ];
    learner
        .upload(&form, &fields, ("file", "x.exe", b"MZ"))
        .await
        .is(422)
        .sees("PDF、JPG 或 PNG");
    let receipt = learner.upload(&form, &fields, PDF).await.is(303).location;
    learner
        .get(&receipt)
        .await
        .is(200)
        .sees("YY2026-000001")
        .sees("5 个工作日")
        .sees("2026年4月1日");
    learner.upload(&form, &fields, PDF).await.is(409).sees("正在办理的异议");
    learner.get("/desk/my/statement").await.sees("异议办理中");

    let id: DisputeId = receipt
        .trim_end_matches("/receipt")
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let page = format!("/desk/disputes/{id}");
    let provider = world.sign_in("provider-a").await;
    provider.get("/desk/tasks").await.sees("答复学时异议");
    provider
        .get(&page)
        .await
        .is(200)
        .sees("陈*甲")
        .misses("陈示甲")
        .sees("签到表.pdf")
        .sees("答复");
    let files = disputes::view(&world.acting("provider-a"), id)
        .await
        .expect("the case")
        .files;
    let file = format!("/desk/disputes/files/{}", files[0].file);
    assert_eq!(provider.get(&file).await.is(200).bytes, PDF.2);
    let version = case(world, id).await.version.to_string();
    provider.get(&format!("{page}/answer")).await.is(200);
    let said = [
        ("version", version.as_str()),
        ("stance", "agrees"),
        ("words", "确实漏记了一节课"),
    ];
    provider
        .upload(&format!("{page}/answer"), &said, ("file2", "补充.pdf", b"%PDF-1.4"))
        .await
        .is(303);
    provider.get(&page).await.sees("确实漏记了一节课");

    let district = world.sign_in("district-a").await;
    district.get(&page).await.is(200).misses("作出决定</a>");
    let department = world.sign_in("department-a").await;
    department.get("/desk/tasks").await.sees("决定学时异议");
    department
        .get(&format!("{page}/decide"))
        .await
        .is(200)
        .sees("认定的内容");
    let version = case(world, id).await.version.to_string();
    let mut ruling = vec![
        ("version", version.as_str()),
        ("outcome", "upheld"),
        ("reason", "签到表可以证明"),
    ];
    ruling.extend_from_slice(&fields[2..]);
    district
        .post(&format!("{page}/decide"), &ruling)
        .await
        .is(409)
        .sees("由行业主管部门决定");
    department.post(&format!("{page}/decide"), &ruling).await.is(303);
    assert_eq!(
        (total(world).await, code(world, id).await),
        (Hours::whole(8), DisputeCode::Final)
    );
    learner
        .get(&page)
        .await
        .sees("陈示甲")
        .sees("已经生效")
        .sees("确实漏记了一节课");
    let statement = learner
        .get("/desk/my/statement")
        .await
        .sees("异议 YY2026-000001")
        .sees("R-53");
    assert!(!statement.text().contains("异议办理中"));
    for stranger in ["learner-b", "provider-b", "district-b", "department-b", "employer-b"] {
        let browser = world.sign_in(stranger).await;
        browser.get(&page).await.is(404);
        browser.get(&file).await.is(404);
    }
});

both_engines!(
    a_missing_hour_is_asked_for_on_its_page_and_the_list_shows_it,
    |world| async {
        let world = &world;
        let (_, seat) = held(world).await;
        let learner = world.sign_in("learner-a").await;
        learner.get("/desk/disputes/new").await.is(200).sees("数据治理");
        let seat = seat.to_string();
        let fields = [("enrolment", seat.as_str()), ("words", "参加了全部课次，没有学时")];
        let receipt = learner
            .upload("/desk/disputes/new", &fields, PDF)
            .await
            .is(303)
            .location;
        learner.get(&receipt).await.is(200).sees("测试a继续教育基地");
        learner
            .upload("/desk/disputes/new", &[("words", "没有学时啊")], PDF)
            .await
            .is(422)
            .sees("请填写活动名称");
        for login in [
            "learner-a",
            "provider-a",
            "department-a",
            "district-a",
            "employer-a",
            "lead",
            "auditor",
        ] {
            let browser = world.sign_in(login).await;
            browser
                .get("/desk/disputes")
                .await
                .is(200)
                .sees("YY2026-000001")
                .sees("待答复");
        }
        world
            .sign_in("provider-b")
            .await
            .get("/desk/disputes")
            .await
            .misses("YY2026-000001");
    }
);

// --- what is refused

both_engines!(r48_what_cannot_be_contested_says_why, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let (learner, other) = (world.acting("learner-a"), world.acting("learner-b"));
    let foreign = disputes::contest_entry(&other, entry, About::Foreign, "这不是我的学时", vec![]).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    let absurd = About::Wrong(Wanted {
        hours: Hours::whole(-3),
        ..wanted(8)
    });
    let absurd = disputes::contest_entry(&learner, entry, absurd, "实际学时不对", vec![]).await;
    assert!(matches!(absurd, Err(Error::Wrong(_))));
    wrong(world, entry).await;
    let twice = disputes::contest_entry(&learner, entry, About::Foreign, "这不是我的学时", vec![]).await;
    assert_eq!(refusal(twice), "dispute.open");
    let back = learning::credits::reverse(&world.acting("lead"), entry, "登记错误")
        .await
        .expect("reversed");
    world.run_jobs().await;
    assert_eq!(
        refusal(disputes::contest_entry(&learner, back, About::Foreign, "这不是我的学时", vec![]).await),
        "dispute.reversal"
    );
    assert_eq!(
        refusal(disputes::contest_entry(&learner, entry, About::Foreign, "这不是我的学时", vec![]).await),
        "dispute.reversed"
    );
});

both_engines!(r52_who_posted_opened_or_answered_never_decides, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    assert_eq!(
        refusal(decide(world, "department-a", id, decision(Outcome::Rejected, None)).await),
        "dispute.awaits_answer"
    );
    answered(world, id).await;
    // The same account in the role of the deciding body: it answered, posted or opened as somebody else.
    for login in ["provider-a", "learner-a"] {
        let mut ctx = world.acting("department-a");
        ctx.actor.label = login.to_owned();
        let made = disputes::decide(&ctx, at(world, id).await, decision(Outcome::Rejected, None)).await;
        assert_eq!(refusal(made), "dispute.own_hand");
    }
    assert!(matches!(
        decide(world, "district-b", id, decision(Outcome::Rejected, None)).await,
        Err(Error::NotFound)
    ));
    assert_eq!(
        refusal(decide(world, "lead", id, decision(Outcome::Rejected, None)).await),
        "dispute.other_body"
    );
    assert!(matches!(
        decide(world, "provider-a", id, decision(Outcome::Rejected, None)).await,
        Err(Error::Forbidden(_))
    ));
    decide(world, "department-a", id, decision(Outcome::Rejected, None))
        .await
        .expect("decided");
});

both_engines!(two_clerks_decide_at_once_and_one_is_told_to_look_again, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    answered(world, id).await;
    let (one, mut other) = (world.acting("department-a"), world.acting("department-a"));
    other.actor.label = "second-clerk".into();
    let seen = at(world, id).await;
    let upheld = || decision(Outcome::Upheld, Some(wanted(8)));
    let (left, right) = tokio::join!(
        disputes::decide(&one, seen, upheld()),
        disputes::decide(&other, seen, upheld())
    );
    let won = usize::from(left.is_ok()) + usize::from(right.is_ok());
    assert_eq!(won, 1, "{left:?} {right:?}");
    let lost = if left.is_ok() { right } else { left };
    assert!(matches!(lost, Err(Error::Stale)), "{lost:?}");
    assert_eq!((total(world).await, entries(world).await.len()), (Hours::whole(8), 3));
    let appealed = disputes::appeal(
        &world.acting("learner-a"),
        at(world, id).await,
        "仍然不服这个决定",
        vec![],
    )
    .await;
    assert_eq!(refusal(appealed), "dispute.nothing_to_appeal");
});

both_engines!(a_form_that_was_shown_before_somebody_acted_is_stale, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    let before = at(world, id).await;
    answered(world, id).await;
    let late = disputes::decide(&world.acting("department-a"), before, decision(Outcome::Rejected, None)).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    assert_eq!(code(world, id).await, DisputeCode::Answered);
});

// --- outcomes

both_engines!(r53_a_foreign_entry_goes_and_its_certificate_with_it, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let learner = world.acting("learner-a");
    let id = disputes::contest_entry(&learner, entry, About::Foreign, "我没有参加这个班", vec![])
        .await
        .expect("a case");
    answered(world, id).await;
    let half = decide(world, "department-a", id, decision(Outcome::Partly, None)).await;
    assert!(matches!(half, Err(Error::Wrong(_))));
    decide(world, "department-a", id, decision(Outcome::Upheld, None))
        .await
        .expect("decided");
    world.run_jobs().await;
    assert_eq!((total(world).await, entries(world).await.len()), (Hours::ZERO, 2));
    let documents = credentials::list(&learner, &CredentialFilter::default(), &Window::first(5))
        .await
        .expect("documents");
    assert!(matches!(documents.rows[0].state, CredentialState::Revoked { .. }));
    assert!(told(world, "learner-a", "异议已有决定").await && told(world, "provider-a", "异议已有决定").await);
    assert!(kinds(world, "department-a").await.is_empty() && kinds(world, "provider-a").await.is_empty());
});

both_engines!(
    r54_an_appeal_replaces_the_first_decision_and_is_the_last,
    |world| async {
        let world = &world;
        let id = wrong(world, entry(world).await).await;
        answered(world, id).await;
        decide(world, "department-a", id, decision(Outcome::Partly, Some(wanted(6))))
            .await
            .expect("decided");
        assert_eq!(total(world).await, Hours::whole(6));
        let learner = world.acting("learner-a");
        disputes::appeal(&learner, at(world, id).await, "还有一节课没有算", vec![])
            .await
            .expect("appealed");
        assert_eq!(kinds(world, "lead").await, ["dispute.review"]);
        let again = disputes::appeal(&learner, at(world, id).await, "还有一节课没有算", vec![]).await;
        assert_eq!(refusal(again), "dispute.appealed");
        assert!(matches!(
            decide(world, "department-a", id, decision(Outcome::Rejected, None)).await,
            Err(Error::Forbidden(_))
        ));
        decide(world, "lead", id, decision(Outcome::Upheld, Some(wanted(8))))
            .await
            .expect("decided once more");
        assert_eq!(
            (total(world).await, code(world, id).await),
            (Hours::whole(8), DisputeCode::Final)
        );
        // Entry, its reversal, six hours, their reversal, eight hours.
        assert_eq!(entries(world).await.len(), 5);
        assert_eq!(
            refusal(disputes::appeal(&learner, at(world, id).await, "还是不服这个决定", vec![]).await),
            "dispute.nothing_to_appeal"
        );
    }
);

both_engines!(r54_a_rejected_appeal_changes_nothing, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    answered(world, id).await;
    decide(world, "department-a", id, decision(Outcome::Partly, Some(wanted(6))))
        .await
        .expect("decided");
    let learner = world.acting("learner-a");
    disputes::appeal(&learner, at(world, id).await, "还有一节课没有算", vec![])
        .await
        .expect("appealed");
    decide(world, "lead", id, decision(Outcome::Rejected, None))
        .await
        .expect("rejected");
    assert_eq!((total(world).await, entries(world).await.len()), (Hours::whole(6), 3));
    let counts = disputes::statistics(&world.acting("lead"), 2026)
        .await
        .expect("figures");
    assert_eq!(
        (counts[0].partly, counts[0].rejected),
        (1, 0),
        "the first decision holds"
    );
});

both_engines!(a_district_decides_where_no_provider_is_involved, |world| async {
    let world = &world;
    let learner = world.acting("learner-a");
    world.at(date(2026, 4, 1), 9, 0);
    let missing = Missing {
        wanted: wanted(4),
        provider: None,
        enrolment: None,
    };
    let id = disputes::contest_missing(&learner, missing, "参加了学术会议", vec![])
        .await
        .expect("a case");
    let opened = case(world, id).await;
    assert_eq!(
        (opened.body, opened.state.code()),
        (Body::District, DisputeCode::Unanswered)
    );
    assert_eq!(kinds(world, "district-a").await, ["dispute.decide"]);
    decide(world, "district-a", id, decision(Outcome::Upheld, Some(wanted(4))))
        .await
        .expect("decided");
    assert_eq!(total(world).await, Hours::whole(4));
    assert!(!case(world, id).await.lapsed, "nobody let a period pass");
});

// --- the ordinary way

both_engines!(a_class_that_is_completed_after_all_settles_the_case, |world| async {
    let world = &world;
    let (class, seat) = held(world).await;
    let learner = world.acting("learner-a");
    let id = courses::contest(&learner, seat, "参加了全部课次，没有学时", vec![])
        .await
        .expect("a case");
    assert!(matches!(
        case(world, id).await.contested,
        Contested::Missing { enrolment: Some(_), .. }
    ));
    assert_eq!(
        refusal(courses::contest(&learner, seat, "参加了全部课次，没有学时", vec![]).await),
        "dispute.open"
    );
    complete(world, class, Mark::Present).await;
    assert_eq!(code(world, id).await, DisputeCode::Settled);
    assert!(kinds(world, "provider-a").await.is_empty() && told(world, "learner-a", "异议已办结").await);
    assert_eq!(
        refusal(courses::contest(&learner, seat, "参加了全部课次，没有学时", vec![]).await),
        "dispute.not_over"
    );
});

both_engines!(
    r53_hours_granted_by_a_decision_are_not_posted_again_by_the_class,
    |world| async {
        let world = &world;
        let (class, seat) = held(world).await;
        let id = courses::contest(&world.acting("learner-a"), seat, "参加了全部课次，没有学时", vec![])
            .await
            .expect("a case");
        answered(world, id).await;
        decide(world, "department-a", id, decision(Outcome::Upheld, Some(wanted(8))))
            .await
            .expect("decided");
        assert_eq!(total(world).await, Hours::whole(8));
        complete(world, class, Mark::Present).await;
        assert_eq!((total(world).await, entries(world).await.len()), (Hours::whole(8), 1));
    }
);

both_engines!(
    a_foreign_entry_that_the_lead_takes_back_settles_the_case,
    |world| async {
        let world = &world;
        let entry = entry(world).await;
        let learner = world.acting("learner-a");
        let id = disputes::contest_entry(&learner, entry, About::Foreign, "我没有参加这个班", vec![])
            .await
            .expect("a case");
        learning::credits::reverse(&world.acting("lead"), entry, "登记错误")
            .await
            .expect("reversed");
        world.run_jobs().await;
        assert_eq!(code(world, id).await, DisputeCode::Settled);
    }
);

both_engines!(the_person_takes_a_case_back_and_may_open_another, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let id = wrong(world, entry).await;
    let seen = at(world, id).await;
    disputes::withdraw(&world.acting("learner-a"), seen)
        .await
        .expect("taken back");
    assert!(kinds(world, "provider-a").await.is_empty());
    assert_eq!(
        refusal(disputes::withdraw(&world.acting("learner-a"), at(world, id).await).await),
        "dispute.over"
    );
    wrong(world, entry).await;
});

// --- the calendar

async fn morning_after(world: &World, day: Date) {
    world.at(day, 8, 0);
    disputes::round(&world.system()).await.expect("a round");
    world.run_jobs().await;
}

both_engines!(
    r49_r51_silence_lapses_after_the_holiday_and_decides_nothing,
    |world| async {
        let world = &world;
        let entry = entry(world).await;
        // Thursday before 清明 (4 to 6 April 2026): five working days end on Friday, 10 April.
        world.at(date(2026, 4, 2), 10, 0);
        let id = wrong(world, entry).await;
        morning_after(world, date(2026, 4, 7)).await;
        assert!(!told(world, "provider-a", "异议期限将到").await);
        morning_after(world, date(2026, 4, 8)).await;
        assert!(
            told(world, "provider-a", "异议期限将到").await,
            "two working days before"
        );
        morning_after(world, date(2026, 4, 10)).await;
        assert_eq!(
            code(world, id).await,
            DisputeCode::Opened,
            "the last day belongs to the provider"
        );
        morning_after(world, date(2026, 4, 11)).await;
        assert_eq!(code(world, id).await, DisputeCode::Unanswered);
        let late = disputes::answer(
            &world.acting("provider-a"),
            at(world, id).await,
            Stance::Agrees,
            "现在才看到",
            vec![],
        )
        .await;
        assert_eq!(refusal(late), "dispute.lapsed");
        assert_eq!(kinds(world, "department-a").await, ["dispute.decide"]);
        assert!(kinds(world, "provider-a").await.is_empty());
        // Far past the period of the decision nothing has been decided; the lead knows.
        morning_after(world, date(2026, 6, 1)).await;
        assert_eq!(code(world, id).await, DisputeCode::Unanswered);
        assert!(told(world, "lead", "异议逾期未决").await);
        decide(world, "department-a", id, decision(Outcome::Rejected, None))
            .await
            .expect("decided");
        let counts = disputes::statistics(&world.acting("department-a"), 2026)
            .await
            .expect("figures");
        assert_eq!((counts[0].opened, counts[0].lapsed, counts[0].rejected), (1, 1, 1));
        assert!(counts[0].workdays.is_some_and(|doubled| doubled > 60), "{counts:?}");
        // Ten working days for an appeal, then it is final.
        morning_after(world, date(2026, 6, 15)).await;
        assert_eq!(code(world, id).await, DisputeCode::Decided);
        morning_after(world, date(2026, 6, 30)).await;
        assert_eq!(code(world, id).await, DisputeCode::Final);
    }
);

both_engines!(
    r11_a_period_into_a_year_without_calendar_never_lapses_by_itself,
    |world| async {
        let world = &world;
        let entry = entry(world).await;
        world.at(date(2026, 12, 30), 10, 0);
        let id = wrong(world, entry).await;
        let learner = world.sign_in("learner-a").await;
        learner
            .get(&format!("/desk/disputes/{id}"))
            .await
            .sees("不早于")
            .sees("2027 年放假安排未导入");
        morning_after(world, date(2027, 3, 1)).await;
        assert_eq!(code(world, id).await, DisputeCode::Opened);
        answered(world, id).await;
        assert_eq!(code(world, id).await, DisputeCode::Answered);
    }
);

both_engines!(the_lead_sets_the_periods_for_what_begins_afterwards, |world| async {
    let world = &world;
    let entry = entry(world).await;
    let lead = world.sign_in("lead").await;
    lead.get("/desk/disputes/terms")
        .await
        .is(200)
        .sees("示例（待市人社局确认）");
    let terms = [("answer", "3"), ("decision", "15"), ("appeal", "0"), ("review", "20")];
    lead.post("/desk/disputes/terms", &terms)
        .await
        .is(422)
        .sees("1 到 60 个工作日");
    let terms = [("answer", "3"), ("decision", "15"), ("appeal", "10"), ("review", "20")];
    lead.post("/desk/disputes/terms", &terms).await.is(303);
    let in_force = disputes::terms(&world.acting("learner-a")).await.expect("periods");
    assert_eq!(
        in_force,
        Terms {
            answer: 3,
            ..Terms::DEFAULT
        }
    );
    let id = wrong(world, entry).await;
    let due = disputes::view(&world.acting("lead"), id)
        .await
        .expect("the case")
        .line
        .due;
    assert_eq!(due.map(kernel::Deadline::date), Some(date(2026, 3, 30)));
});

both_engines!(figures_by_provider_are_for_those_who_supervise, |world| async {
    let world = &world;
    let id = wrong(world, entry(world).await).await;
    answered(world, id).await;
    decide(world, "department-a", id, decision(Outcome::Upheld, Some(wanted(8))))
        .await
        .expect("decided");
    let lead = world.sign_in("lead").await;
    lead.get("/desk/disputes/providers")
        .await
        .is(200)
        .sees("测试a继续教育基地")
        .sees("共提出 1 件");
    lead.get("/desk/disputes/providers/export.xlsx").await.is(200);
    world
        .sign_in("department-b")
        .await
        .get("/desk/disputes/providers")
        .await
        .is(200)
        .misses("测试a继续教育基地");
    world
        .sign_in("provider-a")
        .await
        .get("/desk/disputes/providers")
        .await
        .is(403);
});
