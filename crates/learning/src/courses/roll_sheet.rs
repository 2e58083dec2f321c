//! Roll calls from a filled-in sheet: the roll of a class or of one session as a workbook with drop-downs, and back.
//!
//! An upload is checked first and writes nothing but itself: it says how many marks would be new and how many would change,
//! or gives the sheet back with what is wrong in each row. Only a sheet without a fault can be imported, and only while the
//! marks are still those that were checked; then all of it is written in one transaction. The same sheet twice changes
//! nothing. An empty cell leaves the mark that is there.
//! Deliberately absent: people who are not enrolled (they enrol first), results (`reporting` takes those from systems).

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use db::Tx;
use kernel::{Code as _, Error, PersonId, Result, Time, id::ClassId, id::FileId, id::SessionId};
use registry::files::{self, NewFile};
use registry::{Ctx, Subject};
use rules::attendance::Mark;
use rules::attendance::roll_sheet::{At, Cells, Fault, Known, judge};
use rules::courses::schedule::MOST_SESSIONS;
use rules::permits::Act;
use serde_json::json;
use sheet::{Column, ErrorBook, Field, Limits, Mapping, Source};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use super::rolls::{self, RollMark, had_seat};
use super::store::class::{self as class_store, Class};
use super::store::enrolment::{self as enrolment_store, Enrolment};
use super::store::session::{self as session_store, Session};
use crate::attendance::{self, Marked};

const NUMBER: &str = "number";
const NAME: &str = "name";
const ORG: &str = "org";
/// Keys of the columns of sessions: a class has no more than these.
static SESSIONS: LazyLock<Vec<String>> =
    LazyLock::new(|| (1..=MOST_SESSIONS).map(|n| format!("session_{n}")).collect());
/// Faults that the page shows; all stand in the sheet that comes back.
const SHOWN: usize = 20;
/// Days that an upload and its error sheet are kept.
const KEPT_DAYS: u64 = 2;

const NOTES: [&str; 5] = [
    "一行一人，请勿改动“学员编号”，它用来认出学员。",
    "考勤从下拉列表中选择：出勤、迟到、请假、缺勤。留空表示不改动平台上已有的登记。",
    "上传后先检查、不写入；检查无误并确认后一次写入。有一行出错则整份都不写入。",
    "同一份点名表重复上传不会改动已有的登记。",
    "课次当天起才能登记；结业后不能再改。",
];

/// What a check found.
#[derive(Debug, Clone)]
pub struct RollCheck {
    /// People in the sheet.
    pub rows: usize,
    /// Marks where none was.
    pub new: usize,
    /// Marks that replace another.
    pub changed: usize,
    /// Marks that are recorded already.
    pub same: usize,
    /// Rows with a fault.
    pub faulty: usize,
    /// The first faults.
    pub samples: Vec<RollSample>,
    /// The sheet with its faults marked, if there are any.
    pub errors: Option<FileId>,
    /// The upload, if it can be imported.
    pub file: Option<FileId>,
    /// What was checked; the import compares.
    pub proof: String,
}

/// One fault as the page shows it.
#[derive(Debug, Clone)]
pub struct RollSample {
    /// The row in the sheet.
    pub row: u32,
    /// The column's title.
    pub column: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// All that a sheet of a class is made from and read against.
struct Register {
    class: Class,
    sessions: Vec<Session>,
    people: Vec<Enrolment>,
    marks: HashMap<(SessionId, PersonId), Marked>,
    /// Why a session cannot be marked now.
    closed: Vec<Option<String>>,
}

/// The sheet of a whole class.
///
/// # Errors
/// NotFound, Forbidden.
pub async fn roll_sheet(ctx: &Ctx, class: ClassId) -> Result<Vec<u8>> {
    let register = register(ctx, &mut ctx.db.read().await?, class).await?;
    let all: Vec<usize> = (0..register.sessions.len()).collect();
    workbook(ctx, &register, &all).await
}

/// The sheet of one session.
///
/// # Errors
/// NotFound, Forbidden.
pub async fn roll_sheet_of_session(ctx: &Ctx, session: SessionId) -> Result<Vec<u8>> {
    let mut tx = ctx.db.read().await?;
    let class = session_store::load(&mut tx, session).await?.class;
    let register = register(ctx, &mut tx, class).await?;
    drop(tx);
    let one = register.sessions.iter().position(|known| known.id == session);
    workbook(ctx, &register, &[one.ok_or(Error::NotFound)?]).await
}

async fn register(ctx: &Ctx, tx: &mut Tx, id: ClassId) -> Result<Register> {
    let class = class_store::load(tx, id).await?;
    ctx.may(Act::MarkAttendance, &class.place())?;
    let sessions = session_store::of_class(tx, id).await?;
    let mut people = enrolment_store::of_class(tx, id).await?;
    people.retain(|e| had_seat(&e.state));
    let mut marks = HashMap::new();
    for session in &sessions {
        let marked = attendance::marks(tx, session.id).await?;
        marks.extend(marked.into_iter().map(|mark| ((session.id, mark.person), mark)));
    }
    let closed = sessions.iter().map(|session| {
        let from = Time::start_of(session.plan.starts_at.date());
        match class.state.record(from, ctx.now()) {
            Err(Error::Refused { sentence, .. }) => Some(sentence.trim_end_matches('。').to_owned()),
            _ => None,
        }
    });
    Ok(Register {
        closed: closed.collect(),
        class,
        sessions,
        people,
        marks,
    })
}

fn columns(sessions: &[Session], of: &[usize]) -> Vec<Column> {
    let mut columns = vec![
        Column::new(NUMBER, "学员编号")
            .required()
            .text()
            .width(22)
            .note("请勿改动。"),
        Column::new(NAME, "姓名").width(14),
        Column::new(ORG, "单位").width(30),
    ];
    for index in of {
        let session = &sessions[*index];
        columns.push(
            Column::new(SESSIONS[*index].as_str(), format!("第 {} 课次", session.position))
                .choices(Mark::ALL.iter().map(|mark| mark.name()))
                .width(12)
                .note(format!("{} {}", session.plan.starts_at, session.plan.title)),
        );
    }
    columns
}

/// Makes the workbook, after the trail has noted that names leave.
async fn workbook(ctx: &Ctx, register: &Register, of: &[usize]) -> Result<Vec<u8>> {
    super::note_export(ctx, &register.class, "roll_sheet").await?;
    let columns = columns(&register.sessions, of);
    let rows = register.people.iter().map(|e| {
        let mut row = vec![
            Field::text(e.id.to_string()),
            Field::text(e.name.clone()),
            Field::text(e.org_name.clone()),
        ];
        row.extend(of.iter().map(|index| {
            let mark = register.marks.get(&(register.sessions[*index].id, e.person));
            mark.map_or_else(Field::empty, |mark| Field::text(mark.mark.name()))
        }));
        row
    });
    let rows: Vec<Vec<Field<'static>>> = rows.collect();
    let title = format!("点名表 {}", register.class.number.as_deref().unwrap_or_default());
    spawn_blocking(move || sheet::filled(&title, &columns, &NOTES, &rows))
        .await
        .map_err(Error::broken)?
        .map_err(Error::broken)
}

/// What a sheet says, judged against the class.
struct Judged {
    rows: usize,
    marks: Vec<(usize, RollMark)>,
    new: usize,
    same: usize,
    faults: Vec<(u32, Vec<Fault>)>,
    source: Source,
    mapping: Mapping,
    columns: Vec<Column>,
}

impl Judged {
    /// What would be written, and over what: the import must find the same.
    fn proof(&self, register: &Register) -> String {
        let marks: Vec<_> = self
            .marks
            .iter()
            .map(|(session, mark)| json!([register.sessions[*session].id, mark.person, mark.mark, mark.version]))
            .collect();
        files::digest(json!(marks).to_string().as_bytes())
    }
}

fn wrong_file(problem: &sheet::Problem) -> Error {
    Error::wrong("file", problem.code(), problem.sentence())
}

/// Reads and judges a sheet on a thread of its own; the register comes back with it.
async fn read(register: Register, path: &Path) -> Result<(Register, Judged)> {
    let path = path.to_owned();
    let read = spawn_blocking(move || judged(&register, &path).map(|judged| (register, judged)));
    read.await
        .map_err(Error::broken)?
        .map_err(|problem| wrong_file(&problem))
}

fn judged(register: &Register, path: &Path) -> std::result::Result<Judged, sheet::Problem> {
    let all: Vec<usize> = (0..register.sessions.len()).collect();
    let columns = columns(&register.sessions, &all);
    let source = Source::open(path, &Limits::default())?;
    let (mapping, rows) = source.table(&columns)?;
    let people: HashMap<String, &Enrolment> = register.people.iter().map(|e| (e.id.to_string(), e)).collect();
    let present: Vec<usize> = all
        .into_iter()
        .filter(|index| mapping.index(&SESSIONS[*index]).is_some())
        .collect();
    if present.is_empty() {
        let missing = columns.iter().skip(3).take(1).map(|column| column.title.clone());
        return Err(sheet::Problem::MissingColumns {
            row: mapping.row(),
            missing: missing.collect(),
        });
    }
    let mut found = Judged {
        rows: 0,
        marks: Vec::new(),
        new: 0,
        same: 0,
        faults: Vec::new(),
        source,
        mapping,
        columns,
    };
    let mut seen: HashMap<String, u32> = HashMap::new();
    for row in rows {
        let row = row?;
        if found.mapping.is_blank(&row) {
            continue;
        }
        found.rows += 1;
        let text = |key: &str| sheet::normal(found.mapping.cell(&row, key).text());
        let (number, name) = (text(NUMBER), text(NAME));
        let marks: Vec<(usize, String)> = present.iter().map(|index| (*index, text(&SESSIONS[*index]))).collect();
        let person = people.get(&number);
        let known = Known {
            name: person.map(|e| e.name.as_str()),
            earlier: seen.insert(number.clone(), row.number),
            closed: &register.closed,
        };
        match (
            judge(
                Cells {
                    name: &name,
                    marks: &marks,
                },
                known,
            ),
            person,
        ) {
            (Ok(marks), Some(person)) => found.take(register, person, &marks),
            (Err(faults), _) => found.faults.push((row.number, faults)),
            (Ok(_), None) => {}
        }
    }
    Ok(found)
}

impl Judged {
    fn take(&mut self, register: &Register, person: &Enrolment, marks: &[(usize, Mark)]) {
        for (session, mark) in marks {
            let there = register.marks.get(&(register.sessions[*session].id, person.person));
            match there {
                Some(there) if there.mark == *mark => {
                    self.same += 1;
                    continue;
                }
                Some(_) => {}
                None => self.new += 1,
            }
            let mark = RollMark {
                person: person.person,
                mark: *mark,
                version: there.map_or(0, |there| there.version),
            };
            self.marks.push((*session, mark));
        }
    }

    fn key(at: At) -> &'static str {
        match at {
            At::Number => NUMBER,
            At::Name => NAME,
            At::Session(index) => SESSIONS[index].as_str(),
        }
    }

    fn title(&self, at: At) -> String {
        let key = Self::key(at);
        let column = self.columns.iter().find(|column| column.key == key);
        column.map(|column| column.title.clone()).unwrap_or_default()
    }

    fn samples(&self) -> Vec<RollSample> {
        let each = self.faults.iter().flat_map(|(row, faults)| {
            faults.iter().map(|fault| RollSample {
                row: *row,
                column: self.title(fault.at),
                sentence: fault.sentence.clone(),
            })
        });
        each.take(SHOWN).collect()
    }

    /// The same sheet with what is wrong in front of each row and the cells marked.
    fn error_book(&self) -> std::result::Result<Vec<u8>, sheet::Problem> {
        let faults = self.faults.iter().flat_map(|(row, faults)| {
            faults.iter().map(|fault| {
                let sentence = format!("“{}”{}", self.title(fault.at), fault.sentence);
                sheet::Fault::at(*row, self.mapping.index(Self::key(fault.at)), sentence)
            })
        });
        let mut bytes = Vec::new();
        ErrorBook::new(&self.source, &self.mapping, &self.columns).write(faults.collect::<Vec<_>>(), &mut bytes)?;
        Ok(bytes)
    }
}

/// Checks a filled-in sheet and keeps it for the import, or keeps the sheet with its faults; marks nobody.
///
/// # Errors
/// NotFound, Forbidden; the refusal of the class when no session can be marked; Wrong at `file`.
pub async fn check_roll_sheet(ctx: &Ctx, class: ClassId, path: &Path) -> Result<RollCheck> {
    let register = register(ctx, &mut ctx.db.read().await?, class).await?;
    if let Some(why) = register.closed.iter().cloned().collect::<Option<Vec<_>>>() {
        let why = why.into_iter().next().unwrap_or_default();
        return Err(Error::refused("roll.closed", format!("现在不能登记考勤：{why}。")));
    }
    let bytes = std::fs::read(path).map_err(Error::broken)?;
    let (register, judged) = read(register, path).await?;
    let number = register.class.number.clone().unwrap_or_default();
    let kept = |name: String, bytes: Vec<u8>| NewFile {
        name,
        content_type: files::XLSX.to_owned(),
        bytes,
        place: register.class.place(),
        delete_after: ctx.today().checked_add_days(chrono::Days::new(KEPT_DAYS)),
    };
    let mut check = RollCheck {
        rows: judged.rows,
        new: judged.new,
        changed: judged.marks.len() - judged.new,
        same: judged.same,
        faulty: judged.faults.len(),
        samples: judged.samples(),
        errors: None,
        file: None,
        proof: judged.proof(&register),
    };
    let file = if check.faulty > 0 {
        let book = spawn_blocking(move || judged.error_book());
        let book = book.await.map_err(Error::broken)?.map_err(Error::broken)?;
        kept(error_name(&number), book)
    } else {
        kept(format!("点名表-{number}.xlsx"), bytes)
    };
    let mut tx = ctx.db.write().await?;
    let id = files::keep(ctx, &mut tx, file).await?;
    tx.commit().await?;
    if check.faulty > 0 {
        check.errors = Some(id);
    } else {
        check.file = Some(id);
    }
    Ok(check)
}

fn error_name(number: &str) -> String {
    format!("点名表错误清单-{number}.xlsx")
}

/// The sheet that a check gave back.
///
/// # Errors
/// NotFound, Forbidden.
pub async fn roll_sheet_errors(ctx: &Ctx, class: ClassId, file: FileId) -> Result<files::File> {
    let mut tx = ctx.db.read().await?;
    let class = class_store::load(&mut tx, class).await?;
    ctx.may(Act::MarkAttendance, &class.place())?;
    let file = files::load(&mut tx, file).await?;
    let number = class.number.clone().unwrap_or_default();
    if file.place != class.place() || file.name != error_name(&number) {
        return Err(Error::NotFound);
    }
    Ok(file)
}

/// Imports a checked sheet; returns how many marks changed.
///
/// # Errors
/// NotFound, Forbidden; `roll.changed` when the marks are not those that were checked; Stale.
pub async fn import_roll_sheet(ctx: &Ctx, class: ClassId, file: FileId, proof: &str) -> Result<usize> {
    let mut tx = ctx.db.read().await?;
    let before = register(ctx, &mut tx, class).await?;
    let kept = files::load(&mut tx, file).await?;
    drop(tx);
    if kept.place != before.class.place() {
        return Err(Error::NotFound);
    }
    let path = NamedTempFile::new().map_err(Error::broken)?;
    std::fs::write(path.path(), &kept.bytes).map_err(Error::broken)?;
    let (before, judged) = read(before, path.path()).await?;
    if !judged.faults.is_empty() || judged.proof(&before) != proof {
        return Err(Error::refused(
            "roll.changed",
            "检查之后名单或考勤有变化，没有写入。请重新上传检查。",
        ));
    }
    let mut tx = ctx.db.batch().await?;
    // Every mark names the version that was read: whoever marked meanwhile is not overwritten.
    let class = class_store::lock(&mut tx, class).await?;
    ctx.may(Act::MarkAttendance, &class.place())?;
    let mut changed = 0;
    for (index, session) in before.sessions.iter().enumerate() {
        let marks: Vec<RollMark> = judged
            .marks
            .iter()
            .filter(|(at, _)| *at == index)
            .map(|(_, mark)| *mark)
            .collect();
        if marks.is_empty() {
            continue;
        }
        class
            .state
            .record(Time::start_of(session.plan.starts_at.date()), ctx.now())?;
        changed += rolls::write(ctx, &mut tx, (&class, session.id), &marks).await?;
    }
    let thing = Subject::new("class", class.id.get(), class.place());
    let after = json!({ "file": kept.name, "sha256": kept.sha256, "changes": changed });
    ctx.audit(&mut tx, "import_roll", thing, serde_json::Value::Null, after)
        .await?;
    files::remove(&mut tx, file).await?;
    tx.commit().await?;
    Ok(changed)
}
