//! Whose annual statements are asked for, by whom, for which year.
//!
//! Seven of ten by the lead, of anybody in the city with equal chance; one each by a district and an employer, of people
//! in their sight; one by a professional, the own one. Half of them this year's, half of any year since 2022. All
//! sessions are begun at the sign-in form.

use anyhow::{Result, ensure};

use crate::chance::Chance;
use crate::city::Survey;
use crate::scale::Scale;
use crate::visitor::{Target, Web};

/// Different requests, asked for in turn; as many as a minute at 300 a second takes.
const TARGETS: usize = 18_000;
/// Pages of the list of people that are read for whom a district or an employer sees.
const LIST_PAGES: usize = 10;

/// Sessions, and the people they may ask about.
struct Seat {
    sessions: Vec<String>,
    people: Vec<i64>,
}

/// The requests, each checked to be a statement for a few of them.
///
/// # Errors
/// When nobody can sign in, or the page is no statement.
pub async fn targets(web: &Web, survey: &Survey, scale: &Scale) -> Result<Vec<Target>> {
    let lead = Seat {
        sessions: sessions(web, "demo-lead", scale).await?,
        people: survey.people.iter().map(|id| id.get()).collect(),
    };
    let district = in_sight(web, "demo-district", scale).await?;
    let employer = in_sight(web, "demo-employer", scale).await?;
    let learner = sessions(web, "demo-learner", scale).await?;
    let mut chance = Chance::new(300);
    let mut targets = Vec::with_capacity(TARGETS);
    for _ in 0..TARGETS {
        let year = if chance.percent(50) {
            String::new()
        } else {
            format!("?year={}", 2022 + chance.below(5))
        };
        let seat = match chance.below(10) {
            0 => &district,
            1 => &employer,
            2 => {
                let cookie = chance.pick(&learner).cloned();
                let path = format!("/desk/my/statement{year}");
                targets.push(Target { path, cookie });
                continue;
            }
            _ => &lead,
        };
        let person = chance.pick(&seat.people).copied().unwrap_or_default();
        let cookie = chance.pick(&seat.sessions).cloned();
        let path = format!("/desk/people/{person}/statement{year}");
        targets.push(Target { path, cookie });
    }
    web.prove(&targets, "年度学时").await?;
    Ok(targets)
}

async fn sessions(web: &Web, login: &str, scale: &Scale) -> Result<Vec<String>> {
    let mut sessions = Vec::with_capacity(scale.logins);
    for _ in 0..scale.logins {
        sessions.push(web.sign_in(login).await?);
    }
    Ok(sessions)
}

async fn in_sight(web: &Web, login: &str, scale: &Scale) -> Result<Seat> {
    let sessions = sessions(web, login, scale).await?;
    let people = match sessions.first() {
        Some(session) => web.people(session, LIST_PAGES).await?,
        None => Vec::new(),
    };
    ensure!(!people.is_empty(), "{login} sees nobody in the list of people");
    Ok(Seat { sessions, people })
}
