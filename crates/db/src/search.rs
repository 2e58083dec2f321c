//! Full-text search that finds two-character Chinese words on both engines, without a dictionary.
//!
//! A text becomes a sequence of tokens: overlapping pairs for Chinese (云计算 → `云计 计算 算`), whole words for
//! Latin letters and digits. A word of a search becomes the same sequence, and matches where the tokens
//! follow one another, which is where the word stands in the text. The last character of a run is a token of
//! its own, so that a single character is found as the beginning of a token. Latin words match by their
//! beginning (`pyth` finds Python). Several words must all match.
//!
//! Each searchable table `t` has an index table `t_text`, created in the migration that creates `t`:
//!
//! ```sql
//! -- sqlite
//! create virtual table courses_text using fts5(tokens, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
//! -- postgres
//! create table courses_text (id bigint primary key, tokens tsvector not null);
//! create index courses_text_tokens on courses_text using gin (tokens);
//! ```
//!
//! The engines get the finished tokens (on PostgreSQL as a literal `tsvector`), so that neither's own idea of
//! a word, nor the server's locale, plays a part. Deliberately absent: ranking, synonyms, stop words.
//! Personal data is never indexed.

use kernel::Result;

use crate::{Tx, dialect::Dialect};

/// Characters of a text that are indexed; PostgreSQL counts positions up to 16,383.
const LIMIT: usize = 8_000;

/// The tokens of a text, separated by spaces, in the order of reading.
#[must_use]
pub fn bigrams(text: &str) -> String {
    let runs = runs(text);
    runs.iter()
        .flat_map(|run| run.tokens(true))
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a person typed, ready to become a condition; see [`crate::Query::and_matches`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predicate {
    words: Vec<Vec<Run>>,
}

impl Predicate {
    /// Reads the words; spaces separate them. At most twelve count.
    #[must_use]
    pub fn new(words: &str) -> Self {
        let words = words
            .split(|c: char| c.is_whitespace())
            .map(runs)
            .filter(|word| !word.is_empty());
        Self {
            words: words.take(12).collect(),
        }
    }

    /// Whether nothing was typed that could be searched; the condition then admits everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The expression in the engine's language.
    pub(crate) fn expression(&self, dialect: Dialect) -> String {
        let runs = self.words.iter().flatten();
        let phrases: Vec<String> = match dialect {
            Dialect::Sqlite => runs.map(Run::fts5).collect(),
            Dialect::Postgres => runs.map(Run::tsquery).collect(),
        };
        phrases.join(if dialect == Dialect::Sqlite { " AND " } else { " & " })
    }
}

/// A stretch of one script: Chinese (and Japanese, Korean), or letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    chinese: bool,
    text: String,
}

impl Run {
    fn tokens(&self, with_last: bool) -> Vec<String> {
        if !self.chinese {
            return vec![self.text.clone()];
        }
        let letters: Vec<char> = self.text.chars().collect();
        let mut tokens: Vec<String> = letters.windows(2).map(|pair| pair.iter().collect()).collect();
        if with_last || tokens.is_empty() {
            tokens.extend(letters.last().map(char::to_string));
        }
        tokens
    }

    fn by_beginning(&self) -> bool {
        !self.chinese || self.text.chars().count() == 1
    }

    fn fts5(&self) -> String {
        let star = if self.by_beginning() { " *" } else { "" };
        format!("\"{}\"{star}", self.tokens(false).join(" "))
    }

    fn tsquery(&self) -> String {
        let star = if self.by_beginning() { ":*" } else { "" };
        let tokens: Vec<String> = self
            .tokens(false)
            .iter()
            .map(|token| format!("'{token}'{star}"))
            .collect();
        format!("({})", tokens.join(" <-> "))
    }
}

/// Splits a text into runs of letters and digits; full-width forms become half-width, capitals small.
fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut apart = true;
    for raw in text.chars().take(LIMIT) {
        let letter = match raw {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(raw) - 0xfee0).unwrap_or(raw),
            other => other,
        };
        if !letter.is_alphanumeric() {
            apart = true;
            continue;
        }
        let chinese = is_chinese(letter);
        let small = letter.to_lowercase().filter(|c| c.is_alphanumeric());
        match runs.last_mut() {
            // A Latin word is cut at 64 characters, far under PostgreSQL's limit of a token.
            Some(run) if !apart && run.chinese == chinese && (chinese || run.text.len() < 64) => run.text.extend(small),
            _ => runs.push(Run {
                chinese,
                text: small.collect(),
            }),
        }
        apart = false;
    }
    runs
}

/// Scripts written without spaces: Han with its extensions, kana, hangul.
fn is_chinese(letter: char) -> bool {
    matches!(u32::from(letter), 0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

/// The tokens as PostgreSQL's literal `tsvector`: each with its position.
fn tsvector(tokens: &str) -> String {
    let with_position = tokens.split_whitespace().enumerate();
    let entries: Vec<String> = with_position
        .map(|(index, token)| format!("'{token}':{}", index + 1))
        .collect();
    entries.join(" ")
}

impl Tx {
    /// Puts a row's text into the search index of its table, in place of what was there.
    ///
    /// # Errors
    /// Of the database, for instance when the migration made no `{table}_text`.
    pub async fn index_text(&mut self, table: &'static str, id: i64, text: &str) -> Result<()> {
        let tokens = match self.dialect() {
            Dialect::Sqlite => bigrams(text),
            Dialect::Postgres => tsvector(&bigrams(text)),
        };
        let sql = self.dialect().search_put(table);
        self.exec(&sql, &[id.into(), tokens.into()]).await.map(drop)
    }

    /// Takes a row out of the search index of its table.
    ///
    /// # Errors
    /// Of the database.
    pub async fn unindex_text(&mut self, table: &'static str, id: i64) -> Result<()> {
        let sql = self.dialect().search_drop(table);
        self.exec(&sql, &[id.into()]).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_becomes_pairs_and_latin_stays_whole() {
        assert_eq!(bigrams("云计算 Python３ 入门"), "云计 计算 算 python3 入门 门");
        assert_eq!(bigrams("5G技术、AI"), "5g 技术 术 ai");
        assert_eq!(bigrams("，。!"), "");
        assert_eq!(bigrams("it's \"quoted\" a:b*"), "it s quoted a b");
    }

    #[test]
    fn words_become_phrases_without_anything_that_could_be_syntax() {
        let typed = Predicate::new("云计算 py' \" AND 云");
        let sqlite = typed.expression(Dialect::Sqlite);
        assert_eq!(sqlite, "\"云计 计算\" AND \"py\" * AND \"and\" * AND \"云\" *");
        let postgres = typed.expression(Dialect::Postgres);
        assert_eq!(postgres, "('云计' <-> '计算') & ('py':*) & ('and':*) & ('云':*)");
        assert!(Predicate::new(" ，\" ").is_empty());
    }
}
