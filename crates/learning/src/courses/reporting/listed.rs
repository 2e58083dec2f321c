//! A roster in one call, for a provider's system: tried out, or enrolled at once; each row gets an answer in its order.
//! Decided by the same pass as a file, in one transaction.
//! Deliberately absent: rosters of classes that ran elsewhere (their people come with the results).

use std::collections::HashMap;

use db::Tx;
use kernel::{DocumentKind, Result, id::ClassId};
use registry::{Ctx, Subject};
use rules::courses::reporting::{Person as Named, ReportKind};
use rules::people::roster::RowFault;
use rules::permits::Act;
use serde_json::json;

use super::super::enrol::{self, Answer};
use super::super::store::class as class_store;
use super::pass::{Decided, Judged, Pass, Purpose, Target};

/// One row of a roster.
#[derive(Debug, Clone)]
pub struct RosterLine {
    /// The name; must agree with the record.
    pub name: String,
    /// Kind of the document.
    pub document_kind: DocumentKind,
    /// Its number.
    pub document_no: String,
}

kernel::codes! {
    /// What became of one row of a roster.
    pub enum Listed {
        /// Can be enrolled; nothing was written.
        Ready = "ready" "可以报名",
        /// Has a seat now.
        Enrolled = "enrolled" "已报名",
        /// Waits for a seat.
        Waiting = "waiting" "名额已满，进入候补",
        /// Was enrolled before.
        Already = "already" "此前已报名",
        /// Cannot be enrolled for the reason given.
        Refused = "refused" "不能报名，原因见说明",
    }
}

/// The answer to a roster.
#[derive(Debug, Clone)]
pub struct RosterReport {
    /// One answer a row, in the order of the rows.
    pub lines: Vec<Listed>,
    /// Why a row was refused, by its position.
    pub reasons: HashMap<usize, String>,
}

/// Tries a roster out: nothing is written.
///
/// # Errors
/// `enrolment.closed` once the class has begun, `class.not_published`, `report.filed`; Forbidden, NotFound.
pub async fn try_roster(ctx: &Ctx, class: ClassId, rows: &[RosterLine]) -> Result<RosterReport> {
    let mut tx = ctx.db.read().await?;
    let (_, decided) = decide(ctx, &mut tx, (class, Purpose::Trying), rows).await?;
    Ok(answer(rows.len(), decided, &HashMap::new()))
}

/// Enrols the good ones of a roster.
///
/// # Errors
/// As [`try_roster`].
pub async fn enrol_roster(ctx: &Ctx, class: ClassId, rows: &[RosterLine]) -> Result<RosterReport> {
    let mut tx = ctx.db.batch().await?;
    let (target, decided) = decide(ctx, &mut tx, (class, Purpose::Writing), rows).await?;
    let people: Vec<_> = decided.right.iter().map(|right| right.person.clone()).collect();
    let placed = enrol::place_reported(ctx, &mut tx, class, &people).await?;
    let rows_of = decided.right.iter();
    let became = rows_of.filter_map(|right| Some((right.row as usize, placed.get(&right.person.id)?.clone())));
    let became = became.collect();
    let told = json!({ "rows": rows.len(), "placed": people.len() });
    let thing = Subject::new("class", class.get(), target.class.place());
    ctx.audit(&mut tx, "report_roster", thing, json!(null), told).await?;
    tx.commit().await?;
    Ok(answer(rows.len(), decided, &became))
}

async fn decide(
    ctx: &Ctx,
    tx: &mut Tx,
    (class, purpose): (ClassId, Purpose),
    rows: &[RosterLine],
) -> Result<(Target, Decided)> {
    let class = class_store::load(tx, class).await?;
    ctx.may(Act::ReportClass, &class.place())?;
    super::admit_kind(ctx, tx, &class, ReportKind::Roster).await?;
    let target = Target::load(ctx, tx, (ReportKind::Roster, class)).await?;
    let judged: Vec<Judged> = (0..).zip(rows).map(|(at, row)| (at, judged(ctx, row))).collect();
    let decided = Pass::new(&target, purpose).decide(tx, judged).await?;
    Ok((target, decided))
}

fn judged(ctx: &Ctx, row: &RosterLine) -> std::result::Result<Named, Vec<RowFault>> {
    let (today, demo) = (ctx.today(), ctx.installation.demo);
    rules::people::read_document("document_no", row.document_kind, &row.document_no, today, demo)
        .map(|document| Named {
            name: row.name.clone(),
            document,
            told: None,
        })
        .map_err(|fault| {
            vec![RowFault {
                column: "document_no",
                sentence: fault.sentence.trim_end_matches('。').to_owned(),
            }]
        })
}

fn answer(rows: usize, decided: Decided, became: &HashMap<usize, Answer>) -> RosterReport {
    let mut report = RosterReport {
        lines: vec![Listed::Refused; rows],
        reasons: HashMap::new(),
    };
    for right in &decided.right {
        let at = right.row as usize;
        report.lines[at] = match became.get(&at) {
            None => Listed::Ready,
            Some(Answer::Enrolled) => Listed::Enrolled,
            Some(Answer::Waiting { .. }) => Listed::Waiting,
            Some(other) => {
                report.reasons.insert(at, format!("{}。", other.sentence()));
                Listed::Refused
            }
        };
    }
    for row in decided.same {
        report.lines[row as usize] = Listed::Already;
    }
    for (row, faults) in decided.faults {
        let sentences: Vec<String> = faults.into_iter().map(|fault| fault.sentence).collect();
        report
            .reasons
            .insert(row as usize, format!("{}。", sentences.join("；")));
    }
    report
}
