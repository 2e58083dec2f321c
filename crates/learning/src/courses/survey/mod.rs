//! 满意度测评: participants answer once about a class, without their answers being theirs to find.
//!
//! One transaction notes who has answered and adds to the counts of answers; nothing ties the two together, not even a time:
//! the trail says that a person answered, and no row says what. Rules: R-123 (who, when, once), R-124 (five at least).
//! Deliberately absent: changing an answer, which would need to know whose it was.

mod store;

use kernel::{Deadline, Error, PersonId, Result, Time, id::ClassId};
use registry::{Ctx, Subject, people};
use rules::courses::survey::{Answered, Counts, FEWEST, Period, Question};
use rules::permits::Act;
use serde_json::json;

use super::rolls::had_seat;
use super::store::class::{self as class_store, Class};
use super::store::{enrolment as enrolment_store, parameters, session as session_store};

/// What a participant sees before answering.
#[derive(Debug, Clone)]
pub struct Questionnaire {
    /// The title of the class.
    pub class: String,
    /// Until when answers are taken.
    pub until: Deadline,
    /// Why no answer can be given now, if so: too early, too late, given already.
    pub closed: Option<String>,
}

/// What was answered about a class.
#[derive(Debug, Clone)]
pub struct SurveyResult {
    /// The class.
    pub class: Class,
    /// How many had a seat.
    pub asked: i64,
    /// How many answered.
    pub answered: i64,
    /// Until when answers are taken.
    pub until: Deadline,
    /// The counts of each question; empty before enough have answered.
    pub counts: Vec<(Question, Counts)>,
    /// What was said beside; empty before enough have answered.
    pub remarks: Vec<String>,
}

/// The questionnaire of a class for the person who acts.
///
/// # Errors
/// NotFound when the person had no seat.
pub async fn questionnaire(ctx: &Ctx, id: ClassId) -> Result<Questionnaire> {
    let mut tx = ctx.db.read().await?;
    let class = class_store::load(&mut tx, id).await?;
    let (_, records) = participant(ctx, &mut tx, &class).await?;
    let (period, until) = period(ctx, &mut tx, &class).await?;
    let closed = match period.admit(ctx.now()) {
        Err(Error::Refused { sentence, .. }) => Some(sentence),
        _ if store::has_answered(&mut tx, id, &records).await? => Some("您已经评价过这个班次，谢谢。".to_owned()),
        _ => None,
    };
    Ok(Questionnaire {
        class: class.plan.title,
        until,
        closed,
    })
}

/// The person who acts answers, once.
///
/// # Errors
/// NotFound when the person had no seat; `survey.early`, `survey.over`, `survey.once`.
pub async fn answer_survey(ctx: &Ctx, id: ClassId, answered: &Answered) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let class = class_store::load(&mut tx, id).await?;
    let (person, records) = participant(ctx, &mut tx, &class).await?;
    let (period, _) = period(ctx, &mut tx, &class).await?;
    period.admit(ctx.now())?;
    let before = store::has_answered(&mut tx, id, &records).await?;
    if before || !store::take(&mut tx, id, person).await? {
        let sentence = "您已经评价过这个班次；为了匿名，提交后不能修改。";
        return Err(Error::refused_by("R-123", "survey.once", sentence));
    }
    store::count(&mut tx, id, &answered.points).await?;
    if !answered.remark.is_empty() {
        let mut bits = [0; 8];
        getrandom::fill(&mut bits).map_err(Error::broken)?;
        let number = i64::from_le_bytes(bits) & i64::MAX;
        store::say(&mut tx, id, number, &answered.remark).await?;
    }
    let thing = Subject::new("class", id.get(), class.place());
    ctx.audit(&mut tx, "answer_survey", thing, json!(null), json!(null))
        .await?;
    tx.commit().await
}

/// What was answered, for those who list the class's people.
///
/// # Errors
/// NotFound when out of sight.
pub async fn survey_result(ctx: &Ctx, id: ClassId) -> Result<SurveyResult> {
    let mut tx = ctx.db.read().await?;
    let class = class_store::load(&mut tx, id).await?;
    ctx.may(Act::ListClasses, &class.place())?;
    let (_, until) = period(ctx, &mut tx, &class).await?;
    let people = enrolment_store::of_class(&mut tx, id).await?;
    let asked = people.iter().filter(|enrolment| had_seat(&enrolment.state)).count();
    let answered = store::answered(&mut tx, id).await?;
    let (mut counts, mut remarks) = (Vec::new(), Vec::new());
    if answered >= FEWEST {
        let rows = store::counts(&mut tx, id).await?;
        for question in <Question as kernel::Code>::ALL {
            let mut of = Counts::default();
            for (_, points, times) in rows.iter().filter(|row| row.0 == kernel::Code::code(*question)) {
                of.add(u8::try_from(*points).unwrap_or_default(), *times);
            }
            counts.push((*question, of));
        }
        remarks = store::remarks(&mut tx, id).await?;
    }
    Ok(SurveyResult {
        class,
        asked: i64::try_from(asked).unwrap_or(i64::MAX),
        answered,
        until,
        counts,
        remarks,
    })
}

/// The person who acts and all its records, if one of them had a seat.
async fn participant(ctx: &Ctx, tx: &mut db::Tx, class: &Class) -> Result<(PersonId, Vec<PersonId>)> {
    let person = people::load(tx, ctx.actor.person().ok_or(Error::NotFound)?).await?;
    ctx.may(Act::AnswerSurvey, &person.place())?;
    let records = people::all_ids(tx, person.id).await?;
    for record in &records {
        let enrolment = enrolment_store::find(tx, class.id, *record).await?;
        if enrolment.is_some_and(|enrolment| had_seat(&enrolment.state)) {
            return Ok((person.id, records));
        }
    }
    Err(Error::NotFound)
}

async fn period(ctx: &Ctx, tx: &mut db::Tx, class: &Class) -> Result<(Period, Deadline)> {
    let days = parameters::load(tx).await?.survey_workdays;
    let sessions = session_store::of_class(tx, class.id).await?;
    let last = sessions.last().map(|session| session.plan.starts_at);
    let ends_at = class.ends_at.ok_or(Error::NotFound)?;
    let until = ctx.calendar.after(ends_at.plus_seconds(-1).date(), days);
    let period = Period {
        from: last.unwrap_or(ends_at),
        until: match until {
            Deadline::On(day) => Some(Time::start_of(day).plus_days(1)),
            Deadline::NotBefore { .. } => None,
        },
    };
    Ok((period, until))
}
