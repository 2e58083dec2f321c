//! Results of a class on one form, and its completion with a page that says beforehand what will happen.

use askama::Template;
use kernel::{Code, id::ClassRow};
use learning::courses::{self, NewResult, ResultSheet};
use registry::taxonomy::deadline_sentence;
use rules::courses::{EnrolmentState, Outcome, enrolment};
use rules::permits::{self, Act};
use ui::{Action, Alert, Cell, Html, Page, Summary, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform};

/// The pages.
pub(super) fn routes() -> Routes {
    let complete = Gate::Act(Act::CompleteClass);
    Routes::new()
        .get(
            "/desk/classes/{id}/results",
            Gate::Act(Act::ListClasses),
            "班次结果",
            show,
        )
        .post(
            "/desk/classes/{id}/results",
            Gate::Act(Act::RecordResult),
            "保存班次结果",
            save,
        )
        .get("/desk/classes/{id}/complete", complete, "办理结业", ask)
        .post("/desk/classes/{id}/complete", complete, "确认结业", finish)
}

#[derive(Template)]
#[template(path = "courses/results.html")]
struct ResultsPage {
    page: Page,
    action: String,
    lines: Vec<Line>,
    outcomes: &'static [Outcome],
    errors: Vec<(String, String)>,
    open: bool,
    why: String,
}

struct Line {
    id: String,
    name: String,
    org_name: String,
    attendance: String,
    enough: bool,
    outcome: String,
    score: String,
    verdict: String,
    version: String,
}

impl Line {
    fn is(&self, outcome: &Outcome) -> bool {
        self.outcome == outcome.code()
    }

    fn outcome_name(&self) -> &'static str {
        Outcome::from_code(&self.outcome).map_or("未录入", Outcome::name)
    }
}

/// The lines of the sheet, with what was typed in place of what is stored if a form was refused.
fn lines(sheet: &ResultSheet, typed: Option<&Fields>) -> Vec<Line> {
    let line = |line: &courses::ResultLine| {
        let id = line.enrolment.to_string();
        let stored = line.result.as_ref();
        let sent = |prefix: &str| typed.map(|fields| fields.get(&format!("{prefix}-{id}")).to_owned());
        Line {
            name: line.name.clone(),
            org_name: line.org_name.clone(),
            attendance: format!("{} / {}", line.attended.sessions, sheet.sessions),
            enough: line.enough,
            outcome: sent("r").unwrap_or_else(|| stored.map(|r| r.outcome.code().to_owned()).unwrap_or_default()),
            score: sent("s").unwrap_or_else(|| stored.and_then(|r| r.score).map(|s| s.to_string()).unwrap_or_default()),
            verdict: match &line.state {
                EnrolmentState::Completed { .. } => "已结业".to_owned(),
                EnrolmentState::Failed { reason, .. } => format!("未结业：{reason}"),
                EnrolmentState::Absent { .. } => "未参加".to_owned(),
                _ => String::new(),
            },
            version: sent("v")
                .filter(|v| !v.is_empty())
                .unwrap_or_else(|| line.version.to_string()),
            id,
        }
    };
    sheet.lines.iter().map(line).collect()
}

fn sheet_page(caller: &Caller, sheet: &ResultSheet, typed: Option<&Fields>, errors: Vec<(String, String)>) -> Reply {
    let class = &sheet.class;
    let id = class.id;
    let missing = sheet.lines.iter().filter(|line| line.result.is_none()).count();
    let lead = match (sheet.lines.len(), missing) {
        (0, _) => "没有学员。".to_owned(),
        (all, 0) => format!(
            "{all} 人的结果都已录入。出勤达到 {} 且合格的学员可以结业。",
            sheet.share
        ),
        (all, some) => format!(
            "{all} 人中还有 {some} 人没有录入结果。出勤达到 {} 且合格的学员可以结业。",
            sheet.share
        ),
    };
    let (open, why) = is_open(caller, sheet);
    let page = caller
        .page("录入结果")
        .crumb("班次", "/desk/classes")
        .crumb(&class.plan.title, &format!("/desk/classes/{id}"))
        .lead(&lead)
        .failed(!errors.is_empty());
    let action = format!("/desk/classes/{id}/results");
    web::html(&ResultsPage {
        page,
        action,
        lines: lines(sheet, typed),
        outcomes: Outcome::ALL,
        errors,
        open,
        why,
    })
}

fn is_open(caller: &Caller, sheet: &ResultSheet) -> (bool, String) {
    let ctx = caller.ctx();
    if permits::may(&ctx.actor, Act::RecordResult, &sheet.class.place()).is_err() {
        return (false, String::new());
    }
    let last = sheet.class.ends_at.unwrap_or_default().plus_seconds(-1).date();
    match sheet.class.state.record(kernel::Time::start_of(last), ctx.now()) {
        Err(kernel::Error::Refused { sentence, .. }) => (false, sentence),
        _ => (true, String::new()),
    }
}

async fn show(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let sheet = courses::result_sheet(caller.ctx(), id).await?;
    sheet_page(&caller, &sheet, None, Vec::new())
}

/// Results as sent: `r-ENROLMENT` the result, `s-…` the points, `v-…` the version; `all` passes everybody without one.
fn read(fields: &Fields) -> kernel::Result<Vec<NewResult>> {
    let everybody = fields.get("all") == "passed";
    let (mut results, mut faults) = (Vec::new(), Vec::new());
    for (name, value) in fields.pairs() {
        let Some(id) = name.strip_prefix("v-") else { continue };
        let field = format!("s-{id}");
        let chosen = Outcome::from_code(fields.get(&format!("r-{id}"))).or(everybody.then_some(Outcome::Passed));
        let score = match enrolment::score(fields.get(&field), &field) {
            Ok(score) => score,
            Err(kernel::Error::Wrong(found)) => {
                faults.extend(found);
                continue;
            }
            Err(other) => return Err(other),
        };
        let Some(outcome) = chosen else { continue };
        let enrolment = id.parse().map_err(|_| kernel::Error::Stale)?;
        let version = value.trim().parse().map_err(|_| kernel::Error::Stale)?;
        results.push(NewResult {
            enrolment,
            version,
            outcome,
            score,
        });
    }
    if faults.is_empty() {
        Ok(results)
    } else {
        Err(kernel::Error::Wrong(faults))
    }
}

async fn save(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let result = async { courses::record_results(caller.ctx(), id, &read(&fields)?).await }.await;
    match result {
        Ok(0) => redirect_saying(&caller, &format!("/desk/classes/{id}/results"), "没有改动。"),
        Ok(changed) => redirect_saying(
            &caller,
            &format!("/desk/classes/{id}/results"),
            &format!("已保存 {changed} 人的结果。"),
        ),
        Err(error) => {
            let sheet = courses::result_sheet(caller.ctx(), id).await?;
            reform(error, |errors| sheet_page(&caller, &sheet, Some(&fields), errors))
        }
    }
}

async fn ask(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = courses::view(caller.ctx(), id).await?;
    let ready = courses::readiness(caller.ctx(), &view).await?;
    let deed = Action::post(
        "确认结业并记入学时",
        &format!("/desk/classes/{id}/complete"),
        caller.csrf(),
    );
    let (passed, failed, absent) = ready.outlook;
    let (lead, deed) = if ready.missing.is_empty() {
        (
            format!(
                "{passed} 人将结业，每人记入 {} 学时；{failed} 人未结业，{absent} 人未参加。",
                ready.hours
            ),
            deed,
        )
    } else {
        let why = ready.missing.join("；");
        (format!("还不能办理：{why}。"), deed.missing(&why))
    };
    let page = caller
        .page("办理结业")
        .crumb("班次", "/desk/classes")
        .crumb(&view.class.plan.title, &format!("/desk/classes/{id}"))
        .lead(&lead)
        .action(deed)
        .other(Action::link("返回班次", &format!("/desk/classes/{id}")));
    let facts = Summary::new()
        .fact("每人计入学时", Cell::Hours(ready.hours.get()))
        .why(&ready.basis)
        .fact("科目", Cell::text(view.class.subject.name()))
        .fact("学时年度", Cell::text(format!("{} 年", view.class.plan.year)))
        .fact(
            "录入期限",
            Cell::text(ready.due.map(deadline_sentence).unwrap_or_default()),
        );
    let note = Alert::new(Tone::Warn, "结业后不能再改")
        .text("考勤和结果随之锁定，学时记入每位学员的年度学时，证书自动出具。确有错误，由市级牵头部门冲正。");
    web::page(page, Html::of(&facts).and(&note))
}

async fn finish(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let done = courses::complete(caller.ctx(), id).await?;
    let said = format!(
        "已结业：{} 人合格，每人记入 {} 学时；{} 人未结业，{} 人未参加。证书正在出具。",
        done.passed, done.hours, done.failed, done.absent
    );
    redirect_saying(&caller, &format!("/desk/classes/{id}"), &said)
}
