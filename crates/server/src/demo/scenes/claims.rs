//! Claims of hours in every state, a draw among the recognised, and one of them found untrue.
//!
//! The demo learner has a draft, a claim with the employer and one that came back; colleagues have the others, so that
//! the learner's year stays as the other scenes tell it. Activities, numbers and evidence are invented and say so.
//! Deliberately absent: claims of people of other employers.

use kernel::{Actor, Date, Hours, Result, Role, id::ClaimId};
use learning::credits::claims::{self, Beginning, NewDraw};
use registry::Ctx;
use rules::credits::Subject;
use rules::credits::claims::{Facts, sampling::Finding};

use super::Stage;
use crate::demo::courses::day;

/// Somebody's claim: the rule, what was done, how many days ago it ended.
struct Told<'a> {
    who: &'a Actor,
    rule: &'a str,
    title: &'a str,
    ended: i64,
    facts: Facts,
}

/// People beside the learner who claim.
const COLLEAGUES: usize = 7;

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    let learner = stage
        .actors
        .get("demo-learner")
        .cloned()
        .unwrap_or_else(|| Actor::system("demo"));
    let colleagues: Vec<Actor> = stage
        .city
        .people
        .of_employer(0, COLLEAGUES)
        .into_iter()
        .map(|number| colleague(stage, number))
        .collect();
    own(stage, &learner).await?;
    for (place, who) in colleagues.iter().enumerate() {
        others(stage, who, place).await?;
    }
    // In a hamlet too few have claimed for anything to be recognised that could be drawn.
    if colleagues.len() < COLLEAGUES {
        return Ok(());
    }
    draw(stage).await
}

/// A person of the demo employer, acting as themselves.
pub(super) fn colleague(stage: &Stage<'_>, number: u64) -> Actor {
    let person = stage.city.people.person(number);
    Actor {
        role: Role::Learner,
        own: stage.city.people.place_on(&person, stage.today()),
        ..Actor::system("demo")
    }
}

async fn own(stage: &Stage<'_>, learner: &Actor) -> Result<()> {
    let lecture = |title, ended, facts| Told {
        who: learner,
        rule: "泰州-讲座",
        title,
        ended,
        facts,
    };
    let taught = Facts {
        taught: Some(Hours::whole(3)),
        ..Facts::default()
    };
    // Still being written: no evidence yet.
    write(stage, &lecture("工业软件进展讲座（演示）", 9, taught.clone()), -2).await?;
    let waiting = Told {
        rule: "泰州-全国会议",
        ..lecture("智能制造学术年会（演示）", 30, meeting(2_500))
    };
    hand_in(stage, &waiting, -3).await?;
    let returned = hand_in(stage, &lecture("数据安全讲座（演示）", 40, taught), -12).await?;
    let ctx = stage.acting("demo-employer", -8, 10);
    claims::give_back(&ctx, returned, 2, "请补充讲座通知，写明日期和学时。").await
}

/// What became of the colleagues' claims, by their place in the list.
async fn others(stage: &Stage<'_>, who: &Actor, place: usize) -> Result<()> {
    let titles = [
        "新材料学术会议（演示）",
        "人工智能学术会议（演示）",
        "集成电路学术会议（演示）",
        "生物医药学术会议（演示）",
        "绿色低碳学术会议（演示）",
        "航空航天学术会议（演示）",
        "海洋装备学术会议（演示）",
    ];
    let told = Told {
        who,
        rule: "泰州-全国会议",
        title: titles[place % titles.len()],
        ended: 60 + i64::try_from(place).unwrap_or(0),
        facts: meeting(1_500 + 300 * i64::try_from(place).unwrap_or(0)),
    };
    let id = hand_in(stage, &told, -20).await?;
    if place == 5 {
        return claims::withdraw(
            &stage.at(who.clone(), stage.acting("demo-learner", -18, 9).now()),
            id,
            2,
        )
        .await;
    }
    claims::confirm(&stage.acting("demo-employer", -16, 10), id, 2).await?;
    let department = stage.acting("demo-department", -10, 14);
    match place {
        0..=2 => claims::recognise(&department, id, 3).await.map(drop),
        3 => claims::refuse(&department, id, 3, "会议不属于本行业的学术会议（演示）。").await,
        _ => Ok(()),
    }
}

fn meeting(words: i64) -> Facts {
    Facts {
        quantity: Some(100),
        words: Some(words),
        ..Facts::default()
    }
}

/// Begins and writes a claim on a day counted from today.
async fn write(stage: &Stage<'_>, told: &Told<'_>, days: i64) -> Result<(Ctx, ClaimId)> {
    let ctx = stage.at(told.who.clone(), stage.acting("demo-learner", days, 9).now());
    let id = claims::begin(&ctx, &Beginning::Rule(told.rule.to_owned())).await?;
    let ended: Date = day(stage.today(), -told.ended);
    let facts = Facts {
        title: told.title.to_owned(),
        subject: Some(Subject::Professional),
        from: Some(ended),
        to: Some(ended),
        ..told.facts.clone()
    };
    claims::save(&ctx, id, 1, facts).await?;
    Ok((ctx, id))
}

async fn hand_in(stage: &Stage<'_>, told: &Told<'_>, days: i64) -> Result<ClaimId> {
    let (ctx, id) = write(stage, told, days).await?;
    claims::attach(&ctx, id, "佐证材料（演示）.pdf", page(&format!("DEMO EVIDENCE {id}"))).await?;
    claims::submit(&ctx, id, 1).await?;
    Ok(id)
}

/// A page of PDF with one line of Latin text.
pub(super) fn page(line: &str) -> Vec<u8> {
    let stream = format!("BT /F1 24 Tf 72 720 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut text = String::from("%PDF-1.4\n");
    let mut starts = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        starts.push(text.len());
        text.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = text.len();
    text.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for start in starts {
        text.push_str(&format!("{start:010} 00000 n \n"));
    }
    text.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    text.into_bytes()
}

/// The list is published one day, the claims are chosen the next; the first one proves untrue.
async fn draw(stage: &Stage<'_>) -> Result<()> {
    let new = NewDraw {
        title: "学时申报抽查（演示）".to_owned(),
        from: day(stage.today(), -30),
        until: day(stage.today(), -4),
    };
    let id = claims::announce(&stage.acting("demo-lead", -4, 9), &new).await?;
    let lead = stage.acting("demo-lead", -3, 16);
    claims::choose(&lead, id, "3387.61", "演示用的公开数字，不是真实行情。").await?;
    let view = claims::view_draw(&lead, id).await?;
    if let Some(check) = view.chosen.first() {
        claims::find(&lead, check.id, Finding::Voided, "会议主办方查无此人（演示）。").await?;
    }
    Ok(())
}
