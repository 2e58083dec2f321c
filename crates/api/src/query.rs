//! Parameters of an address: filters, `limit`, `after`; everything wrong with them is told at once, at its name.
//!
//! The cursor `after` is opaque: the order, the order value and the id of the last row, as base64url. It belongs to the
//! order it was given for and is refused with another. Lists of the API are ordered by numbers (ids, times), so that a
//! made-up cursor can at worst begin elsewhere.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Code, Error, FieldError, Id, Result};
use registry::{Cursor, CursorValue, Window};
use serde::{Deserialize, Serialize};
use web::{App, Failure};

use crate::vocabulary;

/// Rows of a page when nothing is said.
const ROWS: u32 = 50;
/// The most rows of a page.
pub(crate) const MOST_ROWS: u32 = 200;

/// The parameters as sent.
#[derive(Debug, Clone)]
pub(crate) struct Parameters {
    path: String,
    pairs: Vec<(String, String)>,
}

impl FromRequestParts<App> for Parameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(|_| {
            Failure::from(Error::wrong(
                "",
                "parameter.unreadable",
                "地址中的参数无法读取，请检查编码。",
            ))
        })?;
        Ok(Self {
            path: parts.uri.path().to_owned(),
            pairs: pairs.0,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    s: String,
    at: CursorValue,
    id: i64,
}

/// The text of a cursor in the order `sort`.
pub(crate) fn write_cursor(sort: &str, cursor: Cursor) -> String {
    let written = Written {
        s: sort.to_owned(),
        at: cursor.at,
        id: cursor.id,
    };
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&written).unwrap_or_default())
}

fn read_cursor(sort: &str, text: &str) -> Option<Cursor> {
    let written: Written = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let fits = written.s == sort && matches!(written.at, CursorValue::Number(_));
    fits.then_some(Cursor {
        at: written.at,
        id: written.id,
    })
}

impl Parameters {
    /// Reads them one by one.
    pub(crate) fn reader(&self) -> Reader<'_> {
        Reader {
            parameters: self,
            known: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// The address of the next page.
    pub(crate) fn following(&self, next: &str) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| name != "after");
        let mut pairs: Vec<String> = kept
            .map(|(name, value)| format!("{}={}", web::url_encode(name), web::url_encode(value)))
            .collect();
        pairs.push(format!("after={next}"));
        format!("{}?{}", self.path, pairs.join("&"))
    }
}

/// Collects what is wrong.
pub(crate) struct Reader<'a> {
    parameters: &'a Parameters,
    known: Vec<&'static str>,
    faults: Vec<FieldError>,
}

impl Reader<'_> {
    fn take(&mut self, name: &'static str) -> Option<&str> {
        self.known.push(name);
        let pair = self.parameters.pairs.iter().find(|(known, _)| known == name)?;
        Some(pair.1.trim()).filter(|value| !value.is_empty())
    }

    fn fault(&mut self, name: &'static str, code: &'static str, sentence: impl Into<String>) {
        self.faults.push(FieldError::new(name, code, sentence));
    }

    /// A text of at most `most` characters.
    pub(crate) fn text(&mut self, name: &'static str, most: usize) -> Option<String> {
        let text = self.take(name).map(str::to_owned)?;
        if text.chars().count() > most {
            self.fault(name, "parameter.long", format!("最多 {most} 个字符。"));
        }
        Some(text)
    }

    /// A code of a closed vocabulary.
    pub(crate) fn choice<C: Code>(&mut self, name: &'static str) -> Option<C> {
        let text = self.take(name).map(str::to_owned)?;
        vocabulary::read(name.to_owned(), &text, &mut self.faults)
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        match self.take(name) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                self.fault(name, "parameter.flag", "只能是 true 或 false。");
                false
            }
        }
    }

    /// A year.
    pub(crate) fn year(&mut self, name: &'static str) -> Option<i32> {
        let text = self.take(name)?;
        let year = text.parse().ok().filter(|year| (2000..=2100).contains(year));
        if year.is_none() {
            self.fault(name, "parameter.year", "应为四位年份，例如 2026。");
        }
        year
    }

    /// An id.
    pub(crate) fn id<T>(&mut self, name: &'static str) -> Option<Id<T>> {
        let text = self.take(name)?;
        let id = text.parse().ok();
        if id.is_none() {
            self.fault(name, "parameter.id", "应为本平台给出的编号。");
        }
        id
    }

    /// The window of a list: `limit` and `after`, in the order `sort`.
    pub(crate) fn window(&mut self, sort: &str, descending: bool) -> Window {
        let rows = match self.take("limit").map(str::parse::<u32>) {
            None => ROWS,
            Some(Ok(rows)) if (1..=MOST_ROWS).contains(&rows) => rows,
            Some(_) => {
                self.fault("limit", "parameter.limit", format!("应为 1 到 {MOST_ROWS} 的整数。"));
                ROWS
            }
        };
        let mut window = Window::sorted(sort, descending, rows);
        if let Some(text) = self.take("after").map(str::to_owned) {
            window.cursor = read_cursor(sort, &text);
            if window.cursor.is_none() {
                self.fault(
                    "after",
                    "parameter.after",
                    "请原样使用上一页返回的 next，且不要改变排序。",
                );
            }
        }
        window
    }

    /// Refuses everything that is wrong, unknown parameters included.
    pub(crate) fn finish(mut self) -> Result<()> {
        for (name, _) in &self.parameters.pairs {
            if !self.known.contains(&name.as_str()) {
                let sentence = format!("没有名为 {name} 的参数，请对照接口说明核对。");
                self.faults
                    .push(FieldError::new(name.clone(), "parameter.unknown", sentence));
            }
        }
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Error::Wrong(self.faults))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Parameters {
        Parameters {
            path: "/api/v1/things".into(),
            pairs: pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        }
    }

    #[test]
    fn a_cursor_goes_on_where_the_page_ended_and_only_in_its_order() {
        let cursor = Cursor {
            at: CursorValue::Number(7),
            id: 9,
        };
        let text = write_cursor("starts", cursor.clone());
        assert_eq!(read_cursor("starts", &text), Some(cursor));
        assert_eq!(read_cursor("newest", &text), None);
        let made_up = URL_SAFE_NO_PAD.encode(r#"{"s":"starts","at":"x","id":1}"#);
        assert_eq!(read_cursor("starts", &made_up), None);
        assert_eq!(
            sent(&[("q", "数据"), ("after", "old")]).following("new"),
            "/api/v1/things?q=%E6%95%B0%E6%8D%AE&after=new"
        );
    }

    #[test]
    fn everything_wrong_is_told_at_its_name() {
        let parameters = sent(&[("limit", "0"), ("yaer", "2026"), ("open", "ja")]);
        let mut read = parameters.reader();
        read.flag("open");
        read.window("starts", false);
        let Err(Error::Wrong(faults)) = read.finish() else {
            panic!("three faults")
        };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["open", "limit", "yaer"]);
    }
}
