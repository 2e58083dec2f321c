//! Two rushes over HTTP: twenty thousand people for two hundred seats, and a full lecture hall checking in.
//!
//! The rush for seats: each person sends one request, by the plan of an open loop, at 1,000 a second for twenty seconds; then the
//! database is asked whether a seat was given twice, and whether seats went in the order of arrival. Checking in: 540 phones
//! in a minute, each scans what the screen shows at that moment and confirms; then every mark must be on the roll.

use std::sync::Arc;

use anyhow::{Result, ensure};
use db::args;
use kernel::{ClassId, Clock, SessionId, Time};
use learning::courses;
use registry::Ctx;

use crate::city::{City, Survey};
use crate::crowd::{self, Member};
use crate::load::{Plan, Tally, open_loop};
use crate::report::{Report, ms};
use crate::scale::Scale;
use crate::served::Served;
use crate::visitor::Web;

/// Seats that everybody wants.
const SEATS: i64 = 200;
/// Seconds that 99 of 100 answers may take, from the moment the request was meant to leave.
const P99_SECONDS: f64 = 1.0;

/// What is prepared before the server starts.
pub struct Prepared {
    crowd: Arc<Vec<Member>>,
    wanted: ClassId,
    hall: Arc<Vec<Member>>,
    session: SessionId,
    ctx: Ctx,
}

/// Signs the crowd in and makes the two classes.
///
/// # Errors
/// Of the database.
pub async fn prepare(city: &City, survey: &Survey, scale: &Scale) -> Result<Prepared> {
    let ctx = city.ctx().await?;
    let now = Clock::System.now();
    let crowd = crowd::gather(&ctx.db, survey, scale.crowd, now).await?;
    // Far enough in the future that nobody of the city is busy then.
    let starts_at = Time::start_of(now.date()).plus_days(400).plus_seconds(3 * 3_600);
    let (wanted, _) = crowd::class(
        &ctx.db,
        ("BENCH-RUSH", SEATS),
        (starts_at, starts_at.plus_seconds(7_200)),
        now,
    )
    .await?;
    let hall = crowd[..scale.phones].to_vec();
    let ends_at = now.plus_seconds(3_000);
    let (class, session) = crowd::class(&ctx.db, ("BENCH-HALL", 1_000), (now.plus_seconds(120), ends_at), now).await?;
    crowd::seat(&ctx.db, (class, session), &hall, now).await?;
    courses::open_check_in(&ctx, session).await?;
    Ok(Prepared {
        crowd: Arc::new(crowd),
        wanted,
        hall: Arc::new(hall),
        session,
        ctx,
    })
}

/// Measures and reports.
///
/// # Errors
/// When a seat was given twice, a mark is missing, or the database does not answer.
pub async fn measure(served: &Served, prepared: &Prepared, scale: &Scale, report: &mut Report) -> Result<()> {
    let web = Web::new(&served.base)?;
    check_in(served, &web, prepared, (scale, report)).await?;
    seats(served, &web, prepared, (scale, report)).await
}

async fn seats(served: &Served, web: &Web, prepared: &Prepared, (scale, report): (&Scale, &mut Report)) -> Result<()> {
    let (seconds, class) = (scale.rush_seconds, prepared.wanted);
    let plan = Plan {
        rate: u32::try_from(scale.crowd)? / seconds,
        seconds,
    };
    let before = served.used();
    let tally = open_loop(plan, |number| {
        let (web, crowd) = (web.clone(), Arc::clone(&prepared.crowd));
        async move {
            let member = &crowd[(number % crowd.len() as u64) as usize];
            let path = format!("/classes/{class}/enrol");
            web.press(&path, member, Some("/desk/my/classes")).await
        }
    })
    .await;
    let cost = served.used().per_request(before, tally.sent());
    let mut tx = prepared.ctx.db.read().await?;
    let count = "select count(*), count(distinct place), max(place) from enrolments where class = $1";
    let (everybody, places, last): (i64, i64, i64) = tx.one(count, args![class]).await?;
    let seated = "select count(*), max(place) from enrolments where class = $1 and state = 'enrolled'";
    let (given, last_seat): (i64, i64) = tx.one(seated, args![class]).await?;
    drop(tx);
    let answered = i64::try_from(tally.sent() - tally.wrong)?;
    ensure!(
        everybody == answered,
        "{answered} were told that they have a place, {everybody} have one"
    );
    ensure!(
        places == everybody && last == everybody,
        "places are not those of the order of commit"
    );
    ensure!(
        given == SEATS.min(everybody) && last_seat == given,
        "{given} seats were given, up to place {last_seat}"
    );
    let what = format!("rush, {} people for {SEATS} seats, {}/s", scale.crowd, plan.rate);
    let figure = format!(
        "{}; {given} seats, {} in the queue, none twice; {cost}",
        told(&tally),
        everybody - given
    );
    let clears = tally.percentile(99.0).as_secs_f64() < P99_SECONDS && tally.wrong == 0;
    report.judged(
        served.engine.name(),
        &what,
        &figure,
        ("p99 under 1 s, none wrong", clears),
    );
    explain(&tally, report);
    Ok(())
}

async fn check_in(
    served: &Served,
    web: &Web,
    prepared: &Prepared,
    (scale, report): (&Scale, &mut Report),
) -> Result<()> {
    let plan = Plan {
        rate: u32::try_from(scale.phones)?.div_ceil(scale.hall_seconds),
        seconds: scale.hall_seconds,
    };
    let session = prepared.session;
    let phones = prepared.hall.len() as u64;
    let tally = open_loop(plan, |number| {
        let (web, hall, ctx) = (web.clone(), Arc::clone(&prepared.hall), prepared.ctx.clone());
        async move {
            if number >= phones {
                return Ok(0);
            }
            let member = &hall[usize::try_from(number).unwrap_or_default()];
            let screen = courses::check_in_screen(&ctx, session)
                .await
                .map_err(|error| error.to_string())?;
            let (code, _) = screen.code.ok_or("the check-in is not open")?;
            let ticket = web.scan(&format!("/check-in/{session}/{code}"), member).await?;
            let holding = Member {
                cookie: format!("{}; {ticket}", member.cookie),
                ..member.clone()
            };
            web.press(&format!("/check-in/{session}"), &holding, None).await
        }
    })
    .await;
    let mut tx = prepared.ctx.db.read().await?;
    let marks: i64 = tx
        .one(
            "select count(*) from attendance_marks where session = $1",
            args![session],
        )
        .await?;
    drop(tx);
    let lost = i64::try_from(phones)? - marks;
    let what = format!("check-in, {phones} phones in {} s", scale.hall_seconds);
    let figure = format!("{}; {marks} marks on the roll", told(&tally));
    let clears = lost == 0 && tally.wrong == 0;
    report.judged(served.engine.name(), &what, &figure, ("none lost", clears));
    explain(&tally, report);
    Ok(())
}

fn told(tally: &Tally) -> String {
    format!(
        "p50 {}, p99 {}, max {}; {} of {} wrong",
        ms(tally.percentile(50.0)),
        ms(tally.percentile(99.0)),
        ms(tally.longest()),
        tally.wrong,
        tally.sent()
    )
}

fn explain(tally: &Tally, report: &mut Report) {
    if let Some(why) = &tally.first_wrong {
        report.remark(&format!("the first wrong reply: {why}"));
    }
}
