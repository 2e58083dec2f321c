//! A pool of experts and a round of reviewing under way: some have signed, the demo expert has something to accept, something to
//! mark and something signed.
//!
//! Experts are made-up people of made-up employers; declarations carry the topics of the demonstration's courses and say
//! that they are one. Deliberately absent: the closing; whoever looks may send reminders, discuss and close.

use kernel::{Actor, ExpertId, Place, Result, Role};
use oversight::calls::review::{self, Given, NewItem, NewRound, RoundId, Section};
use registry::experts::{self, Availability, Background, Profile};
use registry::identity::{NewGrant, accounts};
use registry::{Ctx, people};
use rules::calls::review::{Priority, Settings};
use rules::scorecards::{Marks, Points};

use super::Stage;
use crate::demo::courses::day;
use crate::demo::random::Dice;
use crate::demo::words::FIELDS;

/// Experts beside the demo expert.
const EXPERTS: usize = 24;
/// Declarations.
const ITEMS: usize = 15;
/// The employer whose first person is the demo expert.
pub(super) const EMPLOYER: usize = 1;

/// The number of the person who is the demo expert, where the city has that many.
pub(super) fn expert(stage_people: &crate::demo::people::People<'_>, employers: usize) -> Option<u64> {
    let employer = EMPLOYER % employers.max(1);
    stage_people.of_employer(employer, 1).first().copied()
}

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    let mut pool = Vec::new();
    if let Some(actor) = stage
        .actors
        .get("demo-expert")
        .filter(|actor| actor.own.person.is_some())
    {
        pool.push(join(stage, actor.clone(), 0).await?);
    }
    let employers = stage.city.bodies.employers.len();
    for place in 1..=EXPERTS {
        let number = stage.city.people.of_employer((EMPLOYER + place) % employers, 1);
        if let Some(number) = number.first().filter(|_| EMPLOYER + place < employers) {
            let actor = account(stage, *number).await?;
            pool.push(join(stage, actor, place).await?);
        }
    }
    // In a hamlet there are too few for a panel.
    if pool.len() <= EXPERTS / 2 {
        return Ok(());
    }
    let round = open(stage).await?;
    let lead = stage.acting("demo-lead", -6, 10);
    review::assign_at_once(&lead, round).await?;
    let drafted = review::view(&lead, round).await?.whole;
    if drafted.reviews.is_empty() {
        return Ok(());
    }
    review::send(&lead, round, drafted.round.version).await?;
    let sent = review::view(&lead, round).await?.whole;
    // The demo expert has a signed one, one being marked and one to accept, in turns; the others as the dice fall.
    let mut turns = [0_usize, 30, 60].into_iter().cycle();
    for one in &sent.reviews {
        let Some(who) = pool.iter().position(|(id, _)| *id == one.expert) else {
            continue;
        };
        let mut dice = Dice::of(
            "review",
            one.item.get().unsigned_abs() ^ one.expert.get().unsigned_abs(),
        );
        let fate = match who {
            0 => turns.next().unwrap_or(0),
            _ => dice.below(80),
        };
        give(stage, &pool[who].1, one, (fate, &mut dice)).await?;
    }
    Ok(())
}

/// An account for somebody who is to be invited.
async fn account(stage: &Stage<'_>, number: u64) -> Result<Actor> {
    let person = stage.city.people.person(number);
    let own = stage.city.people.place_on(&person, stage.today());
    let ctx = stage.acting("system", -40, 9);
    let mut tx = ctx.db.write().await?;
    let known = accounts::find_by_person(&mut tx, person.id).await?;
    let id = match known {
        Some(known) => known.id,
        None => {
            let new = accounts::NewAccount {
                login: accounts::free_login(&mut tx).await?,
                display_name: person.name.clone(),
                person: Some(person.id),
                grants: vec![NewGrant {
                    role: Role::Learner,
                    admin: false,
                    own: own.clone(),
                    label: String::new(),
                }],
            };
            accounts::create(&ctx, &mut tx, new).await?
        }
    };
    tx.commit().await?;
    Ok(Actor {
        account: Some(id),
        role: Role::Learner,
        own,
        ..Actor::system("demo")
    })
}

/// Invited by the lead; all but a few accept. Gives the expert with who acts as them.
async fn join(stage: &Stage<'_>, actor: Actor, place: usize) -> Result<(ExpertId, Actor)> {
    let lead = stage.acting("demo-lead", -30, 10);
    let person = actor.own.person.ok_or(kernel::Error::NotFound)?;
    let own = people::load(&mut lead.db.read().await?, person).await?;
    let known = FIELDS.iter().position(|field| Some(field.code) == own.field.as_deref());
    let mut fields: Vec<String> = [known.unwrap_or(place) % FIELDS.len(), (place * 3 + 1) % FIELDS.len()]
        .into_iter()
        .map(|field| FIELDS[field].code.to_owned())
        .collect();
    fields.sort();
    fields.dedup();
    let background = match place % 5 {
        0 | 3 => Background::Academic,
        4 => Background::Finance,
        2 => Background::Management,
        _ => Background::Practice,
    };
    let profile = Profile {
        background,
        specialty: FIELDS[known.unwrap_or(place) % FIELDS.len()].short.to_owned(),
        fields,
        availability: Availability {
            capacity: 6,
            away: None,
        },
    };
    let until = day(stage.today(), 3 * 365);
    let id = experts::invite(&lead, person, profile, until).await?;
    let ctx = at(stage, &actor, -28);
    match place {
        7 => experts::decline(&ctx, 1, "今年教学任务较重").await?,
        11 | 17 => {}
        _ => experts::accept(&ctx, 1).await?,
    }
    let expert = Actor {
        role: Role::Expert,
        own: Place {
            person: Some(person),
            ..Place::default()
        },
        ..actor
    };
    Ok((id, expert))
}

fn at(stage: &Stage<'_>, actor: &Actor, days: i64) -> Ctx {
    let time = kernel::Time::local(day(stage.today(), days), 15, 0);
    stage.at(actor.clone(), time)
}

async fn open(stage: &Stage<'_>) -> Result<RoundId> {
    let city = stage.city;
    let items = (0..ITEMS).map(|place| {
        let field = &FIELDS[place % FIELDS.len()];
        let host = &city.bodies.providers[place % city.bodies.providers.len()];
        let topic = field.topics[place % field.topics.len()];
        let said = |label: &str, text: String, identifying| Section {
            label: label.to_owned(),
            text,
            identifying,
        };
        NewItem {
            declaration: kernel::Id::new(i64::try_from(place + 1).unwrap_or(1)),
            number: format!("演示{:03}", place + 1),
            title: format!("{topic}高级研修（演示）"),
            field: Some(field.code.to_owned()),
            host: Some(host.id),
            host_name: host.name.clone(),
            named: Vec::new(),
            body: vec![
                said(
                    "培训目标",
                    format!("面向{}领域中高级专业技术人员，解决{topic}中的实际问题。", field.short),
                    false,
                ),
                said(
                    "培训安排",
                    "五天，共 40 学时：讲授、研讨、现场教学和结业报告。".to_owned(),
                    false,
                ),
                said("承办基础", format!("{}近三年承办同类班次。", host.name), true),
            ],
        }
    });
    let settings = Settings {
        reviews: 3,
        priority: Priority {
            national: Points::whole(3),
            municipal: Points::whole(2),
            leading: Points::whole(1),
        },
        ..Settings::proposed()
    };
    let lead = stage.acting("demo-lead", -7, 9);
    let round = NewRound {
        call: None,
        title: "高级研修项目专家评审（演示）".to_owned(),
        settings,
        place: Place::default(),
        items: items.collect(),
    };
    let mut tx = lead.db.write().await?;
    let id = review::open(&lead, &mut tx, round).await?;
    tx.commit().await?;
    Ok(id)
}

/// What becomes of a review: it is signed, is being marked, or waits.
async fn give(stage: &Stage<'_>, actor: &Actor, one: &Given, (fate, dice): (usize, &mut Dice)) -> Result<()> {
    if fate >= 60 {
        return Ok(());
    }
    let ctx = at(stage, actor, -4);
    review::accept(&ctx, one.id, one.version).await?;
    let settings = Settings::proposed();
    let lenient = dice.between(-6, 6);
    let marks: Marks = settings
        .scorecard
        .leaves()
        .iter()
        .map(|leaf| {
            let mark = (80 + lenient + dice.between(-12, 12)).clamp(0, 100);
            (leaf.criterion.code.clone(), u32::try_from(mark).unwrap_or(80))
        })
        .collect();
    let comment = "选题对准紧缺能力，课程安排合理；建议细化考核方式和现场教学内容。（演示）".to_owned();
    let seen = one.version + 1;
    review::save(&ctx, one.id, seen, (marks, comment)).await?;
    if fate < 30 {
        review::sign(&ctx, one.id, seen).await?;
    }
    Ok(())
}
