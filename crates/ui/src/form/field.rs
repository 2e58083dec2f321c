//! One field of a form: label, hint, error, what was typed. The label is always visible; the hint says
//! what is expected before it is typed; the error says what to do.
//! Deliberately absent: placeholders that replace labels, and validation.

use askama::Template;
use askama::filters::HtmlSafe;

use super::kind::{Choice, Kind, Width};

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub kind: Kind,
    /// What stands in it; several only for checkboxes.
    pub values: Vec<String>,
    pub required: bool,
    pub error: Option<String>,
    pub autocomplete: &'static str,
    pub inputmode: &'static str,
    /// Most characters, 0 for no limit.
    pub max: u32,
    pub width: Width,
    pub autofocus: bool,
    /// What the browser can check at once: `identity` (GB 11643) or `credit` (GB 32100); the server decides.
    pub check: &'static str,
}

impl Field {
    fn new(name: &str, label: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            kind,
            values: Vec::new(),
            required: false,
            error: None,
            autocomplete: "",
            inputmode: "",
            max: 0,
            width: Width::Full,
            autofocus: false,
            check: "",
        }
    }

    fn input(name: &str, label: &str, kind: &'static str) -> Self {
        Self::new(
            name,
            label,
            Kind::Input {
                kind,
                min: String::new(),
                max: String::new(),
            },
        )
    }

    pub fn text(name: &str, label: &str) -> Self {
        Self::input(name, label, "text")
    }

    pub fn search(name: &str, label: &str) -> Self {
        Self::input(name, label, "search")
    }

    /// Sends `2026-03-05`.
    pub fn date(name: &str, label: &str) -> Self {
        Self::input(name, label, "date").width(Width::Short)
    }

    /// Sends `2026-03-05T09:00`.
    pub fn moment(name: &str, label: &str) -> Self {
        Self::input(name, label, "datetime-local").width(Width::Medium)
    }

    /// Sends `09:00`.
    pub fn time(name: &str, label: &str) -> Self {
        Self::input(name, label, "time").width(Width::Short)
    }

    pub fn email(name: &str, label: &str) -> Self {
        Self::input(name, label, "email")
            .autocomplete("email")
            .width(Width::Medium)
    }

    pub fn phone(name: &str, label: &str) -> Self {
        Self::input(name, label, "tel")
            .autocomplete("tel")
            .inputmode("tel")
            .width(Width::Short)
    }

    /// 居民身份证号码, check digit told while typing.
    pub fn identity(name: &str, label: &str) -> Self {
        Self {
            check: "identity",
            ..Self::text(name, label).max(18).width(Width::Medium)
        }
    }

    /// 统一社会信用代码, check digit told while typing.
    pub fn credit_code(name: &str, label: &str) -> Self {
        Self {
            check: "credit",
            ..Self::text(name, label).max(18).width(Width::Medium)
        }
    }

    /// A whole number with its unit behind the box (`人`); see `range` for bounds.
    pub fn number(name: &str, label: &str, unit: &str) -> Self {
        let kind = Kind::Number {
            min: Some(0),
            max: None,
            step: "1",
            unit: unit.to_owned(),
        };
        Self::new(name, label, kind).inputmode("numeric").width(Width::Tiny)
    }

    /// A number with up to two decimals: hours or 元.
    pub fn decimal(name: &str, label: &str, unit: &str) -> Self {
        let kind = Kind::Number {
            min: Some(0),
            max: None,
            step: "0.01",
            unit: unit.to_owned(),
        };
        Self::new(name, label, kind).inputmode("decimal").width(Width::Tiny)
    }

    /// A list; its first line is `请选择` unless `empty_choice` says otherwise.
    pub fn select(name: &str, label: &str, choices: impl IntoIterator<Item = Choice>) -> Self {
        let kind = Kind::Select {
            choices: choices.into_iter().collect(),
            empty: "请选择".to_owned(),
        };
        Self::new(name, label, kind).width(Width::Medium)
    }

    pub fn radios(name: &str, label: &str, choices: impl IntoIterator<Item = Choice>) -> Self {
        Self::new(
            name,
            label,
            Kind::Radios {
                choices: choices.into_iter().collect(),
                inline: false,
            },
        )
    }

    /// 是 or 否, sent as `1` or `0`.
    pub fn yes_no(name: &str, label: &str) -> Self {
        let choices = vec![Choice::new("1", "是"), Choice::new("0", "否")];
        Self::new(name, label, Kind::Radios { choices, inline: true })
    }

    pub fn checkboxes(name: &str, label: &str, choices: impl IntoIterator<Item = Choice>) -> Self {
        Self::new(
            name,
            label,
            Kind::Checkboxes {
                choices: choices.into_iter().collect(),
            },
        )
    }

    /// One box, sent as `1`.
    pub fn tick(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Tick)
    }

    pub fn textarea(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Textarea { rows: 4 })
    }

    /// A file; `accept` as in HTML: `.xlsx,.csv`. Takes drops.
    pub fn file(name: &str, label: &str, accept: &str) -> Self {
        Self::new(
            name,
            label,
            Kind::File {
                accept: accept.to_owned(),
            },
        )
    }

    /// The password of an account.
    pub fn password(name: &str, label: &str) -> Self {
        let field = Self::new(name, label, Kind::Password { new: false });
        field.autocomplete("current-password").width(Width::Medium)
    }

    /// A password being chosen.
    pub fn new_password(name: &str, label: &str) -> Self {
        let field = Self::new(name, label, Kind::Password { new: true });
        field.autocomplete("new-password").width(Width::Medium)
    }

    pub fn hidden(name: &str, value: &str) -> Self {
        Self::new(name, "", Kind::Hidden).value(value)
    }

    /// What is known and not asked.
    pub fn fixed(label: &str, value: &str) -> Self {
        Self::new("", label, Kind::Fixed).value(value)
    }

    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What stands in the field.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        let value = value.into();
        self.values = if value.is_empty() { Vec::new() } else { vec![value] };
        self
    }

    /// What is ticked.
    #[must_use]
    pub fn values(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.values = values.into_iter().map(Into::into).collect();
        self
    }

    #[must_use]
    pub fn error(mut self, message: &str) -> Self {
        self.error = Some(message.to_owned());
        self
    }

    /// Most characters.
    #[must_use]
    pub fn max(mut self, characters: u32) -> Self {
        self.max = characters;
        self
    }

    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }

    #[must_use]
    pub fn inputmode(mut self, mode: &'static str) -> Self {
        self.inputmode = mode;
        self
    }

    #[must_use]
    pub fn autofocus(mut self) -> Self {
        self.autofocus = true;
        self
    }

    /// Bounds of a number.
    #[must_use]
    pub fn range(mut self, lowest: i64, highest: i64) -> Self {
        if let Kind::Number { min, max, .. } = &mut self.kind {
            (*min, *max) = (Some(lowest), Some(highest));
        }
        self
    }

    /// Bounds of a date or time, in the form it is sent.
    #[must_use]
    pub fn between(mut self, first: &str, last: &str) -> Self {
        if let Kind::Input { min, max, .. } = &mut self.kind {
            (*min, *max) = (first.to_owned(), last.to_owned());
        }
        self
    }

    /// Lines of a textarea.
    #[must_use]
    pub fn rows(mut self, lines: u32) -> Self {
        if let Kind::Textarea { rows } = &mut self.kind {
            *rows = lines;
        }
        self
    }

    /// The first line of a select, for example `全部`.
    #[must_use]
    pub fn empty_choice(mut self, label: &str) -> Self {
        if let Kind::Select { empty, .. } = &mut self.kind {
            label.clone_into(empty);
        }
        self
    }

    /// Radios side by side.
    #[must_use]
    pub fn inline(mut self) -> Self {
        if let Kind::Radios { inline, .. } = &mut self.kind {
            *inline = true;
        }
        self
    }

    /// Takes typed values, except where keeping them would be wrong.
    pub(super) fn fill(&mut self, values: &[&str]) {
        if matches!(self.kind, Kind::Password { .. } | Kind::File { .. } | Kind::Fixed) {
            return;
        }
        // A hidden field is the page's own: it keeps its value unless one comes back with the form.
        if values.is_empty() && matches!(self.kind, Kind::Hidden) {
            return;
        }
        self.values = values
            .iter()
            .filter(|v| !v.is_empty())
            .map(|v| (*v).to_owned())
            .collect();
    }

    /// The id of its first control.
    pub fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    fn first(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    fn has(&self, value: &str) -> bool {
        self.values.iter().any(|v| v == value)
    }

    fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id()));
        let error = self.error.is_some().then(|| format!("{}-error", self.id()));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }

    fn width_class(&self) -> &'static str {
        match self.width {
            Width::Tiny => "w-tiny",
            Width::Short => "w-short",
            Width::Medium => "w-medium",
            Width::Full => "w-full",
        }
    }

    fn choice_id(&self, index: &usize) -> String {
        if *index == 0 {
            self.id()
        } else {
            format!("{}-{index}", self.id())
        }
    }

    /// Choices of a select in their groups, in order of first appearance.
    fn groups<'a>(&self, choices: &'a [Choice]) -> Vec<(&'a str, Vec<&'a Choice>)> {
        let mut groups: Vec<(&str, Vec<&Choice>)> = Vec::new();
        for choice in choices {
            match groups.iter_mut().find(|(name, _)| *name == choice.group) {
                Some((_, members)) => members.push(choice),
                None => groups.push((&choice.group, vec![choice])),
            }
        }
        groups
    }

    fn is_tick(&self) -> bool {
        matches!(self.kind, Kind::Tick)
    }

    /// Several controls under one name need a fieldset.
    fn grouped(&self) -> bool {
        matches!(self.kind, Kind::Radios { .. } | Kind::Checkboxes { .. })
    }
}

#[derive(Template)]
#[template(path = "parts/field.html")]
struct Rendered<'a> {
    field: &'a Field,
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", super::part(&Rendered { field: self }))
    }
}

impl HtmlSafe for Field {}
