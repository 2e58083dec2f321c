//! 待办 and long work: what waits for me, and how far a job is.

use askama::Template;

use super::rendered;
use crate::format;
use crate::labels::State;
use crate::page::Action;

/// One kind of thing that waits.
#[derive(Clone, Debug, Default)]
pub struct Task {
    pub title: String,
    pub href: String,
    pub count: u64,
    /// `最早 2026年3月19日到期`.
    pub due: String,
    pub state: Option<State>,
}

impl Task {
    pub fn new(title: &str, href: &str, count: u64) -> Self {
        Self {
            title: title.to_owned(),
            href: href.to_owned(),
            count,
            ..Self::default()
        }
    }

    #[must_use]
    pub fn due(mut self, due: &str) -> Self {
        due.clone_into(&mut self.due);
        self
    }

    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }
}

/// What waits for me.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/tasks.html")]
pub struct TaskList {
    pub title: String,
    pub tasks: Vec<Task>,
    /// Said when nothing waits.
    pub none: String,
}

impl TaskList {
    pub fn new(tasks: impl IntoIterator<Item = Task>) -> Self {
        Self {
            title: "待办".to_owned(),
            tasks: tasks.into_iter().collect(),
            none: "目前没有需要您办理的事项。".to_owned(),
        }
    }

    /// Another heading than 待办.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }
}

/// How far a job is. While it runs the piece asks for itself again every second at `address`, which
/// answers with the same piece (`JobProgress` alone); without JavaScript a link refreshes the page.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/job.html")]
pub struct JobProgress {
    pub title: String,
    pub state: State,
    pub done: u64,
    /// 0 while not known.
    pub total: u64,
    pub elapsed_seconds: u64,
    pub left_seconds: Option<u64>,
    /// Answers this piece.
    pub address: String,
    /// The page on which it stands.
    pub page: String,
    pub cancel: Option<Action>,
    /// What came of it, when over.
    pub result: Option<Action>,
    pub message: String,
}

impl JobProgress {
    fn percent(&self) -> u64 {
        match self.total {
            0 => 0,
            total => self.done.min(total).saturating_mul(100) / total,
        }
    }

    fn over(&self) -> bool {
        !matches!(self.state, State::Queued | State::Running)
    }

    fn counted(&self) -> String {
        let done = format::number(self.done.cast_signed());
        match self.total {
            0 => format!("已处理 {done}"),
            total => format!("已处理 {done} / {}", format::number(total.cast_signed())),
        }
    }

    fn elapsed(&self) -> String {
        format::duration(self.elapsed_seconds)
    }

    fn left(&self) -> Option<String> {
        self.left_seconds.map(format::duration)
    }
}

rendered!(TaskList, JobProgress);
