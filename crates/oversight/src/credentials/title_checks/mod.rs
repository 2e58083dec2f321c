//! 职称申报学时审核: numbered, signed answers for title review, appointment and registration.
//!
//! ```text
//! asked ──check──► Standing ──an entry it rests on is reversed──► Revoked
//! ```
//! The judgement stands in [`rules::credits::title_check`] (R-64). An answer is a JSON Web Signature over one document
//! (`seal::sign_json`), true as of its moment and kept with the entries and the edition it rests on; when one of those
//! entries is taken back, a job revokes it (R-65). Naming a person by the number of a document is audited with its
//! purpose before the answer leaves (R-18). One transaction: the person, its records, its entries, the years, one
//! insert and one audit row, each by an index; nothing is counted or locked, so answers do not wait for each other.
//! Deliberately absent: answers about many people at once.

mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use db::{Event, Tx};
use kernel::{Code as _, DocumentKind, EntryId, Error, Hours, PersonId, Place, Result, id::TitleCheckId};
use learning::credits::{self, closing, editions};
use registry::people::{self, Person};
use registry::{Ctx, Listed, Subject, Window};
use rules::credentials::AnswerNumber;
use rules::credits::requirement::Edition;
use rules::credits::title_check::{
    Answer, AnswerPerson, AnswerRule, AnswerTarget, AnswerYear, Earned, Purpose, Target, TitleCheck, judge, take,
};
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::Press;

pub use store::{Kept, Line, Standing, TitleCheckFilter};

/// Told when an answer stands no more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TitleCheckRevoked {
    /// Which.
    pub title_check: TitleCheckId,
}

impl Event for TitleCheckRevoked {
    const KIND: &'static str = "title_check_revoked";
}

/// What the signature says the document is.
pub const KIND: &str = "zhixin-title-check";

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The title applied for.
    pub target: Target,
    /// What for.
    pub purpose: Purpose,
}

/// The edition whose title demands are asked: the one in force today.
///
/// # Errors
/// Storage failures.
pub async fn edition(ctx: &Ctx) -> Result<Arc<Edition>> {
    in_force(ctx, &mut ctx.db.read().await?).await
}

async fn in_force(ctx: &Ctx, tx: &mut Tx) -> Result<Arc<Edition>> {
    editions::requirement(tx, chrono::Datelike::year(&ctx.today()), ctx.today()).await
}

/// Checks a person in sight.
///
/// # Errors
/// NotFound and Forbidden by the permission table; a target that makes no sense.
pub async fn check(ctx: &Ctx, press: &Press, person: PersonId, asked: &Asked) -> Result<Kept> {
    let mut tx = ctx.db.write().await?;
    let person = people::load(&mut tx, person).await?;
    let kept = answer(ctx, &mut tx, press, (&person, asked)).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Checks the person with this document.
///
/// # Errors
/// Wrong at `document_no` when it is no number; NotFound when nobody in sight has it; as [`check`].
pub async fn check_document(
    ctx: &Ctx,
    press: &Press,
    (kind, number): (DocumentKind, &str),
    asked: &Asked,
) -> Result<Kept> {
    let document = rules::people::read_document("document_no", kind, number, ctx.today(), ctx.installation.demo)
        .map_err(|error| Error::Wrong(vec![error]))?;
    let mut tx = ctx.db.write().await?;
    let person = people::find_by_document(&mut tx, &document)
        .await?
        .ok_or(Error::NotFound)?;
    let kept = answer(ctx, &mut tx, press, (&person, asked)).await?;
    tx.commit().await?;
    Ok(kept)
}

async fn answer(ctx: &Ctx, tx: &mut Tx, press: &Press, (person, asked): (&Person, &Asked)) -> Result<Kept> {
    ctx.may(Act::CheckTitle, &person.place())?;
    let edition = in_force(ctx, tx).await?;
    take(&edition, &asked.target, ctx.today())?;
    let records = people::all_ids(tx, person.id).await?;
    let earned = match asked.target.span(&edition) {
        Some(span) => credits::earned(tx, &records, span).await?,
        None => Vec::new(),
    };
    let check = judge(&edition, &asked.target, &earned);
    let id: TitleCheckId = tx.mint();
    let number = AnswerNumber::new(chrono::Datelike::year(&ctx.today()), id.get(), ctx.installation.demo);
    let years = years(tx, &check, &earned).await?;
    let document = document(ctx, (&number, person), asked, (&check, &earned, years));
    let json = serde_json::to_string(&document).map_err(Error::broken)?;
    let kept = Kept {
        id,
        number: number.to_string(),
        purpose: asked.purpose,
        verdict: check.verdict,
        sentence: document.sentence.clone(),
        holder_masked: document.person.name.clone(),
        target: asked.target.clone(),
        token: press.sign_json(KIND, &json)?,
        document,
        checked_at: ctx.now(),
        revoked: None,
        place: person.place(),
    };
    store::insert(tx, &kept, press.key_id(), &ctx.actor.label).await?;
    let told = json!({ "number": kept.number, "purpose": asked.purpose, "verdict": check.verdict });
    let thing = Subject::new("title_check", id.get(), person.place());
    ctx.audit(tx, "check_title", thing, Json::Null, told).await?;
    Ok(kept)
}

/// The hours of each year that was looked at, and whether it is closed.
async fn years(tx: &mut Tx, check: &TitleCheck, earned: &[Earned]) -> Result<Vec<AnswerYear>> {
    let looked: BTreeSet<i32> = check
        .judged
        .iter()
        .flat_map(|each| each.years.iter().copied())
        .collect();
    let mut sums: BTreeMap<(i32, &str), Hours> = BTreeMap::new();
    for each in earned {
        let sum = sums.entry((each.year, each.subject.code())).or_default();
        *sum = *sum + each.hours;
    }
    let closed: BTreeSet<i32> = closing::closed_years(tx)
        .await?
        .into_iter()
        .filter(|year| year.state.closed_at().is_some())
        .map(|year| year.year)
        .collect();
    let of = |year: i32, subject: &'static str| sums.get(&(year, subject)).copied().unwrap_or_default().to_string();
    Ok(looked
        .into_iter()
        .map(|year| AnswerYear {
            closed: closed.contains(&year),
            professional: of(year, "professional"),
            public: of(year, "public"),
            year,
        })
        .collect())
}

fn document(
    ctx: &Ctx,
    (number, person): (&AnswerNumber, &Person),
    asked: &Asked,
    (check, earned, years): (&TitleCheck, &[Earned], Vec<AnswerYear>),
) -> Answer {
    let target = &asked.target;
    Answer {
        as_of: ctx.now().rfc3339(),
        demo: ctx.installation.demo,
        edition: check.edition.clone(),
        entries: earned.iter().map(|each| each.id.to_string()).collect(),
        issuer: ctx.installation.public_url.clone(),
        number: number.to_string(),
        person: AnswerPerson {
            document_no: person.document.masked(),
            name: person.masked_name(),
        },
        purpose: asked.purpose.code().to_owned(),
        rules: AnswerRule::all(check),
        sentence: check.sentence(),
        target: AnswerTarget {
            level: target.level.code().to_owned(),
            on: target.on.to_string(),
            series: target.series.clone(),
            specialty: target.specialty.clone().unwrap_or_default(),
        },
        verdict: check.verdict.code().to_owned(),
        years,
    }
}

/// An answer as those see it who may list it.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn view(ctx: &Ctx, id: TitleCheckId) -> Result<Kept> {
    let mut tx = ctx.db.read().await?;
    let kept = store::load(&mut tx, id).await?;
    ctx.may(Act::ListTitleChecks, &kept.place)?;
    Ok(kept)
}

/// Answers in the actor's scope ([`Act::ListTitleChecks`]).
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &TitleCheckFilter, window: &Window) -> Result<Listed<Line>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListTitleChecks), filter, window).await
}

/// Whether an answer still stands: when it was given, and when and why it was taken back. Public, for whoever holds the
/// number; nothing about the person.
///
/// # Errors
/// NotFound for a number that was never given.
pub async fn standing(ctx: &Ctx, number: &AnswerNumber) -> Result<Standing> {
    let mut tx = ctx.db.read().await?;
    store::standing(&mut tx, number).await
}

/// What becomes of a signed answer that somebody holds.
#[derive(Debug, Clone)]
pub enum Held {
    /// Signed by this platform; whether it still stands.
    Genuine(Box<Answer>, Standing),
    /// Altered, or signed by somebody else.
    Forged(String),
    /// No signed answer at all.
    Unknown(String),
}

/// Judges the file of a signed answer. For everybody.
///
/// # Errors
/// Storage failures.
pub async fn verify(ctx: &Ctx, press: &Press, token: &str) -> Result<Held> {
    let json = match seal::open_json(KIND, token, press.keys()) {
        Ok(json) => json,
        Err(why @ seal::TokenError::NotOurs) => return Ok(Held::Unknown(format!("{why}，无法判断。"))),
        Err(why) => return Ok(Held::Forged(format!("{why}。"))),
    };
    let answer: Answer = serde_json::from_str(&json).map_err(Error::broken)?;
    let number = AnswerNumber::parse(&answer.number).ok_or(Error::NotFound)?;
    match standing(ctx, &number).await {
        Ok(standing) => Ok(Held::Genuine(Box::new(answer), standing)),
        Err(Error::NotFound) => Ok(Held::Unknown(
            "签名有效，但本平台没有这个编号的结论，无法判断。".to_owned(),
        )),
        Err(error) => Err(error),
    }
}

/// What other systems call an answer, and where it stands.
pub(super) async fn named(tx: &mut Tx, id: TitleCheckId) -> Result<(String, Place)> {
    store::named(tx, id).await
}

/// Takes back the answers that rest on an entry which was reversed (R-65). A second run finds none.
pub(super) async fn revoke_for_reversal(ctx: &Ctx, entry: EntryId) -> Result<u64> {
    let mut tx = ctx.db.write().await?;
    let posted = credits::posted(&mut tx, entry).await?;
    let records = people::all_ids(&mut tx, posted.person).await?;
    let reason = format!("审核所依据的一笔 {} 年学时已冲正，请重新审核", posted.year);
    let resting = store::resting_on(&mut tx, &records, entry).await?;
    for (id, place) in &resting {
        store::revoke(&mut tx, *id, ctx.now(), &reason).await?;
        let thing = Subject::new("title_check", id.get(), place.clone());
        let change = (json!({ "state": "valid" }), json!({ "state": "revoked" }));
        ctx.audit_because(&mut tx, "revoke_title_check", thing, change, Some(&reason))
            .await?;
        tx.tell(&TitleCheckRevoked { title_check: *id }, ctx.now()).await?;
    }
    tx.commit().await?;
    Ok(resting.len() as u64)
}
