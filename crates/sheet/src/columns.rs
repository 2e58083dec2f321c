//! What a table's columns are: one description for the template, the heading of an import and an export.
//! Deliberately absent: what may stand in a cell beyond a list of choices; that is the caller's rule.

/// One column. Build it with [`Column::new`] and the methods below.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// How code calls it.
    pub key: &'static str,
    /// How the heading calls it, without marks.
    pub title: String,
    /// Other titles that an import accepts.
    pub aliases: Vec<String>,
    pub required: bool,
    /// What to fill in, one or two sentences.
    pub note: String,
    /// The permitted values, offered as a drop-down.
    pub choices: Vec<String>,
    /// Width in characters of Latin script, as Excel counts; 0 lets the title decide.
    pub width: u16,
    /// An example for the instructions.
    pub sample: String,
    /// Whether Excel must not take the content for a number.
    pub text_format: bool,
}

impl Column {
    pub fn new(key: &'static str, title: impl Into<String>) -> Self {
        Column {
            key,
            title: title.into(),
            ..Column::default()
        }
    }

    pub fn alias(mut self, title: impl Into<String>) -> Self {
        self.aliases.push(title.into());
        self
    }

    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    pub fn choices<T: Into<String>>(mut self, choices: impl IntoIterator<Item = T>) -> Self {
        self.choices = choices.into_iter().map(Into::into).collect();
        self
    }

    pub fn width(mut self, characters: u16) -> Self {
        self.width = characters;
        self
    }

    pub fn sample(mut self, sample: impl Into<String>) -> Self {
        self.sample = sample.into();
        self
    }

    pub fn text(mut self) -> Self {
        self.text_format = true;
        self
    }

    /// The title with the mark of a required column.
    pub(crate) fn marked(&self) -> String {
        match self.required {
            true => format!("{}*", self.title),
            false => self.title.clone(),
        }
    }

    /// A Chinese character takes the room of two Latin ones; the arrow of the filter takes three.
    pub(crate) fn shown_width(&self) -> f64 {
        match self.width {
            0 => title_width(&self.marked()),
            w => f64::from(w.min(255)),
        }
    }
}

pub(crate) fn title_width(title: &str) -> f64 {
    let wide: usize = title.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    (wide + 3).clamp(8, 60) as f64
}
