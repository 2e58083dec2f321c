//! A round from its opening to its ranking: open, lift a suspicion, send, close.

use db::Tx;
use kernel::id::{CallId, DeclarationId};
use kernel::{Deadline, Error, OrgId, Place, Result, Role};
use registry::experts::{self, MeritKind, NewMerit};
use registry::tasks::{self, NewTask};
use registry::taxonomy::deadlines;
use registry::{Ctx, Subject, orgs};
use rules::calls::review::{self as decide, Review, ReviewCode, RoundCode, Settings, priority::Host};
use rules::experts::conflict::Named;
use rules::permits::Act;
use rules::scorecards::Points;
use rules::scorecards::ranking::{self, Entry};
use serde_json::{Value as Json, json};

use super::lists::Whole;
use super::store::{self, place::Ranked};
use super::{Given, Item, Round, RoundClosed, RoundId, Section, calling, panel, problem, told};

/// What a round's deadline is called.
pub(super) const KIND: &str = "review_round";
/// The deadline by which reviews are signed.
pub(super) const SIGN: &str = "sign";

/// Something to be reviewed.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// The declaration.
    pub declaration: DeclarationId,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Code of its focus field.
    pub field: Option<String>,
    /// The host, where it is registered.
    pub host: Option<OrgId>,
    /// Its name.
    pub host_name: String,
    /// Everybody named in it.
    pub named: Vec<Named>,
    /// What it says.
    pub body: Vec<Section>,
}

/// A round to be opened.
#[derive(Debug, Clone)]
pub struct NewRound {
    /// The call.
    pub call: Option<CallId>,
    /// What is reviewed.
    pub title: String,
    /// What the call says of its review.
    pub settings: Settings,
    /// Whose round it is.
    pub place: Place,
    /// What is reviewed.
    pub items: Vec<NewItem>,
}

pub(super) fn subject(round: &Round) -> Subject {
    Subject::new("review_round", round.id.get(), round.place.clone())
}

/// Opens a round inside the caller's transaction; the caller has asked for its own act.
///
/// # Errors
/// Wrong with the faults of the settings; `round.empty`; storage failures.
pub async fn open(ctx: &Ctx, tx: &mut Tx, new: NewRound) -> Result<RoundId> {
    let faults = new.settings.faults();
    if !faults.is_empty() {
        return Err(Error::Wrong(faults));
    }
    if new.items.is_empty() {
        return Err(Error::refused("round.empty", "没有可以评审的申报。"));
    }
    let numbers: Vec<String> = new.items.iter().map(|item| item.number.clone()).collect();
    let round = Round {
        id: tx.mint(),
        call: new.call,
        title: new.title,
        seed: decide::seed(&numbers),
        settings: new.settings,
        state: RoundCode::Preparing,
        state_at: ctx.now(),
        job: None,
        outcome: None,
        place: new.place,
        version: 1,
    };
    let mut items = Vec::with_capacity(new.items.len());
    for item in new.items {
        items.push(with_priority(ctx, tx, &round.settings, item).await?);
    }
    store::round::insert(tx, &round, &ctx.actor.label).await?;
    store::item::insert_all(tx, round.id, &items).await?;
    let after = json!({ "title": round.title, "counts": items.len(), "number": round.seed.to_string() });
    ctx.audit(tx, "open_round", subject(&round), Json::Null, after).await?;
    Ok(round.id)
}

async fn with_priority(ctx: &Ctx, tx: &mut Tx, settings: &Settings, item: NewItem) -> Result<Item> {
    let (priority, priority_why) = match item.host {
        Some(host) => {
            let host = orgs::load(tx, host).await?;
            let host = Host {
                base: host.base_level,
                base_until: host.base_until,
                leading: host.leading_enterprise,
            };
            settings.priority.of(host, ctx.today())
        }
        None => (Points::ZERO, String::new()),
    };
    Ok(Item {
        id: tx.mint(),
        declaration: item.declaration,
        number: item.number,
        title: item.title,
        field: item.field,
        host: item.host,
        host_name: item.host_name,
        named: item.named,
        body: item.body,
        priority,
        priority_why,
    })
}

/// Loads a round that the actor may run.
pub(super) async fn run_by(ctx: &Ctx, tx: &mut Tx, id: RoundId) -> Result<Round> {
    let round = store::round::load(tx, id).await?;
    ctx.may(Act::RunRound, &round.place)?;
    Ok(round)
}

/// Lifts a suspicion after a look, with a reason; it counts from the next assignment on.
///
/// # Errors
/// NotFound, Forbidden; Wrong at `reason`; `bar.fact` for what is no suspicion; Stale.
pub async fn lift(ctx: &Ctx, id: RoundId, bar: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let round = run_by(ctx, &mut tx, id).await?;
    round.state.assign()?;
    let bar = store::bar::load(&mut tx, id, bar).await?;
    if !bar.ground.may_be_lifted() {
        return Err(Error::refused_by(
            "R-106",
            "bar.fact",
            format!("“{}”是查明的事实，不能解除。", bar.ground.name()),
        ));
    }
    let reason = reason.trim();
    if !(4..=200).contains(&reason.chars().count()) {
        return Err(Error::wrong(
            "reason",
            "bar.reason",
            "请用 4 到 200 个字写明怎样核实、为什么不是同一人。",
        ));
    }
    store::bar::lift(&mut tx, bar.id, (ctx.now(), &ctx.actor.label, reason)).await?;
    let before = json!({ "what": bar.detail });
    ctx.audit_because(&mut tx, "lift_bar", subject(&round), (before, Json::Null), Some(reason))
        .await?;
    tx.commit().await
}

/// Tells the reviewers what was assigned, after checking once more that everything holds with what is declared now
/// a tie that came up meanwhile keeps the round here.
///
/// # Errors
/// NotFound, Forbidden, `round.state`, `round.broken` with what does not hold, Stale.
pub async fn send(ctx: &Ctx, id: RoundId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let round = run_by(ctx, &mut tx, id).await?;
    let state = round.state.send()?;
    let whole = Whole::load(&mut tx, round).await?;
    let fresh = super::assigning::bars(ctx, &mut tx, &whole).await?;
    let draft = problem::draft(&whole, &fresh)?;
    let broken = assign::check(&draft.problem, &draft.standing(&whole));
    if !broken.is_empty() {
        let said = told::violations(&whole, &draft, &broken);
        return Err(Error::refused_by(
            "R-114",
            "round.broken",
            format!("分配不再符合约束，请重新分配或手工调整：{}", said.join("")),
        ));
    }
    let round = &whole.round;
    store::round::save_state(&mut tx, (id, version), (state, ctx.now())).await?;
    let sent = store::review::send(&mut tx, id, ctx.now()).await?;
    let due = deadlines::set(
        ctx,
        &mut tx,
        (KIND, id.get(), SIGN),
        ctx.today(),
        round.settings.workdays,
    )
    .await?;
    for one in &whole.reviews {
        match one.review {
            Review::Drafted => ask_to_give(ctx, &mut tx, &whole, (one, due)).await?,
            Review::Recused { .. } => tasks::done(ctx, &mut tx, &replace_cause(one)).await?,
            _ => {}
        }
    }
    let after = json!({ "state": state, "told": sent });
    ctx.audit(
        &mut tx,
        "send_reviews",
        subject(round),
        json!({ "state": round.state }),
        after,
    )
    .await?;
    tx.commit().await
}

/// Closes a round: its ranking is computed and kept, its reviews enter the merit records.
///
/// # Errors
/// NotFound, Forbidden, `round.state`, `round.unsigned`, `round.undiscussed`, Stale.
pub async fn close(ctx: &Ctx, id: RoundId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let round = run_by(ctx, &mut tx, id).await?;
    let whole = Whole::load(&mut tx, round).await?;
    let mut standings = panel::standings_of(&whole);
    // What was withdrawn from its call is neither waited for nor ranked.
    if let Some(living) = calling::living(&mut tx, &whole).await? {
        standings.retain(|one| living.contains(&one.item.declaration));
    }
    let wanted = whole.round.settings.reviews as usize;
    let of = |short: &dyn Fn(&panel::Standing) -> bool| -> Vec<String> {
        let found = standings.iter().filter(|one| short(one));
        found.map(|one| one.item.number.clone()).collect()
    };
    let short = of(&|one| one.signed < wanted);
    let silent = of(&|one| one.judgement.as_ref().is_some_and(|judged| judged.discuss) && one.minutes.is_empty());
    let state = whole.round.state.close(&short, &silent)?;
    store::round::save_state(&mut tx, (id, version), (state, ctx.now())).await?;
    let entries: Vec<Entry> = standings.iter().filter_map(panel::Standing::entry).collect();
    let placed = ranking::rank(&entries, &whole.round.settings.ties, &whole.round.seed.to_string());
    let with_entry = placed.into_iter().filter_map(|placed| {
        let entry = entries.iter().find(|entry| entry.item == placed.item)?;
        Some((placed, entry.clone()))
    });
    let with_entry: Vec<_> = with_entry.collect();
    store::place::insert_all(&mut tx, id, &with_entry).await?;
    calling::hand_over(ctx, &mut tx, &whole).await?;
    note_merits(ctx, &mut tx, &whole).await?;
    let round = &whole.round;
    let after = json!({ "state": state, "counts": with_entry.len() });
    ctx.audit(
        &mut tx,
        "close_round",
        subject(round),
        json!({ "state": round.state }),
        after,
    )
    .await?;
    let told = RoundClosed {
        round: id,
        call: round.call,
    };
    tx.tell(&told, ctx.now()).await?;
    tx.commit().await
}

async fn note_merits(ctx: &Ctx, tx: &mut Tx, whole: &Whole) -> Result<()> {
    for seat in &whole.seats {
        let own = whole.reviews.iter().filter(|one| one.expert == seat.expert);
        let signed = own.filter(|one| one.review.code() == ReviewCode::Signed).count();
        if signed == 0 {
            continue;
        }
        let merit = NewMerit {
            expert: seat.expert,
            kind: MeritKind::Reviewing,
            title: whole.round.title.clone(),
            amount: i64::try_from(signed).unwrap_or(0),
            rating: None,
            note: String::new(),
            on: ctx.today(),
            cause: format!("review_round:{}:{}", whole.round.id, seat.expert),
        };
        experts::note_merit(ctx, tx, &merit).await?;
    }
    Ok(())
}

/// The ranking of a closed round, the best first; inside the caller's transaction, after the caller's own `may`. Empty
/// before the round is closed.
///
/// # Errors
/// Storage failures.
pub async fn ranking(tx: &mut Tx, round: RoundId) -> Result<Vec<Ranked>> {
    store::place::of(tx, round).await
}

/// The cause of the task that asks for a review.
pub(super) fn give_cause(one: &Given) -> String {
    format!("review.give:{}", one.id)
}

fn replace_cause(one: &Given) -> String {
    format!("review.replace:{}", one.id)
}

async fn ask_to_give(ctx: &Ctx, tx: &mut Tx, whole: &Whole, (one, due): (&Given, Deadline)) -> Result<()> {
    let title = whole.item(one.item).map_or("", |item| item.title.as_str());
    let task = NewTask {
        kind: "review.give",
        title: format!("评审《{title}》"),
        href: format!("/desk/my/reviews/{}", one.id),
        role: Role::Expert,
        place: Place {
            person: Some(one.person),
            ..Place::default()
        },
        cause: give_cause(one),
        due: Some(due),
    };
    tasks::ask(ctx, tx, task).await
}

/// Asks the body that runs the round to find somebody in the place of who gave back.
pub(super) async fn ask_for_another(ctx: &Ctx, tx: &mut Tx, round: &Round, one: &Given) -> Result<()> {
    let place = Place {
        district: round.place.district.clone(),
        department: round.place.department.clone(),
        ..Place::default()
    };
    let role = match (&place.department, &place.district) {
        (Some(_), _) => Role::Department,
        (None, Some(_)) => Role::District,
        (None, None) => Role::Lead,
    };
    let task = NewTask {
        kind: "review.replace",
        title: format!("补派评审人：{}", round.title),
        href: format!("/desk/review-rounds/{}", round.id),
        role,
        place,
        cause: replace_cause(one),
        due: None,
    };
    tasks::ask(ctx, tx, task).await
}
