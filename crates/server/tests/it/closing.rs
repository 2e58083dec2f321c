//! A year is closed: late hours, corrections, the door that every posting passes, the statement that says so.

use kernel::{Error, Hours, PersonId, Result, date};
use learning::credits;
use rules::credits::{ActivityForm, HistoryFacts, Subject, for_history};
use testkit::{World, both_engines};

/// Hours of 2025 from an older record.
pub(crate) async fn recorded(world: &World, person: PersonId, key: &str, hours: i64) -> Result<kernel::EntryId> {
    recorded_on(world, person, (key, hours, Subject::Professional), date(2025, 6, 3)).await
}

/// Hours of any day from an older record.
pub(crate) async fn recorded_on(
    world: &World,
    person: PersonId,
    (key, hours, subject): (&str, i64, Subject),
    earned_on: kernel::Date,
) -> Result<kernel::EntryId> {
    let ctx = world.system();
    let mut tx = ctx.db.write().await?;
    let place = credits::place_of(&registry::people::load(&mut tx, person).await?, None);
    let facts = HistoryFacts {
        key: key.into(),
        title: format!("往年培训 {key}"),
        subject,
        form: ActivityForm::Class,
        hours: Hours::whole(hours),
        earned_on,
    };
    let ids = credits::post(&ctx, &mut tx, &[for_history(facts, person, place)]).await?;
    tx.commit().await?;
    Ok(ids[0])
}

fn code(result: &Result<kernel::EntryId>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(Error::Refused { code, .. }) => code,
        Err(_) => "other",
    }
}

both_engines!(r61_a_closed_year_takes_late_hours_then_decisions_alone, |world| async {
    let world = &world;
    let person = world.city.person("learner-a");
    let first = recorded(world, person, "one", 8).await.expect("2025 is open");
    let lead = world.sign_in("lead").await;
    lead.get("/desk/years")
        .await
        .is(200)
        .sees("4 个已经结束的年度")
        .sees("核对并关账");
    lead.get("/desk/years/2026/close").await.is(409).sees("还没有结束");
    lead.get("/desk/years/2025/close")
        .await
        .is(200)
        .sees("关账前核对")
        .sees("补录截止日");
    let fields = [("version", "1"), ("late_until", "2026-03-31")];
    lead.post(
        "/desk/years/2025/close",
        &[("version", "1"), ("late_until", "2026-03-01")],
    )
    .await
    .is(422)
    .sees("补录截止日应在今天或之后");
    lead.post("/desk/years/2025/close", &fields).await.is(303);
    lead.post("/desk/years/2025/close", &fields)
        .await
        .is(409)
        .sees("不需要再关");
    world.at(date(2026, 3, 31), 18, 0);
    assert_eq!(code(&recorded(world, person, "late", 4).await), "ok");
    world.at(date(2026, 4, 1), 9, 0);
    let refused = recorded(world, person, "too-late", 2).await;
    assert_eq!(code(&refused), "credits.year_closed");
    // a correction with a reason still enters; R-62: the statement keeps the figures of the day.
    credits::reverse(&world.acting("lead"), first, "登记有误，已核实")
        .await
        .expect("a decision");
    let learner = world.sign_in("learner-a").await;
    let page = learner.get("/desk/my/statement?year=2025").await.is(200);
    page.sees("已关账")
        .sees("关账时共 8 学时")
        .sees("此后更正 2 笔")
        .sees("关账后更正");
    learner.get("/desk/my/statement").await.is(200).misses("本年度已关账");
});

both_engines!(
    r60_a_year_is_opened_again_for_a_reason_that_stands_in_the_trail,
    |world| async {
        let world = &world;
        let person = world.city.person("learner-a");
        let lead = world.sign_in("lead").await;
        lead.get("/desk/years/2025/reopen").await.is(409).sees("没有关账");
        lead.post(
            "/desk/years/2025/close",
            &[("version", "1"), ("late_until", "2026-03-05")],
        )
        .await
        .is(303);
        world.at(date(2026, 3, 6), 9, 0);
        assert_eq!(code(&recorded(world, person, "a", 4).await), "credits.year_closed");
        let lead = world.sign_in("lead").await;
        lead.post("/desk/years/2025/reopen", &[("version", "2"), ("reason", "错")])
            .await
            .is(422)
            .sees("重新开账的原因");
        lead.post(
            "/desk/years/2025/reopen",
            &[("version", "1"), ("reason", "漏登一批学时")],
        )
        .await
        .is(409);
        lead.post(
            "/desk/years/2025/reopen",
            &[("version", "2"), ("reason", "漏登一批学时")],
        )
        .await
        .is(303);
        assert_eq!(code(&recorded(world, person, "a", 4).await), "ok");
        lead.get("/desk/audit?act=reopen_year")
            .await
            .is(200)
            .sees("漏登一批学时");
        world.sign_in("district-a").await.get("/desk/years").await.is(403);
    }
);
