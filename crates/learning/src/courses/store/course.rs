//! `courses` and `course_versions`.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{Hours, OrgId, Place, Result, Time, id::CourseId, id::CourseVersionId};
use rules::courses::{CourseDraft, CourseStatus};
use rules::credits::recognition::Part;
use rules::credits::{ActivityForm, Subject};

/// A course as stored.
#[derive(Debug, Clone)]
pub struct Course {
    /// Its id.
    pub id: CourseId,
    /// Title.
    pub title: String,
    /// 公需 or 专业.
    pub subject: Subject,
    /// One of the five forms.
    pub form: ActivityForm,
    /// Code of the focus field.
    pub field: Option<String>,
    /// Code of the direction.
    pub direction: Option<String>,
    /// What it is about.
    pub summary: String,
    /// Whether it is offered.
    pub status: CourseStatus,
    /// The provider it belongs to.
    pub provider: OrgId,
    /// The provider's name when it was written.
    pub provider_name: String,
    /// The provider's district.
    pub district: Option<String>,
    /// The provider's department.
    pub department: Option<String>,
    /// When it was written.
    pub created_at: Time,
    /// For optimistic changes.
    pub version: i64,
}

impl Course {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            provider: Some(self.provider),
            district: self.district.clone(),
            department: self.department.clone(),
            ..Place::default()
        }
    }
}

pub(in crate::courses) const COLUMNS: &str = "c.id, c.title, c.subject, c.form, c.field, c.direction, c.summary,
    c.status, c.provider, c.provider_name, c.district, c.department, c.created_at, c.version";

impl FromRow for Course {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            title: row.get(1)?,
            subject: row.code(2)?,
            form: row.code(3)?,
            field: row.get(4)?,
            direction: row.get(5)?,
            summary: row.get(6)?,
            status: row.code(7)?,
            provider: row.get(8)?,
            provider_name: row.get(9)?,
            district: row.get(10)?,
            department: row.get(11)?,
            created_at: row.get(12)?,
            version: row.get(13)?,
        })
    }
}

/// A published version: never edited.
#[derive(Debug, Clone)]
pub struct CourseVersion {
    /// Its id.
    pub id: CourseVersionId,
    /// 1, 2, 3 …
    pub number: i64,
    /// The syllabus.
    pub syllabus: String,
    /// Standard hours.
    pub hours: Hours,
    /// Since when.
    pub published_at: Time,
    /// By whom.
    pub created_by: String,
    /// Whether it is compulsory.
    pub part: Part,
}

impl FromRow for CourseVersion {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            syllabus: row.get(2)?,
            hours: row.get(3)?,
            published_at: row.get(4)?,
            created_by: row.get(5)?,
            part: part_of(row.get(6)?),
        })
    }
}

const VERSIONS: &str = "select v.id, v.number, v.syllabus, v.hours, v.published_at, v.created_by, v.compulsory from course_versions v where 1 = 1";

pub(in crate::courses) async fn load(tx: &mut Tx, id: CourseId) -> Result<Course> {
    tx.one(&format!("select {COLUMNS} from courses c where c.id = $1"), args![id])
        .await
}

pub(in crate::courses) async fn versions(tx: &mut Tx, course: CourseId) -> Result<Vec<CourseVersion>> {
    Query::new(VERSIONS)
        .and("v.course = {}", course)
        .push(" order by v.number desc")
        .fetch(tx)
        .await
}

pub(in crate::courses) async fn version(tx: &mut Tx, id: CourseVersionId) -> Result<CourseVersion> {
    Query::new(VERSIONS).and("v.id = {}", id).one(tx).await
}

/// Whether the course of this version is compulsory.
pub(in crate::courses) async fn part(tx: &mut Tx, id: CourseVersionId) -> Result<Part> {
    let compulsory: bool = tx
        .one("select v.compulsory from course_versions v where v.id = $1", args![id])
        .await?;
    Ok(part_of(compulsory))
}

fn part_of(compulsory: bool) -> Part {
    if compulsory { Part::Compulsory } else { Part::Elective }
}

/// Sets the part of a published version; nothing else of it ever changes.
pub(in crate::courses) async fn save_part(tx: &mut Tx, id: CourseVersionId, part: Part) -> Result<()> {
    let sql = "update course_versions set compulsory = $2 where id = $1";
    tx.exec_one(sql, args![id, part == Part::Compulsory]).await
}

/// A course with the organisation that writes it.
pub(in crate::courses) async fn insert(
    tx: &mut Tx,
    draft: &CourseDraft,
    provider: (&Place, OrgId, &str),
    at: Time,
) -> Result<CourseId> {
    let id = tx.mint();
    let (place, org, name) = provider;
    tx.exec(
        "insert into courses (id, title, subject, form, field, direction, summary, status, provider, provider_name,
         district, department, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            id,
            draft.title.trim(),
            code(draft.subject),
            code(draft.form),
            draft.field.as_deref(),
            draft.direction.as_deref(),
            draft.summary.trim(),
            code(CourseStatus::Active),
            org,
            name,
            place.district.as_deref(),
            place.department.as_deref(),
            at
        ],
    )
    .await?;
    Ok(id)
}

/// Changes what is not part of a version.
pub(in crate::courses) async fn save(tx: &mut Tx, id: CourseId, version: i64, draft: &CourseDraft) -> Result<()> {
    tx.exec_one(
        "update courses set title = $3, field = $4, direction = $5, summary = $6, version = version + 1
         where id = $1 and version = $2",
        args![
            id,
            version,
            draft.title.trim(),
            draft.field.as_deref(),
            draft.direction.as_deref(),
            draft.summary.trim()
        ],
    )
    .await
}

pub(in crate::courses) async fn save_status(
    tx: &mut Tx,
    id: CourseId,
    version: i64,
    status: CourseStatus,
) -> Result<()> {
    let sql = "update courses set status = $3, version = version + 1 where id = $1 and version = $2";
    tx.exec_one(sql, args![id, version, code(status)]).await
}

/// The next version; two at once: the second is Stale.
pub(in crate::courses) async fn insert_version(
    tx: &mut Tx,
    course: CourseId,
    (syllabus, hours): (&str, Hours),
    at: Time,
    by: &str,
) -> Result<CourseVersionId> {
    let id = tx.mint();
    let sql = "insert into course_versions (id, course, number, syllabus, hours, published_at, created_by)
        select cast($1 as bigint), cast($2 as bigint), 1 + coalesce(max(v.number), 0), cast($3 as text),
        cast($4 as bigint), cast($5 as bigint), cast($6 as text) from course_versions v where v.course = $2
        on conflict (course, number) do nothing";
    if tx
        .exec_new(sql, args![id, course, syllabus.trim(), hours, at, by])
        .await?
    {
        Ok(id)
    } else {
        Err(kernel::Error::Stale)
    }
}
