//! What a person can do: a link, a file to save, or a small form with one button; loud, plain, dangerous or quiet.
//! An action that cannot be done now stays visible and says what is missing.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::html::push_escaped;
use crate::icon::Icon;

/// Something a person can do: a link, or a small form with one button.
#[derive(Clone, Debug)]
pub struct Action {
    pub label: String,
    pub href: String,
    pub emphasis: Emphasis,
    pub method: Method,
    pub icon: Option<Icon>,
    /// Why it cannot be done now; the action is then shown without effect, with this sentence.
    pub missing: Option<String>,
    /// Hidden fields of a posting action.
    pub fields: Vec<(String, String)>,
    csrf: String,
}

/// How loud a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emphasis {
    /// The one thing to do on a page.
    Primary,
    #[default]
    Secondary,
    /// Ends or reverses something; leads to a confirm page.
    Danger,
    /// As text, in rows.
    Quiet,
}

impl Emphasis {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => "btn",
            Self::Danger => "btn btn-danger",
            Self::Quiet => "btn-quiet",
        }
    }
}

/// How an action is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    #[default]
    Get,
    Post,
    /// A file to save: the browser stays on the page.
    Download,
}

impl Action {
    /// A link.
    pub fn link(label: &str, href: &str) -> Self {
        Self {
            label: label.to_owned(),
            href: href.to_owned(),
            emphasis: Emphasis::default(),
            method: Method::Get,
            icon: None,
            missing: None,
            fields: Vec::new(),
            csrf: String::new(),
        }
    }

    /// A button that posts; for what changes something.
    pub fn post(label: &str, href: &str, csrf: &str) -> Self {
        Self {
            method: Method::Post,
            csrf: csrf.to_owned(),
            ..Self::link(label, href)
        }
    }

    /// A link to a file.
    pub fn download(label: &str, href: &str) -> Self {
        Self {
            method: Method::Download,
            icon: Some(Icon::Download),
            ..Self::link(label, href)
        }
    }

    #[must_use]
    pub fn primary(mut self) -> Self {
        self.emphasis = Emphasis::Primary;
        self
    }

    #[must_use]
    pub fn danger(mut self) -> Self {
        self.emphasis = Emphasis::Danger;
        self
    }

    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.emphasis = Emphasis::Quiet;
        self
    }

    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Not possible now, and why: `名额已满，可登记候补`.
    #[must_use]
    pub fn missing(mut self, reason: &str) -> Self {
        self.missing = Some(reason.to_owned());
        self
    }

    /// A hidden field of a posting action.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = self.emphasis.class();
        let icon = self.icon.map(|icon| icon.to_string()).unwrap_or_default();
        let (mut label, mut href) = (String::new(), String::new());
        push_escaped(&mut label, &self.label);
        push_escaped(&mut href, &self.href);
        if let Some(reason) = &self.missing {
            let mut why = String::new();
            push_escaped(&mut why, reason);
            return write!(
                f,
                "<span class=\"missing\"><button type=\"button\" class=\"{class}\" disabled>{icon}{label}</button>\
                 <span class=\"missing-why\">{why}</span></span>"
            );
        }
        match self.method {
            Method::Get => write!(f, "<a class=\"{class}\" href=\"{href}\">{icon}{label}</a>"),
            Method::Download => write!(f, "<a class=\"{class}\" href=\"{href}\" download>{icon}{label}</a>"),
            Method::Post => {
                let mut hidden = String::new();
                let csrf = ("csrf".to_owned(), self.csrf.clone());
                for (name, value) in std::iter::once(&csrf).chain(&self.fields) {
                    hidden.push_str("<input type=\"hidden\" name=\"");
                    push_escaped(&mut hidden, name);
                    hidden.push_str("\" value=\"");
                    push_escaped(&mut hidden, value);
                    hidden.push_str("\">");
                }
                write!(
                    f,
                    "<form class=\"inline\" method=\"post\" action=\"{href}\">{hidden}\
                     <button class=\"{class}\">{icon}{label}</button></form>"
                )
            }
        }
    }
}

impl HtmlSafe for Action {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_escape_and_carry_the_token() {
        let html = Action::post("<发布>", "/x?a=1&b=2", "t\"k")
            .field("id", "7")
            .to_string();
        assert!(html.contains("&lt;发布&gt;") && html.contains("/x?a=1&amp;b=2") && html.contains("t&quot;k"));
        let off = Action::link("报名", "/e").missing("名额已满").to_string();
        assert!(off.contains("disabled") && off.contains("名额已满") && !off.contains("href"));
    }
}
