//! A form: its fields, what was typed, what is wrong, and its buttons; rendered whole by `{{ form }}`
//! or piece by piece (`form.open()`, `form.at("name")`, `form.buttons()`, `form.close()`).
//! Errors keep what was typed: the handler fills the same form from the submitted pairs and adds the errors.
//! Deliberately absent: validation (rules and parsing do that) and reading requests.

mod field;
mod kind;

use askama::Template;
use askama::filters::HtmlSafe;

pub use field::Field;
pub use kind::{Choice, Kind, Width};

use crate::html::Html;
use crate::page::Emphasis;

/// One error: the field's name (empty for the form as a whole) and a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// Something in a form, in order.
#[derive(Clone, Debug)]
pub enum Part {
    Section {
        title: String,
        hint: String,
    },
    Field(Box<Field>),
    /// Text or a component between fields.
    Note(Html),
}

/// A submit button.
#[derive(Clone, Debug)]
pub struct Button {
    pub label: String,
    /// Name and value sent when this button was used.
    pub sends: Option<(String, String)>,
    pub emphasis: Emphasis,
}

/// A form that changes something (POST) or asks something (GET).
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub post: bool,
    pub csrf: String,
    pub parts: Vec<Part>,
    pub buttons: Vec<Button>,
    /// Where giving up leads.
    pub cancel: Option<(String, String)>,
    pub errors: Vec<FieldError>,
    /// Address that takes a draft of the form every few seconds (POST, answers 204).
    pub autosave: Option<String>,
    /// Warn before unsaved changes are lost.
    pub guarded: bool,
}

impl Form {
    /// A posting form with the token of the page.
    pub fn post(action: &str, csrf: &str) -> Self {
        Self {
            action: action.to_owned(),
            post: true,
            csrf: csrf.to_owned(),
            parts: Vec::new(),
            buttons: Vec::new(),
            cancel: None,
            errors: Vec::new(),
            autosave: None,
            guarded: true,
        }
    }

    /// A form whose answer is an address.
    pub fn get(action: &str) -> Self {
        Self {
            post: false,
            guarded: false,
            ..Self::post(action, "")
        }
    }

    #[must_use]
    pub fn section(mut self, title: &str) -> Self {
        self.parts.push(Part::Section {
            title: title.to_owned(),
            hint: String::new(),
        });
        self
    }

    #[must_use]
    pub fn section_with_hint(mut self, title: &str, hint: &str) -> Self {
        self.parts.push(Part::Section {
            title: title.to_owned(),
            hint: hint.to_owned(),
        });
        self
    }

    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.parts.push(Part::Field(Box::new(field)));
        self
    }

    #[must_use]
    pub fn note(mut self, part: &impl HtmlSafe) -> Self {
        self.parts.push(Part::Note(Html::of(part)));
        self
    }

    /// The primary button.
    #[must_use]
    pub fn submit(mut self, label: &str) -> Self {
        self.buttons.push(Button {
            label: label.to_owned(),
            sends: None,
            emphasis: Emphasis::Primary,
        });
        self
    }

    /// A second way to send: `form.also("存为草稿", "then", "draft")`.
    #[must_use]
    pub fn also(mut self, label: &str, name: &str, value: &str) -> Self {
        let sends = Some((name.to_owned(), value.to_owned()));
        self.buttons.push(Button {
            label: label.to_owned(),
            sends,
            emphasis: Emphasis::Secondary,
        });
        self
    }

    /// The button of a confirm page that ends or reverses something.
    #[must_use]
    pub fn submit_danger(mut self, label: &str) -> Self {
        self.buttons.push(Button {
            label: label.to_owned(),
            sends: None,
            emphasis: Emphasis::Danger,
        });
        self
    }

    /// The way out without doing anything.
    #[must_use]
    pub fn cancel(mut self, href: &str) -> Self {
        self.cancel = Some(("取消".to_owned(), href.to_owned()));
        self
    }

    #[must_use]
    pub fn autosave(mut self, address: &str) -> Self {
        self.autosave = Some(address.to_owned());
        self
    }

    /// Nothing is lost by leaving: sign-in, search.
    #[must_use]
    pub fn unguarded(mut self) -> Self {
        self.guarded = false;
        self
    }

    /// Puts what was typed (or what is stored) into the fields by name. Passwords and files stay empty,
    /// as do fields that no pair names; several pairs of one name tick several boxes.
    #[must_use]
    pub fn fill<'a, N, V>(mut self, pairs: impl IntoIterator<Item = &'a (N, V)>) -> Self
    where
        N: AsRef<str> + 'a,
        V: AsRef<str> + 'a,
    {
        let pairs: Vec<(&str, &str)> = pairs.into_iter().map(|(n, v)| (n.as_ref(), v.as_ref())).collect();
        for part in &mut self.parts {
            if let Part::Field(field) = part {
                let typed: Vec<&str> = pairs
                    .iter()
                    .filter(|(name, _)| *name == field.name)
                    .map(|(_, value)| *value)
                    .collect();
                field.fill(&typed);
            }
        }
        self
    }

    /// Adds errors: each stands at its field and in the summary. An error of no known field stands in the summary.
    #[must_use]
    pub fn errors<N: Into<String>, M: Into<String>>(mut self, errors: impl IntoIterator<Item = (N, M)>) -> Self {
        for (name, message) in errors {
            let (name, message) = (name.into(), message.into());
            for part in &mut self.parts {
                if let Part::Field(field) = part
                    && field.name == name
                {
                    field.error = Some(message.clone());
                }
            }
            self.errors.push(FieldError { field: name, message });
        }
        self
    }

    /// True when something is wrong; `page.failed(form.failed())` says so in the title.
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The field of this name, to place it oneself; empty HTML when there is none.
    pub fn at(&self, name: &str) -> Html {
        self.fields()
            .find(|field| field.name == name)
            .map(Html::of)
            .unwrap_or_default()
    }

    /// The fields in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(field) => Some(field.as_ref()),
            Part::Section { .. } | Part::Note(_) => None,
        })
    }

    /// The opening tag with the token.
    pub fn open(&self) -> Html {
        part(&Open { form: self })
    }

    /// The closing tag.
    pub fn close(&self) -> Html {
        Html::proven("</form>".to_owned())
    }

    /// What is wrong, each line leading to its field; empty when nothing is.
    pub fn summary(&self) -> Html {
        part(&Summary { form: self })
    }

    /// The buttons.
    pub fn buttons_bar(&self) -> Html {
        part(&Buttons { form: self })
    }

    fn has_file(&self) -> bool {
        self.fields().any(|field| matches!(field.kind, Kind::File { .. }))
    }

    /// Where an error of the summary leads: its field, or nowhere.
    fn target(&self, error: &FieldError) -> Option<String> {
        self.fields().find(|field| field.name == error.field).map(Field::id)
    }
}

#[derive(Template)]
#[template(path = "parts/form_open.html")]
struct Open<'a> {
    form: &'a Form,
}

#[derive(Template)]
#[template(path = "parts/form_summary.html")]
struct Summary<'a> {
    form: &'a Form,
}

#[derive(Template)]
#[template(path = "parts/form_buttons.html")]
struct Buttons<'a> {
    form: &'a Form,
}

#[derive(Template)]
#[template(path = "parts/form_body.html")]
struct Body<'a> {
    form: &'a Form,
}

/// Renders a template of this crate; its own values are escaped by askama.
pub(crate) fn part(template: &impl Template) -> Html {
    // Rendering writes into a String and our templates call nothing that can fail.
    Html::proven(template.render().unwrap_or_default())
}

impl std::fmt::Display for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}{}{}{}{}",
            self.summary(),
            self.open(),
            part(&Body { form: self }),
            self.buttons_bar(),
            self.close()
        )
    }
}

impl HtmlSafe for Form {}

impl From<Form> for Html {
    fn from(part: Form) -> Self {
        Self::of(&part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        Form::post("/classes", "tok")
            .field(Field::text("name", "班次名称").required().max(60))
            .field(Field::password("secret", "口令"))
            .field(Field::checkboxes(
                "areas",
                "重点区域",
                [Choice::new("zj", "张江"), Choice::new("hq", "虹桥")],
            ))
            .submit("保存")
    }

    #[test]
    fn what_was_typed_is_kept_and_escaped_and_passwords_are_not() {
        let typed = [("name", "<script>\"x"), ("secret", "hunter2"), ("areas", "hq")];
        let html = form().fill(&typed).to_string();
        assert!(html.contains("value=\"&#60;script&#62;&#34;x\""), "{html}");
        assert!(!html.contains("hunter2"));
        assert!(html.contains("value=\"hq\" checked") && !html.contains("value=\"zj\" checked"));
    }

    #[test]
    fn a_hidden_field_keeps_its_value_unless_one_comes_back() {
        let form = || form().field(Field::hidden("version", "7"));
        assert!(form().fill(&[("name", "a")]).to_string().contains("value=\"7\""));
        assert!(form().fill(&[("version", "8")]).to_string().contains("value=\"8\""));
    }

    #[test]
    fn an_error_stands_at_its_field_and_in_the_summary() {
        let form = form().errors([("name", "请填写班次名称"), ("", "该班次已被他人修改")]);
        assert!(form.failed());
        let html = form.to_string();
        assert!(html.contains("href=\"#f-name\""));
        assert!(html.contains("id=\"f-name-error\"") && html.contains("aria-invalid=\"true\""));
        assert!(html.contains("aria-describedby=\"f-name-error\""));
        assert_eq!(html.matches("请填写班次名称").count(), 2);
        assert_eq!(html.matches("该班次已被他人修改").count(), 1);
    }

    #[test]
    fn only_posting_forms_carry_the_token_and_files_need_multipart() {
        assert!(form().to_string().contains("name=\"csrf\" value=\"tok\""));
        assert!(
            !Form::get("/search")
                .field(Field::text("q", "查找"))
                .to_string()
                .contains("csrf")
        );
        assert!(!form().to_string().contains("multipart"));
        let upload = Form::post("/import", "t").field(Field::file("file", "名单", ".xlsx,.csv"));
        assert!(upload.to_string().contains("multipart/form-data"));
    }
}
