//! The expert's side: one's own reviews, taking one on or giving it back, marks saved while they are made, signing.
//!
//! conflicts are computed anew with what is declared now, each time somebody accepts or signs. A blind review shows
//! no host, no names and no part that tells who declares.

use db::Tx;
use kernel::{Deadline, Error, FieldError, Place, Result};
use registry::taxonomy::deadlines;
use registry::{Ctx, Listed, Window, experts, tasks};
use rules::calls::review::{Review, ReviewCode};
use rules::experts::conflict::{Conflict, conflicts};
use rules::permits::Act;
use rules::scorecards::Marks;
use serde_json::{Value as Json, json};

use super::store::{self, review::OwnLine};
use super::{Given, Item, ReviewId, Round, round};

/// One's own review with what is reviewed.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The review.
    pub given: Given,
    /// What is reviewed, blinded where the call says so.
    pub item: Item,
    /// The round.
    pub round: Round,
    /// By when to sign.
    pub due: Option<Deadline>,
}

/// Fewest characters of what a reviewer says: a number without a word helps no panel.
const COMMENT: usize = 10;
/// Most characters.
const LONGEST: usize = 2_000;

/// One's own reviews.
///
/// # Errors
/// Storage failures.
pub async fn own_list(ctx: &Ctx, state: Option<ReviewCode>, window: &Window) -> Result<(Listed<OwnLine>, i64)> {
    let scope = ctx.scope(Act::ReviewDeclaration);
    let mut tx = ctx.db.read().await?;
    let mut listed = store::review::list(&mut tx, &scope, state, window).await?;
    let mut known: Vec<(super::RoundId, Option<Deadline>)> = Vec::new();
    for line in &mut listed.rows {
        let due = match known.iter().find(|(id, _)| *id == line.round) {
            Some((_, due)) => *due,
            None => {
                let due = deadlines::find(&mut tx, round::KIND, line.round.get(), round::SIGN).await?;
                known.push((line.round, due));
                due
            }
        };
        line.due = due;
    }
    let open = store::review::count_open(&mut tx, &scope).await?;
    Ok((listed, open))
}

async fn load_own(ctx: &Ctx, tx: &mut Tx, id: ReviewId) -> Result<Given> {
    let given = store::review::load(tx, id).await?;
    let place = Place {
        person: Some(given.person),
        ..Place::default()
    };
    ctx.may(Act::ReviewDeclaration, &place)?;
    if given.review == Review::Drafted {
        return Err(Error::NotFound);
    }
    Ok(given)
}

/// One's own review with what is reviewed.
///
/// # Errors
/// NotFound when it is somebody else's, or was not told yet.
pub async fn own(ctx: &Ctx, id: ReviewId) -> Result<Assignment> {
    let mut tx = ctx.db.read().await?;
    let given = load_own(ctx, &mut tx, id).await?;
    let round = store::round::load(&mut tx, given.round).await?;
    let item = store::item::load(&mut tx, given.item).await?;
    let due = deadlines::find(&mut tx, round::KIND, round.id.get(), round::SIGN).await?;
    Ok(Assignment {
        item: if round.settings.blind { item.blinded() } else { item },
        given,
        round,
        due,
    })
}

/// What bars the reviewer now; what was lifted does not count.
async fn barred(ctx: &Ctx, tx: &mut Tx, (given, round): (&Given, &Round)) -> Result<Vec<Conflict>> {
    let item = store::item::load(tx, given.item).await?;
    let reviewers = experts::reviewers(tx, &[given.expert]).await?;
    let reviewer = reviewers.get(&given.expert).ok_or(Error::NotFound)?;
    let mut found = conflicts(reviewer, &item.party(), (ctx.today(), round.settings.former_years));
    let bars = store::bar::of(tx, round.id).await?;
    found.retain(|conflict| {
        !bars.iter().any(|bar| {
            let same = bar.item == given.item && bar.expert == given.expert && bar.ground == conflict.ground;
            same && bar.lifted.is_some()
        })
    });
    if round.settings.blind {
        // A blind review names nobody, not even as the reason.
        for conflict in &mut found {
            conflict.detail = conflict.ground.name().to_owned();
        }
    }
    Ok(found)
}

/// Takes a review on.
///
/// # Errors
/// NotFound, `review.conflict`, `review.state`, Stale.
pub async fn accept(ctx: &Ctx, id: ReviewId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut given = load_own(ctx, &mut tx, id).await?;
    let round = store::round::load(&mut tx, given.round).await?;
    let barred = barred(ctx, &mut tx, (&given, &round)).await?;
    given.review = given.review.accept(&barred)?;
    moved(ctx, &mut tx, (&mut given, version), (&round, "accept_review")).await?;
    tx.commit().await
}

/// Gives a review back: a conflict, or no time. Somebody else is looked for.
///
/// # Errors
/// NotFound; Wrong at `reason`; `review.signed`, `review.state`; Stale.
pub async fn recuse(ctx: &Ctx, id: ReviewId, version: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut given = load_own(ctx, &mut tx, id).await?;
    let round = store::round::load(&mut tx, given.round).await?;
    given.review = given.review.recuse(reason)?;
    moved(ctx, &mut tx, (&mut given, version), (&round, "recuse_review")).await?;
    round::ask_for_another(ctx, &mut tx, &round, &given).await?;
    tx.commit().await
}

/// Saves marks and comment while they are made; incomplete ones too.
///
/// # Errors
/// NotFound; Wrong at a mark out of bounds or a comment too long; `review.signed`, `review.state`; Stale.
pub async fn save(ctx: &Ctx, id: ReviewId, version: i64, (marks, comment): (Marks, String)) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut given = load_own(ctx, &mut tx, id).await?;
    given.review.write()?;
    let round = store::round::load(&mut tx, given.round).await?;
    fitting(&round, &marks, &comment)?;
    given.marks = marks;
    given.comment = comment.trim().to_owned();
    store::review::save_marks(&mut tx, &given, version).await?;
    tx.commit().await
}

fn fitting(round: &Round, marks: &Marks, comment: &str) -> Result<()> {
    let leaves = round.settings.scorecard.leaves();
    let mut faults = Vec::new();
    for (code, mark) in marks {
        match leaves.iter().find(|leaf| leaf.criterion.code == *code) {
            None => return Err(Error::NotFound),
            Some(leaf) if *mark > leaf.most => faults.push(FieldError::new(
                code.clone(),
                "score.bounds",
                format!("“{}”的分数应在 0 到 {} 之间。", leaf.criterion.name, leaf.most),
            )),
            Some(_) => {}
        }
    }
    if comment.chars().count() > LONGEST {
        faults.push(FieldError::new("comment", "review.comment", "评审意见最多 2000 个字。"));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Wrong(faults))
    }
}

/// What is still missing before a review can be signed.
///
/// # Errors
/// Broken where a mark has no criterion.
pub fn missing(round: &Round, given: &Given) -> Result<Vec<FieldError>> {
    let mut faults = match round.settings.scorecard.score(&given.marks) {
        Ok(_) => Vec::new(),
        Err(Error::Wrong(missing)) => missing,
        Err(other) => return Err(other),
    };
    if given.comment.trim().chars().count() < COMMENT {
        faults.push(FieldError::new(
            "comment",
            "review.comment",
            "请写明评审意见，至少 10 个字：好在哪里、差在哪里、为什么给这个分。",
        ));
    }
    Ok(faults)
}

/// Signs a review with the marks and the comment that were saved; nothing changes it afterwards.
///
/// # Errors
/// NotFound; Wrong at missing marks and comment; `review.conflict`, `review.signed`, `review.state`; Stale.
pub async fn sign(ctx: &Ctx, id: ReviewId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut given = load_own(ctx, &mut tx, id).await?;
    given.review.write()?;
    let round = store::round::load(&mut tx, given.round).await?;
    let faults = missing(&round, &given)?;
    if !faults.is_empty() {
        return Err(Error::Wrong(faults));
    }
    let points = round.settings.scorecard.score(&given.marks)?;
    let barred = barred(ctx, &mut tx, (&given, &round)).await?;
    given.review = given.review.sign(points, &barred)?;
    moved(ctx, &mut tx, (&mut given, version), (&round, "sign_review")).await?;
    tx.commit().await
}

/// Saves a move with its audit row; signing and giving back are what the task asked for.
async fn moved(
    ctx: &Ctx,
    tx: &mut Tx,
    (given, seen): (&mut Given, i64),
    (round, deed): (&Round, &'static str),
) -> Result<()> {
    given.state_at = ctx.now();
    store::review::save(tx, given, seen).await?;
    let after = json!({ "state": given.review.code(), "what": given.item.to_string() });
    ctx.audit(tx, deed, round::subject(round), Json::Null, after).await?;
    match given.review.code() {
        ReviewCode::Signed | ReviewCode::Recused => tasks::done(ctx, tx, &round::give_cause(given)).await,
        _ => Ok(()),
    }
}
