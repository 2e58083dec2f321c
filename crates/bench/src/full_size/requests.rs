//! Statements and title checks over HTTP, in an open loop over everybody in the city.
//!
//! Statements as `make bench` asks for them; title checks as a title-review system does: by the number of a document, with a
//! bearer token, answered with a signed document that is kept and audited. The interface lets one system ask 600 times a
//! minute, so thirty systems take turns.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use kernel::{Code as _, PersonId, Place, Role};
use registry::identity::{self, NewGrant, accounts, tokens};
use registry::{Ctx, people};
use rules::identity::TokenScope;
use rules::people::TitleLevel;
use serde_json::json;

use super::{Site, lists};
use crate::chance::Chance;
use crate::city::Survey;
use crate::load::Plan;
use crate::pages::{self, Asked};
use crate::scale::Scale;
use crate::served::Served;
use crate::statements;
use crate::visitor::Web;

const RATE: u32 = 200;
/// Systems that ask for title checks in turn.
const SYSTEMS: usize = 30;
/// Different people they ask about.
const PEOPLE: usize = 12_000;
/// Longest the server may take to count the standings of a city after its start.
const SETTLING: Duration = Duration::from_secs(240);

/// Starts the server and measures the parts asked for: requests, lists.
///
/// # Errors
/// When a page does not come or says something else.
pub(super) async fn measure(site: &mut Site<'_>, (requests, with_lists): (bool, bool)) -> Result<()> {
    let ctx = site.city.ctx().await?;
    let checks = if requests {
        Some(Checks::prepare(&ctx, site.people).await?)
    } else {
        None
    };
    let served = Served::start(site.binary, &site.city, site.folder).await?;
    let measured = over_http(site, &served, (checks, with_lists)).await;
    served.stop().await?;
    measured
}

async fn over_http(site: &mut Site<'_>, served: &Served, (checks, with_lists): (Option<Checks>, bool)) -> Result<()> {
    if !served.settle_within(SETTLING).await {
        site.report
            .remark("the server had not finished its first figures when it was measured");
    }
    let web = Web::new(&served.base)?;
    if let Some(checks) = checks {
        ask(site, served, &web, checks).await?;
    }
    if with_lists {
        lists::measure(site, &web).await?;
    }
    Ok(())
}

async fn ask(site: &mut Site<'_>, served: &Served, web: &Web, checks: Checks) -> Result<()> {
    let scale = Scale::full();
    let plan = Plan {
        rate: RATE,
        seconds: scale.load_seconds,
    };
    let targets = statements::targets(web, &everybody(site.people), &scale).await?;
    let what = site.what("annual statement");
    let asked = Asked {
        what: &what,
        plan,
        bar: true,
    };
    let p99 = pages::ask(served, web, &asked, &targets, (&scale, &mut *site.report)).await?;
    site.note("annual statement p99, ms", p99.as_secs_f64() * 1e3);
    let what = site.what("title check");
    let asked = Asked {
        what: &what,
        plan,
        bar: true,
    };
    let checks = Arc::new(checks);
    let request = |number: u64| {
        let (web, checks) = (web.clone(), Arc::clone(&checks));
        async move {
            // A remainder of a length fits where the length does.
            let token = &checks.tokens[(number % checks.tokens.len() as u64) as usize];
            let body = checks.bodies[(number % checks.bodies.len() as u64) as usize].clone();
            web.post("/api/v1/title-checks", token, body).await
        }
    };
    let p99 = pages::ask_by(served, &asked, request, (&scale, &mut *site.report)).await?;
    site.note("title check p99, ms", p99.as_secs_f64() * 1e3);
    Ok(())
}

/// Whoever may be asked about: people of the demonstration are numbered from 1.
fn everybody(people: u32) -> Survey {
    Survey {
        people: (1..=i64::from(people)).map(PersonId::new).collect(),
        known: Vec::new(),
        employers: Vec::new(),
        fields: Vec::new(),
        districts: Vec::new(),
        series: Vec::new(),
        words: Vec::new(),
    }
}

/// What systems ask.
struct Checks {
    tokens: Vec<String>,
    bodies: Vec<String>,
}

impl Checks {
    async fn prepare(ctx: &Ctx, people: u32) -> Result<Self> {
        let mut tokens = Vec::with_capacity(SYSTEMS);
        for number in 0..SYSTEMS {
            tokens.push(token(ctx, &format!("bench-system-{number:02}")).await?);
        }
        let mut chance = Chance::new(64);
        let mut tx = ctx.db.read().await?;
        let mut bodies = Vec::with_capacity(PEOPLE);
        for _ in 0..PEOPLE {
            let id = PersonId::new(1 + chance.below(people as usize) as i64);
            let person = people::load(&mut tx, id).await?;
            let level = person.title_level.unwrap_or(TitleLevel::Intermediate);
            let body = json!({
                "document_kind": person.document.kind().code(),
                "document_no": person.document.number(),
                "purpose": rules::credits::title_check::Purpose::ALL[0].code(),
                "series": person.title_series.unwrap_or_else(|| "05".to_owned()),
                "level": level.code(),
                "on": ctx.today().to_string(),
            });
            bodies.push(body.to_string());
        }
        ensure!(!bodies.is_empty(), "nobody to ask about");
        Ok(Self { tokens, bodies })
    }
}

/// A new token of a system that acts for the lead; its account is made once.
async fn token(ctx: &Ctx, login: &str) -> Result<String> {
    let known = accounts::find_by_login(&mut ctx.db.read().await?, login).await?;
    let account = match known {
        Some(account) => account.id,
        None => {
            let hash = identity::hash_password(login).await?;
            let grant = NewGrant {
                role: Role::Lead,
                admin: false,
                own: Place::default(),
                label: String::new(),
            };
            let mut tx = ctx.db.write().await?;
            let grants = std::slice::from_ref(&grant);
            let id = accounts::create_demo(&mut tx, ctx.now(), login, login, &hash, grants).await?;
            tx.commit().await?;
            id
        }
    };
    let new = tokens::NewToken {
        account,
        grant: None,
        label: "bench".to_owned(),
        scopes: vec![TokenScope::TitleChecks],
    };
    tokens::create(ctx, new).await.context("no token for title checks")
}
