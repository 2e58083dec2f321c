//! What the demo provider has reported: a class that ran elsewhere, filed, with a file of results whose faults are
//! explained and whose right rows wait for confirmation; and a class of long ago for which a late report is requested.
//! Deliberately absent: the confirming; whoever looks may do it.

use std::fs;

use kernel::{Error, Hours, IdentityDocument, Result, Seconds, Time, date};
use learning::courses::reporting::{self, ReportKind, filed, late};
use rules::courses::reporting::Filing;

use super::Stage;
use super::classroom::{PAST_SHORT, past};
use crate::demo::courses::{day, workdays};
use crate::demo::words;

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    report(stage).await?;
    ask_late(stage).await
}

async fn report(stage: &Stage<'_>) -> Result<()> {
    let city = stage.city;
    let course = &city.courses[PAST_SHORT];
    let days = workdays(city.ctx, day(stage.today(), -12), 2);
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(());
    };
    let filing = Filing {
        own_number: "演示-自办-01".into(),
        title: format!("{}（演示基地自办）", course.title),
        starts_on: *first,
        ends_on: *last,
        taught: Seconds::ZERO,
        sessions: days
            .iter()
            .map(|day| (Time::local(*day, 13, 0), Time::local(*day, 17, 30)))
            .collect(),
        place: "演示基地教室".into(),
        teacher: words::person_name(&mut crate::demo::random::Dice::of("filed", 1)),
        participants: 30,
        declared: Hours::whole(course.hours.min(12)),
    };
    let ctx = stage.acting("demo-provider", -3, 10);
    let class = filed::file(&ctx, course.id, &filing).await?.class;
    let mut rows = "姓名,身份证件号码,结果,成绩,实际学时\n".to_owned();
    for (index, number) in (0_usize..).zip(city.people.of_employer(30, 9)) {
        let person = city.people.person(number);
        let (name, rest) = match index {
            2 => (person.name.clone(), "优秀,88,"),
            4 => ("演示他人".to_owned(), "合格,80,"),
            6 => (person.name.clone(), "合格,76,4"),
            _ => (person.name.clone(), "合格,85,"),
        };
        rows.push_str(&format!("{name},{},{rest}\n", person.document.number()));
    }
    let stranger = IdentityDocument::demo(date(1979, 9, 9), 901);
    rows.push_str(&format!("演示未登记,{},合格,90,\n", stranger.number()));
    let folder = city.ctx.installation.data.join("demo");
    fs::create_dir_all(&folder).map_err(Error::broken)?;
    let file = folder.join("结业结果（有错误）.csv");
    fs::write(&file, rows).map_err(Error::broken)?;
    let ctx = stage.acting("demo-provider", -1, 16);
    reporting::start(
        &ctx,
        (ReportKind::Completions, class),
        "自办班结业结果（演示）.csv",
        &file,
    )
    .await
    .map(drop)
}

async fn ask_late(stage: &Stage<'_>) -> Result<()> {
    let class = past(stage, PAST_SHORT, -75, 4).await?;
    let ctx = stage.acting("demo-provider", -1, 17);
    // A window that reaches a year without a calendar does not close, and then nothing need be asked.
    if reporting::window(&ctx, class).await?.is_open(ctx.today()) {
        return Ok(());
    }
    let reason = "授课教师因病住院，考勤和考核结果迟了三周才收齐，共 1 个班次需要补报（演示）。";
    late::request(&ctx, class, reason).await.map(drop)
}
