//! How a question is asked: the kinds of fields, the choices they offer, the room they give.

/// One thing to choose.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: String,
    /// Heading under which it stands in a select; empty for none.
    pub group: String,
    /// Why it cannot be chosen now.
    pub missing: Option<String>,
}

impl Choice {
    pub fn new(value: &str, label: &str) -> Self {
        Self {
            value: value.to_owned(),
            label: label.to_owned(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    #[must_use]
    pub fn group(mut self, group: &str) -> Self {
        group.clone_into(&mut self.group);
        self
    }

    #[must_use]
    pub fn missing(mut self, reason: &str) -> Self {
        self.missing = Some(reason.to_owned());
        self
    }
}

/// How a field is answered.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `type` of the input: text, tel, email, search, time, month, date, datetime-local.
    Input {
        kind: &'static str,
        min: String,
        max: String,
    },
    Number {
        min: Option<i64>,
        max: Option<i64>,
        step: &'static str,
        unit: String,
    },
    Select {
        choices: Vec<Choice>,
        empty: String,
    },
    Radios {
        choices: Vec<Choice>,
        inline: bool,
    },
    Checkboxes {
        choices: Vec<Choice>,
    },
    /// A single box to tick; its value is `1`.
    Tick,
    Textarea {
        rows: u32,
    },
    File {
        accept: String,
    },
    /// With a button that shows what is typed.
    Password {
        new: bool,
    },
    Hidden,
    /// Shown, not asked.
    Fixed,
}

/// How wide the box is: it tells how much is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Four digits.
    Tiny,
    /// A date, a code, a number.
    Short,
    /// A name, an identity number.
    Medium,
    #[default]
    Full,
}
