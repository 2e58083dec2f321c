//! Enrolment: a person takes a seat, or an employer enrols a list and gets an answer for each.
//!
//! In this order, so that neither a seat nor an hour is given twice: conditions (all reasons are told) → the timelines
//! of the people are held → who is enrolled already, who is busy → the class is locked → seats or places in the
//! queue in the order of arrival → everything is written at once.
//! A provider enrols by a reported roster (`reporting`), until the class begins.
//! Deliberately absent: a limit of the queue.

use std::collections::{HashMap, HashSet};

use db::Tx;
use kernel::{Code, DocumentKind, Error, IdentityDocument, PersonId, Result, id::ClassId, id::EnrolmentId};
use registry::people::{self, Person};
use registry::taxonomy::{self, Names, Vocabulary};
use registry::{Ctx, Subject, orgs};
use rules::attendance::Span;
use rules::courses::eligibility::{Candidate, Condition};
use rules::courses::seats::{Seat, Taken};
use rules::courses::{EnrolmentState, Phase, Reason};
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::store::class::{self as class_store, Class};
use super::store::enrolment::{self as store, Enrolment};
use super::store::session as session_store;
use super::{Change, EnrolmentChanged};
use crate::attendance::{self, Reservation};

/// The most people in one list.
pub const MOST_AT_ONCE: usize = 500;

/// What became of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Has a seat.
    Enrolled,
    /// Waits, with this many before.
    Waiting {
        /// How many wait now, this one included.
        ahead: i64,
    },
    /// Enrolled or waiting before; the sentence says which.
    Already(String),
    /// Does not meet the conditions; every reason.
    NotEligible(Vec<String>),
    /// Is busy at that time: which class and when.
    Busy(String),
    /// Nobody of the actor's has this number, or it is no number; what to do.
    Unknown(String),
}

impl Answer {
    /// The line of the answer: 已报名, 候补第 n 位, 不符合条件：….
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Enrolled => "已报名".into(),
            Self::Waiting { ahead } => format!("候补第 {ahead} 位"),
            Self::Already(sentence) => sentence.clone(),
            Self::NotEligible(reasons) => format!("不符合条件：{}", reasons.join("；")),
            Self::Busy(sentence) => format!("未报名：{sentence}"),
            Self::Unknown(sentence) => format!("未报名：{sentence}"),
        }
    }

    /// Whether the person now has a seat or a place in the queue because of this.
    #[must_use]
    pub const fn is_placed(&self) -> bool {
        matches!(self, Self::Enrolled | Self::Waiting { .. })
    }
}

/// One line of the answer to a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Whom it is about: a name, or the number as typed when nobody has it.
    pub who: String,
    /// What became of it.
    pub answer: Answer,
}

/// The person who acts takes a seat or a place in the queue.
///
/// # Errors
/// NotFound for a class that is not public; `enrolment.not_open`, `enrolment.closed`, `enrolment.already`,
/// `enrolment.not_eligible` with every reason, `enrolment.overlap` naming the other class.
pub async fn enrol_self(ctx: &Ctx, class: ClassId) -> Result<(EnrolmentId, Answer)> {
    let mut tx = ctx.db.write().await?;
    let person = people::load(&mut tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    ctx.may(Act::EnrolSelf, &person.place())?;
    let id = person.id;
    let mut answers = place(ctx, &mut tx, class, &[person], admits).await?;
    match answers.remove(&id).ok_or(Error::Stale)? {
        Answer::NotEligible(reasons) => {
            let sentence = format!("您不符合这个班次的报名条件：{}。", reasons.join("；"));
            Err(Error::refused("enrolment.not_eligible", sentence))
        }
        Answer::Already(sentence) | Answer::Unknown(sentence) => Err(Error::refused("enrolment.already", sentence)),
        Answer::Busy(sentence) => {
            let sentence = format!("{sentence}。请先退出其中一个班次，或另选时间。");
            Err(Error::refused_by("R-12", "enrolment.overlap", sentence))
        }
        answer => {
            let enrolment = store::find(&mut tx, class, id).await?.ok_or(Error::Stale)?;
            tx.commit().await?;
            Ok((enrolment.id, answer))
        }
    }
}

/// An employer enrols people of its own; each gets an answer, in the order given, and nobody's refusal stops the
/// others.
///
/// # Errors
/// NotFound for a class that is not public, `enrolment.not_open`, `enrolment.closed`; Wrong for an empty list or one of
/// more than [`MOST_AT_ONCE`].
pub async fn enrol_staff(ctx: &Ctx, class: ClassId, ids: &[PersonId]) -> Result<Vec<Answered>> {
    check_size(ids.len(), "people")?;
    let mut tx = ctx.db.batch().await?;
    let found = own_people(ctx, &mut tx, ids).await?;
    let answers = place(ctx, &mut tx, class, &found, admits).await?;
    tx.commit().await?;
    Ok(lines(&found, &answers))
}

/// The people with these ids, in the order given; each must be the actor's own.
async fn own_people(ctx: &Ctx, tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<Person>> {
    let known = people::load_many(tx, ids.iter().copied()).await?;
    let known: HashMap<PersonId, Person> = known.into_iter().map(|person| (person.id, person)).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let person = match known.get(id) {
            // A record that was merged stands for its survivor.
            Some(person) if person.merged_into.is_some() => people::load(tx, *id).await?,
            Some(person) => person.clone(),
            None => return Err(Error::NotFound),
        };
        ctx.may(Act::EnrolStaff, &person.place())?;
        found.push(person);
    }
    Ok(found)
}

/// An employer pastes document numbers, one a line; each gets an answer.
///
/// # Errors
/// As [`enrol_staff`].
pub async fn documents(ctx: &Ctx, class: ClassId, typed: &str) -> Result<Vec<Answered>> {
    let numbers: Vec<&str> = typed
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；'))
        .filter(|t| !t.is_empty())
        .collect();
    check_size(numbers.len(), "documents")?;
    let mut tx = ctx.db.batch().await?;
    let mut asked: Vec<(&str, Result<Person, String>)> = Vec::new();
    for number in numbers {
        asked.push((number, own_person(ctx, &mut tx, number).await?));
    }
    let found: Vec<Person> = asked
        .iter()
        .filter_map(|(_, person)| person.as_ref().ok().cloned())
        .collect();
    let answers = if found.is_empty() {
        HashMap::new()
    } else {
        place(ctx, &mut tx, class, &found, admits).await?
    };
    tx.commit().await?;
    let line = |(number, person): (&str, Result<Person, String>)| match person {
        Ok(person) => lines(std::slice::from_ref(&person), &answers).remove(0),
        Err(sentence) => Answered {
            who: number.to_owned(),
            answer: Answer::Unknown(sentence),
        },
    };
    Ok(asked.into_iter().map(line).collect())
}

/// The actor's own person with this number, or why there is none.
async fn own_person(ctx: &Ctx, tx: &mut Tx, number: &str) -> Result<Result<Person, String>> {
    let (today, demo) = (ctx.today(), ctx.installation.demo);
    let read = |kind: &DocumentKind| IdentityDocument::parse(*kind, number, today, demo).ok();
    for document in DocumentKind::ALL.iter().filter_map(read) {
        if let Some(person) = people::find_by_document(tx, &document).await?
            && ctx.may(Act::EnrolStaff, &person.place()).is_ok()
        {
            return Ok(Ok(person));
        }
    }
    let kind = DocumentKind::ALL[0];
    let fault = rules::people::read_document("documents", kind, number, today, demo).err();
    let none = || "本单位人员名册中没有这个证件号码，请核对，或先登记人员".to_owned();
    let wrong = fault
        .filter(|_| number.chars().count() >= 15)
        .map(|f| f.sentence.trim_end_matches('。').to_owned());
    Ok(Err(wrong.unwrap_or_else(none)))
}

fn check_size(count: usize, field: &'static str) -> Result<()> {
    match count {
        0 => Err(Error::wrong(
            field,
            "enrolment.nobody",
            "请选择要报名的人员，或粘贴证件号码。",
        )),
        n if n > MOST_AT_ONCE => {
            let sentence = format!("一次最多为 {MOST_AT_ONCE} 人报名，现在是 {n} 人，请分几次办理。");
            Err(Error::wrong(field, "enrolment.too_many", sentence))
        }
        _ => Ok(()),
    }
}

fn lines(people: &[Person], answers: &HashMap<PersonId, Answer>) -> Vec<Answered> {
    let answer = |person: &Person| {
        let answer = answers.get(&person.id).cloned();
        let answer = answer.unwrap_or_else(|| Answer::Already("名单中重复出现，已按第一次办理".into()));
        Answered {
            who: person.name.clone(),
            answer,
        }
    };
    people.iter().map(answer).collect()
}

/// Why the person who acts could not enrol now; empty when it could. For the public page of a class.
///
/// # Errors
/// NotFound for a class that is not public, or when no person acts.
pub async fn check_self(ctx: &Ctx, class: ClassId) -> Result<Vec<String>> {
    let mut tx = ctx.db.read().await?;
    let person = people::load(&mut tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    let class = open_class(&mut tx, class).await?;
    let mut reasons: Vec<String> = Vec::new();
    if let Err(Error::Refused { sentence, .. }) = admits(ctx, &class) {
        reasons.push(sentence);
    }
    let names = taxonomy::names(&mut tx).await?;
    reasons.extend(unmet(&class, &person, &names));
    let wanted = reservations(&mut tx, &class).await?;
    let busy = attendance::clashes(&mut tx, &[person.id], &wanted).await?;
    reasons.extend(busy.into_values().map(|clash| clash.sentence()));
    Ok(reasons)
}

async fn open_class(tx: &mut Tx, id: ClassId) -> Result<Class> {
    let class = class_store::load(tx, id).await?;
    if class.state.published_at().is_none() {
        Err(Error::NotFound)
    } else {
        Ok(class)
    }
}

fn admits(ctx: &Ctx, class: &Class) -> Result<()> {
    let times = class.times().ok_or(Error::NotFound)?;
    class.state.admits(&times, ctx.now())
}

/// A provider's roster is taken until the class begins, whether people may still enrol themselves or not.
pub(super) fn admits_roster(ctx: &Ctx, class: &Class) -> Result<()> {
    let times = class.times().ok_or(Error::NotFound)?;
    match class.state.phase(&times, ctx.now()) {
        Phase::Announced | Phase::EnrolmentOpen | Phase::EnrolmentClosed => Ok(()),
        Phase::Draft => Err(Error::refused(
            "class.not_published",
            "班次还没有发布，发布后才能报送名单。",
        )),
        Phase::Cancelled => Err(Error::refused("class.not_published", "班次已取消，不能报送名单。")),
        _ => Err(Error::refused(
            "enrolment.closed",
            "班次已经开始，不能再报送名单；名单应在开班前报送。",
        )),
    }
}

/// When people may be put into a class: by themselves and their employers, or by a roster.
type Admission = fn(&Ctx, &Class) -> Result<()>;

/// Puts people into a class, in the order given; says what became of each. The caller has asked `may` for each.
async fn place(
    ctx: &Ctx,
    tx: &mut Tx,
    id: ClassId,
    people: &[Person],
    admits: Admission,
) -> Result<HashMap<PersonId, Answer>> {
    let class = open_class(tx, id).await?;
    admits(ctx, &class)?;
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    attendance::hold(tx, &ids).await?;
    let known = store::of_people(tx, id, &ids).await?;
    let wanted = reservations(tx, &class).await?;
    let mut answers = refusals(tx, &class, people, (&known, &wanted)).await?;
    let mut seen = HashSet::new();
    let free = people
        .iter()
        .filter(|person| seen.insert(person.id) && !answers.contains_key(&person.id));
    let free: Vec<&Person> = free.collect();
    answers.extend(take_seats(ctx, tx, (&class, &known, &wanted, admits), &free).await?);
    Ok(answers)
}

/// A provider's roster: as [`place`], until the class begins.
pub(super) async fn place_reported(
    ctx: &Ctx,
    tx: &mut Tx,
    id: ClassId,
    people: &[Person],
) -> Result<HashMap<PersonId, Answer>> {
    place(ctx, tx, id, people, admits_roster).await
}

/// Who of these people can have no seat, and why: all reasons of the conditions, an enrolment that stands, a clash
/// . Who is not in it can.
pub(super) async fn refusals(
    tx: &mut Tx,
    class: &Class,
    people: &[Person],
    (known, wanted): (&HashMap<PersonId, Enrolment>, &[Reservation]),
) -> Result<HashMap<PersonId, Answer>> {
    let names = taxonomy::names(tx).await?;
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let busy = attendance::clashes(tx, &ids, wanted).await?;
    let mut answers = HashMap::new();
    for person in people {
        let reasons = unmet(class, person, &names);
        let again = known
            .get(&person.id)
            .map_or(Ok(()), |enrolment| enrolment.state.again());
        let refusal = match (reasons.is_empty(), again, busy.get(&person.id)) {
            (false, _, _) => Some(Answer::NotEligible(reasons)),
            (_, Err(Error::Refused { sentence, .. }), _) => Some(Answer::Already(sentence)),
            (_, _, Some(clash)) => Some(Answer::Busy(clash.sentence())),
            _ => None,
        };
        answers.extend(refusal.map(|answer| (person.id, answer)));
    }
    Ok(answers)
}

/// Gives seats to people who may have one and are free, under the lock of the class, and writes it all.
async fn take_seats(
    ctx: &Ctx,
    tx: &mut Tx,
    (class, known, wanted, admits): (&Class, &HashMap<PersonId, Enrolment>, &[Reservation], Admission),
    people: &[&Person],
) -> Result<Vec<(PersonId, Answer)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let org_names = orgs::names(tx, people.iter().filter_map(|person| person.place().org)).await?;
    let locked = class_store::lock(tx, class.id).await?;
    admits(ctx, &locked)?;
    let mut seats = locked.seats;
    let (mut rows, mut answers) = (Vec::new(), Vec::new());
    for person in people {
        let (state, order, answer) = match seats.take(person.front_line) {
            Taken::Seat { seat, place } => (enrolled(seat), place, Answer::Enrolled),
            Taken::Queue { place, ahead } => (EnrolmentState::Waiting, place, Answer::Waiting { ahead }),
        };
        let at = kernel::Place {
            provider: Some(class.provider),
            ..person.place()
        };
        rows.push(Enrolment {
            id: known.get(&person.id).map_or_else(|| tx.mint(), |before| before.id),
            class: class.id,
            person: person.id,
            name: person.name.clone(),
            org_name: at
                .org
                .and_then(|org| org_names.get(&org.get()).cloned())
                .unwrap_or_default(),
            front_line: person.front_line,
            state,
            order,
            enrolled_by: ctx.actor.label.clone(),
            enrolled_at: ctx.now(),
            state_at: ctx.now(),
            place: at,
            version: 1,
        });
        answers.push((person.id, answer));
    }
    store::put(tx, &rows).await?;
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    attendance::reserve(tx, &ids, wanted).await?;
    class_store::save_seats(tx, class.id, seats).await?;
    tell(ctx, tx, &locked, &answers).await?;
    Ok(answers)
}

async fn tell(ctx: &Ctx, tx: &mut Tx, class: &Class, answers: &[(PersonId, Answer)]) -> Result<()> {
    let changes: Vec<(PersonId, Change)> = answers
        .iter()
        .map(|(person, answer)| match answer {
            Answer::Enrolled => (*person, Change::Enrolled),
            _ => (*person, Change::Waiting),
        })
        .collect();
    let by_other = changes.iter().any(|(person, _)| ctx.actor.person() != Some(*person));
    let place = kernel::Place {
        org: ctx.actor.org(),
        person: ctx.actor.person(),
        ..class.place()
    };
    let thing = Subject::new("class", class.id.get(), place);
    ctx.audit(tx, "enrol", thing, Json::Null, json!({ "changes": changes }))
        .await?;
    tx.tell(
        &EnrolmentChanged {
            class: class.id,
            changes,
            by_other,
        },
        ctx.now(),
    )
    .await
}

const fn enrolled(seat: Seat) -> EnrolmentState {
    EnrolmentState::Enrolled { seat, result: None }
}

/// What the sessions of a class take of a person's time.
pub(super) async fn reservations(tx: &mut Tx, class: &Class) -> Result<Vec<Reservation>> {
    let sessions = session_store::of_class(tx, class.id).await?;
    Ok(sessions.iter().map(|session| reservation(class, session)).collect())
}

/// What one session takes.
pub(super) fn reservation(class: &Class, session: &super::Session) -> Reservation {
    Reservation {
        span: Span {
            class: class.id,
            session: session.id,
            title: class.plan.title.clone(),
            starts_at: session.plan.starts_at,
            ends_at: session.plan.ends_at,
        },
        taught: session.plan.taught(),
    }
}

/// Every condition of the class that the person does not meet, in sentences.
fn unmet(class: &Class, person: &Person, names: &Names) -> Vec<String> {
    let place = person.place();
    let candidate = Candidate {
        title_level: person.title_level.map(|level| level.code().to_owned()),
        field: person.field.clone(),
        district: place.district,
        department: place.department,
        front_line: person.front_line,
    };
    let name = |condition: Condition, code: &str| names.of(vocabulary(condition), code);
    class
        .plan
        .eligibility
        .reasons(&candidate)
        .iter()
        .map(|reason: &Reason| reason.sentence(name))
        .collect()
}

/// The vocabulary whose codes a condition lists.
pub(super) const fn vocabulary(condition: Condition) -> Vocabulary {
    match condition {
        Condition::TitleLevel => Vocabulary::TitleLevel,
        Condition::Field => Vocabulary::FocusField,
        Condition::District => Vocabulary::District,
        Condition::Department => Vocabulary::Department,
    }
}
