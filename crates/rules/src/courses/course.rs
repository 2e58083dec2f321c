//! A course and what its author writes: title, subject, activity form, field, syllabus, standard hours.
//! A published version is never edited; a change of syllabus or hours is a new version with the next number.
//! Deliberately absent: review of courses by an authority (courses of providers are theirs to answer for).

use kernel::{Error, FieldError, Hours, Result};

use crate::credits::{ActivityForm, Subject};

kernel::codes! {
    /// Whether classes can still be made from a course.
    pub enum CourseStatus {
        /// Offered.
        Active = "active" "在用",
        /// No longer offered; its classes stay as they are.
        Ended = "ended" "停用",
    }
}

impl CourseStatus {
    /// The course is offered no more.
    ///
    /// # Errors
    /// `course.ended` when it already is.
    pub fn end(self) -> Result<Self> {
        match self {
            Self::Active => Ok(Self::Ended),
            Self::Ended => Err(Error::refused("course.ended", "这门课程已经停用。")),
        }
    }

    /// Whether classes and versions can be added.
    ///
    /// # Errors
    /// `course.ended`.
    pub fn offers(self) -> Result<()> {
        match self {
            Self::Active => Ok(()),
            Self::Ended => Err(Error::refused(
                "course.ended",
                "这门课程已经停用，不能再开班或编制新版本。",
            )),
        }
    }
}

/// Only 公需科目 has a compulsory part.
///
/// # Errors
/// `course.not_public`.
pub fn may_be_compulsory(subject: Subject) -> Result<()> {
    match subject {
        Subject::Public => Ok(()),
        Subject::Professional => Err(Error::refused_by(
            "R-39",
            "course.not_public",
            "只有公需科目分必修和选修，专业科目不能列为必修。",
        )),
    }
}

/// The most hours one course may claim: a bound against slips of the keyboard, not a rule.
pub const MOST_HOURS: Hours = Hours::whole(500);

/// What the author of a course writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseDraft {
    /// Title shown in the catalogue.
    pub title: String,
    /// 公需 or 专业.
    pub subject: Subject,
    /// One of the five forms of article 8.
    pub form: ActivityForm,
    /// Code of a focus field; professional courses have one.
    pub field: Option<String>,
    /// Code of a direction; public courses have one.
    pub direction: Option<String>,
    /// What it is about, in a few sentences.
    pub summary: String,
    /// The syllabus of the first version.
    pub syllabus: String,
    /// The standard hours of the first version.
    pub hours: Hours,
}

impl CourseDraft {
    /// Everything that is wrong, at its field.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut say = |field: &'static str, code, sentence: &str| faults.push(FieldError::new(field, code, sentence));
        if self.title.trim().is_empty() {
            say("title", "course.title", "请填写课程名称。");
        }
        if self.subject == Subject::Professional && self.field.is_none() {
            say("field", "course.field", "专业科目课程请选择重点领域。");
        }
        if self.subject == Subject::Public && self.direction.is_none() {
            say("direction", "course.direction", "公需科目课程请选择培训方向。");
        }
        if self.summary.trim().is_empty() {
            say("summary", "course.summary", "请填写课程简介，学员会在门户上看到。");
        }
        faults.extend(version_faults(&self.syllabus, self.hours));
        faults
    }
}

/// What is wrong with a version.
#[must_use]
pub fn version_faults(syllabus: &str, hours: Hours) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if syllabus.trim().is_empty() {
        faults.push(FieldError::new("syllabus", "course.syllabus", "请填写教学大纲。"));
    }
    if hours <= Hours::ZERO || hours > MOST_HOURS {
        let sentence = format!("标准学时应大于 0，不超过 {MOST_HOURS}。");
        faults.push(FieldError::new("hours", "course.hours", sentence));
    }
    faults
}

#[cfg(test)]
mod tests {
    use kernel::Code;

    use super::*;

    #[test]
    fn r39_only_public_subjects_have_a_compulsory_part() {
        assert!(may_be_compulsory(Subject::Public).is_ok());
        assert!(may_be_compulsory(Subject::Professional).is_err());
    }

    fn draft(subject: Subject) -> CourseDraft {
        CourseDraft {
            title: "数据治理".into(),
            subject,
            form: ActivityForm::ALL[0],
            field: None,
            direction: None,
            summary: "数据资产与治理方法。".into(),
            syllabus: "一、数据资产；二、数据质量。".into(),
            hours: Hours::whole(16),
        }
    }

    #[test]
    fn each_subject_asks_for_its_own_classification() {
        let fields = |d: &CourseDraft| d.faults().iter().map(|f| f.field.to_string()).collect::<Vec<_>>();
        assert_eq!(fields(&draft(Subject::Professional)), ["field"]);
        assert_eq!(fields(&draft(Subject::Public)), ["direction"]);
        let whole = CourseDraft {
            field: Some("ai".into()),
            ..draft(Subject::Professional)
        };
        assert!(whole.faults().is_empty());
    }

    #[test]
    fn an_ended_course_offers_nothing() {
        assert!(CourseStatus::Active.offers().is_ok());
        let ended = CourseStatus::Active.end().expect("an active course can end");
        assert!(ended.offers().is_err() && ended.end().is_err());
    }
}
