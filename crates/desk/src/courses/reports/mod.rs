//! Reports of providers: rosters and completions by file, classes that ran elsewhere, late reports.
//!
//! `file` (upload, progress, result), `list`, `filed` (a filing), `late` (requests and decisions).

mod file;
mod filed;
mod late;
mod list;

use learning::courses::reporting::{ReportKind, ReportState, ReportingWindow};
use registry::taxonomy::deadline_sentence;
use ui::State;
use web::Routes;

/// The pages.
pub(super) fn routes() -> Routes {
    list::routes()
        .and(file::routes())
        .and(filed::routes())
        .and(late::routes())
}

fn state(state: ReportState) -> State {
    match state {
        ReportState::Waiting | ReportState::Committing => State::Running,
        ReportState::Checked => State::AwaitingReview,
        ReportState::Done => State::Done,
        ReportState::Failed => State::Broken,
        ReportState::Cancelled => State::Cancelled,
    }
}

const fn template(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Roster => "/desk/reports/roster.xlsx",
        ReportKind::Completions => "/desk/reports/completions.xlsx",
    }
}

/// The window of a class in words.
pub(super) fn window_words(window: &ReportingWindow, today: kernel::Date) -> String {
    let Some(closes) = window.closes else {
        return "没有设定期限".to_owned();
    };
    let until = deadline_sentence(closes);
    match window.reopened {
        _ if !closes.has_passed(today) => until,
        Some(day) if today <= day => format!("{until}；经批准延至 {day}"),
        _ if window.pending => format!("已于 {until} 截止；逾期报送申请正在审批"),
        _ => format!("已于 {until} 截止"),
    }
}
