//! Late reports: a provider asks with a reason, a supervising body decides with a reason, the window opens until a day.
//!
//! ```text
//! requested ──grant (until)──► granted
//!     └─────refuse───────────► refused
//! ```
//! The district's and, if the provider has one, the department's staff get a task; whoever of them or of the lead
//! decides first ends it. The provider gets a message. Rules: R-55, R-56.
//! Deliberately absent: withdrawing a request (it can be refused).

use kernel::{Code as _, Date, Id, OrgId, Place, Result, Role, Time, id::ClassId};
use registry::notices::{self, NewMessage};
use registry::tasks::{self, NewTask};
use registry::{Ctx, Listed, Subject, Window};
use rules::courses::reporting as decide;
pub use rules::courses::reporting::{LateCode, LateState};
use rules::permits::Act;
use rules::said;
use serde_json::json;

use super::super::store::{class as class_store, late as store};
use super::window_in;

/// Marker of late reports.
#[derive(Debug, Clone, Copy)]
pub enum LateRow {}
/// The id of a late report.
pub type LateId = Id<LateRow>;

/// A request to report late.
#[derive(Debug, Clone)]
pub struct LateReport {
    /// Its id.
    pub id: LateId,
    /// Of which class.
    pub class: ClassId,
    /// Title of the class.
    pub title: String,
    /// Number of the class.
    pub number: String,
    /// Why it is late.
    pub reason: String,
    /// Where it stands.
    pub state: LateState,
    /// Who asked, as the trail writes it.
    pub requested_by: String,
    /// When.
    pub requested_at: Time,
    /// Who runs the class.
    pub provider: OrgId,
    /// The provider's name.
    pub provider_name: String,
    /// The provider's district.
    pub district: Option<String>,
    /// The provider's department.
    pub department: Option<String>,
    /// For the optimistic change.
    pub version: i64,
}

impl LateReport {
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

    fn subject(&self) -> Subject {
        Subject::new("late_report", self.id.get(), self.place())
    }

    fn cause(&self, role: Role) -> String {
        format!("late_report:{}:{}", self.id, role.code())
    }
}

/// What a list of late reports asks for.
#[derive(Debug, Clone, Default)]
pub struct LateFilter {
    /// State.
    pub state: Option<LateCode>,
    /// One class.
    pub class: Option<ClassId>,
}

/// Asks to report a class whose window has closed.
///
/// # Errors
/// `late.needless`, `late.pending`, Wrong at `reason`; Forbidden, NotFound.
pub async fn request(ctx: &Ctx, class: ClassId, reason: &str) -> Result<LateId> {
    let mut tx = ctx.db.write().await?;
    let class = class_store::lock(&mut tx, class).await?;
    ctx.may(Act::RequestLateReport, &class.place())?;
    let window = window_in(&mut tx, class.id).await?;
    decide::may_request((window.closes, window.reopened), window.pending, reason, ctx.today())?;
    let late = LateReport {
        id: tx.mint(),
        class: class.id,
        title: class.plan.title.clone(),
        number: class.number.clone().unwrap_or_default(),
        reason: reason.trim().to_owned(),
        state: LateState::Requested,
        requested_by: ctx.actor.label.clone(),
        requested_at: ctx.now(),
        provider: class.provider,
        provider_name: class.provider_name.clone(),
        district: class.district.clone(),
        department: class.department.clone(),
        version: 1,
    };
    store::insert(&mut tx, &late).await?;
    for (role, place) in deciders(&late) {
        let task = NewTask {
            kind: "late_report.decide",
            title: format!("审批逾期报送：{}，{}", late.provider_name, late.title),
            href: format!("/desk/late-reports/{}", late.id),
            role,
            place,
            cause: late.cause(role),
            due: None,
        };
        tasks::ask(ctx, &mut tx, task).await?;
    }
    let told = json!({ "class": late.class, "closed": window.closes.map(|closes| closes.date().to_string()) });
    ctx.audit_because(
        &mut tx,
        "request_late_report",
        late.subject(),
        (json!(null), told),
        Some(&late.reason),
    )
    .await?;
    tx.commit().await?;
    Ok(late.id)
}

/// Who is asked: the district, the department, and the lead where a provider has neither.
fn deciders(late: &LateReport) -> Vec<(Role, Place)> {
    let district = late.district.clone().map(|code| {
        let place = Place {
            district: Some(code),
            ..Place::default()
        };
        (Role::District, place)
    });
    let department = late.department.clone().map(|code| {
        let place = Place {
            department: Some(code),
            ..Place::default()
        };
        (Role::Department, place)
    });
    let asked: Vec<_> = district.into_iter().chain(department).collect();
    if asked.is_empty() {
        return vec![(Role::Lead, Place::default())];
    }
    asked
}

/// Opens the window again until the end of a day.
///
/// # Errors
/// `late.decided`, Wrong at `until` or `reason`, Stale; Forbidden, NotFound.
pub async fn grant(ctx: &Ctx, id: LateId, until: Date, reason: &str) -> Result<()> {
    decide_with(ctx, id, |late| {
        late.state.clone().grant(until, reason, (&ctx.actor.label, ctx.now()))
    })
    .await
}

/// Leaves it closed.
///
/// # Errors
/// `late.decided`, Wrong at `reason`, Stale; Forbidden, NotFound.
pub async fn refuse(ctx: &Ctx, id: LateId, reason: &str) -> Result<()> {
    decide_with(ctx, id, |late| {
        late.state.clone().refuse(reason, (&ctx.actor.label, ctx.now()))
    })
    .await
}

async fn decide_with(ctx: &Ctx, id: LateId, decision: impl Fn(&LateReport) -> Result<LateState> + Send) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let late = store::load(&mut tx, id).await?;
    ctx.may(Act::DecideLateReport, &late.place())?;
    let to = decision(&late)?;
    store::decide(&mut tx, id, late.version, &to).await?;
    for role in [Role::District, Role::Department, Role::Lead] {
        tasks::done(ctx, &mut tx, &late.cause(role)).await?;
    }
    let (words, reason) = match &to {
        LateState::Granted { until, reason, .. } => (format!("已同意，请在 {} 前报送", said::day(*until)), reason),
        LateState::Refused { reason, .. } => ("没有同意，报送期限维持截止".to_owned(), reason),
        LateState::Requested => return Err(kernel::Error::broken("a decision decides")),
    };
    let message = NewMessage {
        role: Some(Role::Provider),
        place: Place {
            org: Some(late.provider),
            ..Place::default()
        },
        title: format!("逾期报送{}：{}", to.code().name(), late.title),
        body: format!("“{}”的逾期报送申请{words}。理由：{reason}", late.title),
        href: format!("/desk/late-reports/{id}"),
        cause: format!("late_report:{id}:decided"),
    };
    notices::send(ctx, &mut tx, &message).await?;
    let change = (
        json!({ "state": late.state.code() }),
        json!({ "state": to.code(), "answer": words }),
    );
    ctx.audit_because(&mut tx, "decide_late_report", late.subject(), change, Some(reason))
        .await?;
    tx.commit().await
}

/// One late report.
///
/// # Errors
/// `NotFound` when it is out of sight.
pub async fn view(ctx: &Ctx, id: LateId) -> Result<LateReport> {
    let mut tx = ctx.db.read().await?;
    let late = store::load(&mut tx, id).await?;
    ctx.may(Act::ListReports, &late.place())?;
    Ok(late)
}

/// The late reports in sight, the latest first.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &LateFilter, window: &Window) -> Result<Listed<LateReport>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListReports), filter, window).await
}
