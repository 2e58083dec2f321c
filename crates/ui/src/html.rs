//! HTML that is known to be safe: the only way in is escaped text or a component that escapes for itself.
//! Components take it for their inner content, so that no page needs `|safe`.

use std::fmt;

use askama::FastWritable;
use askama::filters::HtmlSafe;

/// Safe HTML. Made from components or from text; never from a string that claims to be HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Text, escaped.
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        push_escaped(&mut out, text);
        Self(out)
    }

    /// A component (or several side by side by `and`).
    pub fn of(part: &impl HtmlSafe) -> Self {
        Self(part.to_string())
    }

    /// This, followed by another component.
    #[must_use]
    pub fn and(mut self, part: &impl HtmlSafe) -> Self {
        use fmt::Write as _;
        // Writing into a String cannot fail.
        let _ = write!(self.0, "{part}");
        self
    }

    /// Paragraphs of text, escaped.
    pub fn paragraphs<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut out = String::new();
        for line in lines {
            out.push_str("<p>");
            push_escaped(&mut out, line);
            out.push_str("</p>");
        }
        Self(out)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Only for code of this crate that escaped every piece it put together.
    pub(crate) fn proven(html: String) -> Self {
        Self(html)
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FastWritable for Html {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

impl HtmlSafe for Html {}

/// Appends `text` with the five characters that mean something in HTML replaced.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_once_and_components_pass() {
        let html = Html::text("<b>\"&'").and(&Html::text("好"));
        assert_eq!(html.as_str(), "&lt;b&gt;&quot;&amp;&#39;好");
        assert_eq!(Html::paragraphs(["a<b"]).as_str(), "<p>a&lt;b</p>");
    }
}
