//! Columns and rows as plain data: one model for the page, the print and the export.

use super::cell::Cell;

/// How figures and words stand in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Start,
    /// Right, with figures of one width: numbers, hours, money.
    End,
    Centre,
}

/// How wide a column wants to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Space {
    #[default]
    Free,
    /// As narrow as its content, never broken.
    Tight,
    /// The main text of the row.
    Wide,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Also the value of `sort` in the address.
    pub key: String,
    pub title: String,
    pub align: Align,
    pub space: Space,
    pub sortable: bool,
    pub hide_on_phone: bool,
    /// A unit under the title: `学时`, `元`.
    pub unit: String,
}

impl Column {
    pub fn new(key: &str, title: &str) -> Self {
        Self {
            key: key.to_owned(),
            title: title.to_owned(),
            align: Align::Start,
            space: Space::Free,
            sortable: false,
            hide_on_phone: false,
            unit: String::new(),
        }
    }

    /// Right-aligned figures.
    pub fn number(key: &str, title: &str) -> Self {
        Self {
            align: Align::End,
            space: Space::Tight,
            ..Self::new(key, title)
        }
    }

    /// What the row is about: wide, and the heading of its card on phones when it comes first.
    pub fn main(key: &str, title: &str) -> Self {
        Self {
            space: Space::Wide,
            ..Self::new(key, title)
        }
    }

    /// As narrow as its content: states, dates, codes, actions.
    pub fn tight(key: &str, title: &str) -> Self {
        Self {
            space: Space::Tight,
            ..Self::new(key, title)
        }
    }

    /// The acts of a row, at its end; left out of prints.
    pub fn actions() -> Self {
        Self::tight("actions", "操作")
    }

    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    #[must_use]
    pub fn hide_on_phone(mut self) -> Self {
        self.hide_on_phone = true;
        self
    }

    #[must_use]
    pub fn unit(mut self, unit: &str) -> Self {
        unit.clone_into(&mut self.unit);
        self
    }

    pub(super) fn class(&self) -> String {
        let align = match self.align {
            Align::Start => "",
            Align::End => "num",
            Align::Centre => "mid",
        };
        let space = match self.space {
            Space::Free => "",
            Space::Tight => "tight",
            Space::Wide => "wide",
        };
        let phone = if self.hide_on_phone { "no-phone" } else { "" };
        let acts = if self.key == "actions" { "acts" } else { "" };
        [align, space, phone, acts]
            .into_iter()
            .filter(|c| !c.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub cells: Vec<Cell>,
    /// What a bulk action sends for this row; without it the row cannot be ticked.
    pub id: Option<String>,
    /// The row wants attention.
    pub marked: bool,
}

impl Row {
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self {
            cells: cells.into_iter().collect(),
            id: None,
            marked: false,
        }
    }

    #[must_use]
    pub fn id(mut self, id: impl ToString) -> Self {
        self.id = Some(id.to_string());
        self
    }

    #[must_use]
    pub fn marked(mut self, marked: bool) -> Self {
        self.marked = marked;
        self
    }
}

/// Columns and rows.
#[derive(Clone, Debug, Default)]
pub struct TableModel {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// A last row of sums.
    pub total: Option<Row>,
}

impl TableModel {
    pub fn new(columns: impl IntoIterator<Item = Column>, rows: impl IntoIterator<Item = Row>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            rows: rows.into_iter().collect(),
            total: None,
        }
    }

    #[must_use]
    pub fn total(mut self, row: Row) -> Self {
        self.total = Some(row);
        self
    }
}
