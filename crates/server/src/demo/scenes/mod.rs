//! What visitors of the demonstration meet, played by the use cases themselves with a clock moved to its day.
//!
//! `accounts` opens the demo accounts; `classroom` gives the demo provider a class for every stage and the learner two
//! certificates; `changes` changes one of them; `upcoming` fills the catalogue in every focus field; `folk` brings people
//! to be confirmed, merged and imported; `reporting` reports a class that ran elsewhere and asks for a late report;
//! `claims` claims hours in every state; `disputes` contests some; `review` brings experts into their pool and a round under
//! way; `desk` writes notices and asks tasks; `closing` closes past years and has hours checked for a title; `editions` brings
//! the sample rules into force and counts a draft; `calls` has calls for projects in every stage.
//! Deliberately absent: the running of jobs; the command does it when everything stands.

mod accounts;
mod calls;
mod changes;
mod claims;
mod classroom;
mod closing;
mod desk;
mod disputes;
mod editions;
mod folk;
mod reporting;
mod review;
mod upcoming;

use std::collections::BTreeMap;

use kernel::{Actor, Clock, Date, Place, Result, Role, Time};
use registry::Ctx;

pub use accounts::{LOGINS, PASSWORD};

use super::City;
use super::bodies::Body;
use super::ledger::Sums;

/// Where scenes are played.
struct Stage<'a> {
    city: &'a City<'a>,
    actors: BTreeMap<&'static str, Actor>,
}

/// Plays all scenes.
pub(super) async fn play(city: &City<'_>) -> Result<()> {
    city.progress.begin("演示场景", upcoming::MANY + 7);
    let actors = accounts::open(city).await?;
    let stage = Stage { city, actors };
    city.progress.add(1);
    classroom::play(&stage).await?;
    changes::play(&stage).await?;
    city.progress.add(1);
    upcoming::play(&stage).await?;
    folk::play(&stage).await?;
    claims::play(&stage).await?;
    city.progress.add(1);
    city.progress.add(1);
    disputes::play(&stage).await?;
    reporting::play(&stage).await?;
    city.progress.add(1);
    desk::play(&stage).await?;
    review::play(&stage).await?;
    closing::play(&stage).await?;
    editions::play(&stage).await?;
    calls::play(&stage).await?;
    city.progress.add(3);
    Ok(())
}

/// Adds what the learner's classes will give to what is given.
pub(super) fn promise(city: &City<'_>, given: &mut Sums) {
    classroom::promise(city, given);
}

impl Stage<'_> {
    fn today(&self) -> Date {
        self.city.today
    }

    /// The context of a demo account at a time of a day; days are counted from today.
    fn acting(&self, login: &str, days: i64, hour: u32) -> Ctx {
        let actor = self.actors.get(login).cloned().unwrap_or_else(|| Actor::system("demo"));
        self.at(actor, Time::local(super::courses::day(self.today(), days), hour, 0))
    }

    /// The context of an actor at an instant.
    fn at(&self, actor: Actor, time: Time) -> Ctx {
        Ctx {
            actor,
            clock: Clock::at(time),
            ..self.city.ctx.clone()
        }
    }

    /// Who acts for an organisation: the demo account, if it is its own.
    fn staff(&self, role: Role, body: &Body) -> Actor {
        let own = Some(body.id);
        if let Some(actor) = self
            .actors
            .values()
            .find(|actor| actor.role == role && actor.own.org == own)
        {
            return actor.clone();
        }
        Actor {
            role,
            own: Place {
                person: None,
                ..body.place()
            },
            admin: true,
            ..Actor::system("demo")
        }
    }
}
