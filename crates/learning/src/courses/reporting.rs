//! A provider's own system reports a class at once: who was away, the results, and that it is complete.
//! Keyed by class and person: the same report again changes nothing, after completion too. Each row gets an answer;
//! rows that are wrong are told and stop nothing but the completion.
//! Deliberately absent: enrolling by report (a person takes a seat first, so that conditions and overlaps are checked).

use std::collections::HashMap;

use db::Tx;
use kernel::{DocumentKind, IdentityDocument, PersonId, Result, id::ClassId};
use registry::{Ctx, Subject, people};
use rules::attendance::Mark;
use rules::courses::enrolment::Recorded;
use rules::courses::{EnrolmentState, Outcome};
use rules::permits::Act;
use serde_json::json;

use super::completion::{Completed, complete_in};
use super::results::recorded;
use super::store::class as class_store;
use super::store::enrolment::{self as store, Enrolment};
use super::store::session as session_store;
use crate::attendance::{self, NewMark};

/// One row of a report.
#[derive(Debug, Clone)]
pub struct ReportLine {
    /// Kind of the document; 居民身份证 if not said.
    pub document_kind: DocumentKind,
    /// Its number.
    pub document_no: String,
    /// The result.
    pub outcome: Outcome,
    /// Points 0–100.
    pub score: Option<u32>,
    /// Positions (from 1) of the sessions the person did not attend; present in all others.
    pub absent_from: Vec<i64>,
}

kernel::codes! {
    /// What became of one row.
    pub enum Reported {
        /// Recorded now.
        Recorded = "recorded" "已记录",
        /// Recorded before, the same.
        Unchanged = "unchanged" "此前已记录，内容相同",
        /// Nobody with a seat in the class has this number.
        Unknown = "unknown" "班次中没有这个证件号码的学员",
        /// The class is complete and the row says something else than what was recorded.
        Conflict = "conflict" "班次已结业，与已记录的结果不一致",
        /// The points or a position make no sense.
        Wrong = "wrong" "成绩应为 0 到 100，课次应在班次范围内",
    }
}

/// The answer to a report.
#[derive(Debug, Clone)]
pub struct Report {
    /// One answer a row, in the order of the rows.
    pub lines: Vec<Reported>,
    /// What the completion did, if it was asked for and took place now.
    pub completed: Option<Completed>,
}

/// Takes a report of a class. `complete` asks for completion after the rows, if none of them is wrong or unknown.
///
/// # Errors
/// NotFound, Forbidden, `class.not_published`, `class.early` before the last day, `class.incomplete` when
/// completion is asked for and somebody is missing.
pub async fn report(ctx: &Ctx, class: ClassId, rows: &[ReportLine], complete: bool) -> Result<Report> {
    let mut tx = ctx.db.batch().await?;
    let class = class_store::lock(&mut tx, class).await?;
    ctx.may(Act::CompleteClass, &class.place())?;
    let finished = matches!(class.state, rules::courses::ClassState::Completed { .. });
    if !finished {
        let last = class.ends_at.unwrap_or_default().plus_seconds(-1).date();
        class.state.record(kernel::Time::start_of(last), ctx.now())?;
    }
    let sessions = session_store::of_class(&mut tx, class.id).await?;
    let mut seated: HashMap<PersonId, Enrolment> = HashMap::new();
    for enrolment in store::of_class(&mut tx, class.id).await? {
        if super::rolls::had_seat(&enrolment.state) {
            seated.insert(enrolment.person, enrolment);
        }
    }
    let (mut lines, mut changed, mut marks) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let person = find(ctx, &mut tx, row).await?;
        let enrolment = person.and_then(|person| seated.get_mut(&person));
        let in_range = |p: &i64| usize::try_from(*p).is_ok_and(|p| (1..=sessions.len()).contains(&p));
        let sound = row.score.is_none_or(|score| score <= 100) && row.absent_from.iter().all(in_range);
        lines.push(match enrolment {
            _ if !sound => Reported::Wrong,
            None => Reported::Unknown,
            Some(e) if same(&e.state, row) => {
                marks.push((e.person, row.absent_from.clone()));
                Reported::Unchanged
            }
            Some(_) if finished => Reported::Conflict,
            Some(e) => {
                e.state = e.state.clone().record(result(ctx, row))?;
                marks.push((e.person, row.absent_from.clone()));
                changed.push(e.clone());
                Reported::Recorded
            }
        });
    }
    if !finished {
        store::put(&mut tx, &changed).await?;
        mark_all(ctx, &mut tx, &sessions, &marks).await?;
    }
    if !changed.is_empty() {
        let is: Vec<_> = changed
            .iter()
            .map(|e| json!([e.person, recorded(&e.state).map(|r| r.outcome)]))
            .collect();
        let thing = Subject::new("class", class.id.get(), class.place());
        ctx.audit(&mut tx, "report_results", thing, serde_json::Value::Null, json!(is))
            .await?;
    }
    let clean = lines
        .iter()
        .all(|line| matches!(line, Reported::Recorded | Reported::Unchanged));
    let completed = if complete && clean && !finished {
        Some(complete_in(ctx, &mut tx, class.id).await?)
    } else {
        None
    };
    tx.commit().await?;
    Ok(Report { lines, completed })
}

async fn find(ctx: &Ctx, tx: &mut Tx, row: &ReportLine) -> Result<Option<PersonId>> {
    let (today, demo) = (ctx.today(), ctx.installation.demo);
    match IdentityDocument::parse(row.document_kind, &row.document_no, today, demo) {
        Ok(document) => Ok(people::find_by_document(tx, &document).await?.map(|person| person.id)),
        Err(_) => Ok(None),
    }
}

fn same(state: &EnrolmentState, row: &ReportLine) -> bool {
    match recorded(state) {
        Some(result) => (result.outcome, result.score) == (row.outcome, row.score),
        None => matches!(state, EnrolmentState::Absent { .. }) && row.outcome == Outcome::Absent,
    }
}

fn result(ctx: &Ctx, row: &ReportLine) -> Recorded {
    Recorded {
        outcome: row.outcome,
        score: row.score,
        at: ctx.now(),
        by: ctx.actor.label.clone(),
    }
}

/// Marks everybody reported, session by session; a mark that stands already is written only when it differs.
async fn mark_all(ctx: &Ctx, tx: &mut Tx, sessions: &[super::Session], people: &[(PersonId, Vec<i64>)]) -> Result<()> {
    for session in sessions {
        let known: HashMap<PersonId, i64> = attendance::marks(tx, session.id)
            .await?
            .into_iter()
            .map(|m| (m.person, m.version))
            .collect();
        let marks: Vec<NewMark> = people
            .iter()
            .map(|(person, away)| NewMark {
                person: *person,
                mark: if away.contains(&session.position) {
                    Mark::Absent
                } else {
                    Mark::Present
                },
                version: known.get(person).copied().unwrap_or(0),
            })
            .collect();
        attendance::mark(ctx, tx, (session.class, session.id), &marks).await?;
    }
    Ok(())
}
