//! A provider's own system reports a class in one call: who was away, the results, and that it is complete.
//! Keyed by class and person: the same report again changes nothing, after completion too. Each row gets an
//! answer; rows that are wrong are told and stop nothing but the completion. A class that ran elsewhere is written at
//! once, all its right rows in one transaction; every row of it names its person.
//! Deliberately absent: enrolling into a class of the platform by report (a person takes a seat first, so that
//! conditions and overlaps are checked; see rosters).

use std::collections::HashMap;

use chrono::Datelike;
use db::Tx;
use kernel::{DocumentKind, Hours, IdentityDocument, PersonId, Result, id::ClassId};
use registry::{Ctx, Subject, people};
use rules::courses::enrolment::Recorded;
use rules::courses::reporting::{Person as Named, ReportKind, Told};
use rules::courses::{ClassState, EnrolmentState, Outcome};
use rules::people::{roster::RowFault, same_name};
use rules::permits::Act;
use serde_json::json;

use super::super::completion::{Completed, complete_in};
use super::super::results::recorded;
use super::super::rolls::had_seat;
use super::super::store::class::{self as class_store, Class};
use super::super::store::enrolment::{self as store, Enrolment};
use super::super::store::{filed, session as session_store};
use super::pass::{Judged, Pass, Purpose, Target};
use super::writing;
use crate::credits::closing;

/// One row of a report.
#[derive(Debug, Clone)]
pub struct ReportLine {
    /// The name; where it is said it must agree with the record.
    pub name: Option<String>,
    /// Kind of the document; 居民身份证 if not said.
    pub document_kind: DocumentKind,
    /// Its number.
    pub document_no: String,
    /// The result.
    pub outcome: Outcome,
    /// Points 0–100.
    pub score: Option<u32>,
    /// Hours attended, of a class that ran elsewhere; none means all.
    pub attended: Option<Hours>,
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
        /// The number is somebody's with another name.
        OtherName = "other_name" "姓名与平台登记的不一致",
        /// The class is complete and the row says something else than what was recorded.
        Conflict = "conflict" "班次已结业，与已记录的结果不一致",
        /// The points or a position make no sense.
        Wrong = "wrong" "成绩应为 0 到 100，课次应在班次范围内",
        /// Cannot be written for the reason given.
        Refused = "refused" "不能记录，原因见说明",
    }
}

/// The answer to a report.
#[derive(Debug, Clone)]
pub struct Report {
    /// One answer a row, in the order of the rows.
    pub lines: Vec<Reported>,
    /// Why a row was refused, by its position, where the answer's own words do not say it.
    pub reasons: HashMap<usize, String>,
    /// What the completion did, if it was asked for and took place now.
    pub completed: Option<Completed>,
}

/// Reports results and attendance, and completes the class if `complete` and nothing is wrong or missing.
///
/// # Errors
/// NotFound, Forbidden, `class.not_published`, `class.early` before the last day, `class.incomplete` when
/// completion is asked for and somebody is missing, `report.window` when something would be written late.
pub async fn report(ctx: &Ctx, class: ClassId, rows: &[ReportLine], complete: bool) -> Result<Report> {
    let mut tx = ctx.db.batch().await?;
    if filed::own_number(&mut tx, class).await?.is_some() {
        return report_filed(ctx, tx, class, rows).await;
    }
    let class = class_store::lock(&mut tx, class).await?;
    ctx.may(Act::CompleteClass, &class.place())?;
    let finished = matches!(class.state, ClassState::Completed { .. });
    if !finished {
        let last = class.ends_at.unwrap_or_default().plus_seconds(-1).date();
        class.state.record(kernel::Time::start_of(last), ctx.now())?;
        super::admit(ctx, &mut tx, class.id).await?;
    }
    let sessions = session_store::of_class(&mut tx, class.id).await?;
    let mut seated = seated(&mut tx, &class).await?;
    let (mut lines, mut changed, mut marks) = (Vec::new(), Vec::new(), Vec::new());
    // what could not be posted is not recorded either, and the answer says why.
    let last = class.ends_at.unwrap_or_default().plus_seconds(-1).date();
    let shut = closing::refusal(ctx, &mut tx, last.year()).await?;
    let mut reasons = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let found = find(ctx, &mut tx, row).await?;
        let other = matches!((&found, &row.name), (Some((_, name)), Some(said)) if !same_name(name, said));
        let enrolment = found.and_then(|(person, _)| seated.get_mut(&person));
        let in_range = |p: &i64| usize::try_from(*p).is_ok_and(|p| (1..=sessions.len()).contains(&p));
        let sound = row.score.is_none_or(|score| score <= 100)
            && row.attended.is_none()
            && row.absent_from.iter().all(in_range);
        lines.push(match enrolment {
            _ if !sound => Reported::Wrong,
            _ if other => Reported::OtherName,
            None => Reported::Unknown,
            Some(e) if same(&e.state, row) => {
                marks.push((e.person, row.absent_from.clone()));
                Reported::Unchanged
            }
            Some(_) if finished => Reported::Conflict,
            Some(_) if row.outcome == Outcome::Passed && shut.is_some() => {
                reasons.extend(shut.clone().map(|sentence| (at, sentence)));
                Reported::Refused
            }
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
        writing::mark_all(ctx, &mut tx, &sessions, &marks).await?;
    }
    note(ctx, &mut tx, &class, &changed).await?;
    let clean = lines
        .iter()
        .all(|line| matches!(line, Reported::Recorded | Reported::Unchanged));
    let completed = if complete && clean && !finished {
        Some(complete_in(ctx, &mut tx, class.id).await?)
    } else {
        None
    };
    tx.commit().await?;
    Ok(Report {
        lines,
        reasons,
        completed,
    })
}

async fn note(ctx: &Ctx, tx: &mut Tx, class: &Class, changed: &[Enrolment]) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let is: Vec<_> = changed
        .iter()
        .map(|e| json!([e.person, recorded(&e.state).map(|r| r.outcome)]))
        .collect();
    let thing = Subject::new("class", class.id.get(), class.place());
    ctx.audit(tx, "report_results", thing, serde_json::Value::Null, json!(is))
        .await
}

/// Who has a seat, by the record that stands for the person today.
async fn seated(tx: &mut Tx, class: &Class) -> Result<HashMap<PersonId, Enrolment>> {
    let mut seated: HashMap<PersonId, Enrolment> = HashMap::new();
    for enrolment in store::of_class(tx, class.id).await? {
        if had_seat(&enrolment.state) {
            seated.insert(enrolment.person, enrolment);
        }
    }
    let ids: Vec<PersonId> = seated.keys().copied().collect();
    for person in people::load_many(tx, ids).await? {
        if person.merged_into.is_some() {
            let survivor = people::load(tx, person.id).await?.id;
            if let Some(enrolment) = seated.remove(&person.id) {
                seated.entry(survivor).or_insert(enrolment);
            }
        }
    }
    Ok(seated)
}

/// A class that ran elsewhere: by the same pass as a file, as one slice.
async fn report_filed(ctx: &Ctx, mut tx: Tx, class: ClassId, rows: &[ReportLine]) -> Result<Report> {
    let class = class_store::load(&mut tx, class).await?;
    ctx.may(Act::CompleteClass, &class.place())?;
    super::admit_kind(ctx, &mut tx, &class, ReportKind::Completions).await?;
    let target = Target::load(ctx, &mut tx, (ReportKind::Completions, class)).await?;
    let mut pass = Pass::new(&target, Purpose::Writing);
    let judged: Vec<Judged> = (0..)
        .zip(rows)
        .map(|(at, row)| (at, judged(ctx, &target, row)))
        .collect();
    let decided = pass.decide(&mut tx, judged).await?;
    writing::filed(ctx, &mut tx, &target, &decided.right).await?;
    let mut report = Report {
        lines: vec![Reported::Refused; rows.len()],
        reasons: HashMap::new(),
        completed: None,
    };
    for right in &decided.right {
        report.lines[right.row as usize] = Reported::Recorded;
    }
    for row in &decided.same {
        report.lines[*row as usize] = Reported::Unchanged;
    }
    for (row, faults) in decided.faults {
        let sentences: Vec<String> = faults.into_iter().map(|fault| fault.sentence).collect();
        report
            .reasons
            .insert(row as usize, format!("{}。", sentences.join("；")));
    }
    if !decided.right.is_empty() {
        let told = json!({ "rows": decided.right.len() });
        let thing = Subject::new("class", target.class.id.get(), target.class.place());
        ctx.audit(&mut tx, "report_results", thing, serde_json::Value::Null, told)
            .await?;
        writing::complete_filed(ctx, &mut tx, &target).await?;
    }
    tx.commit().await?;
    Ok(report)
}

/// A row of the API as the pass takes rows of files.
fn judged(ctx: &Ctx, target: &Target, row: &ReportLine) -> std::result::Result<Named, Vec<RowFault>> {
    let said = |column, sentence: &str| {
        vec![RowFault {
            column,
            sentence: sentence.to_owned(),
        }]
    };
    let (today, demo) = (ctx.today(), ctx.installation.demo);
    let document = rules::people::read_document("document_no", row.document_kind, &row.document_no, today, demo)
        .map_err(|fault| said("document_no", fault.sentence.trim_end_matches('。')))?;
    let name = row
        .name
        .clone()
        .ok_or_else(|| said("name", "请同时报送姓名，须与平台登记一致"))?;
    let frame = target.frame(ctx);
    let most = row
        .attended
        .is_some_and(|hours| hours > frame.hours || hours.is_negative());
    let outside = row.absent_from.iter().any(|at| !(1..=frame.sessions).contains(at));
    if row.score.is_some_and(|score| score > 100) || most || outside {
        return Err(said(
            "",
            "成绩应为 0 到 100，实际学时不超过班次学时，课次应在班次范围内",
        ));
    }
    Ok(Named {
        name,
        document,
        told: Some(Told {
            outcome: row.outcome,
            score: row.score,
            attended: row.attended,
            absent_from: row.absent_from.clone(),
        }),
    })
}

async fn find(ctx: &Ctx, tx: &mut Tx, row: &ReportLine) -> Result<Option<(PersonId, String)>> {
    let (today, demo) = (ctx.today(), ctx.installation.demo);
    match IdentityDocument::parse(row.document_kind, &row.document_no, today, demo) {
        Ok(document) => Ok(people::find_by_document(tx, &document)
            .await?
            .map(|person| (person.id, person.name))),
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
