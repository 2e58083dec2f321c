//! Deciding a chunk of a report: who each row is, and whether it can be written, was written before, or is faulty.
//!
//! Everything that must be looked up is looked up for the chunk at once. The order: the same person twice → who it is
//! → what stands already → what stands in the way (conditions, R-12, R-9, a closed year by R-61). Run on the writing transaction it
//! holds the timelines of the people first, so that what it decides still holds when it is written.
//! Deliberately absent: writing.

use std::collections::HashMap;

use chrono::Datelike;
use db::Tx;
use kernel::{Code, Hours, IdentityDocument, PersonId, Result, Seconds};
use registry::Ctx;
use registry::people::uploaded::life::Decide;
use registry::people::{self, Person};
use rules::courses::ClassState;
use rules::courses::completion::{Standing, Verdict, decide};
use rules::courses::reporting::{Frame, Person as Told, ReportKind, Told as Outcome, title};
use rules::courses::{EnrolmentState, Parameters};
use rules::people::{roster::RowFault, same_name};

use super::super::enrol::{self, Answer};
use super::super::results::recorded;
use super::super::rolls::had_seat;
use super::super::store::class::Class;
use super::super::store::enrolment::{self as store, Enrolment};
use super::super::store::session::Session;
use super::super::store::{filed, parameters, session as session_store};
use super::Counts;
use crate::attendance::{self, Attended, Reservation};
use crate::credits::closing;

/// A row as it was judged by itself.
pub(super) type Judged = (u32, std::result::Result<Told, Vec<RowFault>>);

/// What a report is about.
pub(super) struct Target {
    pub(super) kind: ReportKind,
    pub(super) class: Class,
    pub(super) sessions: Vec<Session>,
    pub(super) wanted: Vec<Reservation>,
    /// The class ran elsewhere.
    pub(super) filed: bool,
    /// Why no hours can be posted for its year any more.
    pub(super) shut: Option<String>,
    pub(super) parameters: Parameters,
}

impl Target {
    pub(super) async fn load(ctx: &Ctx, tx: &mut Tx, (kind, class): (ReportKind, Class)) -> Result<Self> {
        let last = class.ends_at.unwrap_or_default().plus_seconds(-1).date();
        Ok(Self {
            shut: closing::refusal(ctx, tx, last.year()).await?,
            kind,
            sessions: session_store::of_class(tx, class.id).await?,
            wanted: enrol::reservations(tx, &class).await?,
            filed: filed::own_number(tx, class.id).await?.is_some(),
            parameters: parameters::load(tx).await?,
            class,
        })
    }

    /// What rows are judged by.
    pub(super) fn frame(&self, ctx: &Ctx) -> Frame {
        Frame {
            kind: self.kind,
            today: ctx.today(),
            demo: ctx.installation.demo,
            sessions: i64::try_from(self.sessions.len()).unwrap_or(i64::MAX),
            hours: Hours::from_taught(self.class.taught),
            by_session: !self.filed,
        }
    }

    /// The fault of a row that would post hours into a year that is shut.
    pub(super) fn shut_fault(&self) -> Option<RowFault> {
        self.shut.as_ref().map(|sentence| RowFault {
            column: "",
            sentence: sentence.trim_end_matches('。').to_owned(),
        })
    }

    /// What becomes of somebody with this result, in a class that keeps no roll here.
    pub(super) fn verdict(&self, told: &Outcome) -> Result<Verdict> {
        let taught: Vec<Seconds> = self.wanted.iter().map(|reservation| reservation.taught).collect();
        let standing = Standing {
            person: (),
            result: Some(told.outcome),
            attended: told.attended(&taught, self.class.taught),
            marked: 0,
        };
        let verdicts = decide(&[standing], 0, self.class.taught, &self.parameters)?;
        Ok(verdicts.into_iter().next().unwrap_or(Verdict::Absent))
    }
}

/// A row that can be written.
pub(super) struct Right {
    pub(super) row: u32,
    pub(super) person: Person,
    /// The enrolment that stands, if there is one.
    pub(super) enrolment: Option<Enrolment>,
    /// The result; none in a roster.
    pub(super) told: Option<Outcome>,
}

/// What a chunk comes to.
#[derive(Default)]
pub(super) struct Decided {
    pub(super) right: Vec<Right>,
    /// Rows that were written before, the same.
    pub(super) same: Vec<u32>,
    /// Rows that are faulty, ascending.
    pub(super) faults: Vec<(u32, Vec<RowFault>)>,
}

/// Whether a pass only tries or is about to write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Trying,
    Writing,
}

/// What a pass keeps from chunk to chunk.
pub(super) struct Pass<'a> {
    target: &'a Target,
    purpose: Purpose,
    /// The row in which a person was seen first.
    seen: HashMap<PersonId, u32>,
    /// Seats of a filed class that are not taken yet.
    left: i64,
    pub(super) counts: Counts,
}

const UNKNOWN: &str = "平台上没有登记这个号码，没有自动建立人员；请本人注册，或由用人单位导入人员名册后再报";
const OTHER_NAME: &str = "与该号码在平台上登记的姓名不一致，请核对姓名和号码；确有更名的，由所在区人社部门办理";

impl Decide<std::result::Result<Told, Vec<RowFault>>> for Pass<'_> {
    async fn faults(&mut self, tx: &mut Tx, chunk: Vec<Judged>) -> Result<Vec<(u32, Vec<RowFault>)>> {
        Ok(self.decide(tx, chunk).await?.faults)
    }
}

impl<'a> Pass<'a> {
    pub(super) fn new(target: &'a Target, purpose: Purpose) -> Self {
        Self {
            target,
            purpose,
            seen: HashMap::new(),
            left: target.class.seats.free(),
            counts: Counts::default(),
        }
    }

    /// Decides a chunk.
    pub(super) async fn decide(&mut self, tx: &mut Tx, chunk: Vec<Judged>) -> Result<Decided> {
        let mut decided = Decided::default();
        self.counts.total += count(chunk.len());
        let found = self.identified(tx, chunk, &mut decided).await?;
        let ids: Vec<PersonId> = found.iter().map(|(_, person, _)| person.id).collect();
        if self.purpose == Purpose::Writing {
            attendance::hold(tx, &ids).await?;
        }
        let absorbed = people::absorbed_by(tx, &ids).await?;
        let known = self.enrolments(tx, &ids, &absorbed).await?;
        match self.target.kind {
            ReportKind::Roster => self.roster(tx, (found, known), &mut decided).await?,
            ReportKind::Completions if self.target.filed => {
                self.filed(tx, (found, known, &absorbed), &mut decided).await?
            }
            ReportKind::Completions => self.seated(tx, (found, known), &mut decided).await?,
        }
        decided.faults.sort_by_key(|(row, _)| *row);
        self.counts.right += count(decided.right.len());
        self.counts.same += count(decided.same.len());
        self.counts.faulty += count(decided.faults.len());
        Ok(decided)
    }

    /// Who each right row is; a person's second row is a fault.
    async fn identified(&mut self, tx: &mut Tx, chunk: Vec<Judged>, decided: &mut Decided) -> Result<Vec<Found>> {
        let documents: Vec<&IdentityDocument> = chunk
            .iter()
            .filter_map(|(_, judged)| Some(&judged.as_ref().ok()?.document))
            .collect();
        let known: HashMap<(&'static str, String), Person> = people::find_by_documents(tx, &documents)
            .await?
            .into_iter()
            .map(|(document, person)| (key(&document), person))
            .collect();
        let mut found = Vec::with_capacity(chunk.len());
        for (row, judged) in chunk {
            let told = match judged {
                Ok(told) => told,
                Err(faults) => {
                    decided.faults.push((row, faults));
                    continue;
                }
            };
            match self.identify(row, &told, known.get(&key(&told.document))) {
                Ok(person) => found.push((row, person, told)),
                Err(fault) => decided.faults.push((row, vec![fault])),
            }
        }
        Ok(found)
    }

    fn identify(&mut self, row: u32, told: &Told, known: Option<&Person>) -> std::result::Result<Person, RowFault> {
        let person = known.ok_or_else(|| fault("document_no", UNKNOWN))?;
        if !same_name(&person.name, &told.name) {
            return Err(fault("name", OTHER_NAME));
        }
        if let Some(first) = self.seen.get(&person.id) {
            let sentence = format!("与第 {first} 行是同一个人，请只保留一行");
            return Err(fault("document_no", &sentence));
        }
        self.seen.insert(person.id, row);
        Ok(person.clone())
    }

    /// The enrolments of these people in the class, those of records they absorbed included.
    async fn enrolments(
        &self,
        tx: &mut Tx,
        ids: &[PersonId],
        absorbed: &Absorbed,
    ) -> Result<HashMap<PersonId, Enrolment>> {
        let found = store::of_people(tx, self.target.class.id, &with_absorbed(ids, absorbed)).await?;
        let of = |(id, enrolment)| (survivor(id, absorbed), enrolment);
        Ok(found.into_iter().map(of).collect())
    }

    async fn roster(&self, tx: &mut Tx, (found, known): Rows, decided: &mut Decided) -> Result<()> {
        let people: Vec<Person> = found.iter().map(|(_, person, _)| person.clone()).collect();
        let wanted = &self.target.wanted;
        let refused = enrol::refusals(tx, &self.target.class, &people, (&known, wanted)).await?;
        for (row, person, _) in found {
            match refused.get(&person.id) {
                None => decided.right.push(Right {
                    row,
                    enrolment: known.get(&person.id).cloned(),
                    person,
                    told: None,
                }),
                Some(Answer::Already(_)) => decided.same.push(row),
                Some(answer) => {
                    let sentence = answer.sentence().trim_start_matches("未报名：").to_owned();
                    decided.faults.push((row, vec![RowFault { column: "", sentence }]));
                }
            }
        }
        Ok(())
    }

    /// Rows of a class that ran elsewhere: new ones must be free at that time, under the records they absorbed too;
    /// known ones must say the same.
    async fn filed(
        &mut self,
        tx: &mut Tx,
        (found, known, absorbed): (Vec<Found>, HashMap<PersonId, Enrolment>, &Absorbed),
        decided: &mut Decided,
    ) -> Result<()> {
        let new: Vec<PersonId> = found
            .iter()
            .map(|(_, person, _)| person.id)
            .filter(|id| !known.contains_key(id))
            .collect();
        let busy = attendance::clashes(tx, &with_absorbed(&new, absorbed), &self.target.wanted).await?;
        let busy: HashMap<PersonId, _> = busy
            .into_iter()
            .map(|(id, clash)| (survivor(id, absorbed), clash))
            .collect();
        for (row, person, told) in found {
            let Some(told) = told.told else { continue };
            if let Some(enrolment) = known.get(&person.id) {
                self.compare(row, &told, &enrolment.state, decided)?;
            } else if let Some(clash) = busy.get(&person.id) {
                let sentence = format!("{}，请核对", clash.sentence());
                decided.faults.push((row, vec![RowFault { column: "", sentence }]));
            } else if let Some(fault) = self.shut_by(self.target.verdict(&told)? == Verdict::Completed) {
                decided.faults.push((row, vec![fault]));
            } else if self.left <= 0 {
                let most = self.target.class.plan.capacity;
                let sentence = format!("超出备案的参加人数 {most} 人，请核对名单");
                decided.faults.push((row, vec![RowFault { column: "", sentence }]));
            } else {
                self.left -= 1;
                decided.right.push(Right {
                    row,
                    person,
                    enrolment: None,
                    told: Some(told),
                });
            }
        }
        Ok(())
    }

    /// The fault of a row that `earns` hours when the year of the class is shut.
    fn shut_by(&self, earns: bool) -> Option<RowFault> {
        self.target.shut_fault().filter(|_| earns)
    }

    fn compare(&self, row: u32, told: &Outcome, state: &EnrolmentState, decided: &mut Decided) -> Result<()> {
        let verdict = self.target.verdict(told)?;
        let same = match (state, verdict) {
            (EnrolmentState::Completed { result, .. }, Verdict::Completed)
            | (EnrolmentState::Failed { result, .. }, Verdict::Failed(_)) => {
                (result.outcome, result.score) == (told.outcome, told.score)
            }
            (EnrolmentState::Absent { .. }, Verdict::Absent) => true,
            _ => false,
        };
        if same {
            decided.same.push(row);
        } else {
            decided.faults.push((row, vec![conflict(state)]));
        }
        Ok(())
    }

    /// Rows of a class of the platform: only who has a seat, and nothing else once the class is completed.
    async fn seated(&self, tx: &mut Tx, (found, mut known): Rows, decided: &mut Decided) -> Result<()> {
        let finished = matches!(self.target.class.state, ClassState::Completed { .. });
        let attended = attendance::attended(tx, self.target.class.id).await?;
        for (row, person, told) in found {
            let Some(told) = told.told else { continue };
            match known.remove(&person.id).filter(|enrolment| had_seat(&enrolment.state)) {
                None => {
                    let sentence = "不在本班次的学员名单中；请在开班前报送名单或由学员报名，没有报名的不能记录结果";
                    decided.faults.push((row, vec![fault("document_no", sentence)]));
                }
                Some(enrolment) if finished => {
                    if same_result(&enrolment.state, &told) {
                        decided.same.push(row);
                    } else {
                        decided.faults.push((row, vec![conflict(&enrolment.state)]));
                    }
                }
                Some(enrolment)
                    if same_result(&enrolment.state, &told) && self.marked(&enrolment, &told, &attended) =>
                {
                    decided.same.push(row);
                }
                Some(enrolment) => match self.shut_by(told.outcome == rules::courses::Outcome::Passed) {
                    Some(fault) => decided.faults.push((row, vec![fault])),
                    None => decided.right.push(Right {
                        row,
                        person,
                        enrolment: Some(enrolment),
                        told: Some(told),
                    }),
                },
            }
        }
        Ok(())
    }

    /// Whether the roll says already what the row says.
    fn marked(&self, enrolment: &Enrolment, told: &Outcome, attended: &HashMap<PersonId, Attended>) -> bool {
        let taught: Vec<Seconds> = self
            .target
            .wanted
            .iter()
            .map(|reservation| reservation.taught)
            .collect();
        let stands = attended.get(&enrolment.person).copied().unwrap_or_default();
        let time = told.attended(&taught, self.target.class.taught);
        stands.time == time && count(stands.marked as usize) == count(self.target.sessions.len())
    }
}

/// Row, the person who stands for it, what it says.
type Found = (u32, Person, Told);
type Rows = (Vec<Found>, HashMap<PersonId, Enrolment>);
/// Absorbed record and survivor.
type Absorbed = [(PersonId, PersonId)];

fn with_absorbed(ids: &[PersonId], absorbed: &Absorbed) -> Vec<PersonId> {
    let mut all = ids.to_vec();
    all.extend(
        absorbed
            .iter()
            .filter(|(_, root)| ids.contains(root))
            .map(|(id, _)| *id),
    );
    all
}

fn survivor(id: PersonId, absorbed: &Absorbed) -> PersonId {
    let found = absorbed.iter().find(|(own, _)| *own == id);
    found.map_or(id, |(_, root)| *root)
}

fn same_result(state: &EnrolmentState, told: &Outcome) -> bool {
    match recorded(state) {
        Some(result) => (result.outcome, result.score) == (told.outcome, told.score),
        None => matches!(state, EnrolmentState::Absent { .. }) && told.outcome == rules::courses::Outcome::Absent,
    }
}

/// what was recorded is not changed by reporting again.
fn conflict(state: &EnrolmentState) -> RowFault {
    let before = state.code().name();
    let sentence = format!("与此前报送的结果（{before}）不一致，没有改动；确需更正，请向市级牵头部门申请冲正学时");
    fault("outcome", &sentence)
}

fn fault(column: &'static str, sentence: &str) -> RowFault {
    RowFault {
        column,
        sentence: format!("“{}” {sentence}", title(column)),
    }
}

fn key(document: &IdentityDocument) -> (&'static str, String) {
    (document.kind().code(), document.number().to_owned())
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}
