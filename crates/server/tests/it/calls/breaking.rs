//! Attempts to break a call: late, edited after closing, one's own, two clerks at once, an objection in the last hour, gaps, holidays, a
//! year without a calendar.

use kernel::Deadline;

use super::*;

both_engines!(
    r83_nothing_comes_in_late_and_nothing_is_edited_after_closing,
    |world| async {
        let world = &world;
        let id = published(world, "lead", PACKAGE, 1).await;
        let (a, b) = (world.acting("provider-a"), world.acting("provider-b"));
        let left = calls::begin(&a, id, None).await.unwrap();
        calls::save(&a, left, 1, content("写到一半的申报")).await.unwrap();
        let handed = declared(world, "provider-b", id, (None, "按时提交的申报")).await;
        // The last second is in time; the next is not, though no job has closed the window yet.
        world.clock.set(kernel::Time::local(date(2026, 3, 20), 17, 0));
        calls::save(&a, left, 1, content("写到一半的申报")).await.unwrap();
        world
            .clock
            .set(kernel::Time::local(date(2026, 3, 20), 17, 0).plus_seconds(1));
        assert_eq!(
            code(calls::save(&a, left, 1, content("迟到的申报")).await),
            "call.closed"
        );
        assert_eq!(code(calls::submit(&a, left, 1).await), "call.closed");
        assert_eq!(
            code(calls::attach(&a, left, ("实施方案", "x.pdf"), PDF.to_vec()).await),
            "call.closed"
        );
        assert_eq!(
            code(calls::begin(&world.acting("provider-a"), id, None).await),
            "call.closed"
        );
        assert_eq!(
            code(calls::save(&b, handed, 2, content("提交后的修改")).await),
            "declaration.state"
        );
        world.run_jobs().await;
        assert_eq!(call(world, id).await.state, CallState::Closed);

        // What is given back may be mended until its own deadline: Friday 20 March + 5 working days = 27 March.
        calls::give_back(&world.acting("lead"), handed, 2, "请补充进度安排")
            .await
            .unwrap();
        world.at(date(2026, 3, 27), 23, 0);
        calls::save(&b, handed, 3, content("改好的申报")).await.unwrap();
        world.at(date(2026, 3, 28), 0, 0);
        assert_eq!(code(calls::submit(&b, handed, 3).await), "declaration.correction_over");
        // Then the review may begin without it; nothing else is there.
        let lead = world.acting("lead");
        assert_eq!(
            code(calls::begin_review(&lead, id, call(world, id).await.version).await),
            "call.nothing"
        );
    }
);

both_engines!(r81_nobody_decides_on_their_own_organisation, |world| async {
    let world = &world;
    let id = published(world, "department-a", PACKAGE, 1).await;
    let one = declared(world, "provider-a", id, (None, "本单位的申报")).await;
    // The clerk of the department also keeps the provider's account.
    let clerk = world.acting("department-a");
    let mut tx = world.db.write().await.unwrap();
    let grant = registry::identity::NewGrant {
        role: kernel::Role::Provider,
        admin: false,
        own: world.city.actor("provider-a").own,
        label: "测试a继续教育基地".into(),
    };
    registry::identity::grants::give(&world.system(), &mut tx, clerk.actor.account.unwrap(), grant)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let judged = judged(world, one).await;
    assert_eq!(code(calls::decide_check(&clerk, one, 2, &judged).await), "call.own");
    assert_eq!(code(calls::give_back(&clerk, one, 2, "请补充材料").await), "call.own");
    // Another body's call is not the lead's to decide, though the lead sees it.
    assert_eq!(
        code(calls::decide_check(&world.acting("lead"), one, 2, &judged).await),
        "call.turn"
    );
    assert_eq!(state(world, one).await, DeclarationState::Checking);
});

both_engines!(r90_two_clerks_at_once_approve_once, |world| async {
    let world = &world;
    let (id, ids) = approving(world, 1).await;
    assert_eq!(state(world, ids[1]).await, DeclarationState::NotSelected);
    let shown = call(world, id).await.version;
    let (one, other) = (world.acting("lead"), world.acting("lead"));
    let (first, second) = tokio::join!(calls::approve(&one, id, shown), calls::approve(&other, id, shown));
    let results = [code(first), code(second)];
    assert!(results.contains(&"false".to_owned()), "{results:?}");
    assert!(
        results
            .iter()
            .any(|result| result == "approval.twice" || result == "stale"),
        "{results:?}"
    );
    assert_eq!(call(world, id).await.state, CallState::Approving);
    // Finance with an old page is asked to look again; then the plan is published, once.
    let finance = world.acting("finance");
    assert!(matches!(calls::approve(&finance, id, shown).await, Err(Error::Stale)));
    assert!(
        calls::approve(&finance, id, call(world, id).await.version)
            .await
            .unwrap()
    );
    assert_eq!(state(world, ids[0]).await, DeclarationState::Approved);
    assert_eq!(
        code(calls::approve(&finance, id, call(world, id).await.version).await),
        "approval.twice"
    );
});

both_engines!(
    r89_an_objection_in_the_last_hour_holds_the_notice_until_it_is_answered,
    |world| async {
        let world = &world;
        let (id, ids) = noticed(world, 2).await;
        watched(world, date(2026, 3, 24), date(2026, 3, 31)).await;
        world.at(date(2026, 3, 31), 23, 30);
        let visitor = world.visitor();
        let path = format!("/calls/{id}/objection");
        visitor.get(&path).await.is(200);
        let about = ids[1].to_string();
        let fields = [
            ("declaration", about.as_str()),
            ("text", "该项目与去年的项目内容重复，请核实。"),
            ("name", "某某研究院"),
            ("contact", "021-12345678"),
        ];
        visitor.post(&path, &fields[..1]).await.is(422).sees("不会公开");
        visitor.post(&path, &fields).await.is(200).sees("异议已收到");
        world.at(date(2026, 4, 1), 9, 0);
        world.run_jobs().await;
        assert_eq!(call(world, id).await.state, CallState::Noticed);
        visitor.post(&path, &fields).await.is(409).sees("公示期已满");
        // Who objected is masked, revealed with a trace, never public.
        let lead = world.sign_in("lead").await;
        let page = lead.get(&format!("/desk/calls/{id}/objections")).await.is(200);
        page.sees("请核实").misses("021-12345678");
        let objection = calls::view_call(&world.acting("lead"), id).await.unwrap().objections[0].id;
        lead.post(&format!("/desk/objections/{objection}/contact"), &[])
            .await
            .is(200)
            .sees("021-12345678");
        let answer = format!("/desk/objections/{objection}/answer");
        let call_id = id.to_string();
        let upheld = [
            ("version", "1"),
            ("call", call_id.as_str()),
            ("finding", "upheld"),
            ("reason", "经核实内容重复"),
        ];
        lead.post(&answer, &upheld[..3]).await.is(422);
        lead.post(&answer, &upheld).await.is(303);
        lead.post(&answer, &upheld).await.is(409);
        let public = visitor.get(&format!("/calls/{id}/notice")).await.is(200);
        public
            .sees("经核实内容重复")
            .misses("某某研究院")
            .misses("021-12345678");
        assert_eq!(state(world, ids[1]).await, DeclarationState::NotSelected);
        world.at(date(2026, 4, 1), 10, 0);
        world.run_jobs().await;
        assert_eq!(call(world, id).await.state, CallState::Approving);
    }
);

both_engines!(
    r88_a_gap_extends_the_notice_and_the_series_cannot_be_changed,
    |world| async {
        let world = &world;
        let (id, _) = noticed(world, 1).await;
        watched(world, date(2026, 3, 24), date(2026, 3, 25)).await;
        // On Thursday nothing is observed from 17:00 of the day before to 12:00: three hours of working time.
        world.at(date(2026, 3, 26), 12, 0);
        world.run_jobs().await;
        watched(world, date(2026, 3, 26), date(2026, 3, 31)).await;
        world.at(date(2026, 4, 1), 9, 0);
        world.run_jobs().await;
        let extended = call(world, id).await;
        assert_eq!((extended.state, extended.extension), (CallState::Noticed, 1));
        world
            .visitor()
            .get(&format!("/calls/{id}/notice"))
            .await
            .is(200)
            .sees("2026年4月1日")
            .sees("顺延");
        world
            .visitor()
            .get(&format!("/calls/{id}/evidence"))
            .await
            .is(200)
            .sees("180");
        for sql in [
            "update call_observations set status = 200",
            "delete from call_observations",
        ] {
            let mut tx = world.db.write().await.unwrap();
            assert!(tx.exec(sql, &[]).await.is_err(), "{sql}");
        }
        watched(world, date(2026, 4, 1), date(2026, 4, 1)).await;
        world.at(date(2026, 4, 2), 9, 0);
        world.run_jobs().await;
        assert_eq!(call(world, id).await.state, CallState::Approving);
    }
);

both_engines!(
    r82_holidays_move_the_end_of_a_notice_and_a_year_without_a_calendar_never_ends_it,
    |world| async {
        let world = &world;
        let (id, _) = noticed(world, 1).await;
        let lead = world.acting("lead");
        let due = calls::view_call(&lead, id).await.unwrap().due;
        assert_eq!(due, Some(Deadline::On(date(2026, 3, 31))));
        // A second plan, whose notice begins on 1 April: 清明 takes Monday 6 April out.
        let second = published_later(world, (date(2026, 3, 26), date(2026, 4, 1))).await;
        let due = calls::view_call(&lead, second).await.unwrap().due;
        assert_eq!(due, Some(Deadline::On(date(2026, 4, 9))));
        // A third, whose notice reaches 2027, of which nobody has imported the holidays.
        let third = published_later(world, (date(2026, 12, 24), date(2026, 12, 29))).await;
        let due = calls::view_call(&lead, third).await.unwrap().due;
        assert!(
            matches!(due, Some(Deadline::NotBefore { missing: 2027, .. })),
            "{due:?}"
        );
        world
            .visitor()
            .get(&format!("/calls/{third}/notice"))
            .await
            .is(200)
            .sees("2027 年放假安排未导入");
        world.at(date(2027, 6, 1), 9, 0);
        world.run_jobs().await;
        assert_eq!(call(world, third).await.state, CallState::Noticed);
    }
);

/// A call that closes on one day and whose plan goes under notice on another.
async fn published_later(world: &World, (closes, begins): (Date, Date)) -> CallId {
    let lead = world.acting("lead");
    let kinds = calls::templates(&lead).await.unwrap();
    let kept = kinds.iter().find(|kept| kept.template.kind == PACKAGE).unwrap();
    let draft = Draft {
        template: kept.id,
        year: 2026,
        title: format!("截止于 {closes} 的征集"),
        body: "请各单位按照通知要求组织申报。".into(),
        places: 1,
        opens_at: world.clock.now(),
        topics_until: None,
        closes_at: kernel::Time::local(closes, 17, 0),
    };
    let id = calls::draft(&lead, &draft).await.unwrap();
    calls::publish(&lead, id, 1).await.unwrap();
    let one = declared(world, "provider-a", id, (None, &format!("第 {id} 号实训环境"))).await;
    world.at(closes, 18, 0);
    world.run_jobs().await;
    passed(world, "lead", one).await;
    calls::begin_review(&lead, id, call(world, id).await.version)
        .await
        .unwrap();
    calls::record_scores(&lead, id, vec![(one, 9_000, String::new())])
        .await
        .unwrap();
    calls::propose(&lead, id, call(world, id).await.version).await.unwrap();
    world.at(begins, 10, 0);
    calls::give_notice(&lead, id, call(world, id).await.version)
        .await
        .unwrap();
    id
}
