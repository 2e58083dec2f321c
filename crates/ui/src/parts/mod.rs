//! The pieces that pages are made of, apart from forms, tables and charts.
//! Each is plain data with a template; each escapes its own words and can stand in a page as `{{ piece }}`.

mod case;
mod code_screen;
mod facts;
mod notes;
mod outcome;
mod portal;
mod steps;
mod tasks;

pub use case::{Timeline, TimelineEvent};
pub use code_screen::CodeScreen;
pub use facts::{Cards, Fact, Figure, Figures, Progress, Summary};
pub use notes::{Actions, Alert, Badge, Details, Live, Receipt, Tags};
pub use outcome::{Empty, Outcome, OutcomeKind};
pub use portal::{Entries, Entry, Hero, Notice, Notices, SectionHead, Verdict, Way, Ways};
pub use steps::{Step, Steps, Tab, Tabs};
pub use tasks::{JobProgress, Task, TaskList};

/// Makes a struct with an askama template of this crate usable in every page without `|safe`.
macro_rules! rendered {
    ($($name:ident),+) => { $(
        impl askama::filters::HtmlSafe for $name {}

        impl From<$name> for crate::html::Html {
            fn from(part: $name) -> Self {
                Self::of(&part)
            }
        }
    )+ };
}
pub(crate) use rendered;
