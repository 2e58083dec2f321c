//! What a row of a roster is judged by, and the judge that the reading thread calls.

use std::{collections::HashMap, sync::Arc};

use kernel::Date;
use rules::people::roster::{Entry, Known, RowFault, judge};

use crate::{
    Ctx,
    people::uploaded::{Judge, raw},
    taxonomy::{Names, Vocabulary},
};

/// A row's verdict by itself.
pub(super) type Verdict = std::result::Result<Entry, Vec<RowFault>>;
/// A row as it was judged.
pub(super) type Judged = (u32, Verdict);

/// Names turned around, so that a row costs a look-up and not a search.
pub(super) struct Terms {
    today: Date,
    demo: bool,
    series: HashMap<String, String>,
    fields: HashMap<String, String>,
}

impl Terms {
    pub(super) fn new(ctx: &Ctx, names: &Names) -> Self {
        let turned = |vocabulary| {
            names
                .all(vocabulary)
                .map(|(code, name)| (name.to_owned(), code.to_owned()))
                .collect()
        };
        Self {
            today: ctx.today(),
            demo: ctx.installation.demo,
            series: turned(Vocabulary::TitleSeries),
            fields: turned(Vocabulary::FocusField),
        }
    }

    /// The judge of the rows of one file.
    pub(super) fn judge(self) -> Judge<Verdict> {
        Arc::new(move |mapping, row| judge(|key| raw(mapping, row, key, &["from_day"]), &self))
    }
}

impl Known for Terms {
    fn today(&self) -> Date {
        self.today
    }
    fn demo(&self) -> bool {
        self.demo
    }
    fn title_series(&self, name: &str) -> Option<String> {
        self.series.get(name).cloned()
    }
    fn field(&self, name: &str) -> Option<String> {
        self.fields.get(name).cloned()
    }
}
