//! Reading Rust sources the way tidy needs it: line by line, with a rough idea of what is comment, text and test.
//!
//! Deliberately no parser: a check that needs one is a lint, and belongs to clippy.

/// One line of a source.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// From 1.
    pub number: usize,
    /// The whole line.
    pub text: &'a str,
    /// Whether it stands in a test: below `#[cfg(test)]` to the end of the file, or in a file of tests.
    pub in_test: bool,
}

impl<'a> Line<'a> {
    /// Whether the line is a comment as a whole.
    #[must_use]
    pub fn is_comment(&self) -> bool {
        self.text.trim_start().starts_with("//")
    }

    /// Whether the line is a documentation comment.
    #[must_use]
    pub fn is_doc(&self) -> bool {
        let text = self.text.trim_start();
        text.starts_with("///") || text.starts_with("//!")
    }

    /// The name of the function that begins on this line.
    #[must_use]
    pub fn function(&self) -> Option<&'a str> {
        let words = self.text.trim_start();
        let at = if words.starts_with("fn ") {
            3
        } else {
            words.find(" fn ")? + 4
        };
        let before = &words[..at.saturating_sub(3)];
        let known = ["pub", "async", "const", "unsafe", "extern"];
        if self.is_comment()
            || !before
                .split_whitespace()
                .all(|w| known.iter().any(|k| w.starts_with(k)) || w == "in")
        {
            return None;
        }
        let rest = &words[at..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        Some(&rest[..end]).filter(|name| !name.is_empty())
    }
}

/// The lines of a file, told apart into code and tests.
pub fn lines<'a>(path: &str, text: &'a str) -> impl Iterator<Item = Line<'a>> {
    // `tests.rs` beside its module and the folders of integration tests are tests from the first line.
    let mut in_test = path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/testkit/");
    text.lines().enumerate().map(move |(index, text)| {
        // A declaration `#[cfg(test)] mod tests;` of a file ends a source as well as the module itself does.
        in_test |= text.trim_start().starts_with("#[cfg(test)]");
        Line {
            number: index + 1,
            text,
            in_test,
        }
    })
}

/// The contents of the string literals on a line; escapes are kept as written.
#[must_use]
pub fn literals(line: &str) -> Vec<&str> {
    let (mut found, mut start, mut escaped) = (Vec::new(), None, false);
    for (at, c) in line.char_indices() {
        match (start, c) {
            (Some(_), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(from), '"') if !escaped => {
                found.push(&line[from..at]);
                start = None;
            }
            (None, '"') => start = Some(at + 1),
            _ => {}
        }
        escaped = false;
    }
    // A literal that goes on in the next line counts to the end of this one.
    if let Some(from) = start {
        found.push(&line[from..]);
    }
    found
}

/// The module folder of a source: `crates/registry/src/people/store.rs` → `("registry", "people")`;
/// a file directly in `src` gives its stem (`lib` included).
#[must_use]
pub fn address(path: &str) -> Option<(&str, &str)> {
    let (name, rest) = path.strip_prefix("crates/")?.split_once("/src/")?;
    let module = rest.split('/').next()?;
    Some((name, module.strip_suffix(".rs").unwrap_or(module)))
}

/// Whether a character is a Chinese one.
#[must_use]
pub fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || ('\u{3400}'..='\u{4dbf}').contains(&c)
}

/// Whether `text` has `word` with no letter, digit or underscore on either side.
#[must_use]
pub fn has_word(text: &str, word: &str) -> bool {
    let free = |c: Option<char>| c.is_none_or(|c| !(c.is_ascii_alphanumeric() || c == '_'));
    text.match_indices(word)
        .any(|(at, _)| free(text[..at].chars().next_back()) && free(text[at + word.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(text: &str) -> Option<&str> {
        Line {
            number: 1,
            text,
            in_test: false,
        }
        .function()
    }

    #[test]
    fn functions_are_found_and_prose_is_not() {
        assert_eq!(function("    pub(crate) async fn list(tx: &Tx) {"), Some("list"));
        assert_eq!(function("fn main() {"), Some("main"));
        assert_eq!(function("/// the fn that lists"), None);
        assert_eq!(function("let x: Vec<fn ()> = list;"), None);
    }

    #[test]
    fn literals_and_words_are_cut_at_their_ends() {
        assert_eq!(literals(r#"f("a \" b", "学时", "open"#), [r#"a \" b"#, "学时", "open"]);
        assert!(has_word("see R-1, R-12", "R-1") && !has_word("see R-12", "R-1"));
    }

    #[test]
    fn the_rest_of_a_file_below_the_test_mark_is_test() {
        let marks: Vec<bool> = lines("crates/a/src/b.rs", "fn a() {}\n#[cfg(test)]\nmod tests {")
            .map(|l| l.in_test)
            .collect();
        assert_eq!(marks, [false, true, true]);
    }
}
