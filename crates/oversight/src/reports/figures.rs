//! The shapes of prepared figures, as they are kept and as pages read them.
//!
//! A 人次 is one unreversed entry of the ledger; people are counted once each, records that were merged as one.
//! Hours are in hundredths, money in 分. An empty code means that the entry does not say.
//! Deliberately absent: words; pages turn codes into terms.

use kernel::Time;
use serde::{Deserialize, Serialize};

/// One year of the programme.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearFigure {
    /// The year of the hours.
    pub year: i32,
    /// 人次.
    pub activities: i64,
    /// Distinct people.
    pub people: i64,
    /// 学时 in hundredths.
    pub hours: i64,
}

/// 人次 and hours of one code of a vocabulary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The code; empty where the entries do not say.
    pub code: String,
    /// 人次.
    pub activities: i64,
    /// 学时 in hundredths.
    pub hours: i64,
}

/// One district over the years.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistrictFigure {
    /// Its code.
    pub code: String,
    /// 人次 of all years.
    pub activities: i64,
    /// Distinct people of all years.
    pub people: i64,
    /// 人次 by year, from the programme's first.
    pub years: Vec<i64>,
}

/// How many people stand where in the running year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standings {
    /// People on the roster.
    pub people: i64,
    /// 已达标.
    pub reached: i64,
    /// 有风险; 未达标 once the year is over.
    pub behind: i64,
}

impl Standings {
    /// Together with another group.
    pub fn add(&mut self, other: &Self) {
        self.people += other.people;
        self.reached += other.reached;
        self.behind += other.behind;
    }
}

/// The standings of one group of people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingCell {
    /// District of the employer.
    pub district: String,
    /// Industry department of the employer.
    pub department: String,
    /// Title level.
    pub level: String,
    /// How many.
    pub standings: Standings,
}

/// Courses of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseCount {
    /// 公需 or 专业.
    pub subject: String,
    /// Focus field.
    pub field: String,
    /// Industry department of the provider.
    pub department: String,
    /// Direction of a public subject.
    pub direction: String,
    /// How many.
    pub count: i64,
}

/// Published classes of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassCount {
    /// How it is taught.
    pub delivery: String,
    /// 公需 or 专业.
    pub subject: String,
    /// Focus field.
    pub field: String,
    /// Key area.
    pub key_area: String,
    /// How many.
    pub count: i64,
    /// Of them open for enrolment.
    pub open: i64,
}

/// What exists besides the hours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// People on the roster, merged records once.
    pub people: i64,
    /// Organisations that take part, by kind.
    pub orgs: Vec<(String, i64)>,
    /// Of them providers.
    pub providers: i64,
    /// Of them employers.
    pub employers: i64,
    /// Of them bases.
    pub bases: i64,
    /// Of them 龙头企业.
    pub leading: i64,
    /// Organisations in key areas.
    pub org_areas: Vec<(String, i64)>,
    /// Courses offered.
    pub courses: Vec<CourseCount>,
    /// Versions of courses.
    pub course_versions: i64,
    /// Classes ever published and not cancelled.
    pub classes: Vec<ClassCount>,
    /// Classes open for enrolment now.
    pub open: i64,
    /// Classes being taught now.
    pub teaching: i64,
    /// Classes taught that wait for results.
    pub awaiting: i64,
    /// Classes completed.
    pub completed: i64,
    /// Classes with seats reserved for front-line staff.
    pub reserved: i64,
    /// Classes with conditions of title level.
    pub by_title: i64,
    /// Certificates that are valid.
    pub certificates: i64,
    /// Statements that are valid.
    pub statements: i64,
    /// Public verifications made.
    pub verifications: i64,
    /// Public notices by kind.
    pub notices: Vec<(String, i64)>,
    /// Reversals in the ledger.
    pub reversals: i64,
    /// Calls that were published.
    #[serde(default)]
    pub calls: i64,
    /// Of them open now.
    #[serde(default)]
    pub calls_open: i64,
    /// Of them with a plan under public notice.
    #[serde(default)]
    pub calls_noticed: i64,
    /// Of them with a published plan.
    #[serde(default)]
    pub plans: i64,
    /// Of them calls of departments and districts.
    #[serde(default)]
    pub calls_below: i64,
    /// Adopted topics.
    #[serde(default)]
    pub topics: i64,
    /// Declarations that were handed in.
    #[serde(default)]
    pub declarations: i64,
    /// Projects of published plans.
    #[serde(default)]
    pub projects: i64,
}

impl Inventory {
    /// Courses in all.
    #[must_use]
    pub fn all_courses(&self) -> i64 {
        self.courses.iter().map(|row| row.count).sum()
    }

    /// Courses for which `of` holds.
    #[must_use]
    pub fn courses_where(&self, of: impl Fn(&CourseCount) -> bool) -> i64 {
        self.courses.iter().filter(|row| of(row)).map(|row| row.count).sum()
    }

    /// Classes for which `of` holds.
    #[must_use]
    pub fn classes_where(&self, of: impl Fn(&ClassCount) -> bool) -> i64 {
        self.classes.iter().filter(|row| of(row)).map(|row| row.count).sum()
    }

    /// Organisations in all.
    #[must_use]
    pub fn all_orgs(&self) -> i64 {
        self.orgs.iter().map(|(_, count)| count).sum()
    }
}

/// The programme as a whole: what the public home page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// When the figures were taken; none while they are being prepared for the first time.
    pub as_of: Option<Time>,
    /// 人次 from the programme's first year on.
    pub activities: i64,
    /// Distinct people.
    pub people: i64,
    /// 学时 in hundredths.
    pub hours: i64,
    /// By year.
    pub years: Vec<YearFigure>,
    /// 人次 by month of the activity, `2026-03`, in order.
    pub months: Vec<(String, i64)>,
    /// By district.
    pub districts: Vec<DistrictFigure>,
    /// By industry department.
    pub departments: Vec<Share>,
    /// By subject.
    pub subjects: Vec<Share>,
    /// By form of activity.
    pub forms: Vec<Share>,
    /// By focus field of the class; entries older than the platform have none.
    pub fields: Vec<Share>,
    /// By key area of the class.
    pub key_areas: Vec<Share>,
    /// By way of teaching.
    pub deliveries: Vec<Share>,
    /// What exists.
    pub inventory: Inventory,
    /// The year of `standings`.
    pub year: i32,
    /// Where people stand this year, by place and title level.
    pub standings: Vec<StandingCell>,
}

impl Progress {
    /// The standings of all people for whom `of` holds.
    #[must_use]
    pub fn standings_where(&self, of: impl Fn(&StandingCell) -> bool) -> Standings {
        let mut sum = Standings::default();
        for cell in self.standings.iter().filter(|cell| of(cell)) {
            sum.add(&cell.standings);
        }
        sum
    }
}

/// 人次 and hours of one place in one month: year of the hours, month of the activity, district, department, subject,
/// form, 人次, hours.
pub(super) type Cell = (i32, String, String, String, String, String, i64, i64);

/// Distinct people: year (or all of them, see `heads`), district and department (`*` for all), people.
pub(super) type Heads = (i32, String, String, i64);

/// By title level: year, district, department, level, 人次, hours, people.
pub(super) type Level = (i32, String, String, String, i64, i64, i64);

/// By employer in one year: employer (0 for none), district, department, 人次, hours, people.
pub(super) type Employer = (i64, String, String, i64, i64, i64);

/// By class: year, district, department, focus field, key area, delivery, source of money, 人次, hours, fees in 分.
pub(super) type Content = (i32, String, String, String, String, String, String, i64, i64, i64);
